/* text.c - the answer: what matters, worst first, then what could not be read */
#include <inttypes.h>

#include "fail.h"
#include "formats.h"
#include "logread.h"
#include "vec.h"

/** Findings and places kept of one object; more are counted. */
#define LINES_MAX 6
#define PLACES_MAX 3
#define PATH_MAX_SHOWN 400

struct line {
	char rule[48];
	char confidence[8];
	uint64_t count, unique, hidden;
	char places[PLACES_MAX][160];
	size_t places_len;
	unsigned weight; /**< severity and confidence */
};

/** An object as the list shows it. */
struct entry {
	char path[PATH_MAX_SHOWN];
	char marking[64], where[16];
	char marking_confidence[8];
	uint64_t tier;
	bool partial;
	struct line lines[LINES_MAX];
	size_t lines_len, lines_more;
	uint64_t score, order;
};

struct by_rule {
	char rule[48];
	uint64_t files, count;
	uint64_t weight;
};

/** Gaps of one reason: [true] those that make a scan incomplete. */
struct by_reason {
	char reason[32];
	uint64_t count[2];
	char example[2][PATH_MAX_SHOWN];
};

struct answer {
	FILE *out;
	const struct report_options *options;
	struct entry current;
	bool has_current;
	struct vec(struct entry) top;
	uint64_t matter;     /**< objects with a finding or a marking above tier 1 */
	uint64_t marked_low; /**< marked, and no more than that */
	struct vec(struct by_rule) rules;
	struct vec(struct by_reason) reasons;
	struct vec(char *) notices;
	bool has_begin, has_end;
	uint64_t exit;
	char sentence[200];
	uint64_t enumerated, complete, partial, nothing, excluded, members, bytes, wall_ms,
	    findings;
};

/* Gathering. */

static void copy(char *to, size_t cap, const char *from)
{
	snprintf(to, cap, "%s", from ? from : "");
}

static unsigned rank(const char *word, const char *const *words, size_t len)
{
	for (unsigned i = 0; i < len; i++)
		if (word && strcmp(word, words[i]) == 0)
			return i;
	return 0;
}

static const char *const confidences[] = { "low", "medium", "high" };
static const char *const severities[] = { "info", "low", "medium", "high", "critical" };

/** root/path!inner!inner, cut in the middle if it is long. */
static void object_path(const struct answer *a, const struct event *e, char *ret, size_t cap)
{
	char path[4096], key[32];
	const char *root = event_str(e, "root"), *rest = event_str(e, "path");
	size_t inner = event_count(e, "inner"), used, len;

	(void)a;
	used = (size_t)snprintf(path, sizeof(path), "%s", root ? root : "");
	if (rest && *rest) {
		while (used > 1 && used < sizeof(path) && path[used - 1] == '/')
			path[--used] = '\0';
		used = strlen(path);
		snprintf(path + used, sizeof(path) - used, "%s%s",
			 used && path[used - 1] != '/' ? "/" : "", rest);
	}
	for (size_t i = 0; i < inner; i++) {
		const char *name;

		used = strlen(path);
		snprintf(key, sizeof(key), "inner.%zu", i);
		name = event_str(e, key);
		/* What gzip compressed has no name: the file's own leads there. */
		if (name && *name)
			snprintf(path + used, sizeof(path) - used, "!%s", name);
	}
	len = strlen(path);
	if (len < cap) {
		memcpy(ret, path, len + 1);
		return;
	}
	memcpy(ret, path, cap / 2 - 2);
	memcpy(ret + cap / 2 - 2, "...", 3);
	memcpy(ret + cap / 2 + 1, path + len - (cap - cap / 2 - 2), cap - cap / 2 - 1);
}

static uint64_t score_of(const struct entry *e)
{
	uint64_t tier = e->tier >= 2 ? e->tier : 0, weight = 0, count = 0;

	for (size_t i = 0; i < e->lines_len; i++) {
		weight = MAX(weight, e->lines[i].weight);
		count += e->lines[i].count;
	}
	return tier * 1000000000 + weight * 10000000 + MIN(count, 9999999);
}

