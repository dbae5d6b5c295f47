/* text.c - the answer on a terminal: what was found, what was not read, what to do next */
#include <assert.h>
#include <inttypes.h>

#include "digest.h"
#include "escape.h"
#include "fail.h"
#include "formats.h"

#define ELLIPSIS "\xE2\x80\xA6"
#define MIDDLE_DOT " \xC2\xB7 "

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 60
#define WIDTH_MAX 160

/** Lines the objects may take: with the rest it is one screen of a large terminal. */
#define OBJECT_LINES ((size_t)36)
#define RULES_SHOWN_MAX ((size_t)8)
#define RULE_ROWS ((size_t)10)
#define GAP_ROWS ((size_t)8)

enum style { PLAIN, BOLD, DIM, ALARM, WARN, GOOD, STYLES };

struct page {
	struct buf out;
	const struct digest *d;
	const struct report_options *options;
	size_t width;
	/* Columns of the findings, as wide as what stands in them. */
	size_t rule_width, count_width, mask_width;
};

/* ---- pieces of a line ----------------------------------------------------------- */

static void set(struct page *p, enum style style)
{
	static const char *const codes[STYLES] = { "\x1b[0m",    "\x1b[1m",  "\x1b[2m",
						   "\x1b[1;31m", "\x1b[33m", "\x1b[32m" };

	if (p->options->color)
		buf_add_str(&p->out, codes[style]);
}

static void say(struct page *p, enum style style, const char *text)
{
	if (style != PLAIN)
		set(p, style);
	buf_add_str(&p->out, text);
	if (style != PLAIN)
		set(p, PLAIN);
}

static void spaces(struct page *p, size_t n)
{
	while (n--)
		buf_add_byte(&p->out, ' ');
}

static size_t columns(const char *text)
{
	return escape_width(text, strlen(text));
}

/** First byte of the character `n` columns into the text. */
static const char *column_at(const char *text, size_t n)
{
	for (; *text; text++)
		if (((unsigned char)*text & 0xC0) != 0x80 && n-- == 0)
			break;
	return text;
}

/** Text in `width` columns: padded, or cut at its end. */
static void field(struct page *p, enum style style, const char *text, size_t width)
{
	size_t have = columns(text);

	if (style != PLAIN)
		set(p, style);
	if (have > width) {
		const char *cut = column_at(text, width ? width - 1 : 0);

		buf_add(&p->out, text, (size_t)(cut - text));
		buf_add_str(&p->out, ELLIPSIS);
		have = width;
	} else {
		buf_add_str(&p->out, text);
	}
	if (style != PLAIN)
		set(p, PLAIN);
	spaces(p, width - have);
}

/** A path keeps its end: the file's name says more than the share's. */
static size_t path(struct page *p, enum style style, const char *name, size_t width)
{
	size_t have = columns(name);

	if (have <= width) {
		say(p, style, name);
		return have;
	}
	say(p, DIM, ELLIPSIS);
	say(p, style, column_at(name, have - width + 1));
	return width;
}

/** "2,846,190" */
static const char *thousands(uint64_t n, char ret[32])
{
	char *at = ret + 31;
	unsigned digits = 0;

	*at = '\0';
	do {
		if (digits && digits % 3 == 0)
			*--at = ',';
		*--at = (char)('0' + n % 10);
		digits++;
	} while (n /= 10);
	return at;
}

static void number(struct page *p, uint64_t n, size_t width)
{
	char text[32];
	const char *at = thousands(n, text);

	spaces(p, width > strlen(at) ? width - strlen(at) : 0);
	buf_add_str(&p->out, at);
}

/** "1.9 TB" */
static const char *bytes(uint64_t n, char ret[32])
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB", "PB", "EB" };
	unsigned unit = 0;

	for (; n >= 1000000; unit++)
		n /= 1000;
	if (n < 1000)
		snprintf(ret, 32, "%" PRIu64 " %s", n, units[unit]);
	else if (n < 10000)
		snprintf(ret, 32, "%" PRIu64 ".%" PRIu64 " %s", n / 1000, n / 100 % 10,
			 units[unit + 1]);
	else
		snprintf(ret, 32, "%" PRIu64 " %s", n / 1000, units[unit + 1]);
	return ret;
}

