/* log.c - the events of the run log, their keys and their counters */
#include "log.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/random.h>

#include "fail.h"
#include "identity.h"
#include "logline.h"
#include "logout.h"
#include "ruleset.h"

/* Ceilings of the escaped text in a line: their sum stays well under LOG_LINE_MAX. */
#define ROOT_MAX ((size_t)1024)
#define PATH_MAX_TEXT (10 * KiB)
#define PATH_MAX_RAW (6 * KiB) /* kept in base64 when the text is lossy */
#define INNER_MAX (10 * KiB)
#define LOW_MAX (10 * KiB)
#define WORD_MAX ((size_t)256)
#define TEXT_MAX ((size_t)1024)
#define NOTICE_MAX (8 * KiB)
#define ROOTS_MAX (32 * KiB)
#define EXCLUDES_MAX (8 * KiB)
/** A line with occurrences ends its part here: room for the tail. */
#define PART_AT (LOG_LINE_MAX - 256)

#define CHECKPOINT_EVENTS 1000
#define CHECKPOINT_NS (5 * NS_PER_S)

struct log {
	struct log_options options;
	struct identity identity;
	struct logout out;
	struct buf line;
	const assay_ruleset *rules; /* borrowed */
	char **roots;
	size_t roots_len;
	char run[27];
	uint64_t seq;
	uint64_t notices;
	struct log_counters count;
	struct {
		uint64_t seq, ns;
	} checkpoint;
	struct {
		time_t second;
		struct buf text; /* `ts` of that second, to the dot */
	} stamp;
	struct assay_error broken; /* the first fatal error; it stays */
};

/** ULID: 48 bits of milliseconds, 80 of chance, in Crockford's base 32. */
static bool make_run_id(char ret_id[27])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct timespec now;
	uint8_t chance[16];
	uint64_t ms;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / NS_PER_MS;
	if (getrandom(chance, sizeof(chance), 0) != (ssize_t)sizeof(chance))
		return false;
	for (unsigned i = 10; i-- > 0; ms >>= 5)
		ret_id[i] = digits[ms & 31];
	for (unsigned i = 0; i < sizeof(chance); i++)
		ret_id[10 + i] = digits[chance[i] & 31];
	ret_id[26] = '\0';
	return true;
}

/* ---- lines ---------------------------------------------------------------------- */

static void add_stamp(struct log *log)
{
	struct buf *text = &log->stamp.text;
	struct timespec now;
	unsigned ms;

	clock_gettime(CLOCK_REALTIME, &now);
	if (!text->len || now.tv_sec != log->stamp.second) {
		buf_clear(text);
		line_time(text, now.tv_sec, 1000);
		log->stamp.second = now.tv_sec;
	}
	/* "2026-11-21T20:01:09Z" with its quotes: milliseconds go before the Z. */
	ms = (unsigned)(now.tv_nsec / (long)NS_PER_MS);
	buf_add(&log->line, text->data, text->len - 2);
	buf_add(&log->line,
		(char[]){ '.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10),
			  (char)('0' + ms % 10), 'Z', '"' },
		6);
}

static struct buf *event_begin(struct log *log, const char *type)
{
	struct buf *l = &log->line;

	buf_clear(l);
	line_lit(l, "{\"v\":1,\"type\":\"");
	buf_add_str(l, type);
	line_lit(l, "\",\"seq\":");
	line_int(l, log->seq);
	line_lit(l, ",\"ts\":");
	add_stamp(log);
	line_lit(l, ",\"run\":\"");
	buf_add(l, log->run, sizeof(log->run) - 1);
	line_lit(l, "\"");
	return l;
}

/** What failed once stays failed: a log with a hole is worse than none. */
static enum assay_status broken(struct log *log, const struct assay_error *why,
				struct assay_error *err)
{
	log->broken = *why;
	if (err)
		*err = *why;
	return ASSAY_FATAL;
}

static enum assay_status event_end(struct log *log, struct assay_error *err)
{
	struct assay_error why;

