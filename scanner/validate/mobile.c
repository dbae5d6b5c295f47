/* mobile.c - handsets, subscribers and SIM cards (GSMA, ITU-T E.118 and E.212) */
#include "scheme.h"

enum verdict validate_imei(const char *value, size_t len)
{
	struct compact c;

	if (!compact_digits(value, len, " -/", &c) || c.len != 15 || all_equal(c.text, 15) ||
	    !luhn_holds(c.text, 15))
		return VERDICT_REJECT;
	return VERDICT_CONFIRM;
}

/** Mobile network codes given out in the UK, in blocks as Ofcom lists them. */
static const struct block {
	const char *country;
	unsigned char first, last;
} networks[] = {
	{ "234", 0, 39 }, { "234", 50, 59 }, { "234", 70, 79 }, { "234", 86, 88 },
	{ "235", 0, 8 },  { "235", 77, 77 }, { "235", 88, 88 }, { "235", 91, 95 },
};

enum verdict validate_imsi(const char *value, size_t len)
{
	struct compact c;
	uint64_t network;

	if (!compact_digits(value, len, " -", &c) || c.len != 15)
		return VERDICT_REJECT;
	network = number_of(c.text + 3, 2);
	for (size_t i = 0; i < ARRAY_SIZE(networks); i++)
		if (memcmp(c.text, networks[i].country, 3) == 0 && network >= networks[i].first &&
		    network <= networks[i].last)
			return VERDICT_UNDECIDED;
	return VERDICT_REJECT;
}

/* 89 is telecommunications; 19 digits, or 20. */
enum verdict validate_iccid(const char *value, size_t len)
{
	struct compact c;

	if (!compact_digits(value, len, " -", &c) || (c.len != 19 && c.len != 20) ||
	    memcmp(c.text, "89", 2) != 0 || !luhn_holds(c.text, c.len))
		return VERDICT_REJECT;
	return VERDICT_CONFIRM;
}
