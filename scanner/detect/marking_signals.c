/*
 * marking_signals.c - what speaks for a marking, and what against it
 *
 * Each signal looks at one thing: the label before it, the sentence it stands in, the
 * words beside it, the text around.  Their weights are added.
 */
#include "marking_judge.h"

/** How far the surroundings reach. */
#define AROUND_REACH ((size_t)200)

/** What each signal weighs: reference/markings.md F5. */
static const int weights[SIGNALS] = {
	[ALONE] = 50, /* the line, or its cell, is nothing but marking grammar */
	[PLACE] = 30, /* header, footer, subject, first or last lines */
	[CAPITALS] = 20,   [REPEATED] = 20, /* in two places or more */
	[LABELLED] = 40,                    /* after `Classification:` or in a field of that name */
	[VALID] = 10,                       /* the scheme allows the combination */
	[CLEAR] = 30,                       /* it can hardly mean anything else */
	[STATED] = 40,                      /* `This document is not protectively marked` */
	[SENTENCE] = -60,                   /* words of prose either side */
	[PHRASE] = -60,                     /* part of a longer phrase in capitals: SECRET SANTA */
	[RUN_ON] = -30,                     /* the title that follows may be one phrase with it */
	[BURIED] = -30,                     /* a common word in the middle of a line */
	[DISCUSSED] = -50,                  /* another tier nearby, or words about marking */
	[CODE] = -80,                       /* code, paths, keys */
	[LEGEND] = -60,                     /* a list of all tiers, a form's choice */
	[NEGATED] = -40,                    /* not, formerly, was marked; quoted */
	[COLUMN] = -30,                     /* a common word under a heading about something else */
	[AROUND] = 0,                       /* the other tiers are on lines around it */
};

/** The line above, if it is nothing but a label. */
static bool label_above(struct markings *m, const struct view *v)
{
	const char *begin = v->hit->text, *end = v->text, *p;
	bool labelled = false;

	while (end > begin && is_line_end(end[-1]) && v->text - end < 3)
		end--;
	p = end;
	while (p > begin && end - p < 60 && !is_line_end(p[-1]))
		p--;
	if (p == end || (p > begin && !is_line_end(p[-1])))
		return false;
	line_read(&m->around, &m->lexicon, p, (size_t)(end - p), LINE_TEXT);
	for (size_t i = 0; i < m->around.spans_len; i++) {
		uint8_t part = m->around.spans[i].part;

		labelled |= part == PART_LABEL;
		if (part != PART_LABEL && part != PART_ITEM && part != PART_NOISE)
			return false;
	}
	return labelled;
}

static bool is_labelled(struct markings *m, const struct view *v, const struct line *l,
			const struct expression *e)
{
	uint16_t gap = span_gap(l, e->first);
	uint8_t before = e->first > 0 ? l->spans[e->first - 1].part : PART_OTHER;
	bool caps = span_is_caps(l, &l->spans[e->head]);

	if (field_is_label(v->hit->field))
		return true;
	if (gap & (GAP_STOP | GAP_BREAK))
		return false;
	if (before == PART_LABEL)
		return caps || any_case(l, e) || (gap & ~(GAP_SPACE | GAP_OPEN));
	if (before == PART_ITEM)
		return gap & (GAP_COLON | GAP_CELL);
	return e->first == 0 && !v->cut_left && label_above(m, v);
}

/** Does nothing, or the end of the clause, follow? */
static bool ends_clause(const struct line *l, const struct expression *e)
{
	static const char *const on[] = { "AND", "WHEN", "UNTIL", NULL };
	const uint16_t stops = GAP_STOP | GAP_COMMA | GAP_CLOSE | GAP_CELL | GAP_BREAK;
	size_t end = e->first + e->len;

	return end >= l->spans_len || (span_gap(l, end) & stops) ||
	       (e->clear && word_among(l, l->spans[end].first, on));
}

/** The words before `word` that say what it is: IS, IS MARKED AS, HAS BEEN CLASSIFIED. */
static size_t stating_words(const struct line *l, size_t word, bool *ret_says_marked)
{
	static const char *const as[] = { "AS", NULL },
				 *const marked[] = { "MARKED", "CLASSIFIED", NULL },
				 *const is[] = { "IS", "ARE", "BEEN", NULL };
	size_t n = 0;

	if (n < word && word_among(l, word - 1, as))
		n++;
	*ret_says_marked = n < word && word_among(l, word - 1 - n, marked);
	n += *ret_says_marked;
	return n < word && word_among(l, word - 1 - n, is) ? n + 1 : 0;
}

