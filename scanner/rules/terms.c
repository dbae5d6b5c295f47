/* terms.c - dictionaries: reading them, and matching them at one place */
#include "terms.h"

#include "arena.h"
#include "buf.h"
#include "fail.h"
#include "fold.h"
#include "utf8.h"
#include "rulefile.h"

/* ---- characters ---- */

static bool is_gap(char c)
{
	return is_space(c) || c == '_' || c == '-';
}

/**
 * Does a letter or digit begin here?  Beyond ASCII by the first byte: Latin-1's signs,
 * general punctuation and pictures are none, all else is taken for letters.
 */
static bool is_word_at(const char *data, size_t len, size_t at)
{
	unsigned char c, next;

	if (at >= len)
		return false;
	c = (unsigned char)data[at];
	next = at + 1 < len ? (unsigned char)data[at + 1] : 0;
	if (c < 0x80)
		return is_alnum(data[at]);
	if (c == 0xC3)
		return next != 0x97 && next != 0xB7;
	return (c > 0xC3 && c < 0xEF && c != 0xE2);
}

/** Does one end here? */
static bool is_word_before(const char *data, size_t len, size_t at)
{
	size_t first = at;

	if (at == 0)
		return false;
	do
		first--;
	while (first > 0 && at - first < 4 && ((unsigned char)data[first] & 0xC0) == 0x80);
	if (first + 1 < at && (unsigned char)data[first] < 0x80)
		return false; /* stray continuation bytes */
	return is_word_at(data, len, first);
}

/** Lower case of U+00C0 to U+017F, which take two bytes before and after. */
static uint32_t lower_latin(uint32_t c)
{
	bool even = c % 2 == 0;

	if (c < 0xE0)
		return c == 0xD7 || c == 0xDF ? c : c + 0x20;
	if (c < 0x100 || c == 0x130 || c == 0x131 || c == 0x138 || c == 0x149 || c == 0x17F)
		return c;
	if (c == 0x178)
		return 0xFF;
	if ((c >= 0x139 && c <= 0x148) || c >= 0x179)
		even = !even;
	return even ? c + 1 : c;
}

/** One character, or one gap, in normal form. */
struct unit {
	char bytes[2];
	size_t len;  /**< of bytes */
	size_t took; /**< of the text */
};

static struct unit gap_at(const char *data, size_t len, size_t at)
{
	struct unit u = { .bytes = " ", .len = 1 };
	bool has_line = false;

	while (u.took < TERM_GAP_MAX && at + u.took < len && is_gap(data[at + u.took])) {
		bool is_line = data[at + u.took] == '\n';

		if (is_line && has_line)
			break;
		has_line |= is_line;
		u.took++;
	}
	return u;
}

static struct unit unit_at(const char *data, size_t len, size_t at, bool fold)
{
	unsigned char c = (unsigned char)data[at];
	unsigned char next = at + 1 < len ? (unsigned char)data[at + 1] : 0;
	uint32_t code;

	if (is_gap(data[at]))
		return gap_at(data, len, at);
	if (!fold || c < 0xC3 || c > 0xC5 || (next & 0xC0) != 0x80)
		return (struct unit){ { fold ? to_lower(data[at]) : data[at] }, 1, 1 };
	code = lower_latin((c & 0x1FU) << 6 | (next & 0x3FU));
	return (struct unit){ { (char)(0xC0 | code >> 6), (char)(0x80 | (code & 0x3F)) }, 2, 2 };
}

/* ---- matching ---- */

/** Narrow [*lo, *hi), alike up to `depth`, to those with `c` there. */
static void narrow(const struct term *terms, size_t *lo, size_t *hi, size_t depth, char byte)
{
	unsigned char c = (unsigned char)byte;
	size_t from = *lo, to = *hi;

	/* "operation this", "operation that": all go the same way for long. */
	if (terms[*lo].text[depth] == byte && terms[*hi - 1].text[depth] == byte)
		return;
	for (size_t end = *hi; from < end;) {
		size_t mid = from + (end - from) / 2;

		if ((unsigned char)terms[mid].text[depth] < c)
			from = mid + 1;
		else
			end = mid;
	}
	for (size_t begin = from; begin < to;) {
		size_t mid = begin + (to - begin) / 2;

		if ((unsigned char)terms[mid].text[depth] <= c)
			begin = mid + 1;
		else
			to = mid;
	}
	*lo = from;
	*hi = to;
}

