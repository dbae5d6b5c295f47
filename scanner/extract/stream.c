/*
 * stream.c - one compressed stream: gz, bz2, xz, zstd, lz4, lzma, lzip, Z
 *
 * One filter per level, so that depth is counted.  Streams one after the other are
 * one; what follows the last is slack.
 */
#include <libdeflate.h>

#include "dict.h"
#include "fail.h"
#include "le.h"
#include "lib.h"
#include "salvage.h"
#include "slack.h"
#include "table.h"

/* Up to here gzip is unpacked at once, which takes half the time. */
#define PACKED_MAX (64 * MiB)
#define WHOLE_MAX (32 * MiB)

/* What libzstd takes without being asked to. */
#define ZSTD_DICT_MAX (128 * MiB)

#define GZ_HEAD 10
#define GZ_LEAST 18
#define GZ_EXTRA 4
#define GZ_NAME 8
#define GZ_COMMENT 16

static const struct codec {
	const char *magic;
	size_t len;
	int filter;
	size_t empty_max; /* no stream of something is as short */
	uint64_t (*dict)(const uint8_t *head, size_t len);
	uint64_t dict_max; /* 0: DICT_MAX */
} codecs[] = {
	{ "\x1f\x8b", 2, ARCHIVE_FILTER_GZIP, 20, NULL, 0 },
	{ "BZh", 3, ARCHIVE_FILTER_BZIP2, 14, NULL, 0 },
	{ "\xfd"
	  "7zXZ\0",
	  6, ARCHIVE_FILTER_XZ, 32, dict_of_xz, 0 },
	{ "\x28\xb5\x2f\xfd", 4, ARCHIVE_FILTER_ZSTD, 13, dict_of_zstd, ZSTD_DICT_MAX },
	{ "\x04\x22\x4d\x18", 4, ARCHIVE_FILTER_LZ4, 15, NULL, 0 },
	{ "\x02\x21\x4c\x18", 4, ARCHIVE_FILTER_LZ4, 0, NULL, 0 },
	{ "LZIP", 4, ARCHIVE_FILTER_LZIP, 36, dict_of_lzip, 0 },
	{ "\x1f\x9d", 2, ARCHIVE_FILTER_COMPRESS, 3, NULL, 0 },
	{ "\x5d\0\0", 3, ARCHIVE_FILTER_LZMA, 0, dict_of_lzma, 0 },
};

static const struct codec *sniff(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(codecs); i++)
		if (len >= codecs[i].len && !memcmp(p, codecs[i].magic, codecs[i].len))
			return &codecs[i];
	/* A frame of zstd that decoders skip may stand first. */
	if (len >= 4 && (p[0] & 0xf0) == 0x50 && !memcmp(p + 1, "\x2a\x4d\x18", 3))
		return sniff((const uint8_t *)"\x28\xb5\x2f\xfd", 4);
	return NULL;
}

static bool wants_too_much(const struct codec *codec, const uint8_t *head, size_t len)
{
	uint64_t most = codec->dict_max ? codec->dict_max : DICT_MAX;

	return codec->dict && codec->dict(head, len) > most;
}

/* A field of a gzip header that ends with NUL; its length, or 0. */
static size_t text_field(const uint8_t *p, size_t len, size_t at)
{
	const uint8_t *end = at < len ? memchr(p + at, 0, len - at) : NULL;

	return end ? (size_t)(end - p) - at : 0;
}

/* What the header says: the name, and as text of its own the comment. */
static enum assay_status read_gzip_head(const struct extract_sink *sink, const uint8_t *p,
					size_t len, struct member *m, struct assay_error *err)
{
	const struct segment seg = { .region = ASSAY_COMMENT };
	size_t at = GZ_HEAD, n;
	enum assay_status st;

	if (len < GZ_HEAD)
		return ASSAY_OK;
	if (p[3] & GZ_EXTRA) {
		n = at + 2 <= len ? (size_t)(p[at] | p[at + 1] << 8) : 0;
		n = MIN(n, len - MIN(len, at + 2));
		st = n ? slack_text(sink, at + 2, p + at + 2, n, err) : ASSAY_OK;
		if (st == ASSAY_OK && n)
			st = slack_break(sink, err);
		if (st != ASSAY_OK)
			return st;
		at += 2 + n;
	}
	if (p[3] & GZ_NAME) {
		m->name = (const char *)p + at;
		m->name_len = text_field(p, len, at);
		at += m->name_len + 1;
	}
	n = p[3] & GZ_COMMENT ? text_field(p, len, at) : 0;
	if (!n)
		return ASSAY_OK;
	st =
	    sink_text(sink, &seg, (const char *)p + at, n, (struct source){ at, SOURCE_SAME }, err);
	return st == ASSAY_OK ? slack_break(sink, err) : st;
}

