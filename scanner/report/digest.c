/* digest.c - one pass over a run log: sums, and the worst objects */
#include "digest.h"

#include <stdio.h>

#include "base64.h"
#include "escape.h"
#include "fail.h"

/* What a digest holds at most, whatever the log says. */
#define FINDINGS_MAX ((size_t)64)
#define RULES_KEPT ((size_t)1024)
#define MARKS_KEPT ((size_t)64)
#define GAPS_KEPT ((size_t)64)
#define WARNINGS_KEPT ((size_t)5)
#define TOP_MAX ((size_t)10000)
#define LINES_MAX (512 * KiB)
#define NAME_MAX_BYTES (16 * KiB)
#define PLACES_SHOWN 3

struct pass {
	struct digest *d;
	struct digest_options options;
	const struct event *e;
	struct digest_item item; /* the object at hand */
	bool has_item;
	char obj[DIGEST_WORD];
	struct assay_error *err;
};

/* ---- text ----------------------------------------------------------------------- */

/** Escape into a fixed place; what does not fit is cut at a character. */
static void put(char *to, size_t cap, const char *text)
{
	CLEANUP(buf_done) struct buf safe = BUF_INIT(MiB);
	size_t len;

	to[0] = '\0';
	if (!text || !*text)
		return;
	escape_add(&safe, text, strnlen(text, cap * 2));
	len = safe.len;
	if (len >= cap) {
		len = cap - 4;
		while (len > 0 && ((unsigned char)safe.data[len] & 0xC0) == 0x80)
			len--;
		memcpy(to + len, "\xE2\x80\xA6", 3);
		to[len + 3] = '\0';
	} else {
		to[len] = '\0';
	}
	memcpy(to, safe.data, len);
}

/** A path that is not UTF-8: its bytes, so that escapes show which file it is. */
static void add_base64(struct buf *out, const char *text)
{
	CLEANUP(buf_done) struct buf raw = BUF_INIT(NAME_MAX_BYTES);

	base64_decode(text, strlen(text), &raw);
	escape_add(out, raw.data ? raw.data : "", raw.len);
}

static void add_escaped(struct buf *out, const char *text)
{
	escape_add(out, text, strlen(text));
}

/** root/path!/inner!/inner */
static char *place_name(const struct event *e)
{
	struct buf name = BUF_INIT(NAME_MAX_BYTES);
	const char *root = event_str(e, "root"), *path = event_str(e, "path"),
		   *b64 = event_str(e, "path_b64");
	size_t inner = event_count(e, "inner");

	if (root && strcmp(root, ".") != 0)
		add_escaped(&name, root);
	if (path && *path && name.len && name.data[name.len - 1] != '/')
		buf_add_byte(&name, '/');
	if (b64)
		add_base64(&name, b64);
	else if (path)
		add_escaped(&name, path);
	for (size_t i = 0; i < inner; i++) {
		char key[32];
		const char *part;

		snprintf(key, sizeof(key), "inner.%zu", i);
		part = event_str(e, key);
		buf_add_str(&name, "!/");
		add_escaped(&name, part ? part : "?");
	}
	if (!name.len)
		buf_add_str(&name, ".");
	return name.data;
}

/* ---- names of closed lists, back to their numbers ------------------------------- */

static enum assay_severity severity_of(const char *name)
{
	unsigned s = ASSAY_SEVERITIES - 1;

	while (s > 0 && (!name || strcmp(name, assay_severity_name(s)) != 0))
		s--;
	return s;
}

static enum assay_confidence confidence_of(const char *name)
{
	unsigned c = ASSAY_HIGH;

	while (c > 0 && (!name || strcmp(name, assay_confidence_name(c)) != 0))
		c--;
	return c;
}

/* ---- items ---------------------------------------------------------------------- */

static void item_done(struct digest_item *i)
{
	free(i->name);
	vec_done(&i->findings);
	buf_done(&i->object);
	buf_done(&i->finding_lines);
	buf_done(&i->gap_lines);
	*i = (struct digest_item){ 0 };
}

