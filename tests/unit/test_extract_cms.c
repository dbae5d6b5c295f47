/* test_extract_cms.c - signed messages: the security label among their attributes */
#include "unit.h"

#include "record_sink.h"

extern const struct extractor cms_extractor;

#define LIT(x) x, sizeof(x) - 1
#define SIGNED "0\x80\6\x09*\x86H\x86\xF7\r\1\7\2\xA0\x80 something signed \0\0"
#define LABEL "\6\x0b*\x86H\x86\xF7\r\1\x09\x10\2\2"

static void run(struct record *r, const void *data, size_t len)
{
	struct assay_error err;
	struct input in;

	record_init(r, data, len);
	input_from_mem(&in, data, len);
	ck_assert_int_eq(cms_extractor.run(&in, &r->sink, &err), ASSAY_OK);
	input_done(&in);
	ck_assert_uint_eq(r->bad_offsets, 0);
}

static const struct {
	const char *data;
	size_t len;
	const char *want[3]; /* class, policy, words */
} labels[] = {
	{ LIT(SIGNED LABEL "\x31\x1b\x31\x19\2\1\4\6\7*\x83:\1\2\3\4\x13\x0bUK SECRET A"),
	  { "SECRET\n", "1.2.442.1.2.3.4\n", "UK SECRET A\n" } },
	{ LIT(SIGNED LABEL "\x31\x09\x31\x07\2\1\5\6\2*\3"), { "TOP SECRET\n", "1.2.3\n" } },
	{ LIT(SIGNED LABEL "\x31\x0a\x31\x08\2\2\1\0\6\2*\3"), { "256\n", "1.2.3\n" } },
	{ LIT(SIGNED LABEL "\x31\x0d\x31\x0b\6\2*\3\x0c\5words"), { NULL, "1.2.3\n", "words\n" } },
	{ LIT(SIGNED LABEL "\x31\x81\x09\x31\x07\2\1\1\6\2*\3"), { "UNCLASSIFIED\n", "1.2.3\n" } },
};

START_TEST(label)
{
	static const char *const fields[] = { "ESSSecurityLabel", "ESSSecurityLabel policy",
					      "ESSSecurityLabel privacy mark" };
	struct record r;

	run(&r, labels[_i].data, labels[_i].len);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (!labels[_i].want[i])
			continue;
		ck_assert_ptr_nonnull(record_find(&r, labels[_i].want[i]));
		ck_assert_str_eq(record_field(&r, labels[_i].want[i]), fields[i]);
	}
	ck_assert(record_has(&r, "something signed"));
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
}
END_TEST

START_TEST(cut)
{
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++)
		for (size_t len = 0; len < labels[i].len; len++) {
			CLEANUP(mem_freep) char *copy = malloc(len + 1);
			struct record r;

			memcpy(copy, labels[i].data, len);
			run(&r, copy, len);
			record_done(&r);
		}
}
END_TEST

START_TEST(encrypted)
{
	struct record r;

	run(&r, LIT("0\x82\1\0\6\x09*\x86H\x86\xF7\r\1\7\3\xA0 noise"));
	ck_assert(record_has_gap(&r, ASSAY_ENCRYPTED));
	record_done(&r);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("cms");
	TCase *tc = tcase_create("all");

	tcase_add_loop_test(tc, label, 0, ARRAY_SIZE(labels));
	tcase_add_test(tc, cut);
	tcase_add_test(tc, encrypted);
	suite_add_tcase(s, tc);
	return s;
}
