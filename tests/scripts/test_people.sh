#!/bin/bash
# test_people.sh ASSAY SOURCE - names, addresses and the special categories: in tables, in
# paragraphs, beside a person and beside nobody
set -euo pipefail
. "$(dirname "$0")/file-lib.sh"

# A table of 50 people.
people() # SEPARATOR
{
	awk -v s="$1" 'BEGIN {
		split("Margaret Oluwaseun Priya Tomasz Siobhan Graham Wei Fatima Rhys Helen", first)
		split("Hughes Adeyemi Patel Kowalski Murphy Barlow Chen Khan Evans Taylor", last)
		split("White British|Black African|Indian|White Other|Irish", e, "|")
		split("Epilepsy|F32.1|Type 2 diabetes|None|Asthma", d, "|")
		print "Name" s "Address" s "Ethnicity" s "Diagnosis"
		for (i = 0; i < 50; i++)
			print first[i % 10 + 1] " " last[int(i / 5) % 10 + 1] s (i + 2) " Acacia Road" \
				s e[i % 5 + 1] s d[i % 5 + 1]
	}'
}
for kind in csv:, tsv:$'\t'; do
	people "${kind#*:}" >"in/people.${kind%%:*}"
	scan "people.${kind%%:*}"
	records 50
	finding person.name 0 50 0
	finding uk.address 0 50 0
	finding special.ethnicity 50 0 0
	finding special.health 40 0 0
done

# The same columns of nobody: nothing.
people , | cut -d, -f3,4 >in/nobody.csv
scan nobody.csv
no_finding 'special\.'

# A paragraph: a name and an address are a person, and what is said of one is reported.
printf 'Mrs J Fenton of 14 Acacia Road, Otley LS21 3AB was arrested for theft.\nShe is diabetic.\n' \
	>in/person.txt
scan person.txt
records 1
finding person.name 0 1 0
finding uk.address 0 1 0
finding special.health 1 0 0
finding special.criminal 0 1 0
# In the next paragraph it is said of nobody.
printf 'Mrs J Fenton of 14 Acacia Road, Otley LS21 3AB.\n\nArrested for theft; a diabetic.\n' \
	>in/apart.txt
scan apart.txt
finding person.name 0 1 0
no_finding 'special\.'
# But where a number or a date of birth has told who it is about, what follows is about him
# if its words say that it is about somebody.
printf 'Re: Mrs J Fenton, date of birth 01/02/1985\n\n%s\n\n%s\n' 'Diagnosis: epilepsy' \
	'The clinic for asthma is on the first floor.' >in/letter.txt
scan letter.txt
records 1
finding special.health 1 0 0
(cat in/letter.txt; seq -s ' ' 400; printf '\nDiagnosis: psychosis\n') >in/long.txt
scan long.txt
finding special.health 1 0 0
# A name above an address tells it, too, if the sentence speaks of that person.
letter() { printf 'Mrs J Fenton\n14 Acacia Road\nOtley\nLS21 3AB\n\nDear Mrs Fenton\n\n%s\n' "$1"; }
letter 'You told us that you have been diagnosed with
epilepsy. We hope that your asthma is better.' >in/ill.txt
scan ill.txt
finding special.health 2 0 0
letter 'You asked how many of our officers suffer from epilepsy.

If you are diagnosed with asthma, call us. Depression is an illness.' >in/asked.txt
scan asked.txt
no_finding 'special\.'
# `You` are not those above: a letter to many, from who works there; nor are they in advice.
printf 'Mr I Barlow\n9 Mill Lane\nLeeds\nLS2 7EW\n\n%s\n\n%s\n' 'Dear parents' \
	'Please label your asthma inhaler spacers. We see your epilepsy plan.' >in/many.txt
printf 'Dr I Barlow\nMill Lane Surgery\n9 Mill Lane\nLeeds\nLS2 7EW\n\n%s\n' \
	'We hold clinics for your diabetes. Your asthma nurse is here on Monday.' >in/surgery.txt
printf 'Mr I Barlow\n9 Mill Lane\nLeeds\nLS2 7EW\n\n%s\n' \
	'Wash your asthma inhaler spacers. Your epilepsy medication should be kept dry.' >in/advice.txt
