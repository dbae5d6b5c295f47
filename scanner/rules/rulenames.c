/* rulenames.c - the closed lists of a pack, as YAML writes them */
#include "rulenames.h"

#define ENTRY(table, i) ((size_t)(i) < ARRAY_SIZE(table) ? (table)[i] : NULL)

const char *shape_name(enum shape shape)
{
	static const char *const names[] = {
		[SHAPE_LITERAL] = "literal",
		[SHAPE_OTHER] = "other",
		[SHAPE_NINO] = "nino",
		[SHAPE_DIGITS_3_3_4] = "digits-3-3-4",
		[SHAPE_CARD] = "card",
		[SHAPE_POSTCODE] = "postcode",
		[SHAPE_PHONE] = "phone",
		[SHAPE_EMAIL] = "email",
		[SHAPE_IP] = "ip",
		[SHAPE_IBAN] = "iban",
		[SHAPE_DRIVER] = "driver",
		[SHAPE_MRZ] = "mrz",
		[SHAPE_VRM] = "vrm",
		[SHAPE_YEAR_SLASH] = "year-slash",
		[SHAPE_SLASH_YEAR] = "slash-year",
		[SHAPE_PRISON] = "prison",
		[SHAPE_SORT_ACCOUNT] = "sort-account",
		[SHAPE_BESIDE] = "beside",
		[SHAPE_TERMS] = "terms",
	};

	_Static_assert(ARRAY_SIZE(names) == SHAPES, "one name each");
	return ENTRY(names, shape);
}

const char *normalise_name(enum normalise n)
{
	static const char *const names[] = {
		[NORMALISE_NONE] = "none",
		[NORMALISE_DIGITS] = "digits",
		[NORMALISE_ALNUM_UPPER] = "alnum-upper",
		[NORMALISE_EMAIL] = "email",
	};

	return ENTRY(names, n);
}

const char *case_names(unsigned i)
{
	static const char *const names[] = { "ignore", "exact" };

	return ENTRY(names, i);
}

const char *shape_names(unsigned i)
{
	return shape_name((enum shape)i);
}

const char *normalise_names(unsigned i)
{
	return normalise_name((enum normalise)i);
}

const char *reveal_names(unsigned i)
{
	static const char *const names[] = {
		[REVEAL_NONE] = "none",
		[REVEAL_FIRST] = "first",
		[REVEAL_LAST] = "last",
		[REVEAL_DOMAIN] = "domain",
	};

	return ENTRY(names, i);
}

const char *confidence_names(unsigned i)
{
	return i < ASSAY_CONFIDENCES ? assay_confidence_name((enum assay_confidence)i) : NULL;
}

const char *severity_names(unsigned i)
{
	return i < ASSAY_SEVERITIES ? assay_severity_name((enum assay_severity)i) : NULL;
}

const char *category_names(unsigned i)
{
	/* Policies name them: they are stable. */
	static const char *const names[] = {
		"personal.identifier",   "personal.contact",
		"personal.attribute",    "personal.device",
		"personal.special",      "personal.criminal",
		"business.identifier",   "policing.offender",
		"policing.record",       "finance.account",
		"policing.intelligence", "secret.credential",
		"system.security",       "marking",
	};

	return ENTRY(names, i);
}

bool rule_needs_person(const struct rule *rule)
{
	static const char *const categories[] = { "personal.special", "personal.criminal" };

	for (size_t i = 0; rule->category && i < ARRAY_SIZE(categories); i++)
		if (strcmp(rule->category, categories[i]) == 0)
			return true;
	return false;
}

bool rule_is_number(const struct rule *rule)
{
	return rule->shape == SHAPE_DIGITS_3_3_4 || rule->shape == SHAPE_CARD ||
	       rule->shape == SHAPE_PHONE;
}

const char *validator_names(unsigned i)
{
	/* Ends with a NULL name, which nobody steps past. */
	return validators[i].name;
}

const char *detector_names(unsigned i)
{
	/* The rows of the table in detect/, which this module must not know. */
	static const char *const names[] = { "marking" };

	return ENTRY(names, i);
}
