/**
 * pdf_parts.h - the parts of the reader of PDF among themselves
 *
 * pdf_objects.c reads the file through and notes objects; pdf_facts.c reads their dictionaries;
 * pdf.c sends what they say.
 */
#ifndef PDF_PARTS_H
#define PDF_PARTS_H

#include "carrier.h"
#include "pdf_syntax.h"

#define PDF_OBJECT_FIRST (4 * KiB) /* looked at for an object; more if it does not end there */
#define PDF_OBJECT_MAX (1 * MiB)
#define PDF_FIELD_ROOM 128
#define PDF_REFERENCES_MAX 64

enum pdf_type { TYPE_NONE, TYPE_CATALOG, TYPE_METADATA, TYPE_OBJECTS, TYPE_XREF, TYPE_OTHER };
enum pdf_packing { PACKING_NONE, PACKING_FLATE, PACKING_OTHER };

/** What is of interest in a dictionary. */
struct pdf_facts {
	enum pdf_type type;
	enum pdf_packing packing;
	uint64_t length, count, first, info, metadata; /* UINT64_MAX: not said */
	bool encrypted, rights_managed;
	bool has_info_keys;
};

/** An object that may be an Info dictionary or a string of one. */
struct pdf_object {
	uint32_t num;
	uint32_t stream; /* it is in: the index + 1; 0: it lies open */
	uint32_t inner;  /* its place there */
	uint64_t at;     /* in the file, of the object or of its stream's data */
};

struct pdf_stream {
	uint32_t num;
	enum pdf_packing packing;
	uint64_t at, len;
	bool superseded;
};

struct pdf_references {
	uint32_t nums[PDF_REFERENCES_MAX]; /* in order of appearance; the last one is the last */
	size_t len;
};

struct pdf {
	struct carrier c;
	struct vec(struct pdf_object) objects;
	struct vec(struct pdf_stream) streams; /* of objects */
	struct vec(struct pdf_stream) packets; /* XMP */
	struct pdf_references infos, likely, metadata;
	struct buf unpacked; /* the stream `unpacked_at` */
	uint64_t unpacked_at;
	size_t unpacked_from; /* bytes of it, that are no more */
	struct buf dictionary, string, text;
	uint64_t next_object, next_trailer, next_end;
	unsigned unended, unpacked_again;
	size_t loaded;
	bool open_end; /* a stream had no end */
	bool encrypted, rights_managed, broken, crowded;
};

/* pdf_facts.c */

/**
 * Read a dictionary, or see that something else is there.
 *
 * @return  PDF_DICT_END for a whole dictionary, PDF_END for a part of one, PDF_STRING for a
 *          string; else what it is instead
 */
enum pdf_kind pdf_read_facts(struct pdf_cursor *c, struct pdf_facts *ret);

/* pdf_objects.c */

/** Note all objects, streams of XMP and trailers of the file. */
void pdf_read_through(struct pdf *p);

/** Unpack a stream into p->unpacked, if it is not there already.  @return  false for nothing */
bool pdf_unpack(struct pdf *p, const struct pdf_stream *s);

/** Is this object among them? */
bool pdf_refers(const struct pdf_references *r, uint32_t num);

#endif
