/**
 * engine_parts.h - what the parts of the engine share; private to them
 *
 * engine.c has a scanner's life and its jobs; engine_level.c takes an item through at one depth;
 * engine_sink.c is the sink that its extractor sees.  Every level has an object of its own; the
 * budget belongs to the top-level file and is shared by all of them.
 */
#ifndef ENGINE_PARTS_H
#define ENGINE_PARTS_H

#include "budget.h"
#include "engine.h"
#include "extract.h"
#include "identify.h"
#include "object.h"

struct assay_scanner {
	struct judge judge;
	struct identifier *identifier;
	struct budget budget;
	const struct assay_sink *sink;               /**< of the job at hand */
	struct object *objects[ASSAY_DEPTH_MAX + 1]; /**< by depth; made when first needed */
	struct assay_inner inner[ASSAY_DEPTH_MAX + 1];
	bool third_party; /**< a large parser of others ran */
	bool stopped;     /**< the sink wants no more */
};

/** One item on its way through, at one depth. */
struct level {
	assay_scanner *s;
	struct object *o;
	unsigned depth;
	const char *name;
	size_t name_len;
	struct input *in; /**< NULL: only listed */
	enum assay_reason lost;
	const char *lost_detail;
	const char *mime; /**< from the container, or NULL */
	enum assay_vis vis;
	uint64_t read_bytes; /**< of content */
	bool gave_members;
	enum assay_coverage coverage; /**< once it was reported */
	bool lost_members;            /**< a member was not, or not wholly, read */
	bool member_lost;             /**< a member was not wholly read, or one of its own */
	struct identity id;
	const struct extractor *front; /**< of what a zip stands behind: its metadata are read */
	bool front_only;               /**< that is being done */
};

/* engine_level.c */

/** Scan an item and report it.  @return  not ASSAY_OK if that ends the file, or the scan */
MUST_USE enum assay_status engine_scan_level(struct level *l, struct assay_error *err);

/** Report an item.  @param st  what came of its content */
MUST_USE enum assay_status engine_emit(struct level *l, enum assay_status st,
				       struct assay_error *err);

/** The object of a depth, or NULL without memory. */
struct object *engine_object_at(assay_scanner *s, unsigned depth);

/* engine_sink.c */

/** Its context is the level. */
extern const struct sink_ops engine_sink_ops;

#endif
