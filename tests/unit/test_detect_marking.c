/* test_detect_marking.c - what is a marking, and what only looks like one */
#include "unit.h"

#include <regex.h>
#include <stdio.h>

#include "marking.h"
#include "marking_judge.h"
#include "msip.h"

/**
 * The words that rules look for, roughly and without borders: the judge must see to
 * those.  Rule numbers are indexes.
 */
static const struct {
	const char *scheme, *pattern;
} rules[] = {
	{ "gscp", "top[ -]?secret|secret|offici?al(( ?[-:/] ?| )?[(]?sens[ai]ti?ve[)]?)?|"
		  "O F F I C I A L( *- *S E N S I T I V E)?|T O P  ?S E C R E T|O-S|swyddogol" },
	{ "gpms", "not protectively marked|restricted|confidential|protect|unclassified" },
	{ "nato", "(cosmic top|nato) secret( atomal)?|nato restricted|nato confidential|"
		  "nato unclassified|otan secret|nato diffusion restreinte" },
	{ "eu", "restreint ue(/eu restricted)?|secret ue/eu secret|eu restricted|R-UE/EU-R|"
		"confidentiel ue/eu confidential" },
	{ "us", "(top secret|secret|confidential|unclassified)//[A-Z/-]+|CUI|"
		"\\((TS|S|C|U)(//[A-Z/ ,]+)?\\)|//[A-Z]{3,5} SECRET|"
		"Classified By|Derived From|Declassify On" },
	{ "au", "\\[SEC=[^]]*\\]|X-Protective-Marking:.*|official: ?sensitive|protected|VER=.*" },
	{ "tlp", "tlp ?[:-]? ?(red|amber(\\+strict)?|green|clear|white)" },
	{ "police", "(for )?police (use|eyes) only|police in confidence|without reference to the "
		    "originator" },
	{ "label", "private and confidential|commercial[ -]in[ -]confidence|strictly confidential|"
		   "not for publication" },
};

struct place {
	enum assay_region region;
	const char *field;
	bool near_start, code;
};

/** Feed all hits of all rules in a text, line by line as rules would. */
static void feed(struct markings *m, const char *text, const struct place *place)
{
	for (unsigned r = 0; r < ARRAY_SIZE(rules); r++) {
		regex_t re;
		regmatch_t at;
		size_t from = 0, len = strlen(text);

		ck_assert_int_eq(
		    regcomp(&re, rules[r].pattern, REG_EXTENDED | REG_ICASE | REG_NEWLINE), 0);
		while (from < len && regexec(&re, text + from, 1, &at, 0) == 0) {
			struct marking_hit h = {
				.rule = r,
				.scheme = rules[r].scheme,
				.text = text,
				.len = len,
				.begin = from + (size_t)at.rm_so,
				.end = from + (size_t)at.rm_eo,
				.region = place->region,
				.field = place->field,
				.code = place->code,
				.line = 100,
			};

			h.occurrence = (struct assay_occurrence){ .off = h.begin, .mask = "mask" };
			h.occurrence.region = place->region;
			for (size_t i = 0; i < h.begin; i++)
				h.line += text[i] == '\n';
			h.near_start = place->near_start && h.line < 103;
			markings_add(m, &h);
			from += (size_t)at.rm_so + 1;
		}
		regfree(&re);
	}
}

static char verdict_of(const char *text, const struct place *place, struct assay_marking *ret)
{
	static char label[64], handling[512], descriptors[512];
	struct markings *m = markings_new(NULL, 0);
	const struct marking_found *found;
	size_t found_len;

	ck_assert_ptr_nonnull(m);
	feed(m, text, place);
	markings_conclude(m, 100000, ret, &found, &found_len);
	snprintf(label, sizeof(label), "%s", ret->label ? ret->label : "");
	snprintf(handling, sizeof(handling), "%s", ret->handling ? ret->handling : "");
	snprintf(descriptors, sizeof(descriptors), "%s", ret->descriptors ? ret->descriptors : "");
	ret->handling = handling;
	ret->descriptors = descriptors;
	if (ret->label)
		ret->label = label;
	markings_free(m);
	return !ret->label ? '-' : ret->confidence == ASSAY_HIGH ? 'H' : 'M';
}

/* Places */
#define HEADER \
	{ \
		ASSAY_HEADER, NULL, false, false \
	}
#define FOOTER \
	{ \
		ASSAY_FOOTER, NULL, false, false \
	}
#define BODY \
	{ \
		ASSAY_BODY, NULL, false, false \
	}
#define TOP \
	{ \
		ASSAY_BODY, NULL, true, false \
	}
#define SUBJECT \
	{ \
		ASSAY_SUBJECT, NULL, false, false \
	}
#define SOURCE \
	{ \
		ASSAY_BODY, NULL, false, true \
	}
#define SOURCE_TOP \
	{ \
		ASSAY_BODY, NULL, true, true \
	}
#define NAME \
	{ \
		ASSAY_NAME, NULL, false, false \
	}
#define FIELD(name) \
	{ \
		ASSAY_BODY, name, false, false \
	}
#define META(name) \
	{ \
		ASSAY_METADATA, name, false, false \
	}
#define JSON(name) \
	{ \
		ASSAY_BODY, name, false, true \
	}

