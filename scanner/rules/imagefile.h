/**
 * imagefile.h - a compiled image as bytes, for the cache
 *
 * The bytes are good for one build of assay, one Vectorscan and one list of rules: the key
 * says which.  Reading checks the key, a hash of the rest, and every bound that
 * ruleset_from_image() relies on.  It cannot prove that a database does what its rules
 * say: only files of one's own are read (cache.h).
 */
#ifndef IMAGEFILE_H
#define IMAGEFILE_H

#include "buf.h"
#include "compile.h"
#include "checksum.h"

/** No image of RULES_MAX rules comes near this. */
#define IMAGE_FILE_MAX (64 * MiB)

#define IMAGE_MAGIC "ASSAYIM2"
#define IMAGE_PARTS 7

/** What a file begins with; its parts follow. */
struct image_header {
	char magic[8];
	uint8_t key[CHECKSUM_BYTES];
	uint8_t body[CHECKSUM_BYTES]; /**< hash of all that comes after it, see imagefile.c */
	uint64_t words_len;
	uint64_t bytes[IMAGE_PARTS];
};

/** @return  false without memory */
MUST_USE bool image_pack(const struct ruleset_image *image, const uint8_t key[CHECKSUM_BYTES],
			 struct buf *out);

/**
 * @param ret_image  free with ruleset_image_done(); untouched on failure
 * @return           false: cut, damaged, of another key, or without memory
 */
MUST_USE bool image_unpack(const void *data, size_t len, const uint8_t key[CHECKSUM_BYTES],
			   struct ruleset_image *ret_image);

#endif
