/**
 * scan.h - one item in, objects with findings and gaps out
 *
 * No printing, no exit, no signal handling, no globals but shared libraries that were
 * opened: those that read archives, databases and rare binaries are, with the first file
 * that needs one.  A scanner belongs to one thread; many may share a rule set.
 */
#ifndef ASSAY_SCAN_H
#define ASSAY_SCAN_H

#include <assay/ruleset.h>
#include <assay/types.h>

/** spec/extraction.md 2d: what one top-level file may cost.  Bytes, unless named otherwise. */
struct assay_limits {
	uint64_t out_bytes;    /**< brought out by expansion, per top-level file */
	uint64_t text_bytes;   /**< text derived by extractors, per top-level file */
	uint64_t member_bytes; /**< of one member */
	uint64_t ratio;        /**< out to in, checked after ratio_after bytes */
	uint64_t ratio_after;
	uint32_t depth;
	uint32_t members;    /**< per top-level file */
	uint32_t name_bytes; /**< kept of a member's name */
	uint32_t xml_depth;
	uint32_t xml_attr_bytes;
};

#define ASSAY_LIMITS_DEFAULT \
	{ \
		.out_bytes = UINT64_C(1) << 30, .text_bytes = UINT64_C(256) << 20, \
		.member_bytes = UINT64_C(256) << 20, .ratio = 200, \
		.ratio_after = UINT64_C(16) << 20, .depth = 8, .members = 100000, \
		.name_bytes = 4096, .xml_depth = 256, .xml_attr_bytes = 1 << 20, \
	}

enum assay_engine { ASSAY_ENGINE_STAGED, ASSAY_ENGINE_REFERENCE };
enum assay_mask { ASSAY_MASK_SHAPE, ASSAY_MASK_PARTIAL, ASSAY_MASK_FULL };

struct assay_scan_options {
	struct assay_limits limits;
	enum assay_engine engine;
	enum assay_mask mask;
	enum assay_confidence min_confidence; /**< occurrences below it are counted, not listed */
	bool show_values;
	const bool *rules_off;    /**< by rule number: do not report; NULL: all are reported */
	uint32_t max_occurrences; /**< listed per finding; 0: all */
	uint8_t value_key[32];    /**< keys fingerprints */
	bool test_hooks;          /**< test builds: obey !CRASH and its kin */
};

/** Where results go.  Any call may return non-zero to end the scan of the item. */
struct assay_sink {
	size_t size; /**< sizeof(struct assay_sink): it may grow */
	void *ctx;
	/** An object is finished.  Members come before their container. */
	int (*object)(void *ctx, const struct assay_object *object);
};

typedef struct assay_scanner assay_scanner;

enum assay_status assay_scanner_new(const assay_ruleset *set,
				    const struct assay_scan_options *options,
				    assay_scanner **ret_scanner, struct assay_error *err);
void assay_scanner_free(assay_scanner *s);

/**
 * Scan an open regular file with pread(2); its offset is not moved.
 *
 * @param name  last part of its path: evidence (names are scanned, too) and a
 *              hint for types that content does not settle; NULL: none
 */
enum assay_status assay_scan_fd(assay_scanner *s, int fd, const char *name,
				const struct assay_sink *sink, struct assay_error *err);
enum assay_status assay_scan_buffer(assay_scanner *s, const void *data, size_t len,
				    const char *name, const struct assay_sink *sink,
				    struct assay_error *err);

#endif
