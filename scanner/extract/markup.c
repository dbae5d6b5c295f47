/*
 * markup.c - the tokenizer of XML, HTML and SVG
 *
 * The window (feed.h) begins where the next token does.  A tag is parsed once it is
 * whole, and again from its start when the window had to grow, which doubles; a tag over
 * the limit gives what was parsed, and its rest as text.  Nothing is ever searched for
 * further than the token it ends, so the work is linear.
 */
#include "markup.h"

#include "entity.h"
#include "fail.h"
#include "fold.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define TAG_SLACK (64 * KiB)
#define MAX_ATTRS 4096
#define MAX_NAME 1024
#define MAX_REFERENCE 64

/* Of converted text, as runs are short, only so much is looked at for one piece. */
#define WIDE_LOOK 512

/* What is there before a token is begun: enough for its name, or any fixed string. */
#define LOOK (2 * KiB)

enum {
	IN_CONTENT,
	IN_COMMENT,
	IN_CDATA,
	IN_PI,
	IN_DOCTYPE,
	IN_RAW,      /* script, style */
	IN_TAG_REST, /* over the limit */
};

/* Elements of HTML whose content is not markup. */
static const char *const raw_elements[] = { "script", "style" };

static void markup_setup(struct markup *m, enum markup_mode mode, const struct assay_limits *limits)
{
	*m = (struct markup){ .mode = mode,
			      .max_depth = limits->xml_depth,
			      .max_tag = limits->xml_attr_bytes + TAG_SLACK,
			      .attrs = VEC_INIT(MAX_ATTRS),
			      .values = BUF_INIT(limits->xml_attr_bytes + 2 * TAG_SLACK) };
}

enum assay_status markup_init(struct markup *m, struct input *in, enum markup_mode mode,
			      const struct assay_limits *limits, struct assay_error *err)
{
	markup_setup(m, mode, limits);
	m->count_lines = true;
	return feed_init(&m->feed, in, m->max_tag, err);
}

enum assay_status markup_init_mem(struct markup *m, const void *data, size_t len,
				  enum markup_mode mode, const struct assay_limits *limits,
				  struct assay_error *err)
{
	markup_setup(m, mode, limits);
	input_from_mem(&m->mem, data, len);
	return feed_init(&m->feed, &m->mem, m->max_tag, err);
}

void markup_done(struct markup *m)
{
	feed_done(&m->feed);
	vec_done(&m->attrs);
	buf_done(&m->values);
}

static bool name_char(char c)
{
	return is_letter(c) || (c >= '-' && c <= ':' && c != '/') || c == '_' || (c & 0x80);
}

static bool name_start(char c)
{
	return is_letter(c) || c == '_' || c == ':' || (c & 0x80);
}

static bool same_name(const char *a, size_t len, const char *b, bool no_case)
{
	/* Nearly all names differ in their first byte. */
	for (size_t i = 0; i < len; i++)
		if ((no_case ? to_lower(a[i]) : a[i]) != b[i] || !b[i])
			return false;
	return !b[len];
}

bool markup_is(const struct markup *m, const struct markup_token *t, const char *local)
{
	return same_name(t->local, t->local_len, local, m->mode == MARKUP_HTML);
}

const struct markup_attr *markup_attr(const struct markup *m, const struct markup_token *t,
				      const char *local)
{
	for (size_t i = 0; i < t->attrs_len; i++)
		if (same_name(t->attrs[i].local, t->attrs[i].local_len, local,
			      m->mode == MARKUP_HTML))
			return &t->attrs[i];
	return NULL;
}

/* The part of a name after its prefix. */
static const char *local_of(const char *name, size_t len, size_t *ret_len)
{
	size_t i = 0;

	while (i < len && name[i] != ':')
		i++;
	i = i + 1 < len ? i + 1 : 0;
	*ret_len = len - i;
	return name + i;
}

/* Bytes before the first < or &. */
static size_t plain_prefix(const char *data, size_t len)
{
	size_t i = 0;

#ifdef __x86_64__
	const __m128i lt = _mm_set1_epi8('<'), amp = _mm_set1_epi8('&');

	for (; len - i >= 16; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
		__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, lt), _mm_cmpeq_epi8(v, amp));
		unsigned mask = (unsigned)_mm_movemask_epi8(hit);

		if (mask)
			return i + (size_t)__builtin_ctz(mask);
	}
