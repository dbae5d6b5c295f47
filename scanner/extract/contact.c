/*
 * contact.c - people's cards, calendars and directories: vCard, iCalendar, LDIF
 *
 * All three are lines of NAME;PARAMETERS:VALUE that a space at the next line's begin goes
 * on.  The text goes out as it stands, with such lines joined and escapes read; a value
 * carries its property as field, under the name that people would give it, and each card,
 * event and entry is a record.  What is no such line is text.
 */
#include "base64.h"
#include "extract.h"
#include "fail.h"
#include "feed.h"
#include "hex.h"
#include "table.h"
#include "utf8.h"

#define WINDOW (64 * KiB)
#define LOOK (8 * KiB) /* what is there before a line is begun */
#define HEAD (1 * KiB) /* a longer head is text */
#define NAME_KEPT 64   /* bytes of a name that become the field */
#define PARTS_MAX 7

/** What the parts of a value are; NULL: nothing that a heading would say. */
struct property {
	const char *name; /**< in small letters */
	const char *parts[PARTS_MAX];
	char separator; /**< `;` goes between the parts, `$` between lines */
};

/* clang-format off */
static const struct property properties[] = {
	{ "fn", { "full name" } },
	{ "n", { "surname", "given name", "middle name" }, ';' },
	{ "bday", { "birthday" } },
	{ "tel", { "telephone" } },
	{ "adr", { NULL, NULL, "street address", NULL, NULL, "postcode" }, ';' },
	{ "cn", { "full name" } },
	{ "displayname", { "full name" } },
	{ "sn", { "surname" } },
	{ "gn", { "given name" } },
	{ "telephonenumber", { "telephone" } },
	{ "homephone", { "home phone" } },
	{ "homepostaladdress", { "postal address" }, '$' },
	{ "street", { "street address" } },
	{ "streetaddress", { "street address" } },
	{ "postaladdress", { "postal address" }, '$' },
	{ "postalcode", { "postcode" } },
	{ "userpassword", { "password" } },
};
/* clang-format on */

struct reader {
	struct feed feed;
	const struct extract_sink *sink;
	bool is_ldif;
	uint64_t record; /**< 0: between two */
	uint64_t records;
	bool is_birthday; /**< the event at hand is one: its begin is a date of birth */

	/* The line at hand. */
	char name[NAME_KEPT + 1]; /**< as it is written, without its group */
	const struct property *property;
	bool is_base64, is_quoted; /**< its value is encoded */
	size_t part;
};

static enum assay_status send(struct reader *r, size_t len, const char *field,
			      struct assay_error *err)
{
	struct segment seg = { .field = field, .record = r->record };

	return feed_send(&r->feed, len, r->sink, &seg, err);
}

/* What stands for the window's first `len` bytes. */
static enum assay_status send_for(struct reader *r, size_t len, const char *text, size_t text_len,
				  const char *field, struct assay_error *err)
{
	struct segment seg = { .field = field, .record = r->record, .loc.line = r->feed.line };
	enum assay_status st = ASSAY_OK;

	if (text_len)
		st = sink_text(r->sink, &seg, text, text_len, (struct source){ 0 }, err);
	feed_skip(&r->feed, len);
	return st;
}

/* ---- heads ---- */

static bool is_name_byte(char c)
{
	return is_alnum(c) || c == '-' || c == '_';
}

static bool same_word(const char *text, size_t len, const char *small)
{
	return len == strlen(small) && strncasecmp(text, small, len) == 0;
}

/* Bytes up to the colon that ends the head, or 0.  Parameters may hold one in quotes. */
static size_t head_len(const char *data, size_t len)
{
	bool quoted = false;

	len = MIN(len, HEAD);
	for (size_t i = 0; i < len && data[i] != '\n' && data[i] != '\r'; i++) {
		quoted ^= data[i] == '"';
		if (data[i] == ':' && !quoted)
			return i;
	}
	return 0;
}

