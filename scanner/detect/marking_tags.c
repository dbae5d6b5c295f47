/*
 * marking_tags.c - markings with a syntax of their own
 *
 * Australia's [SEC=...] and X-Protective-Marking (Email Protective Marking Standard
 * 2024.1: elements in a fixed order, names and values case-sensitive), and US portion
 * marks.
 */
#include "marking_grammar.h"

#include <stdio.h>

/** The standard's ceiling for a header. */
#define HEADER_MAX ((size_t)998)

static const struct sec_class {
	const char *name, *label;
	unsigned tier;
} sec_classes[] = {
	{ "UNOFFICIAL", "UNOFFICIAL", 0 },
	{ "OFFICIAL", "OFFICIAL", 1 },
	{ "OFFICIAL:Sensitive", "OFFICIAL: SENSITIVE", 2 },
	{ "PROTECTED", "PROTECTED", 2 },
	{ "SECRET", "SECRET", 3 },
	{ "TOP-SECRET", "TOP SECRET", 4 },
	/* before 2018 */
	{ "UNCLASSIFIED", "UNCLASSIFIED", 0 },
	{ "IN-CONFIDENCE", "IN-CONFIDENCE", 2 },
	{ "CONFIDENTIAL", "CONFIDENTIAL", 3 },
};

/** Elements in the order they must have. */
enum element { VER, NS, SEC, CAVEAT, EXPIRES, DOWNTO, ACCESS, NOTE, ORIGIN, ELEMENTS };

static const struct {
	const char *name;
	bool repeats;
	bool header_only;
	bool required; /**< in a header */
} elements[ELEMENTS] = {
	[VER] = { "VER", false, true, true },
	[NS] = { "NS", false, true, true },
	[SEC] = { "SEC", false, false, true },
	[CAVEAT] = { "CAVEAT", true, false, false },
	[EXPIRES] = { "EXPIRES", false, false, false },
	[DOWNTO] = { "DOWNTO", false, false, false },
	[ACCESS] = { "ACCESS", true, false, false },
	[NOTE] = { "NOTE", false, true, false },
	[ORIGIN] = { "ORIGIN", false, true, true },
};

struct text {
	const char *at;
	size_t len;
};

static bool text_is(struct text t, const char *want)
{
	return t.len == strlen(want) && memcmp(t.at, want, t.len) == 0;
}

/** Up to a comma that no backslash precedes, or `end`. */
static struct text next_element(struct text *rest)
{
	struct text t = { rest->at, 0 };
	size_t skip;

	while (t.len < rest->len && rest->at[t.len] != ',')
		t.len += rest->at[t.len] == '\\' && t.len + 1 < rest->len ? 2 : 1;
	skip = MIN(t.len + 1, rest->len);
	while (skip < rest->len && is_space(rest->at[skip]))
		skip++;
	rest->at += skip;
	rest->len -= skip;
	while (t.len > 0 && is_space(t.at[t.len - 1]))
		t.len--;
	return t;
}

static enum element element_named(struct text name)
{
	enum element e = VER;

	while (e < ELEMENTS && !text_is(name, elements[e].name))
		e++;
	return e;
}

static const struct sec_class *class_named(struct text value)
{
	for (size_t i = 0; i < ARRAY_SIZE(sec_classes); i++)
		if (text_is(value, sec_classes[i].name))
			return &sec_classes[i];
	/* Subjects are typed by people. */
	return text_is(value, "OFFICIAL: Sensitive") ? &sec_classes[2] : NULL;
}

static void add_to(char *list, size_t cap, struct text value)
{
	size_t len = strlen(list);

	if (value.len > 0 && len + value.len + 3 <= cap)
		snprintf(list + len, cap - len, "%s%.*s", len ? "; " : "", (int)value.len,
			 value.at);
}

static bool ends_with(struct text t, const char *tail)
{
	size_t len = strlen(tail);

	return t.len >= len && memcmp(t.at + t.len - len, tail, len) == 0;
}

