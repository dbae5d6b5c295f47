/* engine.c - an item in, objects out: a scanner's life, and the jobs it is given */
#include "engine_parts.h"

#include "fail.h"
#include "polyglot.h"
#include "range.h"
#include "selftest.h"
#include "texts.h"

/** Smaller files are read with their holes. */
#define SPARSE_FROM_BYTES (1 * MiB)

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
	enum assay_status st = engine_scan_level(&top, err);

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
		s->objects[0] = engine_object_at(s, 0);
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
		if (!s->identifier || !engine_object_at(s, 0))
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
	struct level l = { .s = s, .o = engine_object_at(s, 0), .id = { .mime = "text/plain" } };
	enum assay_status st;

	start_job(s, sink, len);
	if (!l.o)
		return assay_fail_memory(err, "an object");
	object_reset(l.o);
	st = stream_text(l.o->stream, &seg, text, len, source, err);
	if (st == ASSAY_OK)
		st = object_finish(l.o, err);
	return st == ASSAY_OK ? engine_emit(&l, ASSAY_OK, err) : st;
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
