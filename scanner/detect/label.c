/*
 * label.c - labels that a program put into a document's metadata
 *
 * A table says which names of properties are looked at and how their values are read.
 * A value may come in several runs, and a label in several values.
 */
#include "label_read.h"

struct labels *labels_new(const struct assay_label_name *names, size_t names_len)
{
	struct labels *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->names = names;
	l->names_len = names_len;
	l->value.limit = l->sisl.limit = VALUE_MAX;
	return l;
}

void labels_free(struct labels *l)
{
	if (!l)
		return;
	buf_done(&l->value);
	buf_done(&l->sisl);
	free(l);
}

void labels_clear(struct labels *l)
{
	buf_clear(&l->value);
	buf_clear(&l->sisl);
	l->field[0] = l->policy[0] = '\0';
	l->groups_len = l->found_len = 0;
	l->info = NULL;
	l->concluded = false;
}

/* --- names --- */

enum name_is { WHOLE, STARTS, CONTAINS };

/** The first row that fits decides.  A row without a reader: nothing is said by these. */
static const struct property {
	const char *name;
	enum name_is how;
	label_read_fn *read;
} properties[] = {
	{ "MSIP_Labels", WHOLE, label_read_msip_list },
	{ "MSIP_Label_", STARTS, label_read_msip },
	{ "bjDocumentSecurityLabel", WHOLE, label_read_words },
	{ "bjDocumentLabelXML", STARTS, label_read_sisl },
	{ "bjHeader", STARTS, label_read_words },
	{ "bjFooter", STARTS, label_read_words },
	{ "bjCentre", STARTS, label_read_words },
	{ "bjLabel", STARTS, NULL },
	{ "x-titus-metadata", STARTS, label_read_titus },
	{ "TITUSMetadata", STARTS, label_read_titus },
	{ "TitusGUID", WHOLE, NULL },
	{ "X-Protective-Marking", WHOLE, label_read_header },
	{ "SIO-Label-History", WHOLE, NULL },
	{ "SIO-Label", WHOLE, label_read_sio },
	{ "PM_Hash", STARTS, NULL },
	{ "PM_", STARTS, label_read_value },
	{ "X-Microsoft-Class", STARTS, label_read_value },
	{ "GVData", STARTS, label_read_value },
	{ "ComplianceTag", STARTS, label_read_value },
	{ "PolicyIdentifier", WHOLE, label_read_policy },
	{ "Classification", WHOLE, label_read_classification },
	{ "classif", CONTAINS, label_read_value },
	{ "protective", CONTAINS, label_read_value },
	{ "marking", CONTAINS, label_read_value },
	{ "VisualMark", WHOLE, label_read_value },
	{ "sensitiv", CONTAINS, label_read_value },
	{ "security", CONTAINS, label_read_value },
	{ "caveat", CONTAINS, label_read_value },
	{ "gsc", STARTS, label_read_value },
	{ "gpms", CONTAINS, label_read_value },
	{ "label", CONTAINS, label_read_value },
};

static const struct property *property_of(const char *field)
{
	for (size_t i = 0; i < ARRAY_SIZE(properties); i++) {
		const struct property *p = &properties[i];

		if (p->how == WHOLE      ? strcasecmp(field, p->name) == 0
		    : p->how == CONTAINS ? strcasestr(field, p->name) != NULL
					 : strncasecmp(field, p->name, strlen(p->name)) == 0)
			return p;
	}
	return NULL;
}

bool labels_own(const char *field)
{
	return field && property_of(field);
}

static bool is_info(const char *part)
{
	return strcasestr(part, "LabelInfo") != NULL;
}

/* --- values --- */

/** The value at hand is over: read it. */
static void flush(struct labels *l)
{
	struct text value = { l->value.data, l->value.len };
	const struct property *p;

	/* NULL while it is empty: no arithmetic on that. */
	if (value.len > 0 && is_info(l->part)) {
		label_read_info(l, value);
	} else if (value.len > 0) {
		p = property_of(l->field);
		if (p && p->read)
			p->read(l, value);
	}
	buf_clear(&l->value);
}

static bool goes_on(const struct labels *l, const struct label_place *at)
{
	return strncmp(l->field, at->field, LABEL_NAME_MAX - 1) == 0 &&
	       strncmp(l->part, at->part ? at->part : "", LABEL_NAME_MAX - 1) == 0;
}

void labels_text(struct labels *l, const struct label_place *at, const char *text, size_t len)
{
	bool wanted = at->field && (property_of(at->field) || is_info(at->part ? at->part : ""));

	if (l->value.len > 0 && (!wanted || !goes_on(l, at)))
		flush(l);
	if (!wanted)
		return;
	l->concluded = false;
	label_copy_name(l->field, at->field);
	label_copy_name(l->part, at->part);
	label_copy_name(l->header, at->header);
	l->at.vis = at->vis;
	buf_add(&l->value, text, MIN(len, VALUE_MAX - MIN(l->value.len, VALUE_MAX)));
}

const struct label *labels_conclude(struct labels *l, size_t *ret_len)
{
	if (!l->concluded) {
		flush(l);
		label_conclude_sisl(l);
		label_conclude_groups(l);
		buf_clear(&l->sisl);
		l->groups_len = 0;
		l->concluded = true;
	}
	*ret_len = l->found_len;
	return l->found;
}
