/*
 * measure.c - a recursive reader of patterns, an upper bound at every step
 *
 * Runs (of literal bytes, of digits) are followed through concatenations: what
 * surely stands next to each other adds up, anything uncertain ends the run.
 * Only under-estimating a run or over-estimating a width is allowed.
 */
#include "measure.h"

#include "hex.h"

/** A class of so few bytes is as good as a literal: Vectorscan spells it out. */
#define SMALL_CLASS 8U

/** The same for a repeat. */
#define SMALL_REPEAT 3U

/** Groups a back reference may name. */
#define GROUPS_MAX 99U

/** Groups inside groups; patterns are short, this only bounds the stack. */
#define DEPTH_MAX 40

/** Runs of one kind of byte that every match has. */
struct run {
	uint32_t best; /**< longest */
	uint64_t lead; /**< bytes before it, at most */
	uint32_t tail; /**< at the end of what was read so far */
	bool whole;    /**< everything read so far is this run: `tail` of it, at least */
};

struct node {
	uint64_t width, reach;
	struct run literal, digits;
};

struct reader {
	const char *at;
	unsigned depth;
	bool extended;  /**< (?x): white space and comments mean nothing */
	bool multiline; /**< (?m): ^ and $ look at the neighbouring byte */
	const char *wrong;
	/* For back references: the widths of the groups, UINT64_MAX before their end. */
	uint64_t groups[GROUPS_MAX + 1];
	unsigned groups_len;
	bool has_branch_reset; /**< (?| numbers groups in its own way */
};

static const struct run one_byte_run = { .best = 1, .tail = 1, .whole = true };
static const struct node nothing = { .literal = { .whole = true }, .digits = { .whole = true } };

static uint64_t plus(uint64_t a, uint64_t b)
{
	return a + b >= MEASURE_UNBOUNDED ? MEASURE_UNBOUNDED : a + b;
}

static uint64_t times(uint64_t a, uint64_t b)
{
	return a && b >= MEASURE_UNBOUNDED / a ? MEASURE_UNBOUNDED : a * b;
}

/** @param width  of the widest match of what `a` describes */
static struct run run_after(struct run a, uint64_t width, struct run b)
{
	uint32_t joined = a.tail + (b.whole ? b.tail : 0);
	struct run r = {
		.best = a.best,
		.lead = a.lead,
		.tail = b.whole ? joined : b.tail,
		.whole = a.whole && b.whole,
	};

	if (joined > r.best) {
		r.best = joined;
		r.lead = a.whole ? 0 : width - MIN(width, a.tail);
	}
	if (b.best > r.best) {
		r.best = b.best;
		r.lead = plus(width, b.lead);
	}
	return r;
}

static struct run run_either(struct run a, struct run b)
{
	struct run r = {
		.best = MIN(a.best, b.best),
		.lead = MAX(a.lead, b.lead),
		.tail = MIN(a.tail, b.tail),
		.whole = a.whole && b.whole,
	};

	return r;
}

static struct node after(struct node a, struct node b)
{
	struct node n = {
		.width = plus(a.width, b.width),
		.reach = MAX(a.reach, plus(a.width, b.reach)),
		.literal = run_after(a.literal, a.width, b.literal),
		.digits = run_after(a.digits, a.width, b.digits),
	};

	return n;
}

static struct node either(struct node a, struct node b)
{
	struct node n = {
		.width = MAX(a.width, b.width),
		.reach = MAX(a.reach, b.reach),
		.literal = run_either(a.literal, b.literal),
		.digits = run_either(a.digits, b.digits),
	};

	return n;
}

/** One byte, or `width` bytes, of which nothing is known. */
static struct node any(uint64_t width)
{
	return (struct node){ .width = width, .reach = width };
}

static struct node one_literal(char c)
{
	struct node n = any(1);

	n.literal = one_byte_run;
	if (is_digit(c))
		n.digits = n.literal;
	return n;
}

static struct node one_digit(void)
{
	struct node n = any(1);

