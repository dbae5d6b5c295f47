/* test_extract_markdown.c - tables of pipes are cells under headings, the rest stands as it is */
#include "record_read.h"
#include "table.h"

static const struct {
	const char *data;
	const char *text;   /* all of it */
	const char *fields; /* of each run that has one, and its record */
} cases[] = {
	{ "# Title\n\nProse | and more\n", "# Title\n\nProse | and more\n", "" },
	{ "| Name | NI number |\n|---|---|\n| Jo | A1 |\n| Al |  |\nEnd\n",
	  "Name\tNI number\nJo\tA1\nAl\nEnd\n", "1 Name=Jo;1 NI number=A1;2 Name=Al;" },
	{ "text\nA | B | C\n--- | :-: | --:\n1 | 2 | 3", "text\nA\tB\tC\n1\t2\t3\n",
	  "1 A=1;1 B=2;1 C=3;" }, /* no pipes at the ends, no line end */
	{ "| Team | Role |\r\n| - | - |\r\n| **Jo** | `x\\|y` |\r\n\r\nEnd",
	  "Team\tRole\nJo\tx\\|y\n\r\nEnd", "1 Team=Jo;1 Role=x\\|y;" },
	{ "| A | B |\n|---|---|\n| a*b | c` |\n", "A\tB\na*b\tc`\n", "1 A=a*b;1 B=c`;" },
	{ "| Field | Value |\n|---|---|\n| DOB | x |\n", "Field\tValue\nDOB\tx\n",
	  "" }, /* a form */
	{ "| Name | Edith Marlow |\n|---|---|\n| DOB | x |\n", "Name\tEdith Marlow\nDOB\tx\n", "" },
	{ "| **Ward** | Weavers |\n|---|---|\n| **DOB** | x |\n", "Ward\tWeavers\nDOB\tx\n", "" },
	{ "| **Ward** | **DOB** |\n|---|---|\n| B4 | x |\n", "Ward\tDOB\nB4\tx\n",
	  "1 Ward=B4;1 DOB=x;" },
	{ "| | |\n|---|---|\n| DOB | x |\n", "\nDOB\tx\n", "" },
	{ "| A | B |\n| x | y |\n", "| A | B |\n| x | y |\n", "" },         /* no rule */
	{ "A\n---\nb | c\n", "A\n---\nb | c\n", "" },                       /* a title */
	{ "| A | B | C |\n|---|---|\n", "| A | B | C |\n|---|---|\n", "" }, /* uneven */
	{ "|---|---|\n|---|---|\n", "---\t---\n", "" },
	{ "| Aa | Bb |\n|--|--|\n| 1 |\n| 1 | 2 | 3 |\n", "Aa\tBb\n1\n1\t2\t3\n",
	  "1 Aa=1;2 Aa=1;2 Bb=2;" }, /* rows too short and too long */
	{ "| Aa | Bb |\n|--|--|\n| 1 | 2 |\n\n| Cc | Dd |\n|--|--|\n| 3 | 4 |\n",
	  "Aa\tBb\n1\t2\n\nCc\tDd\n3\t4\n", "1 Aa=1;1 Bb=2;2 Cc=3;2 Dd=4;" },
	{ "", "", "" },
	{ "|", "|", "" },
	{ "a|b\n|-", "a|b\n|-", "" },
};

static void add_fields(const struct record *r, struct buf *ret)
{
	for (size_t i = 0; i < r->runs.len; i++) {
		const struct record_run *run = &r->runs.items[i];

		if (run->field)
			ck_assert(buf_printf(ret, "%d %s=%.*s;", (int)run->record, run->field,
					     (int)run->len, r->text.data + run->at));
	}
	ck_assert(buf_add(ret, "", 1));
}

START_TEST(reads)
{
	CLEANUP(buf_done) struct buf fields = BUF_INIT(64 * KiB);
	struct record r;

	record_read(&r, &markdown_extractor, cases[_i].data, strlen(cases[_i].data));
	ck_assert_str_eq(record_all(&r), cases[_i].text);
	add_fields(&r, &fields);
	ck_assert_str_eq(fields.data, cases[_i].fields);
	record_done(&r);
	record_same_from_descriptor(&markdown_extractor, cases[_i].data, strlen(cases[_i].data));
}
END_TEST

START_TEST(tells_lines)
{
	static const char data[] = "one\n\n| Aa | Bb |\n|--|--|\n| x1 | x2 |\n\nlast\n";
	struct record r;

	record_read(&r, &markdown_extractor, data, sizeof(data) - 1);
	ck_assert_uint_eq(record_find(&r, "Aa")->loc.line, 3);
	ck_assert_uint_eq(record_find(&r, "x2")->loc.line, 5);
	record_done(&r);
}
END_TEST

START_TEST(reads_utf16)
{
	static const char narrow[] = "| Aa | Bb |\n|--|--|\n| x1 | x2 |\n";
	char data[2 * sizeof(narrow)] = "\xFF\xFE";
	struct record r;

	for (size_t i = 0; i + 1 < sizeof(narrow); i++)
		data[2 + 2 * i] = narrow[i];
	record_read(&r, &markdown_extractor, data, 2 * sizeof(narrow));
	ck_assert_str_eq(record_all(&r), "Aa\tBb\nx1\tx2\n");
	ck_assert_str_eq(record_field(&r, "x2"), "Bb");
	record_done(&r);
}
END_TEST

/* Wherever the window ends, nothing is lost and nothing takes long. */
static const char *const floods[] = {
	"| a | b |\n", "|",  "a",   "|-",          "| a | b |\n|---|---|\n",
	"|---|---|\n", "\n", "\\|", "a|\xC3\xA9 ",
};

START_TEST(floods_end)
{
	const size_t len = 1 * MiB + 3;
	char *data = flood_of(floods[_i], len);

	record_same_from_descriptor(&markdown_extractor, data, len);
	free(data);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_markdown");
	TCase *tc = tcase_create("markdown");

	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, tells_lines);
	tcase_add_test(tc, reads_utf16);
	tcase_add_loop_test(tc, floods_end, 0, ARRAY_SIZE(floods));
	suite_add_tcase(s, tc);
	return s;
}
