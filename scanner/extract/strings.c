/*
 * strings.c - what can be read in a file that nobody can read
 *
 * Runs of printable ASCII and what stands in between (stringrun.h), in one byte a character
 * or, as Windows writes them, in two.  Each run is a line of its own.
 *
 * A 7z or rar behind something else (a program that unpacks itself, a picture that hides one)
 * is given as a member.
 */
#include <stdio.h>

#include "embedded.h"
#include "extract.h"
#include "fail.h"
#include "runs.h"
#include "stringrun.h"
#include "table.h"

#define RUN_MIN 6
#define CHUNK (64 * KiB)
#define RUN_MAX (16 * KiB) /* a longer one is sent in pieces */

/* More than the data at hand can touch. */
#define NOISE_BLOCKS ((CHUNK + RUN_MAX) / NOISE_BYTES + 2)

struct finder {
	const struct extract_sink *sink;
	uint64_t off; /* in the object, of data[0] */
	uint8_t data[CHUNK + RUN_MAX];
	size_t len;
	bool ended;
	const struct strings_sent *sent; /* those that may lie in what is read next */
	size_t sent_len;
	bool in_run;         /* the last piece was not the run's end */
	const char *archive; /* a name for the first that was met; NULL: none */
	uint64_t archive_at;
	char narrow[RUN_MAX];
	struct noise noise[NOISE_BLOCKS]; /* by the block's number in the object */
};

static struct noise *noise_at(struct finder *f, uint64_t off)
{
	return &f->noise[off / NOISE_BYTES % NOISE_BLOCKS];
}

/* Judge what was read last. */
static void hear_noise(struct finder *f, size_t got)
{
	const uint8_t *data = f->data + f->len - got;
	uint64_t off = f->off + f->len - got;

	while (got > 0) {
		size_t in_block = (size_t)(off % NOISE_BYTES), n = MIN(got, NOISE_BYTES - in_block);
		struct noise *noise = noise_at(f, off);

		if (in_block == 0)
			*noise = (struct noise){ 0 };
		noise_add(noise, data, n);
		data += n;
		off += n;
		got -= n;
	}
}

static enum assay_status end_run(struct finder *f, struct assay_error *err)
{
	struct segment seg = { 0 };

	f->in_run = false;
	return sink_text(f->sink, &seg, "\n", 1, (struct source){ 0, SOURCE_DERIVED }, err);
}

/* `cut`: the run goes on behind this piece. */
static enum assay_status put(struct finder *f, const char *text, size_t len, struct source source,
			     bool cut, struct assay_error *err)
{
	struct segment seg = { 0 };
	enum assay_status st = sink_text(f->sink, &seg, text, len, source, err);

	f->in_run = true;
	return st == ASSAY_OK && !cut ? end_run(f, err) : st;
}

/* What is at `at`: a run, which is sent, or nothing; *ret_took bytes are done with. */
static enum assay_status run_at(struct finder *f, size_t at, size_t *ret_took,
				struct assay_error *err)
{
	const uint8_t *data = f->data + at;
	size_t len = f->len - at, least = f->in_run ? 1 : RUN_MIN;
	struct string_run run = string_run(data, len, RUN_MAX, f->in_run);

	*ret_took = run.len;
	if (run.len && run.ascii >= least &&
	    (f->in_run || !is_noise(noise_at(f, f->off + at)) || string_is_meant(data, &run)))
		return put(f, (const char *)data, run.len,
			   (struct source){ f->off + at, SOURCE_SAME }, run.is_cut, err);
	/* The last byte of what is no run may begin one of UTF-16. */
	*ret_took = run.len > 1 ? run.len - 1 : 1;
	for (size_t low = 0; low < 2; low++) {
		size_t units = string_units(data, len, RUN_MAX / 2, low);

		if (units < least)
			continue;
		for (size_t i = 0; i < units; i++)
			f->narrow[i] = (char)data[2 * i + low];
		*ret_took = 2 * units;
		return put(f, f->narrow, units, (struct source){ f->off + at, SOURCE_UTF16 },
			   units == RUN_MAX / 2, err);
	}
	return f->in_run ? end_run(f, err) : ASSAY_OK;
}

static enum assay_status scan(struct finder *f, struct assay_error *err)
{
	size_t at = 0;

	while (at < f->len) {
		size_t took = 0;
		enum assay_status st;

		if (!f->in_run)
			at = string_next(f->data, at, f->len, f->ended);
		/* Near the end of what is there a run may be cut: first read on. */
		if (at == f->len || (!f->ended && f->len - at < RUN_MAX))
			break;
		st = run_at(f, at, &took, err);
		if (st != ASSAY_OK)
			return st;
		at += took;
	}
	f->off += at;
	f->len -= at;
	memmove(f->data, f->data + at, f->len);
	return ASSAY_OK;
}

