/*
 * archive.c - tar, cpio, ar, 7z, rar, cab, iso, lha, xar and warc by libarchive
 *
 * We say which format it is: libarchive, left to choose, takes zeros for an empty tar.
 */
#include "fail.h"
#include "le.h"
#include "lib.h"
#include "rar.h"
#include "slack.h"
#include "table.h"
#include "xar.h"

/* A member up to this size is read at once, which saves the engine a spool. */
#define SMALL (256 * KiB)
#define RETRIES 16
#define TAR_BLOCK 512
/* A 7z of nothing. */
#define EMPTY_MAX 32

struct format {
	const char *name;
	size_t at;
	const char *magic;
	size_t len;
	int (**enable)(struct archive *a); /* in the table of calls */
	bool stored;                       /* members lie there as they are */
	bool tail; /* ends where libarchive stops reading: what follows is looked at */
	/* Else where it ends by what it says itself; 0: it does not say. */
	uint64_t (*end)(struct input *in);
};

/* A number of its header, as far as there is one. */
static uint64_t number_at(struct input *in, uint64_t at, size_t bytes)
{
	uint8_t p[8] = { 0 };
	size_t got;

	return input_pread(in, at, p, bytes, &got, NULL) == ASSAY_OK && got == bytes ? le64(p) : 0;
}

#define SEVENZ_HEAD 32

static uint64_t sevenz_end(struct input *in)
{
	uint64_t off = number_at(in, 12, 8), bytes = number_at(in, 20, 8);

	return off < INT64_MAX / 2 && bytes < INT64_MAX / 2 ? SEVENZ_HEAD + off + bytes
							    : UINT64_MAX;
}

static uint64_t cab_end(struct input *in)
{
	return number_at(in, 8, 4);
}

/* Of its first volume descriptor: blocks, and bytes of one. */
static uint64_t iso_end(struct input *in)
{
	return number_at(in, 32768 + 80, 4) * number_at(in, 32768 + 128, 2);
}

#define MAGIC(off, text) (off), text, sizeof(text) - 1

static const struct format formats[] = {
	{ "tar", MAGIC(257, "ustar"), &la.archive_read_support_format_tar, true, true, NULL },
	{ "cpio", MAGIC(0, "070701"), &la.archive_read_support_format_cpio, true, true, NULL },
	{ "cpio", MAGIC(0, "070702"), &la.archive_read_support_format_cpio, true, true, NULL },
	{ "cpio", MAGIC(0, "070707"), &la.archive_read_support_format_cpio, true, true, NULL },
	{ "cpio", MAGIC(0, "\xc7\x71"), &la.archive_read_support_format_cpio, true, true, NULL },
	{ "cpio", MAGIC(0, "\x71\xc7"), &la.archive_read_support_format_cpio, true, true, NULL },
	{ "ar", MAGIC(0, "!<arch>\n"), &la.archive_read_support_format_ar, true, true, NULL },
	{ "7z", MAGIC(0, "7z\xbc\xaf\x27\x1c"), &la.archive_read_support_format_7zip, false, false,
	  sevenz_end },
	{ "rar5", MAGIC(0, "Rar!\x1a\x07\x01"), &la.archive_read_support_format_rar5, false, false,
	  rar5_end },
	{ "rar", MAGIC(0, "Rar!\x1a\x07"), &la.archive_read_support_format_rar, false, false,
	  rar4_end },
	{ "cab", MAGIC(0, "MSCF"), &la.archive_read_support_format_cab, false, false, cab_end },
	{ "xar", MAGIC(0, "xar!"), &la.archive_read_support_format_xar, false, false, xar_end },
	{ "warc", MAGIC(0, "WARC/"), &la.archive_read_support_format_warc, true, false, NULL },
	{ "lha", MAGIC(2, "-lh"), &la.archive_read_support_format_lha, false, true, NULL },
	{ "lha", MAGIC(2, "-lz"), &la.archive_read_support_format_lha, false, true, NULL },
	{ "iso", MAGIC(32769, "CD001"), &la.archive_read_support_format_iso9660, true, false,
	  iso_end },
};

