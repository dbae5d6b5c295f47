/*
 * test_engine_columns.c - what a column, a row and a paragraph make of weak evidence
 *
 * Numbers are made up as they are written, with their check digits; none is known to
 * be anyone's.
 */
#include "unit.h"

#include <stdio.h>

#include "engine.h"
#include "object.h"

static assay_ruleset *set;
static assay_scanner *scanner;
static const struct assay_scan_options options = {
	.limits = ASSAY_LIMITS_DEFAULT,
	.min_confidence = ASSAY_MEDIUM,
	.max_occurrences = 3,
};

/* What came of the last scan. */
static struct {
	uint64_t counts[RULES_MAX][ASSAY_CONFIDENCES], unique[RULES_MAX], records;
	char cell[RULES_MAX][16]; /* of the first one listed */
	enum assay_confidence listed[RULES_MAX];
} found;

static int on_object(void *ctx, const struct assay_object *o)
{
	(void)ctx;
	memset(&found, 0, sizeof(found));
	found.records = o->records;
	for (size_t i = 0; i < o->findings_len; i++) {
		const struct assay_finding *f = &o->findings[i];

		memcpy(found.counts[f->rule], f->counts, sizeof(f->counts));
		found.unique[f->rule] = f->unique;
		if (!f->occurrences_len)
			continue;
		found.listed[f->rule] = f->occurrences[0].confidence;
		if (f->occurrences[0].loc.cell)
			snprintf(found.cell[f->rule], sizeof(found.cell[0]), "%s",
				 f->occurrences[0].loc.cell);
	}
	return 0;
}

static const struct assay_sink sink = { .size = sizeof(sink), .object = on_object };

static unsigned rule(const char *id)
{
	for (unsigned i = 0; i < assay_ruleset_count(set); i++)
		if (strcmp(assay_ruleset_id(set, i), id) == 0)
			return i;
	ck_abort_msg("no rule %s", id);
	return 0;
}

static uint64_t count(const char *id, enum assay_confidence c)
{
	return found.counts[rule(id)][c];
}

/** Medium or high. */
static uint64_t reported(const char *id)
{
	return count(id, ASSAY_MEDIUM) + count(id, ASSAY_HIGH);
}

static void setup(void)
{
	struct assay_error err = { 0 };

	ck_assert_msg(assay_ruleset_builtin(&set, &err) == ASSAY_OK, "%s", err.detail);
	ck_assert_int_eq(assay_scanner_new(set, &options, &scanner, &err), ASSAY_OK);
}

static void teardown(void)
{
	assay_scanner_free(scanner);
	assay_ruleset_free(set);
}

static void scan(const char *name, const struct buf *text)
{
	struct assay_error err = { 0 };

	ck_assert(!text->failed);
	ck_assert_int_eq(assay_scan_buffer(scanner, text->data, text->len, name, &sink, &err),
			 ASSAY_OK);
}

static void scan_text(const char *name, const char *text)
{
	struct buf b = { .data = (char *)(uintptr_t)text, .len = strlen(text) };

	scan(name, &b);
}

/* Values. */

static uint64_t state;

static uint32_t random32(void)
{
	return (uint32_t)unit_random(&state);
}

/** 4xx xxx xxxx with its check digit; each `i` another one. */
static const char *nhs(unsigned i)
{
	static char text[11];
	unsigned sum, check;

	/* A tenth of all numbers has no check digit: go on to one that has. */
	for (unsigned serial = i * 7;; serial++) {
		snprintf(text, sizeof(text), "4%08u", serial % 100000000);
		sum = 0;
		for (unsigned k = 0; k < 9; k++)
			sum += (unsigned)(text[k] - '0') * (10 - k);
		check = (11 - sum % 11) % 11;
		if (check < 10)
			break;
	}
	text[9] = (char)('0' + check);
	text[10] = '\0';
	return text;
}

/** Ten digits, one in eleven of which checks. */
static const char *ten_digits(void)
{
	static char text[11];

	snprintf(text, sizeof(text), "4%09u", random32() % 1000000000);
	return text;
}

static const char *nino(unsigned i)
{
	static char text[10];

	snprintf(text, sizeof(text), "AB%06u%c", (i + 200000) % 1000000, "ABCD"[i % 4]);
	return text;
}

/* Columns. */

static void headless(struct buf *b, unsigned rows, const char *tail)
{
	for (unsigned i = 0; i < rows; i++)
		buf_printf(b, "row %u of these,%s,%u.50%s", i, nhs(i), i % 90,
			   i + 1 < rows ? "\n" : tail);
}

