/**
 * cfb.h - reading compound files: the storages and streams of the older Office
 *
 * Private to ole2.c and its kin.  Everything is bounded by the size of the file: chains
 * that loop end, streams that share sectors are told apart from honest ones by what all
 * of them add up to.  Damage is a gap with the sink, once of each kind.
 */
#ifndef CFB_H
#define CFB_H

#include "extract.h"
#include "vec.h"

#define CFB_NONE UINT32_MAX
#define CFB_NAME_MAX 104 /* 32 UTF-16 units as UTF-8, NUL included */
#define CFB_PATH_MAX 256

enum cfb_type { CFB_STORAGE = 1, CFB_STREAM = 2, CFB_ROOT = 5 };

struct cfb_entry {
	uint32_t parent; /**< CFB_NONE: the root, and what no storage holds */
	uint32_t child;  /**< first of a storage, CFB_NONE: none */
	uint32_t next;   /**< sibling */
	uint32_t start;
	uint64_t size; /**< as declared, but not more than the file */
	uint8_t type;
	bool reached; /**< from the root */
	bool done;    /**< set by whoever has read it */
};

struct cfb_extent {
	uint32_t at, first, count; /* sectors: in the stream, in the file */
};

struct cfb;

/** A stream to be read anywhere, or front to back. */
struct cfb_stream {
	struct cfb *cfb;
	struct vec(struct cfb_extent) extents;
	unsigned shift;
	bool mini;
	bool loops;    /**< its chain comes back to where it was */
	uint64_t size; /**< of what is there */
	uint64_t next;
};

struct cfb {
	struct input *in;
	const struct extract_sink *sink;
	uint64_t size;
	const uint8_t *mem; /* the whole file, if it is in memory */
	struct buf whole;
	unsigned shift;
	uint32_t sectors;
	uint32_t *fat, *minifat; /* owned */
	uint32_t fat_len, minifat_len;
	struct cfb_stream mini;
	struct buf dir;
	struct vec(struct cfb_entry) entries; /**< [0] is the root */
	uint64_t opened;                      /* bytes of all streams so far */
	bool told_damage, told_overlap;
};

/** ASSAY_FAILED, malformed: it is none, or there is no way in.  cfb_done() in any case. */
MUST_USE enum assay_status cfb_open(struct cfb *ret_c, struct input *in,
				    const struct extract_sink *sink, struct assay_error *err);
void cfb_done(struct cfb *c);

/** Name as UTF-8; control characters are left out.  @return  its length */
size_t cfb_name(const struct cfb *c, uint32_t entry, char ret[CFB_NAME_MAX]);
/** Names from the root down, `/` between; cut if long. */
void cfb_path(const struct cfb *c, uint32_t entry, char ret[CFB_PATH_MAX]);
/** The stream or storage of this name in a storage, or CFB_NONE.  ASCII, in any case. */
uint32_t cfb_find(const struct cfb *c, uint32_t storage, const char *name);
bool cfb_is(const struct cfb *c, uint32_t entry, const char *name);

/** What is there of a stream; less than declared is a gap. */
MUST_USE enum assay_status cfb_stream_open(struct cfb *c, uint32_t entry, struct cfb_stream *ret_s,
					   struct assay_error *err);
void cfb_stream_done(struct cfb_stream *s);
/** An input_read_fn. */
enum assay_status cfb_stream_read(void *stream, void *data, size_t cap, size_t *ret_got,
				  struct assay_error *err);

/** All of a stream, as far as out->limit goes: then a gap.  Marks it done. */
MUST_USE enum assay_status cfb_load(struct cfb *c, uint32_t entry, struct buf *out,
				    struct assay_error *err);

static inline uint16_t le16_at(const void *data)
{
	const uint8_t *p = data;

	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t le32_at(const void *data)
{
	const uint8_t *p = data;

	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

#endif
