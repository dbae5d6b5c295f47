/* cmd_makelist.c - assay rules make-list: values to a list that only says whether it has one */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>

#include "commands.h"
#include "delimited.h"
#include "fail.h"
#include "fold.h"
#include "utf8.h"
#include "keyfile.h"
#include "known.h"
#include "rulenames.h"
#include "savefile.h"

#define INPUT_MAX (512 * MiB)

/** Lines of values that came to nothing, of which so many are named. */
#define LEFT_OUT_NAMED 5

struct listing {
	struct known_maker maker;
	struct buf input;
	char *value; /**< the one at hand, unquoted and folded; as long as the input */
	uint64_t values;
	uint64_t left_out;
	uint64_t left_out_lines[LEFT_OUT_NAMED];
};

static void listing_done(struct listing *l)
{
	/* Values are not left lying about in memory that others may get. */
	if (l->input.data)
		explicit_bzero(l->input.data, l->input.len);
	if (l->value)
		explicit_bzero(l->value, l->input.len);
	free(l->value);
	buf_done(&l->input);
	known_maker_done(&l->maker);
}

static enum assay_status read_input(const char *path, struct buf *input, struct assay_error *err)
{
	CLEANUP(fd_closep)
	int fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
					: open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	for (;;) {
		char *room = buf_reserve(input, 64 * KiB);
		ssize_t got = room && fd >= 0 ? read(fd, room, 64 * KiB) : -1;

		if (got < 0 && room && errno == EINTR && fd >= 0)
			continue;
		if (!room)
			return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
					  "%.150s: larger than %zu MiB: make two lists", path,
					  INPUT_MAX / MiB);
		if (got < 0)
			return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "%.150s",
					      path);
		if (got == 0)
			break;
		input->len += (size_t)got;
	}
	if (input->len &&
	    (memchr(input->data, '\0', input->len) || !utf8_valid(input->data, input->len)))
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "%.150s: not UTF-8 text: save it as that", path);
	return ASSAY_OK;
}

static void no_shift(void *ctx, size_t folded_at, size_t source_at)
{
	(void)ctx;
	(void)folded_at;
	(void)source_at;
}

/** A cell without its quotes and the space around it, as scanned text is: in l->value. */
static size_t take_value(struct listing *l, const char *cell, size_t len)
{
	bool is_quoted = len > 1 && cell[0] == '"';
	size_t n = 0, first = 0;

	for (size_t i = is_quoted; i < len; i++) {
		if (is_quoted && cell[i] == '"' && (i + 1 == len || cell[++i] != '"'))
			break;
		l->value[n++] = cell[i];
	}
	n = fold(l->value, n, no_shift, NULL);
	while (n > 0 && is_space(l->value[n - 1]))
		n--;
	while (first < n && is_space(l->value[first]))
		first++;
	memmove(l->value, l->value + first, n - first);
	return n - first;
}

static enum assay_status add(struct listing *l, const char *cell, size_t len, uint64_t line,
			     struct assay_error *err)
{
	size_t n = take_value(l, cell, len);

	if (n == 0)
		return ASSAY_OK;
	switch (known_maker_add(&l->maker, l->value, n)) {
	case KNOWN_ADDED:
		l->values++;
		return ASSAY_OK;
	case KNOWN_NOTHING_LEFT:
		if (l->left_out < LEFT_OUT_NAMED)
			l->left_out_lines[l->left_out] = line;
		l->left_out++;
		return ASSAY_OK;
	default:
		return assay_fail(err, ASSAY_FATAL, ASSAY_LIMIT_SIZE,
				  "no room for more than %zu values: make two lists", l->maker.len);
	}
}

/* ---- lines ---- */

static enum assay_status add_lines(struct listing *l, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;
	uint64_t line = 1;

	for (size_t at = 0; at < l->input.len && st == ASSAY_OK; line++) {
		const char *begin = l->input.data + at;
		const char *end = memchr(begin, '\n', l->input.len - at);
		size_t len = end ? (size_t)(end - begin) : l->input.len - at;

		st = add(l, begin, len, line, err);
		at += len + 1;
	}
	return st;
}

/* ---- a column of a table ---- */

struct table {
	size_t at; /**< of the next cell */
	uint64_t line, row, column;
	char delimiter;
};

struct cell {
	const char *text;
	size_t len;
	uint64_t line, row, column; /**< from 1 */
};

/** @param ret_any  false at the end */
static enum assay_status next_cell(const struct buf *in, struct table *t, struct cell *ret,
				   bool *ret_any, struct assay_error *err)
{
	size_t end;

	*ret_any = t->at < in->len;
	if (!*ret_any)
		return ASSAY_OK;
	if (!delimited_cell(in->data, in->len, t->at, t->delimiter, &end))
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "line %" PRIu64 ": a quote is not closed", t->line);
	*ret = (struct cell){ in->data + t->at, end - t->at, t->line, t->row, t->column };
	t->line += fold_count_lines(ret->text, ret->len);
	t->column++;
	if (end < in->len && in->data[end] == '\r')
		end++;
	if (end < in->len && in->data[end] == '\n') {
		t->line++;
		t->row++;
		t->column = 1;
	}
	t->at = end + 1;
	return ASSAY_OK;
}

