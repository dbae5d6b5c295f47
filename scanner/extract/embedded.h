/** embedded.h - archives that stand behind something else */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include "base.h"

/**
 * Find the first beginning of a 7z or rar.
 *
 * @param ret_at  its offset in `data`
 * @return        a name for it as a member; NULL: there is none
 */
const char *embedded_find(const uint8_t *data, size_t len, size_t *ret_at);

/** No such beginning is longer. */
#define EMBEDDED_MAGIC_MAX 8

#endif
