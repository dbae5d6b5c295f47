/* options.c - the parser of the command line */
#include "options.h"

#include "fail.h"

/** Uses of options and operands on one command line. */
#define VALUES_MAX ((size_t)100000)
/** Bytes of a user's word that an error repeats. */
#define QUOTE ".60"

struct parse {
	struct options *o;
	int argc, at;
	char *const *argv;
	struct assay_error *err;
};

static enum assay_status usage(struct parse *p, const char *option, const char *text,
			       const char *what)
{
	return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE, "%s: `%" QUOTE "s' %s", option,
			  text, what);
}

/* ---- typed arguments ------------------------------------------------------------ */

/** Digits at the start of a text.  @return  what follows them, or NULL */
static const char *parse_digits(const char *text, uint64_t *ret_number)
{
	uint64_t n = 0;

	if (!is_digit(*text))
		return NULL;
	for (; is_digit(*text); text++)
		if (__builtin_mul_overflow(n, UINT64_C(10), &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*text - '0'), &n))
			return NULL;
	*ret_number = n;
	return text;
}

struct unit {
	const char *name;
	uint64_t factor;
};

static bool parse_with_unit(const char *text, const struct unit *units, size_t len,
			    uint64_t *ret_number)
{
	uint64_t n;
	const char *rest = parse_digits(text, &n);

	for (size_t i = 0; rest && i < len; i++)
		if (strcmp(rest, units[i].name) == 0)
			return !__builtin_mul_overflow(n, units[i].factor, ret_number);
	return false;
}

bool parse_size(const char *text, uint64_t *ret_bytes)
{
	static const struct unit units[] = {
		{ "", 1 },
		{ "B", 1 },
		{ "kB", 1000 },
		{ "KB", 1000 },
		{ "MB", 1000000 },
		{ "GB", 1000000000 },
		{ "TB", UINT64_C(1000000000000) },
		{ "KiB", 1 << 10 },
		{ "MiB", 1 << 20 },
		{ "GiB", 1 << 30 },
		{ "TiB", UINT64_C(1) << 40 },
		{ "K", 1 << 10 },
		{ "M", 1 << 20 },
		{ "G", 1 << 30 },
		{ "T", UINT64_C(1) << 40 },
	};

	return parse_with_unit(text, units, ARRAY_SIZE(units), ret_bytes);
}

bool parse_duration(const char *text, uint64_t *ret_ms)
{
	static const struct unit units[] = {
		{ "ms", 1 },      { "s", 1000 },    { "m", 60000 },
		{ "min", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};

	return parse_with_unit(text, units, ARRAY_SIZE(units), ret_ms);
}

static bool parse_number(const char *text, uint64_t *ret_number)
{
	uint64_t n;
	const char *rest = parse_digits(text, &n);

	if (!rest || *rest)
		return false;
	*ret_number = n;
	return true;
}

static bool parse_share(const char *text, struct option_value *v)
{
	uint64_t n;
	const char *rest = parse_digits(text, &n);

	if (!rest || (*rest && strcmp(rest, "%") != 0) || (*rest && n > 100))
		return false;
	v->number = n;
	v->is_percent = *rest == '%';
	return true;
}

static bool parse_choice(const char *text, const char *const *choices, uint64_t *ret_index)
{
	for (size_t i = 0; choices[i]; i++)
		if (strcmp(text, choices[i]) == 0) {
			*ret_index = i;
			return true;
		}
	return false;
}

static enum assay_status bad_choice(struct parse *p, const char *option,
				    const struct option_value *v)
{
	char list[128] = "";
	size_t len = 0;

	for (size_t i = 0; v->row->choices[i] && len < sizeof(list); i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", i ? ", " : "",
					v->row->choices[i]);
	return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE, "%s: `%" QUOTE "s' is none of %s",
			  option, v->text, list);
}

/** @param option  as the user wrote it, for messages */
static enum assay_status type_value(struct parse *p, const char *option, struct option_value *v)
{
	switch (v->row->kind) {
	case OPTION_FLAG:
		return ASSAY_OK;
	case OPTION_TEXT:
		return *v->text ? ASSAY_OK : usage(p, option, v->text, "is empty");
	case OPTION_NUMBER:
		return parse_number(v->text, &v->number)
			   ? ASSAY_OK
			   : usage(p, option, v->text, "is no number");
	case OPTION_SIZE:
		return parse_size(v->text, &v->number)
			   ? ASSAY_OK
			   : usage(p, option, v->text, "is no size; write 512MiB or 2GB");
	case OPTION_DURATION:
		return parse_duration(v->text, &v->number)
			   ? ASSAY_OK
			   : usage(p, option, v->text, "is no time; write 90s or 5m");
	case OPTION_CHOICE:
		return parse_choice(v->text, v->row->choices, &v->number)
			   ? ASSAY_OK
			   : bad_choice(p, option, v);
	case OPTION_SHARE:
		return parse_share(v->text, v)
			   ? ASSAY_OK
			   : usage(p, option, v->text, "is no number; write 10 or 2%");
	}
	return ASSAY_OK;
}

