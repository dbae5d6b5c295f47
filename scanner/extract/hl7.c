/*
 * hl7.c - HL7 version 2: messages of hospitals' and laboratories' systems
 *
 * A message is a record.  Its segments are lines, most often ended by a carriage return
 * alone; fields are parted by bars, their components by circumflexes.  The text goes
 * out as it stands; what says who a patient is, where he lives and what ails him carries a
 * heading as if it stood in a table.
 */
#include "extract.h"
#include "fail.h"
#include "feed.h"
#include "table.h"

#define WINDOW (64 * KiB)
#define LOOK (8 * KiB) /* a longer segment has text only, such as a report in base 64 */

/** What a component of a field is. */
struct heading {
	const char *segment;
	uint8_t field, component; /* from 1 */
	const char *name;
};

static const struct heading headings[] = {
	{ "PID", 3, 1, "patient id" },     { "PID", 4, 1, "patient id" },
	{ "PID", 5, 1, "surname" },        { "PID", 5, 2, "forename" },
	{ "PID", 5, 3, "middle name" },    { "PID", 6, 1, "maiden name" },
	{ "PID", 7, 1, "date of birth" },  { "PID", 9, 1, "surname" },
	{ "PID", 9, 2, "forename" },       { "PID", 11, 1, "address line 1" },
	{ "PID", 11, 5, "postcode" },      { "PID", 13, 1, "telephone" },
	{ "PID", 13, 4, "email" },         { "PID", 14, 1, "telephone" },
	{ "PID", 17, 2, "religion" },      { "PID", 22, 2, "ethnic group" },
	{ "NK1", 2, 1, "surname" },        { "NK1", 2, 2, "forename" },
	{ "NK1", 4, 1, "address line 1" }, { "NK1", 4, 5, "postcode" },
	{ "NK1", 5, 1, "telephone" },      { "AL1", 3, 2, "allergies" },
	{ "DG1", 3, 2, "diagnosis" },      { "DG1", 4, 1, "diagnosis" },
};

/** Fields of persons' numbers: each repetition says who gave it. */
#define ID_FIELD 3
static const char nhs_number[] = "NHS number";

/** Bytes of a day in a time: 19850201093000. */
#define DAY_BYTES 8

struct reader {
	struct feed feed;
	const struct extract_sink *sink;
	uint64_t record, records;
};

static enum assay_status send(struct reader *r, size_t len, const char *field,
			      struct assay_error *err)
{
	struct segment seg = { .field = field, .record = r->record };

	return feed_send(&r->feed, len, r->sink, &seg, err);
}

/* Send what is before `to`, then [to, to + len) under its heading. */
static enum assay_status send_value(struct reader *r, size_t to, size_t len, const char *name,
				    struct assay_error *err)
{
	enum assay_status st = to ? send(r, to, NULL, err) : ASSAY_OK;

	return st == ASSAY_OK ? send(r, len, name, err) : st;
}

static const char *heading_for(const char *segment, unsigned field, unsigned component)
{
	for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
		if (memcmp(segment, headings[i].segment, 3) == 0 && headings[i].field == field &&
		    headings[i].component == component)
			return headings[i].name;
	return NULL;
}

static bool has_headings(const char *segment)
{
	for (size_t i = 0; i < ARRAY_SIZE(headings); i++)
		if (memcmp(segment, headings[i].segment, 3) == 0)
			return true;
	return false;
}

/* Does the repetition that begins here come from the NHS: 9990000018^^^NHS^NH? */
static bool is_of_nhs(const char *p, const char *end)
{
	const char *stop = p;

	while (stop < end && *stop != '|' && *stop != '~')
		stop++;
	return memmem(p, (size_t)(stop - p), "^NHS", 4);
}

/** A place within a segment. */
struct cursor {
	size_t at;
	unsigned field, component;
};

/*
 * The next component of a segment of `len` bytes at the window's begin.
 *
 * @return  false: there is none; else [c->at, *ret_end) is it
 */
