/* jsonl.c - the log as it stands, each line checked on the way */
#include "fail.h"
#include "formats.h"
#include "logread.h"

enum assay_status jsonl_run(int log_fd, FILE *out, const struct report_options *options,
			    struct assay_error *err)
{
	struct logread *reader;
	enum assay_status st = logread_new(log_fd, &reader, err);

	(void)options;
	if (st < 0)
		return st;
	for (;;) {
		const struct event *e;
		const char *line;
		size_t len;

		st = logread_next(reader, &e, err);
		if (st < 0 || !e)
			break;
		line = event_line(e, &len);
		fwrite(line, 1, len, out);
		putc('\n', out);
	}
	logread_free(reader);
	if (st >= 0 && ferror(out))
		return assay_fail(err, ASSAY_FATAL, ASSAY_IO_ERROR, "the report cannot be written");
	return st;
}
