/*
 * marking.c - protective markings: grammar and place, not words
 *
 * A hit costs little until it looks like a marking: ordinary words in ordinary text
 * are dismissed by their case and neighbours (marking_plain.c).  Then its line is
 * taken apart (marking_view.c, marking_grammar.c), signals for and against are collected,
 * and their weights added (marking_signals.c).  What the end of the object decides -
 * repetition, the last lines, portion marks beneath a banner - is added when it is
 * concluded (marking_conclude.c).
 */
#include "marking_judge.h"

struct markings *markings_new(const struct assay_label_name *names, size_t names_len)
{
	struct markings *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->labels = labels_new(names, names_len);
	m->header = labels_new(names, names_len);
	if (!m->labels || !m->header) {
		markings_free(m);
		return NULL;
	}
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
	m->us_block = 0;
	m->rows = (struct register_look){ 0 };
	labels_clear(m->labels);
}

void markings_free(struct markings *m)
{
	if (!m)
		return;
	markings_clear(m);
	vec_done(&m->marks);
	vec_done(&m->found);
	labels_free(m->labels);
	labels_free(m->header);
	free(m);
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

/** A scheme's rule does not report words like PRIVATE AND CONFIDENTIAL. */
static bool takes_words(const char *rule, uint8_t scheme)
{
	static const char *const of_words[] = { "label", "police", "foi" };

	for (size_t i = 0; i < ARRAY_SIZE(of_words); i++)
		if (strcmp(rule, of_words[i]) == 0)
			return true;
	return strcmp(rule, scheme_name(scheme)) == 0;
}

/** What is only talked about, and would be a marking if it were not. */
static bool is_mention(uint32_t signals)
{
	const uint32_t talk = bit(DISCUSSED) | bit(LEGEND) | bit(NEGATED);

	return (signals & talk) && weigh(signals & ~talk) >= SCORE_MEDIUM && !(signals & bit(CODE));
}

static void judge(struct markings *m, const struct view *v, const struct line *l, size_t head)
{
	const struct marking_hit *h = v->hit;
	struct expression e;
	struct mark mark;
	uint32_t signals;

	expression_read(l, head, &e);
	if (!e.tiered && !takes_words(h->scheme, e.scheme))
		return;
	signals = signals_for(m, v, l, &e);
	if (!case_allows(l, &e, signals))
		return;
	signals |= signals_against(v, l, &e, signals);
	/* What stands around it only takes away. */
	if (weigh(signals) + weight_of(REPEATED) + weight_of(PLACE) < SCORE_MEDIUM)
		return;
	signals |= signals_around(m, v, l, &e, signals);
	if (signals & bit(ALONE))
		read_next_line(m, v, &e);
	mark = mark_from(h, v->text + l->words[l->spans[e.first].first].begin);
	mark.signals = signals;
	mark.score = weigh(signals);
	mark.weak = hit_is_name(h) || (is_tlp_proper(l, &e) && !is_margin(h) &&
				       !(signals & (bit(ALONE) | bit(LABELLED))));
	mark.weak |=
	    (signals & bit(STATED)) && !(signals & bit(ALONE)) && e.tiered && !any_case(l, &e);
	mark.subject = h->region == ASSAY_BODY && is_subject_line(v);
	mark.listed = note_row(&m->rows, h, signals);
	mark.business = l->spans[e.head].phrase->flags & PHRASE_BUSINESS;
	mark.mention = potential_of(&mark) < SCORE_MEDIUM;
	if (mark.mention && !is_mention(signals))
		return;
	mark.scheme = e.scheme;
	mark.tier = e.tier;
	mark.tiered = e.tiered;
	mark.wrong = e.wrong;
	if (strstr(e.handling, "EMBARGOED") && embargo_is_past(v->text, v->len, time(NULL)))
		mark.wrong |= WRONG_EMBARGO;
	mark.label = e.label;
	mark.own_rule = rule_fits(h->scheme, e.scheme, e.tiered);
	mark.repeats = !(signals & bit(COLUMN)) && ((signals & bit(ALONE)) || is_margin(h));
	copy_list(mark.handling, sizeof(mark.handling), e.handling);
	copy_list(mark.descriptors, sizeof(mark.descriptors), e.descriptors);
	mark_keep(m, &mark);
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
	mark_keep(m, &mark);
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
	mark_keep(m, &mark);
	return true;
}

/** `Derived From: ...`: one of the lines that a US authority adds. */
static bool is_us_block(struct markings *m, const struct marking_hit *h)
{
	static const char *const lines[] = { "Classified By", "Derived From", "Declassify On" };

	for (unsigned i = 0; i < ARRAY_SIZE(lines); i++) {
		size_t len = strlen(lines[i]);

		if (h->end - h->begin < len || strncasecmp(h->text + h->begin, lines[i], len) != 0)
			continue;
		m->us_block |= 1u << i;
		return true;
	}
	return false;
}

void markings_add(struct markings *m, const struct marking_hit *hit)
{
	struct view v;
	size_t head;

	if (marking_is_plain_word(hit))
		return;
	view_line(&v, hit);
	if (strcmp(hit->scheme, "label") == 0 && judge_header(m, &v))
		return;
	if (strcmp(hit->scheme, "us") == 0 && is_us_block(m, hit))
		return;
	if (judge_sec(m, &v) || judge_portion(m, &v))
		return;
	line_read(&m->line, &m->lexicon, v.text, v.len, hit_is_name(hit) ? LINE_NAME : LINE_TEXT);
	head = head_at(&m->line, v.begin, v.end);
	if (head < m->line.spans_len)
		judge(m, &v, &m->line, head);
}

struct labels *markings_labels(struct markings *m)
{
	return m->labels;
}

void markings_add_label(struct markings *m, const struct marking_hit *hit,
			const struct label *label)
{
	struct mark mark = mark_from(hit, hit->text + hit->begin);

	mark.is_label = mark.own_rule = true;
	mark.mention = !label->is_known;
	mark.label = "";
	if (label->is_known) {
		mark.signals = bit(ALONE) | bit(LABELLED) | bit(PLACE) | bit(CAPITALS) | bit(VALID);
		mark.scheme = scheme_named(label->says.scheme);
		mark.tier = (uint8_t)label->says.tier;
		mark.tiered = true;
		mark.weak = label->says.is_small;
		mark.label = label->says.label;
		copy_list(mark.handling, sizeof(mark.handling), label->says.handling);
		copy_list(mark.descriptors, sizeof(mark.descriptors), label->says.descriptors);
	}
	mark.score = weigh(mark.signals);
	mark_keep(m, &mark);
}
