/* test_run_log.c - the run log: keys, identities, line limit, counters */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>

#include "buf.h"
#include "hex.h"
#include "keyed.h"
#include "log.h"
#include "logline.h"
#include "ruleset.h"

static const struct rule nino = {
	.id = "uk.nino",
	.category = "personal.identifier",
	.severity = ASSAY_SEVERITY_HIGH,
	.version = "0123456789abcdef",
};
static const struct rule email = {
	.id = "net.email",
	.category = "personal.contact",
	.severity = ASSAY_SEVERITY_MEDIUM,
	.version = "fedcba9876543210",
};
static const struct rule *const rules[] = { &nino, &email };
static const struct rule_list list = {
	.rules = rules,
	.len = ARRAY_SIZE(rules),
	.version = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
};
static const assay_ruleset set = { .list = &list };
static const struct log_root roots[] = { { "share", "/srv/share", "ext4" } };

static struct log *open_log(int fd, bool emit_all)
{
	const struct log_options options = {
		.path_key = { 7 },
		.min_confidence = ASSAY_MEDIUM,
		.emit_all = emit_all,
	};
	const struct log_begin begin = {
		.rules = &set,
		.rules_name = "builtin",
		.roots = roots,
		.roots_len = ARRAY_SIZE(roots),
		.mask = "shape",
		.sandbox = "seccomp",
		.isa = "avx2",
		.engine = "staged",
		.workers = 2,
		.key_id = { 1, 2, 3, 4 },
	};
	struct assay_error err = { 0 };
	struct log *log = NULL;

	ck_assert_int_eq(log_new(fd, &options, &log, &err), ASSAY_OK);
	ck_assert_int_eq(log_begin(log, &begin, &err), ASSAY_OK);
	return log;
}

static void close_log(struct log *log)
{
	const struct log_end end = { "complete", 0, "complete; nothing found.", 10, 5 };
	struct assay_error err;

	ck_assert_int_eq(log_end(log, &end, &err), ASSAY_OK);
	log_free(log);
}

/** All of a file, NUL-terminated; free it. */
static char *slurp(int fd)
{
	off_t len = lseek(fd, 0, SEEK_END);
	char *text = calloc(1, (size_t)len + 1);

	ck_assert(text && pread(fd, text, (size_t)len, 0) == len);
	return text;
}

