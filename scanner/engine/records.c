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
	  ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN | ROLE_PERSON | ROLE_LEADS },
	/* Shops and offices have addresses, too: one proves nobody's presence. */
	{ "uk.address", true, ROLE_BESIDE | ROLE_KIND | ROLE_HALF },
	{ "uk.postcode", true, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN | ROLE_LEADS },
	{ "personal.identifier", false,
	  ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN | ROLE_PERSON | ROLE_LEADS },
	{ "personal.attribute", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "personal.contact", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "personal.special", false, ROLE_BESIDE | ROLE_KIND },
	{ "personal.criminal", false, ROLE_BESIDE | ROLE_KIND },
	{ "personal.", false, ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "policing.offender", false,
	  ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN | ROLE_PERSON | ROLE_LEADS },
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
	if (rule->detector)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(role_table); i++)
		if (begins(role_table[i].is_id ? rule->id : rule->category, role_table[i].begin))
			return role_table[i].roles |
			       (rule->shape == SHAPE_BESIDE ? ROLE_SOUGHT : 0);
	return 0;
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

/** Two line feeds with nothing but space between them. */
static bool has_blank_line(const char *p, const char *end)
{
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		for (p++; p < end && (*p == ' ' || *p == '\t' || *p == '\r'); p++)
			;
		if (p < end && *p == '\n')
			return true;
	}
	return false;
}

bool record_goes_on(const struct record *r, uint64_t position, const struct text_at *text,
		    bool lines)
{
	const char *from;

	if (r->last < text->base || position > r->first + RECORD_BYTES)
		return false;
	if (position <= r->last)
		return true;
	from = text->data + (r->last - text->base);
	return lines ? !memchr(from, '\n', (size_t)(position - r->last))
		     : !has_blank_line(from, text->data + (position - text->base));
}

bool record_takes(const struct record *r, const struct candidate *c, const struct text_at *text,
		  bool lines)
{
	if (!r->open)
		return false;
	if (r->key || c->record)
		return r->key == c->record;
	return record_goes_on(r, c->begin, text, lines);
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