static const struct {
	unsigned rows;
	const char *tail;
	bool is_column;
} headless_cases[] = {
	{ 7, "\n", false }, /* too few to say */
	{ 8, "\n", true },   { 8, "", true }, { 60, "\n", true },
	{ 12000, "", true }, /* several windows; only a part of the rows is looked at */
};

START_TEST(a_column_needs_no_heading)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	headless(&b, headless_cases[_i].rows, headless_cases[_i].tail);
	scan("list.csv", &b);
	if (!headless_cases[_i].is_column) {
		ck_assert_uint_eq(reported("uk.nhs-number"), 0);
		ck_assert_uint_eq(count("uk.nhs-number", ASSAY_LOW), headless_cases[_i].rows);
		return;
	}
	/* All of them, those that were seen before it was known included. */
	ck_assert_uint_eq(reported("uk.nhs-number"), headless_cases[_i].rows);
	ck_assert_uint_eq(found.unique[rule("uk.nhs-number")], headless_cases[_i].rows);
	ck_assert_str_eq(found.cell[rule("uk.nhs-number")], "B");
	ck_assert_int_eq(found.listed[rule("uk.nhs-number")], ASSAY_MEDIUM);
	ck_assert_uint_eq(found.records, 0); /* one kind of data makes no record */
}
END_TEST

START_TEST(ten_digits_by_chance_are_no_column)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	/* Even beside something proved: so many pass by luck. */
	for (unsigned i = 0; i < 4000; i++)
		buf_printf(&b, "row %u of these,%s,%s\n", i, ten_digits(), _i ? nino(i) : "x");
	scan("list.csv", &b);
	ck_assert_uint_eq(reported("uk.nhs-number"), 0);
	ck_assert_uint_gt(count("uk.nhs-number", ASSAY_LOW), 200);
	ck_assert_uint_eq(reported("uk.nino"), _i ? 4000 : 0);
	ck_assert_uint_eq(found.records, 0);
}
END_TEST

/** Sixteen digits as a Visa card has them, with the right check digit or any. */
static const char *sixteen_digits(bool right)
{
	static char text[17];
	unsigned sum = 0;

	snprintf(text, sizeof(text), "4%07u%07u", random32() % 10000000, random32() % 10000000);
	for (unsigned i = 0; i < 15; i++) {
		unsigned v = (unsigned)(text[i] - '0') * (i % 2 ? 1 : 2);

		sum += v / 10 + v % 10;
	}
	text[15] = right ? (char)('0' + (10 - sum % 10) % 10) : (char)('0' + random32() % 10);
	text[16] = '\0';
	return text;
}

/* Ids that pass by luck, whatever they stand in; and cards among as many other numbers. */
static const struct {
	const char *name, *before, *after;
	unsigned rows, cards; /**< every so many-th is a card; 0: none on purpose */
	bool reported;
} luck_cases[] = {
	{ "a.log", "10:11:12 INFO session ", " opened\n", 3000, 0, false },
	{ "a.log", "10:11:12 INFO session ", " opened\n", 30000, 0, false }, /* windows */
	{ "a.log", "10:11:12 INFO session ", " opened\n", 3000, 2, true },
	{ "a.log", "10:11:12 INFO taken from ", "\n", 19, 1, true }, /* too few to say */
	{ "a.log", "10:11:12 INFO card ", "\n", 3000, 0, true },     /* it says so */
	{ "a.jsonl", "{\"event\":\"open\",\"ref\":\"", "\"}\n", 3000, 0, false },
	{ "a.jsonl", "{\"event\":\"open\",\"card\":\"", "\"}\n", 3000, 0, true },
	{ "a.csv", "a row,", ",of these\n", 3000, 0, false },
	{ "a.csv", "a row,", ",of these\n", 3000, 2, true },
	{ "a.csv", "a row,session ", " opened,of these\n", 3000, 0, false },
	{ "a.csv", "a row,taken from ", " today,of these\n", 3000, 2, true },
	{ "a.xml", "<v>", "</v>\n", 3000, 0, false },
	{ "a.txt", "", "; ", 3000, 0, false },
	{ "a.txt", "", "\n", 3000, 0, false },
};

START_TEST(few_of_many_numbers_are_luck)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);
	unsigned every = luck_cases[_i].cards;

	for (unsigned i = 0; i < luck_cases[_i].rows; i++)
		buf_printf(&b, "%s%s%s", luck_cases[_i].before,
			   sixteen_digits(every && i % every == 0), luck_cases[_i].after);
	scan(luck_cases[_i].name, &b);
	ck_assert_int_eq(reported("finance.card-number") > 0, luck_cases[_i].reported);
	if (every)
		ck_assert_uint_ge(reported("finance.card-number"), luck_cases[_i].rows / every);
	else
		ck_assert_uint_gt(reported("finance.card-number") +
				      count("finance.card-number", ASSAY_LOW),
				  luck_cases[_i].rows / 20);
}
END_TEST