/* Over a hole in the file: what is there before it has ended. */
static enum assay_status skip_hole(struct finder *f, struct input *in, struct assay_error *err)
{
	uint64_t skipped = input_skip_hole(in);
	enum assay_status st;

	if (!skipped)
		return ASSAY_OK;
	f->ended = true;
	st = scan(f, err);
	f->ended = false;
	if (st == ASSAY_OK && f->in_run)
		st = end_run(f, err);
	f->off += skipped;
	return st;
}

/* In the `got` bytes that were read last, or over their edge; not at the file's begin. */
static void find_archive(struct finder *f, size_t got)
{
	size_t from = f->len - got > EMBEDDED_MAGIC_MAX ? f->len - got - EMBEDDED_MAGIC_MAX : 0, at;

	from += !f->off && !from;
	if (from >= f->len)
		return;
	f->archive = embedded_find(f->data + from, f->len - from, &at);
	if (f->archive)
		f->archive_at = f->off + from + at;
}

/* Blank, in the `got` bytes that were read last, what was sent: SOH is in no run. */
static void blank_sent(struct finder *f, size_t got)
{
	uint64_t end = f->off + f->len, begin = end - got;

	for (; f->sent_len; f->sent++, f->sent_len--) {
		uint64_t from = MAX(f->sent->off, begin), to = f->sent->off + f->sent->len;

		if (from >= end)
			return;
		if (from < to)
			memset(f->data + (from - f->off), 1, (size_t)(MIN(to, end) - from));
		if (to > end)
			return;
	}
}

/* A part of an input, from an offset to its end. */
struct rest {
	struct input *in;
	uint64_t next;
};

static enum assay_status read_rest(void *ctx, void *data, size_t cap, size_t *ret_got,
				   struct assay_error *err)
{
	struct rest *r = ctx;
	enum assay_status st = input_pread(r->in, r->next, data, cap, ret_got, err);

	r->next += *ret_got;
	return st;
}

static enum assay_status give_archive(struct finder *f, struct input *in, struct assay_error *err)
{
	struct rest rest = { in, f->archive_at };
	CLEANUP(input_done) struct input inner;
	struct member m = { .size = in->size - f->archive_at };

	m.name = f->archive;
	m.name_len = strlen(m.name);
	m.packed_bytes = m.size;
	if (in->mem)
		input_from_mem(&inner, in->mem + f->archive_at, (size_t)m.size);
	else
		input_from_stream(&inner, read_rest, &rest, m.size);
	return sink_member(f->sink, &m, &inner, err);
}

enum assay_status strings_between(struct input *in, const struct extract_sink *sink,
				  const struct strings_sent *sent, size_t sent_len,
				  struct assay_error *err)
{
	CLEANUP(mem_freep) struct finder *f = calloc(1, sizeof(*f));
	enum assay_status st = ASSAY_OK, read = ASSAY_OK;
	struct assay_error why;

	if (!f)
		return assay_fail_memory(err, "strings");
	f->sink = sink;
	f->sent = sent;
	f->sent_len = sent_len;
	while (st == ASSAY_OK && !f->ended) {
		size_t want, got = 0;

		st = skip_hole(f, in, err);
		if (st != ASSAY_OK)
			break;
		want = sizeof(f->data) - f->len;
		read = input_read(in, f->data + f->len, want, &got, &why);
		f->len += got;
		f->ended = got < want || read != ASSAY_OK;
		if (!f->archive && input_seekable(in))
			find_archive(f, got);
		hear_noise(f, got);
		blank_sent(f, got);
		st = scan(f, err);
	}
	if (st == ASSAY_OK && f->archive && f->archive_at < in->size)
		st = give_archive(f, in, err);
	if (st == ASSAY_OK && read != ASSAY_OK) {
		if (err)
			*err = why;
		return read;
	}
	return st;
}

static enum assay_status strings_run(struct input *in, const struct extract_sink *sink,
				     struct assay_error *err)
{
	return strings_between(in, sink, NULL, 0, err);
}

enum assay_status strings_without(const struct library *lib, struct input *in,
				  const struct extract_sink *sink, struct assay_error *err)
{
	char detail[96];
	enum assay_status st;

	snprintf(detail, sizeof(detail), "%.40s cannot be opened: strings only", lib->soname);
	st = sink_gap(sink, ASSAY_UNSUPPORTED_TYPE, detail, err);
	return st == ASSAY_OK ? strings_run(in, sink, err) : st;
}

static const char *const types[] = { "application/octet-stream", NULL };

const struct extractor strings_extractor = {
	.name = "strings",
	.types = types,
	.run = strings_run,
};
