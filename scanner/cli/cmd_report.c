/* cmd_report.c - assay report and assay verify: a log in, words out */
#include <errno.h>
#include <fcntl.h>

#include "commands.h"
#include "fail.h"
#include "report.h"

/** @return  a descriptor, or -1 after a complaint */
static int open_log(const struct args *a)
{
	const char *path = a->operands_len == 1 ? a->operands[0] : NULL;
	int fd;

	if (!path) {
		complain_text("which run log? assay %s RUN.jsonl", command_rows[a->command].name);
		return -1;
	}
	fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
				    : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		complain_text("%s: %s", path, strerror(errno));
	return fd;
}

static int complain_of_format(const char *format)
{
	char known[256] = "";

	for (const struct reporter *r = reporters; r->format; r++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s",
			 *known ? ", " : "", r->format);
	return complain_text("no format `%s'; there are %s", format, known);
}

int cmd_report(const struct args *a)
{
	const char *format = args_has(a, OPT_FORMAT) ? args_last(a, OPT_FORMAT) : "text";
	const struct reporter *r = reporter_find(format);
	CLEANUP(fd_closep) int fd = -1;
	struct report_options o = {
		.color = wants_color(a, stdout),
		.width = terminal_width(stdout),
		.show_values = true,
		.log_name = a->operands_len ? a->operands[0] : NULL,
	};
	uint64_t top = 20;
	struct assay_error err;

	if (!r)
		return complain_of_format(format);
	if (args_number(a, OPT_TOP, 1000000, &top, &err) < 0)
		return complain(&err);
	o.top = (unsigned)top;
	fd = open_log(a);
	if (fd < 0)
		return EXIT_CANNOT_RUN;
	if (r->run(fd, stdout, &o, &err) < 0)
		return complain_text("%s: %s", o.log_name, err.detail);
	return EXIT_SUCCESS;
}

int cmd_verify(const struct args *a)
{
	CLEANUP(fd_closep) int fd = open_log(a);
	struct assay_error err;
	enum assay_status st;

	if (fd < 0)
		return EXIT_CANNOT_RUN;
	st = report_verify(fd, &err);
	if (st == ASSAY_OK) {
		puts("The log is whole: every hash and every sum is right.");
		return 0;
	}
	complain_text("%s: %s", a->operands[0], err.detail);
	return st == ASSAY_FATAL ? EXIT_CANNOT_RUN : 1;
}
