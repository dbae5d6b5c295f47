/* occurrence.c - what a reader may be shown of a hit, and what it is compared by */
#include "object.h"

#include "keyed.h"
#include "mask.h"

/** Values are hashed, masked and compared up to here. */
#define VALUE_MAX ((size_t)4096)

/** An occurrence and the strings it points to, in one block. */
struct listed {
	struct assay_occurrence o;
	char strings[];
};

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

struct assay_occurrence *judge_list(struct judge *j, const struct rule *rule, const char *value,
				    size_t len, const struct place *p)
{
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

	if (!cell && !p->column.of && p->column.number) {
		column_letters(p->column.number, letters);
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
	keyed_mac(&j->mac, parts, ARRAY_SIZE(parts), l->o.fp);
	return &l->o;
}

bool judge_normalise(struct judge *j, const struct rule *rule, const char *value, size_t len)
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
