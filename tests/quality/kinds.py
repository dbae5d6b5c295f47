"""kinds.py - what one rule is measured with

A kind holds a maker of values, the sentences, labels and headings people use for them,
and its near misses: wrong values in the right places, and right-looking values in
places that say they are something else.
"""

PROVED = 0.99  # a check digit, a fixed prefix or a fixed context
PLAIN = 0.97

KINDS = {}


class Kind:
    def __init__(self, rule, gate, value, sentences=(), labels=(), written=(), wrong=(), foreign=(),
                 foreign_value=None, foreign_labels=(), family=(), within=False, allow=(), block=False,
                 table=True, own_slots=None, normal=None, near_allow=()):
        self.rule = rule
        self.gate = gate
        self.value = value
        self.sentences = list(sentences)
        self.labels = list(labels)
        self.written = list(written)        # how a value is spaced, cased, joined
        self.wrong = list(wrong)            # makers of values that are none
        self.foreign = list(foreign)        # sentences with {d} that is something else
        self.foreign_value = foreign_value  # maker of {d}: a right-looking value if None
        self.foreign_labels = list(foreign_labels)
        self.family = (rule,) + tuple(family)
        self.within = within                # what is found may be a part of what was planted
        self.allow = tuple(allow)           # other rules that are right about the same text
        self.near_allow = tuple(near_allow)  # rules that are right about its near misses in forms
        self.block = block                  # sentences are blocks of lines: keep line ends
        self.table = table
        self.own_slots = own_slots          # more slots for sentences: a function of r
        if rule in KINDS:
            raise ValueError("two kinds for " + rule)
        KINDS[rule] = self

    def make(self, r):
        """A value as somebody might write it."""
        v = self.value(r)
        return r.choice(self.written)(v) if self.written else v

    def make_wrong(self, r):
        v = r.choice(self.wrong)(r)
        return v

    def make_foreign(self, r):
        return self.foreign_value(r) if self.foreign_value else self.make(r)


def plain(v):
    return v


def lower(v):
    return v.lower()


def grouped(*sizes, sep=" "):
    """Written in groups: grouped(3, 3, 4)."""

    def write(v):
        out, at = [], 0
        for n in sizes:
            out.append(v[at:at + n])
            at += n
        if at < len(v):
            out.append(v[at:])
        return sep.join(out)

    return write
