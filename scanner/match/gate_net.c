/* gate_net.c - addresses of machines and people: e-mail, IP, MAC; and travel documents */
#include "shape.h"

#include "hex.h"

/** Longest local part of an e-mail address. */
#define LOCAL_MAX ((size_t)64)

/** Colons that make hex groups an address, unless two of them are neighbours. */
#define COLONS_MIN 5U

/** Far shorter than any line of a machine readable zone: lines are cut and broken. */
#define MRZ_RUN_MIN ((size_t)12)

/** What may stand before the @ (RFC 5322's atext, and the dot). */
static bool is_local(char c)
{
	if ((unsigned char)c >= 0x80)
		return true;
	switch (c) {
	case '@':
	case '(':
	case ')':
	case ',':
	case ':':
	case ';':
	case '<':
	case '>':
	case '[':
	case ']':
	case '\\':
	case '"':
		return false;
	default:
		return c > ' ' && c != 0x7f;
	}
}

void gate_email(struct matcher *m, size_t at)
{
	char next = peek(m, at + 1);
	size_t first = at;

	if (!is_alnum(next) && next != '[' && next != '_' && (unsigned char)next < 0x80)
		return;
	while (first > 0 && at - first < LOCAL_MAX && is_local(m->win->data[first - 1]))
		first--;
	if (first < at)
		confirm_shape(m, SHAPE_EMAIL, first, at - 1);
}

/** Digits from `at` on; 4 for more than three. */
static unsigned octet_digits(const struct matcher *m, size_t at)
{
	unsigned n = 0;

	while (n < 4 && is_digit(peek(m, at + n)))
		n++;
	return n;
}

/* The last digit of the first of four numbers. */
void gate_quad(struct matcher *m, size_t before_dot)
{
	size_t first = before_dot, at = before_dot + 1;

	while (before_dot - first < 3 && is_digit(peek(m, first - 1)))
		first--;
	if (before_dot - first >= 3)
		return;
	for (unsigned group = 0; group < 3; group++) {
		unsigned digits = octet_digits(m, at + 1);

		if (peek(m, at) != '.' || digits == 0 || digits > 3)
			return;
		at += digits + 1;
	}
	for (const uint16_t *rule = m->set->by_shape[SHAPE_IP]; *rule != UINT16_MAX; rule++)
		if (m->starts_quad[*rule])
			confirm_once(m, *rule, first, first);
}

/** From `at` on, do hex digits and colons have as many colons as an address? */
static bool has_colons(const struct matcher *m, size_t at)
{
	unsigned colons = 0, digits = 0;

	for (;; at++) {
		if (peek(m, at) == ':') {
			if (++colons == COLONS_MIN || peek(m, at + 1) == ':')
				return true;
			digits = 0;
		} else if (!is_hex(peek(m, at)) || ++digits > 4) {
			return false;
		}
	}
}

/* A colon with a hex digit or another colon after it. */
void gate_colon(struct matcher *m, size_t colon)
{
	size_t first = colon;

	while (colon - first < 4 && is_hex(peek(m, first - 1)))
		first--;
	if (is_alnum(peek(m, first - 1)) || !has_colons(m, first))
		return;
	confirm_shape(m, SHAPE_IP, first, first);
}

/* The first mark of 00-00-00-00-00-00, hyphens or colons. */
void gate_mac(struct matcher *m, size_t mark)
{
	for (size_t at = mark + 1; at < mark + 16; at += 3)
		if (!is_hex(peek(m, at)) || !is_hex(peek(m, at + 1)))
			return;
	if (is_hex(peek(m, mark - 1)) && is_hex(peek(m, mark - 2)))
		confirm_shape(m, SHAPE_IP, mark - 2, mark - 2);
}

static bool is_mrz(char c)
{
	return is_upper(c) || is_digit(c) || c == '<';
}

void gate_mrz(struct matcher *m, size_t less)
{
	size_t first = less, end = less;

	if (less < m->mrz_done || !is_mrz(peek(m, less - 1)) || !is_mrz(peek(m, less + 1)) ||
	    !has_rules(m, SHAPE_MRZ))
		return;
	while (is_mrz(peek(m, first - 1)))
		first--;
	while (is_mrz(peek(m, end)))
		end++;
	m->mrz_done = end;
	if (end - first >= MRZ_RUN_MIN)
		confirm_shape(m, SHAPE_MRZ, first, end - 1);
}
