/* object.c - from hits to what is reported of an object */
#include "object.h"

#include <stdio.h>

#include "fail.h"
#include "keyed.h"
#include "said.h"
#include "score.h"

#define PENDING_MAX (4 * HITS_PER_WINDOW)

static enum assay_status on_hits(void *ctx, struct stream *s, const char *data, size_t len,
				 uint64_t base, const struct hits *hits, size_t sealed,
				 struct assay_error *err);

struct object *object_new(struct judge *judge)
{
	struct object *o = calloc(1, sizeof(*o));
	struct stream_owner owner = {
		.ctx = o,
		.leads = &judge->roles.leads,
		.hits = on_hits,
	};

	if (!o)
		return NULL;
	o->judge = judge;
	o->pending.limit = PENDING_MAX;
	o->stream = stream_new(judge->set, judge->matcher, &owner);
	o->tally = tally_new(judge->set->list->len, judge->options.max_occurrences);
	o->markings = markings_new(judge->set->list->labels, judge->set->list->labels_len);
	o->columns = columns_new();
	if (!o->stream || !o->tally || !o->markings || !o->columns) {
		object_free(o);
		return NULL;
	}
	object_reset(o);
	return o;
}

static void drop_pending(struct object *o, size_t count)
{
	if (count == 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (o->pending.items[i].occurrence)
			free(o->pending.items[i].occurrence);
	memmove(o->pending.items, o->pending.items + count,
		(o->pending.len - count) * sizeof(struct candidate));
	o->pending.len -= count;
}

void object_free(struct object *o)
{
	if (!o)
		return;
	drop_pending(o, o->pending.len);
	vec_done(&o->pending);
	stream_free(o->stream);
	tally_free(o->tally);
	markings_free(o->markings);
	columns_free(o->columns);
	free(o);
}

void object_reset(struct object *o)
{
	drop_pending(o, o->pending.len);
	stream_reset(o->stream);
	tally_clear(o->tally);
	markings_clear(o->markings);
	columns_clear(o->columns);
	o->record = (struct record){ 0 };
	o->subject = o->addressee = (struct subject){ 0 };
	o->around = (struct records_around){ 0 };
	o->records = o->seen_to = 0;
	o->is_range = false;
	tally_is_part(o->tally, false);
	o->first_line = 0;
	o->code = o->table = false;
	o->gaps_len = 0;
	o->hits_dropped = o->gave_up = 0;
	o->markings_judged = o->marking_line_hits = 0;
	o->marking_line = UINT64_MAX;
	o->member_marking = (struct assay_marking){ 0 };
}

void object_own_range(struct object *o, uint64_t from, uint64_t to, bool is_last)
{
	o->is_range = true;
	o->is_last_range = is_last;
	o->owned_from = from;
	o->owned_to = to;
	tally_is_part(o->tally, true);
}

/** Is evidence at this source offset the object's own?  A name belongs to the first range. */
static bool owns(const struct object *o, uint64_t off)
{
	if (!o->is_range)
		return true;
	if (off == ASSAY_NO_OFFSET)
		return o->owned_from == 0;
	return off >= o->owned_from && off < o->owned_to;
}

void object_gap(struct object *o, enum assay_reason reason, bool blocking, const char *detail)
{
	char *kept;

	for (size_t i = 0; i < o->gaps_len; i++)
		if (o->gaps[i].reason == reason) {
			o->gaps[i].blocking |= blocking;
			return;
		}
	if (o->gaps_len == OBJECT_GAPS_MAX)
		return; /* more different reasons than an object has been seen to have */
	kept = o->gap_details[o->gaps_len];
	snprintf(kept, sizeof(o->gap_details[0]), "%s", detail ? detail : "");
	o->gaps[o->gaps_len++] = (struct assay_gap){
		.reason = reason,
		.blocking = blocking,
		.detail = kept,
	};
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

/* Hits. */

struct sighting {
	const char *data;
	size_t len;
	uint64_t base;
	const struct hit *hit;
	struct context_steps steps;
};

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

static void judge_marking(struct object *o, const struct rule *rule, const struct sighting *at)
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
	if (!owns(o, p.off) || marking_is_plain_word(&m))
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

static const struct rule *rule_of(const struct object *o, const struct candidate *c)
{
	return o->judge->set->rules[c->rule].rule;
}

/** Learn where a candidate stands.  In a grid that costs a walk, which most do not need. */
static void find_cell(struct object *o, struct candidate *c, const struct text_at *text)
{
	size_t begin = (size_t)(c->begin - text->base);
	struct place p;

	if (c->in_cell || c->begin < text->base)
		return;
	stream_find(o->stream, begin, &p);
	stream_find_cell(o->stream, begin, (size_t)(c->end - text->base), &p);
	c->in_cell = true;
	c->alone = p.alone;
	c->evidence.field = p.field && rule_bit(&p.field->rules, c->rule);
	c->against = p.field && !c->evidence.field && rule_bit(&p.field->against, c->rule);
	c->evidence.negative_word |= c->against;
	c->column = p.spans ? 0 : columns_number(o->columns, p.column);
	c->record = p.record;
}

static void take_hit(struct object *o, const struct sighting *at, const struct text_at *text)
{
	struct judge *j = o->judge;
	const struct hit *h = at->hit;
	const struct rule *rule = j->set->rules[h->rule].rule;
	struct candidate *c;

	if (j->options.rules_off && j->options.rules_off[h->rule])
		return;
	if (rule->detector) {
		judge_marking(o, rule, at);
		return;
	}
	c = vec_push(&o->pending);
	if (!c) {
		o->hits_dropped++;
		return;
	}
	*c = (struct candidate){
		.start = stream_source(o->stream, h->begin),
		.begin = at->base + h->begin,
		.end = at->base + h->end,
		.rule = h->rule,
		.verdict = h->verdict,
		.hidden = !stream_shown(o->stream, h->begin),
		.evidence = { .word_near = at->steps.raised,
			      .negative_word = at->steps.lowered,
			      .field = h->by_cell },
	};
	c->confidence = (uint8_t)score(rule, &c->evidence);
	if (!stream_in_grid(o->stream))
		find_cell(o, c, text);
}

static int by_begin(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->begin != b->begin)
		return a->begin < b->begin ? -1 : 1;
	if (a->end != b->end)
		return a->end < b->end ? -1 : 1;
	return a->rule < b->rule ? -1 : a->rule > b->rule;
}

/** Hits come sorted by the start of the match, so this is nearly done already. */
static void sort_pending(struct object *o, size_t from)
{
	struct candidate *list = o->pending.items;
	size_t moves = 16 * o->pending.len;

	for (size_t i = from ? from : 1; i < o->pending.len; i++) {
		struct candidate c;
		size_t at = i;

		if (by_begin(&list[i], &list[i - 1]) >= 0)
			continue;
		c = list[i];
		for (; at > 0 && by_begin(&c, &list[at - 1]) < 0; at--) {
			if (moves-- == 0) {
				list[at] = c;
				qsort(list, o->pending.len, sizeof(*list), by_begin);
				return;
			}
			list[at] = list[at - 1];
		}
		list[at] = c;
	}
}

/* Judging: candidates that stand, with the text of their records. */

/** Its hash, and whether it is a test value. */
static bool look_at_value(struct object *o, struct candidate *c, const struct text_at *text)
{
	struct judge *j = o->judge;
	const struct rule *rule = rule_of(o, c);

	if (c->valued)
		return true;
	if (!judge_normalise(j, rule, text->data + (c->begin - text->base),
			     (size_t)(c->end - c->begin)))
		return false;
	c->valued = true;
	c->evidence.test_value =
	    rule->test_values_len > 0 && score_is_test_value(rule, j->value.data, j->value.len);
	keyed_sip128(j->options.value_key, j->value.data, j->value.len, c->hash);
	return true;
}

static void list(struct object *o, struct candidate *c, const struct text_at *text)
{
	size_t begin = (size_t)(c->begin - text->base), end = (size_t)(c->end - text->base);
	const struct rule *rule = rule_of(o, c);
	struct place p;

	if (c->listed || c->begin < text->base || !tally_wants_occurrence(o->tally, c->rule) ||
	    !judge_normalise(o->judge, rule, text->data + begin, end - begin))
		return;
	stream_find(o->stream, begin, &p);
	stream_find_cell(o->stream, begin, end, &p);
	stream_locate(o->stream, begin, end, &p);
	c->occurrence = judge_list(o->judge, rule, text->data + begin, end - begin, &p);
	c->listed = true;
}

/* In a grid most candidates come to nothing: a check digit that is right by luck.  The
 * cells of those are not looked for. */

static enum assay_confidence notable_from(const struct object *o)
{
	return MIN(o->judge->options.min_confidence, ASSAY_MEDIUM);
}

/**
 * May this amount to something by itself, whatever else is in its row?
 *
 * @param rules  that a heading speaks for, or that a column is of
 */
static bool may_matter(const struct object *o, struct candidate *c, const struct rule_bits *rules)
{
	const struct rule *rule = rule_of(o, c);

	if (rule_bit(rules, c->rule) || (o->judge->roles.of[c->rule] & ROLE_HALF) ||
	    (c->verdict >= VERDICT_CONFIRM && rule->normalise != NORMALISE_DIGITS))
		return true;
	/* As score() would say, for most of them. */
	if (rule->confidence == ASSAY_LOW && !c->evidence.word_near)
		c->confidence = ASSAY_LOW;
	else
		c->confidence = (uint8_t)score(rule, &c->evidence);
	return c->confidence >= (uint8_t)notable_from(o);
}

static bool same_line(uint64_t from, uint64_t to, const struct text_at *text)
{
	return from >= to || (from >= text->base &&
			      !memchr(text->data + (from - text->base), '\n', (size_t)(to - from)));
}

/** Those before list[i] in its line are not to be left in quiet. */
static void wake_before(struct candidate *list, size_t i, uint64_t at, const struct text_at *text)
{
	for (; i > 0 && list[i - 1].quiet && same_line(list[i - 1].end, at, text); i--) {
		at = list[i - 1].begin;
		list[i - 1].quiet = false;
	}
}

/** Leave in quiet those that neither matter nor stand in a line with one that does. */
static void find_quiet(struct object *o, size_t len, uint64_t sealed, const struct text_at *text)
{
	struct candidate *list = o->pending.items;
	struct rule_bits rules = stream_in_grid(o->stream)->rules;
	/* The first may go on a row that an earlier window began. */
	uint64_t last = MAX(o->record.last, text->base);
	bool near = o->record.open;

	columns_rules(o->columns, &rules);
	for (size_t i = 0; i < len; i++) {
		struct candidate *c = &list[i];

		c->quiet = c->dropped || !may_matter(o, c, &rules);
		if (!c->quiet)
			wake_before(list, i, c->begin, text);
		else if (near && same_line(last, c->begin, text))
			c->quiet = false;
		near = !c->quiet;
		last = c->end;
	}
	/* What is cut by the end of the window may stand beside what comes. */
	if (sealed < UINT64_MAX)
		wake_before(list, len, sealed, text);
}

/** What it amounts to without its neighbours. */
static bool weigh(struct object *o, struct candidate *c, const struct text_at *text)
{
	const struct rule *rule = rule_of(o, c);
	enum assay_confidence least = notable_from(o);
	enum column_verdict column =
	    c->column ? columns_judge(o->columns, c->column, c->rule) : COLUMN_MIXED;

	c->evidence.column = column == COLUMN_SAME && !c->against &&
			     (o->judge->roles.of[c->rule] & ROLE_COLUMN) != 0;
	c->by_chance = column == COLUMN_CHANCE && rule->normalise == NORMALISE_DIGITS && c->alone &&
		       !c->evidence.field && !c->evidence.word_near;
	c->confidence = (uint8_t)score(rule, &c->evidence);
	c->quiet =
	    c->confidence < (uint8_t)least && !(o->judge->roles.of[c->rule] & ROLES_IN_RECORD);
	if (rule->test_values_len == 0 || c->confidence < (uint8_t)least)
		return true;
	if (!look_at_value(o, c, text))
		return false;
	c->confidence = (uint8_t)score(rule, &c->evidence);
	return true;
}

/**
 * Does it prove an identity that others may lean on?  Digits whose check digit is
 * right are not enough: two order numbers would raise each other.
 */
static bool is_strong(const struct object *o, const struct candidate *c, const struct text_at *text)
{
	if (!(o->judge->roles.of[c->rule] & ROLE_RAISES) || c->by_chance)
		return false;
	if (c->confidence >= ASSAY_MEDIUM)
		return true;
	if (c->verdict < VERDICT_CONFIRM || c->begin < text->base || c->evidence.negative_word ||
	    (o->judge->roles.of[c->rule] & ROLE_HALF))
		return false;
	for (uint64_t i = c->begin; i < c->end; i++)
		if (is_letter(text->data[i - text->base]))
			return true;
	return false;
}

/** What a candidate does in its record: what can be proved must be, to be half a person. */
static unsigned roles_in_record(const struct object *o, const struct candidate *c)
{
	unsigned roles = o->judge->roles.of[c->rule];

	if (rule_of(o, c)->validator != validator_find("none") && c->verdict < VERDICT_CONFIRM)
		roles &= ~(unsigned)ROLE_HALF;
	return roles;
}

/**
 * Was candidate list[i] of a record sought by rights?  Near the ends of a window it is sought
 * whether or not there is something near it that leads to it.
 */
static bool is_led_to(const struct object *o, size_t from, size_t end, size_t i)
{
	const struct candidate *list = o->pending.items, *c = &list[i];
	const struct rule_bits *leads = &o->judge->roles.leads;

	if (c->evidence.field || !(o->judge->roles.of[c->rule] & ROLE_SOUGHT))
		return true;
	for (size_t k = i; k > from && list[k - 1].begin + RECORD_BYTES > c->begin; k--)
		if (rule_bit(leads, list[k - 1].rule))
			return true;
	for (size_t k = i + 1; k < end && list[k].begin < c->begin + RECORD_BYTES; k++)
		if (rule_bit(leads, list[k].rule))
			return true;
	return false;
}

/** After two people were told apart, what is said may be of either for so long. */
#define SUBJECTS_BYTES (2 * RECORD_BYTES)

/** Shorter words before a colon are keys, and may be of anything. */
#define LABEL_LETTERS 3

/** Digits beside a name and nothing else: of the references in letters and lists of
 * customers one in eleven passes for an NHS number. */
static bool by_name_alone(const struct object *o, const struct candidate *c)
{
	const struct record *r = &o->record;

	return rule_of(o, c)->normalise == NORMALISE_DIGITS && r->has_strong && !r->more_strong &&
	       (o->judge->roles.of[r->strong] & ROLE_HALF);
}

/** Are the records at hand paragraphs? */
static bool is_prose(const struct object *o)
{
	return !o->record.key && !o->code && !stream_in_grid(o->stream);
}

/** Bytes back from `at` past those of `signs`. */
static size_t back_over(const char *text, size_t at, const char *signs)
{
	while (at > 0 && text[at - 1] && strchr(signs, text[at - 1]))
		at--;
	return at;
}

/** Digits right behind a label, which is not the rule's: it says that they are something else. */
static bool has_other_label(const struct object *o, const struct candidate *c,
			    const struct text_at *text)
{
	size_t at, letters = 0;

	if (rule_of(o, c)->normalise != NORMALISE_DIGITS || c->evidence.word_near ||
	    c->evidence.field || c->begin < text->base)
		return false;
	at = back_over(text->data, (size_t)(c->begin - text->base), " \t\"'");
	if (at == 0 || (text->data[at - 1] != ':' && text->data[at - 1] != '='))
		return false;
	at = back_over(text->data, at - 1, " \t\"'*_");
	while (letters < LABEL_LETTERS && at > letters && is_letter(text->data[at - 1 - letters]))
		letters++;
	return letters == LABEL_LETTERS;
}

/** It is about whom the candidate tells from all others, from `end` on. */
static void take_subject(struct subject *s, const struct candidate *c, uint64_t end)
{
	if (s->is_known && c->begin <= s->end + RECORD_BYTES && s->rule == c->rule &&
	    memcmp(s->hash, c->hash, sizeof(s->hash)) != 0)
		s->other = end;
	s->is_known = true;
	s->rule = c->rule;
	s->end = end;
	memcpy(s->hash, c->hash, sizeof(s->hash));
}

/** Whom the record, up to candidate `end`, tells from all others; remember him. */
static void note_subject(struct object *o, size_t from, size_t end, const struct text_at *text)
{
	for (size_t i = from; i < end; i++) {
		struct candidate *c = &o->pending.items[i];

		if (!c->dropped && !c->quiet && (o->judge->roles.of[c->rule] & ROLE_SUBJECT) &&
		    c->confidence >= ASSAY_MEDIUM && c->begin >= text->base &&
		    look_at_value(o, c, text))
			take_subject(&o->subject, c, c->end);
	}
}

/**
 * Where what leads to the address of the record ends: its postcode.  What is beside a person
 * is sought from there on, however windows are cut.
 */
static uint64_t end_of_address(const struct object *o, size_t from, size_t end)
{
	uint64_t at = 0;

	for (size_t i = from; i < end; i++) {
		const struct candidate *c = &o->pending.items[i];
		unsigned roles = o->judge->roles.of[c->rule];

		if (!c->dropped && (roles & ROLE_LEADS) && !(roles & ROLE_PERSON))
			at = c->end;
	}
	return at;
}

/** Where a name stands in its line. */
enum name_line {
	NAME_AMID,  /**< among other words */
	NAME_ALONE, /**< above an address, as on an envelope */
	NAME_RE,    /**< `Re: Mrs Fenton, 14 Acacia Road`: what the letter is about */
};

static enum name_line name_line(const struct candidate *c, const struct text_at *text)
{
	size_t begin = (size_t)(c->begin - text->base), end = (size_t)(c->end - text->base);
	size_t at = back_over(text->data, begin, " \t");

	while (end < text->len && text->data[end] && strchr(" \t,\r", text->data[end]))
		end++;
	if (at == 0 || text->data[at - 1] == '\n')
		return end == text->len || text->data[end] == '\n' ? NAME_ALONE : NAME_AMID;
	at = back_over(text->data, at, ":.");
	return at >= 2 && strncasecmp(text->data + at - 2, "re", 2) == 0 &&
		       (at == 2 || text->data[at - 3] == '\n')
		   ? NAME_RE
		   : NAME_AMID;
}

/** A name above an address, and a postcode: to whom a letter goes, or from whom it comes. */
static void note_addressee(struct object *o, size_t from, size_t end, const struct text_at *text)
{
	uint64_t after = end_of_address(o, from, end);

	for (size_t i = from; o->record.has_person && after && i < end; i++) {
		struct candidate *c = &o->pending.items[i];
		unsigned roles = o->judge->roles.of[c->rule];
		enum name_line line;

		if (c->dropped || c->quiet || !(roles & ROLE_HALF) || !(roles & ROLE_PERSON) ||
		    c->confidence < ASSAY_MEDIUM || c->begin < text->base)
			continue;
		line = name_line(c, text);
		if (line == NAME_AMID || !look_at_value(o, c, text))
			continue;
		/* It is of nobody else, whomever it is written to. */
		if (line == NAME_RE)
			o->addressee = (struct subject){ 0 };
		take_subject(&o->addressee, c, after);
	}
}

/** Does it stand where the subject alone is spoken of? */
static bool follows_subject(const struct subject *s, const struct candidate *c)
{
	return s->is_known && (!s->other || c->begin > s->other + SUBJECTS_BYTES) &&
	       c->begin >= s->end && c->begin <= s->end + RECORD_BYTES;
}

/**
 * Is it said of him whom the paragraph before is about?  A letter names its subject once; what
 * follows is about him if its words say that it is about somebody.  Where two people were told
 * apart just before, it may be either, or a third.  A name and an address may be anybody's to
 * whom one writes about others: then the sentence itself must speak of him.
 */
static bool is_of_subject(const struct object *o, const struct candidate *c,
			  const struct text_at *text)
{
	enum said said;

	if (!is_prose(o) || !(o->judge->roles.of[c->rule] & ROLE_OF_SUBJECT))
		return false;
	if (c->evidence.word_near && follows_subject(&o->subject, c))
		return true;
	if (!follows_subject(&o->addressee, c) || c->begin < text->base)
		return false;
	said = said_of(text->data, (size_t)(c->begin - text->base), text->len);
	return said == SAID_HIS || (said == SAID_NEAR && c->evidence.word_near);
}

/** All of a record up to candidate `end` is known: raise, and count it. */
static void close_record(struct object *o, size_t from, size_t end, const struct text_at *text)
{
	struct record *r = &o->record;

	for (size_t i = from; i < end && r->open; i++) {
		struct candidate *c = &o->pending.items[i];
		unsigned roles = o->judge->roles.of[c->rule];

		if (c->dropped || c->quiet || !roles)
			continue;
		/* What is sure enough by itself gains nothing by its company, nor does what is
		 * said to be something else. */
		if (c->confidence < ASSAY_MEDIUM && !c->by_chance && !c->evidence.negative_word &&
		    !by_name_alone(o, c) && !has_other_label(o, c, text) &&
		    (record_raises(r, c->rule, roles) ? is_led_to(o, from, end, i)
						      : is_of_subject(o, c, text))) {
			c->evidence.neighbour = true;
			c->confidence = (uint8_t)score(rule_of(o, c), &c->evidence);
		}
		if ((roles & ROLE_KIND) && c->confidence >= o->judge->options.min_confidence &&
		    record_kind(r, o->judge->roles.kind[c->rule]))
			o->records += r->owned;
	}
	if (!is_prose(o))
		return;
	note_subject(o, from, end, text);
	note_addressee(o, from, end, text);
}

/** May candidates to come, from `sealed` on, belong to the record at hand? */
static bool is_open(struct object *o, uint64_t sealed, const struct text_at *text, bool lines)
{
	const struct record *r = &o->record;
	size_t at = (size_t)(sealed - text->base);
	struct place p;

	if (!r->open || at == 0)
		return false;
	if (!r->key)
		return record_goes_on(r, sealed, text, lines);
	stream_find(o->stream, at - 1, &p);
	stream_find_cell(o->stream, at - 1, at, &p);
	return p.record == r->key;
}

/** Was it sought beside others, in vain?  Whether it was found hung on where windows end. */
static bool is_nothing(const struct object *o, const struct candidate *c)
{
	return (o->judge->roles.of[c->rule] & ROLE_SOUGHT) && !c->evidence.field &&
	       !c->evidence.neighbour;
}

static enum assay_status conclude(struct object *o, struct candidate *c, const struct text_at *text,
				  struct assay_error *err)
{
	enum assay_confidence least = o->judge->options.min_confidence;

	if (c->dropped || c->tallied || !owns(o, c->start) || is_nothing(o, c))
		return ASSAY_OK;
	c->tallied = true;
	c->only_counted = c->confidence < (uint8_t)least;
	if (!c->only_counted) {
		if (!look_at_value(o, c, text))
			return assay_fail_memory(err, "a value");
		c->confidence = (uint8_t)score(rule_of(o, c), &c->evidence);
		c->only_counted = c->confidence < (uint8_t)least;
	}
	if (!c->only_counted)
		list(o, c, text);
	if (c->occurrence && c->only_counted) { /* made ahead, in case */
		free(c->occurrence);
		c->occurrence = NULL;
	}
	if (c->occurrence)
		c->occurrence->confidence = (enum assay_confidence)c->confidence;
	return tally_add(o->tally, c) ? ASSAY_OK : assay_fail_memory(err, "the tally");
}

/** Index of the first candidate from `from` on that is near enough to candidate `to` for a record.
 */
static size_t leave_far(const struct object *o, size_t from, size_t to)
{
	const struct candidate *list = o->pending.items;

	while (from < to && list[from].begin + RECORD_BYTES < list[to].begin)
		from++;
	return from;
}

/** Rows of a grid do not come again. */
static void next_record(struct object *o, const struct candidate *c)
{
	if (!stream_in_grid(o->stream))
		record_leave(&o->around, &o->record);
	if (stream_in_grid(o->stream) || !record_resume(&o->around, c->record, &o->record))
		record_start(&o->record, c, owns(o, c->start));
}

/**
 * Judge the first `len` candidates, settled, and put them into records.  A record
 * that goes on past `sealed` is left for the next window, unless it is so long that
 * its begin will be gone by then: then it goes on with what it had.
 *
 * @return  false without memory; *ret_len: how many candidates need not wait
 */
static bool join(struct object *o, size_t len, uint64_t sealed, const struct text_at *text,
		 size_t *ret_len)
{
	bool grid = stream_in_grid(o->stream), lines = grid || o->code;
	struct record *r = &o->record, before = *r;
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		struct candidate *c = &o->pending.items[i];
		unsigned roles;
		bool strong;

		if (c->dropped || (grid && c->quiet))
			continue;
		find_cell(o, c, text);
		if (!weigh(o, c, text))
			return false;
		if (c->quiet || !o->judge->roles.of[c->rule])
			continue;
		if (!record_takes(r, c, text, lines)) {
			close_record(o, from, i, text);
			next_record(o, c);
			from = i;
			before = (struct record){ 0 };
		}
		strong = is_strong(o, c, text);
		roles = roles_in_record(o, c);
		if (!r->anchored && !r->key)
			from = leave_far(o, from, i);
		if (record_anchors(r, c, strong, roles))
			r->owned = owns(o, c->start);
		record_add(r, c, strong, roles);
	}
	*ret_len = len;
	if (sealed < UINT64_MAX && r->open && r->first + STREAM_BEHIND >= sealed &&
	    is_open(o, sealed, text, lines)) {
		*r = before;
		*ret_len = from;
		return true;
	}
	close_record(o, from, len, text);
	return true;
}