/* ---- suggestions ---------------------------------------------------------------- */

#define WORD_MAX ((size_t)32)

/** Edits from one word to the other; two letters swapped are one. */
static size_t distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	size_t d[WORD_MAX + 1][WORD_MAX + 1];

	if (la > WORD_MAX || lb > WORD_MAX)
		return SIZE_MAX;
	for (size_t i = 0; i <= la; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= lb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= la; i++)
		for (size_t j = 1; j <= lb; j++) {
			size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			best = MIN(best, d[i - 1][j] + 1);
			best = MIN(best, d[i][j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = MIN(best, d[i - 2][j - 2] + 1);
			d[i][j] = best;
		}
	return d[la][lb];
}

const char *nearest_word(const char *word, const char *const *candidates, size_t len)
{
	size_t best = 3;
	const char *nearest = NULL;

	for (size_t i = 0; i < len; i++) {
		size_t edits = distance(word, candidates[i]);

		if (edits < best && edits < strlen(word)) {
			best = edits;
			nearest = candidates[i];
		}
	}
	return nearest;
}

static enum assay_status unknown_word(struct parse *p, const char *kind, const char *word,
				      const char *dashes, const char *nearest)
{
	if (!nearest)
		return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE,
				  "there is no %s `%s%" QUOTE "s'", kind, dashes, word);
	return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE,
			  "there is no %s `%s%" QUOTE "s'; did you mean `%s%s'?", kind, dashes,
			  word, dashes, nearest);
}

/* ---- options -------------------------------------------------------------------- */

static const struct option_row *find_long(const char *name, size_t len)
{
	for (size_t i = 0; i < option_rows_len; i++)
		if (strncmp(option_rows[i].name, name, len) == 0 && !option_rows[i].name[len])
			return &option_rows[i];
	return NULL;
}

static const struct option_row *find_short(char key)
{
	for (size_t i = 0; i < option_rows_len; i++)
		if (option_rows[i].key && option_rows[i].key == key)
			return &option_rows[i];
	return NULL;
}

/** Options before the command are those of all commands. */
static bool belongs(const struct parse *p, const struct option_row *row)
{
	unsigned commands = p->o->command ? p->o->command->id : COMMAND_HELP;

	return row->commands & commands;
}

static enum assay_status unknown_option(struct parse *p, const char *name)
{
	const char *names[256];
	size_t len = 0;

	for (size_t i = 0; i < option_rows_len && len < ARRAY_SIZE(names); i++)
		if (belongs(p, &option_rows[i]))
			names[len++] = option_rows[i].name;
	return unknown_word(p, "option", name, "--", nearest_word(name, names, len));
}

static enum assay_status add_value(struct parse *p, const struct option_row *row, const char *text,
				   const char *option)
{
	struct option_value *v;

	if (!belongs(p, row))
		return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE,
				  p->o->command
				      ? "%s is no option of `assay %s'"
				      : "%s goes after a command, such as `assay scan %s'",
				  option, p->o->command ? p->o->command->name : option);
	v = vec_push(&p->o->values);
	if (!v)
		return assay_fail_memory(p->err, "options");
	*v = (struct option_value){ .row = row, .text = text };
	return type_value(p, option, v);
}

static enum assay_status needs_argument(struct parse *p, const char *option,
					const struct option_row *row)
{
	return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE, "%s needs %s", option,
			  row->argument);
}

/** @param word  after the dashes: name, or name=value */
static enum assay_status parse_long(struct parse *p, const char *word)
{
	size_t len = strcspn(word, "=");
	const struct option_row *row = find_long(word, len);
	const char *value = word[len] ? word + len + 1 : NULL;
	char option[64], name[64];

	snprintf(name, sizeof(name), "%.*s", (int)MIN(len, sizeof(name) - 1), word);
	snprintf(option, sizeof(option), "--%.60s", name);
	if (!row)
		return unknown_option(p, name);
	if (!row->argument && value)
		return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE, "%s takes no value",
				  option);
	if (row->argument && !value) {
		if (p->at == p->argc)
			return needs_argument(p, option, row);
		value = p->argv[p->at++];
	}
	return add_value(p, row, value, option);
}

/** @param keys  after the dash: flags, and at last one with its argument */
static enum assay_status parse_short(struct parse *p, const char *keys)
{
	for (; *keys; keys++) {
		const struct option_row *row = find_short(*keys);
		char option[3] = { '-', *keys, '\0' };
		enum assay_status st;

		if (!row)
			return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE,
					  is_alnum(*keys) ? "there is no option `-%c'"
							  : "there is no such option",
					  *keys);
		if (!row->argument) {
			st = add_value(p, row, NULL, option);
			if (st < 0)
				return st;
			continue;
		}
		if (keys[1])
			return add_value(p, row, keys + 1, option);
		if (p->at == p->argc)
			return needs_argument(p, option, row);
		return add_value(p, row, p->argv[p->at++], option);
	}
	return ASSAY_OK;
}

