/* email.c - addresses of mail, told from file names and the like */
#include "scheme.h"

#define LOCAL_MAX ((size_t)64)
#define DOMAIN_MAX ((size_t)253)

/** Endings that make `icon@2x.png` a file. */
static const char *const file_endings[] = {
	"png",  "jpg", "jpeg", "gif", "svg", "webp", "css", "js",    "html",    "htm",
	"json", "xml", "yml",  "pdf", "txt", "zip",  "exe", "dll",   "tar",     "gz",
	"py",   "php", "java", "cpp", "log", "yaml", "ico", "local", "service",
};

static bool is_local(const char *text, size_t len)
{
	if (!len || len > LOCAL_MAX || text[0] == '.' || text[len - 1] == '.')
		return false;
	for (size_t i = 1; i < len; i++)
		if (text[i] == '.' && text[i - 1] == '.')
			return false;
	return true;
}

static bool is_file_ending(const char *text, size_t len)
{
	char lower[8];

	if (len >= sizeof(lower))
		return false;
	for (size_t i = 0; i < len; i++)
		lower[i] = to_lower(text[i]);
	return is_listed(lower, len, file_endings, ARRAY_SIZE(file_endings));
}

/** Labels of letters, digits and inner hyphens; the last of letters alone, or punycode. */
static bool is_domain(const char *text, size_t len)
{
	size_t label = 0, labels = 1;
	bool letters = true;

	if (len > DOMAIN_MAX)
		return false;
	for (size_t i = 0; i <= len; i++) {
		if (i == len || text[i] == '.') {
			if (i == label || i - label > 63 || text[label] == '-' ||
			    text[i - 1] == '-')
				return false;
			if (i == len)
				break;
			label = i + 1;
			labels++;
			letters = true;
		} else if (!is_alnum(text[i]) && text[i] != '-') {
			return false;
		} else {
			letters &= is_letter(text[i]);
		}
	}
	return labels > 1 && len - label >= 2 &&
	       (letters || (len - label > 4 && memcmp(text + label, "xn--", 4) == 0)) &&
	       !is_file_ending(text + label, len - label);
}

enum verdict validate_email(const char *value, size_t len)
{
	const char *at = memchr(value, '@', len);

	if (!at || !is_local(value, (size_t)(at - value)) ||
	    !is_domain(at + 1, len - (size_t)(at + 1 - value)))
		return VERDICT_REJECT;
	return VERDICT_UNDECIDED;
}
