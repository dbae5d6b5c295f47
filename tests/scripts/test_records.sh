#!/bin/bash
# test_records.sh ASSAY SOURCE - columns, neighbours and records, from files to the log
set -euo pipefail
. "$(dirname "$0")/file-lib.sh"

# nhs(i): ten digits with their check digit; ten(): ten digits; nino(i).  All made up.
functions='
function nhs(i,    s, t, k, sum, c) {
	for (s = i * 7; ; s++) {
		t = sprintf("4%08d", s % 100000000)
		sum = 0
		for (k = 1; k <= 9; k++)
			sum += substr(t, k, 1) * (11 - k)
		c = (11 - sum % 11) % 11
		if (c < 10)
			return t c
	}
}
function ten() {
	seed = (seed * 1103515245 + 12345) % 2147483648
	return sprintf("4%09d", int(seed / 4) % 1000000000)
}
function nino(i) { return sprintf("AB%06d%s", 200000 + i, substr("ABCD", i % 4 + 1, 1)) }
'

# A sheet of 5,000 people reads as 5,000 records.
awk "$functions"'BEGIN {
	print "Name,NI number,NHS number,Town"
	for (i = 0; i < 5000; i++)
		printf "\"Person, No. %d\",%s,%s,Leeds\n", i, nino(i), nhs(i)
}' >in/people.csv
scan people.csv
records 5000
finding uk.nino 5000 0 0 5000
finding uk.nhs-number 5000 0 0 5000

# So does one that several workers share, wherever it is cut.
awk "$functions"'BEGIN {
	print "Name,NI number,NHS number,Town"
	for (i = 0; i < 400000; i++)
		printf "Person No. %d of many,%s,%s,Leeds\n", i, nino(i), nhs(i % 1000)
}' >in/many.csv
[ "$(stat -c %s in/many.csv)" -gt 17000000 ] || fail "many.csv is too small to be split"
for j in 1 2; do
	scan many.csv -j$j
	records 400000
	finding uk.nhs-number 400000 0 0 '[0-9]*'
done

# A column needs no heading, in a file that is split, too.
for rows in 9 5000 600000; do
	awk -v rows=$rows "$functions"'BEGIN {
		for (i = 0; i < rows; i++)
			printf "row %d of these,%s,%d.50,x\n", i, nhs(i % 2000), i % 90
	}' >in/headless.csv
	scan headless.csv
	records 0
	finding uk.nhs-number 0 $rows 0 $((rows < 2000 ? rows : 2000))
done

# Ten digits that happen to check, beside something proved or not.
for tail in '"x"' 'nino(i)'; do
	awk "$functions"'BEGIN {
		seed = 7
		for (i = 0; i < 20000; i++)
			printf "row %d of these,%s,%s\n", i, ten(), '"$tail"'
	}' >in/chance.csv
	scan chance.csv
	no_finding uk.nhs-number
	# (An object with nothing to report is not in the log.)
	grep -q '"uk.nhs-number":1[0-9][0-9][0-9]' log.jsonl || [ "$tail" = '"x"' ] ||
		fail "no numbers that check"
done

# Machines and mailboxes do not vouch for each other.
awk 'BEGIN {
	for (i = 0; i < 20000; i++)
		printf "2025-11-02 10:%02d:%02d 81.2.%d.%d jane%d@example.org took %d ms\n",
			i / 60 % 60, i % 60, i % 200, i % 250, i, i
}' >in/mail.log
scan mail.log
records 0
no_finding net.ip-address
finding net.email 0 20000 0 20000

# Beside an identity a weak number is one: in a paragraph, in an element.
printf 'The form says 4010232137, and\nAB654321C as before.\n' >in/near.txt
scan near.txt
records 1
finding uk.nhs-number 0 1 0 1
printf 'The form says 4010232137.\n\nAB654321C as before.\n' >in/far.txt
scan far.txt
records 0
no_finding uk.nhs-number
# ... unless a label says that it is something else.
printf 'Customer ref: 4010232137\nNI number: AB654321C\n' >in/labelled.txt
scan labelled.txt
no_finding uk.nhs-number
printf '[{"a":"4010232137","b":"AB654321C"},{"a":"x","b":"y"}]\n' >in/near.json
scan near.json
records 1
finding uk.nhs-number 0 1 0 1
printf '[{"a":"4010232137","b":"x"},{"a":"y","b":"AB654321C"}]\n' >in/far.json
scan far.json
records 0
no_finding uk.nhs-number

# A filled form is one record, blank lines or not, up to 3 KiB; where its labels come again the
# next one begins.  form NUMBER SEPARATOR LINES
form()
{
	printf "Custody record$2Surname: Zborowicz$2NI number: AB%06dC$2" $((654000 + $1))
	for i in $(seq $3); do
		printf "Item %d: what was in his pockets, listed$2" $i
	done
	printf "Date of birth: 01/02/1985$2Telephone:$20113 496 0123$2Medical condition: asthma\n\n"
}
for lines in 0 30; do
	form 1 '\n\n' $lines >in/form.txt
	scan form.txt
	records 1
	for separator in '\n' '\n\n' '\r\n\r\n' '\n \n\n'; do
		for i in $(seq 20); do
			form $i "$separator" $lines
		done >in/forms.txt
		scan forms.txt
		records 20
		finding special.health 20 0 0 1
	done
done
# One that nobody filled in does not join those before and after it.
(form 1 '\n\n' 0; printf 'Surname:\n\nSurname: not known\n\n'; form 2 '\n\n' 0) >in/forms.txt
scan forms.txt
records 2
# Sentences do not make a form.
printf 'Note: paid AB654321C in May.\n\nThe rest was paid later.\n\nNote: ring 0113 496 2123.\n' >in/notes.txt
scan notes.txt
records 0

# What comes after the elements within an element is its own again.
printf '[{"a":"AB654321C","within":[{"b":"x"},{"nino":"AB654322C"}],"c":"4010232137","diagnosis":"Asthma"},{"c":"4010232137"}]\n' \
	>in/within.json
scan within.json
records 1
finding uk.nhs-number 0 1 1 1
finding special.health 1 0 0 1

# The slow engine says the same.
for file in within.json forms.txt people.csv near.json near.txt chance.csv mail.log; do
	for engine in staged reference; do
		scan $file --engine=$engine
		grep -o '"records":.*\|"rule":"[^"]*"\|"counts":{[^}]*},"unique":[0-9]*' log.jsonl >$engine
	done
	diff staged reference || fail "$file: the engines differ"
done
