/* log.c - events to lines, lines to a hash, a hash to checkpoints */
#include "log.h"

#include <assert.h>
#include <errno.h>
#include <openssl/evp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/random.h>

#include "fail.h"
#include "json.h"
#include "keyed.h"
#include "ruleset.h"

#define LINE_MAX_BYTES (64 * KiB)
/** Occurrences go on in a further line once one is this long. */
#define LINE_FULL (48 * KiB)
#define CHECKPOINT_EVENTS 1000
#define CHECKPOINT_NS (5 * NS_PER_S)
#define FLUSH_BYTES (256 * KiB)

/** Room in a line for a path and for the names of members, as they are written: a name
 * may be all control characters, and the line has a ceiling. */
#define PATH_ROOM (20 * KiB)
#define INNER_ROOM (12 * KiB)
#define ROOT_ROOM (4 * KiB)

/** Longest path written, and longest name of a member, bytes. */
#define PATH_SHOWN ((size_t)16384)
#define INNER_SHOWN ((size_t)1024)

struct log {
	int fd;
	struct log_options options;
	const assay_ruleset *rules;
	struct log_root *roots; /**< owned array, owned names */
	size_t roots_len;
	struct buf line;    /**< of the event at hand */
	struct buf pending; /**< not written yet */
	EVP_MD_CTX *sha;    /**< of everything before the line at hand */
	uint64_t bytes;     /**< the same */
	uint64_t seq, since_checkpoint, checkpoint_at;
	time_t stamp_second;
	char stamp[24]; /**< of that second */
	char run[27];
	struct log_counters counters;
};

/** Crockford's base 32: a ULID is 48 bits of time and 80 of chance. */
static void make_ulid(char ret[27])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t chance[10] = { 0 };
	struct timespec now;
	uint64_t ms;
	unsigned bits = 0, value = 0, at = 10;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / NS_PER_MS;
	if (getrandom(chance, sizeof(chance), 0) != sizeof(chance))
		chance[0] = (uint8_t)getpid();
	for (size_t i = 10; i > 0; i--, ms >>= 5)
		ret[i - 1] = digits[ms & 31];
	for (size_t i = 0; i < sizeof(chance); i++) {
		value = value << 8 | chance[i];
		for (bits += 8; bits >= 5; bits -= 5)
			ret[at++] = digits[value >> (bits - 5) & 31];
	}
	ret[26] = '\0';
}

enum assay_status log_new(int fd, const struct log_options *options, struct log **ret_log,
			  struct assay_error *err)
{
	struct log *log = calloc(1, sizeof(*log));

	if (!log)
		return assay_fail_memory(err, "the run log");
	log->fd = fd;
	log->options = *options;
	log->line.limit = LINE_MAX_BYTES;
	log->pending.limit = 16 * MiB;
	log->checkpoint_at = clock_ns();
	make_ulid(log->run);
	log->sha = EVP_MD_CTX_new();
	if (!log->sha || EVP_DigestInit_ex(log->sha, EVP_sha256(), NULL) <= 0) {
		log_free(log);
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "libcrypto has no SHA-256");
	}
	*ret_log = log;
	return ASSAY_OK;
}

void log_free(struct log *log)
{
	if (!log)
		return;
	for (size_t i = 0; i < log->roots_len; i++)
		free((void *)(uintptr_t)log->roots[i].name);
	free(log->roots);
	buf_done(&log->line);
	buf_done(&log->pending);
	EVP_MD_CTX_free(log->sha);
	free(log);
}

const struct log_counters *log_counters(const struct log *log)
{
	return &log->counters;
}

/* Lines. */

static enum assay_status flush(struct log *log, struct assay_error *err)
{
	const char *at = log->pending.data;
	size_t left = log->pending.len;

	while (left > 0) {
		ssize_t put = write(log->fd, at, left);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno,
					      "the run log cannot be written");
		at += put;
		left -= (size_t)put;
	}
	buf_clear(&log->pending);
	return ASSAY_OK;
}

