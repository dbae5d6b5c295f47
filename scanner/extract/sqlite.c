/*
 * sqlite.c - SQLite databases, by libsqlite3 on a private copy in memory
 *
 * The library sees no file: it gets the image, read-only, in its defensive mode, and may do
 * nothing but select.  Tables are read row by row, each column under its name; pages that
 * are free may still hold what was deleted.
 */
#include <sqlite3.h>
#include <stdio.h>

#include "decode.h"
#include "fail.h"
#include "library.h"
#include "table.h"
#include "textout.h"

#define SQLITE_CALLS(X) \
	X(sqlite3_close) \
	X(sqlite3_column_blob) \
	X(sqlite3_column_bytes) \
	X(sqlite3_column_count) \
	X(sqlite3_column_int64) \
	X(sqlite3_column_name) \
	X(sqlite3_column_text) \
	X(sqlite3_column_type) \
	X(sqlite3_db_config) \
	X(sqlite3_deserialize) \
	X(sqlite3_exec) \
	X(sqlite3_finalize) \
	X(sqlite3_free) \
	X(sqlite3_limit) \
	X(sqlite3_mprintf) \
	X(sqlite3_open_v2) \
	X(sqlite3_prepare_v2) \
	X(sqlite3_progress_handler) \
	X(sqlite3_set_authorizer) \
	X(sqlite3_step)

static LIBRARY_CALLS(sqlite_calls, SQLITE_CALLS) lite;
struct library libsqlite3 = LIBRARY(SQLITE_SONAME, SQLITE_CALLS, lite);

#define TABLES_MAX 10000
#define COLUMNS_MAX 2000
#define VALUE_MAX (16 * MiB)
#define STEPS 10000 /* of the library's machine, between looks at the clock it has */
#define STEPS_MIN UINT64_C(20000000)
#define STEPS_PER_BYTE 64
#define HEAD_BYTES 100

struct database {
	const struct extract_sink *sink;
	struct textout out;
	struct buf image;
	sqlite3 *db;
	uint64_t steps, steps_max;
	bool told_damage;
	uint32_t ordinal;
};

static enum assay_status damage(struct database *d, const char *what, struct assay_error *err)
{
	if (d->told_damage)
		return ASSAY_OK;
	d->told_damage = true;
	return sink_gap(d->sink, ASSAY_MALFORMED, what, err);
}

/* --- the image --------------------------------------------------------------------------- */

static enum assay_status load(struct database *d, struct input *in, struct assay_error *err)
{
	size_t got = 0;
	char *room = buf_reserve(&d->image, (size_t)in->size + 1);
	enum assay_status st;

	if (!room)
		return assay_fail_memory(err, "database");
	st = input_pread(in, 0, room, (size_t)in->size, &got, err);
	d->image.len = got;
	/* A database with a log beside it is one all the same; without the log the
	 * library would not open it. */
	for (size_t i = 18; i < 20 && got >= HEAD_BYTES; i++)
		if (room[i] == 2)
			room[i] = 1;
	return st;
}

static int allow(void *ctx, int action, const char *a, const char *b, const char *c, const char *e)
{
	(void)ctx, (void)a, (void)b, (void)c, (void)e;
	/* Functions are those of columns that are computed. */
	return action == SQLITE_SELECT || action == SQLITE_READ || action == SQLITE_FUNCTION
		   ? SQLITE_OK
		   : SQLITE_DENY;
}

/* Pages that are met again and again make rows without end. */
static int progress(void *ctx)
{
	struct database *d = ctx;

	d->steps += STEPS;
	return d->steps > d->steps_max;
}

