/* ignore.c - matching globs, without recursion on stars */
#include "ignore.h"

/** A set at *g, after its `[`: does it hold `c`?  Moves *g past the `]`. */
static bool in_set(const char **g, const char *end, char c)
{
	const char *p = *g;
	bool negated = p < end && (*p == '!' || *p == '^'), found = false, first = true;

	if (negated)
		p++;
	for (; p < end && (*p != ']' || first); first = false) {
		char low = *p++, high = low;

		if (p + 1 < end && *p == '-' && p[1] != ']') {
			high = p[1];
			p += 2;
		}
		found |= (unsigned char)c >= (unsigned char)low &&
			 (unsigned char)c <= (unsigned char)high;
	}
	*g = p < end ? p + 1 : p;
	return found != negated && c != '/';
}

/** One element of the glob against one byte of the path.  Moves *g past the element. */
static bool one(const char **g, const char *end, char c)
{
	char x = *(*g)++;

	if (x == '?')
		return c != '/';
	if (x == '[')
		return in_set(g, end, c);
	if (x == '\\' && *g < end)
		x = *(*g)++;
	return x == c;
}

/** Where to go on if a star has to take one byte more. */
struct retry {
	const char *glob; /**< after the star; NULL: none */
	const char *path;
};

/** Match all of a glob against all of a path; `*` and `**` remember where to try again,
 * each at most once per byte of the path. */
static bool glob_all(const char *g, const char *end, const char *path)
{
	struct retry star = { 0 }, deep = { 0 };

	for (;;) {
		if (g < end && *g == '*') {
			bool is_deep = g + 1 < end && g[1] == '*';

			if (is_deep) {
				g += 2;
				/* Between slashes it also stands for no directory at all. */
				if (g < end && *g == '/')
					g++;
				deep = (struct retry){ g, path };
				star.glob = NULL;
			} else {
				star = (struct retry){ ++g, path };
			}
			continue;
		}
		if (*path && g < end) {
			const char *next = g;

			if (one(&next, end, *path)) {
				g = next;
				path++;
				continue;
			}
		} else if (!*path && g == end) {
			return true;
		}
		if (star.glob && *star.path && *star.path != '/') {
			g = star.glob;
			path = ++star.path;
		} else if (deep.glob && *deep.path) {
			star.glob = NULL;
			g = deep.glob;
			path = ++deep.path;
		} else {
			return false;
		}
	}
}

bool ignore_matches(const char *glob, const char *path, bool is_directory)
{
	size_t len = strlen(glob);
	const char *slash, *last;

	if (len > 0 && glob[len - 1] == '/') {
		if (!is_directory)
			return false;
		len--;
	}
	if (len == 0)
		return false;
	slash = memchr(glob, '/', len);
	if (slash)
		return glob_all(slash == glob ? glob + 1 : glob, glob + len, path);
	last = strrchr(path, '/');
	return glob_all(glob, glob + len, last ? last + 1 : path);
}
