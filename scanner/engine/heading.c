/* heading.c - headings of registers, and of tables that hold content */
#include "names.h"

#include "words.h"

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

		if (WORD_IS_AMONG(name, len, words_of_content))
			return HEADING_CONTENT;
		if (WORD_IS_AMONG(name, len, words_of_things))
			kind = HEADING_THING;
		name = len ? end : name + 1;
	}
	return kind;
}
