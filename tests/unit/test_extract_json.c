/* test_extract_json.c - JSON and JSON Lines */
#include "unit.h"

#include <stdio.h>

#include "record_read.h"
#include "table.h"

#define LIT(s) s, sizeof(s) - 1

static const struct {
	const char *data;
	const char *want;  /* NULL: as it stands */
	const char *value; /* look at this one ... */
	const char *field; /* ... whose field is this, "" for none */
} cases[] = {
	{ "{\"name\": \"Jo\"}", NULL, "Jo", "name" },
	{ "{\"n\": 4111}", NULL, "4111", "n" },
	{ "{\"a\":[\"x\",{\"b\":\"y\"},\"zz\"]}", NULL, "zz", "a" }, /* restored after {} */
	{ "{\"a\":{\"b\":1},\"c\":[[\"qq\"]]}", NULL, "qq", "c" },
	/* what says nothing by itself */
	{ "{\"dob\":{\"value\":\"xx\"}}", NULL, "xx", "dob value" },
	{ "{\"a\":{\"b\":[{\"#text\":\"xx\"}]}}", NULL, "xx", "b #text" },
	{ "{\"value\":\"xx\"}", NULL, "xx", "value" },
	{ "{\"a\":{\"value\":1,\"b\":\"xx\"}}", NULL, "xx", "b" },
	{ "{\"a\":{\"value\":{\"value\":\"xx\"}}}", NULL, "xx", "a value value" },
	{ "{\"name\":[{\"family\":\"xx\",\"given\":[\"yy\"]}]}", NULL, "xx", "name family" },
	{ "{\"name\":[{\"family\":\"xx\",\"given\":[\"yy\"]}]}", NULL, "yy", "name given" },
	{ "[\"free\"]", NULL, "free", "" },
	{ "{\"a\":1}\n{\"b\":\"two\"}\n", NULL, "two", "b" },
	{ "{\"k\\u0065y\": \"v\"}", "{\"key\": \"v\"}", "v", "key" },
	{ "{\"a\":\"x\\ny\\u00e9\\ud83d\\ude00\\/\"}", "{\"a\":\"x\ny\xC3\xA9\xF0\x9F\x98\x80/\"}",
	  "y", "a" },
	{ "{\"a\":\"\\ud83dx\"}", "{\"a\":\"\xEF\xBF\xBDx\"}", "x", "a" }, /* unpaired */
	{ "{\"a\":\"\\q\\u12\"}", "{\"a\":\"\\q\\u12\"}", "q", "a" },      /* unknown escapes */
	{ "{\"a\"  \n :  true}", NULL, "true", "a" },
	{ "{\"a\": \"cut", NULL, "cut", "a" },
	{ "{\"a\":1} then words 42", NULL, "words", "" }, /* plain from there on */
	{ "{\"a\":1}}}} \"b\":2", NULL, "2", "" },
	{ "{\"level\": info} and \"more\"", NULL, "more", "" },
	{ "// note\n{\"a\": /* x */ \"val\"}", NULL, "val", "a" },
	{ "{\"\": \"empty key\"}", NULL, "empty", "" },
	{ "\"", NULL, "\"", "" },
	{ "\\", NULL, "\\", "" },
	{ "{\"a\":-1.5e+10}", NULL, "-1.5e+10", "a" },
};

START_TEST(reads)
{
	struct record r;

	record_read(&r, &json_extractor, cases[_i].data, strlen(cases[_i].data));
	ck_assert_str_eq(record_all(&r), cases[_i].want ? cases[_i].want : cases[_i].data);
	ck_assert_ptr_nonnull(record_field(&r, cases[_i].value));
	ck_assert_str_eq(record_field(&r, cases[_i].value), cases[_i].field);
	record_done(&r);
}
END_TEST

/* Which of two strings stand in one record? */
static const struct {
	const char *data;
	bool together; /* "one" and "two" */
} record_cases[] = {
	{ "[{\"a\":\"one\"},{\"a\":\"two\"}]", false },
	{ "[{\"a\":\"one\",\"b\":[\"two\"]}]", true },
	{ "[{\"a\":\"one\",\"b\":[{\"c\":\"two\"}]}]", false },
	/* a resource is one, with all that is in it */
	{ "{\"resourceType\":\"Patient\",\"a\":[{\"b\":\"one\"}],\"c\":[{\"d\":\"two\"}]}", true },
	{ "{\"resourceType\" : \"Patient\",\"a\":{\"e\":[{\"b\":\"one\"}]},\"c\":\"two\"}", true },
	/* until it ends */
	{ "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{\"resourceType\":\"Patient\","
	  "\"a\":[{\"b\":\"one\"}]}},"
	  "{\"resource\":{\"resourceType\":\"Patient\",\"a\":[{\"b\":\"two\"}]}}]}",
	  false },
	{ "{\"resourceType\":\"Patient\",\"a\":\"one\"}\n{\"resourceType\":\"Patient\",\"a\":[{"
	  "\"b\":\"two\"}]}",
	  false },
	{ "[{\"x\":{\"resourceType\":\"Patient\",\"a\":[{\"c\":1}]},\"a\":[{\"b\":\"one\"}],\"c\":["
	  "{\"d\":\"two\"}]}]",
	  false },
	{ "{\"resourceType\":1,\"a\":[{\"b\":\"one\"}],\"c\":[{\"d\":\"two\"}]}", false },
};

