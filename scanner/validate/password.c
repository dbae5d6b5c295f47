/* password.c - is the value after `password:` one, or a stand-in for one? */
#include "hex.h"
#include "scheme.h"
#include "utf8.h"

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
	"SAMPLE",       "INCORRECT?",    "TOP SECRET",    "SHA1",       "SHA256",   "SHA512",
	"SHA-256",      "SHA-512",
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
	       (first == '%' && last == '%') ||
	       (first == '[' && (last == ']' || value[1] == '^' || !memchr(value, ']', len))) ||
	       (first == '{' && last == '}') || (first == '@' && last == '@') ||
	       (first == '_' && last == '_') ||
	       (first == '%' && (len <= 3 || strchr("sdcux@", value[1])));
}

/** Bytes of a name of a program at `value`: letters, digits, `_` and dots. */
static size_t name_len(const char *value, size_t len)
{
	size_t n = 0;

	if (len == 0 || (!is_letter(value[0]) && value[0] != '_'))
		return 0;
	while (n < len && (is_alnum(value[n]) || value[n] == '_' || value[n] == '.'))
		n++;
	return n;
}

/** What follows a name in code, and in no password: members, pointers, a character's number. */
static bool goes_on_as_code(const char *rest, size_t len)
{
	static const char *const signs[] = { "->", "::", "^.", "+#", "!=" };

	for (size_t i = 0; i < ARRAY_SIZE(signs) && len >= 2; i++)
		if (memcmp(rest, signs[i], 2) == 0)
			return true;
	return false;
}

/** LIMIT_OF_X+26: the sum of a constant and a number. */
static bool is_sum(const char *value, size_t name, size_t len)
{
	size_t i = name + 1;

	if (i >= len || value[name] != '+' || !memchr(value, '_', name))
		return false;
	while (i < len && is_digit(value[i]))
		i++;
	return i == len;
}

/** {"password": name}) : of a variable the brackets that close what is around it are left. */
static bool is_closed(const char *value, size_t name, size_t len)
{
	for (size_t i = 0; i < name; i++)
		if (is_digit(value[i]))
			return false; /* {password: Hunter2x} in YAML */
	for (size_t i = name; i < len; i++)
		if (!memchr("})],;", value[i], 5))
			return false;
	return true;
}

/** name( or name[ or Name::x or Name->x: a call or an index, not a value. */
static bool is_code(const char *value, size_t len)
{
	size_t n = name_len(value, len);

	if (n == 0 || n == len)
		return false;
	return (value[n] == '(' && n >= 3) || value[n] == '[' ||
	       goes_on_as_code(value + n, len - n) || is_sum(value, n, len) ||
	       is_closed(value, n, len);
}

/**
 * ^TName @Name (NAME =nil ((Type)x $89FF: signs that open an expression, then a name.  The
 * closing bracket of an unquoted value is not part of it.
 */
static bool is_expression(const char *value, size_t len)
{
	size_t signs = 0, name, digits = 0;

	while (signs < len && memchr("(!&*+^@=$", value[signs], 9))
		signs++;
	name = name_len(value + signs, len - signs);
	for (size_t i = signs; i < len; i++)
		digits += is_digit(value[i]);
	if (signs == 0 || name == 0)
		return false;
	if (signs + name == len)
		return value[0] == '(' || digits == 0;
	return is_code(value + signs, len - signs) ||
	       (value[0] == '(' && value[signs + name] == ')' && signs > 1);
}

/** Endings of the names of types, in capitals, before their width in bits. */
static const char *const types[] = { "INT", "STR", "CHAR", "FLOAT", "REAL", "BOOL", "STRING" };

/** u, P, Pn: what stands before the type proper has no vowels, or is unsigned.  Sprint16 has a
 * width as well, and is a password. */
static bool is_type_prefix(const char *value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr("aeiouAEIOU", value[i]) && !(len == 1 && to_lower(value[i]) == 'u'))
			return false;
	return len <= 2;
}

