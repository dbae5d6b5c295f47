/**
 * make_cfb.h - compound files made to order, for tests
 *
 *   struct make_cfb c = MAKE_CFB_INIT;
 *   make_stream(&c, 0, "Workbook", data, len);          in the root
 *   inner = make_storage(&c, 0, "ObjectPool");
 *   make_cfb_end(&c);
 *   c.out.data, c.out.len
 *
 * Streams are copied.  Sectors of 512 bytes; streams under 4 KiB are in the mini stream.
 */
#ifndef MAKE_CFB_H
#define MAKE_CFB_H

#include "buf.h"

#define MAKE_CFB_ENTRIES 200
#define MAKE_FREE 0xFFFFFFFFu
#define MAKE_END 0xFFFFFFFEu

struct make_cfb_entry {
	const char *name;
	unsigned parent, type;
	unsigned child, next; /* 0: none */
	struct buf data;
	uint32_t start;
};

struct make_cfb {
	struct make_cfb_entry entries[MAKE_CFB_ENTRIES];
	unsigned len;
	struct buf out; /* the file */
	struct buf body, mini, minifat;
	uint32_t *fat;
	uint32_t sectors;
};

#define MAKE_CFB_INIT \
	{ \
		.entries = { { .name = "Root Entry", .type = 5 } }, .len = 1, \
		.out = BUF_INIT(64 * MiB), .body = BUF_INIT(64 * MiB), .mini = BUF_INIT(1 * MiB), \
		.minifat = BUF_INIT(1 * MiB), \
	}

static inline void make_put(struct buf *b, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_byte(b, (char)(v >> (8 * i)));
}

static inline void make_pad(struct buf *b, size_t to)
{
	while (b->len % to)
		buf_add_byte(b, 0);
}

/* ASCII as UTF-16. */
static inline void make_wide(struct buf *b, const char *text)
{
	for (; *text; text++)
		make_put(b, (unsigned char)*text, 2);
}

static inline unsigned make_entry_of(struct make_cfb *c, unsigned parent, const char *name,
				     unsigned type)
{
	struct make_cfb_entry *e = &c->entries[c->len];

	*e = (struct make_cfb_entry){ .name = name,
				      .parent = parent,
				      .type = type,
				      .next = c->entries[parent].child,
				      .data = BUF_INIT(32 * MiB) };
	c->entries[parent].child = c->len;
	return c->len++;
}

static inline unsigned make_storage(struct make_cfb *c, unsigned parent, const char *name)
{
	return make_entry_of(c, parent, name, 1);
}

static inline unsigned make_stream(struct make_cfb *c, unsigned parent, const char *name,
				   const void *data, size_t len)
{
	unsigned e = make_entry_of(c, parent, name, 2);

	buf_add(&c->entries[e].data, data, len);
	return e;
}

/* Sectors for these bytes.  @return  the first */
static inline uint32_t make_sectors(struct make_cfb *c, const void *data, size_t len)
{
	uint32_t first = c->sectors, count = (uint32_t)((len + 511) / 512);

	if (!count)
		return MAKE_END;
	buf_add(&c->body, data, len);
	make_pad(&c->body, 512);
	c->fat = realloc(c->fat, (c->sectors + count) * sizeof(*c->fat));
	for (uint32_t i = 0; i < count; i++)
		c->fat[c->sectors + i] = i + 1 < count ? c->sectors + i + 1 : MAKE_END;
	c->sectors += count;
	return first;
}

static inline void make_dir_entry(struct buf *b, const struct make_cfb_entry *e, size_t size)
{
	size_t from = b->len;

	make_wide(b, e->name);
	while (b->len - from < 64)
		buf_add_byte(b, 0);
	make_put(b, 2 * strlen(e->name) + 2, 2);
	make_put(b, e->type, 1);
	make_put(b, 1, 1);
	make_put(b, MAKE_FREE, 4);
	make_put(b, e->next ? e->next : MAKE_FREE, 4);
	make_put(b, e->child ? e->child : MAKE_FREE, 4);
	for (int i = 0; i < 36; i++)
		buf_add_byte(b, 0);
	make_put(b, e->start, 4);
	make_put(b, size, 8);
}