static const struct property *property_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
		if (strcasecmp(name, properties[i].name) == 0)
			return &properties[i];
	return NULL;
}

static bool has_parameter(const char *data, size_t len, const char *capitals)
{
	size_t n = strlen(capitals);

	for (size_t i = 0; i + n <= len; i++)
		if (data[i] == ';' && strncasecmp(data + i, capitals, n) == 0 &&
		    (i + n == len || data[i + n] == ';'))
			return true;
	return false;
}

/* Learn what the head of `len` bytes says.  False: it is none. */
static bool read_head(struct reader *r, const char *data, size_t len)
{
	size_t from = 0, end = 0;

	while (end < len && (is_name_byte(data[end]) || data[end] == '.')) {
		from = data[end] == '.' ? end + 1 : from; /* item1.TEL */
		end++;
	}
	if (end == from || end - from > NAME_KEPT || (end < len && data[end] != ';'))
		return false;
	memcpy(r->name, data + from, end - from);
	r->name[end - from] = '\0';
	r->property = property_of(r->name);
	r->is_quoted = has_parameter(data + end, len - end, ";ENCODING=QUOTED-PRINTABLE") ||
		       has_parameter(data + end, len - end, ";QUOTED-PRINTABLE");
	r->is_base64 = false;
	r->part = 0;
	return true;
}

static const char *field_of(const struct reader *r)
{
	if (r->is_birthday && strcasecmp(r->name, "dtstart") == 0)
		return "birthday";
	if (!r->property)
		return r->name;
	return r->part < PARTS_MAX ? r->property->parts[r->part] : NULL;
}

/* ---- records ---- */

static bool line_says(const char *line, size_t name, const char *end, const char *property,
		      const char *word)
{
	size_t n = strlen(word);

	if (!same_word(line, name, property))
		return false;
	for (const char *at = line + name; at + n <= end; at++)
		if (strncasecmp(at, word, n) == 0)
			return true;
	return false;
}

/* Does the event at the window's begin say that it is a birthday, and comes every year?
 * A party has a date of its own. */
static bool is_birthday(const struct reader *r)
{
	const char *p = r->feed.data, *end = p + MIN(r->feed.len, LOOK), *stop;
	bool yearly = false, birthday = false;

	for (; p < end; p = stop + 1) {
		size_t name = 0;

		stop = memchr(p, '\n', (size_t)(end - p));
		stop = stop ? stop : end;
		while (p + name < stop && is_name_byte(p[name]))
			name++;
		if (same_word(p, name, "end"))
			break;
		yearly |= line_says(p, name, stop, "rrule", "yearly");
		birthday |= line_says(p, name, stop, "summary", "birthday") ||
			    line_says(p, name, stop, "categories", "birthday");
	}
	return yearly && birthday;
}

