/* zip.c - zip files: every member, and every byte that belongs to none */
#include "zip.h"

#include <libdeflate.h>
#include <stdio.h>

#include "fail.h"
#include "le.h"
#include "salvage.h"
#include "slack.h"

#define LOCAL_BYTES 30
#define CENTRAL_BYTES 46
#define END_BYTES 22
#define END64_BYTES 56
#define LOCATOR_BYTES 20
#define COMMENT_MAX 65535

#define FLAG_ENCRYPTED 0x0001
#define FLAG_DESCRIPTOR 0x0008
#define FLAG_MASKED 0x2000

/* A file up to this size is read at once: fewer calls than member by member. */
#define WHOLE_MAX (4 * MiB)
/* A larger member is streamed: a worker's memory is bounded. */
#define HEAP_MAX (32 * MiB)
/* Deflate cannot do better. */
#define DEFLATE_RATIO 1032
/* Room tried for a member of unknown size. */
#define GUESS_RATIO 16
#define DIRECTORY_MAX (64 * MiB)
/* How often the file's size may be spent on looking for the end of members of unknown
 * size; then the next signature is believed. */
#define SEARCHES_MAX 8
#define END_TRIES 16
#define STRUCTURE SIZE_MAX

static const char sig_local[] = "PK\3\4", sig_central[] = "PK\1\2", sig_end[] = "PK\5\6",
		  sig_end64[] = "PK\6\6", sig_locator[] = "PK\6\7", sig_descriptor[] = "PK\7\x8";

static bool has_sig(const uint8_t *p, const char *sig)
{
	return !memcmp(p, sig, 4);
}

/* Methods somebody writes, and whether we can read them. */
static const struct method {
	uint16_t id;
	bool can;
} methods[] = {
	{ 0, true },   { 1, false },  { 2, false },  { 3, false },  { 4, false },  { 5, false },
	{ 6, false },  { 8, true },   { 9, false },  { 10, false }, { 12, true },  { 14, true },
	{ 16, false }, { 18, false }, { 19, false }, { 93, true },  { 94, false }, { 95, true },
	{ 96, false }, { 97, false }, { 98, true },  { 99, false },
};

static const struct method *method_find(uint16_t id)
{
	for (size_t i = 0; i < ARRAY_SIZE(methods); i++)
		if (methods[i].id == id)
			return &methods[i];
	return NULL;
}

/*
 * Bytes of the file: a view, or read into `scratch`.  *ret_got < len only at the end
 * of the file.
 */
static enum assay_status look(struct zip *z, uint64_t off, size_t len, struct buf *scratch,
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

static enum assay_status cover(struct zip *z, uint64_t from, uint64_t to, struct assay_error *err)
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

/* --- the end record and the directory ------------------------------------------- */

struct directory {
	uint64_t at;    /* of the first entry */
	uint64_t bytes; /* as declared */
	uint64_t count;
	uint64_t shift; /* to add to every offset: something stands before the zip */
	uint32_t disk;
	uint64_t end; /* of the end record */
	uint16_t comment_len;
	uint64_t end64;   /* 0: none */
	uint64_t locator; /* 0: none */
};

/* The directory should end where the end record begins; else trust the offset. */
static bool place_directory(struct zip *z, struct directory *d, uint64_t before, uint64_t declared)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(64);
	uint64_t tries[2] = { before >= d->bytes ? before - d->bytes : declared, declared };

	if (!d->count && !d->bytes) {
		d->at = before;
		return true;
	}
	for (size_t i = 0; i < 2; i++) {
		const uint8_t *p;
		size_t got;

		if (look(z, tries[i], 4, &scratch, &p, &got, NULL) != ASSAY_OK || got < 4 ||
		    !has_sig(p, sig_central) || tries[i] < declared)
			continue;
		d->at = tries[i];
		d->shift = tries[i] - declared;
		d->bytes = MIN(d->bytes, before - MIN(before, tries[i]));
		return true;
	}
	return false;
}