/*
 * All members of a gzip file at once.
 *
 * @param ret_used    bytes of `p` that were gzip
 * @param ret_broken  the last member breaks off; what came before is in `out`
 * @return            it fits
 */
static bool gunzip(const uint8_t *p, size_t len, struct buf *out, size_t *ret_used,
		   bool *ret_broken)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	enum libdeflate_result result = LIBDEFLATE_SUCCESS;
	size_t at = 0, hint, used, got;

	while (d && result == LIBDEFLATE_SUCCESS && len - at >= GZ_LEAST && p[at] == 0x1f &&
	       p[at + 1] == 0x8b) {
		char *room;

		/* The size at the end of the file is that of its last member. */
		hint = le32(p + len - 4);
		if (at || hint > WHOLE_MAX || hint > len * 1032)
			hint = MIN(WHOLE_MAX - out->len, (len - at) * 8);
		hint = MAX(hint, MIN(WHOLE_MAX - out->len, 64 * KiB));
		room = buf_reserve(out, hint);
		result = room ? libdeflate_gzip_decompress_ex(d, p + at, len - at, room, hint,
							      &used, &got)
			      : LIBDEFLATE_INSUFFICIENT_SPACE;
		if (result == LIBDEFLATE_BAD_DATA) {
			got =
			    salvage(d, libdeflate_gzip_decompress_ex, p + at, len - at, room, hint);
			used = len - at;
			*ret_broken = true;
		}
		if (result != LIBDEFLATE_INSUFFICIENT_SPACE) {
			out->len += got;
			at += used;
		}
	}
	libdeflate_free_decompressor(d);
	*ret_used = at;
	return at && (result == LIBDEFLATE_SUCCESS || *ret_broken);
}

/*
 * The size that stands at the end of the file, which is that of its last member: if that
 * alone does not fit, nothing need be tried.  Where something else stands there, what is
 * read as it comes is as right, and slower.
 */
static bool is_too_large(struct input *in)
{
	uint8_t size[4];
	size_t got;

	return in->size < GZ_LEAST ||
	       input_pread(in, in->size - sizeof(size), size, sizeof(size), &got, NULL) !=
		   ASSAY_OK ||
	       got < sizeof(size) || le32(size) > WHOLE_MAX;
}

/* The whole file in memory, if that is worth it; *ret_data NULL if not. */
static enum assay_status packed_bytes(struct input *in, struct buf *own, const uint8_t **ret_data,
				      size_t *ret_len, struct assay_error *err)
{
	*ret_data = NULL;
	if (in->size == INPUT_SIZE_UNKNOWN || in->size > PACKED_MAX || !input_seekable(in) ||
	    is_too_large(in))
		return ASSAY_OK;
	if (in->mem) {
		*ret_data = in->mem;
		*ret_len = (size_t)in->size;
		return ASSAY_OK;
	}
	if (!buf_reserve(own, (size_t)in->size))
		return ASSAY_OK;
	*ret_data = (const uint8_t *)own->data;
	return input_pread(in, 0, own->data, (size_t)in->size, ret_len, err);
}

