/**
 * object_parts.h - what the parts of an object share; private to them
 *
 * object.c takes hits, settles them and tells what came of it; object_marking.c judges
 * markings and labels; object_record.c says of whom the candidates of a record speak.
 */
#ifndef OBJECT_PARTS_H
#define OBJECT_PARTS_H

#include "object.h"

/** A hit and the text around it. */
struct sighting {
	const char *data;
	size_t len;
	uint64_t base;
	const struct hit *hit;
	struct context_steps steps;
};

static inline const struct rule *rule_of(const struct object *o, const struct candidate *c)
{
	return o->judge->set->rules[c->rule].rule;
}

/** Is evidence at this source offset the object's own?  A name belongs to the first range. */
static inline bool object_owns(const struct object *o, uint64_t off)
{
	if (!o->is_range)
		return true;
	if (off == ASSAY_NO_OFFSET)
		return o->owned_from == 0;
	return off >= o->owned_from && off < o->owned_to;
}

/** A candidate's hash, and whether it is a test value; once.  @return  false without memory */
MUST_USE bool object_value(struct object *o, struct candidate *c, const struct text_at *text);

/* object_marking.c */

void object_judge_marking(struct object *o, const struct rule *rule, const struct sighting *at);

/** Judge labels, weigh all markings together, and tally them. */
void object_conclude_markings(struct object *o, struct assay_marking *ret);

/* object_record.c */

/**
 * Does it prove an identity that others may lean on?  Digits whose check digit is
 * right are not enough: two order numbers would raise each other.
 */
bool object_is_strong(const struct object *o, const struct candidate *c,
		      const struct text_at *text);

/** What a candidate does in its record: what can be proved must be, to be half a person. */
unsigned object_roles(const struct object *o, const struct candidate *c);

/** All of the record at hand, candidates [from, end), is known: raise, and count it. */
void object_close_record(struct object *o, size_t from, size_t end, const struct text_at *text);

#endif
