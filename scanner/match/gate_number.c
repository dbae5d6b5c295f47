/* gate_number.c - numbers in groups: health numbers, cards, bank accounts, telephones */
#include "shape.h"

#define CARD_DIGITS_MAX 19U

/** Bytes between a sort code and the digits of its account. */
#define ACCOUNT_WITHIN ((size_t)48)

/** Bytes between two digits of a telephone number. */
#define PHONE_GAP_MAX 3U

/** Length of the run of set bits at the top. */
static unsigned run(uint64_t bits)
{
	return bits == UINT64_MAX ? 64 : (unsigned)__builtin_clzll(~bits);
}

/** The check digit of health numbers, over the ten digits in data[first..last]. */
static bool mod11_holds(const char *data, size_t first, size_t last)
{
	unsigned sum = 0, total = 0;

	/* A digit is in ten of the sums, the next one in nine; and what '0' to '9' have more
	 * than 0 to 9, 48 in 55 sums, is a multiple of 11. */
	for (size_t i = first; i <= last; i++)
		if (is_digit(data[i])) {
			sum += (unsigned char)data[i];
			total += sum;
		}
	return total % 11 == 0;
}

static bool luhn_holds(const char *data, size_t first, size_t last)
{
	static const unsigned char values[2][10] = { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 },
						     { 0, 2, 4, 6, 8, 1, 3, 5, 7, 9 } };
	const unsigned char *value = values[0], *other = values[1];
	unsigned sum = 0;

	for (size_t i = last + 1; i-- > first;)
		if (is_digit(data[i])) {
			const unsigned char *next = other;

			sum += value[data[i] - '0'];
			other = value;
			value = next;
		}
	return sum % 10 == 0;
}

/** Bytes a match may begin before a card's first digit: `%B` of a magnetic stripe. */
#define CARD_LEAD 2

/** Ask the rules of a shape whose check, if they have one, holds. */
static void confirm_checked(struct matcher *m, enum shape shape, enum check check, bool holds,
			    size_t first, size_t lead)
{
	size_t from = first - MIN(first, lead);

	for (const uint16_t *rule = m->set->by_shape[shape]; *rule != UINT16_MAX; rule++)
		if (holds || m->check[*rule] != check)
			confirm_once(m, *rule, from, first);
}

/** Bytes from the first to the last digit if they are ten, grouped as usual; or 0. */
static unsigned ten_digits(uint64_t digits, uint64_t separators, unsigned last_run)
{
	unsigned second, third;

	if (last_run == 10)
		return 10;
	if ((last_run != 4 && last_run != 7) || !(separators << last_run >> 63))
		return 0;
	second = run(digits << (last_run + 1));
	if (second + last_run == 10)
		return 11;
	if (last_run != 4 || second != 3 || !(separators << 8 >> 63))
		return 0;
	third = run(digits << 9);
	return third == 3 ? 12 : 0;
}

void gate_ten_digits(struct matcher *m, size_t last, uint64_t digits, uint64_t separators)
{
	unsigned width = ten_digits(digits, separators, run(digits));
	size_t first = last + 1 - width;

	if (width && has_rules(m, SHAPE_DIGITS_3_3_4))
		confirm_checked(m, SHAPE_DIGITS_3_3_4, CHECK_MOD11,
				mod11_holds(m->win->data, first, last), first, 0);
}

void gate_card(struct matcher *m, size_t last, uint64_t digits, uint64_t separators)
{
	unsigned count = run(digits), width = count;

	if (!has_rules(m, SHAPE_CARD))
		return;
	while (count <= CARD_DIGITS_MAX) {
		size_t first = last + 1 - width;
		unsigned next;

		if (count >= CARD_DIGITS_MIN)
			confirm_checked(m, SHAPE_CARD, CHECK_LUHN,
					luhn_holds(m->win->data, first, last), first, CARD_LEAD);
		if (count == CARD_DIGITS_MAX || !(separators << width >> 63))
			return;
		next = run(digits << (width + 1));
		if (next == 0)
			return;
		count += next;
		width += next + 1;
	}
}

void gate_digit_run(struct matcher *m, size_t last, uint64_t digits)
{
	const struct compiled_rule *rules = m->set->rules;
	unsigned len = run(digits);
	size_t first = last + 1 - len;

	if (len == 64)
		while (is_digit(peek(m, first - 1)))
			first--;
	for (const uint16_t *rule = m->by_digits; *rule != UINT16_MAX; rule++) {
		size_t need = rules[*rule].digits, back = rules[*rule].back;

		if (last + 1 - first < need)
			return;
		/* A match ends after `need` of the digits, and starts before as many. */
		confirm_once(m, *rule, first + need > back ? first + need - back : 0,
			     last + 1 - need);
	}
}

/* `last` is the second digit of 99-99-99. */
void gate_sort_code(struct matcher *m, size_t second_digit)
{
	size_t account = second_digit + 7, end = account + ACCOUNT_WITHIN;
	unsigned digits = 0;

	if (!has_rules(m, SHAPE_SORT_ACCOUNT))
		return;
	for (; account < end && digits < 6; account++)
		digits = is_digit(peek(m, account)) ? digits + 1 : 0;
	for (; digits && digits < 6 && is_digit(peek(m, account)); account++)
		digits++;
	if (digits >= 6)
		confirm_shape(m, SHAPE_SORT_ACCOUNT, second_digit - 1, second_digit - 1);
}

static bool is_phone_gap(char c)
{
	return is_separator(c) || c == '(' || c == ')' || c == '\t';
}

/** From `at` on, does a number end after `least` to `most` digits? */
static bool phone_digits(const struct matcher *m, size_t at, unsigned least, unsigned most)
{
	unsigned count = 0, gap = 0;

	for (;; at++) {
		char c = peek(m, at);

		if (is_digit(c)) {
			gap = 0;
			if (++count > most)
				return false;
			if (count >= least && !is_digit(peek(m, at + 1)))
				return true;
		} else if (!is_phone_gap(c) || ++gap > PHONE_GAP_MAX) {
			return false;
		}
	}
}

static void phone_from(struct matcher *m, size_t first)
{
	confirm_shape(m, SHAPE_PHONE, peek(m, first - 1) == '(' ? first - 1 : first, first);
}

/** Is it 0044, or a 0 before what some number begins with? */
static bool may_be_phone(const struct matcher *m, size_t zero, bool is_00)
{
	char first = peek(m, zero + 1), second = peek(m, zero + 2);

	if (is_00)
		return second == '4' && peek(m, zero + 3) == '4';
	return !m->checked[SHAPE_PHONE] || !is_digit(second) || phone_has_range(first, second);
}

void gate_phone_zero(struct matcher *m, size_t zero)
{
	bool is_00 = peek(m, zero + 1) == '0';

	if (!has_rules(m, SHAPE_PHONE) || !may_be_phone(m, zero, is_00))
		return;
	if (is_00 ? phone_digits(m, zero, 13, 16) : phone_digits(m, zero, 10, 12))
		phone_from(m, zero);
}

void gate_phone_plus(struct matcher *m, size_t plus)
{
	if (peek(m, plus + 1) == '4' && has_rules(m, SHAPE_PHONE) &&
	    phone_digits(m, plus + 1, 11, 14))
		phone_from(m, plus);
}
