/* test_identify.c - types by content */
#include "unit.h"

#include "identify.h"

#define LIT(s) s, sizeof(s) - 1
#define OOXML "application/vnd.openxmlformats-officedocument."

/* A local header of zip with a name and nothing else. */
#define LOCAL(len, name) "PK\3\4\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" len "\0\0\0" name

static const struct {
	const char *data;
	size_t len;
	const char *name;
	const char *mime;
} cases[] = {
	{ LIT("Dear colleague,\n\nplease find attached.\n"), "letter.txt", "text/plain" },
	{ LIT(""), "empty.bin", "text/plain" },
	{ LIT("INSERT INTO people VALUES (1);\n"), "backup", "text/x-sql" },
	{ LIT("--\n-- PostgreSQL database dump\n--\n"), "b.dump", "text/x-sql" },
	{ LIT("insert into the box a key\n"), NULL, "text/x-sql" }, /* harmless */
	{ LIT("unit Store;\ninterface\n"), "store.pas", "text/x-pascal" },
	{ LIT("fun main() {}\n"), "main.kt", "text/x-kotlin" },
	{ LIT("{\"a\": 1}"), NULL, "application/json" },
	{ LIT("[1, 2]"), NULL, "application/json" },
	{ LIT("[2024-01-01 10:00:00] started\n"), NULL, "text/plain" },
	{ LIT("[section]\nkey=value\n"), "x.ini", "text/x-ini" },
	{ LIT("[section]\nkey=value\n"), NULL, "text/plain" },
	{ LIT("{\"a\":1}\n{\"a\":2}\n"), NULL, "application/x-ndjson" },
	{ LIT("body { color: red }"), "a.css", "text/css" },
	{ LIT("<?xml version=\"1.0\"?><!-- c --><root/>"), NULL, "application/xml" },
	{ LIT("<?xml version=\"1.0\"?><!DOCTYPE svg><svg:svg/>"), NULL, "image/svg+xml" },
	{ LIT("<svg xmlns='x'></svg>"), NULL, "image/svg+xml" },
	{ LIT("<!DOCTYPE html><p>x"), NULL, "text/html" },
	{ LIT("  <HTML><body>"), NULL, "text/html" },
	{ LIT("<note><to>x</to></note>"), NULL, "application/xml" },
	{ LIT("<someone@example.com> wrote:\n"), NULL, "text/plain" },
	{ LIT("<?php echo 1;"), NULL, "text/x-php" },
	{ LIT("name,age,town\nJo,1,Leeds\n"), NULL, "text/csv" },
	{ LIT("name\tage\nJo\t1\n"), NULL, "text/tab-separated-values" },
	{ LIT("name,email\nJo,jo@example.com\n"), NULL, "text/csv" },
	{ LIT("2024-01-01 10:00:00,123 INFO a\n2024-01-01 10:00:00,124 INFO b\n"), NULL,
	  "text/plain" }, /* a comma a line, but a log */
	{ LIT("one, two, three\nfour, five, six\n"), NULL, "text/plain" },
	{ LIT("one, two, three\nfour, five\n"), "x.csv", "text/csv" },
	{ LIT("int a = 1, b = 2;\nint c = 3, d = 4;\n"), "x.c", "text/x-c" },
	{ LIT("#!/bin/sh\necho\n"), NULL, "text/x-shellscript" },
	{ LIT("From: a@example.com\nTo: b@example.com\nSubject: x\n\nbody\n"), NULL,
	  "message/rfc822" },
	{ LIT("From a@example.com Mon Jan  1 00:00:00 2024\nFrom: a@example.com\n\nx\n"), NULL,
	  "application/mbox" },
	{ LIT("From the desk of: me\nhello\n"), NULL, "text/plain" },
	{ LIT("Title: a note\nAuthor: b\n\nwords\n"), NULL, "text/plain" },
	{ LIT("{\\rtf1\\ansi x}"), NULL, "application/rtf" },
	{ LIT("%PDF-1.7\n%\xE2\xE3"), "a.pdf", "application/pdf" },
	{ LIT("\0\x01\x02%PDF-1.7\n\x02\x03"), NULL, "application/pdf" },
	{ LIT("0\x82\1\0\6\x09*\x86H\x86\xF7\r\1\7\2\xA0"), "a.p7m", "application/pkcs7-mime" },
	{ LIT("0\x80\6\x09*\x86H\x86\xF7\r\1\7\3\xA0\x80"), NULL, "application/pkcs7-mime" },
	{ LIT("\x1F\x8B\x08\0\0\0\0\0"), NULL, "application/gzip" },
	{ LIT("BZh91AY&SY\0\0"), NULL, "application/x-bzip2" },
	{ LIT("BZhang was here, and wrote this\n"), NULL, "text/plain" },
	{ LIT("\xFD"
	      "7zXZ\0\0\0"),
	  NULL, "application/x-xz" },
	{ LIT("\x28\xB5\x2F\xFD\0\0"), NULL, "application/zstd" },
	{ LIT("\x5D\0\0\x80\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\x01\x02"), NULL,
	  "application/x-lzma" },
	{ LIT("7z\xBC\xAF\x27\x1C\0\4"), NULL, "application/x-7z-compressed" },
	{ LIT("!<arch>\nx"), NULL, "application/x-archive" },
	{ LIT("SQLite format 3\0\x10\0"), "x.db", "application/vnd.sqlite3" },
	{ LIT("7\x7f\x06\x82\0\x2d\xe2\x18"), "x.db-wal", "application/x-sqlite-wal" },
	{ LIT("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0"), "x.doc", "application/x-ole-storage" },
	{ LIT("\xFF\xD8\xFF\xE0\0\x10JFIF"), NULL, "image/jpeg" },
	{ LIT("RIFF\0\0\0\0WEBPVP8 \0"), NULL, "image/webp" },
	{ LIT("\0\0\0\x18"
	      "ftypheic\0\0\0\0"),
	  NULL, "image/heif" },
	{ LIT("\xFF\xFE<\0?\0x\0m\0l\0 \0v\0=\0\"\0001\0\"\0?\0>\0<\0a\0/\0>\0"), NULL,
	  "application/xml" },
	{ LIT("\xFF\xFE"
	      "a\0,\0b\0,\0c\0\r\0\n\0001\0,\0002\0,\0003\0\r\0\n\0"),
	  NULL, "text/csv" },
	{ LIT("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), NULL, "application/zip" },
	{ LIT(LOCAL("\x05", "a.txt") "xxxx"), NULL, "application/zip" },
	{ LIT(LOCAL("\x13", "[Content_Types].xml") LOCAL("\x11", "word/document.xml")), "x.docx",
	  OOXML "wordprocessingml.document" },
	{ LIT(LOCAL("\x13", "[Content_Types].xml") LOCAL("\x0F", "xl/workbook.xml")), NULL,
	  OOXML "spreadsheetml.sheet" },
	{ LIT(LOCAL("\x0B", "_rels/.rels") LOCAL("\x14", "ppt/presentation.xml")), NULL,
	  OOXML "presentationml.presentation" },
	{ LIT(LOCAL("\x11", "word/document.xml") "xx"), NULL, "application/zip" }, /* a folder */
	{ LIT(LOCAL("\x08", "mimetype") "application/vnd.oasis.opendocument.textPK\3\4"), NULL,
	  "application/vnd.oasis.opendocument.text" },
	{ LIT(LOCAL("\x08", "mimetype") "application/epub+zipPK\3\4"), NULL,
	  "application/epub+zip" },
	{ LIT(LOCAL("\x14", "META-INF/MANIFEST.MF") "x"), NULL, "application/java-archive" },
	{ LIT("PK\3\4"), NULL, "application/zip" }, /* cut */
	{ LIT("\x01\x02\x03\x04\x05\x06\x0E\x0F\x10\x11\x12\x13"), NULL,
	  "application/octet-stream" },
};

START_TEST(knows)
{
	struct identity is;
	const char *name = cases[_i].name;

	identify(NULL, (const uint8_t *)cases[_i].data, cases[_i].len, true, name,
		 name ? strlen(name) : 0, &is);
	ck_assert_str_eq(is.mime, cases[_i].mime);
}
END_TEST

static const struct {
	const char *data;
	size_t len;
	const char *name;
	bool mismatch;
} names[] = {
	{ LIT("words\n"), "a.pdf", true },
	{ LIT("words\n"), "a.txt", false },
	{ LIT("words\n"), "A.CSV", false },
	{ LIT("%PDF-1.7\n"), "a.jpg", true },
	{ LIT("%PDF-1.7\n"), "a.txt", true },
	{ LIT("%PDF-1.7\n"), "a.PDF", false },
	{ LIT("%PDF-1.7\n"), "a.unheard-of", false },
	{ LIT("%PDF-1.7\n"), "pdf", false },
	{ LIT("{\"a\":1}"), "a.txt", false },
	{ LIT("\x01\x02\x03\x04\x05\x06"), "a.pdf", false }, /* unknown: nothing to compare */
};

START_TEST(compares_names)
{
	struct identity is;

	identify(NULL, (const uint8_t *)names[_i].data, names[_i].len, true, names[_i].name,
		 strlen(names[_i].name), &is);
	ck_assert_int_eq(is.ext_mismatch, names[_i].mismatch);
}
END_TEST

/* Old tar: no magic, and a text test would call it text. */
START_TEST(old_tar)
{
	uint8_t data[4096] = "file.txt";
	unsigned sum = 8 * ' ';
	struct identity is;

	memcpy(data + 100, "0000644\0000000000\0000000000\00000000005000\00014000000000", 48);
	memset(data + 512, 'x', sizeof(data) - 512);
	memset(data + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? 0 : data[i];
	for (size_t i = 0; i < 6; i++)
		data[153 - i] = (uint8_t)('0' + (sum >> 3 * i & 7));
	identify(NULL, data, sizeof(data), true, NULL, 0, &is);
	ck_assert_str_eq(is.mime, "application/x-tar");
	data[0] = 'F';
	identify(NULL, data, sizeof(data), true, NULL, 0, &is);
	ck_assert_str_ne(is.mime, "application/x-tar");
}
END_TEST

/* What they store may be text to the last byte: the header tells, or nothing does. */
START_TEST(stored_archives)
{
	static const struct {
		const char *head;
		size_t len;
		const char *mime;
	} heads[] = {
		{ LIT("\x20\x41-lh0-\x05\0\0\0\x05\0\0\0\0\0\x21\x5a\x20\0\x05"
		      "a.txt"),
		  "application/x-lha" },
		{ LIT("\x20\x41-lz4-\x05\0\0\0\x05\0\0\0\0\0\x21\x5a\x20\2\x05"
		      "a.txt"),
		  "application/x-lha" },
		{ LIT("a -lh5- is how such a header begins"), "text/plain" },
		{ LIT("\xc7\x71\1\0\2\0\xa4\x81\0\0\0\0\1\0\0\0\0\0\0\0\6\0\0\0\5\0"
		      "a.txt\0"),
		  "application/x-cpio" },
		{ LIT("\x71\xc7\0\1\0\2\x81\xa4\0\0\0\0\0\1\0\0\0\0\0\0\0\6\0\0\0\5"
		      "a.txt\0"),
		  "application/x-cpio" },
		/* the name does not end where it says */
		{ LIT("\xc7\x71\1\0\2\0\xa4\x81\0\0\0\0\1\0\0\0\0\0\0\0\5\0\0\0\5\0"
		      "a.txt\0"),
		  NULL },
	};
	uint8_t data[2000];
	struct identity is;

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++) {
		memset(data, 'x', sizeof(data));
		memcpy(data, heads[i].head, heads[i].len);
		identify(NULL, data, sizeof(data), true, NULL, 0, &is);
		if (heads[i].mime)
			ck_assert_msg(!strcmp(is.mime, heads[i].mime), "%zu: %s", i, is.mime);
		else
			ck_assert_str_ne(is.mime, "application/x-cpio");
	}
}
END_TEST

START_TEST(iso_beyond_32_kib)
{
	uint8_t *data = calloc(1, 64 * KiB);
	struct identity is;

	memcpy(data + 32768, "\1CD001\1", 7);
	identify(NULL, data, 64 * KiB, false, NULL, 0, &is);
	ck_assert_str_eq(is.mime, "application/x-iso9660-image");
	free(data);
}
END_TEST

START_TEST(libmagic_for_unknown_binaries)
{
	struct identifier *id = identifier_new();
	struct identity is;
	/* a Windows cursor animation: not in our table */
	static const char ani[] = "RIFF\x10\0\0\0ACONanih\x24\0\0\0\x24\0\0\0\x02\0\0\0\x02\0\0\0";

	ck_assert_ptr_nonnull(id);
	identify(id, (const uint8_t *)ani, sizeof(ani) - 1, true, NULL, 0, &is);
	ck_assert_ptr_nonnull(strchr(is.mime, '/'));
	ck_assert(!is.is_text);
	identifier_free(id);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("identify");
	TCase *tc = tcase_create("identify");

	tcase_add_loop_test(tc, knows, 0, ARRAY_SIZE(cases));
	tcase_add_loop_test(tc, compares_names, 0, ARRAY_SIZE(names));
	tcase_add_test(tc, old_tar);
	tcase_add_test(tc, stored_archives);
	tcase_add_test(tc, iso_beyond_32_kib);
	tcase_add_test(tc, libmagic_for_unknown_binaries);
	suite_add_tcase(suite, tc);
	return suite;
}
