/* test_work_wire.c - objects as bytes: round trips, and what is not believed */
#include "unit.h"

#include "wire.h"

#define RULES 40

static const uint8_t some_hashes[3][ASSAY_FP_BYTES] = { { 1 }, { 2, 3 }, { 255 } };

static const struct assay_occurrence occurrences[] = {
	{
	    .off = 0,
	    .len = 9,
	    .loc = { .line = 1, .col = 1 },
	    .confidence = ASSAY_HIGH,
	    .mask = "AA######A",
	    .fp = { 1, 2, 3 },
	},
	{
	    .off = ASSAY_NO_OFFSET,
	    .len = UINT32_MAX,
	    .loc = { UINT64_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT64_MAX, "Sheet1", "B7",
		     "xl/worksheets/sheet1.xml", "Subject" },
	    .confidence = ASSAY_LOW,
	    .region = ASSAY_NOTE,
	    .vis = ASSAY_OFF_PAGE,
	    .field = "nhs no",
	    .mask = "",
	    .value = "\xFF\x01",
	    .fp = { [15] = 0xFF },
	},
};

static const struct assay_finding findings[] = {
	{ .rule = 3,
	  .counts = { 1, 2, 300 },
	  .hidden = 4,
	  .unique = 5,
	  .values_fp = { 9 },
	  .occurrences = occurrences,
	  .occurrences_len = ARRAY_SIZE(occurrences) },
	{ .rule = RULES - 1, .counts = { UINT64_MAX, 0, 0 } },
};

static const struct work_hashes hashes[] = { { some_hashes, 3 }, { NULL, 0 } };

static const struct assay_gap gaps[] = {
	{ .reason = ASSAY_PERMISSION, .detail = "" },
	{ ASSAY_EXCLUDED_BY_RULE, true, "detail", "--max-depth", 8, 1 << 20, UINT64_MAX },
};

static const struct assay_inner inner[] = {
	{ "a\0b", 3, 0 },
	{ "", 0, UINT32_MAX },
};

static const struct assay_object full = {
	.inner = inner,
	.inner_len = ARRAY_SIZE(inner),
	.size = 123456789,
	.mime = "text/plain",
	.mime_by = "magic",
	.ext_mismatch = true,
	.coverage = ASSAY_PARTLY,
	.bytes = 127,
	.marking = { "OFFICIAL-SENSITIVE", "gscp", 2, ASSAY_HIGH, "header", "RECIPIENTS ONLY", "",
		     "header OFFICIAL-SENSITIVE; metadata SECRET", "metadata-text" },
	.records = 5000,
	.findings = findings,
	.findings_len = ARRAY_SIZE(findings),
	.gaps = gaps,
	.gaps_len = ARRAY_SIZE(gaps),
};

static struct wire_arena arena;

static void done_arena(void)
{
	wire_arena_done(&arena);
}

/* In memory of exactly that size, so that a sanitizer sees a read too far. */
static enum wire_verdict decode(const void *data, size_t len, struct wire_object *ret)
{
	wire_arena_clear(&arena);
	return wire_decode(data, len, RULES, &arena, ret);
}

static void assert_same_bytes(const struct wire_object *w, const void *data, size_t len)
{
	CLEANUP(buf_done) struct buf again = BUF_INIT(16 * MiB);

	ck_assert(wire_encode(&w->object, w->hashes, &again));
	ck_assert_uint_eq(again.len, len);
	ck_assert(memcmp(again.data, data, len) == 0);
}