static void event_begin(struct log *log, struct json *j, const char *type)
{
	struct timespec now;
	char stamp[32];
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec != log->stamp_second) {
		gmtime_r(&now.tv_sec, &tm);
		strftime(log->stamp, sizeof(log->stamp), "%Y-%m-%dT%H:%M:%S", &tm);
		log->stamp_second = now.tv_sec;
	}
	snprintf(stamp, sizeof(stamp), "%s.%03uZ", log->stamp,
		 (unsigned)(now.tv_nsec / (long)NS_PER_MS));
	buf_clear(&log->line);
	json_begin(j, &log->line);
	json_int(j, "v", 1);
	json_str(j, "type", type);
	json_int(j, "seq", log->seq++);
	json_str(j, "ts", stamp);
	json_str(j, "run", log->run);
}

/** The hash of everything before the line at hand, in hex. */
static void sha_so_far(const struct log *log, char ret_hex[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *copy = EVP_MD_CTX_new();
	unsigned len = 0;

	ret_hex[0] = '\0';
	if (copy && EVP_MD_CTX_copy_ex(copy, log->sha) > 0)
		EVP_DigestFinal_ex(copy, digest, &len);
	EVP_MD_CTX_free(copy);
	for (unsigned i = 0; i < len; i++)
		snprintf(ret_hex + (size_t)2 * i, 3, "%02x", digest[i]);
}

static enum assay_status line_end(struct log *log, struct json *j, struct assay_error *err)
{
	json_end(j);
	buf_add_byte(&log->line, '\n');
	if (log->line.failed)
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL,
				  "a line of the run log is longer than 64 KiB");
	if (EVP_DigestUpdate(log->sha, log->line.data, log->line.len) <= 0 ||
	    !buf_add(&log->pending, log->line.data, log->line.len))
		return assay_fail_memory(err, "the run log");
	log->bytes += log->line.len;
	log->since_checkpoint++;
	return log->pending.len >= FLUSH_BYTES ? flush(log, err) : ASSAY_OK;
}

static enum assay_status checkpoint(struct log *log, struct assay_error *err)
{
	struct json j;
	char hex[65];
	enum assay_status st;

	sha_so_far(log, hex);
	event_begin(log, &j, "checkpoint");
	json_int(&j, "bytes", log->bytes);
	json_str(&j, "sha256", hex);
	st = line_end(log, &j, err);
	log->since_checkpoint = 0;
	log->checkpoint_at = clock_ns();
	return st < 0 ? st : flush(log, err);
}

static enum assay_status event_end(struct log *log, struct json *j, struct assay_error *err)
{
	enum assay_status st = line_end(log, j, err);

	if (st < 0 || (log->since_checkpoint < CHECKPOINT_EVENTS &&
		       (log->seq % 64 || clock_ns() - log->checkpoint_at < CHECKPOINT_NS)))
		return st;
	return checkpoint(log, err);
}

/* run_begin */

static void put_tool(struct json *j)
{
	static const char *const light[] = { "plain", "csv",   "json",    "markup",
					     "zip",   "ooxml", "archive", "stream" };

	json_open(j, "tool", '{');
	json_str(j, "name", "assay");
	json_str(j, "version", ASSAY_VERSION);
	json_str(j, "build_id", ASSAY_VERSION);
	json_open(j, "extractors", '{');
	for (size_t i = 0; i < ARRAY_SIZE(light); i++)
		json_str(j, light[i], "1");
	json_close(j, '}');
	json_close(j, '}');
}

static void put_actor(struct json *j)
{
	struct passwd entry, *found = NULL;
	char space[1024];

	json_open(j, "actor", '{');
	json_int(j, "uid", getuid());
	getpwuid_r(getuid(), &entry, space, sizeof(space), &found);
	json_str(j, "user", found ? found->pw_name : "");
	json_null(j, "loginuid");
	json_close(j, '}');
}