for file in many.txt surgery.txt advice.txt; do
	scan $file
	no_finding 'special\.'
done
letter 'Please bring your epilepsy diary on 4 May.' >in/bring.txt
scan bring.txt
finding special.health 0 1 0
# So does a name on a line of its own behind its label; `you` is somebody else then.
notes() { printf 'Staff appraisal\nName: Gwen Hollis\nYear: 2024\n\n%s\n' "$1"; }
notes 'She has had a hard year since she was diagnosed with epilepsy, and her asthma is worse.' >in/notes.txt
scan notes.txt
finding special.health 2 0 0
notes 'The clinic for epilepsy is on the first floor. Your asthma inhaler should be labelled.' >in/floor.txt
notes 'Patients with epilepsy see the nurse daily, and you have asthma.' >in/nurse.txt
(notes 'Seen twice.'; printf 'Name: Karen Abbot\n\nShe was diagnosed with epilepsy.\n') >in/two-notes.txt
for file in floor.txt nurse.txt two-notes.txt; do
	scan $file
	no_finding 'special\.'
done
# Nor where the name is one in a text, such as an editor's.
printf 'Ask the editor, Mrs J Fenton, 14 Acacia Road, Otley LS21 3AB.\n\nYour asthma nurse is here on Monday.\n' >in/news.txt
scan news.txt
no_finding 'special\.'
# Not where two people are so named, for it may be either's.
(printf 'Mr I Barlow\n9 Mill Lane\nLeeds\nLS2 7EW\n\n'; cat in/ill.txt) >in/either.txt
scan either.txt
no_finding 'special\.'
# But a letter says whom it is about.
printf 'Dr I Barlow\n9 Mill Lane\nLeeds\nLS2 7EW\n\nRe: Mrs J Fenton, 14 Acacia Road, Otley LS21 3AB\n\n%s\n' \
	'She has been diagnosed with epilepsy.' >in/about.txt
scan about.txt
finding special.health 1 0 0
# Not of one of two.
printf 'Mrs J Fenton, AB654321C, came.\n\nMr I Barlow, AB654322C, came.\n\nDiagnosis: epilepsy\n' >in/two.txt
scan two.txt
finding uk.nino 0 2 0
no_finding 'special\.'
# A name alone, or an address alone, is none.
printf 'Mrs J Fenton was arrested for theft. She is diabetic.\n' >in/name.txt
printf 'Diabetics meet at 14 Acacia Road, Otley LS21 3AB.\n' >in/address.txt
for file in name.txt address.txt; do
	scan $file
	no_finding 'special\.\|person\.\|uk.address'
done
# A postcode or a telephone number is nobody either.
printf 'Ask Dr Priya Patel (07911 123456, LS2 7EW) about epilepsy and depression.\n' >in/clinic.txt
scan clinic.txt
no_finding 'special\.\|person\.'

# What comes in a JSON object after those within it is its own.
printf '%s\n' '{"subject": {"name": "Jane Fenton", "nhsNumber": "943 476 5919", "addresses": [{"line": "14 Acacia Road",
"postcode": "LS21 3AB"}]}, "notes": ["Fell at home", "Was found to have epilepsy in 2019"]}' >in/nested.json
scan nested.json
records 1
finding special.health 0 1 0

# A card and an entry of a directory are a record each, and their lines have headings.
card() { printf 'BEGIN:VCARD\nVERSION:3.0\nN:%s;%s;;Mrs;\nFN:%s %s\nADR:;;%s;Otley;;LS21 3AB;\nTEL:%s\n' "${@:1:6}"
	printf 'BDAY:1985-02-0%d\nNOTE:carries insul\n in\nEND:VCARD\n' "$7"; }
for i in 1 2 3; do
	card Zborowicz "Ifeoma" Margaret Hughes "$i Acacia Road" 0113496$((2200 + i)) $i
