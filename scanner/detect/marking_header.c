/*
 * marking_header.c - headers and properties of labels that stand in text
 *
 * A message saved as text, the headers an .msg file keeps as one string.  A header
 * counts only among others: a manual that shows one is about labels.
 */
#include "marking_judge.h"

#include "words.h"

/** Longest folded header that is read. */
#define HEADER_REACH ((size_t)4000)
/** How far the line before and the one after are looked at. */
#define NEIGHBOUR_REACH ((size_t)400)

static bool is_name_byte(char c)
{
	return is_alnum(c) || c == '-' || c == '_';
}

/** `Name:` at the front of a line: length of the name, or 0. */
static size_t header_name(const char *at, const char *end)
{
	size_t len = 0;

	while (at + len < end && len < LABEL_NAME_MAX - 1 && is_name_byte(at[len]))
		len++;
	return len > 1 && at + len < end && at[len] == ':' ? len : 0;
}

static bool is_mail_header(const char *at, const char *end)
{
	static const char *const names[] = { "From",         "To",          "Cc",
					     "Subject",      "Date",        "Received",
					     "Message-ID",   "Return-Path", "MIME-Version",
					     "Content-Type", "Reply-To",    "Thread-Topic",
					     "Importance",   "Sender",      "Content-Language" };
	size_t len = header_name(at, end);

	return WORD_IS_AMONG(at, len, names) || (len > 2 && (at[0] | 0x20) == 'x' && at[1] == '-');
}

/** Where the line after this one begins; the line's end is at `at`. */
static const char *next_line(const char *at, const char *end)
{
	if (at < end && *at == '\r')
		at++;
	return at < end && *at == '\n' ? at + 1 : at;
}

/** Past the header with its folded lines: the end of its last line. */
static const char *header_end(const char *at, const char *end)
{
	const char *limit = (size_t)(end - at) > HEADER_REACH ? at + HEADER_REACH : end;

	for (;;) {
		const char *next;

		while (at < limit && !is_line_end(*at))
			at++;
		next = next_line(at, limit);
		if (next >= limit || next == at || (*next != ' ' && *next != '\t'))
			return at;
		at = next;
	}
}

/** The start of the line before `begin`, or of a header that is folded up to it. */
static bool header_above(const char *text, const char *begin)
{
	const char *at = begin;
	const char *limit =
	    (size_t)(begin - text) > NEIGHBOUR_REACH ? begin - NEIGHBOUR_REACH : text;

	for (;;) {
		const char *end;

		while (at > limit && is_line_end(at[-1]) && begin - at < 2)
			at--;
		end = at;
		while (at > limit && !is_line_end(at[-1]))
			at--;
		if (at == end || (at == limit && limit > text))
			return false;
		if (*at != ' ' && *at != '\t')
			return is_mail_header(at, end);
		begin = at;
	}
}

/** Is there another header right above or below? */
static bool is_among_headers(const struct view *v, const char *last)
{
	const char *end = v->hit->text + v->hit->len, *below = next_line(last, end);

	return header_above(v->hit->text, v->text) || (below > last && is_mail_header(below, end));
}

bool is_subject_line(const struct view *v)
{
	const char *end = v->hit->text + v->hit->len;

	return !v->cut_left && v->len > 8 && strncasecmp(v->text, "Subject:", 8) == 0 &&
	       is_among_headers(v, header_end(v->text, end));
}

bool judge_header(struct markings *m, const struct view *v)
{
	const struct marking_hit *h = v->hit;
	const char *end = h->text + h->len, *last;
	size_t name = header_name(v->text, v->text + v->len), len;
	char field[LABEL_NAME_MAX];
	struct label_place at = { .field = field };
	const struct label *found;

	if (v->cut_left || name == 0)
		return false;
	memcpy(field, v->text, name);
	field[name] = '\0';
	if (!labels_own(field))
		return false;
	last = header_end(v->text, end);
	if (!is_among_headers(v, last))
		return true;
	labels_clear(m->header);
	labels_text(m->header, &at, v->text + name + 1, (size_t)(last - v->text) - name - 1);
	found = labels_conclude(m->header, &len);
	for (size_t i = 0; i < len; i++)
		markings_add_label(m, h, &found[i]);
	return true;
}