static bool read_end64(struct zip *z, struct directory *d)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(256);
	uint64_t tries[2];
	const uint8_t *p;
	size_t got;

	if (d->end < LOCATOR_BYTES ||
	    look(z, d->end - LOCATOR_BYTES, LOCATOR_BYTES, &scratch, &p, &got, NULL) != ASSAY_OK ||
	    got < LOCATOR_BYTES || !has_sig(p, sig_locator))
		return false;
	d->locator = d->end - LOCATOR_BYTES;
	tries[0] = le64(p + 8);
	tries[1] = d->locator >= END64_BYTES ? d->locator - END64_BYTES : 0;
	for (size_t i = 0; i < 2; i++) {
		if (look(z, tries[i], END64_BYTES, &scratch, &p, &got, NULL) != ASSAY_OK ||
		    got < END64_BYTES || !has_sig(p, sig_end64))
			continue;
		d->end64 = tries[i];
		d->disk = le32(p + 16);
		d->count = le64(p + 32);
		d->bytes = le64(p + 40);
		return place_directory(z, d, d->end64, le64(p + 48));
	}
	return false;
}

static bool read_end(struct zip *z, uint64_t at, const uint8_t *p, struct directory *ret)
{
	*ret = (struct directory){ .end = at,
				   .disk = le16(p + 4),
				   .count = le16(p + 10),
				   .bytes = le32(p + 12),
				   .comment_len = le16(p + 20) };
	if (at + END_BYTES + ret->comment_len > z->size)
		ret->comment_len = (uint16_t)(z->size - at - END_BYTES);
	return read_end64(z, ret) || place_directory(z, ret, at, le32(p + 16));
}

/* Find the last end record whose directory is where it says. */
static enum assay_status find_directory(struct zip *z, struct directory *ret, bool *ret_found,
					struct assay_error *err)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(128 * KiB);
	size_t tail = (size_t)MIN(z->size, END_BYTES + COMMENT_MAX), got, tries = 0;
	uint64_t at = z->size - tail;
	const uint8_t *p;
	enum assay_status st = look(z, at, tail, &scratch, &p, &got, err);

	*ret_found = false;
	if (st != ASSAY_OK || got < END_BYTES)
		return st;
	for (size_t i = got - END_BYTES + 1; i-- > 0 && tries < END_TRIES;) {
		if (p[i] != 'P' || !has_sig(p + i, sig_end))
			continue;
		tries++;
		if (read_end(z, at + i, p + i, ret)) {
			*ret_found = true;
			break;
		}
	}
	return ASSAY_OK;
}

/* Sizes and offset that did not fit in the entry. */
static void read_extra64(const uint8_t *p, size_t len, struct zip_member *m, uint32_t *disk)
{
	while (len >= 4) {
		size_t n = MIN((size_t)le16(p + 2), len - 4);
		const uint8_t *at = p + 4, *end = at + n;

		if (le16(p) == 0x0001) {
			if (m->size == UINT32_MAX && end - at >= 8)
				m->size = le64(at), at += 8;
			if (m->packed == UINT32_MAX && end - at >= 8)
				m->packed = le64(at), at += 8;
			if (m->local == UINT32_MAX && end - at >= 8)
				m->local = le64(at), at += 8;
			if (*disk == UINT16_MAX && end - at >= 4)
				*disk = le32(at);
			return;
		}
		p += 4 + n;
		len -= 4 + n;
	}
}

/* Four letters in a row: padding and numbers have none. */
static bool has_letters(const uint8_t *p, size_t len)
{
	size_t run = 0;

	for (size_t i = 0; i < len && run < 4; i++)
		run = p[i] >= ' ' && p[i] != 127 ? run + 1 : 0;
	return run == 4;
}

/* Text can hide in fields no reader looks at; those that are numbers are left out. */
static enum assay_status send_extra(struct zip *z, uint64_t off, const uint8_t *p, size_t len,
				    struct assay_error *err)
{
	static const uint16_t numbers[] = { 0x0001, 0x000a, 0x5455, 0x5855,
					    0x7855, 0x7875, 0x9901, 0xcafe };
	size_t at = 0;

	while (len - at >= 4) {
		size_t n = MIN((size_t)le16(p + at + 2), len - at - 4);
		bool skip = !has_letters(p + at + 4, n);
		enum assay_status st;

		for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
			skip |= le16(p + at) == numbers[i] && n <= 64;
		if (!skip) {
			st = slack_text(z->sink, off + at + 4, p + at + 4, n, err);
			if (st == ASSAY_OK)
				st = slack_break(z->sink, err);
			if (st != ASSAY_OK)
				return st;
		}
		at += 4 + n;
	}
	return ASSAY_OK;
}