/* Done, or not: then *ret_done is false and nothing has been sent. */
static enum assay_status at_once(struct input *in, const struct extract_sink *sink,
				 struct member *m, bool *ret_done, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf packed = BUF_INIT(PACKED_MAX + 1);
	CLEANUP(buf_done) struct buf out = BUF_INIT(WHOLE_MAX + 1);
	CLEANUP(input_done) struct input content;
	struct assay_error refused;
	const uint8_t *p;
	size_t len = 0, used;
	bool broken = false;
	enum assay_status st = packed_bytes(in, &packed, &p, &len, err);

	input_from_mem(&content, NULL, 0);
	*ret_done = false;
	if (st != ASSAY_OK || !p || !gunzip(p, len, &out, &used, &broken))
		return st;
	if ((out.len > sink->limits->ratio_after && out.len / sink->limits->ratio > len) ||
	    sink_allow(sink, out.len, &refused) != ASSAY_OK)
		return ASSAY_OK;
	*ret_done = true;
	input_from_mem(&content, out.data, out.len);
	m->packed_bytes = used;
	m->size = out.len;
	st = sink_member(sink, m, &content, err);
	if (st == ASSAY_OK && broken)
		st = sink_gap(sink, ASSAY_MALFORMED, "compressed data breaks off", err);
	if (st != ASSAY_OK || slack_is_blank(p + used, len - used))
		return st;
	st = slack_text(sink, used, p + used, len - used, err);
	if (st == ASSAY_OK)
		st = slack_break(sink, err);
	return st == ASSAY_OK ? sink_gap(sink, ASSAY_CONTAINER_SLACK, "bytes after the end", err)
			      : st;
}

/* How the member's stream ended: only then is it known what follows it. */
struct tracked {
	struct lib *lib;
	const struct codec *codec;
	uint64_t given;
	bool ended;
	bool broke;
};

/*
 * Appended, not offered: the filter is used once, and no other.  But for compress, which
 * reads when it is made and crashes if there is nothing to read from yet.
 */
static bool open_codec(struct lib *l, const struct codec *codec)
{
	struct archive_entry *e;
	int got = codec->filter == ARCHIVE_FILTER_COMPRESS
		      ? la.archive_read_support_filter_compress(l->a)
		      : la.archive_read_append_filter(l->a, codec->filter);

	lib_entry(l);
	/* Set, not offered: a format that bids finds nothing where the filter failed, and says
	 * that instead of why. */
	return got == ARCHIVE_OK &&
	       la.archive_read_set_format(l->a, ARCHIVE_FORMAT_RAW) == ARCHIVE_OK &&
	       lib_open(l) == ARCHIVE_OK && la.archive_read_next_header(l->a, &e) >= ARCHIVE_WARN;
}

static bool is_plain(const uint8_t *p, size_t len)
{
	len = MIN(len, 256);
	for (size_t i = 0; i < len; i++)
		if ((p[i] < ' ' && !is_space((char)p[i])) || p[i] == 127)
			return false;
	return len;
}

/* Offset behind the last footer of an xz file, near its end. */
static uint64_t xz_end(struct lib *l)
{
	size_t room = (size_t)MIN(l->in->size, 64 * KiB), got;
	CLEANUP(mem_freep) uint8_t *tail = malloc(room + 1);
	uint64_t at = l->in->size - room;

	if (!tail || input_pread(l->in, at, tail, room, &got, NULL) != ASSAY_OK)
		return 0;
	for (size_t i = got; i >= 2; i--)
		if (tail[i - 2] == 'Y' && tail[i - 1] == 'Z' && !((at + i) % 4))
			return at + i;
	return 0;
}

/*
 * Some codecs take what follows their end for one more, broken, stream, and what they
 * had ready is lost with it.  Where text follows, read again as if the file ended there.
 */
static bool read_again(struct tracked *t)
{
	struct lib *l = t->lib;
	char scratch[4096];
	struct assay_error err;
	const uint8_t *p;
	uint64_t end, skipped = 0;
	size_t len;

	if (t->broke || l->stop || l->io != ASSAY_OK || !input_seekable(l->in) ||
	    l->in->size == INPUT_SIZE_UNKNOWN)
		return false;
	end = t->codec->filter == ARCHIVE_FILTER_XZ ? xz_end(l) : lib_used(l);
	if (!end || end >= l->in->size || lib_rest(l, end, &p, &len, &err) != ASSAY_OK ||
	    !is_plain(p, len))
		return false;
	l->stop = end;
	l->block_len = 0;
	if (lib_new(l, 0, &err) != ASSAY_OK || !open_codec(l, t->codec))
		return false;
	while (skipped < t->given) {
		if (lib_read(l, scratch, (size_t)MIN(sizeof(scratch), t->given - skipped), &len,
			     &err) != ASSAY_OK ||
		    !len)
			return false;
		skipped += len;
	}
	return true;
}

