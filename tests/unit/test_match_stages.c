/*
 * test_match_stages.c - hits depend neither on the engine, nor the CPU, nor the cut
 *
 * The oracle is PCRE2 alone over the whole text as one window.
 */
#include "unit.h"

#include <stdio.h>

#include "bytemask.h"
#include "match_rules.h"
#include "matcher.h"

#define TEXT_BYTES ((size_t)20000)

static struct rule_list list;
static assay_ruleset *set;
static struct matcher *reference;
/* Staged, by enum match_isa; NULL: the CPU lacks it. */
static struct matcher *staged[MATCH_ISA_AVX512 + 1];

static void setup(void)
{
	struct assay_error err = { 0 };

	list = match_list();
	set = match_rules_compile(&list, &err);
	ck_assert_msg(set != NULL, "%s", err.detail);
	ck_assert_int_eq(matcher_new(set, MATCH_REFERENCE, MATCH_ISA_SCALAR, &reference, &err), 0);
	for (unsigned isa = 0; isa < ARRAY_SIZE(staged); isa++)
		if (matcher_new(set, MATCH_STAGED, (enum match_isa)isa, &staged[isa], &err) < 0)
			staged[isa] = NULL;
	ck_assert_ptr_nonnull(staged[MATCH_ISA_AUTO]);
	ck_assert_ptr_nonnull(staged[MATCH_ISA_SCALAR]);
}

static void teardown(void)
{
	for (unsigned isa = 0; isa < ARRAY_SIZE(staged); isa++)
		matcher_free(staged[isa]);
	matcher_free(reference);
	assay_ruleset_free(set);
}

/** Hits of a text cut into windows of `step`; indexes are into the text. */
static struct hits hits_of(struct matcher *m, const char *text, size_t len, size_t step)
{
	struct hits all = HITS_INIT, one = HITS_INIT;

	for (size_t own = 0; own < len; own += step) {
		size_t begin = own > WINDOW_BEHIND ? own - WINDOW_BEHIND : 0;
		size_t own_end = MIN(own + step, len);
		size_t end = MIN(own_end + RULE_REACH_MAX, len);
		/* An exact copy: a read past the pad shows under ASan. */
		char *copy = malloc(end - begin + WINDOW_PAD);
		struct window win = { copy, end - begin, own - begin, own_end - begin };

		memcpy(copy, text + begin, end - begin);
		memset(copy + (end - begin), own & 1 ? '0' : '<', WINDOW_PAD);
		one.list.len = 0;
		match_window(m, &win, &one);
		for (size_t i = 0; i < one.list.len; i++) {
			struct hit *h = vec_push(&all.list);

			ck_assert_ptr_nonnull(h);
			*h = one.list.items[i];
			h->start += (uint32_t)begin;
			h->begin += (uint32_t)begin;
			h->end += (uint32_t)begin;
		}
		all.dropped += one.dropped;
		all.gave_up += one.gave_up;
		free(copy);
	}
	vec_done(&one.list);
	return all;
}

static void assert_same(const struct hits *got, const struct hits *want, const char *text,
			const char *who)
{
	for (size_t i = 0; i < MAX(got->list.len, want->list.len); i++) {
		const struct hit *g = i < got->list.len ? &got->list.items[i] : NULL;
		const struct hit *w = i < want->list.len ? &want->list.items[i] : NULL;

		if (g && w && memcmp(g, w, sizeof(*g)) == 0)
			continue;
		w = w ? w : g;
		ck_abort_msg("%s: hit %zu of %zu (got %zu) differs: rule %s at %u: %.*s", who, i,
			     want->list.len, got->list.len, match_rules[w->rule].id, w->start,
			     (int)(w->end - w->start), text + w->start);
	}
	ck_assert_uint_eq(got->gave_up, want->gave_up);
}

static void done(struct hits *hits)
{
	vec_done(&hits->list);
}

