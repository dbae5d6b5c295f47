/* cfb.c - reading compound files: the storages and streams of the older Office */
#include "cfb.h"

#include "decode.h"
#include "fail.h"

/* A smaller file is read at once. */
#define WHOLE_MAX (16 * MiB)
#define HEADER_BYTES 512
#define HEADER_DIFAT 109
#define MINI_SHIFT 6
#define MINI_CUTOFF 4096
#define ENTRY_BYTES 128
#define ENTRIES_MAX 200000
#define DIR_MAX (ENTRIES_MAX * ENTRY_BYTES)
#define PATH_DEPTH 16

static enum assay_status damage(struct cfb *c, const char *what, struct assay_error *err)
{
	if (c->told_damage)
		return ASSAY_OK;
	c->told_damage = true;
	return sink_gap(c->sink, ASSAY_MALFORMED, what, err);
}

/* Bytes of the file; *ret_got less at its end. */
static enum assay_status file_read(struct cfb *c, uint64_t off, void *data, size_t len,
				   size_t *ret_got, struct assay_error *err)
{
	*ret_got = 0;
	if (off >= c->size)
		return ASSAY_OK;
	len = (size_t)MIN(len, c->size - off);
	if (!c->mem)
		return input_pread(c->in, off, data, len, ret_got, err);
	memcpy(data, c->mem + off, len);
	*ret_got = len;
	return ASSAY_OK;
}

/* --- streams ----------------------------------------------------------------------------- */

/* Walk a chain for `want` sectors at most.  @return  false: no memory */
static bool walk(struct cfb_stream *s, const uint32_t *table, uint32_t len, uint32_t sector,
		 uint32_t want)
{
	uint32_t mark = len, mark_until = 0;

	for (uint32_t at = 0; at < want && sector < len; at++, sector = table[sector]) {
		struct cfb_extent *last =
		    s->extents.len ? &s->extents.items[s->extents.len - 1] : NULL;

		/* Brent: a loop comes by the sector that is marked, moved on ever more rarely. */
		if (sector == mark) {
			s->loops = true;
			break;
		}
		if (at == mark_until) {
			mark = sector;
			mark_until = 2 * at + 1;
		}
		if (last && last->first + last->count == sector) {
			last->count++;
			continue;
		}
		last = vec_push(&s->extents);
		if (!last)
			return false;
		*last = (struct cfb_extent){ at, sector, 1 };
	}
	return true;
}

static uint64_t extents_bytes(const struct cfb_stream *s)
{
	const struct cfb_extent *last =
	    s->extents.len ? &s->extents.items[s->extents.len - 1] : NULL;

	return last ? ((uint64_t)last->at + last->count) << s->shift : 0;
}

/* Of a chain in the FAT, `size` bytes if they are there. */
static enum assay_status open_chain(struct cfb *c, struct cfb_stream *s, uint32_t start,
				    uint64_t size, bool mini, struct assay_error *err)
{
	const uint32_t *table = mini ? c->minifat : c->fat;
	uint32_t len = mini ? c->minifat_len : c->fat_len;

	*s = (struct cfb_stream){ .cfb = c,
				  .extents = VEC_INIT((size_t)len + 1),
				  .shift = mini ? MINI_SHIFT : c->shift,
				  .mini = mini };
	size = MIN(size, (uint64_t)len << s->shift);
	if (!walk(s, table, len, start, (uint32_t)((size + (1u << s->shift) - 1) >> s->shift)))
		return assay_fail_memory(err, "compound file");
	s->size = MIN(size, extents_bytes(s));
	return ASSAY_OK;
}

void cfb_stream_done(struct cfb_stream *s)
{
	vec_done(&s->extents);
}

static const struct cfb_extent *extent_of(const struct cfb_stream *s, uint64_t sector)
{
	size_t from = 0, to = s->extents.len;

	while (to - from > 1) {
		size_t mid = (from + to) / 2;

		if (s->extents.items[mid].at <= sector)
			from = mid;
		else
			to = mid;
	}
	return &s->extents.items[from];
}

/* What lies in one piece at `off`; the mini stream is itself in pieces. */
static enum assay_status read_piece(struct cfb_stream *s, uint64_t off, void *data, size_t len,
				    size_t *ret_got, struct assay_error *err)
{
	const struct cfb_extent *e = extent_of(s, off >> s->shift);
	uint64_t in_extent = off - ((uint64_t)e->at << s->shift);
	uint64_t place = ((uint64_t)e->first << s->shift) + in_extent;

	len = (size_t)MIN(len, ((uint64_t)e->count << s->shift) - in_extent);
	if (!s->mini)
		return file_read(s->cfb, place + (UINT64_C(1) << s->shift), data, len, ret_got,
				 err);
	*ret_got = 0;
	s = &s->cfb->mini;
	if (place >= s->size)
		return ASSAY_OK;
	return read_piece(s, place, data, (size_t)MIN(len, s->size - place), ret_got, err);
}