static void put_roots(struct json *j, const struct log_begin *b)
{
	json_open(j, "roots", '[');
	for (size_t i = 0; i < b->roots_len && i < 256; i++) {
		json_open(j, NULL, '{');
		json_strn(j, "name", b->roots[i].name, strnlen(b->roots[i].name, 128));
		json_strn(j, "path", b->roots[i].path, strnlen(b->roots[i].path, 128));
		json_str(j, "fs_type", b->roots[i].fs_type);
		json_str(j, "key_mode", "none");
		json_null(j, "approved_label");
		json_null(j, "iao");
		json_bool(j, "mounted", true);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static bool keep_roots(struct log *log, const struct log_begin *b)
{
	log->roots = calloc(b->roots_len + 1, sizeof(*log->roots));
	if (!log->roots)
		return false;
	for (; log->roots_len < b->roots_len; log->roots_len++) {
		char *name = strdup(b->roots[log->roots_len].name);

		if (!name)
			return false;
		log->roots[log->roots_len].name = name;
	}
	return true;
}

/** What the walk leaves out, as far as it fits in a line. */
static void put_excludes(struct log *log, struct json *j, const struct log_begin *b)
{
	size_t i;

	json_open(j, "default_excludes", '[');
	for (i = 0; b->default_excludes && b->default_excludes[i]; i++)
		json_str(j, NULL, b->default_excludes[i]);
	json_close(j, ']');
	json_open(j, "excludes", '[');
	for (i = 0; i < b->excludes_len && log->line.len < LINE_FULL; i++)
		json_strn(j, NULL, b->excludes[i], strnlen(b->excludes[i], 1024));
	json_close(j, ']');
	json_int(j, "excludes_count", b->excludes_len);
}

enum assay_status log_begin(struct log *log, const struct log_begin *b, struct assay_error *err)
{
	struct json j;
	char host[65] = "";

	if (!keep_roots(log, b))
		return assay_fail_memory(err, "the run log");
	log->rules = b->rules;
	gethostname(host, sizeof(host) - 1);
	event_begin(log, &j, "run_begin");
	json_str(&j, "schema", "assay.run/1");
	put_tool(&j);
	json_null(&j, "job");
	json_str(&j, "host", host);
	put_actor(&j);
	json_str(&j, "mode", "full");
	json_null(&j, "resumed_from");
	json_null(&j, "previous_run");
	json_null(&j, "baseline_run");
	json_null(&j, "config_sha256");
	json_null(&j, "policy");
	json_open(&j, "rules", '{');
	json_strn(&j, "name", b->rules_name, strnlen(b->rules_name, 256));
	json_str(&j, "version", ASSAY_VERSION);
	json_str(&j, "sha256", b->rules->list->version ? b->rules->list->version : "");
	json_int(&j, "count", b->rules->list->len);
	json_close(&j, '}');
	json_str(&j, "engine_epoch", b->rules->list->version ? b->rules->list->version : "");
	buf_printf(&log->line, ",\"key_id\":\"%02x%02x%02x%02x\"", b->key_id[0], b->key_id[1],
		   b->key_id[2], b->key_id[3]);
	json_str(&j, "mask", b->mask);
	json_str(&j, "report_marking", "OFFICIAL-SENSITIVE");
	json_str(&j, "sandbox", b->sandbox);
	json_str(&j, "engine", b->engine);
	json_str(&j, "isa", b->isa);
	json_int(&j, "workers", b->workers);
	put_roots(&j, b);
	put_excludes(log, &j, b);
	json_open(&j, "limits", '{');
	for (size_t i = 0; i < b->limits_len; i++)
		json_int(&j, b->limits[i].name, b->limits[i].value);
	json_close(&j, '}');
	return event_end(log, &j, err);
}

/* Objects. */

/** An object's identity: root, path, and each inner name with its ordinal. */
static bool identity(const struct log *log, const struct log_file *file,
		     const struct assay_object *o, const char *rule, char ret_hex[33])
{
	struct keyed_part parts[3 + 2 * 40];
	uint8_t ordinals[40][4], fp[FP_BYTES];
	size_t len = 0;
	const char *root = file->root < log->roots_len ? log->roots[file->root].name : "";

	if (rule)
		parts[len++] = (struct keyed_part){ rule, strlen(rule) };
	parts[len++] = (struct keyed_part){ root, strlen(root) };
	parts[len++] = (struct keyed_part){ file->path, strlen(file->path) };
	for (size_t i = 0; i < o->inner_len && i < ARRAY_SIZE(ordinals); i++) {
		uint32_t n = o->inner[i].ordinal;

		for (size_t b = 0; b < 4; b++)
			ordinals[i][b] = (uint8_t)(n >> (8 * b));
		parts[len++] = (struct keyed_part){ o->inner[i].name, o->inner[i].len };
		parts[len++] = (struct keyed_part){ ordinals[i], 4 };
	}
	if (!keyed_hmac(log->options.path_key, parts, len, fp))
		return false;
	hex16(fp, ret_hex);
	return true;
}

static void put_base64(struct json *j, const char *key, const char *data, size_t len)
{
	CLEANUP(mem_freep) char *text = malloc(4 * ((len + 2) / 3) + 1);

	if (text &&
	    EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)data, (int)len) >= 0)
		json_str(j, key, text);
}