START_TEST(a_column_may_be_half_empty)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	for (unsigned i = 0; i < 400; i++)
		buf_printf(&b, "\"row %u, of these\",%s,%u.50\n", i, i % 5 < 2 ? nhs(i) : "",
			   i % 90);
	scan("list.csv", &b);
	ck_assert_uint_eq(reported("uk.nhs-number"), 160);
}
END_TEST

START_TEST(half_a_column_is_none)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	for (unsigned i = 0; i < 400; i++)
		buf_printf(&b, "row %u of these,%s,%u.50\n", i, i % 2 ? nhs(i) : "none", i % 90);
	scan("list.csv", &b);
	ck_assert_uint_eq(reported("uk.nhs-number"), 0);
}
END_TEST

START_TEST(a_column_may_change_its_kind)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	for (unsigned i = 0; i < 30000; i++)
		buf_printf(&b, "row %u of these,%s,%u.50\n", i, ten_digits(), i % 90);
	for (unsigned i = 0; i < 60000; i++)
		buf_printf(&b, "row %u of these,%s,%u.50\n", i, nhs(i), i % 90);
	scan("list.csv", &b);
	/* Most of the latter, and next to none of the former. */
	ck_assert_uint_gt(reported("uk.nhs-number"), 30000);
	ck_assert_uint_le(reported("uk.nhs-number"), 60000);
}
END_TEST

START_TEST(json_keys_are_columns)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	buf_add_str(&b, "[");
	for (unsigned i = 0; i < 40; i++)
		buf_printf(&b, "%s{\"a\":%u,\"k\":\"%s\",\"q\":\"%s\",\"n\":null}", i ? "," : "", i,
			   nhs(i), ten_digits());
	buf_add_str(&b, "]");
	scan("list.json", &b);
	ck_assert_uint_eq(reported("uk.nhs-number"), 40);
}
END_TEST

/* A workbook's cells, as its extractor sends them. */
static void send_cell(struct object *o, const char *cell, uint64_t row, const char *text)
{
	struct segment seg = { .loc = { .sheet = "Sheet1", .cell = cell, .row = row } };
	struct segment gap = { .loc = { .sheet = "Sheet1", .row = row } };
	const struct source source = { .kind = SOURCE_DERIVED };
	struct assay_error err = { 0 };

	ck_assert_int_eq(stream_text(o->stream, &seg, text, strlen(text), source, &err), 0);
	ck_assert_int_eq(stream_text(o->stream, &gap, *cell == 'B' ? "\n" : "\t", 1, source, &err),
			 0);
}

START_TEST(sheets_have_columns)
{
	struct judge judge = { .set = set, .options = options };
	struct assay_object result = { 0 };
	struct assay_error err = { 0 };
	struct object *o;

	judge.value.limit = judge.mask.limit = 64 * KiB;
	roles_fill(&judge.roles, set);
	ck_assert_int_eq(matcher_new(set, MATCH_STAGED, MATCH_ISA_AUTO, &judge.matcher, &err),
			 ASSAY_OK);
	ck_assert_int_eq(context_new(set, &judge.context, &err), ASSAY_OK);
	keyed_init(&judge.mac, options.value_key);
	o = object_new(&judge);
	for (unsigned i = 1; i <= 9000; i++) {
		char cell[16];

		snprintf(cell, sizeof(cell), "A%u", i);
		send_cell(o, cell, i, nhs(i));
		cell[0] = 'B';
		send_cell(o, cell, i, _i ? nino(i) : ten_digits());
	}
	ck_assert_int_eq(object_finish(o, &err), ASSAY_OK);
	object_results(o, &result);
	on_object(NULL, &result);
	ck_assert_uint_eq(reported("uk.nhs-number"), 9000);
	ck_assert_str_eq(found.cell[rule("uk.nhs-number")], "A1");
	ck_assert_uint_eq(reported("uk.nino"), _i ? 9000 : 0);
	ck_assert_uint_eq(found.records, _i ? 9000 : 0);
	object_free(o);
	context_free(judge.context);
	matcher_free(judge.matcher);
	free(judge.steps);
	buf_done(&judge.value);
	buf_done(&judge.mask);
}
END_TEST

/* Neighbours. */

#define LINE_OF_TEXT "and so the letter goes on about the weather and the garden.\n"