/** OFFICIAL and below is what most documents should bear: it ranks nothing. */
static unsigned rank_tier(const struct digest_item *i)
{
	return i->tier >= 2 ? i->tier : 0;
}

/** Negative: a is the worse one and goes first. */
static int item_order(const struct digest_item *a, const struct digest_item *b)
{
	if (a->spill != b->spill)
		return a->spill ? -1 : 1;
	if (rank_tier(a) != rank_tier(b))
		return rank_tier(a) > rank_tier(b) ? -1 : 1;
	if (a->worst != b->worst)
		return a->worst > b->worst ? -1 : 1;
	if (a->hits != b->hits)
		return a->hits > b->hits ? -1 : 1;
	return strcmp(a->name, b->name);
}

static unsigned finding_weight(const struct digest_finding *f)
{
	return ((unsigned)f->severity + 1) * ((unsigned)f->confidence + 1);
}

static int finding_order(const void *pa, const void *pb)
{
	const struct digest_finding *a = pa, *b = pb;

	if (finding_weight(a) != finding_weight(b))
		return finding_weight(a) > finding_weight(b) ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->rule, b->rule);
}

/** The object at hand is whole: keep it if it is among the worst. */
static enum assay_status settle_item(struct pass *p)
{
	struct digest *d = p->d;
	struct digest_item *i = &p->item, *slot;
	size_t at;

	if (!p->has_item)
		return ASSAY_OK;
	p->has_item = false;
	/* A container that only repeats a member's marking adds nothing. */
	if (!i->findings.len &&
	    (!i->spill && (rank_tier(i) == 0 || strcmp(i->where, "member") == 0)))
		return ASSAY_OK;
	d->matter++;
	for (at = d->items.len; at > 0; at--)
		if (item_order(&d->items.items[at - 1], i) <= 0)
			break;
	if (at >= p->options.top)
		return ASSAY_OK;
	if (d->items.len == p->options.top)
		item_done(&d->items.items[--d->items.len]);
	slot = vec_push(&d->items);
	if (!slot)
		return assay_fail_memory(p->err, "report");
	memmove(&d->items.items[at + 1], &d->items.items[at], (d->items.len - 1 - at) * sizeof(*i));
	if (i->findings.len)
		qsort(i->findings.items, i->findings.len, sizeof(*i->findings.items),
		      finding_order);
	d->items.items[at] = *i;
	*i = (struct digest_item){ 0 };
	return ASSAY_OK;
}

static void keep_line(const struct pass *p, struct buf *lines)
{
	const char *line;
	size_t len;

	if (!p->options.keep_lines)
		return;
	line = event_line(p->e, &len);
	if (lines->len + len + 1 > lines->limit)
		return;
	if (lines->len)
		buf_add_byte(lines, ',');
	buf_add(lines, line, len);
}

static void count_mark(struct digest *d, const struct digest_item *i)
{
	struct digest_mark *m;

	for (size_t k = 0; k < d->marks.len; k++) {
		m = &d->marks.items[k];
		if (strcmp(m->label, i->label) == 0) {
			m->count++;
			return;
		}
	}
	m = vec_push(&d->marks);
	if (!m)
		return;
	*m = (struct digest_mark){ .tier = i->tier, .count = 1 };
	memcpy(m->label, i->label, sizeof(m->label));
}

static bool has_verdict(const struct event *e, const char *verdict)
{
	size_t n = event_count(e, "verdicts");

	for (size_t i = 0; i < n; i++) {
		char key[32];
		const char *v;

		snprintf(key, sizeof(key), "verdicts.%zu", i);
		v = event_str(e, key);
		if (v && strcmp(v, verdict) == 0)
			return true;
	}
	return false;
}

