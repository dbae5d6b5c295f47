/* test_walk_ignore.c - gitignore's globs, as gitignore(5) has them */
#include "unit.h"

#include <stdio.h>

#include "ignore.h"
#include "walk.h"

enum { FILE_, DIR_ };

static const struct {
	const char *glob, *path;
	int is_dir;
	bool want;
} cases[] = {
	/* No slash: the last part, anywhere. */
	{ "a", "a", FILE_, true },
	{ "a", "x/a", FILE_, true },
	{ "a", "x/y/a", DIR_, true },
	{ "a", "a/x", FILE_, false }, /* what is inside goes with its directory */
	{ "a", "xa", FILE_, false },
	{ "a", "ax", FILE_, false },
	{ "*.txt", "b.txt", FILE_, true },
	{ "*.txt", "x/b.txt", FILE_, true },
	{ "*.txt", ".txt", FILE_, true },
	{ "*.txt", "b.txt.bak", FILE_, false },
	{ "*.txt", "b.TXT", FILE_, false },
	{ "*", "anything", FILE_, true },
	{ "*", "x/.hidden", FILE_, true }, /* a leading dot is nothing special */
	{ "?", "x/y", FILE_, true },
	{ "??", "y", FILE_, false },
	{ "a*b*c", "aXXbYYc", FILE_, true },
	{ "a*b*c", "abc", FILE_, true },
	{ "a*b*c", "acb", FILE_, false },
	{ "*a", "ba", FILE_, true },
	{ "*aab", "aaaab", FILE_, true }, /* has to go back */
	{ "**", "x", FILE_, true },       /* without a slash like one star */
	{ "a**b", "axxb", FILE_, true },
	{ "a**b", "a/b", FILE_, false },
	/* A slash in front or within: from the root. */
	{ "/a", "a", FILE_, true },
	{ "/a", "x/a", FILE_, false },
	{ "x/a", "x/a", FILE_, true },
	{ "x/a", "y/x/a", FILE_, false },
	{ "/x/a", "x/a", FILE_, true },
	{ "x/*", "x/a", FILE_, true },
	{ "x/*", "x/a/b", FILE_, false },
	{ "x/*", "x", DIR_, false },
	{ "x/*/b", "x/a/b", FILE_, true },
	{ "x/*/b", "x/b", FILE_, false },
	{ "x/?", "x/a", FILE_, true },
	{ "x?a", "x/a", FILE_, false },
	{ "x*a", "x/a", FILE_, false },
	{ "x/a**", "x/ab/c", FILE_, false }, /* not a whole part: stops at a slash */
	{ "x/a**", "x/abc", FILE_, true },
	/* A slash at the end: directories. */
	{ "a/", "a", DIR_, true },
	{ "a/", "a", FILE_, false },
	{ "a/", "x/a", DIR_, true },
	{ "/a/", "x/a", DIR_, false },
	{ "x/a/", "x/a", DIR_, true },
	{ "*/", "x/y", DIR_, true },
	{ "*/", "x/y", FILE_, false },
	/* `**` as a whole part. */
	{ "**/a", "a", FILE_, true },
	{ "**/a", "x/a", FILE_, true },
	{ "**/a", "x/y/z/a", FILE_, true },
	{ "**/a", "xa", FILE_, false }, /* not in the middle of a part */
	{ "**/a", "x/ya", FILE_, false },
	{ "**/a/b", "x/a/b", FILE_, true },
	{ "**/a/b", "a/x/b", FILE_, false },
	{ "a/**", "a/x", FILE_, true },
	{ "a/**", "a/x/y", FILE_, true },
	{ "a/**", "a", DIR_, false }, /* inside, not itself */
	{ "a/**/", "a/x", DIR_, true },
	{ "a/**/", "a/x", FILE_, false },
	{ "a/**", "x/a/y", FILE_, false },
	{ "a/**/b", "a/b", FILE_, true },
	{ "a/**/b", "a/x/b", FILE_, true },
	{ "a/**/b", "a/x/y/b", FILE_, true },
	{ "a/**/b", "a/xb", FILE_, false },
	{ "a/**/b", "ab", FILE_, false },
	{ "a/**/b", "a", DIR_, false },
	{ "a/**/b/**/c", "a/b/c", FILE_, true },
	{ "a/**/b/**/c", "a/1/b/2/3/c", FILE_, true },
	{ "a/**/b/**/c", "a/1/c/2/b", FILE_, false },
	{ "**/b/*.c", "a/b/b/x.c", FILE_, true }, /* the first b is not the one */
	{ "**/**/a", "x/a", FILE_, true },
	{ "/**/a", "x/a", FILE_, true },
	{ "/**", "x/a", FILE_, true },
	/* Sets. */
	{ "[abc]", "b", FILE_, true },
	{ "[abc]", "d", FILE_, false },
	{ "[a-c]x", "bx", FILE_, true },
	{ "[!a-c]x", "bx", FILE_, false },
	{ "[!a-c]x", "dx", FILE_, true },
	{ "[^a-c]x", "dx", FILE_, true },
	{ "[]]", "]", FILE_, true }, /* first in a set it is a member */
	{ "[!]]", "]", FILE_, false },
	{ "[]-]", "-", FILE_, true },
	{ "[a-]", "-", FILE_, true }, /* last in a set it is a member */
	{ "[-a]", "-", FILE_, true },
	{ "[\\]]", "]", FILE_, true },
	{ "[a\\-z]", "-", FILE_, true },
	{ "[a\\-z]", "m", FILE_, false },
	{ "[[:digit:]]x", "7x", FILE_, true },
	{ "[[:digit:]]x", "ax", FILE_, false },
	{ "[![:digit:]]x", "ax", FILE_, true },
	{ "[[:upper:]_]", "_", FILE_, true },
	{ "[[:nonsense:]]", "a", FILE_, false },
	{ "[a", "a", FILE_, false }, /* no end: nothing matches */
	{ "[a", "[a", FILE_, false },
	{ "x[/]a", "x/a", FILE_, false }, /* a set never holds the slash */
	{ "[0-9][0-9]*", "12 months.doc", FILE_, true },
	{ "[\x80-\xff]*", "\xe2\x82\xac", FILE_, true }, /* bytes, not characters */
	/* Quoting. */
	{ "\\*", "*", FILE_, true },
	{ "\\*", "a", FILE_, false },
	{ "\\?x", "?x", FILE_, true },
	{ "\\[a]", "[a]", FILE_, true },
	{ "\\!a", "!a", FILE_, true },
	{ "\\#a", "#a", FILE_, true },
	{ "\\\\", "\\", FILE_, true },
	{ "a\\", "a\\", FILE_, true }, /* at the end it is itself */
	{ "a\\ ", "a ", FILE_, true },
	/* Nothing. */
	{ "", "a", FILE_, false },
	{ "/", "a", DIR_, false },
	{ "//", "a", DIR_, false },
	{ "a//b", "a/b", FILE_, false },
	/* Names that look like something else. */
	{ "a\nb", "x/a\nb", FILE_, true },
	{ "*\xff", "a\xff", FILE_, true },
	{ "-rf", "-rf", FILE_, true },
	{ "~$*", "x/~$letter.docx", FILE_, true },
	{ "$RECYCLE.BIN/", "$RECYCLE.BIN", DIR_, true },
};