static void put_time(struct json *j, const char *key, const struct timespec *t)
{
	char text[40];
	struct tm tm;

	gmtime_r(&t->tv_sec, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_str(j, key, text);
}

/** Bytes of a text that take at most `room` bytes in the log, whole characters. */
static size_t fitting(const char *text, size_t len, size_t room)
{
	size_t at = 0;

	while (at < len) {
		uint32_t code;
		size_t took = utf8_decode(text + at, len - at, &code);
		size_t written = code == UINT32_MAX            ? 3
				 : code < 0x20 || code == 0x7F ? 6
				 : code == '"' || code == '\\' ? 2
							       : took;

		if (written > room)
			break;
		room -= written;
		at += took;
	}
	return at;
}

static void put_inner(struct json *j, const struct assay_object *o)
{
	size_t begin = j->out->len;

	json_open(j, "inner", '[');
	for (size_t i = 0; i < o->inner_len; i++) {
		size_t used = j->out->len - begin;
		size_t room = used < INNER_ROOM ? (INNER_ROOM - used) / (o->inner_len - i) : 0;

		json_strn(j, NULL, o->inner[i].name,
			  fitting(o->inner[i].name, MIN(o->inner[i].len, INNER_SHOWN), room));
	}
	json_close(j, ']');
}

static void put_place(struct log *log, struct json *j, const struct log_file *file,
		      const struct assay_object *o)
{
	size_t whole = strlen(file->path);
	size_t len = fitting(file->path, MIN(whole, PATH_SHOWN), PATH_ROOM);
	const char *root = file->root < log->roots_len ? log->roots[file->root].name : "";

	json_strn(j, "root", root, fitting(root, strlen(root), ROOT_ROOM));
	json_strn(j, "path", file->path, len);
	if (len < whole)
		json_bool(j, "path_cut", true);
	if (!utf8_valid(file->path, len))
		put_base64(j, "path_b64", file->path, len);
	put_inner(j, o);
}

static void put_stat(struct json *j, const struct log_file *file, const struct assay_object *o)
{
	const struct stat *st = o->inner_len ? NULL : file->st;

	json_int(j, "size", st ? (uint64_t)st->st_size : o->size);
	if (st) {
		put_time(j, "mtime", &st->st_mtim);
		put_time(j, "ctime", &st->st_ctim);
	}
	json_str(j, "mime", o->mime);
	json_str(j, "mime_by", o->mime_by);
	json_bool(j, "ext_mismatch", o->ext_mismatch);
	json_null(j, "sha256");
	if (!st)
		return;
	json_open(j, "owner", '{');
	json_int(j, "uid", st->st_uid);
	json_null(j, "sid");
	json_str(j, "source", "posix");
	json_close(j, '}');
	buf_printf(j->out, ",\"mode\":\"%04o\"", (unsigned)(st->st_mode & 07777));
	json_str(j, "exposure",
		 st->st_mode & 0004   ? "everyone"
		 : st->st_mode & 0040 ? "group"
				      : "private");
}

/** A list that was put together with "; " between its items. */
static void put_list(struct json *j, const char *key, const char *text)
{
	json_open(j, key, '[');
	while (text && *text) {
		const char *end = strstr(text, "; ");
		size_t len = end ? (size_t)(end - text) : strlen(text);

		json_strn(j, NULL, text, len);
		text = end ? end + 2 : NULL;
	}
	json_close(j, ']');
}

static void put_marking(struct json *j, const struct assay_marking *m)
{
	if (!m->label) {
		json_null(j, "marking");
		return;
	}
	json_open(j, "marking", '{');
	json_str(j, "label", m->label);
	json_str(j, "scheme", m->scheme ? m->scheme : "other");
	json_int(j, "tier", m->tier);
	put_list(j, "handling", m->handling);
	put_list(j, "descriptors", m->descriptors);
	json_str(j, "where", m->where ? m->where : "body");
	json_str(j, "confidence", assay_confidence_name(m->confidence));
	json_close(j, '}');
}

/** Counts of every confidence and rule, so that labels can be worked out again. */
static void put_hits(struct log *log, struct json *j, const struct assay_object *o)
{
	size_t i;

	json_open(j, "hits", '{');
	for (i = 0; i < o->findings_len && log->line.len < LINE_FULL; i++) {
		const struct assay_finding *f = &o->findings[i];

		json_open(j, assay_ruleset_id(log->rules, f->rule), '[');
		for (size_t c = 0; c < ASSAY_CONFIDENCES; c++)
			json_int(j, NULL, f->counts[c]);
		json_close(j, ']');
	}
	json_close(j, '}');
	if (i < o->findings_len)
		json_bool(j, "hits_cut", true);
}

static enum assay_status put_object(struct log *log, const struct log_file *file,
				    const struct assay_object *o, const char *obj,
				    struct assay_error *err)
{
	struct json j;

	event_begin(log, &j, "object");
	json_str(&j, "obj", obj);
	put_place(log, &j, file, o);
	put_stat(&j, file, o);
	put_marking(&j, &o->marking);
	json_null(&j, "label");
	json_open(&j, "why", '[');
	json_close(&j, ']');
	json_open(&j, "verdicts", '[');
	json_close(&j, ']');
	json_null(&j, "risk");
	json_null(&j, "dup");
	put_hits(log, &j, o);
	json_str(&j, "coverage", assay_coverage_name(o->coverage));
	json_bool(&j, "cached", false);
	json_str(&j, "state", "new");
	return event_end(log, &j, err);
}

static void put_locator(struct json *j, const struct assay_locator *l)
{
	const struct {
		const char *key;
		uint64_t value;
	} numbers[] = { { "line", l->line },
			{ "col", l->col },
			{ "page", l->page },
			{ "slide", l->slide },
			{ "row", l->row } };
	const struct {
		const char *key, *value;
	} words[] = { { "sheet", l->sheet },
		      { "cell", l->cell },
		      { "part", l->part },
		      { "header", l->header } };

	json_open(j, "loc", '{');
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i].value)
			json_int(j, numbers[i].key, numbers[i].value);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].value)
			json_strn(j, words[i].key, words[i].value, strnlen(words[i].value, 256));
	json_close(j, '}');
}