/** Their text will be gone when these can be judged: keep what is needed of it. */
static enum assay_status look_ahead(struct object *o, uint64_t sealed, const struct text_at *text,
				    struct assay_error *err)
{
	for (size_t i = 0; i < o->pending.len; i++) {
		struct candidate *c = &o->pending.items[i];

		if (c->begin + STREAM_BEHIND >= sealed)
			break;
		if (!look_at_value(o, c, text))
			return assay_fail_memory(err, "a value");
		list(o, c, text);
	}
	return ASSAY_OK;
}

/** The first candidate that begins at or after a position. */
static size_t first_from(const struct candidate *list, size_t len, uint64_t position)
{
	size_t low = 0, high = len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (list[mid].begin < position)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/** Count the hits in some rows of a grid, for all. */
static void count_stripes(struct object *o, size_t len, size_t from, size_t to,
			  const struct text_at *text)
{
	struct candidate *list = o->pending.items;
	struct stripe stripes[COLUMN_STRIPES];
	size_t n = columns_look(o->columns, stream_in_grid(o->stream), text->data, text->base, from,
				to, stripes);

	for (size_t k = 0; k < n; k++) {
		size_t i = first_from(list, len, stripes[k].begin);

		for (; i < len && list[i].begin < stripes[k].end; i++) {
			if (list[i].dropped)
				continue;
			find_cell(o, &list[i], text);
			if (list[i].column)
				columns_hit(o->columns, list[i].column, list[i].rule,
					    list[i].record);
		}
	}
}

static void count_hits(struct object *o, size_t len, const struct text_at *text)
{
	for (size_t i = 0; i < len; i++) {
		struct candidate *c = &o->pending.items[i];
		struct place p;

		if (c->dropped || c->counted || !c->column || c->begin < text->base)
			continue;
		c->counted = true;
		stream_find(o->stream, (size_t)(c->begin - text->base), &p);
		columns_hit(o->columns, c->column, c->rule, p.cell_at);
	}
}

/** Count the hits of columns, and their cells in the window's text up to `sealed`. */
static void count_columns(struct object *o, size_t len, uint64_t sealed, const struct text_at *text)
{
	size_t from = (size_t)(o->seen_to - text->base);
	size_t to = (size_t)(MIN(sealed, text->base + text->len) - text->base);

	if (len == 0 && !columns_any(o->columns)) {
		o->seen_to = text->base + to;
		return;
	}
	columns_age(o->columns);
	if (stream_in_grid(o->stream))
		count_stripes(o, len, from, to, text);
	else
		count_hits(o, len, text);
	columns_cells(o->columns, o->stream, from, to);
	o->seen_to = text->base + to;
}

static void tell(const struct judge *j, const struct candidate *c)
{
	const struct engine_judged judged = {
		.rule = c->rule,
		.begin = c->begin,
		.end = c->end,
		.verdict = (enum verdict)c->verdict,
		.evidence = &c->evidence,
		.confidence = (enum assay_confidence)c->confidence,
		.is_overlapped = c->dropped,
	};

	if (j->told)
		j->told(j->told_ctx, &judged);
}

/** Judge what can no longer be touched by later hits. */
static enum assay_status settle_to(struct object *o, uint64_t sealed, const struct text_at *text,
				   struct assay_error *err)
{
	size_t len = settle(o->pending.items, o->pending.len, sealed);
	enum assay_status st = ASSAY_OK;

	count_columns(o, len, sealed, text);
	if (stream_in_grid(o->stream))
		find_quiet(o, len, sealed, text);
	if (!join(o, len, sealed, text, &len))
		return assay_fail_memory(err, "a value");
	for (size_t i = 0; i < len && st == ASSAY_OK; i++) {
		st = conclude(o, &o->pending.items[i], text, err);
		tell(o->judge, &o->pending.items[i]);
	}
	if (st < 0)
		return st;
	drop_pending(o, len);
	return look_ahead(o, sealed, text, err);
}

static bool want_steps(struct judge *j, size_t want)
{
	void *p;

	if (want <= j->steps_cap)
		return true;
	p = realloc(j->steps, want * sizeof(*j->steps));
	if (!p)
		return false;
	j->steps = p;
	j->steps_cap = want;
	return true;
}

static enum assay_status on_hits(void *ctx, struct stream *s, const char *data, size_t len,
				 uint64_t base, const struct hits *hits, size_t sealed,
				 struct assay_error *err)
{
	struct object *o = ctx;
	struct judge *j = o->judge;
	struct text_at text = { .data = data, .len = len, .base = base };
	size_t before = o->pending.len;

	(void)s;
	o->hits_dropped += hits->dropped;
	o->gave_up += hits->gave_up;
	if (hits->list.len > 0) {
		if (!want_steps(j, hits->list.len))
			return assay_fail_memory(err, "context");
		context_look(j->context, data, len, hits->list.items, hits->list.len, j->steps);
	}
	for (size_t i = 0; i < hits->list.len; i++) {
		struct sighting at = {
			.data = data,
			.len = len,
			.base = base,
			.hit = &hits->list.items[i],
			.steps = j->steps[i],
		};

		take_hit(o, &at, &text);
	}
	sort_pending(o, before);
	return settle_to(o, base + sealed, &text, err);
}

/* The end. */

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

enum assay_status object_finish(struct object *o, struct assay_error *err)
{
	enum assay_status st = stream_finish(o->stream, err);
	struct text_at text;

	text.data = stream_text_at_hand(o->stream, &text.len, &text.base);
	if (st == ASSAY_OK)
		st = settle_to(o, UINT64_MAX, &text, err);
	return st;
}

static void note_losses(struct object *o)
{
	char detail[96];

	if (o->hits_dropped) {
		snprintf(detail, sizeof(detail), "%llu raw hits beyond the cap were not judged",
			 (unsigned long long)o->hits_dropped);
		object_gap(o, ASSAY_LIMIT_HITS, true, detail);
	}
	if (o->gave_up) {
		snprintf(detail, sizeof(detail), "a pattern met its match limit %llu times",
			 (unsigned long long)o->gave_up);
		object_gap(o, ASSAY_LIMIT_MATCH, true, detail);
	}
}

void object_results(struct object *o, struct assay_object *ret)
{
	const struct marking_found *found;
	size_t found_len;
	/* Where more of the file follows, nothing stands in its last lines. */
	uint64_t last = o->is_range && !o->is_last_range ? UINT64_MAX : stream_lines(o->stream);

	note_losses(o);
	if (o->judge->label_rule != NO_RULE)
		judge_labels(o);
	markings_conclude(o->markings, last, &ret->marking, &found, &found_len);
	for (size_t i = 0; i < found_len; i++)
		if (!tally_marking(o, &found[i]))
			object_gap(o, ASSAY_LIMIT_MEMORY, true, "out of memory: markings");
	if (o->member_marking.label &&
	    (!ret->marking.label || ret->marking.tier < o->member_marking.tier))
		ret->marking = o->member_marking;
	ret->findings = tally_findings(o->tally, &ret->findings_len);
	ret->records = o->records;
	ret->gaps = o->gaps;
	ret->gaps_len = o->gaps_len;
}
