/** table.h - the extractors there are; each in its own file */
#ifndef TABLE_H
#define TABLE_H

#include "extract.h"

extern const struct extractor plain_extractor;
extern const struct extractor csv_extractor;
extern const struct extractor json_extractor;
extern const struct extractor xml_extractor;
extern const struct extractor html_extractor;
extern const struct extractor strings_extractor;

#endif
