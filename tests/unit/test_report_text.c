/* test_report_text.c - the answer, the escapes, and the check of a log's chain */
#include "unit.h"

#include <fcntl.h>
#include <sys/mman.h>

#include "buf.h"
#include "checksum.h"
#include "report.h"

static const struct {
	const char *text, *want;
} escapes[] = {
	{ "plain name.txt", "plain name.txt" },
	{ "\xC3\xA9t\xC3\xA9", "\xC3\xA9t\xC3\xA9" },
	{ "a\x1b[2Jb", "a\\x1b[2Jb" },
	{ "a\nb", "a\\x0ab" },
	{ "back\\slash", "back\\\\slash" }, /* or escapes could be forged */
	{ "\xE2\x80\xAE"
	  "fdp.exe",
	  "\\u202efdp.exe" },
	{ "\xC2\x9B"
	  "31m",
	  "\\u009b31m" }, /* C1 CSI */
	{ "\xFF\xFE", "\\xff\\xfe" },
	{ "\xF3\xA0\x81\x81", "\\U000e0041" }, /* tag character */
};

START_TEST(hostile_text_is_escaped)
{
	CLEANUP(mem_freep) char *got = NULL;
	size_t len;
	FILE *out = open_memstream(&got, &len);

	report_escape(out, escapes[_i].text, strlen(escapes[_i].text));
	fclose(out);
	ck_assert_str_eq(got, escapes[_i].want);
}
END_TEST

/* ---- a log, written by hand ----------------------------------------------------- */

struct maker {
	struct buf log;
	unsigned seq;
};

#define MAKER_INIT \
	{ \
		.log = BUF_INIT(MiB) \
	}

static void event(struct maker *m, const char *type, const char *rest)
{
	ck_assert(buf_printf(&m->log, "{\"v\":1,\"type\":\"%s\",\"seq\":%u,\"run\":\"R\"%s%s}\n",
			     type, m->seq++, *rest ? "," : "", rest));
}

static void add_hash(struct maker *m, const char *key, struct buf *rest)
{
	struct checksum d;
	uint8_t sha[CHECKSUM_BYTES];

	checksum_begin(&d);
	checksum_bytes(&d, m->log.data, m->log.len);
	checksum_end(&d, sha);
	buf_printf(rest, "\"%s\":\"", key);
	for (size_t i = 0; i < sizeof(sha); i++)
		buf_printf(rest, "%02x", sha[i]);
	buf_add_byte(rest, '"');
}

static void finish(struct maker *m, const char *counters)
{
	CLEANUP(buf_done) struct buf rest = BUF_INIT(4096);

	add_hash(m, "sha256", &rest);
	buf_printf(&rest, ",\"bytes\":%zu", m->log.len);
	event(m, "checkpoint", rest.data);
	buf_clear(&rest);
	add_hash(m, "log_sha256", &rest);
	buf_printf(&rest,
		   ",\"exit\":5,\"sentence\":\"findings; incomplete.\",\"wall_ms\":1500,"
		   "\"bytes_read\":3141592,\"counters\":{%s}",
		   counters);
	event(m, "run_end", rest.data);
}

static void begin(struct maker *m)
{
	event(m, "run_begin",
	      "\"roots\":[{\"name\":\"share\"}],\"min_confidence\":\"medium\","
	      "\"emit\":\"notable\"");
}