/** A list of words, `, ` between them. */
static void put_words(const struct event *e, const char *list, char *to, size_t cap)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(KiB);
	size_t n = event_count(e, list);

	for (size_t i = 0; i < n && i < 8; i++) {
		char key[48];
		const char *word;

		snprintf(key, sizeof(key), "%s.%zu", list, i);
		word = event_str(e, key);
		if (word)
			buf_printf(&all, "%s%s", all.len ? ", " : "", word);
	}
	put(to, cap, all.data);
}

/** `header OFFICIAL, metadata SECRET` */
static void put_marks(const struct event *e, char *to, size_t cap)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(KiB);
	size_t n = event_count(e, "marking.places");

	for (size_t i = 0; i < n && i < 8; i++) {
		char where[48], label[48];

		snprintf(where, sizeof(where), "marking.places.%zu.where", i);
		snprintf(label, sizeof(label), "marking.places.%zu.label", i);
		if (event_str(e, where) && event_str(e, label))
			buf_printf(&all, "%s%s %s", all.len ? ", " : "", event_str(e, where),
				   event_str(e, label));
	}
	put(to, cap, all.data);
}

static enum assay_status on_object(struct pass *p)
{
	const struct event *e = p->e;
	struct digest_item *i = &p->item;
	const char *coverage = event_str(e, "coverage"), *obj = event_str(e, "obj");
	enum assay_status st = settle_item(p);

	if (st < 0)
		return st;
	item_done(i);
	*i = (struct digest_item){
		.name = place_name(e),
		.marked = event_has(e, "marking"),
		.tier = (unsigned)MIN(event_int(e, "marking.tier"), (uint64_t)ASSAY_TIERS - 1),
		.spill = has_verdict(e, "spill"),
		.in_part = coverage && strcmp(coverage, "partial") == 0,
		.findings = VEC_INIT(FINDINGS_MAX),
		.object = BUF_INIT(LINES_MAX),
		.finding_lines = BUF_INIT(LINES_MAX),
		.gap_lines = BUF_INIT(LINES_MAX),
	};
	if (!i->name)
		return assay_fail_memory(p->err, "report");
	p->has_item = true;
	put(p->obj, sizeof(p->obj), obj);
	put(i->label, sizeof(i->label), event_str(e, "marking.label"));
	put(i->where, sizeof(i->where), event_str(e, "marking.where"));
	put_marks(e, i->places, sizeof(i->places));
	put_words(e, "marking.conflicts", i->conflicts, sizeof(i->conflicts));
	if (i->marked && strcmp(i->where, "member") != 0)
		count_mark(p->d, i);
	keep_line(p, &i->object);
	return ASSAY_OK;
}

/* ---- findings ------------------------------------------------------------------- */

/** Kinds of places, the ones that tell most first. */
static const struct {
	const char *key;
	const char *word; /* before the value; the same word is not said twice */
	bool is_text;
} places[] = {
	{ "cell", "", true },          { "page", "page ", false }, { "slide", "slide ", false },
	{ "header", "header ", true }, { "line", "line ", false }, { "row", "row ", false },
	{ "part", "", true },
};

static bool add_place(struct buf *out, const struct event *e, const char *occurrence, size_t kind)
{
	char key[64];
	const char *text;

	snprintf(key, sizeof(key), "%s.loc.%s", occurrence, places[kind].key);
	if (!places[kind].is_text) {
		uint64_t number = event_int(e, key);

		return number && buf_printf(out, "%llu", (unsigned long long)number);
	}
	text = event_str(e, key);
	if (!text)
		return false;
	snprintf(key, sizeof(key), "%s.loc.sheet", occurrence);
	if (event_str(e, key) && strcmp(places[kind].key, "cell") == 0) {
		add_escaped(out, event_str(e, key));
		buf_add_byte(out, '!');
	}
	add_escaped(out, text);
	if (strcmp(places[kind].key, "cell") == 0 && !event_str(e, key)) {
		/* A text table: the column's letters, and the line to them. */
		snprintf(key, sizeof(key), "%s.loc.line", occurrence);
		if (event_int(e, key) && !strpbrk(text, "0123456789"))
			buf_printf(out, "%llu", (unsigned long long)event_int(e, key));
	}
	return true;
}

