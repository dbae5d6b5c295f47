/** plain.h - what CSV shares with plain text */
#ifndef PLAIN_H
#define PLAIN_H

#include "extract.h"

/**
 * Send all of `in`, from its start, by reserve and commit: ASCII's kin as it stands,
 * UTF-16 and UTF-32 converted, run by run.  Lines are counted.
 */
MUST_USE enum assay_status plain_send(struct input *in, const struct extract_sink *sink,
				      struct assay_error *err);

#endif
