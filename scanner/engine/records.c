/* records.c - who stands beside whom, and what they make of each other */
#include "records.h"

/** First that fits, by the id's or the category's beginning. */
static const struct {
	const char *begin;
	bool is_id;
	uint16_t roles;
} role_table[] = {
	/* Addresses of machines and mailboxes fill logs: they prove nobody's presence. */
	{ "net.email", true, ROLE_RAISED | ROLE_KIND | ROLE_COLUMN },
	{ "net.", true, ROLE_KIND | ROLE_COLUMN },
	{ "person.name-", true,
	  ROLE_BESIDE | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN | ROLE_PERSON | ROLE_LEADS },
	/* A heading proves a name; on a list of names it is half a person. */
	{ "person.name", true, ROLE_BESIDE | ROLE_RAISES | ROLE_KIND | ROLE_PERSON | ROLE_HALF },
	{ "person.", true,
	  ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN | ROLE_PERSON | ROLE_LEADS |
	      ROLE_SUBJECT },
	/* Shops and offices have addresses, too: one proves nobody's presence. */
	{ "uk.address", true, ROLE_BESIDE | ROLE_KIND | ROLE_HALF },
	{ "uk.postcode", true, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN | ROLE_LEADS },
	{ "personal.identifier", false,
	  ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN | ROLE_PERSON | ROLE_LEADS |
	      ROLE_SUBJECT },
	{ "personal.attribute", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "personal.contact", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "personal.special", false, ROLE_BESIDE | ROLE_KIND | ROLE_OF_SUBJECT },
	/* Crimes have victims, places and numbers: what follows may be of another one. */
	{ "personal.criminal", false, ROLE_BESIDE | ROLE_KIND },
	{ "personal.", false, ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "policing.offender", false,
	  ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN | ROLE_PERSON | ROLE_LEADS |
	      ROLE_SUBJECT },
	{ "policing.", false, ROLE_RAISES | ROLE_COLUMN },
	{ "finance.account", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "finance.", false, ROLE_RAISES | ROLE_COLUMN },
	{ "business.", false, ROLE_COLUMN },
};

/** Rules whose ids begin so are one kind: a log line is no person, a name in two columns is
 * one name. */
static const char *const one_kind[] = { "net.", "person.name" };

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static uint16_t roles_of(const struct rule *rule)
{
	uint16_t roles = 0;

	if (rule->detector)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(role_table) && !roles; i++)
		if (begins(role_table[i].is_id ? rule->id : rule->category, role_table[i].begin))
			roles =
			    role_table[i].roles | (rule->shape == SHAPE_BESIDE ? ROLE_SOUGHT : 0);
	return roles | (rule_is_number(rule) ? ROLE_NUMBER : 0);
}

/** The first rule of the kind that rule `i` is of. */
static uint16_t kind_of(const assay_ruleset *set, uint16_t i)
{
	for (size_t k = 0; k < ARRAY_SIZE(one_kind); k++) {
		if (!begins(set->list->rules[i]->id, one_kind[k]))
			continue;
		for (uint16_t first = 0; first < i; first++)
			if (begins(set->list->rules[first]->id, one_kind[k]))
				return first;
	}
	return i;
}

void roles_fill(struct roles *r, const assay_ruleset *set)
{
	for (uint16_t i = 0; i < set->list->len; i++) {
		r->of[i] = roles_of(set->list->rules[i]);
		r->kind[i] = kind_of(set, i);
		if (r->of[i] & ROLE_LEADS)
			rule_bit_set(&r->leads, i);
	}
}

void record_start(struct record *r, const struct candidate *c, bool owned)
{
	*r = (struct record){
		.key = c->record,
		.first = c->begin,
		.last = c->end,
		.open = true,
		.owned = owned,
	};
}

static struct record *record_around(struct records_around *around, uint64_t key)
{
	for (size_t i = 0; key && i < ARRAY_SIZE(around->list); i++)
		if (around->list[i].key == key)
			return &around->list[i];
	return NULL;
}

void record_leave(struct records_around *around, const struct record *r)
{
	struct record *same = record_around(around, r->key);

	if (same)
		*same = *r;
	else if (r->open && r->key)
		around->list[around->next++ % ARRAY_SIZE(around->list)] = *r;
}

/* It stays on the list: where a window cuts it, it is gone on with twice. */
bool record_resume(struct records_around *around, uint64_t key, struct record *ret)
{
	const struct record *r = record_around(around, key);

	if (!r)
		return false;
	*ret = *r;
	ret->led_before = r->led;
	return true;
}

/* Filled forms. */

#define LABEL_BYTES ((size_t)48) /**< longest label, with the space before it */
#define WORDS_BYTES 48           /**< longest heading, or value below its label */
#define LABELS_MAX 48

enum line_kind {
	LINE_BLANK,
	LINE_FILLED, /**< a label and a value */
	LINE_ASKS,   /**< a label: the value is below it */
	LINE_WORDS,  /**< a heading, or such a value */
	LINE_PROSE,
};

/** Labels of a form, by hash, and in which block between blank lines each stands. */
struct labels {
	uint32_t hash[LABELS_MAX];
	size_t of_block[LABELS_MAX];
	size_t block;
	size_t len;
};

static const char *line_begin(const char *p, const char *from)
{
	while (p > from && p[-1] != '\n')
		p--;
	return p;
}

static const char *line_end(const char *line, const char *end)
{
	const char *feed = memchr(line, '\n', (size_t)(end - line));

	return feed ? feed : end;
}

static bool is_blank(const char *line, const char *end)
{
	while (line < end && is_space(*line))
		line++;
	return line == end;
}

