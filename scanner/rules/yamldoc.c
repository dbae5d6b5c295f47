/* yamldoc.c - one YAML document as a tree, read strictly */
#include "yamldoc.h"

#include "fail.h"
#include "library.h"

#include <stdarg.h>
#include <stdio.h>
#include <yaml.h>

/* A scan with the built-in rules alone reads no YAML. */
#define YAML_CALLS(X) \
	X(yaml_event_delete) \
	X(yaml_parser_delete) \
	X(yaml_parser_initialize) \
	X(yaml_parser_parse) \
	X(yaml_parser_set_encoding) \
	X(yaml_parser_set_input_string)

static LIBRARY_CALLS(yaml_calls, YAML_CALLS) yaml_lib;
static struct library libyaml = LIBRARY(YAML_SONAME, YAML_CALLS, yaml_lib);

/** Most of a file's name that a message shows. */
#define NAME_SHOWN ((size_t)80)

/** A collection that is still open. */
struct open_node {
	struct node *node;
	struct node **tail; /**< where the next child goes */
	struct node *key;   /**< of a map: waits for its value */
};

struct builder {
	struct arena *nodes;
	const char *name;
	struct assay_error *err;
	struct open_node open[YAML_DEPTH_MAX];
	size_t depth;
	struct node *root;
	unsigned documents;
};

const char *quoted(const char *text, char ret[QUOTED_BYTES])
{
	size_t n = 0;

	ret[n++] = '\'';
	for (; *text && n < QUOTED_BYTES - 6; text++)
		ret[n++] = (unsigned char)*text < 0x20 || *text == 0x7F ? '?' : *text;
	/* No half of a character. */
	while (*text && ((unsigned char)*text & 0xC0) == 0x80 && n > 1) {
		text--;
		n--;
	}
	if (*text) {
		memcpy(ret + n, "...", 3);
		n += 3;
	}
	ret[n++] = '\'';
	ret[n] = '\0';
	return ret;
}

enum assay_status yamldoc_fail(struct assay_error *err, const char *name, const struct node *at,
			       const char *fmt, ...)
{
	size_t len = strlen(name);
	bool cut = len > NAME_SHOWN;
	char what[sizeof(err->detail)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE, "%s%s:%u:%u: %s", cut ? "..." : "",
			  cut ? name + len - NAME_SHOWN : name, at->line, at->col, what);
}

static struct node place_of(yaml_mark_t mark)
{
	return (struct node){ .line = (unsigned)mark.line + 1, .col = (unsigned)mark.column + 1 };
}

/** libyaml's reader knows an offset alone. */
static struct node place_of_offset(const char *yaml, size_t len, size_t offset)
{
	struct node at = { .line = 1, .col = 1 };

	for (size_t i = 0; i < MIN(len, offset); i++) {
		at.col++;
		if (yaml[i] == '\n') {
			at.line++;
			at.col = 1;
		}
	}
	return at;
}

static enum assay_status fail_parser(struct builder *b, const yaml_parser_t *parser,
				     const char *yaml, size_t len)
{
	const char *problem = parser->problem ? parser->problem : "not YAML";
	struct node at;

	if (parser->error == YAML_MEMORY_ERROR)
		return assay_fail_memory(b->err, "YAML");
	if (parser->error == YAML_READER_ERROR) {
		at = place_of_offset(yaml, len, parser->problem_offset);
		return yamldoc_fail(b->err, b->name, &at, "%s: save it as UTF-8", problem);
	}
	at = place_of(parser->problem_mark);
	return yamldoc_fail(b->err, b->name, &at, "%s%s%s", problem, parser->context ? ", " : "",
			    parser->context ? parser->context : "");
}

/** Hang a finished or opened node where it belongs. */
static enum assay_status attach(struct builder *b, struct node *node)
{
	struct open_node *top = b->depth ? &b->open[b->depth - 1] : NULL;

	if (!top) {
		b->root = node;
		return ASSAY_OK;
	}
	if (top->key) {
		top->key->value = node;
		top->key = NULL;
		return ASSAY_OK;
	}
	if (top->node->kind == NODE_MAP) {
		if (node->kind != NODE_TEXT)
			return yamldoc_fail(b->err, b->name, node, "a key must be a plain word");
		if (strcmp(node->text, "<<") == 0)
			return yamldoc_fail(b->err, b->name, node,
					    "merge keys are not allowed: write the keys out");
		top->key = node;
	}
	*top->tail = node;
	top->tail = &node->next;
	top->node->children++;
	return ASSAY_OK;
}

static enum assay_status add_node(struct builder *b, enum node_kind kind, const yaml_event_t *event,
				  const yaml_char_t *anchor, const yaml_char_t *tag,
				  struct node **ret_node)
{
	struct node *node = arena_take(b->nodes, sizeof(*node));

