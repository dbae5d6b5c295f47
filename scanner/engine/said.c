/* said.c - a sentence about one person, or about people at large */
#include "said.h"

#include "words.h"

/** Longest sentence that is looked at, before the place and after it. */
#define SENTENCE_BYTES ((size_t)240)

/** They point to one person. */
static const char *const of_one[] = {
	"i",   "my",  "me",  "you", "your", "yours", "he",   "she",
	"his", "her", "him", "mr",  "mrs",  "ms",    "miss",
};

/** Right before the word, or with one word between. */
static const char *const owners[] = { "my", "your", "his", "her" };

/** They speak of people at large, of what may be, or of what others are told. */
static const char *const of_many[] = {
	"if",       "whether",  "many",     "number",     "numbers",   "anyone",  "anybody",
	"people",   "those",    "patients", "officers",   "employees", "someone", "everyone",
	"leaflet",  "policy",   "training", "statistics", "group",     "groups",  "charity",
	"research", "campaign", "may",      "might",      "could",     "unless",
};

/** A full stop and space, or a blank line, at p: `Dr. Jones` does not end one. */
static bool ends_sentence(const char *p, const char *begin, const char *end)
{
	if (*p == '\0')
		return true;
	if (*p == '\n')
		return p + 1 < end && (p[1] == '\n' || p[1] == '\r');
	return (*p == '.' || *p == '!' || *p == '?') && p + 1 < end && is_space(p[1]) &&
	       p - begin > 2 && is_letter(p[-1]) && is_letter(p[-2]) && is_letter(p[-3]);
}

static const char *sentence_begin(const char *data, size_t at)
{
	const char *least = at > SENTENCE_BYTES ? data + at - SENTENCE_BYTES : data;
	const char *p = data + at;

	while (p > least && !ends_sentence(p - 1, data, data + at))
		p--;
	return p;
}

static const char *sentence_end(const char *data, size_t at, size_t len)
{
	const char *most = data + MIN(len, at + SENTENCE_BYTES), *p = data + at;

	while (p < most && !ends_sentence(p, data, data + len))
		p++;
	return p;
}

enum said said_of(const char *data, size_t at, size_t len)
{
	const char *end = sentence_end(data, at, len);
	enum said said = SAID_OF_NOBODY;
	unsigned since = 2; /* words since an owner */

	for (const char *p = sentence_begin(data, at); p < end;) {
		const char *word = p;

		while (p < end && is_letter(*p))
			p++;
		if (p == word) {
			if (!is_space(*p) && *p != '-' && *p != '\'')
				since = 2;
			p++;
			continue;
		}
		if (WORD_IS_AMONG(word, (size_t)(p - word), of_many))
			return SAID_OF_NOBODY;
		if (word <= data + at && data + at < p && since < 2)
			said = SAID_HIS;
		since = WORD_IS_AMONG(word, (size_t)(p - word), owners) ? 0 : since + 1;
		if (said == SAID_OF_NOBODY && WORD_IS_AMONG(word, (size_t)(p - word), of_one))
			said = SAID_NEAR;
	}
	return said;
}