/** *ret_label: hash of the words before the colon, if it has a label. */
static enum line_kind kind_of_line(const char *line, const char *end, uint32_t *ret_label)
{
	const char *p = line, *stop = line + MIN((size_t)(end - line), LABEL_BYTES);
	uint32_t h = 2166136261U;

	while (end > line && is_space(end[-1]))
		end--;
	if (line == end)
		return LINE_BLANK;
	for (; p < stop && *p && (is_alnum(*p) || strchr(" \t/'()&.-*#?", *p)); p++)
		if (is_alnum(*p))
			h = (h ^ (unsigned char)to_lower(*p)) * 16777619U;
	*ret_label = h;
	if (p > line && p < end && *p == ':' && (p + 1 == end || is_space(p[1])))
		return p + 1 == end ? LINE_ASKS : LINE_FILLED;
	return end - line <= WORDS_BYTES && !strchr(".,;!?", end[-1]) ? LINE_WORDS : LINE_PROSE;
}

/** The label is new, or stands in the block at hand already: else the next form begins. */
static bool take_label(struct labels *l, uint32_t hash)
{
	for (size_t i = 0; i < l->len; i++)
		if (l->hash[i] == hash)
			return l->of_block[i] == l->block;
	if (l->len == LABELS_MAX)
		return false;
	l->hash[l->len] = hash;
	l->of_block[l->len++] = l->block;
	return true;
}

/** The line that `p` stands in; if that has no label, the one above that asks for it. */
static const char *form_begin(const char *p, const char *from, const char *end)
{
	const char *line = line_begin(p, from), *above = line;
	uint32_t label;

	if (kind_of_line(line, line_end(line, end), &label) != LINE_WORDS)
		return line;
	while (above > from && is_blank(above, line))
		above = line_begin(above - 1, from);
	return kind_of_line(above, line_end(above, end), &label) == LINE_ASKS ? above : line;
}

/**
 * Are the lines from that of `from` on one filled form's, up to that of `to`?
 *
 * @param whole  the line of `to` is all there and must be a label's as well
 */
static bool is_one_form(const char *begin, const char *from, const char *to, const char *end,
			bool whole)
{
	const char *line = form_begin(from, begin, end), *last = line_begin(to, begin), *stop;
	struct labels labels = { 0 };
	bool below_label = false;

	for (; line < last || (line == last && whole); line = stop + 1) {
		uint32_t label;
		enum line_kind kind;

		stop = line_end(line, end);
		kind = kind_of_line(line, stop, &label);
		if (kind == LINE_PROSE || (kind == LINE_WORDS && !labels.len) ||
		    ((kind == LINE_FILLED || kind == LINE_ASKS) && !take_label(&labels, label)))
			return false;
		if (line == last)
			return kind != LINE_WORDS || below_label;
		labels.block += kind == LINE_BLANK;
		below_label = kind == LINE_ASKS || (below_label && kind != LINE_FILLED);
	}
	return true;
}

/** Does the record reach on to `position`?  @param whole  see is_one_form() */
static bool reaches(const struct record *r, uint64_t position, const struct text_at *text,
		    bool lines, bool whole)
{
	const char *from, *to, *end = text->data + text->len;

	if (r->last < text->base || position > r->first + (lines ? RECORD_BYTES : FORM_BYTES))
		return false;
	if (position <= r->last)
		return true;
	from = text->data + (r->last - text->base);
	to = text->data + (position - text->base);
	if (lines)
		return !memchr(from, '\n', (size_t)(to - from));
	if (position <= r->first + RECORD_BYTES && !has_blank_line(from, to))
		return true;
	return r->first >= text->base &&
	       is_one_form(text->data, text->data + (r->first - text->base), to, end, whole);
}

bool record_goes_on(const struct record *r, uint64_t position, const struct text_at *text,
		    bool lines)
{
	return reaches(r, position, text, lines, false);
}

bool record_takes(const struct record *r, const struct candidate *c, const struct text_at *text,
		  bool lines)
{
	if (!r->open)
		return false;
	if (r->key || c->record)
		return r->key == c->record;
	return reaches(r, c->begin, text, lines, true);
}

bool record_anchors(struct record *r, const struct candidate *c, bool strong, unsigned roles)
{
	bool anchors = !r->anchored && (strong || !(roles & ROLE_SOUGHT));

	/* Until then it has no begin: what was sought comes before what led to it. */
	if (!r->anchored)
		r->first = c->begin;
	r->anchored |= anchors;
	return anchors;
}

void record_add(struct record *r, const struct candidate *c, bool strong, unsigned roles)
{
	r->last = MAX(r->last, c->end);
	if (roles & ROLE_LEADS)
		r->led = c->end;
	if (roles & ROLE_HALF) {
		r->has_person |= r->has_half && r->half != c->rule;
		r->half = r->has_half ? r->half : c->rule;
		r->has_half = true;
	}
	if (!strong)
		return;
	r->has_person |= (roles & ROLE_PERSON) != 0;
	r->more_strong |= r->has_strong && r->strong != c->rule;
	r->strong = r->has_strong ? r->strong : c->rule;
	r->has_strong = true;
}

bool record_raises(const struct record *r, unsigned rule, unsigned roles)
{
	if (roles & ROLE_BESIDE)
		return r->has_person;
	return (roles & ROLE_RAISED) && (r->more_strong || (r->has_strong && r->strong != rule));
}

bool record_kind(struct record *r, unsigned kind)
{
	if (!r->has_kind) {
		r->has_kind = true;
		r->kind = (uint16_t)kind;
		return false;
	}
	if (r->more_kinds || r->kind == kind)
		return false;
	return r->more_kinds = true;
}
