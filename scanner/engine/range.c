/* range.c - deciding to split, and scanning a range */
#include "range.h"

#include <errno.h>
#include <stdio.h>

#include "decode.h"
#include "fail.h"
#include "utf8.h"

/* The blob: a version, two flags, the delimiter, the length of the type's name and the
 * name, then for a table its headings, each ended by NUL. */
#define BLOB_VERSION 1
#define BLOB_FIELDS_MAX 512

struct plan {
	bool is_grid;
	bool is_code;
	char delimiter;
	char mime[64];
	const char *fields[BLOB_FIELDS_MAX];
	size_t fields_len;
};

struct blob_writer {
	uint8_t *data;
	size_t len;
};

static void put(struct blob_writer *w, const void *data, size_t len)
{
	if (w->len + len > SPLIT_BLOB_MAX)
		return; /* headings that do not fit are not named */
	memcpy(w->data + w->len, data, len);
	w->len += len;
}

/* The extractor of tables tells its headings to a sink that wants nothing else. */

static enum assay_status probe_grid(void *ctx, const struct grid *grid, struct assay_error *err)
{
	struct blob_writer *w = ctx;

	w->data[3] = (uint8_t)grid->delimiter;
	for (size_t i = 0; i < MIN(grid->fields_len, BLOB_FIELDS_MAX); i++)
		put(w, grid->fields[i], strlen(grid->fields[i]) + 1);
	w->data[1] = 1;
	return assay_fail(err, ASSAY_FAILED, ASSAY_INTERNAL, "probed");
}

static enum assay_status probe_text(void *ctx, const struct segment *seg, const char *text,
				    size_t len, struct source source, struct assay_error *err)
{
	(void)ctx, (void)seg, (void)text, (void)len, (void)source;
	return assay_fail(err, ASSAY_FAILED, ASSAY_INTERNAL, "probed");
}

static char *probe_reserve(void *ctx, size_t *ret_cap)
{
	(void)ctx, (void)ret_cap;
	return NULL;
}

static enum assay_status probe_commit(void *ctx, const struct segment *seg, size_t len,
				      struct source source, struct assay_error *err)
{
	return probe_text(ctx, seg, NULL, len, source, err);
}

static void probe_headings(const struct extractor *x, const struct engine_job *job,
			   const struct assay_limits *limits, struct blob_writer *w)
{
	static const struct sink_ops ops = {
		.grid = probe_grid,
		.text = probe_text,
		.reserve = probe_reserve,
		.commit = probe_commit,
	};
	struct extract_sink sink = { .ops = &ops, .ctx = w, .limits = limits };
	struct assay_error ignored;
	struct input in;

	input_from_fd(&in, job->fd, job->size);
	if (x->run(&in, &sink, &ignored) < 0) {
		/* as meant: it stopped at the first thing that is not wanted */
	}
	input_done(&in);
}

static bool is_table(const char *mime)
{
	return strcmp(mime, "text/csv") == 0 || strcmp(mime, "text/tab-separated-values") == 0;
}

/** Does it read text as it stands?  So is Markdown that is large enough to be split. */
static bool is_plain(const struct extractor *x)
{
	return strcmp(x->name, "plain") == 0 || strcmp(x->name, "markdown") == 0;
}

bool range_wants_split(struct identifier *id, struct input *in, const struct engine_job *job,
		       struct engine_result *ret_result)
{
	static const struct assay_limits limits = ASSAY_LIMITS_DEFAULT;
	struct blob_writer w = { .data = ret_result->blob };
	struct identity identity;
	struct assay_error ignored;
	const struct extractor *x;
	const uint8_t *head;
	size_t len;
	uint8_t start[5] = { BLOB_VERSION };

	if (input_head(in, &head, &len, &ignored) < 0)
		return false;
	identify(id, head, len, false, job->name, job->name_len, &identity);
	if (strncmp(identity.mime, "text/", 5) != 0 ||
	    encoding_of(head, len).charset != CHARSET_ASCII_KIN)
		return false;
	/* Other readers keep in mind what they have read. */
	x = extractor_for(identity.mime);
	if (!x || (!is_plain(x) && !is_table(identity.mime)))
		return false;
	start[2] = strncmp(identity.mime, "text/plain", 10) != 0;
	start[4] = (uint8_t)MIN(strlen(identity.mime), 63);
	put(&w, start, sizeof(start));
	put(&w, identity.mime, start[4]);
	if (is_table(identity.mime))
		probe_headings(x, job, &limits, &w);
	ret_result->blob_len = w.len;
	return true;
}

static bool read_plan(const struct engine_job *job, struct plan *ret)
{
	const uint8_t *b = job->blob;
	size_t at, mime_len;

	memset(ret, 0, sizeof(*ret));
	if (job->blob_len < 5 || b[0] != BLOB_VERSION || b[4] > 63 || job->blob_len < 5u + b[4])
		return false;
	ret->is_grid = b[1];
	ret->is_code = b[2];
	ret->delimiter = (char)b[3];
	mime_len = b[4];
	memcpy(ret->mime, b + 5, mime_len);
	at = 5 + mime_len;
	while (at < job->blob_len && ret->fields_len < BLOB_FIELDS_MAX) {
		const uint8_t *end = memchr(b + at, '\0', job->blob_len - at);

		if (!end)
			return false;
		ret->fields[ret->fields_len++] = (const char *)b + at;
		at = (size_t)(end - b) + 1;
	}
	return true;
}

