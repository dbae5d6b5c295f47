/* test_extract_sqlite.c - SQLite databases, made by the library they are read with */
#include "unit.h"

#include <sqlite3.h>

#include "record_read.h"

extern const struct extractor sqlite_extractor;

/* The image of a database made by these statements; sqlite3_free() it. */
static unsigned char *make(const char *sql, size_t *ret_len)
{
	sqlite3 *db;
	sqlite3_int64 size = 0;
	unsigned char *image;

	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	image = sqlite3_serialize(db, "main", &size, 0);
	ck_assert_ptr_nonnull(image);
	*ret_len = (size_t)size;
	sqlite3_close(db);
	return image;
}

static const char people[] =
    "PRAGMA page_size=512; CREATE TABLE people(name TEXT, \"NHS no\" INTEGER, photo BLOB, note);"
    "INSERT INTO people VALUES('A B', 9990000018, NULL, 'ok'), ('C', NULL, x'504b0304aabbcc', 1.5),"
    "('D', 1, x'68656c6c6f20776f726c64', ''), ('E', 2, x'00017465787420696e736964650002', NULL);"
    "CREATE VIEW v AS SELECT 'a view' FROM people;"
    "CREATE TABLE \"odd \"\" name\"(x); INSERT INTO \"odd \"\" name\" VALUES('quoted');";

START_TEST(reads_tables)
{
	struct record r;
	size_t len;
	unsigned char *image = make(people, &len);
	const struct record_run *found;

	/* As of a database with a log beside it. */
	image[18] = image[19] = 2;
	ck_assert_int_eq(record_try(&r, &sqlite_extractor, image, len), ASSAY_OK);
	ck_assert_msg(record_has(&r, "people\nA B\t9990000018\tok\nC\t1.5\nD\t1\thello world\n"),
		      "%s", record_all(&r));
	found = record_find(&r, "9990000018");
	ck_assert_str_eq(found->field, "NHS no");
	ck_assert_str_eq(found->sheet, "people");
	ck_assert_uint_eq(found->loc.row, 2);
	ck_assert(record_has(&r, "text inside"));
	ck_assert(record_has(&r, "quoted"));
	ck_assert(record_has(&r, "CREATE VIEW v"));
	ck_assert_uint_eq(r.members.len, 1);
	ck_assert_str_eq(r.members.items[0].name, "people/photo/3");
	ck_assert_uint_eq(r.gaps.len, 0);
	record_done(&r);
	sqlite3_free(image);
}
END_TEST

START_TEST(reads_what_was_deleted)
{
	struct record r;
	size_t len;
	unsigned char *image =
	    make("PRAGMA page_size=512; PRAGMA secure_delete=OFF; CREATE TABLE t(x);"
		 "INSERT INTO t SELECT 'the deleted row ' || value FROM "
		 "(WITH RECURSIVE c(value) AS (VALUES(1) UNION ALL SELECT value + 1 FROM c LIMIT "
		 "200) SELECT value FROM c); DROP TABLE t; CREATE TABLE u(x);",
		 &len);

	ck_assert_int_eq(record_try(&r, &sqlite_extractor, image, len), ASSAY_OK);
	ck_assert_int_eq(record_find(&r, "the deleted row")->vis, ASSAY_DELETED);
	record_done(&r);
	sqlite3_free(image);
}
END_TEST

START_TEST(converts_utf16)
{
	struct record r;
	size_t len;
	unsigned char *image = make(
	    "PRAGMA encoding='UTF-16le'; CREATE TABLE t(x); INSERT INTO t VALUES('wide');", &len);

	record_try(&r, &sqlite_extractor, image, len);
	ck_assert(record_has(&r, "wide\n"));
	record_done(&r);
	sqlite3_free(image);
}
END_TEST

START_TEST(says_what_is_damaged)
{
	struct record r;
	size_t len;
	unsigned char *image = make(people, &len);

	memset(image + 512, 0xEE, 64); /* the first table's page */
	ck_assert_int_eq(record_try(&r, &sqlite_extractor, image, len), ASSAY_OK);
	ck_assert(record_has_gap(&r, ASSAY_MALFORMED));
	ck_assert(record_has(&r, "quoted"));
	ck_assert(record_has(&r, "hello world")); /* of the damaged table's page */
	record_done(&r);
	record_try(&r, &sqlite_extractor, image, 60); /* not even a head */
	ck_assert(record_has_gap(&r, ASSAY_MALFORMED));
	record_done(&r);
	sqlite3_free(image);
}
END_TEST

START_TEST(gives_an_archive_out_of_what_is_damaged)
{
	static const char rar[] = "Rar!\x1a\7\1\0 and what follows";
	struct record r;
	size_t len;
	unsigned char *image = make(people, &len);

	memcpy(image + len - sizeof(rar), rar, sizeof(rar));
	memset(image, 0xEE, 16); /* it does not say that it is a database */
	ck_assert_int_eq(record_try(&r, &sqlite_extractor, image, len), ASSAY_OK);
	ck_assert(record_has_gap(&r, ASSAY_MALFORMED));
	ck_assert_msg(record_has(&r, "CREATE VIEW v"), "%s", record_all(&r));
	ck_assert_uint_eq(r.members.len, 1);
	ck_assert_int_eq(memcmp(r.members.items[0].data, rar, sizeof(rar)), 0);
	record_done(&r);
	sqlite3_free(image);
}
END_TEST

START_TEST(limits_size)
{
	struct record r;
	struct input in;
	struct assay_error err;
	size_t len;
	unsigned char *image = make(people, &len);

	record_init(&r, image, len);
	r.limits.member_bytes = 1000;
	input_from_mem(&in, image, len);
	ck_assert_int_eq(sqlite_extractor.run(&in, &r.sink, &err), ASSAY_OK);
	input_done(&in);
	ck_assert(record_has_gap(&r, ASSAY_LIMIT_SIZE));
	ck_assert(record_has(&r, "quoted"));
	record_done(&r);
	sqlite3_free(image);
}
END_TEST

/* Cut and changed anywhere: it ends. */
START_TEST(survives_damage)
{
	struct record r;
	size_t len;
	unsigned char *image = make(people, &len), *bad = malloc(len);
	uint32_t seed = 99;

	for (unsigned n = 0; n < 500; n++) {
		memcpy(bad, image, len);
		for (unsigned k = 0; k < 1 + n % 8; k++) {
			seed = seed * 1664525u + 1013904223u;
			bad[(seed >> 8) % len] = (unsigned char)(seed >> 24);
		}
		record_try(&r, &sqlite_extractor, bad, n % 5 ? len : (seed >> 6) % len);
		record_done(&r);
	}
	free(bad);
	sqlite3_free(image);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("extract_sqlite");
	TCase *tc = tcase_create("sqlite");

	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, reads_tables);
	tcase_add_test(tc, reads_what_was_deleted);
	tcase_add_test(tc, converts_utf16);
	tcase_add_test(tc, says_what_is_damaged);
	tcase_add_test(tc, gives_an_archive_out_of_what_is_damaged);
	tcase_add_test(tc, limits_size);
	tcase_add_test(tc, survives_damage);
	suite_add_tcase(s, tc);
	return s;
}
