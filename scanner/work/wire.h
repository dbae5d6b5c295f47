/**
 * wire.h - an object as bytes, and back from a peer that may lie
 *
 * Every number has one encoding and every field one place, so what decodes encodes to
 * the same bytes again.  Both ends are one build: there is no version.
 *
 * Layout: numbers are LEB128 in their shortest form; a string is its length + 1 (0 is
 * NULL), its bytes, a NUL; a list is its length and its items; enums and flags are a byte.
 */
#ifndef WIRE_H
#define WIRE_H

#include <assay/types.h>

#include "buf.h"
#include "work.h"

/** Longest string that travels, bytes; encoding cuts longer ones. */
#define WIRE_STRING_MAX (16 * KiB)
/** Longest name of a member, and how deep members may be. */
#define WIRE_NAME_MAX (16 * KiB)
#define WIRE_INNER_MAX 256

/** Memory for the lists of decoded objects: grows, and is given back as a whole. */
struct wire_arena {
	struct arena_chunk *chunks; /**< owned; the newest first */
};

void wire_arena_clear(struct wire_arena *a);
void wire_arena_done(struct wire_arena *a);

/** A decoded object.  Lists are the arena's; strings point into the encoded bytes. */
struct wire_object {
	struct assay_object object;
	const struct work_hashes *hashes; /**< NULL: none came; else findings_len of them */
};

/**
 * Append an object.  Fields that a reader may rely on are never NULL afterwards: mime,
 * mime_by, mask, the gaps' detail, and all of a marking that has a label.
 *
 * @param hashes  findings_len entries, or NULL
 * @return        false if it did not fit in `out`, which then holds half of it
 */
bool wire_encode(const struct assay_object *object, const struct work_hashes *hashes,
		 struct buf *out);

enum wire_verdict { WIRE_OK, WIRE_BAD, WIRE_NO_MEMORY };

/**
 * Decode one object, which must be all of `data`.
 *
 * @param rules  rules there are: a finding's rule is below
 */
enum wire_verdict wire_decode(const uint8_t *data, size_t len, size_t rules, struct wire_arena *a,
			      struct wire_object *ret_object);

#endif
