/* version.c - assay --version: the program, its rules, the libraries it finds here */
#include <archive.h>
#include <hs/hs.h>
#include <libdeflate.h>
#include <magic.h>
#include <nettle/version.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <seccomp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <yaml.h>

#include "assay/assay.h"
#include "commands.h"
#include "fail.h"
#include "library.h"

/** Longest version text, with its end. */
#define TEXT 64

/* What is linked is there, or the program would not start. */

static void vectorscan(char *ret)
{
	/* Behind the number stands the day it was built. */
	snprintf(ret, TEXT, "%.*s", (int)strcspn(hs_version(), " "), hs_version());
}

static void pcre(char *ret)
{
	pcre2_config(PCRE2_CONFIG_VERSION, ret);
	ret[strcspn(ret, " ")] = '\0';
}

static void hashes(char *ret)
{
	snprintf(ret, TEXT, "%d.%d", nettle_version_major(), nettle_version_minor());
}

static void seccomp(char *ret)
{
	const struct scmp_version *v = seccomp_version();

	snprintf(ret, TEXT, "%u.%u.%u", v->major, v->minor, v->micro);
}

/* It does not tell: that of the headers it was built with. */
static void deflate(char *ret)
{
	snprintf(ret, TEXT, "%s", LIBDEFLATE_VERSION_STRING);
}

/* What is opened when it is needed may be missing here. */

#define HS_CALLS(X) X(hs_version)
#define ARCHIVE_CALLS(X) X(archive_version_string)
#define SQLITE_CALLS(X) X(sqlite3_libversion)
#define MAGIC_CALLS(X) X(magic_version)
#define YAML_CALLS(X) X(yaml_get_version_string)

static LIBRARY_CALLS(hs_version_calls, HS_CALLS) hs;
static LIBRARY_CALLS(archive_version_calls, ARCHIVE_CALLS) la;
static LIBRARY_CALLS(sqlite_version_calls, SQLITE_CALLS) lite;
static LIBRARY_CALLS(magic_version_calls, MAGIC_CALLS) magic;
static LIBRARY_CALLS(yaml_version_calls, YAML_CALLS) yaml;

static struct library libhs = LIBRARY(HS_COMPILER_SONAME, HS_CALLS, hs);
static struct library libarchive = LIBRARY(ARCHIVE_SONAME, ARCHIVE_CALLS, la);
static struct library libsqlite3 = LIBRARY(SQLITE_SONAME, SQLITE_CALLS, lite);
static struct library libmagic = LIBRARY(MAGIC_SONAME, MAGIC_CALLS, magic);
static struct library libyaml = LIBRARY(YAML_SONAME, YAML_CALLS, yaml);

static void compiler_text(char *ret)
{
	snprintf(ret, TEXT, "%.*s", (int)strcspn(hs.hs_version(), " "), hs.hs_version());
}

static void archive_text(char *ret)
{
	const char *text = la.archive_version_string(); /* "libarchive 3.6.2" */

	snprintf(ret, TEXT, "%s", text + strcspn(text, "0123456789"));
}

static void sqlite_text(char *ret)
{
	snprintf(ret, TEXT, "%s", lite.sqlite3_libversion());
}

static void magic_text(char *ret)
{
	snprintf(ret, TEXT, "%d.%02d", magic.magic_version() / 100, magic.magic_version() % 100);
}

static void yaml_text(char *ret)
{
	snprintf(ret, TEXT, "%s", yaml.yaml_get_version_string());
}

static const struct {
	const char *name;
	struct library *opened; /**< NULL: linked */
	void (*text)(char *ret);
	const char *use;
	const char *without; /**< what becomes of its work where it is missing */
} rows[] = {
	{ "Vectorscan", NULL, vectorscan, "the search for literals", NULL },
	{ "its compiler", &libhs, compiler_text, "compiles a site's own rules",
	  "a site's rules fail to load" },
	{ "PCRE2", NULL, pcre, "proves each match", NULL },
	{ "libdeflate", NULL, deflate, "zip and gzip", NULL },
	{ "libarchive", &libarchive, archive_text, "7z, rar, tar, cab, iso and others",
	  "such archives are read as strings, each a gap" },
	{ "SQLite", &libsqlite3, sqlite_text, "databases",
	  "databases are read as strings, each a gap" },
	{ "libmagic", &libmagic, magic_text, "names of rare file types",
	  "rare types are application/octet-stream" },
	{ "libyaml", &libyaml, yaml_text, "reads a site's own rules",
	  "a site's rules fail to load" },
	{ "Nettle", NULL, hashes, "hashes", NULL },
	{ "libseccomp", NULL, seccomp, "confines the workers", NULL },
};

static void show_library(size_t i)
{
	char text[TEXT] = "missing";
	bool is_here = !rows[i].opened || library_open(rows[i].opened);

	if (is_here)
		rows[i].text(text);
	printf("  %-12s %-9s %s\n", rows[i].name, text, is_here ? rows[i].use : rows[i].without);
}

int show_version(void)
{
	assay_ruleset *set = NULL;
	struct assay_error err;

	printf("assay %s\n", ASSAY_VERSION);
	if (assay_ruleset_builtin(&set, &err) < 0)
		return complain(&err);
	printf("rules: %zu built in\nlibraries:\n", assay_ruleset_count(set));
	assay_ruleset_free(set);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		show_library(i);
	return EXIT_SUCCESS;
}
