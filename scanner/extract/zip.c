/* zip.c - zip files: every member, and every byte that belongs to none */
#include <libdeflate.h>
#include <stdio.h>

#include "fail.h"
#include "salvage.h"
#include "slack.h"
#include "zip_parts.h"

/* A file up to this size is read at once: fewer calls than member by member. */
#define WHOLE_MAX (4 * MiB)
/* A larger member is streamed: a worker's memory is bounded. */
#define HEAP_MAX (32 * MiB)
/* Deflate cannot do better. */
#define DEFLATE_RATIO 1032
/* Room tried for a member of unknown size. */
#define GUESS_RATIO 16

/*
 * Bytes of the file: a view, or read into `scratch`.  *ret_got < len only at the end
 * of the file.
 */
enum assay_status zip_look(struct zip *z, uint64_t off, size_t len, struct buf *scratch,
			   const uint8_t **ret_data, size_t *ret_got, struct assay_error *err)
{
	size_t want = off >= z->size ? 0 : (size_t)MIN(len, z->size - off);
	char *at;

	if (z->mem) {
		*ret_data = z->mem + (want ? off : 0);
		*ret_got = want;
		return ASSAY_OK;
	}
	buf_clear(scratch);
	at = buf_reserve(scratch, want);
	if (!at)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_MEMORY, "zip");
	*ret_data = (const uint8_t *)at;
	return input_pread(z->in, off, at, want, ret_got, err);
}

enum assay_status zip_cover(struct zip *z, uint64_t from, uint64_t to, struct assay_error *err)
{
	struct zip_range *r;

	if (from >= to)
		return ASSAY_OK;
	r = vec_push(&z->covered);
	if (!r)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_MEMORY, "zip ranges");
	*r = (struct zip_range){ from, to };
	return ASSAY_OK;
}

/* --- opening ---------------------------------------------------------------------- */

static enum assay_status open_input(struct zip *z, struct assay_error *err)
{
	size_t got;
	char *at;
	enum assay_status st;

	if (!input_seekable(z->in) || z->in->size == INPUT_SIZE_UNKNOWN)
		return assay_fail(err, ASSAY_FAILED, ASSAY_INTERNAL, "zip from a stream");
	z->size = z->in->size;
	z->mem = z->in->mem;
	if (z->mem || z->size > WHOLE_MAX)
		return ASSAY_OK;
	at = buf_reserve(&z->whole, (size_t)z->size);
	if (!at)
		return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_MEMORY, "zip");
	st = input_pread(z->in, 0, at, (size_t)z->size, &got, err);
	z->mem = (const uint8_t *)at;
	z->size = got;
	return st;
}

enum assay_status zip_open(struct zip *z, struct input *in, const struct extract_sink *sink,
			   struct assay_error *err)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(256 * KiB);
	struct zip_directory d = { 0 };
	bool found;
	enum assay_status st;

	*z = (struct zip){ .in = in,
			   .sink = sink,
			   .members = VEC_INIT(sink->limits->members),
			   .covered = VEC_INIT((size_t)sink->limits->members + 8),
			   .slack = VEC_INIT((size_t)sink->limits->members * 2 + 8),
			   .whole = BUF_INIT(WHOLE_MAX + 1),
			   .dir_own = BUF_INIT(ZIP_DIRECTORY_MAX + 1),
			   .packed = BUF_INIT(HEAP_MAX + 1) };
	z->inflate = libdeflate_alloc_decompressor();
	if (!z->inflate)
		return assay_fail_memory(err, "inflate");
	st = open_input(z, err);
	if (st == ASSAY_OK)
		st = zip_find_directory(z, &d, &found, err);
	if (st != ASSAY_OK)
		return st;
	if (!found) {
		st = sink_gap(sink, ASSAY_MALFORMED, "zip without a directory", err);
		return st == ASSAY_OK ? zip_walk(z, 0, z->size, err) : st;
	}
	st = zip_read_structure(z, &d, err);
	for (size_t i = 0; i < z->members.len && st == ASSAY_OK; i++)
		if (z->members.items[i].local < z->size)
			st = zip_locate(z, &z->members.items[i], &scratch, err);
	if (st == ASSAY_OK)
		st = zip_settle_claims(z, err);
	return st == ASSAY_OK ? zip_walk_uncovered(z, err) : st;
}

