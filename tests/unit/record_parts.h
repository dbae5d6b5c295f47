/** record_parts.h - a document that is a zip of parts, made and read into a record */
#ifndef RECORD_PARTS_H
#define RECORD_PARTS_H

#include "make_zip.h"
#include "record_read.h"

struct part_of {
	const char *name, *text;
};

/**
 * @param mimetype  of a first part of that name, not packed; NULL: none
 * @param parts     one without a name ends them
 */
static inline enum assay_status record_parts(struct record *r, const struct extractor *x,
					     const char *mimetype, const struct part_of *parts)
{
	struct make_zip zip = MAKE_ZIP_INIT;
	enum assay_status st;

	if (mimetype)
		make_member(&zip, &(struct make_entry){ .name = "mimetype", .text = mimetype });
	for (; parts->name; parts++)
		make_member(&zip, &(struct make_entry){
				      .name = parts->name, .text = parts->text, .deflate = true });
	make_end(&zip, NULL);
	st = record_try(r, x, zip.out.data, zip.out.len);
	make_done(&zip);
	return st;
}

#endif
