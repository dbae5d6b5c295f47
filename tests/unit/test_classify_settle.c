/* test_classify_settle.c - which overlapping candidates stand */
#include "unit.h"

#include "settle.h"

/** The definition: the best of all open ones stands, what touches it falls. */
static bool better(const struct candidate *a, const struct candidate *b)
{
	/* On a site's list, proved by a validator, neither. */
	if (a->verdict != b->verdict)
		return a->verdict == VERDICT_KNOWN || b->verdict == VERDICT_UNDECIDED;
	if (a->end - a->begin != b->end - b->begin)
		return a->end - a->begin > b->end - b->begin;
	if (a->begin != b->begin)
		return a->begin < b->begin;
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence;
	return a->rule < b->rule;
}

static void settle_naively(const struct candidate *list, size_t len, uint8_t *dropped)
{
	CLEANUP(mem_freep) void *memory = calloc(len + 1, 1);
	uint8_t *settled = memory;

	for (;;) {
		size_t best = SIZE_MAX;

		for (size_t i = 0; i < len; i++)
			if (!settled[i] && (best == SIZE_MAX || better(&list[i], &list[best])))
				best = i;
		if (best == SIZE_MAX)
			return;
		for (size_t i = 0; i < len; i++) {
			if (settled[i] || list[i].begin >= list[best].end ||
			    list[best].begin >= list[i].end)
				continue;
			settled[i] = 1;
			dropped[i] = i != best;
		}
	}
}

static int by_begin(const void *a, const void *b)
{
	const struct candidate *ca = a, *cb = b;

	return ca->begin < cb->begin ? -1 : ca->begin > cb->begin;
}

static void fill(struct candidate *list, size_t len, uint64_t seed, uint64_t room, uint64_t longest)
{
	for (size_t i = 0; i < len; i++) {
		uint64_t begin = unit_random(&seed) % room;

		list[i] = (struct candidate){
			.begin = begin,
			.end = begin + 1 + unit_random(&seed) % longest,
			.rule = (uint16_t)(unit_random(&seed) % 3),
			.confidence = (uint8_t)(unit_random(&seed) % 2),
			.verdict = (uint8_t)(VERDICT_UNDECIDED + unit_random(&seed) % 3),
			.dropped = 7,
		};
	}
	qsort(list, len, sizeof(*list), by_begin);
}

START_TEST(agrees_with_the_definition)
{
	static const uint64_t rooms[] = { 20, 100, 1000, 5000 };
	struct candidate list[300];
	uint8_t want[300] = { 0 };
	size_t len = (size_t)_i * 7 % 300;

	fill(list, len, (uint64_t)_i, rooms[_i % 4], 1 + (uint64_t)_i % 40);
	settle_naively(list, len, want);
	ck_assert_uint_eq(settle(list, len, UINT64_MAX), len);
	for (size_t i = 0; i < len; i++)
		ck_assert_uint_eq(list[i].dropped, want[i]);
}
END_TEST

START_TEST(stops_at_what_is_not_sealed)
{
	struct candidate list[] = {
		{ .begin = 0, .end = 5 },
		{ .begin = 4, .end = 10 },
		{ .begin = 10, .end = 12 },
		{ .begin = 11, .end = 21 },
	};

	ck_assert_uint_eq(settle(list, 4, 20), 2);
	ck_assert_uint_eq(list[0].dropped, 1); /* shorter */
	ck_assert_uint_eq(list[1].dropped, 0);
	ck_assert_uint_eq(settle(list, 4, 10), 2);
	ck_assert_uint_eq(settle(list, 4, 9), 0);
	ck_assert_uint_eq(settle(list, 4, 21), 4);
	ck_assert_uint_eq(list[2].dropped, 1);
	ck_assert_uint_eq(settle(list, 0, 21), 0);
}
END_TEST

START_TEST(a_chain_keeps_every_second_one)
{
	struct candidate list[64];

	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		list[i] = (struct candidate){ .begin = i * 6, .end = i * 6 + 10 };
	ck_assert_uint_eq(settle(list, 64, UINT64_MAX), 64);
	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		ck_assert_uint_eq(list[i].dropped, i % 2);
}
END_TEST

/* A group of 200,000: a few hundred milliseconds even with sanitizers, or it is quadratic. */
START_TEST(a_hostile_group_is_settled_in_time)
{
	const size_t len = 200000;
	CLEANUP(mem_freep) void *memory = malloc(len * sizeof(struct candidate));
	struct candidate *list = memory;
	uint64_t began;

	ck_assert_ptr_nonnull(list);
	fill(list, len, 1, len, 50);
	list[0].begin = 0;
	list[0].end = len + 50; /* one to link them all, and nothing proved about it */
	list[0].verdict = VERDICT_UNDECIDED;
	began = clock_ns();
	ck_assert_uint_eq(settle(list, len, UINT64_MAX), len);
	ck_assert_uint_lt(clock_ns() - began, PATIENCE * 3 * NS_PER_S);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("settle");
	TCase *tc = tcase_create("settle");

	tcase_add_loop_test(tc, agrees_with_the_definition, 0, 400);
	tcase_add_test(tc, stops_at_what_is_not_sealed);
	tcase_add_test(tc, a_chain_keeps_every_second_one);
	tcase_add_test(tc, a_hostile_group_is_settled_in_time);
	suite_add_tcase(s, tc);
	return s;
}
