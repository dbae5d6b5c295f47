/**
 * zip_parts.h - the three parts of the zip reader among themselves: zip.c, which opens and gives
 * members, zip_directory.c and zip_place.c
 */
#ifndef ZIP_PARTS_H
#define ZIP_PARTS_H

#include "le.h"
#include "zip.h"

#define ZIP_LOCAL_BYTES 30
#define ZIP_DIRECTORY_MAX (64 * MiB)

#define ZIP_FLAG_ENCRYPTED 0x0001
#define ZIP_FLAG_DESCRIPTOR 0x0008
#define ZIP_FLAG_MASKED 0x2000

static inline bool zip_has_sig(const uint8_t *p, const char *sig)
{
	return !memcmp(p, sig, 4);
}

/** These bytes belong to a member or to the structure. */
MUST_USE enum assay_status zip_cover(struct zip *z, uint64_t from, uint64_t to,
				     struct assay_error *err);

/* zip_directory.c: what the end record and the directory say */

struct zip_directory {
	uint64_t at;    /* of the first entry */
	uint64_t bytes; /* as declared */
	uint64_t count;
	uint64_t shift; /* to add to every offset: something stands before the zip */
	uint32_t disk;
	uint64_t end; /* of the end record */
	uint16_t comment_len;
	uint64_t end64;   /* 0: none */
	uint64_t locator; /* 0: none */
};

/** Find the last end record whose directory is where it says. */
MUST_USE enum assay_status zip_find_directory(struct zip *z, struct zip_directory *ret,
					      bool *ret_found, struct assay_error *err);
/** Members of the directory; it, the end records and their comments are covered. */
MUST_USE enum assay_status zip_read_structure(struct zip *z, const struct zip_directory *d,
					      struct assay_error *err);
/** Is it a number that somebody writes for a method? */
bool zip_is_method(uint16_t id);
/** Sizes and offset that did not fit in the entry. */
void zip_read_extra64(const uint8_t *p, size_t len, struct zip_member *m, uint32_t *disk);
/** Text can hide in fields no reader looks at; those that are numbers are left out. */
MUST_USE enum assay_status zip_send_extra(struct zip *z, uint64_t off, const uint8_t *p, size_t len,
					  struct assay_error *err);
MUST_USE enum assay_status zip_send_text(struct zip *z, enum assay_region region, uint64_t off,
					 const void *text, size_t len, struct assay_error *err);
/** A new member, or NULL with *ret_st as what to return. */
struct zip_member *zip_add_member(struct zip *z, enum assay_status *ret_st,
				  struct assay_error *err);
/** It cannot be read, and why; the first reason stays. */
void zip_lose(struct zip_member *m, enum assay_reason reason, const char *detail);
/** What the flags and the method alone forbid. */
void zip_judge(struct zip_member *m);

/* zip_place.c: where members lie, and what no member covers */

/** Look at the local header of a member of the directory. */
MUST_USE enum assay_status zip_locate(struct zip *z, struct zip_member *m, struct buf *scratch,
				      struct assay_error *err);
/** Give each byte to one member at most. */
MUST_USE enum assay_status zip_settle_claims(struct zip *z, struct assay_error *err);
/** Members in a range that the directory is silent about; the rest is slack. */
MUST_USE enum assay_status zip_walk(struct zip *z, uint64_t from, uint64_t to,
				    struct assay_error *err);
/** The same for all that is not covered. */
MUST_USE enum assay_status zip_walk_uncovered(struct zip *z, struct assay_error *err);
/** Order of ranges, for qsort(3). */
int zip_by_from(const void *a, const void *b);

#endif
