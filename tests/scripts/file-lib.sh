# file-lib.sh - what the scripts that scan one file at a time share.  Sourced with the program
# and the source directory as arguments, under set -euo pipefail; the directory it makes is where
# the script then is, with in/ for files, and goes at the end.  The first thing wrong is the end.
assay=$1 source=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir in

fail()
{
	echo "$1" >&2
	cut -c1-600 log.jsonl >&2
	exit 1
}

# scan FILE [OPTION...]: the log's lines of it
scan()
{
	rm -f log.jsonl
	"$assay" scan "in/$1" "${@:2}" -o log.jsonl >/dev/null 2>&1 || true
	"$assay" verify log.jsonl >/dev/null || fail "$1: the log does not verify"
}

records()
{
	grep -q '"type":"object".*"records":'"$1"'[,}]' log.jsonl || fail "not $1 records"
}

# finding RULE HIGH MEDIUM LOW [UNIQUE], each a number or an expression of grep
finding()
{
	grep '"type":"finding"' log.jsonl | grep '"rule":"'"$1"'"' |
		grep -q '"counts":{"high":'"$2"',"medium":'"$3"',"low":'"$4"'},"unique":'"${5:-[0-9]*}"',' ||
		fail "$1: not $2 high, $3 medium, $4 low${5:+, $5 different ones}"
}

# no_finding RULE: of no rule whose id begins like this expression of grep
no_finding()
{
	! grep '"type":"finding"' log.jsonl | grep -q '"rule":"\('"$1"'\)' || fail "$1: reported"
}
