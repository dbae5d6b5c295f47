/* option_table.c - every command and every option, one row each */
#include "options.h"

static const char *const confidences[] = { "low", "medium", "high", NULL };
static const char *const engines[] = { "staged", "reference", NULL };
static const char *const isas[] = { "auto", "scalar", "avx2", "avx512", NULL };
static const char *const emits[] = { "notable", "all", NULL };
static const char *const masks[] = { "shape", "partial", "full", NULL };
static const char *const sandboxes[] = { "require", "best", "off", NULL };
static const char *const whens[] = { "auto", "always", "never", NULL };
static const char *const list_forms[] = { "text", "rg", "json", NULL };
static const char *const fail_ons[] = { "finding", "high", "none", NULL };
static const char *const rules_verbs[] = { "list", "show", "check", "test", NULL };

#define SCAN COMMAND_SCAN
#define ALL \
	(COMMAND_SCAN | COMMAND_REPORT | COMMAND_RULES | COMMAND_EXPLAIN | COMMAND_EXTRACT | \
	 COMMAND_VERIFY | COMMAND_HELP)
#define READERS (COMMAND_SCAN | COMMAND_EXTRACT) /* commands that read what is scanned */
#define USES_RULES (COMMAND_SCAN | COMMAND_RULES | COMMAND_EXPLAIN)

#define WHAT "What is scanned"
#define RULES "What counts as a finding"
#define RESULTS "Results"
#define RUNNING "How it runs"
#define LIMITS "Limits for one top-level file; each that fires is reported"
#define GENERAL "General"

