/**
 * options.h - the command line: one table for parser, --help, manual and completion
 *
 * Long options by their exact name only: an abbreviation that works today is a
 * script that breaks tomorrow.  `--opt=value` and `--opt value`, clustered short
 * options, `--` ends them.  Arguments are typed here; what they mean is the
 * commands' business.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdio.h>

#include "base.h"
#include "vec.h"

enum option_id {
	OPT_HELP,
	OPT_VERSION,
	OPT_EXCLUDE,
	OPT_INCLUDE,
	OPT_EXCLUDE_FROM,
	OPT_FILES_FROM,
	OPT_NULL,
	OPT_HIDDEN,
	OPT_NO_IGNORE,
	OPT_ONE_FILE_SYSTEM,
	OPT_CROSS_MOUNTS,
	OPT_RECALL,
	OPT_ALLOW_EMPTY,
	OPT_RULES,
	OPT_RULES_ADD,
	OPT_ENABLE,
	OPT_DISABLE,
	OPT_MIN_CONFIDENCE,
	OPT_ENGINE,
	OPT_ISA,
	OPT_OUTPUT,
	OPT_JSON,
	OPT_EMIT,
	OPT_MASK,
	OPT_SHOW_VALUES,
	OPT_MAX_OCCURRENCES,
	OPT_KEY_FILE,
	OPT_FAIL_ON,
	OPT_MAX_GAPS,
	OPT_WORKERS,
	OPT_SANDBOX,
	OPT_MAX_OUT,
	OPT_MAX_TEXT,
	OPT_MAX_MEMBER,
	OPT_MAX_RATIO,
	OPT_MAX_DEPTH,
	OPT_MAX_MEMBERS,
	OPT_FILE_TIMEOUT,
	OPT_COLOR,
	OPT_PROGRESS,
	OPT_QUIET,
	OPT_VERBOSE,
	OPT_FORMAT,
	OPT_TOP,
	OPT_AS,
};

/** What an argument must be; numbers end up in option_value.number. */
enum option_kind {
	OPTION_FLAG,
	OPTION_TEXT,
	OPTION_NUMBER,
	OPTION_SIZE,     /**< bytes: 512, 64KiB, 2GB */
	OPTION_DURATION, /**< milliseconds: 500ms, 90s, 5m, 2h, 30d */
	OPTION_CHOICE,   /**< number: index into `choices` */
	OPTION_SHARE,    /**< N or N%: number, is_percent */
};

/** Commands as bits: an option names those it belongs to. */
enum command_id {
	COMMAND_NONE = 0,
	COMMAND_SCAN = 1 << 0,
	COMMAND_REPORT = 1 << 1,
	COMMAND_RULES = 1 << 2,
	COMMAND_EXPLAIN = 1 << 3,
	COMMAND_EXTRACT = 1 << 4,
	COMMAND_VERIFY = 1 << 5,
	COMMAND_HELP = 1 << 6,
};

struct option_row {
	enum option_id id;
	const char *name;     /**< without the dashes */
	char key;             /**< short form; 0: none */
	const char *argument; /**< FILE, N ...; NULL: a flag */
	enum option_kind kind;
	bool repeats;               /**< each use counts; else the last one */
	const char *const *choices; /**< of OPTION_CHOICE; NULL ends them */
	const char *otherwise;      /**< the default in words; NULL: none to speak of */
	const char *group;          /**< heading in --help */
	unsigned commands;          /**< bits of command_id */
	const char *help;           /**< one sentence without its full stop */
};

struct command_row {
	enum command_id id;
	const char *name;
	const char *operands; /**< as in the synopsis */
	unsigned operands_min, operands_max;
	const char *const *verbs; /**< first operand is one of these; NULL: free */
	const char *help;         /**< one line */
	const char *examples;     /**< lines of `command<TAB>what it does` */
};

extern const struct option_row option_rows[];
extern const size_t option_rows_len;
extern const struct command_row command_rows[];
extern const size_t command_rows_len;

struct option_value {
	const struct option_row *row;
	const char *text; /**< borrowed from argv; NULL for a flag */
	uint64_t number;
	bool is_percent;
};

/** A parsed command line.  Strings are argv's. */
struct options {
	const struct command_row *command; /**< NULL: none was named */
	const char *verb;                  /**< `list` in `rules list`; also operands[0] */
	struct vec(struct option_value) values;
	struct vec(const char *) operands;
};

/**
 * Parse a command line.
 *
 * @param ret_options  release with options_done(), also on failure; on failure its
 *                     `command` is set if the command was understood
 * @return             ASSAY_FAILED and ASSAY_BAD_USAGE, with a sentence for people
 */
MUST_USE enum assay_status options_parse(int argc, char *const *argv, struct options *ret_options,
					 struct assay_error *err);
void options_done(struct options *o);

/** The last use of an option, or NULL. */
const struct option_value *option_last(const struct options *o, enum option_id id);
/** The n-th use from 0, or NULL. */
const struct option_value *option_nth(const struct options *o, enum option_id id, size_t n);
/** How often it was given: -v -v. */
size_t option_uses(const struct options *o, enum option_id id);
/** The text of the last use, or `otherwise`. */
const char *option_text(const struct options *o, enum option_id id, const char *otherwise);
/** The number of the last use, or `otherwise`. */
uint64_t option_number(const struct options *o, enum option_id id, uint64_t otherwise);

/** Sizes, durations: the whole text or nothing. */
bool parse_size(const char *text, uint64_t *ret_bytes);
bool parse_duration(const char *text, uint64_t *ret_ms);

const struct command_row *command_find(const char *name);

/** The commands and how to start: `assay --help`. */
void options_overview(FILE *out);
/** All about one command: `assay scan --help`. */
void options_help(FILE *out, const struct command_row *command, unsigned width);
/** The option section of a manual page, roff. */
void options_roff(FILE *out, const struct command_row *command);

/**
 * The candidate nearest to a mistyped word: two edits away at most, and fewer than
 * the word has letters.
 *
 * @return  NULL if none is near
 */
const char *nearest_word(const char *word, const char *const *candidates, size_t len);

#endif
