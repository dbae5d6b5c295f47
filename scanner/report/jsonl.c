/* jsonl.c - the log as it stands, but only lines that are events */
#include "formats.h"
#include "logread.h"

enum assay_status report_jsonl(int log_fd, FILE *out, const struct report_options *options,
			       struct assay_error *err)
{
	struct logread *r = NULL;
	const struct event *e = NULL;
	enum assay_status st = logread_new(log_fd, &r, err);

	(void)options;
	while (st == ASSAY_OK && (st = logread_next(r, &e, err)) == ASSAY_OK && e) {
		size_t len;
		const char *line = event_line(e, &len);

		fwrite(line, 1, len, out);
		fputc('\n', out);
	}
	logread_free(r);
	return st;
}
