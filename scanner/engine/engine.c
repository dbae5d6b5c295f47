/*
 * engine.c - an item in, objects out: identify, extract, recurse, report
 *
 * Members recurse here and nowhere else.  Every level has an object of its own; the
 * budget belongs to the top-level file and is shared by all of them.
 */
#include "engine.h"

#include <inttypes.h>
#include <stdio.h>

#include "budget.h"
#include "embedded.h"
#include "fail.h"
#include "identify.h"
#include "object.h"
#include "polyglot.h"
#include "range.h"
#include "selftest.h"
#include "texts.h"

struct level;

/** Smaller files are read with their holes. */
#define SPARSE_FROM_BYTES (1 * MiB)

struct assay_scanner {
	struct judge judge;
	struct identifier *identifier;
	struct budget budget;
	const struct assay_sink *sink;               /**< of the job at hand */
	struct object *objects[ASSAY_DEPTH_MAX + 1]; /**< by depth; made when first needed */
	struct assay_inner inner[ASSAY_DEPTH_MAX + 1];
	bool third_party; /**< a large parser of others ran */
	bool stopped;     /**< the sink wants no more */
};

/** One item on its way through, at one depth. */
struct level {
	assay_scanner *s;
	struct object *o;
	unsigned depth;
	const char *name;
	size_t name_len;
	struct input *in; /**< NULL: only listed */
	enum assay_reason lost;
	const char *lost_detail;
	const char *mime; /**< from the container, or NULL */
	enum assay_vis vis;
	uint64_t read_bytes; /**< of content */
	bool gave_members;
	enum assay_coverage coverage; /**< once it was reported */
	bool lost_members;            /**< a member was not, or not wholly, read */
	bool member_lost;             /**< a member was not wholly read, or one of its own */
	struct identity id;
	const struct extractor *front; /**< of what a zip stands behind: its metadata are read */
	bool front_only;               /**< that is being done */
};

static enum assay_status scan_level(struct level *l, struct assay_error *err);

/* The sink that extractors see. */

static enum assay_status on_text(void *ctx, const struct segment *seg, const char *text, size_t len,
				 struct source source, struct assay_error *err)
{
	struct level *l = ctx;
	struct segment hidden;
	enum assay_status st;

	if (l->front_only && seg->region != ASSAY_METADATA)
		return ASSAY_OK;
	st = budget_take_text(&l->s->budget, len, err);
	if (st < 0)
		return st;
	l->read_bytes += len;
	if (l->vis != ASSAY_SHOWN && seg->vis == ASSAY_SHOWN) {
		hidden = *seg;
		hidden.vis = l->vis;
		seg = &hidden;
	}
	/* What an earlier revision was labelled is text, and no label. */
	if (seg->region == ASSAY_METADATA && seg->vis != ASSAY_PREVIOUS_REVISION)
		object_metadata(l->o, seg, text, len);
	return stream_text(l->o->stream, seg, text, len, source, err);
}

static char *on_reserve(void *ctx, size_t *ret_cap)
{
	struct level *l = ctx;
	struct assay_error ignored;

	return stream_reserve(l->o->stream, ret_cap, &ignored);
}

static enum assay_status on_commit(void *ctx, const struct segment *seg, size_t len,
				   struct source source, struct assay_error *err)
{
	struct level *l = ctx;

	l->read_bytes += len;
	if (len == 0 && l->s->stopped)
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "stopped");
	return stream_commit(l->o->stream, seg, len, source, err);
}

static enum assay_status on_grid(void *ctx, const struct grid *grid, struct assay_error *err)
{
	struct level *l = ctx;

	return stream_grid(l->o->stream, grid, true, err);
}

static enum assay_status on_allow(void *ctx, uint64_t bytes, struct assay_error *err)
{
	struct budget *b = &((struct level *)ctx)->s->budget;
	enum assay_status st = budget_check_member(b, bytes, err);

	return st == ASSAY_OK ? budget_take_out(b, bytes, err) : st;
}

static enum assay_status on_gap(void *ctx, enum assay_reason reason, const char *detail,
				struct assay_error *err)
{
	struct level *l = ctx;

	(void)err;
	object_gap(l->o, reason, assay_reason_blocks(reason), detail);
	return ASSAY_OK;
}

/** A member's stream, counted as it is read. */
struct counted {
	struct level *parent;
	struct input *in;
	uint64_t bytes;
};

