/*
 * man.c - the manual page, as roff, from the tables of commands and options
 *
 * docs/assay.1 is this text, committed; a test compares the two.
 */
#include "man.h"

/** Text that roff would read otherwise: backslashes, hyphens, a point at the start. */
static void put_text(FILE *out, const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", out);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", out);
		else if (*text == '-')
			fputs("\\-", out);
		else if (*text == '\n')
			fputs("\n.br\n", out);
		else
			fputc(*text, out);
	}
}

static void put_commands(FILE *out)
{
	fputs(".SH COMMANDS\n", out);
	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command_row *c = &command_rows[i];

		fprintf(out, ".TP\n\\fBassay %s\\fR ", c->name);
		put_text(out, c->usage);
		fputc('\n', out);
		put_text(out, c->about);
		fputc('\n', out);
	}
}

/** Which commands take an option, where that is not scan alone or all of them. */
static void put_takers(FILE *out, const struct option_row *row)
{
	const char *between = " (assay ";

	if (row->commands == FOR(CMD_SCAN) || row->commands == ~0u)
		return;
	for (size_t i = 0; i < COMMANDS; i++) {
		if (!(row->commands & FOR(i)))
			continue;
		fprintf(out, "%s%s", between, command_rows[i].name);
		between = ", ";
	}
	fputc(')', out);
}

static void put_option(FILE *out, const struct option_row *row)
{
	fputs(".TP\n", out);
	if (row->letter)
		fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
	fputs("\\fB\\-\\-", out);
	put_text(out, row->name);
	fputs("\\fR", out);
	if (row->argument) {
		fputs("=\\fI", out);
		put_text(out, row->argument);
		fputs("\\fR", out);
	}
	fputc('\n', out);
	put_text(out, row->help);
	if (row->fallback) {
		fputs(" [", out);
		put_text(out, row->fallback);
		fputc(']', out);
	}
	put_takers(out, row);
	fputc('\n', out);
}

static void put_options(FILE *out)
{
	const char *group = "";
	size_t len;
	const struct option_row *rows = option_rows(&len);

	fputs(".SH OPTIONS\n"
	      "Names are written whole: an abbreviation is an error. Values in brackets are the\n"
	      "defaults. Options are those of\n.B assay scan\nwhere no other command is named.\n",
	      out);
	for (size_t i = 0; i < len; i++) {
		if (!rows[i].help)
			continue;
		if (strcmp(rows[i].group, group) != 0) {
			group = rows[i].group;
			fputs(".SS ", out);
			put_text(out, group);
			fputc('\n', out);
		}
		put_option(out, &rows[i]);
	}
}

static void put_no_ops(FILE *out)
{
	const char *between = "";
	size_t len;
	const struct option_row *rows = option_rows(&len);

	fputs(".SS Without effect\n", out);
	for (size_t i = 0; i < len; i++) {
		if (rows[i].id != OPT_NO_OP)
			continue;
		fprintf(out, "%s\\fB\\-\\-", between);
		put_text(out, rows[i].name);
		fputs("\\fR", out);
		between = " and ";
	}
	fputs(" are taken for the sake of habits from other tools: hidden files are\n"
	      "always scanned, and nothing in the scanned folders says what to leave out.\n",
	      out);
}

void man_page(FILE *out)
{
	fputs(".\\\" Written by `assay help --man' from the tables in scanner/cli/options.c.\n"
	      ".TH ASSAY 1 \"\" \"assay " ASSAY_VERSION "\" \"User commands\"\n"
	      ".SH NAME\n"
	      "assay \\- say which files hold personal data, secrets or protective markings\n"
	      ".SH SYNOPSIS\n"
	      ".nf\n"
	      "\\fBassay scan\\fR [\\fIOPTIONS\\fR] \\fIPATH\\fR...\n"
	      "\\fBassay report\\fR [\\fIOPTIONS\\fR] \\fILOG\\fR\n"
	      "\\fBassay verify\\fR \\fILOG\\fR\n"
	      "\\fBassay explain\\fR \\fIRULE\\fR\n"
	      ".fi\n"
	      ".SH DESCRIPTION\n"
	      "assay reads files and folders and says which hold UK personal data, policing\n"
	      "data, secrets or a protective marking, how sure it is, and what it could not\n"
	      "read. It changes nothing in what it scans and uses no network. Values are\n"
	      "masked in everything it writes unless\n.B \\-\\-show\\-values\nis given.\n",
	      out);
	put_commands(out);
	put_options(out);
	put_no_ops(out);
	fputs(".SH EXIT STATUS\n"
	      ".TP\n.B 0\nNothing was found and everything in reach was read.\n"
	      ".TP\n.B 1, 4, 8\n"
	      "The sum of those that hold: 1 something was found, 4 not everything could be\n"
	      "read, 8 the scan was stopped early.\n"
	      ".TP\n.B 2\n"
	      "The command could not do what it was asked: wrong options, no such file.\n"
	      ".PP\n"
	      ".B assay verify\nand\n.B assay rules check\n"
	      "give 1 for an altered log and for an example that goes wrong.\n"
	      ".SH ENVIRONMENT\n"
	      ".TP\n.B NO_COLOR\nNo colours, if it is set and not empty.\n"
	      ".TP\n.B ASSAY_CONFIG\n"
	      "The site's configuration file; its own rules are in rules.d beside it.\n"
	      ".TP\n.B XDG_CACHE_HOME\n"
	      "Where a site's rules are kept compiled, instead of ~/.cache.\n"
	      ".TP\n.B TMPDIR\n"
	      "Where a scan without\n.B \\-o\nkeeps its log, in a file that has no name.\n"
	      ".SH EXAMPLES\n"
	      ".nf\n"
	      "assay scan /srv/share\n"
	      "assay scan \\-o run.jsonl \\-x '*.iso' /srv/share\n"
	      "assay report run.jsonl\n"
	      "find /srv \\-name '*.csv' \\-print0 | assay scan \\-\\-files\\-from=\\- \\-0\n"
	      ".fi\n"
	      ".SH SEE ALSO\n"
	      "docs/GUIDE.md for users, docs/RULES.md for writers of rules.\n",
	      out);
}