static int scratch(void)
{
	int fd = memfd_create("log", MFD_CLOEXEC);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static const struct assay_occurrence one = {
	.off = 1234,
	.len = 9,
	.loc = { .line = 3, .col = 7 },
	.confidence = ASSAY_HIGH,
	.mask = "AA999999A",
	.fp = { 0xab },
};

START_TEST(keys_come_in_the_order_of_the_contract)
{
	static const struct assay_occurrence two = {
		.off = ASSAY_NO_OFFSET,
		.len = 9,
		.loc = { .sheet = "Pay \"1\"", .cell = "B2" },
		.confidence = ASSAY_MEDIUM,
		.region = ASSAY_COMMENT,
		.vis = ASSAY_HIDDEN_SHEET,
		.field = "NI no",
		.mask = "AA999999A",
		.value = "QQ123456C",
	};
	const struct assay_occurrence both[] = { one, two };
	const struct assay_finding found[] = {
		{ .rule = 0,
		  .counts = { 1, 1, 1 },
		  .hidden = 1,
		  .unique = 2,
		  .occurrences = both,
		  .occurrences_len = 2 },
		{ .rule = 1, .counts = { 5, 0, 0 }, .unique = 1 },
	};
	const struct assay_inner inner[] = { { "x/notes.docx", 12, 4 } };
	const struct assay_gap gap = { .reason = ASSAY_LIMIT_DEPTH,
				       .blocking = true,
				       .detail = "inner archive",
				       .limit = "max-depth",
				       .limit_value = 8,
				       .bytes_examined = 10 };
	const struct assay_object object = {
		.inner = inner,
		.inner_len = 1,
		.size = 48213,
		.mime = "text/plain",
		.mime_by = "magic",
		.coverage = ASSAY_PARTLY,
		.bytes = 48000,
		.records = 7,
		.marking = { "OFFICIAL-SENSITIVE", "gscp", 2, ASSAY_HIGH, "header",
			     "RECIPIENTS ONLY; DELETE AFTER USE", "COMMERCIAL",
			     "header OFFICIAL-SENSITIVE; metadata TOP SECRET",
			     "metadata-text; caveat" },
		.findings = found,
		.findings_len = 2,
		.gaps = &gap,
		.gaps_len = 1,
	};
	static const char *const want[] = {
		"\"type\":\"run_begin\"",
		"\"schema\":\"assay.run/1\"",
		"\"rules\":{\"name\":\"builtin\",\"version\":\"0011223344556677\"",
		"\"key_id\":\"01020304\",\"mask\":\"shape\"",
		"{\"v\":1,\"type\":\"object\",\"seq\":1,\"ts\":\"",
		"\"root\":\"share\",\"path\":\"HR/a.zip\",\"inner\":[\"x/notes.docx\"],"
		"\"size\":48213,\"mtime\":null,\"ctime\":null,\"mime\":\"text/plain\","
		"\"mime_by\":\"magic\",\"ext_mismatch\":false,\"sha256\":null,\"owner\":null,"
		"\"mode\":null,\"acl_id\":null,\"exposure\":null,\"marking\":{\"label\":"
		"\"OFFICIAL-SENSITIVE\",\"scheme\":\"gscp\",\"tier\":2,\"handling\":[\"RECIPIENTS "
		"ONLY\",\"DELETE AFTER USE\"],\"descriptors\":[\"COMMERCIAL\"],\"where\":"
		"\"header\",\"confidence\":\"high\",\"places\":[{\"where\":\"header\",\"label\":"
		"\"OFFICIAL-SENSITIVE\"},{\"where\":\"metadata\",\"label\":\"TOP SECRET\"}],"
		"\"conflicts\":[\"metadata-text\",\"caveat\"]},\"label\":null,\"why\":[],"
		"\"verdicts\":[\"marking-conflict\"],"
		"\"risk\":null,\"risk_parts\":null,\"age_days\":null,\"retention\":null,"
		"\"dup\":null,\"coverage\":\"partial\",\"cached\":false,\"state\":\"new\","
		"\"bytes\":48000,\"records\":7,\"low\":{\"net.email\":5}}\n",
		"\"type\":\"finding\",\"seq\":2,",
		"\"rule\":\"uk.nino\",\"rule_version\":\"0123456789abcdef\",\"category\":"
		"\"personal.identifier\",\"severity\":\"high\",\"confidence\":\"high\","
		"\"counts\":{\"high\":1,\"medium\":1,\"low\":1},\"unique\":2,\"values_fp\":",
		"\"hidden\":1,\"state\":\"new\",\"suppressed\":null,\"occurrences\":["
		"{\"off\":1234,\"len\":9,\"loc\":{\"line\":3,\"col\":7},\"conf\":\"high\","
		"\"mask\":\"AA999999A\",\"fp\":\"ab000000000000000000000000000000\"},"
		"{\"off\":null,\"len\":9,\"loc\":{\"sheet\":\"Pay \\\"1\\\"\",\"cell\":\"B2\"},"
		"\"conf\":\"medium\",\"region\":\"comment\",\"field\":\"NI no\",\"vis\":"
		"\"hidden-sheet\",\"mask\":\"AA999999A\",\"fp\":"
		"\"00000000000000000000000000000000\",\"value\":\"QQ123456C\"}],"
		"\"truncated\":false,\"part\":0}\n",
		"\"type\":\"gap\",\"seq\":3,",
		"\"reason\":\"limit-depth\",\"detail\":\"inner archive\",\"limit\":{\"name\":"
		"\"max-depth\",\"value\":8},\"bytes_examined\":10,\"bytes_total\":null,"
		"\"blocking\":true}\n",
		"\"type\":\"checkpoint\",\"seq\":4,",
		"\"type\":\"run_end\",\"seq\":5,",
		"\"counters\":{\"enumerated\":0,\"complete\":0,\"partial\":0,\"none\":0,"
		"\"excluded\":0,\"members\":1,\"notable\":1,\"findings\":1,\"new\":1,",
		"\"gaps\":1,\"blocking_gaps\":1,\"notices\":0,\"marked\":[0,0,1,0,0]},"
		"\"log_sha256\":\"",
	};
	const struct log_file file = { 0, "HR/a.zip", NULL };
	CLEANUP(fd_closep) int fd = scratch();
	CLEANUP(mem_freep) char *text = NULL;
	struct log *log = open_log(fd, false);
	const char *at;

	ck_assert_int_eq(log_object(log, &file, &object, NULL), ASSAY_OK);
	close_log(log);
	text = slurp(fd);
	at = text;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		at = strstr(at, want[i]);
		ck_assert_msg(at, "missing or out of order: %s\nin %s", want[i], text);
	}
	ck_assert_ptr_null(strstr(text, "\"rule\":\"net.email\""));
}
END_TEST

