/* logobject.c - the events of an object: itself, its findings, its gaps */
#include "logparts.h"

#include <assert.h>

#include "fail.h"

#define PATH_MAX_RAW (6 * KiB) /* kept in base64 when the text is lossy */
#define INNER_MAX (10 * KiB)
#define LOW_MAX (10 * KiB)
/** A line with occurrences ends its part here: room for the tail. */
#define PART_AT (LOG_LINE_MAX - 256)

/** obj, root, path and inner: the same first keys of an object and of its gaps. */
static void add_place(struct buf *l, const struct log_entry *e)
{
	const struct assay_object *o = e->object;
	const char *path = e->file->path;
	size_t len = strlen(path), end;

	line_lit(l, ",\"obj\":");
	line_hex(l, e->obj, FP_BYTES);
	line_lit(l, ",\"root\":");
	line_str(l, e->root, ROOT_MAX);
	line_lit(l, ",\"path\":");
	if (!line_text(l, path, len, PATH_MAX_TEXT)) {
		line_lit(l, ",\"path_b64\":");
		line_base64(l, path, MIN(len, PATH_MAX_RAW));
	}
	line_lit(l, ",\"inner\":[");
	end = l->len + INNER_MAX;
	for (size_t i = 0; i < o->inner_len; i++) {
		size_t room = l->len < end ? end - l->len : 0;

		buf_add_str(l, i ? "," : "");
		if (i && room < WORD_MAX) {
			/* Too many, too long: the last name says more than those between. */
			i = o->inner_len - 1;
			room = WORD_MAX;
		}
		line_text(l, o->inner[i].name, o->inner[i].len, MIN(room, 4 * KiB));
	}
	line_lit(l, "]");
}

static void add_stat(struct buf *l, const struct log_entry *e)
{
	const struct stat *st = e->object->inner_len ? NULL : e->file->st;

	line_lit(l, ",\"size\":");
	line_int(l, e->object->size);
	if (!st) {
		line_lit(l, ",\"mtime\":null,\"ctime\":null");
		return;
	}
	line_lit(l, ",\"mtime\":");
	line_time(l, st->st_mtim.tv_sec, 1000);
	line_lit(l, ",\"ctime\":");
	line_time(l, st->st_ctim.tv_sec, 1000);
}

static void add_mode(struct buf *l, const struct log_entry *e)
{
	char text[] = "\"0000\"";
	unsigned mode;

	line_lit(l, ",\"sha256\":null,\"owner\":null,\"mode\":");
	if (e->object->inner_len || !e->file->st) {
		line_lit(l, "null");
	} else {
		mode = e->file->st->st_mode & 07777;
		for (unsigned i = 4; i > 0; i--, mode >>= 3)
			text[i] = (char)('0' + (mode & 7));
		buf_add(l, text, sizeof(text) - 1);
	}
	line_lit(l, ",\"acl_id\":null,\"exposure\":null");
}

/** `header OFFICIAL; metadata SECRET`, if it is more than the one place above. */
static void add_places(struct buf *l, const char *places)
{
	const char *separator = "";

	if (!places || !strstr(places, "; "))
		return;
	line_lit(l, ",\"places\":[");
	while (*places) {
		size_t len = strcspn(places, ";"), where = MIN(strcspn(places, " "), len);

		buf_add_str(l, separator);
		line_lit(l, "{\"where\":");
		line_text(l, places, where, WORD_MAX);
		line_lit(l, ",\"label\":");
		line_text(l, places + MIN(where + 1, len), len - MIN(where + 1, len), WORD_MAX);
		line_lit(l, "}");
		separator = ",";
		places += len + strspn(places + len, "; ");
	}
	line_lit(l, "]");
}

static void add_marking(struct buf *l, const struct assay_marking *m)
{
	if (!m->label) {
		line_lit(l, ",\"marking\":null");
		return;
	}
	line_lit(l, ",\"marking\":{\"label\":");
	line_str(l, m->label, WORD_MAX);
	line_lit(l, ",\"scheme\":");
	line_str(l, m->scheme, WORD_MAX);
	line_lit(l, ",\"tier\":");
	line_int(l, m->tier);
	line_lit(l, ",\"handling\":");
	line_list(l, m->handling, TEXT_MAX);
	line_lit(l, ",\"descriptors\":");
	line_list(l, m->descriptors, TEXT_MAX);
	line_lit(l, ",\"where\":");
	line_str(l, m->where, WORD_MAX);
	line_lit(l, ",\"confidence\":");
	line_str(l, assay_confidence_name(m->confidence), WORD_MAX);
	add_places(l, m->places);
	if (m->conflicts && *m->conflicts) {
		line_lit(l, ",\"conflicts\":");
		line_list(l, m->conflicts, TEXT_MAX);
	}
	line_lit(l, "}");
}

static const char *verdicts_of(const struct assay_marking *m)
{
	return m->label && m->conflicts && *m->conflicts ? "marking-conflict" : NULL;
}