size_t terms_match(const struct term_list *list, const char *data, size_t len, size_t at)
{
	size_t lo = 0, hi = list->len, depth = 0, i = at, best = 0;

	if (is_word_at(data, len, at) && is_word_before(data, len, at))
		return 0;
	while (lo < hi) {
		struct unit u;

		/* Sorted, so the one that is whole comes first. */
		if (list->terms[lo].len == depth) {
			if (!is_word_before(data, len, i) || !is_word_at(data, len, i))
				best = i - at;
			if (++lo == hi)
				break;
		}
		if (i >= len)
			break;
		u = unit_at(data, len, i, list->fold);
		i += u.took;
		for (size_t k = 0; k < u.len && lo < hi; k++)
			narrow(list->terms, &lo, &hi, depth++, u.bytes[k]);
	}
	return best;
}

/** Of the run that begins at `at`. */
static size_t run_len(const struct term *term, size_t at)
{
	size_t len = 0;

	while (at + len < term->len && is_alnum(term->text[at + len]))
		len++;
	return len;
}

/** The next run from *at on; *back counts what a match may have before it. */
static size_t next_run(const struct term *term, size_t *at, uint32_t *back)
{
	for (; *at < term->len && !is_alnum(term->text[*at]); ++*at)
		*back += term->text[*at] == ' ' ? TERM_GAP_MAX : 1;
	return run_len(term, *at);
}

static uint64_t key_of(const char *run, size_t len)
{
	uint64_t key = 0;

	for (size_t i = 0; i < MIN(len, TERM_KEY_BYTES); i++)
		key |= (uint64_t)(uint8_t)to_lower(run[i]) << (8 * i);
	return key;
}

size_t term_runs(const struct term *term, uint32_t least, struct term_run ret_runs[2])
{
	size_t at = 0, len, n = 0;
	uint32_t back = 0;

	for (; n < 2 && (len = next_run(term, &at, &back)) && back <= TERM_BACK_MAX;
	     at += len, back += (uint32_t)len)
		if (len >= least)
			ret_runs[n++] = (struct term_run){ key_of(term->text + at, len), back };
	return n;
}

uint32_t term_longest_run(const struct term *term)
{
	size_t at = 0, len, longest = 0;
	uint32_t back = 0;

	for (; (len = next_run(term, &at, &back)) && back <= TERM_BACK_MAX;
	     at += len, back += (uint32_t)len)
		longest = MAX(longest, len);
	return (uint32_t)longest;
}

/* ---- reading ---- */

static enum assay_status fail_line(struct assay_error *err, const char *path, size_t line,
				   const char *what)
{
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE, "%s:%zu: %s", rulefile_shown(path),
			  line, what);
}

/** In place: normal form is never longer.  @return  its length */
static size_t normal_form(char *text, size_t len, bool fold)
{
	size_t n = 0;

	for (size_t i = 0; i < len;) {
		struct unit u = unit_at(text, len, i, fold);

		i += u.took;
		if (u.bytes[0] == ' ' && (n == 0 || text[n - 1] == ' '))
			continue;
		for (size_t k = 0; k < u.len; k++)
			text[n++] = u.bytes[k];
	}
	while (n > 0 && text[n - 1] == ' ')
		n--;
	return n;
}

static uint32_t width_of(const struct term *term)
{
	uint32_t width = term->len;

	for (size_t i = 0; i < term->len; i++)
		width += term->text[i] == ' ' ? TERM_GAP_MAX - 1 : 0;
	return width;
}

static bool has_control(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7F)
			return true;
	return false;
}

/** A line without its end; it is kept in place, where a NUL replaces that. */
static enum assay_status take_line(struct term_list *list, struct term *terms, char *line,
				   size_t len, size_t number, const char *path,
				   struct assay_error *err)
{
	struct term *t = &terms[list->len];

