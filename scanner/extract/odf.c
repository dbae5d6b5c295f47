/*
 * odf.c - OpenDocument: odt, ods, odp and their templates
 *
 * Every XML part is read, known or not; every other part is a member.  Parts that the
 * manifest says are encrypted are a gap.
 */
#include "odf.h"

#include <stdio.h>
#include <strings.h>

#include "fail.h"
#include "table.h"

#define NAME_MAX_BYTES 512

/* --- the manifest ------------------------------------------------------------------------ */

static enum assay_status read_manifest(struct odf *o, struct assay_error *err)
{
	static const char name[] = "META-INF/manifest.xml";
	CLEANUP(part_done) struct part p = { 0 };
	CLEANUP(buf_done) struct buf entry = BUF_INIT(NAME_MAX_BYTES);
	size_t index = ooxml_find(&o->package, name, strlen(name));
	struct markup_token t;
	bool any = false;
	enum assay_status st;

	if (index == SIZE_MAX)
		return ASSAY_OK;
	o->package.done.items[index] = true;
	st = part_open(&o->package, index, &p, err);
	while (part_more(&o->package, &p, &t, &st, err)) {
		if (t.kind != MARKUP_START)
			continue;
		if (markup_is(&p.m, &t, "file-entry")) {
			const struct markup_attr *path = xml_attr(&t, "full-path");

			buf_clear(&entry);
			if (path && !memchr(path->value, 0, path->value_len))
				buf_add(&entry, path->value, path->value_len);
		} else if (markup_is(&p.m, &t, "encryption-data")) {
			any = true;
			if (entry.len && buf_add(&o->encrypted, entry.data, entry.len))
				buf_add_byte(&o->encrypted, '\0');
		}
	}
	if (st == ASSAY_OK)
		st = part_close(&o->package, &p, err);
	return st == ASSAY_OK && any ? sink_gap(o->out.sink, ASSAY_PASSWORD_PROTECTED,
						"parts of the document are encrypted", err)
				     : st;
}

static bool is_encrypted(const struct odf *o, const char *name, size_t len)
{
	const char *at = o->encrypted.data, *end = at ? at + o->encrypted.len : NULL;

	/* Files of an encrypted document have few parts. */
	for (size_t n = 0; at && at < end && n < 10000; n++) {
		size_t this = strnlen(at, (size_t)(end - at));

		if (this == len && !memcmp(at, name, len))
			return true;
		at += this + 1;
	}
	return false;
}

/* --- properties -------------------------------------------------------------------------- */

/* meta.xml: the field is the element's name, or the one its author gave. */
static enum assay_status read_meta(struct odf *o, size_t index, const struct segment *part,
				   struct assay_error *err)
{
	CLEANUP(part_done) struct part p = { 0 };
	struct segment seg = *part;
	struct markup_token t;
	char field[128] = "";
	bool open = false;
	enum assay_status st = part_open(&o->package, index, &p, err);

	seg.region = ASSAY_METADATA;
	seg.field = field;
	while (part_more(&o->package, &p, &t, &st, err)) {
		const struct markup_attr *a;

		switch (t.kind) {
		case MARKUP_START:
			a = markup_is(&p.m, &t, "user-defined") ? xml_attr(&t, "name") : NULL;
			copy_name(field, sizeof(field), a ? a->value : t.local,
				  a ? a->value_len : t.local_len);
			a = xml_attr(&t, "href");
			if (a)
				st = textout_line(&o->out, &seg, a->value, a->value_len, err);
			break;
		case MARKUP_TEXT:
			if (!open && t.len && is_space(t.text[0]) && t.text[0] != ' ')
				break;
			open = true;
			st = textout_put(&o->out, &seg, t.text, t.len, err);
			break;
		case MARKUP_COMMENT:
			st = textout_put(&o->out, &seg, t.text, t.len, err);
			break;
		case MARKUP_END:
			if (open)
				st = textout_put(&o->out, &seg, "\n", 1, err);
			open = false;
			break;
		default:
			break;
		}
	}
	if (st == ASSAY_OK)
		st = part_close(&o->package, &p, err);
	if (st == ASSAY_OK)
		st = textout_break(&o->out, part, err);
	return st == ASSAY_OK ? textout_flush(&o->out, err) : st;
}

/* --- the whole --------------------------------------------------------------------------- */

static bool ends(const char *name, const char *with)
{
	size_t n = strlen(name), w = strlen(with);

	return n >= w && !strcasecmp(name + n - w, with);
}

