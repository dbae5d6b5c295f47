/* test_cli_options.c - the command line's table and parser */
#include "unit.h"

#include "options.h"

#define ARGS_MAX 8

static int count(const char *const *args)
{
	int n = 0;

	while (n < ARGS_MAX && args[n])
		n++;
	return n;
}

static const struct {
	const char *args[ARGS_MAX];
	const char *want; /* NULL: accepted */
} lines[] = {
	{ { "assay", "scan", "a" }, NULL },
	{ { "assay", "scan", "-" }, NULL },
	{ { "assay", "scan", "--", "--x" }, NULL },
	{ { "assay", "-h" }, NULL },
	{ { "assay", "--version" }, NULL },
	{ { "assay", "scan", "--help" }, NULL },
	{ { "assay", "scan", "--files-from=-", "-0" }, NULL },
	{ { "assay", "rules", "list", "--as=rg" }, NULL },
	{ { "assay", "scan", "--max-gaps=2%", "a" }, NULL },
	{ { "assay" }, "a command is missing; `assay --help' lists them" },
	{ { "assay", "scan" }, "scan: PATH... is missing" },
	{ { "assay", "scn", "a" }, "there is no command `scn'; did you mean `scan'?" },
	{ { "assay", "xyzzy" }, "there is no command `xyzzy'" },
	{ { "assay", "scan", "--exclud=x", "a" },
	  "there is no option `--exclud'; did you mean `--exclude'?" },
	{ { "assay", "scan", "--work=2", "a" }, "there is no option `--work'" }, /* no prefixes */
	{ { "assay", "scan", "--max-otu=1", "a" },
	  "there is no option `--max-otu'; did you mean `--max-out'?" },
	{ { "assay", "scan", "--max-out", "12x", "a" },
	  "--max-out: `12x' is no size; write 512MiB or 2GB" },
	{ { "assay", "scan", "--file-timeout=9", "a" },
	  "--file-timeout: `9' is no time; write 90s or 5m" },
	{ { "assay", "scan", "-jx", "a" }, "-j: `x' is no number" },
	{ { "assay", "scan", "--max-gaps=101%", "a" },
	  "--max-gaps: `101%' is no number; write 10 or 2%" },
	{ { "assay", "scan", "--mask=none", "a" },
	  "--mask: `none' is none of shape, partial, full" },
	{ { "assay", "scan", "--json=yes", "a" }, "--json takes no value" },
	{ { "assay", "scan", "a", "-o" }, "-o needs FILE" },
	{ { "assay", "scan", "--exclude=", "a" }, "--exclude: `' is empty" },
	{ { "assay", "scan", "-Z" }, "there is no option `-Z'" },
	{ { "assay", "scan", "-\x1b" }, "there is no such option" },
	{ { "assay", "report", "--workers=1", "l" }, "--workers is no option of `assay report'" },
	{ { "assay", "report", "a", "b" }, "report: `b' is one operand too many" },
	{ { "assay", "--workers=2" },
	  "--workers goes after a command, such as `assay scan --workers'" },
	{ { "assay", "rules", "lst" },
	  "there is no command `rules lst'; did you mean `rules list'?" },
};

START_TEST(accepts_or_says_why_not)
{
	char *const *argv = (char *const *)lines[_i].args;
	struct assay_error err = { 0 };
	struct options o;
	enum assay_status st = options_parse(count(lines[_i].args), argv, &o, &err);

	if (lines[_i].want) {
		ck_assert_int_eq(st, ASSAY_FAILED);
		ck_assert_int_eq(err.reason, ASSAY_BAD_USAGE);
		ck_assert_str_eq(err.detail, lines[_i].want);
	} else {
		ck_assert_msg(st == ASSAY_OK, "%s", err.detail);
	}
	options_done(&o);
}
END_TEST

START_TEST(values_are_typed)
{
	static const char *const args[] = { "assay",
					    "-q",
					    "scan",
					    "-qx*.o",
					    "-j",
					    "4",
					    "--max-out=2GB",
					    "--exclude",
					    "b",
					    "share",
					    "--engine=reference" };
	struct assay_error err = { 0 };
	struct options o;

	ck_assert_int_eq(options_parse(ARRAY_SIZE(args), (char *const *)args, &o, &err), ASSAY_OK);
	ck_assert_str_eq(o.command->name, "scan");
	ck_assert_uint_eq(option_uses(&o, OPT_QUIET), 2);
	ck_assert_uint_eq(option_number(&o, OPT_WORKERS, 0), 4);
	ck_assert_uint_eq(option_number(&o, OPT_MAX_OUT, 0), 2000000000);
	ck_assert_uint_eq(option_number(&o, OPT_ENGINE, 0), 1);
	ck_assert_uint_eq(option_number(&o, OPT_MAX_DEPTH, 8), 8);
	ck_assert_str_eq(option_nth(&o, OPT_EXCLUDE, 0)->text, "*.o");
	ck_assert_str_eq(option_nth(&o, OPT_EXCLUDE, 1)->text, "b");
	ck_assert_ptr_null(option_nth(&o, OPT_EXCLUDE, 2));
	ck_assert_str_eq(option_text(&o, OPT_ENGINE, ""), "reference");
	ck_assert_uint_eq(o.operands.len, 1);
	ck_assert_str_eq(o.operands.items[0], "share");
	options_done(&o);
}
END_TEST

