/* marking_value.c - a value that says a marking: a property, a header */
#include "marking_judge.h"

static bool parse_tag(const char *text, size_t len, const char **ret_label, unsigned *ret_tier)
{
	struct sec_marking sec;

	if (!sec_header(text, len, &sec) && !sec_subject(text, len, &sec))
		return false;
	*ret_label = sec.label;
	*ret_tier = sec.tier;
	return true;
}

/** The highest tier of a value that is a marking; false: it is none. */
static bool parse_grammar(struct line *l, const char **ret_label, unsigned *ret_tier,
			  const char **ret_scheme)
{
	bool whole = !l->cut && all_grammar(l, 0, l->spans_len) && !(l->gap_end & GAP_ODD);
	bool found = false;

	for (size_t i = 0; i < l->spans_len; i++) {
		struct expression e;
		bool labelled = i > 0 && l->spans[i - 1].part == PART_LABEL;

		if (l->spans[i].part != PART_TIER || (!whole && !labelled))
			continue;
		expression_read(l, i, &e);
		if (found && e.tier <= *ret_tier)
			continue;
		*ret_label = e.label;
		*ret_tier = e.tier;
		*ret_scheme = scheme_name(e.scheme);
		found = true;
	}
	return found;
}

bool marking_parse(const char *text, size_t len, char *ret_label, size_t cap, unsigned *ret_tier,
		   const char **ret_scheme)
{
	struct lexicon lexicon;
	struct line line;
	const char *label, *scheme = scheme_name(SCHEME_AU);
	unsigned tier;

	if (len == 0)
		return false;
	if (!parse_tag(text, len, &label, &tier)) {
		lexicon_init(&lexicon);
		line_read(&line, &lexicon, text, len, LINE_NAME);
		if (!parse_grammar(&line, &label, &tier, &scheme))
			return false;
	}
	if (strlen(label) >= cap)
		return false;
	copy_list(ret_label, cap, label);
	*ret_tier = tier;
	*ret_scheme = scheme;
	return true;
}
