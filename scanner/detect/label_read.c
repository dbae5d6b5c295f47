/*
 * label_read.c - how products say a label
 *
 * Names come from forms that anybody may fill in, so the marking grammar has the last
 * word: a value that it does not know is a label only where a product's own property
 * or the site's table says so.
 */
#include "label_read.h"

#include <stdio.h>

#include "base64.h"
#include "msip.h"

/* --- text --- */

static void copy_text(char *to, size_t cap, struct text from)
{
	size_t len = MIN(from.len, cap - 1);

	memcpy(to, from.at, len);
	to[len] = '\0';
}

void label_copy_name(char *to, const char *from)
{
	copy_text(to, LABEL_NAME_MAX, (struct text){ from ? from : "", from ? strlen(from) : 0 });
}

static struct text trim(struct text t)
{
	while (t.len > 0 && (is_space(t.at[0]) || t.at[0] == '{' || t.at[0] == '"')) {
		t.at++;
		t.len--;
	}
	while (t.len > 0 && (is_space(t.at[t.len - 1]) || t.at[t.len - 1] == '}' ||
			     t.at[t.len - 1] == '"' || t.at[t.len - 1] == '\0'))
		t.len--;
	return t;
}

static bool text_is(struct text t, const char *want)
{
	return t.len == strlen(want) && strncasecmp(t.at, want, t.len) == 0;
}

/** Up to a sign, which is taken away, too. */
static struct text next_to(struct text *rest, char sign)
{
	const char *end = memchr(rest->at, sign, rest->len);
	struct text t = { rest->at, end ? (size_t)(end - rest->at) : rest->len };
	size_t took = MIN(t.len + 1, rest->len);

	rest->at += took;
	rest->len -= took;
	return t;
}

/* --- what is found --- */

static struct label *add(struct labels *l, const char *field, const char *part, const char *header,
			 enum assay_vis vis, struct text value)
{
	struct label *f;

	if (l->found_len == LABELS_MAX)
		return NULL;
	f = &l->found[l->found_len++];
	memset(f, 0, sizeof(*f));
	label_copy_name(f->field, field);
	label_copy_name(f->part, part);
	label_copy_name(f->header, header);
	f->vis = vis;
	copy_text(f->value, sizeof(f->value), value);
	return f;
}

static const char *site_name(const struct labels *l, struct text id)
{
	for (size_t i = 0; i < l->names_len; i++)
		if (text_is(id, l->names[i].id))
			return l->names[i].marking;
	return NULL;
}

/** What a value means: by the site's table, else by the grammar. */
static bool means(const struct labels *l, struct text value, bool lenient,
		  struct marking_value *ret)
{
	const char *name = site_name(l, value);

	if (name)
		return marking_parse(name, strlen(name), false, ret);
	return marking_parse(value.at, value.len, lenient, ret);
}

/** A value of the property at hand, if it means something. */
static bool note(struct labels *l, struct text value, bool lenient, bool small_too)
{
	struct marking_value says;
	struct label *f;

	value = trim(value);
	if (value.len == 0 || !means(l, value, lenient, &says) || (says.is_small && !small_too))
		return false;
	f = add(l, l->field, l->part, l->header, l->at.vis, value);
	if (f) {
		f->is_known = true;
		f->says = says;
	}
	return true;
}

/** A number only the site can explain. */
static void note_unknown(struct labels *l, const char *field, struct text value)
{
	if (value.len > 0)
		(void)add(l, field, l->part, l->header, l->at.vis, value);
}

/* --- MSIP --- */

static struct group *group_of(struct labels *l, const char *guid)
{
	struct group *g;

	for (size_t i = 0; i < l->groups_len; i++)
		if (strcmp(l->groups[i].guid, guid) == 0)
			return &l->groups[i];
	if (l->groups_len == GROUPS_MAX)
		return NULL;
	g = &l->groups[l->groups_len++];
	memset(g, 0, sizeof(*g));
	memcpy(g->guid, guid, sizeof(g->guid));
	label_copy_name(g->part, l->part);
	label_copy_name(g->header, l->header);
	g->vis = l->at.vis;
	return g;
}