static void put_occurrence(struct json *j, const struct assay_occurrence *o)
{
	char hex[33];

	json_open(j, NULL, '{');
	if (o->off == ASSAY_NO_OFFSET)
		json_null(j, "off");
	else
		json_int(j, "off", o->off);
	json_int(j, "len", o->len);
	put_locator(j, &o->loc);
	json_str(j, "conf", assay_confidence_name(o->confidence));
	json_str(j, "mask", o->mask ? o->mask : "");
	hex16(o->fp, hex);
	json_str(j, "fp", hex);
	if (o->region != ASSAY_BODY)
		json_str(j, "region", assay_region_name(o->region));
	if (o->field)
		json_strn(j, "field", o->field, strnlen(o->field, 128));
	if (o->vis != ASSAY_SHOWN)
		json_str(j, "vis", assay_vis_name(o->vis));
	if (o->value)
		json_strn(j, "value", o->value, strnlen(o->value, 256));
	json_close(j, '}');
}

static enum assay_confidence best_confidence(const struct assay_finding *f)
{
	for (int c = ASSAY_HIGH; c > ASSAY_LOW; c--)
		if (f->counts[c])
			return (enum assay_confidence)c;
	return ASSAY_LOW;
}

static bool is_reported(const struct log *log, const struct assay_finding *f)
{
	return best_confidence(f) >= log->options.min_confidence;
}

