/*
 * sql.c - dumps of databases: rows of INSERT and COPY with their columns' names
 *
 * The text goes out as it stands, nothing is left out or moved.  Values of a row carry
 * the name of their column as field, and a row is a record.  Names come from the
 * statement itself, or from the CREATE TABLE before it.  What is not understood is text
 * up to the next line, and the search goes on there.
 */
#include "extract.h"
#include "fail.h"
#include "feed.h"
#include "table.h"

#define WINDOW (64 * KiB)
#define LOOK (8 * KiB)  /* what is there before a token is begun */
#define HEAD (32 * KiB) /* a longer head of a statement is text */
#define COLUMNS_MAX 512
#define TABLES_MAX 256
#define NAMES_BYTES (256 * KiB)
#define NAME_MAX_BYTES 128

/** Names of columns: their places in `names`, in order. */
struct columns {
	uint32_t at[COLUMNS_MAX];
	size_t len;
};

struct table {
	uint32_t name;
	uint32_t columns; /**< the first name; they lie one behind the other */
	uint32_t columns_len;
};

struct reader {
	struct feed feed;
	const struct extract_sink *sink;
	size_t at;        /**< of the window: before it is text not sent yet */
	struct buf names; /**< NUL-terminated; of the tables, then of the statement at hand */
	struct table tables[TABLES_MAX];
	size_t tables_len;
	size_t kept;            /**< of `names`: what tables need */
	struct columns columns; /**< of the statement at hand */
	uint64_t rows;
	bool backslash; /**< it escapes in strings */
};

static enum assay_status send(struct reader *r, size_t len, const char *field, bool in_row,
			      struct assay_error *err)
{
	struct segment seg = { .field = field, .record = in_row ? r->rows : 0 };

	return feed_send(&r->feed, len, r->sink, &seg, err);
}

/* Send the text before `at`. */
static enum assay_status flush(struct reader *r, bool in_row, struct assay_error *err)
{
	size_t len = r->at;

	r->at = 0;
	return send(r, len, NULL, in_row, err);
}

/* Have `want` bytes at `at`, or all there is. */
static enum assay_status look(struct reader *r, size_t want, bool in_row, struct assay_error *err)
{
	enum assay_status st;

	if (r->feed.len - r->at >= want || r->feed.ended)
		return ASSAY_OK;
	st = flush(r, in_row, err);
	return st == ASSAY_OK ? feed_more(&r->feed, want, err) : st;
}

/* ---- heads of statements ---- */

/* A place in the head of a statement, which is all there. */
struct cursor {
	const char *p, *end;
};

static void skip_blank(struct cursor *c)
{
	while (c->p < c->end) {
		const char *stop;

		if (is_space(*c->p)) {
			c->p++;
		} else if (c->end - c->p > 2 && c->p[0] == '-' && c->p[1] == '-') {
			stop = memchr(c->p, '\n', (size_t)(c->end - c->p));
			c->p = stop ? stop : c->end;
		} else if (c->end - c->p > 3 && c->p[0] == '/' && c->p[1] == '*') {
			stop = memmem(c->p + 2, (size_t)(c->end - c->p) - 2, "*/", 2);
			c->p = stop ? stop + 2 : c->end;
		} else {
			return;
		}
	}
}

/* A word of letters in any case; past it and what is blank. */
static bool take_word(struct cursor *c, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(c->end - c->p) <= len || strncasecmp(c->p, word, len) != 0 ||
	    is_alnum(c->p[len]) || c->p[len] == '_')
		return false;
	c->p += len;
	skip_blank(c);
	return true;
}

static bool take_sign(struct cursor *c, char sign)
{
	if (c->p >= c->end || *c->p != sign)
		return false;
	c->p++;
	skip_blank(c);
	return true;
}

static bool is_name_char(char c)
{
	return is_alnum(c) || c == '_' || c == '$' || (c & 0x80);
}

