/*
 * mkrules.c - the built-in packs as C, written when assay is built
 *
 *   mkrules PATTERNS_DIR OUT.c
 *
 * Reads PATTERNS_DIR/PACK/NAME.yaml in the order of names, holds them to what
 * built-in packs promise, compiles them, and writes rules and databases as
 * static const data: at start-up nothing is parsed.
 */
#include "buf.h"
#include "compile.h"
#include "fail.h"
#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>

/** Examples, and counter-examples, that each built-in rule must have. */
#define EXAMPLES_MIN 5

#define PACK_BYTES_MAX (2 * MiB)

/* ---- reading ---- */

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int is_pack(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return is_visible(entry) && len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum assay_status slurp(const char *path, struct buf *content, struct assay_error *err)
{
	FILE *f = fopen(path, "r");
	char *room;
	size_t got;

	if (!f)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "%s", path);
	do {
		room = buf_reserve(content, 64 * KiB);
		got = room ? fread(room, 1, 64 * KiB, f) : 0;
		content->len += got;
	} while (got);
	if (ferror(f) || !room) {
		fclose(f);
		return assay_fail(err, ASSAY_FATAL, ASSAY_IO_ERROR, "%s: cannot be read", path);
	}
	fclose(f);
	return ASSAY_OK;
}

/** A pack lives in the directory of its name, and its rules are well tested. */
static enum assay_status check_promises(const struct rule *r, const char *dir,
					struct assay_error *err)
{
	if (strcmp(r->pack, dir) != 0)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  "%s: pack %s in the directory of another", r->file, r->pack);
	if (r->terms || r->known)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  "%s:%u: rule %s: files beside a pack are for sites", r->file,
				  r->line, r->id);
	if (r->examples_len < EXAMPLES_MIN || r->counter_examples_len < EXAMPLES_MIN)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  "%s:%u: rule %s has %zu examples and %zu counter-examples: a "
				  "built-in one needs %d of each",
				  r->file, r->line, r->id, r->examples_len, r->counter_examples_len,
				  EXAMPLES_MIN);
	return ASSAY_OK;
}

static enum assay_status add_file(struct pack_set *packs, const char *root, const char *dir,
				  const char *name, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf content = BUF_INIT(PACK_BYTES_MAX);
	CLEANUP(buf_done) struct buf path = BUF_INIT(64 * KiB);
	CLEANUP(buf_done) struct buf shown = BUF_INIT(64 * KiB);
	const struct rule_list *list = pack_set_rules(packs);
	size_t before = list->len;
	enum assay_status st;

	/* Messages and `rules show` name the file as the sources do, not this machine's path. */
	if (!buf_printf(&path, "%s/%s/%s", root, dir, name) ||
	    !buf_printf(&shown, "patterns/%s/%s", dir, name))
		return assay_fail_memory(err, "paths");
	st = slurp(path.data, &content, err);
	if (st == ASSAY_OK)
		st = pack_set_parse(packs, shown.data, content.data, content.len, err);
	for (size_t i = before; i < list->len && st == ASSAY_OK; i++)
		st = check_promises(list->rules[i], dir, err);
	return st;
}

static void free_entries(struct dirent **entries, int count)
{
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
}

static enum assay_status add_directory(struct pack_set *packs, const char *root, const char *dir,
				       struct assay_error *err)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT(64 * KiB);
	enum assay_status st = ASSAY_OK;
	struct dirent **entries;
	int count;

	if (!buf_printf(&path, "%s/%s", root, dir))
		return assay_fail_memory(err, "paths");
	count = scandir(path.data, &entries, is_pack, by_name);
	if (count < 0)
		return errno == ENOTDIR ? ASSAY_OK /* patterns/README.md */
					: assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno,
							 "%s", path.data);
	for (int i = 0; i < count && st == ASSAY_OK; i++)
		st = add_file(packs, root, dir, entries[i]->d_name, err);
	free_entries(entries, count);
	return st;
}

static enum assay_status add_all(struct pack_set *packs, const char *root, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	struct dirent **entries;
	int count = scandir(root, &entries, is_visible, by_name);

	if (count < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "%s", root);
	for (int i = 0; i < count && st == ASSAY_OK; i++)
		st = add_directory(packs, root, entries[i]->d_name, err);
	free_entries(entries, count);
	if (st == ASSAY_OK && pack_set_rules(packs)->len == 0)
		st = assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE, "%s: no packs", root);
	return st;
}