/** "4 min 12 s" */
static const char *duration(uint64_t ms, char ret[32])
{
	uint64_t s = ms / 1000;

	if (ms < 10000)
		snprintf(ret, 32, "%" PRIu64 ".%02" PRIu64 " s", s, ms / 10 % 100);
	else if (s < 100)
		snprintf(ret, 32, "%" PRIu64 " s", s);
	else if (s < 6000)
		snprintf(ret, 32, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
	else
		snprintf(ret, 32, "%" PRIu64 " h %" PRIu64 " min", s / 3600, s / 60 % 60);
	return ret;
}

static void count_of(struct page *p, uint64_t n, const char *one, const char *many)
{
	number(p, n, 0);
	buf_add_byte(&p->out, ' ');
	buf_add_str(&p->out, n == 1 ? one : many);
}

/* ---- the objects that matter ---------------------------------------------------- */

static enum style severity_style(enum assay_severity s)
{
	return s >= ASSAY_SEVERITY_HIGH ? ALARM : s == ASSAY_SEVERITY_MEDIUM ? WARN : PLAIN;
}

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
	used = indent +
	       path(p, BOLD, i->name, p->width - indent - MIN(columns(what), p->width / 2) - 2);
	spaces(p, p->width > used + columns(what) ? p->width - used - columns(what) : 2);
	say(p, tier_style(i), what);
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
		spaces(p, 6);
		say(p, WARN, "marking conflict: ");
		say(p, PLAIN, rows[r].text);
		buf_add_byte(&p->out, '\n');
	}
	if (i->conflicts[0] && i->places[0]) {
		spaces(p, 6);
		say(p, DIM, "it says: ");
		field(p, PLAIN, i->places, MIN(columns(i->places), p->width - 16));
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

	spaces(p, INDENT);
	field(p, f->confidence == ASSAY_HIGH ? BOLD : PLAIN, assay_confidence_name(f->confidence),
	      CONFIDENCE);
	field(p, severity_style(f->severity), f->rule, p->rule_width);
	spaces(p, BETWEEN);
	number(p, f->count, p->count_width);
	spaces(p, BETWEEN);
	field(p, PLAIN, i->spill ? "withheld" : f->mask, p->mask_width);
	describe_places(i, f, more, rest, sizeof(rest));
	if (rest[0] && used < p->width) {
		spaces(p, BETWEEN);
		field(p, DIM, rest, MIN(columns(rest), p->width - used));
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

			p->rule_width = MAX(p->rule_width, columns(i->findings.items[f].rule));
			p->mask_width = MAX(p->mask_width, columns(i->findings.items[f].mask));
			p->count_width = MAX(p->count_width,
					     strlen(thousands(i->findings.items[f].count, text)));
		}
	}
	p->rule_width = MIN(p->rule_width, (size_t)26);
	p->mask_width = MIN(p->mask_width, (size_t)19);
}

/** The rules that had no line of their own, in one. */
static void other_rules(struct page *p, const struct digest_item *i, size_t from)
{
	size_t used = 4 + 5;

	spaces(p, 4);
	set(p, DIM);
	buf_add_str(&p->out, "also ");
	for (size_t k = from; k < i->findings.len; k++) {
		const struct digest_finding *f = &i->findings.items[k];
		char text[128], count[32];

		snprintf(text, sizeof(text), "%s%s %s", k > from ? ", " : "", f->rule,
			 thousands(f->count, count));
		if (used + columns(text) + 12 > p->width) {
			buf_printf(&p->out, ", %zu more", i->findings.len - k + i->findings_more);
			break;
		}
		buf_add_str(&p->out, text);
		used += columns(text);
	}
	set(p, PLAIN);
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
	spaces(p, 4);
	say(p, ALARM,
	    i->spill ? "Follow the incident procedure; do not copy or open it."
		     : "Is this share approved for it?  If not: incident procedure, do not copy.");
	buf_add_byte(&p->out, '\n');
}

static void items(struct page *p)
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
		count_of(p, d->matter - d->items.len, "more file", "more files");
		buf_add_str(&p->out, " or members with findings or a marking\n");
	}
	buf_add_byte(&p->out, '\n');
}

/* ---- the sums ------------------------------------------------------------------- */

