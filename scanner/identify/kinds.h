/**
 * kinds.h - the closer looks: binaries whose magic is more than a string, and text
 *
 * All return a static MIME name, or NULL: it is none of these.
 */
#ifndef KINDS_H
#define KINDS_H

#include "base.h"

/** @param ret_never_text  as in struct identity */
const char *binary_kind(const uint8_t *head, size_t len, bool *ret_never_text);

/** Archives that store text as it is, which a text test may take for text. */
const char *stored_kind(const uint8_t *head, size_t len);

/** A zip archive, or what is one inside: by its first members' names. */
const char *zip_kind(const uint8_t *head, size_t len);

/** What an extension says, as far as text is concerned; NULL: nothing. */
const char *text_kind(const char *head, size_t len, bool whole, const char *ext_mime,
		      bool *ret_by_extension);

#endif