static enum assay_status send_text(struct zip *z, enum assay_region region, uint64_t off,
				   const void *text, size_t len, struct assay_error *err)
{
	const struct segment seg = { .region = region };
	enum assay_status st;

	if (!len)
		return ASSAY_OK;
	st = sink_text(z->sink, &seg, text, len, (struct source){ off, SOURCE_SAME }, err);
	return st == ASSAY_OK ? slack_break(z->sink, err) : st;
}

/* A new member, or NULL with *ret_st as what to return. */
static struct zip_member *add_member(struct zip *z, enum assay_status *ret_st,
				     struct assay_error *err)
{
	struct zip_member *m = NULL;

	*ret_st = ASSAY_OK;
	if (z->members.len < z->members.limit)
		m = vec_push(&z->members);
	else if (z->too_many)
		return NULL;
	if (m) {
		*m = (struct zip_member){ .ordinal = (uint32_t)(z->members.len - 1) };
	} else if (z->members.len < z->members.limit) {
		*ret_st = assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_MEMORY, "zip members");
	} else {
		z->too_many = true;
		*ret_st = sink_gap(z->sink, ASSAY_LIMIT_MEMBERS, "members of a zip", err);
	}
	return m;
}

static void lose(struct zip_member *m, enum assay_reason reason, const char *detail)
{
	if (m->lost == ASSAY_REASON_NONE) {
		m->lost = reason;
		m->lost_detail = detail;
	}
}

/* What the flags and the method alone forbid. */
static void judge(struct zip_member *m)
{
	const struct method *method = method_find(m->method);

	if (m->flags & (FLAG_ENCRYPTED | FLAG_MASKED) || m->method == 99)
		lose(m, ASSAY_ENCRYPTED, "zip member");
	else if (!method || !method->can)
		lose(m, ASSAY_UNSUPPORTED_TYPE, "zip compression method");
}

/* One entry at p; *ret_len bytes long. */
static enum assay_status read_entry(struct zip *z, const struct directory *d, const uint8_t *p,
				    size_t len, uint64_t off, size_t *ret_len,
				    struct assay_error *err)
{
	size_t name_len = le16(p + 28), extra_len = le16(p + 30), comment_len = le16(p + 32);
	const uint8_t *extra = p + CENTRAL_BYTES + name_len;
	uint32_t disk = le16(p + 34);
	struct zip_member *m;
	enum assay_status st;

	*ret_len = CENTRAL_BYTES + name_len + extra_len + comment_len;
	if (*ret_len > len) {
		*ret_len = 0;
		return ASSAY_OK;
	}
	m = add_member(z, &st, err);
	if (!m)
		return st;
	m->name = (const char *)p + CENTRAL_BYTES;
	m->name_len = name_len;
	m->flags = le16(p + 8);
	m->method = le16(p + 10);
	m->packed = le32(p + 20);
	m->size = le32(p + 24);
	m->local = le32(p + 42);
	read_extra64(extra, extra_len, m, &disk);
	judge(m);
	if (disk != d->disk)
		lose(m, ASSAY_MALFORMED, "zip member on another volume");
	if (m->local > z->size || d->shift > z->size - m->local) {
		lose(m, ASSAY_MALFORMED, "zip member outside of the file");
		m->local = z->size;
	} else {
		m->local += d->shift;
	}
	off += CENTRAL_BYTES + name_len;
	st = send_extra(z, off, extra, extra_len, err);
	return st == ASSAY_OK ? send_text(z, ASSAY_COMMENT, off + extra_len, extra + extra_len,
					  comment_len, err)
			      : st;
}

static enum assay_status read_directory(struct zip *z, const struct directory *d,
					struct assay_error *err)
{
	size_t len = (size_t)MIN(d->bytes, DIRECTORY_MAX), at = 0, entry = 0, entries = 0;
	enum assay_status st = look(z, d->at, len, &z->dir_own, &z->dir, &z->dir_len, err);