static const struct rule *rule_of(const struct log *log, const struct assay_finding *f)
{
	assert(f->rule < log->rules->list->len);
	return log->rules->list->rules[f->rule];
}

static enum assay_confidence highest(const struct assay_finding *f)
{
	enum assay_confidence c = ASSAY_HIGH;

	while (c > ASSAY_LOW && !f->counts[c])
		c--;
	return c;
}

bool log_is_reported(const struct log *log, const struct assay_finding *f)
{
	return highest(f) >= log->options.min_confidence && f->counts[highest(f)];
}

/** Rules that hit, but below the threshold: a map of counts for --reclassify. */
static void add_low(struct log *log, const struct assay_object *o)
{
	struct buf *l = &log->line;
	size_t end = l->len + LOW_MAX;
	const char *separator = "";

	line_lit(l, ",\"low\":{");
	for (size_t i = 0; i < o->findings_len && l->len < end; i++) {
		const struct assay_finding *f = &o->findings[i];
		uint64_t total = 0;

		for (unsigned c = 0; c < ASSAY_CONFIDENCES; c++)
			total += f->counts[c];
		if (log_is_reported(log, f) || !total)
			continue;
		buf_add_str(l, separator);
		line_str(l, rule_of(log, f)->id, WORD_MAX);
		line_lit(l, ":");
		line_int(l, total);
		separator = ",";
	}
	line_lit(l, "}");
}

enum assay_status log_write_object(struct log *log, const struct log_entry *e,
				   struct assay_error *err)
{
	const struct assay_object *o = e->object;
	struct buf *l = log_event_begin(log, "object");

	add_place(l, e);
	add_stat(l, e);
	line_lit(l, ",\"mime\":");
	line_str(l, o->mime, WORD_MAX);
	line_lit(l, ",\"mime_by\":");
	line_str(l, o->mime_by, WORD_MAX);
	line_lit(l, ",\"ext_mismatch\":");
	line_bool(l, o->ext_mismatch);
	add_mode(l, e);
	add_marking(l, &o->marking);
	line_lit(l, ",\"label\":null,\"why\":[],\"verdicts\":");
	line_list(l, verdicts_of(&o->marking), WORD_MAX);
	line_lit(l, ",\"risk\":null,\"risk_parts\":null,\"age_days\":null,\"retention\":null,"
		    "\"dup\":null,\"coverage\":");
	line_str(l, assay_coverage_name(o->coverage), WORD_MAX);
	line_lit(l, ",\"cached\":false,\"state\":\"new\",\"bytes\":");
	line_int(l, o->bytes);
	line_lit(l, ",\"records\":");
	line_int(l, o->records);
	add_low(log, o);
	return log_event_end(log, err);
}

static void add_loc_key(struct buf *l, const char *key)
{
	if (l->data[l->len - 1] != '{')
		line_lit(l, ",");
	line_lit(l, "\"");
	buf_add_str(l, key);
	line_lit(l, "\":");
}

/* Keys of `loc` are there when the place is known. */

static void add_loc_int(struct buf *l, const char *key, uint64_t value)
{
	if (!value)
		return;
	add_loc_key(l, key);
	line_int(l, value);
}

static void add_loc_str(struct buf *l, const char *key, const char *value)
{
	if (!value)
		return;
	add_loc_key(l, key);
	line_str(l, value, WORD_MAX);
}

static void add_locator(struct buf *l, const struct assay_locator *at)
{
	line_lit(l, ",\"loc\":{");
	add_loc_int(l, "line", at->line);
	add_loc_int(l, "col", at->col);
	add_loc_int(l, "page", at->page);
	add_loc_str(l, "sheet", at->sheet);
	add_loc_str(l, "cell", at->cell);
	add_loc_int(l, "slide", at->slide);
	add_loc_str(l, "part", at->part);
	add_loc_str(l, "header", at->header);
	add_loc_int(l, "row", at->row);
	line_lit(l, "}");
}

static void add_occurrence(struct buf *l, const struct assay_occurrence *o)
{
	line_lit(l, "{\"off\":");
	if (o->off == ASSAY_NO_OFFSET)
		line_lit(l, "null");
	else
		line_int(l, o->off);
	line_lit(l, ",\"len\":");
	line_int(l, o->len);
	add_locator(l, &o->loc);
	line_lit(l, ",\"conf\":");
	line_str(l, assay_confidence_name(o->confidence), WORD_MAX);
	if (o->region != ASSAY_BODY) {
		line_lit(l, ",\"region\":");
		line_str(l, assay_region_name(o->region), WORD_MAX);
	}
	if (o->field) {
		line_lit(l, ",\"field\":");
		line_str(l, o->field, WORD_MAX);
	}
	if (o->vis != ASSAY_SHOWN) {
		line_lit(l, ",\"vis\":");
		line_str(l, assay_vis_name(o->vis), WORD_MAX);
	}
	line_lit(l, ",\"mask\":");
	line_str(l, o->mask, WORD_MAX);
	line_lit(l, ",\"fp\":");
	line_hex(l, o->fp, ASSAY_FP_BYTES);
	if (o->value) {
		line_lit(l, ",\"value\":");
		line_str(l, o->value, 2 * WORD_MAX);
	}
	line_lit(l, "}");
}