static bool take_element(enum element e, struct text value, bool header, struct sec_marking *m)
{
	const struct sec_class *class;

	switch (e) {
	case NS:
		return ends_with(value, "gov.au");
	case SEC:
	case DOWNTO:
		class = class_named(value);
		if (!class || (header && memchr(value.at, ' ', value.len)))
			return false;
		if (e == SEC) {
			m->label = class->label;
			m->tier = class->tier;
		}
		return true;
	case CAVEAT:
		if (!memchr(value.at, ':', value.len))
			return false;
		add_to(m->descriptors, sizeof(m->descriptors), value);
		return true;
	case ACCESS:
		add_to(m->descriptors, sizeof(m->descriptors), value);
		return true;
	case EXPIRES:
		add_to(m->handling, sizeof(m->handling), value);
		return true;
	default:
		return value.len > 0;
	}
}

static bool sec_elements(struct text rest, bool header, struct sec_marking *ret)
{
	unsigned seen = 0;
	int last = -1;

	*ret = (struct sec_marking){ 0 };
	while (rest.len > 0) {
		struct text one = next_element(&rest);
		const char *equals = memchr(one.at, '=', one.len);
		struct text name = { one.at, equals ? (size_t)(equals - one.at) : 0 };
		enum element e = element_named(name);

		if (!equals || e == ELEMENTS || (int)e < last ||
		    ((int)e == last && !elements[e].repeats) ||
		    (!header && elements[e].header_only))
			return false;
		last = (int)e;
		seen |= 1u << e;
		if (!take_element(e, (struct text){ equals + 1, one.len - name.len - 1 }, header,
				  ret))
			return false;
	}
	for (int e = 0; header && e < ELEMENTS; e++)
		if (elements[e].required && !(seen >> e & 1))
			return false;
	return ret->label != NULL;
}

bool sec_subject(const char *text, size_t len, struct sec_marking *ret)
{
	const char *begin = memmem(text, len, "[SEC=", 5), *end;

	if (!begin)
		return false;
	end = memchr(begin, ']', len - (size_t)(begin - text));
	return end &&
	       sec_elements((struct text){ begin + 1, (size_t)(end - begin) - 1 }, false, ret);
}

bool sec_header(const char *text, size_t len, struct sec_marking *ret)
{
	static const char name[] = "X-Protective-Marking:";

	if (len >= strlen(name) && strncasecmp(text, name, strlen(name)) == 0) {
		text += strlen(name);
		len -= strlen(name);
	}
	while (len > 0 && is_space(*text)) {
		text++;
		len--;
	}
	while (len > 0 && is_space(text[len - 1]))
		len--;
	return len >= 4 && len <= HEADER_MAX && memcmp(text, "VER=", 4) == 0 &&
	       sec_elements((struct text){ text, len }, true, ret);
}

int portion_tier(const char *text, size_t len, const char **ret_label)
{
	static const struct {
		const char *mark, *label;
		int tier;
	} marks[] = {
		{ "TS", "TOP SECRET", 4 },  { "S", "SECRET", 3 }, { "C", "CONFIDENTIAL", 3 },
		{ "U", "UNCLASSIFIED", 0 }, { "CUI", "CUI", 2 },
	};
	const char *close = len > 2 && text[0] == '(' ? memchr(text, ')', MIN(len, 60)) : NULL;
	size_t inner, mark;

	if (!close)
		return -1;
	inner = (size_t)(close - text) - 1;
	mark = MIN(strcspn(text + 1, "/)"), inner);
	for (size_t i = 0; i < inner; i++)
		if (!is_upper(text[1 + i]) && !strchr("/, -", text[1 + i]))
			return -1;
	if (mark < inner && (inner < mark + 3 || text[1 + mark + 1] != '/'))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (text_is((struct text){ text + 1, mark }, marks[i].mark)) {
			*ret_label = marks[i].label;
			return marks[i].tier;
		}
	return -1;
}