static inline void make_streams(struct make_cfb *c)
{
	for (unsigned i = 1; i < c->len; i++) {
		struct make_cfb_entry *e = &c->entries[i];
		uint32_t count = (uint32_t)((e->data.len + 63) / 64), first;

		if (e->data.len >= 4096 || !e->data.len) {
			e->start = make_sectors(c, e->data.data, e->data.len);
			continue;
		}
		e->start = first = (uint32_t)(c->mini.len / 64);
		buf_add(&c->mini, e->data.data, e->data.len);
		make_pad(&c->mini, 64);
		for (uint32_t k = 0; k < count; k++)
			make_put(&c->minifat, k + 1 < count ? first + k + 1 : MAKE_END, 4);
	}
}

static inline void make_cfb_end(struct make_cfb *c)
{
	struct buf dir = BUF_INIT(1 * MiB), fat = BUF_INIT(16 * MiB), difat = BUF_INIT(1 * MiB);
	uint32_t minifat, dir_at, fat_count, fat_at, difat_count = 0, difat_at;

	make_streams(c);
	c->entries[0].start = make_sectors(c, c->mini.data, c->mini.len);
	minifat = make_sectors(c, c->minifat.data, c->minifat.len);
	for (unsigned i = 0; i < c->len; i++)
		make_dir_entry(&dir, &c->entries[i], i ? c->entries[i].data.len : c->mini.len);
	dir_at = make_sectors(c, dir.data, dir.len);
	fat_count = (c->sectors + 127) / 128 + 1;
	while (fat_count > 109 + difat_count * 127)
		difat_count++;
	/* Room for the tables of sectors themselves. */
	fat_count = (c->sectors + fat_count + difat_count + 127) / 128 + 1;
	fat_at = c->sectors;
	difat_at = fat_at + fat_count;
	for (uint32_t i = 0; i < fat_count * 128; i++)
		make_put(&fat, i < c->sectors ? c->fat[i] : MAKE_FREE, 4);
	for (uint32_t i = 109; i < fat_count; i++) {
		make_put(&difat, fat_at + i, 4);
		if ((i - 109) % 127 == 126)
			make_put(&difat, difat_at + (i - 109) / 127 + 1, 4);
	}
	while (difat.len % 512)
		make_put(&difat, MAKE_FREE, 4);
	buf_add(&c->out, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
	for (int i = 0; i < 16; i++)
		buf_add_byte(&c->out, 0);
	make_put(&c->out, 0x3E, 2);
	make_put(&c->out, 3, 2);
	make_put(&c->out, 0xFFFE, 2);
	make_put(&c->out, 9, 2);
	make_put(&c->out, 6, 2);
	make_put(&c->out, 0, 6);
	make_put(&c->out, 0, 4);
	make_put(&c->out, fat_count, 4);
	make_put(&c->out, dir_at, 4);
	make_put(&c->out, 0, 4);
	make_put(&c->out, 4096, 4);
	make_put(&c->out, minifat, 4);
	make_put(&c->out, 1, 4);
	make_put(&c->out, difat.len ? difat_at : MAKE_END, 4);
	make_put(&c->out, difat.len / 512, 4);
	for (uint32_t i = 0; i < 109; i++)
		make_put(&c->out, i < fat_count ? fat_at + i : MAKE_FREE, 4);
	buf_add(&c->out, c->body.data, c->body.len);
	buf_add(&c->out, fat.data, fat.len);
	if (difat.len)
		buf_add(&c->out, difat.data, difat.len);
	buf_done(&dir);
	buf_done(&fat);
	buf_done(&difat);
}

static inline void make_cfb_done(struct make_cfb *c)
{
	for (unsigned i = 0; i < c->len; i++)
		buf_done(&c->entries[i].data);
	buf_done(&c->out);
	buf_done(&c->body);
	buf_done(&c->mini);
	buf_done(&c->minifat);
	free(c->fat);
}

#endif
