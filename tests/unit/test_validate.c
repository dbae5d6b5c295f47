/* test_validate.c - each scheme by a table, and the whole of check_vectors.tsv */
#include "unit.h"

#include <stdio.h>

#include "validate.h"

static enum verdict run(const char *name, const char *value)
{
	const struct validator *v = validator_find(name);

	ck_assert_msg(v != NULL, "no validator %s", name);
	return v->run(value, strlen(value));
}

static const struct {
	const char *name, *value;
	enum verdict want;
} cases[] = {
	{ "none", "anything", VERDICT_UNDECIDED },

	{ "luhn", "79927398713", VERDICT_CONFIRM },
	{ "luhn", "79927398710", VERDICT_REJECT }, /* wrong check digit */
	{ "luhn", "97927398713", VERDICT_REJECT }, /* first two swapped */
	{ "luhn", "0", VERDICT_REJECT },           /* too short to carry a check digit */
	{ "luhn", "", VERDICT_REJECT },

	{ "card", "4111-1111-1111-1111", VERDICT_CONFIRM },
	{ "card", "0000000000000000", VERDICT_REJECT },
	{ "card", "390625000000000000", VERDICT_REJECT },   /* 5 to the 8th, and zeros */
	{ "card", "5018000000000000007", VERDICT_CONFIRM }, /* Maestro of nineteen */
	{ "card", "5700000000000000", VERDICT_REJECT },     /* Maestro never issued it */
	{ "card", "4111.1111.1111.1111", VERDICT_REJECT },  /* dots */
	{ "card-track", "%B4111111111111111^DOE/JOHN^3012101", VERDICT_CONFIRM },
	{ "card-track", "%B4111111111111111^DOE/JOHN", VERDICT_REJECT }, /* cut */
	{ "card-track", ";4111111111111111=3012", VERDICT_REJECT },      /* no service code */
	{ "card-track", "%", VERDICT_REJECT },

	{ "nhs", "999 000 0018", VERDICT_CONFIRM },
	{ "nhs", "943 476 5919", VERDICT_UNDECIDED }, /* checks, yet outside the ranges issued */
	{ "nhs", "0101011237", VERDICT_UNDECIDED },   /* a CHI number */
	{ "nhs", "999 000 0019", VERDICT_REJECT },
	{ "nhs", "4444444444", VERDICT_REJECT },
	{ "nhs", "0123456789", VERDICT_REJECT }, /* checks, and is a row of digits */
	{ "chi", "290200 1002", VERDICT_CONFIRM },
	{ "chi", "3002001234", VERDICT_REJECT }, /* 30 February */
	{ "hc-number", "320 110 0005", VERDICT_CONFIRM },
	{ "hc-number", "9990000018", VERDICT_REJECT },

	{ "nino", "AB 12 34 56 C", VERDICT_UNDECIDED },
	{ "nino", "AB123456", VERDICT_UNDECIDED }, /* no suffix */
	{ "nino", "ab123456C", VERDICT_REJECT },   /* mixed case: base64 */
	{ "nino", "AB000000A", VERDICT_REJECT },   /* filler */
	{ "nino", "AB1234567", VERDICT_REJECT },
	{ "passport", "A123456", VERDICT_UNDECIDED }, /* old book */
	{ "passport", "987654321", VERDICT_REJECT },  /* a run */
	{ "brp", "ZU1234567", VERDICT_UNDECIDED },

	/* line 2 alone */
	{ "mrz", "L898902C36UTO7408122F1204159ZE184226B<<<<<10", VERDICT_CONFIRM },
	/* TD2, ICAO's specimen */
	{ "mrz", "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
	  VERDICT_CONFIRM },
	{ "mrz", "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<7",
	  VERDICT_REJECT },
	/* visa, type A: no composite digit */
	{ "mrz",
	  "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\r\n"
	  "L8988901C4XXX4009078F96121096ZE184226B<<<<<<",
	  VERDICT_CONFIRM },
	{ "mrz", "<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", VERDICT_REJECT },
	{ "mrz", "", VERDICT_REJECT },

	{ "driving-licence", "MORGA657054SM9IJ", VERDICT_CONFIRM },
	{ "driving-licence", "MORGA 657054 SM9IJ 35", VERDICT_CONFIRM },
	{ "driving-licence", "MORGA657054SM9IJ3", VERDICT_REJECT }, /* half an issue number */
	{ "driving-licence", "MORGA6570549M9IJ", VERDICT_REJECT },  /* first initial missing */

	{ "vrm", "AB02 ABC", VERDICT_UNDECIDED },
	{ "vrm", "AB49ABC", VERDICT_REJECT }, /* March 2049 */
	{ "vrm", "AB00ABC", VERDICT_REJECT },
	{ "vrm", "AB12CD", VERDICT_UNDECIDED }, /* military */
	{ "vrm", "AB123CD", VERDICT_REJECT },
	{ "vrm", "1234 AB", VERDICT_UNDECIDED },
	{ "vrm", "1", VERDICT_REJECT },

	{ "postcode", "ASCN 1ZZ", VERDICT_UNDECIDED },
	{ "postcode", "BFPO 9999", VERDICT_UNDECIDED },
	{ "postcode", "E20 2ST", VERDICT_UNDECIDED },
	{ "postcode", "LS1", VERDICT_REJECT },
	{ "postcode", "SW1D 1AA", VERDICT_REJECT }, /* D is not a fourth letter */

	{ "phone", "0044 7700 900123", VERDICT_UNDECIDED },
	{ "phone", "+33 1 42 68 53 00", VERDICT_REJECT }, /* France */
	{ "phone", "01204 50123", VERDICT_UNDECIDED },    /* Bolton: five digits */
	{ "phone", "01632 96001", VERDICT_REJECT },
	{ "phone", "0800 1111", VERDICT_UNDECIDED }, /* Childline */
	{ "phone", "01111111111", VERDICT_REJECT },
	{ "phone", "+", VERDICT_REJECT },

	{ "utr", "1955839661", VERDICT_CONFIRM },
	{ "vat", "GBGD500", VERDICT_REJECT },
	{ "vat", "000000000", VERDICT_REJECT }, /* checks, names nobody */
	{ "company-number", "R0000123", VERDICT_UNDECIDED },
	{ "upn", "B801200005001", VERDICT_CONFIRM },
	{ "uln", "9276308686", VERDICT_CONFIRM },
	{ "uprn", "000000000000", VERDICT_REJECT },
	{ "electoral", "AB0", VERDICT_REJECT },

	{ "person-name", "Mr Okafor", VERDICT_CONFIRM },
	{ "person-name", "Dr. A. B. Zborowicz", VERDICT_CONFIRM },
	{ "person-name", "PC 1234 ADEYINKA", VERDICT_CONFIRM },
	{ "person-name", "PC Jones", VERDICT_CONFIRM },
	{ "person-name", "PC Zone", VERDICT_REJECT },    /* a rank's letters, and no known name */
	{ "person-name", "DC 1234", VERDICT_REJECT },    /* a number is no name */
	{ "person-name", "Mr", VERDICT_REJECT },         /* nobody */
	{ "person-name", "Mr J", VERDICT_REJECT },       /* an initial is not enough */
	{ "person-name", "Dr Pepper", VERDICT_REJECT },  /* a drink */
	{ "person-name", "Miss World", VERDICT_REJECT }, /* a title of another kind */
	{ "person-name", "Priya Patel", VERDICT_CONFIRM },
	{ "person-name", "Siobhan O'Brien", VERDICT_CONFIRM },
	{ "person-name", "Karen Zborowicz-Hughes", VERDICT_CONFIRM }, /* half of it is known */
	{ "person-name", "SMITH, John", VERDICT_CONFIRM },
	{ "person-name", "SMITH John", VERDICT_CONFIRM },
	{ "person-name", "ZBOROWICZ, Tomasz", VERDICT_CONFIRM },
	{ "person-name", "ZBOROWICZ, Wharf", VERDICT_REJECT },
	{ "person-name", "SMITH/JOHN PAUL", VERDICT_CONFIRM },
	{ "person-name", "ZBOROWICZ/DARREN", VERDICT_UNDECIDED },
	{ "person-name", "Kowalski/Darren", VERDICT_REJECT },     /* one of two, or a path */
	{ "person-name", "Tomasz Zborowicz", VERDICT_UNDECIDED }, /* a forename alone is known */
	{ "person-name", "Ayobami Hughes", VERDICT_UNDECIDED },   /* a surname alone */
	{ "person-name", "Red Button", VERDICT_REJECT },
	{ "person-name", "John Street", VERDICT_REJECT },
	{ "person-name", "John", VERDICT_REJECT }, /* one word */
	{ "person-name", "John Smith (director)", VERDICT_REJECT },
	{ "person-name", "A B C D E F G H I J", VERDICT_REJECT },
	{ "person-name", "", VERDICT_REJECT },
	{ "labelled-name", "Adeyinka", VERDICT_CONFIRM },
	{ "labelled-name", "de la Cruz", VERDICT_CONFIRM },
	{ "labelled-name", "Unknown Male", VERDICT_REJECT },
	{ "labelled-name", "Required", VERDICT_REJECT },
	{ "labelled-name", "-", VERDICT_REJECT },
	{ "labelled-name", "", VERDICT_REJECT },

	{ "date-of-birth", "29/02/2000", VERDICT_UNDECIDED },
	{ "date-of-birth", "29/02/1900", VERDICT_REJECT }, /* no leap year */
	{ "date-of-birth", "February 1, 1985", VERDICT_UNDECIDED },
	{ "date-of-birth", "1st of Feb 85", VERDICT_UNDECIDED },
	{ "date-of-birth", "1 Febuary 1985", VERDICT_REJECT }, /* no month */
	{ "date-of-birth", "19850201", VERDICT_UNDECIDED },
	{ "date-of-birth", "01021985", VERDICT_UNDECIDED },
	{ "date-of-birth", "010285", VERDICT_UNDECIDED },
	{ "date-of-birth", "01/02/2999", VERDICT_REJECT },
	{ "date-of-birth", "1/2", VERDICT_REJECT },
	{ "date-of-birth", "1/2/3/1985", VERDICT_REJECT },
	{ "date-of-birth", "99999999999999999999", VERDICT_REJECT },

	{ "email", "a@b.co", VERDICT_UNDECIDED },
	{ "email", "a@-b.co", VERDICT_REJECT },
	{ "email", "a@b.c0", VERDICT_REJECT }, /* digits in the last label */
	{ "email", "jo@example.xn--p1ai", VERDICT_UNDECIDED },
	{ "email", "@", VERDICT_REJECT },

	{ "ip", "10.0.0.1", VERDICT_UNDECIDED },
	{ "ip", "127.0.0.1", VERDICT_REJECT },
	{ "ip", "255.255.255.0", VERDICT_REJECT }, /* netmask */
	{ "ip", "0.0.0.0", VERDICT_REJECT },
	{ "ip", "10.01.2.3", VERDICT_REJECT }, /* leading zero: sections, dates */
	{ "ip", "::", VERDICT_REJECT },
	{ "ip", "::1", VERDICT_REJECT },
	{ "ip", "::ffff:192.0.2.15", VERDICT_UNDECIDED },
	{ "ip", "1:2:3:4:5:6:7:8", VERDICT_UNDECIDED },
	{ "ip", "1:2:3:4:5:6:7", VERDICT_REJECT },
	{ "ip", "1::2::3", VERDICT_REJECT },
	{ "ip", "2001:db8::", VERDICT_UNDECIDED },
	{ "ip", "2001:db8:", VERDICT_REJECT },
	{ "ip", "12:34", VERDICT_REJECT },

	{ "mac", "ff:ff:ff:ff:ff:ff", VERDICT_REJECT },
	{ "mac", "00-00-5E-00-53-01", VERDICT_UNDECIDED },
	{ "imei", "35-209900-176148-1", VERDICT_CONFIRM },
	{ "imsi", "235910000000001", VERDICT_UNDECIDED },
	{ "iccid", "8944110064613871015", VERDICT_CONFIRM },

	{ "iban", "GB82 WEST 1234 5698 7654 32", VERDICT_CONFIRM },
	{ "iban", "gb82west12345698765432", VERDICT_CONFIRM },
	{ "iban", "GB82", VERDICT_REJECT },
	{ "bic", "DEUTDEFF", VERDICT_UNDECIDED },
	{ "sort-account", "08-99-99 66374958", VERDICT_UNDECIDED },
	{ "sort-account", "11-11-11 66374958", VERDICT_REJECT },

	{ "pnc-id", "1979/0163001B", VERDICT_CONFIRM },
	{ "pnc-id", "79/163001b", VERDICT_CONFIRM },
	{ "pnc-id", "2099/0000001A", VERDICT_REJECT }, /* year to come */
	{ "pnc-id", "79/B", VERDICT_REJECT },
	{ "pnc-id", "1979/01630010B", VERDICT_REJECT }, /* serial of eight */
	{ "cro", "SF05/482703J", VERDICT_CONFIRM },
	{ "cro", "SF05/J", VERDICT_REJECT },
	{ "cro", "0/11X", VERDICT_REJECT },
	{ "asn", "0800NP0100000000001X", VERDICT_REJECT }, /* dummy */
	{ "asn", "97/0000/00/K", VERDICT_REJECT },
	{ "court-ref", "97/1626/008395Q", VERDICT_CONFIRM },
	{ "case-urn", "42/AB/12345/23", VERDICT_UNDECIDED },
	{ "intel-5x5x5", "B  Intelligence: 2 usually  Handling: 4", VERDICT_UNDECIDED },
	{ "intel-5x5x5", "B  Intelligence: 2  Handling: 4 of 5", VERDICT_REJECT }, /* four boxes */
	{ "intel-5x5x5", "B  Intelligence: 6  Handling: 4", VERDICT_REJECT },
	{ "intel-3x5x2", "2 Untested\nInformation B known\nHandling P", VERDICT_UNDECIDED },
	{ "prison", "A1234BC", VERDICT_UNDECIDED },

	/* {"alg":"HS256"}.{}.signature */
	{ "jwt", "eyJhbGciOiJIUzI1NiJ9.e30.abcd", VERDICT_CONFIRM },
	{ "jwt", "eyJ4IjoxfQ.e30.abcd", VERDICT_REJECT }, /* no alg */
	{ "jwt", "eyJhbGciOiJIUzI1NiJ9.e30.", VERDICT_REJECT },
	{ "jwt", "..", VERDICT_REJECT },

	{ "basic-auth", "b3BzOktlc3RyZWwjMjAyNA==", VERDICT_CONFIRM },
	{ "basic-auth", "b3BzOktlc3RyZWwjMjAyNA", VERDICT_CONFIRM }, /* not padded */
	{ "basic-auth", "b3Bz", VERDICT_REJECT },                    /* ops */
	{ "basic-auth", "OktlczI=", VERDICT_REJECT },                /* nobody's */
	{ "basic-auth", "b3BzOmFi", VERDICT_REJECT },                /* ops:ab */
	{ "basic-auth", "AAECAzo0NTY3ODk=", VERDICT_REJECT },        /* bytes */
	{ "basic-auth", "", VERDICT_REJECT },

	{ "aws-key", "AKIAXXXXXXXXXXXXXXXX", VERDICT_REJECT }, /* filler */
	{ "github-token", "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", VERDICT_REJECT },
	{ "github-token", "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8", VERDICT_UNDECIDED },
	{ "github-token", "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", VERDICT_CONFIRM }, /* CRC */
	{ "token", "glpat-aB3dE6gH9jK2mN5pQ8sT", VERDICT_UNDECIDED },
	{ "token", "glpat-00000000000000000000", VERDICT_REJECT },
	{ "token", "", VERDICT_REJECT },
	{ "labelled-key", "c2b7f0d19e8a4b5c8d3e6f7a1b2c3d4e", VERDICT_UNDECIDED },
	{ "labelled-key", "dapi00000000000000000000000000000000", VERDICT_REJECT }, /* filler */
	{ "labelled-key", "process.env.KEY_2024_portal", VERDICT_REJECT },
	{ "labelled-key", "${PORTAL_KEY_2024}", VERDICT_REJECT },
	{ "labelled-key", "", VERDICT_REJECT },

	{ "password", "hunter22", VERDICT_UNDECIDED },
	{ "password", "correct-horse", VERDICT_REJECT }, /* words: an identifier as well */
	{ "password", "correct!horse", VERDICT_UNDECIDED },
	{ "password", "123456", VERDICT_UNDECIDED },
	{ "password", "$DB_PASS1", VERDICT_REJECT },
	{ "password", "$ecur3Pa$$", VERDICT_UNDECIDED },
	{ "password", "{{ vault_pw1 }}", VERDICT_REJECT },
	{ "password", "<your-password-1>", VERDICT_REJECT },
	{ "password", "%DBPASS1%", VERDICT_REJECT },
	{ "password", "getenv(\"PW1\")", VERDICT_REJECT },
	{ "password", "os.environ['PW1']", VERDICT_REJECT },
	{ "password", "cfg->pw1", VERDICT_REJECT },
	{ "password", "mypassword})", VERDICT_REJECT },
	{ "password", "self.pass_word}", VERDICT_REJECT },
	{ "password", "Hunter2x}", VERDICT_UNDECIDED },
	{ "password", "hunter}2", VERDICT_UNDECIDED },
	{ "password", "/run/secrets/pw1", VERDICT_REJECT },
	{ "password", "ENC(AbCdEf123=)", VERDICT_REJECT }, /* sealed */
	{ "password", "user.password", VERDICT_REJECT },
	{ "password", "$!\\n", VERDICT_REJECT }, /* an escape */
	{ "password", "", VERDICT_REJECT },
	/* words of other languages */
	{ "password", "L\xC3\x96SEN", VERDICT_REJECT },
	{ "password", "M\xE1\xBA\xACT-KH\xE1\xBA\xA8U", VERDICT_REJECT },
	{ "password", "L\xC3\x96SEN7", VERDICT_UNDECIDED },
	{ "password", "l\xC3\xB6sen!ord", VERDICT_UNDECIDED },
	{ "password", "E1}\xEA\xB3U\xFF(R", VERDICT_REJECT }, /* no text */
	{ "password", "E1}\xEF\xBF\xBD(R", VERDICT_REJECT },
	{ "password", "%s1(x", VERDICT_REJECT }, /* a format */
	/* types and expressions of code */
	{ "password", "Pnstr8", VERDICT_REJECT },
	{ "password", "Sprint16", VERDICT_UNDECIDED },
	{ "password", "The \"pass\" statement\\n", VERDICT_REJECT },
	{ "password", "correct horse, battery!7", VERDICT_UNDECIDED },
	{ "password", "uint32_t", VERDICT_REJECT },
	{ "password", "UTF8String", VERDICT_REJECT },
	{ "password", "kestrel8", VERDICT_UNDECIDED }, /* ends in no type */
	{ "password", "kestrel32", VERDICT_UNDECIDED },
	{ "password", "^TPasswd", VERDICT_REJECT },
	{ "password", "@DoPassword", VERDICT_REJECT },
	{ "password", "@Kestrel47", VERDICT_UNDECIDED },
	{ "password", "^Kestrel47", VERDICT_UNDECIDED },
	{ "password", "(CSSM_DATA_UINT32", VERDICT_REJECT },
	{ "password", "((PasswordCallback)callbacks[1]).get", VERDICT_REJECT },
	{ "password", "(stored!=null", VERDICT_REJECT },
	{ "password", "=nil", VERDICT_REJECT },
	{ "password", "$Enter.destination.password", VERDICT_REJECT },
	{ "password", "+EscapeValue(Password)+", VERDICT_REJECT },
	{ "password", "info^.quantize", VERDICT_REJECT },
	{ "password", "TYPE_STRINGPOINT+26", VERDICT_REJECT },
	{ "password", "kestrel+26", VERDICT_UNDECIDED },
	{ "password", "pwd+#0", VERDICT_REJECT },
	{ "password", "$89FF", VERDICT_REJECT },
	{ "password", "0x80310035", VERDICT_REJECT },
	{ "password", "0x80310035-fox", VERDICT_UNDECIDED },
	{ "password", "$ab12xyz", VERDICT_REJECT }, /* a shell's variable, for all one can see */
	{ "password", "[success=end", VERDICT_REJECT },
	{ "password", "[^#]*\\s(systemd)(\\s|#|$", VERDICT_REJECT }, /* of a pattern */
	{ "password", "1:4.13+dfsg1-1+deb12u1", VERDICT_REJECT },    /* of the package passwd */
	{ "password", "eli:x:2098:1000:Eli", VERDICT_REJECT },
};

