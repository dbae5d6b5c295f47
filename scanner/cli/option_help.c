/* option_help.c - the option table as help and as a manual page's section */
#include "options.h"

#define NAME_COLUMN 28
#define WIDTH_MIN 60
#define WIDTH_MAX 100

/** Words of a text in lines, the later ones indented. */
static void wrap(FILE *out, const char *text, unsigned from, unsigned indent, unsigned width)
{
	unsigned at = from;

	while (*text) {
		unsigned len = (unsigned)strcspn(text, " ");

		if (at > indent && at + 1 + len > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (at > indent) {
			putc(' ', out);
			at++;
		}
		fwrite(text, 1, len, out);
		at += len;
		text += len + (text[len] == ' ');
	}
	putc('\n', out);
}

/** The help, its choices and its default in one text. */
static void describe(const struct option_row *row, char *to, size_t cap)
{
	size_t len = (size_t)snprintf(to, cap, "%s", row->help);

	for (size_t i = 0; row->choices && row->choices[i] && len < cap; i++)
		len +=
		    (size_t)snprintf(to + len, cap - len, "%s%s", i ? ", " : ": ", row->choices[i]);
	if (row->otherwise && len < cap)
		len += (size_t)snprintf(to + len, cap - len, " [%s]", row->otherwise);
	if (row->repeats && row->argument && len < cap)
		snprintf(to + len, cap - len, " (may repeat)");
}

static void option_line(FILE *out, const struct option_row *row, unsigned width)
{
	char name[64], text[512];
	int used;

	if (row->key)
		used = snprintf(name, sizeof(name), "  -%c, --%s", row->key, row->name);
	else
		used = snprintf(name, sizeof(name), "      --%s", row->name);
	if (row->argument)
		used += snprintf(name + used, sizeof(name) - (size_t)used, "=%s", row->argument);
	describe(row, text, sizeof(text));
	fputs(name, out);
	if (used + 2 > NAME_COLUMN)
		fprintf(out, "\n%*s", NAME_COLUMN, "");
	else
		fprintf(out, "%*s", NAME_COLUMN - used, "");
	wrap(out, text, NAME_COLUMN, NAME_COLUMN, width);
}

static void example_lines(FILE *out, const char *examples)
{
	while (*examples) {
		size_t command = strcspn(examples, "\t"), rest;

		fprintf(out, "  %-38.*s  ", (int)command, examples);
		examples += command + (examples[command] == '\t');
		rest = strcspn(examples, "\n");
		fprintf(out, "%.*s\n", (int)rest, examples);
		examples += rest + (examples[rest] == '\n');
	}
}

void options_overview(FILE *out)
{
	fputs(
	    "assay finds personal data, policing data, secrets and protective markings in files.\n"
	    "\n"
	    "Usage: assay COMMAND [OPTIONS] ...\n"
	    "\n"
	    "Commands:\n",
	    out);
	for (size_t i = 0; i < command_rows_len; i++) {
		fprintf(out, "  %-10s", command_rows[i].name);
		wrap(out, command_rows[i].help, 12, 12, 80);
	}
	fputs("\nStart with:\n", out);
	example_lines(out, command_rows[0].examples);
	fputs(
	    "\n`assay COMMAND --help' lists its options.\n"
	    "Exit status of scan: 0 nothing to report, else the sum of 1 findings, 4 not all was\n"
	    "read, 8 stopped early; 2 could not run.\n",
	    out);
}

void options_help(FILE *out, const struct command_row *command, unsigned width)
{
	const char *group = NULL;

	width = MIN(MAX(width ? width : 80, WIDTH_MIN), WIDTH_MAX);
	fprintf(out, "Usage: assay %s [OPTIONS] %s\n\n", command->name, command->operands);
	wrap(out, command->help, 0, 0, width);
	fputs("\nExamples:\n", out);
	example_lines(out, command->examples);
	for (size_t i = 0; i < option_rows_len; i++) {
		const struct option_row *row = &option_rows[i];

		if (!(row->commands & command->id))
			continue;
		if (row->group != group) {
			group = row->group;
			fprintf(out, "\n%s:\n", group);
		}
		option_line(out, row, width);
	}
}

/** Text in roff: backslashes, dashes, and dots that would start a request. */
static void roff_text(FILE *out, const char *text)
{
	bool is_start = true;

	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else if (is_start && (*text == '.' || *text == '\''))
			fprintf(out, "\\&%c", *text);
		else if (*text == '\'')
			fputs("\\(aq", out);
		else if (*text == '`')
			fputs("\\(ga", out);
		else
			putc(*text, out);
		is_start = *text == '\n';
	}
}

void options_roff(FILE *out, const struct command_row *command)
{
	const char *group = NULL;

	fputs(".SH OPTIONS\n", out);
	for (size_t i = 0; i < option_rows_len; i++) {
		const struct option_row *row = &option_rows[i];
		char text[512];

		if (!(row->commands & command->id))
			continue;
		if (row->group != group) {
			group = row->group;
			fputs(".SS ", out);
			roff_text(out, group);
			putc('\n', out);
		}
		fputs(".TP\n", out);
		if (row->key)
			fprintf(out, "\\fB\\-%c\\fR, ", row->key);
		fputs("\\fB\\-\\-", out);
		roff_text(out, row->name);
		fputs("\\fR", out);
		if (row->argument) {
			fputs("=\\fI", out);
			roff_text(out, row->argument);
			fputs("\\fR", out);
		}
		putc('\n', out);
		describe(row, text, sizeof(text));
		roff_text(out, text);
		fputs(".\n", out);
	}
}
