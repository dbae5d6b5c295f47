/* text_items.c - the objects that matter, each with its marking and its findings */
#include "text_parts.h"

#include <inttypes.h>
#include <stdio.h>

/** Lines the objects may take: with the rest it is one screen of a large terminal. */
#define OBJECT_LINES ((size_t)36)
#define RULES_SHOWN_MAX ((size_t)8)

static enum style tier_style(const struct digest_item *i)
{
	return i->tier >= 3 ? ALARM : i->tier == 2 ? WARN : i->marked ? PLAIN : DIM;
}

/** Is the word in a list with `, ` between? */
static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += len)
		if ((at == list || at[-1] == ' ') && (at[len] == ',' || !at[len]))
			return true;
	return false;
}

/** What the object is: its marking and where that stands. */
static void describe(const struct digest_item *i, char *to, size_t cap)
{
	const char *label = i->marked ? i->label : "unmarked";

	snprintf(to, cap, "%s%s%s%s", label, i->marked && i->where[0] ? ", " : "",
		 i->marked ? i->where : "", i->in_part ? ", read in part" : "");
}

static void item_line(struct page *p, const struct digest_item *i, size_t rank)
{
	size_t indent = 4, used;
	char what[192];

	describe(i, what, sizeof(what));
	buf_printf(&p->out, "%2zu  ", rank);
	used = indent + page_path(p, BOLD, i->name,
				  p->width - indent - MIN(page_columns(what), p->width / 2) - 2);
	page_spaces(p, p->width > used + page_columns(what) ? p->width - used - page_columns(what)
							    : 2);
	page_say(p, tier_style(i), what);
	buf_add_byte(&p->out, '\n');
}

/** The words of the log, said in full. */
static void conflict_lines(struct page *p, const struct digest_item *i)
{
	static const struct {
		const char *word, *text;
	} rows[] = {
		{ "header-footer", "header and footer bear different markings" },
		{ "body-above", "the text bears a higher marking than its header and footer" },
		{ "metadata", "labels in the metadata differ" },
		{ "metadata-text", "the label in the metadata is not the marking in the text" },
		{ "name", "the file's name says another marking than the file" },
		{ "caveat", "a national caveat goes with SECRET and above only" },
		{ "public-release", "FOR PUBLIC RELEASE goes with plain OFFICIAL only" },
		{ "embargo-past", "the day of the embargo is past" },
	};

	for (size_t r = 0; r < ARRAY_SIZE(rows); r++) {
		if (!has_word(i->conflicts, rows[r].word))
			continue;
		page_spaces(p, 6);
		page_say(p, WARN, "marking conflict: ");
		page_say(p, PLAIN, rows[r].text);
		buf_add_byte(&p->out, '\n');
	}
	if (i->conflicts[0] && i->places[0]) {
		page_spaces(p, 6);
		page_say(p, DIM, "it says: ");
		page_field(p, PLAIN, i->places, MIN(page_columns(i->places), p->width - 16));
		buf_add_byte(&p->out, '\n');
	}
}

/** Where it stands: what is hidden, the rules without a line, places. */
static void describe_places(const struct digest_item *i, const struct digest_finding *f,
			    size_t more, char *to, size_t cap)
{
	char hidden[48] = "", others[48] = "";

	if (f->hidden)
		snprintf(hidden, sizeof(hidden), "%" PRIu64 " hidden; ", f->hidden);
	if (more)
		snprintf(others, sizeof(others), "+%zu rule%s; ", more, more == 1 ? "" : "s");
	snprintf(to, cap, "%s%s%s", hidden, others, i->spill ? "" : f->places);
	if (!f->places[0] || i->spill) {
		size_t len = strlen(to);

		if (len)
			to[len - 2] = '\0';
	}
}

/** Confidence, rule, count, mask, places: the last one takes what the width leaves. */
static void finding_line(struct page *p, const struct digest_item *i,
			 const struct digest_finding *f, size_t more)
{
	enum { INDENT = 4, CONFIDENCE = 7, BETWEEN = 2 };
	size_t used =
	    INDENT + CONFIDENCE + p->rule_width + p->count_width + p->mask_width + 3 * BETWEEN;
	char rest[256];

	page_spaces(p, INDENT);
	page_field(p, f->confidence == ASSAY_HIGH ? BOLD : PLAIN,
		   assay_confidence_name(f->confidence), CONFIDENCE);
	page_field(p, page_severity_style(f->severity), f->rule, p->rule_width);
	page_spaces(p, BETWEEN);
	page_number(p, f->count, p->count_width);
	page_spaces(p, BETWEEN);
	page_field(p, PLAIN, i->spill ? "withheld" : f->mask, p->mask_width);
	describe_places(i, f, more, rest, sizeof(rest));
	if (rest[0] && used < p->width) {
		page_spaces(p, BETWEEN);
		page_field(p, DIM, rest, MIN(page_columns(rest), p->width - used));
	}
	while (p->out.len && p->out.data[p->out.len - 1] == ' ')
		p->out.len--;
	buf_add_byte(&p->out, '\n');
}