static enum assay_status tracked_read(void *ctx, void *data, size_t cap, size_t *ret_got,
				      struct assay_error *err)
{
	struct tracked *t = ctx;
	enum assay_status st = lib_read(t->lib, data, cap, ret_got, err);
	size_t more = 0;

	t->given += *ret_got;
	if (st != ASSAY_OK && read_again(t)) {
		st = lib_read(t->lib, (char *)data + *ret_got, cap - *ret_got, &more, err);
		t->given += more;
		*ret_got += more;
	}
	t->ended |= st == ASSAY_OK && *ret_got < cap;
	t->broke |= st != ASSAY_OK;
	return st;
}

static enum assay_status as_it_comes(struct lib *l, const struct codec *codec, struct member *m,
				     struct assay_error *err)
{
	struct tracked t = { .lib = l, .codec = codec };
	CLEANUP(input_done) struct input content;
	const uint8_t *p;
	uint64_t at;
	size_t len;
	enum assay_status st;

	input_from_mem(&content, NULL, 0);
	if (!open_codec(l, codec)) {
		if (l->in->size <= codec->empty_max && l->io == ASSAY_OK)
			return sink_member(l->sink, m, &content, err);
		m->lost = lib_reason(l);
		m->lost_detail = "compressed data";
		return sink_member(l->sink, m, NULL, err);
	}
	input_from_stream(&content, tracked_read, &t, INPUT_SIZE_UNKNOWN);
	st = sink_member(l->sink, m, &content, err);
	if (st != ASSAY_OK || (!t.ended && !t.broke))
		return st;
	at = l->stop ? l->stop : lib_used(l);
	l->stop = 0;
	st = lib_rest(l, at, &p, &len, err);
	if (st != ASSAY_OK || !len || (t.broke && !is_plain(p, len)))
		return st;
	/* This one has looked for a frame in the bytes behind the last. */
	if (codec->filter == ARCHIVE_FILTER_LZ4)
		at -= MIN(at, 5);
	return lib_slack(l, at, err);
}

static enum assay_status stream_run(struct input *in, const struct extract_sink *sink,
				    struct assay_error *err)
{
	CLEANUP(lib_done) struct lib l = { 0 };
	struct member m = { .name = "", .size = INPUT_SIZE_UNKNOWN };
	const struct codec *codec;
	const uint8_t *head;
	size_t len;
	bool done;
	enum assay_status st = input_head(in, &head, &len, err);

	if (st != ASSAY_OK && !len)
		return st;
	codec = sniff(head, len);
	if (!codec)
		return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED, "no compression we know");
	if (wants_too_much(codec, head, len)) {
		m.lost = ASSAY_LIMIT_MEMORY;
		m.lost_detail = "dictionary of the compressed data";
		return sink_member(sink, &m, NULL, err);
	}
	m.packed_bytes = in->size == INPUT_SIZE_UNKNOWN ? 0 : in->size;
	if (codec->filter == ARCHIVE_FILTER_GZIP) {
		st = read_gzip_head(sink, head, len, &m, err);
		if (st == ASSAY_OK)
			st = at_once(in, sink, &m, &done, err);
		if (st != ASSAY_OK || done)
			return st;
	}
	if (!library_open(&libarchive))
		return strings_without(&libarchive, in, sink, err);
	st = lib_init(&l, in, sink, err);
	if (st == ASSAY_OK)
		st = lib_new(&l, 0, err);
	return st == ASSAY_OK ? as_it_comes(&l, codec, &m, err) : st;
}

static const char *const types[] = {
	"application/gzip",
	"application/x-gzip",
	"application/x-bzip2",
	"application/x-xz",
	"application/zstd",
	"application/x-zstd",
	"application/x-lz4",
	"application/x-lzma",
	"application/x-lzip",
	"application/x-compress",
	NULL,
};

const struct extractor stream_extractor = {
	.name = "stream",
	.types = types,
	.third_party = true,
	.run = stream_run,
};