static bool next_component(const char *data, size_t len, struct cursor *c, size_t *ret_end)
{
	if (c->at < len && c->component) { /* past the one before */
		char sign = data[c->at++];

		c->field += sign == '|';
		c->component = sign == '^' ? c->component + 1 : 1;
	}
	if (c->at >= len)
		return false;
	c->component += c->component == 0;
	for (*ret_end = c->at; *ret_end < len && !memchr("|^~", data[*ret_end], 3);)
		++*ret_end;
	return true;
}

/* A segment of `len` bytes at the window's begin, whole: its line end is not among them. */
static enum assay_status send_fields(struct reader *r, size_t len, struct assay_error *err)
{
	struct cursor c = { 0 };
	enum assay_status st = ASSAY_OK;
	char segment[3];
	bool of_nhs = false;
	size_t end;

	memcpy(segment, r->feed.data, sizeof(segment));
	while (st == ASSAY_OK && next_component(r->feed.data, len, &c, &end)) {
		const char *name = heading_for(segment, c.field, c.component);
		size_t size = end - c.at;

		if (c.component == 1)
			of_nhs = is_of_nhs(r->feed.data + c.at, r->feed.data + len);
		if (name && c.field == ID_FIELD && of_nhs && segment[0] == 'P')
			name = nhs_number;
		if (name && c.field == 7)
			size = MIN(size, DAY_BYTES);
		if (!name || !size) {
			c.at = end;
			continue;
		}
		st = send_value(r, c.at, size, name, err);
		/* The window begins behind the value now. */
		len -= c.at + size;
		c.at = end - c.at - size;
	}
	return st == ASSAY_OK && len ? send(r, len, NULL, err) : st;
}

/* Bytes of the line at the window's begin, its end not among them; false: it is longer. */
static bool line_of(const struct feed *f, size_t *ret_len)
{
	size_t i = 0;

	while (i < f->len && f->data[i] != '\r' && f->data[i] != '\n')
		i++;
	*ret_len = i;
	return i < f->len || f->ended;
}

/* Line ends, and what frames messages on a wire, at the window's begin. */
static size_t ends_of(const struct feed *f)
{
	size_t len = 0;

	while (len < f->len && memchr("\r\n\v\x1C", f->data[len], 4))
		len++;
	return len;
}

/* A line, or as much of it as is there.  *is_cut: it goes on the one before. */
static enum assay_status read_line(struct reader *r, bool *is_cut, struct assay_error *err)
{
	struct feed *f = &r->feed;
	size_t len = ends_of(f);
	bool whole, begins = !*is_cut;

	*is_cut = false;
	if (len)
		return send(r, len, NULL, err);
	whole = line_of(f, &len);
	*is_cut = !whole;
	if (begins && len >= 4 && memcmp(f->data, "MSH|", 4) == 0)
		r->record = ++r->records;
	if (begins && whole && len > 4 && f->data[3] == '|' && has_headings(f->data))
		return send_fields(r, len, err);
	/* Not amid a character. */
	return send(r, whole || len <= 4 ? len : len - 4, NULL, err);
}

static enum assay_status hl7_run(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err)
{
	CLEANUP(mem_freep) struct reader *r = calloc(1, sizeof(*r));
	enum assay_status st;
	bool is_cut = false;

	if (!r)
		return assay_fail_memory(err, "hl7 reader");
	r->sink = sink;
	st = feed_init(&r->feed, in, WINDOW, err);
	r->feed.count_lines = true;
	while (st == ASSAY_OK) {
		st = feed_more(&r->feed, LOOK, err);
		if (st != ASSAY_OK || !r->feed.len)
			break;
		st = read_line(r, &is_cut, err);
	}
	if (st == ASSAY_OK)
		st = feed_end(&r->feed, err);
	feed_done(&r->feed);
	return st;
}

static const char *const types[] = { "x-application/hl7-v2+er7", NULL };

const struct extractor hl7_extractor = {
	.name = "hl7",
	.types = types,
	.run = hl7_run,
};
