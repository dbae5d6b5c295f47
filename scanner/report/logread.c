/* logread.c - lines to events: a small strict JSON reader over one line at a time */
#include "logread.h"

#include <errno.h>
#include <stdio.h>

#include "fail.h"
#include "json.h"
#include "vec.h"

#define LINE_MAX_BYTES (64 * KiB)
#define DEPTH_MAX 16
#define NODES_MAX 20000

enum kind { KIND_NULL, KIND_BOOL, KIND_INT, KIND_STRING, KIND_ARRAY, KIND_OBJECT };

/** A value.  Children follow their parent; `after` is the index past the last one. */
struct node {
	enum kind kind;
	uint32_t after;
	const char *key;  /**< NUL-terminated, unescaped; NULL in arrays */
	const char *text; /**< of a string */
	uint64_t number;  /**< of an integer or a boolean */
	uint32_t count;   /**< of children */
};

struct event {
	const char *line;
	size_t line_len;
	struct vec(struct node) nodes;
	char *strings; /**< unescaped copies; as long as a line is */
	size_t strings_len;
};

struct logread {
	int fd;
	char *data; /**< two lines' worth */
	size_t len, next;
	bool ended;
	uint64_t line_number;
	struct event event;
};

enum assay_status logread_new(int fd, struct logread **ret_reader, struct assay_error *err)
{
	struct logread *r = calloc(1, sizeof(*r));

	if (!r)
		return assay_fail_memory(err, "the log's reader");
	r->fd = fd;
	r->data = malloc(2 * LINE_MAX_BYTES);
	r->event.strings = malloc(2 * LINE_MAX_BYTES);
	r->event.nodes.limit = NODES_MAX;
	if (!r->data || !r->event.strings) {
		logread_free(r);
		return assay_fail_memory(err, "the log's reader");
	}
	*ret_reader = r;
	return ASSAY_OK;
}

void logread_free(struct logread *r)
{
	if (!r)
		return;
	free(r->data);
	free(r->event.strings);
	vec_done(&r->event.nodes);
	free(r);
}

/* Parsing. */

struct parser {
	struct event *e;
	const char *at, *end;
	unsigned depth;
};

static bool parse_value(struct parser *p, const char *key);

static void skip_space(struct parser *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
		p->at++;
}

static bool take(struct parser *p, char c)
{
	skip_space(p);
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

static bool take_word(struct parser *p, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(p->end - p->at) < len || memcmp(p->at, word, len) != 0)
		return false;
	p->at += len;
	return true;
}

