/* zip_directory.c - what a zip says of itself: the end record and the directory */
#include "fail.h"
#include "slack.h"
#include "zip_parts.h"

#define CENTRAL_BYTES 46
#define END_BYTES 22
#define END64_BYTES 56
#define LOCATOR_BYTES 20
#define COMMENT_MAX 65535
#define END_TRIES 16

static const char sig_central[] = "PK\1\2", sig_end[] = "PK\5\6", sig_end64[] = "PK\6\6",
		  sig_locator[] = "PK\6\7";

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

bool zip_is_method(uint16_t id)
{
	return method_find(id);
}

/* The directory should end where the end record begins; else trust the offset. */
static bool place_directory(struct zip *z, struct zip_directory *d, uint64_t before,
			    uint64_t declared)
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

		if (zip_look(z, tries[i], 4, &scratch, &p, &got, NULL) != ASSAY_OK || got < 4 ||
		    !zip_has_sig(p, sig_central) || tries[i] < declared)
			continue;
		d->at = tries[i];
		d->shift = tries[i] - declared;
		d->bytes = MIN(d->bytes, before - MIN(before, tries[i]));
		return true;
	}
	return false;
}

static bool read_end64(struct zip *z, struct zip_directory *d)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(256);
	uint64_t tries[2];
	const uint8_t *p;
	size_t got;

	if (d->end < LOCATOR_BYTES ||
	    zip_look(z, d->end - LOCATOR_BYTES, LOCATOR_BYTES, &scratch, &p, &got, NULL) !=
		ASSAY_OK ||
	    got < LOCATOR_BYTES || !zip_has_sig(p, sig_locator))
		return false;
	d->locator = d->end - LOCATOR_BYTES;
	tries[0] = le64(p + 8);
	tries[1] = d->locator >= END64_BYTES ? d->locator - END64_BYTES : 0;
	for (size_t i = 0; i < 2; i++) {
		if (zip_look(z, tries[i], END64_BYTES, &scratch, &p, &got, NULL) != ASSAY_OK ||
		    got < END64_BYTES || !zip_has_sig(p, sig_end64))
			continue;
		d->end64 = tries[i];
		d->disk = le32(p + 16);
		d->count = le64(p + 32);
		d->bytes = le64(p + 40);
		return place_directory(z, d, d->end64, le64(p + 48));
	}
	return false;
}

static bool read_end(struct zip *z, uint64_t at, const uint8_t *p, struct zip_directory *ret)
{
	*ret = (struct zip_directory){ .end = at,
				       .disk = le16(p + 4),
				       .count = le16(p + 10),
				       .bytes = le32(p + 12),
				       .comment_len = le16(p + 20) };
	if (at + END_BYTES + ret->comment_len > z->size)
		ret->comment_len = (uint16_t)(z->size - at - END_BYTES);
	return read_end64(z, ret) || place_directory(z, ret, at, le32(p + 16));
}

