/* test_base.c - buffers, UTF-8, JSON, keyed hashes */
#include "unit.h"

#include "base64.h"
#include "buf.h"
#include "hex.h"
#include "utf8.h"
#include "keyed.h"
#include "savefile.h"
#include "vec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static const struct {
	const char *bytes;
	uint32_t code;
	size_t took;
} chars[] = {
	{ "A", 'A', 1 },
	{ "\xC3\xA9", 0xE9, 2 },
	{ "\xE2\x80\x93", 0x2013, 3 },
	{ "\xF0\x9F\x98\x80", 0x1F600, 4 },
	{ "\xC0\x80", UINT32_MAX, 1 },         /* overlong NUL */
	{ "\xED\xA0\x80", UINT32_MAX, 1 },     /* surrogate */
	{ "\xE2\x80", UINT32_MAX, 1 },         /* cut */
	{ "\xF4\x90\x80\x80", UINT32_MAX, 1 }, /* past U+10FFFF */
	{ "\x96", UINT32_MAX, 1 },             /* cp1252 dash */
};

START_TEST(decodes)
{
	uint32_t code = 0;

	ck_assert_uint_eq(utf8_decode(chars[_i].bytes, strlen(chars[_i].bytes), &code),
			  chars[_i].took);
	ck_assert_uint_eq(code, chars[_i].code);
}
END_TEST

static const struct {
	const char *text, *says;
	size_t took;
} base64[] = {
	{ "", "", 0 },           { "T0s=", "OK", 3 },       /* the padding ends it */
	{ "T0", "O", 2 },        { "T0\r\n sh", "OK!", 7 }, /* folded */
	{ "T0s\"T0s", "OK", 3 }, { "!", "", 0 },
};

START_TEST(decodes_base64)
{
	CLEANUP(buf_done) struct buf out = BUF_INIT(100);
	size_t took = base64_decode(base64[_i].text, strlen(base64[_i].text), &out);

	ck_assert_uint_eq(took, base64[_i].took);
	ck_assert_str_eq(out.data ? out.data : "", base64[_i].says);
}
END_TEST

START_TEST(buffer_keeps_its_ceiling)
{
	CLEANUP(buf_done) struct buf b = BUF_INIT(10);

	ck_assert(buf_add(&b, "12345", 5));
	ck_assert(!buf_add(&b, "123456", 6));
	ck_assert(b.failed);
	ck_assert_uint_eq(b.len, 5);
	ck_assert(buf_printf(&b, "%d", 12345));
	ck_assert_str_eq(b.data, "1234512345");
}
END_TEST

START_TEST(siphash_agrees_with_its_paper)
{
	/* The authors' vector for SipHash-2-4-128: key 00..0f, message empty and 00..0e. */
	static const struct {
		size_t len;
		const char *hex;
	} want[] = {
		{ 0, "a3817f04ba25a8e66df67214c7550293" },
		{ 15, "5493e99933b0a8117e08ec0f97cfc3d9" },
	};
	uint8_t key[16], message[15], hash[FP_BYTES];
	char hex[33];

	for (uint8_t i = 0; i < 16; i++)
		key[i] = i;
	for (uint8_t i = 0; i < 15; i++)
		message[i] = i;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		keyed_sip128(key, message, want[i].len, hash);
		hex_text(hash, 2 * FP_BYTES, hex);
		ck_assert_str_eq(hex, want[i].hex);
	}
}
END_TEST

START_TEST(hmac_separates_parts)
{
	static const uint8_t key[KEY_BYTES] = { 1 };
	const struct keyed_part ab[] = { { "ab", 2 }, { "c", 1 } },
				bc[] = { { "a", 1 }, { "bc", 2 } };
	uint8_t one[FP_BYTES], two[FP_BYTES], derived[KEY_BYTES];
	struct keyed again;
	char hex[2 * KEY_BYTES + 1];

	keyed_hmac(key, ab, 2, one);
	/* By another program: HMAC over the parts with their lengths, and HKDF with no salt. */
	hex_text(one, 2 * FP_BYTES, hex);
	ck_assert_str_eq(hex, "06ac2d9038dcc70cafc9032221ae507c");
	keyed_derive(key, "value", derived);
	hex_text(derived, 2 * KEY_BYTES, hex);
	ck_assert_str_eq(hex, "df81b97140b610500777f2eae2540bbbbb0cfcd3f23c1ec970820bc78f97c2c8");
	keyed_hmac(key, bc, 2, two);
	ck_assert_mem_ne(one, two, FP_BYTES);
	keyed_init(&again, key);
	keyed_mac(&again, bc, 2, two);
	keyed_mac(&again, ab, 2, two);
	ck_assert_mem_eq(one, two, FP_BYTES);
}
END_TEST

static bool holds(int dir, const char *name, const char *want)
{
	CLEANUP(fd_closep) int fd = openat(dir, name, O_RDONLY);
	char got[64] = "";

	return fd >= 0 && read(fd, got, sizeof(got) - 1) == (ssize_t)strlen(want) &&
	       strcmp(got, want) == 0;
}

START_TEST(saves_files_whole)
{
	char path[] = "/tmp/assay-save-XXXXXX", command[128];
	CLEANUP(fd_closep) int dir = -1;
	struct stat st;

	ck_assert_ptr_nonnull(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY);
	ck_assert(file_save(dir, "a", "old", 3));
	ck_assert(file_save(dir, "a", "newer", 5));
	ck_assert(holds(dir, "a", "newer"));
	ck_assert_int_eq(fstatat(dir, "a", &st, 0), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	/* A directory of that name cannot be replaced; nothing is left beside it. */
	ck_assert_int_eq(mkdirat(dir, "b", 0700), 0);
	ck_assert(!file_save(dir, "b", "x", 1));
	ck_assert_int_eq(errno, EISDIR);
	ck_assert_int_eq(unlinkat(dir, "b", AT_REMOVEDIR), 0);
	/* A link is replaced, not written through. */
	ck_assert_int_eq(symlinkat("a", dir, "link"), 0);
	ck_assert(file_save(dir, "link", "mine", 4));
	ck_assert(holds(dir, "a", "newer"));
	ck_assert(!file_save(-1, "a", "x", 1));
	snprintf(command, sizeof(command), "rm %s/a %s/link && rmdir %s", path, path, path);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("base");
	TCase *tc = tcase_create("base");

	tcase_add_loop_test(tc, decodes, 0, ARRAY_SIZE(chars));
	tcase_add_loop_test(tc, decodes_base64, 0, ARRAY_SIZE(base64));
	tcase_add_test(tc, buffer_keeps_its_ceiling);
	tcase_add_test(tc, siphash_agrees_with_its_paper);
	tcase_add_test(tc, hmac_separates_parts);
	tcase_add_test(tc, saves_files_whole);
	suite_add_tcase(s, tc);
	return s;
}
