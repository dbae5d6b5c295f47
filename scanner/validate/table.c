/* table.c - the validators by the name a rule gives them */
#include "scheme.h"

const struct validator validators[] = {
	{ "none", validate_none },
	{ "luhn", validate_luhn },
	/* people */
	{ "nino", validate_nino },
	{ "nhs", validate_nhs },
	{ "chi", validate_chi },
	{ "hc-number", validate_hc_number },
	{ "passport", validate_passport },
	{ "mrz", validate_mrz },
	{ "driving-licence", validate_driving_licence },
	{ "vrm", validate_vrm },
	{ "postcode", validate_postcode },
	{ "phone", validate_phone },
	{ "utr", validate_utr },
	{ "vat", validate_vat },
	{ "company-number", validate_company_number },
	{ "upn", validate_upn },
	{ "uln", validate_uln },
	{ "uprn", validate_uprn },
	{ "brp", validate_brp },
	{ "electoral", validate_electoral },
	{ "date-of-birth", validate_date_of_birth },
	{ "person-name", validate_person_name },
	{ "labelled-name", validate_labelled_name },
	/* online and devices */
	{ "email", validate_email },
	{ "ip", validate_ip },
	{ "mac", validate_mac },
	{ "imei", validate_imei },
	{ "imsi", validate_imsi },
	{ "iccid", validate_iccid },
	/* policing */
	{ "pnc-id", validate_pnc_id },
	{ "cro", validate_cro },
	{ "asn", validate_asn },
	{ "court-ref", validate_court_ref },
	{ "case-urn", validate_case_urn },
	{ "prison", validate_prison },
	{ "prison-old", validate_prison_old },
	{ "delius-crn", validate_delius_crn },
	{ "intel-3x5x2", validate_intel_3x5x2 },
	{ "intel-5x5x5", validate_intel_5x5x5 },
	/* finance */
	{ "card", validate_card },
	{ "card-track", validate_card_track },
	{ "iban", validate_iban },
	{ "bic", validate_bic },
	{ "sort-account", validate_sort_account },
	/* secrets */
	{ "jwt", validate_jwt },
	{ "basic-auth", validate_basic_auth },
	{ "aws-key", validate_aws_key },
	{ "github-token", validate_github_token },
	{ "token", validate_token },
	{ "labelled-key", validate_labelled_key },
	{ "password", validate_password },
	{ "url-password", validate_url_password },
	{ NULL, NULL },
};

const struct validator *validator_find(const char *name)
{
	for (const struct validator *v = validators; v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}
