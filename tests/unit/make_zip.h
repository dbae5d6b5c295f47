/**
 * make_zip.h - zip and tar files made to order, for tests: right ones and wrong ones
 *
 *   struct make_zip z = MAKE_ZIP_INIT;
 *   make_member(&z, &(struct make_entry){ .name = "a.txt", .text = "..." });
 *   make_end(&z, NULL);
 *   z.out.data, z.out.len
 */
#ifndef MAKE_ZIP_H
#define MAKE_ZIP_H

#include <libdeflate.h>
#include <stdio.h>

#include "buf.h"

struct make_entry {
	const char *name;
	const char *local_name; /* NULL: the same */
	const char *text;
	size_t len; /* 0: strlen(text) */
	bool deflate;
	bool descriptor;   /* sizes after the data */
	bool no_signature; /* of the descriptor */
	bool encrypted;
	bool no_central;       /* hidden from the directory */
	bool zip64;            /* sizes in the extra field of the directory */
	uint16_t method;       /* instead of what `deflate` says */
	uint32_t declare_size; /* a lie */
	uint32_t declare_packed;
	const char *trail; /* garbage after the packed data, counted as such */
	const char *comment;
	const char *extra; /* text of a field of unknown id */
};

struct make_zip {
	struct buf out;
	struct buf central;
	uint32_t entries;
	size_t last_local;
	size_t base; /* offsets count from here */
};

#define MAKE_ZIP_INIT \
	{ \
		.out = BUF_INIT(256 * MiB), .central = BUF_INIT(64 * MiB) \
	}

static inline void make_done(struct make_zip *z)
{
	buf_done(&z->out);
	buf_done(&z->central);
}

static inline void make_le(struct buf *b, uint64_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_byte(b, (char)(v >> (8 * i)));
}

static inline void make_central(struct make_zip *z, const struct make_entry *e, size_t local,
				uint32_t crc, size_t packed, size_t size)
{
	struct buf *c = &z->central;
	size_t comment = e->comment ? strlen(e->comment) : 0;
	int method = e->method ? e->method : e->deflate ? 8 : 0;

	buf_add(c, "PK\1\2", 4);
	make_le(c, 0x0314, 2);
	make_le(c, 20, 2);
	make_le(c, (uint64_t)(e->encrypted | (e->descriptor ? 8 : 0)), 2);
	make_le(c, (uint64_t)method, 2);
	make_le(c, 0, 4);
	make_le(c, crc, 4);
	make_le(c, e->zip64 ? UINT32_MAX : packed, 4);
	make_le(c, e->zip64 ? UINT32_MAX : size, 4);
	make_le(c, strlen(e->name), 2);
	make_le(c, e->zip64 ? 28 : 0, 2);
	make_le(c, comment, 2);
	make_le(c, 0, 8);
	make_le(c, e->zip64 ? UINT32_MAX : local - z->base, 4);
	buf_add_str(c, e->name);
	if (e->zip64) {
		make_le(c, 1, 2);
		make_le(c, 24, 2);
		make_le(c, size, 8);
		make_le(c, packed, 8);
		make_le(c, local - z->base, 8);
	}
	if (comment)
		buf_add_str(c, e->comment);
	z->entries++;
}

static inline void make_member(struct make_zip *z, const struct make_entry *e)
{
	size_t len = e->len ? e->len : strlen(e->text), packed = len;
	const char *name = e->local_name ? e->local_name : e->name;
	uint32_t crc = libdeflate_crc32(0, e->text, len);
	size_t extra = e->extra ? strlen(e->extra) : 0, size = len;
	const void *data = e->text;
	void *own = NULL;

	if (e->deflate) {
		struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
		size_t cap = libdeflate_deflate_compress_bound(c, len);

		data = own = malloc(cap);
		packed = libdeflate_deflate_compress(c, e->text, len, own, cap);
		libdeflate_free_compressor(c);
	}
	if (e->trail)
		packed += strlen(e->trail);
	if (e->declare_size)
		size = e->declare_size;
	z->last_local = z->out.len;
	buf_add(&z->out, "PK\3\4", 4);
	make_le(&z->out, 20, 2);
	make_le(&z->out, (uint64_t)(e->encrypted | (e->descriptor ? 8 : 0)), 2);
	make_le(&z->out, e->method ? e->method : e->deflate ? 8 : 0, 2);
	make_le(&z->out, 0, 4);
	make_le(&z->out, e->descriptor ? 0 : crc, 4);
	make_le(&z->out, e->descriptor ? 0 : e->declare_packed ? e->declare_packed : packed, 4);
	make_le(&z->out, e->descriptor ? 0 : size, 4);
	make_le(&z->out, strlen(name), 2);
	make_le(&z->out, extra ? extra + 4 : 0, 2);
	buf_add_str(&z->out, name);
	if (extra) {
		make_le(&z->out, 0x7a7a, 2);
		make_le(&z->out, extra, 2);
		buf_add_str(&z->out, e->extra);
	}
	buf_add(&z->out, data, packed - (e->trail ? strlen(e->trail) : 0));
	if (e->trail)
		buf_add_str(&z->out, e->trail);
	if (e->descriptor) {
		if (!e->no_signature)
			buf_add(&z->out, "PK\7\x8", 4);
		make_le(&z->out, crc, 4);
		make_le(&z->out, packed, 4);
		make_le(&z->out, size, 4);
	}
	if (!e->no_central)
		make_central(z, e, z->last_local, crc,
			     e->declare_packed ? e->declare_packed : packed, size);
	free(own);
}

static inline void make_end(struct make_zip *z, const char *comment)
{
	size_t at = z->out.len, len = comment ? strlen(comment) : 0;

	if (z->central.len)
		buf_add(&z->out, z->central.data, z->central.len);
	buf_add(&z->out, "PK\5\6", 4);
	make_le(&z->out, 0, 4);
	make_le(&z->out, z->entries, 2);
	make_le(&z->out, z->entries, 2);
	make_le(&z->out, z->central.len, 4);
	make_le(&z->out, at - z->base, 4);
	make_le(&z->out, len, 2);
	if (len)
		buf_add_str(&z->out, comment);
	/* A second zip may follow: its offsets count from its own start. */
	buf_clear(&z->central);
	z->entries = 0;
	z->base = z->out.len;
}

/** One ustar member; `size` may lie if `declared` is not 0. */
static inline void make_tar_member(struct buf *out, const char *name, const char *text, size_t len,
				   char type, uint64_t declared)
{
	char h[512] = { 0 };
	unsigned sum = 0;
	static const char zeros[512];

	snprintf(h, 100, "%s", name);
	memcpy(h + 100, "0000644", 8);
	memcpy(h + 108, "0000000", 8);
	memcpy(h + 116, "0000000", 8);
	snprintf(h + 124, 13, "%011llo",
		 (unsigned long long)(declared ? declared : len) & 077777777777);
	memcpy(h + 136, "00000000000", 12);
	memset(h + 148, ' ', 8);
	h[156] = type;
	if (type == '2' || type == '1')
		memcpy(h + 157, "link-target-name", 16);
	memcpy(h + 257, "ustar\00000", 8);
	for (int i = 0; i < 512; i++)
		sum += (unsigned char)h[i];
	snprintf(h + 148, 8, "%06o", sum);
	buf_add(out, h, sizeof(h));
	buf_add(out, text, len);
	if (len % 512)
		buf_add(out, zeros, 512 - len % 512);
}

static inline void make_tar_end(struct buf *out)
{
	static const char zeros[1024];

	buf_add(out, zeros, sizeof(zeros));
}

#endif
