/**
 * match_rules.h - rules of every shape, with validators, for tests of matching
 *
 * Modelled on the built-in packs, but fixed: a test of the matcher must not
 * change with them.  All values are synthetic or published test values.
 */
#ifndef MATCH_RULES_H
#define MATCH_RULES_H

#include "compile.h"

static size_t test_digits(const char *value, size_t len, char *ret, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < len && n < cap; i++)
		if (is_digit(value[i]))
			ret[n++] = (char)(value[i] - '0');
	return n;
}

static enum verdict test_nhs(const char *value, size_t len)
{
	char d[11];
	unsigned sum = 0;

	if (test_digits(value, len, d, sizeof(d)) != 10)
		return VERDICT_REJECT;
	for (unsigned i = 0; i < 10; i++)
		sum += (unsigned)d[i] * (10 - i);
	return sum % 11 ? VERDICT_REJECT : VERDICT_CONFIRM;
}

static enum verdict test_card(const char *value, size_t len)
{
	char d[20];
	size_t n = test_digits(value, len, d, sizeof(d));
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned one = (unsigned)d[n - 1 - i] << (i & 1);

		sum += one > 9 ? one - 9 : one;
	}
	return n < 12 || sum % 10 ? VERDICT_REJECT : VERDICT_CONFIRM;
}

static enum verdict test_odd(const char *value, size_t len)
{
	return (unsigned char)value[len - 1] & 1 ? VERDICT_UNDECIDED : VERDICT_REJECT;
}

static const struct validator test_validators[] = {
	{ "nhs", test_nhs },
	{ "card", test_card },
	{ "odd", test_odd },
};

#define NHS (&test_validators[0])
#define CARD (&test_validators[1])
#define ODD (&test_validators[2])

static const char *const nhs_words[] = { "nhs", "Patient", "hospital no" };
static const char *const isbn_words[] = { "ISBN", "order" };
static const struct context_words nhs_raise[] = { { nhs_words, 3, 60 } };
static const struct context_words nhs_lower[] = { { isbn_words, 2, 30 } };
static const char *const nhs_fields[] = { "nhs number", "nhs no" };
static const char *const card_fields[] = { "card number", "pan" };

#define RULE(name, looks, text) \
	.id = (name), .pack = "test", .file = "test.yaml", .line = __LINE__, .shape = (looks), \
	.pattern = (text)

