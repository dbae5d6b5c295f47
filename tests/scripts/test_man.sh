#!/bin/bash
# test_man.sh ASSAY SOURCE - docs/assay.1 is what the tables say, and bash takes the completions
set -euo pipefail
assay=$1 source=$2

diff -u "$source/docs/assay.1" <("$assay" help --man) || {
	echo "docs/assay.1 is old: build/dev/assay help --man > docs/assay.1" >&2
	exit 1
}
"$assay" completion bash | bash -n
# What help shows fits a terminal.
for command in "" scan report rules explain extract verify completion help; do
	"$assay" help $command | awk -v c="$command" 'length > 80 { print c ": " $0; bad = 1 } END { exit bad }'
done
complete=$(bash -c "source <($assay completion bash)
	COMP_WORDS=(assay scan --mask = p) COMP_CWORD=4
	_assay
	echo \"\${COMPREPLY[*]}\"")
[ "$complete" = partial ] || { echo "completion of --mask=p: $complete" >&2; exit 1; }