/** What is on in one part of a document, and off in another that nobody wrote anew, is on. */
static void take_enabled(struct labels *l, struct group *g, bool on)
{
	if (strcmp(g->part, l->part) != 0)
		g->is_on |= g->has_enabled && !g->is_off;
	label_copy_name(g->part, l->part);
	g->has_enabled = true;
	g->is_off = !on && !g->is_on;
}

static void take_attribute(struct labels *l, const char *name, size_t name_len, struct text value)
{
	char guid[37];
	const char *attr;
	struct group *g;

	if (!msip_property(name, name_len, guid, &attr))
		return;
	g = group_of(l, guid);
	if (!g)
		return;
	value = trim(value);
	if (strncasecmp(attr, "Enabled", name_len - (size_t)(attr - name)) == 0)
		take_enabled(l, g, text_is(value, "true") || text_is(value, "1"));
	else if (strncasecmp(attr, "Name", name_len - (size_t)(attr - name)) == 0)
		copy_text(g->name, sizeof(g->name), value);
}

void label_read_msip(struct labels *l, struct text value)
{
	take_attribute(l, l->field, strlen(l->field), value);
}

/** MSIP_Label_G_Enabled=true; MSIP_Label_G_Name=... */
void label_read_msip_list(struct labels *l, struct text value)
{
	while (value.len > 0) {
		struct text one = trim(next_to(&value, ';')), name;

		name = trim(next_to(&one, '='));
		take_attribute(l, name.at, name.len, one);
	}
}

/** An attribute of a <label> of LabelInfo.xml; `id` comes first. */
void label_read_info(struct labels *l, struct text value)
{
	static const char prefix[] = "MSIP_Label_", suffix[] = "_Enabled";
	char name[sizeof(prefix) + sizeof(suffix) + 40], guid[37];
	const char *attr;

	value = trim(value);
	if (strcmp(l->field, "id") == 0) {
		int len = snprintf(name, sizeof(name), "%s%.*s%s", prefix, (int)MIN(value.len, 36),
				   value.at, suffix);

		l->info = msip_property(name, (size_t)len, guid, &attr) ? group_of(l, guid) : NULL;
		if (l->info) {
			l->info->from_info = true;
			l->info->is_off = false;
		}
	} else if (l->info && strcmp(l->field, "enabled") == 0) {
		l->info->is_off |= !text_is(value, "1") && !text_is(value, "true");
	} else if (l->info && strcmp(l->field, "removed") == 0) {
		l->info->is_off |= text_is(value, "1") || text_is(value, "true");
	}
}

/** The site's name of it counts first, then its own. */
static void conclude_group(struct labels *l, const struct group *g)
{
	struct text guid = { g->guid, strlen(g->guid) }, name = { g->name, strlen(g->name) };
	struct text shown = name.len ? name : guid;
	char field[LABEL_NAME_MAX];
	struct label *f;

	snprintf(field, sizeof(field), "MSIP_Label_%s_Name", g->guid);
	f = add(l, field, g->part, g->header, g->vis, shown);
	if (!f)
		return;
	f->is_known =
	    site_name(l, guid) ? means(l, guid, false, &f->says) : means(l, name, false, &f->says);
}

void label_conclude_groups(struct labels *l)
{
	bool info = false;

	for (size_t i = 0; i < l->groups_len; i++)
		info |= l->groups[i].from_info;
	for (size_t i = 0; i < l->groups_len; i++)
		if (!l->groups[i].is_off && (!info || l->groups[i].from_info))
			conclude_group(l, &l->groups[i]);
}

/* --- Boldon James --- */

void label_read_sisl(struct labels *l, struct text value)
{
	value = trim(value);
	buf_add(&l->sisl, value.at, value.len);
	label_copy_name(l->sisl_part, l->part);
}

/** The quoted value after `name=`, past `from`. */
static const char *quoted_after(const char *from, const char *end, const char *name,
				struct text *ret)
{
	const char *at = memmem(from, (size_t)(end - from), name, strlen(name)), *close;

	if (!at)
		return NULL;
	at += strlen(name);
	close = at < end ? memchr(at, '"', (size_t)(end - at)) : NULL;
	if (!close)
		return NULL;
	*ret = (struct text){ at, (size_t)(close - at) };
	return close + 1;
}

