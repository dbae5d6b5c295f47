/* test_rules_cache.c - compiled rules kept in files: what is read again, and what is not */
#include "unit.h"

#include "cache.h"
#include "imagefile.h"
#include "load.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char dir[64], home[80];
static struct rule_cache cache;
static struct pack_set *packs;
static const struct rule_list *list;
static struct ruleset_image image;

static const char pack[] =
    "version: 1\npack: site\nrules:\n"
    "  - id: site.badge\n    name: Badge\n    category: personal.identifier\n"
    "    severity: low\n    pattern: '\\bSTF\\d{6}\\b'\n    confidence: medium\n"
    "    context: { raise: [{ words: [badge, gate], within: 40 }] }\n    help: x\n"
    "    examples: [{ text: STF402911, match: STF402911, confidence: medium }]\n"
    "    counter_examples: [{ text: STF1, why: short }]\n";

static void setup(void)
{
	struct assay_error err = { 0 };

	snprintf(dir, sizeof(dir), "/tmp/assay-cache-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(home, sizeof(home), "%s/cache", dir);
	cache = (struct rule_cache){ .dir = home };
	ck_assert_int_eq(pack_set_new(&packs, &err), ASSAY_OK);
	ck_assert_msg(pack_set_parse(packs, "t.yaml", pack, strlen(pack), &err) == ASSAY_OK, "%s",
		      err.detail);
	list = pack_set_rules(packs);
	ck_assert_int_eq(ruleset_image_make(list, &image, &err), ASSAY_OK);
}

static void teardown(void)
{
	char command[128];

	ruleset_image_done(&image);
	pack_set_free(packs);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	ck_assert_int_eq(system(command), 0);
}

/** Is there an image that can be trusted, and does it make a set? */
static bool loads(void)
{
	struct ruleset_image got = { 0 };
	assay_ruleset *set = NULL;
	bool ok = rule_cache_load(&cache, list, &got);

	if (ok)
		ck_assert_int_eq(ruleset_from_image(list, &got, &set, NULL), ASSAY_OK);
	assay_ruleset_free(set);
	ruleset_image_done(&got);
	return ok;
}

/** Path of the only entry. */
static const char *entry(void)
{
	static char path[400];
	DIR *d = opendir(home);
	struct dirent *e;

	ck_assert_ptr_nonnull(d);
	path[0] = '\0';
	while ((e = readdir(d)))
		if (e->d_name[0] != '.')
			snprintf(path, sizeof(path), "%s/%s", home, e->d_name);
	closedir(d);
	ck_assert(path[0]);
	return path;
}

static size_t entries(void)
{
	DIR *d = opendir(home);
	struct dirent *e;
	size_t n = 0;

	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

START_TEST(keeps_and_finds)
{
	struct ruleset_image got = { 0 };
	struct stat st;

	ck_assert(!loads());
	rule_cache_store(&cache, list, &image);
	ck_assert(loads());
	ck_assert(rule_cache_load(&cache, list, &got));
	ck_assert_uint_eq(got.words_len, 2);
	ck_assert_uint_eq(got.uses_len, image.uses_len);
	ck_assert_uint_eq(got.literals.len, image.literals.len);
	ck_assert_mem_eq(got.literals.data, image.literals.data, image.literals.len);
	ruleset_image_done(&got);
	ck_assert_int_eq(stat(home, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0700);
	ck_assert_int_eq(stat(entry(), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_uint_eq(entries(), 1); /* nothing unfinished beside it */
}
END_TEST

START_TEST(other_rules_have_another_name)
{
	struct assay_error err = { 0 };
	struct pack_set *others;
	char *text = strdup(pack);

	rule_cache_store(&cache, list, &image);
	memcpy(strstr(text, "STF\\d{6}"), "STG\\d{6}", 8);
	ck_assert_int_eq(pack_set_new(&others, &err), ASSAY_OK);
	ck_assert_int_eq(pack_set_parse(others, "t.yaml", text, strlen(text), &err), ASSAY_OK);
	list = pack_set_rules(others);
	ck_assert(!loads());
	pack_set_free(others);
	free(text);
}
END_TEST

static void flip(const char *path, off_t at)
{
	int fd = open(path, O_RDWR);
	char c;

	ck_assert_int_eq(pread(fd, &c, 1, at), 1);
	c ^= 1;
	ck_assert_int_eq(pwrite(fd, &c, 1, at), 1);
	close(fd);
}

/* Every byte counts: header, tables, databases. */
START_TEST(altered_is_not_there)
{
	struct stat st;

	rule_cache_store(&cache, list, &image);
	ck_assert_int_eq(stat(entry(), &st), 0);
	for (off_t at = 0; at < st.st_size; at += at < 200 ? 1 : 97) {
		flip(entry(), at);
		ck_assert_msg(!loads(), "byte %ld altered", (long)at);
		flip(entry(), at);
	}
	ck_assert(loads());
}
END_TEST

START_TEST(cut_or_longer_is_not_there)
{
	struct stat st;

	rule_cache_store(&cache, list, &image);
	ck_assert_int_eq(stat(entry(), &st), 0);
	ck_assert_int_eq(truncate(entry(), st.st_size + 1), 0);
	ck_assert(!loads());
	for (off_t len = st.st_size - 1; len >= 0; len = len > 200 ? len / 2 : len - 1) {
		ck_assert_int_eq(truncate(entry(), len), 0);
		ck_assert(!loads());
	}
	rule_cache_store(&cache, list, &image); /* and is put right */
	ck_assert(loads());
}
END_TEST

static void group_may_write(void)
{
	chmod(entry(), 0620);
}

static void all_may_write(void)
{
	chmod(entry(), 0602);
}

static void all_may_write_dir(void)
{
	chmod(home, 0702);
}

static void dir_is_link(void)
{
	char other[400];

	snprintf(other, sizeof(other), "%s/elsewhere", dir);
	ck_assert_int_eq(rename(home, other), 0);
	ck_assert_int_eq(symlink(other, home), 0);
}

static void is_fifo(void)
{
	char name[400];

	snprintf(name, sizeof(name), "%s", entry());
	unlink(name);
	ck_assert_int_eq(mkfifo(name, 0600), 0);
}

static void is_scanned(void)
{
	static const char *roots[] = { "/nowhere", dir };

	cache.avoid = roots;
	cache.avoid_len = 2;
}

static const struct {
	const char *what;
	void (*spoil)(void);
} foreign[] = {
	{ "its group may write to it", group_may_write },
	{ "all may write to it", all_may_write },
	{ "all may write to its directory", all_may_write_dir },
	{ "its directory is a link", dir_is_link },
	{ "a FIFO, which must not hang", is_fifo },
	{ "below what is scanned", is_scanned },
};

START_TEST(foreign_is_not_there)
{
	rule_cache_store(&cache, list, &image);
	ck_assert(loads());
	foreign[_i].spoil();
	ck_assert_msg(!loads(), "%s", foreign[_i].what);
}
END_TEST

START_TEST(link_is_not_followed)
{
	char name[400], other[400];

	rule_cache_store(&cache, list, &image);
	snprintf(name, sizeof(name), "%s", entry());
	snprintf(other, sizeof(other), "%s/elsewhere", dir);
	ck_assert_int_eq(rename(name, other), 0);
	ck_assert_int_eq(symlink(other, name), 0);
	ck_assert(!loads());
	rule_cache_store(&cache, list, &image);
	ck_assert(loads()); /* the link was replaced, not written through */
}
END_TEST

START_TEST(stores_nothing_in_what_is_scanned)
{
	is_scanned();
	rule_cache_store(&cache, list, &image);
	ck_assert_uint_eq(entries(), 0);
}
END_TEST

START_TEST(without_a_place)
{
	cache.dir = "/proc/nowhere";
	rule_cache_store(&cache, list, &image);
	ck_assert(!loads());
}
END_TEST

START_TEST(keeps_the_newest_few)
{
	char name[200];

	ck_assert_int_eq(mkdir(home, 0700), 0);
	for (unsigned i = 0; i < CACHE_ENTRIES + 3; i++) {
		struct timespec times[2] = { { .tv_sec = 1000 + i }, { .tv_sec = 1000 + i } };
		int fd;

		snprintf(name, sizeof(name), "%s/%064x.image", home, i);
		fd = open(name, O_CREAT | O_WRONLY, 0600);
		futimens(fd, times);
		close(fd);
	}
	snprintf(name, sizeof(name), "%s/%064x.image.00000000.part", home, 7u);
	close(open(name, O_CREAT | O_WRONLY, 0600));
	rule_cache_store(&cache, list, &image);
	ck_assert_uint_eq(entries(), CACHE_ENTRIES + 1); /* one is just being written, perhaps */
	ck_assert(loads());
	snprintf(name, sizeof(name), "%s/%064x.image", home, 3u);
	ck_assert_int_ne(access(name, F_OK), 0);
	snprintf(name, sizeof(name), "%s/%064x.image", home, CACHE_ENTRIES + 2);
	ck_assert_int_eq(access(name, F_OK), 0);
}
END_TEST

/* Whoever reads while others write sees a whole entry or none. */
START_TEST(two_at_once)
{
	pid_t child;
	int status;

	rule_cache_store(&cache, list, &image);
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 50; i++)
			rule_cache_store(&cache, list, &image);
		_exit(0);
	}
	for (int i = 0; i < 50; i++) {
		ck_assert(loads());
		rule_cache_store(&cache, list, &image);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_uint_eq(entries(), 1);
}
END_TEST

/* A hash proves nothing of what was hashed: bounds are checked as well. */
static void wrong_rule(struct ruleset_image *i)
{
	((struct word_use *)i->uses)[0].rule = 7;
}

static void wrong_reach(struct ruleset_image *i)
{
	((struct rule_facts *)i->facts)[0].reach = RULE_REACH_MAX + 1;
}

static void wrong_words(struct ruleset_image *i)
{
	i->words_len++;
}

static void wrong_text(struct ruleset_image *i)
{
	((char *)i->word_text.data)[i->word_text.len - 1] = 'x';
}

static void wrong_end(struct ruleset_image *i)
{
	((struct word_use *)i->uses)[i->uses_len - 1].rule = 0;
}

static void wrong_step(struct ruleset_image *i)
{
	((struct word_use *)i->uses)[0].step = 5;
}

static void (*const out_of_bounds[])(struct ruleset_image *) = {
	wrong_rule, wrong_reach, wrong_words, wrong_text, wrong_end, wrong_step,
};

START_TEST(bounds_hold)
{
	CLEANUP(buf_done) struct buf file = BUF_INIT(IMAGE_FILE_MAX);
	struct ruleset_image got = { 0 };
	uint8_t key[CHECKSUM_BYTES] = { 1 };

	ck_assert(image_pack(&image, key, &file));
	ck_assert(image_unpack(file.data, file.len, key, &got));
	ruleset_image_done(&got);
	out_of_bounds[_i](&image);
	buf_clear(&file);
	ck_assert(image_pack(&image, key, &file));
	ck_assert(!image_unpack(file.data, file.len, key, &got));
}
END_TEST

/** @return  does the rule of the pack find its badge in this set? */
static bool finds(const assay_ruleset *set)
{
	static const char text[] = "badge STF402911.";
	pcre2_match_data *m = pcre2_match_data_create(1, NULL);
	int rc = pcre2_match(set->rules[0].code, (PCRE2_SPTR)text, sizeof(text) - 1, 0, 0, m, NULL);
	bool found = rc >= 0 && pcre2_get_ovector_pointer(m)[0] == 6;

	pcre2_match_data_free(m);
	return found;
}

static const struct {
	size_t from, len; /* bytes of the patterns that are turned over */
	bool gone;
} other_pcre2[] = {
	{ 0, 0, false },  /* this one */
	{ 0, 4, false },  /* no patterns at all */
	{ 4, 4, false },  /* another version */
	{ 12, 4, false }, /* another number of patterns */
	{ 0, 0, true },
};

START_TEST(patterns_of_another_pcre2_are_compiled_again)
{
	struct ruleset_image altered = image;
	assay_ruleset *set = NULL;
	struct assay_error err = { 0 };

	for (size_t i = 0; i < other_pcre2[_i].len; i++)
		((uint8_t *)image.patterns.data)[other_pcre2[_i].from + i] ^= 0xff;
	if (other_pcre2[_i].gone)
		altered.patterns = (struct image_bytes){ 0 };
	ck_assert_int_eq(ruleset_from_image(list, &altered, &set, &err), ASSAY_OK);
	ck_assert(finds(set));
	assay_ruleset_free(set);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("rules_cache");
	TCase *tc = tcase_create("cache");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, keeps_and_finds);
	tcase_add_test(tc, other_rules_have_another_name);
	tcase_add_test(tc, altered_is_not_there);
	tcase_add_test(tc, cut_or_longer_is_not_there);
	tcase_add_loop_test(tc, foreign_is_not_there, 0, ARRAY_SIZE(foreign));
	tcase_add_test(tc, link_is_not_followed);
	tcase_add_test(tc, stores_nothing_in_what_is_scanned);
	tcase_add_test(tc, without_a_place);
	tcase_add_test(tc, keeps_the_newest_few);
	tcase_add_test(tc, two_at_once);
	tcase_add_loop_test(tc, patterns_of_another_pcre2_are_compiled_again, 0,
			    ARRAY_SIZE(other_pcre2));
	tcase_add_loop_test(tc, bounds_hold, 0, ARRAY_SIZE(out_of_bounds));
	suite_add_tcase(s, tc);
	return s;
}
