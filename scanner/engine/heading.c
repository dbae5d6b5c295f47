/* heading.c - headings of registers, and of tables that hold content */
#include "names.h"

static const char *const words_of_things[] = {
	"application", "asset",      "assets",    "database",  "dataset", "device",   "devices",
	"doc",         "document",   "documents", "equipment", "file",    "filename", "files",
	"folder",      "hardware",   "laptop",    "make",      "model",   "path",     "policy",
	"publication", "repository", "retention", "serial",    "server",  "software", "system",
	"title",       "uri",        "url",
};

/** These decide, even beside a word for a thing: document text. */
static const char *const words_of_content[] = {
	"abstract",    "action",    "allegation", "answer",       "body",      "client",
	"complainant", "content",   "contents",   "decision",     "defendant", "detail",
	"details",     "entry",     "event",      "extract",      "firstname", "forename",
	"forenames",   "incident",  "intel",      "intelligence", "issue",     "lastname",
	"message",     "narrative", "nominal",    "offence",      "offender",  "patient",
	"question",    "rationale", "response",   "risk",         "source",    "statement",
	"summary",     "surname",   "suspect",    "text",         "threat",    "transcript",
	"victim",      "witness",
};

static bool is_among(const char *word, size_t len, const char *const *list, size_t list_len)
{
	for (size_t i = 0; i < list_len; i++)
		if (strlen(list[i]) == len && strncasecmp(list[i], word, len) == 0)
			return true;
	return false;
}

/** One past the word that begins here: docTitle are two. */
static const char *word_end(const char *p)
{
	const char *begin = p;

	while (is_letter(*p) && !(p > begin && is_upper(*p) && is_lower(p[-1])))
		p++;
	return p;
}

enum heading heading_of(const char *name)
{
	enum heading kind = HEADING_OTHER;

	while (*name) {
		const char *end = word_end(name);
		size_t len = (size_t)(end - name);

		if (is_among(name, len, words_of_content, ARRAY_SIZE(words_of_content)))
			return HEADING_CONTENT;
		if (is_among(name, len, words_of_things, ARRAY_SIZE(words_of_things)))
			kind = HEADING_THING;
		name = len ? end : name + 1;
	}
	return kind;
}