static bool is_worse(const struct entry *a, const struct entry *b)
{
	return a->score != b->score ? a->score > b->score : a->order < b->order;
}

/** Put the finished object where it belongs among the worst. */
static bool settle_current(struct answer *a)
{
	struct entry *slot;
	size_t at;

	if (!a->has_current)
		return true;
	a->has_current = false;
	a->current.score = score_of(&a->current);
	if (a->current.score == 0) {
		a->marked_low += a->current.marking[0] != '\0';
		return true;
	}
	a->current.order = a->matter++;
	slot = vec_push(&a->top);
	if (!slot) {
		slot = &a->top.items[a->top.len - 1];
		if (a->top.len < a->top.limit || !is_worse(&a->current, slot))
			return a->top.len == a->top.limit;
	}
	at = (size_t)(slot - a->top.items);
	for (; at > 0 && is_worse(&a->current, &a->top.items[at - 1]); at--)
		a->top.items[at] = a->top.items[at - 1];
	a->top.items[at] = a->current;
	return true;
}

static void on_object(struct answer *a, const struct event *e)
{
	struct entry *c = &a->current;

	settle_current(a);
	memset(c, 0, offsetof(struct entry, lines));
	c->lines_len = c->lines_more = 0;
	a->has_current = true;
	object_path(a, e, c->path, sizeof(c->path));
	copy(c->marking, sizeof(c->marking), event_str(e, "marking.label"));
	copy(c->where, sizeof(c->where), event_str(e, "marking.where"));
	copy(c->marking_confidence, sizeof(c->marking_confidence),
	     event_str(e, "marking.confidence"));
	c->tier = event_int(e, "marking.tier");
	c->partial = event_str(e, "coverage") && strcmp(event_str(e, "coverage"), "partial") == 0;
}

/** "page 3", "Sheet1 B7", "line 14": the place of occurrence i. */
static void place_words(const struct event *e, size_t i, char *ret, size_t cap)
{
	static const struct {
		const char *key, *format;
	} numbers[] = { { "page", "page %" PRIu64 },
			{ "slide", "slide %" PRIu64 },
			{ "line", "line %" PRIu64 } };
	char key[64];
	const char *sheet, *cell, *part;
	uint64_t off;

	snprintf(key, sizeof(key), "occurrences.%zu.loc.sheet", i);
	sheet = event_str(e, key);
	snprintf(key, sizeof(key), "occurrences.%zu.loc.cell", i);
	cell = event_str(e, key);
	ret[0] = '\0';
	if (sheet) {
		snprintf(ret, cap, "%.30s %s", sheet, cell ? cell : "");
		return;
	}
	for (size_t n = 0; n < ARRAY_SIZE(numbers); n++) {
		uint64_t value;

		snprintf(key, sizeof(key), "occurrences.%zu.loc.%s", i, numbers[n].key);
		value = event_int(e, key);
		if (!value)
			continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(ret, cap, numbers[n].format, value);
#pragma GCC diagnostic pop
		return;
	}
	snprintf(key, sizeof(key), "occurrences.%zu.loc.part", i);
	part = event_str(e, key);
	if (part) {
		snprintf(ret, cap, "%.40s", strcmp(part, "name") == 0 ? "its name" : part);
		return;
	}
	snprintf(key, sizeof(key), "occurrences.%zu.off", i);
	off = event_int(e, key);
	if (event_has(e, key))
		snprintf(ret, cap, "byte %" PRIu64, off);
}