/** `This document is not protectively marked`, `this report is marked OFFICIAL-SENSITIVE` */
static bool is_stated(const struct line *l, const struct expression *e)
{
	static const char *const this[] = { "THIS", NULL };
	size_t word = l->spans[e->first].first, n;
	bool says_marked;

	if (l->spans[e->head].phrase->flags & PHRASE_STATEMENT)
		return true;
	n = stating_words(l, word, &says_marked);
	if (n == 0 || l->words[word].gap != GAP_SPACE || !ends_clause(l, e) ||
	    !(any_case(l, e) || (says_marked && span_is_caps(l, &l->spans[e->head])) || e->clear))
		return false;
	for (size_t i = n + 1; i <= n + 4 && i <= word; i++)
		if (word_among(l, word - i, this))
			return i > n + 1 || i == word; /* not: a document like this is ... */
	return false;
}

/** A gap that ends a sentence's hold on what follows. */
static bool gap_is_strong(uint16_t gap)
{
	return ((gap & GAP_HYPHEN) && (gap & GAP_SPACE)) ||
	       (gap & (GAP_COLON | GAP_DSLASH | GAP_CELL | GAP_MARK | GAP_TIGHT | GAP_BREAK));
}

static bool is_prose_word(const struct line *l, const struct span *s)
{
	static const char *const articles[] = { "THE", "A",   "AN",  "THIS", "ALL", "ANY",
						"NO",  "AND", "FOR", "TO",   NULL };
	const struct word *w = &l->words[s->first];

	if (s->part != PART_OTHER && s->part != PART_LABEL && s->part != PART_ITEM)
		return false;
	return w->form == FORM_LOWER ||
	       (w->form == FORM_TITLE && word_among(l, s->first, articles));
}

static bool in_sentence(const struct line *l, const struct expression *e)
{
	size_t end = e->first + e->len;
	uint16_t before = span_gap(l, e->first), after = span_gap_after(l, end - 1);
	bool bracketed = e->first == 0 && (before & GAP_OPEN) && (after & GAP_CLOSE);

	if (e->first > 0 && !gap_is_strong(before) && l->spans[e->first - 1].part == PART_OTHER &&
	    is_prose_word(l, &l->spans[e->first - 1]))
		return true;
	if (end < l->spans_len && !gap_is_strong(after) && !bracketed &&
	    is_prose_word(l, &l->spans[end]))
		return true;
	/* `... is SECRET.` */
	return e->first > 0 && (after & GAP_STOP) && end == l->spans_len &&
	       l->spans[e->first - 1].part == PART_OTHER && !gap_is_strong(before);
}

/** How does a neighbour without a sign between belong to the expression? */
static void judge_neighbour(const struct line *l, size_t span, uint16_t gap, uint32_t *caps,
			    uint32_t *title)
{
	const struct span *s = &l->spans[span];
	uint8_t form = l->words[s->first].form;
	bool is_word =
	    s->part == PART_OTHER ||
	    (s->part == PART_ITEM && !(span_gap_after(l, span) & (GAP_COLON | GAP_CELL)));

	if (gap_is_strong(gap) || (gap & (GAP_OPEN | GAP_CLOSE)) || is_head(s))
		return;
	if (s->part == PART_TRAP || (is_word && form == FORM_CAPS))
		*caps = 1;
	else if (is_word && form != FORM_LOWER)
		*title = 1;
}

bool is_margin(const struct marking_hit *h)
{
	return h->region == ASSAY_HEADER || h->region == ASSAY_FOOTER ||
	       h->region == ASSAY_WATERMARK;
}

bool is_tlp_proper(const struct line *l, const struct expression *e)
{
	return e->scheme == SCHEME_TLP && (l->spans[e->head].phrase->flags & PHRASE_CLEAR);
}