	while (st == ASSAY_OK && z->dir_len - at >= CENTRAL_BYTES &&
	       has_sig(z->dir + at, sig_central)) {
		st = read_entry(z, d, z->dir + at, z->dir_len - at, d->at + at, &entry, err);
		if (!entry)
			break;
		at += entry;
		entries++;
	}
	if (st == ASSAY_OK)
		st = cover(z, d->at, d->at + at, err);
	/* Before zip64 some writers let the count wrap. */
	if (st == ASSAY_OK && (entries & 0xffff) != (d->count & 0xffff))
		st = sink_gap(z->sink, ASSAY_MALFORMED, "zip directory shorter than it says", err);
	return st;
}

static enum assay_status read_structure(struct zip *z, const struct directory *d,
					struct assay_error *err)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(128 * KiB);
	const uint8_t *comment;
	size_t got;
	enum assay_status st = read_directory(z, d, err);

	if (st == ASSAY_OK && d->end64)
		st = cover(z, d->end64, d->end64 + END64_BYTES, err);
	if (st == ASSAY_OK && d->locator)
		st = cover(z, d->locator, d->locator + LOCATOR_BYTES, err);
	if (st == ASSAY_OK)
		st = cover(z, d->end, d->end + END_BYTES + d->comment_len, err);
	if (st == ASSAY_OK)
		st = look(z, d->end + END_BYTES, d->comment_len, &scratch, &comment, &got, err);
	if (st != ASSAY_OK)
		return st;
	return send_text(z, ASSAY_COMMENT, d->end + END_BYTES, comment, got, err);
}

/* --- where a member's bytes lie -------------------------------------------------- */

/* Bytes of data descriptor at `p`, 0 if what stands there is none. */
static size_t descriptor_bytes(const uint8_t *p, size_t len, uint64_t packed)
{
	size_t sig = len >= 4 && has_sig(p, sig_descriptor) ? 4 : 0;

	for (;; sig = 0) {
		bool narrow = len >= sig + 12 && le32(p + sig + 4) == (uint32_t)packed;
		bool wide = len >= sig + 20 && le64(p + sig + 4) == packed;

		/* Of nothing both are right: a signature follows one. */
		if (narrow && wide)
			wide = len < sig + 14 || memcmp(p + sig + 12, "PK", 2) != 0;
		if (narrow || wide)
			return sig + (wide ? 20 : 12);
		if (!sig)
			return 0;
	}
}

/* The size of the member that a descriptor of `n` bytes tells. */
static uint64_t descriptor_size(const uint8_t *p, size_t n)
{
	return n == 12 || n == 16 ? le32(p + n - 4) : le64(p + n - 8);
}

/* Offset of the first of the signatures in [from, to), or `to`. */
static enum assay_status find_sig(struct zip *z, uint64_t from, uint64_t to, const char *lasts,
				  uint64_t *ret_at, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(SLACK_STEP + 16);

	while (from < to && to - from >= 4) {
		const uint8_t *p, *hit;
		size_t got, step = (size_t)MIN(to - from, z->mem ? to - from : SLACK_STEP);
		enum assay_status st = look(z, from, step, &scratch, &p, &got, err);

		if (st != ASSAY_OK)
			return st;
		if (got < 4)
			break;
		for (size_t at = 0; (hit = memmem(p + at, got - at, "PK", 2)); at += 2) {
			at = (size_t)(hit - p);
			if (got - at < 4)
				break;
			/* The two last bytes of a signature as pairs. */
			for (const char *s = lasts; *s; s += 2)
				if (hit[2] == (uint8_t)s[0] && hit[3] == (uint8_t)s[1]) {
					*ret_at = from + at;
					return ASSAY_OK;
				}
		}
		from += got - 3;
	}
	*ret_at = to;
	return ASSAY_OK;
}

/* The end of a member that was written without knowing its size. */
static enum assay_status find_descriptor(struct zip *z, struct zip_member *m, uint64_t to,
					 struct assay_error *err)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(64);
	uint64_t at = m->data;

	for (;;) {
		const uint8_t *p;
		size_t got, n, back;
		enum assay_status st;
		uint64_t from = at;

		st = find_sig(z, at, to, "\3\4\1\2\7\x8", &at, err);
		if (st != ASSAY_OK)
			return st;
		z->searched += at - from;
		back = (size_t)MIN(at - m->data, 20);
		st = look(z, at - back, back + 24, &scratch, &p, &got, err);
		if (st != ASSAY_OK)
			return st;
		/* With a signature: here.  Without: just before what follows. */
		n = at < to && has_sig(p + back, sig_descriptor)
			? descriptor_bytes(p + back, got - back, at - m->data)
			: 0;
		if (n) {
			m->size = descriptor_size(p + back, n);
			m->packed = at - m->data;
			m->end = MIN(at + n, to);
			return ASSAY_OK;
		}
		for (size_t len = 12; len <= back; len += 8)
			if (descriptor_bytes(p + back - len, len, at - m->data - len) == len) {
				m->size = descriptor_size(p + back - len, len);
				m->packed = at - m->data - len;
				m->end = at;
				return ASSAY_OK;
			}
		if (at == to || z->searched / SEARCHES_MAX > z->size) {
			m->packed = at - m->data;
			m->end = at;
			return ASSAY_OK;
		}
		at += 4;
	}
}

