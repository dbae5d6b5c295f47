/**
 * xls_parts.h - the parts of the reader of xls among themselves
 *
 * xls.c goes through the records of a workbook; xls_text.c reads strings in them, and in those
 * that go on; xls_cell.c reads cells, and what hides them.
 */
#ifndef XLS_PARTS_H
#define XLS_PARTS_H

#include "cells.h"
#include "ole2.h"

#define XLS_FORMULAS_MAX (8 * MiB)
#define XLS_COLUMNS 256
#define XLS_ROWS 65536

enum record {
	REC_FORMULA = 0x06,
	REC_EOF = 0x0A,
	REC_HEADER = 0x14,
	REC_FOOTER = 0x15,
	REC_NOTE = 0x1C,
	REC_FORMAT4 = 0x1E,
	REC_DATEMODE = 0x22,
	REC_FILEPASS = 0x2F,
	REC_CONTINUE = 0x3C,
	REC_CODEPAGE = 0x42,
	REC_CRN = 0x5A,
	REC_WRITEACCESS = 0x5C,
	REC_OBJ = 0x5D,
	REC_COLINFO = 0x7D,
	REC_BOUNDSHEET = 0x85,
	REC_MULRK = 0xBD,
	REC_RSTRING = 0xD6,
	REC_XF = 0xE0,
	REC_DRAWINGS = 0xEB,
	REC_SST = 0xFC,
	REC_LABELSST = 0xFD,
	REC_TXO = 0x1B6,
	REC_NUMBER = 0x203,
	REC_LABEL = 0x204,
	REC_BOOLERR = 0x205,
	REC_STRING = 0x207,
	REC_ROW = 0x208,
	REC_RK = 0x27E,
	REC_FORMULA3 = 0x206,
	REC_FORMULA4 = 0x406,
	REC_FORMAT = 0x41E,
	REC_BOF = 0x809,
};

struct sheet {
	uint32_t at; /* offset of its first record */
	char *name;
	enum assay_vis vis;
	bool begun;
};

struct book {
	struct ole2 *o;
	struct segment seg; /* of what belongs to no sheet */
	struct buf main;
	bool biff8;
	bool from_1904;
	bool utf8; /* the code page says so */
	struct vec(struct sheet) sheets;
	bool sorted;    /* `sheets`, by place */
	unsigned depth; /* of substreams */

	/* Shared strings: string i is at starts[i], up to the next. */
	struct buf strings;
	struct vec(uint32_t) starts;
	struct vec(bool) used;
	struct vec(bool) dates; /* by format of a cell */
	struct vec(uint16_t) date_formats;

	/* The sheet at hand. */
	struct cells cells;
	enum assay_vis vis;
	bool hidden_columns[XLS_COLUMNS];
	uint8_t hidden_rows[XLS_ROWS / 8];
	struct cell waiting; /* its text is in the record STRING that follows */
	bool is_note;        /* the object whose text may follow */
	struct buf formulas;
	struct buf drawings;

	/* The record at hand. */
	unsigned type;
	const uint8_t *p;
	size_t len;
	size_t next; /* offset of the next record */
	struct buf value;
};

/** A place in a record and the CONTINUE records behind it. */
struct xls_reader {
	struct book *b;
	const uint8_t *at, *end;
	size_t next;
	bool stepped; /* into a CONTINUE, just now */
	bool broke;   /* a string was shorter than it says */
};

/* xls.c */

/** A line of its own; the row at hand ends, and without text that is all. */
MUST_USE enum assay_status xls_send_line(struct book *b, const struct segment *seg,
					 const struct buf *text, struct assay_error *err);

/* xls_text.c */

/** `skip` bytes into the record at hand, or at its end. */
struct xls_reader xls_reader_at(struct book *b, size_t skip);

/** Is there a byte?  Steps into the record that goes on. */
bool xls_more(struct xls_reader *r);

/** `count` characters; where the record goes on the width is told anew. */
void xls_take_chars(struct xls_reader *r, uint32_t count, bool wide, struct buf *out);

/** A string of this version: length in `bytes` bytes, then flags if it is the later one. */
void xls_take_string(struct xls_reader *r, unsigned bytes, struct buf *out);

/** The string at `skipped` of the record at hand, in b->value. */
const struct buf *xls_string_at(struct book *b, size_t skipped, unsigned bytes);

/** Characters of two bytes. */
void xls_add_wide(struct buf *out, const uint8_t *p, size_t units);
/** Characters of one byte, by the code page. */
void xls_add_narrow(const struct book *b, struct buf *out, const uint8_t *p, size_t len);

/* xls_cell.c: each reads the record at hand; the table in xls.c tells how long it must be */

typedef enum assay_status xls_read_fn(struct book *b, struct assay_error *err);
typedef void xls_note_fn(struct book *b);

xls_read_fn xls_number, xls_rk, xls_mulrk, xls_boolerr, xls_formula, xls_label, xls_labelsst;
/** The text of a formula, or of nothing we know. */
xls_read_fn xls_string;
/** Columns and rows that are hidden. */
xls_note_fn xls_columns, xls_row;

/** Send the strings of the formulas met so far, and forget them. */
MUST_USE enum assay_status xls_send_formulas(struct book *b, struct assay_error *err);

#endif