static uint32_t phrase_signals(const struct view *v, const struct line *l,
			       const struct expression *e)
{
	uint32_t before_caps = 0, before_title = 0, caps = 0, title = 0;
	size_t end = e->first + e->len;
	bool official = strncmp(e->label, "OFFICIAL", 8) == 0;
	/* The tier itself, not what follows: RESTRICTED - STAFF ONLY is a door. */
	bool sure = l->spans[e->head].phrase->flags & PHRASE_CLEAR;

	if (e->first > 0)
		judge_neighbour(l, e->first - 1, span_gap(l, e->first), &before_caps,
				&before_title);
	if (end < l->spans_len)
		judge_neighbour(l, end, span_gap(l, end), &caps, &title);
	if ((caps || before_caps) && !(sure && is_margin(v->hit)))
		return bit(PHRASE);
	if (hit_is_name(v->hit) || is_tlp_proper(l, e))
		return 0;
	/* A running title stands after it, or before it at the line's end. */
	if (e->clear && (is_margin(v->hit) || v->hit->near_start))
		return 0;
	if (before_title && !(is_margin(v->hit) && end == l->spans_len))
		return bit(is_margin(v->hit) ? RUN_ON : PHRASE);
	if (title && !(official && (is_margin(v->hit) || v->hit->near_start)) &&
	    !(is_margin(v->hit) && e->scheme == SCHEME_GPMS))
		return bit(RUN_ON);
	return 0;
}

/** Tiers are compared within a family of schemes that a document may mix up. */
static int family(uint8_t scheme)
{
	return scheme == SCHEME_TLP || scheme == SCHEME_NATO || scheme == SCHEME_EU ? scheme : 0;
}

static bool same_marking(const struct expression *e, const struct phrase *p)
{
	const char *label = p->label ? p->label : p->text;

	if (e->tier == p->tier && strncmp(e->label, "OFFICIAL", 8) == 0 &&
	    strncmp(label, "OFFICIAL", 8) == 0)
		return true;
	return strcmp(e->label, label) == 0;
}

/** Different tiers of the family among the spans: 0, 1 or 2 for more. */
static size_t other_tiers(const struct line *l, const struct expression *e)
{
	const struct phrase *first = NULL;

	for (size_t i = 0; i < l->spans_len; i++) {
		const struct span *s = &l->spans[i];

		if (s->part != PART_TIER || !span_is_caps(l, s) ||
		    s->phrase->flags & PHRASE_LABELLED ||
		    family(s->phrase->scheme) != family(e->scheme) ||
		    s->phrase->scheme == SCHEME_OTHER || same_marking(e, s->phrase))
			continue;
		if (first && first->tier != s->phrase->tier)
			return 2;
		first = s->phrase;
	}
	return first ? 1 : 0;
}

static bool has_part(const struct line *l, enum part part)
{
	for (size_t i = 0; i < l->spans_len; i++)
		if (l->spans[i].part == part)
			return true;
	return false;
}

/** Does the line talk about marking? */
static bool speaks_of_marking(const struct line *l)
{
	static const char *const about[] = { "SCHEME",     "POLICY",   "TIER",     "TIERS",
					     "DEFINITION", "MARKED",   "EXAMPLE",  "TRAINING",
					     "GUIDANCE",   "MARKINGS", "CATEGORY", "MEANS",
					     "WHAT",       "HOW",      NULL };

	for (size_t i = 0; i < l->words_len; i++)
		if (l->words[i].form == FORM_LOWER && word_among(l, i, about))
			return true;
	return false;
}

static bool is_talk(const struct line *l, uint32_t have)
{
	return !(have & (bit(ALONE) | bit(LABELLED) | bit(STATED))) && speaks_of_marking(l);
}

/** The text around, whole lines if their ends are near: no TOP SECRET is cut in two. */
static void read_around(struct markings *m, const struct view *v)
{
	const struct marking_hit *h = v->hit;
	size_t begin = h->begin > AROUND_REACH ? h->begin - AROUND_REACH : 0;
	size_t end = MIN(h->begin + AROUND_REACH, h->len);

	while (begin > 0 && h->begin - begin < AROUND_REACH + 40 &&
	       !is_line_end(h->text[begin - 1]))
		begin--;
	while (begin > 0 && begin < h->begin && is_alnum(h->text[begin - 1]))
		begin++;
	while (end < h->len && end - h->begin < AROUND_REACH + 40 && !is_line_end(h->text[end]))
		end++;
	line_read(&m->around, &m->lexicon, h->text + begin, end - begin, LINE_TEXT);
}

