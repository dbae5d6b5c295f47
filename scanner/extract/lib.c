/* lib.c - an input as libarchive reads it */
#include "lib.h"

#include <errno.h>

#include "fail.h"
#include "slack.h"

struct archive_calls la;
struct library libarchive = LIBRARY(ARCHIVE_SONAME, ARCHIVE_CALLS, la);

#define VIEW (1 * MiB)
#define RETRIES 16
/* Of the block before: more than any header that is looked at ahead. */
#define KEEP 1024

enum assay_status lib_init(struct lib *l, struct input *in, const struct extract_sink *sink,
			   struct assay_error *err)
{
	*l = (struct lib){ .in = in, .sink = sink };
	l->own = malloc(KEEP + LIB_BLOCK);
	return l->own ? ASSAY_OK : assay_fail_memory(err, "archive");
}

static void close_reader(struct lib *l)
{
	if (l->a)
		la.archive_read_free(l->a);
	l->a = NULL;
}

void lib_done(struct lib *l)
{
	close_reader(l);
	free(l->own);
	l->own = NULL;
}

/*
 * The next block of the input.  At the end the last one stays; of a stream the end of the
 * one before stays, too: libarchive looks ahead, and what it has not used is read on.
 */
static enum assay_status fetch(struct lib *l, struct assay_error *err)
{
	size_t got = 0, keep = 0;
	enum assay_status st = ASSAY_OK;

	if (l->in->mem) {
		got = l->next < l->in->size ? (size_t)MIN(l->in->size - l->next, VIEW) : 0;
	} else if (input_seekable(l->in)) {
		st = input_pread(l->in, l->next, l->own, LIB_BLOCK, &got, err);
	} else {
		keep = MIN(l->block_len, KEEP);
		if (keep)
			memmove(l->own, l->block + l->block_len - keep, keep);
		st = input_read(l->in, l->own + keep, LIB_BLOCK, &got, err);
	}
	if (l->stop)
		got = (size_t)MIN(got, l->stop - MIN(l->stop, l->next));
	if (!got && !keep) {
		l->fresh = l->block_len;
		return st;
	}
	l->block = l->in->mem ? l->in->mem + l->next : l->own;
	l->block_at = l->next - keep;
	l->block_len = keep + got;
	l->fresh = keep;
	l->next += got;
	return st;
}

static la_ssize_t read_block(struct archive *a, void *ctx, const void **ret_data)
{
	struct lib *l = ctx;

	/* A second archive may begin within the block that ended the first. */
	if (l->next >= l->block_at && l->next < l->block_at + l->block_len) {
		l->fresh = (size_t)(l->next - l->block_at);
		l->next = l->block_at + l->block_len;
	} else if (l->io == ASSAY_OK) {
		l->io = fetch(l, &l->why);
	} else {
		l->fresh = l->block_len;
	}
	*ret_data = l->block ? l->block + l->fresh : l->own;
	/* What came before the error is good. */
	if (l->io != ASSAY_OK && l->fresh == l->block_len) {
		la.archive_set_error(a, EIO, "read");
		return -1;
	}
	return (la_ssize_t)(l->block_len - l->fresh);
}

static la_int64_t skip_bytes(struct archive *a, void *ctx, la_int64_t request)
{
	struct lib *l = ctx;

	(void)a;
	if (!input_seekable(l->in) || request <= 0 || l->in->size == INPUT_SIZE_UNKNOWN ||
	    l->next >= l->in->size)
		return 0;
	request = MIN(request, (la_int64_t)(l->in->size - l->next));
	l->next += (uint64_t)request;
	l->block_len = 0;
	return request;
}

static la_int64_t seek_to(struct archive *a, void *ctx, la_int64_t off, int whence)
{
	struct lib *l = ctx;
	la_int64_t size = (la_int64_t)(l->in->size - l->base), at;

	(void)a;
	at = whence == SEEK_SET   ? off
	     : whence == SEEK_CUR ? (la_int64_t)(l->next - l->base) + MIN(off, size)
				  : size + MIN(off, 0);
	if (at < 0 || at > size)
		return ARCHIVE_FATAL;
	l->next = l->base + (uint64_t)at;
	l->block_len = 0;
	return at;
}

enum assay_status lib_new(struct lib *l, uint64_t at, struct assay_error *err)
{
	close_reader(l);
	l->a = la.archive_read_new();
	if (!l->a)
		return assay_fail_memory(err, "archive");
	l->base = l->next = at;
	return ASSAY_OK;
}

int lib_open(struct lib *l)
{
	la.archive_read_set_callback_data(l->a, l);
	la.archive_read_set_read_callback(l->a, read_block);
	la.archive_read_set_skip_callback(l->a, skip_bytes);
	if (input_seekable(l->in) && l->in->size != INPUT_SIZE_UNKNOWN)
		la.archive_read_set_seek_callback(l->a, seek_to);
	return la.archive_read_open1(l->a);
}

uint64_t lib_used(const struct lib *l)
{
	la_int64_t used = la.archive_filter_bytes(l->a, -1);

	return l->base + (used > 0 ? (uint64_t)used : 0);
}

static bool in_block(const struct lib *l, uint64_t at)
{
	return at >= l->block_at && at < l->block_at + l->block_len;
}

enum assay_status lib_rest(struct lib *l, uint64_t at, const uint8_t **ret_data, size_t *ret_len,
			   struct assay_error *err)
{
	*ret_len = 0;
	if (!in_block(l, at)) {
		/* A stream is read on, whatever is asked for: there is no other way. */
		if (input_seekable(l->in))
			l->next = at;
		if (l->io != ASSAY_OK)
			return ASSAY_OK; /* told already */
		l->io = fetch(l, err);
		if (l->io != ASSAY_OK)
			return l->io;
	}
	if (!in_block(l, at))
		return ASSAY_OK;
	*ret_data = l->block + (at - l->block_at);
	*ret_len = (size_t)(l->block_at + l->block_len - at);
	return ASSAY_OK;
}

