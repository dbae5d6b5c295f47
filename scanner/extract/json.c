/*
 * json.c - JSON, JSON Lines and their kin, streaming
 *
 * No tree and no recursion: brackets are counted, and only the keys on the way down are
 * kept.  What is sent is the document as it stands, but with strings unescaped; values
 * carry the nearest key as their field.  What is not JSON after all is sent as plain text
 * from there on: nothing is lost by it, so nothing is reported.
 */
#include "decode.h"
#include "extract.h"
#include "fail.h"
#include "feed.h"
#include "hex.h"
#include "utf8.h"
#include "table.h"
#include "valuename.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define WINDOW (64 * KiB)
#define LOOK (8 * KiB)       /* what is there before a token is begun */
#define KEY_SCAN (4 * KiB)   /* a longer string is no key */
#define KEY_KEPT 256         /* bytes of a key that become the field */
#define COLON_SCAN (1 * KiB) /* white space before the colon */
#define DEPTH_KEPT 256       /* deeper, keys are still read, but not restored */
#define SURROGATE_BYTES 12   /* \uD83D\uDE00 */

struct level {
	size_t field; /* key in force around this level, or NO_FIELD */
	size_t keys_len;
	uint64_t record; /* in force around it, too */
	bool in_object;  /* it stands in one */
};

#define NO_FIELD SIZE_MAX

struct reader {
	const struct extract_sink *sink;
	size_t at; /* of the window: before it is structure not sent yet */
	uint64_t depth;
	struct buf keys; /* NUL-terminated, those of the outer levels first */
	size_t field;    /* in `keys`, of the values that come */
	uint64_t record; /* number of the element at hand: an object in an array, or alone */
	uint64_t records;
	bool in_object;
	uint64_t whole; /* elements nested deeper than this are of one record; 0: none */
	bool plain;     /* not JSON from here on */
	/* Large, and written before they are read: not cleared. */
	struct level levels[DEPTH_KEPT];
	struct feed feed;
};

static const char *field_of(const struct reader *r)
{
	return r->field == NO_FIELD ? NULL : r->keys.data + r->field;
}

static enum assay_status send(struct reader *r, size_t len, const char *field,
			      struct assay_error *err)
{
	struct segment seg = { .field = field, .record = r->record };

	return feed_send(&r->feed, len, r->sink, &seg, err);
}

/* Send the structure before `at`. */
static enum assay_status flush(struct reader *r, struct assay_error *err)
{
	size_t len = r->at;

	r->at = 0;
	return send(r, len, NULL, err);
}

/* Have LOOK bytes at `at`, or all there is. */
static enum assay_status look(struct reader *r, struct assay_error *err)
{
	enum assay_status st;

	if (r->feed.len - r->at >= LOOK || r->feed.ended)
		return ASSAY_OK;
	st = flush(r, err);
	return st == ASSAY_OK ? feed_more(&r->feed, LOOK, err) : st;
}

/* Bytes before the first quote or backslash. */
static size_t string_prefix(const char *data, size_t len)
{
	size_t i = 0;

#ifdef __x86_64__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');

	for (; len - i >= 16; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
		__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash));
		unsigned mask = (unsigned)_mm_movemask_epi8(hit);

		if (mask)
			return i + (size_t)__builtin_ctz(mask);
	}
#endif
	while (i < len && data[i] != '"' && data[i] != '\\')
		i++;
	return i;
}

/* ---- keys and levels ---- */

static size_t kept_depth(const struct reader *r)
{
	return (size_t)MIN(r->depth, DEPTH_KEPT);
}

static void push(struct reader *r, bool object)
{
	if (r->depth < DEPTH_KEPT)
		r->levels[r->depth] =
		    (struct level){ r->field, r->keys.len, r->record, r->in_object };
	/* What is nested deeper than is kept belongs to one element. */
	if (object && !r->in_object && r->depth < DEPTH_KEPT && !r->whole)
		r->record = ++r->records;
	r->in_object = object;
	r->depth++;
}

