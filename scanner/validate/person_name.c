/*
 * person_name.c - words that are somebody's name
 *
 * A name has no form that proves it.  A title before it does, or a forename and a
 * surname that are common; what carries one common name is left undecided.  Words of
 * places and companies (John Street, Victoria Hospital, Dr Pepper) are no names.
 */
#include "name_lists.h"
#include "scheme.h"

#define WORDS_MAX 8

/** A word of a name, in capitals, without its apostrophes and stops. */
struct word {
	char text[32];
	size_t len;
	bool comma; /**< follows it */
	bool lower; /**< it has small letters */
	bool digits;
};

/** Abbreviations that are more often something else: the name must be a known one. */
static const char *const short_ranks[] = { "PC", "DC", "DS", "DI", "DCI", "WPC", "SC" };

static const char *const titles[] = {
	"MR",   "MRS",       "MS",   "MISS",      "MX",   "DR",         "PROF", "PROFESSOR",
	"SIR",  "DAME",      "REV",  "REVD",      "CLLR", "COUNCILLOR", "SGT",  "SERGEANT",
	"INSP", "INSPECTOR", "SUPT", "CONSTABLE", "PCSO", "DETECTIVE",  "DET",
};

/** Words that follow a forename or a title and make it a place, a firm, a thing. */
static const char *const no_names[] = {
	"ROAD",     "STREET",   "AVENUE",   "LANE",          "CLOSE",      "DRIVE",     "COURT",
	"PARK",     "SCHOOL",   "COLLEGE",  "ACADEMY",       "UNIVERSITY", "HOSPITAL",  "HOUSE",
	"HOTEL",    "STATION",  "CHURCH",   "CENTRE",        "CENTER",     "LTD",       "LIMITED",
	"PLC",      "INC",      "CORP",     "COMPANY",       "GROUP",      "BANK",      "TRUST",
	"FUND",     "SOCIETY",  "BOOKS",    "PRESS",         "RECORDS",    "AWARD",     "PRIZE",
	"ACT",      "BILL",     "ISLAND",   "ISLANDS",       "RIVER",      "LAKE",      "BAY",
	"BEACH",    "COUNTY",   "CITY",     "TOWN",          "AIRPORT",    "BRIDGE",    "LIBRARY",
	"MUSEUM",   "THEATRE",  "CASTLE",   "SQUARE",        "MONDAY",     "TUESDAY",   "WEDNESDAY",
	"THURSDAY", "FRIDAY",   "SATURDAY", "SUNDAY",        "JANUARY",    "FEBRUARY",  "MARCH",
	"APRIL",    "JUNE",     "JULY",     "AUGUST",        "SEPTEMBER",  "OCTOBER",   "NOVEMBER",
	"DECEMBER", "WORLD",    "UNIVERSE", "SPEAKER",       "PRESIDENT",  "CHAIRMAN",  "CHAIR",
	"MINISTER", "PEPPER",   "MARTENS",  "WHO",           "MOTOR",      "COMICS",    "POWER",
	"VOLTAGE",  "LITE",     "BAR",      "INN",           "ARMS",       "SURGERY",   "CLINIC",
	"WARD",     "TERRACE",  "CRESCENT", "GARDENS",       "FOUNDATION", "INSTITUTE", "AND",
	"THE",      "OF",       "VERSION",  "LICENSE",       "LICENCE",    "SERVER",    "PROJECT",
	"DATE",     "NAME",     "ADDRESS",  "NUMBER",        "TELEPHONE",  "EMAIL",     "DOB",
	"CUBA",     "TEXAS",    "OHIO",     "AUSTRALIA",     "CANADA",     "IRAQ",      "EGYPT",
	"ITALY",    "GERMANY",  "SCOTLAND", "USA",           "PAKISTAN",   "NIGERIA",   "POLAND",
	"SAINT",    "TEXT",     "COMMONS",  "BOULEVARD",     "DOCK",       "DOCKS",     "HARBOUR",
	"QUAY",     "MEMORIAL", "STADIUM",  "ARENA",         "GALLERY",    "HIGH",      "SIXTH",
	"PRIMARY",  "INFANT",   "INFANTS",  "COMPREHENSIVE", "GRAMMAR",    "CATHEDRAL", "CHAPEL",
	"PARISH",   "FALLS",    "BARRACKS", "ESTATE",        "PLAZA",      "BUILDING",  "BUILDINGS",
	"COTTAGE",  "FARM",     "ROVERS",   "UNITED",        "RANGERS",
};

#define IS_LISTED(word, list) is_listed((word)->text, (word)->len, list, ARRAY_SIZE(list))