static const struct {
	const char *name, *text;
	const char *rule;
	bool raised;
} neighbour_cases[] = {
	{ "a.txt", "The form says 4010232137 and also AB654321C, as before.\n", "uk.nhs-number",
	  true },
	{ "a.txt", "AB654321C\nthen 4010232137\n", "uk.nhs-number", true },
	/* another paragraph */
	{ "a.txt", "The form says 4010232137.\n \t\r\nAnd also AB654321C.\n", "uk.nhs-number",
	  false },
	/* too far away */
	{ "a.txt",
	  "4010232137\n" LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT
	      LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT
		  LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT LINE_OF_TEXT
		      LINE_OF_TEXT LINE_OF_TEXT "AB654321C\n",
	  "uk.nhs-number", false },
	/* two weak ones prove nothing of each other */
	{ "a.txt", "Numbers 4010232137 and 01134960000 and 4010232137\n", "uk.nhs-number", false },
	{ "a.txt", "Numbers 4010232137 and 01134960000 and 4010232137\n", "uk.phone-landline",
	  false },
	/* a word against it weighs as much */
	{ "a.txt", "Invoice 4010232137 for AB654321C\n", "uk.nhs-number", false },
	/* machines and mailboxes prove nobody's presence */
	{ "a.txt", "4010232137 jane.doe@example.org 203.0.113.9 00:1b:44:11:3a:b7\n",
	  "uk.nhs-number", false },
	{ "a.txt", "AB654321C 81.2.69.142\n", "net.ip-address", false },
	/* secrets are not persons */
	{ "a.txt", "4010232137 AKIAQ4ZMBN7X2WKJ5TDR\n", "uk.nhs-number", false },
	/* a line of code or of data is a record, the next is not */
	{ "a.c", "/* 4010232137 */\n/* AB654321C */\nint main(void) { return 0; }\n",
	  "uk.nhs-number", false },
	/* rows, headings or not */
	{ "a.csv", "a,b,c\nx,4010232137,AB654321C\nx,y,z\n", "uk.nhs-number", true },
	{ "a.csv", "a,b,c\nx,4010232137,y\nx,y,AB654321C\n", "uk.nhs-number", false },
	/* elements of an array; what is nested in an object belongs to it */
	{ "a.json", "[{\"p\":{\"a\":\"4010232137\"},\"b\":\"AB654321C\"},{\"a\":\"x\"}]\n",
	  "uk.nhs-number", true },
	{ "a.json", "[{\"a\":\"4010232137\",\"b\":\"x\"},{\"b\":\"AB654321C\"}]\n", "uk.nhs-number",
	  false },
	/* children of the root, and deeper those like the one before */
	{ "a.xml", "<l><p>\n<a>4010232137</a>\n<b>AB654321C</b>\n</p><p><a>x</a></p></l>\n",
	  "uk.nhs-number", true },
	{ "a.xml", "<l><p><a>4010232137</a></p><p><b>AB654321C</b></p></l>\n", "uk.nhs-number",
	  false },
	{ "a.xml", "<x><l><p><a>x</a></p><p><a>4010232137</a></p><p><b>AB654321C</b></p></l></x>\n",
	  "uk.nhs-number", false },
	{ "a.xml", "<x><l><p><a>x</a></p><p><a>4010232137</a>\n<b>AB654321C</b></p></l></x>\n",
	  "uk.nhs-number", true },
	{ "a.jsonl", "{\"a\":\"4010232137\",\"b\":\"x\"}\n{\"b\":\"AB654321C\"}\n", "uk.nhs-number",
	  false },
};

START_TEST(neighbours)
{
	scan_text(neighbour_cases[_i].name, neighbour_cases[_i].text);
	ck_assert_uint_gt(
	    reported(neighbour_cases[_i].rule) + count(neighbour_cases[_i].rule, ASSAY_LOW), 0);
	ck_assert_uint_eq(reported(neighbour_cases[_i].rule) > 0, neighbour_cases[_i].raised);
}
END_TEST

START_TEST(logs_stay_quiet)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	for (unsigned i = 0; i < 3000; i++)
		buf_printf(
		    &b,
		    "2025-11-02 10:%02u:%02u 81.2.%u.%u 00:1b:44:11:3a:%02u jane%u@example.org "
		    "took %u ms\n",
		    i / 60 % 60, i % 60, i % 200, i % 250, i % 100, i, i);
	scan("mail.log", &b);
	ck_assert_uint_eq(reported("net.ip-address"), 0);
	ck_assert_uint_eq(reported("net.mac-address"), 0);
	ck_assert_uint_eq(count("net.email", ASSAY_MEDIUM), 3000);
	ck_assert_uint_eq(count("net.email", ASSAY_HIGH), 0);
	ck_assert_uint_eq(found.records, 0);
}
END_TEST