static void finding_head(struct log *log, struct json *j, const struct assay_finding *f,
			 const char *finding_id, const char *obj, uint64_t part)
{
	const struct rule *rule = log->rules->rules[f->rule].rule;
	char hex[33];

	event_begin(log, j, "finding");
	json_str(j, "finding_id", finding_id);
	json_str(j, "obj", obj);
	json_str(j, "rule", rule->id);
	json_str(j, "rule_version", rule->version ? rule->version : "");
	json_str(j, "category", rule->category);
	json_str(j, "severity", assay_severity_name(rule->severity));
	json_str(j, "confidence", assay_confidence_name(best_confidence(f)));
	json_open(j, "counts", '{');
	for (int c = ASSAY_HIGH; c >= ASSAY_LOW; c--)
		json_int(j, assay_confidence_name((enum assay_confidence)c), f->counts[c]);
	json_close(j, '}');
	json_int(j, "unique", f->unique);
	hex16(f->values_fp, hex);
	json_str(j, "values_fp", hex);
	json_int(j, "hidden", f->hidden);
	json_str(j, "state", "new");
	json_null(j, "suppressed");
	if (part)
		json_int(j, "part", part);
	json_open(j, "occurrences", '[');
}

static uint64_t total_of(const struct assay_finding *f)
{
	return f->counts[0] + f->counts[1] + f->counts[2];
}

static enum assay_status put_finding(struct log *log, const struct log_file *file,
				     const struct assay_object *o, const struct assay_finding *f,
				     const char *obj, struct assay_error *err)
{
	char finding_id[33];
	size_t next = 0;
	enum assay_status st = ASSAY_OK;

	if (!identity(log, file, o, log->rules->rules[f->rule].rule->id, finding_id))
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "HMAC failed");
	for (uint64_t part = 0; st == ASSAY_OK && (part == 0 || next < f->occurrences_len);
	     part++) {
		struct json j;

		finding_head(log, &j, f, finding_id, obj, part);
		for (; next < f->occurrences_len && log->line.len < LINE_FULL; next++)
			put_occurrence(&j, &f->occurrences[next]);
		json_close(&j, ']');
		json_bool(&j, "truncated", f->occurrences_len < total_of(f));
		st = event_end(log, &j, err);
	}
	log->counters.findings++;
	return st;
}

static enum assay_status put_gap(struct log *log, const struct log_file *file,
				 const struct assay_object *o, const struct assay_gap *g,
				 const char *obj, struct assay_error *err)
{
	struct json j;

	event_begin(log, &j, "gap");
	json_str(&j, "obj", obj);
	put_place(log, &j, file, o);
	json_str(&j, "reason", assay_reason_name(g->reason));
	json_str(&j, "detail", g->detail ? g->detail : "");
	if (g->limit) {
		json_open(&j, "limit", '{');
		json_str(&j, "name", g->limit);
		json_int(&j, "value", g->limit_value);
		json_close(&j, '}');
	} else {
		json_null(&j, "limit");
	}
	json_int(&j, "bytes_examined", g->bytes_examined);
	json_int(&j, "bytes_total", g->bytes_total);
	json_bool(&j, "blocking", g->blocking);
	log->counters.gaps++;
	log->counters.blocking_gaps += g->blocking;
	return event_end(log, &j, err);
}