/** The first few different places of a finding: "line 3, 17, 40 ..." */
static void put_places(struct digest_finding *f, const struct event *e)
{
	CLEANUP(buf_done) struct buf all = BUF_INIT(4 * KiB);
	CLEANUP(buf_done) struct buf one = BUF_INIT(2 * KiB);
	CLEANUP(buf_done) struct buf last = BUF_INIT(2 * KiB);
	size_t n = event_count(e, "occurrences"), shown = 0, last_kind = ARRAY_SIZE(places);

	for (size_t i = 0; i < n && i < 50 && shown <= PLACES_SHOWN; i++) {
		char key[32];
		size_t kind = 0;

		snprintf(key, sizeof(key), "occurrences.%zu", i);
		buf_clear(&one);
		while (kind < ARRAY_SIZE(places) && !add_place(&one, e, key, kind))
			kind++;
		if (kind == ARRAY_SIZE(places) || !one.len)
			continue;
		if (kind == last_kind && last.len == one.len &&
		    memcmp(last.data, one.data, one.len) == 0)
			continue;
		if (shown == PLACES_SHOWN) {
			buf_add_str(&all, ", \xE2\x80\xA6");
			break;
		}
		buf_add_str(&all, shown ? ", " : "");
		buf_add_str(&all, kind == last_kind ? "" : places[kind].word);
		buf_add(&all, one.data, one.len);
		buf_clear(&last);
		buf_add(&last, one.data, one.len);
		last_kind = kind;
		shown++;
	}
	if (!all.len)
		return;
	/* It is escaped already. */
	snprintf(f->places, sizeof(f->places), "%s", all.data);
}

static struct digest_rule *rule_sum(struct digest *d, const char *id)
{
	struct digest_rule *r;

	for (size_t i = 0; i < d->by_rule.len; i++)
		if (strcmp(d->by_rule.items[i].id, id) == 0)
			return &d->by_rule.items[i];
	r = vec_push(&d->by_rule);
	if (!r)
		return NULL;
	*r = (struct digest_rule){ 0 };
	snprintf(r->id, sizeof(r->id), "%s", id);
	return r;
}

/** Matches that count: those below the run's threshold are there for arithmetic alone. */
static uint64_t reported_count(const struct pass *p)
{
	enum assay_confidence c = confidence_of(p->d->min_confidence);
	uint64_t count = 0;

	for (; c <= ASSAY_HIGH; c++) {
		char key[32];

		snprintf(key, sizeof(key), "counts.%s", assay_confidence_name(c));
		count += MIN(event_int(p->e, key), UINT64_MAX / 8);
	}
	return count;
}

static void sum_finding(struct digest *d, const struct digest_finding *f, uint64_t unique)
{
	struct digest_rule *r = rule_sum(d, f->rule);

	if (!r)
		return;
	r->severity = MAX(r->severity, f->severity);
	r->confidence = MAX(r->confidence, f->confidence);
	r->files++;
	r->count += f->count;
	r->unique += unique;
}

static enum assay_status on_finding(struct pass *p)
{
	const struct event *e = p->e;
	const char *obj = event_str(e, "obj");
	struct digest_item *i = &p->item;
	bool is_ours = p->has_item && obj && strcmp(obj, p->obj) == 0;
	struct digest_finding f, *kept;
	const char *shown = NULL;