/** H high, M medium, ? either, - none. */
static const struct {
	char want;
	const char *text;
	struct place place;
	const char *label, *scheme;
	unsigned tier;
} cases[] = {
	/* the vectors of marking_line */
	{ 'H', "OFFICIAL", HEADER, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL-SENSITIVE", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL - SENSITIVE", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL \xE2\x80\x93 SENSITIVE", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL SENSITIVE", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL: SENSITIVE", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL-SENSITIVE - RECIPIENTS ONLY", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL-SENSITIVE RECIPIENTS ONLY", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "SECRET - RECIPIENTS ONLY - COMMERCIAL", HEADER, "SECRET", "gscp", 3 },
	{ 'H', "OFFICIAL - FOR PUBLIC RELEASE", HEADER, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL-SENSITIVE [PERSONAL]", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL-SENSITIVE COMMERCIAL", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "UK SECRET - CODEWORD - UK EYES ONLY", HEADER, "SECRET", "gscp", 3 },
	{ 'H', "UK OFFICIAL-SENSITIVE REL EU", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "TOP SECRET - UK/US EYES ONLY", HEADER, "TOP SECRET", "gscp", 4 },
	{ 'H', "TOP SECRET STRAP1", HEADER, "TOP SECRET", "gscp", 4 },
	{ 'H', "[OFFICIAL]", HEADER, "OFFICIAL", "gscp", 1 },
	{ 'H', "Security Classification: OFFICIAL", HEADER, "OFFICIAL", "gscp", 1 },
	{ 'H', "Classification: Official-Sensitive", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "Protective Marking: Not Protectively Marked", HEADER, "NOT PROTECTIVELY MARKED",
	  "gpms", 0 },
	{ 'H', "NOT PROTECTIVELY MARKED", HEADER, "NOT PROTECTIVELY MARKED", "gpms", 0 },
	{ 'H', "RESTRICTED (WHEN COMPLETE)", HEADER, "RESTRICTED", "gpms", 2 },
	{ 'H', "PROTECT - PERSONAL", HEADER, "PROTECT", "gpms", 1 },
	{ 'H', "RESTRICTED - FOR POLICE AND PROSECUTION ONLY", HEADER, "RESTRICTED", "gpms", 2 },
	{ 'H', "CONFIDENTIAL - INVESTIGATION", HEADER, "CONFIDENTIAL", "gpms", 2 },
	{ 'H', "NATO RESTRICTED", HEADER, "NATO RESTRICTED", "nato", 2 },
	{ 'H', "COSMIC TOP SECRET ATOMAL", HEADER, "COSMIC TOP SECRET ATOMAL", "nato", 4 },
	{ 'H', "RESTREINT UE/EU RESTRICTED", HEADER, "RESTREINT UE/EU RESTRICTED", "eu", 2 },
	{ 'H', "TOP SECRET//SI/TK//NOFORN", HEADER, "TOP SECRET", "us", 4 },
	{ '?', "SECRET//NOFORN\n\n(S//NF) The meeting took place on Friday.", TOP, "SECRET", "us",
	  3 },
	{ 'H', "Weekly report [SEC=OFFICIAL:Sensitive, ACCESS=Personal-Privacy]", SUBJECT,
	  "OFFICIAL: SENSITIVE", "au", 2 },
	{ 'H', "TLP:AMBER+STRICT", HEADER, "TLP:AMBER+STRICT", "tlp", 2 },
	{ 'M', "Distribution TLP:RED see notes", TOP, "TLP:RED", "tlp", 2 },
	{ 'H', "OFFICIAL-SENSITIVE Page 3 of 12", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ '-', "The secret of success is planning.", HEADER },
	{ '-', "Visit our official website for details.", HEADER },
	{ '-', "This area has restricted access.", HEADER },
	{ '-', "Official Secrets Act 1989", HEADER },
	{ '-', "confidential", HEADER },
	{ '-', "Victoria's Secret", HEADER },
	{ '-', "SECRET SANTA", HEADER },
	{ '-', "CONFIDENTIALITY AGREEMENT", HEADER },
	{ '-', "OFFICIAL JOURNAL OF THE EUROPEAN UNION", HEADER },
	{ '-', "Client secret: see vault", HEADER },
	{ '-', "UNRESTRICTED", HEADER },
	{ '-', "TLP: RED flags to watch for", HEADER },
	{ '-', "PROTECTIVE MARKING SCHEME", HEADER },
	{ '-', "TOP SECRET RECIPES OF 1975", HEADER },
	{ '-', "UNOFFICIAL", HEADER },

	/* the same markings alone in the body: medium, high if unambiguous */
	{ 'M', "OFFICIAL", BODY, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL-SENSITIVE", BODY, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "SECRET", TOP, "SECRET", "gscp", 3 },

	/* F1.1: written variants */
	{ 'H', "OFFICIAL:SENSITIVE", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL (SENSITIVE)", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL/SENSITIVE", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIALSENSITIVE", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "Classification: O-S", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ '-', "O-S", TOP },
	{ 'H', "OFFICAL-SENSITIVE", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL-SENSATIVE", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL SENSITVE", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "TOP-SECRET", TOP, "TOP SECRET", "gscp", 4 },
	{ 'H', "Classification: TOPSECRET", TOP, "TOP SECRET", "gscp", 4 },
	{ 'H', "OFFICIAL-SENSITIVE | PERSONAL DATA", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL-SENSITIVE: COMMERCIAL", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL-SENSITIVE//LEGAL", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "(OFFICIAL)", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "*** OFFICIAL ***", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "-- OFFICIAL --", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "--OFFICIAL--", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "<OFFICIAL>", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "\"OFFICIAL\"", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "=== OFFICIAL-SENSITIVE ===", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "O F F I C I A L", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "O F F I C I A L - S E N S I T I V E", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "T O P  S E C R E T", TOP, "TOP SECRET", "gscp", 4 },
	{ 'H', "Protective marking OFFICIAL", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "GSC: OFFICIAL", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "GSC marking: OFFICIAL", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "GPMS: RESTRICTED", TOP, "RESTRICTED", "gpms", 2 },
	{ 'H', "Document classification: Secret", TOP, "SECRET", "gscp", 3 },
	{ 'H', "Sensitivity: OFFICIAL-SENSITIVE", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "Marking: OFFICIAL", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "Classification: OFFICIAL-SENSITIVE Handling: RECIPIENTS ONLY", TOP,
	  "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "SWYDDOGOL / OFFICIAL", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL-SENSITIVE (when complete)", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL [when complete]", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL WHEN COMPLETED", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "RESTRICTED (once completed)", TOP, "RESTRICTED", "gpms", 2 },
	{ 'H', "SECRET UNTIL 12/03/2031", TOP, "SECRET", "gscp", 3 },
	{ 'H', "OFFICIAL Version 2.1 12 March 2024 Page 3 of 12", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL-SENSITIVE - HOME OFFICE USE ONLY", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "SECRET - HMG USE ONLY", TOP, "SECRET", "gscp", 3 },
	{ 'H', "SECRET - CODEWORD", TOP, "SECRET", "gscp", 3 },
	{ 'H', "SECRET STRAP1 CANUKUS EYES ONLY", TOP, "SECRET", "gscp", 3 },
	{ 'H', "TOP SECRET - AUS/CAN/NZ/UK/US EYES ONLY", TOP, "TOP SECRET", "gscp", 4 },
	{ 'H', "TOP SECRET - AUS / CAN / UK EYES ONLY", TOP, "TOP SECRET", "gscp", 4 },
	{ 'H', "OFFICIAL-SENSITIVE - EMBARGOED UNTIL 09:00 on 12/03/2024", TOP,
	  "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL-SENSITIVE - HR/MANAGEMENT", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL-SENSITIVE - HR / MANAGEMENT", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL - LEGAL PROFESSIONAL PRIVILEGE (LPP)", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL - MARKET-SENSITIVE", TOP, "OFFICIAL", "gscp", 1 },

	/* subjects */
	{ 'H', "[OFFICIAL] Minutes of the meeting", SUBJECT, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL: minutes of the meeting", SUBJECT, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL-SENSITIVE - case papers", SUBJECT, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "#OFFICIAL-SENSITIVE# case papers", SUBJECT, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "Re: [OFFICIAL-SENSITIVE] case papers", SUBJECT, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "case papers [OFFICIAL-SENSITIVE]", SUBJECT, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ '-', "Your official receipt", SUBJECT },
	{ '-', "SECRET SANTA draw - names", SUBJECT },

	/* names: weak */
	{ 'M', "Case_OFFICIAL-SENSITIVE_v2.docx", NAME, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'M', "RESTRICTED_minutes of May.doc", NAME, "RESTRICTED", "gpms", 2 },
	{ '-', "TOP SECRET RECIPES.doc", NAME },
	{ '-', "official statistics.xls", NAME },
	{ '-', "SECRETARY.doc", NAME },

	{ 'M', "see report_OFFICIAL-SENSITIVE_v2.docx", BODY, "OFFICIAL-SENSITIVE", "gscp", 2 },

	/* F2 */
	{ 'H', "RESTRICTED - INVESTIGATIONS", TOP, "RESTRICTED", "gpms", 2 },
	{ 'H', "PROTECT \xE2\x80\x93 PERSONAL", TOP, "PROTECT", "gpms", 1 },
	{ 'H', "CONFIDENTIAL: STAFF", TOP, "CONFIDENTIAL", "gpms", 2 },
	{ 'H', "UNCLASSIFIED", TOP, "UNCLASSIFIED", "gpms", 0 },
	{ 'H', "CONFIDENTIAL - UK EYES ALPHA", TOP, "CONFIDENTIAL", "gpms", 2 },
	{ '-', "COMMERCIAL IN CONFIDENCE", TOP },
	{ '-', "PRIVATE AND CONFIDENTIAL", TOP },
	{ '-', "STRICTLY CONFIDENTIAL", TOP },

	/* F3 */
	{ 'H', "NATO SECRET", TOP, "NATO SECRET", "nato", 3 },
	{ 'H', "NATO CONFIDENTIAL", TOP, "NATO CONFIDENTIAL", "nato", 3 },
	{ 'H', "NATO UNCLASSIFIED", TOP, "NATO UNCLASSIFIED", "nato", 0 },
	{ 'H', "NATO RESTRICTED RELEASABLE TO SWEDEN", TOP, "NATO RESTRICTED", "nato", 2 },
	{ 'H', "OTAN SECRET", TOP, "NATO SECRET", "nato", 3 },
	{ 'H', "NATO DIFFUSION RESTREINTE", TOP, "NATO RESTRICTED", "nato", 2 },
	{ 'H', "TR\xC3\x88S SECRET UE/EU TOP SECRET", TOP, "TRES SECRET UE/EU TOP SECRET", "eu",
	  4 },
	{ 'H', "SECRET UE/EU SECRET", TOP, "SECRET UE/EU SECRET", "eu", 3 },
	{ 'H', "CONFIDENTIEL UE/EU CONFIDENTIAL", TOP, "CONFIDENTIEL UE/EU CONFIDENTIAL", "eu", 3 },
	{ 'H', "R-UE/EU-R", TOP, "RESTREINT UE/EU RESTRICTED", "eu", 2 },
	{ 'H', "SECRET//NOFORN", TOP, "SECRET", "us", 3 },
	{ 'H', "SECRET//REL TO USA, GBR", TOP, "SECRET", "us", 3 },
	{ 'H', "UNCLASSIFIED//FOUO", TOP, "UNCLASSIFIED", "us", 0 },
	{ 'H', "UNCLASSIFIED//FOR OFFICIAL USE ONLY", TOP, "UNCLASSIFIED", "us", 0 },
	{ 'H', "CONFIDENTIAL//NOFORN", TOP, "CONFIDENTIAL", "us", 3 },
	{ 'H', "//GBR SECRET", TOP, "SECRET", "us", 3 },
	{ 'H', "//NATO SECRET", TOP, "NATO SECRET", "nato", 3 },
	{ 'H', "//JOINT SECRET GBR USA", TOP, "SECRET", "us", 3 },
	{ 'H', "CONFIDENTIAL\n\nText\n\nDerived From: a guide\nDeclassify On: 20301231", TOP,
	  "CONFIDENTIAL", "us", 3 },
	{ 'H', "CONFIDENTIAL\n\nText\n\nDerived From: a guide", TOP, "CONFIDENTIAL", "gpms", 2 },
	{ 'H', "CUI", HEADER, "CUI", "us", 2 },
	{ 'H', "CUI//SP-PRVCY", TOP, "CUI", "us", 2 },
	{ '-', "(S//NF) The meeting took place on Friday.", TOP }, /* no banner */
	{ '-', "(S) second item of a list", TOP },
	{ 'H', "OFFICIAL: Sensitive", TOP, "OFFICIAL: SENSITIVE", "au", 2 },
	{ 'H', "PROTECTED//CABINET", TOP, "PROTECTED", "au", 2 },
	{ 'H', "SECRET//AUSTEO", TOP, "SECRET", "au", 3 },
	{ 'H', "OFFICIAL: Sensitive//Personal-Privacy", TOP, "OFFICIAL: SENSITIVE", "au", 2 },
	{ 'H',
	  "X-Protective-Marking: VER=2024.1, NS=gov.au, SEC=PROTECTED, ORIGIN=a.b@entity.gov.au",
	  META(NULL), "PROTECTED", "au", 2 },
	{ 'H', "TLP:CLEAR", TOP, "TLP:CLEAR", "tlp", 0 },
	{ 'H', "TLP:WHITE", TOP, "TLP:CLEAR", "tlp", 0 },
	{ '?', "TLP: AMBER", HEADER, "TLP:AMBER", "tlp", 2 },
	{ 'M', "TLP AMBER", BODY, "TLP:AMBER", "tlp", 2 },

	{ '-', "PROTECTED", BODY }, /* a common word in the middle of a text */
	{ 'H', "PROTECTED", HEADER, "PROTECTED", "au", 2 },
	{ 'H', "Classification: PROTECTED", BODY, "PROTECTED", "au", 2 },
	{ '-', "CUI", BODY },
	{ '-', "CONTROLLED", TOP },
	{ '-', "https://SECRET//NOFORN", TOP },
	{ 'H', "NATO/PfP UNCLASSIFIED", TOP, "NATO UNCLASSIFIED", "nato", 0 },
	{ 'H', "Classification: //GBR SECRET", TOP, "SECRET", "us", 3 },

	/* messages saved as text */
	{ 'H', "From: a@example.org\nSubject: [OFFICIAL-SENSITIVE] rota\nDate: today", BODY,
	  "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "To: b\nSubject: RE: OFFICIAL - rota for May\nDate: today", BODY, "OFFICIAL", "gscp",
	  1 },
	{ '-', "To: b\nSubject: SECRET SANTA - names\nDate: today", BODY },
	{ '-', "Subject: [OFFICIAL] is how a subject begins", BODY }, /* a manual */

	/* choices and calls */
	{ '-', "PARALLEL { SAFE | RESTRICTED | UNSAFE }", BODY },
	{ '-', "assertEquals('Password','SECRET',database.password);", BODY },
	{ '-', "This policy is not protectively marked in the register yet", BODY },
	{ '-', "OFFICIAL SENSITIVITY TESTS", TOP },

	/* labels, fields, metadata */
	{ 'H', "OFFICIAL-SENSITIVE", META("Classification"), "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "Official Sensitive", META("MSIP_Label_x_Name"), "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "This item's classification is OFFICIAL", META("bjDocumentSecurityLabel"),
	  "OFFICIAL", "gscp", 1 },
	{ '-', "secret", META("Keywords") },
	{ 'H', "OFFICIAL-SENSITIVE", FIELD("Protective marking"), "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "Protective Marking\tOFFICIAL", BODY, "OFFICIAL", "gscp", 1 },
	{ 'H', "Classification\nOFFICIAL", BODY, "OFFICIAL", "gscp", 1 },
	{ 'H', "Classification\nOfficial", BODY, "OFFICIAL", "gscp", 1 },
	{ '?', "Version: 1.0 Owner: Records Protective marking: OFFICIAL", BODY, "OFFICIAL", "gscp",
	  1 },
	{ 'H', "Title | Crime recording | Classification | OFFICIAL", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "classification: OFFICIAL-SENSITIVE", SOURCE_TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL-SENSITIVE", JSON("classification"), "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "{\"title\": \"x\", \"marking\": \"OFFICIAL\", \"body\": \"the text of it\"}",
	  JSON("marking"), "OFFICIAL", "gscp", 1 },
	{ '-', "{\"level\": \"SECRET\", \"body\": \"the text of it\"}", JSON("level") },

	/* shapes seen in real documents */
	{ '?', "v2 not protectively marked", BODY, "NOT PROTECTIVELY MARKED", "gpms", 0 },
	{ 'H', "Security classification: Restricted in part two", TOP, "RESTRICTED", "gpms", 2 },
	{ 'H', "RESTRICTED 1 RESTRICTED", TOP, "RESTRICTED", "gpms", 2 },
	{ 'H', "Version 1.01 NOT PROTECTIVELY MARKED 2", TOP, "NOT PROTECTIVELY MARKED", "gpms",
	  0 },
	{ 'M', "OFFICIAL Crime Recording Policy", HEADER, "OFFICIAL", "gscp", 1 },
	{ 'M', "RESTRICTED Minutes of the Authority", HEADER, "RESTRICTED", "gpms", 2 },
	{ 'H', "OFFICIAL-SENSITIVE Crime Recording Policy", HEADER, "OFFICIAL-SENSITIVE", "gscp",
	  2 },
	{ 'H', "PART RESTRICTED", TOP, "RESTRICTED", "gpms", 2 },
	{ 'M', "This document is not protectively marked.", BODY, "NOT PROTECTIVELY MARKED", "gpms",
	  0 },
	{ 'H', "OFFICIAL-SENSITIVE,,,,", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "# OFFICIAL-SENSITIVE", SOURCE_TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "// OFFICIAL", SOURCE_TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL: POLICE USE ONLY", TOP, "OFFICIAL", "gscp", 1 },
	{ 'H', "OFFICIAL-SENSITIVE PERSONAL", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "OFFICIAL\n\nWelcome\n\nOFFICIAL", BODY, "OFFICIAL", "gscp", 1 }, /* repeated */

	/* prose */
	{ '-', "Members of the official opposition spoke of a trade secret.", BODY },
	{ '-', "The report was SECRET until last year.", BODY },
	{ '-', "OFFICIAL-SENSITIVE: what it means", TOP },
	{ '-', "TOP SECRET: THE STORY OF A HOUSE", TOP },
	{ '-', "Parking: RESTRICTED", TOP },
	{ '-', "Parking: RESTRICTED", HEADER },
	{ '-', "Type: SECRET", TOP },
	{ 'M', "Status: CONFIDENTIAL", TOP, "CONFIDENTIAL", "gpms", 2 },
	{ '-', "This document is marked SECRET by mistake", BODY },
	{ '-', "A document like this is marked SECRET.", BODY },
	{ '-', "Official-Sensitive papers go to the registry", TOP },
	{ '-', "Official-Sensitive", BODY },
	{ 'M', "This document is marked OFFICIAL-SENSITIVE.", BODY, "OFFICIAL-SENSITIVE", "gscp",
	  2 },
	{ 'M', "This document has been classified as SECRET.", BODY, "SECRET", "gscp", 3 },
	{ 'M', "This report is OFFICIAL-SENSITIVE and must not be copied.", BODY,
	  "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "Official - Sensitive", HEADER, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ 'H', "SECRET AND PERSONAL", TOP, "SECRET", "gscp", 3 },
	{ 'H', "SECRET//FGI GBR//NOFORN", TOP, "SECRET", "us", 3 },
	{ 'H', "O F F I C I A L   S E N S I T I V E", TOP, "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ '-', "Send all OFFICIAL-SENSITIVE material by courier.", BODY },
	{ '-', "OFFICIAL-SENSITIVE training", BODY },
	{ '-', "OFFICIAL-SENSITIVE training is on Monday", TOP },
	{ '-', "He gave it in confidence, strictly confidential.", BODY },
	{ '-', "This email is CONFIDENTIAL and intended for the addressee.", BODY },
	{ '-', "This email is confidential.", FOOTER },
	{ '-', "protect children and protected characteristics", BODY },
	{ '-', "PROTECT DUTY", HEADER },
	{ '-', "unclassified roads", BODY },
	{ '-', "The Secret Service", HEADER },
	{ '-', "SECRETARY OF STATE", HEADER },
	{ '-', "SECRETARIAT", HEADER },
	{ '-', "OFFICIALLY", HEADER },
	{ '-', "RESTRICTEDNESS", HEADER },
	{ '-', "RESTRICTED AREA", HEADER },
	{ '-', "OFFICIAL COPY", HEADER },
	{ '-', "OFFICIAL RESULT", HEADER },
	{ '-', "OFFICIAL RECEIVER", HEADER },
	{ '-', "OFFICIAL LIQUIDATOR", HEADER },
	{ '-', "UK Secretary of State", HEADER },
	{ '-', "UK Secret Intelligence Service", HEADER },
	{ '-', "UK Official Singles Chart", HEADER },
	{ '-', "Protect - Personalised plans for all", HEADER },
	{ '-', "Restricted - Staff only", HEADER },
	{ '-', "RESTRICTED - STAFF ONLY", HEADER },
	{ '-', "U.S. GOVERNMENT RESTRICTED RIGHTS", HEADER },
	{ '-', "RESTRICTED LEFT ENTRY", HEADER },
	{ '-', "SECRET POLICE", HEADER },
	{ '-', "FOR OFFICIAL USE ONLY", HEADER },
	{ '-', "Classification: official statistics", TOP },
	{ '-', "Classification: secret ballot", BODY },
	{ '-', "SECRET.", BODY },
	{ '-', "It says \"SECRET\" on the cover", BODY },

	/* negated */
	{ '-', "This letter was marked SECRET.", BODY },
	{ '-', "Not SECRET", BODY },
	{ '-', "Formerly SECRET", BODY },
	{ '-', "Downgraded from SECRET", HEADER },
	{ '-', "DECLASSIFIED - formerly TOP SECRET", BODY },

	/* talk about markings */
	{ '-', "OFFICIAL\nSECRET\nTOP SECRET", TOP },
	{ '-', "OFFICIAL, SECRET and TOP SECRET are the tiers", TOP },
	{ '-', "[OFFICIAL / OFFICIAL-SENSITIVE / SECRET delete as appropriate]", HEADER },
	{ '-', "Protective marking: Choose an item. OFFICIAL", BODY },
	{ '-',
	  "OFFICIAL\tmost information\nSECRET\tvery sensitive information\nTOP SECRET\tthe rest",
	  BODY },
	{ '-', "documents above this tier should be marked SECRET", BODY },
	{ '-',
	  "TLP:RED means named recipients, TLP:AMBER the organisation, TLP:GREEN the community",
	  BODY },

	/* code */
	{ '-', "client_secret=abc", BODY },
	{ '-', "export SECRET_KEY=abc", SOURCE },
	{ '-', "SECRET_KEY", SOURCE_TOP },
	{ '-', "\"SECRET\": \"abc\"", SOURCE },
	{ '-', "\"secret\": \"abc\"", SOURCE },
	{ '-', "kind: Secret", SOURCE_TOP },
	{ '-', "kind: SECRET", SOURCE_TOP },
	{ '-', "\tOFFICIAL,", SOURCE_TOP },
	{ '-', "case SECRET:", SOURCE },
	{ '-', "level = Level.SECRET;", SOURCE },
	{ '-', "${SECRET}", SOURCE },
	{ '-', "PROTECTED", SOURCE },
	{ '-', "/srv/SECRET/x", BODY },
	{ '-', "C:\\SECRET\\x", BODY },
	{ '-', "https://example.org/SECRET", BODY },
	{ '-', "SECRET=abc", TOP },
	{ '-', "secret", JSON("type") },
	{ '-', "SECRET", JSON("type") },
	{ '-', "OFFICIAL", FIELD("status of the language") },
};

START_TEST(judges)
{
	struct assay_marking got;
	char verdict = verdict_of(cases[_i].text, &cases[_i].place, &got);

	if (cases[_i].want == '?')
		ck_assert_msg(verdict != '-', "%s: none", cases[_i].text);
	else
		ck_assert_msg(verdict == cases[_i].want, "%s: %c %s", cases[_i].text, verdict,
			      got.label ? got.label : "");
	if (verdict == '-')
		return;
	ck_assert_str_eq(got.label, cases[_i].label);
	ck_assert_str_eq(got.scheme, cases[_i].scheme);
	ck_assert_uint_eq(got.tier, cases[_i].tier);
}
END_TEST

static const struct {
	const char *text, *handling, *descriptors;
} parts[] = {
	{ "OFFICIAL-SENSITIVE - POLICE USE ONLY", "POLICE USE ONLY", "" },
	{ "UK SECRET\n\nText", "", "UK" },
	{ "SECRET STRAP1 CANUKUS EYES ONLY", "", "STRAP1; CANUKUS EYES ONLY" },
	{ "OFFICIAL-SENSITIVE - LEGAL PROFESSIONAL PRIVILEGE", "", "LEGAL PROFESSIONAL PRIVILEGE" },
	{ "CONFIDENTIAL - UK EYES ALPHA", "", "UK EYES ALPHA" },
	{ "PROTECTED//CABINET", "", "CABINET" },
	{ "NATO RESTRICTED RELEASABLE TO SWEDEN", "RELEASABLE TO SWEDEN", "" },
	{ "OFFICIAL-SENSITIVE - RECIPIENTS ONLY", "RECIPIENTS ONLY", "" },
	{ "SECRET - RECIPIENTS ONLY - COMMERCIAL", "RECIPIENTS ONLY", "COMMERCIAL" },
	{ "UK SECRET - CODEWORD - UK EYES ONLY", "", "UK; CODEWORD; UK EYES ONLY" },
	{ "UK OFFICIAL-SENSITIVE\nREL-EU\n\nText", "REL-EU", "UK" },
	{ "UK OFFICIAL-SENSITIVE REL EU", "REL EU", "UK" },
	{ "TOP SECRET - AUS/CAN/NZ/UK/US EYES ONLY", "", "AUS/CAN/NZ/UK/US EYES ONLY" },
	{ "OFFICIAL-SENSITIVE - HOME OFFICE USE ONLY", "HOME OFFICE USE ONLY", "" },
	{ "OFFICIAL-SENSITIVE [PERSONAL]", "", "PERSONAL" },
	{ "TOP SECRET//SI/TK//NOFORN", "", "SI; TK; NOFORN" },
	{ "SECRET//REL TO USA, GBR", "REL TO USA, GBR", "" },
	{ "RESTRICTED - FOR POLICE AND PROSECUTION ONLY", "FOR POLICE AND PROSECUTION ONLY", "" },
	{ "OFFICIAL-SENSITIVE\nCOMMERCIAL IN CONFIDENCE", "COMMERCIAL IN CONFIDENCE", "" },
	{ "[SEC=PROTECTED, CAVEAT=SH:CABINET, ACCESS=Legal-Privilege]", "",
	  "SH:CABINET; Legal-Privilege" },
};

START_TEST(reads_parts)
{
	static const struct place top = TOP;
	struct assay_marking got;

	ck_assert_int_ne(verdict_of(parts[_i].text, &top, &got), '-');
	ck_assert_str_eq(got.handling, parts[_i].handling);
	ck_assert_str_eq(got.descriptors, parts[_i].descriptors);
}
END_TEST

START_TEST(takes_the_highest)
{
	static const struct place header = HEADER, body = BODY;
	struct markings *m = markings_new(NULL, 0);
	const struct marking_found *found;
	struct assay_marking got;
	size_t len;

	for (int twice = 0; twice < 2; twice++) {
		feed(m, "OFFICIAL", &header);
		feed(m, "\n\n\n\nOFFICIAL-SENSITIVE - RECIPIENTS ONLY", &header);
		feed(m, "\n\n\n\n\n\n\nSECRET", &body); /* medium: the header is certain */
		markings_conclude(m, 100000, &got, &found, &len);
		ck_assert_str_eq(got.label, "OFFICIAL-SENSITIVE");
		ck_assert_str_eq(got.where, "header");
		ck_assert_str_eq(got.handling, "RECIPIENTS ONLY");
		ck_assert_uint_eq(len, 3);
		ck_assert_str_eq(found[0].occurrence->mask, "mask");
		ck_assert_uint_eq(found[0].rule, 0);
		markings_clear(m);
	}
	markings_conclude(m, 1, &got, &found, &len);
	ck_assert_ptr_null(got.label);
	ck_assert_uint_eq(len, 0);
	markings_free(m);
}
END_TEST

/* NATO SECRET is found by two rules, and is one marking, under its own. */
START_TEST(counts_an_expression_once)
{
	static const struct place header = HEADER;
	struct markings *m = markings_new(NULL, 0);
	const struct marking_found *found;
	struct assay_marking got;
	size_t len;

	feed(m, "NATO SECRET", &header);
	markings_conclude(m, 100000, &got, &found, &len);
	ck_assert_uint_eq(len, 1);
	ck_assert_str_eq(rules[found[0].rule].scheme, "nato");
	markings_free(m);
}
END_TEST

START_TEST(last_lines_count)
{
	static const struct place body = BODY;
	struct markings *m = markings_new(NULL, 0);
	const struct marking_found *found;
	struct assay_marking got;
	size_t len;

	feed(m, "Text of the page\n\nOFFICIAL", &body);
	markings_conclude(m, 103, &got, &found, &len);
	ck_assert_int_eq(got.confidence, ASSAY_HIGH);
	markings_conclude(m, 1000, &got, &found, &len);
	ck_assert_int_eq(got.confidence, ASSAY_MEDIUM);
	markings_free(m);
}
END_TEST

/* More candidates than are kept, the best one last. */
START_TEST(keeps_the_best)
{
	static const struct place body = BODY, header = HEADER;
	struct markings *m = markings_new(NULL, 0);
	const struct marking_found *found;
	struct assay_marking got;
	size_t len;
	char text[4096] = "";

	for (int i = 0; i < 400; i++)
		strcat(text, "\nOFFICIAL");
	feed(m, text, &body);
	feed(m, "SECRET - UK EYES ONLY", &header);
	markings_conclude(m, 100000, &got, &found, &len);
	ck_assert_uint_le(len, MARKINGS_MAX);
	ck_assert_str_eq(got.label, "SECRET");
	markings_free(m);
}
END_TEST

/** Markings in several places, and what does not go together. */
static const struct {
	struct {
		enum assay_region region;
		const char *text;
	} runs[4];
	const char *label, *places, *conflicts;
} several[] = {
	{ { { ASSAY_HEADER, "OFFICIAL" }, { ASSAY_FOOTER, "OFFICIAL" } },
	  "OFFICIAL",
	  "header OFFICIAL; footer OFFICIAL",
	  "" },
	{ { { ASSAY_HEADER, "OFFICIAL" }, { ASSAY_FOOTER, "SECRET" } },
	  "SECRET",
	  "header OFFICIAL; footer SECRET",
	  "header-footer" },
	{ { { ASSAY_HEADER, "OFFICIAL" }, { ASSAY_BODY, "SECRET" } },
	  NULL,
	  "header OFFICIAL; body SECRET",
	  "body-above" },
	{ { { ASSAY_HEADER, "SECRET" }, { ASSAY_BODY, "OFFICIAL" } },
	  "SECRET",
	  "header SECRET; body OFFICIAL",
	  "" },
	/* two sections of one document: each header has its own */
	{ { { ASSAY_HEADER, "OFFICIAL" }, { ASSAY_HEADER, "OFFICIAL-SENSITIVE" } },
	  "OFFICIAL-SENSITIVE",
	  "header OFFICIAL; header OFFICIAL-SENSITIVE",
	  "" },
	{ { { ASSAY_METADATA, "OFFICIAL" }, { ASSAY_HEADER, "SECRET" } },
	  "SECRET",
	  "metadata OFFICIAL; header SECRET",
	  "metadata-text" },
	{ { { ASSAY_METADATA, "SECRET" }, { ASSAY_HEADER, "OFFICIAL" } },
	  "SECRET",
	  "metadata SECRET; header OFFICIAL",
	  "metadata-text" },
	/* the older scheme's word of the same tier */
	{ { { ASSAY_METADATA, "OFFICIAL-SENSITIVE" }, { ASSAY_HEADER, "RESTRICTED" } },
	  NULL,
	  "metadata OFFICIAL-SENSITIVE; header RESTRICTED",
	  "" },
	{ { { ASSAY_NAME, "OFFICIAL-SENSITIVE minutes.doc" }, { ASSAY_HEADER, "OFFICIAL" } },
	  "OFFICIAL",
	  "name OFFICIAL-SENSITIVE; header OFFICIAL",
	  "name" },
	/* another protocol's colours are no tier */
	{ { { ASSAY_HEADER, "TLP:RED" }, { ASSAY_FOOTER, "OFFICIAL" } },
	  NULL,
	  "header TLP:RED; footer OFFICIAL",
	  "" },
	{ { { ASSAY_HEADER, "OFFICIAL-SENSITIVE - UK EYES ONLY" } },
	  "OFFICIAL-SENSITIVE",
	  "header OFFICIAL-SENSITIVE",
	  "caveat" },
	{ { { ASSAY_HEADER, "SECRET - UK EYES ONLY" } }, "SECRET", "header SECRET", "" },
	{ { { ASSAY_HEADER, "OFFICIAL-SENSITIVE - FOR PUBLIC RELEASE" } },
	  "OFFICIAL-SENSITIVE",
	  "header OFFICIAL-SENSITIVE",
	  "public-release" },
	{ { { ASSAY_HEADER, "OFFICIAL - FOR PUBLIC RELEASE" } },
	  "OFFICIAL",
	  "header OFFICIAL",
	  "" },
	{ { { ASSAY_HEADER, "OFFICIAL - EMBARGOED UNTIL 09:00 on 12/03/1999" } },
	  "OFFICIAL",
	  "header OFFICIAL",
	  "embargo-past" },
	{ { { ASSAY_HEADER, "OFFICIAL - EMBARGOED UNTIL 12 March 2199" } },
	  "OFFICIAL",
	  "header OFFICIAL",
	  "" },
};

START_TEST(compares_places)
{
	struct markings *m = markings_new(NULL, 0);
	const struct marking_found *found;
	struct assay_marking got;
	char lead[8] = "";
	size_t len;

	for (size_t i = 0; i < 4 && several[_i].runs[i].text; i++) {
		struct place at = { several[_i].runs[i].region, NULL, false, false };
		char text[128];

		/* Each in a line of its own. */
		snprintf(text, sizeof(text), "%s%s", lead, several[_i].runs[i].text);
		feed(m, text, &at);
		strcat(lead, "\n");
	}
	markings_conclude(m, 100000, &got, &found, &len);
	ck_assert_ptr_nonnull(got.label);
	if (several[_i].label)
		ck_assert_str_eq(got.label, several[_i].label);
	ck_assert_str_eq(got.places, several[_i].places);
	ck_assert_str_eq(got.conflicts, several[_i].conflicts);
	markings_free(m);
}
END_TEST

static const struct {
	const char *text;
	bool is_past;
} embargoes[] = {
	{ "EMBARGOED UNTIL 12/03/2024", true },
	{ "EMBARGOED UNTIL 13/03/2024", false }, /* the day itself */
	{ "EMBARGOED UNTIL 09:00 on 12 March 2024", true },
	{ "EMBARGOED 2024-03-12 09:00", true },
	{ "EMBARGOED until 14.03.24", false },
	{ "EMBARGOED UNTIL 1 Jan 2023", true },
	{ "EMBARGOED UNTIL FURTHER NOTICE", false },
	{ "12/03/2020 EMBARGOED", false },
	{ "EMBARGOED 99/99/2020", false },
	{ "EMBARGOED 99999999999999999999/1/1", false },
	{ "EMBARGOED 1/", false },
	{ "", false },
};

START_TEST(knows_when_an_embargo_ends)
{
	const char *text = embargoes[_i].text;

	/* noon of 13 March 2024 */
	ck_assert_int_eq(embargo_is_past(text, strlen(text), 1710331200), embargoes[_i].is_past);
}
END_TEST

/* A list of tiers is no marking: found, and low. */
START_TEST(counts_mentions)
{
	static const struct place body = BODY;
	struct markings *m = markings_new(NULL, 0);
	const struct marking_found *found;
	struct assay_marking got;
	size_t len;

	feed(m, "OFFICIAL\nSECRET\nTOP SECRET", &body);
	markings_conclude(m, 100000, &got, &found, &len);
	ck_assert_ptr_null(got.label);
	ck_assert_uint_eq(len, 3);
	for (size_t i = 0; i < len; i++)
		ck_assert_int_eq(found[i].occurrence->confidence, ASSAY_LOW);
	markings_free(m);
}
END_TEST

/* Rows under a heading such as Classification: whose marking is it? */
static const struct {
	const char *label; /* the object's, or NULL */
	unsigned rows;
	enum marking_row row;
	size_t text;
	const char *field, *banner;
	const char *tiers[3]; /* in rows; or OFFICIAL, SECRET, SECRET */
} registers[] = {
	{ NULL, 3, MARKING_ROW_THING, 20, "Classification", "" },
	{ "SECRET", 3, MARKING_ROW_CONTENT, 20, "Classification", "" },
	{ "SECRET", 3, MARKING_ROW_NONE, 20, "Classification", "" }, /* nobody knows */
	{ "SECRET", 1, MARKING_ROW_THING, 20, "Classification", "" },
	{ "SECRET", 3, MARKING_ROW_THING, 200, "Classification", "" }, /* long text */
	{ "SECRET", 3, MARKING_ROW_THING, 20, NULL, "" },              /* no heading says so */
	{ "OFFICIAL", 3, MARKING_ROW_THING, 20, "Classification", "OFFICIAL\n" },
	{ "OFFICIAL", 3, MARKING_ROW_THING, 20, "Classification", "Classification: OFFICIAL\n" },
	/* rows do not speak against each other... */
	{ "SECRET",
	  3,
	  MARKING_ROW_CONTENT,
	  20,
	  "Marking",
	  "",
	  { "OFFICIAL", "SECRET", "OFFICIAL-SENSITIVE" } },
	{ "TOP SECRET",
	  3,
	  MARKING_ROW_NONE,
	  20,
	  "Marking",
	  "",
	  { "SECRET", "TOP SECRET", "SECRET" } },
	{ "TOP SECRET",
	  3,
	  MARKING_ROW_CONTENT,
	  20,
	  "Marking",
	  "",
	  { "OFFICIAL", "SECRET", "TOP SECRET" } },
	/* ...but in a table that explains the tiers */
	{ NULL, 3, MARKING_ROW_NONE, 20, "Marking", "", { "OFFICIAL", "SECRET", "TOP SECRET" } },
	{ NULL, 3, MARKING_ROW_NONE, 20, "Marking", "", { "TOP SECRET", "SECRET", "OFFICIAL" } },
};

START_TEST(tells_registers_from_content)
{
	struct markings *m = markings_new(NULL, 0);
	const struct marking_found *found;
	struct assay_marking got;
	const char *const *tiers = registers[_i].tiers;
	char text[256];
	size_t len;

	snprintf(text, sizeof(text), "%sRef\tName\tClassification\n1\tA\t%s\n2\tB\t%s\n3\tC\t%s\n",
		 registers[_i].banner, tiers[0] ? tiers[0] : "OFFICIAL",
		 tiers[1] ? tiers[1] : "SECRET", tiers[2] ? tiers[2] : "SECRET");
	for (const char *p = text; (p = strpbrk(p, "OST")); p += strcspn(p, "\n")) {
		size_t at = (size_t)(p - text);
		struct marking_hit h = {
			.scheme = "gscp",
			.text = text,
			.len = strlen(text),
			.begin = at,
			.end = at + strcspn(p, "\n"),
			.line = 100,
			.occurrence = { .off = at, .mask = "mask" },
		};

		for (size_t i = 0; i < at; i++)
			h.line += text[i] == '\n';
		h.near_start = h.line < 103;
		if (at >= strlen(registers[_i].banner)) {
			h.field = registers[_i].field;
			h.row_key = registers[_i].rows == 1 ? 1 : h.line;
			h.row = registers[_i].row;
			h.row_text = registers[_i].text;
		}
		markings_add(m, &h);
	}
	markings_conclude(m, 104, &got, &found, &len);
	ck_assert_pstr_eq(got.label, registers[_i].label);
	ck_assert_uint_ge(len, 3); /* what is only mentioned is found, too */
	markings_free(m);
}
END_TEST

/* Everyday words are something beside a tier only. */
START_TEST(takes_everyday_words_with_a_tier)
{
	static const struct place top = TOP;
	struct markings *m = markings_new(NULL, 0);
	const struct marking_found *found;
	struct assay_marking got;
	size_t len;

	feed(m, "COMMERCIAL IN CONFIDENCE", &top);
	markings_conclude(m, 100000, &got, &found, &len);
	ck_assert_ptr_null(got.label);
	ck_assert_uint_eq(len, 1);
	ck_assert_int_eq(found[0].occurrence->confidence, ASSAY_LOW);
	markings_clear(m);
	feed(m, "OFFICIAL\nCOMMERCIAL IN CONFIDENCE", &top);
	markings_conclude(m, 100000, &got, &found, &len);
	ck_assert_str_eq(got.handling, "COMMERCIAL IN CONFIDENCE");
	ck_assert_uint_eq(len, 2);
	ck_assert_int_eq(found[1].occurrence->confidence, ASSAY_HIGH);
	markings_free(m);
}
END_TEST

static const struct {
	const char *text, *label, *scheme;
	unsigned tier;
} values[] = {
	{ "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ "Official Sensitive", "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ "OFFICIAL_SENSITIVE", "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ "official", "OFFICIAL", "gscp", 1 },
	{ "OFFICIAL-SENSITIVE [PERSONAL]", "OFFICIAL-SENSITIVE", "gscp", 2 },
	{ "This item's classification is OFFICIAL", "OFFICIAL", "gscp", 1 },
	{ "Classification: Secret", "SECRET", "gscp", 3 },
	{ "NATO RESTRICTED", "NATO RESTRICTED", "nato", 2 },
	{ "TLP:AMBER", "TLP:AMBER", "tlp", 2 },
	{ "report [SEC=OFFICIAL:Sensitive]", "OFFICIAL: SENSITIVE", "au", 2 },
	{ "VER=2024.1, NS=gov.au, SEC=TOP-SECRET, ORIGIN=a.b@entity.gov.au", "TOP SECRET", "au",
	  4 },
	{ "", NULL, NULL, 0 },
	{ "minutes", NULL, NULL, 0 },
	{ "official website", NULL, NULL, 0 },
	{ "Company-Confidential to nobody", NULL, NULL, 0 },
};

START_TEST(parses_values)
{
	struct marking_value got = { .label = "untouched" };
	bool is = marking_parse(values[_i].text, strlen(values[_i].text), false, &got);

	ck_assert_int_eq(is, values[_i].label != NULL);
	if (!is) {
		ck_assert_str_eq(got.label, "untouched");
		return;
	}
	ck_assert_str_eq(got.label, values[_i].label);
	ck_assert_str_eq(got.scheme, values[_i].scheme);
	ck_assert_uint_eq(got.tier, values[_i].tier);
}
END_TEST

#define ORIGIN ", ORIGIN=a.b@entity.gov.au"

/** The vectors of x_protective_marking_header, and what is near them. */
static const struct {
	bool valid;
	const char *value;
} headers[] = {
	{ true, "X-Protective-Marking: VER=2024.1, NS=gov.au, SEC=OFFICIAL" ORIGIN },
	{ true, "X-Protective-Marking: VER=2024.1, NS=gov.au, SEC=OFFICIAL:Sensitive, "
		"ACCESS=Personal-Privacy" ORIGIN },
	{ true, "X-Protective-Marking: VER=2024.1, NS=gov.au, SEC=SECRET, "
		"CAVEAT=SH:ACCOUNTABLE-MATERIAL, CAVEAT=RI:AUSTEO" ORIGIN },
	{ true, "X-Protective-Marking: VER=2018.1, NS=gov.au, SEC=PROTECTED, EXPIRES=2030-01-01, "
		"DOWNTO=OFFICIAL" ORIGIN },
	{ true, "VER=2024.1, NS=gov.au, SEC=OFFICIAL, NOTE=one\\, two" ORIGIN },
	{ false, "X-Protective-Marking: SEC=OFFICIAL" },
	{ false, "X-Protective-Marking: VER=2024.1, NS=gov.au, SEC=Official" ORIGIN },
	{ false, "X-Protective-Marking: VER=2024.1, NS=gov.au, SEC=TOP SECRET" ORIGIN },
	{ false, "X-Protective-Marking: VER=2024.1, NS=gov.au, ACCESS=Legal-Privilege, "
		 "SEC=PROTECTED" ORIGIN },
	{ false, "VER=2024.1, NS=gov.au, SEC=SECRET, SEC=SECRET" ORIGIN },
	{ false, "VER=2024.1, NS=gov.au, SEC=OFFICIAL: Sensitive" ORIGIN },
};

START_TEST(reads_headers)
{
	struct sec_marking sec;

	ck_assert_int_eq(sec_header(headers[_i].value, strlen(headers[_i].value), &sec),
			 headers[_i].valid);
}
END_TEST

#define GUID "2096f6a2-d2f7-48be-b329-b73aaa526e5d"

static const struct {
	const char *name, *attr;
} properties[] = {
	{ "MSIP_Label_" GUID "_Enabled", "Enabled" },
	{ "MSIP_Label_" GUID "_Name", "Name" },
	{ "MSIP_Label_" GUID "_SiteId", "SiteId" },
	{ "MSIP_Label_" GUID "_ContentBits", "ContentBits" },
	{ "msip_label_" GUID "_enabled", "enabled" },
	{ "MSIP_Label_Enabled", NULL },
	{ "MSIP_Label_" GUID, NULL },
	{ "MSIP_Label_" GUID "_", NULL },
	{ "MSIP_Label_2096f6a2_Enabled", NULL },
	{ "MIP_Label_" GUID "_Enabled", NULL },
};

START_TEST(reads_property_names)
{
	const char *name = properties[_i].name, *attr = NULL;
	char guid[37];

	ck_assert_int_eq(msip_property(name, strlen(name), guid, &attr),
			 properties[_i].attr != NULL);
	if (properties[_i].attr) {
		ck_assert_str_eq(guid, GUID);
		ck_assert_str_eq(attr, properties[_i].attr);
	}
}
END_TEST

START_TEST(lexicon_is_sound)
{
	ck_assert_uint_le(marking_lexicon_len, LEXICON_MAX);
	for (size_t i = 0; i < marking_lexicon_len; i++) {
		const char *text = marking_lexicon[i].text;

		ck_assert(is_upper(text[0]));
		ck_assert_uint_lt(strlen(text), 48);
		for (; *text; text++)
			ck_assert(is_upper(*text) || is_digit(*text) || strchr(" /:+~&", *text));
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("marking");
	TCase *tc = tcase_create("marking");

	tcase_add_loop_test(tc, judges, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, reads_parts, 0, ARRAY_SIZE(parts));
	tcase_add_test(tc, takes_the_highest);
	tcase_add_test(tc, counts_an_expression_once);
	tcase_add_test(tc, last_lines_count);
	tcase_add_test(tc, keeps_the_best);
	tcase_add_loop_test(tc, compares_places, 0, ARRAY_SIZE(several));
	tcase_add_loop_test(tc, knows_when_an_embargo_ends, 0, ARRAY_SIZE(embargoes));
	tcase_add_test(tc, counts_mentions);
	tcase_add_loop_test(tc, tells_registers_from_content, 0, ARRAY_SIZE(registers));
	tcase_add_test(tc, takes_everyday_words_with_a_tier);
	tcase_add_loop_test(tc, parses_values, 0, ARRAY_SIZE(values));
	tcase_add_loop_test(tc, reads_headers, 0, ARRAY_SIZE(headers));
	tcase_add_loop_test(tc, reads_property_names, 0, ARRAY_SIZE(properties));
	tcase_add_test(tc, lexicon_is_sound);
	suite_add_tcase(s, tc);
	return s;
}