static void count_object(struct log *log, const struct assay_object *o)
{
	struct log_counters *c = &log->counters;
	uint64_t *by_coverage[] = {
		[ASSAY_COMPLETE] = &c->complete,
		[ASSAY_PARTLY] = &c->partial,
		[ASSAY_NOTHING] = &c->nothing,
		[ASSAY_EXCLUDED] = &c->excluded,
	};

	if (o->inner_len > 0) {
		c->members++;
		return;
	}
	c->enumerated++;
	c->bytes += o->bytes;
	++*by_coverage[o->coverage];
	if (o->marking.label && o->marking.tier < ASSAY_TIERS)
		c->marked[o->marking.tier]++;
}

enum assay_status log_object(struct log *log, const struct log_file *file,
			     const struct assay_object *o, struct assay_error *err)
{
	bool notable = o->marking.label || o->gaps_len > 0;
	enum assay_status st = ASSAY_OK;
	char obj[33];

	count_object(log, o);
	for (size_t i = 0; i < o->findings_len; i++)
		notable = notable || is_reported(log, &o->findings[i]);
	log->counters.objects_notable += notable && o->inner_len == 0;
	if (!notable && !log->options.emit_all)
		return ASSAY_OK;
	if (!identity(log, file, o, NULL, obj))
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "HMAC failed");
	st = put_object(log, file, o, obj, err);
	for (size_t i = 0; i < o->findings_len && st == ASSAY_OK; i++)
		if (is_reported(log, &o->findings[i]))
			st = put_finding(log, file, o, &o->findings[i], obj, err);
	for (size_t i = 0; i < o->gaps_len && st == ASSAY_OK; i++)
		st = put_gap(log, file, o, &o->gaps[i], obj, err);
	return st;
}

enum assay_status log_notice(struct log *log, const char *level, const char *code, const char *text,
			     struct assay_error *err)
{
	struct json j;

	event_begin(log, &j, "notice");
	json_str(&j, "level", level);
	json_str(&j, "code", code);
	json_str(&j, "text", text);
	return event_end(log, &j, err);
}

/* run_end */

static void put_counters(struct json *j, const struct log_counters *c)
{
	json_open(j, "counters", '{');
	json_int(j, "enumerated", c->enumerated);
	json_int(j, "complete", c->complete);
	json_int(j, "partial", c->partial);
	json_int(j, "none", c->nothing);
	json_int(j, "excluded", c->excluded);
	json_int(j, "members", c->members);
	json_int(j, "notable", c->objects_notable);
	json_int(j, "findings", c->findings);
	json_int(j, "new", c->findings);
	json_int(j, "unchanged", 0);
	json_int(j, "updated", 0);
	json_int(j, "suppressed", 0);
	json_int(j, "gaps", c->gaps);
	json_int(j, "blocking_gaps", c->blocking_gaps);
	json_open(j, "marked", '[');
	for (size_t i = 0; i < ASSAY_TIERS; i++)
		json_int(j, NULL, c->marked[i]);
	json_close(j, ']');
	json_close(j, '}');
}

enum assay_status log_end(struct log *log, const struct log_end *end, struct assay_error *err)
{
	const struct log_counters *c = &log->counters;
	enum assay_status st = checkpoint(log, err);
	struct json j;
	char hex[65];

	assert(c->enumerated == c->complete + c->partial + c->nothing + c->excluded);
	if (st < 0)
		return st;
	sha_so_far(log, hex);
	event_begin(log, &j, "run_end");
	json_str(&j, "status", end->status);
	json_int(&j, "exit", (uint64_t)end->exit);
	json_str(&j, "sentence", end->sentence);
	put_counters(&j, c);
	json_str(&j, "log_sha256", hex);
	json_int(&j, "wall_ms", end->wall_ms);
	json_int(&j, "cpu_ms", end->cpu_ms);
	json_int(&j, "bytes_read", c->bytes);
	st = line_end(log, &j, err);
	return st < 0 ? st : flush(log, err);
}
