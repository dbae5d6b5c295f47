/* marking_view.c - a hit's line, and how a marking stands on it */
#include "marking_judge.h"

void view_line(struct view *v, const struct marking_hit *h)
{
	size_t begin = h->begin, end = h->end;
	size_t evidence = MIN(h->end - h->begin, MARKING_LINE_MAX - 2 * LINE_REACH);
	/* Of data on one line, what is the field's: "marking": "OFFICIAL", "body": ... */
	bool quoted = h->code && field_is_label(h->field), cell = quoted && h->cell;

	end = h->begin + evidence;
	while (!cell && begin > 0 && h->begin - begin < LINE_REACH &&
	       !is_line_end(h->text[begin - 1]) && !(quoted && h->text[begin - 1] == '"'))
		begin--;
	while (!cell && end < h->len && end - h->begin - evidence < LINE_REACH &&
	       !is_line_end(h->text[end]) && !(quoted && h->text[end] == '"'))
		end++;
	*v = (struct view){
		.hit = h,
		.text = h->text + begin,
		.len = end - begin,
		.begin = h->begin - begin,
		.end = h->begin - begin + evidence,
		.cut_left = !cell && begin > 0 && !is_line_end(h->text[begin - 1]) &&
			    !(quoted && h->text[begin - 1] == '"'),
		.cut_right = !cell && end < h->len && !is_line_end(h->text[end]) &&
			     !(quoted && h->text[end] == '"'),
	};
}

bool is_head(const struct span *s)
{
	return s->part == PART_TIER || s->part == PART_HEAD;
}

/** The tier the evidence touches; `spans_len` if none. */
size_t head_at(const struct line *l, size_t begin, size_t end)
{
	size_t found = l->spans_len;

	for (size_t i = 0; i < l->spans_len; i++) {
		const struct span *s = &l->spans[i];
		size_t from = l->words[s->first].begin;
		size_t to = l->words[s->first + s->len - 1].end;

		if (from < end && begin < to && is_head(s) &&
		    (found == l->spans_len || s->part == PART_TIER))
			found = i;
		if (found == i && s->part == PART_TIER)
			break;
	}
	return found;
}

bool word_equals(const struct line *l, size_t word, const char *text)
{
	size_t len = strlen(text);

	return l->words[word].len == len && memcmp(l->pool + l->words[word].at, text, len) == 0;
}

bool word_among(const struct line *l, size_t word, const char *const *list)
{
	for (; *list; list++)
		if (word_equals(l, word, *list))
			return true;
	return false;
}

/** Could the span stand in a line of nothing but marking? */
static bool is_grammar(const struct line *l, size_t i)
{
	const struct span *s = &l->spans[i];

	switch (s->part) {
	case PART_OTHER:
	case PART_TRAP:
	case PART_LEGEND:
	case PART_NUMBER:
		return false;
	case PART_ITEM:
		return span_gap_after(l, i) & (GAP_COLON | GAP_CELL);
	case PART_PREFIX:
		return i + 1 < l->spans_len && l->spans[i + 1].part == PART_TIER;
	case PART_NOISE:
		return !s->phrase || s->len > 1 || l->words[s->first].form != FORM_LOWER ||
		       (i > 0 && l->spans[i - 1].part == PART_NOISE) ||
		       (i + 1 < l->spans_len && is_grammar(l, i + 1));
	default:
		return true;
	}
}

/** Are spans [from, to) grammar, with only fitting signs between them? */
bool all_grammar(const struct line *l, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		uint16_t gap = span_gap(l, i);

		if (!is_grammar(l, i))
			return false;
		if (i > from && (gap & (GAP_ODD | GAP_STOP)))
			return false;
	}
	return from < to;
}

/** The cell of an expression: its neighbours up to a tab, bar or wide space. */
static void cell_of(const struct line *l, const struct expression *e, size_t *ret_from,
		    size_t *ret_to)
{
	const uint16_t border = GAP_CELL | GAP_TIGHT | GAP_BREAK;
	size_t from = e->first, to = e->first + e->len;

	while (from > 0 && !(span_gap(l, from) & border))
		from--;
	while (to < l->spans_len && !(span_gap(l, to) & border))
		to++;
	*ret_from = from;
	*ret_to = to;
}

bool any_case(const struct line *l, const struct expression *e)
{
	return l->spans[e->head].phrase->flags & PHRASE_ANY_CASE;
}

/** { SAFE | RESTRICTED }, equals('password','SECRET'): choices and calls, not cells. */
static bool is_like_code(const struct line *l)
{
	if (l->gap_end & GAP_ODD)
		return true;
	for (size_t i = 0; i < l->words_len; i++) {
		uint16_t gap = l->words[i].gap;

		if ((gap & GAP_ODD) || (i > 0 && (gap & GAP_OPEN) && !(gap & GAP_SPACE)))
			return true;
	}
	return false;
}

bool is_alone(const struct view *v, const struct line *l, const struct expression *e)
{
	size_t from, to;
	uint16_t first = span_gap(l, 0);

	if (!v->cut_left && !v->cut_right && !l->cut && all_grammar(l, 0, l->spans_len) &&
	    !(first & GAP_ODD) && !(l->gap_end & GAP_ODD) &&
	    (!(l->gap_end & GAP_STOP) || any_case(l, e)) &&
	    !(v->hit->code && (l->gap_end & GAP_COMMA) && !(l->gap_end & GAP_TIGHT)))
		return true;
	if (v->hit->code || (!e->clear && is_like_code(l)))
		return false; /* cells are lists of values */
	cell_of(l, e, &from, &to);
	if ((from == 0 && (v->cut_left || (first & GAP_ODD))) ||
	    (to == l->spans_len && (v->cut_right || l->cut || (l->gap_end & (GAP_ODD | GAP_STOP)))))
		return false;
	if (from > 0 && (span_gap(l, from) & GAP_ODD))
		return false;
	if (to < l->spans_len && (span_gap(l, to) & (GAP_ODD | GAP_STOP)))
		return false;
	return (from > 0 || to < l->spans_len) && all_grammar(l, from, to);
}

/** [OFFICIAL] subject; subject - OFFICIAL: at an end, and parted from the rest. */
/** Words before a subject proper: Subject: Re: Fw: */
static size_t subject_lead(const struct line *l)
{
	size_t n = 0;

	while (n + 1 < l->spans_len && n < 4 && (span_gap(l, n + 1) & GAP_COLON) &&
	       l->spans[n].part == PART_OTHER && l->spans[n].len == 1 &&
	       (l->words[l->spans[n].first].len <= 3 ||
		(n == 0 && word_equals(l, l->spans[0].first, "SUBJECT"))))
		n++;
	return n;
}

bool is_parted_end(const struct line *l, const struct expression *e)
{
	size_t end = e->first + e->len;
	uint16_t before = span_gap(l, e->first), after = span_gap_after(l, end - 1);

	size_t lead = subject_lead(l);

	if (e->first == lead)
		return end < l->spans_len && gap_parts(after) && !(after & (GAP_ODD | GAP_BREAK));
	return end == l->spans_len && gap_parts(before) && !(before & (GAP_ODD | GAP_COLON));
}
