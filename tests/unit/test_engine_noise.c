/* test_engine_noise.c - what is packed or encrypted says nothing, and hides nothing */
#include "unit.h"

#include <stdio.h>

#include "engine.h"
#include "object.h"

#define SIZE (16 * MiB)

static assay_ruleset *set;
static assay_scanner *scanner;
static uint64_t reported[RULES_MAX], all;
static char label[64];

static int on_object(void *ctx, const struct assay_object *o)
{
	(void)ctx;
	snprintf(label, sizeof(label), "%s", o->marking.label ? o->marking.label : "");
	for (size_t i = 0; i < o->findings_len; i++) {
		const struct assay_finding *f = &o->findings[i];

		reported[f->rule] = f->counts[ASSAY_MEDIUM] + f->counts[ASSAY_HIGH];
		all += reported[f->rule];
	}
	return 0;
}

static const struct assay_sink sink = { .size = sizeof(sink), .object = on_object };

static uint64_t count(const char *id)
{
	for (unsigned i = 0; i < assay_ruleset_count(set); i++)
		if (strcmp(assay_ruleset_id(set, i), id) == 0)
			return reported[i];
	ck_abort_msg("no rule %s", id);
	return 0;
}

static void setup(void)
{
	struct assay_scan_options options = {
		.limits = ASSAY_LIMITS_DEFAULT,
		.min_confidence = ASSAY_MEDIUM,
		.max_occurrences = 3,
	};
	struct assay_error err = { 0 };

	ck_assert_int_eq(assay_ruleset_builtin(&set, &err), ASSAY_OK);
	ck_assert_int_eq(assay_scanner_new(set, &options, &scanner, &err), ASSAY_OK);
	memset(reported, 0, sizeof(reported));
	all = 0;
}

static void teardown(void)
{
	assay_scanner_free(scanner);
	assay_ruleset_free(set);
}

/** Random bytes, the same each time. */
static char *noise(void)
{
	char *data = malloc(SIZE);
	uint64_t state = 42;

	ck_assert_ptr_nonnull(data);
	for (size_t i = 0; i < SIZE; i++)
		data[i] = (char)(unit_random(&state) >> 7);
	return data;
}

static void scan(const char *data)
{
	struct assay_error err = { 0 };

	ck_assert_int_eq(assay_scan_buffer(scanner, data, SIZE, "film.bin", &sink, &err), ASSAY_OK);
}

START_TEST(noise_is_quiet)
{
	char *data = noise();

	scan(data);
	ck_assert_uint_eq(all, 0);
	ck_assert_str_eq(label, "");
	free(data);
}
END_TEST

/* Each alone among noise, at odd places; the last over the edge of two blocks. */
static const char *const planted[] = {
	"\nOFFICIAL-SENSITIVE\n",
	"\nNational Insurance number AB123456C\n",
	"\nx.fenton@example.org\n",
	"\nAKIAQ3EGRT7YVN2XKLPD\n",
	"\ncard 4929 1234 5678 9015 exp 04/29\n",
};

START_TEST(what_noise_surrounds_is_found)
{
	char *data = noise();

	for (size_t i = 0; i < ARRAY_SIZE(planted); i++)
		memcpy(data + (i + 1) * MiB - 7 * (i + 1), planted[i], strlen(planted[i]));
	scan(data);
	ck_assert_uint_eq(count("uk.nino"), 1);
	ck_assert_uint_eq(count("net.email"), 1);
	ck_assert_uint_eq(count("secret.aws-access-key"), 1);
	ck_assert_uint_eq(count("finance.card-number"), 1);
	ck_assert_str_eq(label, "OFFICIAL-SENSITIVE");
	free(data);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("engine_noise");
	TCase *tc = tcase_create("noise");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, noise_is_quiet);
	tcase_add_test(tc, what_noise_surrounds_is_found);
	suite_add_tcase(s, tc);
	return s;
}
