/* bind.c - maps, lists, texts and words of closed lists, whatever they mean */
#include "bind.h"

#include "buf.h"
#include "fail.h"
#include "rule.h"
#include "suggest.h"

#include <stdio.h>

#define LINE_BYTES_MAX ((size_t)8192)
#define CHOICES_SHOWN ((size_t)110)

/* Writing through an offset; memcpy, as the offset says nothing of the type. */
static void put(void *into, size_t at, const void *value, size_t len)
{
	memcpy((char *)into + at, value, len);
}

void bind_put_text(void *into, size_t at, const char *text)
{
	put(into, at, &text, sizeof(text));
}

void bind_put_list(const struct key *key, void *into, const void *items, size_t len)
{
	put(into, key->at, &items, sizeof(items));
	put(into, key->len_at, &len, sizeof(len));
}

enum assay_status bind_no_memory(struct binder *b)
{
	return assay_fail_memory(b->err, "rules");
}

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7F)
			return true;
	return false;
}

enum assay_status bind_need(struct binder *b, const struct key *key, const struct node *value,
			    enum node_kind kind)
{
	static const char *const kinds[] = {
		[NODE_TEXT] = "one value",
		[NODE_LIST] = "a list",
		[NODE_MAP] = "keys and values",
	};

	if (value->kind != kind)
		return yamldoc_fail(b->err, b->file, value, "'%s' takes %s", key->name,
				    kinds[kind]);
	if (kind == NODE_TEXT ? value->len == 0 : value->children == 0)
		return yamldoc_fail(b->err, b->file, value, "'%s' is empty%s", key->name,
				    key->required ? "" : ": fill it in or leave it out");
	return ASSAY_OK;
}

enum assay_status bind_take_list(struct binder *b, const struct key *key, const struct node *value,
				 size_t item_bytes, void **ret_items)
{
	enum assay_status st = bind_need(b, key, value, NODE_LIST);
	void *items;

	if (st < 0)
		return st;
	items = arena_take(&b->set->arena, value->children * item_bytes);
	if (!items)
		return bind_no_memory(b);
	*ret_items = items;
	return ASSAY_OK;
}

/* ---- maps ---- */

static enum assay_status fail_unknown_key(struct binder *b, const struct schema *schema,
					  const struct node *key)
{
	struct suggestion s = SUGGESTION_INIT(key->text);
	char word[QUOTED_BYTES];

	for (size_t i = 0; i < schema->len; i++)
		suggest(&s, schema->keys[i].name);
	if (s.best)
		return yamldoc_fail(b->err, b->file, key, "unknown key %s; did you mean '%s'?",
				    quoted(key->text, word), s.best);
	return yamldoc_fail(b->err, b->file, key, "%s has no key %s", schema->what,
			    quoted(key->text, word));
}

static const struct key *key_find(const struct schema *schema, const char *name)
{
	for (size_t i = 0; i < schema->len; i++)
		if (strcmp(schema->keys[i].name, name) == 0)
			return &schema->keys[i];
	return NULL;
}

enum assay_status bind_map(struct binder *b, const struct schema *schema, const struct node *map,
			   void *into)
{
	uint32_t seen = 0;

	if (map->kind != NODE_MAP)
		return yamldoc_fail(b->err, b->file, map, "%s takes keys and values", schema->what);
	for (const struct node *k = map->first; k; k = k->next) {
		const struct key *key = key_find(schema, k->text);
		enum assay_status st;
		uint32_t bit;

		if (!key)
			return fail_unknown_key(b, schema, k);
		bit = UINT32_C(1) << (key - schema->keys);
		if (seen & bit)
			return yamldoc_fail(b->err, b->file, k, "'%s' stands twice", key->name);
		seen |= bit;
		st = key->bind(b, key, k->value, into);
		if (st < 0)
			return st;
	}
	for (size_t i = 0; i < schema->len; i++)
		if (schema->keys[i].required && !(seen >> i & 1))
			return yamldoc_fail(b->err, b->file, map, "%s needs '%s'", schema->what,
					    schema->keys[i].name);
	return ASSAY_OK;
}

/* ---- texts ---- */