/* A picture of an object, in a form of its own: the object itself is there, too. */
static enum assay_status read_strings(struct odf *o, size_t index, const struct segment *seg,
				      struct assay_error *err)
{
	CLEANUP(input_done) struct input in;
	struct ooxml *package = &o->package;
	enum zip_load load;
	const uint8_t *data = NULL;
	size_t len = 0;
	enum assay_status st =
	    zip_load(&package->zip, index, &package->scratch, &data, &len, &load, err);

	input_from_mem(&in, data ? data : (const uint8_t *)"", len);
	if (st != ASSAY_OK)
		return st;
	if (load != ZIP_LOADED)
		return zip_give(&package->zip, index, &package->scratch, seg->vis, err);
	st = textout_strings(&o->out, seg, &in, err);
	return st == ASSAY_OK ? textout_flush(&o->out, err) : st;
}

static enum assay_status read_part(struct odf *o, size_t index, struct assay_error *err)
{
	const struct zip_member *m = &o->package.zip.members.items[index];
	char part[NAME_MAX_BYTES];
	struct segment seg = { .loc = { .part = part } };

	if (is_encrypted(o, m->name, m->name_len))
		return ASSAY_OK; /* told already */
	copy_name(part, sizeof(part), m->name, m->name_len);
	if (m->hidden)
		seg.vis = ASSAY_HIDDEN_TEXT;
	if (!strncmp(part, "ObjectReplacements/", 19) || !strcmp(part, "layout-cache"))
		return read_strings(o, index, &seg, err);
	/* Empty folders that every document has. */
	if (zip_is_folder(m) && !strncmp(part, "Configurations2/", 16))
		return ASSAY_OK;
	if (zip_is_folder(m) || m->name_len >= sizeof(part) ||
	    !(ends(part, ".xml") || ends(part, ".rdf")))
		return zip_give(&o->package.zip, index, &o->package.scratch, ASSAY_SHOWN, err);
	if (ends(part, "meta.xml"))
		return read_meta(o, index, &seg, err);
	if (ends(part, "settings.xml") || ends(part, ".rdf"))
		seg.region = ASSAY_METADATA;
	return odf_flow(o, index, &seg, err);
}

static enum assay_status read_named(struct odf *o, const char *name, struct assay_error *err)
{
	size_t index = ooxml_find(&o->package, name, strlen(name));

	if (index >= o->package.done.len || o->package.done.items[index])
		return ASSAY_OK;
	o->package.done.items[index] = true;
	return read_part(o, index, err);
}

static enum assay_status read_all(struct odf *o, struct assay_error *err)
{
	struct ooxml *package = &o->package;
	size_t mimetype = ooxml_find(package, "mimetype", 8);
	enum assay_status st = read_manifest(o, err);

	/* It says what identify knows already. */
	if (mimetype < package->done.len && package->zip.members.items[mimetype].size < 128)
		package->done.items[mimetype] = true;
	/* Styles say what is hidden in the content. */
	if (st == ASSAY_OK)
		st = read_named(o, "meta.xml", err);
	if (st == ASSAY_OK)
		st = read_named(o, "styles.xml", err);
	if (st == ASSAY_OK)
		st = read_named(o, "content.xml", err);
	odf_styles_clear(&o->styles);
	for (size_t i = 0; i < package->zip.members.len && st == ASSAY_OK; i++)
		if (i >= package->done.len || !package->done.items[i])
			st = read_part(o, i, err);
	return st;
}

static enum assay_status odf_run(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err)
{
	struct odf o = { .encrypted = BUF_INIT(1 * MiB) };
	enum assay_status st = ooxml_open(&o.package, in, sink, err);

	textout_init(&o.out, sink);
	odf_styles_init(&o.styles);
	if (st == ASSAY_OK)
		st = read_all(&o, err);
	if (st == ASSAY_OK)
		st = zip_finish(&o.package.zip, err);
	odf_styles_done(&o.styles);
	textout_done(&o.out);
	buf_done(&o.encrypted);
	ooxml_done(&o.package);
	return st;
}

#define OPENDOCUMENT "application/vnd.oasis.opendocument."

static const char *const types[] = {
	OPENDOCUMENT "text",
	OPENDOCUMENT "text-template",
	OPENDOCUMENT "text-master",
	OPENDOCUMENT "text-web",
	OPENDOCUMENT "spreadsheet",
	OPENDOCUMENT "spreadsheet-template",
	OPENDOCUMENT "presentation",
	OPENDOCUMENT "presentation-template",
	OPENDOCUMENT "graphics",
	OPENDOCUMENT "graphics-template",
	OPENDOCUMENT "chart",
	OPENDOCUMENT "formula",
	OPENDOCUMENT "image",
	OPENDOCUMENT "database",
	NULL,
};

const struct extractor odf_extractor = {
	.name = "odf",
	.types = types,
	.wants_seek = true,
	.run = odf_run,
};
