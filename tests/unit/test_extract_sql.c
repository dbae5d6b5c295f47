/* test_extract_sql.c - dumps of databases */
#include "unit.h"

#include "record_read.h"
#include "table.h"

static const struct {
	const char *data;
	const char *want;  /* NULL: as it stands */
	const char *value; /* look at this one ... */
	const char *field; /* ... whose field is this, "" for none */
} cases[] = {
	{ "INSERT INTO p (id, nhs_no) VALUES (1, 'vv');", NULL, "vv", "nhs_no" },
	{ "INSERT INTO p (id, nhs_no) VALUES (1, 'x'), (2, 'vv');", NULL, "vv", "nhs_no" },
	{ "INSERT INTO p (id,nhs_no) VALUES(17, 'x');", NULL, "17", "id" },
	{ "insert low_priority ignore into `d`.`p` (`a b`) values ('vv');", NULL, "vv", "a b" },
	{ "INSERT [dbo].[p] ([id], [nhs]) VALUES (1, N'vv')\nGO\n", NULL, "vv", "nhs" },
	{ "INSERT INTO p VALUES (1,'vv');", NULL, "vv", "" }, /* no names */
	{ "CREATE TABLE p (id int, dob date);\nINSERT INTO p VALUES(1,'vv');", NULL, "vv", "dob" },
	{ "CREATE TABLE IF NOT EXISTS `p` (\n  `id` int(11) NOT NULL,\n  `k` enum('a','(') x,\n"
	  "  `dob` date,\n  PRIMARY KEY (`id`)\n);\nINSERT INTO `p` VALUES (1,'a','vv');\n",
	  NULL, "vv", "dob" },
	{ "CREATE TABLE q (a int);\nCREATE TABLE p (b int);\nINSERT INTO q VALUES ('vv');", NULL,
	  "vv", "a" },
	{ "INSERT INTO p (a, b) VALUES ('it''s', 'vv');", NULL, "vv", "b" },
	{ "INSERT INTO `p` (a, b) VALUES ('x\\'y', 'vv');", NULL, "vv", "b" },
	{ "INSERT INTO p (a, b) VALUES ('C:\\', 'vv');", NULL, "vv", "b" }, /* no escape */
	{ "INSERT INTO p (a, b) VALUES (E'x\\'y', 'vv');", NULL, "vv", "b" },
	{ "INSERT INTO `p` (a) VALUES ('one\\ntwo');", "INSERT INTO `p` (a) VALUES ('one\ntwo');",
	  "two", "a" },
	{ "INSERT INTO p (a, b) VALUES (f('x', 2), 'vv');", NULL, "vv", "b" },
	{ "COPY public.p (id, nhs) FROM stdin;\n1\tvv\n\\.\n", NULL, "vv", "nhs" },
	{ "COPY p (a, b) FROM stdin;\nq\tw\nx\\ty\tvv\n\\.\n",
	  "COPY p (a, b) FROM stdin;\nq\tw\nx\ty\tvv\n\\.\n", "vv", "b" },
	{ "COPY p (a) FROM stdin;\nq\n\\.\nthe vv\n", NULL, "vv", "" }, /* past its end */
	{ "-- a note\nSELECT 1;\nINSERT INTO p (a) VALUES ('vv');", NULL, "vv", "a" },
	{ "INSERT INTO p (a) SELECT b FROM q;\nvv", NULL, "vv", "" },
	{ "INSERT INTO p (a, b) VALUES ('cut", NULL, "cut", "a" },
	{ "INSERT INTO p (a", NULL, "INSERT", "" },
	{ "INSERT INTO p (a) VALUES ((((('vv'", NULL, "vv", "a" },
	{ "INSERT INTO p (a) VALUES ('x') ON CONFLICT DO NOTHING;\nvv", NULL, "vv", "" },
	{ ")))';;'", NULL, ";;", "" },
	{ "", NULL, "", "" },
};

START_TEST(reads)
{
	struct record r;

	record_read(&r, &sql_extractor, cases[_i].data, strlen(cases[_i].data));
	ck_assert_str_eq(record_all(&r), cases[_i].want ? cases[_i].want : cases[_i].data);
	if (cases[_i].value[0]) {
		ck_assert_ptr_nonnull(record_field(&r, cases[_i].value));
		ck_assert_str_eq(record_field(&r, cases[_i].value), cases[_i].field);
	}
	record_done(&r);
}
END_TEST

/* One line as long as many windows, as mysqldump writes. */
START_TEST(long_statement)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(8 * MiB);
	struct record r;

	buf_add_str(&b, "CREATE TABLE `p` (`id` int, `name` text, `nhs` text);\n"
			"INSERT INTO `p` VALUES ");
	for (unsigned i = 0; i < 40000; i++)
		buf_printf(&b, "%s(%u,'n%u','v%u')", i ? "," : "", i, i, i);
	buf_add_str(&b, ";\n");
	record_read(&r, &sql_extractor, b.data, b.len);
	ck_assert_str_eq(record_all(&r), b.data);
	ck_assert_str_eq(record_field(&r, "v39999"), "nhs");
	ck_assert_str_eq(record_field(&r, "n20000"), "name");
	record_done(&r);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_sql");
	TCase *tc = tcase_create("sql");

	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, long_statement);
	suite_add_tcase(s, tc);
	return s;
}
