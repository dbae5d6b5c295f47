/* asrg.c - a pattern of ours in the words of `rg --no-unicode` */
#include "asrg.h"

#include "hex.h"

struct translation {
	const char *p; /**< what is still to be read */
	struct buf *out;
	unsigned depth;   /**< open groups */
	bool has_atom;    /**< something was written that matches text */
	bool was_dropped; /**< the last atom: so is its repeat */
	bool was_repeat;  /**< a `+` now would be possessive */
	bool failed;
};

/** An escape that stands for a set or a place in PCRE2, and how Rust writes it. */
static const struct {
	char letter;
	const char *outside; /**< "" drops it, NULL: cannot be said */
	const char *in_class;
} escapes[] = {
	{ 'd', "\\d", "\\d" },
	{ 'D', "\\D", "\\D" },
	{ 'w', "\\w", "\\w" },
	{ 'W', "\\W", "\\W" },
	{ 's', "\\s", "\\s" },
	{ 'S', "\\S", "\\S" },
	{ 'b', "\\b", "\\x08" },
	{ 'B', "\\B", NULL },
	{ 'h', "[ \\t]", " \\t" },
	{ 'H', "[^ \\t]", NULL },
	{ 'v', "[\\x0B\\x0C\\r]", "\\x0B\\x0C\\r" },
	{ 'V', "[^\\x0B\\x0C\\r]", NULL },
	{ 'N', ".", NULL },
	{ 'A', "^", NULL },
	{ 'z', "$", NULL },
	{ 'Z', "$", NULL },
	{ 'G', "", NULL },
	{ 'K', "", NULL },
	{ 'E', "", "" },
	{ 't', "\\t", "\\t" },
	{ 'r', "\\r", "\\r" },
	{ 'f', "\\x0C", "\\x0C" },
	{ 'a', "\\x07", "\\x07" },
	{ 'e', "\\x1B", "\\x1B" },
};

/** One byte that means itself. */
static void put_literal(struct translation *t, char c)
{
	if ((unsigned char)c >= 0x80 || (unsigned char)c < 0x20 || c == 0x7F)
		buf_printf(t->out, "\\x%02X", (unsigned char)c);
	else if (strchr("\\.+*?()|[]{}^$#&-~", c))
		buf_printf(t->out, "\\%c", c);
	else
		buf_add_byte(t->out, c);
}

static void atom(struct translation *t, bool is_dropped)
{
	t->was_dropped = is_dropped;
	t->was_repeat = false;
	t->has_atom |= !is_dropped;
}

/** [:alpha:] and the like.  @return  its length, or 0 if the bracket is a bracket */
static size_t posix_len(const char *p)
{
	size_t name;

	if (p[0] != '[' || p[1] != ':')
		return 0;
	name = 2 + (p[2] == '^');
	while (is_lower(p[name]))
		name++;
	return p[name] == ':' && p[name + 1] == ']' ? name + 2 : 0;
}

/** Past a class that begins at `p`, or at the end of the text. */
static const char *class_end(const char *p)
{
	p += p[1] == '^' ? 2 : 1;
	if (*p == ']')
		p++;
	while (*p && *p != ']') {
		size_t posix = posix_len(p);

		p += posix ? posix : p[0] == '\\' && p[1] ? 2 : 1;
	}
	return *p ? p + 1 : p;
}

/** Past the group that begins at `p`, or at the end of the text. */
static const char *group_end(const char *p)
{
	unsigned depth = 0;

	while (*p) {
		if (*p == '[') {
			p = class_end(p);
			continue;
		}
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
		p++;
	}
	return p;
}

/** {2}, {2,} or {2,5}.  @return  its length, or 0 if the brace is a brace */
static size_t counted_len(const char *p)
{
	const char *q = p + 1;

	if (!is_digit(*q))
		return 0;
	while (is_digit(*q))
		q++;
	if (*q == ',')
		q++;
	while (is_digit(*q))
		q++;
	return *q == '}' ? (size_t)(q + 1 - p) : 0;
}