#endif
	while (i < len && data[i] != '<' && data[i] != '&')
		i++;
	return i;
}

/* Length without a character that the end of a window may have cut. */
static size_t whole_chars(const char *data, size_t len)
{
	for (size_t back = 1; back <= 3 && back <= len; back++) {
		unsigned char c = (unsigned char)data[len - back];

		if (c >= 0xC0)
			return (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : 2u) > back ? len - back : len;
		if (c < 0x80)
			break;
	}
	return len;
}

/* How much of the window one piece may look at. */
static size_t look_len(const struct feed *f)
{
	return feed_is_wide(f) ? MIN(f->len, WIDE_LOOK) : f->len;
}

/* The token is the window's first bytes, at most `len` (not 0), as they stand. */
static void give_text(struct markup *m, struct markup_token *t, enum markup_kind kind, size_t len)
{
	struct feed *f = &m->feed;

	if (len < f->len ? (f->data[len] & 0xC0) == 0x80 : !f->ended)
		len = MAX(whole_chars(f->data, len), 1);
	t->kind = kind;
	t->text = f->data;
	t->len = feed_run(f, 0, len, &t->source);
	t->line = m->count_lines ? f->line : 0;
	t->first = m->first;
	m->first = false;
	m->consume = t->len;
}

static void give_char(struct markup *m, struct markup_token *t, size_t len, size_t took)
{
	t->kind = MARKUP_TEXT;
	t->text = m->entity;
	t->len = len;
	t->source = (struct source){ feed_off(&m->feed, 0), SOURCE_DERIVED };
	t->line = m->count_lines ? m->feed.line : 0;
	m->consume = took;
}

static bool looks_like_reference(const char *data, size_t len)
{
	size_t i = 1;

	while (i < len && name_char(data[i]))
		i++;
	return i > 1 && i < len && data[i] == ';';
}

static void give_content(struct markup *m, struct markup_token *t)
{
	struct feed *f = &m->feed;
	size_t len, took;

	if (f->data[0] == '&') {
		took = entity_decode(f->data, f->len, m->mode == MARKUP_HTML, m->entity, &len);
		if (took) {
			give_char(m, t, len, took);
			return;
		}
		if (looks_like_reference(f->data, MIN(f->len, MAX_REFERENCE)))
			m->unknown_entities++;
	}
	/* The first byte is text whatever it is, as nobody else took it. */
	give_text(m, t, MARKUP_TEXT, 1 + plain_prefix(f->data + 1, look_len(f) - 1));
}

/* ---- tags ---- */

struct tag {
	const char *data;
	size_t len; /* to look at */
	size_t at;
};

/* How parsing a tag ended. */
enum tag_end { TAG_WHOLE, TAG_SHORT };

static bool tag_done(const struct tag *g)
{
	return g->at >= g->len;
}

static void skip_space(struct tag *g)
{
	while (!tag_done(g) && is_space(g->data[g->at]))
		g->at++;
}

/* Append data[from..to) to the values, references decoded: never longer than it was. */
static void decode_value(struct markup *m, const char *data, size_t from, size_t to, bool *ret_same)
{
	struct buf *b = &m->values;

	*ret_same = true;
	while (from < to) {
		const char *amp = memchr(data + from, '&', to - from);
		size_t plain = amp ? (size_t)(amp - data) - from : to - from, took, n;

		buf_add(b, data + from, plain);
		from += plain;
		if (!amp)
			break;
		took = entity_decode(data + from, to - from, m->mode == MARKUP_HTML, m->entity, &n);
		if (took)
			*ret_same = false;
		else
			n = 1;
		buf_add(b, took ? m->entity : "&", n);
		from += took ? took : 1;
	}
}

