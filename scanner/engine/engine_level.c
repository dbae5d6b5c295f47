/* engine_level.c - an item at one depth: identify, extract, settle, report */
#include "engine_parts.h"

#include <stdio.h>

#include "embedded.h"
#include "fail.h"
#include "polyglot.h"

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
		.ops = &engine_sink_ops,
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
	l->s->third_party |= x->third_party;
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
		"application/x-python-code",
		"application/x-bytecode",
		"application/wasm",
		"application/x-mach",
		"application/vnd.android.dex",
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

enum assay_status engine_emit(struct level *l, enum assay_status st, struct assay_error *err)
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

struct object *engine_object_at(assay_scanner *s, unsigned depth)
{
	if (!s->objects[depth])
		s->objects[depth] = object_new(&s->judge);
	return s->objects[depth];
}

enum assay_status engine_scan_level(struct level *l, struct assay_error *err)
{
	struct assay_error why = { 0 };
	enum assay_status st, read;

	l->o = engine_object_at(l->s, l->depth);
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
		st = engine_emit(l, read, err);
	if (st == ASSAY_OK && read < 0 && l->depth > 0 && ends_file(&why)) {
		*err = why;
		return ASSAY_FAILED;
	}
	return st;
}
