/* marking_keep.c - candidates with any hope, the best of them if there are too many */
#include "marking_judge.h"

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

int potential_of(const struct mark *mark)
{
	return mark->score + (mark->repeats ? weight_of(REPEATED) : 0) +
	       (mark->signals & bit(PLACE) ? 0 : weight_of(PLACE));
}

/** The mark goes to the scheme's own rule, with what that one saw of it. */
static void take_over(struct mark *known, const struct mark *by)
{
	struct mark taken = *known;

	taken.rule = by->rule;
	taken.own_rule = true;
	taken.occurrence = by->occurrence;
	if (!keep_strings(&taken))
		return;
	free(known->strings);
	*known = taken;
}

/** Another hit in the same expression: one mark, under the scheme's own rule. */
static bool joins_known(struct markings *m, const struct mark *mark)
{
	for (size_t i = m->marks.len, n = 0; i-- > 0 && n < 16; n++) {
		struct mark *known = &m->marks.items[i];

		if (known->line != mark->line || known->at != mark->at ||
		    strcmp(known->label, mark->label) != 0)
			continue;
		known->is_label |= mark->is_label;
		if ((!known->own_rule && mark->own_rule) || mark->is_label)
			take_over(known, mark);
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
		if (potential_of(&m->marks.items[i]) <= potential_of(weakest))
			weakest = &m->marks.items[i];
	if (potential_of(weakest) >= potential_of(mark))
		return NULL;
	free(weakest->strings);
	return weakest;
}

void mark_keep(struct markings *m, struct mark *mark)
{
	struct mark *place;

	if ((!mark->mention && potential_of(mark) < SCORE_MEDIUM) || joins_known(m, mark))
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

bool rule_fits(const char *rule, uint8_t scheme, bool tiered)
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

struct mark mark_from(const struct marking_hit *h, const char *at)
{
	return (struct mark){
		.rule = h->rule,
		.occurrence = h->occurrence,
		.line = h->line,
		.at = place_of(h, at),
	};
}

void copy_list(char *to, size_t cap, const char *from)
{
	size_t len = MIN(strlen(from), cap - 1);

	memcpy(to, from, len);
	to[len] = '\0';
}