static void set_value(struct markup *m, struct markup_attr *a, size_t from, size_t to)
{
	size_t begin = m->values.len;
	bool same;

	decode_value(m, m->feed.data, from, to, &same);
	a->value_len = m->values.len - begin;
	buf_add_byte(&m->values, '\0');
	if (!same || from == to || feed_run(&m->feed, from, to - from, &a->source) != to - from)
		a->source = (struct source){ feed_off(&m->feed, from), SOURCE_DERIVED };
}

/* The value behind an equals sign: its bounds, or TAG_SHORT. */
static enum tag_end value_bounds(struct tag *g, size_t *ret_from, size_t *ret_to)
{
	char quote = g->data[g->at];
	const char *end;

	if (quote != '"' && quote != '\'') {
		*ret_from = g->at;
		while (!tag_done(g) && !is_space(g->data[g->at]) && g->data[g->at] != '>')
			g->at++;
		*ret_to = g->at;
		return tag_done(g) ? TAG_SHORT : TAG_WHOLE;
	}
	*ret_from = ++g->at;
	end = memchr(g->data + g->at, quote, g->len - g->at);
	if (!end)
		return TAG_SHORT;
	*ret_to = (size_t)(end - g->data);
	g->at = *ret_to + 1;
	return TAG_WHOLE;
}

/* One attribute at g->at; on TAG_SHORT nothing is added. */
static enum tag_end parse_attr(struct markup *m, struct tag *g)
{
	size_t from = g->at, name_len, value_from = 0, value_to = 0;
	struct markup_attr *a;
	bool bare = true;

	/* Whatever it is, its first byte belongs to it: there is progress. */
	g->at++;
	while (!tag_done(g) && !is_space(g->data[g->at]) && !memchr("=/><", g->data[g->at], 4))
		g->at++;
	name_len = g->at - from;
	skip_space(g);
	if (tag_done(g))
		return TAG_SHORT;
	if (g->data[g->at] == '=') {
		bare = false;
		g->at++;
		skip_space(g);
		if (tag_done(g) || value_bounds(g, &value_from, &value_to) == TAG_SHORT)
			return TAG_SHORT;
	}
	a = vec_push(&m->attrs);
	if (!a)
		return TAG_SHORT;
	*a = (struct markup_attr){ .name = g->data + from, .name_len = name_len, .bare = bare };
	a->local = local_of(a->name, name_len, &a->local_len);
	if (m->count_lines)
		a->line = value_from; /* a place yet: settle_attrs() */
	set_value(m, a, value_from, value_to);
	return TAG_WHOLE;
}

/* The values have come to rest: point at them, and make lines of places. */
static void settle_attrs(struct markup *m)
{
	uint64_t line = m->feed.line;
	size_t at = 0, value_at = 0;

	for (size_t i = 0; i < m->attrs.len; i++) {
		struct markup_attr *a = &m->attrs.items[i];
		size_t place = (size_t)a->line;

		a->value = m->values.data + value_at;
		value_at += a->value_len + 1;
		if (place > at) {
			line += fold_count_lines(m->feed.data + at, place - at);
			at = place;
		}
		a->line = m->count_lines ? line : 0;
	}
}

/* `g` stands behind the name.  Leaves g->at behind the last whole part. */
static enum tag_end parse_attrs(struct markup *m, struct tag *g, bool *ret_empty)
{
	m->attrs.len = 0;
	buf_clear(&m->values);
	*ret_empty = false;
	for (;;) {
		size_t begin;

		skip_space(g);
		if (tag_done(g))
			return TAG_SHORT;
		begin = g->at;
		switch (g->data[g->at]) {
		case '>':
			g->at++;
			return TAG_WHOLE;
		case '<': /* the tag was never closed */
			return TAG_WHOLE;
		case '/':
			g->at++;
			*ret_empty = !tag_done(g) && g->data[g->at] == '>';
			break;
		case '?':
			g->at++;
			break;
		default:
			if (parse_attr(m, g) == TAG_SHORT) {
				g->at = begin;
				return TAG_SHORT;
			}
		}
	}
}

static void begin_raw(struct markup *m, const struct markup_token *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(raw_elements); i++)
		if (m->mode == MARKUP_HTML && !t->empty && markup_is(m, t, raw_elements[i])) {
			strcpy(m->raw_name, raw_elements[i]);
			m->state = IN_RAW;
		}
}

