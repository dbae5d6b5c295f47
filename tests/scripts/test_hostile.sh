# test_hostile.sh ASSAY SOURCE_DIR - hostile files, each with its one right answer
. "$(dirname "$0")/scan-lib.sh"
need python3 jq

for set in zips office archives rare docs texts; do
	python3 "$source/tests/hostile/$set.py" "$tmp/$set" || fail "$set.py"
	echo "$set:"
	python3 "$source/tests/hostile/check.py" "$assay" "$tmp/$set" || fail "$set"
	# All of them in one scan: nothing of one file spills into another's answer.
	limit_s=300 scan "$tmp/log" "$tmp/$set"
	files=$(find "$tmp/$set" -type f | wc -l)
	[ "$(jq -s 'map(select(.type == "run_end"))[0].counters.enumerated' "$tmp/log")" = "$files" ] ||
		fail "$set: not one status for each of $files files"
	rm -rf "${tmp:?}/$set"
done
python3 "$source/tests/hostile/linear.py" "$assay" "$tmp/linear" || fail "not linear"
finish
