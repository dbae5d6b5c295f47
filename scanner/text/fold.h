/**
 * fold.h - the normal form that patterns see
 *
 * Never longer than the source, so it can be done in place:
 *   NBSP, thin, figure, narrow and ideographic spaces -> ' '
 *   U+2010..2015, U+2212, U+FE58, U+FE63, U+FF0D      -> '-'
 *   full-width ASCII U+FF01..FF5E, mathematical digits -> ASCII
 *   soft hyphen, zero-width space and joiners, direction marks, BOM -> nothing
 *   typographic quotes                                 -> ' or "
 *   cp1252 bytes that are not UTF-8: A0 -> ' ', 96 97 -> '-', 91 92 93 94 -> quotes
 * Everything else stays as it is.
 */
#ifndef FOLD_H
#define FOLD_H

#include "base.h"

/** Bytes at the front that are ASCII; SIMD. */
size_t fold_ascii_prefix(const char *data, size_t len);

/** Line feeds in `data`; SIMD. */
size_t fold_count_lines(const char *data, size_t len);

/** Told where a run begins that lies at another distance from its source. */
typedef void fold_shift_fn(void *ctx, size_t folded_at, size_t source_at);

/**
 * Fold in place.
 *
 * @param shift  called, in order, whenever the distance between the folded and the
 *               source index changes: from `folded_at` on, byte i of the result is
 *               byte source_at + (i - folded_at) of the source
 * @return       the new length
 */
size_t fold(char *data, size_t len, fold_shift_fn *shift, void *ctx);

#endif