	if (is_ours)
		keep_line(p, &i->finding_lines);
	if (event_int(e, "part") > 0)
		return ASSAY_OK;
	f = (struct digest_finding){
		.severity = severity_of(event_str(e, "severity")),
		.confidence = confidence_of(event_str(e, "confidence")),
		.count = reported_count(p),
		.hidden = event_int(e, "hidden"),
	};
	put(f.rule, sizeof(f.rule), event_str(e, "rule"));
	sum_finding(p->d, &f, event_int(e, "unique"));
	if (!is_ours)
		return ASSAY_OK;
	i->worst = MAX(i->worst, finding_weight(&f));
	i->hits += f.count;
	if (p->options.show_values)
		shown = event_str(e, "occurrences.0.value");
	put(f.mask, sizeof(f.mask), shown ? shown : event_str(e, "occurrences.0.mask"));
	put_places(&f, e);
	kept = vec_push(&i->findings);
	if (kept)
		*kept = f;
	else
		i->findings_more++;
	return ASSAY_OK;
}

/* ---- the other events ----------------------------------------------------------- */

static enum assay_status on_gap(struct pass *p)
{
	struct digest *d = p->d;
	bool blocking = event_bool(p->e, "blocking");
	const char *obj = event_str(p->e, "obj");
	struct digest_gap *g = NULL;
	char reason[DIGEST_WORD];

	if (p->has_item && obj && strcmp(obj, p->obj) == 0)
		keep_line(p, &p->item.gap_lines);
	*(blocking ? &d->blocking_gaps : &d->other_gaps) += 1;
	put(reason, sizeof(reason), event_str(p->e, "reason"));
	for (size_t i = 0; i < d->gaps.len; i++)
		if (strcmp(d->gaps.items[i].reason, reason) == 0)
			g = &d->gaps.items[i];
	if (!g) {
		g = vec_push(&d->gaps);
		if (!g)
			return ASSAY_OK;
		*g = (struct digest_gap){ 0 };
		memcpy(g->reason, reason, sizeof(g->reason));
	}
	*(blocking ? &g->blocking : &g->other) += 1;
	for (size_t i = 0; i < DIGEST_EXAMPLES; i++)
		if (!g->examples[i]) {
			g->examples[i] = place_name(p->e);
			break;
		}
	return ASSAY_OK;
}

static enum assay_status on_begin(struct pass *p)
{
	struct digest *d = p->d;

	d->roots = event_count(p->e, "roots") + (size_t)event_int(p->e, "roots_omitted");
	put(d->root, sizeof(d->root), event_str(p->e, "roots.0.name"));
	d->rules_count = event_int(p->e, "rules.count");
	put(d->min_confidence, sizeof(d->min_confidence), event_str(p->e, "min_confidence"));
	buf_clear(&d->begin_line);
	keep_line(p, &d->begin_line);
	return ASSAY_OK;
}

static enum assay_status on_notice(struct pass *p)
{
	struct digest *d = p->d;
	const char *level = event_str(p->e, "level");
	char text[400], **kept, *copy;

	if (!level || strcmp(level, "info") == 0 || strcmp(level, "debug") == 0)
		return ASSAY_OK;
	put(text, sizeof(text), event_str(p->e, "text"));
	if (d->warnings.len == WARNINGS_KEPT) {
		d->warnings_more++;
		return ASSAY_OK;
	}
	copy = strdup(text);
	kept = copy ? vec_push(&d->warnings) : NULL;
	if (!kept) {
		free(copy);
		return assay_fail_memory(p->err, "report");
	}
	*kept = copy;
	return ASSAY_OK;
}

static enum assay_status on_end(struct pass *p)
{
	struct digest *d = p->d;
	const struct {
		const char *key;
		uint64_t *to;
	} numbers[] = {
		{ "exit", &d->exit },
		{ "counters.enumerated", &d->enumerated },
		{ "counters.complete", &d->complete },
		{ "counters.partial", &d->partial },
		{ "counters.none", &d->nothing },
		{ "counters.excluded", &d->excluded },
		{ "counters.members", &d->members },
		{ "wall_ms", &d->wall_ms },
		{ "bytes_read", &d->bytes_read },
	};

	d->ended = true;
	put(d->status, sizeof(d->status), event_str(p->e, "status"));
	put(d->sentence, sizeof(d->sentence), event_str(p->e, "sentence"));
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		*numbers[i].to = event_int(p->e, numbers[i].key);
	buf_clear(&d->end_line);
	keep_line(p, &d->end_line);
	return ASSAY_OK;
}