static void sample(struct maker *m)
{
	begin(m);
	event(m, "object",
	      "\"obj\":\"1\",\"root\":\"share\",\"path\":\"a\\u001b[31m.txt\",\"inner\":[],"
	      "\"marking\":null,\"coverage\":\"partial\"");
	event(m, "finding",
	      "\"obj\":\"1\",\"rule\":\"secret.token\",\"severity\":\"critical\","
	      "\"confidence\":\"high\",\"counts\":{\"high\":1234,\"medium\":0,\"low\":9},"
	      "\"unique\":2,\"part\":0,\"occurrences\":[{\"loc\":{\"line\":3},"
	      "\"mask\":\"AAAA\\u202e\"},{\"loc\":{\"line\":9},\"mask\":\"AAAA\"}]");
	event(m, "finding",
	      "\"obj\":\"1\",\"rule\":\"secret.token\",\"part\":1,\"occurrences\":[]");
	event(m, "gap",
	      "\"obj\":\"1\",\"root\":\"share\",\"path\":\"a\",\"reason\":\"limit-size\","
	      "\"blocking\":true");
	event(m, "object",
	      "\"obj\":\"2\",\"root\":\"share\",\"path\":\"b.zip\",\"inner\":[\"c.txt\"],"
	      "\"marking\":{\"label\":\"SECRET\",\"tier\":3,\"where\":\"header\"},"
	      "\"coverage\":\"complete\"");
	event(m, "object",
	      "\"obj\":\"3\",\"root\":\"share\",\"path\":\"b.zip\",\"inner\":[],"
	      "\"marking\":{\"label\":\"SECRET\",\"tier\":3,\"where\":\"member\"},"
	      "\"coverage\":\"complete\"");
	event(m, "object",
	      "\"obj\":\"4\",\"root\":\"share\",\"path\":\"ordinary.txt\",\"inner\":[],"
	      "\"marking\":{\"label\":\"OFFICIAL\",\"tier\":1,\"where\":\"header\"},"
	      "\"coverage\":\"complete\"");
	finish(m, "\"enumerated\":1204,\"complete\":1203,\"partial\":1,\"none\":0,\"excluded\":0,"
		  "\"members\":1,\"notable\":4,\"findings\":1,\"new\":1,\"unchanged\":0,"
		  "\"updated\":0,\"suppressed\":0,\"gaps\":1");
}

static int file_of(const struct buf *b, size_t len)
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	ck_assert_int_eq(write(fd, b->data, len), (ssize_t)len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static char *render(const char *format, const struct maker *m, const struct report_options *o)
{
	CLEANUP(fd_closep) int fd = file_of(&m->log, m->log.len);
	struct assay_error err = { 0 };
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	enum assay_status st = reporter_find(format)->run(fd, out, o, &err);

	fclose(out);
	/* Of a log without an end the answer is shown, too, and the status tells. */
	ck_assert_msg(st != ASSAY_FATAL, "%s", err.detail);
	return text;
}

START_TEST(the_answer_puts_the_worst_first)
{
	static const char *const want[] = {
		" 1  share/b.zip!/c.txt", /* tier 3; its container is not listed again */
		"SECRET, header\n",
		" 2  share/a\\x1b[31m.txt",
		"unmarked, read in part\n",
		"high   secret.token  1,234  AAAA\\u202e",
		"line 3, 9\n",
		"By rule",
		"1,234          2  high\n",
		"Marked  SECRET 1 \xC2\xB7 OFFICIAL 1\n", /* a container repeats its member's */
		"Not read, or not in full\n",
		"1  size limit",
		"1,204 files \xC2\xB7 1,203 read in full \xC2\xB7 1 in part \xC2\xB7 1 item inside"
		"\n3.1 MB in 1.50 s\n",
		"Exit 5: findings; incomplete.\n",
		"Next  assay explain secret.token",
	};
	struct maker m = MAKER_INIT;
	const struct report_options o = { .width = 0 };
	CLEANUP(mem_freep) char *text = NULL;
	const char *at;

	sample(&m);
	at = text = render("text", &m, &o);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		const char *next = strstr(at, want[i]);

		ck_assert_msg(next, "missing: %s\nin: %s", want[i], text);
		at = next + strlen(want[i]);
	}
	ck_assert_ptr_null(strchr(text, '\x1b'));
	ck_assert_ptr_null(strstr(text, "\xE2\x80\xAE"));
	ck_assert_ptr_null(strstr(text, "ordinary.txt"));
	buf_done(&m.log);
}
END_TEST

START_TEST(nothing_found_is_said_in_few_lines)
{
	struct maker m = MAKER_INIT;
	const struct report_options o = { .width = 80 };
	CLEANUP(mem_freep) char *text = NULL;

	begin(&m);
	finish(&m, "\"enumerated\":3,\"complete\":3,\"partial\":0,\"none\":0,\"excluded\":0");
	text = render("text", &m, &o);
	ck_assert_str_eq(text, "Nothing found at medium confidence or above.\n"
			       "3 files \xC2\xB7 all read in full \xC2\xB7 3.1 MB in 1.50 s\n"
			       "Exit 5: findings; incomplete.\n");
	buf_done(&m.log);
}
END_TEST

