/**
 * shape.h - gates: what stands behind an anchor of the shape stage
 *
 * A gate may say yes too often, never no too often.  What the rules of a shape
 * may rely on, beyond their own pattern:
 *
 * - A match starts with the shape's first byte; not after a digit if that is a
 *   digit, not after a letter or digit if it is one in a word (NINO, IBAN,
 *   prison number), and does not stop before one of its kind.
 * - One space, hyphen or dot may stand between groups; nothing else.
 * - DIGITS_3_3_4: ten digits grouped 10, 3-3-4, 3-7 or 6-4.  CARD: 13 to 19 in
 *   groups of any size.  If the validator is one that includes the check digit
 *   (see checks in match.c), it is tested before the pattern: the evidence is
 *   the digits, all of them, and no other.
 * - PHONE: 0 or +44, 0044, an opening parenthesis before either; then up to
 *   three of space, hyphen, dot, parentheses between two digits; ten to twelve
 *   digits with the 0, 9 to 12 after 44.  If the validator is that of telephones, the
 *   two digits after the 0 are looked up first: the evidence begins with it.
 * - EMAIL: at most 64 bytes before the @.  IP: a dotted quad, or groups of hex
 *   digits with five colons or `::` among them, or six pairs with hyphens.
 * - YEAR_SLASH, SLASH_YEAR: letters, digits and slashes, 26 bytes at most, that
 *   end in a digit and a letter.
 * - MRZ: starts in a run of 12 or more capitals, digits and `<`, with a `<`
 *   between two of them.
 * - TERMS: see termindex.h; the words that lead begin at most TERM_BACK_MAX bytes behind
 *   the start.
 * - SORT_ACCOUNT: three pairs with one kind of separator, not dots, then six digits or more within
 * 48 bytes.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include "matcher.h"

/** No match of a shape has its anchor farther behind its start. */
#define SHAPE_WIDTH_MAX ((size_t)256)
_Static_assert(TERM_BACK_MAX + TERM_KEY_BYTES <= SHAPE_WIDTH_MAX, "a lead and its key are seen");

/** A byte of the window, or 0 outside of it; `i` may have wrapped below 0. */
static inline char peek(const struct matcher *m, size_t i)
{
	return i < m->win->len ? m->win->data[i] : '\0';
}

static inline bool is_separator(char c)
{
	return c == ' ' || c == '-' || c == '.';
}

static inline bool has_rules(const struct matcher *m, enum shape shape)
{
	return *m->set->by_shape[shape] != UINT16_MAX;
}

/** Ask every rule of a shape about the starts [first, last]. */
static inline void confirm_shape(struct matcher *m, enum shape shape, size_t first, size_t last)
{
	for (const uint16_t *rule = m->set->by_shape[shape]; *rule != UINT16_MAX; rule++)
		confirm_once(m, *rule, first, last);
}

/* Each is called with the index of its anchor; see the masks in shape.c. */

/* Bits 63, 62 ... of the histories speak of the bytes at `last`, before it ...  Ten digits,
 * or CARD_DIGITS_MIN, are among them and separators. */

#define CARD_DIGITS_MIN 13U

void gate_ten_digits(struct matcher *m, size_t last, uint64_t digits, uint64_t separators);
void gate_card(struct matcher *m, size_t last, uint64_t digits, uint64_t separators);
/** The same, for the end of a run of DIGIT_RUN_MIN digits or more. */
void gate_digit_run(struct matcher *m, size_t last, uint64_t digits);
void gate_sort_code(struct matcher *m, size_t second_digit);
void gate_phone_zero(struct matcher *m, size_t zero);
void gate_phone_plus(struct matcher *m, size_t plus);
void gate_nino(struct matcher *m, size_t last_digit);
void gate_slash(struct matcher *m, size_t last_digit);
void gate_two_letters(struct matcher *m, size_t digit);
void gate_vrm(struct matcher *m, size_t last_digit);
void gate_driver(struct matcher *m, size_t last_digit);
void gate_iban(struct matcher *m, size_t first_digit);
void gate_email(struct matcher *m, size_t at);
void gate_quad(struct matcher *m, size_t before_dot);
void gate_colon(struct matcher *m, size_t colon);
void gate_mac(struct matcher *m, size_t mark);
void gate_mrz(struct matcher *m, size_t less);
/** A word that may lead a term, by itself or with the one before it. */
void gate_words(struct matcher *m, const struct term_word *before, const struct term_word *word);

#endif
