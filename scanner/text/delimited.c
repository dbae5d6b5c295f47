/* delimited.c - is this a table of delimited text? */
#include "delimited.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define LOOK_RECORDS 20
#define LOOK_BYTES (16 * KiB)
#define DELIMITERS 4
#define NAMES_MAX 80

static const char delimiters[DELIMITERS + 1] = ",\t;|";

/* What a byte is to the first pass. */
enum { PLAIN, DELIM, QUOTE, FEED };

static const unsigned char kinds[256] = {
	[','] = DELIM, ['\t'] = DELIM, [';'] = DELIM, ['|'] = DELIM,
	['"'] = QUOTE, ['\n'] = FEED,  ['\r'] = FEED,
};

static unsigned kind_of(char c)
{
	return kinds[(unsigned char)c];
}

/* Past the quoted part that begins at `at`; len if it is not closed. */
static size_t skip_quoted(const char *data, size_t len, size_t at)
{
	for (at++; at < len; at++) {
		const char *quote = memchr(data + at, '"', len - at);

		if (!quote)
			return len;
		at = (size_t)(quote - data) + 1;
		if (at >= len || data[at] != '"')
			return at;
	}
	return len;
}

bool delimited_cell(const char *data, size_t len, size_t at, char delimiter, size_t *ret_end)
{
	if (at < len && data[at] == '"') {
		at = skip_quoted(data, len, at);
		if (at >= len && data[len - 1] != '"')
			return false;
	}
	while (at < len && data[at] != delimiter && data[at] != '\n' && data[at] != '\r')
		at++;
	*ret_end = at;
	return true;
}

struct record {
	size_t counts[DELIMITERS]; /* of each delimiter, outside quotes */
	size_t spaced;             /* commas followed by a space */
	size_t end;                /* index of the line end */
	size_t len;
	char last; /* the byte before it */
};

static size_t index_of(char c)
{
	return (size_t)((const char *)memchr(delimiters, c, DELIMITERS) - delimiters);
}

#ifdef __x86_64__
static unsigned equal(__m128i bytes, char c)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}

/* Byte by byte, how often something was equal; of 255 blocks at most. */
static __m128i count_equal(__m128i counts, __m128i bytes, __m128i mark)
{
	return _mm_sub_epi8(counts, _mm_cmpeq_epi8(bytes, mark));
}

static size_t sum_of(__m128i counts)
{
	__m128i sums = _mm_sad_epu8(counts, _mm_setzero_si128());

	return (size_t)_mm_cvtsi128_si64(sums) + (size_t)_mm_extract_epi16(sums, 4);
}

/* The bytes before the first set bit of `feeds`; the others become zeros. */
static __m128i before_feed(__m128i bytes, unsigned feeds)
{
	const __m128i places = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);

	return _mm_and_si128(bytes,
			     _mm_cmplt_epi8(places, _mm_set1_epi8((char)__builtin_ctz(feeds))));
}

#define PLAIN_BLOCKS 255

/* count_record() of one without quotes, 16 bytes at a time; false: it is not so easy. */
static bool count_plain(const char *data, size_t len, size_t at, struct record *ret)
{
	const __m128i comma = _mm_set1_epi8(','), space = _mm_set1_epi8(' ');
	const __m128i feed = _mm_set1_epi8('\n'), back = _mm_set1_epi8('\r');
	__m128i marks[DELIMITERS], counts[DELIMITERS], spaced = _mm_setzero_si128();
	size_t most = MIN(len, at + 16 * PLAIN_BLOCKS);

#pragma GCC unroll 4
	for (size_t d = 0; d < DELIMITERS; d++) {
		marks[d] = _mm_set1_epi8(delimiters[d]);
		counts[d] = _mm_setzero_si128();
	}
	for (size_t i = at; most - i > 16; i += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + i));
		__m128i next = _mm_loadu_si128((const __m128i *)(const void *)(data + i + 1));
		unsigned feeds = (unsigned)_mm_movemask_epi8(
		    _mm_or_si128(_mm_cmpeq_epi8(bytes, feed), _mm_cmpeq_epi8(bytes, back)));

		if (feeds)
			bytes = before_feed(bytes, feeds);
		if (equal(bytes, '"'))
			return false;
#pragma GCC unroll 4
		for (size_t d = 0; d < DELIMITERS; d++)
			counts[d] = count_equal(counts[d], bytes, marks[d]);
		spaced = _mm_sub_epi8(spaced, _mm_and_si128(_mm_cmpeq_epi8(bytes, comma),
							    _mm_cmpeq_epi8(next, space)));
		if (!feeds)
			continue;
		*ret = (struct record){ .last = '\n',
					.spaced = sum_of(spaced),
					.end = i + (size_t)__builtin_ctz(feeds) };
#pragma GCC unroll 4
		for (size_t d = 0; d < DELIMITERS; d++)
			ret->counts[d] = sum_of(counts[d]);
		if (ret->end > at)
			ret->last = data[ret->end - 1];
		return true;
	}
	return false;
}
#else
static bool count_plain(const char *data, size_t len, size_t at, struct record *ret)
{
	(void)data, (void)len, (void)at, (void)ret;
	return false;
}
#endif

