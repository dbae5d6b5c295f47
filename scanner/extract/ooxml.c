/*
 * ooxml.c - docx, xlsx, pptx and their macro and template kin
 *
 * Every XML part is read, known or not; every other part is a member.
 */
#include "ooxml.h"

#include <stdio.h>
#include <strings.h>

#include "decode.h"
#include "fail.h"

#define NAME_MAX_BYTES 512

#define FIELD_MAX 128

/* --- properties -------------------------------------------------------------------------- */

/* A label's attributes are its content.  `field` is the segment's, and changes. */
static enum assay_status send_attrs(struct ooxml *o, const struct segment *seg,
				    char field[FIELD_MAX], const struct markup_token *t,
				    struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < t->attrs_len && st == ASSAY_OK; i++) {
		const struct markup_attr *a = &t->attrs[i];

		if (!a->value_len || a->name_len != a->local_len ||
		    name_is(a->name, a->name_len, "xmlns"))
			continue;
		copy_name(field, FIELD_MAX, a->local, a->local_len);
		st = ooxml_line(o, seg, a->value, a->value_len, err);
		if (st == ASSAY_OK)
			st = ooxml_flush(o, err);
	}
	return st;
}

/* docProps/: the field is the property's name, of its own or the application's. */
static enum assay_status read_properties(struct ooxml *o, size_t index, struct segment seg,
					 struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	struct markup_token t;
	char field[FIELD_MAX] = "";
	bool open = false;
	enum assay_status st = part_open(o, index, &p, err);

	seg.region = ASSAY_METADATA;
	seg.field = field;
	while (part_more(o, &p, &t, &st, err)) {
		if (t.kind == MARKUP_START) {
			const struct markup_attr *name =
			    markup_is(&p.m, &t, "property") ? xml_attr(&t, "name") : NULL;

			/* vt: is the type of a value, not its name. */
			if (!name && t.name_len >= 3 && !memcmp(t.name, "vt:", 3))
				continue;
			st = ooxml_flush(o, err);
			if (st == ASSAY_OK && !name)
				st = send_attrs(o, &seg, field, &t, err);
			copy_name(field, sizeof(field), name ? name->value : t.local,
				  name ? name->value_len : t.local_len);
		} else if (t.kind == MARKUP_TEXT && (open || !is_all_space(t.text, t.len))) {
			open = true;
			st = ooxml_text(o, &seg, t.text, t.len, err);
		} else if (t.kind == MARKUP_END && open) {
			open = false;
			st = ooxml_text(o, &seg, "\n", 1, err);
		}
	}
	if (st == ASSAY_OK)
		st = part_close(o, &p, err);
	return st == ASSAY_OK ? ooxml_flush(o, err) : st;
}

/* Relations: where they lead outside of the document. */
static enum assay_status read_links(struct ooxml *o, size_t index, struct segment seg,
				    struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	struct markup_token t;
	enum assay_status st = part_open(o, index, &p, err);

	while (part_more(o, &p, &t, &st, err)) {
		const struct markup_attr *to;

		if (t.kind == MARKUP_TEXT && !is_all_space(t.text, t.len))
			st = ooxml_text(o, &seg, t.text, t.len, err);
		if (t.kind != MARKUP_START || !attr_is(xml_attr(&t, "TargetMode"), "External"))
			continue;
		to = xml_attr(&t, "Target");
		if (!to)
			continue;
		st = ooxml_line(o, &seg, to->value, to->value_len, err);
	}
	if (st == ASSAY_OK)
		st = part_close(o, &p, err);
	return st == ASSAY_OK ? ooxml_flush(o, err) : st;
}

/* The settings of a printer: a name and numbers, in Windows' own form. */
static enum assay_status read_printer(struct ooxml *o, size_t index, struct segment seg,
				      struct assay_error *err)
{
	const uint8_t *data = NULL;
	size_t len = 0, run = 0, took;
	enum zip_load load;
	char text[512];
	bool ascii;
	enum assay_status st = zip_load(&o->zip, index, &o->scratch, &data, &len, &load, err);

	seg.region = ASSAY_METADATA;
	seg.field = "printer";
	if (st != ASSAY_OK || load != ZIP_LOADED)
		return st == ASSAY_OK ? zip_give(&o->zip, index, &o->scratch, ASSAY_SHOWN, err)
				      : st;
	for (size_t at = 0; at + 2 <= len + 1 && st == ASSAY_OK; at += 2) {
		bool letter = at + 2 <= len && !data[at + 1] && data[at] >= ' ' && data[at] < 127;

		run += letter ? 2 : 0;
		if (letter && run < 512)
			continue;
		if (run >= 8) {
			size_t n = utf16_to_utf8(data + at + (letter ? 2 : 0) - run, run, false,
						 text, sizeof(text), &took, &ascii);

			st = ooxml_line(o, &seg, text, n, err);
		}
		run = 0;
	}
	return st == ASSAY_OK ? ooxml_flush(o, err) : st;
}