static enum assay_status on_event(struct pass *p)
{
	static const struct {
		const char *type;
		enum assay_status (*take)(struct pass *);
	} rows[] = {
		{ "object", on_object },   { "finding", on_finding }, { "gap", on_gap },
		{ "run_begin", on_begin }, { "notice", on_notice },   { "run_end", on_end },
	};
	const char *type = event_str(p->e, "type");

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(type, rows[i].type) == 0)
			return rows[i].take(p);
	return ASSAY_OK; /* of a later minor version */
}

/* ---- the pass ------------------------------------------------------------------- */

static int rule_order(const void *pa, const void *pb)
{
	const struct digest_rule *a = pa, *b = pb;
	unsigned wa = ((unsigned)a->severity + 1) * ((unsigned)a->confidence + 1),
		 wb = ((unsigned)b->severity + 1) * ((unsigned)b->confidence + 1);

	if (wa != wb)
		return wa > wb ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->id, b->id);
}

static int mark_order(const void *pa, const void *pb)
{
	const struct digest_mark *a = pa, *b = pb;

	if (a->tier != b->tier)
		return a->tier > b->tier ? -1 : 1;
	return strcmp(a->label, b->label);
}

static int gap_order(const void *pa, const void *pb)
{
	const struct digest_gap *a = pa, *b = pb;

	if (!a->blocking != !b->blocking)
		return a->blocking ? -1 : 1;
	if (a->blocking + a->other != b->blocking + b->other)
		return a->blocking + a->other > b->blocking + b->other ? -1 : 1;
	return strcmp(a->reason, b->reason);
}

#define SORT(v, order) \
	do { \
		if ((v).len) \
			qsort((v).items, (v).len, sizeof(*(v).items), order); \
	} while (0)

static void reader_freep(struct logread **r)
{
	logread_free(*r);
}

enum assay_status digest_read(int fd, const struct digest_options *options,
			      struct digest *ret_digest, struct assay_error *err)
{
	CLEANUP(reader_freep) struct logread *reader = NULL;
	struct digest *d = ret_digest;
	struct pass p = { .d = d, .options = *options, .err = err };
	enum assay_status st;

	p.options.top = MIN(MAX(p.options.top, (size_t)1), TOP_MAX);
	*d = (struct digest){
		.begin_line = BUF_INIT(LINES_MAX),
		.end_line = BUF_INIT(LINES_MAX),
		.items = VEC_INIT(p.options.top),
		.by_rule = VEC_INIT(RULES_KEPT),
		.marks = VEC_INIT(MARKS_KEPT),
		.gaps = VEC_INIT(GAPS_KEPT),
		.warnings = VEC_INIT(WARNINGS_KEPT),
	};
	st = logread_new(fd, &reader, err);
	while (st >= 0) {
		st = logread_next(reader, &p.e, err);
		if (st < 0 || !p.e)
			break;
		st = on_event(&p);
	}
	if (st >= 0)
		st = settle_item(&p);
	item_done(&p.item);
	SORT(d->by_rule, rule_order);
	SORT(d->marks, mark_order);
	SORT(d->gaps, gap_order);
	return st;
}

void digest_done(struct digest *d)
{
	for (size_t i = 0; i < d->items.len; i++)
		item_done(&d->items.items[i]);
	for (size_t i = 0; i < d->gaps.len; i++)
		for (size_t k = 0; k < DIGEST_EXAMPLES; k++)
			free(d->gaps.items[i].examples[k]);
	for (size_t i = 0; i < d->warnings.len; i++)
		free(d->warnings.items[i]);
	vec_done(&d->items);
	vec_done(&d->by_rule);
	vec_done(&d->marks);
	vec_done(&d->gaps);
	vec_done(&d->warnings);
	buf_done(&d->begin_line);
	buf_done(&d->end_line);
}