uint32_t signals_around(struct markings *m, const struct view *v, const struct line *l,
			const struct expression *e, uint32_t have)
{
	uint32_t got = 0;
	size_t on_line = other_tiers(l, e), around;

	if (hit_is_name(v->hit))
		return on_line ? bit(LEGEND) : 0;
	/* What is around a header or a property is another part of the document. */
	if (is_margin(v->hit) || v->hit->region == ASSAY_METADATA ||
	    v->hit->region == ASSAY_SUBJECT)
		return (on_line > 0 || has_part(l, PART_LEGEND) ? bit(LEGEND) : 0) |
		       (is_talk(l, have) ? bit(DISCUSSED) : 0);
	read_around(m, v);
	around = other_tiers(&m->around, e);
	if (on_line > 0 || around > 1 || has_part(&m->around, PART_LEGEND))
		got |= bit(LEGEND);
	if (around > 0 || is_talk(l, have))
		got |= bit(DISCUSSED);
	if (around > 0 && on_line == 0 && !is_talk(l, have))
		got |= bit(AROUND);
	return got;
}

/** `not`, `formerly`, `was marked` before it, or quotes around it in a sentence. */
static bool is_negated(const struct line *l, const struct expression *e, bool alone)
{
	static const char *const words[] = { "NOT",    "FORMERLY",   "PREVIOUSLY",   "WAS",
					     "WERE",   "DOWNGRADED", "DECLASSIFIED", "NEVER",
					     "LONGER", "EX",         "RECLASSIFIED", NULL };
	size_t word = l->spans[e->first].first, end = e->first + e->len;
	size_t after = end < l->spans_len ? l->spans[end].first : l->words_len;

	for (size_t i = 1; i <= 4 && i <= word; i++) {
		if (l->words[word - i + 1].gap & (GAP_STOP | GAP_BREAK | GAP_CELL))
			break;
		if (word_among(l, word - i, words))
			return true;
	}
	if (after < l->words_len && word_equals(l, after, "DECLASSIFIED"))
		return true;
	return !alone && (span_gap(l, e->first) & GAP_QUOTE) &&
	       (span_gap_after(l, end - 1) & GAP_QUOTE);
}

static bool looks_like_code(const struct line *l, const struct expression *e, bool labelled)
{
	size_t end = e->first + e->len;
	uint16_t before = span_gap(l, e->first), after = span_gap_after(l, end - 1);

	if ((before & GAP_QUOTE) && (after & GAP_QUOTE) && (after & GAP_COLON))
		return true; /* "SECRET": */
	if ((before & GAP_DSLASH) && (before & GAP_COLON) && !(before & GAP_SPACE))
		return true; /* https:// */
	if ((after & GAP_ODD) || ((before & GAP_ODD) && !labelled))
		return true;
	if ((before & GAP_SLASH) && !(before & GAP_SPACE) &&
	    (e->first == 0 || l->spans[e->first - 1].part == PART_OTHER))
		return true;
	return (after & GAP_SLASH) && !(after & GAP_SPACE) &&
	       (end == l->spans_len || l->spans[end].part == PART_OTHER);
}

/** In code a marking stands alone in a comment near the top, or says what it is. */
static bool is_code(const struct view *v, const struct line *l, const struct expression *e,
		    uint32_t have)
{
	const uint16_t comment = GAP_MARK | GAP_DSLASH | GAP_SLASH | GAP_HYPHEN;
	bool labelled = have & bit(LABELLED), caps = have & bit(CAPITALS);

	if (looks_like_code(l, e, labelled))
		return true;
	if (!v->hit->code || (labelled && caps))
		return false;
	/* The title above a table. */
	if (v->hit->table && v->hit->near_start && (have & bit(ALONE)) && caps)
		return false;
	return !((have & bit(ALONE)) && caps &&
		 (e->clear || (v->hit->near_start && (span_gap(l, 0) & comment))));
}

bool is_placed(const struct marking_hit *h)
{
	static const bool places[ASSAY_REGIONS] = {
		[ASSAY_HEADER] = true,    [ASSAY_FOOTER] = true,   [ASSAY_TITLE] = true,
		[ASSAY_SUBJECT] = true,   [ASSAY_METADATA] = true, [ASSAY_NAME] = true,
		[ASSAY_WATERMARK] = true,
	};

	return h->near_start || ((unsigned)h->region < ASSAY_REGIONS && places[h->region]);
}