/* --- slides ------------------------------------------------------------------------------- */

/* What hangs on a slide: o->rels are its own. */
static enum assay_status read_hanging(struct ooxml *o, uint32_t slide, struct assay_error *err)
{
	static const struct {
		const char *prefix;
		enum assay_region region;
		enum assay_vis vis;
	} hanging[] = {
		{ "ppt/notesSlides/", ASSAY_NOTE, ASSAY_NOTES },
		{ "ppt/comments/", ASSAY_COMMENT, ASSAY_SHOWN },
	};
	enum assay_status st = ASSAY_OK;

	for (size_t at = 0; at < o->rels.len && st == ASSAY_OK;) {
		const char *key = o->rels.data + at, *target = key + strlen(key) + 1;
		size_t index = ooxml_find(o, target, strlen(target));

		at += strlen(key) + strlen(target) + 2;
		for (size_t k = 0; k < ARRAY_SIZE(hanging) && st == ASSAY_OK; k++) {
			struct segment seg = { .region = hanging[k].region,
					       .vis = hanging[k].vis,
					       .loc = { .part = target, .slide = slide } };

			if (index >= o->done.len || o->done.items[index] ||
			    !name_starts(target, hanging[k].prefix))
				continue;
			o->done.items[index] = true;
			st = ooxml_flow(o, index, seg, err);
		}
	}
	return st;
}

/* Slides in the order of the show. */
static enum assay_status read_slides(struct ooxml *o, const char *const *slides, size_t len,
				     struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < len && st == ASSAY_OK; i++) {
		size_t index = ooxml_find(o, slides[i], strlen(slides[i]));
		struct segment seg = { .loc = { .part = slides[i], .slide = (uint32_t)i + 1 } };

		if (index >= o->done.len || o->done.items[index])
			continue;
		o->done.items[index] = true;
		st = ooxml_flow(o, index, seg, err);
		if (st == ASSAY_OK)
			st = ooxml_rels(o, slides[i], err);
		if (st == ASSAY_OK)
			st = read_hanging(o, (uint32_t)i + 1, err);
	}
	return st;
}

static enum assay_status read_presentation(struct ooxml *o, struct assay_error *err)
{
	static const char name[] = "ppt/presentation.xml";
	CLEANUP(part_done) struct part p = { 0 };
	struct vec(const char *) slides = VEC_INIT(10000);
	size_t index = ooxml_find(o, name, strlen(name));
	struct markup_token t;
	enum assay_status st;

	if (index == SIZE_MAX)
		return ASSAY_OK;
	st = ooxml_rels(o, name, err);
	if (st == ASSAY_OK)
		st = part_open(o, index, &p, err);
	while (part_more(o, &p, &t, &st, err)) {
		if (t.kind != MARKUP_START || !markup_is(&p.m, &t, "sldId"))
			continue;
		for (size_t i = 0; i < t.attrs_len; i++) {
			const char *target =
			    t.attrs[i].name_len == t.attrs[i].local_len
				? NULL
				: ooxml_target(o, t.attrs[i].value, t.attrs[i].value_len);
			char *copy = target ? strdup(target) : NULL;
			const char **slot = copy ? vec_push(&slides) : NULL;

			if (slot)
				*slot = copy;
			else
				free(copy);
		}
	}
	part_done(&p);
	if (st == ASSAY_OK)
		st = read_slides(o, slides.items, slides.len, err);
	for (size_t i = 0; i < slides.len; i++)
		free((void *)(uintptr_t)slides.items[i]);
	vec_done(&slides);
	return st;
}

/* --- the whole ---------------------------------------------------------------------------- */

typedef enum assay_status part_fn(struct ooxml *o, size_t index, struct segment seg,
				  struct assay_error *err);

