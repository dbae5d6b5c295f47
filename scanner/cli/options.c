/* options.c - the tables, and reading a command line by them */
#include "options.h"

#include <errno.h>
#include <inttypes.h>

#include "fail.h"
#include "suggest.h"

const struct command_row command_rows[COMMANDS] = {
	[CMD_SCAN] = { "scan", "[OPTIONS] PATH...",
		       "scan files and folders; `-` reads standard input",
		       "Reads every file below PATH, opens archives and office files, and says "
		       "which hold personal data, policing data, secrets or protective markings, "
		       "how sure it is, and what it could not read. Nothing is written but what -o "
		       "names." },
	[CMD_REPORT] = { "report", "[OPTIONS] LOG", "show a run log: as text, or in another format",
			 "Every format is derived from the run log that `assay scan -o LOG` "
			 "wrote." },
	[CMD_RULES] = { "rules", "list|show|check|test|make-list [OPTIONS] [RULE|FILE]...",
			"list the rules, show one, or check a rule file",
			"list           the catalogue (--as=rg: patterns for ripgrep)\n"
			"show RULE      everything about one rule\n"
			"check FILE...  read rule files and run their examples\n"
			"test FILE...   the same, and what came of every example\n"
			"make-list FILE a keyed list of known values, for -o LIST" },
	[CMD_EXPLAIN] = { "explain", "RULE",
			  "what a rule finds, how it is proved, what moves its confidence",
			  "In plain words, for those who keep the records." },
	[CMD_EXTRACT] = { "extract", "FILE", "print the text of one file as the rules see it",
			  "One line a run of text, in columns: member, place, region, field, "
			  "visibility, text; what could not be read is a line of region gap. "
			  "Answers "
			  "the question why something was not found." },
	[CMD_VERIFY] = { "verify", "LOG", "check that a run log is whole and unaltered",
			 "Recomputes its hashes and sums: exit 0 whole, 1 altered or cut, 2 not "
			 "readable." },
	[CMD_COMPLETION] = { "completion", "bash", "print what completes assay in a shell",
			     "To have it: source <(assay completion bash)" },
	[CMD_HELP] = { "help", "[COMMAND]", "this text, or a command's own",
		       "This text, or a command's own." },
};

static const char *const choices_confidence[] = { "low", "medium", "high", NULL };
static const char *const choices_emit[] = { "notable", "all", NULL };
static const char *const choices_mask[] = { "shape", "partial", "full", NULL };
static const char *const choices_when[] = { "auto", "always", "never", NULL };
static const char *const choices_sandbox[] = { "require", "best", "off", NULL };
static const char *const choices_engine[] = { "staged", "reference", NULL };
static const char *const choices_isa[] = { "auto", "scalar", "avx2", "avx512", NULL };
/* As enum normalise has them. */
static const char *const choices_normalise[] = { "none", "digits", "alnum-upper", "email", NULL };
static const char *const choices_as[] = { "text", "rg", NULL };

#define G_WHAT "What is scanned"
#define G_RULES "Rules"
#define G_OUT "Output"
#define G_RUN "How it runs"
#define G_LIMITS "Limits of one file (each that is met is reported as a gap)"
#define G_OTHER "Other"