static void add_places(const struct answer *a, struct line *l, const struct event *e)
{
	size_t count = event_count(e, "occurrences");

	for (size_t i = 0; i < count && l->places_len < PLACES_MAX; i++) {
		char key[64], place[64];
		const char *shown = NULL;

		place_words(e, i, place, sizeof(place));
		if (a->options->show_values) {
			snprintf(key, sizeof(key), "occurrences.%zu.value", i);
			shown = event_str(e, key);
		}
		if (!shown) {
			snprintf(key, sizeof(key), "occurrences.%zu.mask", i);
			shown = event_str(e, key);
		}
		snprintf(l->places[l->places_len++], sizeof(l->places[0]), "%s%s%.60s", place,
			 *place ? " " : "", shown ? shown : "");
	}
}

static void add_to_rules(struct answer *a, const char *rule, uint64_t count, uint64_t weight)
{
	struct by_rule *r = NULL;

	for (size_t i = 0; i < a->rules.len && !r; i++)
		if (strcmp(a->rules.items[i].rule, rule) == 0)
			r = &a->rules.items[i];
	if (!r) {
		r = vec_push(&a->rules);
		if (!r)
			return;
		memset(r, 0, sizeof(*r));
		copy(r->rule, sizeof(r->rule), rule);
	}
	r->files++;
	r->count += count;
	r->weight = MAX(r->weight, weight);
}

static void on_finding(struct answer *a, const struct event *e)
{
	struct entry *c = &a->current;
	const char *rule = event_str(e, "rule");
	struct line l = { 0 };
	size_t at;

	if (!rule || event_has(e, "part") || !a->has_current)
		return;
	copy(l.rule, sizeof(l.rule), rule);
	copy(l.confidence, sizeof(l.confidence), event_str(e, "confidence"));
	l.count = event_int(e, "counts.high") + event_int(e, "counts.medium");
	if (l.count == 0)
		l.count = event_int(e, "counts.low");
	l.unique = event_int(e, "unique");
	l.hidden = event_int(e, "hidden");
	l.weight = 1 + 3 * rank(event_str(e, "severity"), severities, ARRAY_SIZE(severities)) +
		   rank(l.confidence, confidences, ARRAY_SIZE(confidences));
	add_places(a, &l, e);
	add_to_rules(a, rule, l.count, l.weight);
	/* A marking is told by its label; its rule's line would say it again. */
	if (strncmp(rule, "marking.", 8) == 0 && c->marking[0]) {
		return;
	}
	for (at = c->lines_len; at > 0 && c->lines[at - 1].weight < l.weight; at--)
		if (at < LINES_MAX)
			c->lines[at] = c->lines[at - 1];
	if (at < LINES_MAX)
		c->lines[at] = l;
	if (c->lines_len < LINES_MAX)
		c->lines_len++;
	else
		c->lines_more++;
}

static void on_gap(struct answer *a, const struct event *e)
{
	const char *reason = event_str(e, "reason");
	struct by_reason *r = NULL;
	bool blocks = event_bool(e, "blocking");

	for (size_t i = 0; i < a->reasons.len && !r; i++)
		if (reason && strcmp(a->reasons.items[i].reason, reason) == 0)
			r = &a->reasons.items[i];
	if (!r) {
		r = vec_push(&a->reasons);
		if (!r)
			return;
		memset(r, 0, sizeof(*r));
		copy(r->reason, sizeof(r->reason), reason);
	}
	if (r->count[blocks]++ == 0)
		object_path(a, e, r->example[blocks], sizeof(r->example[blocks]));
}

static void on_begin(struct answer *a, const struct event *e)
{
	(void)e;
	a->has_begin = true;
}

static void on_end(struct answer *a, const struct event *e)
{
	a->has_end = true;
	a->exit = event_int(e, "exit");
	copy(a->sentence, sizeof(a->sentence), event_str(e, "sentence"));
	a->enumerated = event_int(e, "counters.enumerated");
	a->complete = event_int(e, "counters.complete");
	a->partial = event_int(e, "counters.partial");
	a->nothing = event_int(e, "counters.none");
	a->excluded = event_int(e, "counters.excluded");
	a->members = event_int(e, "counters.members");
	a->findings = event_int(e, "counters.findings");
	a->bytes = event_int(e, "bytes_read");
	a->wall_ms = event_int(e, "wall_ms");
}

