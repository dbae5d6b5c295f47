/* zip_place.c - where the members of a zip lie: overlaps, and what no member covers */
#include "fail.h"
#include "slack.h"
#include "zip_parts.h"

/* How often the file's size may be spent on looking for the end of members of unknown
 * size; then the next signature is believed. */
#define SEARCHES_MAX 8
#define STRUCTURE SIZE_MAX

static const char sig_local[] = "PK\3\4", sig_descriptor[] = "PK\7\x8";

/* Bytes of data descriptor at `p`, 0 if what stands there is none. */
static size_t descriptor_bytes(const uint8_t *p, size_t len, uint64_t packed)
{
	size_t sig = len >= 4 && zip_has_sig(p, sig_descriptor) ? 4 : 0;

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
		enum assay_status st = zip_look(z, from, step, &scratch, &p, &got, err);

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
		st = zip_look(z, at - back, back + 24, &scratch, &p, &got, err);
		if (st != ASSAY_OK)
			return st;
		/* With a signature: here.  Without: just before what follows. */
		n = at < to && zip_has_sig(p + back, sig_descriptor)
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
	const char *name = (const char *)p + ZIP_LOCAL_BYTES;
	enum assay_status st = ASSAY_OK;

	m->data = m->local + ZIP_LOCAL_BYTES + name_len + extra_len;
	if (m->name_len != name_len || memcmp(m->name, name, name_len) != 0)
		st = zip_send_text(z, ASSAY_NAME, m->local + ZIP_LOCAL_BYTES, name, name_len, err);
	if (st != ASSAY_OK)
		return st;
	return zip_send_extra(z, m->local + ZIP_LOCAL_BYTES + name_len,
			      p + ZIP_LOCAL_BYTES + name_len, extra_len, err);
}

/* Look at the local header of a member of the directory. */
enum assay_status zip_locate(struct zip *z, struct zip_member *m, struct buf *scratch,
			     struct assay_error *err)
{
	const uint8_t *p;
	size_t got, len = ZIP_LOCAL_BYTES + m->name_len + 256, need;
	enum assay_status st = zip_look(z, m->local, len, scratch, &p, &got, err);

	if (st != ASSAY_OK)
		return st;
	if (got < ZIP_LOCAL_BYTES || !zip_has_sig(p, sig_local)) {
		zip_lose(m, ASSAY_MALFORMED, "zip member without a header");
		return ASSAY_OK;
	}
	need = ZIP_LOCAL_BYTES + le16(p + 26) + le16(p + 28);
	if (need > got) {
		st = zip_look(z, m->local, need, scratch, &p, &got, err);
		if (st != ASSAY_OK)
			return st;
	}
	if (got < need || m->packed > z->size - m->local - need) {
		zip_lose(m, ASSAY_MALFORMED, "zip member cut short");
		return ASSAY_OK;
	}
	st = read_local(z, m, p, err);
	if (st != ASSAY_OK)
		return st;
	m->end = m->data + m->packed;
	if (m->flags & ZIP_FLAG_DESCRIPTOR) {
		st = zip_look(z, m->end, 24, scratch, &p, &got, err);
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

int zip_by_from(const void *a, const void *b)
{
	const struct zip_range *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

/*
 * Give each byte to one member at most.  Whoever begins first has it; a member that
 * reaches into the directory has nothing.
 */
enum assay_status zip_settle_claims(struct zip *z, struct assay_error *err)
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
		st = zip_cover(z, c->from, c->to, err);
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
	enum assay_status st = zip_look(z, at, ZIP_LOCAL_BYTES, scratch, &p, &got, err);

	*ret_end = 0;
	if (st != ASSAY_OK || got < ZIP_LOCAL_BYTES || !le16(p + 26) || !zip_is_method(le16(p + 8)))
		return st;
	need = ZIP_LOCAL_BYTES + le16(p + 26) + le16(p + 28);
	if (need > to - at)
		return ASSAY_OK;
	st = zip_look(z, at, need, scratch, &p, &got, err);
	if (st != ASSAY_OK || got < need)
		return st;
	m = zip_add_member(z, &st, err);
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
	m->name = memcpy(m->own_name, p + ZIP_LOCAL_BYTES, m->name_len);
	zip_read_extra64(p + ZIP_LOCAL_BYTES + m->name_len, need - ZIP_LOCAL_BYTES - m->name_len, m,
			 &disk);
	zip_judge(m);
	st = read_local(z, m, p, err);
	if (st != ASSAY_OK)
		return st;
	if (m->flags & ZIP_FLAG_DESCRIPTOR && !m->packed) {
		m->size = INPUT_SIZE_UNKNOWN;
		st = find_descriptor(z, m, to, err);
	} else if (m->packed > to - m->data) {
		m->packed = to - m->data;
		m->end = to;
		st = sink_gap(z->sink, ASSAY_MALFORMED, "zip member cut short", err);
	} else {
		m->end = m->data + m->packed;
		if (m->flags & ZIP_FLAG_DESCRIPTOR) {
			st = zip_look(z, m->end, (size_t)MIN(24, to - m->end), scratch, &p, &got,
				      err);
			if (st == ASSAY_OK)
				m->end += descriptor_bytes(p, got, m->packed);
		}
	}
	*ret_end = m->end;
	return st;
}

/* Members in a range that the directory is silent about; the rest is slack. */
enum assay_status zip_walk(struct zip *z, uint64_t from, uint64_t to, struct assay_error *err)
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

enum assay_status zip_walk_uncovered(struct zip *z, struct assay_error *err)
{
	uint64_t at = 0;
	enum assay_status st = ASSAY_OK;

	if (z->covered.len)
		qsort(z->covered.items, z->covered.len, sizeof(*z->covered.items), zip_by_from);
	for (size_t i = 0; i < z->covered.len && st == ASSAY_OK; i++) {
		const struct zip_range *r = &z->covered.items[i];

		if (r->from > at)
			st = zip_walk(z, at, r->from, err);
		at = MAX(at, r->to);
	}
	return st == ASSAY_OK ? zip_walk(z, at, z->size, err) : st;
}
