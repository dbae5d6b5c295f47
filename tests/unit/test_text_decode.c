/* test_text_decode.c - charsets and conversion, tables of delimited text */
#include "unit.h"

#include <stdio.h>

#include "decode.h"
#include "delimited.h"

#define LIT(s) s, sizeof(s) - 1

static const struct {
	const char *data;
	size_t len;
	enum charset want;
	size_t bom;
} heads[] = {
	{ LIT("plain words\r\n\tand a tab"), CHARSET_ASCII_KIN, 0 },
	{ LIT("\xEF\xBB\xBFname,age"), CHARSET_ASCII_KIN, 3 },
	{ LIT("caf\xE9 \x96 \xA3 5"), CHARSET_ASCII_KIN, 0 },           /* cp1252 */
	{ LIT("\x1B[31mred\x1B[0m log line\n"), CHARSET_ASCII_KIN, 0 }, /* colours */
	{ LIT("8=FIX.4.2\x01"
	      "9=65\x01"
	      "35=A\x01"),
	  CHARSET_ASCII_KIN, 0 },
	{ LIT("\xFF\xFEh\0i\0"), CHARSET_UTF16LE, 2 },
	{ LIT("\xFE\xFF\0h\0i"), CHARSET_UTF16BE, 2 },
	{ LIT("h\0e\0l\0l\0o\0\r\0\n\0"), CHARSET_UTF16LE, 0 }, /* no BOM */
	{ LIT("\0h\0e\0l\0l\0o"), CHARSET_UTF16BE, 0 },
	{ LIT("\xFF\xFE\x2D\x4E\x87\x65\x2D\x4E"), CHARSET_UTF16LE, 2 }, /* CJK: no control byte */
	{ LIT("\xFF\xFE\0\0h\0\0\0i\0\0\0"), CHARSET_UTF32LE, 4 },
	{ LIT("\0\0\xFE\xFF\0\0\0h"), CHARSET_UTF32BE, 4 },
	{ LIT("h\0\0\0e\0\0\0l\0\0\0l\0\0\0o\0\0\0"), CHARSET_UTF32LE, 0 },
	{ LIT("\x7F"
	      "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0\x3E\0\x01\0\0\0"),
	  CHARSET_BINARY, 0 },
	{ LIT("\xFF\xFE\x01\x02\x03\xE4\x05\xD8\x07\0\x0E\x0F\x10\x11"), CHARSET_BINARY, 0 },
	{ LIT("\0\0\0\0\0\0\0\0"), CHARSET_BINARY, 0 },
	{ LIT("\x01\x02\x03"), CHARSET_BINARY, 0 },
	{ "", 0, CHARSET_ASCII_KIN, 0 },
};

START_TEST(detects)
{
	struct encoding e = encoding_of((const uint8_t *)heads[_i].data, heads[_i].len);

	ck_assert_int_eq(e.charset, heads[_i].want);
	ck_assert_uint_eq(e.bom, heads[_i].bom);
}
END_TEST

/* A log that was preallocated: text, then NULs to the end. */
START_TEST(text_with_a_tail_of_nuls)
{
	uint8_t data[8192] = { 0 };

	for (size_t i = 0; i < 2000; i++)
		data[i] = i % 60 ? 'x' : '\n';
	ck_assert_int_eq(encoding_of(data, sizeof(data)).charset, CHARSET_ASCII_KIN);
}
END_TEST

