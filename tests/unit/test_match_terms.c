/*
 * test_match_terms.c - dictionaries are found alike by all engines, CPUs and cuts
 *
 * The oracle tries every term at every byte.
 */
#include "unit.h"

#include "arena.h"
#include "compile.h"
#include "matcher.h"
#include "terms.h"

#include <stdio.h>

#define TEXT_BYTES ((size_t)30000)

/* Leads of all kinds: alone, in pairs, behind short words, with the same beginning. */
static const char names[] = "Operation Kestrel\nOperation Kestrel Two\nOperation Elm\nKestrel\n"
			    "Red Kite\nthe (old) Anvil\nAnvilhead\nof it the Longestwordever\n"
			    "A-1 Harrier\nabc\nHarriers 12345678\nT\xC5\xB7 Gwyn\nx9y\n";
/* The same with no short term, so that short words are passed over. */
static const char long_names[] = "Operation Kestrel\nof it the Longestwordever\nHarriers 12345678\n"
				 "Anvilheaded\nOperation Elm\n";

static const char *const scraps[] = {
	"operation",
	"Kestrel",
	"KESTREL",
	"two",
	"elm",
	"red",
	"kite",
	"the",
	"(old)",
	"anvil",
	"anvilhead",
	"anvilheaded",
	"of",
	"it",
	"longestwordever",
	"longestwordevers",
	"a-1",
	"harrier",
	"harriers",
	"12345678",
	"abc",
	"x9y",
	"t\xC5\xB7",
	"T\xC5\xB6",
	"gwyn",
	"q",
	"\xC3\xA9",
	"",
};
static const char *const gaps[] = { " ", "  ", "\n", "_", "-", ",", ". ", "", "     ", "\n\n" };

static struct rule rule;
static const struct rule *rules[] = { &rule };
static struct rule_list list = { rules, 1, "v" };
static assay_ruleset *set;

static assay_ruleset *compile(const char *text)
{
	static struct arena arena;
	static struct term_list terms;
	struct ruleset_image image = { 0 };
	struct assay_error err = { 0 };
	char *copy;

	arena_done(&arena);
	copy = arena_copy(&arena, text, strlen(text));
	terms = (struct term_list){ .fold = true };
	ck_assert_msg(terms_parse(&arena, "t", copy, strlen(text), &terms, &err) == ASSAY_OK, "%s",
		      err.detail);
	rule = (struct rule){ .id = "t.t", .pack = "t", .shape = SHAPE_TERMS, .terms = &terms };
	ck_assert_int_eq(ruleset_image_make(&list, &image, &err), ASSAY_OK);
	ck_assert_int_eq(ruleset_from_image(&list, &image, &set, &err), ASSAY_OK);
	ruleset_image_done(&image);
	return set;
}

static void window(struct matcher *m, const char *text, size_t len, size_t own, size_t step,
		   struct hits *all)
{
	size_t begin = own > WINDOW_BEHIND ? own - WINDOW_BEHIND : 0;
	size_t own_end = MIN(own + step, len), end = MIN(own_end + RULE_REACH_MAX, len);
	/* An exact copy: a read past the pad shows under ASan. */
	char *copy = malloc(end - begin + WINDOW_PAD);
	struct window win = { copy, end - begin, own - begin, own_end - begin };
	struct hits one = HITS_INIT;

	memcpy(copy, text + begin, end - begin);
	memset(copy + (end - begin), 'k', WINDOW_PAD);
	match_window(m, &win, &one);
	for (size_t i = 0; i < one.list.len; i++) {
		struct hit *h = vec_push(&all->list);

		ck_assert_ptr_nonnull(h);
		*h = one.list.items[i];
		h->start += (uint32_t)begin;
		h->begin += (uint32_t)begin;
		h->end += (uint32_t)begin;
	}
	vec_done(&one.list);
	free(copy);
}

static struct hits hits_of(struct matcher *m, const char *text, size_t len, size_t step)
{
	struct hits all = HITS_INIT;