done >in/people.vcf
scan people.vcf
records 3
finding person.name-field 0 6 0
finding person.name 0 3 0
finding person.date-of-birth 0 3 0
finding uk.address 0 3 0
finding uk.phone 3 0 0
finding special.health 0 3 0
for i in 1 2 3; do
	printf 'dn: uid=u%d,dc=example,dc=org\ncn: Margaret Hughes\nsn: Zborowicz\n' $i
	printf 'givenName:: QmzDoWl0aMOtbg==\nbirthDate: 1985-02-0%d\n' $i
	printf 'homePostalAddress: %d Acacia Road$Otley$LS21 3AB\ndescription: carries insul\n in\n\n' $i
done >in/people.ldif
scan people.ldif
records 3
finding person.name-field 0 6 0
finding person.name 0 3 0
finding person.date-of-birth 3 0 0
finding uk.address 0 3 0
finding special.health 0 3 0

# A message of a hospital's system is a record, and so is a resource, whatever lists are in it.
message() { printf 'MSH|^~\\&|ADT|RXX|LAB|RXX|20240301||ADT^A01|M%d|P|2.4\rPID|1||A%d^^^RXX^PI||Zborowicz^Ifeoma||1985020%d|F|||' $1 $1 $1
	printf '%d Acacia Road^^Otley^^LS21 3AB||0770090012%d\rDG1|1||E11^Type 2 diabetes^I10\r' $1 $1; }
for i in 1 2 3; do message $i; done >in/adt.hl7
scan adt.hl7
records 3
finding person.name-field 0 6 0
finding person.date-of-birth 0 3 0
finding uk.address 0 3 0
finding special.health 3 0 0
for i in 1 2 3; do
	printf '{"resourceType":"Patient","name":[{"family":"Zborowicz","given":["Ifeoma"]}],"birthDate":"1985-02-0%d",' $i
	printf '"address":[{"line":["%d Acacia Road"],"postalCode":"LS21 3AB"}]}\n' $i
done >in/patients.ndjson
scan patients.ndjson
records 3
finding person.name-field 3 3 0
finding person.date-of-birth 3 0 0
finding uk.address 0 3 0

# Words come before the identity, and after it; not from farther than a record reaches.
pad() { head -c "$1" /dev/zero | tr '\0' x | fold -w 60; }
for gap in 200 900; do
	(echo 'convicted of theft'; pad $gap; echo ' AB654321C '; pad $gap; echo ' on insulin') >in/near.txt
	scan near.txt
	finding special.criminal 0 1 0
	finding special.health 0 1 0
done
(echo 'convicted of theft'; pad 1200; echo ' AB654321C '; pad 1200; echo ' on insulin') >in/far.txt
scan far.txt
no_finding 'special\.'

# Wherever a window ends, and whichever engine looks, the same is found.
awk 'BEGIN {
	for (i = 0; i < 9000; i++) {
		printf "%d Mr Graham Barlow was depressed, convicted of affray; ", i
		printf i % 7 ? "nothing more\n\n" : "DOB 01/02/19%02d, a Sikh\n\n", i % 89 + 10
	}
}' >in/windows.txt
for engine in staged reference; do
	scan windows.txt --engine=$engine
	grep -o '"records":.*\|"rule":"[^"]*"\|"counts":{[^}]*},"unique":[0-9]*' log.jsonl >$engine
	finding special.religion 0 1286 0
	finding special.health 0 1286 0
	finding person.name 0 1286 0
done
diff staged reference || fail "the engines differ"

# The forenames of the pattern are those of the list.
list=$source/scanner/validate/name_lists.c rule=$source/patterns/uk-personal/name.yaml
sed -n '/forenames\[\]/,/^};/s/"\([A-Z-]*\)",* */\1\n/gp' "$list" | grep -o '[A-Z-]\+' | sort -u >listed
grep '^    pattern: ' "$rule" | grep -o '(?:Aaron|[A-Za-z|]*)' | tr -d '(?:)' | tr '|' '\n' |
	tr a-z A-Z | sort -u >pattern
grep "^    prefilter: 'Aaron " "$rule" | tr "'|" '\n\n' | sed -n '/^Aaron /,/^Zoe /s/ $//p' | tr a-z A-Z |
	sort -u >prefilter
for key in pattern prefilter; do
	diff listed "$key" || fail "$key: other forenames than in the list"
done
