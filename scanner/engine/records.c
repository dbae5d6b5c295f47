/* records.c - who stands beside whom, and what they make of each other */
#include "records.h"

/** First that fits, by the id's or the category's beginning. */
static const struct {
	const char *begin;
	bool is_id;
	uint8_t roles;
} role_table[] = {
	/* Addresses of machines and mailboxes fill logs: they prove nobody's presence. */
	{ "net.email", true, ROLE_RAISED | ROLE_KIND | ROLE_COLUMN },
	{ "net.", true, ROLE_KIND | ROLE_COLUMN },
	{ "personal.identifier", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "personal.attribute", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "personal.contact", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "personal.", false, ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "policing.offender", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "policing.", false, ROLE_RAISES | ROLE_COLUMN },
	{ "finance.account", false, ROLE_RAISED | ROLE_RAISES | ROLE_KIND | ROLE_COLUMN },
	{ "finance.", false, ROLE_RAISES | ROLE_COLUMN },
	{ "business.", false, ROLE_COLUMN },
};

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static uint8_t roles_of(const struct rule *rule)
{
	if (rule->detector)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(role_table); i++)
		if (begins(role_table[i].is_id ? rule->id : rule->category, role_table[i].begin))
			return role_table[i].roles;
	return 0;
}

void roles_fill(struct roles *r, const assay_ruleset *set)
{
	uint16_t net = UINT16_MAX;

	for (uint16_t i = 0; i < set->list->len; i++) {
		bool is_net = begins(set->list->rules[i]->id, "net.");

		r->of[i] = roles_of(set->list->rules[i]);
		r->kind[i] = is_net && net < UINT16_MAX ? net : i;
		if (is_net)
			net = r->kind[i];
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

void record_add(struct record *r, const struct candidate *c, bool strong)
{
	r->last = MAX(r->last, c->end);
	if (!strong)
		return;
	r->more_strong |= r->has_strong && r->strong != c->rule;
	r->strong = r->has_strong ? r->strong : c->rule;
	r->has_strong = true;
}

bool record_has_other(const struct record *r, unsigned rule)
{
	return r->more_strong || (r->has_strong && r->strong != rule);
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