	for (size_t own = 0; own < len; own += step)
		window(m, text, len, own, step, &all);
	return all;
}

/** Seeded: the same text each time. */
static size_t make_text(char *text, uint32_t seed)
{
	size_t len = 0;

	while (len + 40 < TEXT_BYTES) {
		const char *a, *b;

		seed = seed * 1664525 + 1013904223;
		a = scraps[(seed >> 16) % ARRAY_SIZE(scraps)];
		b = gaps[(seed >> 8) % ARRAY_SIZE(gaps)];
		/* Mostly a space: else there would be few terms of several words. */
		len +=
		    (size_t)snprintf(text + len, TEXT_BYTES - len, "%s%s", a, seed >> 29 ? " " : b);
	}
	return len;
}

static void assert_same(const struct hits *got, const struct hits *want)
{
	ck_assert_uint_eq(got->list.len, want->list.len);
	for (size_t i = 0; i < got->list.len; i++) {
		ck_assert_uint_eq(got->list.items[i].start, want->list.items[i].start);
		ck_assert_uint_eq(got->list.items[i].end, want->list.items[i].end);
	}
}

START_TEST(same_hits)
{
	static const size_t steps[] = { TEXT_BYTES, 4096, 777, 64, 63 };
	const char *text_of[] = { names, long_names };
	struct matcher *reference, *m;
	struct assay_error err;
	static char text[TEXT_BYTES];
	size_t len = make_text(text, (uint32_t)_i), found = 0;

	compile(text_of[_i % 2]);
	ck_assert_uint_eq(set->terms->word_min, _i % 2 ? 8 : 3);
	ck_assert_int_eq(matcher_new(set, MATCH_REFERENCE, MATCH_ISA_SCALAR, &reference, &err), 0);
	for (unsigned isa = 0; isa <= MATCH_ISA_AVX512; isa++) {
		struct hits want = hits_of(reference, text, len, TEXT_BYTES);

		found = want.list.len;
		if (matcher_new(set, MATCH_STAGED, (enum match_isa)isa, &m, &err) < 0) {
			vec_done(&want.list);
			continue; /* the CPU lacks it */
		}
		for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
			struct hits got = hits_of(m, text, len, steps[i]);

			assert_same(&got, &want);
			vec_done(&got.list);
		}
		vec_done(&want.list);
		matcher_free(m);
	}
	ck_assert_uint_gt(found, 20);
	matcher_free(reference);
	assay_ruleset_free(set);
}
END_TEST

/* At every place of a block, and across its end. */
START_TEST(every_offset)
{
	static const char *const terms[] = { "Operation Kestrel", "the (old) Anvil",
					     "Harriers 12345678", "of it the Longestwordever" };
	struct matcher *m;
	struct assay_error err;
	char text[600];

	compile(names);
	ck_assert_int_eq(matcher_new(set, MATCH_STAGED, MATCH_ISA_AUTO, &m, &err), 0);
	for (size_t t = 0; t < ARRAY_SIZE(terms); t++)
		for (size_t at = 0; at < 200; at++) {
			struct hits got;
			bool found = false;

			memset(text, '.', sizeof(text));
			memcpy(text + at, terms[t], strlen(terms[t]));
			got = hits_of(m, text, at + strlen(terms[t]), sizeof(text));
			for (size_t i = 0; i < got.list.len; i++)
				found |= got.list.items[i].begin == at &&
					 got.list.items[i].end == at + strlen(terms[t]);
			ck_assert_msg(found, "%s at %zu", terms[t], at);
			vec_done(&got.list);
		}
	matcher_free(m);
	assay_ruleset_free(set);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("match_terms");
	TCase *tc = tcase_create("terms");

	tcase_set_timeout(tc, 120);
	tcase_add_loop_test(tc, same_hits, 0, 8);
	tcase_add_test(tc, every_offset);
	suite_add_tcase(s, tc);
	return s;
}