enum assay_status cfb_stream_read(void *stream, void *data, size_t cap, size_t *ret_got,
				  struct assay_error *err)
{
	struct cfb_stream *s = stream;
	enum assay_status st = ASSAY_OK;
	size_t got;

	*ret_got = 0;
	while (st == ASSAY_OK && *ret_got < cap && s->next < s->size) {
		st = read_piece(s, s->next, (char *)data + *ret_got,
				(size_t)MIN(cap - *ret_got, s->size - s->next), &got, err);
		if (!got)
			break; /* the file ends within the chain */
		s->next += got;
		*ret_got += got;
	}
	return st;
}

enum assay_status cfb_stream_open(struct cfb *c, uint32_t entry, struct cfb_stream *s,
				  struct assay_error *err)
{
	const struct cfb_entry *e = &c->entries.items[entry];
	enum assay_status st = open_chain(c, s, e->start, e->size, e->size < MINI_CUTOFF, err);

	if (st == ASSAY_OK && (s->loops || s->size < e->size))
		st = damage(
		    c, s->loops ? "a stream's sectors go round in a circle" : "a stream breaks off",
		    err);
	if (st != ASSAY_OK)
		return st;
	/* Honest streams share no sectors, so all of them are no more than the file. */
	c->opened += s->size;
	if (c->opened <= 3 * c->size + 1 * MiB)
		return ASSAY_OK;
	s->size = 0;
	if (c->told_overlap)
		return ASSAY_OK;
	c->told_overlap = true;
	return sink_gap(c->sink, ASSAY_LIMIT_OVERLAP, "streams share the same bytes", err);
}

/* @return  ASSAY_OK with what fits in `out` */
static enum assay_status slurp(struct cfb_stream *s, struct buf *out, struct assay_error *err)
{
	size_t want = (size_t)MIN(s->size, out->limit > out->len ? out->limit - out->len : 0), got;
	char *room = want ? buf_reserve(out, want) : NULL;
	enum assay_status st;

	if (!room)
		return want ? assay_fail_memory(err, "compound file") : ASSAY_OK;
	st = cfb_stream_read(s, room, want, &got, err);
	out->len += got;
	return st;
}

enum assay_status cfb_load(struct cfb *c, uint32_t entry, struct buf *out, struct assay_error *err)
{
	CLEANUP(cfb_stream_done) struct cfb_stream s;
	enum assay_status st = cfb_stream_open(c, entry, &s, err);

	buf_clear(out);
	c->entries.items[entry].done = true;
	if (st == ASSAY_OK)
		st = slurp(&s, out, err);
	if (st == ASSAY_OK && s.size > out->len && out->len == out->limit)
		st = sink_gap(c->sink, ASSAY_LIMIT_MEMORY, "a large stream, to its end", err);
	return st;
}

/* --- opening ----------------------------------------------------------------------------- */

/* One sector of sector numbers, at `at` of the table. */
static enum assay_status take_fat_sector(struct cfb *c, uint32_t sector, uint32_t at,
					 struct assay_error *err)
{
	uint8_t raw[4096];
	size_t bytes = (size_t)1 << c->shift, got = 0;
	enum assay_status st = ASSAY_OK;

	if (sector < c->sectors)
		st = file_read(c, ((uint64_t)sector + 1) << c->shift, raw, bytes, &got, err);
	for (size_t i = 0; i < bytes / 4; i++)
		c->fat[at + i] = 4 * i + 4 <= got ? le32_at(raw + 4 * i) : CFB_NONE;
	return st;
}

static enum assay_status read_fat(struct cfb *c, const uint8_t *head, struct assay_error *err)
{
	uint32_t per = (uint32_t)1 << (c->shift - 2), count = le32_at(head + 44), k = 0;
	uint32_t difat = le32_at(head + 68);
	uint8_t raw[4096];
	size_t got;
	enum assay_status st = ASSAY_OK;

	/* As many as the file has sectors for, whatever it says. */
	count = MIN(count, c->sectors / per + 1);
	c->fat = malloc(((size_t)count * per + 1) * sizeof(*c->fat));
	if (!c->fat)
		return assay_fail_memory(err, "compound file");
	for (; k < count && k < HEADER_DIFAT && st == ASSAY_OK; k++)
		st = take_fat_sector(c, le32_at(head + 76 + 4 * k), k * per, err);
	/* Each step takes sectors off the count, so a loop ends. */
	while (k < count && difat < c->sectors && st == ASSAY_OK) {
		st = file_read(c, ((uint64_t)difat + 1) << c->shift, raw, (size_t)1 << c->shift,
			       &got, err);
		if (st != ASSAY_OK || got < (size_t)1 << c->shift)
			break;
		for (uint32_t i = 0; i + 1 < per && k < count && st == ASSAY_OK; i++, k++)
			st = take_fat_sector(c, le32_at(raw + 4 * i), k * per, err);
		difat = le32_at(raw + 4 * (per - 1));
	}
	c->fat_len = MIN(k * per, c->sectors);
	if (st == ASSAY_OK && k < count)
		st = damage(c, "the list of sectors breaks off", err);
	return st;
}

