/**
 * odf_sheet.h - the cells of an OpenDocument sheet
 *
 * Private to odf_flow.c, which gives it the elements of a sheet and the text in its cells.
 */
#ifndef ODF_SHEET_H
#define ODF_SHEET_H

#include "cells.h"
#include "markup.h"

struct odf_sheet {
	struct cells cells;
	uint64_t row; /**< at hand, from 1 */
	uint32_t row_repeat, column, cell_repeat;
	bool row_hidden, in_cell, number;
	bool hidden[SHEET_COLUMNS_MAX + 1];
	uint32_t columns;    /**< declared so far */
	struct buf value;    /**< text of the cell at hand */
	struct buf raw;      /**< the value behind what is shown */
	struct buf formulas; /**< of the sheet, those with text in them, a line each */
};

/** @param part  borrowed; odf_sheet_done() is right in any case */
MUST_USE enum assay_status odf_sheet_init(struct odf_sheet *ret_s, struct textout *out,
					  const char *part, struct assay_error *err);
void odf_sheet_done(struct odf_sheet *s);

/** A sheet begins.  @param name  NULL: it has none */
MUST_USE enum assay_status odf_sheet_begin(struct odf_sheet *s, const struct markup_attr *name,
					   enum assay_vis vis, struct assay_error *err);
void odf_sheet_column(struct odf_sheet *s, const struct markup_token *t);
void odf_sheet_row(struct odf_sheet *s, const struct markup_token *t);
void odf_sheet_cell(struct odf_sheet *s, const struct markup_token *t);
/** Send the cell at hand.  @param vis  of what it stands in */
MUST_USE enum assay_status odf_sheet_end_cell(struct odf_sheet *s, enum assay_vis vis,
					      struct assay_error *err);

#endif