	line_lit(&log->line, "}");
	if (log->broken.reason)
		return broken(log, &log->broken, err);
	if (log->line.failed) {
		assay_fail(&why, ASSAY_FATAL, ASSAY_INTERNAL, "a line of the run log is too long");
		return broken(log, &why, err);
	}
	if (logout_line(&log->out, &log->line, &why) < 0)
		return broken(log, &why, err);
	log->seq++;
	return ASSAY_OK;
}

static enum assay_status checkpoint(struct log *log, struct assay_error *err)
{
	uint8_t sha[SHA256_BYTES];
	enum assay_status st;
	struct assay_error why;
	struct buf *l;

	if (log->broken.reason)
		return broken(log, &log->broken, err);
	if (logout_hash(&log->out, sha, &why) < 0)
		return broken(log, &why, err);
	l = event_begin(log, "checkpoint");
	line_lit(l, ",\"bytes\":");
	line_int(l, log->out.bytes);
	line_lit(l, ",\"sha256\":");
	line_hex(l, sha, sizeof(sha));
	st = event_end(log, err);
	if (st < 0)
		return st;
	log->checkpoint.seq = log->seq;
	log->checkpoint.ns = clock_ns();
	if (logout_flush(&log->out, &why) < 0)
		return broken(log, &why, err);
	return ASSAY_OK;
}

/**
 * Between objects only: a log cut after a checkpoint then holds each object with
 * all of its findings and gaps, or not at all.
 */
static enum assay_status maybe_checkpoint(struct log *log, struct assay_error *err)
{
	if (log->seq - log->checkpoint.seq >= CHECKPOINT_EVENTS)
		return checkpoint(log, err);
	if (log->seq == log->checkpoint.seq || clock_ns() - log->checkpoint.ns < CHECKPOINT_NS)
		return ASSAY_OK;
	return checkpoint(log, err);
}

/* ---- making and ending ---------------------------------------------------------- */

enum assay_status log_new(int fd, const struct log_options *options, struct log **ret_log,
			  struct assay_error *err)
{
	struct log *log = calloc(1, sizeof(*log));
	enum assay_status st;

	if (!log)
		return assay_fail_memory(err, "run log");
	log->options = *options;
	log->line = (struct buf)BUF_INIT(LOG_LINE_MAX - 1);
	log->stamp.text = (struct buf)BUF_INIT(64);
	log->checkpoint.ns = clock_ns();
	st = logout_init(&log->out, fd, err);
	if (st >= 0 && !identity_init(&log->identity, options->path_key))
		st = assay_fail_memory(err, "path key");
	if (st >= 0 && !make_run_id(log->run))
		st = assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "no random bytes");
	if (st < 0) {
		log_free(log);
		return st;
	}
	*ret_log = log;
	return ASSAY_OK;
}

void log_free(struct log *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < log->roots_len; i++)
		free(log->roots[i]);
	free(log->roots);
	identity_done(&log->identity);
	logout_done(&log->out);
	buf_done(&log->line);
	buf_done(&log->stamp.text);
	free(log);
}

const struct log_counters *log_counters(const struct log *log)
{
	return &log->count;
}

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
			 uint8_t ret_epoch[SHA256_BYTES])
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(MiB);

	buf_printf(&all, "assay %s %s %s\n", ASSAY_VERSION, b->engine, rules_version);
	for (size_t i = 0; i < b->limits_len; i++)
		buf_printf(&all, "%s %llu\n", b->limits[i].name,
			   (unsigned long long)b->limits[i].value);
	return !all.failed && EVP_Digest(all.data, all.len, ret_epoch, NULL, EVP_sha256(), NULL);
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
	uint8_t epoch[SHA256_BYTES];
	struct buf *l;

	assert(!log->rules && b->rules && b->rules->list);
	log->rules = b->rules;
	if (!keep_roots(log, b) || !engine_epoch(b, b->rules->list->version, epoch))
		return assay_fail_memory(err, "run log");
	l = event_begin(log, "run_begin");
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
	return event_end(log, err);
}

enum assay_status log_notice(struct log *log, const char *level, const char *code, const char *text,
			     struct assay_error *err)
{
	enum assay_status st;
	struct buf *l = event_begin(log, "notice");

