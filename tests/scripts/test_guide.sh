#!/bin/bash
# test_guide.sh ASSAY SOURCE - every console block of docs/GUIDE.md does what it shows
#
# Lines after `$ ` are run (those after `> ` go on with them) in one scratch directory; what
# follows is the output, both streams.  `...` alone stands for any lines, in a line for any text.
set -euo pipefail
umask 022 # rule files that others may write to are refused
assay=$1 source=$2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export PATH=$(dirname "$assay"):$PATH

python3 - "$source/docs/GUIDE.md" "$tmp" <<'END'
import re, subprocess, sys

def commands(path):
    """(line, command, expected lines) of every console block."""
    inside = False
    for number, line in enumerate(open(path, encoding="utf-8").read().split("\n"), 1):
        if line.startswith("```"):
            if inside and command:
                yield at, "\n".join(command), expected
            inside = line == "```console"
            command, expected = [], []
        elif inside and line.startswith("$ "):
            if command:
                yield at, "\n".join(command), expected
            at, command, expected = number, [line[2:]], []
        elif inside and line.startswith("> ") and command and not expected:
            command.append(line[2:])
        elif inside:
            expected.append(line)

def matches(expected, got):
    pattern = "".join("(?:.*\n)*" if line == "..." else
                      ".*".join(map(re.escape, line.split("..."))) + "\n" for line in expected)
    return re.fullmatch(pattern, got) is not None

failed = count = 0
for at, command, expected in commands(sys.argv[1]):
    run = subprocess.run(["bash", "-c", command], cwd=sys.argv[2], stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=120)
    got = run.stdout.decode("utf-8", "replace")
    count += 1
    if not matches(expected, got):
        failed += 1
        print(f"docs/GUIDE.md:{at}: {command}\n--- shown\n" + "\n".join(expected) + f"\n--- now\n{got}")
print(f"{count} commands, {failed} not as shown")
sys.exit(failed > 0 or count == 0)
END
