/**
 * texts.h - all text of an item, members included, without matching
 *
 * What `assay extract` prints and the self-test compares.
 */
#ifndef TEXTS_H
#define TEXTS_H

#include "extract.h"
#include "identify.h"

struct texts_sink {
	void *ctx;
	/** @param inner  names of the members down to this text, `!` between them; "" */
	enum assay_status (*text)(void *ctx, const char *inner, const struct segment *seg,
				  const char *text, size_t len, struct source source,
				  struct assay_error *err);
	enum assay_status (*gap)(void *ctx, const char *inner, enum assay_reason reason,
				 const char *detail, struct assay_error *err);
};

/** @param name  of the file, a hint for its type; or NULL */
MUST_USE enum assay_status texts_run(struct identifier *id, struct input *in, const char *name,
				     const struct assay_limits *limits,
				     const struct texts_sink *sink, struct assay_error *err);

#endif