static const struct option_row rows[] = {
	{ OPT_EXCLUDE, "exclude", 'x', "GLOB", NULL, NULL,
	  "leave out what matches (gitignore glob; the last match wins, `!` takes in again)",
	  G_WHAT, FOR(CMD_SCAN) },
	{ OPT_INCLUDE, "include", 'i', "GLOB", NULL, NULL, "take in again what --exclude left out",
	  G_WHAT, FOR(CMD_SCAN) },
	{ OPT_EXCLUDE_FROM, "exclude-from", 0, "FILE", NULL, NULL, "globs from a file, one a line",
	  G_WHAT, FOR(CMD_SCAN) },
	{ OPT_FILES_FROM, "files-from", 0, "FILE", NULL, NULL,
	  "scan the files named in FILE (`-`: standard input), one a line; folders are not walked",
	  G_WHAT, FOR(CMD_SCAN) },
	{ OPT_NULL, "null", '0', NULL, NULL, NULL, "names in --files-from end with NUL", G_WHAT,
	  FOR(CMD_SCAN) },
	{ OPT_CROSS_MOUNTS, "cross-mounts", 0, NULL, NULL, NULL, "go on into other file systems",
	  G_WHAT, FOR(CMD_SCAN) },
	{ OPT_RECALL, "recall", 0, NULL, NULL, NULL,
	  "read offline files too, which brings them back from tape or cloud", G_WHAT,
	  FOR(CMD_SCAN) },
	{ OPT_NO_OP, "hidden", 0, NULL, NULL, NULL, NULL, G_WHAT, FOR(CMD_SCAN) },
	{ OPT_NO_OP, "no-ignore", 0, NULL, NULL, NULL, NULL, G_WHAT, FOR(CMD_SCAN) },

	{ OPT_RULES, "rules", 'r', "FILE|DIR", NULL, NULL,
	  "these rules instead of the built-in ones", G_RULES,
	  FOR(CMD_SCAN) | FOR(CMD_RULES) | FOR(CMD_EXPLAIN) },
	{ OPT_RULES_ADD, "rules-add", 0, "FILE|DIR", NULL, NULL, "these rules as well", G_RULES,
	  FOR(CMD_SCAN) | FOR(CMD_RULES) | FOR(CMD_EXPLAIN) },
	{ OPT_NO_SITE_RULES, "no-site-rules", 0, NULL, NULL, NULL,
	  "leave out the site's own rules (rules.d)", G_RULES,
	  FOR(CMD_SCAN) | FOR(CMD_RULES) | FOR(CMD_EXPLAIN) },
	{ OPT_RULES_CACHE, "rules-cache", 0, "DIR", NULL, "~/.cache/assay",
	  "keep a site's rules compiled in DIR (rules alone: nothing of what is scanned)", G_RULES,
	  FOR(CMD_SCAN) | FOR(CMD_RULES) | FOR(CMD_EXPLAIN) },
	{ OPT_NO_RULES_CACHE, "no-rules-cache", 0, NULL, NULL, NULL,
	  "compile a site's rules anew and keep nothing", G_RULES,
	  FOR(CMD_SCAN) | FOR(CMD_RULES) | FOR(CMD_EXPLAIN) },
	{ OPT_ENABLE, "enable", 0, "RULE", NULL, NULL,
	  "report these rules only (ids or globs such as uk.*)", G_RULES, FOR(CMD_SCAN) },
	{ OPT_DISABLE, "disable", 0, "RULE", NULL, NULL, "do not report these rules", G_RULES,
	  FOR(CMD_SCAN) },
	{ OPT_MIN_CONFIDENCE, "min-confidence", 0, "LEVEL", choices_confidence, "medium",
	  "report findings from this confidence on: low, medium, high", G_RULES, FOR(CMD_SCAN) },

	{ OPT_OUTPUT, "output", 'o', "FILE", NULL, NULL,
	  "write the run log to FILE (`-`: standard output); of rules make-list: the list", G_OUT,
	  FOR(CMD_SCAN) | FOR(CMD_RULES) },
	{ OPT_JSON, "json", 0, NULL, NULL, NULL, "the run log on standard output: -o -", G_OUT,
	  FOR(CMD_SCAN) },
	{ OPT_EMIT, "emit", 0, "WHICH", choices_emit, "notable",
	  "objects in the log: notable or all", G_OUT, FOR(CMD_SCAN) },
	{ OPT_MASK, "mask", 0, "HOW", choices_mask, "shape",
	  "how values are masked: shape (AA999999A), partial, full", G_OUT, FOR(CMD_SCAN) },
	{ OPT_SHOW_VALUES, "show-values", 0, NULL, NULL, NULL,
	  "write the values themselves: the output is then as sensitive as the files", G_OUT,
	  FOR(CMD_SCAN) },
	{ OPT_MAX_OCCURRENCES, "max-occurrences", 0, "N", NULL, "20",
	  "places listed for each finding; 0: all", G_OUT, FOR(CMD_SCAN) },
	{ OPT_KEY_FILE, "key-file", 0, "FILE", NULL, NULL,
	  "32 bytes that key fingerprints, so that two scans can be compared, and lists of known "
	  "values",
	  G_OUT, FOR(CMD_SCAN) | FOR(CMD_RULES) },
	{ OPT_FORMAT, "format", 'f', "FORMAT", NULL, "text",
	  "text: the answer on one screen; json: one document; jsonl: the log's own "
	  "lines, each one checked",
	  G_OUT, FOR(CMD_REPORT) },
	{ OPT_TOP, "top", 0, "N", NULL, "20", "files and rows shown in each list", G_OUT,
	  FOR(CMD_SCAN) | FOR(CMD_REPORT) },
	{ OPT_COLOR, "color", 0, "WHEN", choices_when, "auto", "colours: auto, always or never",
	  G_OUT, FOR(CMD_SCAN) | FOR(CMD_REPORT) },
	{ OPT_PROGRESS, "progress", 0, "WHEN", choices_when, "auto",
	  "progress on standard error: auto, always or never", G_OUT, FOR(CMD_SCAN) },
	{ OPT_QUIET, "quiet", 'q', NULL, NULL, NULL,
	  "no answer, only errors and the exit status; -qq: not even errors", G_OUT,
	  FOR(CMD_SCAN) },

	{ OPT_WORKERS, "workers", 'j', "N", NULL, "all cores", "worker processes", G_RUN,
	  FOR(CMD_SCAN) },
	{ OPT_WALKERS, "walkers", 0, "N", NULL, "none; 16 on a network",
	  "threads that list folders and open files", G_RUN, FOR(CMD_SCAN) },
	{ OPT_SANDBOX, "sandbox", 0, "LEVEL", choices_sandbox, "require",
	  "require: no scan without confinement; best: as far as it goes; off", G_RUN,
	  FOR(CMD_SCAN) },
	{ OPT_ENGINE, "engine", 0, "NAME", choices_engine, "staged",
	  "staged; reference: every pattern at every byte, slow, the same findings", G_RUN,
	  FOR(CMD_SCAN) },
	{ OPT_ISA, "isa", 0, "NAME", choices_isa, "auto",
	  "instruction set: auto, scalar, avx2, avx512", G_RUN, FOR(CMD_SCAN) },
	{ OPT_MAX_GAPS, "max-gaps", 0, "N", NULL, "0",
	  "how many gaps do not yet make the scan incomplete", G_RUN, FOR(CMD_SCAN) },
	{ OPT_ALLOW_EMPTY, "allow-empty", 0, NULL, NULL, NULL,
	  "no error if there was nothing to scan", G_RUN, FOR(CMD_SCAN) },
	{ OPT_TEST_HOOKS, "test-hooks", 0, NULL, NULL, NULL, NULL, G_RUN, FOR(CMD_SCAN) },

	{ OPT_MAX_OUT, "max-out", 0, "SIZE", NULL, "1GiB", "bytes that expansion may bring out",
	  G_LIMITS, FOR(CMD_SCAN) },
	{ OPT_MAX_TEXT, "max-text", 0, "SIZE", NULL, "256MiB", "text taken from documents",
	  G_LIMITS, FOR(CMD_SCAN) },
	{ OPT_MAX_MEMBER, "max-member", 0, "SIZE", NULL, "256MiB",
	  "size of one member of an archive", G_LIMITS, FOR(CMD_SCAN) },
	{ OPT_MAX_RATIO, "max-ratio", 0, "N", NULL, "200", "bytes out for a byte in, after 16 MiB",
	  G_LIMITS, FOR(CMD_SCAN) },
	{ OPT_MAX_DEPTH, "max-depth", 0, "N", NULL, "8", "archives in archives", G_LIMITS,
	  FOR(CMD_SCAN) },
	{ OPT_MAX_MEMBERS, "max-members", 0, "N", NULL, "100000", "members, all levels together",
	  G_LIMITS, FOR(CMD_SCAN) },
	{ OPT_WORKER_MEMORY, "worker-memory", 0, "SIZE", NULL, "256MiB",
	  "address space of a worker, beside --max-member", G_LIMITS, FOR(CMD_SCAN) },
	{ OPT_FILE_TIMEOUT, "file-timeout", 0, "TIME", NULL, "10s + 1s/10MiB",
	  "CPU time of one file", G_LIMITS, FOR(CMD_SCAN) },
	{ OPT_STALL_TIMEOUT, "stall-timeout", 0, "TIME", NULL, "120s", "time without any progress",
	  G_LIMITS, FOR(CMD_SCAN) },

	{ OPT_AS, "as", 0, "FORM", choices_as, "text", "text, or rg: one pattern a line", G_OTHER,
	  FOR(CMD_RULES) },
	{ OPT_NORMALISE, "normalise", 0, "HOW", choices_normalise, "none",
	  "make-list: what of a value counts: none, digits, alnum-upper, email", G_OTHER,
	  FOR(CMD_RULES) },
	{ OPT_COLUMN, "column", 0, "NAME|N", NULL, NULL,
	  "make-list: values from this column of a table (its heading, or a number)", G_OTHER,
	  FOR(CMD_RULES) },
	{ OPT_MAN, "man", 0, NULL, NULL, NULL, NULL, G_OTHER, FOR(CMD_HELP) },
	{ OPT_HELP, "help", 'h', NULL, NULL, NULL, "this text", G_OTHER, ~0u },
	{ OPT_VERSION, "version", 'V', NULL, NULL, NULL, "version, libraries, rules", G_OTHER,
	  ~0u },
};