	line_lit(l, ",\"level\":");
	line_str(l, level, WORD_MAX);
	line_lit(l, ",\"code\":");
	line_str(l, code, WORD_MAX);
	line_lit(l, ",\"text\":");
	line_str(l, text, NOTICE_MAX);
	log->notices++;
	st = event_end(log, err);
	return st < 0 ? st : maybe_checkpoint(log, err);
}

static void add_counters(struct log *log)
{
	const struct log_counters *c = &log->count;
	const struct {
		const char *key;
		uint64_t value;
	} rows[] = {
		{ "\"enumerated\":", c->enumerated },
		{ ",\"complete\":", c->complete },
		{ ",\"partial\":", c->partial },
		{ ",\"none\":", c->nothing },
		{ ",\"excluded\":", c->excluded },
		{ ",\"members\":", c->members },
		{ ",\"notable\":", c->objects_notable },
		{ ",\"findings\":", c->findings },
		{ ",\"new\":", c->findings },
		{ ",\"unchanged\":", 0 },
		{ ",\"updated\":", 0 },
		{ ",\"suppressed\":", 0 },
		{ ",\"gaps\":", c->gaps },
		{ ",\"blocking_gaps\":", c->blocking_gaps },
		{ ",\"notices\":", log->notices },
	};
	struct buf *l = &log->line;

	line_lit(l, ",\"counters\":{");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		buf_add_str(l, rows[i].key);
		line_int(l, rows[i].value);
	}
	line_lit(l, ",\"marked\":[");
	for (unsigned i = 0; i < ASSAY_TIERS; i++) {
		buf_add_str(l, i ? "," : "");
		line_int(l, c->marked[i]);
	}
	line_lit(l, "]}");
}

enum assay_status log_end(struct log *log, const struct log_end *end, struct assay_error *err)
{
	const struct log_counters *c = &log->count;
	uint8_t sha[SHA256_BYTES];
	enum assay_status st;
	struct assay_error why;
	struct buf *l;

	assert(c->enumerated == c->complete + c->partial + c->nothing + c->excluded);
	st = checkpoint(log, err);
	if (st < 0)
		return st;
	if (logout_hash(&log->out, sha, &why) < 0)
		return broken(log, &why, err);
	l = event_begin(log, "run_end");
	line_lit(l, ",\"status\":");
	line_str(l, end->status, WORD_MAX);
	line_lit(l, ",\"exit\":");
	line_int(l, (uint64_t)MAX(end->exit, 0));
	line_lit(l, ",\"sentence\":");
	line_str(l, end->sentence, TEXT_MAX);
	add_counters(log);
	line_lit(l, ",\"log_sha256\":");
	line_hex(l, sha, sizeof(sha));
	line_lit(l, ",\"wall_ms\":");
	line_int(l, end->wall_ms);
	line_lit(l, ",\"cpu_ms\":");
	line_int(l, end->cpu_ms);
	line_lit(l, ",\"bytes_read\":");
	line_int(l, c->bytes);
	st = event_end(log, err);
	if (st < 0)
		return st;
	if (logout_flush(&log->out, &why) < 0)
		return broken(log, &why, err);
	return ASSAY_OK;
}

/* ---- objects -------------------------------------------------------------------- */

/** One object on its way into the log. */
struct entry {
	const struct log_file *file;
	const struct assay_object *object;
	const char *root;
	uint8_t obj[FP_BYTES];
};

/** obj, root, path and inner: the same first keys of an object and of its gaps. */
static void add_place(struct buf *l, const struct entry *e)
{
	const struct assay_object *o = e->object;
	const char *path = e->file->path;
	size_t len = strlen(path), end;

	line_lit(l, ",\"obj\":");
	line_hex(l, e->obj, FP_BYTES);
	line_lit(l, ",\"root\":");
	line_str(l, e->root, ROOT_MAX);
	line_lit(l, ",\"path\":");
	if (!line_text(l, path, len, PATH_MAX_TEXT)) {
		line_lit(l, ",\"path_b64\":");
		line_base64(l, path, MIN(len, PATH_MAX_RAW));
	}
	line_lit(l, ",\"inner\":[");
	end = l->len + INNER_MAX;
	for (size_t i = 0; i < o->inner_len; i++) {
		size_t room = l->len < end ? end - l->len : 0;

		buf_add_str(l, i ? "," : "");
		if (i && room < WORD_MAX) {
			/* Too many, too long: the last name says more than those between. */
			i = o->inner_len - 1;
			room = WORD_MAX;
		}
		line_text(l, o->inner[i].name, o->inner[i].len, MIN(room, 4 * KiB));
	}
	line_lit(l, "]");
}

