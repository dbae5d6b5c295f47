/* textkind.c - what kind of text? */
#include "delimited.h"
#include "kinds.h"

#define LOOK (4 * KiB)
#define HEADER_LINES 40

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && is_space(*p))
		p++;
	return p;
}

static bool begins(const char *p, const char *end, const char *text)
{
	size_t len = strlen(text);

	return (size_t)(end - p) >= len && !memcmp(p, text, len);
}

static bool begins_no_case(const char *p, const char *end, const char *text)
{
	for (; *text; text++, p++)
		if (p >= end || to_lower(*p) != *text)
			return false;
	return true;
}

/* ---- JSON ---- */

/* A number, and what may follow it in a list: not a date, not a time. */
static bool number_in_list(const char *p, const char *end)
{
	if (*p == '-')
		p++;
	if (p >= end || !is_digit(*p))
		return false;
	while (p < end && (is_digit(*p) || *p == '.' || *p == 'e' || *p == 'E' || *p == '+' ||
			   (*p == '-' && (p[-1] | 0x20) == 'e')))
		p++;
	p = skip_space(p, end);
	return p == end || *p == ',' || *p == ']';
}

static bool looks_json(const char *p, const char *end)
{
	char open = *p;
	const char *next = skip_space(p + 1, end);

	if (next == end)
		return false;
	if (open == '{')
		return *next == '"' || *next == '}';
	if (memchr("{[\"]", *next, 4))
		return true;
	return begins(next, end, "true,") || begins(next, end, "false,") ||
	       begins(next, end, "null") || number_in_list(next, end);
}

/* A first line that is whole, and a second that begins like it. */
static bool is_lines(const char *p, const char *end)
{
	const char *feed = memchr(p, '\n', (size_t)(end - p)), *last = feed;

	if (!feed || *p != '{')
		return false;
	while (last > p && is_space(last[-1]))
		last--;
	feed = skip_space(feed, end);
	return last > p && last[-1] == '}' && feed < end && *feed == '{';
}

static const char *json_kind(const char *p, const char *end)
{
	if ((*p != '{' && *p != '[') || !looks_json(p, end))
		return NULL;
	return is_lines(p, end) ? "application/x-ndjson" : "application/json";
}

/* ---- markup ---- */

static const char *const html_begins[] = {
	"!doctype html", "html", "head",  "body",  "title", "meta", "script", "style",
	"div",           "p",    "table", "br",    "h1",    "h2",   "center", "font",
	"span",          "a",    "ul",    "frame", "link",  "base", "b",
};

/* Past declarations, comments and instructions to the first element, or NULL. */
static const char *root_element(const char *p, const char *end)
{
	for (;;) {
		const char *stop, *close;

		p = skip_space(p, end);
		if (p == end || *p != '<')
			return NULL;
		if (begins(p, end, "<!--"))
			stop = "-->";
		else if (begins(p, end, "<?"))
			stop = "?>";
		else if (begins(p, end, "<!"))
			stop = ">";
		else
			return p + 1;
		close = memmem(p, (size_t)(end - p), stop, strlen(stop));
		if (!close)
			return NULL;
		p = close + strlen(stop);
	}
}

static bool is_tag(const char *p, const char *end, const char *name)
{
	return begins_no_case(p, end, name) &&
	       (p + strlen(name) == end || !is_alnum(p[strlen(name)]));
}

static bool is_html_tag(const char *p, const char *end)
{
	for (size_t i = 0; i < ARRAY_SIZE(html_begins); i++)
		if (is_tag(p, end, html_begins[i]))
			return true;
	return false;
}

/* <name, and later an end tag or an empty element: not an address, not C++. */
static bool looks_xml(const char *p, const char *end)
{
	const char *name = p;

	if (p == end || !(is_letter(*p) || *p == '_'))
		return false;
	while (p < end && (is_alnum(*p) || memchr("_:.-", *p, 4)))
		p++;
	if (p == name || p == end || !(is_space(*p) || *p == '>' || *p == '/'))
		return false;
	return memmem(p, (size_t)(end - p), "</", 2) || memmem(p, (size_t)(end - p), "/>", 2);
}

static const char *markup_kind(const char *p, const char *end, const char *ext_mime)
{
	bool declared = begins(p, end, "<?xml");
	const char *root;

	if (*p != '<')
		return NULL;
	if (begins(p, end, "<?php"))
		return "text/x-php";
	if (begins_no_case(p, end, "<!doctype html"))
		return "text/html";
	if (begins_no_case(p, end, "<!doctype svg"))
		return "image/svg+xml";
	root = root_element(p, end);
	if (root) {
		const char *colon = memchr(root, ':', MIN((size_t)(end - root), 8));

		if (is_tag(root, end, "svg") || (colon && is_tag(colon + 1, end, "svg")))
			return "image/svg+xml";
		if (is_tag(root, end, "html") || (!declared && is_html_tag(root, end)))
			return "text/html";
		if (!declared && looks_xml(root, end))
			return ext_mime && !strcmp(ext_mime, "text/html") ? ext_mime
									  : "application/xml";
	}
	if (declared || begins(p, end, "<!DOCTYPE"))
		return "application/xml";
	return NULL;
}

/* ---- mail ---- */

static const char *const mail_headers[] = {
	"from",
	"to",
	"cc",
	"date",
	"subject",
	"received",
	"return-path",
	"message-id",
	"mime-version",
	"delivered-to",
	"reply-to",
	"content-type",
	"sender",
	"x-mailer",
	"dkim-signature",
	"authentication-results",
	"content-transfer-encoding",
};

