/**
 * ooxml.h - what the readers of documents that are a zip of XML parts share
 *
 * Private to ooxml*.c and odf.c with its kin.  Every part is read once, in one pass
 * of the tokenizer; text leaves through one buffer that is sent when its segment changes.
 */
#ifndef OOXML_H
#define OOXML_H

#include <stdio.h>

#include "markup.h"
#include "zip.h"

struct ooxml {
	struct zip zip;
	const struct extract_sink *sink;
	uint32_t *index; /* of members, sorted by name; owned */
	size_t index_len;
	struct buf scratch;    /* the part being read */
	struct vec(bool) done; /* by member: read already */
	struct buf rels;       /* "id\0target\0" pairs of the part asked for last */

	/* What goes out next. */
	struct buf out;
	struct segment seg;

	uint32_t tag_filter[128];
	uint32_t told_filter[128];
};

/** A part being tokenized. */
struct part {
	struct markup m;
	struct zip_stream *stream;
	const struct extract_sink *sink; /* ... that counts it */
	uint64_t given;
	struct input in;
	const uint8_t *data; /* if it is in memory */
	size_t len;
	bool open;
	bool broke; /* and that is a gap already */
};

/** Open the zip and index its parts; ooxml_done() is right in any case. */
MUST_USE enum assay_status ooxml_open(struct ooxml *ret_o, struct input *in,
				      const struct extract_sink *sink, struct assay_error *err);
void ooxml_done(struct ooxml *o);

/** The member of this name, or SIZE_MAX.  A leading slash is ignored. */
size_t ooxml_find(const struct ooxml *o, const char *name, size_t len);

/** Begin a part; *ret_open false: it is lost, and a gap of its own says so. */
MUST_USE enum assay_status part_open(struct ooxml *o, size_t index, struct part *ret_part,
				     struct assay_error *err);
/**
 * The next token, while all is well: false at the part's end, of a part that is lost, and once
 * `*st` is no longer ASSAY_OK.  A part that breaks off is a gap, and its end.
 *
 *   st = part_open(o, index, &p, err);
 *   while (part_more(o, &p, &t, &st, err))
 *           st = use(&t, err);
 *   if (st == ASSAY_OK)
 *           st = part_close(o, &p, err);
 */
bool part_more(struct ooxml *o, struct part *p, struct markup_token *ret_t, enum assay_status *st,
	       struct assay_error *err);
/** At the end: report what was odd in it. */
MUST_USE enum assay_status part_close(struct ooxml *o, struct part *p, struct assay_error *err);
void part_done(struct part *p);

/** Text of this segment; strings of `seg` must live until the next ooxml_flush(). */
MUST_USE enum assay_status ooxml_text(struct ooxml *o, const struct segment *seg, const char *text,
				      size_t len, struct assay_error *err);
/** The same and a line end. */
MUST_USE enum assay_status ooxml_line(struct ooxml *o, const struct segment *seg, const char *text,
				      size_t len, struct assay_error *err);
MUST_USE enum assay_status ooxml_flush(struct ooxml *o, struct assay_error *err);

/** Read `<dir>/_rels/<file>.rels` of a part into o->rels. */
MUST_USE enum assay_status ooxml_rels(struct ooxml *o, const char *part, struct assay_error *err);
/** Target of a relation, a name in the zip; NULL: none. */
const char *ooxml_target(const struct ooxml *o, const char *id, size_t id_len);

/** Before the first ooxml_flow(). */
void ooxml_flow_prepare(struct ooxml *o);
/** Text of a part whose form is paragraphs, runs or anything else. */
MUST_USE enum assay_status ooxml_flow(struct ooxml *o, size_t index, struct segment seg,
				      struct assay_error *err);

/** All of xl/ that needs its own order: sheets with their strings. */
MUST_USE enum assay_status ooxml_workbook(struct ooxml *o, struct assay_error *err);

static inline bool name_is(const char *name, size_t len, const char *want)
{
	return strlen(want) == len && !memcmp(name, want, len);
}

static inline bool name_starts(const char *name, const char *with)
{
	return name && !strncmp(name, with, strlen(with));
}

static inline bool is_all_space(const char *text, size_t len)
{
	while (len && is_space(*text)) {
		text++;
		len--;
	}
	return !len;
}

/** A name with a NUL, cut to what there is room for; a NUL in it ends it. */
static inline void copy_name(char *ret_name, size_t cap, const char *name, size_t len)
{
	snprintf(ret_name, cap, "%.*s", (int)MIN(len, cap - 1), name);
}

/** The attribute with this local name, or NULL. */
static inline const struct markup_attr *xml_attr(const struct markup_token *t, const char *local)
{
	for (size_t i = 0; i < t->attrs_len; i++)
		if (name_is(t->attrs[i].local, t->attrs[i].local_len, local))
			return &t->attrs[i];
	return NULL;
}

static inline bool attr_is(const struct markup_attr *a, const char *want)
{
	return a && name_is(a->value, a->value_len, want);
}

/** The region that a value of an attribute names. */
struct region_name {
	const char *name;
	enum assay_region region;
};

/** @return  `otherwise` if none of the names is the attribute's value */
static inline enum assay_region region_named(const struct markup_attr *a,
					     const struct region_name *names, size_t len,
					     enum assay_region otherwise)
{
	for (size_t i = 0; i < len; i++)
		if (attr_is(a, names[i].name))
			return names[i].region;
	return otherwise;
}

/** true, unless it says 0, false, off or none. */
static inline bool attr_on(const struct markup_attr *a)
{
	return !a ||
	       !(attr_is(a, "0") || attr_is(a, "false") || attr_is(a, "off") || attr_is(a, "none"));
}

#endif
