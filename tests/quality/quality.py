#!/usr/bin/env python3
"""quality.py ASSAY [--seed N|new] [--positives N] [--near N] - precision and recall of every rule

Makes a labelled corpus from a seed, scans it once, compares what is reported at medium
or above with what was planted, prints a line a rule, and fails below the gate.  A rule
without a template fails the run by name.
"""
import argparse
import collections
import fnmatch
import json
import math
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import corpus
import finance  # noqa: F401  the modules fill kinds.KINDS
import kinds
import markings
import personal  # noqa: F401
import policing  # noqa: F401
import secrets_kinds  # noqa: F401
import special  # noqa: F401
import words
from corpus import Paragraph, Table, Truth

CONFIDENT = {"medium", "high"}
BLOCKS = 10  # of a document
ENOUGH = 200  # positives from which a lower bound says something


def wilson(hits, n):
    """The lower bound of a share, at 95 per cent."""
    if n == 0:
        return 0.0
    z, p = 1.96, hits / n
    mid = p + z * z / (2 * n)
    return max(0.0, (mid - z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n))


class Corpus:
    """Files below a directory, and what is true of each."""

    def __init__(self, top, seed):
        self.top = top
        self.seed = seed
        self.r = random.Random(seed)
        self.truth = {}
        self.serial = 0

    def save(self, data, ext, truth):
        name = "d%02d/f%05d.%s" % (self.serial // 500, self.serial, ext)
        self.serial += 1
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)
        self.truth[name] = truth

    def flow(self, blocks, truth, header=None, footer=None, formats=corpus.FLOW):
        ext, write = self.r.choice(formats)
        self.save(write(self.r, blocks, header, footer), ext, truth)

    def grid(self, table, truth):
        ext, write = self.r.choice(corpus.GRID)
        if write is corpus.write_csv:
            data, ext = write(self.r, table)
        elif write is corpus.write_xlsx:
            data = write(self.r, table)
        else:
            data = write(self.r, [table])
        self.save(data, ext, truth)


def add_tables(c, kind, count, make):
    """Tables until `count` values stand in them; each is a file, as exports are."""
    done = 0
    r = random.Random("%s %s %s" % (c.seed, kind.rule, make.__name__))
    while done < count:
        truth = Truth()
        table = make(r, kind, truth)
        done += len(table.rows)
        c.grid(table, truth)
    return done


