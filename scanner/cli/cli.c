/* cli.c - from the command line to a command, and what commands share */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>

#include "commands.h"
#include "fail.h"
#include "man.h"
#include "report.h"

int complain_text(const char *fmt, ...)
{
	char line[1024];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	fputs("assay: ", stderr);
	report_escape(stderr, line, strlen(line));
	fputc('\n', stderr);
	return EXIT_CANNOT_RUN;
}

int complain(const struct assay_error *err)
{
	return complain_text("%s", err->detail);
}

bool wants_color(const struct args *a, FILE *out)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	unsigned when = 0;

	args_choice(a, OPT_COLOR, &when);
	if (when > 0)
		return when == 1;
	return isatty(fileno(out)) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

unsigned terminal_width(FILE *out)
{
	struct winsize size;

	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 80;
}

static int cmd_completion(const struct args *a)
{
	if (a->operands_len != 1 || strcmp(a->operands[0], "bash") != 0)
		return complain_text("completion for which shell? assay completion bash");
	completion_bash(stdout);
	return EXIT_SUCCESS;
}

static int cmd_help(const struct args *a)
{
	if (args_has(a, OPT_MAN)) {
		man_page(stdout);
		return EXIT_SUCCESS;
	}
	if (args_has(a, OPT_VERSION))
		return show_version();
	for (size_t i = 0; i < a->operands_len; i++) {
		for (size_t c = 0; c < COMMANDS; c++)
			if (strcmp(a->operands[i], command_rows[c].name) == 0) {
				help_command(stdout, (enum command_id)c);
				return EXIT_SUCCESS;
			}
		return complain_text("no command `%s'; see `assay help'", a->operands[i]);
	}
	help_overview(stdout);
	return EXIT_SUCCESS;
}

static int (*const commands[COMMANDS])(const struct args *a) = {
	[CMD_SCAN] = cmd_scan,
	[CMD_REPORT] = cmd_report,
	[CMD_RULES] = cmd_rules,
	[CMD_EXPLAIN] = cmd_explain,
	[CMD_EXTRACT] = cmd_extract,
	[CMD_VERIFY] = cmd_verify,
	[CMD_COMPLETION] = cmd_completion,
	[CMD_HELP] = cmd_help,
};

int cli_main(int argc, char *const *argv)
{
	struct assay_error err;
	struct args a;
	int status;

	signal(SIGPIPE, SIG_IGN);
	if (args_parse(argc, argv, &a, &err) < 0)
		return complain(&err);
	if (args_has(&a, OPT_HELP)) {
		if (a.command == CMD_HELP)
			help_overview(stdout);
		else
			help_command(stdout, a.command);
		status = EXIT_SUCCESS;
	} else if (args_has(&a, OPT_VERSION)) {
		status = show_version();
	} else {
		status = commands[a.command](&a);
	}
	args_done(&a);
	if (fflush(stdout) != 0 && errno != EPIPE)
		return complain_text("standard output: %s", strerror(errno));
	return status;
}
