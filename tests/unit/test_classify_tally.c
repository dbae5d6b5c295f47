/* test_classify_tally.c - counts, distinct values and the first occurrences */
#include "unit.h"

#include <stdio.h>

#include "keyed.h"
#include "tally.h"

#define RULES 5

/** A candidate whose distinct value is `value`. */
static struct candidate candidate(unsigned rule, uint64_t value, uint64_t at)
{
	static const uint8_t key[16] = "test key 16 byte";
	struct candidate c = {
		.start = at,
		.begin = at,
		.end = at + 5,
		.rule = (uint16_t)rule,
		.confidence = (uint8_t)(value % ASSAY_CONFIDENCES),
		.hidden = value % 5 == 0,
	};

	keyed_sip128(key, &value, sizeof(value), c.hash);
	return c;
}

static void add(struct tally *t, uint64_t seed_of_one, uint64_t at)
{
	char mask[16];
	struct candidate c;
	struct assay_occurrence o = { .off = at, .loc.line = at / 10 + 1, .mask = mask };
	uint64_t seed = seed_of_one;

	c = candidate((unsigned)(unit_random(&seed) % RULES), unit_random(&seed) % 50, at);
	snprintf(mask, sizeof(mask), "m%llu", (unsigned long long)at);
	c.occurrence = &o;
	ck_assert(tally_add(t, &c));
	memset(mask, '!', sizeof(mask) - 1); /* it must have been copied */
}

static void same(struct tally *a, struct tally *b)
{
	size_t la, lb;
	const struct assay_finding *fa = tally_findings(a, &la), *fb = tally_findings(b, &lb);

	ck_assert_uint_eq(la, lb);
	for (size_t i = 0; i < la; i++) {
		ck_assert_uint_eq(fa[i].rule, fb[i].rule);
		ck_assert_mem_eq(fa[i].counts, fb[i].counts, sizeof(fa[i].counts));
		ck_assert_uint_eq(fa[i].hidden, fb[i].hidden);
		ck_assert_uint_eq(fa[i].unique, fb[i].unique);
		ck_assert_mem_eq(fa[i].values_fp, fb[i].values_fp, ASSAY_FP_BYTES);
		ck_assert_uint_eq(fa[i].occurrences_len, fb[i].occurrences_len);
		for (size_t o = 0; o < fa[i].occurrences_len; o++) {
			ck_assert_uint_eq(fa[i].occurrences[o].off, fb[i].occurrences[o].off);
			ck_assert_uint_eq(fa[i].occurrences[o].loc.line,
					  fb[i].occurrences[o].loc.line);
			ck_assert_str_eq(fa[i].occurrences[o].mask, fb[i].occurrences[o].mask);
		}
	}
}

static void merge(struct tally *into, struct tally *part, uint64_t lines)
{
	size_t len, hashes_len;
	const struct assay_finding *f = tally_findings(part, &len);

	for (size_t i = 0; i < len; i++) {
		const uint8_t(*hashes)[ASSAY_FP_BYTES] = tally_hashes(part, f[i].rule, &hashes_len);

		ck_assert(tally_merge(into, &f[i], hashes, hashes_len, lines));
	}
}

/* Parts in any order, with lines counted from each part's start, give the whole. */
START_TEST(any_split_gives_the_same)
{
	struct tally *whole = tally_new(RULES, 7), *merged = tally_new(RULES, 7);
	struct tally *parts[4];
	uint64_t seed = (uint64_t)_i, lines[4];
	uint64_t cut[5] = { 0, 100 * (unit_random(&seed) % 5), 500,
			    500 + 100 * (unit_random(&seed) % 5), 1000 };

	for (size_t p = 0; p < 4; p++) {
		parts[p] = tally_new(RULES, 7);
		lines[p] = cut[p] / 10;
		for (uint64_t at = cut[p]; at < cut[p + 1]; at++) {
			struct candidate c;
			struct assay_occurrence o = { .off = at, .mask = "m" };

			if (unit_random(&seed) % 3)
				continue;
			o.loc.line = at / 10 + 1;
			c = candidate((unsigned)(unit_random(&seed) % RULES),
				      unit_random(&seed) % 50, at);
			c.occurrence = &o;
			ck_assert(tally_add(whole, &c));
			o.loc.line -= lines[p];
			ck_assert(tally_add(parts[p], &c));
		}
	}
	for (size_t p = 0; p < 4; p++) {
		size_t which = (p * 3 + (size_t)_i) % 4;

		merge(merged, parts[which], lines[which]);
	}
	same(whole, merged);
	for (size_t p = 0; p < 4; p++)
		tally_free(parts[p]);
	tally_free(whole);
	tally_free(merged);
}
END_TEST

