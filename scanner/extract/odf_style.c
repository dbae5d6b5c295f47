/* odf_style.c - which styles of an OpenDocument file hide text */
#include "odf.h"

#include <stdio.h>

#define NAMES_MAX (8 * MiB)
#define STYLES_MAX 100000
#define PARENTS_MAX 8

void odf_styles_init(struct odf_styles *s)
{
	*s = (struct odf_styles){ .names = BUF_INIT(NAMES_MAX), .list = VEC_INIT(STYLES_MAX) };
}

void odf_styles_done(struct odf_styles *s)
{
	buf_done(&s->names);
	vec_done(&s->list);
}

void odf_styles_clear(struct odf_styles *s)
{
	buf_clear(&s->names);
	s->list.len = 0;
	s->open = 0;
	s->sorted = false;
}

/* "family/name", and where it is. */
static uint32_t add_name(struct odf_styles *s, const struct markup_attr *family,
			 const struct markup_attr *name)
{
	size_t at = s->names.len;

	if (!family || !name || memchr(name->value, 0, name->value_len) ||
	    memchr(family->value, 0, family->value_len) || family->value_len > 64 ||
	    !buf_add(&s->names, family->value, family->value_len) ||
	    !buf_add_byte(&s->names, '/') || !buf_add(&s->names, name->value, name->value_len) ||
	    !buf_add_byte(&s->names, '\0')) {
		s->names.len = at;
		s->names.failed = false;
		return 0;
	}
	return (uint32_t)at + 1;
}

static void add_style(struct odf_styles *s, const struct markup_token *t)
{
	const struct markup_attr *family = xml_attr(t, "family"),
				 *parent = xml_attr(t, "parent-style-name");
	uint32_t name = add_name(s, family, xml_attr(t, "name"));
	struct odf_style *style = name ? vec_push(&s->list) : NULL;

	s->open = 0;
	if (!style)
		return;
	*style = (struct odf_style){ .name = name, .parent = add_name(s, family, parent) };
	s->open = s->list.len;
	s->sorted = false;
}

static void say(struct odf_style *style, unsigned flag, bool on)
{
	style->says |= (uint8_t)flag;
	style->flags = (uint8_t)(on ? style->flags | flag : style->flags & ~flag);
}

static bool is_white(const struct markup_attr *a)
{
	return attr_is(a, "#ffffff") || attr_is(a, "#FFFFFF");
}

void odf_styles_start(struct odf_styles *s, const struct markup_token *t)
{
	const struct markup_attr *a;
	struct odf_style *style;

	if (name_is(t->local, t->local_len, "style")) {
		add_style(s, t);
		return;
	}
	if (!s->open || t->local_len < 11 ||
	    memcmp(t->local + t->local_len - 11, "-properties", 11) != 0)
		return;
	style = &s->list.items[s->open - 1];
	a = xml_attr(t, "display");
	if (a)
		say(style, ODF_HIDDEN, attr_is(a, "none") || attr_is(a, "false"));
	a = xml_attr(t, "visibility");
	if (a)
		say(style, ODF_HIDDEN, attr_is(a, "hidden"));
	a = xml_attr(t, "color");
	if (a && name_is(t->local, t->local_len, "text-properties"))
		say(style, ODF_WHITE, is_white(a));
	a = xml_attr(t, "background-color");
	if (!a)
		a = xml_attr(t, "fill-color");
	if (a)
		say(style, ODF_SHADE, !is_white(a) && !attr_is(a, "transparent"));
}

static int by_name(const void *a, const void *b, void *names)
{
	const struct odf_style *x = a, *y = b;
	int order = strcmp((const char *)names + x->name - 1, (const char *)names + y->name - 1);

	/* Equals stay in order. */
	return order ? order : (x->name > y->name) - (x->name < y->name);
}

static const struct odf_style *find(const struct odf_styles *s, const char *key)
{
	size_t from = 0, to = s->list.len;

	while (from < to) {
		size_t mid = (from + to) / 2;

		if (strcmp(s->names.data + s->list.items[mid].name - 1, key) <= 0)
			from = mid + 1;
		else
			to = mid;
	}
	if (!from || strcmp(s->names.data + s->list.items[from - 1].name - 1, key) != 0)
		return NULL;
	return &s->list.items[from - 1]; /* the last of that name */
}

unsigned odf_styles_flags(struct odf_styles *s, const char *family, const struct markup_attr *name)
{
	char key[256];
	const struct odf_style *style;
	unsigned flags = 0, said = 0;

	if (!name || name->value_len > 160 || !s->list.len)
		return 0;
	if (!s->sorted) {
		s->open = 0;
		qsort_r(s->list.items, s->list.len, sizeof(*s->list.items), by_name, s->names.data);
		s->sorted = true;
	}
	snprintf(key, sizeof(key), "%s/%.*s", family, (int)name->value_len, name->value);
	style = find(s, key);
	for (unsigned i = 0; style && i < PARENTS_MAX; i++) {
		flags |= style->flags & ~said;
		said |= style->says;
		style = style->parent ? find(s, s->names.data + style->parent - 1) : NULL;
	}
	return flags;
}
