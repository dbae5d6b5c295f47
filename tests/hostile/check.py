"""check.py ASSAY DIR... - scan each hostile file alone and compare with what is expected

Each scan is bounded in time and its memory is measured over the whole process tree.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import namedtuple

# A sanitizer takes its time and its memory.
LINKED = subprocess.run(["ldd", sys.argv[1]], capture_output=True).stdout
SLOW = b"libasan" in LINKED or b"libtsan" in LINKED
FACTOR = 30 if SLOW else 1
PATIENCE = ["--file-timeout=300s"] if SLOW else []
RSS_MAX_MIB = 1 << 20 if SLOW else 64  # of any process of the scan
SECONDS = 20
Took = namedtuple("Took", "wall cpu rss")


# A process of its own, and small: what it starts inherits its size as the most it ever had.
RUNNER = """
import json, os, subprocess, sys, time
for line in sys.stdin:
    argv = json.loads(line)
    begin = time.monotonic()
    with open(argv.pop(0), "wb") as log:
        p = subprocess.Popen(argv, stdout=log, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(p.pid, 0)
    p.returncode = os.waitstatus_to_exitcode(status)
    print(json.dumps((p.returncode, time.monotonic() - begin, used.ru_utime + used.ru_stime,
                      used.ru_maxrss // 1024)), flush=True)
"""


class Runner:
    def __init__(self):
        self.p = subprocess.Popen([sys.executable, "-c", RUNNER], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True)
        self.log = tempfile.NamedTemporaryFile()

    def run(self, assay, path, seconds):
        argv = [self.log.name, "timeout", str(seconds), assay, "scan", "--json", "--emit=all",
                *PATIENCE, "-j1", "--", path]
        self.p.stdin.write(json.dumps(argv) + "\n")
        self.p.stdin.flush()
        code, *took = json.loads(self.p.stdout.readline())
        took = Took(*took)
        with open(self.log.name, "rb") as f:
            lines = f.read().splitlines()
        if code == 124:
            return None, took, "no end within %d s" % seconds
        if code > 15 or code < 0:
            return None, took, "exit %d: %s" % (code, lines[-1:])
        events = [json.loads(line) for line in lines if line.startswith(b"{")]
        if not events or events[-1]["type"] != "run_end":
            return None, took, "no run_end: %s" % lines[-1:]
        return events, took, ""


def reasons_differ(want, got):
    may = set()
    for word in want.split():
        one_of = set(word.rstrip("?").split("|"))
        if not word.endswith("?") and not one_of & got:
            return True
        may |= one_of
    return not got <= may


def judge(want, events, took):
    outer = [e for e in events if e["type"] == "object" and not e["inner"]]
    if len(outer) != 1:
        yield "%d statuses" % len(outer)
        return
    got = outer[0]["coverage"]
    if got not in want["coverage"].split("|"):
        yield "coverage is %s, not %s" % (got, want["coverage"])
    gaps = {e["reason"] for e in events if e["type"] == "gap"}
    if reasons_differ(want["reasons"], gaps):
        yield "reasons are `%s', not `%s'" % (" ".join(sorted(gaps)), want["reasons"])
    wanted = dict(want.get("values", {}))
    wanted["uk.nino"] = want["found"]
    for rule, count in wanted.items():
        n = sum(sum(e["counts"].values()) for e in events
                if e["type"] == "finding" and e["part"] == 0 and e["rule"] == rule)
        least, most = (count, count) if isinstance(count, int) else count
        if not least <= n <= most:
            yield "%d of %s found, not %s" % (n, rule, count)
    if want.get("never_silent") and got == "complete" and not n:
        yield "complete, and the value was not seen"
    if "marking" in want and (outer[0]["marking"] or {}).get("label") != want["marking"]:
        yield "marking is %s, not %s" % (outer[0]["marking"], want["marking"])
    members = sum(1 for e in events if e["type"] == "object" and e["inner"])
    if members < want.get("members", 0):
        yield "%d members, not %d" % (members, want["members"])
    if took.cpu > want.get("seconds", 5) * FACTOR:
        yield "took %.1f s of CPU time" % took.cpu
    if took.rss > want.get("rss", RSS_MAX_MIB):
        yield "took %d MiB" % took.rss


def main():
    assay, wrong, total, used = sys.argv[1], 0, 0, []
    runner = Runner()
    verbose = os.environ.get("VERBOSE")
    for top in sys.argv[2:]:
        with open(os.path.join(top, ".expect")) as f:
            table = json.load(f)
        for want in table:
            path = os.path.join(top, want["name"])
            events, took, error = runner.run(assay, path, FACTOR * (want.get("seconds", 5) + SECONDS))
            errors = [error] if error else list(judge(want, events, took))
            total += 1
            used.append((took, want["name"]))
            for e in errors:
                wrong += 1
                print("WRONG: %s: %s%s" % (want["name"], e, " (%s)" % want["why"] if "why" in want else ""))
                if verbose:
                    shown = [x for x in events or [] if x["type"] in ("object", "gap")]
                    for x in shown[:6] + shown[6:][-6:]:
                        print("      ", x["type"], x["inner"], x.get("coverage", ""),
                              x.get("reason", ""), x.get("detail", ""), x.get("mime", ""))
    slow = sorted(used, key=lambda u: -u[0].cpu)[:4]
    large = sorted(used, key=lambda u: -u[0].rss)[:4]
    print("%d files, %d wrong" % (total, wrong))
    print("  most CPU time:", ", ".join("%s %.2f s" % (n, t.cpu) for t, n in slow))
    print("  most memory of a process:", ", ".join("%s %d MiB" % (n, t.rss) for t, n in large))
    sys.exit(wrong > 0)


main()