static void assert_agree(const char *text, size_t len)
{
	static const size_t steps[] = { 1, 63, 64, 100, 257, 1000, 4096 };
	CLEANUP(done) struct hits want = hits_of(reference, text, len, len + 1);

	ck_assert_uint_eq(want.dropped, 0);
	for (unsigned isa = 0; isa < ARRAY_SIZE(staged); isa++) {
		CLEANUP(done) struct hits got = HITS_INIT;

		if (!staged[isa])
			continue;
		got = hits_of(staged[isa], text, len, len + 1);
		assert_same(&got, &want, text, matcher_isa(staged[isa]));
	}
	for (size_t i = len > 3000 ? 3 : 0; i < ARRAY_SIZE(steps); i++) {
		CLEANUP(done) struct hits got = hits_of(staged[0], text, len, steps[i]);

		assert_same(&got, &want, text, "windows");
	}
}

/* Every rule has a value, and every value is found by some rule. */
START_TEST(every_value)
{
	bool seen[MATCH_RULES] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(match_values); i++) {
		const char *text = match_values[i];
		CLEANUP(done) struct hits got = hits_of(staged[0], text, strlen(text), 1000);

		ck_assert_msg(got.list.len > 0, "no hit: %s", text);
		for (size_t j = 0; j < got.list.len; j++)
			seen[got.list.items[j].rule] = true;
		assert_agree(text, strlen(text));
	}
	for (size_t i = 0; i < MATCH_RULES; i++)
		ck_assert_msg(seen[i], "no value for rule %s", match_rules[i].id);
}
END_TEST

/* Each value at every place of a block, and at every distance from a border. */
START_TEST(every_offset)
{
	const char *value = match_values[_i];
	size_t len = strlen(value);
	char text[600];

	for (size_t shift = 0; shift < 130; shift++) {
		memset(text, shift & 1 ? '\n' : ' ', sizeof(text));
		memcpy(text + shift, value, len);
		memcpy(text + shift + 200, value, len);
		assert_agree(text, sizeof(text));
		/* and at the very end */
		assert_agree(text, shift + len);
	}
}
END_TEST

/* Each value cut short, one byte less at a time, from either side. */
START_TEST(short_buffers)
{
	const char *value = match_values[_i];

	for (size_t len = 0; len <= strlen(value); len++) {
		assert_agree(value, len);
		assert_agree(value + len, strlen(value) - len);
	}
}
END_TEST

/* Texts dense in near misses: pieces of values, digits, separators. */
START_TEST(dense_text)
{
	static const char *const glue[] = { "",    " ",  "-", ".",  "\n", "@", "_", "0",
					    "4",   "12", "a", "AB", "é",  "/", ",", "(",
					    "+44", ":",  "<", "  ", ")",  "9", "\t" };
	char *text = malloc(TEXT_BYTES + 64);
	size_t len = 0;

	srand((unsigned)_i + 1);
	while (len < TEXT_BYTES - 200) {
		const char *value = match_values[(size_t)rand() % ARRAY_SIZE(match_values)];
		size_t skip = rand() % 3 ? 0 : (size_t)rand() % strlen(value);
		size_t take = strlen(value + skip);
		const char *between = glue[(size_t)rand() % ARRAY_SIZE(glue)];

		if (rand() % 4 == 0)
			take = (size_t)rand() % (take + 1);
		memcpy(text + len, value + skip, take);
		if (rand() % 6 == 0 && take)
			text[len + (size_t)rand() % take] = (char)('0' + rand() % 10);
		len += take;
		memcpy(text + len, between, strlen(between));
		len += strlen(between);
	}
	assert_agree(text, len);
	free(text);
}
END_TEST

/* Random bytes of small alphabets: what a gate forgets turns up here. */
START_TEST(random_text)
{
	static const char *const alphabets[] = {
		"0123456789",
		"01234567890123456789 -",
		"0123456789 -.()+",
		"0123456789./",
		"AB0123456789",
		"AB01 ",
		"abAB0123456789 -/",
		"abcdef0123:",
		"0123456789:.",
		"PV<ABC0",
		"a.@-_b1",
		"12-34 5678,",
		"ABZ1 ",
		"0123456789abcdefABCDEF.:-/ <@+\n",
	};
	const char *alphabet = alphabets[(size_t)_i % ARRAY_SIZE(alphabets)];
	char *text = malloc(TEXT_BYTES);

	srand((unsigned)_i + 77);
	for (size_t i = 0; i < TEXT_BYTES; i++)
		text[i] = alphabet[(size_t)rand() % strlen(alphabet)];
	assert_agree(text, TEXT_BYTES);
	free(text);
}
END_TEST

