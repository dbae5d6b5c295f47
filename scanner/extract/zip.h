/**
 * zip.h - reading zip files: what the directory says, and every byte it is silent about
 *
 * Private to the readers of zip and of what is a zip.  Opening finds the members of
 * the central directory, then walks the ranges that no member covers, so a member the
 * directory hides is in the list too.  Damage, overlaps and names that differ are
 * reported to the sink then; slack is when zip_finish() is called.
 *
 *   st = zip_open(&z, in, sink, err);
 *   for (i = 0; i < z.members.len; i++)      reading may add members at the end
 *           ... zip_load() or zip_give() ...
 *   st = zip_finish(&z, err);
 *   zip_done(&z);
 */
#ifndef ZIP_H
#define ZIP_H

#include "extract.h"
#include "vec.h"

struct zip_member {
	const char *name; /**< raw bytes; owned by the zip */
	char *own_name;
	size_t name_len;
	uint32_t ordinal;
	uint16_t method;
	uint16_t flags;
	uint64_t packed;
	uint64_t size;  /**< as declared: a hint; INPUT_SIZE_UNKNOWN */
	uint64_t local; /**< offset of the local header */
	uint64_t data;  /**< offset of the packed bytes */
	uint64_t end;   /**< of everything of the member, descriptor included */
	bool hidden;    /**< found outside the directory */
	/** Not readable, and why: ASSAY_REASON_NONE is the good case. */
	enum assay_reason lost;
	const char *lost_detail;
};

struct zip_range {
	uint64_t from, to;
};

struct libdeflate_decompressor;

struct zip {
	struct input *in;
	const struct extract_sink *sink;
	uint64_t size;
	struct vec(struct zip_member) members;

	/* The rest is the reader's own. */
	const uint8_t *mem; /* the whole file, if it is in memory */
	struct buf whole;
	const uint8_t *dir; /* the central directory: names point into it */
	size_t dir_len;
	struct buf dir_own;
	struct vec(struct zip_range) covered;
	struct vec(struct zip_range) slack;
	struct libdeflate_decompressor *inflate;
	struct buf packed; /* scratch: of one member, when the file is not in memory */
	uint32_t hidden;
	uint32_t overlaps;
	uint64_t searched; /* bytes, for the ends of members of unknown size */
	bool too_many;     /* reported */
};

/** How zip_load() came by the bytes. */
enum zip_load {
	ZIP_LOADED, /**< all of the member */
	ZIP_LOST,   /**< nothing; the member's `lost` says why */
	ZIP_STREAM, /**< too large, or not what was declared: use zip_give() or a stream */
};

/** ASSAY_OK also for damaged files: their gaps are with the sink. */
MUST_USE enum assay_status zip_open(struct zip *ret_z, struct input *in,
				    const struct extract_sink *sink, struct assay_error *err);
void zip_done(struct zip *z);

/**
 * Bring out a member whole.
 *
 * @param scratch   holds the bytes unless they lie in the file as they are; the
 *                  caller keeps it for the next member
 * @param ret_load  what became of it; *ret_data and *ret_len only for ZIP_LOADED
 */
MUST_USE enum assay_status zip_load(struct zip *z, size_t index, struct buf *scratch,
				    const uint8_t **ret_data, size_t *ret_len,
				    enum zip_load *ret_load, struct assay_error *err);

/** Bytes of the file: a view if it is in memory, else read into `scratch`. */
MUST_USE enum assay_status zip_look(struct zip *z, uint64_t off, size_t len, struct buf *scratch,
				    const uint8_t **ret_data, size_t *ret_got,
				    struct assay_error *err);

/** Packed bytes that a member's compression did not use: look for members there. */
MUST_USE enum assay_status zip_leftover(struct zip *z, uint64_t from, uint64_t to,
					struct assay_error *err);

struct zip_stream;

/** Read a member front to back with bounded memory; any method. */
MUST_USE enum assay_status zip_stream_open(struct zip *z, size_t index,
					   struct zip_stream **ret_stream, struct assay_error *err);
/** What to say of one that did not open: that a library is missing, or `otherwise`. */
const char *zip_stream_detail(const struct assay_error *lost, const char *otherwise);
/** An input_read_fn. */
enum assay_status zip_stream_read(void *stream, void *data, size_t cap, size_t *ret_got,
				  struct assay_error *err);
void zip_stream_freep(struct zip_stream **stream);

/** Hand a member on to the sink, whatever state it is in. */
MUST_USE enum assay_status zip_give(struct zip *z, size_t index, struct buf *scratch,
				    enum assay_vis vis, struct assay_error *err);

/** The bytes no member covers: as raw text, and as a gap. */
MUST_USE enum assay_status zip_finish(struct zip *z, struct assay_error *err);

/** Is it a directory of the container, that is, a name only? */
static inline bool zip_is_folder(const struct zip_member *m)
{
	return m->name_len && m->name[m->name_len - 1] == '/' && !m->packed;
}

#endif