	if (!node)
		return assay_fail_memory(b->err, "YAML");
	*node = place_of(event->start_mark);
	node->kind = kind;
	if (anchor)
		return yamldoc_fail(b->err, b->name, node,
				    "anchors are not allowed: remove the &name");
	if (tag)
		return yamldoc_fail(b->err, b->name, node,
				    "tags are not allowed: remove the !name");
	*ret_node = node;
	return ASSAY_OK;
}

static enum assay_status add_text(struct builder *b, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	struct node *node;
	enum assay_status st;

	st =
	    add_node(b, NODE_TEXT, event, event->data.scalar.anchor, event->data.scalar.tag, &node);
	if (st < 0)
		return st;
	if (memchr(value, '\0', len))
		return yamldoc_fail(b->err, b->name, node, "a NUL byte is not allowed");
	node->text = arena_copy(b->nodes, value, len);
	if (!node->text)
		return assay_fail_memory(b->err, "YAML");
	node->len = len;
	return attach(b, node);
}

static enum assay_status open_node(struct builder *b, enum node_kind kind,
				   const yaml_event_t *event)
{
	bool is_map = kind == NODE_MAP;
	struct node *node;
	enum assay_status st;

	st = add_node(b, kind, event,
		      is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
		      is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag,
		      &node);
	if (st == ASSAY_OK)
		st = attach(b, node);
	if (st < 0)
		return st;
	if (b->depth == YAML_DEPTH_MAX)
		return yamldoc_fail(b->err, b->name, node, "nested more than %d deep",
				    YAML_DEPTH_MAX);
	b->open[b->depth++] = (struct open_node){ .node = node, .tail = &node->first };
	return ASSAY_OK;
}

static enum assay_status begin_document(struct builder *b, const yaml_event_t *event)
{
	struct node at = place_of(event->start_mark);

	if (event->data.document_start.version_directive ||
	    event->data.document_start.tag_directives.start !=
		event->data.document_start.tag_directives.end)
		return yamldoc_fail(b->err, b->name, &at,
				    "directives are not allowed: remove the %% line");
	if (b->documents++)
		return yamldoc_fail(b->err, b->name, &at,
				    "a second document is not allowed: make it a file");
	return ASSAY_OK;
}

static enum assay_status take_event(struct builder *b, const yaml_event_t *event)
{
	struct node at;

	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return begin_document(b, event);
	case YAML_ALIAS_EVENT:
		at = place_of(event->start_mark);
		return yamldoc_fail(b->err, b->name, &at,
				    "aliases are not allowed: write the value out");
	case YAML_SCALAR_EVENT:
		return add_text(b, event);
	case YAML_SEQUENCE_START_EVENT:
		return open_node(b, NODE_LIST, event);
	case YAML_MAPPING_START_EVENT:
		return open_node(b, NODE_MAP, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		b->depth--;
		return ASSAY_OK;
	default:
		return ASSAY_OK;
	}
}

static enum assay_status take_events(struct builder *b, yaml_parser_t *parser, const char *yaml,
				     size_t len)
{
	enum assay_status st = ASSAY_OK;
	bool at_end = false;

	while (st == ASSAY_OK && !at_end) {
		yaml_event_t event;

		if (!yaml_lib.yaml_parser_parse(parser, &event))
			return fail_parser(b, parser, yaml, len);
		at_end = event.type == YAML_STREAM_END_EVENT;
		st = take_event(b, &event);
		yaml_lib.yaml_event_delete(&event);
	}
	return st;
}

enum assay_status yamldoc_parse(struct arena *nodes, const char *name, const char *yaml, size_t len,
				const struct node **ret_root, struct assay_error *err)
{
	struct builder b = { .nodes = nodes, .name = name, .err = err };
	const struct node start = { .line = 1, .col = 1 };
	yaml_parser_t parser;
	enum assay_status st;

	if (len > YAML_BYTES_MAX)
		return yamldoc_fail(err, name, &start, "larger than 1 MiB: split the file");
	st = library_need(&libyaml, ASSAY_FATAL, ASSAY_ENGINE_UNAVAILABLE, err);
	if (st < 0)
		return st;
	if (!yaml_lib.yaml_parser_initialize(&parser))
		return assay_fail_memory(err, "YAML");
	yaml_lib.yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_lib.yaml_parser_set_input_string(&parser, (const unsigned char *)yaml, len);
	st = take_events(&b, &parser, yaml, len);
	yaml_lib.yaml_parser_delete(&parser);
	if (st == ASSAY_OK && !b.root)
		st = yamldoc_fail(err, name, &start, "the file is empty");
	if (st == ASSAY_OK)
		*ret_root = b.root;
	return st;
}