const struct option_row option_rows[] = {
	{ OPT_EXCLUDE, "exclude", 'x', "GLOB", OPTION_TEXT, true, NULL, NULL, WHAT, SCAN,
	  "Leave out what matches; gitignore syntax, the last match wins, `!' negates" },
	{ OPT_INCLUDE, "include", 'i', "GLOB", OPTION_TEXT, true, NULL, NULL, WHAT, SCAN,
	  "Scan only files that match; directories are entered all the same" },
	{ OPT_EXCLUDE_FROM, "exclude-from", 0, "FILE", OPTION_TEXT, true, NULL, NULL, WHAT, SCAN,
	  "Read --exclude globs from FILE, one a line" },
	{ OPT_FILES_FROM, "files-from", 0, "FILE", OPTION_TEXT, false, NULL, NULL, WHAT, SCAN,
	  "Scan the files named in FILE (`-': standard input), one a line; no recursion" },
	{ OPT_NULL, "null", '0', NULL, OPTION_FLAG, false, NULL, NULL, WHAT, SCAN,
	  "Names in --files-from end with NUL instead of a line feed" },
	{ OPT_HIDDEN, "hidden", 0, NULL, OPTION_FLAG, false, NULL, NULL, WHAT, SCAN,
	  "Does nothing: hidden files are always scanned" },
	{ OPT_NO_IGNORE, "no-ignore", 0, NULL, OPTION_FLAG, false, NULL, NULL, WHAT, SCAN,
	  "Does nothing: .gitignore is never obeyed" },
	{ OPT_ONE_FILE_SYSTEM, "one-file-system", 0, NULL, OPTION_FLAG, false, NULL, NULL, WHAT,
	  SCAN, "Stay on the file system of each PATH; this is the default" },
	{ OPT_CROSS_MOUNTS, "cross-mounts", 0, NULL, OPTION_FLAG, false, NULL, NULL, WHAT, SCAN,
	  "Enter file systems mounted below a PATH" },
	{ OPT_RECALL, "recall", 0, NULL, OPTION_FLAG, false, NULL, NULL, WHAT, SCAN,
	  "Read offline (tiered, stub) files, although that recalls them" },
	{ OPT_ALLOW_EMPTY, "allow-empty", 0, NULL, OPTION_FLAG, false, NULL, NULL, WHAT, SCAN,
	  "Scanning no file at all is not an error" },

	{ OPT_RULES, "rules", 'r', "FILE|DIR", OPTION_TEXT, true, NULL, "the built-in packs", RULES,
	  USES_RULES, "Use these rules instead of the built-in ones" },
	{ OPT_RULES_ADD, "rules-add", 0, "FILE|DIR", OPTION_TEXT, true, NULL, NULL, RULES,
	  USES_RULES, "Use these rules beside the built-in ones" },
	{ OPT_ENABLE, "enable", 0, "GLOB", OPTION_TEXT, true, NULL, "all", RULES,
	  SCAN | COMMAND_RULES, "Only rules whose id or category matches: uk.*, personal.*" },
	{ OPT_DISABLE, "disable", 0, "GLOB", OPTION_TEXT, true, NULL, NULL, RULES,
	  SCAN | COMMAND_RULES, "Not the rules whose id or category matches" },
	{ OPT_MIN_CONFIDENCE, "min-confidence", 0, "LEVEL", OPTION_CHOICE, false, confidences,
	  "medium", RULES, SCAN, "Report findings of this confidence and above" },

	{ OPT_OUTPUT, "output", 'o', "FILE", OPTION_TEXT, false, NULL, "none is kept", RESULTS,
	  SCAN | COMMAND_REPORT,
	  "Write the run log, or the report, to FILE (`-': standard output)" },
	{ OPT_JSON, "json", 0, NULL, OPTION_FLAG, false, NULL, NULL, RESULTS,
	  SCAN | COMMAND_EXTRACT, "Write JSON Lines to standard output" },
	{ OPT_FORMAT, "format", 'f', "FORMAT", OPTION_TEXT, false, NULL, "text", RESULTS,
	  COMMAND_REPORT, "What to make of the log: text, json, jsonl" },
	{ OPT_TOP, "top", 0, "N", OPTION_NUMBER, false, NULL, "20", RESULTS, COMMAND_REPORT | SCAN,
	  "Show at most N files, the worst first" },
	{ OPT_EMIT, "emit", 0, "WHICH", OPTION_CHOICE, false, emits, "notable", RESULTS, SCAN,
	  "Which objects the run log lists" },
	{ OPT_MASK, "mask", 0, "HOW", OPTION_CHOICE, false, masks, "shape", RESULTS, SCAN,
	  "How evidence is masked" },
	{ OPT_SHOW_VALUES, "show-values", 0, NULL, OPTION_FLAG, false, NULL, NULL, RESULTS,
	  SCAN | COMMAND_REPORT,
	  "Show the values that were found: the output is then as sensitive as the files" },
	{ OPT_MAX_OCCURRENCES, "max-occurrences", 0, "N", OPTION_NUMBER, false, NULL, "20", RESULTS,
	  SCAN, "List at most N places of each finding; 0: all" },
	{ OPT_KEY_FILE, "key-file", 0, "FILE", OPTION_TEXT, false, NULL, "a random key", RESULTS,
	  SCAN, "Key of 32 bytes for fingerprints that can be compared between runs" },
	{ OPT_FAIL_ON, "fail-on", 0, "WHAT", OPTION_CHOICE, false, fail_ons, "finding", RESULTS,
	  SCAN, "What sets bit 1 of the exit status" },
	{ OPT_MAX_GAPS, "max-gaps", 0, "N|N%", OPTION_SHARE, false, NULL, "0", RESULTS, SCAN,
	  "Unread files that are tolerated before bit 4 of the exit status is set" },

	{ OPT_WORKERS, "workers", 'j', "N", OPTION_NUMBER, false, NULL, "all cores", RUNNING, SCAN,
	  "Worker processes" },
	{ OPT_SANDBOX, "sandbox", 0, "HOW", OPTION_CHOICE, false, sandboxes, "require", RUNNING,
	  READERS, "Confinement of workers: without it, stop (require), go on (best), none (off)" },
	{ OPT_ENGINE, "engine", 0, "WHICH", OPTION_CHOICE, false, engines, "staged", RUNNING, SCAN,
	  "Matching engine; `reference' is slow and plain, for comparison" },
	{ OPT_ISA, "isa", 0, "WHICH", OPTION_CHOICE, false, isas, "auto", RUNNING, SCAN,
	  "Vector instructions used for matching" },

	{ OPT_MAX_OUT, "max-out", 0, "SIZE", OPTION_SIZE, false, NULL, "1GiB", LIMITS, READERS,
	  "Bytes brought out by expanding containers" },
	{ OPT_MAX_TEXT, "max-text", 0, "SIZE", OPTION_SIZE, false, NULL, "256MiB", LIMITS, READERS,
	  "Bytes of text taken from documents" },
	{ OPT_MAX_MEMBER, "max-member", 0, "SIZE", OPTION_SIZE, false, NULL, "256MiB", LIMITS,
	  READERS, "Bytes of one member" },
	{ OPT_MAX_RATIO, "max-ratio", 0, "N", OPTION_NUMBER, false, NULL, "200", LIMITS, READERS,
	  "Bytes out for each byte in, checked after 16 MiB" },
	{ OPT_MAX_DEPTH, "max-depth", 0, "N", OPTION_NUMBER, false, NULL, "8", LIMITS, READERS,
	  "Containers within containers" },
	{ OPT_MAX_MEMBERS, "max-members", 0, "N", OPTION_NUMBER, false, NULL, "100000", LIMITS,
	  READERS, "Members, those of nested containers included" },
	{ OPT_FILE_TIMEOUT, "file-timeout", 0, "TIME", OPTION_DURATION, false, NULL,
	  "10s and 1s for each 10 MiB", LIMITS, SCAN, "Time a worker may spend" },

	{ OPT_AS, "as", 0, "FORM", OPTION_CHOICE, false, list_forms, "text", GENERAL, COMMAND_RULES,
	  "Form of `rules list'; `rg' writes patterns for ripgrep -f" },
	{ OPT_COLOR, "color", 0, "WHEN", OPTION_CHOICE, false, whens, "auto", GENERAL, ALL,
	  "Colours; NO_COLOR is obeyed" },
	{ OPT_PROGRESS, "progress", 0, "WHEN", OPTION_CHOICE, false, whens, "auto", GENERAL, SCAN,
	  "Progress on standard error; auto: when that is a terminal" },
	{ OPT_QUIET, "quiet", 'q', NULL, OPTION_FLAG, true, NULL, NULL, GENERAL, ALL,
	  "Errors only; twice: nothing" },
	{ OPT_VERBOSE, "verbose", 'v', NULL, OPTION_FLAG, true, NULL, NULL, GENERAL, ALL,
	  "A line for each file; twice: why files were skipped" },
	{ OPT_HELP, "help", 'h', NULL, OPTION_FLAG, false, NULL, NULL, GENERAL, ALL,
	  "Show this help" },
	{ OPT_VERSION, "version", 'V', NULL, OPTION_FLAG, false, NULL, NULL, GENERAL, ALL,
	  "Show version, libraries and rule packs" },
};
const size_t option_rows_len = ARRAY_SIZE(option_rows);