/* Count one record; false: it does not end within `len`. */
static bool count_record(const char *data, size_t len, size_t at, struct record *ret)
{
	size_t begin = at;

	if (count_plain(data, len, at, ret))
		return true;
	*ret = (struct record){ .last = '\n' };
	while (at < len) {
		switch (kind_of(data[at])) {
		case FEED:
			ret->end = at;
			if (at > begin)
				ret->last = data[at - 1];
			return true;
		case QUOTE:
			/* Only where a cell begins does it quote. */
			at = at == begin || kind_of(data[at - 1]) == DELIM
				 ? skip_quoted(data, len, at)
				 : at + 1;
			break;
		case DELIM:
			ret->counts[index_of(data[at])]++;
			ret->spaced += data[at] == ',' && at + 1 < len && data[at + 1] == ' ';
			/* fall through */
		default:
			at++;
		}
	}
	ret->end = len;
	if (len > begin)
		ret->last = data[len - 1];
	return false;
}

static size_t next_line(const char *data, size_t len, size_t at)
{
	if (at < len && data[at] == '\r')
		at++;
	if (at < len && data[at] == '\n')
		at++;
	return at;
}

struct sniffing {
	struct record first;
	size_t same[DELIMITERS];  /* records with as many as the first */
	size_t empty[DELIMITERS]; /* records that end with it */
	size_t records;
	bool alive[DELIMITERS];
};

/* Names of columns, as they are written in first records: no spaces, no digits. */
static bool names_of_columns(const char *record, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (is_digit(record[i]) || record[i] == ' ' || record[i] == '.')
			return false;
	return len <= NAMES_MAX;
}

/*
 * Nothing but the first record: may it be one of a table?  In a text without the name of
 * one, commas with a space are prose, and a single delimiter a line is a log's or code's,
 * unless it stands between names.
 */
static bool plausible(const struct record *r, size_t i, const char *record, size_t len)
{
	if (delimiters[i] == ',' && r->spaced == r->counts[i])
		return false;
	return r->counts[i] > 1 || names_of_columns(record, len);
}

static void take_record(struct sniffing *s, const struct record *r, const char *record, bool named)
{
	size_t len = r->len;

	if (!s->records++)
		s->first = *r;
	for (size_t i = 0; i < DELIMITERS; i++) {
		bool same = r->counts[i] && r->counts[i] == s->first.counts[i];

		s->same[i] += same;
		s->empty[i] += r->last == delimiters[i];
		if (s->records == 1)
			s->alive[i] = same && (named || plausible(r, i, record, len));
		else if (!same && !(named && r->counts[i]))
			s->alive[i] = false;
	}
}

static bool any_alive(const struct sniffing *s)
{
	for (size_t i = 0; i < DELIMITERS; i++)
		if (s->alive[i])
			return true;
	return false;
}

/* Excel's own way to tell: the first line `sep=;`. */
static size_t skip_sep(const char *head, size_t len, char *ret_delimiter)
{
	if (len < 6 || memcmp(head, "sep=", 4) || kind_of(head[4]) != DELIM ||
	    kind_of(head[5]) != FEED)
		return 0;
	*ret_delimiter = head[4];
	return next_line(head, len, 5);
}

/* The delimiter with most records alike, then most columns. */
static size_t best(const struct sniffing *s, char told)
{
	size_t found = DELIMITERS;

	for (size_t i = 0; i < DELIMITERS; i++) {
		if (told ? delimiters[i] != told : !s->alive[i])
			continue;
		if (found == DELIMITERS || s->same[i] > s->same[found] ||
		    (s->same[i] == s->same[found] && s->first.counts[i] > s->first.counts[found]))
			found = i;
	}
	return found;
}

bool delimited_sniff(const char *head, size_t len, bool whole, bool named, struct delimited *ret)
{
	struct sniffing s = { 0 };
	struct record r;
	char told = 0;
	size_t at, first, i;

	if (len > LOOK_BYTES) {
		len = LOOK_BYTES;
		whole = false;
	}
	first = at = skip_sep(head, len, &told);
	while (at < len && s.records < LOOK_RECORDS) {
		bool ended = count_record(head, len, at, &r);

		/* A record that is cut says nothing, unless it is the last. */
		if (!ended && !whole)
			break;
		r.len = r.end - at;
		if (r.len)
			take_record(&s, &r, head + at, named);
		if (s.records && !told && !any_alive(&s))
			return false;
		at = next_line(head, len, r.end);
	}
	i = best(&s, told);
	if (i == DELIMITERS || !s.first.counts[i])
		return false;
	*ret = (struct delimited){ .delimiter = delimiters[i],
				   .columns = s.first.counts[i] + 1,
				   .records = s.records,
				   .ragged = s.records - s.same[i],
				   .first = first,
				   .first_len = s.first.end - first,
				   .last_empty = s.empty[i] == s.records };
	return true;
}
