/** picture_meta.h - EXIF, IPTC and Photoshop's resources; private to the reader of pictures */
#ifndef PICTURE_META_H
#define PICTURE_META_H

#include "carrier.h"

/** A run of IPTC's records; @param at  where they lie, or CARRIER_NOWHERE */
MUST_USE enum assay_status iptc_read(struct carrier *c, const uint8_t *data, size_t len,
				     uint64_t at, struct assay_error *err);
/** Photoshop's image resources, of which IPTC and XMP are two. */
MUST_USE enum assay_status resources_read(struct carrier *c, uint64_t at, uint64_t len,
					  struct assay_error *err);
/** TIFF's directories, which EXIF has borrowed; offsets in them count from `at`. */
MUST_USE enum assay_status exif_read(struct carrier *c, uint64_t at, uint64_t len,
				     struct assay_error *err);

#endif