	n.digits = one_byte_run;
	return n;
}

/** Nothing consumed; `reach` bytes looked at. */
static struct node look(uint64_t reach)
{
	struct node n = nothing;

	n.reach = reach;
	return n;
}

static struct node fail(struct reader *r, const char *wrong)
{
	if (!r->wrong)
		r->wrong = wrong;
	return nothing;
}

static bool eat(struct reader *r, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(r->at, text, len) != 0)
		return false;
	r->at += len;
	return true;
}

static uint64_t number(struct reader *r)
{
	uint64_t n = 0;

	for (; is_digit(*r->at); r->at++)
		if (n < 100000)
			n = n * 10 + (uint64_t)(*r->at - '0');
	return n;
}

/** `\` was read, in or out of a class: skip the rest of an escape that has one. */
static void skip_escape_tail(struct reader *r, char c)
{
	if (c == 'x' && *r->at == '{') {
		while (*r->at && *r->at != '}')
			r->at++;
		if (*r->at)
			r->at++;
	} else if (c == 'x') {
		for (int i = 0; i < 2 && is_hex(*r->at); i++)
			r->at++;
	} else if (c == 'c' && *r->at) {
		r->at++;
	} else if (c == '0') {
		for (int i = 0; i < 2 && *r->at >= '0' && *r->at <= '7'; i++)
			r->at++;
	} else if (c == 'p' || c == 'P') {
		if (*r->at == '{')
			while (*r->at && *r->at != '}')
				r->at++;
		if (*r->at)
			r->at++;
	}
}

static struct node read_quoted(struct reader *r)
{
	struct node n = nothing;

	while (*r->at && !eat(r, "\\E"))
		n = after(n, one_literal(*r->at++));
	return n;
}

static struct node read_reference(struct reader *r, uint64_t group)
{
	if (r->has_branch_reset || group > r->groups_len || r->groups[group] == UINT64_MAX)
		return fail(r, "refers to a group that is not closed before it");
	return any(r->groups[group]);
}

static struct node read_escape(struct reader *r)
{
	char c = *r->at;

	if (!c)
		return fail(r, "ends in a backslash");
	r->at++;
	if (c == 'Q')
		return read_quoted(r);
	if (c == 'E')
		return nothing;
	if (strchr("bB", c))
		return look(1);
	if (strchr("AZzG", c))
		return fail(r,
			    "uses \\A, \\Z, \\z or \\G, which depend on where a text is cut: use "
			    "look-around");
	if (c == 'K' || c == 'X')
		return fail(r, "uses \\K or \\X");
	if (c >= '1' && c <= '9') {
		r->at--;
		return read_reference(r, number(r));
	}
	if (strchr("gk", c))
		return fail(r, "refers to a group by \\g or \\k: write its number, as in \\1");
	if (c == 'd')
		return one_digit();
	if (c == 'R')
		return any(2);
	if (strchr("DsSwWhHvVNC", c))
		return any(1);
	skip_escape_tail(r, c);
	if (strchr("pP", c))
		return any(1);
	if (strchr("xc0nrtfae", c)) {
		struct node n = any(1);

		n.literal = one_byte_run;
		return n;
	}
	return is_alnum(c) ? fail(r, "uses an escape that is not known here") : one_literal(c);
}

/** Is the `-` before r->at, after `before`, part of a range of digits? */
static bool is_digit_range(const struct reader *r, char before)
{
	return is_digit(before) && is_digit(*r->at);
}

/** After `[`. */
static struct node read_class(struct reader *r)
{
	bool digits = *r->at != '^', first = true;
	unsigned members = digits ? 0 : 256;
	struct node n;
	char before = 0;