/* ---- writing C ---- */

static void put_text(FILE *out, const char *text)
{
	if (!text) {
		fputs("NULL", out);
		return;
	}
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		/* Three octal digits end by themselves, unlike hex ones; `??` is a trigraph. */
		if (c < 0x20 || c >= 0x7F)
			fprintf(out, "\\%03o", c);
		else
			fprintf(out, strchr("\"\\?", c) ? "\\%c" : "%c", c);
	}
	fputc('"', out);
}

static void put_field(FILE *out, const char *name, const char *text)
{
	if (!text)
		return;
	fprintf(out, "\t\t.%s = ", name);
	put_text(out, text);
	fputs(",\n", out);
}

/** (const char *const[]){ "a", "b" }: at file scope it is static. */
static void put_texts(FILE *out, const char *const *texts, size_t len)
{
	fputs("(const char *const[]){ ", out);
	for (size_t i = 0; i < len; i++) {
		put_text(out, texts[i]);
		fputs(", ", out);
	}
	fputs("}", out);
}

static void put_texts_field(FILE *out, const char *name, const char *const *texts, size_t len)
{
	if (!len)
		return;
	fprintf(out, "\t\t.%s = ", name);
	put_texts(out, texts, len);
	fprintf(out, ",\n\t\t.%s_len = %zu,\n", name, len);
}

static void put_words(FILE *out, const char *name, const struct context_words *groups, size_t len)
{
	if (!len)
		return;
	fprintf(out, "\t\t.%s = (const struct context_words[]){\n", name);
	for (size_t i = 0; i < len; i++) {
		fputs("\t\t\t{ ", out);
		put_texts(out, groups[i].words, groups[i].words_len);
		fprintf(out, ", %zu, %u },\n", groups[i].words_len, groups[i].within);
	}
	fprintf(out, "\t\t},\n\t\t.%s_len = %zu,\n", name, len);
}

static void put_examples(FILE *out, const char *name, const struct rule_example *examples,
			 size_t len)
{
	fprintf(out, "\t\t.%s = (const struct rule_example[]){\n", name);
	for (size_t i = 0; i < len; i++) {
		const struct rule_example *e = &examples[i];

		fputs("\t\t\t{ ", out);
		put_text(out, e->text);
		fputs(", ", out);
		put_text(out, e->match);
		fputs(", ", out);
		put_text(out, e->field);
		fprintf(out, ", %d, ", (int)e->confidence);
		put_text(out, e->why);
		fprintf(out, ", %u, %u },\n", e->line, e->col);
	}
	fprintf(out, "\t\t},\n\t\t.%s_len = %zu,\n", name, len);
}

static void put_rule(FILE *out, const struct rule *r)
{
	fputs("\t{\n", out);
	put_field(out, "id", r->id);
	put_field(out, "name", r->name);
	put_field(out, "pack", r->pack);
	put_field(out, "file", r->file);
	fprintf(out, "\t\t.line = %u,\n", r->line);
	put_field(out, "category", r->category);
	fprintf(out, "\t\t.severity = %d,\n", (int)r->severity);
	put_field(out, "pattern", r->pattern);
	put_field(out, "prefilter", r->prefilter);
	put_field(out, "cell", r->cell);
	fprintf(out, "\t\t.shape = %d,\n", (int)r->shape);
	/* Both programs link the same table. */
	if (r->validator)
		fprintf(out, "\t\t.validator = &validators[%td], /* %s */\n",
			r->validator - validators, r->validator->name);
	put_field(out, "detector", r->detector);
	fprintf(out, "\t\t.confidence = %d,\n", (int)r->confidence);
	put_words(out, "raise", r->raise, r->raise_len);
	put_words(out, "lower", r->lower, r->lower_len);
	put_texts_field(out, "fields", r->fields, r->fields_len);
	fprintf(out, "\t\t.normalise = %d,\n", (int)r->normalise);
	fprintf(out, "\t\t.reveal = %d,\n\t\t.reveal_len = %u,\n", (int)r->reveal, r->reveal_len);
	put_texts_field(out, "test_values", r->test_values, r->test_values_len);
	put_field(out, "help", r->help);
	put_field(out, "duty", r->duty);
	put_texts_field(out, "references", r->references, r->references_len);
	put_examples(out, "examples", r->examples, r->examples_len);
	put_examples(out, "counter_examples", r->counter_examples, r->counter_examples_len);
	put_field(out, "version", r->version);
	fputs("\t},\n", out);
}