static void on_notice(struct answer *a, const struct event *e)
{
	char **slot = vec_push(&a->notices);

	if (slot)
		*slot = strdup(event_str(e, "text") ? event_str(e, "text") : "");
}

static enum assay_status gather(struct answer *a, int fd, struct assay_error *err)
{
	static const struct {
		const char *type;
		void (*take)(struct answer *a, const struct event *e);
	} takers[] = { { "run_begin", on_begin }, { "object", on_object },
		       { "finding", on_finding }, { "gap", on_gap },
		       { "notice", on_notice },   { "run_end", on_end } };
	struct logread *r = NULL;
	const struct event *e = NULL;
	enum assay_status st = logread_new(fd, &r, err);

	while (st == ASSAY_OK && (st = logread_next(r, &e, err)) == ASSAY_OK && e)
		for (size_t i = 0; i < ARRAY_SIZE(takers); i++)
			if (strcmp(event_str(e, "type"), takers[i].type) == 0)
				takers[i].take(a, e);
	settle_current(a);
	logread_free(r);
	return st;
}

/* Showing. */

enum style { PLAIN, BOLD, DIM, RED, YELLOW, GREEN };

static void style(const struct answer *a, enum style s)
{
	static const char *const codes[] = { "0", "1", "2", "1;31", "33", "32" };

	if (a->options->color)
		fprintf(a->out, "\033[%sm", codes[s]);
}

static void styled(const struct answer *a, enum style s, const char *text)
{
	style(a, s);
	report_escape(a->out, text, strlen(text));
	style(a, PLAIN);
}

/** 2846190 as 2,846,190, in one of four static buffers. */
static const char *grouped(uint64_t n)
{
	static char buffers[4][32];
	static unsigned next;
	char *end = buffers[next++ % 4] + 31;
	unsigned digits = 0;

	*end = '\0';
	do {
		if (digits && digits % 3 == 0)
			*--end = ',';
		*--end = (char)('0' + n % 10);
		digits++;
	} while (n /= 10);
	return end;
}