static void restrain(struct database *d)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
		{ SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
	};
	static const struct {
		int limit, value;
	} limits[] = {
		{ SQLITE_LIMIT_LENGTH, VALUE_MAX },   { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },
		{ SQLITE_LIMIT_COLUMN, COLUMNS_MAX }, { SQLITE_LIMIT_EXPR_DEPTH, 100 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 2 },  { SQLITE_LIMIT_VDBE_OP, 100000 },
		{ SQLITE_LIMIT_FUNCTION_ARG, 8 },     { SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },    { SQLITE_LIMIT_WORKER_THREADS, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		lite.sqlite3_db_config(d->db, options[i].option, options[i].value, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		lite.sqlite3_limit(d->db, limits[i].limit, limits[i].value);
	lite.sqlite3_exec(d->db, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY;", NULL, NULL,
			  NULL);
	lite.sqlite3_set_authorizer(d->db, allow, NULL);
	d->steps_max = STEPS_MIN + STEPS_PER_BYTE * (uint64_t)d->image.len;
	lite.sqlite3_progress_handler(d->db, STEPS, progress, d);
}

/* @return  false: it cannot be opened */
static bool open_image(struct database *d)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_PRIVATECACHE;

	if (lite.sqlite3_open_v2(":memory:", &d->db, flags, NULL) != SQLITE_OK ||
	    lite.sqlite3_deserialize(d->db, "main", (unsigned char *)d->image.data,
				     (sqlite3_int64)d->image.len, (sqlite3_int64)d->image.len,
				     SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
		return false;
	restrain(d);
	return true;
}

/* --- rows -------------------------------------------------------------------------------- */

/* Files that are kept in a column; what else is binary is not one, as a rule. */
static bool is_file(const uint8_t *p, size_t len)
{
	static const struct {
		const char *magic;
		size_t len;
	} files[] = {
		{ "PK\3\4", 4 },
		{ "%PDF-", 5 },
		{ "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8 },
		{ "\x1f\x8b\x08", 3 },
		{ "7z\xBC\xAF\x27\x1C", 6 },
		{ "Rar!\x1A\x07", 6 },
		{ "{\\rtf", 5 },
		{ "SQLite format 3", 16 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (len > files[i].len && !memcmp(p, files[i].magic, files[i].len))
			return true;
	return false;
}

static enum assay_status give_file(struct database *d, const struct segment *seg, const void *p,
				   size_t len, struct assay_error *err)
{
	CLEANUP(input_done) struct input in;
	char name[300];
	struct member m = { .name = name, .ordinal = d->ordinal++, .size = len };
	enum assay_status st = textout_flush(&d->out, err);

	m.name_len = (size_t)snprintf(name, sizeof(name), "%.120s/%.120s/%llu", seg->loc.sheet,
				      seg->field, (unsigned long long)seg->loc.row);
	input_from_mem(&in, p, len);
	return st == ASSAY_OK ? sink_member(d->sink, &m, &in, err) : st;
}

/* A column's bytes: text as UTF-8, or a blob as it is.  NULL: there are none */
static const void *column(sqlite3_stmt *rows, int i, bool *ret_blob, size_t *ret_len)
{
	int type = lite.sqlite3_column_type(rows, i);
	const void *value;

	if (type == SQLITE_NULL)
		return NULL;
	*ret_blob = type == SQLITE_BLOB;
	value = *ret_blob ? lite.sqlite3_column_blob(rows, i)
			  : (const void *)lite.sqlite3_column_text(rows, i);
	*ret_len = (size_t)lite.sqlite3_column_bytes(rows, i);
	return *ret_len ? value : NULL;
}

/* The row as it is read, blobs included that are text. */
static enum assay_status send_texts(struct database *d, sqlite3_stmt *rows, struct segment *seg,
				    struct assay_error *err)
{
	struct segment gap = { .loc = seg->loc };
	bool any = false;
	enum assay_status st = ASSAY_OK;

	for (int i = 0; i < lite.sqlite3_column_count(rows) && st == ASSAY_OK; i++) {
		bool blob;
		size_t len;
		const char *value = column(rows, i, &blob, &len);
		struct encoding e = { .charset = CHARSET_ASCII_KIN };

		if (value && blob)
			e = encoding_of((const uint8_t *)value, len);
		if (!value || e.charset != CHARSET_ASCII_KIN)
			continue;
		if (any)
			st = textout_put(&d->out, &gap, "\t", 1, err);
		any = true;
		seg->field = lite.sqlite3_column_name(rows, i);
		if (st == ASSAY_OK)
			st = textout_put(&d->out, seg, value + e.bom, len - e.bom, err);
	}
	return st == ASSAY_OK && any ? textout_put(&d->out, &gap, "\n", 1, err) : st;
}

static enum assay_status send_blob(struct database *d, const struct segment *seg, const void *p,
				   size_t len, struct assay_error *err)
{
	struct encoding e = encoding_of(p, len);
	struct input in;
	enum assay_status st;

	switch (e.charset) {
	case CHARSET_ASCII_KIN:
		return ASSAY_OK; /* sent with the row */
	case CHARSET_UTF16LE:
		st = textout_utf16(&d->out, seg, (const uint8_t *)p + e.bom, len - e.bom, err);
		return st == ASSAY_OK ? textout_break(&d->out, seg, err) : st;
	default:
		break;
	}
	if (is_file(p, len))
		return give_file(d, seg, p, len, err);
	input_from_mem(&in, p, len);
	st = textout_strings(&d->out, seg, &in, err);
	input_done(&in);
	return st;
}

/* What is not text would tear the row apart: it comes behind it. */
static enum assay_status send_row(struct database *d, sqlite3_stmt *rows, struct segment *seg,
				  struct assay_error *err)
{
	enum assay_status st = send_texts(d, rows, seg, err);

	for (int i = 0; i < lite.sqlite3_column_count(rows) && st == ASSAY_OK; i++) {
		bool blob;
		size_t len;
		const void *value = column(rows, i, &blob, &len);

		if (!value || !blob)
			continue;
		seg->field = lite.sqlite3_column_name(rows, i);
		st = send_blob(d, seg, value, len, err);
	}
	return st;
}

static enum assay_status end_rows(struct database *d, int end, struct assay_error *err)
{
	switch (end) {
	case SQLITE_DONE:
		return ASSAY_OK;
	case SQLITE_INTERRUPT:
		return sink_gap(d->sink, ASSAY_LIMIT_OVERLAP, "tables share the same pages", err);
	case SQLITE_NOMEM:
		return sink_gap(d->sink, ASSAY_LIMIT_MEMORY, "a table", err);
	case SQLITE_TOOBIG:
		return sink_gap(d->sink, ASSAY_LIMIT_SIZE, "a large value, and what follows it",
				err);
	default:
		return damage(d, "a table is damaged", err);
	}
}

static enum assay_status read_table(struct database *d, const char *name, struct assay_error *err)
{
	struct segment seg = { .region = ASSAY_NAME, .loc = { .sheet = name } };
	sqlite3_stmt *rows = NULL;
	char *sql = lite.sqlite3_mprintf("SELECT * FROM main.\"%w\"", name);
	int rc;
	enum assay_status st = ASSAY_OK;

	if (!sql)
		return assay_fail_memory(err, "database");
	rc = lite.sqlite3_prepare_v2(d->db, sql, -1, &rows, NULL);
	lite.sqlite3_free(sql);
	if (rc != SQLITE_OK)
		return end_rows(d, rc, err);
	st = textout_line(&d->out, &seg, name, strlen(name), err);
	seg.region = ASSAY_BODY;
	/* The heading is row 1. */
	for (seg.loc.row = 2; st == ASSAY_OK; seg.loc.row++) {
		rc = lite.sqlite3_step(rows);
		if (rc != SQLITE_ROW)
			break;
		st = send_row(d, rows, &seg, err);
	}
	lite.sqlite3_finalize(rows);
	return st == ASSAY_OK ? end_rows(d, rc, err) : st;
}

/* --- the schema -------------------------------------------------------------------------- */

struct tables {
	struct buf names; /* "name\0" */
	size_t len;
};

/* What was said to make tables, views and triggers; names of tables that have rows. */
static enum assay_status read_schema(struct database *d, struct tables *t, struct assay_error *err)
{
	struct segment seg = { .region = ASSAY_METADATA,
			       .field = "sql",
			       .loc = { .sheet = "sqlite_schema" } };
	sqlite3_stmt *rows = NULL;
	int rc = lite.sqlite3_prepare_v2(
	    d->db, "SELECT type, name, rootpage, sql FROM sqlite_schema", -1, &rows, NULL);
	enum assay_status st = ASSAY_OK;

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		const char *type, *name, *sql;

		rc = lite.sqlite3_step(rows);
		if (rc != SQLITE_ROW)
			break;
		type = (const char *)lite.sqlite3_column_text(rows, 0);
		name = (const char *)lite.sqlite3_column_text(rows, 1);
		sql = (const char *)lite.sqlite3_column_text(rows, 3);
		if (sql)
			st = textout_line(&d->out, &seg, sql, strlen(sql), err);
		if (st != ASSAY_OK)
			break;
		/* A virtual table keeps its rows in others. */
		if (!type || !name || strcmp(type, "table") != 0 ||
		    lite.sqlite3_column_int64(rows, 2) <= 0)
			continue;
		if (t->len++ >= TABLES_MAX || !buf_add(&t->names, name, strlen(name) + 1)) {
			st = sink_gap(d->sink, ASSAY_LIMIT_MEMBERS, "more tables were not read",
				      err);
			break;
		}
	}
	lite.sqlite3_finalize(rows);
	if (st != ASSAY_OK || rc == SQLITE_DONE || rc == SQLITE_ROW)
		return st;
	return damage(d, "the list of tables is damaged", err);
}

/* --- free pages ------------------------------------------------------------------------- */

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static enum assay_status send_page(struct database *d, size_t page, uint32_t number,
				   struct assay_error *err)
{
	struct segment seg = { .vis = ASSAY_DELETED };
	struct input in;
	enum assay_status st;

	if (!number || number > d->image.len / page)
		return ASSAY_OK;
	input_from_mem(&in, d->image.data + (number - 1) * page, page);
	st = textout_strings(&d->out, &seg, &in, err);
	input_done(&in);
	return st;
}

/* Trunks, each with a list of leaves; what is in the leaves was deleted. */
static enum assay_status read_free(struct database *d, struct assay_error *err)
{
	const uint8_t *p = (const uint8_t *)d->image.data;
	size_t page = (size_t)p[16] << 8 | p[17], pages, seen = 0;
	uint32_t trunk = be32(p + 32);
	enum assay_status st = ASSAY_OK;

	page = page == 1 ? 65536 : page;
	if (page < 512 || page > 65536)
		return ASSAY_OK;
	pages = d->image.len / page;
	while (trunk && trunk <= pages && seen <= pages && st == ASSAY_OK) {
		const uint8_t *t = p + (trunk - 1) * page;
		uint32_t leaves = MIN(be32(t + 4), (uint32_t)(page / 4 - 2));

		for (uint32_t i = 0; i < leaves && seen <= pages && st == ASSAY_OK; i++, seen++)
			st = send_page(d, page, be32(t + 8 + 4 * i), err);
		trunk = be32(t);
		seen++;
	}
	return st;
}

/* --- the whole -------------------------------------------------------------------------- */

/* What the library cannot read. */
static enum assay_status read_strings(struct database *d, struct input *in, enum assay_reason why,
				      const char *detail, struct assay_error *err)
{
	struct segment seg = { 0 };
	enum assay_status st = sink_gap(d->sink, why, detail, err);

	if (st == ASSAY_OK)
		st = textout_strings(&d->out, &seg, in, err);
	return st == ASSAY_OK ? textout_flush(&d->out, err) : st;
}

/* All of it, for nobody knows which rows are missing: some will be met twice. */
static enum assay_status read_damaged(struct database *d, struct assay_error *err)
{
	struct segment seg = { 0 };
	enum assay_status st = textout_flush(&d->out, err);
	struct input in;

	input_from_mem(&in, d->image.data, d->image.len);
	if (st == ASSAY_OK)
		st = textout_strings(&d->out, &seg, &in, err);
	input_done(&in);
	return st;
}

static enum assay_status read_all(struct database *d, struct assay_error *err)
{
	struct tables t = { .names = BUF_INIT(4 * MiB) };
	enum assay_status st = read_schema(d, &t, err);

	for (size_t at = 0; at < t.names.len && st == ASSAY_OK;) {
		const char *name = t.names.data + at;

		st = read_table(d, name, err);
		at += strlen(name) + 1;
	}
	buf_done(&t.names);
	if (st == ASSAY_OK)
		st = read_free(d, err);
	if (st == ASSAY_OK && d->told_damage)
		st = read_damaged(d, err);
	return st == ASSAY_OK ? textout_flush(&d->out, err) : st;
}

static enum assay_status sqlite_run(struct input *in, const struct extract_sink *sink,
				    struct assay_error *err)
{
	struct database d = { .sink = sink,
			      .image = BUF_INIT((size_t)sink->limits->member_bytes + 1) };
	enum assay_status st;

	if (!library_open(&libsqlite3))
		return strings_without(&libsqlite3, in, sink, err);
	textout_init(&d.out, sink);
	if (in->size > sink->limits->member_bytes) {
		st = read_strings(&d, in, ASSAY_LIMIT_SIZE, "a large database: strings only", err);
	} else {
		st = load(&d, in, err);
		if (st == ASSAY_OK)
			st = d.image.len >= HEAD_BYTES && open_image(&d)
				 ? read_all(&d, err)
				 : read_strings(&d, in, ASSAY_MALFORMED,
						"a database that does not open: strings only", err);
	}
	lite.sqlite3_close(d.db);
	textout_done(&d.out);
	buf_done(&d.image);
	return st;
}

static const char *const types[] = { "application/vnd.sqlite3", "application/x-sqlite3", NULL };

const struct extractor sqlite_extractor = {
	.name = "sqlite",
	.types = types,
	.wants_seek = true,
	.third_party = true,
	.run = sqlite_run,
};