	if (*r->at == '^')
		r->at++;
	for (; *r->at && (*r->at != ']' || first); first = false) {
		char c = *r->at++;

		if (c == '[' && *r->at == ':') {
			digits = digits && strncmp(r->at, ":digit:]", 8) == 0;
			while (*r->at && *r->at != ']')
				r->at++;
			if (*r->at)
				r->at++;
			members += 256;
		} else if (c == '\\' && *r->at) {
			c = *r->at++;
			digits = digits && c == 'd';
			if (c == 'Q')
				fail(r, "uses \\Q in a class");
			else
				skip_escape_tail(r, c);
			members += is_alnum(c) ? 256 : 1;
			c = 0;
		} else if (c == '-' && before && *r->at && *r->at != ']') {
			digits = digits && is_digit_range(r, before);
			members += (unsigned char)(*r->at - before);
		} else {
			digits = digits && is_digit(c);
			members++;
		}
		before = c;
	}
	if (*r->at != ']')
		return fail(r, "has a class without an end");
	r->at++;
	n = digits ? one_digit() : any(1);
	if (members <= SMALL_CLASS && !digits)
		n.literal = one_byte_run;
	return n;
}

static struct node read_alternatives(struct reader *r);

/** The letters of (?imsx-imsx) up to `)` or `:`; false if there are others. */
static bool read_flags(struct reader *r)
{
	bool on = true;

	for (; *r->at && *r->at != ')' && *r->at != ':'; r->at++) {
		switch (*r->at) {
		case '-':
			on = false;
			break;
		case 'x':
			r->extended = on;
			break;
		case 'm':
			r->multiline = on;
			break;
		case 'i':
		case 's':
		case 'n':
			break;
		default:
			return false;
		}
	}
	return *r->at;
}

static struct node read_body(struct reader *r)
{
	struct node n = read_alternatives(r);

	if (*r->at != ')')
		return fail(r, "has a group without an end");
	r->at++;
	return n;
}

/** The body of a group that has a number. */
static struct node read_capture(struct reader *r)
{
	unsigned group = ++r->groups_len;
	struct node n;

	if (group > GROUPS_MAX)
		return fail(r, "has too many groups");
	r->groups[group] = UINT64_MAX;
	n = read_body(r);
	r->groups[group] = n.width;
	return n;
}

static bool eat_group_name(struct reader *r)
{
	char end;

	if (!eat(r, "P<") && !eat(r, "<") && !eat(r, "'"))
		return false;
	end = r->at[-1] == '<' ? '>' : '\'';
	while (*r->at && *r->at != end)
		r->at++;
	if (!*r->at)
		return false;
	r->at++;
	return true;
}

/** After `(?`. */
static struct node read_special(struct reader *r)
{
	if (eat(r, "#")) {
		while (*r->at && *r->at != ')')
			r->at++;
		if (!*r->at)
			return fail(r, "has a comment without an end");
		r->at++;
		return nothing;
	}
	if (eat(r, "|"))
		r->has_branch_reset = true;
	if (r->at[-1] == '|' || eat(r, ":") || eat(r, ">"))
		return read_body(r);
	if (eat(r, "=") || eat(r, "!") || eat(r, "<=") || eat(r, "<!"))
		return look(read_body(r).reach);
	if (*r->at == '<' || *r->at == '\'' || *r->at == 'P')
		return eat_group_name(r) ? read_capture(r) : fail(r, "refers to another group");
	if (!read_flags(r))
		return fail(r, "uses a condition, a subroutine or a callout");
	if (*r->at++ == ':')
		return read_body(r);
	return nothing;
}

/** After `(`. */
static struct node read_group(struct reader *r)
{
	bool extended = r->extended, multiline = r->multiline, inline_flags = false;
	struct node n;

	if (*r->at == '*')
		return fail(r, "uses a (*VERB)");
	if (++r->depth > DEPTH_MAX)
		return fail(r, "nests its groups too deep");
	if (eat(r, "?")) {
		const char *flags = r->at;

		n = read_special(r);
		/* (?i) rules the rest of the group around it. */
		inline_flags = r->at > flags && r->at[-1] == ')' &&
			       strspn(flags, "imsxn-") == (size_t)(r->at - flags - 1);
	} else {
		n = read_capture(r);
	}
	r->depth--;
	if (!inline_flags) {
		r->extended = extended;
		r->multiline = multiline;
	}
	return n;
}

