/*
 * marking.c - protective markings: grammar and place, not words
 *
 * A hit costs little until it looks like a marking: ordinary words in ordinary text
 * are dismissed by their case and neighbours.  Then its line is taken apart (see
 * marking_grammar.c), signals for and against are collected, and their weights added.
 * What the end of the object decides - repetition, the last lines, portion marks
 * beneath a banner - is added when it is concluded.
 */
#include "marking.h"

#include "marking_grammar.h"
#include "vec.h"

/** How far a line is read either side of a hit, and its surroundings. */
#define LINE_REACH ((size_t)200)
#define AROUND_REACH ((size_t)200)

/** Shorter words beside an underscore are no markings: SECRET_KEY. */
#define NAME_EVIDENCE_MIN ((size_t)12)

/** Hundredths. */
#define SCORE_MEDIUM 60
#define SCORE_HIGH 85

enum signal {
	ALONE,
	PLACE,
	CAPITALS,
	REPEATED,
	LABELLED,
	VALID,
	CLEAR,
	STATED,
	SENTENCE,
	PHRASE,
	RUN_ON,
	BURIED,
	DISCUSSED,
	CODE,
	LEGEND,
	NEGATED,
	COLUMN,
	SIGNALS
};

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
};

/** A candidate, and the strings it keeps. */
struct mark {
	unsigned rule;
	struct assay_occurrence occurrence;
	char *strings; /**< owned: all of the occurrence's */
	uint64_t order;
	uint64_t line;
	uint64_t at; /**< where the expression begins: the same for all hits in it */
	int score;   /**< without what the end of the object adds */
	uint32_t signals;
	uint8_t scheme, tier;
	bool tiered, portion;
	bool own_rule; /**< the rule is the scheme's own */
	bool repeats;  /**< stands where a marking is repeated */
	bool weak;     /**< never certain: a file's name, TLP:RED amid a line */
	bool accepted;
	const char *label;
	char handling[160];
	char descriptors[160];
};

struct markings {
	struct vec(struct mark) marks;
	struct vec(struct marking_found) found;
	uint64_t seen;
	char handling[512];
	char descriptors[512];
	struct lexicon lexicon;
	struct line line, around; /**< scratch */
};

/** A hit's line: the part of the text it is judged by. */
struct view {
	const struct marking_hit *hit;
	const char *text; /**< of the line */
	size_t len;
	size_t begin, end; /**< of the evidence in the line */
	bool cut_left, cut_right;
};

struct markings *markings_new(void)
{
	struct markings *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->marks.limit = m->found.limit = MARKINGS_MAX;
	lexicon_init(&m->lexicon);
	return m;
}

void markings_clear(struct markings *m)
{
	for (size_t i = 0; i < m->marks.len; i++)
		free(m->marks.items[i].strings);
	m->marks.len = m->found.len = 0;
	m->seen = 0;
}

void markings_free(struct markings *m)
{
	if (!m)
		return;
	markings_clear(m);
	vec_done(&m->marks);
	vec_done(&m->found);
	free(m);
}

/* --- cheap tests first --- */

static bool is_line_end(char c)
{
	return c == '\n' || c == '\r' || c == '\f' || c == '\0';
}

/** A file's name, or words joined like one: report_OFFICIAL-SENSITIVE_v2.docx */
static bool is_name_region(const struct marking_hit *h)
{
	char before = h->begin > 0 ? h->text[h->begin - 1] : ' ';
	char after = h->end < h->len ? h->text[h->end] : ' ';

	return h->region == ASSAY_NAME ||
	       ((before == '_' || after == '_') && h->end - h->begin >= NAME_EVIDENCE_MIN);
}

/** Does a word go on beyond the evidence? */
static bool cuts_word(const struct marking_hit *h)
{
	bool underscores = !is_name_region(h);
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
	return !strchr(":=", c) || !ends_label(h, back_over(h, sign - 1, "\"'*_"));
}

static bool field_is_label(const char *field);