/* A tar of before ustar has no magic, but its header adds up. */
static bool is_tar(const uint8_t *p, size_t len)
{
	unsigned sum = 0, want = 0, digits = 0;

	if (len < TAR_BLOCK || !p[0])
		return false;
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= 148 && i < 156 ? ' ' : p[i];
	for (size_t i = 148; i < 156; i++) {
		if (p[i] == ' ' && !digits)
			continue;
		if (p[i] < '0' || p[i] > '7')
			break;
		want = want * 8 + (unsigned)(p[i] - '0');
		digits++;
	}
	return digits && want == sum;
}

static const struct format *sniff(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		const struct format *f = &formats[i];

		if (len >= f->at + f->len && !memcmp(p + f->at, f->magic, f->len))
			return f;
	}
	return is_tar(p, len) ? &formats[0] : NULL;
}

struct reading {
	struct lib lib;
	const struct format *format;
	struct buf small;
	uint32_t ordinal;
	struct rar5 rar5; /* in step with libarchive */
	bool gave_up;     /* before the end, and not for want of a key or of memory */
};

static enum assay_status give_up(struct reading *r, enum assay_reason reason, const char *detail,
				 struct assay_error *err)
{
	r->gave_up = reason == ASSAY_MALFORMED || reason == ASSAY_UNSUPPORTED_TYPE;
	return sink_gap(r->lib.sink, reason, detail, err);
}

static enum assay_status send_name(struct reading *r, const char *name, struct assay_error *err)
{
	const struct segment seg = { .region = ASSAY_NAME };
	enum assay_status st;

	if (!name || !*name)
		return ASSAY_OK;
	st = sink_text(r->lib.sink, &seg, name, strlen(name), (struct source){ 0 }, err);
	return st == ASSAY_OK ? slack_break(r->lib.sink, err) : st;
}

/* Small members in memory, the rest as they come. */
static enum assay_status give(struct reading *r, struct member *m, struct assay_error *err)
{
	CLEANUP(input_done) struct input in;
	struct assay_error broken, refused;
	size_t got = 0, n = 1;
	enum assay_status st = ASSAY_OK;
	char *at;

	lib_entry(&r->lib);
	buf_clear(&r->small);
	at = m->size <= SMALL ? buf_reserve(&r->small, (size_t)m->size + 1) : NULL;
	if (!at || (!r->format->stored && sink_allow(r->lib.sink, m->size, &refused) != ASSAY_OK)) {
		input_from_stream(&in, lib_read, &r->lib, m->size);
		return sink_member(r->lib.sink, m, &in, err);
	}
	while (got <= m->size && n && st == ASSAY_OK) {
		st = lib_read(&r->lib, at + got, (size_t)m->size + 1 - got, &n, &broken);
		got += n;
	}
	input_from_mem(&in, at, got);
	if (st == ASSAY_OK && got > m->size)
		st = assay_fail(&broken, ASSAY_PARTIAL, ASSAY_MALFORMED, "larger than it says");
	if (got)
		m->size = got;
	if (st == ASSAY_OK)
		return sink_member(r->lib.sink, m, &in, err);
	/* What came is scanned, the rest is a gap of the archive. */
	st = got ? sink_member(r->lib.sink, m, &in, err) : ASSAY_OK;
	if (st == ASSAY_OK && !got) {
		m->lost = broken.reason;
		m->lost_detail = lib_detail(&r->lib, "compressed data");
		return sink_member(r->lib.sink, m, NULL, err);
	}
	return st == ASSAY_OK ? sink_gap(r->lib.sink, broken.reason, "a member is cut short", err)
			      : st;
}

static bool is_locked(struct reading *r, struct archive_entry *e)
{
	bool locked = r->rar5.in && rar5_next_is_locked(&r->rar5);

	return locked || la.archive_entry_is_encrypted(e);
}

