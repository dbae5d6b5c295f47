/* pdf_facts.c - what a dictionary of a PDF says that is of interest */
#include "pdf_parts.h"

static void take_type(struct pdf_facts *f, const struct pdf_token *v)
{
	static const struct {
		const char *name;
		enum pdf_type type;
	} types[] = {
		{ "Catalog", TYPE_CATALOG }, { "Metadata", TYPE_METADATA },
		{ "ObjStm", TYPE_OBJECTS },  { "XRef", TYPE_XREF },
		{ "Info", TYPE_NONE },
	};

	f->type = TYPE_OTHER;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (pdf_name_is(v, types[i].name))
			f->type = types[i].type;
}

/* A name, or an array of them. */
static void take_filter(struct pdf_facts *f, const struct pdf_token *v)
{
	struct pdf_cursor c = { v->at, v->at + v->len };
	struct pdf_token t;

	f->packing = PACKING_NONE;
	while ((t = pdf_next(&c)).kind != PDF_END) {
		if (t.kind != PDF_NAME || pdf_name_is(&t, "Crypt"))
			continue;
		if (pdf_name_is(&t, "MicrosoftIRMServices"))
			f->rights_managed = true;
		f->packing = f->packing == PACKING_NONE &&
				     (pdf_name_is(&t, "FlateDecode") || pdf_name_is(&t, "Fl"))
				 ? PACKING_FLATE
				 : PACKING_OTHER;
	}
}

static void take_number(uint64_t *to, const struct pdf_token *v)
{
	if (v->kind == PDF_NUMBER && v->number <= UINT32_MAX * UINT64_C(1000))
		*to = v->number;
}

static void take_reference(uint64_t *to, const struct pdf_token *v)
{
	if (v->kind == PDF_REFERENCE && v->number <= UINT32_MAX)
		*to = v->number;
}

static void take_length(struct pdf_facts *f, const struct pdf_token *v)
{
	take_number(&f->length, v);
}

static void take_count(struct pdf_facts *f, const struct pdf_token *v)
{
	take_number(&f->count, v);
}

static void take_first(struct pdf_facts *f, const struct pdf_token *v)
{
	take_number(&f->first, v);
}

static void take_info(struct pdf_facts *f, const struct pdf_token *v)
{
	take_reference(&f->info, v);
}

static void take_metadata(struct pdf_facts *f, const struct pdf_token *v)
{
	take_reference(&f->metadata, v);
}

static void take_encrypt(struct pdf_facts *f, const struct pdf_token *v)
{
	static const char managed[] = "/MicrosoftIRMServices";

	f->encrypted = v->kind == PDF_REFERENCE || v->kind == PDF_DICT;
	f->rights_managed |= memmem(v->at, v->len, managed, sizeof(managed) - 1) != NULL;
}

static void take_info_key(struct pdf_facts *f, const struct pdf_token *v)
{
	(void)v;
	f->has_info_keys = true;
}

static const struct {
	const char *name;
	bool starts;
	void (*take)(struct pdf_facts *f, const struct pdf_token *v);
} entries[] = {
	{ "Type", false, take_type },          { "Filter", false, take_filter },
	{ "Length", false, take_length },      { "N", false, take_count },
	{ "First", false, take_first },        { "Info", false, take_info },
	{ "Metadata", false, take_metadata },  { "Encrypt", false, take_encrypt },
	{ "Producer", false, take_info_key },  { "MSIP_Label", true, take_info_key },
	{ "bjDocument", true, take_info_key },
};

static void take_entry(struct pdf_facts *f, const struct pdf_token *key,
		       const struct pdf_token *value)
{
	char name[PDF_FIELD_ROOM];

	pdf_name(key, name, sizeof(name));
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		if (entries[i].starts ? !strncmp(name, entries[i].name, strlen(entries[i].name))
				      : !strcmp(name, entries[i].name))
			entries[i].take(f, value);
}

enum pdf_kind pdf_read_facts(struct pdf_cursor *c, struct pdf_facts *ret)
{
	struct pdf_token t = pdf_next(c), key;

	*ret = (struct pdf_facts){ .length = UINT64_MAX,
				   .count = UINT64_MAX,
				   .first = UINT64_MAX,
				   .info = UINT64_MAX,
				   .metadata = UINT64_MAX };
	if (t.kind != PDF_DICT)
		return t.kind == PDF_HEX ? PDF_STRING : t.kind;
	while (pdf_entry(c, &key, &t))
		take_entry(ret, &key, &t);
	return t.kind;
}