/** What stands before a hit decides most of them, at the cost of a few bytes. */
bool marking_is_plain_word(const struct marking_hit *h)
{
	size_t word, sign;
	char before;

	if (h->begin >= h->end || h->end > h->len || cuts_word(h))
		return true;
	if (is_name_region(h))
		return false;
	before = h->begin > 0 ? h->text[h->begin - 1] : ' ';
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

/* --- the line --- */

static void view_line(struct view *v, const struct marking_hit *h)
{
	size_t begin = h->begin, end = h->end;
	size_t evidence = MIN(h->end - h->begin, MARKING_LINE_MAX - 2 * LINE_REACH);

	end = h->begin + evidence;
	while (begin > 0 && h->begin - begin < LINE_REACH && !is_line_end(h->text[begin - 1]))
		begin--;
	while (end < h->len && end - h->begin - evidence < LINE_REACH && !is_line_end(h->text[end]))
		end++;
	*v = (struct view){
		.hit = h,
		.text = h->text + begin,
		.len = end - begin,
		.begin = h->begin - begin,
		.end = h->begin - begin + evidence,
		.cut_left = begin > 0 && !is_line_end(h->text[begin - 1]),
		.cut_right = end < h->len && !is_line_end(h->text[end]),
	};
}

static bool is_head(const struct span *s)
{
	return s->part == PART_TIER || s->part == PART_HEAD;
}

/** The tier the evidence touches; `spans_len` if none. */
static size_t head_at(const struct line *l, size_t begin, size_t end)
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

static bool word_equals(const struct line *l, size_t word, const char *text)
{
	size_t len = strlen(text);

	return l->words[word].len == len && memcmp(l->pool + l->words[word].at, text, len) == 0;
}

static bool word_among(const struct line *l, size_t word, const char *const *list)
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
static bool all_grammar(const struct line *l, size_t from, size_t to)
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

static bool any_case(const struct line *l, const struct expression *e)
{
	return l->spans[e->head].phrase->flags & PHRASE_ANY_CASE;
}

static bool is_alone(const struct view *v, const struct line *l, const struct expression *e)
{
	size_t from, to;
	uint16_t first = span_gap(l, 0);

	if (!v->cut_left && !v->cut_right && !l->cut && all_grammar(l, 0, l->spans_len) &&
	    !(first & GAP_ODD) && !(l->gap_end & GAP_ODD) &&
	    (!(l->gap_end & GAP_STOP) || any_case(l, e)) &&
	    !(v->hit->code && (l->gap_end & GAP_COMMA)))
		return true;
	if (v->hit->code)
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
static bool is_parted_end(const struct line *l, const struct expression *e)
{
	size_t end = e->first + e->len;
	uint16_t before = span_gap(l, e->first), after = span_gap_after(l, end - 1);

	if (e->first == 0)
		return end < l->spans_len && gap_parts(after) && !(after & (GAP_ODD | GAP_BREAK));
	/* Re: and Fw: may stand before it. */
	if (e->first == 1 && l->words[0].len <= 3 && (before & GAP_COLON))
		return gap_parts(after);
	if (e->first == 1 && word_equals(l, 0, "SUBJECT") && (before & GAP_COLON))
		return gap_parts(after);
	return end == l->spans_len && gap_parts(before) && !(before & (GAP_ODD | GAP_COLON));
}

/* --- signals --- */

static const char *const label_fields[] = {
	"classif",       "marking",  "protective", "sensitivity",
	"gsc",           "gpms",     "caveat",     "bjdocumentsecuritylabel",
	"securitylabel", "handling", "msip_label",
};

static bool field_is_label(const char *field)
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

/** `This document is not protectively marked`: three or four words, the first `this`. */
static bool is_stated(const struct line *l, const struct expression *e)
{
	size_t word = l->spans[e->first].first;
	static const char *const is[] = { "IS", "ARE", NULL }, *const this[] = { "THIS", NULL };

	if (!any_case(l, e) || word < 2 || !word_among(l, word - 1, is) ||
	    l->words[word].gap != GAP_SPACE)
		return false;
	for (size_t i = 2; i <= 5 && i <= word; i++)
		if (word_among(l, word - i, this))
			return true;
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

	if (gap_is_strong(gap) || (gap & (GAP_OPEN | GAP_CLOSE)) || is_head(s))
		return;
	if (s->part == PART_TRAP || (s->part == PART_OTHER && form == FORM_CAPS))
		*caps = 1;
	else if (s->part == PART_OTHER && form != FORM_LOWER)
		*title = 1;
}

static bool is_margin(const struct marking_hit *h)
{
	return h->region == ASSAY_HEADER || h->region == ASSAY_FOOTER ||
	       h->region == ASSAY_WATERMARK;
}

static uint32_t bit(enum signal s)
{
	return UINT32_C(1) << s;
}

static bool is_tlp_proper(const struct line *l, const struct expression *e)
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
	if (is_name_region(v->hit) || is_tlp_proper(l, e))
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
					     "GUIDANCE",   "MARKINGS", "CATEGORY", NULL };

	for (size_t i = 0; i < l->words_len; i++)
		if (l->words[i].form == FORM_LOWER && word_among(l, i, about))
			return true;
	return false;
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

static uint32_t surrounding_signals(struct markings *m, const struct view *v, const struct line *l,
				    const struct expression *e, uint32_t have)
{
	uint32_t got = 0;
	size_t on_line = other_tiers(l, e), around;

	if (is_name_region(v->hit))
		return on_line ? bit(LEGEND) : 0;
	read_around(m, v);
	around = other_tiers(&m->around, e);
	if (on_line > 0 || around > 1 || has_part(&m->around, PART_LEGEND))
		got |= bit(LEGEND);
	if (around > 0 ||
	    (!(have & (bit(ALONE) | bit(LABELLED) | bit(STATED))) && speaks_of_marking(l)))
		got |= bit(DISCUSSED);
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
	return !((have & bit(ALONE)) && caps &&
		 (e->clear || (v->hit->near_start && (span_gap(l, 0) & comment))));
}

static bool is_placed(const struct marking_hit *h)
{
	static const bool places[ASSAY_REGIONS] = {
		[ASSAY_HEADER] = true,    [ASSAY_FOOTER] = true,   [ASSAY_TITLE] = true,
		[ASSAY_SUBJECT] = true,   [ASSAY_METADATA] = true, [ASSAY_NAME] = true,
		[ASSAY_WATERMARK] = true,
	};

	return h->near_start || ((unsigned)h->region < ASSAY_REGIONS && places[h->region]);
}

static uint32_t signals_for(struct markings *m, const struct view *v, const struct line *l,
			    const struct expression *e)
{
	const struct marking_hit *h = v->hit;
	uint32_t got = 0;

	if (is_labelled(m, v, l, e))
		got |= bit(LABELLED);
	if (is_alone(v, l, e))
		got |= bit(ALONE);
	else if ((h->region == ASSAY_SUBJECT || h->region == ASSAY_TITLE ||
		  h->region == ASSAY_METADATA) &&
		 is_parted_end(l, e))
		got |= bit(ALONE);
	if (is_placed(h))
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

static uint32_t signals_against(const struct view *v, const struct line *l,
				const struct expression *e, uint32_t have)
{
	const struct marking_hit *h = v->hit;
	bool alone = have & bit(ALONE), stated = have & bit(STATED);
	uint32_t got = 0;
	size_t end = e->first + e->len;

	if (!alone && !stated && !is_name_region(h) && !is_tlp_proper(l, e) && in_sentence(l, e))
		got |= bit(SENTENCE);
	if (!alone && !stated && !(have & bit(LABELLED)))
		got |= phrase_signals(v, l, e);
	if (!(have & (bit(ALONE) | bit(LABELLED) | bit(CLEAR))) && !is_margin(h) &&
	    !is_name_region(h) && e->first > 0 && end < l->spans_len)
		got |= bit(BURIED);
	if (!stated && is_negated(l, e, alone))
		got |= bit(NEGATED);
	if (is_code(v, l, e, have))
		got |= bit(CODE);
	if (h->field && !(have & bit(LABELLED)) && !e->clear &&
	    (h->region == ASSAY_BODY || h->region == ASSAY_COMMENT))
		got |= bit(COLUMN);
	return got;
}

static int weigh(uint32_t signals)
{
	int sum = 0;

	for (int s = 0; s < SIGNALS; s++)
		if (signals >> s & 1)
			sum += weights[s];
	return sum;
}

/** Capitals are required, unless a label precedes or the words leave no doubt. */
static bool case_allows(const struct line *l, const struct expression *e, uint32_t have)
{
	uint8_t flags = l->spans[e->head].phrase->flags;

	if ((flags & PHRASE_LABELLED) && !(have & bit(LABELLED)))
		return false;
	if (have & (bit(CAPITALS) | bit(LABELLED)))
		return true;
	if (flags & PHRASE_ANY_CASE)
		return have & (bit(ALONE) | bit(STATED));
	return is_tlp_proper(l, e) && (have & bit(ALONE));
}

/* --- keeping candidates --- */

/** Copy the occurrence's strings into one block of the mark's own. */
static bool keep_strings(struct mark *mark)
{
	struct assay_occurrence *o = &mark->occurrence;
	const char **texts[] = { &o->loc.sheet, &o->loc.cell, &o->loc.part, &o->loc.header,
				 &o->field,     &o->mask,     &o->value };
	size_t size = 1;
	char *to;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		size += *texts[i] ? strlen(*texts[i]) + 1 : 0;
	to = mark->strings = malloc(size);
	if (!to)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		size_t len;

		if (!*texts[i])
			continue;
		len = strlen(*texts[i]) + 1;
		memcpy(to, *texts[i], len);
		*texts[i] = to;
		to += len;
	}
	return true;
}

/** Most a mark can still reach. */
static int potential(const struct mark *mark)
{
	return mark->score + (mark->repeats ? weights[REPEATED] : 0) +
	       (mark->signals & bit(PLACE) ? 0 : weights[PLACE]);
}

/** Another hit in the same expression: one mark, under the scheme's own rule. */
static bool joins_known(struct markings *m, const struct mark *mark)
{
	for (size_t i = m->marks.len, n = 0; i-- > 0 && n < 16; n++) {
		struct mark *known = &m->marks.items[i];

		if (known->line != mark->line || known->at != mark->at ||
		    strcmp(known->label, mark->label) != 0)
			continue;
		if (!known->own_rule && mark->own_rule) {
			known->rule = mark->rule;
			known->own_rule = true;
		}
		return true;
	}
	return false;
}

/** A place for one more: the weakest goes, if it is weaker. */
static struct mark *place_for(struct markings *m, const struct mark *mark)
{
	struct mark *weakest;

	if (m->marks.len < MARKINGS_MAX)
		return vec_push(&m->marks);
	weakest = &m->marks.items[0];
	for (size_t i = 1; i < m->marks.len; i++)
		if (potential(&m->marks.items[i]) <= potential(weakest))
			weakest = &m->marks.items[i];
	if (potential(weakest) >= potential(mark))
		return NULL;
	free(weakest->strings);
	return weakest;
}

static void keep(struct markings *m, struct mark *mark)
{
	struct mark *place;

	if (potential(mark) < SCORE_MEDIUM || joins_known(m, mark))
		return;
	mark->order = m->seen++;
	place = place_for(m, mark);
	if (!place)
		return;
	if (!keep_strings(mark)) {
		*place = m->marks.items[--m->marks.len];
		return;
	}
	*place = *mark;
}

static bool rule_fits(const char *rule, uint8_t scheme, bool tiered)
{
	return !tiered || strcmp(rule, scheme_name(scheme)) == 0 ||
	       (scheme == SCHEME_OTHER && strcmp(rule, "label") == 0);
}

/** Position of an expression that all hits in it share. */
static uint64_t place_of(const struct marking_hit *h, const char *expression)
{
	uint64_t off = h->occurrence.off;
	ptrdiff_t back = h->text + h->begin - expression;

	return off == ASSAY_NO_OFFSET ? (uint64_t)(uintptr_t)expression : off - (uint64_t)back;
}

static struct mark mark_from(const struct marking_hit *h, const char *at)
{
	return (struct mark){
		.rule = h->rule,
		.occurrence = h->occurrence,
		.line = h->line,
		.at = place_of(h, at),
	};
}

static void copy_list(char *to, size_t cap, const char *from)
{
	size_t len = MIN(strlen(from), cap - 1);

	memcpy(to, from, len);
	to[len] = '\0';
}

/** UK OFFICIAL-SENSITIVE / REL-EU on the line below. */
static void read_next_line(struct markings *m, const struct view *v, struct expression *e)
{
	const struct marking_hit *h = v->hit;
	const char *p = v->text + v->len, *end = h->text + h->len, *q;
	bool adds = false;

	while (p < end && is_line_end(*p) && p - (v->text + v->len) < 2)
		p++;
	for (q = p; q < end && !is_line_end(*q); q++)
		if ((size_t)(q - p) > LINE_REACH / 2)
			return;
	line_read(&m->around, &m->lexicon, p, (size_t)(q - p), LINE_TEXT);
	if (!all_grammar(&m->around, 0, m->around.spans_len))
		return;
	for (size_t i = 0; i < m->around.spans_len; i++) {
		uint8_t part = m->around.spans[i].part;

		adds |= part == PART_HANDLING || part == PART_CAVEAT || part == PART_DESCRIPTOR;
		if (is_head(&m->around.spans[i]))
			return;
	}
	for (size_t i = 0; adds && i < m->around.spans_len; i++)
		if (m->around.spans[i].part != PART_NOISE &&
		    m->around.spans[i].part != PART_LABEL && m->around.spans[i].part != PART_ITEM)
			expression_add(&m->around, i, e);
}

static void judge(struct markings *m, const struct view *v, const struct line *l, size_t head)
{
	const struct marking_hit *h = v->hit;
	struct expression e;
	struct mark mark;
	uint32_t signals;

	expression_read(l, head, &e);
	/* A scheme's rule does not report words like PRIVATE AND CONFIDENTIAL. */
	if (!e.tiered && (strcmp(h->scheme, "label") != 0 && strcmp(h->scheme, "police") != 0 &&
			  strcmp(h->scheme, "foi") != 0))
		return;
	signals = signals_for(m, v, l, &e);
	if (!case_allows(l, &e, signals))
		return;
	signals |= signals_against(v, l, &e, signals);
	/* What stands around it only takes away. */
	if (weigh(signals) + weights[REPEATED] + weights[PLACE] < SCORE_MEDIUM)
		return;
	signals |= surrounding_signals(m, v, l, &e, signals);
	if (signals & bit(ALONE))
		read_next_line(m, v, &e);
	mark = mark_from(h, v->text + l->words[l->spans[e.first].first].begin);
	mark.signals = signals;
	mark.score = weigh(signals);
	mark.weak = is_name_region(h) || (is_tlp_proper(l, &e) && !is_margin(h) &&
					  !(signals & (bit(ALONE) | bit(LABELLED))));
	mark.scheme = e.scheme;
	mark.tier = e.tier;
	mark.tiered = e.tiered;
	mark.label = e.label;
	mark.own_rule = rule_fits(h->scheme, e.scheme, e.tiered);
	mark.repeats = !(signals & bit(COLUMN)) && ((signals & bit(ALONE)) || is_margin(h));
	copy_list(mark.handling, sizeof(mark.handling), e.handling);
	copy_list(mark.descriptors, sizeof(mark.descriptors), e.descriptors);
	keep(m, &mark);
}

/* --- tags --- */

static void keep_sec(struct markings *m, const struct marking_hit *h, const char *at,
		     const struct sec_marking *sec)
{
	struct mark mark = mark_from(h, at);

	mark.signals = bit(ALONE) | bit(CLEAR) | bit(VALID);
	if (is_placed(h))
		mark.signals |= bit(PLACE);
	if (h->code && h->region == ASSAY_BODY)
		mark.signals |= bit(CODE);
	mark.score = weigh(mark.signals);
	mark.scheme = SCHEME_AU;
	mark.tier = (uint8_t)sec->tier;
	mark.tiered = true;
	mark.label = sec->label;
	mark.own_rule = strcmp(h->scheme, "au") == 0;
	copy_list(mark.handling, sizeof(mark.handling), sec->handling);
	copy_list(mark.descriptors, sizeof(mark.descriptors), sec->descriptors);
	keep(m, &mark);
}

/** [SEC=...] or X-Protective-Marking around the hit. */
static bool judge_sec(struct markings *m, const struct view *v)
{
	const struct marking_hit *h = v->hit;
	const char *found = memmem(v->text, v->len, "SEC=", 4);
	const char *end = h->text + h->len, *q = v->text;
	struct sec_marking sec;

	if (!found || found > h->text + h->end)
		return false;
	while (q < end && !is_line_end(*q) && q - v->text < 1200)
		q++;
	if (sec_header(v->text, (size_t)(q - v->text), &sec)) {
		keep_sec(m, h, v->text, &sec);
		return true;
	}
	if (found > v->text && found[-1] == '[' &&
	    sec_subject(found - 1, (size_t)(q - found) + 1, &sec))
		keep_sec(m, h, found - 1, &sec);
	return true;
}

/** (S//NF) at the front of a paragraph. */
static bool judge_portion(struct markings *m, const struct view *v)
{
	const char *label, *p = v->text;
	struct mark mark;
	int tier;

	while (p < v->text + v->begin && is_space(*p))
		p++;
	if (v->cut_left || p + 2 < v->text + v->begin || p >= v->text + v->len || *p != '(')
		return false;
	tier = portion_tier(p, v->len - (size_t)(p - v->text), &label);
	if (tier < 0)
		return false;
	mark = mark_from(v->hit, p);
	mark.signals = bit(VALID) | bit(CLEAR) | bit(CAPITALS) | bit(PLACE);
	mark.score = SCORE_MEDIUM;
	mark.scheme = SCHEME_US;
	mark.tier = (uint8_t)tier;
	mark.tiered = mark.portion = true;
	mark.label = label;
	mark.own_rule = strcmp(v->hit->scheme, "us") == 0;
	keep(m, &mark);
	return true;
}

void markings_add(struct markings *m, const struct marking_hit *hit)
{
	struct view v;
	size_t head;

	if (marking_is_plain_word(hit))
		return;
	view_line(&v, hit);
	if (judge_sec(m, &v) || judge_portion(m, &v))
		return;
	line_read(&m->line, &m->lexicon, v.text, v.len,
		  is_name_region(hit) ? LINE_NAME : LINE_TEXT);
	head = head_at(&m->line, v.begin, v.end);
	if (head < m->line.spans_len)
		judge(m, &v, &m->line, head);
}

/* --- the end of the object --- */

static bool is_repeated(const struct markings *m, const struct mark *mark)
{
	if (!mark->repeats)
		return false;
	for (size_t i = 0; i < m->marks.len; i++) {
		const struct mark *o = &m->marks.items[i];

		if (o != mark && o->repeats && o->line != mark->line &&
		    strcmp(o->label, mark->label) == 0)
			return true;
	}
	return false;
}

static enum assay_confidence conclude_one(const struct markings *m, struct mark *mark,
					  uint64_t last_line)
{
	uint32_t late = 0;
	int total;

	if (!mark->portion && is_repeated(m, mark))
		late |= bit(REPEATED);
	/* The last lines, for what is not buried in prose. */
	if (!(mark->signals & (bit(PLACE) | bit(BURIED) | bit(COLUMN))) &&
	    mark->line + 3 > last_line)
		late |= bit(PLACE);
	total = mark->score + weigh(late);
	mark->accepted = total >= SCORE_MEDIUM;
	return total >= SCORE_HIGH && !mark->weak ? ASSAY_HIGH
	       : total >= SCORE_MEDIUM            ? ASSAY_MEDIUM
						  : ASSAY_LOW;
}

/** A banner whose portions may be marked stands above. */
static bool has_banner(const struct markings *m, const struct mark *portion)
{
	static const char *const banners[] = { "TOP SECRET", "SECRET", "CONFIDENTIAL",
					       "UNCLASSIFIED", "CUI" };

	for (size_t i = 0; i < m->marks.len; i++) {
		const struct mark *o = &m->marks.items[i];

		for (size_t b = 0; b < ARRAY_SIZE(banners); b++)
			if (o->accepted && !o->portion && o->line <= portion->line &&
			    o->scheme != SCHEME_AU && strcmp(o->label, banners[b]) == 0)
				return true;
	}
	return false;
}

static int by_place(const void *a, const void *b)
{
	const struct mark *ma = a, *mb = b;

	if (ma->line != mb->line)
		return ma->line < mb->line ? -1 : 1;
	return ma->order < mb->order ? -1 : ma->order > mb->order;
}

/** Is `a` the object's marking rather than `b`? */
static bool outranks(const struct mark *a, const struct mark *b)
{
	bool ha = a->occurrence.confidence == ASSAY_HIGH,
	     hb = b->occurrence.confidence == ASSAY_HIGH;
	bool ca = a->scheme != SCHEME_TLP, cb = b->scheme != SCHEME_TLP;

	if (ha != hb)
		return ha;
	if (a->tier != b->tier)
		return a->tier > b->tier;
	if (ca != cb)
		return ca;
	return a->score > b->score;
}

static const char *where_of(enum assay_region r)
{
	static const char *const names[ASSAY_REGIONS] = {
		[ASSAY_HEADER] = "header",     [ASSAY_FOOTER] = "footer",
		[ASSAY_WATERMARK] = "header",  [ASSAY_SUBJECT] = "subject",
		[ASSAY_METADATA] = "metadata", [ASSAY_NAME] = "name",
	};

	return (unsigned)r < ASSAY_REGIONS && names[r] ? names[r] : "body";
}

/** Add the members of one list to another, each once. */
static void merge_list(char *to, size_t cap, const char *from)
{
	while (*from) {
		size_t len = strcspn(from, ";"), have = strlen(to);
		bool known = false;

		for (const char *p = to; (p = strstr(p, "; ")); p += 2)
			known |=
			    strncmp(p + 2, from, len) == 0 && (p[2 + len] == ';' || !p[2 + len]);
		known |= strncmp(to, from, len) == 0 && (to[len] == ';' || !to[len]);
		if (!known && have + len + 3 <= cap) {
			memcpy(to + have, "; ", have ? 2 : 0);
			have += have ? 2 : 0;
			memcpy(to + have, from, len);
			to[have + len] = '\0';
		}
		from += len + strspn(from + len, "; ");
	}
}

/** What all places of the marking say, and words like COMMERCIAL IN CONFIDENCE. */
static void collect_lists(struct markings *m, const struct mark *best)
{
	m->handling[0] = m->descriptors[0] = '\0';
	for (size_t i = 0; i < m->marks.len; i++) {
		const struct mark *mark = &m->marks.items[i];

		if (!mark->accepted)
			continue;
		if (!mark->tiered)
			merge_list(m->handling, sizeof(m->handling), mark->label);
		else if (strcmp(mark->label, best->label) == 0) {
			merge_list(m->handling, sizeof(m->handling), mark->handling);
			merge_list(m->descriptors, sizeof(m->descriptors), mark->descriptors);
		}
	}
}

static struct assay_marking effective(struct markings *m)
{
	const struct mark *best = NULL;

	for (size_t i = 0; i < m->marks.len; i++) {
		const struct mark *mark = &m->marks.items[i];

		if (mark->accepted && mark->tiered && (!best || outranks(mark, best)))
			best = mark;
	}
	if (!best)
		return (struct assay_marking){ .label = NULL };
	collect_lists(m, best);
	return (struct assay_marking){
		.label = best->label,
		.scheme = scheme_name(best->scheme),
		.tier = best->tier,
		.confidence = best->occurrence.confidence,
		.where = where_of(best->occurrence.region),
		.handling = m->handling,
		.descriptors = m->descriptors,
	};
}

void markings_conclude(struct markings *m, uint64_t last_line, struct assay_marking *ret_marking,
		       const struct marking_found **ret_found, size_t *ret_found_len)
{
	m->found.len = 0;
	if (m->marks.len > 1)
		qsort(m->marks.items, m->marks.len, sizeof(*m->marks.items), by_place);
	for (size_t i = 0; i < m->marks.len; i++)
		m->marks.items[i].occurrence.confidence =
		    conclude_one(m, &m->marks.items[i], last_line);
	for (size_t i = 0; i < m->marks.len; i++) {
		struct mark *mark = &m->marks.items[i];
		struct marking_found *f;

		mark->accepted &= !mark->portion || has_banner(m, mark);
		f = mark->accepted ? vec_push(&m->found) : NULL;
		if (f)
			*f = (struct marking_found){ mark->rule, &mark->occurrence };
	}
	*ret_marking = effective(m);
	*ret_found = m->found.items;
	*ret_found_len = m->found.len;
}

/* --- values --- */

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