static void add_stat(struct buf *l, const struct entry *e)
{
	const struct stat *st = e->object->inner_len ? NULL : e->file->st;

	line_lit(l, ",\"size\":");
	line_int(l, e->object->size);
	if (!st) {
		line_lit(l, ",\"mtime\":null,\"ctime\":null");
		return;
	}
	line_lit(l, ",\"mtime\":");
	line_time(l, st->st_mtim.tv_sec, 1000);
	line_lit(l, ",\"ctime\":");
	line_time(l, st->st_ctim.tv_sec, 1000);
}

static void add_mode(struct buf *l, const struct entry *e)
{
	char text[] = "\"0000\"";
	unsigned mode;

	line_lit(l, ",\"sha256\":null,\"owner\":null,\"mode\":");
	if (e->object->inner_len || !e->file->st) {
		line_lit(l, "null");
	} else {
		mode = e->file->st->st_mode & 07777;
		for (unsigned i = 4; i > 0; i--, mode >>= 3)
			text[i] = (char)('0' + (mode & 7));
		buf_add(l, text, sizeof(text) - 1);
	}
	line_lit(l, ",\"acl_id\":null,\"exposure\":null");
}

/** `header OFFICIAL; metadata SECRET`, if it is more than the one place above. */
static void add_places(struct buf *l, const char *places)
{
	const char *separator = "";

	if (!places || !strstr(places, "; "))
		return;
	line_lit(l, ",\"places\":[");
	while (*places) {
		size_t len = strcspn(places, ";"), where = MIN(strcspn(places, " "), len);

		buf_add_str(l, separator);
		line_lit(l, "{\"where\":");
		line_text(l, places, where, WORD_MAX);
		line_lit(l, ",\"label\":");
		line_text(l, places + MIN(where + 1, len), len - MIN(where + 1, len), WORD_MAX);
		line_lit(l, "}");
		separator = ",";
		places += len + strspn(places + len, "; ");
	}
	line_lit(l, "]");
}

static void add_marking(struct buf *l, const struct assay_marking *m)
{
	if (!m->label) {
		line_lit(l, ",\"marking\":null");
		return;
	}
	line_lit(l, ",\"marking\":{\"label\":");
	line_str(l, m->label, WORD_MAX);
	line_lit(l, ",\"scheme\":");
	line_str(l, m->scheme, WORD_MAX);
	line_lit(l, ",\"tier\":");
	line_int(l, m->tier);
	line_lit(l, ",\"handling\":");
	line_list(l, m->handling, TEXT_MAX);
	line_lit(l, ",\"descriptors\":");
	line_list(l, m->descriptors, TEXT_MAX);
	line_lit(l, ",\"where\":");
	line_str(l, m->where, WORD_MAX);
	line_lit(l, ",\"confidence\":");
	line_str(l, assay_confidence_name(m->confidence), WORD_MAX);
	add_places(l, m->places);
	if (m->conflicts && *m->conflicts) {
		line_lit(l, ",\"conflicts\":");
		line_list(l, m->conflicts, TEXT_MAX);
	}
	line_lit(l, "}");
}

static const char *verdicts_of(const struct assay_marking *m)
{
	return m->label && m->conflicts && *m->conflicts ? "marking-conflict" : NULL;
}

static const struct rule *rule_of(const struct log *log, const struct assay_finding *f)
{
	assert(f->rule < log->rules->list->len);
	return log->rules->list->rules[f->rule];
}

static enum assay_confidence highest(const struct assay_finding *f)
{
	enum assay_confidence c = ASSAY_HIGH;