/* Find the last end record whose directory is where it says. */
enum assay_status zip_find_directory(struct zip *z, struct zip_directory *ret, bool *ret_found,
				     struct assay_error *err)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(128 * KiB);
	size_t tail = (size_t)MIN(z->size, END_BYTES + COMMENT_MAX), got, tries = 0;
	uint64_t at = z->size - tail;
	const uint8_t *p;
	enum assay_status st = zip_look(z, at, tail, &scratch, &p, &got, err);

	*ret_found = false;
	if (st != ASSAY_OK || got < END_BYTES)
		return st;
	for (size_t i = got - END_BYTES + 1; i-- > 0 && tries < END_TRIES;) {
		if (p[i] != 'P' || !zip_has_sig(p + i, sig_end))
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
void zip_read_extra64(const uint8_t *p, size_t len, struct zip_member *m, uint32_t *disk)
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
enum assay_status zip_send_extra(struct zip *z, uint64_t off, const uint8_t *p, size_t len,
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

enum assay_status zip_send_text(struct zip *z, enum assay_region region, uint64_t off,
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
struct zip_member *zip_add_member(struct zip *z, enum assay_status *ret_st, struct assay_error *err)
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

void zip_lose(struct zip_member *m, enum assay_reason reason, const char *detail)
{
	if (m->lost == ASSAY_REASON_NONE) {
		m->lost = reason;
		m->lost_detail = detail;
	}
}

/* What the flags and the method alone forbid. */
void zip_judge(struct zip_member *m)
{
	const struct method *method = method_find(m->method);

	if (m->flags & (ZIP_FLAG_ENCRYPTED | ZIP_FLAG_MASKED) || m->method == 99)
		zip_lose(m, ASSAY_ENCRYPTED, "zip member");
	else if (!method || !method->can)
		zip_lose(m, ASSAY_UNSUPPORTED_TYPE, "zip compression method");
}

/* One entry at p; *ret_len bytes long. */
static enum assay_status read_entry(struct zip *z, const struct zip_directory *d, const uint8_t *p,
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
	m = zip_add_member(z, &st, err);
	if (!m)
		return st;
	m->name = (const char *)p + CENTRAL_BYTES;
	m->name_len = name_len;
	m->flags = le16(p + 8);
	m->method = le16(p + 10);
	m->packed = le32(p + 20);
	m->size = le32(p + 24);
	m->local = le32(p + 42);
	zip_read_extra64(extra, extra_len, m, &disk);
	zip_judge(m);
	if (disk != d->disk)
		zip_lose(m, ASSAY_MALFORMED, "zip member on another volume");
	if (m->local > z->size || d->shift > z->size - m->local) {
		zip_lose(m, ASSAY_MALFORMED, "zip member outside of the file");
		m->local = z->size;
	} else {
		m->local += d->shift;
	}
	off += CENTRAL_BYTES + name_len;
	st = zip_send_extra(z, off, extra, extra_len, err);
	return st == ASSAY_OK ? zip_send_text(z, ASSAY_COMMENT, off + extra_len, extra + extra_len,
					      comment_len, err)
			      : st;
}

static enum assay_status read_directory(struct zip *z, const struct zip_directory *d,
					struct assay_error *err)
{
	size_t len = (size_t)MIN(d->bytes, ZIP_DIRECTORY_MAX), at = 0, entry = 0, entries = 0;
	enum assay_status st = zip_look(z, d->at, len, &z->dir_own, &z->dir, &z->dir_len, err);

	while (st == ASSAY_OK && z->dir_len - at >= CENTRAL_BYTES &&
	       zip_has_sig(z->dir + at, sig_central)) {
		st = read_entry(z, d, z->dir + at, z->dir_len - at, d->at + at, &entry, err);
		if (!entry)
			break;
		at += entry;
		entries++;
	}
	if (st == ASSAY_OK)
		st = zip_cover(z, d->at, d->at + at, err);
	/* Before zip64 some writers let the count wrap. */
	if (st == ASSAY_OK && (entries & 0xffff) != (d->count & 0xffff))
		st = sink_gap(z->sink, ASSAY_MALFORMED, "zip directory shorter than it says", err);
	return st;
}

enum assay_status zip_read_structure(struct zip *z, const struct zip_directory *d,
				     struct assay_error *err)
{
	CLEANUP(buf_done) struct buf scratch = BUF_INIT(128 * KiB);
	const uint8_t *comment;
	size_t got;
	enum assay_status st = read_directory(z, d, err);

	if (st == ASSAY_OK && d->end64)
		st = zip_cover(z, d->end64, d->end64 + END64_BYTES, err);
	if (st == ASSAY_OK && d->locator)
		st = zip_cover(z, d->locator, d->locator + LOCATOR_BYTES, err);
	if (st == ASSAY_OK)
		st = zip_cover(z, d->end, d->end + END_BYTES + d->comment_len, err);
	if (st == ASSAY_OK)
		st = zip_look(z, d->end + END_BYTES, d->comment_len, &scratch, &comment, &got, err);
	if (st != ASSAY_OK)
		return st;
	return zip_send_text(z, ASSAY_COMMENT, d->end + END_BYTES, comment, got, err);
}
