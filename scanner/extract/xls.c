/*
 * xls.c - Excel 5 to 2003
 *
 * A stream of records: first the workbook's own (sheets, strings, formats), then each
 * sheet's.  A record that is too long goes on in CONTINUE records; text that does begins
 * there with a byte that tells its width.
 */
#include "fail.h"
#include "serialdate.h"
#include "xls_parts.h"

#define STRINGS_MAX (64 * MiB)
#define DRAWINGS_MAX (64 * MiB)
#define VALUE_MAX (256 * KiB)
#define SHEETS_MAX 10000

/* Numbers, places, colours and names of fonts: nothing that anybody wrote. */
static const uint16_t silent[] = {
	0x0C,  0x0D,  0x0E,  0x0F,  0x10,   0x11,   0x12,   0x13,   0x19,   0x1A,   0x1B,
	0x1D,  0x26,  0x27,  0x28,  0x29,   0x2A,   0x2B,   0x31,   0x33,   0x3D,   0x40,
	0x41,  0x4D,  0x55,  0x5B,  0x5F,   0x63,   0x80,   0x81,   0x82,   0x83,   0x84,
	0x86,  0x87,  0x8C,  0x8D,  0x90,   0x92,   0x99,   0x9B,   0x9C,   0x9D,   0xA0,
	0xA1,  0xAB,  0xAE,  0xAF,  0xBE,   0xC1,   0xD7,   0xDA,   0xDD,   0xE1,   0xE2,
	0xE5,  0xFF,  0x13D, 0x160, 0x161,  0x1AF,  0x1B0,  0x1B1,  0x1B7,  0x1BC,  0x1C0,
	0x1C1, 0x200, 0x201, 0x20B, 0x221,  0x225,  0x236,  0x23E,  0x293,  0x4BC,  0x850,
	0x851, 0x852, 0x862, 0x863, 0x867,  0x87C,  0x87D,  0x88E,  0x892,  0x896,  0x89A,
	0x89B, 0x89C, 0x8A3, 0x8A4, 0x1001, 0x1002, 0x1003, 0x1006, 0x1007, 0x1009, 0x100A,
};

enum assay_status xls_send_line(struct book *b, const struct segment *seg, const struct buf *text,
				struct assay_error *err)
{
	enum assay_status st = cells_end_row(&b->cells, err);

	if (st == ASSAY_OK && text->len)
		st = textout_break(&b->o->out, seg, err);
	return st == ASSAY_OK && text->len
		   ? textout_line(&b->o->out, seg, text->data, text->len, err)
		   : st;
}

/* --- the workbook's own records ---------------------------------------------------------- */

static enum assay_status read_boundsheet(struct book *b, struct assay_error *err)
{
	static const enum assay_vis states[4] = { ASSAY_SHOWN, ASSAY_HIDDEN_SHEET,
						  ASSAY_VERY_HIDDEN_SHEET, ASSAY_HIDDEN_SHEET };
	const struct buf *name = xls_string_at(b, 6, 1);
	struct sheet *s;

	if (b->len < 7 || b->sorted)
		return ASSAY_OK;
	s = vec_push(&b->sheets);
	if (!s)
		return sink_gap(b->o->sink, ASSAY_LIMIT_MEMBERS, "names of sheets", err);
	*s = (struct sheet){ .at = le32_at(b->p),
			     .name = strndup(name->data ? name->data : "", name->len),
			     .vis = states[b->p[4] & 3] };
	return s->name ? ASSAY_OK : assay_fail_memory(err, "workbook");
}

static enum assay_status read_strings(struct book *b, struct assay_error *err)
{
	struct xls_reader r = xls_reader_at(b, 8);
	uint32_t count = b->len >= 8 ? le32_at(b->p + 4) : 0;

	if (b->starts.len)
		return ASSAY_OK;
	for (uint32_t i = 0; i < count && xls_more(&r); i++) {
		uint32_t *at = vec_push(&b->starts);
		bool *used = at ? vec_push(&b->used) : NULL;

		if (!used)
			return sink_gap(b->o->sink, ASSAY_LIMIT_MEMORY, "shared strings", err);
		*at = (uint32_t)b->strings.len;
		*used = false;
		xls_take_string(&r, 2, &b->strings);
	}
	b->next = r.next;
	if (r.broke) {
		enum assay_status st =
		    sink_gap(b->o->sink, ASSAY_MALFORMED, "shared strings break off", err);

		if (st != ASSAY_OK)
			return st;
	}
	return b->strings.failed ? sink_gap(b->o->sink, ASSAY_LIMIT_MEMORY, "shared strings", err)
				 : ASSAY_OK;
}