/* A chain of unknown length, of sectors that are not in it yet. */
static enum assay_status load_chain(struct cfb *c, uint32_t start, struct buf *out,
				    struct assay_error *err)
{
	CLEANUP(cfb_stream_done)
	struct cfb_stream s = { .cfb = c, .extents = VEC_INIT(c->sectors + 1), .shift = c->shift };
	CLEANUP(mem_freep) uint8_t *seen = calloc(1, c->sectors / 8 + 1);
	uint32_t len = 0;

	if (!seen)
		return assay_fail_memory(err, "compound file");
	for (uint32_t at = start; at < c->fat_len && !(seen[at / 8] >> (at % 8) & 1);
	     at = c->fat[at], len++)
		seen[at / 8] |= (uint8_t)(1 << (at % 8));
	if (!walk(&s, c->fat, c->fat_len, start, len))
		return assay_fail_memory(err, "compound file");
	s.size = extents_bytes(&s);
	return slurp(&s, out, err);
}

static enum assay_status read_minifat(struct cfb *c, const uint8_t *head, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf raw = BUF_INIT(c->size + 1);
	const struct cfb_entry *root = &c->entries.items[0];
	enum assay_status st = load_chain(c, le32_at(head + 60), &raw, err);

	if (st == ASSAY_OK)
		st = open_chain(c, &c->mini, root->start, root->size, false, err);
	if (st != ASSAY_OK)
		return st;
	c->minifat = malloc(raw.len + 4);
	if (!c->minifat)
		return assay_fail_memory(err, "compound file");
	c->minifat_len = (uint32_t)(raw.len / 4);
	for (uint32_t i = 0; i < c->minifat_len; i++)
		c->minifat[i] = le32_at(raw.data + 4 * (size_t)i);
	return ASSAY_OK;
}

static const uint8_t *raw_entry(const struct cfb *c, uint32_t entry)
{
	return (const uint8_t *)c->dir.data + (size_t)entry * ENTRY_BYTES;
}

static enum assay_status read_entries(struct cfb *c, bool wide, struct assay_error *err)
{
	for (size_t at = 0; at + ENTRY_BYTES <= c->dir.len; at += ENTRY_BYTES) {
		const uint8_t *raw = (const uint8_t *)c->dir.data + at;
		struct cfb_entry *e = vec_push(&c->entries);
		uint64_t size = le32_at(raw + 120);

		if (!e)
			return assay_fail_memory(err, "compound file");
		if (wide)
			size |= (uint64_t)le32_at(raw + 124) << 32;
		*e = (struct cfb_entry){ .parent = CFB_NONE,
					 .child = CFB_NONE,
					 .next = CFB_NONE,
					 .start = le32_at(raw + 116),
					 .size = MIN(size, c->size),
					 .type = raw[66] };
	}
	return c->entries.len ? ASSAY_OK
			      : assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED,
					   "a compound file without a directory");
}

/* Who is in which storage.  Each entry is met once. */
static enum assay_status make_tree(struct cfb *c, struct assay_error *err)
{
	struct todo {
		uint32_t entry, parent;
	};
	struct vec(struct todo) todo = VEC_INIT(3 * c->entries.len + 8);
	struct todo *slot = vec_push(&todo);
	bool full = !slot;

	c->entries.items[0].reached = true;
	if (slot)
		*slot = (struct todo){ le32_at(raw_entry(c, 0) + 76), 0 };
	while (todo.len && !full) {
		struct todo at = todo.items[--todo.len];
		const uint8_t *raw;
		struct cfb_entry *e;

		if (at.entry >= c->entries.len || c->entries.items[at.entry].reached)
			continue;
		e = &c->entries.items[at.entry];
		raw = raw_entry(c, at.entry);
		e->reached = true;
		e->parent = at.parent;
		e->next = c->entries.items[at.parent].child;
		c->entries.items[at.parent].child = at.entry;
		for (unsigned i = 0; i < 3 && !full; i++) {
			bool down = i == 2;

			if (down && e->type != CFB_STORAGE)
				continue;
			slot = vec_push(&todo);
			full = !slot;
			if (slot)
				*slot = (struct todo){ le32_at(raw + 68 + 4 * i),
						       down ? at.entry : at.parent };
		}
	}
	vec_done(&todo);
	return full ? assay_fail_memory(err, "compound file") : ASSAY_OK;
}