/** What a finding says once, in its first part. */
static void add_finding_head(struct buf *l, const struct rule *rule, const struct assay_finding *f)
{
	line_lit(l, ",\"rule_version\":");
	line_str(l, rule->version, WORD_MAX);
	line_lit(l, ",\"category\":");
	line_str(l, rule->category, WORD_MAX);
	line_lit(l, ",\"severity\":");
	line_str(l, assay_severity_name(rule->severity), WORD_MAX);
	line_lit(l, ",\"confidence\":");
	line_str(l, assay_confidence_name(highest(f)), WORD_MAX);
	line_lit(l, ",\"counts\":{\"high\":");
	line_int(l, f->counts[ASSAY_HIGH]);
	line_lit(l, ",\"medium\":");
	line_int(l, f->counts[ASSAY_MEDIUM]);
	line_lit(l, ",\"low\":");
	line_int(l, f->counts[ASSAY_LOW]);
	line_lit(l, "},\"unique\":");
	line_int(l, f->unique);
	line_lit(l, ",\"values_fp\":");
	line_hex(l, f->values_fp, ASSAY_FP_BYTES);
	line_lit(l, ",\"hidden\":");
	line_int(l, f->hidden);
	line_lit(l, ",\"state\":\"new\",\"suppressed\":null");
}

/** Are there occurrences that count as reported, beyond the listed ones? */
static bool is_truncated(const struct log *log, const struct assay_finding *f)
{
	uint64_t reported = 0;

	for (unsigned c = log->options.min_confidence; c < ASSAY_CONFIDENCES; c++)
		reported += f->counts[c];
	return reported > f->occurrences_len;
}

/** Occurrences from `from` on, as many as the line takes.  @return  the next one */
static size_t add_occurrences(struct buf *l, const struct assay_finding *f, size_t from)
{
	size_t i = from;

	line_lit(l, ",\"occurrences\":[");
	for (; i < f->occurrences_len; i++) {
		const size_t before = l->len;

		buf_add_str(l, i > from ? "," : "");
		add_occurrence(l, &f->occurrences[i]);
		if ((l->failed || l->len > PART_AT) && i > from) {
			l->len = before;
			l->failed = false;
			break;
		}
	}
	line_lit(l, "]");
	return i;
}

enum assay_status log_write_finding(struct log *log, const struct log_entry *e,
				    const struct assay_finding *f, struct assay_error *err)
{
	const struct rule *rule = rule_of(log, f);
	uint8_t id[FP_BYTES];
	size_t next = 0;

	identity_hash(&log->identity, rule->id, e->root, e->file->path, e->object, id);
	for (unsigned part = 0; part == 0 || next < f->occurrences_len; part++) {
		struct buf *l = log_event_begin(log, "finding");
		enum assay_status st;

		line_lit(l, ",\"finding_id\":");
		line_hex(l, id, FP_BYTES);
		line_lit(l, ",\"obj\":");
		line_hex(l, e->obj, FP_BYTES);
		line_lit(l, ",\"rule\":");
		line_str(l, rule->id, WORD_MAX);
		if (part == 0)
			add_finding_head(l, rule, f);
		next = add_occurrences(l, f, next);
		line_lit(l, ",\"truncated\":");
		line_bool(l, is_truncated(log, f));
		line_lit(l, ",\"part\":");
		line_int(l, part);
		st = log_event_end(log, err);
		if (st < 0)
			return st;
	}
	return ASSAY_OK;
}

enum assay_status log_write_gap(struct log *log, const struct log_entry *e,
				const struct assay_gap *g, struct assay_error *err)
{
	struct buf *l = log_event_begin(log, "gap");

	add_place(l, e);
	line_lit(l, ",\"reason\":");
	line_str(l, assay_reason_name(g->reason), WORD_MAX);
	line_lit(l, ",\"detail\":");
	line_str(l, g->detail ? g->detail : "", TEXT_MAX);
	line_lit(l, ",\"limit\":");
	if (g->limit) {
		line_lit(l, "{\"name\":");
		line_str(l, g->limit, WORD_MAX);
		line_lit(l, ",\"value\":");
		line_int(l, g->limit_value);
		line_lit(l, "}");
	} else {
		line_lit(l, "null");
	}
	line_lit(l, ",\"bytes_examined\":");
	line_int(l, g->bytes_examined);
	line_lit(l, ",\"bytes_total\":");
	if (g->bytes_total)
		line_int(l, g->bytes_total);
	else
		line_lit(l, "null");
	line_lit(l, ",\"blocking\":");
	line_bool(l, g->blocking);
	return log_event_end(log, err);
}