/* Reading. */

/** Bytes at the end of `data` that begin a character whose rest is not there. */
static size_t open_character(const char *data, size_t len)
{
	for (size_t back = 1; back <= MIN(len, 3); back++) {
		unsigned char c = (unsigned char)data[len - back];

		if (c < 0x80)
			return 0;
		if (c >= 0xC0)
			return (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : 2u) > back ? back : 0;
	}
	return 0;
}

/** Send [from, to) as one segment.  *ret_to is less where the file has ended early. */
static enum assay_status send(struct object *o, const struct engine_job *job,
			      const struct segment *seg, uint64_t from, uint64_t to,
			      uint64_t *ret_to, struct assay_error *err)
{
	*ret_to = from;
	while (from < to) {
		size_t cap, n;
		char *at = stream_reserve(o->stream, &cap, err);
		ssize_t got;
		enum assay_status st;

		if (!at)
			return ASSAY_FATAL;
		got = pread(job->fd, at, (size_t)MIN(cap, to - from), (off_t)from);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return assay_fail_sys(err, ASSAY_FAILED, ASSAY_IO_ERROR, errno, "read");
		if (got == 0)
			return ASSAY_OK;
		n = (size_t)got;
		if (from + n < to && n > 4)
			n -= open_character(at, n);
		st = stream_commit(o->stream, seg, n,
				   (struct source){ .off = from, .kind = SOURCE_SAME }, err);
		if (st < 0)
			return st;
		from += n;
		*ret_to = from;
	}
	return ASSAY_OK;
}

/** The margin before, the range, the margin after. */
static enum assay_status send_all(struct object *o, const struct engine_job *job,
				  struct engine_result *result, struct assay_error *err)
{
	const struct segment margin = { .loc.part = "margin" }, body = { .loc.line = 1 };
	uint64_t from = job->begin - MIN(job->begin, RANGE_MARGIN), reached;
	uint64_t after = MIN(job->size, job->end + RANGE_MARGIN + STREAM_AHEAD);
	enum assay_status st = send(o, job, &margin, from, job->begin, &reached, err);

	result->lines = stream_lines(o->stream);
	if (st == ASSAY_OK)
		st = send(o, job, &body, job->begin, job->end, &reached, err);
	if (st < 0)
		return st;
	result->lines = stream_lines(o->stream) - result->lines;
	result->bytes = reached - job->begin;
	if (reached < job->end) {
		object_gap(o, ASSAY_CHANGED, true, "the file became shorter while it was read");
		return ASSAY_OK;
	}
	return send(o, job, &margin, job->end, after, &reached, err);
}

static enum assay_status send_name(struct object *o, const struct engine_job *job,
				   struct assay_error *err)
{
	struct segment seg = { .region = ASSAY_NAME, .loc.part = "name" };
	const struct source derived = { .kind = SOURCE_DERIVED };
	enum assay_status st = ASSAY_OK;

	if (job->begin > 0 || job->name_len == 0)
		return ASSAY_OK;
	st = stream_text(o->stream, &seg, job->name, job->name_len, derived, err);
	if (st == ASSAY_OK)
		st = stream_text(o->stream, &seg, "\n\n", 2, derived, err);
	o->first_line = stream_lines(o->stream);
	return st;
}

enum assay_status range_scan(struct object *o, const struct engine_job *job,
			     const struct assay_sink *sink, struct engine_result *ret_result,
			     struct assay_error *err)
{
	struct assay_object object = { .mime_by = "magic", .size = job->size };
	struct assay_error why = { 0 };
	struct plan plan;
	enum assay_status st;

	if (!read_plan(job, &plan))
		return assay_fail(err, ASSAY_FAILED, ASSAY_INTERNAL, "a range without its plan");
	object_reset(o);
	object_own_range(o, job->begin, job->end, job->end == job->size);
	o->code = plan.is_code;
	o->table = is_table(plan.mime);
	st = send_name(o, job, &why);
	if (st == ASSAY_OK && plan.is_grid) {
		struct grid grid = {
			.delimiter = plan.delimiter,
			.fields = plan.fields,
			.fields_len = plan.fields_len,
		};

		st = stream_grid(o->stream, &grid, job->begin == 0, &why);
	}
	if (st == ASSAY_OK)
		st = send_all(o, job, ret_result, &why);
	if (st == ASSAY_FATAL) {
		*err = why;
		return st;
	}
	if (st < 0)
		object_gap(o, why.reason, assay_reason_blocks(why.reason), why.detail);
	st = object_finish(o, err);
	if (st < 0)
		return st;
	object_results(o, &object);
	object.mime = plan.mime;
	object.bytes = ret_result->bytes;
	object.coverage = object.gaps_len ? ASSAY_PARTLY : ASSAY_COMPLETE;
	if (sink->object(sink->ctx, &object) != 0)
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "the sink wants no more");
	return ASSAY_OK;
}
