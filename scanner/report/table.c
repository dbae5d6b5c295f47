/* table.c - the formats */
#include "formats.h"

const struct reporter reporters[] = {
	{ "text", "the answer on one screen", report_text },
	{ "jsonl", "the log itself, checked line by line", report_jsonl },
	{ NULL, NULL, NULL },
};

const struct reporter *reporter_find(const char *format)
{
	for (const struct reporter *r = reporters; r->format; r++)
		if (strcmp(r->format, format) == 0)
			return r;
	return NULL;
}
