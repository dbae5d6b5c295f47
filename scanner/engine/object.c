/* object.c - from hits to what is reported of an object */
#include "object.h"

#include <stdio.h>

#include "fail.h"
#include "keyed.h"
#include "mask.h"
#include "score.h"

/** Values are hashed, masked and compared up to here. */
#define VALUE_MAX ((size_t)4096)

#define PENDING_MAX (4 * HITS_PER_WINDOW)

/** An occurrence and the strings it points to, in one block. */
struct listed {
	struct assay_occurrence o;
	char strings[];
};

static enum assay_status on_hits(void *ctx, struct stream *s, const char *data, size_t len,
				 uint64_t base, const struct hits *hits, size_t sealed,
				 struct assay_error *err);

struct object *object_new(struct judge *judge)
{
	struct object *o = calloc(1, sizeof(*o));
	struct stream_owner owner = { .ctx = o, .hits = on_hits };

	if (!o)
		return NULL;
	o->judge = judge;
	o->pending.limit = PENDING_MAX;
	o->stream = stream_new(judge->set, judge->matcher, &owner);
	o->tally = tally_new(judge->set->list->len, judge->options.max_occurrences);
	o->markings = markings_new();
	if (!o->stream || !o->tally || !o->markings) {
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
	free(o);
}

void object_reset(struct object *o)
{
	if (o->pending.len)
		drop_pending(o, o->pending.len);
	stream_reset(o->stream);
	tally_clear(o->tally);
	markings_clear(o->markings);
	o->is_range = false;
	tally_is_part(o->tally, false);
	o->first_line = 0;
	o->code = false;
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

/* One hit. */

/** Copy a string to *at and return the copy; NULL stays NULL. */
static const char *put(char **at, const char *text, size_t len)
{
	char *copy = *at;

	if (!text)
		return NULL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	*at += len + 1;
	return copy;
}

static size_t room_for(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

/** `A`, `B` ... `AA`: the column of a delimited table. */
static void column_letters(uint32_t column, char ret[16])
{
	char reversed[16];
	size_t n = 0, i = 0;

	for (; column > 0 && n < sizeof(reversed) - 1; column = (column - 1) / 26)
		reversed[n++] = (char)('A' + (column - 1) % 26);
	while (n > 0)
		ret[i++] = reversed[--n];
	ret[i] = '\0';
}

/** Everything a reader may be shown of a hit. */
static struct assay_occurrence *list_occurrence(struct object *o, const struct rule *rule,
						const char *value, size_t len,
						const struct place *p,
						enum assay_confidence confidence)
{
	struct judge *j = o->judge;
	const struct assay_locator *loc = &p->seg->loc;
	const char *field = p->field ? p->field->name : NULL;
	const char *cell = p->cell;
	char letters[16];
	bool with_value = j->options.show_values;
	size_t shown = MIN(len, 256);
	struct keyed_part parts[] = { { rule->id, strlen(rule->id) },
				      { j->value.data, j->value.len } };
	struct listed *l;
	char *at;

	if (!cell && p->column) {
		column_letters(p->column, letters);
		cell = letters;
	}
	buf_clear(&j->mask);
	mask_value(rule, j->options.mask, value, len, &j->mask);
	l = malloc(sizeof(*l) + room_for(field) + room_for(cell) + room_for(loc->sheet) +
		   room_for(loc->part) + room_for(loc->header) + j->mask.len + 1 + shown + 1);
	if (!l)
		return NULL;
	at = l->strings;
	l->o = (struct assay_occurrence){
		.off = p->off,
		.len = p->source_len,
		.loc = *loc,
		.confidence = confidence,
		.region = p->seg->region,
		.vis = p->seg->vis,
		.field = put(&at, field, field ? strlen(field) : 0),
		.mask = put(&at, j->mask.data ? j->mask.data : "", j->mask.len),
		.value = with_value ? put(&at, value, shown) : NULL,
	};
	l->o.loc.line = p->line;
	l->o.loc.col = p->col;
	l->o.loc.cell = put(&at, cell, cell ? strlen(cell) : 0);
	l->o.loc.sheet = put(&at, loc->sheet, loc->sheet ? strlen(loc->sheet) : 0);
	l->o.loc.part = put(&at, loc->part, loc->part ? strlen(loc->part) : 0);
	l->o.loc.header = put(&at, loc->header, loc->header ? strlen(loc->header) : 0);
	if (!keyed_mac(j->mac, parts, ARRAY_SIZE(parts), l->o.fp))
		memset(l->o.fp, 0, sizeof(l->o.fp));
	return &l->o;
}

/** The bytes that are hashed and compared, in j->value. */
static bool normalise(struct judge *j, const struct rule *rule, const char *value, size_t len)
{
	char *at;

	buf_clear(&j->value);
	len = MIN(len, VALUE_MAX);
	at = buf_reserve(&j->value, len);
	if (!at)
		return false;
	j->value.len = rule_normalise(rule->normalise, value, len, at, len);
	return true;
}

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
	};

	stream_find(o->stream, h->begin, &p);
	m.region = p.seg->region;
	m.field = p.field ? p.field->name : NULL;
	if (!owns(o, p.off) || marking_is_plain_word(&m))
		return;
	stream_locate(o->stream, h->begin, h->end, &p);
	if (!may_judge_marking(o, p.stream_line) ||
	    !normalise(o->judge, rule, at->data + h->begin, h->end - h->begin))
		return;
	occurrence =
	    list_occurrence(o, rule, at->data + h->begin, h->end - h->begin, &p, ASSAY_LOW);
	if (!occurrence)
		return;
	m.field = p.field ? p.field->name : NULL;
	m.line = p.stream_line;
	m.near_start = (!o->is_range || o->owned_from == 0) && p.stream_line < o->first_line + 3;
	m.occurrence = *occurrence;
	markings_add(o->markings, &m);
	free(occurrence);
}

static enum assay_status judge_hit(struct object *o, const struct sighting *at,
				   struct assay_error *err)
{
	struct judge *j = o->judge;
	const struct hit *h = at->hit;
	const struct rule *rule = j->set->rules[h->rule].rule;
	const char *value = at->data + h->begin;
	size_t len = h->end - h->begin;
	struct evidence e = { .word_near = at->steps.raised, .negative_word = at->steps.lowered };
	struct candidate *c;
	struct place p;

