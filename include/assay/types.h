/**
 * types.h - the values that travel from a scanned item to the run log
 *
 * Everything here is plain data.  Pointers are borrowed: in a sink's call they
 * are valid until it returns.
 */
#ifndef ASSAY_TYPES_H
#define ASSAY_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <assay/error.h>

enum assay_confidence { ASSAY_LOW, ASSAY_MEDIUM, ASSAY_HIGH };
#define ASSAY_CONFIDENCES 3

enum assay_severity {
	ASSAY_SEVERITY_INFO,
	ASSAY_SEVERITY_LOW,
	ASSAY_SEVERITY_MEDIUM,
	ASSAY_SEVERITY_HIGH,
	ASSAY_SEVERITY_CRITICAL,
	ASSAY_SEVERITIES
};

/** Where in a document a run of text stands; decides what a marking is worth. */
enum assay_region {
	ASSAY_BODY,
	ASSAY_HEADER,
	ASSAY_FOOTER,
	ASSAY_TITLE,
	ASSAY_SUBJECT,
	ASSAY_METADATA,
	ASSAY_NAME,
	ASSAY_WATERMARK,
	ASSAY_COMMENT,
	ASSAY_NOTE,
	ASSAY_REGIONS
};

/** Whether a reader of the document sees the text, or how it is hidden. */
enum assay_vis {
	ASSAY_SHOWN,
	ASSAY_HIDDEN_SHEET,
	ASSAY_VERY_HIDDEN_SHEET,
	ASSAY_HIDDEN_ROW,
	ASSAY_HIDDEN_COLUMN,
	ASSAY_HIDDEN_TEXT,
	ASSAY_WHITE_TEXT,
	ASSAY_DELETED,
	ASSAY_PIVOT_CACHE,
	ASSAY_EXTERNAL_CACHE,
	ASSAY_PREVIOUS_REVISION,
	ASSAY_NOTES,
	ASSAY_OFF_PAGE,
	ASSAY_VISIBILITIES
};

/** How much of an object was read. */
enum assay_coverage {
	ASSAY_COMPLETE,
	ASSAY_PARTLY,
	ASSAY_NOTHING,
	ASSAY_EXCLUDED,
	ASSAY_COVERAGES
};

/** The names the log and the reports use; static strings. */
const char *assay_confidence_name(enum assay_confidence c);
const char *assay_severity_name(enum assay_severity s);
const char *assay_region_name(enum assay_region r);
const char *assay_vis_name(enum assay_vis v);
const char *assay_coverage_name(enum assay_coverage c);

/** The place inside an object.  0 and NULL mean: not known or not meaningful. */
struct assay_locator {
	uint64_t line; /**< from 1 */
	uint32_t col;  /**< bytes, from 1 */
	uint32_t page;
	uint32_t slide;
	uint64_t row; /**< of a table, the heading being row 1 */
	const char *sheet;
	const char *cell;   /**< A1 style, or the column's letters in a text table */
	const char *part;   /**< file inside a document: word/header1.xml */
	const char *header; /**< of a mail message */
};

/** Offset of text that is not in the object's own bytes as it stands. */
#define ASSAY_NO_OFFSET UINT64_MAX

#define ASSAY_FP_BYTES 16

struct assay_occurrence {
	uint64_t off; /**< bytes into the object's decompressed stream */
	uint32_t len; /**< bytes of evidence, in the source's encoding if `off` is known */
	struct assay_locator loc;
	enum assay_confidence confidence;
	enum assay_region region;
	enum assay_vis vis;
	const char *field; /**< heading, key or label; NULL: none */
	const char *mask;  /**< never the value */
	const char *value; /**< NULL unless values were asked for; UTF-8 not guaranteed */
	uint8_t fp[ASSAY_FP_BYTES];
};

/** All that one rule found in one object. */
struct assay_finding {
	unsigned rule; /**< index into the rule set */
	uint64_t counts[ASSAY_CONFIDENCES];
	uint64_t hidden; /**< occurrences that are not shown */
	uint64_t unique; /**< distinct normalised values */
	uint8_t values_fp[ASSAY_FP_BYTES];
	const struct assay_occurrence *occurrences; /**< the first ones, in document order */
	size_t occurrences_len;
};

struct assay_gap {
	enum assay_reason reason;
	bool blocking;
	const char *detail; /**< never content of the file; may be "" */
	const char *limit;  /**< option name of the limit that fired, or NULL */
	uint64_t limit_value;
	uint64_t bytes_examined;
	uint64_t bytes_total; /**< 0: not known */
};

/** What a site calls a label that documents know by a number: a GUID, a uid. */
struct assay_label_name {
	const char *id;
	const char *marking; /**< OFFICIAL-SENSITIVE */
};

#define ASSAY_TIERS 5

/** What the document says about itself. */
struct assay_marking {
	const char *label;  /**< `OFFICIAL-SENSITIVE`; NULL: the object bears no marking */
	const char *scheme; /**< gscp gpms nato eu us au tlp other */
	unsigned tier;      /**< DESIGN's 0..4 */
	enum assay_confidence confidence;
	const char *where;       /**< header footer body metadata name subject member */
	const char *handling;    /**< handling instructions, `; ` between them, or "" */
	const char *descriptors; /**< the same for descriptors and caveats, or "" */
	/** Every marking with its place: `header OFFICIAL; metadata SECRET`; NULL as "". */
	const char *places;
	/** What cannot all be right: `header-footer; body-above; metadata; metadata-text; name;
	 * caveat; public-release; embargo-past`; NULL as "". */
	const char *conflicts;
};

/**
 * A file, or an item inside one.  `inner` are the names from the outer file to
 * this item with the ordinal of each (names repeat in archives); the outer file
 * itself is not among them.
 */
struct assay_inner {
	const char *name; /**< raw bytes */
	size_t len;
	uint32_t ordinal; /**< position in its container, from 0 */
};

struct assay_object {
	const struct assay_inner *inner;
	size_t inner_len;
	uint64_t size; /**< bytes in the object's decompressed stream, as far as known */
	const char *mime;
	const char *mime_by; /**< magic, container, extension */
	bool ext_mismatch;
	enum assay_coverage coverage;
	uint64_t bytes; /**< examined */
	struct assay_marking marking;
	uint64_t records; /**< rows, elements, paragraphs with two kinds of personal data */
	const struct assay_finding *findings;
	size_t findings_len;
	const struct assay_gap *gaps;
	size_t gaps_len;
};

#endif
