# test_sandbox.sh ASSAY SOURCE_DIR - what a worker may not do it is refused or dies of, at every
# level that confines; and the log tells which level it was
. "$(dirname "$0")/scan-lib.sh"
need jq

tree=$tmp/tree
mkdir "$tree"
for what in '!OPEN-FILE' '!CONNECT' '!EXEC-MEMORY' '!FORBIDDEN-CALL' '!FORK'; do
	printf '%s\n%s\n' "$what" "$plant" >"$tree/$what"
done
printf '%s\n' "$plant" >"$tree/good"
scan "$tmp/log" --test-hooks "$tree"
if [ "$(jq -s 'map(select(.type == "gap")) | length' "$tmp/log")" = 0 ]; then
	echo "skipped: this build does not obey test hooks"
	exit 0
fi

# confined LEVEL: a call that libraries try is refused, any other is the end of the worker
confined() {
	for what in '!OPEN-FILE' '!CONNECT' good; do
		expect "$tmp/log" "$what" complete "--sandbox=$1, $what"
		has_plant "$tmp/log" "$what" "--sandbox=$1, $what"
	done
	for what in '!EXEC-MEMORY' '!FORBIDDEN-CALL' '!FORK'; do
		expect "$tmp/log" "$what" "none crash-quarantined" "--sandbox=$1, $what"
		jq -es --arg p "$what" 'map(select(.type == "gap" and .path == $p))[0].detail | contains("SIGSYS")' "$tmp/log" >/dev/null ||
			fail "--sandbox=$1: $what was not what it died of"
	done
}

for level in require best; do
	scan "$tmp/log" --test-hooks --sandbox=$level "$tree"
	for name in no_new_privs rlimits seccomp; do
		jq -es --arg n $name '.[0].sandbox | split(" ") | index($n)' "$tmp/log" >/dev/null ||
			fail "--sandbox=$level: no $name"
	done
	confined $level
done
# Off is off: the same deeds are done, and each is the end of its worker by the hook's own hand.
scan "$tmp/log" --test-hooks --sandbox=off "$tree"
jq -es '.[0].sandbox == ""' "$tmp/log" >/dev/null || fail "--sandbox=off: the log tells of confinement"
expect "$tmp/log" good complete "--sandbox=off, good"
for what in '!OPEN-FILE' '!CONNECT' '!EXEC-MEMORY' '!FORK'; do
	expect "$tmp/log" "$what" "none crash-quarantined" "--sandbox=off, $what"
done
jq -es 'map(select(.type == "gap" and (.detail | contains("SIGSYS")))) == []' "$tmp/log" >/dev/null ||
	fail "--sandbox=off: a call was forbidden"
finish
