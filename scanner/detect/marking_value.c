/* marking_value.c - a value that says a marking: a property, a header */
#include "marking_judge.h"

static bool parse_tag(const char *text, size_t len, struct marking_value *ret)
{
	struct sec_marking sec;

	if (!sec_header(text, len, &sec) && !sec_subject(text, len, &sec))
		return false;
	*ret = (struct marking_value){
		.label = sec.label,
		.scheme = scheme_name(SCHEME_AU),
		.tier = sec.tier,
	};
	copy_list(ret->handling, sizeof(ret->handling), sec.handling);
	copy_list(ret->descriptors, sizeof(ret->descriptors), sec.descriptors);
	return true;
}

static void take(const struct line *l, const struct expression *e, struct marking_value *ret)
{
	const struct span *s = &l->spans[e->head];

	*ret = (struct marking_value){
		.label = e->label,
		.scheme = scheme_name(e->scheme),
		.tier = e->tier,
		.is_small = s->len == 1 && l->words[s->first].form == FORM_LOWER,
	};
	copy_list(ret->handling, sizeof(ret->handling), e->handling);
	copy_list(ret->descriptors, sizeof(ret->descriptors), e->descriptors);
}

/** May a tier amid other words count? */
static bool stands_out(const struct line *l, size_t i, bool lenient)
{
	uint8_t before = i > 0 ? l->spans[i - 1].part : PART_OTHER;

	return before == PART_LABEL ||
	       (before == PART_ITEM && (span_gap(l, i) & (GAP_COLON | GAP_CELL))) ||
	       (lenient && span_is_caps(l, &l->spans[i]) &&
		!(l->spans[i].phrase->flags & PHRASE_LABELLED));
}

/** The highest tier of a line; false: there is none. */
static bool parse_line(const struct line *l, bool lenient, struct marking_value *ret)
{
	bool whole = !l->cut && all_grammar(l, 0, l->spans_len) && !(l->gap_end & GAP_ODD);
	bool found = false;

	for (size_t i = 0; i < l->spans_len; i++) {
		struct expression e;

		if (l->spans[i].part != PART_TIER || (!whole && !stands_out(l, i, lenient)))
			continue;
		expression_read(l, i, &e);
		if (found && e.tier <= ret->tier)
			continue;
		take(l, &e, ret);
		found = true;
	}
	return found;
}

bool marking_parse(const char *text, size_t len, bool lenient, struct marking_value *ret)
{
	struct lexicon lexicon;
	struct line line;

	if (len == 0)
		return false;
	if (parse_tag(text, len, ret))
		return true;
	lexicon_init(&lexicon);
	line_read(&line, &lexicon, text, len, LINE_NAME);
	return parse_line(&line, lenient, ret);
}