START_TEST(round_trip)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1 * MiB);
	const struct assay_occurrence *o;
	struct wire_object w;

	ck_assert(wire_encode(&full, hashes, &out));
	ck_assert_int_eq(decode(out.data, out.len, &w), WIRE_OK);
	assert_same_bytes(&w, out.data, out.len);
	ck_assert_uint_eq(w.object.size, full.size);
	ck_assert_str_eq(w.object.mime, "text/plain");
	ck_assert(w.object.ext_mismatch);
	ck_assert_int_eq(w.object.coverage, ASSAY_PARTLY);
	ck_assert(memcmp(w.object.inner[0].name, "a\0b", 3) == 0);
	ck_assert_uint_eq(w.object.inner[1].ordinal, UINT32_MAX);
	ck_assert_str_eq(w.object.marking.handling, "RECIPIENTS ONLY");
	ck_assert_str_eq(w.object.marking.places, full.marking.places);
	ck_assert_str_eq(w.object.marking.conflicts, "metadata-text");
	ck_assert_uint_eq(w.object.records, 5000);
	ck_assert_uint_eq(w.object.findings_len, 2);
	ck_assert_uint_eq(w.object.findings[0].counts[2], 300);
	ck_assert_uint_eq(w.object.findings[1].counts[0], UINT64_MAX);
	o = &w.object.findings[0].occurrences[1];
	ck_assert_uint_eq(o->off, ASSAY_NO_OFFSET);
	ck_assert_uint_eq(o->loc.row, UINT64_MAX);
	ck_assert_str_eq(o->loc.header, "Subject");
	ck_assert_int_eq(o->vis, ASSAY_OFF_PAGE);
	ck_assert_str_eq(o->value, "\xFF\x01");
	ck_assert_ptr_null(w.object.findings[0].occurrences[0].value);
	ck_assert_str_eq(w.object.gaps[1].limit, "--max-depth");
	ck_assert_uint_eq(w.hashes[0].len, 3);
	ck_assert_uint_eq(w.hashes[0].hashes[2][0], 255);
	ck_assert_uint_eq(w.hashes[1].len, 0);
}
END_TEST

/* What an engine leaves out becomes "" where a reader need not expect NULL. */
START_TEST(empty_object)
{
	static const struct assay_object empty = { 0 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(1 * MiB);
	struct wire_object w;

	ck_assert(wire_encode(&empty, NULL, &out));
	ck_assert_int_eq(decode(out.data, out.len, &w), WIRE_OK);
	ck_assert_str_eq(w.object.mime, "");
	ck_assert_str_eq(w.object.mime_by, "");
	ck_assert_ptr_null(w.object.marking.label);
	ck_assert_ptr_null(w.hashes);
	/* A range without findings is not a file without hashes. */
	buf_clear(&out);
	ck_assert(wire_encode(&empty, hashes, &out));
	ck_assert_int_eq(decode(out.data, out.len, &w), WIRE_OK);
	ck_assert_ptr_nonnull(w.hashes);
}
END_TEST

START_TEST(truncations)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1 * MiB);
	struct wire_object w;

	ck_assert(wire_encode(&full, hashes, &out));
	for (size_t len = 0; len < out.len; len++) {
		uint8_t *cut = malloc(len + 1);

		memcpy(cut, out.data, len);
		ck_assert_int_eq(decode(cut, len, &w), WIRE_BAD);
		free(cut);
	}
	buf_add_byte(&out, 0); /* and one byte too many */
	ck_assert_int_eq(decode(out.data, out.len, &w), WIRE_BAD);
}
END_TEST

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* Whatever decodes is what its encoding says it is. */
START_TEST(mutations)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1 * MiB);
	uint64_t state = 0x9E3779B97F4A7C15;
	unsigned good = 0;

	ck_assert(wire_encode(&full, hashes, &out));
	for (unsigned round = 0; round < 200000; round++) {
		uint8_t *copy = malloc(out.len);
		struct wire_object w;

		memcpy(copy, out.data, out.len);
		for (uint64_t n = 1 + random_next(&state) % 3; n; n--)
			copy[random_next(&state) % out.len] = (uint8_t)random_next(&state);
		if (decode(copy, out.len, &w) == WIRE_OK) {
			assert_same_bytes(&w, copy, out.len);
			good++;
		}
		free(copy);
	}
	ck_assert_uint_gt(good, 1000);
}
END_TEST

/* One field out of range each. */
static void bad_rule(struct assay_object *o, struct assay_finding *f)
{
	(void)o;
	f->rule = RULES;
}

static void bad_double_rule(struct assay_object *o, struct assay_finding *f)
{
	(void)o;
	f->rule = RULES - 1;
}

static void bad_coverage(struct assay_object *o, struct assay_finding *f)
{
	(void)f;
	o->coverage = ASSAY_COVERAGES;
}

static void bad_tier(struct assay_object *o, struct assay_finding *f)
{
	(void)f;
	o->marking.tier = ASSAY_TIERS;
}

static void bad_region(struct assay_object *o, struct assay_finding *f)
{
	static struct assay_occurrence odd;

	(void)o;
	odd = occurrences[0];
	odd.region = ASSAY_REGIONS;
	f->occurrences = &odd;
	f->occurrences_len = 1;
}

static void bad_end(struct assay_object *o, struct assay_finding *f)
{
	static struct assay_occurrence odd;

	(void)o;
	odd = occurrences[0];
	odd.off = UINT64_MAX - 2;
	f->occurrences = &odd;
	f->occurrences_len = 1;
}

