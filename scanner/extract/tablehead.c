/* tablehead.c - the headings of a table in a document */
#include "tablehead.h"

#include "words.h"

#define COLUMNS_LEAST 3
#define COLUMNS_LEAST_CALLED 2

void tablehead_done(struct tablehead *t)
{
	free(t->levels);
	*t = (struct tablehead){ 0 };
}

static struct tablehead_level *at_hand(const struct tablehead *t)
{
	return t->levels && t->depth && t->depth <= TABLEHEAD_DEPTH ? &t->levels[t->depth - 1]
								    : NULL;
}

void tablehead_begin(struct tablehead *t)
{
	struct tablehead_level *l;

	if (!t->levels)
		t->levels = calloc(TABLEHEAD_DEPTH, sizeof(*t->levels));
	t->depth++;
	l = at_hand(t);
	if (!l)
		return;
	l->columns = l->cells = l->called = l->column = l->next = 0;
	l->row = 0;
	l->headed = false;
}

void tablehead_end(struct tablehead *t)
{
	t->depth -= t->depth > 0;
}

bool tablehead_is_likely(const char *text, size_t len)
{
	size_t letters = 0, dots = 0;

	for (size_t i = 0; i < len; i++) {
		letters += is_letter(text[i]) || (text[i] & 0x80);
		dots += text[i] == '.'; /* D.O.B. */
	}
	return letters * 2 > len - dots;
}

/** Trim a heading; is it one: short, and more words than figures? */
static bool is_heading(char *name, uint16_t *len)
{
	if (*len > TABLEHEAD_BYTES)
		return false;
	while (*len && is_space(name[*len - 1]))
		--*len;
	name[*len] = '\0';
	return tablehead_is_likely(name, *len);
}

/** Of two columns with such a one the first holds labels: `Field | Value` is a form. */
static bool says_value(const char *name, size_t len)
{
	static const char *const words[] = {
		"answer", "answers",     "data",     "description", "detail", "details",
		"entry",  "information", "response", "setting",     "value",  "values",
	};

	return WORD_IS_AMONG(name, len, words);
}

/** Two words or more, each with a capital: Edith Marlow, and not NI number. */
static bool is_like_name(const char *text, size_t len)
{
	size_t words = 0;

	for (size_t i = 0; i < len; i++)
		if (i == 0 || text[i - 1] == ' ') {
			if (!is_upper(text[i]))
				return false;
			words++;
		}
	return words > 1;
}

/** Of two columns, `Field | Value` and `Name | Edith Marlow` begin a form: labels and values. */
static bool is_form(const struct tablehead_level *l)
{
	static const char *const people[] = {
		"applicant", "child",   "client",  "complainant", "employee",
		"full name", "name",    "patient", "pupil",       "service user",
		"subject",   "suspect", "surname",
	};

	return says_value(l->names[1], l->lens[1]) ||
	       (WORD_IS_AMONG(l->names[0], l->lens[0], people) &&
		is_like_name(l->names[1], l->lens[1]));
}

/** The first row is over. */
static void judge(struct tablehead_level *l)
{
	unsigned good = 0, filled = 0;

	for (unsigned i = 0; i < l->columns; i++) {
		bool is = is_heading(l->names[i], &l->lens[i]);

		filled += l->lens[i] > 0;
		good += is;
		if (!is)
			l->names[i][0] = '\0';
	}
	l->headed = good * 3 >= filled * 2 &&
		    (good >= COLUMNS_LEAST ||
		     (good >= COLUMNS_LEAST_CALLED && l->called == filled && !is_form(l)));
}

void tablehead_row(struct tablehead *t)
{
	struct tablehead_level *l = at_hand(t);

	if (!l)
		return;
	/* Rows without cells are none; nor is a title over the whole width. */
	if (l->row == 1 && l->cells < 2) {
		l->row = 0;
		l->columns = l->cells = l->called = 0;
	}
	if (l->row == 1)
		judge(l);
	l->row++;
	l->column = l->next = 0;
	t->records += l->headed;
}

/** The cell at hand ends before column `next`. */
static void reach(struct tablehead_level *l, unsigned next)
{
	l->next = MIN(next, TABLEHEAD_COLUMNS);
	for (; l->row == 1 && l->columns < l->next; l->columns++) {
		l->names[l->columns][0] = '\0';
		l->lens[l->columns] = 0;
	}
}

void tablehead_cell(struct tablehead *t, bool called_heading)
{
	struct tablehead_level *l = at_hand(t);

	if (!l || !l->row)
		return;
	l->column = l->next + 1;
	reach(l, l->column);
	if (l->row == 1) {
		l->cells++;
		l->called += called_heading;
	}
}

void tablehead_span(struct tablehead *t, unsigned span)
{
	struct tablehead_level *l = at_hand(t);

	if (l && l->column && span > 1)
		reach(l, l->column - 1 + MIN(span, TABLEHEAD_COLUMNS));
}

void tablehead_lose(struct tablehead *t)
{
	struct tablehead_level *l = at_hand(t);

	if (l)
		l->headed = false;
}

void tablehead_text(struct tablehead *t, const char *text, size_t len)
{
	struct tablehead_level *l = at_hand(t);
	unsigned i;

	if (!l || l->row != 1 || !l->column || l->column > TABLEHEAD_COLUMNS)
		return;
	i = l->column - 1;
	for (size_t k = 0; k < len && l->lens[i] <= TABLEHEAD_BYTES; k++) {
		char c = is_space(text[k]) || !text[k] ? ' ' : text[k];

		if (c == ' ' && (!l->lens[i] || l->names[i][l->lens[i] - 1] == ' '))
			continue;
		if (l->lens[i] < TABLEHEAD_BYTES)
			l->names[i][l->lens[i]] = c;
		l->lens[i]++;
	}
}

const char *tablehead_field(const struct tablehead *t)
{
	const struct tablehead_level *l = at_hand(t);

	if (!l || !l->headed || !l->column || l->column > l->columns)
		return NULL;
	return l->names[l->column - 1][0] ? l->names[l->column - 1] : NULL;
}

uint64_t tablehead_record(const struct tablehead *t)
{
	const struct tablehead_level *l = at_hand(t);

	return l && l->headed ? t->records : 0;
}