/** May the repeat that follows be none at all? */
static bool is_optional(const char *p)
{
	return *p == '?' || *p == '*' || (*p == '{' && p[1] == '0');
}

/** A line end ends the match, as lines are searched one by one. */
static void line_end(struct translation *t)
{
	t->p += 2;
	atom(t, true);
	if (is_optional(t->p))
		return;
	buf_add_byte(t->out, '$');
	if (t->depth)
		return;
	while (*t->p && *t->p != '|')
		t->p = *t->p == '('   ? group_end(t->p)
		       : *t->p == '[' ? class_end(t->p)
				      : t->p + (t->p[0] == '\\' && t->p[1] ? 2 : 1);
}

/** \Q...\E */
static void quoted_run(struct translation *t)
{
	for (t->p += 2; *t->p && strncmp(t->p, "\\E", 2) != 0; t->p++) {
		put_literal(t, *t->p);
		atom(t, false);
	}
	/* A repeat behind the end is of the last byte. */
	if (*t->p)
		t->p += 2;
}

/** \x41 or \x{41}: a byte. */
static void hex_escape(struct translation *t)
{
	bool braced = t->p[2] == '{';
	const char *p = t->p + 2 + braced;
	unsigned code = 0, digits = 0;

	for (; is_hex(*p) && digits < 2; p++, digits++)
		code = code * 16 + (unsigned)hex_value(*p);
	if (digits == 0 || (braced && *p != '}')) {
		t->failed = true;
		return;
	}
	t->p = p + braced;
	buf_printf(t->out, "\\x%02X", code);
}

/** @return  false if the escape has no row */
static bool named_escape(struct translation *t, bool in_class)
{
	for (size_t i = 0; i < ARRAY_SIZE(escapes); i++) {
		const char *text = in_class ? escapes[i].in_class : escapes[i].outside;

		if (escapes[i].letter != t->p[1])
			continue;
		if (!text)
			return false;
		buf_add_str(t->out, text);
		t->p += 2;
		if (!in_class)
			atom(t, !*text);
		return true;
	}
	return false;
}

static void escape(struct translation *t)
{
	char c = t->p[1];

	if (c == 'n') {
		line_end(t);
	} else if (c == 'R') {
		buf_add_str(t->out, is_optional(t->p + 2) ? "" : "\\r?");
		line_end(t);
	} else if (c == 'Q') {
		quoted_run(t);
	} else if (c == 'x') {
		hex_escape(t);
		atom(t, false);
	} else if (c && !is_alnum(c)) {
		put_literal(t, c);
		t->p += 2;
		atom(t, false);
	} else if (!named_escape(t, false)) {
		t->failed = true;
	}
}

static void class_escape(struct translation *t)
{
	char c = t->p[1];

	if (c == 'n') {
		/* rg takes it out of classes, and refuses it elsewhere. */
		buf_add_str(t->out, "\\n");
		t->p += 2;
	} else if (c == 'x') {
		hex_escape(t);
	} else if (c && !is_alnum(c)) {
		put_literal(t, c);
		t->p += 2;
	} else if (named_escape(t, true)) {
		/* [\w-.]: no range, and Rust wants to be told. */
		if (t->p[0] == '-' && t->p[1] != ']') {
			buf_add_str(t->out, "\\-");
			t->p++;
		}
	} else {
		t->failed = true;
	}
}

static void class_item(struct translation *t)
{
	size_t posix = posix_len(t->p);

	if (posix) {
		buf_add(t->out, t->p, posix);
		t->p += posix;
	} else if (*t->p == '\\') {
		class_escape(t);
	} else if (*t->p == '-') {
		buf_add_byte(t->out, *t->p++);
	} else {
		put_literal(t, *t->p++);
	}
}

static void class(struct translation *t)
{
	buf_add_byte(t->out, *t->p++);
	if (*t->p == '^')
		buf_add_byte(t->out, *t->p++);
	if (*t->p == ']')
		put_literal(t, *t->p++);
	while (*t->p && *t->p != ']' && !t->failed)
		class_item(t);
	if (!*t->p)
		t->failed = true;
	else
		buf_add_byte(t->out, *t->p++);
	atom(t, false);
}

