#!/bin/sh
# run-case.sh BIN CASE.d - run CASE.d/cmd in a scratch copy and compare what it left.
# A file the case does not have is not compared; an unknown one fails the case.
set -eu
umask 022 # rule files that others may write to are refused
bin=$1 case=$2
tmp=$(mktemp -d)
trap 'chmod -R u+rwx "$tmp"; rm -rf "$tmp"' EXIT
for f in "$case"/*; do
	case ${f##*/} in
	cmd | stdout | stderr | exit | in | README) ;;
	*) echo "unknown file in case: $f" >&2; exit 99 ;;
	esac
done
[ ! -d "$case/in" ] || cp -R "$case/in" "$tmp/in"
# Nothing of this user's or this machine's has a say.
export XDG_CACHE_HOME="$tmp/.cache" ASSAY_CONFIG="$tmp/.config/assay.yaml"
rc=0
(cd "$tmp" && PATH=$(dirname "$bin"):$PATH sh "$case/cmd") >"$tmp/.out" 2>"$tmp/.err" || rc=$?
want=0
[ ! -f "$case/exit" ] || want=$(cat "$case/exit")
if [ "$rc" != "$want" ]; then
	echo "exit $rc, wanted $want" >&2
	cat "$tmp/.out" "$tmp/.err" >&2
	exit 1
fi
for s in stdout:.out stderr:.err; do
	[ ! -f "$case/${s%%:*}" ] || diff -u "$case/${s%%:*}" "$tmp/${s##*:}"
done