static void count_depth(struct markup *m, enum markup_kind kind)
{
	if (kind == MARKUP_START && m->depth < UINT32_MAX)
		m->depth++;
	else if (kind == MARKUP_END && m->depth)
		m->depth--;
	if (m->depth > m->max_depth && m->mode == MARKUP_XML)
		m->too_deep = true;
}

/* Parse the tag's attributes, making the window longer until they are whole. */
static enum assay_status whole_tag(struct markup *m, struct tag *g, size_t name_end,
				   enum tag_end *ret_end, bool *ret_empty, struct assay_error *err)
{
	struct feed *f = &m->feed;
	enum assay_status st;

	for (;;) {
		*g = (struct tag){ f->data, MIN(f->len, m->max_tag), name_end };
		*ret_end = parse_attrs(m, g, ret_empty);
		if (m->values.failed)
			return assay_fail_memory(err, "attributes");
		if (*ret_end == TAG_WHOLE || f->ended || f->len >= m->max_tag ||
		    m->attrs.len == MAX_ATTRS)
			return ASSAY_OK;
		st = feed_more(f, MIN(2 * f->len, m->max_tag), err);
		if (st != ASSAY_OK)
			return st;
	}
}

static enum assay_status give_tag(struct markup *m, struct markup_token *t, enum markup_kind kind,
				  size_t name_at, size_t name_end, struct assay_error *err)
{
	struct tag g;
	enum tag_end end;
	enum assay_status st = whole_tag(m, &g, name_end, &end, &t->empty, err);

	if (st != ASSAY_OK)
		return st;
	settle_attrs(m);
	t->kind = kind;
	t->name = m->name = g.data + name_at;
	t->name_len = m->name_len = name_end - name_at;
	t->local = local_of(t->name, t->name_len, &t->local_len);
	t->attrs = m->attrs.items;
	t->attrs_len = m->attrs.len;
	t->line = m->count_lines ? m->feed.line : 0;
	m->consume = g.at;
	count_depth(m, kind);
	if (kind == MARKUP_START) {
		m->pending_end = t->empty;
		begin_raw(m, t);
	}
	if (end == TAG_SHORT) {
		m->state = IN_TAG_REST;
		m->quote = 0;
		m->long_tag = true;
	}
	return ASSAY_OK;
}

/* The END of <a/>, whose name is still in the window. */
static void give_pending_end(struct markup *m, struct markup_token *t)
{
	m->pending_end = false;
	t->kind = MARKUP_END;
	t->name = m->name;
	t->name_len = m->name_len;
	t->local = local_of(t->name, t->name_len, &t->local_len);
	t->line = m->count_lines ? m->feed.line : 0;
	count_depth(m, MARKUP_END);
}

/* ---- what is not content; each says whether it gave a token ---- */

/* The rest of a tag over the limit, or of one that nothing ends. */
static bool give_tag_rest(struct markup *m, struct markup_token *t)
{
	struct feed *f = &m->feed;
	size_t len = look_len(f), i = 0;

	if (!m->quote && f->data[0] == '>') {
		m->state = m->raw_name[0] ? IN_RAW : IN_CONTENT;
		feed_skip(f, 1);
		return false;
	}
	while (i < len && !(f->data[i] == '>' && !m->quote)) {
		char c = f->data[i++];

		if (m->quote ? c == m->quote : c == '"' || c == '\'') {
			m->quote = m->quote ? 0 : c;
			break;
		}
	}
	t->in_tag = true;
	give_text(m, t, MARKUP_TEXT, i);
	return true;
}

/* A piece of what ends with `end`, which is swallowed. */
static bool give_until(struct markup *m, struct markup_token *t, enum markup_kind kind,
		       const char *end)
{
	struct feed *f = &m->feed;
	size_t len = look_len(f), end_len = strlen(end), keep = end_len - 1;
	const char *found = memmem(f->data, len, end, end_len);
	bool empty_pi = kind == MARKUP_PI && m->first;

	if (!found) {
		/* The end may begin in what is not seen yet. */
		give_text(m, t, kind, f->ended && len == f->len ? len : len - keep);
		return true;
	}
	if (found == f->data && !empty_pi) {
		m->state = IN_CONTENT;
		feed_skip(f, end_len);
		return false;
	}
	if (found == f->data) {
		t->kind = kind;
		t->first = true;
		t->text = "";
		m->first = false;
		return true;
	}
	give_text(m, t, kind, (size_t)(found - f->data));
	return true;
}

