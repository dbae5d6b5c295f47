/** lzfu.h - RTF as Outlook packs it */
#ifndef LZFU_H
#define LZFU_H

#include "buf.h"

/**
 * Unpack as far as it goes.
 *
 * @param out  its limit holds
 * @return     false: not such a thing, or it breaks off; what came before is in `out`
 */
bool lzfu_unpack(const void *data, size_t len, struct buf *out);

#endif