/** uint32, int64_t, Pnstr8, UTF8String: the type of what is declared. */
static bool is_type(const char *value, size_t len)
{
	static const char *const widths[] = { "8", "16", "32", "64" };
	size_t end = len;

	if (name_len(value, len) != len)
		return false;
	if (len > 3 && begins_caseless(value, len, "UTF") && is_digit(value[3]) &&
	    begins_caseless(value + len - MIN(len, 6), MIN(len, 6), "STRING"))
		return true;
	if (end > 2 && value[end - 2] == '_' && to_lower(value[end - 1]) == 't')
		end -= 2;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		size_t width = strlen(widths[i]);

		if (end <= width || memcmp(value + end - width, widths[i], width) != 0 ||
		    is_digit(value[end - width - 1]))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(types); k++) {
			size_t n = strlen(types[k]);

			if (end - width >= n && is_type_prefix(value, end - width - n) &&
			    begins_caseless(value + end - width - n, n, types[k]))
				return true;
		}
	}
	return false;
}

/** 1:4.13+dfsg1-1: a package called passwd has a version; `eli:x:2098`, a line of /etc/passwd. */
static bool is_of_system(const char *value, size_t len)
{
	return memmem(value, len, ":x:", 3) || memmem(value, len, "+dfsg", 5) ||
	       memmem(value, len, "+deb", 4);
}

/** $89FF, 0x80310035: a number in hexadecimal, of an error or of a message. */
static bool is_hex_number(const char *value, size_t len)
{
	size_t i = value[0] == '$' ? 1 : begins_caseless(value, len, "0X") ? 2 : 0;

	if (i == 0 || len - i > 8)
		return false;
	while (i < len && hex_value(value[i]) >= 0)
		i++;
	return i == len;
}

/** Bytes of a program or of a picture, that happen to stand after `pw=`. */
static bool is_noise(const char *value, size_t len)
{
	return !utf8_valid(value, len) || memmem(value, len, "\xEF\xBF\xBD", 3);
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
		/* A word has letters in every language: LÖSEN is one. */
		m.lower += (unsigned char)c >= 0x80;
		/* Marks of words and paths say nothing. */
		m.marks += (unsigned char)c < 0x80 && !is_alnum(c) && !strchr("._-/\\,:;()[]'", c);
		m.distinct += !seen[(unsigned char)c];
		seen[(unsigned char)c] = true;
	}
	return m;
}

/** A comma, a stop or a quotation mark where words begin or end. */
static bool is_punctuation(const char *value, size_t len, size_t i)
{
	return memchr("\",.'", value[i], 4) &&
	       (i == 0 || i + 1 == len || value[i - 1] == ' ' || value[i + 1] == ' ');
}

/** "Private key password 2": words and numbers with nothing but spaces between them. */
static bool is_sentence(const char *value, size_t len)
{
	size_t spaces = 0;

	/* A line feed as programs write it. */
	while (len > 2 && value[len - 2] == '\\')
		len -= 2;
	for (size_t i = 0; i < len; i++) {
		if (!is_alnum(value[i]) && value[i] != ' ' && !is_punctuation(value, len, i))
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

/** 12-character, 90-day: how long one must be, or lasts. */
static bool is_measure(const char *value, size_t len)
{
	static const char *const of[] = { "BIT",   "BYTE", "CHAR",   "CHARACTER", "DAY",
					  "DIGIT", "HOUR", "LETTER", "MONTH",     "WORD" };
	size_t digits = 0, n;

	while (digits < len && is_digit(value[digits]))
		digits++;
	if (digits == 0 || digits == len || value[digits] != '-')
		return false;
	n = len - digits - 1;
	n -= n > 1 && to_lower(value[len - 1]) == 's';
	for (size_t i = 0; i < ARRAY_SIZE(of); i++)
		if (n == strlen(of[i]) && begins_caseless(value + digits + 1, n, of[i]))
			return true;
	return false;
}

enum verdict validate_password(const char *value, size_t len)
{
	struct mixture m;

	if (len < LENGTH_MIN || all_equal(value, len) || is_stand_in(value, len) ||
	    is_template(value, len) || is_code(value, len) || is_expression(value, len) ||
	    is_type(value, len) || is_hex_number(value, len) || is_of_system(value, len) ||
	    is_sentence(value, len) || is_attribute(value, len) || is_measure(value, len) ||
	    is_noise(value, len))
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
