/* test_extract_csv.c - headings, then the text as it stands */
#include "unit.h"

#include <stdio.h>

#include "csv.h"
#include "record_read.h"
#include "table.h"

#define LIT(s) s, sizeof(s) - 1

static const struct {
	const char *data;
	size_t len;
	char delimiter;     /* 0: no grid */
	const char *fields; /* NULL: none */
} cases[] = {
	{ LIT("Name,NHS No,Town\nJo,1,Leeds\n"), ',', "Name|NHS No|Town" },
	{ LIT("\xEF\xBB\xBF\"First name\";\"Said \"\"x\"\"\"\r\na;b\r\n"), ';',
	  "First name|Said \"x\"" },
	{ LIT("Name\tAge\nJo\t1\n"), '\t', "Name|Age" },
	{ LIT("1,2,3\n4,5,6\n"), ',', NULL },                        /* numbers */
	{ LIT("Jo,01/02/1990,Leeds\nAl,1/1/90,York\n"), ',', NULL }, /* a date */
	{ LIT("jo@example.com,x\nal@example.com,y\n"), ',', NULL },
	{ LIT("a,a,b\n1,2,3\n"), ',', NULL }, /* not distinct */
	{ LIT(",Name,\n1,Jo,x\n"), ',', "|Name|" },
	{ LIT("sep=;\nA;B\n1;2\n"), ';', "A|B" },
	/* titles above the headings */
	{ LIT("OFFICIAL\nName,NHS No,Town\nJo,1,Leeds\n"), ',', "Name|NHS No|Town" },
	{ LIT("People,,\n,,\nRun on:,1 May,\nName,NHS No,Town\nJo,1,Leeds\n"), ',',
	  "People||" }, /* two of three are no title */
	{ LIT("List,,,\n\n\"Run on\",1 May,,\nName,NHS No,Town,DOB\nJo,1,Leeds,x\n"), ',',
	  "Name|NHS No|Town|DOB" },
	{ LIT("Jo,1/2/1990,Leeds\nAl,unknown,York\n"), ',', NULL }, /* rows, not titles */
	{ LIT("just one column\nand more\n"), 0, NULL },
	{ LIT("\xFF\xFEN\0a\0m\0e\0,\0A\0g\0e\0\n\0J\0,\0001\0\n\0"), ',', "Name|Age" },
	{ LIT(""), 0, NULL },
	{ LIT("\"open,never\nclosed\n"), 0, NULL },
};

START_TEST(reads)
{
	struct record r;

	record_read(&r, &csv_extractor, cases[_i].data, cases[_i].len);
	ck_assert_int_eq(r.has_grid, cases[_i].delimiter != 0);
	if (r.has_grid)
		ck_assert_int_eq(r.delimiter, cases[_i].delimiter);
	ck_assert_int_eq(r.grid_len != 0, cases[_i].fields != NULL);
	if (cases[_i].fields)
		ck_assert_str_eq(r.grid_fields, cases[_i].fields);
	ck_assert_uint_eq(r.bad_offsets, 0);
	if ((unsigned char)cases[_i].data[0] < 0x80)
		ck_assert_str_eq(record_all(&r), cases[_i].data); /* headings are text, too */
	record_done(&r);
}
END_TEST

START_TEST(many_columns)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(1 * MiB);
	struct csv_head h;

	for (int row = 0; row < 2; row++)
		for (int i = 0; i < 1500; i++)
			buf_printf(&all, "c%c%c%c%s", 'a' + i % 26, 'a' + i / 26 % 26,
				   'a' + i / 676, i < 1499 ? "," : "\n");
	ck_assert(csv_sniff(all.data, all.len, true, &h));
	ck_assert_uint_eq(h.columns, 1500);
	ck_assert_uint_eq(h.fields_len, CSV_MAX_FIELDS);
	csv_head_done(&h);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("extract csv");
	TCase *tc = tcase_create("csv");

	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, many_columns);
	suite_add_tcase(suite, tc);
	return suite;
}
