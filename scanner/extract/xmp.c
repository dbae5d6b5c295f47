/*
 * xmp.c - a packet of XMP: properties of a document or picture, as RDF
 *
 * A property is an element or an attribute.  What RDF puts around values (lists and their
 * items) has no name of its own: text in it belongs to the property around.
 */
#include "xmp.h"

#include "hex.h"
#include "markup.h"
#include "utf8.h"

#define NAME_ROOM 128
#define DEPTH_KEPT 16 /* deeper values have the name of the last that was kept */
#define LOOK_BYTES (4 * KiB)

struct xmp {
	struct textout *out;
	struct segment seg;
	char names[DEPTH_KEPT][NAME_ROOM]; /* of the elements that are open */
	size_t depth;
	bool open; /* a line is */
};

bool xmp_likely(const void *data, size_t len)
{
	static const char *const marks[] = { "<?xpacket", "<x:x", "rdf:RDF", "\0<\0?\0x",
					     "<\0?\0x" };
	static const size_t lens[] = { 9, 4, 7, 6, 5 };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (memmem(data, MIN(len, LOOK_BYTES), marks[i], lens[i]))
			return true;
	return false;
}

static bool starts(const char *name, size_t len, const char *with)
{
	size_t n = strlen(with);

	return len >= n && !memcmp(name, with, n);
}

static bool is_rdf(const char *name, size_t len)
{
	return starts(name, len, "rdf:") || starts(name, len, "x:");
}

/* Names of vocabularies and languages say nothing of the document. */
static bool is_grammar(const struct markup_attr *a)
{
	return starts(a->name, a->name_len, "xmlns") || starts(a->name, a->name_len, "xml:") ||
	       (a->name_len == 13 && starts(a->name, a->name_len, "rdf:parseType"));
}

/* Acrobat writes what a name of XML may not hold as U+2182 and four digits. */
static size_t escaped(const char *name, size_t len, uint32_t *ret_code)
{
	static const char sign[] = "\xE2\x86\x82";

	if (len < 7 || memcmp(name, sign, 3) != 0)
		return 0;
	*ret_code = 0;
	for (size_t i = 3; i < 7; i++) {
		if (!is_hex(name[i]))
			return 0;
		*ret_code = *ret_code << 4 | (uint32_t)hex_value(name[i]);
	}
	return *ret_code ? 7 : 0;
}

static void keep_name(char *to, const char *name, size_t len)
{
	size_t n = 0, took;

	for (size_t i = 0; i < len && n < NAME_ROOM - 4; i += took ? took : 1) {
		uint32_t code;

		took = escaped(name + i, len - i, &code);
		if (took)
			n += utf8_encode(code, to + n);
		else
			to[n++] = name[i] ? name[i] : ' ';
	}
	to[n] = '\0';
}

static const char *name_at(const struct xmp *x)
{
	const char *name = x->depth ? x->names[MIN(x->depth, DEPTH_KEPT) - 1] : "";

	return name[0] ? name : NULL;
}

static enum assay_status end_line(struct xmp *x, struct assay_error *err)
{
	bool open = x->open;

	x->open = false;
	return open ? textout_put(x->out, &x->seg, "\n", 1, err) : ASSAY_OK;
}

static enum assay_status enter(struct xmp *x, const struct markup_token *t, struct assay_error *err)
{
	const char *outer = name_at(x);
	char room[NAME_ROOM];
	enum assay_status st = end_line(x, err);

	if (x->depth++ < DEPTH_KEPT) {
		char *mine = x->names[x->depth - 1];

		if (is_rdf(t->name, t->name_len))
			memmove(mine, outer ? outer : "", outer ? strlen(outer) + 1 : 1);
		else
			keep_name(mine, t->local, t->local_len);
	}
	for (size_t i = 0; i < t->attrs_len && st == ASSAY_OK; i++) {
		const struct markup_attr *a = &t->attrs[i];

		if (is_grammar(a))
			continue;
		keep_name(room, a->local, a->local_len);
		x->seg.field = is_rdf(a->name, a->name_len) && name_at(x) ? name_at(x) : room;
		st = textout_line(x->out, &x->seg, a->value, a->value_len, err);
	}
	return st;
}

static bool is_blank(const char *text, size_t len)
{
	while (len && is_space(text[len - 1]))
		len--;
	return !len;
}

static enum assay_status take(struct xmp *x, const struct markup_token *t, struct assay_error *err)
{
	switch (t->kind) {
	case MARKUP_START:
		return enter(x, t, err);
	case MARKUP_END:
		x->depth -= x->depth > 0;
		return end_line(x, err);
	case MARKUP_PI: /* <?xpacket?>: an id, and room to write in */
		if (t->name_len == 7 && starts(t->name, 7, "xpacket"))
			return ASSAY_OK;
		/* fall through */
	case MARKUP_TEXT:
	case MARKUP_COMMENT:
	case MARKUP_DOCTYPE:
		if (!x->open && is_blank(t->text, t->len))
			return ASSAY_OK;
		x->seg.field = name_at(x);
		x->open = true;
		return textout_put(x->out, &x->seg, t->text, t->len, err);
	default:
		return ASSAY_OK;
	}
}

enum assay_status xmp_read(struct textout *out, const struct segment *seg, const void *data,
			   size_t len, struct assay_error *err)
{
	struct xmp x = { .out = out, .seg = *seg };
	struct markup_token t;
	struct markup m;
	enum assay_status st = markup_init_mem(&m, data, len, MARKUP_XML, out->sink->limits, err);

	while (st == ASSAY_OK) {
		st = markup_next(&m, &t, err);
		if (st != ASSAY_OK || t.kind == MARKUP_EOF)
			break;
		st = take(&x, &t, err);
	}
	markup_done(&m);
	return st == ASSAY_OK ? end_line(&x, err) : st;
}