static enum assay_status read_counted(void *ctx, void *data, size_t cap, size_t *ret_got,
				      struct assay_error *err)
{
	struct counted *c = ctx;
	struct budget *b = &c->parent->s->budget;
	enum assay_status st = input_read(c->in, data, cap, ret_got, err), counted;

	counted = budget_take_out(b, *ret_got, st < 0 ? NULL : err);
	c->bytes += *ret_got;
	if (counted == ASSAY_OK && st == ASSAY_OK)
		return budget_check_member(b, c->bytes, err);
	return st < 0 ? st : counted;
}

/** Length of a name without its last suffix. */
static size_t stem_length(const char *name, size_t len)
{
	for (size_t i = len; i > 1; i--)
		if (name[i - 1] == '.')
			return i - 1;
	return len;
}

/** Where the last part of a name begins. */
static size_t last_part(const char *name, size_t len)
{
	while (len > 0 && name[len - 1] != '/')
		len--;
	return len;
}

/** Scan a member; what is lost of it is lost of its container. */
static enum assay_status scan_member(struct level *l, struct level *child, struct assay_error *err)
{
	enum assay_status st = scan_level(child, err);

	l->lost_members |= child->coverage != ASSAY_COMPLETE;
	return st;
}

static enum assay_status on_member(void *ctx, const struct member *m, struct input *in,
				   struct assay_error *err)
{
	struct level *l = ctx;
	assay_scanner *s = l->s;
	struct counted counted = { .parent = l, .in = in };
	struct input stream;
	struct level child = {
		.s = s,
		.depth = l->depth + 1,
		.name = m->name,
		.name_len = m->name_len,
		.in = in,
		.lost = m->lost,
		.lost_detail = m->lost_detail,
		.mime = m->mime,
		.vis = m->vis != ASSAY_SHOWN ? m->vis : l->vis,
	};
	enum assay_status st;

	if (l->front_only)
		return ASSAY_OK;
	st = budget_take_member(&s->budget, err);
	l->gave_members = true;
	if (st < 0)
		return st;
	if (m->name_len == 0) {
		/* A compressed stream that does not tell: d/letter.txt.gz holds letter.txt. */
		size_t at = last_part(l->name, l->name_len);

		child.name = l->name + at;
		child.name_len = stem_length(child.name, l->name_len - at);
	}
	if (child.depth > MIN(s->budget.limits->depth, ASSAY_DEPTH_MAX)) {
		object_gap(l->o, ASSAY_LIMIT_DEPTH, true, "members nested deeper were not opened");
		return ASSAY_OK;
	}
	s->inner[l->depth] = (struct assay_inner){
		.name = child.name,
		.len = MIN(child.name_len, s->budget.limits->name_bytes), /* all of it is scanned */
		.ordinal = m->ordinal,
	};
	if (m->lost || !in) {
		child.in = NULL;
	} else if (!input_seekable(in)) {
		input_from_stream(&stream, read_counted, &counted, m->size);
		child.in = &stream;
	}
	st = scan_member(l, &child, err);
	if (child.in == &stream)
		input_done(&stream);
	l->member_lost = l->member_lost || child.member_lost;
	return st;
}

static const struct sink_ops sink_ops = {
	.text = on_text,
	.reserve = on_reserve,
	.commit = on_commit,
	.grid = on_grid,
	.member = on_member,
	.allow = on_allow,
	.gap = on_gap,
};

/* One level. */

static const struct source derived = { .kind = SOURCE_DERIVED };

/** The item's own name is evidence, a paragraph of its own before the content. */
static enum assay_status scan_name(struct level *l, struct assay_error *err)
{
	struct segment seg = { .region = ASSAY_NAME, .loc.part = "name", .vis = l->vis };
	enum assay_status st;

	if (l->name_len == 0)
		return ASSAY_OK;
	st = stream_text(l->o->stream, &seg, l->name, l->name_len, derived, err);
	if (st == ASSAY_OK)
		st = stream_text(l->o->stream, &seg, "\n\n", 2, derived, err);
	l->o->first_line = stream_lines(l->o->stream);
	return st;
}

/** What an item that no reader is for, or one of its metadata alone, amounts to. */
static void note_unsupported(struct level *l, const char *read)
{
	char detail[96];

	if (strncmp(l->id.mime, "image/", 6) == 0) {
		object_gap(l->o, ASSAY_NO_TEXT, false, "a picture: its text is not read");
		return;
	}
	snprintf(detail, sizeof(detail), "no reader for %.40s: %s only", l->id.mime, read);
	object_gap(l->o, ASSAY_UNSUPPORTED_TYPE, !l->id.never_text, detail);
}