/** As wide as the widest of what will be shown, within reason. */
static void fit_columns(struct page *p, size_t rules)
{
	p->rule_width = p->mask_width = 8;
	p->count_width = 1;
	for (size_t k = 0; k < p->d->items.len; k++) {
		const struct digest_item *i = &p->d->items.items[k];

		for (size_t f = 0; f < MIN(i->findings.len, rules); f++) {
			char text[32];

			p->rule_width = MAX(p->rule_width, page_columns(i->findings.items[f].rule));
			p->mask_width = MAX(p->mask_width, page_columns(i->findings.items[f].mask));
			p->count_width =
			    MAX(p->count_width,
				strlen(page_thousands(i->findings.items[f].count, text)));
		}
	}
	p->rule_width = MIN(p->rule_width, (size_t)26);
	p->mask_width = MIN(p->mask_width, (size_t)19);
}

/** The rules that had no line of their own, in one. */
static void other_rules(struct page *p, const struct digest_item *i, size_t from)
{
	size_t used = 4 + 5;

	page_spaces(p, 4);
	page_set(p, DIM);
	buf_add_str(&p->out, "also ");
	for (size_t k = from; k < i->findings.len; k++) {
		const struct digest_finding *f = &i->findings.items[k];
		char text[128], count[32];

		snprintf(text, sizeof(text), "%s%s %s", k > from ? ", " : "", f->rule,
			 page_thousands(f->count, count));
		if (used + page_columns(text) + 12 > p->width) {
			buf_printf(&p->out, ", %zu more", i->findings.len - k + i->findings_more);
			break;
		}
		buf_add_str(&p->out, text);
		used += page_columns(text);
	}
	page_set(p, PLAIN);
	buf_add_byte(&p->out, '\n');
}

/** Lines an object takes when `rules` of its rules get one each. */
static size_t item_height(const struct digest_item *i, size_t rules)
{
	size_t height = 1 + MIN(i->findings.len, rules);

	/* With one rule a line the others are a word at its end. */
	return height + (rules > 1 && i->findings.len > rules);
}

/** Most rules each object can show so that all objects fit. */
static size_t rules_that_fit(const struct digest *d)
{
	size_t rules = RULES_SHOWN_MAX;

	for (; rules > 1; rules--) {
		size_t height = 0;

		for (size_t k = 0; k < d->items.len; k++)
			height += item_height(&d->items.items[k], rules) + 1;
		if (height <= OBJECT_LINES)
			break;
	}
	return rules;
}

static void spill_advice(struct page *p, const struct digest_item *i)
{
	if (!i->spill && i->tier < 3)
		return;
	page_spaces(p, 4);
	page_say(p, ALARM,
		 i->spill
		     ? "Follow the incident procedure; do not copy or open it."
		     : "Is this share approved for it?  If not: incident procedure, do not copy.");
	buf_add_byte(&p->out, '\n');
}

void page_items(struct page *p)
{
	const struct digest *d = p->d;
	size_t rules = rules_that_fit(d);

	fit_columns(p, rules);
	for (size_t k = 0; k < d->items.len; k++) {
		const struct digest_item *i = &d->items.items[k];
		size_t shown = MIN(i->findings.len, rules);

		item_line(p, i, k + 1);
		if (k == 0 || i->spill)
			spill_advice(p, i);
		conflict_lines(p, i);
		for (size_t f = 0; f < shown; f++)
			finding_line(p, i, &i->findings.items[f],
				     rules == 1 ? i->findings.len - 1 + i->findings_more : 0);
		if (rules > 1 && i->findings.len > shown)
			other_rules(p, i, shown);
		if (rules > 1 && k + 1 < d->items.len)
			buf_add_byte(&p->out, '\n');
	}
	if (d->matter > d->items.len) {
		buf_add_str(&p->out, "    and ");
		page_count_of(p, d->matter - d->items.len, "more file", "more files");
		buf_add_str(&p->out, " or members with findings or a marking\n");
	}
	buf_add_byte(&p->out, '\n');
}