static void rules_table(struct page *p)
{
	const struct digest *d = p->d;
	size_t rows = MIN(d->by_rule.len, RULE_ROWS);

	if (d->items.len < 2)
		return;
	set(p, BOLD);
	field(p, PLAIN, "By rule", 32);
	buf_add_str(&p->out, "   files   matches  different  at best");
	set(p, PLAIN);
	buf_add_byte(&p->out, '\n');
	for (size_t k = 0; k < rows; k++) {
		const struct digest_rule *r = &d->by_rule.items[k];

		spaces(p, 4);
		field(p, severity_style(r->severity), r->id, 28);
		number(p, r->files, 8);
		number(p, r->count, 10);
		number(p, r->unique, 11);
		spaces(p, 2);
		say(p, r->confidence == ASSAY_HIGH ? BOLD : PLAIN,
		    assay_confidence_name(r->confidence));
		buf_add_byte(&p->out, '\n');
	}
	if (d->by_rule.len > rows) {
		uint64_t rest = 0;

		for (size_t k = rows; k < d->by_rule.len; k++)
			rest += d->by_rule.items[k].count;
		buf_add_str(&p->out, "    and ");
		count_of(p, d->by_rule.len - rows, "more rule", "more rules");
		buf_add_str(&p->out, " with ");
		count_of(p, rest, "match\n", "matches\n");
	}
	buf_add_byte(&p->out, '\n');
}

static void marks(struct page *p)
{
	const struct digest *d = p->d;
	size_t used = 8;

	if (!d->marks.len || (d->items.len == 1 && d->marks.len == 1 && d->enumerated <= 1))
		return;
	say(p, BOLD, "Marked  ");
	for (size_t k = 0; k < d->marks.len; k++) {
		const struct digest_mark *m = &d->marks.items[k];
		char text[32];
		const char *count = thousands(m->count, text);
		size_t need = 3 + columns(m->label) + 1 + strlen(count);

		if (k && used + need > p->width) {
			buf_add_str(&p->out, "\n        ");
			used = 8;
		} else if (k) {
			say(p, DIM, MIDDLE_DOT);
		}
		say(p, m->tier >= 3 ? ALARM : m->tier == 2 ? WARN : PLAIN, m->label);
		buf_printf(&p->out, " %s", count);
		used += need;
	}
	buf_add_str(&p->out, "\n\n");
}

/** What a reason means to somebody who has not read the manual. */
static const struct {
	const char *reason, *words;
	bool is_readable; /* `assay extract` shows something of it */
} gap_words[] = {
	{ "permission", "no permission to read", false },
	{ "vanished", "not there", false },
	{ "io-error", "could not be read (I/O error)", false },
	{ "changed-during-read", "changed while it was read", false },
	{ "encrypted", "encrypted", false },
	{ "password-protected", "needs a password", false },
	{ "rights-managed", "rights management", false },
	{ "unsupported-type", "no reader for this type", true },
	{ "malformed", "damaged", true },
	{ "no-text", "image only, no text", true },
	{ "limit-size", "size limit", true },
	{ "limit-depth", "nested too deeply", true },
	{ "limit-ratio", "expands too much", true },
	{ "limit-time", "time limit", true },
	{ "limit-memory", "memory limit", false },
	{ "limit-members", "too many members", true },
	{ "limit-overlap", "members overlap", true },
	{ "limit-hits", "too many matches to list", false },
	{ "limit-match", "a pattern gave up", false },
	{ "engine-unavailable", "its reader is not available", false },
	{ "root-unavailable", "path not available", false },
	{ "offline", "offline (not recalled)", false },
	{ "special-file", "device, pipe or socket", false },
	{ "symlink-not-followed", "symbolic link", false },
	{ "not-mounted", "not mounted", false },
	{ "crash-quarantined", "its reader crashed", false },
	{ "container-slack", "bytes outside any member", true },
	{ "excluded", "left out by a rule", false },
};

static const char *gap_text(const char *reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(gap_words); i++)
		if (strcmp(gap_words[i].reason, reason) == 0)
			return gap_words[i].words;
	return reason;
}

static bool is_readable(const char *reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(gap_words); i++)
		if (strcmp(gap_words[i].reason, reason) == 0)
			return gap_words[i].is_readable;
	return false;
}

