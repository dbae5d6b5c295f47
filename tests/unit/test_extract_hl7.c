/* test_extract_hl7.c - messages of hospitals' systems */
#include "unit.h"

#include "record_read.h"
#include "table.h"

#define MSH "MSH|^~\\&|A|B\r"

static const struct {
	const char *data;
	const char *value; /* look at this one ... */
	const char *field; /* ... whose field is this, "" for none */
	uint64_t record;
} cases[] = {
	{ MSH "PID|1||9990000018^^^NHS^NH\r", "9990000018", "NHS number", 1 },
	{ MSH "PID|1||A17^^^RXX^PI~9990000018^^^NHS^NH\r", "A17", "patient id", 1 },
	{ MSH "PID|1||A17^^^RXX^PI~9990000018^^^NHS^NH\r", "9990000018", "NHS number", 1 },
	{ MSH "PID|1||||LEE^JO^ANN\r", "LEE", "surname", 1 },
	{ MSH "PID|1||||LEE^JO^ANN\r", "JO", "forename", 1 },
	{ MSH "PID|1||||LEE^JO^ANN|X^Y\n", "ANN", "middle name", 1 },
	{ MSH "PID|1||||LEE~ROE^JO\r", "ROE", "surname", 1 }, /* another name */
	{ MSH "PID|||||||19850201\r", "19850201", "date of birth", 1 },
	{ MSH "PID|||||||198502010930|F\r", "19850201", "date of birth", 1 },
	{ MSH "PID|||||||198502010930|F\r", "0930|F", "", 1 },
	{ MSH "PID|||||||||||2 HILL^^ELY^^CB6 1AA||07911\r", "2 HILL", "address line 1", 1 },
	{ MSH "PID|||||||||||2 HILL^^ELY^^CB6 1AA||07911\r", "CB6 1AA", "postcode", 1 },
	{ MSH "PID|||||||||||2 HILL^^ELY^^CB6 1AA||07911\r", "07911", "telephone", 1 },
	{ MSH "NK1|1|LEE^AL\r", "AL", "forename", 1 },
	{ MSH "DG1|1||E11^Gout^I10\r", "Gout", "diagnosis", 1 },
	{ MSH "OBX|1|TX|||LEE^JO\r", "JO", "", 1 }, /* another segment */
	{ MSH "PID|1||||LEE\r" MSH "PID|1||||ROE\r", "ROE", "surname", 2 },
	{ "\v" MSH "PID|1||||LEE\r\x1C\r", "LEE", "surname", 1 }, /* framed */
	{ "PID|1||||LEE\r", "LEE", "surname", 0 },
	{ MSH "PID|1||||LEE", "LEE", "surname", 1 }, /* cut */
	{ MSH "PIDX|1||||LEE\r", "LEE", "", 1 },
};

START_TEST(reads)
{
	struct record r;

	record_read(&r, &hl7_extractor, cases[_i].data, strlen(cases[_i].data));
	ck_assert_str_eq(record_all(&r), cases[_i].data);
	ck_assert_ptr_nonnull(record_field(&r, cases[_i].value));
	ck_assert_str_eq(record_field(&r, cases[_i].value), cases[_i].field);
	ck_assert_uint_eq(record_find(&r, cases[_i].value)->record, cases[_i].record);
	ck_assert_uint_eq(r.bad_offsets, 0);
	record_done(&r);
}
END_TEST

/* Each is 4 MiB of the same. */
static const char *const floods[] = { "|",         "^",    "\r", "x",      "PID|",
				      "PID|1^|\r", "MSH|", "\v", "PID||~~" };

START_TEST(hostile)
{
	size_t len = 4 * MiB;
	char *data = flood_of(floods[_i], len);
	struct record r;
	uint64_t began = clock_ns();

	record_read(&r, &hl7_extractor, data, len);
	ck_assert_uint_eq(r.text.len, len);
	ck_assert_uint_lt(clock_ns() - began, PATIENCE * 20 * NS_PER_S);
	record_done(&r);
	free(data);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract hl7");
	TCase *tc = tcase_create("hl7");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, hostile, 0, ARRAY_SIZE(floods));
	suite_add_tcase(s, tc);
	return s;
}