/* A gate that looks the range up says no to nothing that the validator takes. */
START_TEST(phone_ranges)
{
	const struct rule rule = {
		RULE("telephone", SHAPE_PHONE,
		     "(?<![\\d+])(?:(?:\\+|00)44[ -]?(?:\\(0\\))?|\\(?0)\\d{2,4}\\)?[ -]?\\d{3,4}"
		     "[ -]?\\d{3,4}(?!\\d)"),
		.validator = validator_find("phone"),
	};
	const struct rule *rules[] = { &rule };
	const struct rule_list phones = { .rules = rules, .len = 1 };
	struct assay_error err = { 0 };
	assay_ruleset *alone = match_rules_compile(&phones, &err);
	struct matcher *slow = NULL, *fast = NULL;
	struct hits want = HITS_INIT, got = HITS_INIT;
	char text[40000 + WINDOW_PAD];
	struct window win = { text, 0, 0, 0 };

	ck_assert_msg(alone != NULL, "%s", err.detail);
	ck_assert_int_eq(matcher_new(alone, MATCH_REFERENCE, MATCH_ISA_SCALAR, &slow, &err), 0);
	ck_assert_int_eq(matcher_new(alone, MATCH_STAGED, MATCH_ISA_AUTO, &fast, &err), 0);
	ck_assert(fast->checked[SHAPE_PHONE]);
	for (unsigned i = 0; i < 1000; i++)
		win.len += (size_t)sprintf(text + win.len, "%s0%03u%s%03u %s%03u\n",
					   i % 7 ? "" : "(", i, i % 7 ? " " : ") ", rand() % 1000,
					   i % 3 ? "1" : "", rand() % 1000);
	win.len += (size_t)sprintf(text + win.len, "0044 20 7946 0958 0045 20 7946 0958 "
						   "0044 (0)161 496 0000 +44 7700 900123");
	win.own_end = win.len;
	match_window(slow, &win, &want);
	match_window(fast, &win, &got);
	ck_assert_uint_gt(want.list.len, 100);
	assert_same(&got, &want, text, "ranges");
	done(&want);
	done(&got);
	matcher_free(slow);
	matcher_free(fast);
	assay_ruleset_free(alone);
}
END_TEST

/* Chains of overlapping starts, where "first match wins" depends on the cut. */
START_TEST(chains)
{
	static const char *const unit[] = {
		"a.",
		"a@b.co.",
		"4111 1111 1111 1111 ",
		"999 000 0018 ",
		"1.2.3.4.",
		"AB123456C",
		"password=",
		"official-sensitive",
		"[",
		"7",
		"a1:",
		"<",
		"A1/",
		"LS1 4AP",
		"(0",
		"aws secret",
		"0.",
		"12-",
		"+44",
		"eyJ0123456789.",
	};
	char text[3000];
	size_t len = 0;

	while (len + strlen(unit[_i]) <= sizeof(text)) {
		memcpy(text + len, unit[_i], strlen(unit[_i]));
		len += strlen(unit[_i]);
	}
	assert_agree(text, len);
}
END_TEST

/* Linear on every input: a second each would be a thousand times too slow. */
START_TEST(floods)
{
	static const char *const unit[] = { "[",  "7",          "<",         "@", "a@", "0 ",
					    "1:", "password=x", "12-34-56 ", "A", "1.", "+4" };
	size_t bytes = 1000000;
	char *text = malloc(bytes + WINDOW_PAD);
	struct hits hits = HITS_INIT;
	uint64_t began = clock_ns();

	for (size_t i = 0; i < bytes; i++)
		text[i] = unit[_i][i % strlen(unit[_i])];
	for (size_t own = 0; own < bytes; own += WINDOW_BYTES) {
		struct window win = { text, bytes, own, MIN(own + WINDOW_BYTES, bytes) };

		hits.list.len = 0;
		match_window(staged[0], &win, &hits);
	}
	ck_assert_uint_eq(hits.gave_up, 0);
	ck_assert_uint_lt(clock_ns() - began, PATIENCE * 5 * NS_PER_S);
	vec_done(&hits.list);
	free(text);
}
END_TEST