const struct option_row *option_rows(size_t *ret_len)
{
	*ret_len = ARRAY_SIZE(rows);
	return rows;
}

/* Parsing. */

#define WORD_MAX 40 /* bytes of a wrong option that are shown */

static const struct option_row *row_named(const char *name, size_t len, enum command_id command)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].commands & FOR(command) && strlen(rows[i].name) == len &&
		    memcmp(rows[i].name, name, len) == 0)
			return &rows[i];
	return NULL;
}

static const struct option_row *row_lettered(char letter, enum command_id command)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].commands & FOR(command) && rows[i].letter == letter)
			return &rows[i];
	return NULL;
}

static enum assay_status unknown_option(const struct args *a, const char *name, size_t len,
					struct assay_error *err)
{
	const char *command = command_rows[a->command].name;
	char word[WORD_MAX + 1];
	struct suggestion near = SUGGESTION_INIT(word);

	snprintf(word, sizeof(word), "%.*s", (int)MIN(len, WORD_MAX), name);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].commands & FOR(a->command))
			suggest(&near, rows[i].name);
		else if (strcmp(rows[i].name, word) == 0)
			return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
					  "assay %s has no option --%s; see `assay help %s`",
					  command, word, command);
	}
	if (near.best)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "no option --%s; did you mean --%s?", word, near.best);
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE, "no option --%s; see `assay help %s`",
			  word, command);
}

