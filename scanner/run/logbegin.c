/* logbegin.c - run_begin: what a run says of itself, its rules and its limits */
#include "logparts.h"

#include <assert.h>
#include <fcntl.h>

#include "checksum.h"
#include "fail.h"

#define ROOTS_MAX (32 * KiB)
#define EXCLUDES_MAX (8 * KiB)

/** The audit user as the kernel has it; `null` when nobody logged in. */
static void add_loginuid(struct buf *l)
{
	CLEANUP(fd_closep) int fd = open("/proc/self/loginuid", O_RDONLY | O_CLOEXEC);
	char text[16];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	uint64_t uid = 0;

	for (ssize_t i = 0; i < n && is_digit(text[i]); i++)
		uid = uid * 10 + (uint64_t)(text[i] - '0');
	if (n <= 0 || uid == UINT32_MAX)
		line_lit(l, "null");
	else
		line_int(l, uid);
}

/** A hash over all that decides what is found: rules, program, limits. */
static bool engine_epoch(const struct log_begin *b, const char *rules_version,
			 uint8_t ret_epoch[CHECKSUM_BYTES])
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(MiB);
	struct checksum d;

	buf_printf(&all, "assay %s %s %s\n", ASSAY_VERSION, b->engine, rules_version);
	for (size_t i = 0; i < b->limits_len; i++)
		buf_printf(&all, "%s %llu\n", b->limits[i].name,
			   (unsigned long long)b->limits[i].value);
	checksum_begin(&d);
	checksum_bytes(&d, all.data, all.len);
	checksum_end(&d, ret_epoch);
	return !all.failed;
}

static void add_roots(struct buf *l, const struct log_begin *b)
{
	size_t end = l->len + ROOTS_MAX, i;

	line_lit(l, ",\"roots\":[");
	for (i = 0; i < b->roots_len && l->len < end; i++) {
		const struct log_root *r = &b->roots[i];

		buf_add_str(l, i ? "," : "");
		line_lit(l, "{\"name\":");
		line_str(l, r->name, ROOT_MAX);
		line_lit(l, ",\"path\":");
		line_str(l, r->path, PATH_MAX_TEXT / 2);
		line_lit(l, ",\"fs_type\":");
		line_str(l, r->fs_type, WORD_MAX);
		line_lit(l, ",\"key_mode\":null,\"approved_label\":null,\"iao\":null,\"mounted\":");
		line_bool(l, r->fs_type != NULL);
		line_lit(l, "}");
	}
	line_lit(l, "],\"roots_omitted\":");
	line_int(l, b->roots_len - i);
}

static void add_limits(struct buf *l, const struct log_begin *b)
{
	line_lit(l, ",\"limits\":{");
	for (size_t i = 0; i < b->limits_len; i++) {
		buf_add_str(l, i ? "," : "");
		line_str(l, b->limits[i].name, WORD_MAX);
		line_lit(l, ":");
		line_int(l, b->limits[i].value);
	}
	line_lit(l, "}");
}

/** What the walk leaves out: its own choice, then the user's as far as there is room. */
static void add_excludes(struct buf *l, const struct log_begin *b)
{
	size_t end = l->len + EXCLUDES_MAX, i;

	line_lit(l, ",\"default_excludes\":[");
	for (i = 0; b->default_excludes && b->default_excludes[i]; i++) {
		buf_add_str(l, i ? "," : "");
		line_str(l, b->default_excludes[i], WORD_MAX);
	}
	line_lit(l, "],\"excludes\":[");
	for (i = 0; i < b->excludes_len && l->len < end; i++) {
		buf_add_str(l, i ? "," : "");
		line_str(l, b->excludes[i], WORD_MAX);
	}
	line_lit(l, "],\"excludes_omitted\":");
	line_int(l, b->excludes_len - i);
}

static bool keep_roots(struct log *log, const struct log_begin *b)
{
	log->roots = calloc(b->roots_len + 1, sizeof(*log->roots));
	for (size_t i = 0; log->roots && i < b->roots_len; i++) {
		log->roots[i] = strdup(b->roots[i].name);
		if (!log->roots[i])
			return false;
		log->roots_len++;
	}
	return log->roots != NULL;
}

static void add_tool(struct buf *l)
{
	char host[256] = "";

	line_lit(l, ",\"schema\":\"assay.run/1\",\"tool\":{\"name\":\"assay\",\"version\":");
	line_str(l, ASSAY_VERSION, WORD_MAX);
	line_lit(l, ",\"build_id\":null,\"extractors\":{}},\"job\":null,\"host\":");
	if (gethostname(host, sizeof(host) - 1))
		host[0] = '\0';
	line_str(l, host, WORD_MAX);
	line_lit(l, ",\"actor\":{\"uid\":");
	line_int(l, getuid());
	line_lit(l, ",\"user\":null,\"loginuid\":");
	add_loginuid(l);
	line_lit(l, "},\"mode\":\"full\",\"resumed_from\":null,\"previous_run\":null,"
		    "\"baseline_run\":null,\"config_sha256\":null,\"policy\":null");
}

static void add_rules(struct buf *l, const struct log_begin *b)
{
	const struct rule_list *list = b->rules->list;

	line_lit(l, ",\"rules\":{\"name\":");
	line_str(l, b->rules_name, TEXT_MAX);
	line_lit(l, ",\"version\":");
	line_text(l, list->version, MIN(strlen(list->version), (size_t)16), WORD_MAX);
	line_lit(l, ",\"sha256\":");
	line_str(l, list->version, WORD_MAX);
	line_lit(l, ",\"count\":");
	line_int(l, list->len);
	line_lit(l, "}");
}

enum assay_status log_begin(struct log *log, const struct log_begin *b, struct assay_error *err)
{
	uint8_t epoch[CHECKSUM_BYTES];
	struct buf *l;

	assert(!log->rules && b->rules && b->rules->list);
	log->rules = b->rules;
	if (!keep_roots(log, b) || !engine_epoch(b, b->rules->list->version, epoch))
		return assay_fail_memory(err, "run log");
	l = log_event_begin(log, "run_begin");
	add_tool(l);
	add_rules(l, b);
	line_lit(l, ",\"engine_epoch\":");
	line_hex(l, epoch, FP_BYTES);
	line_lit(l, ",\"key_id\":");
	line_hex(l, b->key_id, sizeof(b->key_id));
	line_lit(l, ",\"mask\":");
	line_str(l, b->mask, WORD_MAX);
	line_lit(l, ",\"report_marking\":\"OFFICIAL-SENSITIVE\"");
	add_roots(l, b);
	add_limits(l, b);
	add_excludes(l, b);
	line_lit(l, ",\"min_confidence\":");
	line_str(l, assay_confidence_name(log->options.min_confidence), WORD_MAX);
	line_lit(l, ",\"emit\":");
	line_str(l, log->options.emit_all ? "all" : "notable", WORD_MAX);
	line_lit(l, ",\"engine\":");
	line_str(l, b->engine, WORD_MAX);
	line_lit(l, ",\"isa\":");
	line_str(l, b->isa, WORD_MAX);
	line_lit(l, ",\"sandbox\":");
	line_str(l, b->sandbox, WORD_MAX);
	line_lit(l, ",\"workers\":");
	line_int(l, b->workers);
	return log_event_end(log, err);
}