static void gap_line(struct page *p, const struct digest_gap *g, uint64_t count)
{
	enum { NUMBER = 11, WORDS = 29 };
	size_t room = p->width - NUMBER - 2 - WORDS - 2;

	number(p, count, NUMBER);
	spaces(p, 2);
	field(p, PLAIN, gap_text(g->reason), WORDS);
	spaces(p, 2);
	path(p, DIM, g->examples[0], count > 1 ? room - 3 : room);
	if (count > 1)
		say(p, DIM, ", " ELLIPSIS);
	buf_add_byte(&p->out, '\n');
}

/** What blocks first; what never could hold anything is one line of words. */
static void gaps(struct page *p)
{
	const struct digest *d = p->d;
	size_t rows = 0;
	bool is_first = true;

	if (d->blocking_gaps) {
		say(p, WARN, "Not read, or not in full");
		buf_add_byte(&p->out, '\n');
	}
	for (size_t k = 0; k < d->gaps.len; k++) {
		const struct digest_gap *g = &d->gaps.items[k];

		if (!g->blocking)
			continue;
		if (rows++ < GAP_ROWS)
			gap_line(p, g, g->blocking);
	}
	if (rows > GAP_ROWS) {
		buf_add_str(&p->out, "             and ");
		count_of(p, rows - GAP_ROWS, "other reason\n", "other reasons\n");
	}
	for (size_t k = 0; k < d->gaps.len; k++) {
		const struct digest_gap *g = &d->gaps.items[k];

		if (!g->other)
			continue;
		say(p, DIM, is_first ? "Also noted: " : "; ");
		is_first = false;
		set(p, DIM);
		buf_printf(&p->out, "%s ", gap_text(g->reason));
		number(p, g->other, 0);
		set(p, PLAIN);
	}
	if (!is_first)
		buf_add_byte(&p->out, '\n');
	if (d->gaps.len)
		buf_add_byte(&p->out, '\n');
}

static void warnings(struct page *p)
{
	const struct digest *d = p->d;

	for (size_t k = 0; k < d->warnings.len; k++) {
		say(p, WARN, "Notice");
		buf_printf(&p->out, "  %s\n", d->warnings.items[k]);
	}
	if (d->warnings_more) {
		buf_add_str(&p->out, "        and ");
		count_of(p, d->warnings_more, "more\n", "more\n");
	}
	if (d->warnings.len)
		buf_add_byte(&p->out, '\n');
}

/* ---- the end -------------------------------------------------------------------- */

/** A piece of the last paragraph, with a dot before it, or on a new line. */
static void piece(struct page *p, size_t *used, enum style style, const char *text)
{
	size_t need = columns(text) + 3;

	if (*used && *used + need > p->width) {
		buf_add_byte(&p->out, '\n');
		*used = 0;
	}
	if (*used)
		say(p, DIM, MIDDLE_DOT);
	say(p, style, text);
	*used += need;
}

static void counted_piece(struct page *p, size_t *used, enum style style, uint64_t n,
			  const char *words)
{
	char text[96], count[32];

	if (!n)
		return;
	snprintf(text, sizeof(text), "%s %s", thousands(n, count), words);
	piece(p, used, style, text);
}

/** Files by coverage, always summing up; then volume and time. */
static void coverage(struct page *p)
{
	const struct digest *d = p->d;
	char text[96], count[32], size[32], time[32];
	size_t used = 0;

	snprintf(text, sizeof(text), "%s %s", thousands(d->enumerated, count),
		 d->enumerated == 1 ? "file" : "files");
	piece(p, &used, BOLD, text);
	if (d->enumerated && d->complete == d->enumerated) {
		piece(p, &used, GOOD, d->enumerated == 1 ? "read in full" : "all read in full");
	} else {
		counted_piece(p, &used, PLAIN, d->complete, "read in full");
		counted_piece(p, &used, WARN, d->partial, "in part");
		counted_piece(p, &used, WARN, d->nothing, "not read");
		counted_piece(p, &used, PLAIN, d->excluded, "left out");
	}
	counted_piece(p, &used, PLAIN, d->members,
		      d->members == 1 ? "item inside" : "items inside");
	snprintf(text, sizeof(text), "%s in %s", bytes(d->bytes_read, size),
		 duration(d->wall_ms, time));
	piece(p, &used, PLAIN, text);
	buf_add_byte(&p->out, '\n');
}

