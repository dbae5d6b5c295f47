/* test_text_fold.c - the normal form, the way back, and the vector loops */
#include "unit.h"

#include <stdio.h>

#include "base.h"
#include "fold.h"

static const struct {
	const char *in, *want;
} cases[] = {
	{ "plain", "plain" },
	{ "QQ\xC2\xA0"
	  "12",
	  "QQ 12" }, /* NBSP */
	{ "1\xE2\x80\x93"
	  "2\xE2\x88\x92"
	  "3",
	  "1-2-3" },                                       /* en dash, minus */
	{ "\xEF\xBC\x94\xEF\xBC\x91\xEF\xBC\x91", "411" }, /* full-width digits */
	{ "\xEF\xBC\xA1\xEF\xBD\x9E", "A~" },              /* full-width ends */
	{ "\xF0\x9D\x9F\x8E\xF0\x9D\x9F\xBF", "09" },      /* mathematical digits */
	{ "41\xC2\xAD"
	  "11\xE2\x80\x8B"
	  "22",
	  "411122" },             /* soft hyphen, ZWSP */
	{ "\xEF\xBB\xBFx", "x" }, /* BOM */
	{ "\xE2\x80\x98q\xE2\x80\x9D", "'q\"" },
	{ "a\xA0"
	  "b\x96"
	  "c\x93"
	  "d\x94",
	  "a b-c\"d\"" },                                           /* cp1252 */
	{ "caf\xC3\xA9 \xE2\x82\xAC", "caf\xC3\xA9 \xE2\x82\xAC" }, /* stays */
	{ "\xC3\x96\xC3\xA0", "\xC3\x96\xC3\xA0" }, /* a continuation byte is no dash, no space */
	{ "\xE2\x80", "\xE2\x80" },                 /* cut */
	{ "", "" },
};

struct map {
	size_t folded[64], source[64], len;
};

static void note(void *ctx, size_t folded_at, size_t source_at)
{
	struct map *m = ctx;

	ck_assert_uint_lt(m->len, ARRAY_SIZE(m->folded));
	if (m->len)
		ck_assert_uint_gt(folded_at, m->folded[m->len - 1]);
	m->folded[m->len] = folded_at;
	m->source[m->len++] = source_at;
}

static size_t source_of(const struct map *m, size_t i)
{
	size_t at = i;

	for (size_t k = 0; k < m->len; k++)
		if (m->folded[k] <= i)
			at = m->source[k] + (i - m->folded[k]);
	return at;
}

START_TEST(folds)
{
	char data[64];
	size_t len = strlen(cases[_i].in), n;
	struct map m = { 0 };

	memcpy(data, cases[_i].in, len);
	n = fold(data, len, note, &m);
	ck_assert_uint_eq(n, strlen(cases[_i].want));
	ck_assert_mem_eq(data, cases[_i].want, n);
	/* What was not changed is found where it was. */
	for (size_t i = 0; i < n; i++)
		if (is_alnum(data[i]) && is_alnum(cases[_i].in[source_of(&m, i)]))
			ck_assert_int_eq(data[i], cases[_i].in[source_of(&m, i)]);
	/* Folding is done once: the folded stays. */
	ck_assert_uint_eq(fold(data, n, NULL, NULL), n);
}
END_TEST

START_TEST(maps_back)
{
	char data[] = "a\xE2\x80\x93"
		      "b\xE2\x80\x8B"
		      "c";
	struct map m = { 0 };

	ck_assert_uint_eq(fold(data, 9, note, &m), 4);
	ck_assert_uint_eq(source_of(&m, 0), 0);
	ck_assert_uint_eq(source_of(&m, 1), 1);
	ck_assert_uint_eq(source_of(&m, 2), 4);
	ck_assert_uint_eq(source_of(&m, 3), 8);
}
END_TEST

START_TEST(vectors_agree_with_bytes)
{
	static char data[1000];

	for (size_t len = 0; len < 400; len += 7)
		for (size_t at = 0; at <= len; at++) {
			size_t lines = 0;

			for (size_t i = 0; i < len; i++)
				data[i] = i % 9 == at % 9 ? '\n' : 'a';
			if (at < len)
				data[at] = (char)0xC3;
			for (size_t i = 0; i < len; i++)
				lines += data[i] == '\n';
			ck_assert_uint_eq(fold_ascii_prefix(data, len), at);
			ck_assert_uint_eq(fold_count_lines(data, len), lines);
		}
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = '\n';
	ck_assert_uint_eq(fold_count_lines(data, sizeof(data)), sizeof(data));
}
END_TEST

/* More lines than a byte-wide counter holds. */
START_TEST(counts_past_a_byte)
{
	size_t len = 1 * MiB;
	char *data = malloc(len);

	memset(data, '\n', len);
	ck_assert_uint_eq(fold_count_lines(data, len), len);
	ck_assert_uint_eq(fold_count_lines(data + 1, len - 3), len - 3);
	free(data);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("text fold");
	TCase *tc = tcase_create("fold");

	tcase_add_loop_test(tc, folds, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, maps_back);
	tcase_add_test(tc, vectors_agree_with_bytes);
	tcase_add_test(tc, counts_past_a_byte);
	suite_add_tcase(suite, tc);
	return suite;
}