enum assay_status lib_slack(struct lib *l, uint64_t at, struct assay_error *err)
{
	bool any = false;
	const uint8_t *p;
	size_t len;
	enum assay_status st;

	for (;; at += len) {
		st = lib_rest(l, at, &p, &len, err);
		if (st != ASSAY_OK || !len)
			break;
		len = MIN(len, SLACK_STEP);
		if (!any && slack_is_blank(p, len) && !*p)
			continue;
		any = true;
		st = slack_text(l->sink, at, p, len, err);
		if (st != ASSAY_OK)
			return st;
	}
	if (!any || st != ASSAY_OK)
		return st;
	st = slack_break(l->sink, err);
	if (st != ASSAY_OK)
		return st;
	return sink_gap(l->sink, ASSAY_CONTAINER_SLACK, "bytes after the end", err);
}

/*
 * Most of libarchive's failures have one number.  Its words tell apart what is damaged from
 * what it cannot do, and those are different things to do for whoever reads the report.
 */
static const struct cause {
	const char *says;
	enum assay_reason reason;
	const char *detail; /* NULL: what the caller was at */
} causes[] = {
	{ "emory", ASSAY_LIMIT_MEMORY, NULL },
	{ "dictionary size is not supported", ASSAY_LIMIT_MEMORY, NULL },
	{ "ncrypt", ASSAY_ENCRYPTED, NULL },
	{ "Crypto codec", ASSAY_ENCRYPTED, NULL },
	{ "multivolume", ASSAY_MALFORMED, LIB_VOLUME },
	{ "Multivolume", ASSAY_MALFORMED, LIB_VOLUME },
	{ "multi-volume", ASSAY_MALFORMED, LIB_VOLUME },
	{ "codec ID", ASSAY_UNSUPPORTED_TYPE, "compression method" },
	{ "compression method", ASSAY_UNSUPPORTED_TYPE, "compression method" },
	{ "Compression method", ASSAY_UNSUPPORTED_TYPE, "compression method" },
	{ "CAB compression", ASSAY_UNSUPPORTED_TYPE, "compression method" },
	{ "many filters", ASSAY_UNSUPPORTED_TYPE, "compression method" },
	{ "VM program filter", ASSAY_UNSUPPORTED_TYPE, "compression method" },
	{ "Parsing filters", ASSAY_UNSUPPORTED_TYPE, "compression method" },
	{ "solid archive support", ASSAY_UNSUPPORTED_TYPE, "solid archive" },
};

static const struct cause *cause_of(const struct lib *l)
{
	const char *words = l->a ? la.archive_error_string(l->a) : NULL;

	if (!words || l->io != ASSAY_OK)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		if (strstr(words, causes[i].says))
			return &causes[i];
	return NULL;
}

enum assay_reason lib_reason(const struct lib *l)
{
	const struct cause *cause = cause_of(l);

	if (l->io != ASSAY_OK)
		return l->why.reason;
	if (cause)
		return cause->reason;
	return la.archive_errno(l->a) == ENOMEM ? ASSAY_LIMIT_MEMORY : ASSAY_MALFORMED;
}

const char *lib_detail(const struct lib *l, const char *otherwise)
{
	const struct cause *cause = cause_of(l);

	return cause && cause->detail ? cause->detail : otherwise;
}

void lib_entry(struct lib *l)
{
	l->piece_len = 0;
	l->piece_at = l->entry_at = 0;
	l->entry_ended = false;
}

/* The next piece of the entry, or its end: then *ret_end. */
static enum assay_status next_piece(struct lib *l, bool *ret_end, struct assay_error *err)
{
	const void *data;
	size_t len = 0;
	la_int64_t at = 0;
	int got = ARCHIVE_OK;

	for (unsigned tries = 0; tries < RETRIES; tries++) {
		got = la.archive_read_data_block(l->a, &data, &len, &at);
		if (got == ARCHIVE_EOF || got < ARCHIVE_WARN)
			break;
		if (got != ARCHIVE_RETRY && len) {
			l->piece = data;
			l->piece_len = len;
			l->piece_at = MAX((uint64_t)at, l->entry_at);
			return ASSAY_OK;
		}
	}
	*ret_end = got == ARCHIVE_EOF;
	if (*ret_end)
		return ASSAY_OK;
	return assay_fail(err, ASSAY_PARTIAL, lib_reason(l), "%s",
			  lib_detail(l, "compressed data"));
}

/*
 * Not archive_read_data(): at an error that forgets what it has copied.  Holes of sparse
 * members become one NUL each: they hold nothing, and are as long as anybody cares to say.
 */
enum assay_status lib_read(void *ctx, void *data, size_t cap, size_t *ret_got,
			   struct assay_error *err)
{
	struct lib *l = ctx;
	char *out = data;
	size_t got = 0;
	bool end = false;

	*ret_got = 0;
	while (got < cap) {
		size_t n;

		if (!l->piece_len) {
			enum assay_status st = next_piece(l, &end, err);

			l->entry_ended = end;
			if (st != ASSAY_OK || end)
				return st;
		}
		if (l->piece_at > l->entry_at) {
			l->entry_at = l->piece_at;
			out[got++] = '\0';
			*ret_got = got;
			continue;
		}
		n = MIN(cap - got, l->piece_len);
		memcpy(out + got, l->piece, n);
		l->piece += n;
		l->piece_len -= n;
		l->piece_at += n;
		l->entry_at += n;
		got += n;
		*ret_got = got;
	}
	return ASSAY_OK;
}
