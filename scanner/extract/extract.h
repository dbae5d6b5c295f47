/**
 * extract.h - one file of a known type in; text and members out
 *
 * An extractor does not open paths, does not recurse and does not judge what is
 * sensitive.  It reads `in` and gives the sink every run of text and every member,
 * each with the locator that leads a reader back to the place.
 *
 * Text goes out in document order as one stream: the extractor puts `\n` between
 * paragraphs, rows and records and `\t` between cells, as text of its own, so that
 * what a reader sees apart never joins and what he sees together is not cut.
 */
#ifndef EXTRACT_H
#define EXTRACT_H

#include <assay/scan.h>
#include <assay/types.h>

#include "input.h"

/** What a run of text is.  Strings are borrowed for the call. */
struct segment {
	enum assay_region region;
	enum assay_vis vis;
	const char *field;        /**< heading, key or label; NULL: none */
	struct assay_locator loc; /**< `line` is that of the first byte */
	/** Running number of the element (of a JSON array) it belongs to; 0: none, or told
	 * by the row of a sheet. */
	uint64_t record;
};

/** How the bytes of a run relate to the object's own bytes. */
enum source_kind {
	SOURCE_SAME = 1,    /**< byte for byte (entities and the like: a run each) */
	SOURCE_UTF16 = 2,   /**< two bytes there for an ASCII byte here */
	SOURCE_DERIVED = 0, /**< not there as such: no offset */
};

struct source {
	uint64_t off; /**< of the run's first byte in the object; not used if derived */
	enum source_kind kind;
};

/** Delimited text whose rows and cells the engine finds by itself. */
struct grid {
	char delimiter;            /**< , ; | or tab */
	const char *const *fields; /**< headings; unescaped, may be "" */
	size_t fields_len;
	uint64_t first_row; /**< rows before the text that follows, heading included */
};

struct member {
	const char *name; /**< raw bytes as stored; never a path to open */
	size_t name_len;
	uint32_t ordinal;      /**< position in the container, from 0 */
	uint64_t packed_bytes; /**< in the container, 0: not known */
	uint64_t size;         /**< INPUT_SIZE_UNKNOWN: not declared */
	enum assay_vis vis;
	const char *mime; /**< known from the container; NULL: look at the content */
	/** Not readable, and why; then `in` is NULL and the member is only listed. */
	enum assay_reason lost;
	const char *lost_detail;
};

struct sink_ops;

/** Where an extractor's results go.  Every call may refuse: pass its status up. */
struct extract_sink {
	const struct sink_ops *ops;
	void *ctx;
	const struct assay_limits *limits;
};

struct sink_ops {
	enum assay_status (*text)(void *ctx, const struct segment *seg, const char *text,
				  size_t len, struct source source, struct assay_error *err);
	char *(*reserve)(void *ctx, size_t *ret_cap);
	enum assay_status (*commit)(void *ctx, const struct segment *seg, size_t len,
				    struct source source, struct assay_error *err);
	enum assay_status (*grid)(void *ctx, const struct grid *grid, struct assay_error *err);
	enum assay_status (*member)(void *ctx, const struct member *m, struct input *in,
				    struct assay_error *err);
	enum assay_status (*allow)(void *ctx, uint64_t bytes, struct assay_error *err);
	enum assay_status (*gap)(void *ctx, enum assay_reason reason, const char *detail,
				 struct assay_error *err);
};

/**
 * A run of text, UTF-8 or bytes of an ASCII kin.  The engine folds it (dashes,
 * NBSP, full-width digits) and copies it.  Runs that belong together may be
 * handed on in pieces: nothing is put between them.
 */
static inline enum assay_status sink_text(const struct extract_sink *s, const struct segment *seg,
					  const char *text, size_t len, struct source source,
					  struct assay_error *err)
{
	return s->ops->text(s->ctx, seg, text, len, source, err);
}

/**
 * For large plain text: room to read into directly, at least 64 KiB, then
 * sink_commit() with what was read (whole UTF-8 characters, except at the end).
 * Nothing else may be sent in between.  NULL: the scan of the item must end; call
 * sink_commit() with length 0 for the reason.
 */
static inline char *sink_reserve(const struct extract_sink *s, size_t *ret_cap)
{
	return s->ops->reserve(s->ctx, ret_cap);
}

static inline enum assay_status sink_commit(const struct extract_sink *s, const struct segment *seg,
					    size_t len, struct source source,
					    struct assay_error *err)
{
	return s->ops->commit(s->ctx, seg, len, source, err);
}

/** Text that follows (sent by reserve and commit) is a table with these headings. */
static inline enum assay_status sink_grid(const struct extract_sink *s, const struct grid *grid,
					  struct assay_error *err)
{
	return s->ops->grid(s->ctx, grid, err);
}

/**
 * A member.  The engine identifies and scans it before the call returns; it reads
 * as much of `in` as it wants (skip the rest).  A lost member is ASSAY_OK; an error
 * means the container must stop (a budget of the top-level file is spent).
 */
static inline enum assay_status sink_member(const struct extract_sink *s, const struct member *m,
					    struct input *in, struct assay_error *err)
{
	return s->ops->member(s->ctx, m, in, err);
}

/**
 * May `bytes` more be brought out by expansion?  Ask before inflating into memory;
 * members handed on as streams are counted by the engine as they are read.
 *
 * @return  ASSAY_OK, or ASSAY_FAILED with the limit's reason: give the member as lost
 */
static inline enum assay_status sink_allow(const struct extract_sink *s, uint64_t bytes,
					   struct assay_error *err)
{
	return s->ops->allow(s->ctx, bytes, err);
}

/** Something of this object was not read, and the extractor goes on. */
static inline enum assay_status sink_gap(const struct extract_sink *s, enum assay_reason reason,
					 const char *detail, struct assay_error *err)
{
	return s->ops->gap(s->ctx, reason, detail, err);
}

/** A file type's reader.  One const instance per format, in its own file. */
struct extractor {
	const char *name;         /**< stable; appears in the log's tool.extractors */
	const char *const *types; /**< MIME types found in content; NULL ends it */
	bool wants_seek;          /**< the engine spools streams to memory first */
	bool third_party;   /**< a large parser of others does it: its worker is renewed in time */
	bool metadata_only; /**< of the rest, the strings: the engine says so in a gap */
	/** ASSAY_OK: all of it was read (but for the gaps reported).  ASSAY_PARTIAL,
	 * ASSAY_FAILED: some, nothing; the engine makes a gap of `err`. */
	enum assay_status (*run)(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err);
};

/**
 * Find the extractor for a type.
 *
 * @param type  identified from content, not from the file name
 * @return      a static entry of the table, or NULL if the type has no reader
 */
const struct extractor *extractor_for(const char *type);

/** Open the libraries that readers may need, before nothing can be opened any more. */
void extractors_warm(void);

/** All rows; ends with NULL. */
extern const struct extractor *const extractors[];

#endif
