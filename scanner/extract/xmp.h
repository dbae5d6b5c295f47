/** xmp.h - a packet of XMP: properties of a document or picture, as RDF */
#ifndef XMP_H
#define XMP_H

#include "textout.h"

/** Could this be one?  Looks at the beginning alone. */
bool xmp_likely(const void *data, size_t len);

/**
 * Send its properties, each a line: the field is the property's name without prefix.
 *
 * @param seg  what they are; the field is set here
 */
MUST_USE enum assay_status xmp_read(struct textout *out, const struct segment *seg,
				    const void *data, size_t len, struct assay_error *err);

#endif
