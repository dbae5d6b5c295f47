/* sheethead.c - the headings of a sheet */
#include "sheethead.h"

#include "tablehead.h"

/* Rows in which headings are looked for. */
#define HEADING_ROWS 10
#define HEADING_BYTES 120
#define NAMES_BYTES (4 * MiB)

bool sheethead_init(struct sheethead *h)
{
	*h = (struct sheethead){ .names = BUF_INIT(NAMES_BYTES),
				 .candidates = BUF_INIT(NAMES_BYTES) };
	h->at = calloc(SHEET_COLUMNS_MAX + 1, sizeof(*h->at));
	return h->at;
}

void sheethead_done(struct sheethead *h)
{
	free(h->at);
	h->at = NULL;
	buf_done(&h->names);
	buf_done(&h->candidates);
}

static void forget(struct sheethead *h)
{
	buf_clear(&h->names);
	memset(h->at, 0, (SHEET_COLUMNS_MAX + 1) * sizeof(*h->at));
}

void sheethead_clear(struct sheethead *h)
{
	h->heading_cells = h->rows = 0;
	forget(h);
}

void sheethead_row(struct sheethead *h)
{
	h->cells = h->texts = 0;
	buf_clear(&h->candidates);
}

static bool may_be_heading(const char *text, size_t len)
{
	return len && len <= HEADING_BYTES && !memchr(text, 0, len) &&
	       tablehead_is_likely(text, len);
}

void sheethead_cell(struct sheethead *h, uint32_t column, const char *text, size_t len,
		    bool is_text)
{
	h->cells++;
	if (!is_text || h->rows >= HEADING_ROWS || !may_be_heading(text, len))
		return;
	h->texts++;
	buf_printf(&h->candidates, "%u", column);
	buf_add_byte(&h->candidates, '\0');
	buf_add(&h->candidates, text, len);
	buf_add_byte(&h->candidates, '\0');
}

static void take_headings(struct sheethead *h)
{
	forget(h);
	for (size_t at = 0; at < h->candidates.len;) {
		const char *column = h->candidates.data + at, *name = column + strlen(column) + 1;
		unsigned long n = strtoul(column, NULL, 10);
		size_t where = h->names.len;

		at += strlen(column) + strlen(name) + 2;
		if (n <= SHEET_COLUMNS_MAX && buf_add(&h->names, name, strlen(name) + 1))
			h->at[n] = (uint32_t)where + 1;
	}
	h->heading_cells = h->texts;
}

void sheethead_end_row(struct sheethead *h)
{
	bool better = !h->heading_cells || (h->heading_cells == 1 && h->texts > 1);

	h->rows += h->cells > 0;
	if (h->cells && h->rows <= HEADING_ROWS && better && h->texts * 3 >= h->cells * 2 &&
	    !h->candidates.failed)
		take_headings(h);
	sheethead_row(h);
}

const char *sheethead_of(const struct sheethead *h, uint32_t column)
{
	uint32_t at = column <= SHEET_COLUMNS_MAX ? h->at[column] : 0;

	return at ? h->names.data + at - 1 : NULL;
}