/* A bare name, or one in the quotes of its dialect: `a` "a" [a]. */
static bool one_name(struct cursor *c, const char **ret_name, size_t *ret_len)
{
	const char *p = c->p, *stop;
	char close = p < c->end && *p == '[' ? ']' : p < c->end ? *p : 0;

	if (close == '`' || close == '"' || close == ']') {
		stop = memchr(p + 1, close, (size_t)(c->end - p) - 1);
		if (!stop)
			return false;
		*ret_name = p + 1;
		*ret_len = (size_t)(stop - p) - 1;
		c->p = stop + 1;
		return *ret_len > 0;
	}
	while (p < c->end && is_name_char(*p))
		p++;
	*ret_name = c->p;
	*ret_len = (size_t)(p - c->p);
	c->p = p;
	return *ret_len > 0;
}

/* The last part of a name: that of the table in `schema.table`. */
static bool take_name(struct cursor *c, const char **ret_name, size_t *ret_len)
{
	bool more;

	do {
		if (!one_name(c, ret_name, ret_len))
			return false;
		more = c->p < c->end && *c->p == '.';
		c->p += more;
	} while (more);
	skip_blank(c);
	return true;
}

/* false: no room; the name is then left out. */
static bool keep_name(struct reader *r, const char *name, size_t len, uint32_t *ret_at)
{
	size_t at = r->names.len;

	len = MIN(len, NAME_MAX_BYTES);
	if (len + 1 > r->names.limit - at)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!buf_add_byte(&r->names, name[i] ? name[i] : ' '))
			return false;
	*ret_at = (uint32_t)at;
	return buf_add(&r->names, "", 1);
}

static bool add_column(struct reader *r, const char *name, size_t len)
{
	uint32_t at;

	if (r->columns.len == COLUMNS_MAX || !keep_name(r, name, len, &at))
		return false;
	r->columns.at[r->columns.len++] = at;
	return true;
}

/* `(a, b, c)` */
static bool take_columns(struct reader *r, struct cursor *c)
{
	const char *name;
	size_t len;

	if (!take_sign(c, '('))
		return false;
	do {
		if (!one_name(c, &name, &len) || !add_column(r, name, len))
			return false;
		skip_blank(c);
	} while (take_sign(c, ','));
	return take_sign(c, ')');
}

static void use_table(struct reader *r, const char *name, size_t len)
{
	len = MIN(len, NAME_MAX_BYTES);
	for (size_t i = r->tables_len; i-- > 0;) {
		const struct table *t = &r->tables[i];
		const char *known = r->names.data + t->name;
		uint32_t at = t->columns;

		if (strlen(known) != len || strncasecmp(known, name, len) != 0)
			continue;
		for (; r->columns.len < t->columns_len; r->columns.len++) {
			r->columns.at[r->columns.len] = at;
			at += (uint32_t)strlen(r->names.data + at) + 1;
		}
		return;
	}
}

/* Past the rest of a column's definition. */
static bool skip_definition(struct cursor *c)
{
	unsigned depth = 0;

	for (; c->p < c->end; c->p++) {
		char x = *c->p;

		if (x == '\'' || x == '"' || x == '`') {
			c->p = memchr(c->p + 1, x, (size_t)(c->end - c->p) - 1);
			if (!c->p) {
				c->p = c->end;
				return false;
			}
		} else if (depth == 0 && (x == ',' || x == ')')) {
			return true;
		} else {
			depth += x == '(';
			depth -= x == ')';
		}
	}
	return false;
}

