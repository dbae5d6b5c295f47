/* object_marking.c - markings of an object: words, labels, and what members bear */
#include "object_parts.h"

#include <stdio.h>

/** Words of markings on one line beyond which it is a list or a flood, not a marking. */
#define MARKINGS_ON_LINE 32
/** Candidates of one object that are looked at closely; more are counted as dropped. */
#define MARKINGS_JUDGED 50000

/** May another candidate on this line be looked at closely? */
static bool may_judge_marking(struct object *o, uint64_t line)
{
	if (line != o->marking_line) {
		o->marking_line = line;
		o->marking_line_hits = 0;
	}
	if (++o->marking_line_hits > MARKINGS_ON_LINE)
		return false;
	if (++o->markings_judged <= MARKINGS_JUDGED)
		return true;
	o->hits_dropped++;
	return false;
}

/** What the other cells of a row say of it. */
struct row_look {
	const struct object *o;
	const struct field *own; /**< heading of the marking */
	enum marking_row row;
	size_t longest;
};

/** Does a heading speak for rules of what tells people apart? */
static bool speaks_of_people(const struct object *o, const struct field *f)
{
	for (unsigned i = 0; f->has_rules && i < o->judge->set->list->len; i++)
		if (rule_bit(&f->rules, i) && (o->judge->roles.of[i] & ROLE_SUBJECT))
			return true;
	return false;
}

static void look_at_cell(void *ctx, const struct field *f, size_t len)
{
	struct row_look *look = ctx;

	if (f == look->own)
		return;
	look->longest = MAX(look->longest, len);
	if (!f || look->row == MARKING_ROW_CONTENT)
		return;
	if (f->heading == HEADING_CONTENT || speaks_of_people(look->o, f))
		look->row = MARKING_ROW_CONTENT;
	else if (f->heading == HEADING_THING)
		look->row = MARKING_ROW_THING;
}

/** Is the marking the row's own, or that of something the row names? */
static void look_at_row(const struct object *o, const struct sighting *at, const struct place *p,
			struct marking_hit *m)
{
	struct row_look look = { .o = o, .own = p->field };
	const struct segment *seg = p->seg;

	if (!p->field || !p->record || (seg->region != ASSAY_BODY && seg->region != ASSAY_COMMENT))
		return;
	m->row_key = p->record;
	m->row = MARKING_ROW_CONTENT;
	if (!stream_row(o->stream, at->hit->begin, p, look_at_cell, &look))
		return;
	m->row = look.row;
	m->row_text = look.longest;
	/* A title or a banner above the headings has its line for itself. */
	if (!look.longest)
		m->row_key = 0;
}

void object_judge_marking(struct object *o, const struct rule *rule, const struct sighting *at)
{
	const struct hit *h = at->hit;
	struct place p;
	struct assay_occurrence *occurrence;
	struct marking_hit m = {
		.rule = h->rule,
		.scheme = strchr(rule->id, '.') ? strchr(rule->id, '.') + 1 : rule->id,
		.text = at->data,
		.len = at->len,
		.begin = h->begin,
		.end = h->end,
		.code = o->code,
		.table = o->table,
	};

	stream_find(o->stream, h->begin, &p);
	if (stream_in_grid(o->stream))
		stream_find_cell(o->stream, h->begin, h->end, &p);
	m.region = p.seg->region;
	m.field = p.field ? p.field->name : NULL;
	m.cell = p.alone;
	if (!object_owns(o, p.off) || marking_is_plain_word(&m))
		return;
	/* Labels are read whole, by object_metadata(). */
	if (m.region == ASSAY_METADATA && o->judge->label_rule != NO_RULE && labels_own(m.field))
		return;
	stream_find_cell(o->stream, h->begin, h->end, &p);
	stream_locate(o->stream, h->begin, h->end, &p);
	if (!may_judge_marking(o, p.stream_line) ||
	    !judge_normalise(o->judge, rule, at->data + h->begin, h->end - h->begin))
		return;
	occurrence = judge_list(o->judge, rule, at->data + h->begin, h->end - h->begin, &p);
	if (!occurrence)
		return;
	m.field = p.field ? p.field->name : NULL;
	m.line = p.stream_line;
	m.near_start = (!o->is_range || o->owned_from == 0) && p.stream_line < o->first_line + 3;
	m.occurrence = *occurrence;
	look_at_row(o, at, &p, &m);
	markings_add(o->markings, &m);
	free(occurrence);
}