/* The local header's own name, extra fields and end. */
static enum assay_status read_local(struct zip *z, struct zip_member *m, const uint8_t *p,
				    struct assay_error *err)
{
	size_t name_len = le16(p + 26), extra_len = le16(p + 28);
	const char *name = (const char *)p + LOCAL_BYTES;
	enum assay_status st = ASSAY_OK;

	m->data = m->local + LOCAL_BYTES + name_len + extra_len;
	if (m->name_len != name_len || memcmp(m->name, name, name_len) != 0)
		st = send_text(z, ASSAY_NAME, m->local + LOCAL_BYTES, name, name_len, err);
	if (st != ASSAY_OK)
		return st;
	return send_extra(z, m->local + LOCAL_BYTES + name_len, p + LOCAL_BYTES + name_len,
			  extra_len, err);
}

/* Look at the local header of a member of the directory. */
static enum assay_status locate(struct zip *z, struct zip_member *m, struct buf *scratch,
				struct assay_error *err)
{
	const uint8_t *p;
	size_t got, len = LOCAL_BYTES + m->name_len + 256, need;
	enum assay_status st = look(z, m->local, len, scratch, &p, &got, err);

	if (st != ASSAY_OK)
		return st;
	if (got < LOCAL_BYTES || !has_sig(p, sig_local)) {
		lose(m, ASSAY_MALFORMED, "zip member without a header");
		return ASSAY_OK;
	}
	need = LOCAL_BYTES + le16(p + 26) + le16(p + 28);
	if (need > got) {
		st = look(z, m->local, need, scratch, &p, &got, err);
		if (st != ASSAY_OK)
			return st;
	}
	if (got < need || m->packed > z->size - m->local - need) {
		lose(m, ASSAY_MALFORMED, "zip member cut short");
		return ASSAY_OK;
	}
	st = read_local(z, m, p, err);
	if (st != ASSAY_OK)
		return st;
	m->end = m->data + m->packed;
	if (m->flags & FLAG_DESCRIPTOR) {
		st = look(z, m->end, 24, scratch, &p, &got, err);
		if (st == ASSAY_OK)
			m->end += descriptor_bytes(p, got, m->packed);
	}
	return st;
}

/* --- overlaps and what is not covered -------------------------------------------- */

struct claim {
	uint64_t from, to;
	size_t member; /* or STRUCTURE */
};

static int by_place(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	/* Structure first, it comes with the greatest index. */
	return (x->member != STRUCTURE) - (y->member != STRUCTURE)
		   ? (x->member != STRUCTURE) - (y->member != STRUCTURE)
		   : (x->member > y->member) - (x->member < y->member);
}

