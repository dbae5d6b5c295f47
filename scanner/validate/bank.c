/* bank.c - accounts: IBAN (ISO 13616), BIC (ISO 9362), sort code with account */
#include "scheme.h"

/** Countries of the SWIFT registry and the length of their IBAN. */
static const struct country {
	char code[3];
	unsigned char len;
} ibans[] = {
	{ "AD", 24 }, { "AE", 23 }, { "AL", 28 }, { "AT", 20 }, { "AZ", 28 }, { "BA", 20 },
	{ "BE", 16 }, { "BG", 22 }, { "BH", 22 }, { "BI", 27 }, { "BR", 29 }, { "BY", 28 },
	{ "CH", 21 }, { "CR", 22 }, { "CY", 28 }, { "CZ", 24 }, { "DE", 22 }, { "DJ", 27 },
	{ "DK", 18 }, { "DO", 28 }, { "EE", 20 }, { "EG", 29 }, { "ES", 24 }, { "FI", 18 },
	{ "FK", 18 }, { "FO", 18 }, { "FR", 27 }, { "GB", 22 }, { "GE", 22 }, { "GI", 23 },
	{ "GL", 18 }, { "GR", 27 }, { "GT", 28 }, { "HN", 28 }, { "HR", 21 }, { "HU", 28 },
	{ "IE", 22 }, { "IL", 23 }, { "IQ", 23 }, { "IS", 26 }, { "IT", 27 }, { "JO", 30 },
	{ "KW", 30 }, { "KZ", 20 }, { "LB", 28 }, { "LC", 32 }, { "LI", 21 }, { "LT", 20 },
	{ "LU", 20 }, { "LV", 21 }, { "LY", 25 }, { "MC", 27 }, { "MD", 24 }, { "ME", 22 },
	{ "MK", 19 }, { "MN", 20 }, { "MR", 27 }, { "MT", 31 }, { "MU", 30 }, { "NI", 28 },
	{ "NL", 18 }, { "NO", 15 }, { "OM", 23 }, { "PK", 24 }, { "PL", 28 }, { "PS", 29 },
	{ "PT", 25 }, { "QA", 29 }, { "RO", 24 }, { "RS", 22 }, { "RU", 33 }, { "SA", 24 },
	{ "SC", 31 }, { "SD", 18 }, { "SE", 24 }, { "SI", 19 }, { "SK", 24 }, { "SM", 27 },
	{ "SO", 23 }, { "ST", 25 }, { "SV", 28 }, { "TL", 23 }, { "TN", 24 }, { "TR", 26 },
	{ "UA", 29 }, { "VA", 22 }, { "VG", 24 }, { "XK", 20 }, { "YE", 30 },
};

/** Countries of ISO 3166-1, and XK, two letters each. */
static const char countries[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
    "BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM "
    "DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS "
    "GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
    "KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
    "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
    "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
    "VN VU WF WS XK YE YT ZA ZM ZW ";

/** The number made of digits and letters (A is 10), over 97. */
static unsigned mod97(unsigned rest, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		rest = is_digit(text[i]) ? (rest * 10 + (unsigned)(text[i] - '0')) % 97
					 : (rest * 100 + (unsigned)(text[i] - 'A') + 10) % 97;
	return rest;
}

enum verdict validate_iban(const char *value, size_t len)
{
	struct compact c;
	uint64_t check;

	if (!compact(value, len, " -", &c) || c.len < 15 || !all_digits(c.text + 2, 2))
		return VERDICT_REJECT;
	check = number_of(c.text + 2, 2);
	for (size_t i = 0; i < ARRAY_SIZE(ibans); i++)
		if (memcmp(c.text, ibans[i].code, 2) == 0)
			return c.len == ibans[i].len && check >= 2 && check <= 98 &&
				       mod97(mod97(0, c.text + 4, c.len - 4), c.text, 4) == 1
				   ? VERDICT_CONFIRM
				   : VERDICT_REJECT;
	return VERDICT_REJECT;
}

/* Bank, country, place, branch; the country alone can be checked. */
enum verdict validate_bic(const char *value, size_t len)
{
	char country[3] = { 0 };
	const char *found;

	if (!has_form(value, len, "AAAAAA**") && !has_form(value, len, "AAAAAA*****"))
		return VERDICT_REJECT;
	memcpy(country, value + 4, 2);
	for (found = countries; (found = strstr(found, country)); found++)
		if ((found - countries) % 3 == 0)
			return VERDICT_UNDECIDED;
	return VERDICT_REJECT;
}

/* The modulus check of each bank needs tables that may not be passed on: form alone. */
enum verdict validate_sort_account(const char *value, size_t len)
{
	struct compact c;

	if (!compact_digits(value, len, " -,;:/\t|", &c) || c.len != 14 || all_equal(c.text, 6) ||
	    all_equal(c.text + 6, 8))
		return VERDICT_REJECT;
	return number_of(c.text, 6) ? VERDICT_UNDECIDED : VERDICT_REJECT;
}