/** Bring a stream into memory, for a reader that needs to seek. */
static enum assay_status spool(struct level *l, struct buf *heap, struct input *ret_in,
			       struct assay_error *err)
{
	enum assay_status st;

	heap->limit = (size_t)l->s->budget.limits->member_bytes;
	st = input_slurp(l->in, heap, err);
	if (st < 0)
		return st;
	input_from_mem(ret_in, heap->data ? heap->data : "", heap->len);
	return ASSAY_OK;
}

/** Text with some order in it, which has none any more if most of it is holes. */
static bool is_text_family(const char *mime)
{
	static const char *const prefixes[] = { "text/", "application/json", "application/x-ndjson",
						"application/xml", "image/svg" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (strncmp(mime, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/** The label of a picture counts, also when a zip stands behind it: strings are that one's. */
static enum assay_status read_front(struct level *l, struct input *in,
				    const struct extract_sink *sink, struct assay_error *err)
{
	enum assay_status st;

	if (!l->front)
		return ASSAY_OK;
	l->front_only = true;
	st = l->front->run(in, sink, err);
	l->front_only = false;
	in->next = 0;
	return st == ASSAY_FATAL ? st : ASSAY_OK;
}

static enum assay_status run_extractor(struct level *l, struct assay_error *err)
{
	const struct extractor *x =
	    extractor_for(l->in->sparse && is_text_family(l->id.mime) ? "text/plain" : l->id.mime);
	struct extract_sink sink = {
		.ops = &sink_ops,
		.ctx = l,
		.limits = l->s->budget.limits,
	};
	CLEANUP(buf_done) struct buf heap = BUF_INIT(0);
	struct input spooled;
	enum assay_status st;

	if (!x || strcmp(l->id.mime, "application/octet-stream") == 0) {
		note_unsupported(l, "strings");
		x = extractor_for("application/octet-stream");
	} else if (x->metadata_only) {
		note_unsupported(l, "metadata and strings");
	}
	if (!x)
		return ASSAY_OK;
	if (!x->wants_seek || input_seekable(l->in)) {
		st = read_front(l, l->in, &sink, err);
		return st == ASSAY_OK ? x->run(l->in, &sink, err) : st;
	}
	st = spool(l, &heap, &spooled, err);
	if (st < 0)
		return st;
	st = read_front(l, &spooled, &sink, err);
	if (st == ASSAY_OK)
		st = x->run(&spooled, &sink, err);
	input_done(&spooled);
	return st;
}

/** A program, its text, a log, data: there SECRET is a word. */
static bool is_code(const struct identity *id)
{
	static const char *const prefixes[] = {
		"text/x-",
		"text/javascript",
		"application/json",
		"application/x-ndjson",
		"application/xml",
		"text/csv",
		"text/tab-",
		"application/x-elf",
		"application/vnd.microsoft.portable-executable",
		"application/java-vm",
		"application/x-java-image",
		"application/x-gettext",
	};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (strncmp(id->mime, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/** A type that is read as it stands, or not at all: members in it would not be seen. */
static bool is_raw(const struct identity *id)
{
	const struct extractor *x = extractor_for(id->mime);

	return !x || x->metadata_only || is_text_family(id->mime) ||
	       x == extractor_for("text/plain") || x == extractor_for("application/octet-stream");
}

static enum assay_status scan_content(struct level *l, struct assay_error *err)
{
	const uint8_t *head;
	size_t len, at;
	enum assay_status st = input_head(l->in, &head, &len, err);

	if (st < 0)
		return st;
	if (len == 0) {
		l->id = (struct identity){ .mime = "application/x-empty", .by = "magic" };
		return ASSAY_OK;
	}
	identify(l->s->identifier, head, len, len < INPUT_HEAD_BYTES, l->name, l->name_len, &l->id);
	l->in->has_encoding = l->id.has_encoding;
	l->in->encoding = l->id.encoding;
	if (l->mime && strcmp(l->id.mime, "application/octet-stream") == 0) {
		l->id.mime = l->mime;
		l->id.by = "container";
	}
	/* What lies before the archive is scanned as the slack of it. */
	if (is_raw(&l->id) && ends_in_zip(l->in)) {
		l->front = extractor_for(l->id.mime);
		if (l->front && !l->front->metadata_only)
			l->front = NULL;
		if (l->front)
			note_unsupported(l, "metadata and strings");
		l->id.mime = "application/zip";
		l->id.ext_mismatch = true;
	}
	/* The same for what no reader of text would open. */
	if (l->id.is_text && embedded_find(head, len, &at)) {
		l->id.mime = "application/octet-stream";
		l->id.is_text = false;
		l->id.ext_mismatch = true;
	}
	l->o->code = is_code(&l->id);
	l->o->table =
	    strncmp(l->id.mime, "text/csv", 8) == 0 || strncmp(l->id.mime, "text/tab-", 9) == 0;
	return run_extractor(l, err);
}

/** Errors that end the work on the whole top-level file, not only on this item. */
static bool ends_file(const struct assay_error *err)
{
	return err->reason == ASSAY_LIMIT_RATIO || err->reason == ASSAY_LIMIT_MEMBERS;
}

static enum assay_coverage coverage_of(const struct level *l, enum assay_status st)
{
	if (!l->in && l->lost)
		return ASSAY_NOTHING;
	if (st < 0)
		return l->read_bytes || l->gave_members ? ASSAY_PARTLY : ASSAY_NOTHING;
	if (l->lost_members)
		return ASSAY_PARTLY;
	for (size_t i = 0; i < l->o->gaps_len; i++)
		if (l->o->gaps[i].blocking || l->o->gaps[i].reason == ASSAY_UNSUPPORTED_TYPE ||
		    l->o->gaps[i].reason == ASSAY_NO_TEXT)
			return ASSAY_PARTLY;
	return l->member_lost ? ASSAY_PARTLY : ASSAY_COMPLETE;
}

/** Is anything of it not read that somebody should know of?  Then what holds it has not
 * been read whole either. */
static bool is_blocked(const struct level *l)
{
	for (size_t i = 0; i < l->o->gaps_len; i++)
		if (l->o->gaps[i].blocking)
			return true;
	return l->member_lost;
}

static void complete_gaps(struct level *l, struct assay_object *object)
{
	for (size_t i = 0; i < l->o->gaps_len; i++) {
		struct assay_gap *g = &l->o->gaps[i];

		g->limit = budget_limit_name(&l->s->budget, g->reason, &g->limit_value);
		g->bytes_examined = object->bytes;
		g->bytes_total = object->size;
	}
}

static enum assay_status emit(struct level *l, enum assay_status st, struct assay_error *err)
{
	struct assay_object object = {
		.inner = l->s->inner,
		.inner_len = l->depth,
		.mime = l->id.mime ? l->id.mime : "application/octet-stream",
		.mime_by = l->id.by ? l->id.by : "magic",
		.ext_mismatch = l->id.ext_mismatch,
		.bytes = l->read_bytes,
	};

	object_results(l->o, &object);
	object.coverage = l->coverage = coverage_of(l, st);
	l->member_lost = is_blocked(l);
	object.size = l->in && l->in->size != INPUT_SIZE_UNKNOWN ? l->in->size
		      : l->in                                    ? l->in->next
								 : 0;
	complete_gaps(l, &object);
	l->s->budget.hit = NULL;
	if (l->s->sink->object(l->s->sink->ctx, &object) != 0) {
		l->s->stopped = true;
		return assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "the sink wants no more");
	}
	if (l->depth > 0 && object.marking.label)
		object_member_marking(l->s->objects[l->depth - 1], &object.marking);
	return ASSAY_OK;
}

static struct object *object_at(assay_scanner *s, unsigned depth)
{
	if (!s->objects[depth])
		s->objects[depth] = object_new(&s->judge);
	return s->objects[depth];
}

static enum assay_status scan_level(struct level *l, struct assay_error *err)
{
	struct assay_error why = { 0 };
	enum assay_status st, read;

	l->o = object_at(l->s, l->depth);
	if (!l->o)
		return assay_fail_memory(err, "an object");
	object_reset(l->o);
	read = scan_name(l, &why);
	if (read == ASSAY_OK && l->in)
		read = scan_content(l, &why);
	if (read == ASSAY_FATAL && (l->s->stopped || why.reason == ASSAY_NO_MEMORY)) {
		*err = why;
		return ASSAY_FATAL;
	}
	if (read < 0)
		object_gap(l->o, why.reason, assay_reason_blocks(why.reason), why.detail);
	if (!l->in && l->lost)
		object_gap(l->o, l->lost, assay_reason_blocks(l->lost), l->lost_detail);
	st = object_finish(l->o, err);
	if (st == ASSAY_OK)
		st = emit(l, read, err);
	if (st == ASSAY_OK && read < 0 && l->depth > 0 && ends_file(&why)) {
		*err = why;
		return ASSAY_FAILED;
	}
	return st;
}

/* Jobs. */

static void start_job(assay_scanner *s, const struct assay_sink *sink, uint64_t size)
{
	budget_start(&s->budget, &s->judge.options.limits, size);
	s->sink = sink;
	s->third_party = false;
	s->stopped = false;
}

static enum assay_status scan_input(assay_scanner *s, struct input *in, const char *name,
				    size_t name_len, struct assay_error *err)
{
	struct level top = { .s = s, .in = in, .name = name, .name_len = name ? name_len : 0 };
	enum assay_status st = scan_level(&top, err);

	/* Only memory and the sink end a scan; all else is a gap of the object. */
	return st == ASSAY_FATAL ? st : ASSAY_OK;
}

/** Has a file holes worth to be skipped?  Its blocks alone do not tell: some file
 * systems compress, others do not say. */
static bool is_sparse(const struct engine_job *job)
{
	off_t hole;

	if (job->size <= SPARSE_FROM_BYTES || job->data_bytes >= job->size / 2)
		return false;
	hole = lseek(job->fd, 0, SEEK_HOLE);
	return hole >= 0 && (uint64_t)hole < job->size;
}

enum assay_status engine_run(assay_scanner *s, const struct engine_job *job,
			     const struct assay_sink *sink, struct engine_result *ret_result,
			     struct assay_error *err)
{
	struct input in;
	enum assay_status st;
	bool sparse = !job->blob_len && is_sparse(job);

	memset(ret_result, 0, offsetof(struct engine_result, blob));
	ret_result->blob_len = 0;
	ret_result->lines = ret_result->bytes = 0;
	ret_result->retire = false;
	/* What a file may bring out is by what is in it, not by its holes. */
	start_job(s, sink, sparse ? job->data_bytes : job->size);
	if (job->blob_len) {
		s->objects[0] = object_at(s, 0);
		return s->objects[0] ? range_scan(s->objects[0], job, sink, ret_result, err)
				     : assay_fail_memory(err, "an object");
	}
	input_from_fd(&in, job->fd, job->size);
	in.sparse = sparse;
	if (job->may_split && !sparse && job->size >= SPLIT_FROM_BYTES &&
	    range_wants_split(s->identifier, &in, job, ret_result) && !ends_in_zip(&in)) {
		input_done(&in);
		ret_result->split = true;
		return ASSAY_OK;
	}
	st = scan_input(s, &in, job->name, job->name_len, err);
	ret_result->bytes = MIN(in.size, MAX(in.next, in.head.len)) - in.skipped;
	ret_result->retire = s->third_party;
	input_done(&in);
	return st;
}

const uint8_t (*engine_hashes(assay_scanner *s, unsigned rule, size_t *ret_len))[ASSAY_FP_BYTES]
{
	return tally_hashes(s->objects[0]->tally, rule, ret_len);
}

/* A scanner's life. */

/** The rule that labels of metadata are reported under. */
static unsigned find_label_rule(const assay_ruleset *set, const bool *rules_off)
{
	for (unsigned i = 0; i < set->list->len; i++)
		if (strcmp(set->list->rules[i]->id, "marking.label") == 0)
			return rules_off && rules_off[i] ? NO_RULE : i;
	return NO_RULE;
}

/** A name the grammar does not know would leave a site's labels unseen. */
static enum assay_status check_label_names(const assay_ruleset *set, struct assay_error *err)
{
	for (size_t i = 0; i < set->list->labels_len; i++) {
		const struct assay_label_name *n = &set->list->labels[i];
		struct marking_value says;

		if (!marking_parse(n->marking, strlen(n->marking), false, &says))
			return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
					  "label %.60s: '%.60s' is no marking assay knows: write "
					  "it as a document would",
					  n->id, n->marking);
	}
	return ASSAY_OK;
}

enum assay_status engine_new(const assay_ruleset *set, const struct assay_scan_options *options,
			     enum match_isa isa, assay_scanner **ret_scanner,
			     struct assay_error *err)
{
	assay_scanner *s = calloc(1, sizeof(*s));
	enum assay_status st;

	if (!s)
		return assay_fail_memory(err, "the scanner");
	s->judge.set = set;
	s->judge.options = *options;
	s->judge.label_rule = find_label_rule(set, options->rules_off);
	roles_fill(&s->judge.roles, set);
	s->judge.value.limit = s->judge.mask.limit = 64 * KiB;
	st = matcher_new(set,
			 options->engine == ASSAY_ENGINE_REFERENCE ? MATCH_REFERENCE : MATCH_STAGED,
			 isa, &s->judge.matcher, err);
	if (st == ASSAY_OK)
		st = context_new(set, &s->judge.context, err);
	if (st == ASSAY_OK)
		st = check_label_names(set, err);
	if (st == ASSAY_OK) {
		s->identifier = identifier_new();
		keyed_init(&s->judge.mac, options->value_key);
		if (!s->identifier || !object_at(s, 0))
			st = assay_fail_memory(err, "the scanner");
	}
	if (st < 0) {
		assay_scanner_free(s);
		return st;
	}
	*ret_scanner = s;
	return ASSAY_OK;
}

void engine_warm(assay_scanner *s)
{
	identifier_warm(s->identifier);
	extractors_warm();
}

const char *engine_isa(const assay_scanner *s)
{
	return matcher_isa(s->judge.matcher);
}

enum assay_status assay_scanner_new(const assay_ruleset *set,
				    const struct assay_scan_options *options,
				    assay_scanner **ret_scanner, struct assay_error *err)
{
	enum assay_status st = ruleset_machine_code(set, err);

	return st == ASSAY_OK ? engine_new(set, options, MATCH_ISA_AUTO, ret_scanner, err) : st;
}

void assay_scanner_free(assay_scanner *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(s->objects); i++)
		object_free(s->objects[i]);
	matcher_free(s->judge.matcher);
	context_free(s->judge.context);
	free(s->judge.steps);
	buf_done(&s->judge.value);
	buf_done(&s->judge.mask);
	identifier_free(s->identifier);
	free(s);
}

enum assay_status assay_scan_fd(assay_scanner *s, int fd, const char *name,
				const struct assay_sink *sink, struct assay_error *err)
{
	struct input in;
	enum assay_status st;
	off_t size = lseek(fd, 0, SEEK_END);

	if (size < 0)
		return assay_fail(err, ASSAY_FAILED, ASSAY_IO_ERROR, "not a seekable file");
	start_job(s, sink, (uint64_t)size);
	input_from_fd(&in, fd, (uint64_t)size);
	st = scan_input(s, &in, name, name ? strlen(name) : 0, err);
	input_done(&in);
	return st;
}

enum assay_status assay_scan_buffer(assay_scanner *s, const void *data, size_t len,
				    const char *name, const struct assay_sink *sink,
				    struct assay_error *err)
{
	struct input in;
	enum assay_status st;

	start_job(s, sink, len);
	input_from_mem(&in, data, len);
	st = scan_input(s, &in, name, name ? strlen(name) : 0, err);
	input_done(&in);
	return st;
}

enum assay_status engine_selftest(assay_scanner *s, struct assay_error *err)
{
	enum assay_status st = selftest_formats(s->identifier, err);

	return st < 0 ? st : selftest_rules(s->judge.set, s->judge.matcher, err);
}

enum assay_status engine_try(assay_scanner *s, const char *text, size_t len, const char *field,
			     const struct assay_sink *sink, struct assay_error *err)
{
	const struct segment seg = { .field = field, .loc.line = 1 };
	const struct source source = { .kind = SOURCE_SAME };
	struct level l = { .s = s, .o = object_at(s, 0), .id = { .mime = "text/plain" } };
	enum assay_status st;

	start_job(s, sink, len);
	if (!l.o)
		return assay_fail_memory(err, "an object");
	object_reset(l.o);
	st = stream_text(l.o->stream, &seg, text, len, source, err);
	if (st == ASSAY_OK)
		st = object_finish(l.o, err);
	return st == ASSAY_OK ? emit(&l, ASSAY_OK, err) : st;
}

void engine_watch(assay_scanner *s, engine_judged_fn *told, void *ctx)
{
	s->judge.told = told;
	s->judge.told_ctx = ctx;
}

enum assay_status engine_texts(assay_scanner *s, int fd, uint64_t size, const char *name,
			       const struct texts_sink *sink, struct assay_error *err)
{
	struct input in;
	enum assay_status st;

	input_from_fd(&in, fd, size);
	st = texts_run(s->identifier, &in, name, &s->judge.options.limits, sink, err);
	input_done(&in);
	return st;
}
