/* marking_conclude.c - the end of an object: what was a marking, and which one counts */
#include "marking_judge.h"

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
	mark->accepted = total >= SCORE_MEDIUM && !mark->mention;
	if (mark->mention)
		return ASSAY_LOW;
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
	find_conflicts(m, best);
	return (struct assay_marking){
		.label = best->label,
		.scheme = scheme_name(best->scheme),
		.tier = best->tier,
		.confidence = best->occurrence.confidence,
		.where = where_of(best),
		.handling = m->handling,
		.descriptors = m->descriptors,
		.places = m->places,
		.conflicts = m->conflicts,
	};
}

/** COMMERCIAL IN CONFIDENCE belongs to the tier beside it, and is nothing alone. */
static void demote_business(struct markings *m)
{
	bool tiered = false;

	for (size_t i = 0; i < m->marks.len; i++)
		tiered |= m->marks.items[i].accepted && m->marks.items[i].tiered;
	for (size_t i = 0; i < m->marks.len && !tiered; i++) {
		struct mark *mark = &m->marks.items[i];

		if (!mark->accepted || !mark->business)
			continue;
		mark->accepted = false;
		mark->mention = true;
		mark->occurrence.confidence = ASSAY_LOW;
	}
}

/** Nothing but the tiers in the rows around speaks against it: judge it without them. */
static void doubt_no_more(struct mark *mark)
{
	if (!(mark->signals & bit(AROUND)) || !(mark->signals & (bit(ALONE) | bit(LABELLED))))
		return;
	mark->signals &= ~(bit(DISCUSSED) | bit(LEGEND));
	mark->score = weigh(mark->signals);
	mark->mention = potential_of(mark) < SCORE_MEDIUM;
}

/** Every row one tier up, or down: a table that explains the tiers. */
static bool explains_tiers(const struct markings *m)
{
	const struct mark *last = NULL;
	unsigned rows = 0, up = 0, down = 0;

	for (size_t i = 0; i < m->marks.len; i++) {
		const struct mark *mark = &m->marks.items[i];

		if (!mark->listed || (last && last->at == mark->at))
			continue;
		rows++;
		up += last && mark->tier > last->tier;
		down += last && mark->tier < last->tier;
		last = mark;
	}
	return rows > 2 && (up == rows - 1 || down == rows - 1);
}

/**
 * What a register says of its rows' things is nothing that it bears; nor do the tiers in
 * its rows speak against the marking above them.  Where rows hold what is marked, those
 * of other rows say nothing against it.
 */
static void take_rows(struct markings *m)
{
	bool listing = is_register(&m->rows), rows = m->rows.len > 1;

	if (!rows || (!listing && !m->rows.has_content && explains_tiers(m)))
		return;
	for (size_t i = 0; i < m->marks.len; i++) {
		struct mark *mark = &m->marks.items[i];

		if (mark->listed != listing)
			doubt_no_more(mark);
		else if (listing)
			mark->mention = true;
	}
}

/**
 * Beneath the lines of a US authority bare words are of the US scheme, whose CONFIDENTIAL
 * is one of the higher tiers.
 */
static void take_us_block(struct markings *m)
{
	static const char *const labels[] = { "TOP SECRET", "SECRET", "CONFIDENTIAL",
					      "UNCLASSIFIED" };

	if ((m->us_block & (m->us_block - 1)) == 0)
		return; /* one such line alone may be anything */
	for (size_t i = 0; i < m->marks.len; i++) {
		struct mark *mark = &m->marks.items[i];

		for (size_t k = 0; k < ARRAY_SIZE(labels) && mark->tiered; k++)
			if (mark->scheme <= SCHEME_GPMS && strcmp(mark->label, labels[k]) == 0) {
				mark->scheme = SCHEME_US;
				mark->tier = k == 2 ? 3 : mark->tier;
			}
	}
}

void markings_conclude(struct markings *m, uint64_t last_line, struct assay_marking *ret_marking,
		       const struct marking_found **ret_found, size_t *ret_found_len)
{
	m->found.len = 0;
	take_us_block(m);
	if (m->marks.len > 1)
		qsort(m->marks.items, m->marks.len, sizeof(*m->marks.items), by_place);
	take_rows(m);
	for (size_t i = 0; i < m->marks.len; i++)
		m->marks.items[i].occurrence.confidence =
		    conclude_one(m, &m->marks.items[i], last_line);
	for (size_t i = 0; i < m->marks.len; i++)
		m->marks.items[i].accepted &=
		    !m->marks.items[i].portion || has_banner(m, &m->marks.items[i]);
	demote_business(m);
	for (size_t i = 0; i < m->marks.len; i++) {
		struct mark *mark = &m->marks.items[i];
		struct marking_found *f =
		    mark->accepted || mark->mention ? vec_push(&m->found) : NULL;

		if (f)
			*f = (struct marking_found){ mark->rule, &mark->occurrence };
	}
	*ret_marking = effective(m);
	*ret_found = m->found.items;
	*ret_found_len = m->found.len;
}
