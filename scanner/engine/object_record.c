/*
 * object_record.c - of whom the candidates of a record speak
 *
 * Those of one record raise each other; in prose the paragraph behind may speak of the person
 * the one before was about.
 */
#include "object_parts.h"

#include "said.h"
#include "score.h"

bool object_is_strong(const struct object *o, const struct candidate *c, const struct text_at *text)
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

unsigned object_roles(const struct object *o, const struct candidate *c)
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
	/* An element is gone on with after those within it. */
	if (o->record.led_before && o->record.led_before + RECORD_BYTES > c->begin)
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

/** Longest label of a name. */
#define LABEL_BYTES 48

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
		    object_value(o, c, text))
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

/** Does nothing but a label stand before the name in its line, and nothing behind it? */
static bool is_label_and_name(const struct candidate *c, const struct text_at *text)
{
	size_t begin = (size_t)(c->begin - text->base), end = (size_t)(c->end - text->base);
	size_t at = back_over(text->data, begin, " \t*"), label = at;

	while (end < text->len && text->data[end] && strchr(" \t*\r", text->data[end]))
		end++;
	if ((end < text->len && text->data[end] != '\n') || at == 0 || text->data[at - 1] != ':')
		return false;
	for (at--; at > 0 && text->data[at - 1] != '\n'; at--)
		if (label - at > LABEL_BYTES || text->data[at - 1] == '.')
			return false;
	return true;
}

/** `Employee: Gwen Hollis`, on a line of its own: the paragraphs below may speak of her. */
static void note_named(struct object *o, size_t from, size_t end, const struct text_at *text)
{
	const unsigned labelled = ROLE_PERSON | ROLE_LEADS | ROLE_BESIDE;

	for (size_t i = from; i < end; i++) {
		struct candidate *c = &o->pending.items[i];

		if (!c->dropped && !c->quiet && c->confidence >= ASSAY_MEDIUM &&
		    (o->judge->roles.of[c->rule] & labelled) == labelled &&
		    c->begin >= text->base && is_label_and_name(c, text) &&
		    object_value(o, c, text))
			take_subject(&o->named, c, c->end);
	}
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
		if (line == NAME_AMID || !object_value(o, c, text))
			continue;
		/* It is of nobody else, whomever it is written to. */
		if (line == NAME_RE)
			o->addressee = (struct subject){ 0 };
		take_subject(&o->addressee, c, after);
		o->addressee.at_work = said_is_workplace(text->data + (c->end - text->base),
							 after > c->end ? after - c->end : 0);
	}
}

/** Does it stand where the subject alone is spoken of? */
static bool follows_subject(const struct subject *s, const struct candidate *c)
{
	return s->is_known && (!s->other || c->begin > s->other + SUBJECTS_BYTES) &&
	       c->begin >= s->end && c->begin <= s->end + RECORD_BYTES;
}

/** Who is `you`, in a letter to or from the addressee? */
static enum said_you you_of(const struct subject *s, size_t at, const struct text_at *text)
{
	size_t from = s->end > text->base ? (size_t)(s->end - text->base) : 0;
	enum said_you you = said_to(text->data + from, at > from ? at - from : 0);

	return you == YOU_ARE_ANYONE && s->at_work ? YOU_ARE_MANY : you;
}

/** Does the sentence say it of him? */
static bool is_said_of(const struct candidate *c, const struct text_at *text, enum said_you you)
{
	enum said said = said_of(text->data, (size_t)(c->begin - text->base), text->len, you);

	return said == SAID_HIS || (said == SAID_NEAR && c->evidence.word_near);
}

/**
 * Is it said of him whom the paragraph before is about?  A letter names its subject once; what
 * follows is about him if its words say that it is about somebody.  Where two people were told
 * apart just before, it may be either, or a third.  A name and an address may be anybody's to
 * whom one writes about others, or who writes to many: then the sentence itself must speak of
 * him, as it must behind a name and its label, where `you` is somebody else.
 */
static bool is_of_subject(const struct object *o, const struct candidate *c,
			  const struct text_at *text)
{
	size_t at;

	if (!is_prose(o) || !(o->judge->roles.of[c->rule] & ROLE_OF_SUBJECT) ||
	    c->begin < text->base)
		return false;
	at = (size_t)(c->begin - text->base);
	if (c->evidence.word_near && follows_subject(&o->subject, c) &&
	    said_of(text->data, at, text->len, YOU_ARE_ONE) != SAID_AT_LARGE)
		return true;
	if (follows_subject(&o->addressee, c) &&
	    is_said_of(c, text, you_of(&o->addressee, at, text)))
		return true;
	return follows_subject(&o->named, c) && is_said_of(c, text, YOU_ARE_MANY);
}

void object_close_record(struct object *o, size_t from, size_t end, const struct text_at *text)
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
	note_named(o, from, end, text);
}
