"""expect.py - hostile files with what a scan must make of each

A generator makes an Out of the directory in its first argument and adds files to it; the
table of what is expected is written beside them, for check.py.
"""
import json
import os
import sys

PLANT = b"NI number: AB123456C"


class Out:
    def __init__(self):
        self.dir = sys.argv[1]
        os.makedirs(self.dir, exist_ok=True)
        self.table = []

    def add(self, name, data, coverage, reasons="", found=0, **more):
        """
        coverage  of the outer object: complete, partial, none; several with `|`
        reasons   of all gaps, members' too; `a b? c|d`: b may be missing, one of c and d not
        found     planted values; a number, or (least, most)
        more      never_silent= not complete if nothing was found, seconds= of CPU at most, marking= label, values= {rule: count},
                  members= least number, why= of what is odd
        """
        path = os.path.join(self.dir, name)
        with open(path, "wb") as f:
            if isinstance(data, (bytes, bytearray)):
                f.write(data)
            else:
                for piece in data:
                    f.write(piece)
        self.table.append(dict(name=name, coverage=coverage, reasons=reasons,
                               found=found, **more))

    def done(self):
        with open(os.path.join(self.dir, ".expect"), "w") as f:
            json.dump(self.table, f, indent=1)


def prose(count, seed=1):
    """Text that compresses like prose and holds nothing that a rule finds."""
    import random
    r = random.Random(seed)
    words = ("the of and to in a is that for it as was with be by on not he his but at are "
             "this have from or had an they which one you were all her she there would their "
             "we him been has when who will more no if out so said what up its about into "
             "than them can only other time new some could these two may first then do").split()
    return " ".join(r.choice(words) for _ in range(count)).encode()