static enum assay_status bring_in(struct cfb *c, struct assay_error *err)
{
	size_t got;
	enum assay_status st;

	if (c->in->mem) {
		c->mem = c->in->mem;
		return ASSAY_OK;
	}
	if (c->size > WHOLE_MAX)
		return ASSAY_OK;
	c->whole.limit = WHOLE_MAX + 1;
	if (!buf_reserve(&c->whole, (size_t)c->size + 1))
		return assay_fail_memory(err, "compound file");
	st = input_pread(c->in, 0, c->whole.data, (size_t)c->size, &got, err);
	c->mem = (const uint8_t *)c->whole.data;
	c->size = got;
	return st;
}

enum assay_status cfb_open(struct cfb *c, struct input *in, const struct extract_sink *sink,
			   struct assay_error *err)
{
	uint8_t head[HEADER_BYTES];
	size_t got;
	enum assay_status st;

	*c = (struct cfb){ .in = in,
			   .sink = sink,
			   .size = in->size,
			   .dir = BUF_INIT(DIR_MAX),
			   .entries = VEC_INIT(ENTRIES_MAX) };
	st = bring_in(c, err);
	if (st == ASSAY_OK)
		st = file_read(c, 0, head, sizeof(head), &got, err);
	if (st != ASSAY_OK)
		return st;
	c->shift = got == sizeof(head) ? le16_at(head + 30) : 0;
	if ((c->shift != 9 && c->shift != 12) ||
	    memcmp(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) != 0)
		return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED, "no compound file");
	c->sectors = (uint32_t)MIN(c->size >> c->shift, UINT32_MAX - 8);
	st = read_fat(c, head, err);
	if (st == ASSAY_OK)
		st = load_chain(c, le32_at(head + 48), &c->dir, err);
	if (st == ASSAY_OK)
		st = read_entries(c, c->shift == 12, err);
	if (st == ASSAY_OK && c->dir.len == DIR_MAX)
		st = sink_gap(sink, ASSAY_LIMIT_MEMBERS, "more streams were not read", err);
	if (st == ASSAY_OK)
		st = make_tree(c, err);
	return st == ASSAY_OK ? read_minifat(c, head, err) : st;
}

void cfb_done(struct cfb *c)
{
	free(c->fat);
	free(c->minifat);
	c->fat = c->minifat = NULL;
	cfb_stream_done(&c->mini);
	buf_done(&c->whole);
	buf_done(&c->dir);
	vec_done(&c->entries);
}

/* --- names ------------------------------------------------------------------------------ */

/* Bytes of UTF-16 without the NUL that ends it. */
static size_t name_bytes(const uint8_t *raw)
{
	size_t len = MIN(le16_at(raw + 64), 64);

	return len < 2 ? 0 : (len - 2) & ~(size_t)1;
}

size_t cfb_name(const struct cfb *c, uint32_t entry, char ret[CFB_NAME_MAX])
{
	const uint8_t *raw = raw_entry(c, entry);
	size_t took, len, kept = 0;
	bool ascii;

	len = utf16_to_utf8(raw, name_bytes(raw), false, ret, CFB_NAME_MAX - 1, &took, &ascii);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)ret[i] >= ' ')
			ret[kept++] = ret[i];
	ret[kept] = '\0';
	return kept;
}

void cfb_path(const struct cfb *c, uint32_t entry, char ret[CFB_PATH_MAX])
{
	uint32_t way[PATH_DEPTH];
	size_t depth = 0, at = 0;

	for (; entry && entry < c->entries.len && depth < PATH_DEPTH;
	     entry = c->entries.items[entry].parent)
		way[depth++] = entry;
	ret[0] = '\0';
	while (depth) {
		char name[CFB_NAME_MAX];
		size_t len = cfb_name(c, way[--depth], name);

		if (at + len + 2 > CFB_PATH_MAX)
			return;
		memcpy(ret + at, name, len);
		at += len;
		if (depth)
			ret[at++] = '/';
		ret[at] = '\0';
	}
}

bool cfb_is(const struct cfb *c, uint32_t entry, const char *name)
{
	const uint8_t *raw = raw_entry(c, entry);
	size_t len = strlen(name);

	if (name_bytes(raw) != 2 * len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (le16_at(raw + 2 * i) >= 0x80 || to_lower((char)raw[2 * i]) != to_lower(name[i]))
			return false;
	return true;
}

uint32_t cfb_find(const struct cfb *c, uint32_t storage, const char *name)
{
	uint32_t at = c->entries.items[storage].child;

	while (at != CFB_NONE && !cfb_is(c, at, name))
		at = c->entries.items[at].next;
	return at;
}