static bool give_pi(struct markup *m, struct markup_token *t)
{
	t->name = m->pi_name;
	t->name_len = strlen(m->pi_name);
	t->local = local_of(t->name, t->name_len, &t->local_len);
	return give_until(m, t, MARKUP_PI, m->mode == MARKUP_HTML ? ">" : "?>");
}

/* Is the ] at `data` the internal subset's last? */
static bool ends_subset(const char *data, size_t len)
{
	size_t i = 1;

	while (i < len && i < LOOK && is_space(data[i]))
		i++;
	return i < len && data[i] == '>';
}

static bool give_doctype(struct markup *m, struct markup_token *t)
{
	struct feed *f = &m->feed;
	size_t len = look_len(f), i = 0;

	if (!m->in_subset && f->data[0] == '>') {
		m->state = IN_CONTENT;
		feed_skip(f, 1);
		return false;
	}
	if (m->in_subset && f->data[0] == ']' && ends_subset(f->data, f->len))
		m->in_subset = false;
	else if (!m->in_subset && f->data[0] == '[')
		m->in_subset = m->has_subset = true;
	/* The byte that opens or closes is a part, and the piece ends before the next. */
	for (i = 1; i < len; i++)
		if (m->in_subset ? f->data[i] == ']' : f->data[i] == '[' || f->data[i] == '>')
			break;
	give_text(m, t, MARKUP_DOCTYPE, i);
	return true;
}

/* Where the raw content ends, or the end of what can be seen. */
static size_t raw_prefix(const struct markup *m, const char *data, size_t len)
{
	size_t name_len = strlen(m->raw_name), at = 0;

	for (;;) {
		const char *lt = memchr(data + at, '<', len - at);

		if (!lt)
			return len;
		at = (size_t)(lt - data);
		if (len - at < name_len + 2)
			return at ? at : len;
		if (data[at + 1] == '/' && same_name(data + at + 2, name_len, m->raw_name, true))
			return at;
		at++;
	}
}

static bool give_raw(struct markup *m, struct markup_token *t)
{
	struct feed *f = &m->feed;
	size_t name_len = strlen(m->raw_name);

	if (f->len >= name_len + 2 && f->data[0] == '<' && f->data[1] == '/' &&
	    same_name(f->data + 2, name_len, m->raw_name, true)) {
		m->raw_name[0] = '\0';
		m->state = IN_CONTENT;
		return false;
	}
	give_text(m, t, MARKUP_TEXT, raw_prefix(m, f->data, look_len(f)));
	return true;
}

/* ---- content ---- */

static bool begins(const struct feed *f, const char *text)
{
	size_t len = strlen(text);

	return f->len >= len && !memcmp(f->data, text, len);
}

static void enter(struct markup *m, int state, size_t skip)
{
	m->state = state;
	m->first = true;
	feed_skip(&m->feed, skip);
}

/* Where the name that begins at `from` ends; 0: there is none, or it is too long. */
static size_t name_end(const struct feed *f, size_t from)
{
	size_t i = from;

	if (i >= f->len || !name_start(f->data[i]))
		return 0;
	while (i < f->len && i - from < MAX_NAME && name_char(f->data[i]))
		i++;
	return i - from < MAX_NAME ? i : 0;
}

/* An address in angle brackets, <name@example.com>, is no tag. */
static size_t tag_name_end(const struct feed *f, size_t from)
{
	size_t end = name_end(f, from);

	if (end == f->len || !end)
		return end;
	return is_space(f->data[end]) || memchr("/><", f->data[end], 3) ? end : 0;
}