/* Same masks from every implementation, for every byte at every place. */
START_TEST(masks)
{
	char data[4 * BLOCK_BYTES + BLOCK_BYTES];
	const char *name;
	bytemask_fn *scalar = bytemask_for(MATCH_ISA_SCALAR, &name);

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (char)(i * 7);
	for (size_t at = 0; at < BLOCK_BYTES; at++) {
		struct bytemask want;

		scalar(data + at, 1, &want);
		ck_assert_uint_eq(letters_for(MATCH_ISA_SCALAR)(data + at), want.letter);
	}
	for (unsigned isa = MATCH_ISA_AVX2; isa <= MATCH_ISA_AVX512; isa++) {
		bytemask_fn *fn = bytemask_for((enum match_isa)isa, &name);
		letters_fn *letters = letters_for((enum match_isa)isa);

		for (size_t at = 0; fn && at < BLOCK_BYTES; at++) {
			struct bytemask got[4], want[4];

			fn(data + at, 4, got);
			scalar(data + at, 4, want);
			ck_assert_mem_eq(got, want, sizeof(want));
			ck_assert_uint_eq(letters(data + at), want[0].letter);
		}
	}
}
END_TEST

START_TEST(cells)
{
	static const struct {
		const char *cell;
		bool is_hit;
	} cases[] = {
		{ "999 000 0018", true },
		{ "9990000018", true },
		{ "999 000 0019", false }, /* check digit */
		{ "x999 000 0018", false },
		{ "999 000 0018 ", false },
		{ "", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct hit hit;

		ck_assert_int_eq(
		    match_cell(staged[0], 1, cases[i].cell, strlen(cases[i].cell), &hit),
		    cases[i].is_hit);
		if (!cases[i].is_hit)
			continue;
		ck_assert_uint_eq(hit.start, 0);
		ck_assert_uint_eq(hit.end, strlen(cases[i].cell));
		ck_assert_uint_eq(hit.by_cell, 1);
		ck_assert_uint_eq(hit.verdict, VERDICT_CONFIRM);
	}
	/* a rule without a pattern for cells */
	ck_assert(!match_cell(staged[0], 0, "AB123456C", 9, &(struct hit){ 0 }));
}
END_TEST

/* Hits past the ceiling are counted, and what is kept is in order. */
START_TEST(ceiling)
{
	struct hits hits = { .list = VEC_INIT(100) };
	char text[3000 + WINDOW_PAD];
	struct window win = { text, 3000, 0, 3000 };

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = "a@b.co "[i % 7];
	match_window(staged[0], &win, &hits);
	ck_assert_uint_le(hits.list.len, 100);
	ck_assert_uint_ge(hits.list.len + hits.dropped, 3000 / 7);
	for (size_t i = 1; i < hits.list.len; i++)
		ck_assert_uint_lt(hits.list.items[i - 1].start, hits.list.items[i].start);
	vec_done(&hits.list);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("match_stages");
	TCase *tc = tcase_create("stages");

	tcase_add_unchecked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, every_value);
	tcase_add_loop_test(tc, every_offset, 0, ARRAY_SIZE(match_values));
	tcase_add_loop_test(tc, short_buffers, 0, ARRAY_SIZE(match_values));
	tcase_add_loop_test(tc, dense_text, 0, 12);
	tcase_add_loop_test(tc, random_text, 0, 28);
	tcase_add_test(tc, phone_ranges);
	tcase_add_loop_test(tc, chains, 0, 20);
	tcase_add_loop_test(tc, floods, 0, 12);
	tcase_add_test(tc, masks);
	tcase_add_test(tc, cells);
	tcase_add_test(tc, ceiling);
	suite_add_tcase(s, tc);
	return s;
}