static enum assay_status add_value(struct args *a, const struct option_row *row, const char *text,
				   struct assay_error *err)
{
	struct option_value *v;
	bool known = !row->choices;

	for (size_t i = 0; row->choices && row->choices[i]; i++)
		known = known || strcmp(row->choices[i], text) == 0;
	if (!known) {
		char list[80] = "";

		for (size_t i = 0; row->choices[i]; i++)
			snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
				 i ? ", " : "", row->choices[i]);
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "--%s: `%.40s' is not one of %s", row->name, text, list);
	}
	v = vec_push(&a->values);
	if (!v)
		return assay_fail_memory(err, "options");
	*v = (struct option_value){ row, text };
	return ASSAY_OK;
}

/** `--name`, `--name=value`, `--name value`.  Moves *i past what it takes. */
static enum assay_status parse_long(struct args *a, int argc, char *const *argv, int *i,
				    struct assay_error *err)
{
	const char *name = argv[*i] + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct option_row *row = row_named(name, len, a->command);

	if (!row)
		return unknown_option(a, name, len, err);
	if (!row->argument) {
		if (equals)
			return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE, "--%s takes no value",
					  row->name);
		return add_value(a, row, NULL, err);
	}
	if (equals)
		return add_value(a, row, equals + 1, err);
	if (*i + 1 == argc)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE, "--%s needs a value: --%s=%s",
				  row->name, row->name, row->argument);
	return add_value(a, row, argv[++*i], err);
}

/** `-q`, `-qq`, `-j4`, `-j 4`. */
static enum assay_status parse_short(struct args *a, int argc, char *const *argv, int *i,
				     struct assay_error *err)
{
	for (const char *p = argv[*i] + 1; *p; p++) {
		const struct option_row *row = row_lettered(*p, a->command);
		enum assay_status st;

		if (!row)
			return assay_fail(
			    err, ASSAY_FATAL, ASSAY_BAD_USAGE, "no option -%c; see `assay help %s`",
			    *p >= '!' && *p <= '~' ? *p : '?', command_rows[a->command].name);
		if (!row->argument) {
			st = add_value(a, row, NULL, err);
			if (st < 0)
				return st;
			continue;
		}
		if (p[1])
			return add_value(a, row, p + 1, err);
		if (*i + 1 == argc)
			return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
					  "-%c needs a value: -%c %s", row->letter, row->letter,
					  row->argument);
		return add_value(a, row, argv[++*i], err);
	}
	return ASSAY_OK;
}

