#!/bin/bash
# test_programs.sh ASSAY SOURCE - in a program and its catalogue of messages SECRET is a word;
# what says a whole marking is one there too
set -euo pipefail
assay=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# marking FILE LABEL|null
marking()
{
	"$assay" scan -q -o log.jsonl --emit=all "$1" || true
	[ "$(jq -r 'select(.type == "object") | .marking.label' log.jsonl)" = "$2" ] && return
	echo "$1: not $2" >&2
	cat log.jsonl >&2
	exit 1
}

class='\xCA\xFE\xBA\xBE\0\0\0\x3D\0\x10\1\0'
elf='\x7FELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3E\0\1\0\0\0'
pe_gap=$(printf '%.0s\\0' {1..56})
pe="MZ\\x90\\0$pe_gap\\x80\\0\\0\\0$(printf '%.0s\\0' {1..64})PE\\0\\0\\x64\\x86"
mo='\xDE\x12\x04\x95\0\0\0\0\1\0\0\0\x1C\0\0\0\x24\0\0\0'
for kind in class elf pe mo; do
	for word in SECRET RESTRICTED PROTECT; do
		printf "${!kind}"'\6%s\0\5first\0\0\0' $word >"word.$kind"
		marking "word.$kind" null
	done
	printf "${!kind}"'\0\0\0OFFICIAL-SENSITIVE\0\0\0' >"marked.$kind"
	marking "marked.$kind" OFFICIAL-SENSITIVE
done
# What is of no known type may be a document.
printf '\1\2\3\xFF\0\0\0SECRET\0\0\0' >unknown.bin
marking unknown.bin SECRET
