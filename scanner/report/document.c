/* document.c - the json format: one document with the run, its end and its worst objects */
#include "digest.h"
#include "fail.h"
#include "formats.h"

static void put_lines(FILE *out, const char *before, const struct buf *lines, const char *otherwise)
{
	fputs(before, out);
	if (lines->len)
		fwrite(lines->data, 1, lines->len, out);
	else
		fputs(otherwise, out);
}

static void put_document(FILE *out, const struct digest *d)
{
	put_lines(out, "{\"schema\":\"assay.report/1\",\"run_begin\":", &d->begin_line, "null");
	fprintf(out, ",\"objects_total\":%llu,\"objects\":[", (unsigned long long)d->matter);
	for (size_t k = 0; k < d->items.len; k++) {
		const struct digest_item *i = &d->items.items[k];

		put_lines(out, k ? ",\n{\"object\":" : "\n{\"object\":", &i->object, "null");
		put_lines(out, ",\"findings\":[", &i->finding_lines, "");
		put_lines(out, "],\"gaps\":[", &i->gap_lines, "");
		fputs("]}", out);
	}
	put_lines(out, "\n],\"run_end\":", &d->end_line, "null");
	fputs("}\n", out);
}

enum assay_status json_run(int log_fd, FILE *out, const struct report_options *options,
			   struct assay_error *err)
{
	const struct digest_options how = { .top = options->top ? options->top : 20,
					    .keep_lines = true };
	struct digest d;
	enum assay_status st = digest_read(log_fd, &how, &d, err);

	if (st >= 0) {
		put_document(out, &d);
		if (ferror(out))
			st = assay_fail(err, ASSAY_FATAL, ASSAY_IO_ERROR,
					"the report cannot be written");
	}
	digest_done(&d);
	return st;
}