void label_conclude_sisl(struct labels *l)
{
	const char *at, *end;
	struct text uid;
	bool found = false;

	if (l->sisl.len == 0)
		return;
	at = l->sisl.data;
	end = at + l->sisl.len;
	label_copy_name(l->field, "bjDocumentLabelXML");
	label_copy_name(l->part, l->sisl_part);
	for (unsigned n = 0; n < 64 && (at = quoted_after(at, end, " uid=\"", &uid)); n++) {
		found |= note(l, uid, false, true);
		if (!found && l->found_len == 0)
			note_unknown(l, l->field, uid);
	}
}

/* --- Titus --- */

/** Every "value":"..." of the JSON. */
static void read_titus_json(struct labels *l, const char *at, const char *end)
{
	struct text value;

	for (unsigned n = 0; n < 64 && (at = quoted_after(at, end, "\"value\":\"", &value)); n++)
		if (!note(l, value, false, true))
			note_unknown(l, l->field, value);
}

void label_read_titus(struct labels *l, struct text value)
{
	CLEANUP(buf_done) struct buf json = BUF_INIT(VALUE_MAX);

	if (memchr(value.at, '"', value.len))
		read_titus_json(l, value.at, value.at + value.len);
	else if (base64_decode(value.at, value.len, &json) > 0 && json.len > 0)
		read_titus_json(l, json.data, json.data + json.len);
}

/* --- the others --- */

static bool field_is_of_marking(const char *field)
{
	static const char *const sure[] = { "classif", "marking", "protective", "gsc", "gpms" };

	for (size_t i = 0; i < ARRAY_SIZE(sure); i++)
		if (strcasestr(field, sure[i]))
			return true;
	return false;
}

static void read_lines(struct labels *l, struct text value, bool lenient)
{
	bool small_too = field_is_of_marking(l->field);

	for (unsigned n = 0; n < 16 && value.len > 0; n++)
		(void)note(l, next_to(&value, '\n'), lenient, small_too);
}

void label_read_value(struct labels *l, struct text value)
{
	read_lines(l, value, false);
}

/** A sentence of a product's own: This item's classification is OFFICIAL */
void label_read_words(struct labels *l, struct text value)
{
	read_lines(l, value, true);
}

/** One header that may be folded: VER=2024.1, NS=gov.au, SEC=... */
void label_read_header(struct labels *l, struct text value)
{
	CLEANUP(buf_done) struct buf flat = BUF_INIT(VALUE_MAX);

	value = trim(value);
	for (size_t i = 0; i < value.len; i++) {
		bool blank = is_space(value.at[i]);

		if (!blank || (flat.len > 0 && flat.data[flat.len - 1] != ' '))
			buf_add_byte(&flat, blank ? ' ' : value.at[i]);
	}
	if (flat.len > 0)
		(void)note(l, (struct text){ flat.data, flat.len }, false, true);
}

/** marking="OFFICIAL"; fgcolor=black; ... */
void label_read_sio(struct labels *l, struct text value)
{
	struct text marking;

	if (quoted_after(value.at, value.at + value.len, "marking=\"", &marking))
		(void)note(l, marking, false, true);
}

void label_read_policy(struct labels *l, struct text value)
{
	copy_text(l->policy, sizeof(l->policy), trim(value));
}

/** A STANAG 4774 classification is the policy's; all else of that name is read as it is. */
void label_read_classification(struct labels *l, struct text value)
{
	static const char *const policies[] = { "NATO", "EU", "COSMIC" };
	char joined[96];

	value = trim(value);
	for (size_t i = 0; i < ARRAY_SIZE(policies) && l->policy[0]; i++) {
		int len;

		if (strcasecmp(l->policy, policies[i]) != 0)
			continue;
		l->policy[0] = '\0';
		len = snprintf(joined, sizeof(joined), "%s %.*s", policies[i],
			       (int)MIN(value.len, 64), value.at);
		if (note(l, (struct text){ joined, (size_t)len }, false, true))
			return;
	}
	label_read_value(l, value);
}
