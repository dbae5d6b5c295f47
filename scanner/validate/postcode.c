/* postcode.c - postcodes (BS 7666): areas that exist, letters that are used */
#include "scheme.h"

static const char *const areas[] = {
	"AB", "AL", "B",  "BA", "BB", "BD", "BF", "BH", "BL", "BN", "BR", "BS", "BT", "BX",
	"CA", "CB", "CF", "CH", "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG",
	"DH", "DL", "DN", "DT", "DY", "E",  "EC", "EH", "EN", "EX", "FK", "FY", "G",  "GL",
	"GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IM", "IP", "IV",
	"JE", "KA", "KT", "KW", "KY", "L",  "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M",
	"ME", "MK", "ML", "N",  "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE",
	"PH", "PL", "PO", "PR", "RG", "RH", "RM", "S",  "SA", "SE", "SG", "SK", "SL", "SM",
	"SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR",
	"TS", "TW", "UB", "W",  "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
};

/** Overseas territories write four letters and 1ZZ. */
static const char *const overseas[] = {
	"ASCN1ZZ", "BBND1ZZ", "BIQQ1ZZ", "FIQQ1ZZ", "PCRN1ZZ", "SIQQ1ZZ",
	"STHL1ZZ", "TDCU1ZZ", "TKCA1ZZ", "GX111AA", "GIR0AA",
};

/** British Forces: BFPO 1 to BFPO 9999. */
static bool is_forces_post(const char *text, size_t len)
{
	return len > 4 && len <= 8 && memcmp(text, "BFPO", 4) == 0 &&
	       all_digits(text + 4, len - 4) && text[4] != '0';
}

/** What follows the area: 9, 99, 9A. */
static bool is_district(const char *text, size_t len, size_t area)
{
	if (len < 1 || len > 2 || !is_digit(text[0]))
		return false;
	if (len == 1 || is_digit(text[1]))
		return true;
	return strchr(area == 1 ? "ABCDEFGHJKPSTUW" : "ABEHMNPRVWXY", text[1]);
}

static bool is_inward(const char *three)
{
	return has_form(three, 3, "9AA") && !strchr("CIKMOV", three[1]) &&
	       !strchr("CIKMOV", three[2]);
}

enum verdict validate_postcode(const char *value, size_t len)
{
	struct compact c;
	size_t area = 0, outward;

	if (!compact(value, len, " ", &c))
		return VERDICT_REJECT;
	if (is_listed(c.text, c.len, overseas, ARRAY_SIZE(overseas)) ||
	    is_forces_post(c.text, c.len))
		return VERDICT_UNDECIDED;
	if (c.len < 5 || c.len > 7)
		return VERDICT_REJECT;
	outward = c.len - 3;
	while (area < outward && is_upper(c.text[area]))
		area++;
	if (!is_listed(c.text, area, areas, ARRAY_SIZE(areas)) ||
	    !is_district(c.text + area, outward - area, area) || !is_inward(c.text + outward))
		return VERDICT_REJECT;
	return VERDICT_UNDECIDED;
}