def add_kind(c, kind, positives, near, jobs):
    """Tables at once; sentences and forms as jobs, to be shuffled with those of other rules."""
    tables = kind.table and kind.labels
    done = add_tables(c, kind, positives // 4, corpus.positive_table) if tables else 0
    jobs += [(corpus.positive_form if kind.labels and i % 3 == 0 else corpus.positive_sentence, kind, "+%d" % i) for i in range(positives - done)]
    done = add_tables(c, kind, near // 5, corpus.negative_table) if tables and (kind.wrong or kind.foreign_labels) else 0
    jobs += [(corpus.negative_form if kind.labels and i % 4 == 0 else corpus.negative_sentence, kind, "-%d" % i) for i in range(near - done)]


def add_jobs(c, jobs):
    c.r.shuffle(jobs)
    for at in range(0, len(jobs), BLOCKS):
        truth, blocks = Truth(), []
        for make, kind, i in jobs[at:at + BLOCKS]:
            # Its own dice: a kind that changes does not change the others' texts.
            blocks.append(make(random.Random("%s %s %s" % (c.seed, kind.rule, i)), kind, truth))
            if c.r.random() < 0.3:
                blocks.append(corpus.noise(c.r, truth))
        c.flow(blocks, truth)


def add_marked(c, m, count):
    for i in range(count):
        truth = Truth()
        written, truth.label = m.marks[i % len(m.marks)]
        truth.marking = m.rule
        blocks = [corpus.noise(c.r, truth) for _ in range(c.r.randrange(3, 9))]
        blocks.insert(0, Paragraph(c.r.choice(["Minutes of the estates meeting", "Briefing note", "Annual return", "Report to the board"])))
        where = markings.place(c.r, written)
        if where == "label":
            blocks.insert(0, Paragraph(c.r.choice(m.labels) + written))
            c.flow(blocks, truth, formats=corpus.PAPERS)
        elif where == "header":
            c.save(corpus.write_docx(c.r, blocks, written, written), "docx", truth)
        else:
            c.flow(blocks, truth, written if where != "foot" else None, written if where != "top" else None, corpus.PAPERS)


def add_unmarked(c, m, near):
    """Prose about markings and titles in capitals, a few to a document."""
    left = near
    while left > 0:
        truth, blocks = Truth(), []
        for _ in range(min(left, 5)):
            trap = c.r.choice(m.prose if c.r.random() < 0.6 or not m.titles else m.titles)
            blocks += [Paragraph(words.text_of(words.fill(c.r, trap))), corpus.noise(c.r, truth)]
            truth.tempt(m.rule)
            left -= 1
        blocks.insert(0, corpus.noise(c.r, truth))
        truth.may.append((("person.*", "uk.address"), "\n".join(b.text for b in blocks)))
        c.flow(blocks, truth)


def add_registers(c, m, count):
    """Registers, which mention markings, and tables whose rows hold what is marked."""
    tiers = ["OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET"]
    for i in range(count):
        truth, marked = Truth(), i % 2
        headings, rows = markings.table(c.r, c.r.choice(markings.RECORDS if marked else markings.REGISTERS), tiers, lambda: words.text_of(words.fill(c.r, "{prose}")))
        if marked:
            truth.marking, truth.label = m.rule, max((cell for row in rows for cell in row if cell in tiers), key=tiers.index)
        else:
            truth.tempt(m.rule)
        truth.may.append((("person.*", "uk.address"), "\n".join("\n".join(row) for row in rows)))
        c.grid(Table(headings, rows), truth)


def make_corpus(top, seed, positives, near, rules):
    c = Corpus(top, seed)
    jobs = []
    for rule in sorted(kinds.KINDS):
        if rule in rules:
            add_kind(c, kinds.KINDS[rule], positives, near, jobs)
    add_jobs(c, jobs)
    for m in markings.MARKINGS:
        if m.rule in rules:
            add_marked(c, m, positives)
            add_unmarked(c, m, near)
        if m.rule in rules and m.rule == "marking.gscp":
            add_registers(c, m, positives // 2)
    return c


# --- the scan ---------------------------------------------------------------------------


def scan(assay, top, log):
    done = subprocess.run([assay, "scan", "-q", "--show-values", "--max-occurrences=0", "--emit=all", "-o", log, top], check=False)
    if done.returncode not in (0, 1, 5):
        sys.exit("assay ended with %d" % done.returncode)
    path, found, label, bad = {}, collections.defaultdict(list), {}, []
    with open(log, encoding="utf-8") as f:
        for line in f:
            e = json.loads(line)
            if e["type"] == "object":
                path[e["obj"]] = e["path"]
                if e["coverage"] != "complete":
                    bad.append(e["path"])
                if e.get("marking"):
                    label[e["path"]] = e["marking"]["label"]
            elif e["type"] == "finding":
                for o in e["occurrences"]:
                    if o["conf"] in CONFIDENT and not o.get("region") == "name":
                        found[path[e["obj"]]].append((e["rule"], o["value"]))
    if bad:
        sys.exit("not read whole: " + ", ".join(bad[:5]))
    return found, label


def norm(text):
    return "".join(c for c in text.upper() if c.isalnum())


def is_cut(value):
    """The log cuts long values."""
    return len(value) >= 250


class Tally:
    def __init__(self):
        self.planted = self.found = self.false = self.near = 0
        self.missed, self.wrong = [], []


def is_may(truth, rule, value):
    """Is it right about text that was planted for another rule, or as filling?"""
    return any(value in norm(text) and any(fnmatch.fnmatchcase(rule, p) for p in rules) for rules, text in truth.may)


def compare_file(name, truth, reported, tally):
    used = [False] * len(reported)
    for family, text, within, where in truth.must:
        want, hit = norm(text), False
        for i, (rule, value) in enumerate(reported):
            if rule not in family:
                continue
            got = norm(value)
            if got == want or is_cut(value) and want.startswith(got) or within and got and (got in want or want in got):
                used[i] = hit = True
        t = tally[family[0]]
        t.planted += 1
        t.found += hit
        if not hit:
            t.missed.append((name, "%s [%s]" % (text, where)))
    for rule, n in truth.near.items():
        tally[rule].near += n
    for i, (rule, value) in enumerate(reported):
        if used[i] or rule.startswith("marking.") and truth.marking:
            continue
        if not is_may(truth, rule, norm(value)):
            tally[rule].false += 1
            tally[rule].wrong.append((name, value))


def compare_label(name, truth, label, reported, tally):
    """The right label; of instructions, which are no label, that they are found."""
    t = tally[truth.marking]
    t.planted += 1
    if label == truth.label if truth.label else any(rule == truth.marking for rule, _ in reported):
        t.found += 1
    else:
        t.missed.append((name, "%s, reported %s" % (truth.label or truth.marking, label)))


def compare(c, found, labels):
    tally = collections.defaultdict(Tally)
    for name, truth in c.truth.items():
        compare_file(name, truth, found.get(name, []), tally)
        if truth.marking:
            compare_label(name, truth, labels.get(name), found.get(name, []), tally)
    return tally


# --- the answer -------------------------------------------------------------------------


def gate_of(rule):
    kind = kinds.KINDS.get(rule)
    return kind.gate if kind else kinds.PROVED


def passes(rule, t):
    """Both shares reach the gate, and in a run of some size their lower bounds come near it."""
    gate, reported = gate_of(rule), t.found + t.false
    if t.planted == 0 or reported == 0 or min(t.found / t.planted, t.found / reported) < gate:
        return False
    least = min(wilson(t.found, t.planted), wilson(t.found, reported))
    return t.planted < ENOUGH or least >= gate - 0.02


def show(tally, rules, examples):
    print("%-28s %5s %5s %6s %6s %6s %5s %6s %6s" % ("rule", "must", "found", "recall", "lower", "near", "false", "precis", "lower"))
    failed = []
    for rule in rules:
        t = tally.get(rule)
        if not t:
            continue
        reported = t.found + t.false
        recall, precision = t.found / t.planted if t.planted else 0.0, t.found / reported if reported else 0.0
        ok = passes(rule, t)
        print("%-28s %5d %5d %6.3f %6.3f %6d %5d %6.3f %6.3f%s" % (
            rule, t.planted, t.found, recall, wilson(t.found, t.planted), t.near, t.false, precision, wilson(t.found, reported), "" if ok else "  BELOW %.2f" % gate_of(rule)))
        if not ok:
            failed.append(rule)
    for rule in failed if examples else []:
        t = tally[rule]
        for what, items in (("missed", t.missed), ("false", t.wrong)):
            for name, text in items[:examples]:
                print("  %s %s: %s: %r" % (rule, what, name, text[-110:]))
    return failed


def rules_of(assay):
    out = subprocess.run([assay, "rules", "list"], check=True, capture_output=True, text=True).stdout
    return re.findall(r"^  ([a-z0-9-]+(?:\.[a-z0-9-]+)+) +(?:low|medium|high) ", out, re.M)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("assay")
    ap.add_argument("--seed", default="1", help="a number, or `new`: one that is made up and printed")
    ap.add_argument("--positives", type=int, default=300, help="a rule")
    ap.add_argument("--near", type=int, default=800, help="near misses a rule")
    ap.add_argument("--only", help="rules that match this glob")
    ap.add_argument("--keep", help="leave the corpus and the log in this directory")
    ap.add_argument("--examples", type=int, default=6, help="of what was missed, shown for a rule that fails")
    a = ap.parse_args()
    seed = random.SystemRandom().randrange(1 << 32) if a.seed == "new" else int(a.seed)

    rules = rules_of(a.assay)
    known = set(kinds.KINDS) | set(markings.by_rule())
    without = [r for r in rules if r not in known]
    if a.only:
        rules = [r for r in rules if fnmatch.fnmatchcase(r, a.only)]
    top = a.keep or tempfile.mkdtemp(prefix="assay-quality-")
    print("seed %d, %d positives and %d near misses a rule" % (seed, a.positives, a.near))
    try:
        c = make_corpus(os.path.join(top, "files"), seed, a.positives, a.near, set(rules))
        found, labels = scan(a.assay, os.path.join(top, "files"), os.path.join(top, "run.jsonl"))
        failed = show(compare(c, found, labels), rules, a.examples)
    finally:
        if not a.keep:
            shutil.rmtree(top)
    for rule in without:
        print("%s has no template in tests/quality: add one" % rule)
    if failed or without:
        sys.exit("below the gate: %s (repeat with --seed %d)" % (", ".join(failed) or "none", seed))


if __name__ == "__main__":
    main()
