/* test_extract_stringrun.c - what is text among bytes of any kind, and what is noise */
#include "unit.h"

#include "stringrun.h"

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

static const struct {
	const uint8_t *data;
	size_t size;
	size_t len, ascii;
} runs[] = {
	{ BYTES("abc\x01"), 3, 3 },
	{ BYTES("a\tb\n"), 3, 3 },
	{ BYTES("\xC3\xA9tat"), 0, 0 }, /* begins with ASCII */
	{ BYTES("caf\xC3\xA9 au lait"), 13, 11 },
	{ BYTES("caf\xC3\xA9"), 5, 3 },
	{ BYTES("a\xE2\x82\xAC\xE2\x82\xAC"
		"b"),
	  8, 2 },
	{ BYTES("a \xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD\xD0\xBE\xD0\xB2 b"), 16, 4 },
	{ BYTES("a\xC2\x80"
		"b"),
	  1, 1 }, /* a control character */
	{ BYTES("caf\xE9 au lait"), 12, 11 },
	{ BYTES("caf\xE9"), 3, 3 }, /* nothing behind it */
	{ BYTES("M\xFCller"), 6, 5 },
	{ BYTES("1\xFC"
		"2"),
	  1, 1 }, /* no letter beside it */
	{ BYTES("a\xFC\xFC"
		"b"),
	  1, 1 },
	{ BYTES("a \x93so\x94, b"), 9, 7 },
	{ BYTES("pay \xA3"
		"20"),
	  7, 6 },
	{ BYTES("pay \xA3 20"), 4, 4 },
};

START_TEST(a_run_is_text)
{
	struct string_run run = string_run(runs[_i].data, runs[_i].size, 1000, false);

	ck_assert_uint_eq(run.len, runs[_i].len);
	ck_assert_uint_eq(run.ascii, runs[_i].ascii);
	ck_assert(!run.is_cut);
}
END_TEST

START_TEST(a_long_run_is_cut_between_characters)
{
	const char *text = "abcd\xC3\xA9\xC3\xA9"
			   "efgh";
	const uint8_t *data = (const uint8_t *)text;
	struct string_run run = string_run(data, strlen(text), 5, false);

	ck_assert(run.is_cut);
	ck_assert_uint_eq(run.len, 6);
	run = string_run(data + 6, strlen(text) - 6, 100, true);
	ck_assert(!run.is_cut);
	ck_assert_uint_eq(run.len, 6);
}
END_TEST

static const struct {
	const uint8_t *data;
	size_t size;
	size_t begin; /* where the run begins; the size: there is none */
} hints[] = {
	{ BYTES("abcdef\x01\x01\x01\x01"), 0 },
	{ BYTES("\x01\x01"
		"ab\x01"
		"cde\x01\x01\x01\x01"),
	  5 },
	{ BYTES("ab\x01\x01\x01\x01"), 6 },
	{ BYTES("Zo\xC3\xAB abc\x01\x01\x01\x01"), 0 },
	{ BYTES("Zo\xEB abc\x01\x01\x01\x01"), 0 },
	{ BYTES("\xC3\xABo abc\x01\x01\x01\x01"), 2 },
	{ BYTES("1\xFC"
		"2\xFC"
		"3abc\x01\x01\x01"),
	  4 },
	{ BYTES("a\0b\0c\0\x01\x01\x01"), 0 },
	{ BYTES("\x01\0a\0b\0c\x01\x01\x01"), 1 },
};

START_TEST(a_run_is_found_wherever_it_stands)
{
	uint8_t data[400];

	for (size_t at = 0; at < 200; at++) {
		bool none = hints[_i].begin == hints[_i].size;

		memset(data, 1, sizeof(data));
		memcpy(data + at, hints[_i].data, hints[_i].size);
		ck_assert_uint_eq(string_next(data, 0, sizeof(data), true),
				  none ? sizeof(data) : at + hints[_i].begin);
		/* Where to look again: not behind what may begin at the end. */
		ck_assert_uint_le(string_next(data, 0, at + hints[_i].size, false),
				  at + (none ? 0 : hints[_i].begin));
	}
}
END_TEST

static uint64_t state = 1;

static uint8_t random_byte(void)
{
	return (uint8_t)(unit_random(&state) >> 7);
}

START_TEST(random_bytes_are_noise)
{
	uint8_t data[NOISE_BYTES];
	unsigned meant = 0;

	for (unsigned block = 0; block < 1000; block++) {
		struct noise n = { 0 };

		for (size_t i = 0; i < sizeof(data); i++)
			data[i] = random_byte();
		noise_add(&n, data, block);
		ck_assert(!is_noise(&n));
		noise_add(&n, data + block, sizeof(data) - block);
		ck_assert(is_noise(&n));
		for (size_t at = string_next(data, 0, sizeof(data), true); at < sizeof(data);) {
			struct string_run run =
			    string_run(data + at, sizeof(data) - at, 1000, false);

			meant += run.ascii >= 6 && string_is_meant(data + at, &run);
			at = string_next(data, at + MAX(run.len, 1), sizeof(data), true);
		}
	}
	ck_assert_uint_lt(meant, 1000); /* in four megabytes */
}
END_TEST

START_TEST(text_code_and_tables_are_no_noise)
{
	struct noise text = { 0 }, words = { 0 }, mixed = { 0 };
	uint8_t data[NOISE_BYTES];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t) "the quick brown fox jumps over the lazy dog\n"[i % 44];
	noise_add(&text, data, sizeof(data));
	ck_assert(!is_noise(&text));
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = i % 4 ? 0 : random_byte();
	noise_add(&words, data, sizeof(data));
	ck_assert(!is_noise(&words));
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = i < 400 ? 'x' : random_byte();
	noise_add(&mixed, data, sizeof(data));
	ck_assert(!is_noise(&mixed));
}
END_TEST

static const struct {
	const uint8_t *data;
	size_t size;
	bool is_meant;
} meant[] = {
	{ BYTES("SECRET"), true },           { BYTES("x^SECRET~"), true },
	{ BYTES("TOP SECRET"), true },       { BYTES("AB123456C"), true },
	{ BYTES("A@bCD.eF"), false },        { BYTES("pw:y^qT0"), false },
	{ BYTES("S17WJ=~"), false },         { BYTES("jo@example.org"), true },
	{ BYTES("q#5&Zt9!mW(2)b.:"), true },
};

START_TEST(amid_noise_short_runs_must_say_something)
{
	struct string_run run = string_run(meant[_i].data, meant[_i].size, 1000, false);

	ck_assert_uint_eq(run.len, meant[_i].size);
	ck_assert_int_eq(string_is_meant(meant[_i].data, &run), meant[_i].is_meant);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_stringrun");
	TCase *tc = tcase_create("stringrun");

	tcase_add_loop_test(tc, a_run_is_text, 0, ARRAY_SIZE(runs));
	tcase_add_test(tc, a_long_run_is_cut_between_characters);
	tcase_add_loop_test(tc, a_run_is_found_wherever_it_stands, 0, ARRAY_SIZE(hints));
	tcase_add_test(tc, random_bytes_are_noise);
	tcase_add_test(tc, text_code_and_tables_are_no_noise);
	tcase_add_loop_test(tc, amid_noise_short_runs_must_say_something, 0, ARRAY_SIZE(meant));
	suite_add_tcase(s, tc);
	return s;
}
