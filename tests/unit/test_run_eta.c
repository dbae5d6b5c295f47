/* test_run_eta.c - estimates of the time left: texts, and a tree walked by a slow clock */
#include "unit.h"

#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>

#include "eta.h"
#include "progress.h"
#include "walk.h"

static const struct {
	double left;
	const char *want;
} texts[] = {
	{ -1, "" },
	{ 0, "less than a minute left" },
	{ 44, "less than a minute left" },
	{ 46, "about 1 min left" },
	{ 170, "about 3 min left" },
	{ 80 * 60, "about 80 min left" },
	{ 91 * 60, "about 1 h 30 min left" },
	{ 118 * 60, "about 2 h 0 min left" }, /* rounded up across the hour */
	{ 30 * 3600, "about 30 h left" },
};

START_TEST(text)
{
	char got[40];

	eta_text(texts[_i].left, got);
	ck_assert_str_eq(got, texts[_i].want);
}
END_TEST

START_TEST(steady)
{
	struct eta e = { 0 };
	unsigned s;

	for (s = 1; s < 100 && eta_left(&e, s) < 0; s++)
		eta_update(&e, s, s / 200.0);
	ck_assert_uint_ge(s, ETA_SAMPLES);
	ck_assert_uint_lt(s, ETA_SAMPLES + 6);
	ck_assert(eta_left(&e, s) > 195.0 - s && eta_left(&e, s) < 205.0 - s);
}
END_TEST

/** A scan that stands still, and then one that leaps: nothing is said of either. */
START_TEST(unsteady)
{
	struct eta e = { 0 };

	for (unsigned s = 1; s < 100; s++) {
		eta_update(&e, s, 0.1);
		if (s < 30)
			ck_assert(eta_left(&e, s) < 0);
	}
	for (unsigned s = 100; s < 108; s++) {
		eta_update(&e, s, 0.1 + 0.1 * (s - 99));
		ck_assert(eta_left(&e, s) < 0);
	}
}
END_TEST

/* A tree, each file of which takes a tenth of a second of a clock of its own. */

static char tree[64];

static void put(const char *dir, unsigned files)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", tree, dir);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	for (unsigned i = 0; i < files; i++) {
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s/%u", tree, dir, i);
		f = fopen(path, "w");
		ck_assert_ptr_nonnull(f);
		fclose(f);
	}
}

struct outcome {
	unsigned shown, right, far_off, seconds;
};

static struct outcome walk_by_clock(unsigned files)
{
	const char *roots[] = { tree };
	struct walk_options o = { .stdin_fd = -1, .weigh = true };
	struct outcome out = { 0 };
	struct eta eta = { 0 };
	struct walk *w;
	struct walk_entry e;
	struct assay_error err;
	double done = 0, seconds = 0;
	int rc;

	ck_assert_int_eq(walk_new(roots, 1, &o, &w, &err), ASSAY_OK);
	while ((rc = walk_next(w, &e, &err)) > 0) {
		struct pollfd ready = { .fd = walk_fd(w), .events = POLLIN };
		double left, truth;

		if (rc == 2) {
			poll(&ready, 1, 25);
			continue;
		}
		seconds += 0.1;
		done += e.weight;
		eta_update(&eta, seconds, done);
		left = eta_left(&eta, seconds);
		truth = files * 0.1 - seconds;
		if (left >= 0) {
			out.shown++;
			out.right += left < 1.5 * truth + 5 && left > truth / 1.5 - 5;
			out.far_off += left > 3 * truth + 10 || left < truth / 3 - 10;
		}
		walk_close(w, &e);
		free(e.path);
	}
	ck_assert_int_eq(rc, 0);
	out.seconds = (unsigned)seconds;
	done += walk_credit(w);
	ck_assert(done > 0.9999 && done < 1.0001);
	walk_free(w);
	return out;
}

static void make_tree(void)
{
	strcpy(tree, "/tmp/test_run_eta_XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(tree));
}

static void drop_tree(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", tree);
	ck_assert_int_eq(system(command), 0);
}

START_TEST(even_tree)
{
	struct outcome out;
	char name[16];

	for (unsigned i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "d%u", i);
		put(name, 90 + i);
	}
	out = walk_by_clock(20 * 90 + 190);
	ck_assert_uint_gt(out.shown, 1500);
	ck_assert_uint_eq(out.right, out.shown);
}
END_TEST

/** One folder has nearly all: while it is not clear, little is said, and later it is right. */
START_TEST(lopsided_tree)
{
	struct outcome out;
	char name[16];

	for (unsigned i = 0; i < 19; i++) {
		snprintf(name, sizeof(name), "d%u", i);
		put(name, 20);
	}
	put("most", 3000);
	out = walk_by_clock(19 * 20 + 3000);
	ck_assert_msg(out.far_off * 10 < out.seconds * 10, "%u of %u far off", out.far_off,
		      out.seconds * 10);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("run_eta");
	TCase *tc = tcase_create("estimates");

	tcase_add_loop_test(tc, text, 0, ARRAY_SIZE(texts));
	tcase_add_test(tc, steady);
	tcase_add_test(tc, unsteady);
	suite_add_tcase(s, tc);
	tc = tcase_create("trees");
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, make_tree, drop_tree);
	tcase_add_test(tc, even_tree);
	tcase_add_test(tc, lopsided_tree);
	suite_add_tcase(s, tc);
	return s;
}
