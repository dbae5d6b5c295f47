/**
 * ole2.h - what the readers of doc, xls, ppt and msg share
 *
 * Private to ole2.c and the readers of what is in a compound file.  Each reads one
 * storage; a document inside another is a storage inside another, and is read the same
 * way, its path being the `part` of its text.
 */
#ifndef OLE2_H
#define OLE2_H

#include "cfb.h"
#include "textout.h"

struct ole2 {
	struct cfb cfb;
	const struct extract_sink *sink;
	struct textout out;
	uint32_t ordinal; /* of the next member */
	bool unknown;     /* a stream had no reader: its strings were sent */
	/* Names of a message's properties that have no number of their own. */
	bool named;
	struct buf name_entries, name_strings;
};

/** Streams are read into memory up to here. */
#define OLE2_STREAM_MAX (96 * MiB)

/** Read what makes `storage` a document.  @param stream  the one it is known by */
typedef enum assay_status ole2_read_fn(struct ole2 *o, uint32_t storage, uint32_t stream,
				       struct assay_error *err);

ole2_read_fn doc_read, xls_read, ppt_read, msg_read;

/** The source of a macro: a stream of a storage VBA. */
MUST_USE enum assay_status vba_read(struct ole2 *o, uint32_t stream, struct assay_error *err);

/** \005SummaryInformation and its kin. */
MUST_USE enum assay_status ole2_properties(struct ole2 *o, uint32_t stream,
					   struct assay_error *err);

/** A stream as a member. */
MUST_USE enum assay_status ole2_member(struct ole2 *o, uint32_t stream, const char *name,
				       size_t name_len, enum assay_vis vis,
				       struct assay_error *err);
/**
 * Bytes in memory as a member.
 *
 * @param unpacked  they were not there as such
 * @param mime      what they are if they do not tell; NULL: not known
 */
MUST_USE enum assay_status ole2_member_bytes(struct ole2 *o, const char *name, size_t name_len,
					     const void *data, size_t len, bool unpacked,
					     const char *mime, struct assay_error *err);

/** The same of packed bytes.  @param size  of what is packed, as declared */
MUST_USE enum assay_status ole2_member_zlib(struct ole2 *o, const char *name, const void *data,
					    size_t len, size_t size, const char *mime,
					    struct assay_error *err);

/** Runs of letters in bytes, but a zip among them is a member. */
MUST_USE enum assay_status ole2_loose(struct ole2 *o, const struct segment *seg, const void *bytes,
				      size_t len, struct assay_error *err);

/**
 * Drawings' records: the pictures are members, of the rest the strings are sent.
 *
 * @param raw  its pictures are blanked
 */
MUST_USE enum assay_status ole2_drawings(struct ole2 *o, const struct segment *seg, struct buf *raw,
					 struct assay_error *err);

/**
 * Text in the properties of a drawing's shape.
 *
 * @param count  of properties, from the record's head
 * @param art    region of words that are drawn: a watermark in Word
 */
MUST_USE enum assay_status ole2_shape(struct ole2 *o, const struct segment *seg, const uint8_t *p,
				      size_t len, unsigned count, enum assay_region art,
				      struct assay_error *err);

/** A segment of the storage or stream `entry`; `room` holds its path. */
struct segment ole2_segment(const struct ole2 *o, uint32_t entry, enum assay_region region,
			    char room[CFB_PATH_MAX]);

#endif