	while (len > 0 && is_space(line[len - 1]))
		len--;
	if (line[0] == '#' || len == 0)
		return ASSAY_OK;
	if (has_control(line, len))
		return fail_line(err, path, number,
				 "a control character: one term a line, as text");
	len = normal_form(line, len, list->fold);
	if (len > TERM_BYTES_MAX)
		return fail_line(err, path, number, "longer than 256 bytes: one term a line");
	line[len] = '\0';
	*t = (struct term){ line, (uint32_t)len };
	if (term_longest_run(t) < TERM_LEAD_MIN)
		return fail_line(err, path, number,
				 "too short: a term needs three letters or digits in a row");
	if (list->len == TERMS_MAX)
		return fail_line(err, path, number, "more than 100,000 terms: make two rules");
	list->width = MAX(list->width, width_of(t));
	list->len++;
	return ASSAY_OK;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct term *)a)->text, ((const struct term *)b)->text);
}

static void sort(struct term_list *list, struct term *terms)
{
	size_t kept = 0;

	qsort(terms, list->len, sizeof(*terms), by_text);
	for (size_t i = 0; i < list->len; i++)
		if (kept == 0 || strcmp(terms[kept - 1].text, terms[i].text) != 0)
			terms[kept++] = terms[i];
	list->len = kept;
}

static size_t count_lines(const char *text, size_t len)
{
	return fold_count_lines(text, len) + 1;
}

static void no_shift(void *ctx, size_t folded_at, size_t source_at)
{
	(void)ctx;
	(void)folded_at;
	(void)source_at;
}

enum assay_status terms_parse(struct arena *arena, const char *path, char *text, size_t len,
			      struct term_list *list, struct assay_error *err)
{
	struct term *terms;
	size_t number = 1;

	if (memchr(text, '\0', len) || !utf8_valid(text, len))
		return rulefile_fail(err, path, "not UTF-8 text: save it as that");
	/* As scanned text is folded before it is matched. */
	len = fold(text, len, no_shift, NULL);
	text[len] = '\0';
	terms = arena_take(arena, (MIN(count_lines(text, len), TERMS_MAX) + 1) * sizeof(*terms));
	if (!terms)
		return assay_fail_memory(err, "terms");
	for (size_t at = 0; at < len; number++) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t line = end ? (size_t)(end - text) - at : len - at;
		enum assay_status st = take_line(list, terms, text + at, line, number, path, err);

		if (st < 0)
			return st;
		at += line + 1;
	}
	if (list->len == 0)
		return rulefile_fail(err, path, "no terms in it: one a line");
	sort(list, terms);
	list->terms = terms;
	return ASSAY_OK;
}

static void stamp(const struct stat *st, uint64_t ret[4])
{
	ret[0] = st->st_ino;
	ret[1] = (uint64_t)st->st_size;
	ret[2] = (uint64_t)st->st_mtim.tv_sec * NS_PER_S + (uint64_t)st->st_mtim.tv_nsec;
	ret[3] = (uint64_t)st->st_ctim.tv_sec * NS_PER_S + (uint64_t)st->st_ctim.tv_nsec;
}

enum assay_status terms_read(struct arena *arena, const char *name, const char *path, bool fold,
			     const struct term_list **ret_list, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf content = BUF_INIT(TERMS_FILE_MAX + 32 * KiB);
	CLEANUP(fd_closep) int fd = -1;
	struct term_list *list = arena_take(arena, sizeof(*list));
	enum assay_status st;
	struct stat info;
	char *text;

	st = rulefile_open(path, false, &fd, &info, err);
	if (st == ASSAY_OK)
		st = rulefile_read(fd, path, TERMS_FILE_MAX, &content, err);
	if (st < 0)
		return st;
	text = arena_copy(arena, content.data ? content.data : "", content.len);
	if (!list || !text)
		return assay_fail_memory(err, "terms");
	*list = (struct term_list){ .file = name, .fold = fold };
	stamp(&info, list->stamp);
	st = terms_parse(arena, path, text, content.len, list, err);
	if (st == ASSAY_OK)
		*ret_list = list;
	return st;
}
