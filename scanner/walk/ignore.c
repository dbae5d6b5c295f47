/*
 * ignore.c - matching globs, part by part, without recursion
 *
 * A glob is matched a part at a time: `**` as a whole part stands for any number of
 * parts, and only the last one seen is ever tried again; within a part the same holds
 * for `*`.  So the work is at most the length of the glob times that of the path.
 */
#include "ignore.h"

#include "hex.h"

/** Bytes from `begin` to `end`. */
struct span {
	const char *begin, *end;
};

static bool is_space_char(char c)
{
	return is_space(c);
}

static bool is_print_char(char c)
{
	return c >= ' ' && c < 0x7F;
}

static bool is_punct_char(char c)
{
	return c > ' ' && c < 0x7F && !is_alnum(c);
}

/** What may stand in `[[:name:]]`. */
static const struct {
	const char *name;
	bool (*has)(char c);
} classes[] = {
	{ "alpha:]", is_letter },     { "digit:]", is_digit }, { "alnum:]", is_alnum },
	{ "upper:]", is_upper },      { "lower:]", is_lower }, { "space:]", is_space_char },
	{ "punct:]", is_punct_char }, { "xdigit:]", is_hex },  { "print:]", is_print_char },
};

/** A class at *p, after its `[:`.  Moves *p past it; false if there is none. */
static bool in_class(const char **p, const char *end, char c, bool *found)
{
	for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
		size_t len = strlen(classes[i].name);

		if ((size_t)(end - *p) < len || memcmp(*p, classes[i].name, len) != 0)
			continue;
		*p += len;
		*found = *found || classes[i].has(c);
		return true;
	}
	return false;
}

/** A member of a set, quoted or not. */
static char member(const char **p, const char *end)
{
	if (**p == '\\' && *p + 1 < end)
		++*p;
	return *(*p)++;
}

/** A set at *g, after its `[`: does it hold `c`?  Moves *g past the `]`; a set without
 * one holds nothing. */
static bool in_set(const char **g, const char *end, char c)
{
	const char *p = *g;
	bool negated = p < end && (*p == '!' || *p == '^'), found = false, first = true;

	if (negated)
		p++;
	for (; p < end && (*p != ']' || first); first = false) {
		unsigned char low, high;

		if (p + 1 < end && *p == '[' && p[1] == ':') {
			const char *name = p + 2;

			if (in_class(&name, end, c, &found)) {
				p = name;
				continue;
			}
		}
		low = high = (unsigned char)member(&p, end);
		if (p + 1 < end && *p == '-' && p[1] != ']') {
			p++;
			high = (unsigned char)member(&p, end);
		}
		found = found || ((unsigned char)c >= low && (unsigned char)c <= high);
	}
	*g = p < end ? p + 1 : p;
	return p < end && found != negated;
}

/** One element of the glob against one byte of the path.  Moves *g past the element. */
static bool one(const char **g, const char *end, char c)
{
	char x = *(*g)++;

	if (x == '?')
		return true;
	if (x == '[')
		return in_set(g, end, c);
	if (x == '\\' && *g < end)
		x = *(*g)++;
	return x == c;
}

/** One part of a glob against one part of a path; no `/` in either. */
static bool part_matches(struct span glob, struct span part)
{
	const char *g = glob.begin, *p = part.begin;
	const char *star = NULL, *star_at = NULL; /* after the last star, and what it took */

	while (p < part.end || g < glob.end) {
		if (g < glob.end && *g == '*') {
			star = ++g;
			star_at = p;
			continue;
		}
		if (g < glob.end && p < part.end) {
			const char *next = g;

			if (one(&next, glob.end, *p)) {
				g = next;
				p++;
				continue;
			}
		}
		if (!star || star_at == part.end)
			return false;
		g = star;
		p = ++star_at;
	}
	return true;
}

/** The part at `at`, up to a `/` or `end`. */
static struct span part_at(const char *at, const char *end)
{
	const char *slash = at < end ? memchr(at, '/', (size_t)(end - at)) : NULL;

	return (struct span){ at, slash ? slash : end };
}

/** The part after one; begin NULL: there is none. */
static struct span part_after(struct span part, const char *end)
{
	return part.end < end ? part_at(part.end + 1, end) : (struct span){ NULL, NULL };
}

static bool is_deep(struct span part)
{
	return part.end - part.begin == 2 && part.begin[0] == '*' && part.begin[1] == '*';
}

static bool path_matches(struct span glob, struct span path)
{
	struct span g = part_at(glob.begin, glob.end), p = part_at(path.begin, path.end);
	struct span deep = { NULL, NULL }, deep_at = { NULL, NULL };

	while (p.begin || g.begin) {
		if (g.begin && is_deep(g)) {
			g = part_after(g, glob.end);
			if (!g.begin) /* at the end: all that is inside, so something must be */
				return p.begin != NULL;
			deep = g;
			deep_at = p;
			continue;
		}
		if (g.begin && p.begin && part_matches(g, p)) {
			g = part_after(g, glob.end);
			p = part_after(p, path.end);
			continue;
		}
		if (!deep.begin || !deep_at.begin)
			return false;
		deep_at = part_after(deep_at, path.end);
		g = deep;
		p = deep_at;
	}
	return true;
}

bool ignore_matches(const char *glob, const char *path, bool is_directory)
{
	struct span g = { glob, glob + strlen(glob) }, p = { path, path + strlen(path) };
	const char *slash;

	if (g.begin < g.end && g.end[-1] == '/') {
		if (!is_directory)
			return false;
		g.end--;
	}
	if (g.begin == g.end)
		return false;
	if (memchr(g.begin, '/', (size_t)(g.end - g.begin))) {
		g.begin += *g.begin == '/';
		return path_matches(g, p);
	}
	slash = memrchr(p.begin, '/', (size_t)(p.end - p.begin));
	if (slash)
		p.begin = slash + 1;
	return part_matches(g, p);
}