START_TEST(scheme)
{
	ck_assert_msg(run(cases[_i].name, cases[_i].value) == cases[_i].want, "%s of %s",
		      cases[_i].name, cases[_i].value);
}
END_TEST

START_TEST(unknown_names_are_not_found)
{
	ck_assert_ptr_null(validator_find("nhs-number"));
	ck_assert_ptr_null(validator_find(""));
}
END_TEST

/** Every validator on every one-byte change and every prefix of a good value: the
 * sanitizers watch. */
START_TEST(survives_anything)
{
	char value[256];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t len = strlen(cases[i].value);

		for (const struct validator *v = validators; v->name; v++)
			for (size_t at = 0; at <= len; at++) {
				char *exact = malloc(at + 1);

				memcpy(value, cases[i].value, len);
				v->run(memcpy(exact, value, at), at);
				if (at < len)
					exact[at] = (char)(value[at] ^ 0x80);
				v->run(exact, at < len ? at + 1 : at);
				free(exact);
			}
	}
}
END_TEST

/* ---- check_vectors.tsv ------------------------------------------------------- */

/** The file's types and who judges them; a type without a validator says why. */
static const struct {
	const char *type, *validator, *why;
} types[] = {
	{ "uk_nino", "nino", NULL },
	{ "uk_nhs_number", "nhs", NULL },
	{ "scot_chi", "chi", NULL },
	{ "ni_hc_number", "hc-number", NULL },
	{ "uk_passport", "passport", NULL },
	{ "mrz_td3", "mrz", NULL },
	{ "mrz_td1", "mrz", NULL },
	{ "dvla_driver_number", "driving-licence", NULL },
	{ "uk_vrm", "vrm", NULL },
	{ "uk_postcode", "postcode", NULL },
	{ "uk_phone", "phone", NULL },
	{ "uk_utr", "utr", NULL },
	{ "uk_vat", "vat", NULL },
	{ "uk_company_number", "company-number", NULL },
	{ "upn", "upn", NULL },
	{ "uln", "uln", NULL },
	{ "uprn", "uprn", NULL },
	{ "uk_brp", "brp", NULL },
	{ "uk_electoral_number", "electoral", NULL },
	{ "date_of_birth_value", "date-of-birth", NULL },
	{ "imei", "imei", NULL },
	{ "imsi_uk", "imsi", NULL },
	{ "iccid", "iccid", NULL },
	{ "email", "email", NULL },
	{ "ip_address", "ip", NULL },
	{ "mac_address", "mac", NULL },
	{ "pnc_id", "pnc-id", NULL },
	{ "cro_number", "cro", NULL },
	{ "asn", "asn", NULL },
	{ "pnc_court_case_ref", "court-ref", NULL },
	{ "case_urn", "case-urn", NULL },
	{ "noms_number", "prison", NULL },
	{ "prison_number_old", "prison-old", NULL },
	{ "delius_crn", "delius-crn", NULL },
	{ "intel_grade_3x5x2", "intel-3x5x2", NULL },
	{ "intel_grade_5x5x5", "intel-5x5x5", NULL },
	{ "payment_card", "card", NULL },
	{ "card_track1", "card-track", NULL },
	{ "card_track2", "card-track", NULL },
	{ "uk_sort_code_account", "sort-account", NULL },
	{ "iban", "iban", NULL },
	{ "bic", "bic", NULL },
	{ "aws_access_key_id", "aws-key", NULL },
	{ "jwt", "jwt", NULL },
	{ "unix_crypt_hash", NULL, "secret.password-hash: the pattern says it all" },
	{ "ntlm_dump_line", NULL, "secret.ntlm-hash: the pattern says it all" },
	{ "private_key_header", NULL, "secret.private-key wants the key behind its header" },
	{ "config_password", NULL, "whole lines: secret.password's pattern, its value validated" },
	{ "connection_string", NULL, "whole lines: secret.connection-string's pattern" },
	{ "marking_line", NULL, "the marking detector" },
	{ "msip_property", NULL, "the marking detector and the readers of metadata" },
	{ "x_protective_marking_header", NULL, "the marking detector" },
};