	if (j->options.rules_off && j->options.rules_off[h->rule])
		return ASSAY_OK;
	if (rule->detector) {
		judge_marking(o, rule, at);
		return ASSAY_OK;
	}
	c = vec_push(&o->pending);
	if (!c) {
		o->hits_dropped++;
		return ASSAY_OK;
	}
	stream_find(o->stream, h->begin, &p);
	e.field = p.field && rule_bit(&p.field->rules, h->rule);
	*c = (struct candidate){
		.start = p.off,
		.begin = at->base + h->begin,
		.end = at->base + h->end,
		.rule = h->rule,
		.verdict = h->verdict,
		.confidence = (uint8_t)score(rule, &e),
		.hidden = p.seg->vis != ASSAY_SHOWN,
	};
	/* What is only counted needs no value: a test value makes it no likelier. */
	c->only_counted = c->confidence < j->options.min_confidence;
	if (c->only_counted)
		return ASSAY_OK;
	if (!normalise(j, rule, value, len)) {
		o->pending.len--;
		return assay_fail_memory(err, "a value");
	}
	e.test_value =
	    rule->test_values_len > 0 && score_is_test_value(rule, j->value.data, j->value.len);
	if (e.test_value) {
		c->confidence = (uint8_t)score(rule, &e);
		c->only_counted = c->confidence < j->options.min_confidence;
	}
	keyed_sip128(j->options.value_key, j->value.data, j->value.len, c->hash);
	if (c->only_counted || !tally_wants_occurrence(o->tally, h->rule))
		return ASSAY_OK;
	stream_locate(o->stream, h->begin, h->end, &p);
	c->occurrence =
	    list_occurrence(o, rule, value, len, &p, (enum assay_confidence)c->confidence);
	return ASSAY_OK;
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
		struct candidate c = list[i];
		size_t at = i;

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

/** Count what can no longer be touched by later hits. */
static enum assay_status settle_to(struct object *o, uint64_t sealed, struct assay_error *err)
{
	size_t settled = settle(o->pending.items, o->pending.len, sealed);

	for (size_t i = 0; i < settled; i++) {
		const struct candidate *c = &o->pending.items[i];

		if (c->dropped || !owns(o, c->start))
			continue;
		if (!tally_add(o->tally, c))
			return assay_fail_memory(err, "the tally");
	}
	drop_pending(o, settled);
	return ASSAY_OK;
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
	size_t before = o->pending.len;
	enum assay_status st = ASSAY_OK;

	(void)s;
	o->hits_dropped += hits->dropped;
	o->gave_up += hits->gave_up;
	if (hits->list.len > 0) {
		if (!want_steps(j, hits->list.len))
			return assay_fail_memory(err, "context");
		context_look(j->context, data, len, hits->list.items, hits->list.len, j->steps);
	}
	for (size_t i = 0; i < hits->list.len && st == ASSAY_OK; i++) {
		struct sighting at = {
			.data = data,
			.len = len,
			.base = base,
			.hit = &hits->list.items[i],
			.steps = j->steps[i],
		};

		st = judge_hit(o, &at, err);
	}
	if (st < 0)
		return st;
	sort_pending(o, before);
	return settle_to(o, base + sealed, err);
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

	if (st == ASSAY_OK)
		st = settle_to(o, UINT64_MAX, err);
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
	markings_conclude(o->markings, last, &ret->marking, &found, &found_len);
	for (size_t i = 0; i < found_len; i++)
		if (!tally_marking(o, &found[i]))
			object_gap(o, ASSAY_LIMIT_MEMORY, true, "out of memory: markings");
	if (o->member_marking.label &&
	    (!ret->marking.label || ret->marking.tier < o->member_marking.tier))
		ret->marking = o->member_marking;
	ret->findings = tally_findings(o->tally, &ret->findings_len);
	ret->gaps = o->gaps;
	ret->gaps_len = o->gaps_len;
}