static const struct rule match_rules[] = {
	{ RULE("nino", SHAPE_NINO,
	       "(?i)\\b(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\\d{2}[ -]?"
	       "\\d{2}[ -]?\\d{2}[ -]?[A-D]\\b") },
	{ RULE("nhs", SHAPE_DIGITS_3_3_4, "(?<![\\d.-])(\\d{3}[ -]?\\d{3}[ -]?\\d{4})(?![\\d-])"),
	  .validator = NHS, .cell = "(\\d{3}[ -]?\\d{3}[ -]?\\d{4})", .raise = nhs_raise,
	  .raise_len = 1, .lower = nhs_lower, .lower_len = 1, .fields = nhs_fields,
	  .fields_len = 2 },
	{ RULE("ten-odd", SHAPE_DIGITS_3_3_4, "(?<!\\d)\\d{6} ?\\d{4}(?!\\d)"), .validator = ODD },
	{ RULE("card", SHAPE_CARD,
	       "(?<![\\d.-])(?:4\\d{3}|5[1-5]\\d{2}|2[2-7]\\d{2}|6011|65\\d{2}|64[4-9]\\d)"
	       "(?:[ -]?\\d{4}){3}(?![\\d-])"),
	  .validator = CARD, .fields = card_fields, .fields_len = 2,
	  .cell = "\\d{4}(?:[ -]?\\d{4}){3}" },
	{ RULE("amex", SHAPE_CARD, "(?<![\\d.-])3[47]\\d{2}[ -]?\\d{6}[ -]?\\d{5}(?![\\d-])"),
	  .validator = CARD },
	{ RULE("postcode", SHAPE_POSTCODE,
	       "\\b(?:GIR ?0AA|[A-PR-UWYZ](?:\\d[\\dA-HJKPSTUW]?|[A-HK-Y]\\d[\\dABEHMNPRVWXY]?) ?"
	       "\\d[ABD-HJLNP-UW-Z]{2})\\b") },
	{ RULE("phone", SHAPE_PHONE,
	       "(?<![\\d+])(?:\\+44[ -]?(?:\\(0\\)[ -]?)?|\\(?0)(?:7\\d{3}[ -]?\\d{3}[ -]?\\d{3}|"
	       "[12]\\d{2,3}\\)?[ -]?\\d{3}[ -]?\\d{3,4}|20\\)?[ -]?\\d{4}[ -]?\\d{4})(?!\\d)") },
	{ RULE("email", SHAPE_EMAIL,
	       "(?i)\\b[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,5}"
	       "[a-z]{2,24}\\b") },
	{ RULE("ipv4", SHAPE_IP,
	       "(?<![\\d.])(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}"
	       "(?![\\d.])") },
	{ RULE("ipv6", SHAPE_IP,
	       "(?i)(?<![:.\\w])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}"
	       "(?::[0-9a-f]{1,4}){1,6}|::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})(?![:.\\w])") },
	{ RULE("mac", SHAPE_IP,
	       "(?i)\\b(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}[:-]){4}[0-9a-f]{2}\\b") },
	{ RULE("iban", SHAPE_IBAN,
	       "(?i)\\b(?:GB|IE|FR|DE|NL|BE|ES|IT|PL|CH)\\d{2}[ -]?(?:[A-Z0-9]{4}[ -]?){2,7}"
	       "[A-Z0-9]{1,4}\\b") },
	{ RULE("driver", SHAPE_DRIVER,
	       "(?i)\\b[A-Z][A-Z9]{4} ?\\d[0156]\\d[0-3]\\d{2} ?[A-Z9]{2}[A-Z0-9][A-Z]{2}\\b") },
	{ RULE("mrz1", SHAPE_MRZ,
	       "(?<![A-Z0-9<])[PVIAC][A-Z<][A-Z]{3}[A-Z]{1,39}<<[A-Z<]{5,39}"
	       "(?![A-Z0-9<])") },
	{ RULE("mrz2", SHAPE_MRZ,
	       "\\b[A-Z0-9<]{9}\\d[A-Z]{3}\\d{7}[MF<]\\d{7}[A-Z0-9<]{14}\\d{2}\\b") },
	{ RULE("vrm", SHAPE_VRM, "\\b[A-HJ-PR-Y]{2}[05-7]\\d ?[A-HJ-PR-Z]{3}\\b") },
	{ RULE("pnc", SHAPE_YEAR_SLASH, "(?i)\\b(?:19|20)?\\d{2}/\\d{1,7}[A-HJ-NP-Z]\\b") },
	{ RULE("cro", SHAPE_SLASH_YEAR, "(?<![\\w/])\\d{1,6}/\\d{2}[A-Z]\\b") },
	{ RULE("prison", SHAPE_PRISON, "\\b[A-Z]\\d{4}[A-Z]{2}\\b") },
	{ RULE("sort", SHAPE_SORT_ACCOUNT,
	       "(?<![\\d/.-])\\d{2}-\\d{2}-\\d{2}[ ,;:/]{1,3}\\d{8}(?![\\d-])") },
	{ RULE("upn", SHAPE_OTHER, "\\b[A-HJ-NP-RT-Z]\\d{12}\\b") },
	{ RULE("cisco-mac", SHAPE_OTHER, "\\b[0-9a-f]{4}\\.\\d{4}\\.[0-9a-f]{4}\\b") },
	{ RULE("chi", SHAPE_LITERAL, "(?i)\\bCHI(?: ?(?:no|number))?\\.?:? ?(\\d{6} ?\\d{4})\\b") },
	{ RULE("account", SHAPE_LITERAL,
	       "(?i)\\b(?:account|acct|a/c)\\s?(?:no|number|num|#)?\\.?\\s?[:=]?\\s?(\\d{8})\\b") },
	{ RULE("passport", SHAPE_LITERAL,
	       "(?i)\\bpassport(?:\\s(?:no|number|num))?\\.?\\s?[:=#]?\\s?(?:\\d{9}|[A-Z]{1,2}"
	       "\\d{7})\\b") },
	{ RULE("crime-ref", SHAPE_LITERAL,
	       "(?i)\\b(?:crime|incident)\\s(?:ref(?:erence)?|no|number)\\.?\\s?[:=#]?\\s?"
	       "[A-Z0-9/-]{6,20}"),
	  .prefilter = "(?i)\\b(?:crime|incident)\\s(?:ref(?:erence)?|no|number)\\.?\\s?[:=#]?\\s?"
		       "[A-Z0-9/-]{6}" },
	{ RULE("custody", SHAPE_LITERAL,
	       "(?i)\\b(?:custody|warrant|collar)\\s(?:record\\s)?(?:ref|no|number)\\.?\\s?[:=#]?"
	       "\\s?[A-Z0-9/]{4,20}"),
	  .prefilter = "(?i)\\b(?:custody|warrant|collar)\\s(?:record\\s)?(?:ref|no|number)\\.?\\s?"
		       "[:=#]?\\s?[A-Z0-9/]{4}" },
	{ RULE("iso-dob", SHAPE_LITERAL,
	       "(?i)\\b(?:dob|birth_?date|date_of_birth)[\"']?\\s?[:=,]\\s?[\"']?(?:19|20)\\d{2}-"
	       "\\d{2}-\\d{2}") },
	{ RULE("imei", SHAPE_LITERAL, "(?i)\\bIMEI(?:\\sno)?\\.?\\s?[:=#]?\\s?\\d{15}\\b") },
	{ RULE("utr", SHAPE_LITERAL,
	       "(?i)\\b(?:UTR|unique\\stax(?:payer)?\\sreference)\\s?(?:no|number)?[:=#]?\\s?"
	       "\\d{5}\\s?\\d{5}\\b") },
	{ RULE(
	    "private-key", SHAPE_LITERAL,
	    "-----BEGIN (?:(?:RSA|DSA|EC|OPENSSH|ENCRYPTED|PGP) )?PRIVATE KEY(?: BLOCK)?-----") },
	{ RULE("aws-key", SHAPE_LITERAL, "\\b(?:AKIA|ASIA|AROA|AIDA)[A-Z2-7]{16}\\b") },
	{ RULE("aws-secret", SHAPE_LITERAL,
	       "(?i)aws.{0,20}?(?:secret|access).{0,20}?[\"'][0-9a-z/+=]{40}[\"']"),
	  .prefilter = "(?i)aws.{0,20}(?:secret|access)" },
	{ RULE("github", SHAPE_LITERAL, "\\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36,255}\\b"),
	  .prefilter = "\\b(?:ghp|gho|ghu|ghs|ghr)_[A-Za-z0-9]{36}" },
	{ RULE("slack", SHAPE_LITERAL, "\\bxox[abposr]-(?:\\d{1,20}-){1,3}[A-Za-z0-9-]{10,64}"),
	  .prefilter = "\\bxox[abposr]-\\d" },
	{ RULE("google", SHAPE_LITERAL, "\\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])"),
	  .prefilter = "\\bAIza[0-9A-Za-z_-]{35}" },
	{ RULE("stripe", SHAPE_LITERAL, "\\b[sr]k_live_[0-9A-Za-z]{24,99}\\b"),
	  .prefilter = "\\b[sr]k_live_[0-9A-Za-z]{24}" },
	{ RULE("jwt", SHAPE_LITERAL,
	       "\\beyJ[A-Za-z0-9_-]{10,500}\\.eyJ[A-Za-z0-9_-]{10,2000}\\.[A-Za-z0-9_-]{10,500}"),
	  .prefilter = "\\beyJ[A-Za-z0-9_-]{10}" },
	{ RULE("azure", SHAPE_LITERAL, "(?i)AccountKey=[A-Za-z0-9+/]{86}=="),
	  .prefilter = "(?i)AccountKey=[A-Za-z0-9+/]{20}" },
	{ RULE("basic-auth", SHAPE_LITERAL,
	       "(?i)\\b(?:https?|ftp|postgres|mysql|mongodb)(?:\\+srv)?://[^\\s:/@\"']{1,64}:"
	       "[^\\s:/@\"']{1,64}@[a-z0-9.-]{1,200}"),
	  .prefilter = "(?i)://[^\\s:/@\"']{1,64}:[^\\s:/@\"']{1,64}@" },
	{ RULE("bearer", SHAPE_LITERAL,
	       "(?i)\\bauthorization[\"']?\\s?[:=]\\s?[\"']?(?:bearer|basic)\\s[a-z0-9._~+/"
	       "=-]{16,512}"),
	  .prefilter = "(?i)\\bauthorization[\"']?\\s?[:=]\\s?[\"']?(?:bearer|basic)\\s"
		       "[a-z0-9._~+/=-]{16}" },
	{ RULE("password", SHAPE_LITERAL,
	       "(?i)\\b(?:password|passwd|pwd|passphrase)[\"']?\\s{0,3}(?::=|[:=]|=>)\\s{0,3}[\"']?"
	       "([^\\s\"'<>]{6,64})"),
	  .prefilter = "(?i)\\b(?:password|passwd|pwd|passphrase)[\"']?\\s{0,3}(?::=|[:=]|=>)"
		       "\\s{0,3}[\"']?[^\\s\"'<>]{6}" },
	{ RULE("api-key", SHAPE_LITERAL,
	       "(?i)\\b(?:api[_-]?key|client[_-]?secret|access[_-]?token|secret[_-]?key)[\"']?"
	       "\\s{0,3}(?:[:=]|=>)\\s{0,3}[\"'][a-z0-9_/+.-]{16,128}[\"']"),
	  .prefilter = "(?i)\\b(?:api[_-]?key|client[_-]?secret|access[_-]?token|secret[_-]?key)"
		       "[\"']?\\s{0,3}(?:[:=]|=>)\\s{0,3}[\"'][a-z0-9_/+.-]{16}" },
	{ RULE("official-sensitive", SHAPE_LITERAL,
	       "(?i)\\bOFFICIAL[\\s_-]{1,3}SENSITIVE(?:[\\s:\\[(_-]{1,4}(?:PERSONAL|COMMERCIAL|"
	       "LOCSEN|"
	       "OPERATIONAL|LEGAL)(?:\\sDATA)?)?"),
	  .prefilter = "(?i)\\bOFFICIAL[\\s_-]{1,3}SENSITIVE" },
	{ RULE("official", SHAPE_LITERAL, "\\bOFFICIAL\\b(?![\\s_-]{1,3}SENSITIVE)"),
	  .prefilter = "\\bOFFICIAL\\b" },
	{ RULE("secret", SHAPE_LITERAL,
	       "\\b(?:UK )?(?:TOP[ _-])?SECRET\\b(?:[ -]{1,3}(?:UK EYES ONLY|STRAP[ "
	       "-]?[123]?|ATOMIC|"
	       "LOCSEN))?"),
	  .prefilter = "\\bSECRET\\b" },
	{ RULE("restricted", SHAPE_LITERAL,
	       "\\b(?:NATO |EU |UK )?(?:RESTRICTED|CONFIDENTIAL)\\b(?:[ "
	       "-]{1,3}(?:PERSONAL|COMMERCIAL|"
	       "INVESTIGATION|STAFF|POLICY|MANAGEMENT|MEDICAL))?"),
	  .prefilter = "\\b(?:RESTRICTED|CONFIDENTIAL)\\b" },
	{ RULE("tlp", SHAPE_LITERAL,
	       "(?i)\\bTLP[ :_-]{1,2}(?:RED|AMBER(?:\\+STRICT)?|GREEN|WHITE|CLEAR)\\b") },
	{ RULE("special", SHAPE_LITERAL,
	       "(?i)\\b(?:ethnic(?:ity|\\sorigin)|religio(?:n|us\\sbelief)|sexual\\sorientation|"
	       "trade\\s"
	       "union\\smember|political\\sopinion|biometric\\sdata|genetic\\sdata|criminal\\s"
	       "conviction)s?\\b") },
	{ RULE("medical", SHAPE_LITERAL,
	       "(?i)\\b(?:diagnos(?:is|ed\\swith)|HIV\\spositive|mental\\shealth|hospital\\s(?:no|"
	       "number))\\b") },
};

