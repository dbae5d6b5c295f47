/* object.c - from hits to what is reported of an object */
#include "object_parts.h"

#include <stdio.h>

#include "fail.h"
#include "keyed.h"
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
	o->numbers = (struct numbers){ 0 };
	o->record = (struct record){ 0 };
	o->subject = o->addressee = o->named = (struct subject){ 0 };
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

/* Hits. */

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
		object_judge_marking(o, rule, at);
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

bool object_value(struct object *o, struct candidate *c, const struct text_at *text)
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

/** Of a candidate that bare digits were enough for, how many; or 0. */
static size_t digits_of(const struct object *o, const struct candidate *c,
			const struct text_at *text)
{
	if (!(o->judge->roles.of[c->rule] & ROLE_NUMBER) || c->begin < text->base)
		return 0;
	return number_at(text->data, text->len, (size_t)(c->begin - text->base),
			 (size_t)(c->end - text->base));
}

/** Is it one of many numbers, few of which pass the check? */
static bool is_one_of_many(const struct object *o, const struct candidate *c,
			   const struct text_at *text)
{
	size_t digits;

	/* What is low anyway may still be proved by its neighbours. */
	if (rule_of(o, c)->confidence == ASSAY_LOW)
		return false;
	digits = digits_of(o, c, text);
	return digits && numbers_luck(&o->numbers, digits);
}

/** What it amounts to without its neighbours. */
static bool weigh(struct object *o, struct candidate *c, const struct text_at *text)
{
	const struct rule *rule = rule_of(o, c);
	enum assay_confidence least = notable_from(o);
	enum column_verdict column =
	    c->column ? columns_judge(o->columns, c->column, c->rule) : COLUMN_MIXED;
	bool bare;

	c->evidence.column = column == COLUMN_SAME && !c->against &&
			     (o->judge->roles.of[c->rule] & ROLE_COLUMN) != 0;
	/* Nothing but its digits says what it is. */
	bare = !c->evidence.field && !c->evidence.word_near;
	c->by_chance =
	    bare && column == COLUMN_CHANCE && rule->normalise == NORMALISE_DIGITS && c->alone;
	c->evidence.luck = bare && !c->evidence.column && c->verdict != VERDICT_KNOWN &&
			   (c->by_chance || is_one_of_many(o, c, text));
	c->confidence = (uint8_t)score(rule, &c->evidence);
	c->quiet =
	    c->confidence < (uint8_t)least && !(o->judge->roles.of[c->rule] & ROLES_IN_RECORD);
	if (rule->test_values_len == 0 || c->confidence < (uint8_t)least)
		return true;
	if (!object_value(o, c, text))
		return false;
	c->confidence = (uint8_t)score(rule, &c->evidence);
	return true;
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

	if (c->dropped || c->tallied || !object_owns(o, c->start) || is_nothing(o, c))
		return ASSAY_OK;
	c->tallied = true;
	c->only_counted = c->confidence < (uint8_t)least;
	if (!c->only_counted) {
		if (!object_value(o, c, text))
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
		record_start(&o->record, c, object_owns(o, c->start));
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
			object_close_record(o, from, i, text);
			next_record(o, c);
			from = i;
			before = (struct record){ 0 };
		}
		strong = object_is_strong(o, c, text);
		roles = object_roles(o, c);
		if (!r->anchored && !r->key)
			from = leave_far(o, from, i);
		if (record_anchors(r, c, strong, roles))
			r->owned = object_owns(o, c->start);
		record_add(r, c, strong, roles);
	}
	*ret_len = len;
	if (sealed < UINT64_MAX && r->open && r->first + STREAM_BEHIND >= sealed &&
	    is_open(o, sealed, text, lines)) {
		*r = before;
		*ret_len = from;
		return true;
	}
	object_close_record(o, from, len, text);
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
		if (!object_value(o, c, text))
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

/** @return  false: it is no number among numbers, or was counted before */
static bool count_number(struct object *o, struct candidate *c, const struct text_at *text)
{
	size_t digits = c->in_numbers || c->dropped ? 0 : digits_of(o, c, text);

	if (!digits)
		return false;
	c->in_numbers = true;
	numbers_hit(&o->numbers, digits);
	return true;
}

/** Count the hits that are bare numbers and, where there are any, the numbers around them. */
static void count_numbers(struct object *o, size_t len, size_t from, size_t to,
			  const struct text_at *text)
{
	bool any = false;

	for (size_t i = 0; i < len; i++)
		any |= count_number(o, &o->pending.items[i], text);
	if (any)
		numbers_count(&o->numbers, text->data, text->len, from, to);
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

		numbers_count(&o->numbers, text->data, text->len,
			      (size_t)(stripes[k].begin - text->base),
			      (size_t)(stripes[k].end - text->base));
		for (; i < len && list[i].begin < stripes[k].end; i++) {
			if (list[i].dropped)
				continue;
			count_number(o, &list[i], text);
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
	numbers_age(&o->numbers);
	if (stream_in_grid(o->stream)) {
		count_stripes(o, len, from, to, text);
	} else {
		count_numbers(o, len, from, to, text);
		count_hits(o, len, text);
	}
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
	note_losses(o);
	object_conclude_markings(o, &ret->marking);
	ret->findings = tally_findings(o->tally, &ret->findings_len);
	ret->records = o->records;
	ret->gaps = o->gaps;
	ret->gaps_len = o->gaps_len;
}
