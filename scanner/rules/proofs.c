/* proofs.c - what each validator checks, in words for somebody who keeps records */
#include "proofs.h"

#include "base.h"

static const struct {
	const char *validator, *words;
} proofs[] = {
	{ "none", "Nothing beyond its form can be checked: it carries no check digit." },
	{ "luhn", "Its last digit is a check digit over the others (Luhn, ISO/IEC 7812-1)." },
	/* people */
	{ "nino",
	  "Its two first letters must be a pair that is issued (never BG, GB, KN, NK, NT, TN "
	  "or ZZ) and its last letter A to D.  It carries no check digit." },
	{ "nhs", "Its tenth digit is a check digit over the nine before it (modulus 11)." },
	{ "chi", "It begins with a date of birth that exists, and its tenth digit is a check digit "
		 "(modulus 11)." },
	{ "hc-number", "It lies in the range of Northern Ireland, and its tenth digit is a check "
		       "digit (modulus 11)." },
	{ "passport",
	  "It has the form of a passport number, which carries no check digit in print." },
	{ "mrz", "Each check digit of the zone agrees with its fields (ICAO Doc 9303: document "
		 "number, dates, the whole)." },
	{ "driving-licence",
	  "The surname's letters, and a date of birth that exists woven into the "
	  "digits, must hold.  The check characters are not public." },
	{ "vrm", "It has a form that DVLA issues: area, age identifier and letters in use." },
	{ "postcode", "Its area is one of Royal Mail's, and its letters are ones used in their "
		      "places." },
	{ "phone", "It lies in a range that Ofcom gives out, and is as long as numbers there." },
	{ "utr", "Its first digit is a check digit over the other nine (modulus 11)." },
	{ "vat", "Its last two digits are a check over the seven before them (modulus 97)." },
	{ "company-number", "It has the form and a prefix of Companies House; it carries no check "
			    "digit." },
	{ "upn", "Its first letter is a check over the twelve places after it (modulus 23)." },
	{ "uln", "Its tenth digit is a check digit over the nine before it (modulus 11)." },
	{ "uprn", "It has at most twelve digits; nothing more can be checked." },
	{ "brp", "It has the form of a residence permit's number; nothing more can be checked." },
	{ "electoral", "It has the form of an electoral number; nothing more can be checked." },
	{ "date-of-birth", "The day exists, and somebody born on it may be alive." },
	{ "person-name",
	  "A title stands before it, or a forename or a surname that is common in the "
	  "United Kingdom is in it, and no word of a place or a company." },
	{ "labelled-name", "Its label says that it is a name; words that forms hold instead of one "
			   "(unknown, required, male) are refused." },
	/* networks and devices */
	{ "email", "Both sides of the @ are well formed, and it does not end like the name of a "
		   "file." },
	{ "ip", "Each part is in range, and the address is not one that says nothing, such as a "
		"loopback." },
	{ "mac", "Six octets with one kind of separator throughout; not an address of a group, of "
		 "a virtual machine, or made up by hand." },
	{ "imei", "Fifteen digits, of which the last is a check digit (Luhn)." },
	{ "imsi", "It begins with the code of a country and a network that exist." },
	{ "iccid", "It begins with 89, and its last digit is a check digit (Luhn)." },
	/* policing */
	{ "pnc-id", "Its last letter is a check letter over year and serial number (modulus 23)." },
	{ "cro", "Its last letter is a check letter over serial number and year (modulus 23)." },
	{ "asn",
	  "It names a force, a year and a serial number, with a check letter (modulus 23)." },
	{ "court-ref", "It has the form of a PNC court reference; nothing more can be checked." },
	{ "case-urn", "Its first two digits are a force that owns cases." },
	{ "prison", "It has the form of a prison number; it carries no check digit." },
	{ "prison-old",
	  "It has the form of a prison number before 2007; it carries no check digit." },
	{ "delius-crn", "It has the form of a probation case number; it carries no check digit." },
	{ "intel-3x5x2", "Each of its three grades is one of the 3x5x2 scheme." },
	{ "intel-5x5x5", "Each of its three grades is one of the 5x5x5 scheme." },
	/* finance */
	{ "card", "Its first digits belong to a card scheme, its length is one of that scheme, and "
		  "its last digit is a check digit (Luhn)." },
	{ "card-track", "It is laid out as a magnetic stripe is, and the card number in it checks "
			"(scheme, length, Luhn)." },
	{ "iban", "It is as long as its country's are, and its two check digits agree (ISO 13616, "
		  "modulus 97)." },
	{ "bic", "Its fifth and sixth letter are a country." },
	{ "sort-account",
	  "Six digits and eight digits.  The banks' own check needs tables that may "
	  "not be passed on." },
	/* secrets */
	{ "basic-auth", "It decodes to a user name, a colon and a password." },
	{ "jwt", "Its header decodes to JSON that names an algorithm." },
	{ "aws-key",
	  "Twenty characters: a prefix that is issued, then letters and digits that look random." },
	{ "github-token", "In the classic kind the last six characters are a checksum of the "
			  "others (CRC-32); the other kinds must look random." },
	{ "token",
	  "What follows the prefix looks random, not like sample text or repeated letters." },
	{ "labelled-key", "It looks random, not like sample text or repeated letters, and is no "
			  "placeholder, template or variable." },
	{ "password", "It is no placeholder, template or variable that stands for a password." },
	{ "url-password",
	  "It stands where an address has its password, and is no placeholder or variable." },
};

const char *proof_in_words(const char *validator)
{
	for (size_t i = 0; i < ARRAY_SIZE(proofs); i++)
		if (strcmp(proofs[i].validator, validator) == 0)
			return proofs[i].words;
	return NULL;
}