START_TEST(only_notable_objects_are_written)
{
	static const struct assay_finding low = { .rule = 1, .counts = { 3, 0, 0 } };
	const struct assay_object objects[] = {
		{ .coverage = ASSAY_COMPLETE, .bytes = 5 },
		{ .coverage = ASSAY_COMPLETE, .bytes = 5, .findings = &low, .findings_len = 1 },
		{ .coverage = ASSAY_EXCLUDED },
		{ .coverage = ASSAY_NOTHING, .marking = { .label = "OFFICIAL", .tier = 1 } },
	};
	const struct log_file file = { 0, "a", NULL };

	for (int all = 0; all < 2; all++) {
		CLEANUP(fd_closep) int fd = scratch();
		CLEANUP(mem_freep) char *text = NULL;
		struct log *log = open_log(fd, all);
		const struct log_counters *c = log_counters(log);
		unsigned written = 0;

		for (size_t i = 0; i < ARRAY_SIZE(objects); i++)
			ck_assert_int_eq(log_object(log, &file, &objects[i], NULL), ASSAY_OK);
		ck_assert_uint_eq(c->enumerated, 4);
		ck_assert_uint_eq(c->complete, 2);
		ck_assert_uint_eq(c->excluded, 1);
		ck_assert_uint_eq(c->nothing, 1);
		ck_assert_uint_eq(c->objects_notable, 1);
		ck_assert_uint_eq(c->findings, 0);
		ck_assert_uint_eq(c->bytes, 10);
		close_log(log);
		text = slurp(fd);
		for (const char *at = text; (at = strstr(at, "\"type\":\"object\"")); at++)
			written++;
		ck_assert_uint_eq(written, all ? 4 : 1);
	}
}
END_TEST

/** The 32 digits after the last `"obj":"` of the log of one object. */
static void obj_of(const char *path, const struct assay_inner *inner, size_t inner_len,
		   char ret_obj[33])
{
	const struct assay_object object = { .inner = inner, .inner_len = inner_len };
	const struct log_file file = { 0, path, NULL };
	CLEANUP(fd_closep) int fd = scratch();
	CLEANUP(mem_freep) char *text = NULL;
	struct log *log = open_log(fd, true);

	ck_assert_int_eq(log_object(log, &file, &object, NULL), ASSAY_OK);
	close_log(log);
	text = slurp(fd);
	memcpy(ret_obj, strstr(text, "\"obj\":\"") + 7, 32);
	ret_obj[32] = '\0';
}

START_TEST(identity_is_of_names_and_ordinals)
{
	static const struct assay_inner first = { "n", 1, 0 }, second = { "n", 1, 1 };
	static const uint8_t key[KEY_BYTES] = { 7 };
	const struct keyed_part parts[] = { { "share", 5 }, { "a\xFF", 2 } };
	uint8_t want[FP_BYTES];
	char a[33], b[33], hex[33];

	obj_of("a\xFF", NULL, 0, a);
	keyed_hmac(key, parts, 2, want);
	hex_text(want, 2 * FP_BYTES, hex);
	ck_assert_str_eq(a, hex);
	obj_of("a\xFE", NULL, 0, b); /* the same text once decoded */
	ck_assert_str_ne(a, b);
	obj_of("a", &first, 1, a);
	obj_of("a", &second, 1, b); /* names repeat in archives */
	ck_assert_str_ne(a, b);
}
END_TEST