static bool is_word_byte(char c)
{
	return is_alnum(c) || c == '\'' || c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

/** @return  the end of the word that begins at value[at], or 0 if it is none of a name's */
static size_t take_word(const char *value, size_t len, size_t at, struct word *ret)
{
	*ret = (struct word){ .digits = true };
	for (; at < len && is_word_byte(value[at]); at++) {
		if (value[at] == '\'' || value[at] == '.')
			continue;
		if (ret->len == sizeof(ret->text) - 1)
			return 0;
		ret->lower |= is_lower(value[at]);
		ret->digits &= is_digit(value[at]);
		ret->text[ret->len++] = to_upper(value[at]);
	}
	return ret->len ? at : 0;
}

/** @return  how many words; 0: too many, or something else is in it */
static size_t words_of(const char *value, size_t len, struct word ret[WORDS_MAX])
{
	size_t n = 0, at = 0;

	while (at < len) {
		bool comma = n > 0 && (value[at] == ',' ||
				       /* the Police National Computer's KOWALSKI/DARREN */
				       (value[at] == '/' && n == 1 && !ret[0].lower));

		if (is_space(value[at]) || comma) {
			if (comma)
				ret[n - 1].comma = true;
			at++;
			continue;
		}
		if (n == WORDS_MAX)
			return 0;
		at = take_word(value, len, at, &ret[n++]);
		if (!at)
			return 0;
	}
	return n;
}

/** Is either part of a double-barrelled name on the list? */
static bool any_part(const struct word *w, bool (*is_on_list)(const char *word, size_t len))
{
	const char *hyphen = memchr(w->text, '-', w->len);
	size_t first = hyphen ? (size_t)(hyphen - w->text) : w->len;

	if (is_on_list(w->text, first))
		return true;
	return hyphen && is_on_list(hyphen + 1, w->len - first - 1);
}

static bool is_forename(const struct word *w)
{
	return any_part(w, name_is_forename);
}

static bool is_surname(const struct word *w)
{
	return any_part(w, name_is_surname);
}

/** Words that may be a name: none is of another kind, and one is more than an initial. */
static bool may_be_name(const struct word *words, size_t n)
{
	bool whole = false;

	for (size_t i = 0; i < n; i++) {
		if (words[i].digits || IS_LISTED(&words[i], no_names))
			return false;
		whole |= words[i].len > 1;
	}
	return whole;
}

static enum verdict judge_titled(const struct word *words, size_t n)
{
	bool is_rank = IS_LISTED(&words[0], short_ranks), numbered = false;

	words++;
	n--;
	if (n > 0 && words[0].digits) { /* PC 1234 JONES */
		numbered = true;
		words++;
		n--;
	}
	if (n == 0 || !may_be_name(words, n))
		return VERDICT_REJECT;
	if (is_rank && !numbered && !is_forename(&words[0]) && !is_surname(&words[n - 1]))
		return VERDICT_REJECT;
	return VERDICT_CONFIRM;
}

enum verdict validate_person_name(const char *value, size_t len)
{
	struct word words[WORDS_MAX];
	size_t n = words_of(value, len, words);
	bool forename, surname;

	if (n < 2)
		return VERDICT_REJECT;
	if (IS_LISTED(&words[0], titles) || IS_LISTED(&words[0], short_ranks))
		return judge_titled(words, n);
	if (!may_be_name(words, n))
		return VERDICT_REJECT;
	/* SMITH, John and SMITH John */
	if ((words[0].comma || (!words[0].lower && words[1].lower)) && is_surname(&words[0]) &&
	    is_forename(&words[1]))
		return VERDICT_CONFIRM;
	/* O'HARA, Siobhan: no list has all surnames, and nothing but a name is written so. */
	if (words[0].comma && !words[0].lower && words[1].lower && !is_surname(&words[0]))
		return is_forename(&words[1]) ? VERDICT_CONFIRM : VERDICT_REJECT;
	forename = is_forename(&words[0]) || (words[0].comma && is_forename(&words[1]));
	surname = words[n - 1].len > 1 && is_surname(&words[n - 1]);
	if (forename && surname)
		return VERDICT_CONFIRM;
	return forename || surname ? VERDICT_UNDECIDED : VERDICT_REJECT;
}

/** What forms hold instead of a name. */
static const char *const fillers[] = {
	"CANNOT",  "TRUE",     "FALSE",   "NONE",      "NULL",      "YES",      "NO",
	"UNKNOWN", "NOT",      "NA",      "NIL",       "REQUIRED",  "OPTIONAL", "PLEASE",
	"ENTER",   "TYPE",     "STRING",  "VARCHAR",   "TEXT",      "INTEGER",  "NAME",
	"FIRST",   "LAST",     "SURNAME", "FORENAME",  "MIDDLE",    "REDACTED", "WITHHELD",
	"MALE",    "FEMALE",   "ADULT",   "CHILD",     "YOUR",      "THIS",     "HERE",
	"SEE",     "SELECT",   "FIELD",   "MANDATORY", "EXAMPLE",   "TEST",     "SAMPLE",
	"DOE",     "ANY",      "ALL",     "OTHER",     "BLANK",     "EMPTY",    "TBC",
	"TBA",     "AS",       "IN",      "IF",        "TO",        "FOR",      "MUST",
	"CHAR",    "DELETED",  "REMOVED", "TITLE",     "SIGNATURE", "SIGNED",   "POSITION",
	"STREET",  "INITIALS", "BRITISH", "AFRICAN",   "CARIBBEAN", "ASIAN",    "EUROPEAN",
};

/* A label says that it is a name: only what is plainly none is refused. */
enum verdict validate_labelled_name(const char *value, size_t len)
{
	struct word words[WORDS_MAX];
	size_t n = words_of(value, len, words);

	if (n == 0 || !may_be_name(words, n))
		return VERDICT_REJECT;
	for (size_t i = 0; i < n; i++)
		if (IS_LISTED(&words[i], fillers))
			return VERDICT_REJECT;
	return VERDICT_CONFIRM;
}
