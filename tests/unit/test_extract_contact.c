/* test_extract_contact.c - vCard, iCalendar and LDIF */
#include "unit.h"

#include "record_read.h"
#include "table.h"

static const struct {
	char kind; /* c: a card or a calendar, l: LDIF */
	const char *data;
	const char *want;  /* NULL: as it stands */
	const char *value; /* look at this one ... */
	const char *field; /* ... whose field is this, "" for none */
	uint64_t record;
} cases[] = {
	{ 'c', "BEGIN:VCARD\r\nFN:Jo Lee\r\nEND:VCARD\r\n", NULL, "Jo Lee", "full name", 1 },
	{ 'c', "BEGIN:VCARD\nEND:VCARD\nX:a\nBEGIN:VCARD\nBDAY:1985-02-01\n", NULL, "1985-02-01",
	  "birthday", 2 },
	{ 'c', "BEGIN:VCARD\nEND:VCARD\nX:aa\n", NULL, "aa", "X", 0 }, /* between cards */
	{ 'c', "begin:vcard\nn:Lee;Jo;;Mrs\n", NULL, "Jo", "given name", 1 },
	{ 'c', "ADR;TYPE=home:;;2 Hill Rd;Ely;;CB6 1AA;UK\n", NULL, "CB6 1AA", "postcode", 0 },
	{ 'c', "ADR:;;2 Hill Rd;Ely;;CB6 1AA;UK;9;9\n", NULL, "UK", "", 0 },
	{ 'c', "item2.TEL;TYPE=\"a:b\":07911\n", NULL, "07911", "telephone", 0 },
	{ 'c', "NOTE:a\\, b\\nc\\q\\\n", "NOTE:a, b\nc\\q\\\n", "b", "NOTE", 0 },
	{ 'c', "NOTE:ab\r\n cd\n\te\r f\nX:1\n", "NOTE:abcdef\nX:1\n", "cd", "NOTE",
	  0 }, /* folded */
	{ 'c', "N;ENCODING=QUOTED-PRINTABLE:=C3=93=\r\nx;J=6Fy=z\n",
	  "N;ENCODING=QUOTED-PRINTABLE:\xC3\x93x;Joy=z\n", "o", "given name", 0 },
	{ 'c', "no property here\nTEL:1\n", NULL, "no", "", 0 },
	{ 'c', ":\n;:\n.:x\nA B:yy\n", NULL, "yy", "", 0 }, /* no names */
	{ 'c', "TEL:cut", NULL, "cut", "telephone", 0 },
	{ 'c',
	  "BEGIN:VEVENT\nDTSTART:19850201\nSUMMARY:Jo's Birthday\nRRULE:FREQ=YEARLY\nEND:VEVENT\n",
	  NULL, "19850201", "birthday", 1 },
	/* a party has a date of its own; the word must stand in the same event */
	{ 'c', "BEGIN:VEVENT\nDTSTART:19850201\nSUMMARY:Birthday party\nEND:VEVENT\n", NULL,
	  "19850201", "DTSTART", 1 },
	{ 'c',
	  "BEGIN:VEVENT\nDTSTART:19850201\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:birthday\n"
	  "RRULE:FREQ=YEARLY\nEND:VEVENT\n",
	  NULL, "19850201", "DTSTART", 1 },
	{ 'l', "dn: cn=a\nsn: Lee\n\ndn: cn=b\nmail: j@b.cc\n", NULL, "j@b.cc", "mail", 2 },
	{ 'l', "dn: cn=a\nsn: Lee\n\nx: yy\n", NULL, "yy", "x", 0 }, /* after an entry */
	{ 'l', "sn:: T8OJZQ==\n",
	  "sn:: O\xC3\x89"
	  "e\n",
	  "e", "surname", 0 },
	{ 'l', "sn:: T8\n OJZQ==\nx: y\n",
	  "sn:: O\xC3\x89"
	  "e\nx: y\n",
	  "e", "surname", 0 },
	{ 'l', "jpegPhoto:: /9j/4AAQ\n", NULL, "/9j/4AAQ", "jpegPhoto", 0 }, /* no text */
	{ 'l', "sn:: no base64\n", NULL, "no", "surname", 0 },
	{ 'l', "postalAddress: 2 Hill Rd$Ely\n", "postalAddress: 2 Hill Rd, Ely\n", "Ely",
	  "postal address", 0 },
	{ 'l', "userPassword: a$b\n", "userPassword: a$b\n", "a$b", "password", 0 },
	{ 'l', "description: ab\n cd\n", "description: abcd\n", "cd", "description", 0 },
	{ 'l', "# a: comment\nsn;lang-en: Lee\n", NULL, "Lee", "surname", 0 },
};

START_TEST(reads)
{
	const struct extractor *x = cases[_i].kind == 'l' ? &ldif_extractor : &card_extractor;
	struct record r;
	const struct record_run *found;

	record_read(&r, x, cases[_i].data, strlen(cases[_i].data));
	ck_assert_str_eq(record_all(&r), cases[_i].want ? cases[_i].want : cases[_i].data);
	ck_assert_ptr_nonnull(record_field(&r, cases[_i].value));
	ck_assert_str_eq(record_field(&r, cases[_i].value), cases[_i].field);
	found = record_find(&r, cases[_i].value);
	ck_assert_uint_eq(found->record, cases[_i].record);
	record_done(&r);
}
END_TEST

/* Long lines leave the window many times; nothing is lost, and offsets hold. */
START_TEST(long_lines)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(MiB);
	struct record r;

	ck_assert(buf_add_str(&text, "NOTE:"));
	for (size_t i = 0; i < 40000; i++)
		ck_assert(buf_add_str(&text, "word "));
	ck_assert(buf_add_str(&text, "\nFN:Jo Lee\n"));
	record_read(&r, &card_extractor, text.data, text.len);
	ck_assert_uint_eq(strlen(record_all(&r)), text.len);
	ck_assert_str_eq(record_field(&r, "Jo Lee"), "full name");
	record_done(&r);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("extract contact");
	TCase *tc = tcase_create("contact");

	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, long_lines);
	suite_add_tcase(suite, tc);
	return suite;
}