static struct node read_atom(struct reader *r)
{
	char c = *r->at++;

	switch (c) {
	case '\\':
		return read_escape(r);
	case '[':
		return read_class(r);
	case '(':
		return read_group(r);
	case '.':
		return any(1);
	case '^':
	case '$':
		return r->multiline ? look(1)
				    : fail(r, "uses ^ or $ outside (?m), which depend on where a "
					      "text is cut: write (?m)");
	default:
		return one_literal(c);
	}
}

/** @return  whether there is a repeat, and how often at least and at most */
static bool read_repeat(struct reader *r, uint64_t *ret_low, uint64_t *ret_high)
{
	const char *start = r->at;

	*ret_low = 0;
	*ret_high = MEASURE_UNBOUNDED;
	if (eat(r, "*"))
		return true;
	*ret_low = 1;
	if (eat(r, "+"))
		return true;
	if (eat(r, "?")) {
		*ret_low = 0;
		*ret_high = 1;
		return true;
	}
	if (*r->at != '{' || !is_digit(r->at[1]))
		return false; /* PCRE2 takes any other brace as it stands */
	r->at++;
	*ret_low = *ret_high = number(r);
	if (eat(r, ","))
		*ret_high = is_digit(*r->at) ? number(r) : MEASURE_UNBOUNDED;
	if (eat(r, "}"))
		return true;
	r->at = start;
	return false;
}

/** @param small  so many repeats still are one run */
static struct run run_repeated(struct run once, uint64_t low, uint64_t high, uint64_t small)
{
	struct run r = { 0 };

	if (once.whole) {
		r.tail = (uint32_t)MIN(times(once.tail, low), UINT64_C(1000));
		r.best = r.tail;
		r.whole = low == high || high <= small;
		return r;
	}
	return low == 0 ? r : once;
}

static struct node repeated(struct node once, uint64_t low, uint64_t high)
{
	struct node n = {
		.width = times(once.width, high),
		.literal = run_repeated(once.literal, low, high, SMALL_REPEAT),
		.digits = run_repeated(once.digits, low, high, MEASURE_UNBOUNDED),
	};

	if (high > 0)
		n.reach = plus(times(once.width, high == MEASURE_UNBOUNDED ? high : high - 1),
			       once.reach);
	return n;
}

/** White space and comments under (?x). */
static void skip_extended(struct reader *r)
{
	while (r->extended && *r->at) {
		if (is_space(*r->at))
			r->at++;
		else if (*r->at == '#')
			while (*r->at && *r->at != '\n')
				r->at++;
		else
			break;
	}
}

static struct node read_sequence(struct reader *r)
{
	struct node n = nothing;

	for (skip_extended(r); *r->at && *r->at != '|' && *r->at != ')'; skip_extended(r)) {
		struct node one = read_atom(r);
		uint64_t low, high;

		if (r->wrong)
			return n;
		skip_extended(r);
		while (read_repeat(r, &low, &high)) {
			one = repeated(one, low, high);
			if (!eat(r, "?"))
				eat(r, "+");
		}
		n = after(n, one);
	}
	return n;
}

static struct node read_alternatives(struct reader *r)
{
	struct node n = read_sequence(r);

	while (!r->wrong && eat(r, "|"))
		n = either(n, read_sequence(r));
	return n;
}

const char *measure_pattern(const char *pattern, struct measure *ret_measure)
{
	struct reader r = { .at = pattern };
	struct node n = read_alternatives(&r);

	if (r.wrong)
		return r.wrong;
	if (*r.at)
		return "closes a group that is not open";
	*ret_measure = (struct measure){
		.width = (uint32_t)n.width,
		.reach = (uint32_t)MAX(n.reach, n.width),
		.literal = n.literal.best,
		.digits = n.digits.best,
		.digits_lead = (uint32_t)MIN(n.digits.lead, (uint64_t)MEASURE_UNBOUNDED),
	};
	return NULL;
}