/** Vectors on which a validator rightly disagrees, and why. */
static const struct {
	const char *type, *value, *why;
} exceptions[] = {
	{ NULL, NULL, NULL },
};

static bool is_exception(const char *type, const char *value)
{
	for (size_t i = 0; exceptions[i].type; i++)
		if (!strcmp(exceptions[i].type, type) && !strcmp(exceptions[i].value, value))
			return true;
	return false;
}

/** The validator's name for a type; NULL where another judges. */
static const char *judge_of(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (!strcmp(types[i].type, type)) {
			ck_assert(types[i].validator || types[i].why);
			return types[i].validator;
		}
	ck_abort_msg("check_vectors.tsv has the type %s, of which nobody knows", type);
	return NULL;
}

/** @return  whether the line was judged here */
static bool try_vector(char *line)
{
	char *type = strsep(&line, "\t"), *value = strsep(&line, "\t"),
	     *valid = strsep(&line, "\t");
	const char *judge = judge_of(type);
	bool accepted;

	ck_assert_msg(valid != NULL, "short line: %s", type);
	if (!judge)
		return false;
	if (strncmp(type, "mrz", 3) == 0)
		for (char *bar; (bar = strchr(value, '|'));)
			*bar = '\n';
	accepted = run(judge, value) != VERDICT_REJECT;
	if (!is_exception(type, value))
		ck_assert_msg(accepted == !strcmp(valid, "valid"), "%s: %s should be %s", type,
			      value, valid);
	return true;
}

START_TEST(vectors)
{
	FILE *file = fopen(ASSAY_SOURCE_DIR "/tests/data/check_vectors.tsv", "r");
	char line[1024];
	size_t judged = 0;

	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), file)); /* headings */
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		judged += try_vector(line);
	}
	fclose(file);
	ck_assert_uint_gt(judged, 400);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("validate");
	TCase *tc = tcase_create("validate");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, scheme, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, unknown_names_are_not_found);
	tcase_add_test(tc, survives_anything);
	tcase_add_test(tc, vectors);
	suite_add_tcase(s, tc);
	return s;
}
