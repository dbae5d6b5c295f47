/**
 * identify.h - what is this? by content
 *
 * Own table and text test first (under a microsecond); libmagic only for unknown
 * binaries, on the first 64 KiB, never on text.
 */
#ifndef IDENTIFY_H
#define IDENTIFY_H

#include "decode.h"

struct identity {
	const char *mime; /**< static, or valid until the next call with this identifier */
	const char *by;   /**< magic, container, extension */
	bool is_text;
	bool ext_mismatch; /**< the name's extension is of another known type */
	/** No reader can find anything in it (a font, a compiled object): then an
	 * unsupported type is not a blocking gap. */
	bool never_text;
	bool has_encoding; /**< of text that no magic told: */
	struct encoding encoding;
};

/** A libmagic handle. */
struct identifier;

MUST_USE struct identifier *identifier_new(void);

/**
 * Open libmagic and its database now and not with the first unknown binary: before lockdown.
 *
 * @return  false: there is none, and unknown binaries are application/octet-stream
 */
bool identifier_warm(struct identifier *id);
void identifier_free(struct identifier *id);

/**
 * @param head  the first bytes, at most 64 KiB are looked at
 * @param whole all of the file is in `head`
 * @param name  file name: settles only what content leaves open (csv or tsv or
 *              plain, and ext_mismatch); may be NULL
 */
void identify(struct identifier *id, const uint8_t *head, size_t len, bool whole, const char *name,
	      size_t name_len, struct identity *ret);

#endif
