/* table.c - all formats */
#include "formats.h"

const struct reporter reporters[] = {
	{ "text", "the answer for a terminal: what matters, worst first", text_run },
	{ "json", "one JSON document: the run, its counters, its worst objects", json_run },
	{ "jsonl", "the run log itself, checked line by line", jsonl_run },
	{ NULL, NULL, NULL },
};

const struct reporter *reporter_find(const char *format)
{
	for (const struct reporter *r = reporters; r->format; r++)
		if (strcmp(r->format, format) == 0)
			return r;
	return NULL;
}