START_TEST(copies_what_it_lists)
{
	struct tally *t = tally_new(RULES, 3);
	const struct assay_finding *f;
	size_t len;

	for (uint64_t round = 0; round < 3; round++) {
		for (uint64_t at = 0; at < 200; at++)
			add(t, at, at);
		f = tally_findings(t, &len);
		ck_assert_uint_eq(len, RULES);
		for (size_t i = 0; i < len; i++) {
			ck_assert_uint_eq(f[i].occurrences_len, 3);
			ck_assert_int_eq(f[i].occurrences[0].mask[0], 'm');
			ck_assert(!tally_wants_occurrence(t, f[i].rule));
		}
		tally_clear(t);
		ck_assert(tally_wants_occurrence(t, 0));
		ck_assert_ptr_nonnull(t);
		tally_findings(t, &len);
		ck_assert_uint_eq(len, 0);
	}
	tally_free(t);
}
END_TEST

static void add_values(struct tally *t, uint64_t from, uint64_t to)
{
	for (uint64_t v = from; v < to; v++) {
		struct candidate c = candidate(0, v, v);

		ck_assert(tally_add(t, &c));
	}
}

/* Far more values than are kept: the estimate is near, and no order changes it, nor that
 * parts send their hashes unsorted. */
START_TEST(many_values_are_estimated)
{
	const uint64_t values = 300000;
	struct tally *whole = tally_new(RULES, 1), *merged = tally_new(RULES, 1);
	struct tally *a = tally_new(RULES, 1), *b = tally_new(RULES, 1);
	size_t len;
	const struct assay_finding *f;

	tally_is_part(a, _i == 1);
	tally_is_part(b, _i == 1);
	add_values(whole, 0, values);
	add_values(a, 100000, values);
	add_values(b, 0, 150000);
	merge(merged, a, 0);
	merge(merged, b, 0);
	f = tally_findings(whole, &len);
	ck_assert_uint_gt(f[0].unique, values * 98 / 100);
	ck_assert_uint_lt(f[0].unique, values * 102 / 100);
	tally_hashes(whole, 0, &len);
	ck_assert_uint_eq(len, TALLY_UNIQUE_MAX);
	ck_assert_uint_eq(tally_findings(merged, &len)->unique, f[0].unique);
	ck_assert_mem_eq(tally_findings(merged, &len)->values_fp, f[0].values_fp, ASSAY_FP_BYTES);
	tally_free(whole);
	tally_free(merged);
	tally_free(a);
	tally_free(b);
}
END_TEST

START_TEST(counts_exactly_up_to_the_limit)
{
	struct tally *t = tally_new(RULES, 1), *merged = tally_new(RULES, 1);
	struct candidate zero = { .rule = 0 }; /* a hash of zeros is a hash */
	size_t len;

	add_values(t, 1, TALLY_UNIQUE_MAX);
	add_values(t, 1, 1000);
	ck_assert(tally_add(t, &zero));
	ck_assert(tally_add(t, &zero));
	ck_assert_uint_eq(tally_findings(t, &len)->unique, TALLY_UNIQUE_MAX);
	merge(merged, t, 0);
	ck_assert_uint_eq(tally_findings(merged, &len)->unique, TALLY_UNIQUE_MAX);
	tally_free(t);
	tally_free(merged);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("tally");
	TCase *tc = tcase_create("tally");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, any_split_gives_the_same, 0, 40);
	tcase_add_test(tc, copies_what_it_lists);
	tcase_add_loop_test(tc, many_values_are_estimated, 0, 2);
	tcase_add_test(tc, counts_exactly_up_to_the_limit);
	suite_add_tcase(s, tc);
	return s;
}
