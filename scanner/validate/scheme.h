/**
 * scheme.h - what the schemes of this directory share
 *
 * One scheme or family a file; table.c names them.  Nothing here allocates,
 * opens a file or asks the C library for the time zone: validators run in
 * locked-down workers.
 */
#ifndef SCHEME_H
#define SCHEME_H

#include "validate.h"

/** Longest value any scheme of digits and letters looks at, separators left out. */
#define COMPACT_MAX ((size_t)96)

/** A value without its separators: letters as capitals, NUL-terminated. */
struct compact {
	char text[COMPACT_MAX + 1];
	size_t len;
	bool has_lower, has_upper;
};

/**
 * Take the letters and digits of a value.
 *
 * @param separators  bytes that may stand between them
 * @return            false if anything else is in it, or too much of it
 */
bool compact(const char *value, size_t len, const char *separators, struct compact *ret);

/** The same, and all of it is digits. */
bool compact_digits(const char *value, size_t len, const char *separators, struct compact *ret);

/**
 * Does a text have a form?  `9` stands for a digit, `A` for a capital letter,
 * `*` for either, anything else for itself; lengths are equal.
 */
bool has_form(const char *text, size_t len, const char *form);

/** The first `len` bytes, all digits, as a number; at most 18. */
uint64_t number_of(const char *digits, size_t len);

/** False when empty. */
bool all_digits(const char *text, size_t len);
/** One and the same byte throughout; false when empty. */
bool all_equal(const char *text, size_t len);
/** Each digit one more, or each one less, than the one before it (9 and 0 are neighbours). */
bool is_run(const char *digits, size_t len);

/** The total of Luhn's check (ISO/IEC 7812-1) ends in 0. */
bool luhn_holds(const char *digits, size_t len);

/** What a digit of base 64 stands for, of either alphabet; -1: it is none. */
int base64_value(char c);
/** As much of base 64 as fits and is.  @return  bytes */
size_t base64_read(const char *text, size_t len, char *ret, size_t cap);

/** A day of the calendar.  `year` in full. */
bool is_calendar_day(unsigned year, unsigned month, unsigned day);

struct day {
	unsigned year, month, day;
};

/** Today in UTC, by the system clock. */
struct day today(void);

/** Is `word` one of a sorted or unsorted list of `n` strings? */
bool is_listed(const char *word, size_t len, const char *const *list, size_t n);

validate_fn validate_none, validate_luhn, validate_card, validate_card_track, validate_nhs,
    validate_chi, validate_hc_number, validate_nino, validate_passport, validate_mrz,
    validate_driving_licence, validate_vrm, validate_postcode, validate_phone, validate_utr,
    validate_vat, validate_company_number, validate_upn, validate_uln, validate_uprn, validate_brp,
    validate_electoral, validate_date_of_birth, validate_person_name, validate_labelled_name,
    validate_email, validate_ip, validate_mac, validate_imei, validate_imsi, validate_iccid,
    validate_iban, validate_bic, validate_sort_account, validate_pnc_id, validate_cro, validate_asn,
    validate_court_ref, validate_case_urn, validate_prison, validate_prison_old,
    validate_delius_crn, validate_intel_3x5x2, validate_intel_5x5x5, validate_jwt, validate_aws_key,
    validate_github_token, validate_token, validate_labelled_key, validate_password,
    validate_basic_auth, validate_url_password;

#endif
