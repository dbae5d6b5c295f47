/**
 * slack.h - bytes of a container that belong to no member
 *
 * They are scanned as raw text.  Private to the readers of containers.
 */
#ifndef SLACK_H
#define SLACK_H

#include "extract.h"

#define SLACK_STEP (64 * KiB)

/** Nothing but NULs: padding, not content. */
bool slack_is_blank(const uint8_t *data, size_t len);

/** Send bytes that lie at `off` of the object as text of no known form. */
MUST_USE enum assay_status slack_text(const struct extract_sink *sink, uint64_t off,
				      const void *data, size_t len, struct assay_error *err);

/** A line end of its own, so that what follows does not join what was before. */
MUST_USE enum assay_status slack_break(const struct extract_sink *sink, struct assay_error *err);

#endif