void object_metadata(struct object *o, const struct segment *seg, const char *text, size_t len)
{
	struct label_place at = {
		.field = seg->field ? seg->field : seg->loc.header,
		.part = seg->loc.part,
		.header = seg->loc.header,
		.vis = seg->vis,
	};

	if (o->judge->label_rule != NO_RULE)
		labels_text(markings_labels(o->markings), &at, text, len);
}

/** An occurrence of a label, and its mark. */
static bool judge_label(struct object *o, const struct label *label)
{
	struct judge *j = o->judge;
	const struct rule *rule = j->set->rules[j->label_rule].rule;
	struct segment seg = {
		.region = ASSAY_METADATA,
		.vis = label->vis,
		.loc.part = label->part[0] ? label->part : NULL,
		.loc.header = label->header[0] ? label->header : NULL,
	};
	struct place p = { .seg = &seg, .off = ASSAY_NO_OFFSET };
	size_t len = strlen(label->value);
	struct assay_occurrence *occurrence;
	struct marking_hit hit = {
		.rule = j->label_rule,
		.scheme = "label",
		.text = label->value,
		.len = len,
		.end = len,
		.region = ASSAY_METADATA,
	};

	if (!judge_normalise(j, rule, label->value, len))
		return false;
	occurrence = judge_list(j, rule, label->value, len, &p);
	if (!occurrence)
		return false;
	hit.occurrence = *occurrence;
	hit.occurrence.field = label->field;
	hit.occurrence.len = (uint32_t)len;
	markings_add_label(o->markings, &hit, label);
	free(occurrence);
	return true;
}

/** Labels are known when all of the metadata are. */
static void judge_labels(struct object *o)
{
	size_t len;
	const struct label *labels = labels_conclude(markings_labels(o->markings), &len);

	for (size_t i = 0; i < len; i++)
		if (!judge_label(o, &labels[i]))
			object_gap(o, ASSAY_LIMIT_MEMORY, true, "out of memory: labels");
}

void object_member_marking(struct object *o, const struct assay_marking *m)
{
	struct assay_marking *best = &o->member_marking;

	if (!m->label ||
	    (best->label && (m->tier < best->tier ||
			     (m->tier == best->tier && m->confidence <= best->confidence))))
		return;
	snprintf(o->member_label, sizeof(o->member_label), "%s", m->label);
	snprintf(o->member_scheme, sizeof(o->member_scheme), "%s", m->scheme ? m->scheme : "");
	*best = (struct assay_marking){
		.label = o->member_label,
		.scheme = o->member_scheme,
		.tier = m->tier,
		.confidence = m->confidence,
		.where = "member",
		.handling = "",
		.descriptors = "",
	};
}

static bool tally_marking(struct object *o, const struct marking_found *found)
{
	struct assay_occurrence occurrence = *found->occurrence;
	struct candidate c = {
		.rule = (uint16_t)found->rule,
		.verdict = VERDICT_UNDECIDED,
		.confidence = (uint8_t)occurrence.confidence,
		.hidden = occurrence.vis != ASSAY_SHOWN,
		.occurrence = tally_wants_occurrence(o->tally, found->rule) ? &occurrence : NULL,
	};

	memcpy(c.hash, occurrence.fp, sizeof(c.hash));
	return tally_add(o->tally, &c);
}

void object_conclude_markings(struct object *o, struct assay_marking *ret)
{
	/* Where more of the file follows, nothing stands in its last lines. */
	uint64_t last = o->is_range && !o->is_last_range ? UINT64_MAX : stream_lines(o->stream);
	const struct marking_found *found;
	size_t found_len;

	if (o->judge->label_rule != NO_RULE)
		judge_labels(o);
	markings_conclude(o->markings, last, ret, &found, &found_len);
	for (size_t i = 0; i < found_len; i++)
		if (!tally_marking(o, &found[i]))
			object_gap(o, ASSAY_LIMIT_MEMORY, true, "out of memory: markings");
	if (o->member_marking.label && (!ret->label || ret->tier < o->member_marking.tier))
		*ret = o->member_marking;
}
