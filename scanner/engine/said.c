/* said.c - a sentence about one person, or about people at large */
#include "said.h"

#include "words.h"

/** Longest sentence that is looked at, before the place and after it. */
#define SENTENCE_BYTES ((size_t)240)

#define DEAR_BYTES 5

/** They point to one person. */
static const char *const of_one[] = {
	"i",   "my",  "me",  "you", "your", "yours", "he",   "she",
	"his", "her", "him", "mr",  "mrs",  "ms",    "miss",
};

/** Of these, the one who is written to. */
static const char *const of_you[] = { "you", "your", "yours" };

/** Right before the word, or with one word between. */
static const char *const owners[] = { "my", "your", "his", "her" };

/** They speak of people at large... */
static const char *const of_people[] = {
	"people", "patients", "anyone", "anybody", "everyone", "employees",
};

/** ...of some of them, or of what others are told. */
static const char *const of_many[] = {
	"many",     "number",     "numbers", "those",  "officers", "someone",  "leaflet",  "policy",
	"training", "statistics", "group",   "groups", "charity",  "research", "campaign",
};

/** They speak of what may be. */
static const char *const of_perhaps[] = {
	"if", "whether", "may", "might", "could", "unless",
};

/** What tells anyone what to do begins so... */
static const char *const advice_begins[] = {
	"always",  "ask",   "avoid",  "be",   "bring",    "carry", "check", "clean",
	"contact", "do",    "get",    "have", "keep",     "label", "let",   "look",
	"make",    "never", "please", "read", "remember", "rinse", "show",  "speak",
	"stay",    "store", "take",   "talk", "tell",     "try",   "use",   "wash",
};

/** ...or has one of these. */
static const char *const of_advice[] = { "should", "must", "can", "ought" };

/** Behind `Dear`: a letter to many, and one to whom it may concern. */
static const char *const many_greeted[] = {
	"all",     "carers",     "colleagues", "customers", "everyone",   "families", "friends",
	"members", "neighbours", "parent",     "parents",   "patients",   "pupils",   "residents",
	"staff",   "students",   "team",       "tenants",   "volunteers",
};
static const char *const anyone_greeted[] = {
	"colleague", "customer", "friend",   "householder", "madam",   "member", "neighbour",
	"occupier",  "patient",  "resident", "sir",         "student", "tenant", "volunteer",
};

/** What ends a line that names a place where people work, or comes before its comma. */
static const char *const workplaces[] = {
	"academy", "association", "centre",     "charity",      "church",     "clinic",
	"college", "council",     "department", "headquarters", "hospital",   "limited",
	"llp",     "ltd",         "office",     "pharmacy",     "plc",        "practice",
	"school",  "service",     "services",   "society",      "station",    "surgery",
	"team",    "trust",       "union",      "unit",         "university",
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

/** The word at p, and where it ends. */
static const char *word_end(const char *p, const char *end)
{
	while (p < end && is_letter(*p))
		p++;
	return p;
}

enum said_you said_to(const char *data, size_t len)
{
	enum said_you you = YOU_ARE_ANYONE;
	const char *end = data + len;

	for (const char *p = data; (size_t)(end - p) >= DEAR_BYTES;) {
		const char *feed = memchr(p, '\n', (size_t)(end - p)), *word = p + DEAR_BYTES;

		if (strncmp(p, "Dear ", DEAR_BYTES) == 0) {
			size_t n = (size_t)(word_end(word, end) - word);

			you = WORD_IS_AMONG(word, n, many_greeted)     ? YOU_ARE_MANY
			      : WORD_IS_AMONG(word, n, anyone_greeted) ? YOU_ARE_ANYONE
								       : YOU_ARE_ONE;
		}
		if (!feed)
			break;
		p = feed + 1;
	}
	return you;
}

bool said_is_workplace(const char *data, size_t len)
{
	const char *end = data + len;

	for (const char *p = data; p < end;) {
		const char *word = p;

		p = word_end(p, end);
		if (p < end && memchr(",\r\n", *p, 3) &&
		    WORD_IS_AMONG(word, (size_t)(p - word), workplaces))
			return true;
		p += p == word;
	}
	return false;
}

static bool is_month(const char *word, size_t len)
{
	return len == 3 && memcmp(word, "May", 3) == 0;
}

/** A sentence read word by word. */
struct sentence {
	enum said said;
	bool people, many, perhaps, advice;
};

static void hear(struct sentence *s, const char *word, size_t len, enum said_you you)
{
	bool to_you = WORD_IS_AMONG(word, len, of_you);

	s->people |= WORD_IS_AMONG(word, len, of_people);
	s->many |= WORD_IS_AMONG(word, len, of_many);
	s->perhaps |= WORD_IS_AMONG(word, len, of_perhaps) && !is_month(word, len);
	s->advice |= WORD_IS_AMONG(word, len, of_advice);
	if (s->said < SAID_NEAR && WORD_IS_AMONG(word, len, of_one) &&
	    !(to_you && you == YOU_ARE_MANY))
		s->said = SAID_NEAR;
}

enum said said_of(const char *data, size_t at, size_t len, enum said_you you)
{
	const char *end = sentence_end(data, at, len), *begin = sentence_begin(data, at);
	struct sentence s = { .said = SAID_OF_NOBODY };
	unsigned since = 2; /* words since an owner */

	while (begin < end && !is_letter(*begin))
		begin++;
	s.advice = WORD_IS_AMONG(begin, (size_t)(word_end(begin, end) - begin), advice_begins);
	for (const char *p = begin; p < end;) {
		const char *word = p;
		size_t n;

		p = word_end(p, end);
		n = (size_t)(p - word);
		if (!n) {
			if (!is_space(*p) && *p != '-' && *p != '\'')
				since = 2;
			p++;
			continue;
		}
		if (word <= data + at && data + at < p && since < 2)
			s.said = SAID_HIS;
		since = WORD_IS_AMONG(word, n, owners) &&
				!(you == YOU_ARE_MANY && WORD_IS_AMONG(word, n, of_you))
			    ? 0
			    : since + 1;
		hear(&s, word, n, you);
	}
	if (s.people && s.said == SAID_OF_NOBODY)
		return SAID_AT_LARGE;
	return s.people || s.many || s.perhaps || (s.advice && you == YOU_ARE_ANYONE)
		   ? SAID_OF_NOBODY
		   : s.said;
}