#define MANY 1000000

const struct command_row command_rows[] = {
	{ COMMAND_SCAN, "scan", "PATH...", 0, MANY, NULL,
	  "look for sensitive data in files and directories; `-' is standard input",
	  "assay scan SHARE/hr\tone directory, an answer at once\n"
	  "assay scan -o run.jsonl SHARE\tkeep the run log\n"
	  "assay scan --enable 'secret.*' src\tcredentials only\n" },
	{ COMMAND_REPORT, "report", "LOG", 1, 1, NULL, "make a report from a run log",
	  "assay report --top=100 run.jsonl\tthe worst 100 files\n"
	  "assay report -f json run.jsonl\tone JSON document\n" },
	{ COMMAND_RULES, "rules", "list|show|check|test [RULE|FILE...]", 1, MANY, rules_verbs,
	  "list rules, show one, check rule files, run their examples",
	  "assay rules list --enable 'police.*'\tthe policing rules\n"
	  "assay rules check my-rules.yaml\tis this file sound?\n" },
	{ COMMAND_EXPLAIN, "explain", "RULE", 1, 1, NULL,
	  "what a rule looks for, and what raises or lowers its confidence",
	  "assay explain uk.nino\tthe National Insurance number\n" },
	{ COMMAND_EXTRACT, "extract", "FILE", 1, 1, NULL,
	  "print the text assay sees in a file, with the place of each piece",
	  "assay extract report.docx\twhy was this not found?\n" },
	{ COMMAND_VERIFY, "verify", "LOG", 1, 1, NULL,
	  "check that a run log is whole and unaltered",
	  "assay verify run.jsonl\t0: whole, 1: altered, 2: unreadable\n" },
	{ COMMAND_HELP, "help", "[COMMAND]", 0, 1, NULL, "show help on a command",
	  "assay help scan\tthe options of scan\n" },
};
const size_t command_rows_len = ARRAY_SIZE(command_rows);