static bool take_hex4(struct parser *p, uint32_t *ret)
{
	*ret = 0;
	if (p->end - p->at < 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		char c = to_lower(*p->at++);

		if (!is_digit(c) && !(c >= 'a' && c <= 'f'))
			return false;
		*ret = *ret << 4 | (uint32_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	return true;
}

/** What follows a backslash, as UTF-8 at `to`.  @return  bytes, 0 for an error */
static size_t take_escape(struct parser *p, char *to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	const char *known;
	uint32_t code, low;

	if (p->at == p->end)
		return 0;
	known = *p->at ? strchr(from, *p->at) : NULL;
	if (known) {
		p->at++;
		*to = into[known - from];
		return 1;
	}
	if (*p->at++ != 'u' || !take_hex4(p, &code))
		return 0;
	if (code >= 0xD800 && code < 0xDC00) {
		if (!take_word(p, "\\u") || !take_hex4(p, &low) || low < 0xDC00 || low > 0xDFFF)
			return 0;
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	} else if (code == 0 || (code >= 0xDC00 && code < 0xE000)) {
		return 0;
	}
	return utf8_encode(code, to);
}

/** A string at p->at, after its quote, as a NUL-terminated copy. */
static const char *take_string(struct parser *p)
{
	struct event *e = p->e;
	char *begin = e->strings + e->strings_len, *to = begin;

	while (p->at < p->end && *p->at != '"') {
		unsigned char c = (unsigned char)*p->at++;
		size_t n;

		if (c < 0x20)
			return NULL;
		if (c != '\\') {
			*to++ = (char)c;
			continue;
		}
		n = take_escape(p, to);
		if (n == 0)
			return NULL;
		to += n;
	}
	if (p->at == p->end)
		return NULL;
	p->at++;
	*to++ = '\0';
	e->strings_len = (size_t)(to - e->strings);
	return begin;
}

static struct node *add_node(struct parser *p, enum kind kind, const char *key)
{
	struct node *n = vec_push(&p->e->nodes);

	if (n)
		*n = (struct node){ .kind = kind, .key = key };
	return n;
}

static bool parse_number(struct parser *p, struct node *n)
{
	if (p->at == p->end || !is_digit(*p->at))
		return false;
	for (; p->at < p->end && is_digit(*p->at); p->at++)
		if (__builtin_mul_overflow(n->number, 10, &n->number) ||
		    __builtin_add_overflow(n->number, (uint64_t)(*p->at - '0'), &n->number))
			return false;
	return true;
}

static bool parse_member(struct parser *p, bool is_object)
{
	const char *key = NULL;

	if (is_object) {
		if (!take(p, '"'))
			return false;
		key = take_string(p);
		if (!key || !take(p, ':'))
			return false;
	}
	return parse_value(p, key);
}

/** After the bracket.  Recursion is bounded by DEPTH_MAX. */
static bool parse_container(struct parser *p, size_t self, char close)
{
	uint32_t count = 0;
	bool ok = true;

	if (++p->depth > DEPTH_MAX)
		return false;
	if (!take(p, close)) {
		do {
			ok = parse_member(p, close == '}');
			count++;
		} while (ok && take(p, ','));
		ok = ok && take(p, close);
	}
	p->depth--;
	p->e->nodes.items[self].count = count;
	return ok;
}

static bool parse_value(struct parser *p, const char *key)
{
	size_t self = p->e->nodes.len;
	struct node *n;
	bool ok;

	skip_space(p);
	n = add_node(p, KIND_NULL, key);
	if (!n || p->at == p->end)
		return false;
	switch (*p->at) {
	case '"':
		p->at++;
		n->kind = KIND_STRING;
		n->text = take_string(p);
		ok = n->text;
		break;
	case '{':
	case '[':
		n->kind = *p->at == '{' ? KIND_OBJECT : KIND_ARRAY;
		ok = parse_container(p, self, *p->at++ == '{' ? '}' : ']');
		break;
	case 't':
	case 'f':
		n->kind = KIND_BOOL;
		n->number = *p->at == 't';
		ok = take_word(p, *p->at == 't' ? "true" : "false");
		break;
	case 'n':
		ok = take_word(p, "null");
		break;
	default:
		n->kind = KIND_INT;
		ok = parse_number(p, n);
	}
	p->e->nodes.items[self].after = (uint32_t)p->e->nodes.len;
	return ok;
}

static bool parse_line(struct event *e)
{
	struct parser p = { .e = e, .at = e->line, .end = e->line + e->line_len };

	e->nodes.len = 0;
	e->strings_len = 0;
	if (!parse_value(&p, NULL) || e->nodes.items[0].kind != KIND_OBJECT)
		return false;
	skip_space(&p);
	return p.at == p.end && event_str(e, "type");
}

/* Reading. */

static enum assay_status fill(struct logread *r, struct assay_error *err)
{
	ssize_t got;

	memmove(r->data, r->data + r->next, r->len - r->next);
	r->len -= r->next;
	r->next = 0;
	if (r->ended || r->len == 2 * LINE_MAX_BYTES)
		return ASSAY_OK;
	do
		got = read(r->fd, r->data + r->len, 2 * LINE_MAX_BYTES - r->len);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "the run log");
	r->ended = got == 0;
	r->len += (size_t)got;
	return ASSAY_OK;
}

enum assay_status logread_next(struct logread *r, const struct event **ret_event,
			       struct assay_error *err)
{
	char *feed;

	while (!(feed = memchr(r->data + r->next, '\n', r->len - r->next))) {
		enum assay_status st;

		if (r->len - r->next > LINE_MAX_BYTES)
			return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED,
					  "line %llu of the log is longer than 64 KiB",
					  (unsigned long long)r->line_number + 1);
		if (r->ended && r->len == r->next) {
			*ret_event = NULL;
			return ASSAY_OK;
		}
		if (r->ended)
			return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED,
					  "line %llu of the log is cut off",
					  (unsigned long long)r->line_number + 1);
		st = fill(r, err);
		if (st < 0)
			return st;
	}
	r->line_number++;
	r->event.line = r->data + r->next;
	r->event.line_len = (size_t)(feed - r->event.line);
	r->next = (size_t)(feed - r->data) + 1;
	if (r->event.line_len > LINE_MAX_BYTES || !parse_line(&r->event))
		return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED,
				  "line %llu of the log is not an event",
				  (unsigned long long)r->line_number);
	*ret_event = &r->event;
	return ASSAY_OK;
}

const char *event_line(const struct event *e, size_t *ret_len)
{
	*ret_len = e->line_len;
	return e->line;
}

/* Looking up. */

static bool is_named(const struct node *child, size_t position, bool in_object, const char *name,
		     size_t len)
{
	char number[24];

	if (in_object)
		return child->key && strncmp(child->key, name, len) == 0 && !child->key[len];
	snprintf(number, sizeof(number), "%zu", position);
	return strncmp(number, name, len) == 0 && !number[len];
}

static const struct node *find(const struct event *e, const char *path)
{
	const struct node *nodes = e->nodes.items;
	size_t self = 0;

	while (*path) {
		const char *dot = strchr(path, '.');
		size_t len = dot ? (size_t)(dot - path) : strlen(path), child = self + 1, i;

		for (i = 0; i < nodes[self].count; i++, child = nodes[child].after)
			if (is_named(&nodes[child], i, nodes[self].kind == KIND_OBJECT, path, len))
				break;
		if (i == nodes[self].count)
			return NULL;
		self = child;
		path += len + (dot != NULL);
	}
	return &nodes[self];
}

const char *event_str(const struct event *e, const char *path)
{
	const struct node *n = find(e, path);

	return n && n->kind == KIND_STRING ? n->text : NULL;
}

uint64_t event_int(const struct event *e, const char *path)
{
	const struct node *n = find(e, path);

	return n && n->kind == KIND_INT ? n->number : 0;
}

bool event_bool(const struct event *e, const char *path)
{
	const struct node *n = find(e, path);

	return n && n->kind == KIND_BOOL && n->number;
}

bool event_has(const struct event *e, const char *path)
{
	const struct node *n = find(e, path);

	return n && n->kind != KIND_NULL;
}

size_t event_count(const struct event *e, const char *path)
{
	const struct node *n = find(e, path);

	return n && n->kind >= KIND_ARRAY ? n->count : 0;
}
