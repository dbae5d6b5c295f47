/* completion.c - what bash offers after `assay', from the tables */
#include "man.h"

static void put_choices(FILE *out)
{
	size_t len;
	const struct option_row *rows = option_rows(&len);

	for (size_t i = 0; i < len; i++) {
		if (!rows[i].choices)
			continue;
		fprintf(out, "\t--%s) words='", rows[i].name);
		for (size_t c = 0; rows[i].choices[c]; c++)
			fprintf(out, "%s%s", c ? " " : "", rows[i].choices[c]);
		fputs("' ;;\n", out);
	}
}

static void put_options(FILE *out, size_t command)
{
	size_t len;
	const struct option_row *rows = option_rows(&len);

	fprintf(out, "\t\t%s) words='", command_rows[command].name);
	for (size_t i = 0; i < len; i++)
		if (rows[i].help && rows[i].commands & FOR(command))
			fprintf(out, "--%s ", rows[i].name);
	fputs("' ;;\n", out);
}

void completion_bash(FILE *out)
{
	fputs("# for ~/.bashrc: source <(assay completion bash)\n"
	      "_assay() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=''\n"
	      "\t[ \"$prev\" != = ] || prev=${COMP_WORDS[COMP_CWORD-2]}\n"
	      "\t[ \"$cur\" != = ] || cur=''\n"
	      "\tcase $prev in\n",
	      out);
	put_choices(out);
	fputs("\tassay) words='", out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "%s%s", i ? " " : "", command_rows[i].name);
	fputs("' ;;\n\t*)\n\t\tcase $cur in -*) ;; *) return ;; esac\n"
	      "\t\tcase ${COMP_WORDS[1]} in\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		put_options(out, i);
	fputs("\t\tesac ;;\n\tesac\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	      "}\n"
	      "complete -o default -F _assay assay\n",
	      out);
}