static const struct {
	const char *in;
	size_t in_len;
	bool big;
	size_t cap;
	const char *want;
	size_t took;
	bool ascii;
} conversions[] = {
	{ LIT("a\0b\0"), false, 10, "ab", 4, true },
	{ LIT("\0a\0b"), true, 10, "ab", 4, true },
	{ LIT("a\0\xE9\0"), false, 10, "a\xC3\xA9", 4, false },
	{ LIT("\x3D\xD8\x00\xDE"), false, 10, "\xF0\x9F\x98\x80", 4, false },
	{ LIT("\x3D\xD8"), false, 10, "", 0, true },                  /* half a pair */
	{ LIT("\x3D\xD8x\0"), false, 10, "\xEF\xBF\xBDx", 4, false }, /* unpaired high */
	{ LIT("\x00\xDEx\0"), false, 10, "\xEF\xBF\xBDx", 4, false }, /* unpaired low */
	{ LIT("a\0\xE9\0"), false, 2, "a", 2, true },                 /* no room for it */
	{ LIT("a\0b\0c"), false, 10, "ab", 4, true },                 /* odd byte */
	{ LIT("0\0001\0002\0003\0004\0005\0006\0007\0008\0009\0"), false, 9, "012345678", 18,
	  true },
};

START_TEST(converts_utf16)
{
	char out[16];
	size_t took, n;
	bool ascii;

	n = utf16_to_utf8((const uint8_t *)conversions[_i].in, conversions[_i].in_len,
			  conversions[_i].big, out, conversions[_i].cap, &took, &ascii);
	ck_assert_uint_eq(n, strlen(conversions[_i].want));
	ck_assert_mem_eq(out, conversions[_i].want, n);
	ck_assert_uint_eq(took, conversions[_i].took);
	if (took == conversions[_i].in_len)
		ck_assert_int_eq(ascii, conversions[_i].ascii);
}
END_TEST

START_TEST(converts_utf32)
{
	char out[16];
	size_t took, n;

	n = utf32_to_utf8((const uint8_t *)"a\0\0\0\x00\xF6\x01\0\0\xD8\0\0\xFF", 13, false, out,
			  sizeof(out), &took);
	ck_assert_uint_eq(took, 12);
	ck_assert_uint_eq(n, 8);
	ck_assert_mem_eq(out, "a\xF0\x9F\x98\x80\xEF\xBF\xBD", 8);
}
END_TEST

static const struct {
	const char *text;
	bool named, whole;
	char delimiter; /* 0: no table */
	size_t columns;
} tables[] = {
	{ "a,b,c\n1,2,3\n", false, true, ',', 3 },
	{ "a\tb\n1\t2\n", false, true, '\t', 2 },
	{ "a;b\r\n\"x;\"\"y\r\n;z\";2\r\n", false, true, ';', 2 }, /* quotes, a line end within */
	{ "sep=|\na|b,c|d\n1|2|3\n", false, true, '|', 3 },
	{ "Dear Sir,\nthank you\n", false, true, 0, 0 },
	{ "a,b,c\n1,2\n", false, true, 0, 0 },
	{ "a,b,c\n1,2\n", true, true, ',', 3 }, /* ragged, but so named */
	{ "\"never closed,b\n1,2\n", false, true, 0, 0 },
	{ "a,b\n1,2\n3", false, false, ',', 2 }, /* cut in the third record */
	{ "", false, true, 0, 0 },
	{ "\n\n\n", false, true, 0, 0 },
};

START_TEST(sniffs_tables)
{
	struct delimited d;
	bool is = delimited_sniff(tables[_i].text, strlen(tables[_i].text), tables[_i].whole,
				  tables[_i].named, &d);

	ck_assert_int_eq(is, tables[_i].delimiter != 0);
	if (is) {
		ck_assert_int_eq(d.delimiter, tables[_i].delimiter);
		ck_assert_uint_eq(d.columns, tables[_i].columns);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("text decode");
	TCase *tc = tcase_create("decode");

	tcase_add_loop_test(tc, detects, 0, ARRAY_SIZE(heads));
	tcase_add_test(tc, text_with_a_tail_of_nuls);
	tcase_add_loop_test(tc, converts_utf16, 0, ARRAY_SIZE(conversions));
	tcase_add_test(tc, converts_utf32);
	tcase_add_loop_test(tc, sniffs_tables, 0, ARRAY_SIZE(tables));
	suite_add_tcase(suite, tc);
	return suite;
}