/* Records. */

static void people(struct buf *b, unsigned rows)
{
	buf_add_str(b, "Name,NI number,NHS number,Email\n");
	for (unsigned i = 0; i < rows; i++) {
		buf_printf(b, "\"Person, No. %u\",%s,", i, nino(i));
		buf_printf(b, "%s,person%u@example.org\n", nhs(i), i);
	}
}

START_TEST(people_are_counted)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	people(&b, 5000);
	scan("people.csv", &b);
	ck_assert_uint_eq(found.records, 5000);
	ck_assert_uint_eq(reported("uk.nino"), 5000);
	ck_assert_uint_eq(found.unique[rule("uk.nino")], 5000);
	ck_assert_uint_eq(reported("uk.nhs-number"), 5000);
	ck_assert_uint_eq(found.unique[rule("uk.nhs-number")], 5000);
	ck_assert_uint_eq(reported("net.email"), 5000);
	ck_assert_uint_eq(found.unique[rule("net.email")], 5000);
}
END_TEST

START_TEST(json_people_are_counted)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	buf_add_str(&b, "{\"people\":[\n");
	for (unsigned i = 0; i < 5000; i++) {
		buf_printf(
		    &b, "%s  {\"name\": \"No. %u\", \"mail\": \"p%u@example.org\", \"ni\": \"%s\"",
		    i ? ",\n" : "", i, i, nino(i));
		buf_printf(&b, ", \"ids\": {\"nhs\": \"%s\"}}\n", nhs(i));
	}
	buf_add_str(&b, "]}\n");
	scan("people.json", &b);
	ck_assert_uint_eq(found.records, 5000);
	ck_assert_uint_eq(found.unique[rule("uk.nino")], 5000);
}
END_TEST

START_TEST(paragraphs_are_counted)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	/* Wherever windows are cut. */
	for (unsigned i = 0; i < 6000; i++) {
		buf_printf(&b, "%.*s", (int)(random32() % sizeof(LINE_OF_TEXT)), LINE_OF_TEXT);
		buf_printf(&b, "Born 1970, %s\n" LINE_OF_TEXT "or %s.\n\n", nino(i), nhs(i));
	}
	scan("letters.txt", &b);
	ck_assert_uint_eq(reported("uk.nino"), 6000);
	ck_assert_uint_eq(reported("uk.nhs-number"), 6000);
	ck_assert_uint_eq(found.records, 6000);
}
END_TEST

/* Rows longer than windows, let alone than what is kept of them. */
START_TEST(long_rows_are_one_record)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(16 * MiB);

	for (unsigned i = 0; i < 100; i++)
		buf_printf(&b, "%u,some notes,no %u\n", i, i);
	for (unsigned row = 0; row < 3; row++) {
		buf_printf(&b, "%u,\"%s", row, nino(row));
		for (unsigned i = 0; i < 50000; i++)
			buf_printf(&b, " %s,", i % 10000 == 5000 ? nhs(i) : "notes, notes");
		buf_printf(&b, "\",%s\n", nino(row + 10));
	}
	scan("notes.csv", &b);
	ck_assert_uint_eq(reported("uk.nino"), 6);
	/* Far behind the first identity of the row, they still have it beside them. */
	ck_assert_uint_eq(reported("uk.nhs-number"), 15);
	ck_assert_uint_eq(found.records, 3);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("engine_columns");
	TCase *tc = tcase_create("columns");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_column_needs_no_heading, 0, ARRAY_SIZE(headless_cases));
	tcase_add_loop_test(tc, ten_digits_by_chance_are_no_column, 0, 2);
	tcase_add_loop_test(tc, few_of_many_numbers_are_luck, 0, ARRAY_SIZE(luck_cases));
	tcase_add_test(tc, a_column_may_be_half_empty);
	tcase_add_test(tc, half_a_column_is_none);
	tcase_add_test(tc, a_column_may_change_its_kind);
	tcase_add_test(tc, json_keys_are_columns);
	tcase_add_loop_test(tc, sheets_have_columns, 0, 2);
	tcase_add_loop_test(tc, neighbours, 0, ARRAY_SIZE(neighbour_cases));
	tcase_add_test(tc, logs_stay_quiet);
	tcase_add_test(tc, people_are_counted);
	tcase_add_test(tc, json_people_are_counted);
	tcase_add_test(tc, paragraphs_are_counted);
	tcase_add_test(tc, long_rows_are_one_record);
	suite_add_tcase(s, tc);
	return s;
}