static bool is_heading(struct listing *l, const struct cell *c, const char *name)
{
	size_t len = take_value(l, c->text, c->len);

	return strlen(name) == len && strncasecmp(l->value, name, len) == 0;
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 7;
}

/** Where its first row begins, and what is between its cells. */
static struct table table_of(const struct buf *in)
{
	struct table t = { .line = 1, .row = 1, .column = 1, .delimiter = ',' };
	struct delimited sniffed;

	if (in->len >= 3 && memcmp(in->data, "\xEF\xBB\xBF", 3) == 0)
		t.at = 3;
	if (in->len > t.at &&
	    delimited_sniff(in->data + t.at, in->len - t.at, true, true, &sniffed)) {
		t.delimiter = sniffed.delimiter;
		t.at += sniffed.first;
	}
	return t;
}

/** A number, or a heading that stands in the first row. */
static enum assay_status add_column(struct listing *l, const char *name, struct assay_error *err)
{
	struct table t = table_of(&l->input);
	uint64_t wanted = is_number(name) ? strtoull(name, NULL, 10) : 0;
	enum assay_status st = ASSAY_OK;
	struct cell c = { 0 };
	bool any;

	while ((st = next_cell(&l->input, &t, &c, &any, err)) == ASSAY_OK && any) {
		if (wanted == 0 && c.row > 1)
			break;
		if (wanted == 0 && is_heading(l, &c, name))
			wanted = c.column;
		else if (c.column == wanted)
			st = add(l, c.text, c.len, c.line, err);
		if (st < 0)
			return st;
	}
	if (st == ASSAY_OK && wanted == 0)
		st = assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				"--column: no heading of the first row is `%.60s'", name);
	return st;
}

/* ---- the command ---- */

static enum assay_status write_list(struct listing *l, const char *path, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf file = BUF_INIT(KNOWN_FILE_MAX);
	CLEANUP(mem_freep) char *for_dir = strdup(path);
	CLEANUP(mem_freep) char *for_name = strdup(path);
	CLEANUP(fd_closep) int dir = -1;

	if (!for_dir || !for_name || !known_maker_write(&l->maker, &file))
		return assay_fail_memory(err, "the list");
	dir = open(dirname(for_dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir >= 0 && file_save(dir, basename(for_name), file.data, file.len))
		return ASSAY_OK;
	if (errno == ENOTSUP)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "%.150s: this is a device or a pipe, not a file: name another",
				  path);
	return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "%.150s", path);
}

static void tell(const struct listing *l, const char *path)
{
	printf("%s: %zu value%s", path, l->maker.len, l->maker.len == 1 ? "" : "s");
	if (l->values > l->maker.len)
		printf(", %" PRIu64 " more were given again", l->values - l->maker.len);
	putchar('\n');
	if (l->left_out == 0)
		return;
	printf("left out: %" PRIu64 " with nothing left after normalising, line", l->left_out);
	for (uint64_t i = 0; i < MIN(l->left_out, LEFT_OUT_NAMED); i++)
		printf("%s %" PRIu64, i ? "," : "", l->left_out_lines[i]);
	puts(l->left_out > LEFT_OUT_NAMED ? " ..." : "");
}

static enum assay_status make(const struct args *a, struct listing *l, struct assay_error *err)
{
	const char *key_file = args_last(a, OPT_KEY_FILE), *column = args_last(a, OPT_COLUMN);
	uint8_t key[KEY_BYTES];
	unsigned normalise = 0;
	bool ready;
	enum assay_status st = key_file_known(key_file, key, err);

	if (st < 0)
		return st;
	args_choice(a, OPT_NORMALISE, &normalise);
	ready = known_maker_init(&l->maker, key, (enum normalise)normalise);
	explicit_bzero(key, sizeof(key));
	if (!ready)
		return assay_fail_memory(err, "the list");
	st = read_input(a->operands[1], &l->input, err);
	if (st < 0)
		return st;
	l->value = malloc(l->input.len + 1);
	if (!l->value)
		return assay_fail_memory(err, "the list");
	st = column ? add_column(l, column, err) : add_lines(l, err);
	if (st == ASSAY_OK && l->values == 0)
		st = assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE, "%.150s: no values in it",
				a->operands[1]);
	return st == ASSAY_OK ? write_list(l, args_last(a, OPT_OUTPUT), err) : st;
}

int rules_make_list(const struct args *a)
{
	CLEANUP(listing_done) struct listing l = { .input = BUF_INIT(INPUT_MAX) };
	struct assay_error err;

	if (a->operands_len != 2)
		return complain_text("a list of what? assay rules make-list --key-file=KEY -o LIST "
				     "FILE (one value a line, or a table with --column)");
	if (!args_has(a, OPT_KEY_FILE))
		return complain_text("a list needs the site's key: --key-file=FILE; make one with: "
				     "head -c 32 /dev/urandom > FILE; chmod 600 FILE");
	if (!args_has(a, OPT_OUTPUT))
		return complain_text("where shall the list go? -o FILE");
	if (make(a, &l, &err) < 0)
		return complain(&err);
	tell(&l, args_last(a, OPT_OUTPUT));
	return EXIT_SUCCESS;
}