static const struct {
	const char *text;
	bool ok;
	uint64_t number;
} sizes[] = {
	{ "0", true, 0 },
	{ "512", true, 512 },
	{ "64KiB", true, 65536 },
	{ "2GB", true, 2000000000 },
	{ "18446744073709551615", true, UINT64_MAX },
	{ "18446744073709551616", false, 0 }, /* one too many */
	{ "16777216TiB", false, 0 },	      /* 2^64 */
	{ "", false, 0 },
	{ "-1", false, 0 },
	{ "1.5GB", false, 0 },
	{ "2 GB", false, 0 },
	{ "2GBx", false, 0 },
}, durations[] = {
	{ "90s", true, 90000 },
	{ "5m", true, 300000 },
	{ "2h", true, 7200000 },
	{ "30d", true, UINT64_C(2592000000) },
	{ "250ms", true, 250 },
	{ "5", false, 0 },
	{ "s", false, 0 },
	{ "99999999999999999999d", false, 0 },
};

START_TEST(sizes_and_durations)
{
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		uint64_t n = 0;

		ck_assert_msg(parse_size(sizes[i].text, &n) == sizes[i].ok, "%s", sizes[i].text);
		ck_assert_uint_eq(n, sizes[i].number);
	}
	for (size_t i = 0; i < ARRAY_SIZE(durations); i++) {
		uint64_t n = 0;

		ck_assert_msg(parse_duration(durations[i].text, &n) == durations[i].ok, "%s",
			      durations[i].text);
		ck_assert_uint_eq(n, durations[i].number);
	}
}
END_TEST

START_TEST(the_table_is_sound)
{
	for (size_t i = 0; i < option_rows_len; i++) {
		const struct option_row *row = &option_rows[i];

		ck_assert_msg(row->help && row->help[0] && row->commands && row->group, "%s",
			      row->name);
		ck_assert_msg(row->help[strlen(row->help) - 1] != '.', "%s", row->name);
		ck_assert_int_eq(row->argument == NULL, row->kind == OPTION_FLAG);
		ck_assert_int_eq(row->choices != NULL, row->kind == OPTION_CHOICE);
		for (size_t k = 0; k < i; k++) {
			ck_assert_str_ne(row->name, option_rows[k].name);
			ck_assert_int_ne(row->id, option_rows[k].id);
			ck_assert(!row->key || row->key != option_rows[k].key);
		}
		/* A group's rows stand together, or --help would repeat its heading. */
		for (size_t k = i + 1; k + 1 < option_rows_len; k++)
			ck_assert(option_rows[k].group == row->group ||
				  option_rows[k + 1].group != row->group);
	}
}
END_TEST

START_TEST(help_and_manual_name_every_option)
{
	for (size_t c = 0; c < command_rows_len; c++) {
		CLEANUP(mem_freep) char *help = NULL;
		CLEANUP(mem_freep) char *roff = NULL;
		size_t help_len, roff_len;
		FILE *out = open_memstream(&help, &help_len);

		options_help(out, &command_rows[c], 80);
		fclose(out);
		out = open_memstream(&roff, &roff_len);
		options_roff(out, &command_rows[c]);
		fclose(out);
		for (const char *at = help; *at; at += strcspn(at, "\n") + 1)
			ck_assert_msg(strcspn(at, "\n") <= 80, "%.90s", at);
		for (size_t i = 0; i < option_rows_len; i++) {
			char name[64], escaped[128];
			size_t len = 0;

			if (!(option_rows[i].commands & command_rows[c].id))
				continue;
			snprintf(name, sizeof(name), "--%s", option_rows[i].name);
			ck_assert_ptr_nonnull(strstr(help, name));
			for (const char *p = name; *p; p++)
				len += (size_t)snprintf(escaped + len, sizeof(escaped) - len,
							"%s%c", *p == '-' ? "\\" : "", *p);
			ck_assert_ptr_nonnull(strstr(roff, escaped));
		}
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("cli_options");
	TCase *tc = tcase_create("options");

	tcase_add_loop_test(tc, accepts_or_says_why_not, 0, ARRAY_SIZE(lines));
	tcase_add_test(tc, values_are_typed);
	tcase_add_test(tc, sizes_and_durations);
	tcase_add_test(tc, the_table_is_sound);
	tcase_add_test(tc, help_and_manual_name_every_option);
	suite_add_tcase(s, tc);
	return s;
}