/* What a part is, by where it stands; the first row that fits. */
static const struct kind {
	const char *prefix;
	const char *infix;
	enum assay_region region;
	enum assay_vis vis;
	part_fn *read;
} kinds[] = {
	{ "[Content_Types].xml", "", ASSAY_BODY, ASSAY_SHOWN, read_links },
	{ "", "_rels/", ASSAY_BODY, ASSAY_SHOWN, read_links },
	{ "docProps/", ".xml", ASSAY_METADATA, ASSAY_SHOWN, read_properties },
	{ "docMetadata/", ".xml", ASSAY_METADATA, ASSAY_SHOWN, read_properties },
	{ "", "/printerSettings", ASSAY_METADATA, ASSAY_SHOWN, read_printer },
	{ "word/header", "", ASSAY_HEADER, ASSAY_SHOWN, ooxml_flow },
	{ "word/footer", "", ASSAY_FOOTER, ASSAY_SHOWN, ooxml_flow },
	{ "word/comments", "", ASSAY_COMMENT, ASSAY_SHOWN, ooxml_flow },
	{ "word/people", "", ASSAY_METADATA, ASSAY_SHOWN, ooxml_flow },
	{ "word/footnotes", "", ASSAY_NOTE, ASSAY_SHOWN, ooxml_flow },
	{ "word/endnotes", "", ASSAY_NOTE, ASSAY_SHOWN, ooxml_flow },
	{ "ppt/notesSlides/", "", ASSAY_NOTE, ASSAY_NOTES, ooxml_flow },
	{ "ppt/comment", "", ASSAY_COMMENT, ASSAY_SHOWN, ooxml_flow },
	{ "xl/comments", "", ASSAY_COMMENT, ASSAY_SHOWN, ooxml_flow },
	{ "xl/threadedComments/", "", ASSAY_COMMENT, ASSAY_SHOWN, ooxml_flow },
	{ "xl/persons/", "", ASSAY_METADATA, ASSAY_SHOWN, ooxml_flow },
	{ "xl/pivot", "", ASSAY_BODY, ASSAY_PIVOT_CACHE, ooxml_flow },
	{ "xl/externalLinks/", "", ASSAY_BODY, ASSAY_EXTERNAL_CACHE, ooxml_flow },
	{ "customXml/", "", ASSAY_METADATA, ASSAY_SHOWN, read_properties },
	{ "", "", ASSAY_BODY, ASSAY_SHOWN, ooxml_flow },
};

static bool ends(const char *name, const char *with)
{
	size_t n = strlen(name), w = strlen(with);

	return n >= w && !strcasecmp(name + n - w, with);
}

static enum assay_status read_part(struct ooxml *o, size_t index, struct assay_error *err)
{
	const struct zip_member *m = &o->zip.members.items[index];
	char part[NAME_MAX_BYTES];
	struct segment seg = { .loc = { .part = part } };
	const struct kind *k = kinds;
	bool xml;

	copy_name(part, sizeof(part), m->name, m->name_len);
	xml = m->name_len < sizeof(part) &&
	      (ends(part, ".xml") || ends(part, ".rels") || ends(part, ".vml"));
	while (!name_starts(part, k->prefix) || !strstr(part, k->infix))
		k++;
	seg.region = k->region;
	seg.vis = k->vis;
	if (m->hidden && seg.vis == ASSAY_SHOWN)
		seg.vis = ASSAY_HIDDEN_TEXT;
	if (zip_is_folder(m) || (!xml && k->read != read_printer))
		return zip_give(&o->zip, index, &o->scratch, ASSAY_SHOWN, err);
	return k->read(o, index, seg, err);
}

static enum assay_status read_all(struct ooxml *o, struct assay_error *err)
{
	enum assay_status st = read_presentation(o, err);

	if (st == ASSAY_OK)
		st = ooxml_workbook(o, err);
	/* Members found while reading are at the end of the list. */
	for (size_t i = 0; i < o->zip.members.len && st == ASSAY_OK; i++)
		if (i >= o->done.len || !o->done.items[i])
			st = read_part(o, i, err);
	return st;
}

static enum assay_status ooxml_run(struct input *in, const struct extract_sink *sink,
				   struct assay_error *err)
{
	struct ooxml o;
	enum assay_status st = ooxml_open(&o, in, sink, err);

	ooxml_flow_prepare(&o);
	if (st == ASSAY_OK)
		st = read_all(&o, err);
	if (st == ASSAY_OK)
		st = zip_finish(&o.zip, err);
	ooxml_done(&o);
	return st;
}

#define OPENXML "application/vnd.openxmlformats-officedocument."

static const char *const types[] = {
	OPENXML "wordprocessingml.document",
	OPENXML "wordprocessingml.template",
	OPENXML "spreadsheetml.sheet",
	OPENXML "spreadsheetml.template",
	OPENXML "presentationml.presentation",
	OPENXML "presentationml.slideshow",
	OPENXML "presentationml.template",
	OPENXML "presentationml.slide",
	"application/vnd.ms-word.document.macroEnabled.12",
	"application/vnd.ms-word.template.macroEnabled.12",
	"application/vnd.ms-excel.sheet.macroEnabled.12",
	"application/vnd.ms-excel.template.macroEnabled.12",
	"application/vnd.ms-excel.addin.macroEnabled.12",
	"application/vnd.ms-excel.sheet.binary.macroEnabled.12",
	"application/vnd.ms-powerpoint.presentation.macroEnabled.12",
	"application/vnd.ms-powerpoint.slideshow.macroEnabled.12",
	"application/vnd.ms-powerpoint.template.macroEnabled.12",
	"application/vnd.ms-powerpoint.addin.macroEnabled.12",
	"application/vnd.ms-visio.drawing",
	"application/vnd.ms-visio.drawing.macroEnabled.12",
	"application/vnd.ms-xpsdocument",
	"application/oxps",
	NULL,
};

const struct extractor ooxml_extractor = {
	.name = "ooxml",
	.types = types,
	.wants_seek = true,
	.run = ooxml_run,
};