uint32_t signals_for(struct markings *m, const struct view *v, const struct line *l,
		     const struct expression *e)
{
	const struct marking_hit *h = v->hit;
	bool subject = h->region == ASSAY_BODY && is_subject_line(v);
	uint32_t got = 0;

	if (is_labelled(m, v, l, e))
		got |= bit(LABELLED);
	if (is_alone(v, l, e))
		got |= bit(ALONE);
	else if ((subject || h->region == ASSAY_SUBJECT || h->region == ASSAY_TITLE ||
		  h->region == ASSAY_METADATA) &&
		 is_parted_end(l, e))
		got |= bit(ALONE);
	if (subject || is_placed(h))
		got |= bit(PLACE);
	if (span_is_caps(l, &l->spans[e->head]))
		got |= bit(CAPITALS);
	if (e->valid)
		got |= bit(VALID);
	if (e->clear)
		got |= bit(CLEAR);
	if (is_stated(l, e))
		got |= bit(STATED);
	return got;
}

/** Parking: RESTRICTED */
static bool is_of_other_heading(const struct line *l, const struct expression *e)
{
	static const char *const headings[] = { "ACCESS", "AREA",    "ENTRY", "FILM", "KIND",
						"NAME",   "PARKING", "ROAD",  "SONG", "SPEED",
						"TITLE",  "TYPE",    "ZONE",  NULL };

	return e->first > 0 && (span_gap(l, e->first) & GAP_COLON) &&
	       word_among(l, l->spans[e->first].first - 1, headings);
}

/** TOP SECRET: THE STORY OF A HOUSE */
static bool is_title(const struct line *l, const struct expression *e)
{
	size_t end = e->first + e->len;

	return end < l->spans_len && (span_gap(l, end) & GAP_COLON) &&
	       word_equals(l, l->spans[end].first, "THE");
}

uint32_t signals_against(const struct view *v, const struct line *l, const struct expression *e,
			 uint32_t have)
{
	const struct marking_hit *h = v->hit;
	bool alone = have & bit(ALONE), stated = have & bit(STATED);
	uint32_t got = 0;
	size_t end = e->first + e->len;

	if (!alone && !stated && !hit_is_name(h) && !is_tlp_proper(l, e) && in_sentence(l, e))
		got |= bit(SENTENCE);
	if (!alone && !stated && !(have & bit(LABELLED)))
		got |= phrase_signals(v, l, e);
	if (!(have & (bit(ALONE) | bit(LABELLED) | bit(CLEAR))) && !is_margin(h) &&
	    !hit_is_name(h) && e->first > 0 && end < l->spans_len)
		got |= bit(BURIED);
	if (!stated && is_negated(l, e, alone))
		got |= bit(NEGATED);
	if (is_code(v, l, e, have))
		got |= bit(CODE);
	if (h->field && !(have & bit(LABELLED)) && !e->clear &&
	    (h->region == ASSAY_BODY || h->region == ASSAY_COMMENT))
		got |= bit(COLUMN);
	if (!(have & bit(LABELLED)) && !e->clear && is_of_other_heading(l, e))
		got |= bit(COLUMN);
	if (!alone && !e->clear && is_title(l, e))
		got |= bit(PHRASE);
	return got;
}

int weigh(uint32_t signals)
{
	int sum = 0;

	for (int s = 0; s < SIGNALS; s++)
		if (signals >> s & 1)
			sum += weights[s];
	return sum;
}

bool case_allows(const struct line *l, const struct expression *e, uint32_t have)
{
	uint8_t flags = l->spans[e->head].phrase->flags;

	if ((flags & PHRASE_LABELLED) && !(have & bit(LABELLED)))
		return false;
	if ((flags & PHRASE_PLACED) && !(have & (bit(LABELLED) | bit(PLACE))) && e->len == 1 &&
	    !e->clear)
		return false;
	if (have & (bit(CAPITALS) | bit(LABELLED)))
		return true;
	if (flags & PHRASE_ANY_CASE)
		return have & (bit(ALONE) | bit(STATED));
	/* Official-Sensitive, as some write it in their headers */
	if (e->scheme == SCHEME_GSCP && e->tier == 2 && (flags & PHRASE_CLEAR) &&
	    l->words[l->spans[e->head].first].form == FORM_TITLE)
		return (have & bit(ALONE)) && (have & bit(PLACE));
	return is_tlp_proper(l, e) && (have & bit(ALONE));
}

int weight_of(enum signal s)
{
	return weights[s];
}