static void print_bytes(FILE *out, uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KB", "MB", "GB", "TB" };
	double value = (double)bytes;
	size_t unit = 0;

	for (; value >= 1000 && unit + 1 < ARRAY_SIZE(units); unit++)
		value /= 1000;
	fprintf(out, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
}

static const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static void print_summary(const struct answer *a)
{
	FILE *out = a->out;

	fprintf(out, "%s file%s", grouped(a->enumerated - a->excluded),
		plural(a->enumerated - a->excluded));
	if (a->members)
		fprintf(out, " and %s item%s inside them", grouped(a->members), plural(a->members));
	fputs(", ", out);
	print_bytes(out, a->bytes);
	fprintf(out, ", %.1f s:%s%s read", (double)a->wall_ms / 1000, a->members ? "\n" : " ",
		grouped(a->complete));
	if (a->partial)
		fprintf(out, ", %s in part", grouped(a->partial));
	if (a->nothing)
		fprintf(out, ", %s not", grouped(a->nothing));
	if (a->excluded)
		fprintf(out, "; %s left out", grouped(a->excluded));
	fputs("\n", out);
}

/** Columns that UTF-8 takes, a character each. */
static size_t columns(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += (*text & 0xC0) != 0x80;
	return n;
}

/** Text as report_escape() shows it, in at most `room` columns.  @return  of malloc, or NULL */
static char *fitted(const char *text, size_t room)
{
	char *shown = NULL, *end;
	size_t len, used = 0;
	FILE *out = open_memstream(&shown, &len);

	if (!out)
		return NULL;
	report_escape(out, text, strlen(text));
	if (fclose(out) != 0 || columns(shown) <= room)
		return shown;
	for (end = shown; used + 3 < room || (*end & 0xC0) == 0x80; end++)
		used += (end[1] & 0xC0) != 0x80;
	snprintf(end, len + 1 - (size_t)(end - shown), "...");
	return shown;
}

/** As many places as the rest of the line has room for, and at least one. */
static void print_places(const struct answer *a, const struct line *l, size_t room)
{
	size_t used = 0, i;

	style(a, DIM);
	for (i = 0; i < l->places_len; i++) {
		size_t more = i + 1 < l->count ? strlen(", ...") : 0;
		CLEANUP(mem_freep) char *place = fitted(l->places[i], room - MIN(room, more));

		if (!place || (i && used + 2 + columns(place) + more > room))
			break;
		used += (size_t)fprintf(a->out, i ? ", %s" : "%s", place);
	}
	fputs(i < l->count ? ", ..." : "", a->out);
	style(a, PLAIN);
}

static void print_line(const struct answer *a, const struct line *l)
{
	FILE *out = a->out;
	size_t used = (size_t)fprintf(out, "    %-25s ", l->rule);

	style(a, strcmp(l->confidence, "high") == 0 ? RED : YELLOW);
	used += (size_t)fprintf(out, "%-6s", l->confidence);
	style(a, PLAIN);
	used += (size_t)fprintf(out, " %6s  ", grouped(l->count));
	if (l->unique && l->unique < l->count)
		used += (size_t)fprintf(out, "%s distinct: ", grouped(l->unique));
	if (l->hidden)
		used += (size_t)fprintf(out, "%s hidden: ", grouped(l->hidden));
	print_places(a, l, MAX(a->options->width ? a->options->width : 80, used + 20) - used);
	fputc('\n', out);
}

static void print_entry(const struct answer *a, const struct entry *e)
{
	FILE *out = a->out;

	fputs("\n  ", out);
	styled(a, BOLD, e->path);
	if (e->partial)
		styled(a, DIM, "  (read in part)");
	fputc('\n', out);
	if (e->marking[0]) {
		fputs("    marked ", out);
		styled(a, e->tier >= 3 ? RED : e->tier == 2 ? YELLOW : PLAIN, e->marking);
		fprintf(out, "  %s, in the %s\n", e->marking_confidence, e->where);
	}
	for (size_t i = 0; i < e->lines_len; i++)
		print_line(a, &e->lines[i]);
	if (e->lines_more)
		fprintf(out, "    and %zu more rule%s\n", e->lines_more, plural(e->lines_more));
}

static int by_weight(const void *left, const void *right)
{
	const struct by_rule *a = left, *b = right;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	if (a->files != b->files)
		return a->files > b->files ? -1 : 1;
	return strcmp(a->rule, b->rule);
}

static int by_count(const void *left, const void *right)
{
	const struct by_reason *a = left, *b = right;
	uint64_t all_a = a->count[0] + a->count[1], all_b = b->count[0] + b->count[1];

	if (all_a != all_b)
		return all_a > all_b ? -1 : 1;
	return strcmp(a->reason, b->reason);
}

static void print_rules(struct answer *a)
{
	if (a->rules.len == 0 || a->matter <= 1)
		return;
	qsort(a->rules.items, a->rules.len, sizeof(struct by_rule), by_weight);
	fprintf(a->out, "\nFound, by rule %26s %13s\n", "files", "occurrences");
	for (size_t i = 0; i < a->rules.len && i < a->options->top; i++) {
		const struct by_rule *r = &a->rules.items[i];

		fprintf(a->out, "  %-32s %7s %13s\n", r->rule, grouped(r->files),
			grouped(r->count));
	}
}

/** The end of a path says more than its beginning. */
static void print_path_end(const struct answer *a, const char *path, size_t room)
{
	size_t len = strlen(path);

	if (len > room) {
		fputs("...", a->out);
		path += len - room + 3;
		while ((*path & 0xC0) == 0x80)
			path++;
	}
	report_escape(a->out, path, strlen(path));
	fputc('\n', a->out);
}

static void print_gaps_that(const struct answer *a, bool block, const char *heading)
{
	size_t width = a->options->width ? a->options->width : 80, shown = 0;

	for (size_t i = 0; i < a->reasons.len && shown < a->options->top; i++) {
		const struct by_reason *r = &a->reasons.items[i];

		if (!r->count[block])
			continue;
		if (shown++ == 0)
			fprintf(a->out, "\n%s\n", heading);
		fprintf(a->out, "  %-22s %6s  ", r->reason, grouped(r->count[block]));
		print_path_end(a, r->example[block], MAX(width, 53) - 33);
	}
}

static void print_gaps(struct answer *a)
{
	if (a->reasons.len == 0)
		return;
	qsort(a->reasons.items, a->reasons.len, sizeof(struct by_reason), by_count);
	print_gaps_that(a, true, "Not read, or not wholly: reason, how many, the first");
	print_gaps_that(a, false, "Passed over, which does not make a scan incomplete");
}

static void print_next(const struct answer *a)
{
	const char *log = a->options->log_name;

	fputc('\n', a->out);
	if (a->has_end)
		styled(a, a->exit ? BOLD : GREEN, a->sentence);
	else
		styled(a, RED, "The log is cut: there may be more than this.");
	if (a->matter > 0 && a->rules.len > 0)
		fprintf(a->out, "\nNext: assay explain %s", a->rules.items[0].rule);
	else if (a->reasons.len > 0 && a->exit)
		fputs("\nNext: assay extract FILE shows what was read of one; assay help scan, the "
		      "limits",
		      a->out);
	if (log && a->matter > a->top.len) {
		fputs("\nThe whole list: assay report --top=1000 ", a->out);
		report_escape(a->out, log, strlen(log));
	} else if (!log && a->matter > a->top.len) {
		fputs("\nTo keep the whole list: assay scan -o RUN.jsonl PATH", a->out);
	}
	fputc('\n', a->out);
}

static void show(struct answer *a)
{
	uint64_t more = a->matter - a->top.len;

	if (a->has_end)
		print_summary(a);
	else
		styled(a, RED, "The log is cut. What was found up to there:"), fputc('\n', a->out);
	for (size_t i = 0; i < a->notices.len; i++) {
		styled(a, YELLOW, a->notices.items[i]);
		fputc('\n', a->out);
	}
	if (a->matter == 0 && a->has_end) {
		fputc('\n', a->out);
		styled(a, GREEN, "Nothing found.");
		fputc('\n', a->out);
	}
	for (size_t i = 0; i < a->top.len; i++)
		print_entry(a, &a->top.items[i]);
	if (more)
		fprintf(a->out, "\n  and %s more file%s with findings\n", grouped(more),
			plural(more));
	if (a->marked_low)
		fprintf(a->out, "\n%s file%s marked OFFICIAL or lower, and nothing else in %s.\n",
			grouped(a->marked_low), a->marked_low == 1 ? " is" : "s are",
			a->marked_low == 1 ? "it" : "them");
	print_rules(a);
	print_gaps(a);
	print_next(a);
}

enum assay_status report_text(int log_fd, FILE *out, const struct report_options *options,
			      struct assay_error *err)
{
	struct answer *a = calloc(1, sizeof(*a));
	enum assay_status st;

	if (!a)
		return assay_fail_memory(err, "the report");
	a->out = out;
	a->options = options;
	a->top.limit = options->top ? options->top : 20;
	a->rules.limit = a->reasons.limit = a->notices.limit = 1000;
	st = gather(a, log_fd, err);
	/* A log that ends early is still worth its answer, which says so. */
	if (a->has_begin && st != ASSAY_FATAL)
		show(a);
	if (st == ASSAY_OK && !a->has_end)
		st = assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED,
				a->has_begin ? "the log is cut: it has no run_end"
					     : "this is no run log: it has no run_begin");
	vec_done(&a->top);
	vec_done(&a->rules);
	vec_done(&a->reasons);
	for (size_t i = 0; i < a->notices.len; i++)
		free(a->notices.items[i]);
	vec_done(&a->notices);
	free(a);
	return st;
}