static void read_format(struct book *b)
{
	const struct buf *code = xls_string_at(b, 2, b->biff8 ? 2 : 1);
	uint16_t *id = b->len > 2 && code->data && format_shows_date(code->data, code->len)
			   ? vec_push(&b->date_formats)
			   : NULL;

	if (id)
		*id = le16_at(b->p);
}

static void read_xf(struct book *b)
{
	bool *date = b->len >= 4 ? vec_push(&b->dates) : NULL;
	unsigned format = date ? le16_at(b->p + 2) : 0;

	if (!date)
		return;
	*date = format_id_shows_date(format);
	for (size_t i = 0; i < b->date_formats.len && !*date; i++)
		*date = b->date_formats.items[i] == format;
}

/* --- sheets ----------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const struct sheet *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/* The sheet that begins at `at`, or NULL.  Once one was asked for, no more are taken. */
static struct sheet *find_sheet(struct book *b, uint32_t at)
{
	struct sheet key = { .at = at };

	if (!b->sheets.len)
		return NULL;
	if (!b->sorted)
		qsort(b->sheets.items, b->sheets.len, sizeof(*b->sheets.items), by_place);
	b->sorted = true;
	return bsearch(&key, b->sheets.items, b->sheets.len, sizeof(*b->sheets.items), by_place);
}

static enum assay_status begin_substream(struct book *b, struct assay_error *err)
{
	size_t at = (size_t)(b->p - (const uint8_t *)b->main.data) - 4;
	struct sheet *s;
	enum assay_status st;

	/* A chart within a sheet is part of it. */
	if (b->depth++ > 0)
		return ASSAY_OK;
	st = xls_send_formulas(b, err);
	s = find_sheet(b, (uint32_t)at);
	if (!s || s->begun || st != ASSAY_OK)
		return st;
	s->begun = true;
	b->vis = s->vis;
	memset(b->hidden_columns, 0, sizeof(b->hidden_columns));
	memset(b->hidden_rows, 0, sizeof(b->hidden_rows));
	return cells_sheet(&b->cells, s->name, strlen(s->name), s->vis, err);
}

static struct segment sheet_segment(const struct book *b, enum assay_region region)
{
	return (struct segment){ .region = region,
				 .vis = b->vis,
				 .loc = { .sheet = b->cells.sheet, .part = b->seg.loc.part } };
}

static enum assay_status read_page_text(struct book *b, enum assay_region region,
					struct assay_error *err)
{
	struct segment seg = sheet_segment(b, region);
	CLEANUP(buf_done) struct buf plain = BUF_INIT(VALUE_MAX);
	const struct buf *text = xls_string_at(b, 0, b->biff8 ? 2 : 1);

	cells_strip_codes(&plain, text->data ? text->data : "", text->len);
	return xls_send_line(b, &seg, &plain, err);
}

/* Text of a box or of a comment: in the records behind. */
static enum assay_status read_box(struct book *b, struct assay_error *err)
{
	struct segment seg = sheet_segment(b, b->is_note ? ASSAY_COMMENT : ASSAY_BODY);
	struct xls_reader r = xls_reader_at(b, b->len);
	uint32_t count = b->len >= 12 ? le16_at(b->p + 10) : 0;

	buf_clear(&b->value);
	xls_take_chars(&r, count, false, &b->value);
	for (size_t i = 0; i < b->value.len; i++)
		if (b->value.data[i] == '\r')
			b->value.data[i] = '\n';
	b->is_note = false;
	return xls_send_line(b, &seg, &b->value, err);
}

/* Of the later version it tells the author of a comment, else the comment. */
static enum assay_status read_note(struct book *b, struct assay_error *err)
{
	struct segment seg = sheet_segment(b, ASSAY_COMMENT);

	if (b->biff8)
		return xls_send_line(b, &seg, xls_string_at(b, 8, 2), err);
	buf_clear(&b->value);
	if (b->len > 6)
		xls_add_narrow(b, &b->value, b->p + 6, b->len - 6);
	return xls_send_line(b, &seg, &b->value, err);
}