#define MATCH_RULES ARRAY_SIZE(match_rules)

/** Text in which a rule has a hit; not in the order of the rules. */
__attribute__((unused)) static const char *const match_values[] = {
	"AB 12 34 56 C",
	"ab123456c",
	"999 000 0018",
	"9990000018",
	"990000 0011",
	"4111 1111 1111 1111",
	"4111111111111111",
	"3782 822463 10005",
	"LS1 4AP",
	"GIR 0AA",
	"SW1A1AA",
	"07700 900 123",
	"+44 (0)20 7946 0958",
	"(020) 7946 0958",
	"jane.doe+test@mail.example.co.uk",
	"192.0.2.1",
	"255.255.255.255",
	"2001:db8:0:1:2:3:4:5",
	"2001:db8::1",
	"::1",
	"00:00:5E:00:53:01",
	"00-00-5E-00-53-01",
	"GB82 WEST 1234 5698 7654 32",
	"MORGA657054SM9IJ",
	"MORGA 657054 SM9IJ",
	"P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
	"L898902C36UTO7408122F1204159ZE184226B<<<<<10",
	"AB51 CDE",
	"1979/0163001B",
	"79/163001B",
	"65656/91H",
	"A1234BC",
	"12-34-56 12345678",
	"12-34-56, 12345678",
	"B801200005001",
	"00aa.1234.ab12",
	"CHI number: 0101011237",
	"account no: 12345678",
	"passport number 123456789",
	"crime ref: 42/12345/23",
	"custody record no 01AB/1234/23",
	"dob: 1970-01-31",
	"IMEI: 490154203237518",
	"UTR 19558 39661",
	"-----BEGIN RSA PRIVATE KEY-----",
	"AKIAIOSFODNN7EXAMPLE",
	"aws_secret_access_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"",
	"ghp_abcdefghijklmnopqrstuvwxyz0123456789",
	"xoxb-123456789012-abcdefghijklmnop",
	"AIzaabcdefghijklmnopqrstuvwxyz012345678",
	"sk_live_abcdefghijklmnopqrstuvwx",
	"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
	"AccountKey=abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789"
	"abcdefghijklmnopqrstuvwx==",
	"https://user:hunter22@host.example/",
	"Authorization: Bearer abcdefghijklmnop0123",
	"password = correct-horse",
	"client_secret: 'abcdefghijklmnop0123'",
	"OFFICIAL-SENSITIVE PERSONAL",
	"OFFICIAL",
	"UK TOP SECRET - STRAP 2",
	"NATO CONFIDENTIAL",
	"TLP:AMBER+STRICT",
	"ethnic origin",
	"mental health",
};

static const struct rule *match_rule_list[MATCH_RULES];

__attribute__((unused)) static struct rule_list match_list(void)
{
	for (size_t i = 0; i < MATCH_RULES; i++)
		match_rule_list[i] = &match_rules[i];
	return (struct rule_list){ .rules = match_rule_list, .len = MATCH_RULES };
}

/** A set of the rules above, or NULL with `err` filled in. */
static assay_ruleset *match_rules_compile(const struct rule_list *list, struct assay_error *err)
{
	CLEANUP(ruleset_image_done) struct ruleset_image image = { 0 };
	assay_ruleset *set = NULL;

	if (ruleset_image_make(list, &image, err) < 0 ||
	    ruleset_from_image(list, &image, &set, err) < 0)
		return NULL;
	return set;
}

#endif