/* A clause of a definition that is no column. */
static bool is_clause(struct cursor c)
{
	static const char *const words[] = { "primary",    "unique",  "key",   "index",
					     "constraint", "foreign", "check", "fulltext",
					     "exclude",    "spatial", "like" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (take_word(&c, words[i]))
			return true;
	return false;
}

/* CREATE [TEMPORARY ...] TABLE [IF NOT EXISTS] name (column type ..., ...) */
static void read_create(struct reader *r, struct cursor *c)
{
	const char *name, *column;
	size_t len, column_len;
	struct table t = { 0 };

	while (take_word(c, "temporary") || take_word(c, "temp") || take_word(c, "global") ||
	       take_word(c, "local") || take_word(c, "unlogged") || take_word(c, "external"))
		;
	if (!take_word(c, "table"))
		return;
	if (take_word(c, "if") && !(take_word(c, "not") && take_word(c, "exists")))
		return;
	if (r->tables_len == TABLES_MAX || !take_name(c, &name, &len) || !take_sign(c, '(') ||
	    !keep_name(r, name, len, &t.name))
		return;
	t.columns = (uint32_t)r->names.len;
	do {
		if (!is_clause(*c)) {
			if (!one_name(c, &column, &column_len) ||
			    !add_column(r, column, column_len))
				break;
			t.columns_len++;
		}
		if (!skip_definition(c))
			break;
	} while (take_sign(c, ','));
	if (t.columns_len == 0)
		return;
	r->tables[r->tables_len++] = t;
	r->kept = r->names.len;
}

/* What follows a head. */
enum body { BODY_NONE, BODY_TUPLES, BODY_COPY };

/* The columns that are named behind the table, or those that it was created with. */
static bool take_table_columns(struct reader *r, struct cursor *c, const char *name, size_t len)
{
	if (c->p < c->end && *c->p == '(')
		return take_columns(r, c);
	use_table(r, name, len);
	return true;
}

/* INSERT [anything] INTO name [(columns)] [OVERRIDING ... VALUE] VALUES */
static enum body read_insert(struct reader *r, struct cursor *c)
{
	static const char *const words[] = { "low_priority", "delayed", "high_priority",
					     "ignore",       "or",      "replace",
					     "abort",        "fail",    "rollback" };
	const char *name;
	size_t len;
	bool more;

	do {
		more = false;
		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			more |= take_word(c, words[i]);
	} while (more);
	take_word(c, "into");
	r->backslash = c->p < c->end && *c->p == '`';
	if (!take_name(c, &name, &len) || !take_table_columns(r, c, name, len))
		return BODY_NONE;
	return take_word(c, "values") || take_word(c, "value") ? BODY_TUPLES : BODY_NONE;
}

/* COPY name [(columns)] FROM stdin ...;  The rows begin on the next line. */
static enum body read_copy(struct reader *r, struct cursor *c)
{
	const char *name, *feed;
	size_t len;

	if (!take_name(c, &name, &len) || !take_table_columns(r, c, name, len))
		return BODY_NONE;
	if (!take_word(c, "from") || (size_t)(c->end - c->p) < 5 || strncasecmp(c->p, "stdin", 5))
		return BODY_NONE;
	feed = memchr(c->p, '\n', (size_t)(c->end - c->p));
	if (!feed)
		return BODY_NONE;
	c->p = feed + 1;
	return BODY_COPY;
}

/* The statement at `at`.  @return  what follows; `at` is then at its begin */
static enum body read_head(struct reader *r)
{
	const char *data = r->feed.data + r->at;
	struct cursor c = { data, data + MIN(r->feed.len - r->at, HEAD) };
	enum body body = BODY_NONE;

	r->names.len = r->kept;
	r->columns.len = 0;
	if (take_word(&c, "insert") || take_word(&c, "replace"))
		body = read_insert(r, &c);
	else if (take_word(&c, "copy"))
		body = read_copy(r, &c);
	else if (take_word(&c, "create"))
		read_create(r, &c);
	if (body != BODY_NONE)
		r->at += (size_t)(c.p - data);
	return body;
}

/* ---- values ---- */

static const char *field_of(const struct reader *r, size_t column)
{
	return column < r->columns.len ? r->names.data + r->columns.at[column] : NULL;
}

/* What a backslash and this letter stand for; 0: the letter itself. */
static char escaped(char letter)
{
	switch (letter) {
	case 'n':
	case 'r':
		return '\n';
	case 't':
		return '\t';
	default:
		return 0;
	}
}

/* The window begins with an escape that stands for space. */
static enum assay_status send_escape(struct reader *r, char space, const char *field,
				     struct assay_error *err)
{
	struct segment seg = { .field = field, .loc.line = r->feed.line, .record = r->rows };
	enum assay_status st =
	    sink_text(r->sink, &seg, &space, 1, (struct source){ 0, SOURCE_DERIVED }, err);

	feed_skip(&r->feed, 2);
	return st;
}

/* Bytes before the first quote, or what else ends a run of a string. */
static size_t string_run(const char *data, size_t len, bool backslash)
{
	size_t i = 0;

	while (i < len && data[i] != '\'' && (data[i] != '\\' || !backslash))
		i++;
	return i;
}

/* The string whose opening quote is at `at`, however long; its closing quote is left. */
static enum assay_status send_string(struct reader *r, const char *field, struct assay_error *err)
{
	struct feed *f = &r->feed;
	enum assay_status st;

	r->at++;
	st = flush(r, true, err);
	while (st == ASSAY_OK) {
		size_t len;
		char space;

		st = feed_more(f, LOOK, err);
		if (st != ASSAY_OK || !f->len)
			break;
		len = string_run(f->data, f->len, r->backslash);
		if (len == f->len && !f->ended && len > 4)
			len -= 4; /* not amid a character */
		if (len) {
			st = send(r, len, field, true, err);
			continue;
		}
		if (f->data[0] == '\'' && (f->len < 2 || f->data[1] != '\''))
			break;
		space = f->data[0] == '\\' && f->len > 1 ? escaped(f->data[1]) : 0;
		st = space ? send_escape(r, space, field, err)
			   : send(r, MIN(f->len, 2), field, true, err);
	}
	r->at = st == ASSAY_OK && f->len;
	return st;
}

static bool ends_value(char c)
{
	return c == ',' || c == ')' || c == '\'' || c == '(' || is_space(c) || c == ';';
}

/* A number, NULL, the name of a function ... */
static enum assay_status send_word(struct reader *r, const char *field, struct assay_error *err)
{
	size_t len = 0, room;
	enum assay_status st = flush(r, true, err);

	room = MIN(r->feed.len, LOOK);
	while (len < room && !ends_value(r->feed.data[len]))
		len++;
	if (len == 1 && strchr("NEXBnexb", r->feed.data[0]) && r->feed.len > 1 &&
	    r->feed.data[1] == '\'') {
		/* N'...', E'...': how the string after it is written */
		if ((r->feed.data[0] | 0x20) == 'e')
			r->backslash = true;
		r->at = 1;
		return st;
	}
	return st == ASSAY_OK ? send(r, len, field, true, err) : st;
}

/* VALUES (...), (...); */
static enum assay_status read_tuples(struct reader *r, struct assay_error *err)
{
	bool backslash = r->backslash;
	size_t depth = 0, column = 0;
	enum assay_status st;

	for (;;) {
		char c;

		st = look(r, LOOK, depth > 0, err);
		if (st != ASSAY_OK || r->at == r->feed.len)
			return st;
		c = r->feed.data[r->at];
		if (c == '\'') {
			st = send_string(r, depth ? field_of(r, column) : NULL, err);
			r->backslash = backslash;
		} else if (c == '(') {
			if (depth++ == 0) {
				st = flush(r, false, err);
				r->rows++;
				column = 0;
			}
			r->at++;
		} else if (c == ')' && depth > 0) {
			r->at++;
			if (--depth == 0)
				st = flush(r, true, err);
		} else if (c == ',') {
			column += depth == 1;
			r->at++;
		} else if (is_space(c)) {
			r->at++;
		} else if (depth == 0) {
			return ASSAY_OK; /* `;`, or ON CONFLICT ... */
		} else if (c == ';') {
			r->at++; /* out of place */
		} else {
			st = send_word(r, field_of(r, column), err);
		}
		if (st != ASSAY_OK)
			return st;
	}
}

/* A cell of COPY, up to the tab or line end, however long. */
static enum assay_status send_cell(struct reader *r, const char *field, struct assay_error *err)
{
	struct feed *f = &r->feed;
	enum assay_status st = flush(r, true, err);

	while (st == ASSAY_OK) {
		size_t len = 0;
		char space;

		st = feed_more(f, LOOK, err);
		if (st != ASSAY_OK || !f->len)
			break;
		while (len < f->len && f->data[len] != '\t' && f->data[len] != '\n' &&
		       f->data[len] != '\\')
			len++;
		if (len == f->len && !f->ended && len > 4)
			len -= 4;
		if (len) {
			st = send(r, len, field, true, err);
			continue;
		}
		if (f->data[0] != '\\')
			break;
		space = f->len > 1 ? escaped(f->data[1]) : 0;
		st = space ? send_escape(r, space, field, err)
			   : send(r, MIN(f->len, 2), field, true, err);
	}
	return st;
}

/* Lines of cells up to `\.` */
static enum assay_status read_copied(struct reader *r, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	size_t column = 0;
	bool at_start = true;

	while (st == ASSAY_OK) {
		const char *data;

		st = look(r, LOOK, !at_start, err);
		data = r->feed.data + r->at;
		if (st != ASSAY_OK || r->at == r->feed.len)
			return st;
		if (at_start) {
			if (r->feed.len - r->at >= 2 && data[0] == '\\' && data[1] == '.')
				return ASSAY_OK;
			st = flush(r, false, err);
			r->rows++;
			column = 0;
			at_start = false;
		} else if (*data == '\t') {
			column++;
			r->at++;
		} else if (*data == '\n') {
			r->at++;
			at_start = true;
		} else {
			st = send_cell(r, field_of(r, column), err);
		}
	}
	return st;
}

/* ---- the whole ---- */

/* Text up to the next line, or what else may begin a statement. */
static enum assay_status skip_line(struct reader *r, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (;;) {
		const char *data = r->feed.data + r->at;
		size_t len = r->feed.len - r->at;
		const char *stop = memchr(data, '\n', len);

		if (stop) {
			r->at += (size_t)(stop - data) + 1;
			return ASSAY_OK;
		}
		/* The last bytes may be cut amid a character. */
		r->at += r->feed.ended || len < 4 ? len : len - 4;
		if (r->feed.ended)
			return ASSAY_OK;
		st = flush(r, false, err);
		if (st == ASSAY_OK)
			st = feed_more(&r->feed, LOOK, err);
		if (st != ASSAY_OK)
			return st;
	}
}

static enum assay_status read_all(struct reader *r, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	while (st == ASSAY_OK) {
		enum body body;

		st = look(r, HEAD, false, err);
		if (st != ASSAY_OK || r->at == r->feed.len)
			break;
		if (is_space(r->feed.data[r->at]) || r->feed.data[r->at] == ';') {
			r->at++;
			continue;
		}
		body = read_head(r);
		if (body == BODY_TUPLES)
			st = read_tuples(r, err);
		else if (body == BODY_COPY)
			st = read_copied(r, err);
		else
			st = skip_line(r, err);
	}
	if (st == ASSAY_OK)
		st = flush(r, false, err);
	return st == ASSAY_OK ? feed_end(&r->feed, err) : st;
}

static enum assay_status sql_run(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err)
{
	CLEANUP(mem_freep) struct reader *r = calloc(1, sizeof(*r));
	enum assay_status st;

	if (!r)
		return assay_fail_memory(err, "sql reader");
	r->sink = sink;
	r->names = (struct buf)BUF_INIT(NAMES_BYTES);
	st = feed_init(&r->feed, in, WINDOW, err);
	r->feed.count_lines = true;
	if (st == ASSAY_OK)
		st = read_all(r, err);
	feed_done(&r->feed);
	buf_done(&r->names);
	return st;
}

static const char *const types[] = { "text/x-sql", NULL };

const struct extractor sql_extractor = {
	.name = "sql",
	.types = types,
	.run = sql_run,
};
