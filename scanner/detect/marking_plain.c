/*
 * marking_plain.c - cheap tests first: most hits are words of prose or code
 *
 * A hit is looked at with the few bytes before it: its case, the word and the sign
 * that precede it, the name of its field.
 */
#include "marking_judge.h"

/** Shorter words beside an underscore are no markings: SECRET_KEY. */
#define NAME_EVIDENCE_MIN ((size_t)12)

static const char *const label_fields[] = {
	"classif",       "marking",  "protective", "sensitivity",
	"gsc",           "gpms",     "caveat",     "bjdocumentsecuritylabel",
	"securitylabel", "handling", "msip_label",
};

bool field_is_label(const char *field)
{
	char lower[96];
	size_t len = 0;

	if (!field)
		return false;
	for (; field[len] && len + 1 < sizeof(lower); len++)
		lower[len] = to_lower(field[len]);
	lower[len] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(label_fields); i++)
		if (strstr(lower, label_fields[i]))
			return true;
	return false;
}

/** A file's name, or words joined like one: report_OFFICIAL-SENSITIVE_v2.docx */
bool hit_is_name(const struct marking_hit *h)
{
	char before = h->begin > 0 ? h->text[h->begin - 1] : ' ';
	char after = h->end < h->len ? h->text[h->end] : ' ';

	return h->region == ASSAY_NAME ||
	       ((before == '_' || after == '_') && h->end - h->begin >= NAME_EVIDENCE_MIN);
}

/** Does a word go on beyond the evidence? */
static bool cuts_word(const struct marking_hit *h)
{
	bool underscores = !hit_is_name(h);
	char before = h->begin > 0 ? h->text[h->begin - 1] : ' ';
	char after = h->end < h->len ? h->text[h->end] : ' ';

	return (is_alnum(before) && is_alnum(h->text[h->begin])) ||
	       (is_alnum(after) && is_alnum(h->text[h->end - 1])) ||
	       (underscores && (before == '_' || after == '_'));
}

/** Written small: Official, secret; but not OFFICIAL: Sensitive. */
static bool is_small(const struct marking_hit *h)
{
	return h->end - h->begin > 1 && is_lower(h->text[h->begin + 1]);
}

/** Tiers in any case: `not protectively marked`, `tlp:red`. */
static bool is_any_case(const struct marking_hit *h)
{
	size_t len = h->end - h->begin;

	return (len > 4 && strncasecmp(h->text + h->begin, "not", 3) == 0) ||
	       (len > 16 && memcmp(h->text + h->begin, "Official", 8) == 0) ||
	       (len > 10 && strncasecmp(h->text + h->end - 10, "originator", 10) == 0) ||
	       memchr(h->text + h->begin, ':', len);
}

/** Past spaces, and `skip` characters, backwards from `at`. */
static size_t back_over(const struct marking_hit *h, size_t at, const char *skip)
{
	while (at > 0 &&
	       (h->text[at - 1] == ' ' || (h->text[at - 1] && strchr(skip, h->text[at - 1]))))
		at--;
	return at;
}

/** The word that ends at `end`. */
static size_t word_before(const struct marking_hit *h, size_t end)
{
	size_t begin = end;

	while (begin > 0 && end - begin < 20 && is_alnum(h->text[begin - 1]))
		begin--;
	return begin;
}

static bool text_among(const char *text, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (strlen(*list) == len && strncasecmp(text, *list, len) == 0)
			return true;
	return false;
}

/** Does the word that ends at `end` end a label? */
static bool ends_label(const struct marking_hit *h, size_t end)
{
	static const char *const last_words[] = {
		"classification", "marking",  "classified",  "sensitivity",  "gsc",    "gscp",
		"gpms",           "handling", "instruction", "instructions", "caveat", "is",
		"descriptor",     "class",    "security",    "level",        "label",  "as",
		"scheme",         "marked",   NULL,
	};
	size_t begin = word_before(h, end);

	return end > begin && text_among(h->text + begin, end - begin, last_words);
}

/** Ordinary words right before it. */
static bool follows_prose(const struct marking_hit *h, size_t end)
{
	static const char *const leads[] = { "part", "v", NULL };
	size_t begin = word_before(h, end), len = end - begin;

	if (len == 0 || is_digit(h->text[end - 1]) || is_any_case(h) || ends_label(h, end) ||
	    text_among(h->text + begin, len, leads))
		return false;
	/* A running title may stand before capitals, in title case. */
	return is_small(h) ? len > 1 : is_lower(h->text[end - 1]) && is_lower(h->text[begin]);
}

/** Small letters need a label, and a label its sign. */
static bool lacks_label(const struct marking_hit *h, size_t sign)
{
	char c = sign > 0 ? h->text[sign - 1] : '\n';
	size_t after = h->end + (h->end < h->len && strchr("\"'", h->text[h->end]));

	if (after < h->len && (h->text[after] == ':' || h->text[after] == '='))
		return true; /* a key */
	if (is_line_end(c) || is_alnum(c))
		return false;
	return !strchr(":=|-\t>", c) || !ends_label(h, back_over(h, sign - 1, "\"'*_"));
}

/** In code: not at a line's start nor in a comment, and no label before it. */
static bool amid_code(const struct marking_hit *h, size_t sign)
{
	char c = sign > 0 ? h->text[sign - 1] : '\n';

	if (is_line_end(c) || strchr("#*/-;<!~|", c) || is_alnum(c))
		return false;
	/* Classification,SECRET above the headings of a table */
	return !strchr(h->table ? ":=,;\t" : ":=", c) ||
	       !ends_label(h, back_over(h, sign - 1, "\"'*_"));
}

/** The rule of labels has seen the header's name before it. */
static bool is_header_value(const struct marking_hit *h)
{
	size_t sign = back_over(h, h->begin, "\t");

	return strcmp(h->scheme, "label") == 0 && sign > 1 && h->text[sign - 1] == ':';
}

/** A line of a US authority: no marking, but it tells whose the others are. */
static bool is_authority(const struct marking_hit *h)
{
	return strcmp(h->scheme, "us") == 0 && (h->text[h->begin] | 0x20) != 's' &&
	       h->end - h->begin > 11 && is_small(h);
}

/** What stands before a hit decides most of them, at the cost of a few bytes. */
bool marking_is_plain_word(const struct marking_hit *h)
{
	size_t word, sign;
	char before;

	if (h->begin >= h->end || h->end > h->len || cuts_word(h))
		return true;
	if (hit_is_name(h))
		return false;
	before = h->begin > 0 ? h->text[h->begin - 1] : ' ';
	if (is_header_value(h) || is_authority(h))
		return false;
	if (before && strchr("${.%\\@", before))
		return true;
	word = back_over(h, h->begin, "");
	if (follows_prose(h, word))
		return true;
	/* A portion mark opens its line: Copyright (C) */
	if (h->text[h->begin] == '(' && word > 0 && !is_line_end(h->text[word - 1]))
		return true;
	if ((h->region != ASSAY_BODY && h->region != ASSAY_COMMENT) || field_is_label(h->field))
		return false;
	sign = back_over(h, word, "\"'([");
	if (is_small(h) && !is_any_case(h) && lacks_label(h, sign))
		return true;
	if (before == '=' && !ends_label(h, h->begin - 1))
		return sign < 2 || h->text[sign - 2] != '='; /* but ===OFFICIAL=== */
	return h->code && amid_code(h, sign);
}