START_TEST(a_log_without_an_end_is_never_clean)
{
	struct maker m = MAKER_INIT;
	const struct report_options o = { .width = 80 };
	CLEANUP(mem_freep) char *text = NULL;

	begin(&m);
	text = render("text", &m, &o);
	ck_assert_ptr_nonnull(strstr(text, "Nothing found in what could be read"));
	ck_assert_ptr_nonnull(strstr(text, "This log has no end"));
	buf_done(&m.log);
}
END_TEST

START_TEST(a_spill_shows_no_details)
{
	struct maker m = MAKER_INIT;
	const struct report_options o = { .show_values = true };
	CLEANUP(mem_freep) char *text = NULL;

	begin(&m);
	event(&m, "object",
	      "\"obj\":\"1\",\"root\":\"s\",\"path\":\"x\",\"inner\":[],\"verdicts\":[\"spill\"],"
	      "\"marking\":{\"label\":\"SECRET\",\"tier\":3}");
	event(&m, "finding",
	      "\"obj\":\"1\",\"rule\":\"uk.nino\",\"severity\":\"high\",\"confidence\":"
	      "\"high\",\"counts\":{\"high\":1},\"part\":0,\"occurrences\":[{\"loc\":"
	      "{\"line\":77},\"mask\":\"AA9\",\"value\":\"QQ123456C\"}]");
	text = render("text", &m, &o);
	ck_assert_ptr_nonnull(strstr(text, "withheld"));
	ck_assert_ptr_nonnull(strstr(text, "incident procedure"));
	ck_assert_ptr_null(strstr(text, "AA9"));
	ck_assert_ptr_null(strstr(text, "QQ123456C"));
	ck_assert_ptr_null(strstr(text, "line 77"));
	buf_done(&m.log);
}
END_TEST

START_TEST(only_the_top_is_kept)
{
	struct maker m = MAKER_INIT;
	const struct report_options o = { .top = 3 };
	CLEANUP(mem_freep) char *text = NULL;
	const char *one, *two, *three;

	begin(&m);
	for (unsigned i = 0; i < 100; i++) {
		char rest[512];

		snprintf(rest, sizeof(rest),
			 "\"obj\":\"%u\",\"root\":\".\",\"path\":\"f%02u\",\"inner\":[]", i, i);
		event(&m, "object", rest);
		snprintf(
		    rest, sizeof(rest),
		    "\"obj\":\"%u\",\"rule\":\"r\",\"severity\":\"low\",\"confidence\":\"medium\","
		    "\"counts\":{\"medium\":%u},\"part\":0",
		    i, i * 37 % 100);
		event(&m, "finding", rest);
	}
	text = render("text", &m, &o);
	one = strstr(text, " 1  f27"); /* 27 * 37 % 100 = 99 */
	two = strstr(text, " 2  f54");
	three = strstr(text, " 3  f81");
	ck_assert_msg(one && two && three && one < two && two < three, "%s", text);
	ck_assert_ptr_nonnull(strstr(text, "and 97 more files"));
	buf_done(&m.log);
}
END_TEST

START_TEST(formats_are_found_by_name)
{
	struct maker m = MAKER_INIT;
	const struct report_options o = { .top = 5 };
	CLEANUP(mem_freep) char *json = NULL;
	CLEANUP(mem_freep) char *jsonl = NULL;

	sample(&m);
	jsonl = render("jsonl", &m, &o);
	ck_assert_str_eq(jsonl, m.log.data);
	json = render("json", &m, &o);
	ck_assert_ptr_nonnull(strstr(json, "\"objects_total\":2,"));
	ck_assert_ptr_nonnull(strstr(json, "\"run_end\":{\"v\":1,"));
	ck_assert_ptr_null(reporter_find("nonesuch"));
	buf_done(&m.log);
}
END_TEST

/* ---- tampering ------------------------------------------------------------------ */

static enum assay_status verify(const struct buf *b, size_t len, struct assay_error *err)
{
	CLEANUP(fd_closep) int fd = file_of(b, len);

