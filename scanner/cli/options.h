/**
 * options.h - the commands and their options: one table for parser, help and man page
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

#include "base.h"
#include "vec.h"

enum command_id {
	CMD_SCAN,
	CMD_REPORT,
	CMD_RULES,
	CMD_EXPLAIN,
	CMD_EXTRACT,
	CMD_VERIFY,
	CMD_COMPLETION,
	CMD_HELP,
	COMMANDS
};

#define FOR(command) (1u << (command))

enum option_id {
	OPT_HELP,
	OPT_VERSION,
	OPT_EXCLUDE,
	OPT_INCLUDE,
	OPT_EXCLUDE_FROM,
	OPT_FILES_FROM,
	OPT_NULL,
	OPT_CROSS_MOUNTS,
	OPT_RECALL,
	OPT_NO_OP,
	OPT_RULES,
	OPT_RULES_ADD,
	OPT_NO_SITE_RULES,
	OPT_RULES_CACHE,
	OPT_NO_RULES_CACHE,
	OPT_ENABLE,
	OPT_DISABLE,
	OPT_MIN_CONFIDENCE,
	OPT_OUTPUT,
	OPT_JSON,
	OPT_EMIT,
	OPT_MASK,
	OPT_SHOW_VALUES,
	OPT_MAX_OCCURRENCES,
	OPT_KEY_FILE,
	OPT_TOP,
	OPT_COLOR,
	OPT_PROGRESS,
	OPT_QUIET,
	OPT_MAX_GAPS,
	OPT_ALLOW_EMPTY,
	OPT_WORKERS,
	OPT_WALKERS,
	OPT_SANDBOX,
	OPT_ENGINE,
	OPT_ISA,
	OPT_MAX_OUT,
	OPT_MAX_TEXT,
	OPT_MAX_MEMBER,
	OPT_MAX_RATIO,
	OPT_MAX_DEPTH,
	OPT_MAX_MEMBERS,
	OPT_WORKER_MEMORY,
	OPT_FILE_TIMEOUT,
	OPT_STALL_TIMEOUT,
	OPT_FORMAT,
	OPT_AS,
	OPT_NORMALISE,
	OPT_COLUMN,
	OPT_TEST_HOOKS,
	OPT_MAN,
	OPTIONS
};

struct option_row {
	enum option_id id;
	const char *name;           /**< without dashes */
	char letter;                /**< 0: none */
	const char *argument;       /**< its name in help; NULL: the option is a switch */
	const char *const *choices; /**< the values it may have; NULL: any */
	const char *fallback;       /**< default, for help; NULL: none */
	const char *help;           /**< NULL: without effect, or for tests and builds */
	const char *group;
	unsigned commands; /**< FOR(...) | ... */
};

struct command_row {
	const char *name;
	const char *usage; /**< after the name */
	const char *summary;
	const char *about; /**< a paragraph for its --help */
};

extern const struct command_row command_rows[COMMANDS];

/** The whole option table, in the order of help. */
const struct option_row *option_rows(size_t *ret_len);

struct option_value {
	const struct option_row *row;
	const char *text; /**< NULL for a switch */
};

struct args {
	enum command_id command;
	struct vec(struct option_value) values; /**< in the order given */
	const char *const *operands;            /**< owned array of borrowed strings */
	size_t operands_len;
};

/**
 * Read the command line.  Names are matched whole: no abbreviations.
 *
 * @return  ASSAY_OK, or ASSAY_FATAL with one line and, where one is near, a suggestion
 */
MUST_USE enum assay_status args_parse(int argc, char *const *argv, struct args *ret_args,
				      struct assay_error *err);
void args_done(struct args *a);

bool args_has(const struct args *a, enum option_id id);
size_t args_count(const struct args *a, enum option_id id);
/** The last value given, or NULL. */
const char *args_last(const struct args *a, enum option_id id);

/**
 * Typed values of the last one given; `ret` is left alone if the option is absent.
 * Sizes: 12, 64KiB, 2GB.  Durations: 250ms 90s 5m 2h (bare numbers are seconds).
 */
MUST_USE enum assay_status args_size(const struct args *a, enum option_id id, uint64_t *ret,
				     struct assay_error *err);
MUST_USE enum assay_status args_number(const struct args *a, enum option_id id, uint64_t max,
				       uint64_t *ret, struct assay_error *err);
MUST_USE enum assay_status args_ms(const struct args *a, enum option_id id, uint64_t *ret,
				   struct assay_error *err);
/** Index of the last value among the row's choices; `ret` is left alone if absent. */
void args_choice(const struct args *a, enum option_id id, unsigned *ret);

/** `assay --help`, `assay scan --help`. */
void help_overview(FILE *out);
void help_command(FILE *out, enum command_id command);

#endif