static const struct {
	const char *path;
	const char *want;
} hostile_paths[] = {
	{ "a\nb", "\"path\":\"a\\nb\",\"inner\"" },
	{ "a\x1b[2J", "\"path\":\"a\\u001b[2J\",\"inner\"" },
	{ "q\"\\", "\"path\":\"q\\\"\\\\\",\"inner\"" },
	{ "a\xFF/b", "\"path\":\"a\xEF\xBF\xBD/b\",\"path_b64\":\"Yf8vYg==\",\"inner\"" },
	{ "\xC3\xA9", "\"path\":\"\xC3\xA9\",\"inner\"" },
};

START_TEST(hostile_names_stay_inside_their_string)
{
	const struct assay_object object = { .mime = NULL };
	const struct log_file file = { 0, hostile_paths[_i].path, NULL };
	CLEANUP(fd_closep) int fd = scratch();
	CLEANUP(mem_freep) char *text = NULL;
	struct log *log = open_log(fd, true);

	ck_assert_int_eq(log_object(log, &file, &object, NULL), ASSAY_OK);
	close_log(log);
	text = slurp(fd);
	ck_assert_msg(strstr(text, hostile_paths[_i].want), "%s", text);
}
END_TEST

START_TEST(lines_stay_under_64k)
{
	enum { MANY = 3000, DEEP = 100 };
	CLEANUP(mem_freep) struct assay_occurrence *many = calloc(MANY, sizeof(*many));
	CLEANUP(mem_freep) char *ugly = malloc(20001);
	CLEANUP(fd_closep) int fd = scratch();
	CLEANUP(mem_freep) char *text = NULL;
	struct assay_inner inner[DEEP];
	struct assay_finding f = { .rule = 0,
				   .counts = { 0, 0, MANY + 5 },
				   .occurrences = many,
				   .occurrences_len = MANY };
	struct assay_gap gap = { .reason = ASSAY_MALFORMED, .limit = NULL };
	struct assay_object object = { .findings = &f,
				       .findings_len = 1,
				       .gaps = &gap,
				       .gaps_len = 1,
				       .inner = inner,
				       .inner_len = DEEP };
	struct log_file file = { .path = ugly };
	size_t parts = 0, occurrences = 0;
	struct log *log = open_log(fd, false);

	memset(ugly, 1, 20000); /* six bytes each, once escaped */
	ugly[20000] = '\0';
	for (size_t i = 0; i < DEEP; i++)
		inner[i] = (struct assay_inner){ ugly, 20000, 0 };
	for (size_t i = 0; i < MANY; i++) {
		many[i] = one;
		many[i].mask = many[i].value = many[i].field = i == 7 ? ugly : "AA999999A";
	}
	object.mime = object.mime_by = ugly;
	object.marking = (struct assay_marking){ ugly, ugly, 4, ASSAY_HIGH, ugly, ugly, ugly };
	gap.detail = ugly;
	ck_assert_int_eq(log_object(log, &file, &object, NULL), ASSAY_OK);
	close_log(log);
	text = slurp(fd);
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, "\n") + 1;

		ck_assert_uint_le(len, LOG_LINE_MAX);
		at += len;
	}
	for (const char *at = text; (at = strstr(at, "\"truncated\":true,\"part\":")); at++)
		parts++;
	for (const char *at = text; (at = strstr(at, "\"conf\":\"high\"")); at++)
		occurrences++;
	ck_assert_uint_gt(parts, 3);
	ck_assert_uint_eq(occurrences, MANY);
	/* Counts are said once: summing over parts stays right. */
	ck_assert_ptr_null(strstr(strstr(text, "\"counts\":") + 1, "\"counts\":"));
}
END_TEST

