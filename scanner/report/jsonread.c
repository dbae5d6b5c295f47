/* jsonread.c - strict JSON, without recursion */
#include "jsonread.h"

#include "hex.h"
#include "utf8.h"

#define NO_KEY UINT32_MAX

struct reader {
	struct json_doc *doc;
	const char *at, *end;
	const char *wrong;
	uint32_t open[JSON_DEPTH_MAX]; /* indexes of the arrays and objects around */
	unsigned depth;
};

void json_doc_init(struct json_doc *d, size_t max)
{
	*d = (struct json_doc){ .values = VEC_INIT(JSON_VALUES_MAX),
				.text = BUF_INIT(2 * max + 64) };
}

void json_doc_done(struct json_doc *d)
{
	vec_done(&d->values);
	buf_done(&d->text);
}

static bool wrong(struct reader *r, const char *what)
{
	if (!r->wrong)
		r->wrong = what;
	return false;
}

static void skip_space(struct reader *r)
{
	while (r->at < r->end &&
	       (*r->at == ' ' || *r->at == '\t' || *r->at == '\r' || *r->at == '\n'))
		r->at++;
}

static bool take(struct reader *r, char c)
{
	skip_space(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static bool read_hex4(struct reader *r, uint32_t *ret_code)
{
	uint32_t code = 0;

	if (r->end - r->at < 4)
		return wrong(r, "an escape is cut");
	for (int i = 0; i < 4; i++) {
		int digit = hex_value(*r->at++);

		if (digit < 0)
			return wrong(r, "bad \\u escape");
		code = code << 4 | (uint32_t)digit;
	}
	*ret_code = code;
	return true;
}

/** After `\u`.  What is no character, and NUL, becomes U+FFFD. */
static bool read_unicode(struct reader *r)
{
	uint32_t code, low;
	char bytes[4];

	if (!read_hex4(r, &code))
		return false;
	if (code >= 0xD800 && code < 0xDC00 && r->end - r->at >= 6 && r->at[0] == '\\' &&
	    r->at[1] == 'u') {
		const char *before = r->at;

		r->at += 2;
		if (!read_hex4(r, &low))
			return false;
		if (low >= 0xDC00 && low < 0xE000)
			code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
		else
			r->at = before;
	}
	if (code == 0 || (code >= 0xD800 && code < 0xE000))
		code = 0xFFFD;
	buf_add(&r->doc->text, bytes, utf8_encode(code, bytes));
	return true;
}

static bool read_escape(struct reader *r)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known;
	char c;

	if (r->at == r->end)
		return wrong(r, "an escape is cut");
	c = *r->at++;
	if (c == 'u')
		return read_unicode(r);
	known = c ? strchr(from, c) : NULL;
	if (!known)
		return wrong(r, "unknown escape");
	return buf_add_byte(&r->doc->text, to[known - from]);
}

/** The rest of a string, after its opening quote. */
static bool read_string(struct reader *r, uint32_t *ret_offset)
{
	struct buf *text = &r->doc->text;
	uint32_t offset = (uint32_t)text->len;

	for (;;) {
		const char *run = r->at;
		uint32_t code;

		while (r->at < r->end && (unsigned char)(*r->at - 0x20) < 0x60 && *r->at != '"' &&
		       *r->at != '\\')
			r->at++;
		buf_add(text, run, (size_t)(r->at - run));
		if (r->at == r->end)
			return wrong(r, "a string is cut");
		if (*r->at == '"') {
			r->at++;
			*ret_offset = offset;
			return buf_add_byte(text, '\0') || wrong(r, "too much text");
		}
		if (*r->at == '\\') {
			r->at++;
			if (!read_escape(r))
				return false;
			continue;
		}
		if ((unsigned char)*r->at < 0x20)
			return wrong(r, "a control character in a string");
		run = r->at;
		r->at += utf8_decode(run, (size_t)(r->end - run), &code);
		if (code == UINT32_MAX)
			return wrong(r, "not UTF-8");
		buf_add(text, run, (size_t)(r->at - run));
	}
}

static bool read_int(struct reader *r, struct json_value *v)
{
	bool negative = *r->at == '-';
	const char *first;

	r->at += negative;
	first = r->at;
	for (; r->at < r->end && is_digit(*r->at); r->at++)
		if (__builtin_mul_overflow(v->number, UINT64_C(10), &v->number) ||
		    __builtin_add_overflow(v->number, (uint64_t)(*r->at - '0'), &v->number))
			return wrong(r, "a number is too large");
	if (r->at == first || (*first == '0' && r->at - first > 1))
		return wrong(r, "not a number");
	if (r->at < r->end && (*r->at == '.' || *r->at == 'e' || *r->at == 'E'))
		return wrong(r, "a number that is no integer");
	if (negative)
		v->number = 0;
	v->type = JSON_INT;
	return true;
}

static bool read_word(struct reader *r, struct json_value *v)
{
	static const struct {
		const char *word;
		enum json_type type;
		uint64_t number;
	} words[] = { { "null", JSON_NULL, 0 },
		      { "true", JSON_BOOL, 1 },
		      { "false", JSON_BOOL, 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		size_t len = strlen(words[i].word);

		if ((size_t)(r->end - r->at) < len || memcmp(r->at, words[i].word, len) != 0)
			continue;
		r->at += len;
		v->type = words[i].type;
		v->number = words[i].number;
		return true;
	}
	return wrong(r, "not a value");
}

static bool open_nest(struct reader *r, struct json_value *v, uint32_t index, enum json_type type)
{
	if (r->depth == JSON_DEPTH_MAX)
		return wrong(r, "nested too deeply");
	r->at++;
	v->type = type;
	r->open[r->depth++] = index;
	return true;
}

/** One value; of an array or object, its opening bracket. */
static bool read_value(struct reader *r, uint32_t key)
{
	struct json_doc *d = r->doc;
	uint32_t index = (uint32_t)d->values.len;
	struct json_value *v = vec_push(&d->values);

	if (!v)
		return wrong(r, "too many values");
	*v = (struct json_value){ .key = key, .next = index + 1 };
	if (r->depth)
		d->values.items[r->open[r->depth - 1]].items++;
	skip_space(r);
	if (r->at == r->end)
		return wrong(r, "cut");
	switch (*r->at) {
	case '{':
		return open_nest(r, v, index, JSON_OBJECT);
	case '[':
		return open_nest(r, v, index, JSON_ARRAY);
	case '"':
		r->at++;
		v->type = JSON_STR;
		return read_string(r, &v->str);
	default:
		return *r->at == '-' || is_digit(*r->at) ? read_int(r, v) : read_word(r, v);
	}
}

/** The next member of the innermost array or object, or its end. */
static bool read_item(struct reader *r)
{
	struct json_value *outer = &r->doc->values.items[r->open[r->depth - 1]];
	bool is_object = outer->type == JSON_OBJECT;
	uint32_t key = NO_KEY;

	if (take(r, is_object ? '}' : ']')) {
		outer->next = (uint32_t)r->doc->values.len;
		r->depth--;
		return true;
	}
	if (outer->items && !take(r, ','))
		return wrong(r, "a comma is missing");
	if (is_object && (!take(r, '"') || !read_string(r, &key) || !take(r, ':')))
		return wrong(r, "not a key and its colon");
	return read_value(r, key);
}

const char *json_doc_read(struct json_doc *d, const char *data, size_t len)
{
	struct reader r = { .doc = d, .at = data, .end = data + len };

	d->values.len = 0;
	buf_clear(&d->text);
	skip_space(&r);
	if (r.at == r.end || *r.at != '{')
		return "not an object";
	if (!read_value(&r, NO_KEY))
		return r.wrong;
	while (r.depth)
		if (!read_item(&r))
			return r.wrong;
	skip_space(&r);
	if (r.at != r.end)
		return "something follows the object";
	return d->text.failed ? "too much text" : NULL;
}

static bool is_named(const struct json_doc *d, const struct json_value *v, const char *name,
		     size_t len)
{
	const char *key;

	if (v->key == NO_KEY)
		return false;
	key = d->text.data + v->key;
	return len && key[0] == name[0] && strncmp(key, name, len) == 0 && key[len] == '\0';
}

/** Number of an item, from a path's component; SIZE_MAX if it is none. */
static size_t item_number(const char *name, size_t len)
{
	size_t number = 0;

	if (len == 0 || len > 6)
		return SIZE_MAX;
	for (size_t i = 0; i < len; i++) {
		if (!is_digit(name[i]))
			return SIZE_MAX;
		number = number * 10 + (size_t)(name[i] - '0');
	}
	return number;
}

static const struct json_value *child(const struct json_doc *d, const struct json_value *of,
				      const char *name, size_t len)
{
	const struct json_value *all = d->values.items, *end = all + of->next;
	size_t number = of->type == JSON_ARRAY ? item_number(name, len) : 0;

	if (of->type != JSON_ARRAY && of->type != JSON_OBJECT)
		return NULL;
	for (const struct json_value *v = of + 1; v < end; v = all + v->next) {
		if (of->type == JSON_OBJECT ? is_named(d, v, name, len) : number == 0)
			return v;
		number--;
	}
	return NULL;
}

const struct json_value *json_doc_at(const struct json_doc *d, const char *path)
{
	const struct json_value *v = d->values.len ? d->values.items : NULL;

	while (v && *path) {
		size_t len = strcspn(path, ".");

		v = child(d, v, path, len);
		path += len + (path[len] == '.');
	}
	return v;
}