static enum assay_status parse_command(int argc, char *const *argv, struct args *a,
				       struct assay_error *err)
{
	const char *word = argc > 1 ? argv[1] : "help";
	struct suggestion near;

	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		word = "help";
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(word, command_rows[i].name) == 0) {
			a->command = (enum command_id)i;
			return ASSAY_OK;
		}
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
		a->command = CMD_HELP;
		return add_value(a, row_named("version", 7, CMD_HELP), NULL, err);
	}
	near = (struct suggestion)SUGGESTION_INIT(word);
	for (size_t i = 0; i < COMMANDS; i++)
		suggest(&near, command_rows[i].name);
	if (near.best)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "no command `%.40s'; did you mean `%s'?", word, near.best);
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
			  "no command `%.40s'; to scan it: assay scan %.40s", word, word);
}

enum assay_status args_parse(int argc, char *const *argv, struct args *ret_args,
			     struct assay_error *err)
{
	struct args a = { .values = VEC_INIT(100000) };
	const char **operands = calloc((size_t)argc + 1, sizeof(*operands));
	bool only_operands = false;
	enum assay_status st;

	a.operands = operands;
	st = operands ? parse_command(argc, argv, &a, err) : assay_fail_memory(err, "options");
	for (int i = 2; i < argc && st == ASSAY_OK; i++) {
		if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0')
			operands[a.operands_len++] = argv[i];
		else if (strcmp(argv[i], "--") == 0)
			only_operands = true;
		else if (argv[i][1] == '-')
			st = parse_long(&a, argc, argv, &i, err);
		else
			st = parse_short(&a, argc, argv, &i, err);
	}
	if (st < 0) {
		args_done(&a);
		return st;
	}
	*ret_args = a;
	return ASSAY_OK;
}

void args_done(struct args *a)
{
	vec_done(&a->values);
	free((void *)(uintptr_t)a->operands);
	a->operands = NULL;
}

static const struct option_value *last_of(const struct args *a, enum option_id id)
{
	for (size_t i = a->values.len; i > 0; i--)
		if (a->values.items[i - 1].row->id == id)
			return &a->values.items[i - 1];
	return NULL;
}

size_t args_count(const struct args *a, enum option_id id)
{
	size_t n = 0;

	for (size_t i = 0; i < a->values.len; i++)
		n += a->values.items[i].row->id == id;
	return n;
}

bool args_has(const struct args *a, enum option_id id)
{
	return last_of(a, id);
}

const char *args_last(const struct args *a, enum option_id id)
{
	const struct option_value *v = last_of(a, id);

	return v ? v->text : NULL;
}

/* Typed values. */

struct unit {
	const char *name;
	uint64_t factor;
};

/** A number and one of `units`; false if it is neither or does not fit. */
static bool parse_with_unit(const char *text, const struct unit *units, size_t units_len,
			    uint64_t *ret)
{
	char *end;
	unsigned long long n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno || end == text || !is_digit(text[0]))
		return false;
	for (size_t i = 0; i < units_len; i++)
		if (strcmp(end, units[i].name) == 0)
			return !__builtin_mul_overflow(n, units[i].factor, ret);
	return false;
}

enum assay_status args_size(const struct args *a, enum option_id id, uint64_t *ret,
			    struct assay_error *err)
{
	static const struct unit units[] = {
		{ "", 1 },          { "KiB", 1 << 10 },           { "MiB", 1 << 20 },
		{ "GiB", 1 << 30 }, { "TiB", UINT64_C(1) << 40 }, { "kB", 1000 },
		{ "MB", 1000000 },  { "GB", 1000000000 },         { "TB", UINT64_C(1000000000000) },
	};
	const struct option_value *v = last_of(a, id);

	if (!v || parse_with_unit(v->text, units, ARRAY_SIZE(units), ret))
		return ASSAY_OK;
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
			  "--%s: `%.40s' is no size; write 512MiB or 2GB", v->row->name, v->text);
}