	return report_verify(fd, err);
}

START_TEST(a_whole_log_verifies)
{
	struct maker m = MAKER_INIT;
	struct assay_error err = { 0 };

	sample(&m);
	ck_assert_msg(verify(&m.log, m.log.len, &err) == ASSAY_OK, "%s", err.detail);
	buf_done(&m.log);
}
END_TEST

START_TEST(every_changed_byte_is_seen)
{
	struct maker m = MAKER_INIT;
	struct assay_error err = { 0 };
	size_t end;

	sample(&m);
	/* All but run_end itself, whose own text only a seal can hold. */
	for (end = m.log.len - 1; m.log.data[end - 1] != '\n'; end--)
		;
	for (size_t i = 0; i < end; i++) {
		m.log.data[i] ^= 1;
		ck_assert_msg(verify(&m.log, m.log.len, &err) == ASSAY_FAILED, "byte %zu", i);
		ck_assert_msg(strncmp(err.detail, "line ", 5) == 0, "%s", err.detail);
		m.log.data[i] ^= 1;
	}
	buf_done(&m.log);
}
END_TEST

START_TEST(every_removed_line_is_seen)
{
	struct maker m = MAKER_INIT;
	struct assay_error err = { 0 };

	sample(&m);
	for (size_t at = 0; at < m.log.len;) {
		CLEANUP(buf_done) struct buf less = BUF_INIT(MiB);
		size_t len = strcspn(m.log.data + at, "\n") + 1;

		buf_add(&less, m.log.data, at);
		buf_add(&less, m.log.data + at + len, m.log.len - at - len);
		ck_assert_int_eq(verify(&less, less.len, &err), ASSAY_FAILED);
		at += len;
	}
	buf_done(&m.log);
}
END_TEST

START_TEST(every_cut_is_seen)
{
	struct maker m = MAKER_INIT;
	struct assay_error err = { 0 };

	sample(&m);
	for (size_t len = 0; len < m.log.len; len++)
		ck_assert_int_eq(verify(&m.log, len, &err), ASSAY_FAILED);
	buf_done(&m.log);
}
END_TEST

START_TEST(counters_must_reconcile)
{
	static const struct {
		const char *counters;
		enum assay_status want;
	} rows[] = {
		{ "\"enumerated\":3,\"complete\":1,\"partial\":1,\"none\":0,\"excluded\":1",
		  ASSAY_OK },
		{ "\"enumerated\":4,\"complete\":1,\"partial\":1,\"none\":0,\"excluded\":1",
		  ASSAY_FAILED },
		{ "\"enumerated\":0,\"findings\":1,\"new\":1",
		  ASSAY_FAILED }, /* but none in the log */
		{ "\"enumerated\":0,\"gaps\":1", ASSAY_FAILED },
		{ "\"enumerated\":0,\"notable\":1", ASSAY_FAILED },
		{ "\"enumerated\":0,\"suppressed\":1", ASSAY_FAILED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct maker m = MAKER_INIT;
		struct assay_error err = { 0 };

		begin(&m);
		finish(&m, rows[i].counters);
		ck_assert_int_eq(verify(&m.log, m.log.len, &err), rows[i].want);
		buf_done(&m.log);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("report_text");
	TCase *tc = tcase_create("text");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, hostile_text_is_escaped, 0, ARRAY_SIZE(escapes));
	tcase_add_test(tc, the_answer_puts_the_worst_first);
	tcase_add_test(tc, nothing_found_is_said_in_few_lines);
	tcase_add_test(tc, a_log_without_an_end_is_never_clean);
	tcase_add_test(tc, a_spill_shows_no_details);
	tcase_add_test(tc, only_the_top_is_kept);
	tcase_add_test(tc, formats_are_found_by_name);
	tcase_add_test(tc, a_whole_log_verifies);
	tcase_add_test(tc, every_changed_byte_is_seen);
	tcase_add_test(tc, every_removed_line_is_seen);
	tcase_add_test(tc, every_cut_is_seen);
	tcase_add_test(tc, counters_must_reconcile);
	suite_add_tcase(s, tc);
	return s;
}