void zip_done(struct zip *z)
{
	for (size_t i = 0; i < z->members.len; i++)
		free(z->members.items[i].own_name);
	vec_done(&z->members);
	vec_done(&z->covered);
	vec_done(&z->slack);
	buf_done(&z->whole);
	buf_done(&z->dir_own);
	buf_done(&z->packed);
	libdeflate_free_decompressor(z->inflate);
	z->inflate = NULL;
}

/* --- reading members --------------------------------------------------------------- */

enum assay_status zip_leftover(struct zip *z, uint64_t from, uint64_t to, struct assay_error *err)
{
	return zip_walk(z, from, to, err);
}

/* How much room the member needs, as far as we believe it; 0: not for the heap. */
static size_t heap_room(const struct zip *z, const struct zip_member *m)
{
	const struct assay_limits *limits = z->sink->limits;
	uint64_t most = MIN(HEAP_MAX, limits->member_bytes), size = m->size;

	if (m->method != 8 || m->packed > HEAP_MAX)
		return 0;
	if (size == INPUT_SIZE_UNKNOWN)
		size = MIN(m->packed * GUESS_RATIO, most);
	/* What claims more than deflate can do, or than is allowed, is read as it comes. */
	if (size > most || size > m->packed * DEFLATE_RATIO + 64 ||
	    (size > limits->ratio_after && size / limits->ratio > m->packed))
		return 0;
	return (size_t)size + 1;
}

static enum assay_status inflate_member(struct zip *z, size_t index, const uint8_t *packed,
					size_t room, struct buf *scratch, size_t *ret_len,
					enum zip_load *ret_load, struct assay_error *err)
{
	struct zip_member m = z->members.items[index]; /* the list may move */
	enum libdeflate_result result;
	size_t used, got;
	char *at;

	buf_clear(scratch);
	at = buf_reserve(scratch, room);
	if (!at) {
		zip_lose(&z->members.items[index], ASSAY_LIMIT_MEMORY, "zip member");
		*ret_load = ZIP_LOST;
		return ASSAY_OK;
	}
	result = libdeflate_deflate_decompress_ex(z->inflate, packed, (size_t)m.packed, at, room,
						  &used, &got);
	*ret_load = result == LIBDEFLATE_INSUFFICIENT_SPACE ? ZIP_STREAM : ZIP_LOADED;
	*ret_len = got;
	if (result == LIBDEFLATE_SUCCESS)
		return used < m.packed ? zip_walk(z, m.data + used, m.data + m.packed, err)
				       : ASSAY_OK;
	if (*ret_load == ZIP_STREAM)
		return ASSAY_OK;
	*ret_len = salvage(z->inflate, libdeflate_deflate_decompress_ex, packed, (size_t)m.packed,
			   at, room);
	return sink_gap(z->sink, ASSAY_MALFORMED, "zip member is damaged", err);
}

enum assay_status zip_load(struct zip *z, size_t index, struct buf *scratch,
			   const uint8_t **ret_data, size_t *ret_len, enum zip_load *ret_load,
			   struct assay_error *err)
{
	struct zip_member *m = &z->members.items[index];
	const uint8_t *packed;
	struct assay_error refused;
	enum assay_status st;
	size_t got, room;

	*ret_load = ZIP_LOST;
	if (m->lost != ASSAY_REASON_NONE)
		return ASSAY_OK;
	*ret_load = ZIP_STREAM;
	room = heap_room(z, m);
	if (m->method == 0 ? !z->mem && m->packed > HEAP_MAX : !room)
		return ASSAY_OK;
	st = zip_look(z, m->data, (size_t)m->packed, m->method ? &z->packed : scratch, &packed,
		      &got, err);
	if (st != ASSAY_OK || got < m->packed)
		return st;
	if (m->method == 0) {
		*ret_data = packed;
		*ret_len = got;
		*ret_load = ZIP_LOADED;
		return ASSAY_OK;
	}
	if (sink_allow(z->sink, room - 1, &refused) != ASSAY_OK) {
		zip_lose(m, refused.reason, "zip member");
		*ret_load = ZIP_LOST;
		return ASSAY_OK;
	}
	st = inflate_member(z, index, packed, room, scratch, ret_len, ret_load, err);
	*ret_data = (const uint8_t *)scratch->data;
	return st;
}

static enum assay_status give_stream(struct zip *z, size_t index, struct member *give,
				     struct assay_error *err)
{
	CLEANUP(zip_stream_freep) struct zip_stream *stream = NULL;
	CLEANUP(input_done) struct input in;
	struct assay_error lost;

