/*
 * rar5.c - the headers of a rar 5 archive
 *
 * libarchive skips the record that says a member is encrypted, and gives what a key would
 * have to make text of for the text itself.  So the headers are looked at here, too.
 */
#include "rar5.h"

#define SIGNATURE_BYTES 8
#define SUM_BYTES 4
#define LOOK 64 /* more than the fields in front of the name */
#define EXTRA_MAX 1024
#define VINT_MAX 10
/* A walk this long ends at no member. */
#define WALK_MAX 1000000

#define KIND_FILE 2
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

bool rar5_next_is_locked(struct rar5 *r)
{
	if (!r->at)
		r->at = SIGNATURE_BYTES;
	while (r->at < r->in->size && r->walked++ < WALK_MAX) {
		struct head h;

		if (!read_head(r, &h))
			break;
		r->at = h.next;
		if (h.kind == KIND_FILE)
			return has_crypt(r, &h);
	}
	r->at = r->in->size;
	return false;
}