static void pop(struct reader *r)
{
	r->depth--;
	if (r->depth < r->whole)
		r->whole = 0;
	if (r->depth < DEPTH_KEPT) {
		const struct level *l = &r->levels[r->depth];

		r->field = l->field;
		r->keys.len = l->keys_len;
		r->record = l->record;
		r->in_object = l->in_object;
	}
}

/* ---- escapes ---- */

/* Four hex digits, or -1. */
static int32_t hex4(const char *data, size_t len)
{
	int32_t code = 0;

	if (len < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int digit = hex_value(data[i]);

		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

static size_t unescape_u(const char *data, size_t len, uint32_t *ret_code)
{
	int32_t high = hex4(data + 2, len - 2), low = -1;

	if (high < 0)
		return 0;
	*ret_code = (uint32_t)high;
	if (high < 0xD800 || high >= 0xE000)
		return 6;
	*ret_code = 0xFFFD;
	if (len >= SURROGATE_BYTES && data[6] == '\\' && data[7] == 'u')
		low = hex4(data + 8, len - 8);
	if (high >= 0xDC00 || low < 0xDC00 || low >= 0xE000)
		return 6;
	*ret_code = 0x10000 + ((uint32_t)(high - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
	return SURROGATE_BYTES;
}

/*
 * The escape at `data`, a backslash; bytes taken, at least 1.  An unknown one stands for
 * itself.
 */
static size_t unescape(const char *data, size_t len, char ret[4], size_t *ret_len)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *known;
	uint32_t code;
	size_t took;

	*ret_len = 1;
	ret[0] = '\\';
	if (len < 2)
		return 1;
	if (data[1] == 'u') {
		took = unescape_u(data, len, &code);
		if (took)
			*ret_len = utf8_encode(code, ret);
		return took ? took : 1;
	}
	known = memchr(from, data[1], sizeof(from) - 1);
	if (!known)
		return 1;
	ret[0] = to[known - from];
	return 2;
}

/* ---- strings ---- */

/* Length of the string at `at` with its quotes, if it ends within KEY_SCAN; else 0. */
static size_t short_string(const struct reader *r)
{
	const char *data = r->feed.data + r->at;
	size_t len = MIN(r->feed.len - r->at, KEY_SCAN), i = 1;

	while (i < len) {
		i += string_prefix(data + i, len - i);
		if (i < len && data[i] == '"')
			return i + 1;
		i += 2;
	}
	return 0;
}

static bool colon_follows(const struct reader *r, size_t at)
{
	size_t len = MIN(r->feed.len, at + COLON_SCAN);

	while (at < len && is_space(r->feed.data[at]))
		at++;
	return at < len && r->feed.data[at] == ':';
}

/* The string behind the key at `at`, of `len` bytes with its quotes; into the window. */
static const char *value_of_key(const struct reader *r, size_t len, size_t *ret_len)
{
	size_t at = r->at + len, end = MIN(r->feed.len, at + COLON_SCAN);
	const char *data = r->feed.data, *quote;

	while (at < end && (is_space(data[at]) || data[at] == ':'))
		at++;
	quote = at < end && data[at] == '"' ? memchr(data + at + 1, '"', end - at - 1) : NULL;
	*ret_len = quote ? (size_t)(quote - data) - at - 1 : 0;
	return quote ? data + at + 1 : NULL;
}

/*
 * FHIR: a resource - a patient, with lists of names, addresses and numbers - is one record;
 * a bundle holds resources.
 */
static void note_resource(struct reader *r, size_t len)
{
	static const char key[] = "\"resourceType\"";
	static const char *const of_others[] = { "Bundle", "Parameters", "List" };
	const char *type;
	size_t type_len;

	if (r->whole || !r->in_object || len != sizeof(key) - 1 ||
	    memcmp(r->feed.data + r->at, key, len) != 0)
		return;
	type = value_of_key(r, len, &type_len);
	for (size_t i = 0; type && i < ARRAY_SIZE(of_others); i++)
		if (type_len == strlen(of_others[i]) && !memcmp(type, of_others[i], type_len))
			return;
	r->whole = type ? r->depth : 0;
}

/* A key that says nothing: what it is a value of is said by the key around it. */
static bool begin_with_outer(struct reader *r, size_t depth)
{
	size_t outer = depth ? r->levels[depth - 1].field : NO_FIELD;
	size_t len = outer == NO_FIELD ? 0 : strlen(r->keys.data + outer);
	char *room;

	if (!len || len > KEY_KEPT / 2)
		return true;
	room = buf_reserve(&r->keys, len + 1);
	if (!room)
		return false;
	memcpy(room, r->keys.data + outer, len);
	room[len] = ' ';
	r->keys.len += len + 1;
	return true;
}

/* Make the string at `at`, of `len` bytes with its quotes, the field. */
static bool set_key(struct reader *r, size_t len)
{
	const char *data = r->feed.data + r->at + 1;
	size_t depth = kept_depth(r), begin, i = 0;

	len -= 2;
	r->keys.len = depth ? r->levels[depth - 1].keys_len : 0;
	begin = r->keys.len;
	if (is_value_name(data, len) && !begin_with_outer(r, depth))
		return false;
	while (i < len && r->keys.len - begin < KEY_KEPT) {
		char one[4] = { data[i] ? data[i] : ' ' };
		size_t n = 1;

		i += data[i] == '\\' ? unescape(data + i, len - i, one, &n) : 1;
		if (!buf_add(&r->keys, one, n))
			return false;
	}
	r->field = begin;
	return buf_add(&r->keys, "", 1);
}

/* The window begins with an escape. */
static enum assay_status send_escape(struct reader *r, const char *field, struct assay_error *err)
{
	struct segment seg = {
		.field = field,
		.loc.line = r->feed.line,
		.record = r->record,
	};
	struct source source = { 0, SOURCE_DERIVED };
	enum assay_status st;
	char decoded[4];
	size_t len, took;

	st = feed_more(&r->feed, LOOK, err);
	if (st != ASSAY_OK)
		return st;
	took = unescape(r->feed.data, r->feed.len, decoded, &len);
	st = sink_text(r->sink, &seg, decoded, len, source, err);
	feed_skip(&r->feed, took);
	return st;
}

/* The string whose opening quote is at `at`, however long; its closing quote is left. */
static enum assay_status send_string(struct reader *r, const char *field, struct assay_error *err)
{
	struct feed *f = &r->feed;
	enum assay_status st;

	r->at++;
	st = flush(r, err);
	while (st == ASSAY_OK) {
		size_t len;

		st = feed_more(f, LOOK, err);
		if (st != ASSAY_OK || !f->len || f->data[0] == '"')
			break;
		len = string_prefix(f->data, f->len);
		if (len == f->len && !f->ended && len > 4)
			len -= 4; /* not amid a character */
		st = len ? send(r, len, field, err) : send_escape(r, field, err);
	}
	r->at = st == ASSAY_OK && f->len;
	return st;
}

static enum assay_status string(struct reader *r, struct assay_error *err)
{
	size_t len = short_string(r);

	if (!len || !colon_follows(r, r->at + len))
		return send_string(r, field_of(r), err);
	note_resource(r, len);
	if (!set_key(r, len))
		return assay_fail_memory(err, "json keys");
	if (memchr(r->feed.data + r->at, '\\', len))
		return send_string(r, NULL, err);
	r->at += len;
	return ASSAY_OK;
}

/* ---- the rest ---- */

static bool word_char(char c)
{
	return is_alnum(c) || c == '+' || c == '-' || c == '.';
}

/* Numbers as they are written, in JavaScript too; and the words JSON knows. */
static bool is_scalar(const char *data, size_t len)
{
	static const char *const words[] = { "true", "false",    "null",      "NaN",
					     "None", "Infinity", "undefined", "-Infinity" };

	if (is_digit(data[0]) || (len > 1 && memchr("+-.", data[0], 3) && is_digit(data[1])))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (len == strlen(words[i]) && !memcmp(data, words[i], len))
			return true;
	return false;
}

static enum assay_status scalar(struct reader *r, struct assay_error *err)
{
	const char *data = r->feed.data + r->at;
	size_t room = MIN(r->feed.len - r->at, LOOK), len = 0;
	enum assay_status st;

	while (len < room && word_char(data[len]))
		len++;
	if (!len || !is_scalar(data, len)) {
		r->plain = true;
		return ASSAY_OK;
	}
	st = flush(r, err);
	return st == ASSAY_OK ? send(r, len, field_of(r), err) : st;
}

/* Comments of JSONC, which need not be whole: what follows is JSON or is not. */
static void comment(struct reader *r)
{
	const char *data = r->feed.data + r->at, *end;
	size_t len = MIN(r->feed.len - r->at, LOOK);

	if (len >= 2 && data[1] == '/') {
		end = memchr(data, '\n', len);
		r->at += end ? (size_t)(end - data) : len;
	} else if (len >= 4 && data[1] == '*' && (end = memmem(data + 2, len - 2, "*/", 2))) {
		r->at += (size_t)(end + 2 - data);
	} else {
		r->plain = true;
	}
}

static enum assay_status token(struct reader *r, struct assay_error *err)
{
	switch (r->feed.data[r->at]) {
	case '"':
		return string(r, err);
	case '{':
	case '[':
		push(r, r->feed.data[r->at] == '{');
		r->at++;
		return ASSAY_OK;
	case '}':
	case ']':
		if (!r->depth) {
			r->plain = true;
			return ASSAY_OK;
		}
		pop(r);
		r->at++;
		return ASSAY_OK;
	case '/':
		comment(r);
		return ASSAY_OK;
	case ' ':
	case '\n':
	case '\r':
	case '\t':
	case ',':
	case ':':
	case 0x1E: /* JSON text sequences */
		r->at++;
		return ASSAY_OK;
	default:
		return scalar(r, err);
	}
}

static enum assay_status send_rest(struct reader *r, struct assay_error *err)
{
	struct feed *f = &r->feed;
	enum assay_status st = flush(r, err);

	while (st == ASSAY_OK) {
		st = feed_more(f, LOOK, err);
		if (st != ASSAY_OK || !f->len)
			break;
		st = send(r, f->ended || f->len <= 4 ? f->len : f->len - 4, NULL, err);
	}
	return st;
}

/* Structure alone may be long: it is sent before it fills the window. */
static enum assay_status read_all(struct reader *r, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	while (st == ASSAY_OK && !r->plain) {
		st = look(r, err);
		if (st != ASSAY_OK || r->at == r->feed.len)
			break;
		st = token(r, err);
	}
	if (st == ASSAY_OK)
		st = send_rest(r, err);
	return st == ASSAY_OK ? feed_end(&r->feed, err) : st;
}

static enum assay_status json_run(struct input *in, const struct extract_sink *sink,
				  struct assay_error *err)
{
	CLEANUP(mem_freep) struct reader *r = malloc(sizeof(*r));
	enum assay_status st;

	if (!r)
		return assay_fail_memory(err, "json reader");
	memset(r, 0, offsetof(struct reader, levels));
	r->sink = sink;
	r->field = NO_FIELD;
	r->keys = (struct buf)BUF_INIT((DEPTH_KEPT + 2) * (KEY_KEPT + 8));
	st = feed_init(&r->feed, in, WINDOW, err);
	r->feed.count_lines = true;
	if (st == ASSAY_OK)
		st = read_all(r, err);
	feed_done(&r->feed);
	buf_done(&r->keys);
	return st;
}

static const char *const types[] = { "application/json", "application/x-ndjson", NULL };

const struct extractor json_extractor = {
	.name = "json",
	.types = types,
	.run = json_run,
};