static int by_from(const void *a, const void *b)
{
	const struct zip_range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/*
 * Give each byte to one member at most.  Whoever begins first has it; a member that
 * reaches into the directory has nothing.
 */
static enum assay_status settle_claims(struct zip *z, struct assay_error *err)
{
	CLEANUP(mem_freep) struct claim *claims = NULL;
	size_t structures = z->covered.len, len = 0;
	uint64_t taken = 0;

	claims = malloc((z->members.len + structures + 1) * sizeof(*claims));
	if (!claims)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_MEMORY, "zip ranges");
	for (size_t i = 0; i < structures; i++)
		claims[len++] =
		    (struct claim){ z->covered.items[i].from, z->covered.items[i].to, STRUCTURE };
	for (size_t i = 0; i < z->members.len; i++)
		if (z->members.items[i].data)
			claims[len++] =
			    (struct claim){ z->members.items[i].local, z->members.items[i].end, i };
	qsort(claims, len, sizeof(*claims), by_place);
	for (size_t i = 0; i < len; i++) {
		struct claim *c = &claims[i];
		struct zip_member *m;
		bool reaches = false;
		enum assay_status st;

		if (c->member == STRUCTURE) {
			taken = MAX(taken, c->to);
			continue;
		}
		m = &z->members.items[c->member];
		for (size_t k = 0; k < structures; k++)
			reaches |=
			    c->from < z->covered.items[k].to && z->covered.items[k].from < c->to;
		if (c->from < taken || reaches) {
			z->overlaps++;
			m->lost = ASSAY_LIMIT_OVERLAP;
			m->lost_detail = "zip member over another";
			continue;
		}
		taken = c->to;
		st = cover(z, c->from, c->to, err);
		if (st != ASSAY_OK)
			return st;
	}
	if (!z->overlaps)
		return ASSAY_OK;
	return sink_gap(z->sink, ASSAY_LIMIT_OVERLAP, "zip members that share bytes", err);
}

static enum assay_status add_slack(struct zip *z, uint64_t from, uint64_t to,
				   struct assay_error *err)
{
	struct zip_range *r;

	if (to <= from || to - from < 4)
		return ASSAY_OK;
	r = vec_push(&z->slack);
	if (!r)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_MEMORY, "zip slack");
	*r = (struct zip_range){ from, to };
	return ASSAY_OK;
}

/* Is this a member's header?  Then make it one, with *ret_end behind it. */
static enum assay_status try_hidden(struct zip *z, uint64_t at, uint64_t to, struct buf *scratch,
				    uint64_t *ret_end, struct assay_error *err)
{
	const uint8_t *p;
	size_t got, need;
	struct zip_member *m;
	uint32_t disk = 0;
	enum assay_status st = look(z, at, LOCAL_BYTES, scratch, &p, &got, err);

	*ret_end = 0;
	if (st != ASSAY_OK || got < LOCAL_BYTES || !le16(p + 26) || !method_find(le16(p + 8)))
		return st;
	need = LOCAL_BYTES + le16(p + 26) + le16(p + 28);
	if (need > to - at)
		return ASSAY_OK;
	st = look(z, at, need, scratch, &p, &got, err);
	if (st != ASSAY_OK || got < need)
		return st;
	m = add_member(z, &st, err);
	if (!m)
		return st;
	z->hidden++;
	m->hidden = true;
	m->flags = le16(p + 6);
	m->method = le16(p + 8);
	m->packed = le32(p + 18);
	m->size = le32(p + 22);
	m->local = at;
	m->name_len = le16(p + 26);
	m->own_name = malloc(m->name_len);
	if (!m->own_name)
		return assay_fail(err, ASSAY_PARTIAL, ASSAY_LIMIT_MEMORY, "zip names");
	m->name = memcpy(m->own_name, p + LOCAL_BYTES, m->name_len);
	read_extra64(p + LOCAL_BYTES + m->name_len, need - LOCAL_BYTES - m->name_len, m, &disk);
	judge(m);
	st = read_local(z, m, p, err);
	if (st != ASSAY_OK)
		return st;
	if (m->flags & FLAG_DESCRIPTOR && !m->packed) {
		m->size = INPUT_SIZE_UNKNOWN;
		st = find_descriptor(z, m, to, err);
	} else if (m->packed > to - m->data) {
		m->packed = to - m->data;
		m->end = to;
		st = sink_gap(z->sink, ASSAY_MALFORMED, "zip member cut short", err);
	} else {
		m->end = m->data + m->packed;
		if (m->flags & FLAG_DESCRIPTOR) {
			st = look(z, m->end, (size_t)MIN(24, to - m->end), scratch, &p, &got, err);
			if (st == ASSAY_OK)
				m->end += descriptor_bytes(p, got, m->packed);
		}
	}
	*ret_end = m->end;
	return st;
}

/* Members in a range that the directory is silent about; the rest is slack. */
static enum assay_status walk(struct zip *z, uint64_t from, uint64_t to, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(256 * KiB);
	uint64_t pos = from, end;

	if (to <= from || to - from < 4)
		return ASSAY_OK;
	while (pos < to) {
		uint64_t at;
		enum assay_status st = find_sig(z, pos, to, "\3\4", &at, err);

		if (st != ASSAY_OK)
			return st;
		if (at == to)
			break;
		st = try_hidden(z, at, to, &scratch, &end, err);
		if (st == ASSAY_OK && end)
			st = add_slack(z, from, at, err);
		if (st != ASSAY_OK)
			return st;
		pos = end ? end : at + 4;
		if (end)
			from = end;
	}
	return add_slack(z, from, to, err);
}