START_TEST(checkpoints_come_every_thousand_events)
{
	const struct assay_object object = { .marking = { .label = "OFFICIAL", .tier = 1 } };
	const struct log_file file = { 0, "a", NULL };
	CLEANUP(fd_closep) int fd = scratch();
	CLEANUP(mem_freep) char *text = NULL;
	struct log *log = open_log(fd, false);
	size_t found = 0;

	for (int i = 0; i < 3500; i++)
		ck_assert_int_eq(log_object(log, &file, &object, NULL), ASSAY_OK);
	close_log(log);
	text = slurp(fd);
	for (const char *at = text; (at = strstr(at, "\"type\":\"checkpoint\"")); at++)
		found++;
	ck_assert_uint_eq(found, 4);
}
END_TEST

START_TEST(a_full_disk_is_fatal_once_and_for_all)
{
	const struct assay_object object = { .marking = { .label = "OFFICIAL", .tier = 1 } };
	const struct log_file file = { 0, "a", NULL };
	CLEANUP(fd_closep) int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct assay_error err = { 0 };
	enum assay_status st = ASSAY_OK;
	struct log *log;

	ck_assert_int_ge(fd, 0);
	log = open_log(fd, false);
	for (int i = 0; i < 5000 && st >= 0; i++)
		st = log_object(log, &file, &object, &err);
	ck_assert_int_eq(st, ASSAY_FATAL);
	ck_assert_int_eq(err.sys, ENOSPC);
	ck_assert_ptr_nonnull(strstr(err.detail, "run log"));
	memset(&err, 0, sizeof(err));
	ck_assert_int_eq(log_object(log, &file, &object, &err), ASSAY_FATAL);
	ck_assert_int_eq(err.sys, ENOSPC);
	log_free(log);
}
END_TEST

START_TEST(a_closed_pipe_is_an_error_not_a_signal)
{
	const struct log_end end = { "complete", 0, "", 0, 0 };
	struct assay_error err = { 0 };
	struct log *log;
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	close(ends[0]);
	log = open_log(ends[1], false);
	ck_assert_int_eq(log_end(log, &end, &err), ASSAY_FATAL);
	ck_assert_int_eq(err.sys, EPIPE);
	log_free(log);
	close(ends[1]);
}
END_TEST

static const struct {
	const char *text;
	size_t max;
	const char *want;
	bool whole;
} texts[] = {
	{ "abc", 3, "\"abc\"", true },
	{ "abcd", 3, "\"abc\xE2\x80\xA6\"", false },
	{ "ab\n", 3, "\"ab\xE2\x80\xA6\"", false }, /* an escape is whole or not there */
	{ "\xC3\xA9", 2, "\"\xC3\xA9\"", true },
	{ "a\xC3\xA9", 2, "\"a\xE2\x80\xA6\"", false }, /* a character, too */
	{ "\xFF", 3, "\"\xEF\xBF\xBD\"", false },
	{ "", 0, "\"\"", true },
	{ "\x7F\t", 20, "\"\\u007f\\t\"", true },
};

START_TEST(text_is_cut_at_characters)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(100);

	ck_assert_int_eq(line_text(&b, texts[_i].text, strlen(texts[_i].text), texts[_i].max),
			 texts[_i].whole);
	ck_assert_str_eq(b.data, texts[_i].want);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("run_log");
	TCase *tc = tcase_create("log");

	tcase_add_test(tc, keys_come_in_the_order_of_the_contract);
	tcase_add_test(tc, only_notable_objects_are_written);
	tcase_add_test(tc, identity_is_of_names_and_ordinals);
	tcase_add_loop_test(tc, hostile_names_stay_inside_their_string, 0,
			    ARRAY_SIZE(hostile_paths));
	tcase_add_test(tc, lines_stay_under_64k);
	tcase_add_test(tc, checkpoints_come_every_thousand_events);
	tcase_add_test(tc, a_full_disk_is_fatal_once_and_for_all);
	tcase_add_test(tc, a_closed_pipe_is_an_error_not_a_signal);
	tcase_add_loop_test(tc, text_is_cut_at_characters, 0, ARRAY_SIZE(texts));
	suite_add_tcase(s, tc);
	return s;
}
