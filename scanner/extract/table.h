/** table.h - the extractors there are; each in its own file */
#ifndef TABLE_H
#define TABLE_H

#include "extract.h"
#include "library.h"

extern const struct extractor plain_extractor;
extern const struct extractor markdown_extractor;
extern const struct extractor csv_extractor;
extern const struct extractor json_extractor;
extern const struct extractor sql_extractor;
extern const struct extractor card_extractor;
extern const struct extractor ldif_extractor;
extern const struct extractor hl7_extractor;
extern const struct extractor xml_extractor;
extern const struct extractor html_extractor;
extern const struct extractor zip_extractor;
extern const struct extractor ooxml_extractor;
extern const struct extractor odf_extractor;
extern const struct extractor ole2_extractor;
extern const struct extractor rtf_extractor;
extern const struct extractor sqlite_extractor;
extern const struct extractor archive_extractor;
extern const struct extractor archive_seek_extractor;
extern const struct extractor stream_extractor;
extern const struct extractor pdf_extractor;
extern const struct extractor picture_extractor;
extern const struct extractor cms_extractor;
extern const struct extractor strings_extractor;

extern struct library libsqlite3;

/** Where a format's library is not to be had: a gap that names it, and strings alone. */
MUST_USE enum assay_status strings_without(const struct library *lib, struct input *in,
					   const struct extract_sink *sink,
					   struct assay_error *err);

#endif
