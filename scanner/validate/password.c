/* password.c - is the value after `password:` one, or a stand-in for one? */
#include "scheme.h"

#define LENGTH_MIN ((size_t)4)
/** Fewer different bytes than this is a mask or a filler. */
#define DISTINCT_MIN 4
/** Escapes and operators of code have fewer letters and digits. */
#define ALNUM_MIN 3

/** Words that stand where a password goes, in capitals. */
static const char *const stand_ins[] = {
	"CHANGEME",     "CHANGE_ME",     "CHANGE-ME",     "CHANGEIT",   "PASSWORD", "PASSWD",
	"YOURPASSWORD", "YOUR_PASSWORD", "YOUR-PASSWORD", "MYPASSWORD", "NULL",     "NONE",
	"TRUE",         "FALSE",         "UNDEFINED",     "EMPTY",      "EXAMPLE",  "SECRET",
	"STRING",       "REQUIRED",      "OPTIONAL",      "REDACTED",   "HIDDEN",   "REMOVED",
	"MASKED",       "PLACEHOLDER",   "INSERT_HERE",   "TODO",       "FIXME",    "NOT_SET",
	"NOTSET",       "VARCHAR",       "NVARCHAR",      "VARCHAR2",   "TEXT",     "N/A",
	"SAMPLE",
};

/** How a value begins that is fetched from elsewhere. */
static const char *const fetched[] = {
	"ENC(",    "ENC[",    "{CIPHER}",  "VAULT:",     "!VAULT",      "ARN:",      "SSM:",
	"ENV.",    "ENV:",    "ENV[",      "OS.ENV",     "PROCESS.ENV", "GETENV",    "SECRETS.",
	"CONFIG.", "CONFIG[", "SETTINGS.", "SELF.",      "THIS.",       "THIS->",    "REQUEST.",
	"REQ.",    "ARGS.",   "PARAMS.",   "PARAMS[",    "DATA.",       "DATA[",     "OPTIONS.",
	"OPTS.",   "PROPS.",  "USER.",     "FORM.",      "HTTP://",     "HTTPS://",  "FILE:",
	"/RUN/",   "/ETC/",   "/VAR/",     "/OPT/",      "/HOME/",      "./",        "../",
	"C:\\",    "@PARAM",  "[HTTP",     "ANONYMOUS@", "-ANONYMOUS@", "USER@SITE",
};

static bool begins_caseless(const char *value, size_t len, const char *capitals)
{
	size_t n = strlen(capitals);

	if (len < n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (to_upper(value[i]) != capitals[i])
			return false;
	return true;
}

static bool is_stand_in(const char *value, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(stand_ins); i++)
		if (len == strlen(stand_ins[i]) && begins_caseless(value, len, stand_ins[i]))
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(fetched); i++)
		if (begins_caseless(value, len, fetched[i]))
			return true;
	return false;
}

/** ${VAR} $(cmd) $VAR {{x}} <x> %VAR% @X@ #{x} [x] and the like. */
static bool is_template(const char *value, size_t len)
{
	char first = value[0], last = value[len - 1];

	if (memmem(value, len, "${", 2) || memmem(value, len, "{{", 2) ||
	    memmem(value, len, "$(", 2) || memmem(value, len, "#{", 2) ||
	    memmem(value, len, "<%", 2))
		return true;
	if (first == '$' && len > 1 && (is_letter(value[1]) || value[1] == '_')) {
		for (size_t i = 1; i < len; i++) /* $DbPass1, $cfg->pw['x'] */
			if (!is_alnum(value[i]) && !strchr("_->[]'\":)\\;", value[i]))
				return false;
		return true;
	}
	return memchr(value, '`', len) || last == ':' || (first == '<' && last == '>') ||
	       (first == '%' && last == '%') || (first == '[' && last == ']') ||
	       (first == '{' && last == '}') || (first == '@' && last == '@') ||
	       (first == '_' && last == '_') || (first == '%' && len <= 3);
}

/** name( or name[ or Name::x or Name->x: a call or an index, not a value. */
static bool is_code(const char *value, size_t len)
{
	size_t n = 0;

	if (!is_letter(value[0]) && value[0] != '_')
		return false;
	while (n < len && (is_alnum(value[n]) || value[n] == '_' || value[n] == '.'))
		n++;
	if (n == len)
		return false;
	return (value[n] == '(' && n >= 3) || value[n] == '[' ||
	       (n + 1 < len &&
		(memcmp(value + n, "->", 2) == 0 || memcmp(value + n, "::", 2) == 0));
}

/** Kinds of bytes in a value. */
struct mixture {
	unsigned lower, upper, digits, marks, distinct;
};

static struct mixture mixture_of(const char *value, size_t len)
{
	bool seen[256] = { false };
	struct mixture m = { 0 };

	for (size_t i = 0; i < len; i++) {
		char c = value[i];

		m.lower += is_lower(c);
		m.upper += is_upper(c);
		m.digits += is_digit(c);
		/* Marks of words and paths say nothing. */
		m.marks += !is_alnum(c) && !strchr("._-/\\,:;()[]'", c);
		m.distinct += !seen[(unsigned char)c];
		seen[(unsigned char)c] = true;
	}
	return m;
}

/** "Private key password 2": words and numbers with nothing but spaces between them. */
static bool is_sentence(const char *value, size_t len)
{
	size_t spaces = 0;

	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(value[i]) && value[i] != ' ')
			return false;
		if (i && is_alnum(value[i - 1]) && is_alnum(value[i]) &&
		    is_digit(value[i - 1]) != is_digit(value[i]))
			return false;
		spaces += value[i] == ' ';
	}
	return spaces >= 2;
}

/** class= and the like: what follows the label is the next attribute. */
static bool is_attribute(const char *value, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++)
		if (!is_letter(value[i]) && value[i] != '-')
			return false;
	return value[len - 1] == '=';
}

enum verdict validate_password(const char *value, size_t len)
{
	struct mixture m;

	if (len < LENGTH_MIN || all_equal(value, len) || is_stand_in(value, len) ||
	    is_template(value, len) || is_code(value, len) || is_sentence(value, len) ||
	    is_attribute(value, len))
		return VERDICT_REJECT;
	m = mixture_of(value, len);
	if (m.distinct < DISTINCT_MIN || m.lower + m.upper + m.digits < ALNUM_MIN)
		return VERDICT_REJECT;
	/* hunter22, S3cure#Pass, correct!horse; not user.name, getPassword or a word. */
	if ((m.lower || m.upper) && (m.digits || m.marks))
		return VERDICT_UNDECIDED;
	return m.digits >= 6 && m.digits == len ? VERDICT_UNDECIDED : VERDICT_REJECT;
}

enum verdict validate_url_password(const char *value, size_t len)
{
	/* What stands around it is the proof: without this, user:word@host is an e-mail
	 * address that covers it. */
	return validate_password(value, len) == VERDICT_REJECT ? VERDICT_REJECT : VERDICT_CONFIRM;
}