	while (c > ASSAY_LOW && !f->counts[c])
		c--;
	return c;
}

static bool is_reported(const struct log *log, const struct assay_finding *f)
{
	return highest(f) >= log->options.min_confidence && f->counts[highest(f)];
}

/** Rules that hit, but below the threshold: a map of counts for --reclassify. */
static void add_low(struct log *log, const struct assay_object *o)
{
	struct buf *l = &log->line;
	size_t end = l->len + LOW_MAX;
	const char *separator = "";

	line_lit(l, ",\"low\":{");
	for (size_t i = 0; i < o->findings_len && l->len < end; i++) {
		const struct assay_finding *f = &o->findings[i];
		uint64_t total = 0;

		for (unsigned c = 0; c < ASSAY_CONFIDENCES; c++)
			total += f->counts[c];
		if (is_reported(log, f) || !total)
			continue;
		buf_add_str(l, separator);
		line_str(l, rule_of(log, f)->id, WORD_MAX);
		line_lit(l, ":");
		line_int(l, total);
		separator = ",";
	}
	line_lit(l, "}");
}

static enum assay_status write_object(struct log *log, const struct entry *e,
				      struct assay_error *err)
{
	const struct assay_object *o = e->object;
	struct buf *l = event_begin(log, "object");

	add_place(l, e);
	add_stat(l, e);
	line_lit(l, ",\"mime\":");
	line_str(l, o->mime, WORD_MAX);
	line_lit(l, ",\"mime_by\":");
	line_str(l, o->mime_by, WORD_MAX);
	line_lit(l, ",\"ext_mismatch\":");
	line_bool(l, o->ext_mismatch);
	add_mode(l, e);
	add_marking(l, &o->marking);
	line_lit(l, ",\"label\":null,\"why\":[],\"verdicts\":");
	line_list(l, verdicts_of(&o->marking), WORD_MAX);
	line_lit(l, ",\"risk\":null,\"risk_parts\":null,\"age_days\":null,\"retention\":null,"
		    "\"dup\":null,\"coverage\":");
	line_str(l, assay_coverage_name(o->coverage), WORD_MAX);
	line_lit(l, ",\"cached\":false,\"state\":\"new\",\"bytes\":");
	line_int(l, o->bytes);
	line_lit(l, ",\"records\":");
	line_int(l, o->records);
	add_low(log, o);
	return event_end(log, err);
}

static void add_loc_key(struct buf *l, const char *key)
{
	if (l->data[l->len - 1] != '{')
		line_lit(l, ",");
	line_lit(l, "\"");
	buf_add_str(l, key);
	line_lit(l, "\":");
}

/* Keys of `loc` are there when the place is known. */

static void add_loc_int(struct buf *l, const char *key, uint64_t value)
{
	if (!value)
		return;
	add_loc_key(l, key);
	line_int(l, value);
}

static void add_loc_str(struct buf *l, const char *key, const char *value)
{
	if (!value)
		return;
	add_loc_key(l, key);
	line_str(l, value, WORD_MAX);
}

static void add_locator(struct buf *l, const struct assay_locator *at)
{
	line_lit(l, ",\"loc\":{");
	add_loc_int(l, "line", at->line);
	add_loc_int(l, "col", at->col);
	add_loc_int(l, "page", at->page);
	add_loc_str(l, "sheet", at->sheet);
	add_loc_str(l, "cell", at->cell);
	add_loc_int(l, "slide", at->slide);
	add_loc_str(l, "part", at->part);
	add_loc_str(l, "header", at->header);
	add_loc_int(l, "row", at->row);
	line_lit(l, "}");
}