/* ---- the whole line ------------------------------------------------------------- */

const struct command_row *command_find(const char *name)
{
	for (size_t i = 0; i < command_rows_len; i++)
		if (strcmp(command_rows[i].name, name) == 0)
			return &command_rows[i];
	return NULL;
}

static enum assay_status take_command(struct parse *p, const char *word)
{
	const char *names[64];
	size_t len = 0;

	p->o->command = command_find(word);
	if (p->o->command)
		return ASSAY_OK;
	for (; len < command_rows_len && len < ARRAY_SIZE(names); len++)
		names[len] = command_rows[len].name;
	return unknown_word(p, "command", word, "", nearest_word(word, names, len));
}

static enum assay_status take_operand(struct parse *p, const char *word)
{
	const char **slot = vec_push(&p->o->operands);

	if (!slot)
		return assay_fail_memory(p->err, "operands");
	*slot = word;
	return ASSAY_OK;
}

static enum assay_status take_word(struct parse *p, const char *word)
{
	return p->o->command ? take_operand(p, word) : take_command(p, word);
}

static enum assay_status check_verb(struct parse *p)
{
	const struct command_row *c = p->o->command;
	const char *verb = p->o->operands.items[0];
	uint64_t index;
	size_t len = 0;

	p->o->verb = verb;
	if (parse_choice(verb, c->verbs, &index))
		return ASSAY_OK;
	while (c->verbs[len])
		len++;
	return unknown_word(p, "command", verb, "rules ", nearest_word(verb, c->verbs, len));
}

static enum assay_status check_operands(struct parse *p)
{
	const struct command_row *c = p->o->command;
	size_t n = p->o->operands.len;

	if (option_last(p->o, OPT_HELP) || option_last(p->o, OPT_VERSION))
		return ASSAY_OK;
	if (!c)
		return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE,
				  "a command is missing; `assay --help' lists them");
	if (n < c->operands_min ||
	    (c->id == COMMAND_SCAN && n == 0 && !option_last(p->o, OPT_FILES_FROM)))
		return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE, "%s: %s is missing",
				  c->name, c->operands);
	if (n > c->operands_max)
		return assay_fail(p->err, ASSAY_FAILED, ASSAY_BAD_USAGE,
				  "%s: `%" QUOTE "s' is one operand too many", c->name,
				  p->o->operands.items[c->operands_max]);
	return c->verbs ? check_verb(p) : ASSAY_OK;
}

enum assay_status options_parse(int argc, char *const *argv, struct options *ret_options,
				struct assay_error *err)
{
	struct parse p = { .o = ret_options, .argc = argc, .at = 1, .argv = argv, .err = err };
	enum assay_status st = ASSAY_OK;
	bool has_ended = false;

	*ret_options =
	    (struct options){ .values = VEC_INIT(VALUES_MAX), .operands = VEC_INIT(SIZE_MAX / 64) };
	while (st >= 0 && p.at < p.argc) {
		const char *word = argv[p.at++];

		if (has_ended || word[0] != '-' || !word[1])
			st = take_word(&p, word);
		else if (strcmp(word, "--") == 0)
			has_ended = true;
		else if (word[1] == '-')
			st = parse_long(&p, word + 2);
		else
			st = parse_short(&p, word + 1);
	}
	return st < 0 ? st : check_operands(&p);
}

void options_done(struct options *o)
{
	vec_done(&o->values);
	vec_done(&o->operands);
}

/* ---- what was said -------------------------------------------------------------- */

const struct option_value *option_nth(const struct options *o, enum option_id id, size_t n)
{
	for (size_t i = 0; i < o->values.len; i++)
		if (o->values.items[i].row->id == id && n-- == 0)
			return &o->values.items[i];
	return NULL;
}

const struct option_value *option_last(const struct options *o, enum option_id id)
{
	for (size_t i = o->values.len; i-- > 0;)
		if (o->values.items[i].row->id == id)
			return &o->values.items[i];
	return NULL;
}

size_t option_uses(const struct options *o, enum option_id id)
{
	size_t uses = 0;

	for (size_t i = 0; i < o->values.len; i++)
		uses += o->values.items[i].row->id == id;
	return uses;
}

const char *option_text(const struct options *o, enum option_id id, const char *otherwise)
{
	const struct option_value *v = option_last(o, id);

	return v ? v->text : otherwise;
}

uint64_t option_number(const struct options *o, enum option_id id, uint64_t otherwise)
{
	const struct option_value *v = option_last(o, id);

	return v ? v->number : otherwise;
}
