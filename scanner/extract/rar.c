/*
 * rar.c - the headers of rar archives
 *
 * libarchive skips the record of rar 5 that says a member is encrypted, and gives what a key
 * would have to make text of for the text itself.  And it stops at the mark of the end.
 */
#include "rar.h"

#include "le.h"

#define SIGNATURE_BYTES 8
#define SUM_BYTES 4
#define LOOK 64 /* more than the fields in front of the name */
#define EXTRA_MAX 1024
#define VINT_MAX 10
/* A walk this long ends at no member. */
#define WALK_MAX 1000000

#define KIND_FILE 2
#define KIND_END 5
#define FLAG_EXTRA 1
#define FLAG_DATA 2
#define RECORD_CRYPT 1

struct cursor {
	const uint8_t *p;
	size_t len;
	size_t at;
	bool bad;
};

static uint64_t take_vint(struct cursor *c)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < VINT_MAX && c->at < c->len; i++) {
		uint8_t b = c->p[c->at++];

		v |= (uint64_t)(b & 0x7f) << (7 * i);
		if (!(b & 0x80))
			return v;
	}
	c->bad = true;
	return 0;
}

struct head {
	uint64_t kind;
	uint64_t extra; /* bytes of records at the end of the header */
	uint64_t end;   /* offset behind the header */
	uint64_t next;  /* ... and behind its data */
};

static bool read_head(struct rar5 *r, struct head *ret)
{
	uint8_t bytes[LOOK];
	struct cursor c = { .p = bytes };
	uint64_t size, flags, data;

	if (input_pread(r->in, r->at, bytes, sizeof(bytes), &c.len, NULL) != ASSAY_OK ||
	    c.len <= SUM_BYTES)
		return false;
	c.at = SUM_BYTES;
	size = take_vint(&c);
	ret->end = r->at + c.at + size;
	ret->kind = take_vint(&c);
	flags = take_vint(&c);
	ret->extra = flags & FLAG_EXTRA ? take_vint(&c) : 0;
	data = flags & FLAG_DATA ? take_vint(&c) : 0;
	ret->next = ret->end + data;
	return !c.bad && ret->end > r->at && ret->next >= ret->end && ret->end <= r->in->size &&
	       ret->extra <= size;
}

static bool has_crypt(struct rar5 *r, const struct head *h)
{
	uint8_t bytes[EXTRA_MAX];
	struct cursor c = { .p = bytes };
	size_t want = (size_t)MIN(h->extra, EXTRA_MAX);

	if (!want || input_pread(r->in, h->end - h->extra, bytes, want, &c.len, NULL) != ASSAY_OK)
		return false;
	while (c.at < c.len && !c.bad) {
		uint64_t size = take_vint(&c);
		size_t from = c.at;

		if (take_vint(&c) == RECORD_CRYPT && !c.bad)
			return true;
		if (size > c.len - from)
			break;
		c.at = from + (size_t)size;
	}
	return false;
}

/* On to behind the next header of a kind; false: there is none. */
static bool walk_to(struct rar5 *r, uint64_t kind, struct head *ret)
{
	if (!r->at)
		r->at = SIGNATURE_BYTES;
	while (r->at < r->in->size && r->walked++ < WALK_MAX && read_head(r, ret)) {
		r->at = ret->next;
		if (ret->kind == kind)
			return true;
	}
	r->at = r->in->size;
	return false;
}

bool rar5_next_is_locked(struct rar5 *r)
{
	struct head h;

	return walk_to(r, KIND_FILE, &h) && has_crypt(r, &h);
}

uint64_t rar5_end(struct input *in)
{
	struct rar5 r = { .in = in };
	struct head h;

	return walk_to(&r, KIND_END, &h) ? h.end : 0;
}

#define RAR4_HEAD 7
#define RAR4_LONG_HEAD 40
#define RAR4_FILE 0x74
#define RAR4_PART 0x7a
#define RAR4_END 0x7b
#define RAR4_LARGE 0x0100
#define RAR4_DATA 0x8000

uint64_t rar4_end(struct input *in)
{
	uint8_t p[RAR4_LONG_HEAD];
	uint64_t at = RAR4_HEAD;
	size_t got;

	for (unsigned walked = 0; walked < WALK_MAX && at < in->size; walked++) {
		unsigned flags;
		uint64_t next;

		if (input_pread(in, at, p, sizeof(p), &got, NULL) != ASSAY_OK || got < RAR4_HEAD ||
		    le16(p + 5) < RAR4_HEAD)
			return 0;
		flags = le16(p + 3);
		next = at + le16(p + 5);
		if (p[2] == RAR4_END)
			return next;
		if (flags & RAR4_DATA && got >= RAR4_HEAD + 4)
			next += le32(p + 7);
		if (flags & RAR4_LARGE && (p[2] == RAR4_FILE || p[2] == RAR4_PART) &&
		    got >= RAR4_LONG_HEAD - 4)
			next += (uint64_t)le32(p + 32) << 32;
		if (next <= at)
			return 0;
		at = next;
	}
	return 0;
}
