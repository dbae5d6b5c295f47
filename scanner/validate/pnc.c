/* pnc.c - references whose last letter is a number mod 23: PNC, CRO, ASN, court cases */
#include "scheme.h"

/** Digits that go into a check letter; at most 2 + 2 + 2 + 11. */
struct digits {
	char text[24];
	size_t len;
};

/** The letter of the Police National Computer: a number mod 23, given as digits. */
static char check_letter(const char *digits, size_t len)
{
	return "ZABCDEFGHJKLMNPQRTUVWXY"[number_of(digits, len) % 23]; /* no I, O, S */
}

/** Add digits with zeros before them, up to `width`; what is no number is left out. */
static void put(struct digits *d, const char *text, size_t len, size_t width)
{
	if (!all_digits(text, len) || len > width || d->len + width > sizeof(d->text))
		return;
	memset(d->text + d->len, '0', width - len);
	memcpy(d->text + d->len + width - len, text, len);
	d->len += width;
}

static bool ends_in(const struct digits *d, char letter)
{
	return d->len && check_letter(d->text, d->len) == letter;
}

/**
 * Copy a reference in capitals.
 *
 * @return  its length without the check letter, or 0 if it does not end in one
 */
static size_t without_letter(const char *value, size_t len, char ret[32], char *ret_letter)
{
	if (len < 4 || len >= 32 || !is_letter(value[len - 1]))
		return 0;
	for (size_t i = 0; i < len; i++)
		ret[i] = to_upper(value[i]);
	ret[len] = '\0';
	*ret_letter = ret[len - 1];
	return len - 1;
}

static enum verdict confirmed(bool checks)
{
	return checks ? VERDICT_CONFIRM : VERDICT_REJECT;
}

/* 1979/0163001B, 79/163001B, or either without the slash: the last two digits of
 * the year and a serial of seven. */
enum verdict validate_pnc_id(const char *value, size_t len)
{
	struct digits d = { .len = 0 };
	char t[32], letter;
	size_t n = without_letter(value, len, t, &letter), year, serial;
	char *slash = n ? memchr(t, '/', n) : NULL;

	if (!n)
		return VERDICT_REJECT;
	year = slash ? (size_t)(slash - t) : n == 11 ? 4 : 2;
	serial = year + (slash != NULL);
	if ((year != 2 && year != 4) || serial >= n || n - serial > 7 || !all_digits(t, year) ||
	    !all_digits(t + serial, n - serial) || number_of(t + serial, n - serial) == 0)
		return VERDICT_REJECT;
	if (year == 4 && (number_of(t, 4) < 1900 || number_of(t, 4) > MAX(today().year, 2026)))
		return VERDICT_REJECT;
	put(&d, t + year - 2, 2, 2);
	put(&d, t + serial, n - serial, 7);
	return confirmed(ends_in(&d, letter));
}

/** SF numbers were given without fingerprints; three ways to check them are in use. */
static bool sf_checks(const char *year, const char *serial, size_t len, char letter)
{
	struct digits padded = { .len = 0 }, plain = { .len = 0 }, alone = { .len = 0 };

	put(&padded, year, 2, 2);
	put(&padded, serial, len, 6);
	put(&plain, year, 2, 2);
	put(&plain, serial, len, len);
	put(&alone, serial, len, len);
	return ends_in(&padded, letter) || ends_in(&plain, letter) ||
	       (number_of(year, 2) < 65 && number_of(year, 2) > 26 && ends_in(&alone, letter));
}

/* 65656/91H, or SF83/50058Z. */
enum verdict validate_cro(const char *value, size_t len)
{
	struct digits d = { .len = 0 };
	char t[32], letter;
	size_t n = without_letter(value, len, t, &letter), at;
	char *slash = n ? memchr(t, '/', n) : NULL;