/* Length of a header's name, if the line has one; the colon follows. */
static size_t header_name(const char *p, const char *end)
{
	size_t n = 0;

	while (p + n < end && (is_alnum(p[n]) || p[n] == '-' || p[n] == '_'))
		n++;
	return n && p + n < end && p[n] == ':' ? n : 0;
}

static uint32_t header_bit(const char *p, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(mail_headers); i++)
		if (strlen(mail_headers[i]) == len && begins_no_case(p, p + len, mail_headers[i]))
			return UINT32_C(1) << i;
	return 0;
}

/* Every line up to the empty one is a header, and enough of them are mail's. */
static bool looks_mail(const char *p, const char *end)
{
	uint32_t seen = 0;

	for (unsigned line = 0; line < HEADER_LINES && p < end; line++) {
		const char *feed = memchr(p, '\n', (size_t)(end - p));
		size_t name = header_name(p, end);

		if (*p == '\n' || *p == '\r')
			break;
		if (name)
			seen |= header_bit(p, name);
		else if (!line || (*p != ' ' && *p != '\t'))
			return false;
		p = feed ? feed + 1 : end;
	}
	return __builtin_popcount(seen) >= 3;
}

/* "From sender Mon Jan  1 00:00:00 2024", then headers. */
static bool looks_mbox(const char *p, const char *end)
{
	const char *feed;

	if (!begins(p, end, "From "))
		return false;
	feed = memchr(p, '\n', MIN((size_t)(end - p), 512));
	return feed && memmem(p, (size_t)(feed - p), ":", 1) && feed + 1 < end &&
	       (header_name(feed + 1, end) || feed[1] == '>');
}

static const char *mail_kind(const char *p, const char *end)
{
	if (looks_mbox(p, end))
		return "application/mbox";
	return header_name(p, end) && looks_mail(p, end) ? "message/rfc822" : NULL;
}

/* ---- databases ---- */

static const char *const sql_begins[] = {
	"insert into ",
	"create table ",
	"-- mysql dump",
	"-- mariadb dump",
	"-- postgresql database dump",
	"--\n-- postgresql database dump",
	"pragma foreign_keys",
};

static const char *sql_kind(const char *p, const char *end)
{
	for (size_t i = 0; i < ARRAY_SIZE(sql_begins); i++)
		if (begins_no_case(p, end, sql_begins[i]))
			return "text/x-sql";
	return NULL;
}

/* ---- tables ---- */

static const char *table_kind(const char *p, size_t len, bool whole, const char *ext_mime,
			      bool *ret_by_extension)
{
	bool named = ext_mime && (!strcmp(ext_mime, "text/csv") ||
				  !strcmp(ext_mime, "text/tab-separated-values"));
	/* Source code has its own rules, and its name says so. */
	bool other = ext_mime && !named && strcmp(ext_mime, "text/plain") != 0;
	struct delimited d;

	if (other)
		return NULL;
	*ret_by_extension = named;
	if (!delimited_sniff(p, len, whole, named, &d))
		return named ? ext_mime : NULL;
	if (!named && (d.records < 2 || d.ragged || d.last_empty))
		return NULL;
	return d.delimiter == '\t' ? "text/tab-separated-values" : "text/csv";
}

/* ---- scripts ---- */

static const struct {
	const char *word, *mime;
} interpreters[] = {
	{ "python", "text/x-python" }, { "perl", "text/x-perl" }, { "ruby", "text/x-ruby" },
	{ "node", "text/javascript" }, { "php", "text/x-php" },   { "sh", "text/x-shellscript" },
};

static const char *script_kind(const char *p, const char *end)
{
	const char *feed;

	if (!begins(p, end, "#!"))
		return NULL;
	feed = memchr(p, '\n', (size_t)(end - p));
	for (size_t i = 0; feed && i < ARRAY_SIZE(interpreters); i++)
		if (memmem(p, (size_t)(feed - p), interpreters[i].word,
			   strlen(interpreters[i].word)))
			return interpreters[i].mime;
	return NULL;
}

/* ---- directories ---- */

/* After comments and the version, the name of the first entry. */
static const char *ldif_kind(const char *p, const char *end)
{
	for (size_t lines = 0; lines < HEADER_LINES && p < end; lines++) {
		const char *feed = memchr(p, '\n', (size_t)(end - p));
		const char *stop = feed ? feed : end;

		if (begins_no_case(p, stop, "dn:"))
			return begins(p + 3, stop, ":") || memchr(p, '=', (size_t)(stop - p))
				   ? "text/x-ldif"
				   : NULL;
		if (*p != '#' && *p != '\n' && *p != '\r' && !begins(p, stop, "version:"))
			return NULL;
		p = stop + 1;
	}
	return NULL;
}

const char *text_kind(const char *head, size_t len, bool whole, const char *ext_mime,
		      bool *ret_by_extension)
{
	const char *end = head + MIN(len, LOOK), *p = skip_space(head, end), *mime;

	*ret_by_extension = false;
	if (p == end)
		return "text/plain";
	if ((mime = json_kind(p, end)) || (mime = markup_kind(p, end, ext_mime)) ||
	    (mime = script_kind(p, end)) || (mime = ldif_kind(p, end)) ||
	    (mime = mail_kind(p, end)) || (mime = sql_kind(p, end)) ||
	    (mime = table_kind(head, len, whole, ext_mime, ret_by_extension)))
		return mime;
	*ret_by_extension = ext_mime;
	if (!ext_mime)
		return "text/plain";
	/* A name cannot make JSON or XML of what is neither, but HTML may begin anyhow. */
	if (!strcmp(ext_mime, "text/html") && memchr(head, '<', len))
		return ext_mime;
	if (strncmp(ext_mime, "text/", 5) != 0 || !strcmp(ext_mime, "text/html")) {
		*ret_by_extension = false;
		return "text/plain";
	}
	return ext_mime;
}