static bool is_component(const char *value, size_t len)
{
	static const char *const names[] = { "vcard", "vevent", "vtodo", "vjournal" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (len >= strlen(names[i]) && same_word(value, strlen(names[i]), names[i]))
			return true;
	return false;
}

/* A record begins or ends with the line whose head has been read; its value is at `value`. */
static void turn_record(struct reader *r, const char *value, size_t len)
{
	bool begins = strcasecmp(r->name, r->is_ldif ? "dn" : "begin") == 0;

	if (begins && (r->is_ldif || is_component(value, len))) {
		r->record = ++r->records;
		r->is_birthday = !r->is_ldif && is_birthday(r);
	}
}

/* Does the line whose head has been read end one? */
static bool ends_record(const struct reader *r, const char *value, size_t len)
{
	return !r->is_ldif && strcasecmp(r->name, "end") == 0 && is_component(value, len);
}

/* ---- values ---- */

/* Length of the line end at `at`; 0: there is none. */
static size_t break_at(const char *data, size_t len, size_t at)
{
	if (at < len && data[at] == '\r')
		return at + 1 < len && data[at + 1] == '\n' ? 2 : 1;
	return at < len && data[at] == '\n';
}

/* Does the line go on after its end at `at`? */
static bool goes_on(const char *data, size_t len, size_t at)
{
	size_t next = at + break_at(data, len, at);

	return next < len && (data[next] == ' ' || data[next] == '\t');
}

/* Where the line ends that may go on, if that is within LOOK; else 0. */
static size_t whole_line(const struct reader *r)
{
	const char *data = r->feed.data;
	size_t len = MIN(r->feed.len, LOOK), i = 0;

	for (; i < len; i++)
		if (break_at(data, len, i) && !goes_on(data, len, i))
			return i;
	return r->feed.ended && r->feed.len == len ? len : 0;
}

static bool is_text(const struct buf *b)
{
	size_t controls = 0;

	for (size_t i = 0; i < b->len; i++)
		controls += (unsigned char)b->data[i] < ' ' && !is_space(b->data[i]);
	return b->len > 0 && controls == 0 && utf8_valid(b->data, b->len);
}

/* The value in base64 at the window's begin, if it is text and not long. */
static enum assay_status send_base64(struct reader *r, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf plain = BUF_INIT(LOOK);
	size_t len = whole_line(r);

	if (!len || base64_decode(r->feed.data, len, &plain) + 2 < len || !is_text(&plain))
		return ASSAY_OK;
	return send_for(r, len, plain.data, plain.len, field_of(r), err);
}

/* =C3=A9: the bytes that a run of these stands for. */
static enum assay_status send_quoted(struct reader *r, struct assay_error *err)
{
	const char *data = r->feed.data;
	size_t len = MIN(r->feed.len, LOOK), at = 0, n = 0, soft = break_at(data, len, 1);
	char bytes[64];

	if (soft)
		return send_for(r, 1 + soft, NULL, 0, NULL, err);
	while (n < sizeof(bytes) && at + 2 < len && data[at] == '=' &&
	       hex_value(data[at + 1]) >= 0 && hex_value(data[at + 2]) >= 0) {
		bytes[n++] = (char)(hex_value(data[at + 1]) << 4 | hex_value(data[at + 2]));
		at += 3;
	}
	return n ? send_for(r, at, bytes, n, field_of(r), err) : send(r, 1, field_of(r), err);
}

/* \, \; \n: the backslash goes, `n` is a line end. */
static enum assay_status send_escape(struct reader *r, struct assay_error *err)
{
	char next = r->feed.len > 1 ? r->feed.data[1] : '\0';
	enum assay_status st = ASSAY_OK;

	if (to_lower(next) == 'n')
		return send_for(r, 2, "\n", 1, field_of(r), err);
	if (next && strchr(",;:\\", next))
		st = send_for(r, 1, NULL, 0, NULL, err);
	return st == ASSAY_OK ? send(r, 1, field_of(r), err) : st;
}

static bool is_special(const struct reader *r, char c)
{
	if (c == '\n' || c == '\r')
		return true;
	if (r->is_ldif)
		return c == '$' && r->property && r->property->separator == c;
	return c == '\\' || (c == '=' && r->is_quoted) ||
	       (c == ';' && r->property && r->property->separator == c);
}

/* The special byte at the window's begin.  *ret_ended: it is the line's end, sent as well. */
static enum assay_status send_special(struct reader *r, bool *ret_ended, struct assay_error *err)
{
	const char *data = r->feed.data;
	size_t len = r->feed.len, end = break_at(data, len, 0);

	switch (data[0]) {
	case '\\':
		return send_escape(r, err);
	case '=':
		return send_quoted(r, err);
	case ';':
		r->part++;
		return send(r, 1, NULL, err);
	case '$': /* lines of a postal address */
		return send_for(r, 1, ", ", 2, field_of(r), err);
	default:
		if (goes_on(data, len, 0))
			return send_for(r, end + 1, NULL, 0, NULL, err);
		*ret_ended = true;
		return send(r, end, NULL, err);
	}
}

/* The value at the window's begin, and the end of its line. */
static enum assay_status send_value(struct reader *r, struct assay_error *err)
{
	enum assay_status st = r->is_base64 ? send_base64(r, err) : ASSAY_OK;
	bool ended = false;

	while (st == ASSAY_OK && !ended) {
		size_t n = 0, len;

		st = feed_more(&r->feed, LOOK, err);
		len = MIN(r->feed.len, LOOK);
		if (st != ASSAY_OK || !len)
			break;
		while (n < len && !is_special(r, r->feed.data[n]))
			n++;
		if (n == len && !r->feed.ended && n > 4)
			n -= 4; /* not amid a character */
		st = n ? send(r, n, field_of(r), err) : send_special(r, &ended, err);
	}
	return st;
}

/* ---- lines ---- */

/* Past the colon: LDIF has two before base64, and a `<` before an address. */
static size_t value_at(struct reader *r, const char *data, size_t len, size_t at)
{
	at++;
	if (r->is_ldif && at < len && (data[at] == ':' || data[at] == '<'))
		r->is_base64 = data[at++] == ':';
	while (r->is_ldif && at < len && data[at] == ' ')
		at++;
	return at;
}

/* A line that is no property. */
static enum assay_status send_text_line(struct reader *r, struct assay_error *err)
{
	const char *feed = memchr(r->feed.data, '\n', r->feed.len);
	size_t len = feed ? (size_t)(feed - r->feed.data) + 1 : r->feed.len;

	if (!feed && !r->feed.ended && len > 4)
		len -= 4;
	if (r->is_ldif && break_at(r->feed.data, r->feed.len, 0))
		r->record = 0;
	return send(r, len, NULL, err);
}

static enum assay_status line(struct reader *r, struct assay_error *err)
{
	const char *data = r->feed.data;
	size_t len = r->feed.len, colon = head_len(data, len), value, rest;
	enum assay_status st;
	bool is_last;

	if (!colon || !read_head(r, data, colon))
		return send_text_line(r, err);
	value = value_at(r, data, len, colon);
	rest = MIN(len - value, NAME_KEPT);
	turn_record(r, data + value, rest);
	is_last = ends_record(r, data + value, rest);
	st = send(r, value, NULL, err);
	if (st == ASSAY_OK)
		st = send_value(r, err);
	if (is_last) {
		r->record = 0;
		r->is_birthday = false;
	}
	return st;
}

static enum assay_status read_all(struct reader *r, struct assay_error *err)
{
	enum assay_status st;

	for (;;) {
		st = feed_more(&r->feed, LOOK, err);
		if (st == ASSAY_OK && !r->feed.len)
			return feed_end(&r->feed, err);
		if (st == ASSAY_OK)
			st = line(r, err);
		if (st != ASSAY_OK)
			return st;
	}
}

static enum assay_status contact_run(struct input *in, const struct extract_sink *sink,
				     bool is_ldif, struct assay_error *err)
{
	CLEANUP(mem_freep) struct reader *r = calloc(1, sizeof(*r));
	enum assay_status st;

	if (!r)
		return assay_fail_memory(err, "contact reader");
	r->sink = sink;
	r->is_ldif = is_ldif;
	st = feed_init(&r->feed, in, WINDOW, err);
	r->feed.count_lines = true;
	if (st == ASSAY_OK)
		st = read_all(r, err);
	feed_done(&r->feed);
	return st;
}

static enum assay_status card_run(struct input *in, const struct extract_sink *sink,
				  struct assay_error *err)
{
	return contact_run(in, sink, false, err);
}

static enum assay_status ldif_run(struct input *in, const struct extract_sink *sink,
				  struct assay_error *err)
{
	return contact_run(in, sink, true, err);
}

static const char *const card_types[] = { "text/vcard", "text/calendar", NULL };
static const char *const ldif_types[] = { "text/x-ldif", NULL };

const struct extractor card_extractor = {
	.name = "card",
	.types = card_types,
	.run = card_run,
};

const struct extractor ldif_extractor = {
	.name = "ldif",
	.types = ldif_types,
	.run = ldif_run,
};