START_TEST(globs)
{
	ck_assert_msg(ignore_matches(cases[_i].glob, cases[_i].path, cases[_i].is_dir == DIR_) ==
			  cases[_i].want,
		      "`%s' and `%s' should%s match", cases[_i].glob, cases[_i].path,
		      cases[_i].want ? "" : " not");
}
END_TEST

static const char *const orders[][4] = {
	{ "*.txt", "!keep.txt", NULL, NULL },
	{ "!keep.txt", "*.txt", NULL, NULL },
	{ "*", "!*.c", "x*", NULL },
};

static const struct {
	size_t order;
	const char *path;
	bool want;
} ordered[] = {
	{ 0, "a.txt", true }, { 0, "x/keep.txt", false }, { 1, "keep.txt", true }, /* last wins */
	{ 2, "a.h", true },   { 2, "a.c", false },        { 2, "x.c", true },
};

START_TEST(last_match_wins)
{
	const char *const *list = orders[ordered[_i].order];
	struct walk_options o = { .excludes = list };

	while (list[o.excludes_len])
		o.excludes_len++;
	ck_assert_int_eq(walk_excluded(&o, ordered[_i].path, false), ordered[_i].want);
}
END_TEST

START_TEST(snapshots)
{
	static const char *const again[] = { "!.zfs" };
	struct walk_options o = { .default_excludes = true };

	ck_assert(walk_excluded(&o, "a/.snapshot", true));
	ck_assert(walk_excluded(&o, "~snapshot", true));
	ck_assert(walk_excluded(&o, ".zfs", true));
	ck_assert(!walk_excluded(&o, ".snapshot", false)); /* a file of that name */
	ck_assert(!walk_excluded(&o, "snapshot", true));
	o.excludes = again;
	o.excludes_len = 1;
	ck_assert(!walk_excluded(&o, ".zfs", true));
	ck_assert(walk_excluded(&o, ".snapshots", true));
}
END_TEST

/* Stars and parts without end: the work stays a product of two lengths. */

static void fill(char *to, const char *what, size_t times, const char *end)
{
	for (size_t i = 0; i < times; i++)
		to = stpcpy(to, what);
	strcpy(to, end);
}

static const struct {
	const char *glob_part, *glob_end, *path_part, *path_end;
	size_t glob_times, path_times;
} pathological[] = {
	{ "*a", "b", "a", "", 60, 100000 },          /* stars in a part */
	{ "**/", "b", "a/", "c", 60, 50000 },        /* deep ones */
	{ "**/a/", "b", "a/", "c", 60, 50000 },      /* that match nearly all the way */
	{ "**/*a*/", "b", "aaaa/", "c", 40, 20000 }, /* both */
	{ "[a-z]*", "!", "q", "", 60, 100000 },      /* sets */
	{ "?*", "!", "q", "", 60, 100000 },
};

START_TEST(linear)
{
	static char glob[1024], path[256 * 1024];
	uint64_t begin = clock_ns();

	fill(glob, pathological[_i].glob_part, pathological[_i].glob_times,
	     pathological[_i].glob_end);
	fill(path, pathological[_i].path_part, pathological[_i].path_times,
	     pathological[_i].path_end);
	ck_assert(!ignore_matches(glob, path, false));
	ck_assert_msg(clock_ns() - begin < NS_PER_S, "took %llu ms",
		      (unsigned long long)((clock_ns() - begin) / NS_PER_MS));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("walk_ignore");
	TCase *tc = tcase_create("globs");

	tcase_add_loop_test(tc, globs, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, last_match_wins, 0, ARRAY_SIZE(ordered));
	tcase_add_test(tc, snapshots);
	tcase_add_loop_test(tc, linear, 0, ARRAY_SIZE(pathological));
	tcase_set_timeout(tc, 30);
	suite_add_tcase(s, tc);
	return s;
}