static void ending(struct page *p)
{
	const struct digest *d = p->d;

	if (!d->ended) {
		say(p, ALARM, "This log has no end: the scan died or is still running.");
		buf_add_str(&p->out, "\nWhat is above is only what was written so far.\n");
		return;
	}
	coverage(p);
	buf_printf(&p->out, "Exit %" PRIu64 ": %s\n", d->exit, d->sentence);
}

/** Can the text stand in a command line as it is? */
static bool is_plain_word(const char *text)
{
	if (!*text || *text == '-')
		return false;
	for (; *text; text++)
		if (!is_alnum(*text) && !strchr("._/+:,@%-", *text))
			return false;
	return true;
}

static void next_line(struct page *p, bool *is_first, const char *command, const char *operand,
		      const char *why)
{
	char text[512];

	if (!is_plain_word(operand))
		return;
	snprintf(text, sizeof(text), "%s %s", command, operand);
	buf_add_str(&p->out, *is_first ? "Next  " : "      ");
	*is_first = false;
	buf_add_str(&p->out, text);
	if (6 + columns(text) + 3 + columns(why) <= p->width) {
		spaces(p, columns(text) < 40 ? 40 - columns(text) : 2);
		say(p, DIM, why);
	}
	buf_add_byte(&p->out, '\n');
}

static void next_commands(struct page *p)
{
	const struct digest *d = p->d;
	const char *log = p->options->log_name;
	bool is_first = true;

	if (d->matter > d->items.len && log)
		next_line(p, &is_first, "assay report --top=1000", log, "all of them");
	else if (d->matter > d->items.len && is_plain_word(d->root))
		next_line(p, &is_first, "assay scan -o run.jsonl", d->root, "keep the whole list");
	if (d->by_rule.len)
		next_line(p, &is_first, "assay explain", d->by_rule.items[0].id, "what it means");
	for (size_t k = 0; k < d->gaps.len; k++) {
		const struct digest_gap *g = &d->gaps.items[k];

		if (g->blocking && is_readable(g->reason) && is_plain_word(g->examples[0])) {
			next_line(p, &is_first, "assay extract", g->examples[0],
				  "what can be read of it");
			break;
		}
	}
}

static bool has_nothing(const struct digest *d)
{
	return !d->items.len && !d->matter;
}

static void nothing_found(struct page *p)
{
	const struct digest *d = p->d;
	bool is_clean = d->ended && !d->blocking_gaps && !d->partial && !d->nothing;

	say(p, is_clean ? GOOD : BOLD,
	    is_clean ? "Nothing found" : "Nothing found in what could be read");
	if (d->min_confidence[0] && strcmp(d->min_confidence, "low") != 0)
		buf_printf(&p->out, " at %s confidence or above", d->min_confidence);
	buf_add_str(&p->out, is_clean ? ".\n" : ".\n\n");
}

enum assay_status text_run(int log_fd, FILE *out, const struct report_options *options,
			   struct assay_error *err)
{
	const struct digest_options how = { .top = options->top ? options->top : 20,
					    .show_values = options->show_values };
	struct digest d;
	struct page p = { .out = BUF_INIT(16 * MiB), .d = &d, .options = options };
	enum assay_status st = digest_read(log_fd, &how, &d, err);

	p.width = options->width ? options->width : WIDTH_DEFAULT;
	p.width = MIN(MAX(p.width, (size_t)WIDTH_MIN), (size_t)WIDTH_MAX);
	/* What a cut or damaged log still says is worth reading; the status tells. */
	if (st == ASSAY_OK || (st != ASSAY_FATAL && d.begin_line.len)) {
		if (has_nothing(&d))
			nothing_found(&p);
		else
			items(&p);
		rules_table(&p);
		marks(&p);
		gaps(&p);
		warnings(&p);
		ending(&p);
		next_commands(&p);
		if (p.out.failed)
			st = assay_fail_memory(err, "report");
		else if (fwrite(p.out.data, 1, p.out.len, out) != p.out.len)
			st = assay_fail(err, ASSAY_FATAL, ASSAY_IO_ERROR,
					"the report cannot be written");
	}
	if (st == ASSAY_OK && !d.ended)
		st = assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED,
				"the log has no end: it was cut, or the scan died or is running");
	buf_done(&p.out);
	digest_done(&d);
	return st;
}