static void add_occurrence(struct buf *l, const struct assay_occurrence *o)
{
	line_lit(l, "{\"off\":");
	if (o->off == ASSAY_NO_OFFSET)
		line_lit(l, "null");
	else
		line_int(l, o->off);
	line_lit(l, ",\"len\":");
	line_int(l, o->len);
	add_locator(l, &o->loc);
	line_lit(l, ",\"conf\":");
	line_str(l, assay_confidence_name(o->confidence), WORD_MAX);
	if (o->region != ASSAY_BODY) {
		line_lit(l, ",\"region\":");
		line_str(l, assay_region_name(o->region), WORD_MAX);
	}
	if (o->field) {
		line_lit(l, ",\"field\":");
		line_str(l, o->field, WORD_MAX);
	}
	if (o->vis != ASSAY_SHOWN) {
		line_lit(l, ",\"vis\":");
		line_str(l, assay_vis_name(o->vis), WORD_MAX);
	}
	line_lit(l, ",\"mask\":");
	line_str(l, o->mask, WORD_MAX);
	line_lit(l, ",\"fp\":");
	line_hex(l, o->fp, ASSAY_FP_BYTES);
	if (o->value) {
		line_lit(l, ",\"value\":");
		line_str(l, o->value, 2 * WORD_MAX);
	}
	line_lit(l, "}");
}

/** What a finding says once, in its first part. */
static void add_finding_head(struct buf *l, const struct rule *rule, const struct assay_finding *f)
{
	line_lit(l, ",\"rule_version\":");
	line_str(l, rule->version, WORD_MAX);
	line_lit(l, ",\"category\":");
	line_str(l, rule->category, WORD_MAX);
	line_lit(l, ",\"severity\":");
	line_str(l, assay_severity_name(rule->severity), WORD_MAX);
	line_lit(l, ",\"confidence\":");
	line_str(l, assay_confidence_name(highest(f)), WORD_MAX);
	line_lit(l, ",\"counts\":{\"high\":");
	line_int(l, f->counts[ASSAY_HIGH]);
	line_lit(l, ",\"medium\":");
	line_int(l, f->counts[ASSAY_MEDIUM]);
	line_lit(l, ",\"low\":");
	line_int(l, f->counts[ASSAY_LOW]);
	line_lit(l, "},\"unique\":");
	line_int(l, f->unique);
	line_lit(l, ",\"values_fp\":");
	line_hex(l, f->values_fp, ASSAY_FP_BYTES);
	line_lit(l, ",\"hidden\":");
	line_int(l, f->hidden);
	line_lit(l, ",\"state\":\"new\",\"suppressed\":null");
}

/** Are there occurrences that count as reported, beyond the listed ones? */
static bool is_truncated(const struct log *log, const struct assay_finding *f)
{
	uint64_t reported = 0;

	for (unsigned c = log->options.min_confidence; c < ASSAY_CONFIDENCES; c++)
		reported += f->counts[c];
	return reported > f->occurrences_len;
}

/** Occurrences from `from` on, as many as the line takes.  @return  the next one */
static size_t add_occurrences(struct buf *l, const struct assay_finding *f, size_t from)
{
	size_t i = from;

	line_lit(l, ",\"occurrences\":[");
	for (; i < f->occurrences_len; i++) {
		const size_t before = l->len;

		buf_add_str(l, i > from ? "," : "");
		add_occurrence(l, &f->occurrences[i]);
		if ((l->failed || l->len > PART_AT) && i > from) {
			l->len = before;
			l->failed = false;
			break;
		}
	}
	line_lit(l, "]");
	return i;
}

static enum assay_status write_finding(struct log *log, const struct entry *e,
				       const struct assay_finding *f, struct assay_error *err)
{
	const struct rule *rule = rule_of(log, f);
	uint8_t id[FP_BYTES];
	size_t next = 0;

	if (!identity_hash(&log->identity, rule->id, e->root, e->file->path, e->object, id))
		return assay_fail_memory(err, "finding_id");
	for (unsigned part = 0; part == 0 || next < f->occurrences_len; part++) {
		struct buf *l = event_begin(log, "finding");
		enum assay_status st;

		line_lit(l, ",\"finding_id\":");
		line_hex(l, id, FP_BYTES);
		line_lit(l, ",\"obj\":");
		line_hex(l, e->obj, FP_BYTES);
		line_lit(l, ",\"rule\":");
		line_str(l, rule->id, WORD_MAX);
		if (part == 0)
			add_finding_head(l, rule, f);
		next = add_occurrences(l, f, next);
		line_lit(l, ",\"truncated\":");
		line_bool(l, is_truncated(log, f));
		line_lit(l, ",\"part\":");
		line_int(l, part);
		st = event_end(log, err);
		if (st < 0)
			return st;
	}
	return ASSAY_OK;
}

