/* logread.c - lines of a run log, and what stands in them */
#include "logread.h"

#include <errno.h>

#include "fail.h"
#include "jsonread.h"

#define LINE_MAX_BYTES (64 * KiB)
#define READ_BYTES (256 * KiB)

struct event {
	const char *line;
	size_t len;
	struct json_doc doc;
};

struct logread {
	int fd; /* borrowed */
	bool eof;
	char *data; /* READ_BYTES + LINE_MAX_BYTES */
	size_t at, end;
	uint64_t line;
	struct event event;
};

enum assay_status logread_new(int fd, struct logread **ret_reader, struct assay_error *err)
{
	struct logread *r = calloc(1, sizeof(*r));

	if (!r)
		return assay_fail_memory(err, "log reader");
	r->fd = fd;
	json_doc_init(&r->event.doc, LINE_MAX_BYTES);
	r->data = malloc(READ_BYTES + LINE_MAX_BYTES);
	if (!r->data) {
		logread_free(r);
		return assay_fail_memory(err, "log reader");
	}
	*ret_reader = r;
	return ASSAY_OK;
}

void logread_free(struct logread *r)
{
	if (!r)
		return;
	json_doc_done(&r->event.doc);
	free(r->data);
	free(r);
}

static enum assay_status fill(struct logread *r, struct assay_error *err)
{
	ssize_t n;

	memmove(r->data, r->data + r->at, r->end - r->at);
	r->end -= r->at;
	r->at = 0;
	do
		n = read(r->fd, r->data + r->end, READ_BYTES + LINE_MAX_BYTES - r->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "reading the log");
	r->end += (size_t)n;
	r->eof = n == 0;
	return ASSAY_OK;
}

static enum assay_status bad_line(const struct logread *r, struct assay_error *err,
				  const char *what)
{
	return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED, "line %llu: %s",
			  (unsigned long long)r->line, what);
}

/** Past the end of a line that is too long, so that the next call finds a line. */
static enum assay_status skip_line(struct logread *r, struct assay_error *err)
{
	while (!r->eof || r->at < r->end) {
		char *lf = memchr(r->data + r->at, '\n', r->end - r->at);
		enum assay_status st;

		if (lf) {
			r->at = (size_t)(lf + 1 - r->data);
			break;
		}
		r->at = r->end;
		st = fill(r, err);
		if (st < 0)
			return st;
	}
	return bad_line(r, err, "longer than 64 KiB");
}

/** The next line without its line feed; NULL at the end. */
static enum assay_status next_line(struct logread *r, const char **ret_line, size_t *ret_len,
				   struct assay_error *err)
{
	for (;;) {
		size_t have = r->end - r->at;
		char *lf = memchr(r->data + r->at, '\n', MIN(have, LINE_MAX_BYTES));
		enum assay_status st;

		if (lf) {
			*ret_line = r->data + r->at;
			*ret_len = (size_t)(lf - *ret_line);
			r->at += *ret_len + 1;
			r->line++;
			return ASSAY_OK;
		}
		if (have >= LINE_MAX_BYTES) {
			r->line++;
			return skip_line(r, err);
		}
		if (r->eof && have == 0) {
			*ret_line = NULL;
			return ASSAY_OK;
		}
		if (r->eof) {
			r->line++;
			r->at = r->end;
			return bad_line(r, err, "cut: the last line has no end");
		}
		st = fill(r, err);
		if (st < 0)
			return st;
	}
}

enum assay_status logread_next(struct logread *r, const struct event **ret_event,
			       struct assay_error *err)
{
	struct event *e = &r->event;
	enum assay_status st;
	const char *what;

	st = next_line(r, &e->line, &e->len, err);
	if (st < 0)
		return st;
	if (!e->line) {
		*ret_event = NULL;
		return ASSAY_OK;
	}
	what = json_doc_read(&e->doc, e->line, e->len);
	if (what)
		return bad_line(r, err, what);
	if (event_int(e, "v") != 1 || !event_str(e, "type"))
		return bad_line(r, err, "not an event of assay.run/1");
	*ret_event = e;
	return ASSAY_OK;
}

uint64_t logread_line(const struct logread *r)
{
	return r->line;
}

const char *event_line(const struct event *e, size_t *ret_len)
{
	*ret_len = e->len;
	return e->line;
}

static const struct json_value *typed(const struct event *e, const char *path, enum json_type type)
{
	const struct json_value *v = json_doc_at(&e->doc, path);

	return v && v->type == type ? v : NULL;
}

const char *event_str(const struct event *e, const char *path)
{
	const struct json_value *v = typed(e, path, JSON_STR);

	return v ? e->doc.text.data + v->str : NULL;
}

uint64_t event_int(const struct event *e, const char *path)
{
	const struct json_value *v = typed(e, path, JSON_INT);

	return v ? v->number : 0;
}

bool event_bool(const struct event *e, const char *path)
{
	const struct json_value *v = typed(e, path, JSON_BOOL);

	return v && v->number;
}

bool event_has(const struct event *e, const char *path)
{
	const struct json_value *v = json_doc_at(&e->doc, path);

	return v && v->type != JSON_NULL;
}

size_t event_count(const struct event *e, const char *path)
{
	const struct json_value *v = json_doc_at(&e->doc, path);

	return v ? v->items : 0;
}