	input_from_mem(&in, NULL, 0);
	if (zip_stream_open(z, index, &stream, &lost) != ASSAY_OK) {
		give->lost = lost.reason;
		give->lost_detail = zip_stream_detail(&lost, "zip member");
		return sink_member(z->sink, give, NULL, err);
	}
	input_from_stream(&in, zip_stream_read, stream, give->size);
	return sink_member(z->sink, give, &in, err);
}

enum assay_status zip_give(struct zip *z, size_t index, struct buf *scratch, enum assay_vis vis,
			   struct assay_error *err)
{
	struct zip_member m = z->members.items[index];
	struct member give = { .name = m.name,
			       .name_len = m.name_len,
			       .ordinal = m.ordinal,
			       .packed_bytes = m.packed,
			       .size = m.size,
			       .vis = vis };
	enum zip_load load;
	const uint8_t *data = NULL;
	size_t len = 0;
	enum assay_status st;

	/* The gap is the container's; a bomb has thousands of them. */
	if (zip_is_folder(&m) || m.lost == ASSAY_LIMIT_OVERLAP) {
		const struct segment seg = { .region = ASSAY_NAME };

		st = sink_text(z->sink, &seg, m.name, m.name_len, (struct source){ 0 }, err);
		return st == ASSAY_OK ? slack_break(z->sink, err) : st;
	}
	st = zip_load(z, index, scratch, &data, &len, &load, err);
	if (st != ASSAY_OK)
		return st;
	if (load == ZIP_STREAM)
		return give_stream(z, index, &give, err);
	if (load == ZIP_LOST) {
		give.lost = z->members.items[index].lost;
		give.lost_detail = z->members.items[index].lost_detail;
		return sink_member(z->sink, &give, NULL, err);
	} else {
		CLEANUP(input_done) struct input in;

		input_from_mem(&in, data, len);
		give.size = len;
		return sink_member(z->sink, &give, &in, err);
	}
}

/* --- slack ------------------------------------------------------------------------- */

static enum assay_status send_slack(struct zip *z, const struct zip_range *r, uint64_t *total,
				    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(SLACK_STEP + 1);
	bool blank = true;
	enum assay_status st = ASSAY_OK;

	for (uint64_t at = r->from; at < r->to && st == ASSAY_OK;) {
		const uint8_t *p = NULL;
		size_t got;

		st = zip_look(z, at, (size_t)MIN(SLACK_STEP, r->to - at), &scratch, &p, &got, err);
		if (st != ASSAY_OK || !got)
			break;
		blank &= slack_is_blank(p, got);
		if (!blank)
			st = slack_text(z->sink, at, p, got, err);
		at += got;
	}
	if (st != ASSAY_OK || blank)
		return st;
	*total += r->to - r->from;
	return slack_break(z->sink, err);
}

enum assay_status zip_finish(struct zip *z, struct assay_error *err)
{
	uint64_t total = 0;
	char detail[128];
	enum assay_status st = ASSAY_OK;

	if (z->slack.len)
		qsort(z->slack.items, z->slack.len, sizeof(*z->slack.items), zip_by_from);
	for (size_t i = 0; i < z->slack.len && st == ASSAY_OK; i++)
		st = send_slack(z, &z->slack.items[i], &total, err);
	if (st != ASSAY_OK || (!total && !z->hidden))
		return st;
	snprintf(detail, sizeof(detail),
		 "%llu bytes no member covers; %u members the directory does not name",
		 (unsigned long long)total, z->hidden);
	return sink_gap(z->sink, ASSAY_CONTAINER_SLACK, detail, err);
}

static enum assay_status zip_run(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err)
{
	CLEANUP(zip_done) struct zip z;
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(HEAP_MAX + 1);
	enum assay_status st = zip_open(&z, in, sink, err);

	for (size_t i = 0; i < z.members.len && st == ASSAY_OK; i++)
		st = zip_give(&z, i, &scratch, ASSAY_SHOWN, err);
	return st == ASSAY_OK ? zip_finish(&z, err) : st;
}

static const char *const types[] = {
	"application/zip",
	"application/x-zip-compressed",
	"application/java-archive",
	"application/epub+zip",
	"application/vnd.android.package-archive",
	"application/vnd.google-earth.kmz",
	NULL,
};

const struct extractor zip_extractor = {
	.name = "zip",
	.types = types,
	.wants_seek = true,
	.run = zip_run,
};