static enum assay_status write_gap(struct log *log, const struct entry *e,
				   const struct assay_gap *g, struct assay_error *err)
{
	struct buf *l = event_begin(log, "gap");

	add_place(l, e);
	line_lit(l, ",\"reason\":");
	line_str(l, assay_reason_name(g->reason), WORD_MAX);
	line_lit(l, ",\"detail\":");
	line_str(l, g->detail ? g->detail : "", TEXT_MAX);
	line_lit(l, ",\"limit\":");
	if (g->limit) {
		line_lit(l, "{\"name\":");
		line_str(l, g->limit, WORD_MAX);
		line_lit(l, ",\"value\":");
		line_int(l, g->limit_value);
		line_lit(l, "}");
	} else {
		line_lit(l, "null");
	}
	line_lit(l, ",\"bytes_examined\":");
	line_int(l, g->bytes_examined);
	line_lit(l, ",\"bytes_total\":");
	if (g->bytes_total)
		line_int(l, g->bytes_total);
	else
		line_lit(l, "null");
	line_lit(l, ",\"blocking\":");
	line_bool(l, g->blocking);
	return event_end(log, err);
}

/** Does a finding say no more than that the object is marked OFFICIAL or lower? */
static bool is_tame(const struct log *log, const struct assay_object *o,
		    const struct assay_finding *f)
{
	const char *category = log->rules->list->rules[f->rule]->category;

	return strcmp(category, "marking") == 0 && o->marking.label && o->marking.tier < 2;
}

/** @return  is the object notable? */
static bool count_object(struct log *log, const struct assay_object *o)
{
	struct log_counters *c = &log->count;
	bool notable = o->marking.label || o->gaps_len > 0;

	if (o->inner_len) {
		c->members++;
	} else {
		uint64_t *const sums[ASSAY_COVERAGES] = {
			[ASSAY_COMPLETE] = &c->complete,
			[ASSAY_PARTLY] = &c->partial,
			[ASSAY_NOTHING] = &c->nothing,
			[ASSAY_EXCLUDED] = &c->excluded,
		};

		assert((size_t)o->coverage < ASSAY_COVERAGES);
		c->enumerated++;
		++*sums[o->coverage];
		c->bytes += o->bytes;
	}
	for (size_t i = 0; i < o->findings_len; i++) {
		bool reported = is_reported(log, &o->findings[i]);

		c->findings += reported;
		c->tame += reported && is_tame(log, o, &o->findings[i]);
		notable |= reported;
	}
	c->gaps += o->gaps_len;
	for (size_t i = 0; i < o->gaps_len; i++)
		c->blocking_gaps += o->gaps[i].blocking;
	/* A container repeats the highest marking of its members: counted there. */
	if (o->marking.label && o->marking.tier < ASSAY_TIERS &&
	    !(o->marking.where && strcmp(o->marking.where, "member") == 0))
		c->marked[o->marking.tier]++;
	c->objects_notable += notable;
	return notable;
}

enum assay_status log_object(struct log *log, const struct log_file *file,
			     const struct assay_object *object, struct assay_error *err)
{
	struct entry e = { .file = file, .object = object };
	enum assay_status st;

	assert(log->rules && file->root < log->roots_len);
	if (!count_object(log, object) && !log->options.emit_all)
		return ASSAY_OK;
	e.root = log->roots[file->root];
	if (!identity_hash(&log->identity, NULL, e.root, file->path, object, e.obj))
		return assay_fail_memory(err, "obj");
	st = write_object(log, &e, err);
	for (size_t i = 0; st >= 0 && i < object->findings_len; i++)
		if (is_reported(log, &object->findings[i]))
			st = write_finding(log, &e, &object->findings[i], err);
	for (size_t i = 0; st >= 0 && i < object->gaps_len; i++)
		st = write_gap(log, &e, &object->gaps[i], err);
	return st < 0 ? st : maybe_checkpoint(log, err);
}