static void bad_reason(struct assay_object *o, struct assay_finding *f)
{
	static const struct assay_gap odd = { .reason = ASSAY_GAP_REASONS };

	(void)f;
	o->gaps = &odd;
	o->gaps_len = 1;
}

static void no_reason(struct assay_object *o, struct assay_finding *f)
{
	static const struct assay_gap odd = { .reason = ASSAY_REASON_NONE };

	(void)f;
	o->gaps = &odd;
	o->gaps_len = 1;
}

static void too_deep(struct assay_object *o, struct assay_finding *f)
{
	static struct assay_inner many[WIRE_INNER_MAX + 1];

	(void)f;
	o->inner = many;
	o->inner_len = ARRAY_SIZE(many);
}

static void (*const spoilers[])(struct assay_object *o, struct assay_finding *f) = {
	bad_rule, bad_double_rule, bad_coverage, bad_tier, bad_region,
	bad_end,  bad_reason,      no_reason,    too_deep,
};

START_TEST(implausible)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1 * MiB);
	struct assay_finding list[] = { findings[0], findings[1] };
	struct assay_object o = full;
	struct wire_object w;

	o.findings = list;
	spoilers[_i](&o, &list[0]);
	ck_assert(wire_encode(&o, hashes, &out));
	ck_assert_int_eq(decode(out.data, out.len, &w), WIRE_BAD);
}
END_TEST

static const struct {
	const char *bytes;
	size_t len;
} numbers[] = {
	{ "\x80\x00", 2 },                                  /* 0, not shortest */
	{ "\xFF\x80\x00", 3 },                              /* the same later */
	{ "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10 }, /* beyond 64 bits */
	{ "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x81\x01", 11 },
	{ "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 10 }, /* a list of 2^64 - 1 */
	{ "\xFF\xFF\xFF\xFF\x0F", 5 },                      /* a list of 2^32 - 1 */
};

START_TEST(odd_numbers)
{
	struct wire_object w;

	ck_assert_int_eq(decode(numbers[_i].bytes, numbers[_i].len, &w), WIRE_BAD);
}
END_TEST

START_TEST(cuts_long_strings)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(1 * MiB), text = BUF_INIT(1 * MiB);
	struct assay_object o = full;
	struct wire_object w;

	for (size_t i = 0; i < 2 * WIRE_STRING_MAX; i++)
		buf_add_byte(&text, 'x');
	o.mime = text.data;
	ck_assert(wire_encode(&o, hashes, &out));
	ck_assert_int_eq(decode(out.data, out.len, &w), WIRE_OK);
	ck_assert_uint_eq(strlen(w.object.mime), WIRE_STRING_MAX);
}
END_TEST

START_TEST(says_when_it_does_not_fit)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(100);

	ck_assert(!wire_encode(&full, hashes, &out));
}
END_TEST

/* Lists larger than a chunk of the arena, again and again. */
START_TEST(large_objects)
{
	enum { MANY = 5000 };
	CLEANUP(buf_done) struct buf out = BUF_INIT(16 * MiB);
	CLEANUP(mem_freep) struct assay_occurrence *many = calloc(MANY, sizeof(*many));
	struct assay_finding f = findings[0];
	struct assay_object o = full;
	struct wire_object w;

	for (size_t i = 0; i < MANY; i++) {
		many[i] = occurrences[i % 2];
		many[i].loc.line = i;
	}
	f.occurrences = many;
	f.occurrences_len = MANY;
	o.findings = &f;
	o.findings_len = 1;
	ck_assert(wire_encode(&o, NULL, &out));
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(decode(out.data, out.len, &w), WIRE_OK);
		ck_assert_uint_eq(w.object.findings[0].occurrences_len, MANY);
		ck_assert_uint_eq(w.object.findings[0].occurrences[MANY - 1].loc.line, MANY - 1);
	}
	assert_same_bytes(&w, out.data, out.len);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("work_wire");
	TCase *tc = tcase_create("wire");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, NULL, done_arena);
	tcase_add_test(tc, round_trip);
	tcase_add_test(tc, empty_object);
	tcase_add_test(tc, truncations);
	tcase_add_test(tc, mutations);
	tcase_add_loop_test(tc, implausible, 0, ARRAY_SIZE(spoilers));
	tcase_add_loop_test(tc, odd_numbers, 0, ARRAY_SIZE(numbers));
	tcase_add_test(tc, cuts_long_strings);
	tcase_add_test(tc, says_when_it_does_not_fit);
	tcase_add_test(tc, large_objects);
	suite_add_tcase(s, tc);
	return s;
}