/* Pictures go on over many records. */
static void keep_drawings(struct book *b)
{
	struct xls_reader r = xls_reader_at(b, 0);

	while (xls_more(&r)) {
		if (!buf_add(&b->drawings, r.at, (size_t)(r.end - r.at)))
			return;
		r.at = r.end;
	}
	b->next = r.next;
}

static enum assay_status read_unknown(struct book *b, struct assay_error *err)
{
	struct segment seg = sheet_segment(b, ASSAY_METADATA);
	enum assay_status st;

	for (size_t i = 0; i < ARRAY_SIZE(silent); i++)
		if (silent[i] == b->type)
			return ASSAY_OK;
	if (b->len < 8)
		return ASSAY_OK;
	if (b->type == REC_CRN)
		seg.vis = ASSAY_EXTERNAL_CACHE;
	else if (seg.vis == ASSAY_SHOWN)
		seg.vis = ASSAY_HIDDEN_TEXT;
	st = cells_end_row(&b->cells, err);
	return st == ASSAY_OK ? ole2_loose(b->o, &seg, b->p, b->len, err) : st;
}

static void end_substream(struct book *b)
{
	b->depth -= !!b->depth;
}

static void read_datemode(struct book *b)
{
	b->from_1904 = b->len >= 2 && le16_at(b->p);
}

static void read_codepage(struct book *b)
{
	b->utf8 = !b->biff8 && b->len >= 2 && le16_at(b->p) == 65001;
}

/* Who wrote it last, with spaces behind the name. */
static enum assay_status read_user(struct book *b, struct assay_error *err)
{
	struct segment seg = b->seg;

	seg.region = ASSAY_METADATA;
	seg.field = "user";
	xls_string_at(b, 0, b->biff8 ? 2 : 1);
	while (b->value.len && is_space(b->value.data[b->value.len - 1]))
		b->value.len--;
	return xls_send_line(b, &seg, &b->value, err);
}

static enum assay_status read_header(struct book *b, struct assay_error *err)
{
	return read_page_text(b, ASSAY_HEADER, err);
}

static enum assay_status read_footer(struct book *b, struct assay_error *err)
{
	return read_page_text(b, ASSAY_FOOTER, err);
}

static enum assay_status read_object(struct book *b, struct assay_error *err)
{
	b->is_note = b->len >= 6 && le16_at(b->p) == 0x15 && le16_at(b->p + 4) == 0x19;
	return b->len > 64 ? read_unknown(b, err) : ASSAY_OK;
}

static const struct {
	enum record type;
	size_t least; /* bytes; a shorter one says nothing */
	xls_read_fn *read;
	xls_note_fn *note; /* in its stead: nothing goes out */
} records[] = {
	/* Cells first: they are the most. */
	{ REC_LABELSST, 0, xls_labelsst },
	{ REC_NUMBER, 14, xls_number },
	{ REC_RK, 10, xls_rk },
	{ REC_MULRK, 6, xls_mulrk },
	{ REC_ROW, 14, .note = xls_row },
	{ REC_FORMULA, 0, xls_formula },
	{ REC_STRING, 0, xls_string },
	{ REC_LABEL, 0, xls_label },
	{ REC_BOOLERR, 8, xls_boolerr },
	{ REC_RSTRING, 0, xls_label },
	{ REC_FORMULA3, 0, xls_formula },
	{ REC_FORMULA4, 0, xls_formula },
	{ REC_BOF, 0, begin_substream },
	{ REC_EOF, 0, .note = end_substream },
	{ REC_BOUNDSHEET, 0, read_boundsheet },
	{ REC_SST, 0, read_strings },
	{ REC_FORMAT, 0, .note = read_format },
	{ REC_FORMAT4, 0, .note = read_format },
	{ REC_XF, 0, .note = read_xf },
	{ REC_DATEMODE, 0, .note = read_datemode },
	{ REC_CODEPAGE, 0, .note = read_codepage },
	{ REC_WRITEACCESS, 0, read_user },
	{ REC_COLINFO, 10, .note = xls_columns },
	{ REC_HEADER, 0, read_header },
	{ REC_FOOTER, 0, read_footer },
	{ REC_OBJ, 0, read_object },
	{ REC_TXO, 0, read_box },
	{ REC_NOTE, 0, read_note },
	{ REC_DRAWINGS, 0, .note = keep_drawings },
};

static enum assay_status read_record(struct book *b, struct assay_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		if (records[i].type != b->type)
			continue;
		if (b->len < records[i].least)
			return ASSAY_OK;
		if (records[i].read)
			return records[i].read(b, err);
		records[i].note(b);
		return ASSAY_OK;
	}
	return read_unknown(b, err);
}