enum assay_status args_ms(const struct args *a, enum option_id id, uint64_t *ret,
			  struct assay_error *err)
{
	static const struct unit units[] = {
		{ "ms", 1 }, { "", 1000 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 },
	};
	const struct option_value *v = last_of(a, id);

	if (!v || parse_with_unit(v->text, units, ARRAY_SIZE(units), ret))
		return ASSAY_OK;
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
			  "--%s: `%.40s' is no duration; write 90s or 5m", v->row->name, v->text);
}

enum assay_status args_number(const struct args *a, enum option_id id, uint64_t max, uint64_t *ret,
			      struct assay_error *err)
{
	static const struct unit units[] = { { "", 1 } };
	const struct option_value *v = last_of(a, id);
	uint64_t n;

	if (!v)
		return ASSAY_OK;
	if (!parse_with_unit(v->text, units, 1, &n) || n > max)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "--%s: `%.40s' is no number from 0 to %" PRIu64, v->row->name,
				  v->text, max);
	*ret = n;
	return ASSAY_OK;
}

void args_choice(const struct args *a, enum option_id id, unsigned *ret)
{
	const struct option_value *v = last_of(a, id);

	for (unsigned i = 0; v && v->row->choices[i]; i++)
		if (strcmp(v->row->choices[i], v->text) == 0)
			*ret = i;
}

/* Help. */

#define HELP_COLUMNS 80
#define HELP_INDENT 29 /**< where an option's text begins */

/** Words from column `indent` on, broken before the last column; ends the line. */
static void put_wrapped(FILE *out, const char *text, size_t at, size_t indent)
{
	while (*text) {
		size_t len = strcspn(text, " ");

		if (at > indent && at + 1 + len > HELP_COLUMNS) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		}
		at += (size_t)fprintf(out, at > indent ? " %.*s" : "%.*s", (int)len, text);
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}

/** Paragraphs, a line each. */
static void put_paragraphs(FILE *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char line[512];

		snprintf(line, sizeof(line), "%.*s", (int)len, text);
		if (len <= HELP_COLUMNS)
			fprintf(out, "%s\n", line);
		else
			put_wrapped(out, line, 0, 0);
		text += len + (text[len] == '\n');
	}
}

void help_overview(FILE *out)
{
	fputs("assay reads files and says which hold personal data, policing data, secrets or a\n"
	      "protective marking, how sure it is, and what it could not read.\n\n"
	      "  assay scan PATH...             scan, and answer on one screen\n"
	      "  assay scan -o RUN.jsonl PATH   the same, and keep the run log\n"
	      "  assay report RUN.jsonl         the answer again\n"
	      "  assay explain uk.nino          what a rule means\n\nCommands:\n",
	      out);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(out, "  %-10s  %s\n", command_rows[i].name, command_rows[i].summary);
	fputs("\n`assay help COMMAND` tells a command's options.\n"
	      "Exit status: 0 nothing found and all of it read, or the sum of 1 something\n"
	      "found, 4 not all could be read, 8 stopped early; 2 it could not run.\n",
	      out);
}

static void help_option(FILE *out, const struct option_row *row)
{
	char left[64], text[256];
	int used = snprintf(left, sizeof(left), row->letter ? "  -%c, " : "      ", row->letter);

	snprintf(left + used, sizeof(left) - (size_t)used, "--%s%s%s", row->name,
		 row->argument ? "=" : "", row->argument ? row->argument : "");
	snprintf(text, sizeof(text), row->fallback ? "%s [%s]" : "%s", row->help, row->fallback);
	if (strlen(left) + 1 < HELP_INDENT)
		fprintf(out, "%-*s", HELP_INDENT, left);
	else
		fprintf(out, "%s\n%*s", left, HELP_INDENT, "");
	put_wrapped(out, text, HELP_INDENT, HELP_INDENT);
}

void help_command(FILE *out, enum command_id command)
{
	const struct command_row *c = &command_rows[command];
	const char *group = NULL;

	fprintf(out, "usage: assay %s %s\n\n", c->name, c->usage);
	put_paragraphs(out, c->about);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!(rows[i].commands & FOR(command)) || !rows[i].help)
			continue;
		if (group != rows[i].group)
			fprintf(out, "\n%s:\n", rows[i].group);
		group = rows[i].group;
		help_option(out, &rows[i]);
	}
}