static enum assay_status entry(struct reading *r, struct archive_entry *e, struct assay_error *err)
{
	const char *name = la.archive_entry_pathname(e);
	const char *link = la.archive_entry_symlink(e);
	unsigned type = la.archive_entry_filetype(e);
	bool locked = is_locked(r, e);
	uint64_t declared;
	struct member m;
	enum assay_status st;

	/* libarchive converts names; one that it cannot convert it may still have as it was. */
	if (!name)
		name = la.archive_entry_pathname_utf8(e);
	if (!name)
		name = "";
	if (!link)
		link = la.archive_entry_hardlink(e);
	m = (struct member){ .name = name,
			     .name_len = strlen(name),
			     .ordinal = r->ordinal++,
			     .size =
				 la.archive_entry_size_is_set(e) && la.archive_entry_size(e) >= 0
				     ? (uint64_t)la.archive_entry_size(e)
				     : INPUT_SIZE_UNKNOWN };
	if (r->format->stored && m.size != INPUT_SIZE_UNKNOWN)
		m.packed_bytes = m.size;
	if (link) {
		st = send_name(r, link, err);
		if (st != ASSAY_OK)
			return st;
	}
	/* A hard link of cpio or pax may bring its content along. */
	if ((type && type != AE_IFREG) || (link && !la.archive_entry_size(e)))
		return send_name(r, name, err);
	if (locked) {
		m.lost = ASSAY_ENCRYPTED;
		m.lost_detail = "archive member";
		return sink_member(r->lib.sink, &m, NULL, err);
	}
	declared = m.size;
	st = give(r, &m, err);
	/* libarchive has no word for what goes on in the next volume. */
	if (st == ASSAY_OK && !r->format->stored && declared != INPUT_SIZE_UNKNOWN &&
	    r->lib.entry_ended && r->lib.entry_at < declared)
		st = sink_gap(r->lib.sink, ASSAY_MALFORMED,
			      "a member is shorter than it says, or " LIB_VOLUME, err);
	return st;
}

/* One archive to its end or to where it breaks. */
static enum assay_status members(struct reading *r, bool *ret_ended, struct assay_error *err)
{
	struct lib *l = &r->lib;
	uint32_t limit = l->sink->limits->members;
	unsigned tries = 0;
	enum assay_status st = ASSAY_OK;

	*ret_ended = false;
	while (st == ASSAY_OK) {
		struct archive_entry *e = NULL;
		int got = la.archive_read_next_header(l->a, &e);

		if (got == ARCHIVE_EOF) {
			*ret_ended = true;
			/* A header of zeros is an empty archive to libarchive. */
			if (!r->ordinal && !r->format->tail && l->in->size > EMPTY_MAX)
				st = give_up(r, ASSAY_MALFORMED, "archive of nothing", err);
			return st;
		}
		if (got == ARCHIVE_FATAL || (got < ARCHIVE_WARN && ++tries > RETRIES)) {
			/* Before it has settled for a format, asking reads out of bounds. */
			bool locked = la.archive_format(l->a) &&
				      la.archive_read_has_encrypted_entries(l->a) == 1;

			return give_up(r, locked ? ASSAY_ENCRYPTED : lib_reason(l),
				       lib_detail(l, "archive"), err);
		}
		if (got < ARCHIVE_WARN) {
			st = sink_gap(l->sink, ASSAY_MALFORMED, "header of an archive member", err);
			continue;
		}
		if (r->ordinal >= limit)
			return sink_gap(l->sink, ASSAY_LIMIT_MEMBERS, "members of an archive", err);
		st = entry(r, e, err);
	}
	return st;
}

/* Behind the end: padding, another archive, or what somebody put there. */
static enum assay_status find_more(struct reading *r, uint64_t *at, bool *ret_more,
				   struct assay_error *err)
{
	const uint8_t *p;
	size_t len, skip;
	enum assay_status st;