static void enter_pi(struct markup *m)
{
	size_t end = name_end(&m->feed, 2), len = end ? end - 2 : 0;

	/* A name too long to keep is content. */
	if (len >= sizeof(m->pi_name))
		len = 0;
	memcpy(m->pi_name, m->feed.data + 2, len);
	m->pi_name[len] = '\0';
	enter(m, IN_PI, 2 + len);
}

/* Something that is no tag begins at the <, and is entered. */
static bool enter_special(struct markup *m)
{
	struct feed *f = &m->feed;

	if (f->len < 2 || (f->data[1] != '!' && f->data[1] != '?'))
		return false;
	if (begins(f, "<!--"))
		enter(m, IN_COMMENT, 4);
	else if (begins(f, "<![CDATA["))
		enter(m, IN_CDATA, 9);
	else if (begins(f, "<?"))
		enter_pi(m);
	else if (begins(f, "<!") && f->len > 2 && is_letter(f->data[2]))
		enter(m, IN_DOCTYPE, 2);
	else
		return false;
	return true;
}

static enum assay_status content(struct markup *m, struct markup_token *t, bool *ret_gave,
				 struct assay_error *err)
{
	struct feed *f = &m->feed;
	size_t end;

	*ret_gave = true;
	if (f->data[0] == '<') {
		if (enter_special(m)) {
			*ret_gave = false;
			return ASSAY_OK;
		}
		end = tag_name_end(f, 1);
		if (end)
			return give_tag(m, t, MARKUP_START, 1, end, err);
		end = f->len > 1 && f->data[1] == '/' ? tag_name_end(f, 2) : 0;
		if (end)
			return give_tag(m, t, MARKUP_END, 2, end, err);
	}
	give_content(m, t);
	return ASSAY_OK;
}

/* One step in the state the window begins in. */
static enum assay_status step(struct markup *m, struct markup_token *t, bool *ret_gave,
			      struct assay_error *err)
{
	switch (m->state) {
	case IN_COMMENT:
		*ret_gave = give_until(m, t, MARKUP_COMMENT, "-->");
		return ASSAY_OK;
	case IN_CDATA:
		*ret_gave = give_until(m, t, MARKUP_TEXT, "]]>");
		return ASSAY_OK;
	case IN_PI:
		*ret_gave = give_pi(m, t);
		return ASSAY_OK;
	case IN_DOCTYPE:
		*ret_gave = give_doctype(m, t);
		return ASSAY_OK;
	case IN_RAW:
		*ret_gave = give_raw(m, t);
		return ASSAY_OK;
	case IN_TAG_REST:
		*ret_gave = give_tag_rest(m, t);
		return ASSAY_OK;
	default:
		return content(m, t, ret_gave, err);
	}
}

/* Member by member: gcc clears the whole by a slow string instruction. */
static void clear_token(struct markup_token *t)
{
	t->kind = MARKUP_EOF;
	t->name = t->local = t->text = NULL;
	t->name_len = t->local_len = t->len = t->attrs_len = 0;
	t->attrs = NULL;
	t->empty = t->first = t->in_tag = false;
	t->source = (struct source){ 0, SOURCE_DERIVED };
	t->line = 0;
}

enum assay_status markup_next(struct markup *m, struct markup_token *t, struct assay_error *err)
{
	struct feed *f = &m->feed;
	bool gave = false;

	clear_token(t);
	if (m->pending_end) {
		give_pending_end(m, t);
		return ASSAY_OK;
	}
	f->count_lines = m->count_lines;
	feed_skip(f, m->consume);
	m->consume = 0;
	while (!gave) {
		enum assay_status st = feed_more(f, LOOK, err);

		if (st != ASSAY_OK)
			return st;
		if (!f->len)
			return feed_end(f, err);
		st = step(m, t, &gave, err);
		if (st != ASSAY_OK)
			return st;
	}
	return ASSAY_OK;
}

uint32_t markup_number(const struct markup_attr *a, uint32_t otherwise)
{
	uint64_t n = 0;

	if (!a || !a->value_len)
		return otherwise;
	for (size_t i = 0; i < a->value_len && is_digit(a->value[i]) && n < UINT32_MAX / 16; i++)
		n = n * 10 + (uint64_t)(a->value[i] - '0');
	return (uint32_t)n;
}
