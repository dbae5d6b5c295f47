/* gate_token.c - letters and digits in a word: NINO, postcode, plates, references */
#include "shape.h"

/** Longest reference with slashes. */
#define SLASH_TOKEN_MAX ((size_t)26)

/** Letters and digits of an IBAN after its first four, at least. */
#define IBAN_REST_MIN 9U

/** The byte before `at`, past one separator. */
static size_t before_separator(const struct matcher *m, size_t at)
{
	return is_separator(peek(m, at - 1)) ? at - 2 : at - 1;
}

/* A pair of digits ends at `last_digit`, then perhaps a separator, then one
 * letter that ends the word. */
void gate_nino(struct matcher *m, size_t last_digit)
{
	size_t at = last_digit;

	if (!has_rules(m, SHAPE_NINO))
		return;
	for (unsigned pair = 0; pair < 3; pair++) {
		if (!is_digit(peek(m, at)) || !is_digit(peek(m, at - 1)))
			return;
		at = before_separator(m, at - 1);
	}
	if (is_letter(peek(m, at)) && is_letter(peek(m, at - 1)) && !is_alnum(peek(m, at - 2)))
		confirm_shape(m, SHAPE_NINO, at - 1, at - 1);
}

/* A digit, then one letter that ends the word: does a slash stand before them? */
void gate_slash(struct matcher *m, size_t last_digit)
{
	size_t first = last_digit, slash = 0;

	while (first > 0 && last_digit - first < SLASH_TOKEN_MAX) {
		char c = m->win->data[first - 1];

		if (c == '/')
			slash = first - 1;
		else if (!is_alnum(c))
			break;
		first--;
	}
	if (!slash)
		return;
	confirm_shape(m, SHAPE_YEAR_SLASH, first, last_digit);
	confirm_shape(m, SHAPE_SLASH_YEAR, first, last_digit);
}

/** Does the outward half of a postcode end at `end`? */
static bool is_outward_end(const struct matcher *m, size_t end)
{
	char last = peek(m, end), before = peek(m, end - 1);

	if (is_digit(last))
		return is_alnum(before);
	if (!is_letter(last))
		return false;
	/* W1A; GIR; and the four letters of an overseas territory. */
	return is_digit(before) || (is_letter(before) && is_letter(peek(m, end - 2)));
}

static void postcode(struct matcher *m, size_t digit)
{
	size_t end = before_separator(m, digit);

	if (!is_outward_end(m, end))
		return;
	if (is_letter(peek(m, end)) && !is_digit(peek(m, end - 1))) {
		/* "in the 4th": the words before are seldom GIR or ASCN. */
		char inward = to_upper(peek(m, digit + 1));

		if (inward != to_upper(peek(m, digit + 2)) || (inward != 'A' && inward != 'Z'))
			return;
	}
	confirm_shape(m, SHAPE_POSTCODE, end > 3 ? end - 3 : 0, end);
}

/* A digit, then two letters that end the word. */
void gate_two_letters(struct matcher *m, size_t digit)
{
	if (has_rules(m, SHAPE_POSTCODE))
		postcode(m, digit);
	if (digit >= 4 && is_digit(peek(m, digit - 1)) && is_digit(peek(m, digit - 2)) &&
	    is_digit(peek(m, digit - 3)) && is_letter(peek(m, digit - 4)))
		confirm_shape(m, SHAPE_PRISON, digit - 4, digit - 4);
}

/* Two digits, perhaps a separator, three letters that end the word. */
void gate_vrm(struct matcher *m, size_t last_digit)
{
	size_t letter = before_separator(m, last_digit - 1);

	if (is_letter(peek(m, letter)) && is_letter(peek(m, letter - 1)))
		confirm_shape(m, SHAPE_VRM, letter - 1, letter - 1);
}

/*
 * Six digits or more, perhaps a separator, a letter.  The letter is the first
 * initial; or the initials are 99 and the last of the digits stands after them.
 */
void gate_driver(struct matcher *m, size_t last_digit)
{
	size_t first = last_digit > 16 ? last_digit - 16 : 0;

	if (!has_rules(m, SHAPE_DRIVER) || last_digit < 10)
		return;
	for (size_t i = first; i + 10 <= last_digit; i++) {
		if (!is_letter(peek(m, i)) || is_alnum(peek(m, i - 1)))
			continue;
		confirm_shape(m, SHAPE_DRIVER, i, last_digit - 10);
		return;
	}
}

/* Two letters that begin a word, then two digits. */
void gate_iban(struct matcher *m, size_t first_digit)
{
	size_t at = first_digit + 2;

	if (!has_rules(m, SHAPE_IBAN))
		return;
	for (unsigned count = 0; count < IBAN_REST_MIN; count++, at++) {
		if (is_separator(peek(m, at)))
			at++;
		if (!is_alnum(peek(m, at)))
			return;
	}
	confirm_shape(m, SHAPE_IBAN, first_digit - 2, first_digit - 2);
}

/** Ask the rules that the word at `word` leads, alone or with the one behind it. */
static void confirm_terms(struct matcher *m, size_t word, uint64_t hash, enum term_led_by led_by)
{
	const struct term_index *index = m->set->terms;
	size_t at = (size_t)(hash >> index->slots_shift);

	for (; index->slots[at].led_by; at = (at + 1) & index->slots_mask) {
		const struct term_entry *e = &index->slots[at];

		if (e->hash == hash && e->led_by == led_by)
			confirm_once(m, e->rule, word > e->back ? word - e->back : 0, word);
	}
}

void gate_words(struct matcher *m, const struct term_word *before, const struct term_word *word)
{
	const struct term_index *index = m->set->terms;
	uint64_t pair = term_pair_hash(before->hash, word->hash);

	if (term_index_may(index, word->hash))
		confirm_terms(m, word->at, word->hash, TERM_LED_BY_WORD);
	if (term_index_may(index, pair))
		confirm_terms(m, before->at, pair, TERM_LED_BY_PAIR);
}