	*ret_more = false;
	for (;; *at += skip) {
		st = lib_rest(&r->lib, *at, &p, &len, err);
		if (st != ASSAY_OK || !len)
			return st;
		for (skip = 0; skip < len && !p[skip]; skip++)
			;
		if (skip < len)
			break;
	}
	/* A tar begins at a block, whose first byte is of a name. */
	*ret_more = sniff(p + skip, len - skip) == r->format;
	*at += skip;
	return ASSAY_OK;
}

/* What stands behind the end that an archive tells of. */
static enum assay_status read_behind(struct reading *r, struct assay_error *err)
{
	struct input *in = r->lib.in;
	uint64_t end = r->format->end && input_seekable(in) ? r->format->end(in) : 0;

	return end && end < in->size ? lib_slack(&r->lib, end, err) : ASSAY_OK;
}

/* The directory lies at the end of a 7z: of the first of several volumes, in another file. */
static bool is_first_volume(const struct reading *r)
{
	struct input *in = r->lib.in;

	return r->format->end == sevenz_end && input_seekable(in) && sevenz_end(in) > in->size;
}

/* One archive, and what follows it. */
static enum assay_status read_archives(struct reading *r, struct assay_error *err)
{
	uint64_t at = 0;
	bool more = true, ended;
	enum assay_status st = ASSAY_OK;

	while (st == ASSAY_OK && more) {
		more = ended = false;
		st = lib_new(&r->lib, at, err);
		if (st != ASSAY_OK)
			break;
		if ((*r->format->enable)(r->lib.a) < ARCHIVE_WARN ||
		    lib_open(&r->lib) != ARCHIVE_OK)
			return give_up(r, lib_reason(&r->lib), r->format->name, err);
		st = members(r, &ended, err);
		if (st != ASSAY_OK || !ended || r->gave_up)
			break;
		if (!r->format->tail)
			return read_behind(r, err);
		at = lib_used(&r->lib);
		st = find_more(r, &at, &more, err);
		if (st == ASSAY_OK && !more)
			st = lib_slack(&r->lib, at, err);
	}
	return st;
}

static enum assay_status archive_run(struct input *in, const struct extract_sink *sink,
				     struct assay_error *err)
{
	struct reading r = { .small = BUF_INIT(SMALL + 2) };
	const uint8_t *head;
	size_t len;
	enum assay_status st = input_head(in, &head, &len, err);

	if (st != ASSAY_OK && !len)
		return st;
	if (!library_open(&libarchive))
		return strings_without(&libarchive, in, sink, err);
	r.format = sniff(head, len);
	if (!r.format)
		return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED, "no archive we know");
	if (!strcmp(r.format->name, "rar5") && input_seekable(in))
		r.rar5.in = in;
	st = lib_init(&r.lib, in, sink, err);
	if (st == ASSAY_OK)
		st = is_first_volume(&r)
			 ? give_up(&r, ASSAY_MALFORMED, "cut short, or " LIB_VOLUME, err)
			 : read_archives(&r, err);
	/* Nothing came out: what lies in it as it is can still be read. */
	if (st == ASSAY_OK && r.gave_up && !r.ordinal && input_seekable(in))
		st = strings_extractor.run(in, sink, err);
	buf_done(&r.small);
	lib_done(&r.lib);
	return st;
}

static const char *const types[] = {
	"application/x-tar",
	"application/x-ustar",
	"application/x-gtar",
	"application/x-cpio",
	"application/x-archive",
	"application/vnd.debian.binary-package",
	"application/vnd.ms-cab-compressed",
	"application/x-lha",
	"application/x-lzh-compressed",
	"application/x-xar",
	"application/warc",
	NULL,
};

/* What has to be gone through twice, or in another order than it lies there. */
static const char *const seek_types[] = {
	"application/x-rar",           "application/x-rar-compressed", "application/vnd.rar",
	"application/x-7z-compressed", "application/x-iso9660-image",  NULL,
};

const struct extractor archive_extractor = {
	.name = "archive",
	.types = types,
	.third_party = true,
	.run = archive_run,
};

const struct extractor archive_seek_extractor = {
	.name = "archive-seek",
	.types = seek_types,
	.wants_seek = true,
	.third_party = true,
	.run = archive_run,
};