/** A copy on one line: YAML's folded blocks end with a line feed. */
static char *copy_line(struct binder *b, const struct node *value)
{
	char *text = arena_copy(&b->set->arena, value->text, value->len);
	size_t len = value->len;

	if (!text)
		return NULL;
	while (len && is_space(text[len - 1]))
		text[--len] = '\0';
	for (size_t i = 0; i < len; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	return text;
}

/** A line to be shown to people: no control characters, not blank. */
enum assay_status bind_take_line(struct binder *b, const struct key *key, const struct node *value,
				 const char **ret_text)
{
	enum assay_status st = bind_need(b, key, value, NODE_TEXT);
	const char *text;

	if (st < 0)
		return st;
	text = copy_line(b, value);
	if (!text)
		return bind_no_memory(b);
	if (!*text)
		return yamldoc_fail(b->err, b->file, value, "'%s' is blank", key->name);
	if (value->len > LINE_BYTES_MAX)
		return yamldoc_fail(b->err, b->file, value, "'%s' is longer than %zu bytes",
				    key->name, LINE_BYTES_MAX);
	if (has_control(text))
		return yamldoc_fail(b->err, b->file, value, "'%s' has a control character",
				    key->name);
	*ret_text = text;
	return ASSAY_OK;
}

enum assay_status bind_line(struct binder *b, const struct key *key, const struct node *value,
			    void *into)
{
	const char *text;
	enum assay_status st = bind_take_line(b, key, value, &text);

	if (st == ASSAY_OK)
		bind_put_text(into, key->at, text);
	return st;
}

/** Any text, line ends included. */
enum assay_status bind_text(struct binder *b, const struct key *key, const struct node *value,
			    void *into)
{
	enum assay_status st = bind_need(b, key, value, NODE_TEXT);
	const char *text;

	if (st < 0)
		return st;
	text = arena_copy(&b->set->arena, value->text, value->len);
	if (!text)
		return bind_no_memory(b);
	bind_put_text(into, key->at, text);
	return ASSAY_OK;
}

enum assay_status bind_pattern(struct binder *b, const struct key *key, const struct node *value,
			       void *into)
{
	enum assay_status st = bind_need(b, key, value, NODE_TEXT);

	if (st < 0)
		return st;
	if (value->len > LINE_BYTES_MAX)
		return yamldoc_fail(b->err, b->file, value, "'%s' is longer than %zu bytes",
				    key->name, LINE_BYTES_MAX);
	if (has_control(value->text))
		return yamldoc_fail(b->err, b->file, value,
				    "'%s' has a line end or control character: write it on one "
				    "line, in quotes, with \\n and the like",
				    key->name);
	return bind_text(b, key, value, into);
}

enum assay_status bind_lines(struct binder *b, const struct key *key, const struct node *value,
			     void *into)
{
	enum assay_status st;
	const char **texts;
	void *items = NULL;
	size_t n = 0;

	st = bind_take_list(b, key, value, sizeof(*texts), &items);
	if (st < 0)
		return st;
	texts = items;
	for (const struct node *item = value->first; item; item = item->next) {
		st = bind_take_line(b, key, item, &texts[n++]);
		if (st < 0)
			return st;
	}
	bind_put_list(key, into, texts, n);
	return ASSAY_OK;
}

/* ---- words of closed lists ---- */

static enum assay_status fail_unknown(struct binder *b, const struct key *key,
				      const struct node *value)
{
	struct suggestion s = SUGGESTION_INIT(value->text);
	char word[QUOTED_BYTES], list[CHOICES_SHOWN + 1];
	size_t len = 0;

	list[0] = '\0';
	for (unsigned i = 0; key->choices(i); i++) {
		const char *name = key->choices(i);

		suggest(&s, name);
		if (len + strlen(name) + 2 <= CHOICES_SHOWN) {
			len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
						i ? ", " : "", name);
			continue;
		}
		memcpy(list + MIN(len, CHOICES_SHOWN - 5), ", ...", 6);
		len = CHOICES_SHOWN;
	}
	if (s.best)
		return yamldoc_fail(b->err, b->file, value, "unknown %s %s; did you mean '%s'?",
				    key->name, quoted(value->text, word), s.best);
	return yamldoc_fail(b->err, b->file, value, "unknown %s %s: it is one of %s", key->name,
			    quoted(value->text, word), list);
}

enum assay_status bind_take_choice(struct binder *b, const struct key *key,
				   const struct node *value, unsigned *ret_choice)
{
	enum assay_status st = bind_need(b, key, value, NODE_TEXT);

	if (st < 0)
		return st;
	for (unsigned i = 0; key->choices(i); i++)
		if (strcmp(key->choices(i), value->text) == 0) {
			*ret_choice = i;
			return ASSAY_OK;
		}
	return fail_unknown(b, key, value);
}

enum assay_status bind_choice(struct binder *b, const struct key *key, const struct node *value,
			      void *into)
{
	unsigned choice;
	enum assay_status st = bind_take_choice(b, key, value, &choice);

	_Static_assert(sizeof(enum shape) == sizeof(choice), "enums are plain");
	if (st == ASSAY_OK)
		put(into, key->at, &choice, sizeof(choice));
	return st;
}

/** A word of a closed list, kept as text. */
enum assay_status bind_word(struct binder *b, const struct key *key, const struct node *value,
			    void *into)
{
	unsigned choice;
	enum assay_status st = bind_take_choice(b, key, value, &choice);

	if (st == ASSAY_OK)
		bind_put_text(into, key->at, key->choices(choice));
	return st;
}
