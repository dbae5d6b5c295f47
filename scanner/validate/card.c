/* card.c - payment cards: issuer ranges, lengths, Luhn; and what a stripe holds */
#include "scheme.h"

#define LENGTH(n) (1U << (n))
#define LENGTHS_16_19 (LENGTH(16) | LENGTH(17) | LENGTH(18) | LENGTH(19))

/**
 * Issuer ranges (ISO/IEC 7812, the brands' own tables), by the first six digits.
 * Maestro is listed by the prefixes that were issued, not by all of 50 and
 * 56-69: the whole range takes one number in seven.
 */
static const struct issuer {
	uint32_t first, last; /* six digits */
	uint32_t lengths;     /* bit n: n digits */
} issuers[] = {
	{ 400000, 499999, LENGTH(13) | LENGTH(16) | LENGTH(19) }, /* Visa */
	{ 510000, 559999, LENGTH(16) },                           /* Mastercard */
	{ 222100, 272099, LENGTH(16) },
	{ 340000, 349999, LENGTH(15) }, /* American Express */
	{ 370000, 379999, LENGTH(15) },
	{ 300000, 305999, LENGTH(14) | LENGTHS_16_19 }, /* Diners Club */
	{ 309500, 309599, LENGTH(14) | LENGTHS_16_19 },
	{ 360000, 369999, LENGTH(14) | LENGTHS_16_19 },
	{ 380000, 399999, LENGTH(14) | LENGTHS_16_19 },
	{ 601100, 601199, LENGTHS_16_19 }, /* Discover */
	{ 644000, 659999, LENGTHS_16_19 },
	{ 352800, 358999, LENGTHS_16_19 }, /* JCB */
	{ 620000, 629999, LENGTHS_16_19 }, /* UnionPay */
	{ 810000, 817199, LENGTHS_16_19 },
	{ 501800, 501899, LENGTH(12) | LENGTH(13) | LENGTHS_16_19 }, /* Maestro */
	{ 502000, 502099, LENGTH(12) | LENGTH(13) | LENGTHS_16_19 },
	{ 503800, 503899, LENGTH(12) | LENGTH(13) | LENGTHS_16_19 },
	{ 589300, 589399, LENGTHS_16_19 },
	{ 630400, 630499, LENGTHS_16_19 },
	{ 675900, 676399, LENGTHS_16_19 },
	{ 676770, 676774, LENGTHS_16_19 }, /* Solo and UK Maestro */
};

static bool issuer_takes(const char *digits, size_t len)
{
	uint64_t six = number_of(digits, 6);

	for (size_t i = 0; i < ARRAY_SIZE(issuers); i++)
		if (six >= issuers[i].first && six <= issuers[i].last)
			return issuers[i].lengths & LENGTH(len);
	return false;
}

/** 390625000000000000 is a power of five: no issuer ends on six zeros. */
static bool is_round(const char *digits, size_t len)
{
	return all_equal(digits + len - 6, 6) && digits[len - 1] == '0';
}

static bool is_card(const char *digits, size_t len)
{
	return len >= 12 && len <= 19 && !all_equal(digits, len) && !is_run(digits, len) &&
	       !is_round(digits, len) && issuer_takes(digits, len) && luhn_holds(digits, len);
}

/** "5112 5118 5114 5110": four numbers of a table.  In a card's groups of four, numbers
 * as near as this come by chance once in 30,000 times. */
static bool is_table_row(const char *value, size_t len, const struct compact *c)
{
	uint64_t least = UINT64_MAX, most = 0;

	if (c->len != 16 || len != 19)
		return false;
	for (size_t i = 0; i < 16; i += 4) {
		uint64_t group = number_of(c->text + i, 4);

		least = MIN(least, group);
		most = MAX(most, group);
	}
	return value[4] == ' ' && most - least <= 200;
}

enum verdict validate_card(const char *value, size_t len)
{
	struct compact c;

	if (!compact_digits(value, len, " -", &c) || !is_card(c.text, c.len) ||
	    is_table_row(value, len, &c))
		return VERDICT_REJECT;
	return VERDICT_CONFIRM;
}

/** Four digits at `at`: year and month. */
static bool is_expiry(const char *value, size_t len, size_t at)
{
	uint64_t month;

	if (at + 4 > len || !all_digits(value + at, 4))
		return false;
	month = number_of(value + at + 2, 2);
	return month >= 1 && month <= 12;
}

/**
 * Track 1 `%B<card>^NAME^YYMM...?` or track 2 `;<card>=YYMM...?` (ISO/IEC 7813);
 * sentinels may be missing, and EMV tag 57 writes D for `=`.
 */
enum verdict validate_card_track(const char *value, size_t len)
{
	size_t at = len && (value[0] == '%' || value[0] == ';') ? 1 : 0, from, name;
	bool first_track = at < len && value[at] == 'B';

	from = at += first_track;
	while (at < len && is_digit(value[at]))
		at++;
	if (at == len || !is_card(value + from, at - from))
		return VERDICT_REJECT;
	if (first_track && value[at] == '^') {
		for (name = ++at; at < len && value[at] != '^'; at++)
			if (at - name > 26)
				return VERDICT_REJECT;
	} else if (first_track || (value[at] != '=' && value[at] != 'D')) {
		return VERDICT_REJECT;
	}
	/* Expiry, then at least the three digits of the service code. */
	if (!is_expiry(value, len, at + 1) || at + 8 > len || !all_digits(value + at + 5, 3))
		return VERDICT_REJECT;
	return VERDICT_CONFIRM;
}