static enum assay_status walk_uncovered(struct zip *z, struct assay_error *err)
{
	uint64_t at = 0;
	enum assay_status st = ASSAY_OK;

	if (z->covered.len)
		qsort(z->covered.items, z->covered.len, sizeof(*z->covered.items), by_from);
	for (size_t i = 0; i < z->covered.len && st == ASSAY_OK; i++) {
		const struct zip_range *r = &z->covered.items[i];

		if (r->from > at)
			st = walk(z, at, r->from, err);
		at = MAX(at, r->to);
	}
	return st == ASSAY_OK ? walk(z, at, z->size, err) : st;
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
	struct directory d = { 0 };
	bool found;
	enum assay_status st;

	*z = (struct zip){ .in = in,
			   .sink = sink,
			   .members = VEC_INIT(sink->limits->members),
			   .covered = VEC_INIT((size_t)sink->limits->members + 8),
			   .slack = VEC_INIT((size_t)sink->limits->members * 2 + 8),
			   .whole = BUF_INIT(WHOLE_MAX + 1),
			   .dir_own = BUF_INIT(DIRECTORY_MAX + 1),
			   .packed = BUF_INIT(HEAP_MAX + 1) };
	z->inflate = libdeflate_alloc_decompressor();
	if (!z->inflate)
		return assay_fail_memory(err, "inflate");
	st = open_input(z, err);
	if (st == ASSAY_OK)
		st = find_directory(z, &d, &found, err);
	if (st != ASSAY_OK)
		return st;
	if (!found) {
		st = sink_gap(sink, ASSAY_MALFORMED, "zip without a directory", err);
		return st == ASSAY_OK ? walk(z, 0, z->size, err) : st;
	}
	st = read_structure(z, &d, err);
	for (size_t i = 0; i < z->members.len && st == ASSAY_OK; i++)
		if (z->members.items[i].local < z->size)
			st = locate(z, &z->members.items[i], &scratch, err);
	if (st == ASSAY_OK)
		st = settle_claims(z, err);
	return st == ASSAY_OK ? walk_uncovered(z, err) : st;
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

enum assay_status zip_look(struct zip *z, uint64_t off, size_t len, struct buf *scratch,
			   const uint8_t **ret_data, size_t *ret_got, struct assay_error *err)
{
	return look(z, off, len, scratch, ret_data, ret_got, err);
}

enum assay_status zip_leftover(struct zip *z, uint64_t from, uint64_t to, struct assay_error *err)
{
	return walk(z, from, to, err);
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
		lose(&z->members.items[index], ASSAY_LIMIT_MEMORY, "zip member");
		*ret_load = ZIP_LOST;
		return ASSAY_OK;
	}
	result = libdeflate_deflate_decompress_ex(z->inflate, packed, (size_t)m.packed, at, room,
						  &used, &got);
	*ret_load = result == LIBDEFLATE_INSUFFICIENT_SPACE ? ZIP_STREAM : ZIP_LOADED;
	*ret_len = got;
	if (result == LIBDEFLATE_SUCCESS)
		return used < m.packed ? walk(z, m.data + used, m.data + m.packed, err) : ASSAY_OK;
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
	st = look(z, m->data, (size_t)m->packed, m->method ? &z->packed : scratch, &packed, &got,
		  err);
	if (st != ASSAY_OK || got < m->packed)
		return st;
	if (m->method == 0) {
		*ret_data = packed;
		*ret_len = got;
		*ret_load = ZIP_LOADED;
		return ASSAY_OK;
	}
	if (sink_allow(z->sink, room - 1, &refused) != ASSAY_OK) {
		lose(m, refused.reason, "zip member");
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
		give->lost_detail = "zip member";
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

		st = look(z, at, (size_t)MIN(SLACK_STEP, r->to - at), &scratch, &p, &got, err);
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
		qsort(z->slack.items, z->slack.len, sizeof(*z->slack.items), by_from);
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
