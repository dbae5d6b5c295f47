/** commands.h - one function a command; each returns the exit status */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <assay/ruleset.h>

#include "options.h"

#define EXIT_CANNOT_RUN 2

int cmd_scan(const struct args *a);
int cmd_report(const struct args *a);
int cmd_rules(const struct args *a);
/**
 * Run every example of every rule, and say what is wrong.
 *
 * @param verbose  say of each what came of it, and why
 * @return         the exit status
 */
int rules_run_examples(assay_ruleset *set, bool verbose);
/** `rules make-list`; operands[0] is its name. */
int rules_make_list(const struct args *a);
int cmd_explain(const struct args *a);
int cmd_extract(const struct args *a);
int cmd_verify(const struct args *a);
/** `--version`: the program, its rules, and of each library the version found here. */
int show_version(void);

/** Print `assay: ...` on standard error.  @return  EXIT_CANNOT_RUN */
int complain(const struct assay_error *err);
int complain_text(const char *fmt, ...) PRINTF_LIKE(1, 2);

/**
 * The rules a command works with: those of --rules; or the built-in ones, the site's
 * (rules.d) and those of --rules-add.
 */
MUST_USE enum assay_status load_rules(const struct args *a, assay_ruleset **ret_set,
				      struct assay_error *err);

/** Rules from these files alone, or with --rules-add on top of the built-in ones. */
MUST_USE enum assay_status load_rule_files(const struct args *a, const char *const *paths,
					   size_t len, assay_ruleset **ret_set,
					   struct assay_error *err);

/** What a log calls the rules of load_rules(). */
const char *rules_name(const struct args *a);

/** Shall colours be used on this stream? */
bool wants_color(const struct args *a, FILE *out);
/** Columns of the terminal behind a stream, or 80. */
unsigned terminal_width(FILE *out);

/** main() without the process: reads the command line, runs the command. */
int cli_main(int argc, char *const *argv);

#endif