static enum assay_status read_records(struct book *b, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	while (st == ASSAY_OK && b->next + 4 <= b->main.len) {
		const uint8_t *head = (const uint8_t *)b->main.data + b->next;

		b->type = le16_at(head);
		b->p = head + 4;
		b->len = MIN(le16_at(head + 2), b->main.len - b->next - 4);
		if (!b->type && !b->len)
			break; /* padding */
		b->next += 4 + b->len;
		if (b->type == REC_FILEPASS)
			return sink_gap(b->o->sink, ASSAY_PASSWORD_PROTECTED,
					"the workbook is encrypted", err);
		st = read_record(b, err);
	}
	return st;
}

/* Strings no cell shows: what was deleted, or never meant to be seen. */
static enum assay_status send_unused(struct book *b, struct assay_error *err)
{
	struct segment seg = b->seg;
	enum assay_status st = ASSAY_OK;

	seg.vis = ASSAY_HIDDEN_TEXT;
	for (size_t i = 0; i < b->starts.len && st == ASSAY_OK; i++) {
		size_t at = b->starts.items[i];
		size_t end = i + 1 < b->starts.len ? b->starts.items[i + 1] : b->strings.len;

		if (!b->used.items[i] && end > at)
			st = textout_line(&b->o->out, &seg, b->strings.data + at, end - at, err);
	}
	return st;
}

static enum assay_status read_book(struct book *b, struct assay_error *err)
{
	struct segment seg = b->seg;
	enum assay_status st = read_records(b, err);

	if (st == ASSAY_OK)
		st = xls_send_formulas(b, err);
	seg.region = ASSAY_NAME;
	for (size_t i = 0; i < b->sheets.len && st == ASSAY_OK; i++) {
		const struct sheet *s = &b->sheets.items[i];

		seg.vis = s->vis;
		if (!s->begun)
			st = textout_line(&b->o->out, &seg, s->name, strlen(s->name), err);
	}
	if (st == ASSAY_OK)
		st = send_unused(b, err);
	seg = b->seg;
	seg.vis = ASSAY_HIDDEN_TEXT;
	if (st == ASSAY_OK && b->drawings.failed)
		st = sink_gap(b->o->sink, ASSAY_LIMIT_MEMORY, "drawings", err);
	return st == ASSAY_OK ? ole2_drawings(b->o, &seg, &b->drawings, err) : st;
}

static void book_free(struct book *b)
{
	for (size_t i = 0; i < b->sheets.len; i++)
		free(b->sheets.items[i].name);
	vec_done(&b->sheets);
	buf_done(&b->main);
	buf_done(&b->strings);
	vec_done(&b->starts);
	vec_done(&b->used);
	vec_done(&b->dates);
	vec_done(&b->date_formats);
	cells_done(&b->cells);
	buf_done(&b->formulas);
	buf_done(&b->drawings);
	buf_done(&b->value);
	free(b);
}

enum assay_status xls_read(struct ole2 *o, uint32_t storage, uint32_t stream,
			   struct assay_error *err)
{
	char path[CFB_PATH_MAX];
	struct book *b = calloc(1, sizeof(*b));
	enum assay_status st;

	if (!b)
		return assay_fail_memory(err, "workbook");
	*b = (struct book){ .o = o,
			    .seg = ole2_segment(o, storage, ASSAY_BODY, path),
			    .main = BUF_INIT(OLE2_STREAM_MAX),
			    .biff8 = cfb_is(&o->cfb, stream, "Workbook"),
			    .sheets = VEC_INIT(SHEETS_MAX),
			    .strings = BUF_INIT(STRINGS_MAX),
			    .starts = VEC_INIT(1 << 24),
			    .used = VEC_INIT(1 << 24),
			    .dates = VEC_INIT(65536),
			    .date_formats = VEC_INIT(4096),
			    .formulas = BUF_INIT(XLS_FORMULAS_MAX),
			    .drawings = BUF_INIT(DRAWINGS_MAX),
			    .value = BUF_INIT(VALUE_MAX) };
	st = cells_init(&b->cells, &o->out, err);
	b->cells.part = b->seg.loc.part;
	if (st == ASSAY_OK)
		st = cfb_load(&o->cfb, stream, &b->main, err);
	if (st == ASSAY_OK)
		st = read_book(b, err);
	book_free(b);
	return st;
}
