/* test_classify_mask.c - what is shown of a value */
#include "unit.h"

#include "mask.h"

static const struct {
	enum assay_mask how;
	enum reveal reveal;
	uint32_t reveal_len;
	const char *value, *want;
} cases[] = {
	{ ASSAY_MASK_SHAPE, 0, 0, "AB123456C", "AA999999A" },
	{ ASSAY_MASK_SHAPE, 0, 0, "4111 1111 1111 1111", "9999 9999 9999 9999" },
	{ ASSAY_MASK_SHAPE, 0, 0, "jane.smith@police.uk", "aaaa.aaaaa@aaaaaa.aa" },
	{ ASSAY_MASK_SHAPE, 0, 0, "abcdefgh", "aaaaaaaa" },
	{ ASSAY_MASK_SHAPE, 0, 0, "abcdefghi", "a*9" },
	{ ASSAY_MASK_SHAPE, 0, 0, "ABCDEFGHIJKL1234567890", "A*129*10" },
	{ ASSAY_MASK_SHAPE, 0, 0, "Zo\xC3\xAB", "Aaa" },
	{ ASSAY_MASK_SHAPE, 0, 0, "\xD9\xA3\xD9\xA4", "aa" }, /* Arabic digits give nothing away */
	{ ASSAY_MASK_SHAPE, 0, 0, "a\x1B[1m\n", "a?[9a?" },
	{ ASSAY_MASK_SHAPE, 0, 0,
	  "a\xE2\x80\xAE"
	  "b",
	  "a?a" }, /* right-to-left override */
	{ ASSAY_MASK_SHAPE, 0, 0, "a\xFF", "a?" },
	{ ASSAY_MASK_SHAPE, 0, 0, "", "" },
	{ ASSAY_MASK_PARTIAL, REVEAL_NONE, 0, "AB123456C", "AA999999A" },
	{ ASSAY_MASK_PARTIAL, REVEAL_LAST, 1, "AB123456C", "********C" },
	{ ASSAY_MASK_PARTIAL, REVEAL_LAST, 4, "4111 1111 1111 1234", "************1234" },
	{ ASSAY_MASK_PARTIAL, REVEAL_LAST, 9, "4111111111111234",
	  "************1234" },                                     /* never 9 */
	{ ASSAY_MASK_PARTIAL, REVEAL_LAST, 4, "123456", "****56" }, /* a third */
	{ ASSAY_MASK_PARTIAL, REVEAL_LAST, 4, "12", "**" },
	{ ASSAY_MASK_PARTIAL, REVEAL_FIRST, 2, "SW1A 1AA", "SW*****" },
	{ ASSAY_MASK_PARTIAL, REVEAL_DOMAIN, 0, "jane@example.org", "*@example.org" },
	{ ASSAY_MASK_PARTIAL, REVEAL_DOMAIN, 0, "example.org", "aaaaaaa.aaa" },
	{ ASSAY_MASK_FULL, 0, 0, "AB123456C", "[uk.nino]" },
};

START_TEST(masks)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1000);
	struct rule rule = {
		.id = "uk.nino",
		.reveal = cases[_i].reveal,
		.reveal_len = cases[_i].reveal_len,
	};

	mask_value(&rule, cases[_i].how, cases[_i].value, strlen(cases[_i].value), &out);
	ck_assert_str_eq(out.data ? out.data : "", cases[_i].want);
}
END_TEST

START_TEST(long_values_are_cut)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1000);
	struct rule rule = { .reveal = REVEAL_LAST, .reveal_len = 4 };
	char value[3000];

	memset(value, '-', sizeof(value));
	mask_value(&rule, ASSAY_MASK_SHAPE, value, sizeof(value), &out);
	ck_assert_uint_eq(out.len, MASK_MAX);
	ck_assert_str_eq(out.data + out.len - 4, "-...");
	buf_clear(&out);
	memset(value, '7', sizeof(value));
	mask_value(&rule, ASSAY_MASK_PARTIAL, value, sizeof(value), &out);
	ck_assert_uint_le(out.len, MASK_MAX);
	ck_assert_str_eq(out.data + out.len - 5, "*7777");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("mask");
	TCase *tc = tcase_create("mask");

	tcase_add_loop_test(tc, masks, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, long_values_are_cut);
	suite_add_tcase(s, tc);
	return s;
}