/** A group's opening, as far as it is an opening: how many bytes, and what Rust says. */
static const struct {
	const char *open, *as; /**< NULL: the whole group goes */
} groups[] = {
	{ "(?=", NULL }, { "(?!", NULL },  { "(?<=", NULL }, { "(?<!", NULL },
	{ "(?#", NULL }, { "(?>", "(?:" }, { "(?|", "(?:" }, { "(?:", "(?:" },
};

static void open_group(struct translation *t, size_t len, const char *as)
{
	t->p += len;
	buf_add_str(t->out, as);
	t->depth++;
	t->was_repeat = false;
	t->was_dropped = false;
}

/** (?i) and (?i:, (?-s: and the like; (?<name>, (?P<name> and (?'name'. */
static void flags_or_name(struct translation *t)
{
	size_t flags = strspn(t->p + 2, "imsx-");
	const char *name = t->p + 2 + (t->p[2] == 'P');
	const char *end = *name == '<'    ? strchr(name, '>')
			  : *name == '\'' ? strchr(name + 1, '\'')
					  : NULL;

	if (flags && t->p[2 + flags] == ':') {
		buf_add(t->out, t->p, 2 + flags);
		open_group(t, 3 + flags, ":");
	} else if (flags && t->p[2 + flags] == ')') {
		buf_add(t->out, t->p, 3 + flags);
		t->p += 3 + flags;
		atom(t, true);
	} else if (end) {
		open_group(t, (size_t)(end + 1 - t->p), "(?:");
	} else {
		t->failed = true;
	}
}

static void group(struct translation *t)
{
	if (t->p[1] == '*') {
		t->failed = true;
		return;
	}
	if (t->p[1] != '?') {
		open_group(t, 1, "(?:");
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(groups); i++) {
		if (strncmp(t->p, groups[i].open, strlen(groups[i].open)) != 0)
			continue;
		if (groups[i].as) {
			open_group(t, strlen(groups[i].open), groups[i].as);
		} else {
			t->p = group_end(t->p);
			atom(t, true);
		}
		return;
	}
	flags_or_name(t);
}

static void close_group(struct translation *t)
{
	buf_add_byte(t->out, ')');
	t->p++;
	t->failed |= t->depth-- == 0;
	t->was_repeat = false;
	t->was_dropped = false;
}

/** @return  false if there is none here */
static bool repeat(struct translation *t)
{
	size_t len = *t->p == '{' ? counted_len(t->p) : strchr("*+?", *t->p) ? 1 : 0;

	if (len == 0)
		return false;
	/* A second mark: `?` is lazy, `+` possessive, which only narrows. */
	if (t->was_repeat && len == 1) {
		if (*t->p == '?' && !t->was_dropped)
			buf_add_byte(t->out, '?');
		t->was_repeat = false;
	} else {
		if (!t->was_dropped)
			buf_add(t->out, t->p, len);
		t->was_repeat = true;
	}
	t->p += len;
	return true;
}

static void step(struct translation *t)
{
	char c = *t->p;

	if (repeat(t))
		return;
	if (c == '\\') {
		escape(t);
	} else if (c == '[') {
		class(t);
	} else if (c == '(') {
		group(t);
	} else if (c == ')') {
		close_group(t);
	} else if (strchr(".^$|", c)) {
		buf_add_byte(t->out, c);
		t->p++;
		atom(t, false);
	} else {
		put_literal(t, c);
		t->p++;
		atom(t, false);
	}
}

bool pattern_as_rg(const char *pattern, struct buf *out)
{
	struct translation t = { .p = pattern, .out = out };

	/* Flags at the head must not reach the next pattern of the list. */
	buf_add_str(out, "(?:");
	while (*t.p && !t.failed)
		step(&t);
	buf_add_byte(out, ')');
	return !t.failed && t.has_atom && t.depth == 0 && !out->failed;
}