START_TEST(records)
{
	const char *data = record_cases[_i].data;
	struct record r;

	record_read(&r, &json_extractor, data, strlen(data));
	ck_assert_int_eq(record_find(&r, "one")->record == record_find(&r, "two")->record,
			 record_cases[_i].together);
	record_done(&r);
}
END_TEST

START_TEST(lines_and_offsets)
{
	static const char data[] = "{\n \"a\": \"one\",\n \"b\": \"two\"\n}";
	struct record r;
	const struct record_run *found;

	record_read(&r, &json_extractor, data, sizeof(data) - 1);
	found = record_find(&r, "two");
	ck_assert_uint_eq(found->loc.line, 3);
	ck_assert_uint_eq(found->source.off, (uint64_t)(strstr(data, "two") - data));
	ck_assert_int_eq(found->source.kind, SOURCE_SAME);
	record_done(&r);
}
END_TEST

START_TEST(utf16)
{
	struct record r;
	const struct record_run *found;

	record_read(&r, &json_extractor, LIT("\xFF\xFE{\0\"\0k\0\"\0:\0\"\0v\0w\0\xE9\0\"\0}\0"));
	ck_assert_str_eq(record_all(&r), "{\"k\":\"vw\xC3\xA9\"}");
	found = record_find(&r, "vw");
	ck_assert_str_eq(found->field, "k");
	ck_assert_int_eq(found->source.kind, SOURCE_UTF16);
	ck_assert_uint_eq(found->source.off, 14);
	record_done(&r);
}
END_TEST

/* Each is 4 MiB of the same; linear means well under a second. */
static const char *const floods[] = { "[", "{", "]",  "\"",  "\\", "{\"a\":",   "\"\\",    "1",
				      "-", "/", "/*", "[\"", " ",  "\"a\"    ", "{\"a\":[" };

START_TEST(hostile)
{
	size_t len = 4 * MiB;
	char *data = flood_of(floods[_i], len);
	struct record r;
	uint64_t began = clock_ns();

	record_read(&r, &json_extractor, data, len);
	ck_assert_uint_ge(r.text.len + 16, len / 2);
	ck_assert_uint_lt(clock_ns() - began, PATIENCE * 20 * NS_PER_S);
	record_done(&r);
	free(data);
}
END_TEST

START_TEST(long_string_over_windows)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(4 * MiB);
	FILE *f = tmpfile();
	struct assay_error err;
	struct record r;
	struct input in;

	buf_add_str(&all, "{\"blob\": \"");
	for (int i = 0; i < 100000; i++)
		buf_add_str(&all, "caf\xC3\xA9 ");
	buf_add_str(&all, "\", \"after\": \"tail\"}");
	fwrite(all.data, 1, all.len, f);
	fflush(f);
	record_init(&r, all.data, all.len);
	input_from_fd(&in, fileno(f), all.len);
	ck_assert_int_eq(json_extractor.run(&in, &r.sink, &err), ASSAY_OK);
	ck_assert_uint_eq(r.text.len, all.len);
	ck_assert_mem_eq(r.text.data, all.data, all.len);
	ck_assert_uint_eq(r.bad_offsets, 0);
	ck_assert_str_eq(record_field(&r, "tail"), "after");
	ck_assert_str_eq(r.runs.items[3].field, "blob");
	input_done(&in);
	record_done(&r);
	fclose(f);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("extract json");
	TCase *tc = tcase_create("json");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, records, 0, ARRAY_SIZE(record_cases));
	tcase_add_test(tc, lines_and_offsets);
	tcase_add_test(tc, utf16);
	tcase_add_loop_test(tc, hostile, 0, ARRAY_SIZE(floods));
	tcase_add_test(tc, long_string_over_windows);
	suite_add_tcase(suite, tc);
	return suite;
}