static const char head[] = "/* Written by mkrules from the packs in patterns/: edit those. */\n"
			   "#include \"builtin.h\"\n"
			   "#include \"compile.h\"\n\n";

static const char tail[] =
    "const struct rule_list *builtin_rules(void)\n"
    "{\n"
    "\treturn &builtin_list;\n"
    "}\n\n"
    "enum assay_status assay_ruleset_builtin(assay_ruleset **ret_set, struct assay_error *err)\n"
    "{\n"
    "\treturn ruleset_from_image(&builtin_list, &builtin_image, ret_set, err);\n"
    "}\n\n"
    "enum assay_status assay_ruleset_load(const char *const *paths, size_t paths_len,\n"
    "\t\t\t\t     bool add_to_builtin, assay_ruleset **ret_set,\n"
    "\t\t\t\t     struct assay_error *err)\n"
    "{\n"
    "\tconst struct rule_sources sources = {\n"
    "\t\t.base = add_to_builtin ? &builtin_list : NULL,\n"
    "\t\t.paths = paths,\n"
    "\t\t.paths_len = paths_len,\n"
    "\t};\n"
    "\tenum assay_status st = ruleset_read(&sources, ret_set, err);\n\n"
    "\treturn st == ASSAY_OK && !*ret_set ? assay_ruleset_builtin(ret_set, err) : st;\n"
    "}\n";

static void put_list(FILE *out, const struct rule_list *list)
{
	fputs("static const struct rule builtin[] = {\n", out);
	for (size_t i = 0; i < list->len; i++)
		put_rule(out, list->rules[i]);
	fputs("};\n\nstatic const struct rule *const builtin_order[] = {\n", out);
	for (size_t i = 0; i < list->len; i++)
		fprintf(out, "\t&builtin[%zu],\n", i);
	fprintf(out,
		"};\n\nstatic const struct rule_list builtin_list = {\n"
		"\t.rules = builtin_order,\n\t.len = %zu,\n\t.version = \"%s\",\n};\n\n",
		list->len, list->version);
}

static enum assay_status write_all(const struct rule_list *list, const struct ruleset_image *image,
				   FILE *out, struct assay_error *err)
{
	bool printed;

	fputs(head, out);
	put_list(out, list);
	printed = ruleset_image_print(image, "builtin_image", out);
	fprintf(out, "\n%s", tail);
	if (!printed || fflush(out) != 0 || ferror(out))
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "writing");
	return ASSAY_OK;
}

/** Write beside `path` and rename: a build that was stopped leaves no half file. */
static enum assay_status write_file(const struct rule_list *list, const struct ruleset_image *image,
				    const char *path, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf beside = BUF_INIT(64 * KiB);
	enum assay_status st;
	FILE *out;

	if (!buf_printf(&beside, "%s.new", path))
		return assay_fail_memory(err, "paths");
	out = fopen(beside.data, "w");
	if (!out)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "%s", beside.data);
	st = write_all(list, image, out, err);
	if (fclose(out) != 0 && st == ASSAY_OK)
		st = assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "%s", beside.data);
	if (st == ASSAY_OK && rename(beside.data, path) != 0)
		st = assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "%s", path);
	if (st < 0)
		unlink(beside.data);
	return st;
}

static enum assay_status make(struct pack_set *packs, const char *patterns, const char *path,
			      struct assay_error *err)
{
	CLEANUP(ruleset_image_done) struct ruleset_image image = { 0 };
	enum assay_status st = add_all(packs, patterns, err);

	if (st == ASSAY_OK)
		st = ruleset_image_make(pack_set_rules(packs), &image, err);
	if (st == ASSAY_OK)
		st = write_file(pack_set_rules(packs), &image, path, err);
	return st;
}

int main(int argc, char **argv)
{
	struct pack_set *packs = NULL;
	struct assay_error err = { 0 };
	enum assay_status st;

	if (argc != 3) {
		fputs("usage: mkrules PATTERNS_DIR OUT.c\n", stderr);
		return EXIT_FAILURE;
	}
	st = pack_set_new(&packs, &err);
	if (st == ASSAY_OK)
		pack_set_want_shapes(packs);
	if (st == ASSAY_OK)
		st = make(packs, argv[1], argv[2], &err);
	if (st < 0)
		fprintf(stderr, "mkrules: %s\n", err.detail);
	pack_set_free(packs);
	return st == ASSAY_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