	if (!slash)
		return VERDICT_REJECT;
	at = (size_t)(slash - t);
	if (at == 4 && memcmp(t, "SF", 2) == 0) {
		if (!all_digits(t + 2, 2) || !all_digits(t + 5, n - 5) || n - 5 > 6)
			return VERDICT_REJECT;
		return confirmed(sf_checks(t + 2, t + 5, n - 5, letter));
	}
	if (at > 6 || !all_digits(t, at) || number_of(t, at) == 0 || n - at != 3 ||
	    !all_digits(t + at + 1, 2))
		return VERDICT_REJECT;
	put(&d, t + at + 1, 2, 2);
	put(&d, t, at, 6);
	return confirmed(ends_in(&d, letter));
}

/** An arrest/summons number in its parts, as they stand in the text. */
struct asn {
	const char *year, *force, *unit, *system, *serial;
	size_t serial_len;
};

/** 97/0000/00/123456 */
static bool asn_by_slashes(const char *t, size_t n, struct asn *ret)
{
	if (n < 12 || t[2] != '/' || t[7] != '/' || t[10] != '/' || n - 11 > 11)
		return false;
	*ret = (struct asn){ t, t + 3, t + 5, t + 8, t + 11, n - 11 };
	return true;
}

/** 9700000000000123456; an organisation's letter may follow the year. */
static bool asn_solid(const char *t, size_t n, struct asn *ret)
{
	size_t at = n == 20 && is_upper(t[2]) ? 3 : 2;

	if (n != 19 && at != 3)
		return false;
	*ret = (struct asn){ t, t + at, t + at + 2, t + at + 4, t + at + 6, 11 };
	return true;
}

/** Numbers that stand for "there is none" in court systems. */
static bool asn_is_dummy(const struct asn *a)
{
	static const char *const units[] = { "NP01", "NRPR" };
	static const char *const devon[] = { "11", "12", "21", "41", "42", "43", "OF", "SJ" };
	char place[5] = { 0 };

	memcpy(place, a->unit, 2);
	memcpy(place + 2, a->system, 2);
	return is_listed(place, 4, units, ARRAY_SIZE(units)) ||
	       memcmp(a->force, "12LN00", 4) == 0 ||
	       (memcmp(a->force, "63", 2) == 0 && memcmp(a->unit, "00", 2) == 0) ||
	       (memcmp(a->force, "50", 2) == 0 && is_listed(a->unit, 2, devon, ARRAY_SIZE(devon)));
}

enum verdict validate_asn(const char *value, size_t len)
{
	struct digits d = { .len = 0 };
	struct asn a;
	char t[32], letter;
	size_t n = without_letter(value, len, t, &letter);

	if (!n || (!asn_by_slashes(t, n, &a) && !asn_solid(t, n, &a)))
		return VERDICT_REJECT;
	if (!all_digits(a.year, 2) || !all_digits(a.serial, a.serial_len) ||
	    !has_form(a.force, 2, "**") || !has_form(a.unit, 2, "**") ||
	    !has_form(a.system, 2, "**") || asn_is_dummy(&a))
		return VERDICT_REJECT;
	/* Parts that hold letters are left out; the unit always is. */
	put(&d, a.force, 2, 2);
	put(&d, a.system, 2, 2);
	put(&d, a.year, 2, 2);
	put(&d, a.serial, a.serial_len, 11);
	return confirmed(ends_in(&d, letter));
}

/* 05/9876/123456L: year, court, serial padded to six. */
enum verdict validate_court_ref(const char *value, size_t len)
{
	struct digits d = { .len = 0 };
	char t[32], letter;
	size_t n = without_letter(value, len, t, &letter);

	if (n < 9 || n > 14 || t[2] != '/' || t[7] != '/' || !all_digits(t, 2) ||
	    !all_digits(t + 3, 4) || !all_digits(t + 8, n - 8))
		return VERDICT_REJECT;
	put(&d, t, 2, 2);
	put(&d, t + 3, 4, 4);
	put(&d, t + 8, n - 8, 6);
	return confirmed(ends_in(&d, letter));
}
