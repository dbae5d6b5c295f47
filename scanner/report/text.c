/* text.c - the answer on a terminal: what was found, what was not read, what to do next */
#include "text_parts.h"

#include <inttypes.h>

#include "fail.h"
#include "formats.h"

#define MIDDLE_DOT " \xC2\xB7 "

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 60
#define WIDTH_MAX 160

#define RULE_ROWS ((size_t)10)
#define GAP_ROWS ((size_t)8)

/* ---- the sums ------------------------------------------------------------------- */

static void rules_table(struct page *p)
{
	const struct digest *d = p->d;
	size_t rows = MIN(d->by_rule.len, RULE_ROWS);

	if (d->items.len < 2)
		return;
	page_set(p, BOLD);
	page_field(p, PLAIN, "By rule", 32);
	buf_add_str(&p->out, "   files   matches  different  at best");
	page_set(p, PLAIN);
	buf_add_byte(&p->out, '\n');
	for (size_t k = 0; k < rows; k++) {
		const struct digest_rule *r = &d->by_rule.items[k];

		page_spaces(p, 4);
		page_field(p, page_severity_style(r->severity), r->id, 28);
		page_number(p, r->files, 8);
		page_number(p, r->count, 10);
		page_number(p, r->unique, 11);
		page_spaces(p, 2);
		page_say(p, r->confidence == ASSAY_HIGH ? BOLD : PLAIN,
			 assay_confidence_name(r->confidence));
		buf_add_byte(&p->out, '\n');
	}
	if (d->by_rule.len > rows) {
		uint64_t rest = 0;

		for (size_t k = rows; k < d->by_rule.len; k++)
			rest += d->by_rule.items[k].count;
		buf_add_str(&p->out, "    and ");
		page_count_of(p, d->by_rule.len - rows, "more rule", "more rules");
		buf_add_str(&p->out, " with ");
		page_count_of(p, rest, "match\n", "matches\n");
	}
	buf_add_byte(&p->out, '\n');
}

static void marks(struct page *p)
{
	const struct digest *d = p->d;
	size_t used = 8;

	if (!d->marks.len || (d->items.len == 1 && d->marks.len == 1 && d->enumerated <= 1))
		return;
	page_say(p, BOLD, "Marked  ");
	for (size_t k = 0; k < d->marks.len; k++) {
		const struct digest_mark *m = &d->marks.items[k];
		char text[32];
		const char *count = page_thousands(m->count, text);
		size_t need = 3 + page_columns(m->label) + 1 + strlen(count);

		if (k && used + need > p->width) {
			buf_add_str(&p->out, "\n        ");
			used = 8;
		} else if (k) {
			page_say(p, DIM, MIDDLE_DOT);
		}
		page_say(p, m->tier >= 3 ? ALARM : m->tier == 2 ? WARN : PLAIN, m->label);
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

	page_number(p, count, NUMBER);
	page_spaces(p, 2);
	page_field(p, PLAIN, gap_text(g->reason), WORDS);
	page_spaces(p, 2);
	page_path(p, DIM, g->examples[0], count > 1 ? room - 3 : room);
	if (count > 1)
		page_say(p, DIM, ", " ELLIPSIS);
	buf_add_byte(&p->out, '\n');
}

/** What blocks first; what never could hold anything is one line of words. */
static void gaps(struct page *p)
{
	const struct digest *d = p->d;
	size_t rows = 0;
	bool is_first = true;

	if (d->blocking_gaps) {
		page_say(p, WARN, "Not read, or not in full");
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
		page_count_of(p, rows - GAP_ROWS, "other reason\n", "other reasons\n");
	}
	for (size_t k = 0; k < d->gaps.len; k++) {
		const struct digest_gap *g = &d->gaps.items[k];

		if (!g->other)
			continue;
		page_say(p, DIM, is_first ? "Also noted: " : "; ");
		is_first = false;
		page_set(p, DIM);
		buf_printf(&p->out, "%s ", gap_text(g->reason));
		page_number(p, g->other, 0);
		page_set(p, PLAIN);
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
		page_say(p, WARN, "Notice");
		buf_printf(&p->out, "  %s\n", d->warnings.items[k]);
	}
	if (d->warnings_more) {
		buf_add_str(&p->out, "        and ");
		page_count_of(p, d->warnings_more, "more\n", "more\n");
	}
	if (d->warnings.len)
		buf_add_byte(&p->out, '\n');
}

/* ---- the end -------------------------------------------------------------------- */

/** A piece of the last paragraph, with a dot before it, or on a new line. */
static void piece(struct page *p, size_t *used, enum style style, const char *text)
{
	size_t need = page_columns(text) + 3;

	if (*used && *used + need > p->width) {
		buf_add_byte(&p->out, '\n');
		*used = 0;
	}
	if (*used)
		page_say(p, DIM, MIDDLE_DOT);
	page_say(p, style, text);
	*used += need;
}

static void counted_piece(struct page *p, size_t *used, enum style style, uint64_t n,
			  const char *words)
{
	char text[96], count[32];

	if (!n)
		return;
	snprintf(text, sizeof(text), "%s %s", page_thousands(n, count), words);
	piece(p, used, style, text);
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

/** Files by coverage, always summing up; then volume and time. */
static void coverage(struct page *p)
{
	const struct digest *d = p->d;
	char text[96], count[32], size[32], time[32];
	size_t used = 0;

	snprintf(text, sizeof(text), "%s %s", page_thousands(d->enumerated, count),
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
		page_say(p, ALARM, "This log has no end: the scan died or is still running.");
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
	if (6 + page_columns(text) + 3 + page_columns(why) <= p->width) {
		page_spaces(p, page_columns(text) < 40 ? 40 - page_columns(text) : 2);
		page_say(p, DIM, why);
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

	page_say(p, is_clean ? GOOD : BOLD,
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
			page_items(&p);
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
