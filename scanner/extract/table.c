/* table.c - which extractor reads which type */
#include "lib.h"
#include "table.h"

/* clang-format off */
const struct extractor *const extractors[] = {
	&plain_extractor,
	&markdown_extractor,
	&csv_extractor,
	&json_extractor,
	&sql_extractor,
	&card_extractor,
	&ldif_extractor,
	&hl7_extractor,
	&xml_extractor,
	&html_extractor,
	&zip_extractor,
	&ooxml_extractor,
	&odf_extractor,
	&ole2_extractor,
	&rtf_extractor,
	&sqlite_extractor,
	&archive_extractor,
	&archive_seek_extractor,
	&stream_extractor,
	&pdf_extractor,
	&picture_extractor,
	&cms_extractor,
	&strings_extractor,
	NULL,
};
/* clang-format on */

void extractors_warm(void)
{
	library_try(&libarchive);
	library_try(&libsqlite3);
}

const struct extractor *extractor_for(const char *type)
{
	for (size_t i = 0; extractors[i]; i++)
		for (size_t j = 0; extractors[i]->types[j]; j++)
			if (!strcmp(extractors[i]->types[j], type))
				return extractors[i];
	return NULL;
}
