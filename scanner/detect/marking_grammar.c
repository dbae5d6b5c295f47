/*
 * marking_grammar.c - a line as words, and the words as parts of markings
 *
 * Punctuation is kept only as the gap between words, so that the many ways to write
 * OFFICIAL-SENSITIVE are one phrase with any of some gaps.  First the lexicon names
 * runs of words, the longest first; then what has no fixed words (page numbers,
 * codewords, `... USE ONLY`, lists of nations) is named by its form and place.
 */
#include "marking_grammar.h"

#include <stdio.h>

void lexicon_init(struct lexicon *lex)
{
	memset(lex, 0, sizeof(*lex));
	/* Backwards: a list is in the order of the table. */
	for (size_t i = marking_lexicon_len; i-- > 0;) {
		uint16_t *first = &lex->first[marking_lexicon[i].text[0] - 'A'];

		lex->next[i] = *first;
		*first = (uint16_t)(i + 1);
	}
}

/* --- words --- */

/** One character beyond ASCII, as far as markings need it. */
struct wide {
	uint8_t took;
	char as; /**< a capital, ` ` or `-`, quotes, `*` for bullets, `?` for any letter */
	bool lower;
};

static struct wide read_latin1(unsigned char second)
{
	/* U+00C0..U+00FF: E is the letter that matters (TRES SECRET UE). */
	static const char letters[] = "AAAAAAACEEEEIIIIDNOOOOO*OUUUUYTS";

	return (struct wide){ 2, letters[second & 0x1F], second >= 0xA0 };
}

static struct wide read_wide(const char *text, size_t len)
{
	unsigned char a = (unsigned char)text[0], b = len > 1 ? (unsigned char)text[1] : 0;
	unsigned char c = len > 2 ? (unsigned char)text[2] : 0;

	if (a == 0xC3 && (b & 0xC0) == 0x80)
		return read_latin1(b);
	if (a == 0xC2 && (b & 0xC0) == 0x80)
		return (struct wide){ 2, b == 0xA0 ? ' ' : '*', false };
	if (a == 0xE2 && b == 0x80 && (c & 0xC0) == 0x80)
		return (struct wide){ 3,
				      c <= 0x8B                ? ' '
				      : c <= 0x95              ? '-'
				      : c >= 0x98 && c <= 0x9F ? '"'
							       : '*',
				      false };
	if (a == 0xE2 && b == 0x88 && c == 0x92)
		return (struct wide){ 3, '-', false };
	if (a == 0xE2 && (b & 0xC0) == 0x80 && (c & 0xC0) == 0x80)
		return (struct wide){ 3, '*', false };
	return (struct wide){ 1, '?', false };
}

static bool between_alnum(const char *text, size_t len, size_t i)
{
	return i > 0 && i + 1 < len && is_alnum(text[i - 1]) && is_alnum(text[i + 1]);
}

static bool is_word_byte(const char *text, size_t len, size_t i, enum line_kind kind)
{
	char c = text[i];

	if (is_alnum(c) || c == '&')
		return true;
	if (c == '_')
		return kind == LINE_TEXT;
	if (c == '.')
		return kind == LINE_TEXT && between_alnum(text, len, i);
	if (c == '\'')
		return between_alnum(text, len, i);
	if ((unsigned char)c >= 0x80) {
		char as = read_wide(text + i, len - i).as;

		return as == '?' || is_letter(as);
	}
	return false;
}

static const uint16_t gap_of_byte[128] = {
	[' '] = GAP_SPACE,  ['\v'] = GAP_SPACE, ['-'] = GAP_HYPHEN, [':'] = GAP_COLON,
	['/'] = GAP_SLASH,  ['|'] = GAP_CELL,   ['\t'] = GAP_CELL,  [','] = GAP_COMMA,
	[';'] = GAP_COMMA,  ['('] = GAP_OPEN,   ['['] = GAP_OPEN,   [')'] = GAP_CLOSE,
	[']'] = GAP_CLOSE,  ['.'] = GAP_STOP,   ['?'] = GAP_STOP,   ['!'] = GAP_STOP,
	['"'] = GAP_QUOTE,  ['\''] = GAP_QUOTE, ['*'] = GAP_MARK,   ['#'] = GAP_MARK,
	['~'] = GAP_MARK,   ['<'] = GAP_MARK,   ['>'] = GAP_MARK,   ['+'] = GAP_PLUS,
	['_'] = GAP_SPACE,  ['\n'] = GAP_BREAK, ['\r'] = GAP_BREAK, ['\f'] = GAP_BREAK,
	['\0'] = GAP_BREAK,
};

static uint16_t gap_of(char c)
{
	uint16_t gap = (unsigned char)c < 128 ? gap_of_byte[(unsigned char)c] : GAP_ODD;

	return gap ? gap : GAP_ODD;
}

/** Doubled signs have a meaning of their own. */
static uint16_t gap_of_pair(char before, char c, bool last)
{
	if (c == '/' && before == '/')
		return GAP_DSLASH;
	if ((c == '-' || c == '=') && before == c)
		return GAP_MARK;
	if ((before == ',' || before == ';') && c != ' ' && c != '\n' && !last)
		return GAP_TIGHT;
	return 0;
}

/** Read what is between words from `i` on. */
static size_t read_gap(const char *text, size_t len, size_t i, enum line_kind kind,
		       uint16_t *ret_gap)
{
	uint16_t gap = 0;
	size_t spaces = 0, equals = 0, begin = i;
	bool bars = false;
	char before = '\0';

	while (i < len && !is_word_byte(text, len, i, kind)) {
		struct wide w = { 1, text[i], false };

		if ((unsigned char)text[i] >= 0x80)
			w = read_wide(text + i, len - i);
		spaces = w.as == ' ' ? spaces + 1 : 0;
		equals += w.as == '=';
		bars |= w.as == '|';
		if (w.as != '=')
			gap |= kind == LINE_NAME && w.as == '.' ? GAP_SPACE : gap_of(w.as);
		gap |= gap_of_pair(before, w.as, false);
		if (spaces >= 3)
			gap |= GAP_CELL;
		before = w.as;
		i += w.took;
	}
	if (i < len)
		gap |= gap_of_pair(before, 'x', false);
	/* An assignment, or choices of a grammar: PUBLIC|PROTECTED */
	if (equals == 1 || (bars && !(gap & GAP_SPACE) && begin > 0 && i < len))
		gap |= GAP_ODD;
	if (gap & GAP_BREAK)
		gap |= GAP_CELL;
	if (gap & GAP_DSLASH)
		gap &= (uint16_t)~GAP_SLASH;
	*ret_gap = gap;
	return MIN(i, len);
}

static uint8_t form_of(size_t uppers, size_t lowers, size_t digits, bool upper_first)
{
	if (uppers + lowers == 0)
		return digits > 0 ? FORM_DIGITS : FORM_MIXED;
	if (lowers == 0)
		return FORM_CAPS;
	if (uppers == 0)
		return FORM_LOWER;
	return uppers == 1 && upper_first ? FORM_TITLE : FORM_MIXED;
}

/** Read a word at `i`, into the pool in capitals. */
static size_t read_word(struct line *l, const char *text, size_t len, size_t i, enum line_kind kind,
			struct word *w)
{
	size_t uppers = 0, lowers = 0, digits = 0;
	bool upper_first = false;

	w->begin = (uint16_t)i;
	w->at = (uint16_t)l->pool_len;
	while (i < len && is_word_byte(text, len, i, kind)) {
		struct wide wide = { 1, to_upper(text[i]), is_lower(text[i]) };

		if ((unsigned char)text[i] >= 0x80)
			wide = read_wide(text + i, len - i);
		if (is_letter(wide.as)) {
			lowers += wide.lower;
			uppers += !wide.lower;
			upper_first |= i == w->begin && !wide.lower;
		}
		digits += is_digit(wide.as);
		l->pool[l->pool_len++] = wide.as;
		i = MIN(i + wide.took, len);
	}
	w->end = (uint16_t)i;
	w->len = (uint16_t)(l->pool_len - w->at);
	w->form = form_of(uppers, lowers, digits, upper_first);
	return i;
}

static bool is_single_capital(const struct word *w)
{
	return w->len == 1 && w->form == FORM_CAPS;
}

/** Letters stand apart by one space each: O F F I C I A L. */
static size_t spaced_run(const struct line *l, size_t i)
{
	size_t n = 1;

	if (!is_single_capital(&l->words[i]))
		return 1;
	while (i + n < l->words_len && is_single_capital(&l->words[i + n]) &&
	       l->words[i + n].gap == GAP_SPACE &&
	       l->words[i + n].begin == l->words[i + n - 1].end + 1)
		n++;
	return n >= 3 ? n : 1;
}

/** Join spaced letters: their capitals are neighbours in the pool already. */
static void join_spaced(struct line *l)
{
	size_t out = 0;

	for (size_t i = 0, n, before = 1; i < l->words_len; i += n, before = n) {
		n = spaced_run(l, i);
		l->words[out] = l->words[i];
		/* Spaced words stand further apart: O F F I C I A L   S E N S I T I V E */
		if (n > 1 && before > 1 && l->words[out].gap == (GAP_SPACE | GAP_CELL))
			l->words[out].gap = GAP_SPACE;
		l->words[out].end = l->words[i + n - 1].end;
		l->words[out].len = (uint16_t)(l->words[out].len + n - 1);
		out++;
	}
	l->words_len = out;
}

static void read_words(struct line *l, const char *text, size_t len, enum line_kind kind)
{
	size_t i = 0;

	for (;;) {
		uint16_t gap;

		i = read_gap(text, len, i, kind, &gap);
		if (i >= len || l->words_len == MARKING_WORDS_MAX) {
			l->gap_end = gap;
			l->cut = i < len;
			return;
		}
		l->words[l->words_len].gap = gap;
		i = read_word(l, text, len, i, kind, &l->words[l->words_len]);
		l->words_len++;
	}
}

/* --- phrases --- */

static bool gap_fits(char sign, uint16_t gap)
{
	const uint16_t loose = GAP_SPACE | GAP_HYPHEN | GAP_COLON | GAP_SLASH | GAP_OPEN;

	switch (sign) {
	case ' ':
		return gap && !(gap & ~(GAP_SPACE | GAP_HYPHEN));
	case '/':
		return (gap & GAP_SLASH) && !(gap & ~(GAP_SPACE | GAP_SLASH));
	case ':':
		return gap == GAP_COLON;
	case '+':
		return (gap & GAP_PLUS) && !(gap & ~(GAP_SPACE | GAP_PLUS));
	default:
		return gap && !(gap & ~loose);
	}
}

static bool word_is(const struct line *l, size_t word, const char *text, size_t len)
{
	return l->words[word].len == len && memcmp(l->pool + l->words[word].at, text, len) == 0;
}

/** Words the phrase covers from `i` on, or 0. */
static size_t phrase_match(const struct line *l, size_t i, const char *phrase)
{
	size_t n = 0;

	for (;;) {
		size_t len = strcspn(phrase, " /:+~");

		if (i + n >= l->words_len || !word_is(l, i + n, phrase, len))
			return 0;
		n++;
		phrase += len;
		if (!*phrase)
			return n;
		if (i + n >= l->words_len || !gap_fits(*phrase, l->words[i + n].gap))
			return 0;
		phrase++;
	}
}

static struct span longest_phrase(const struct line *l, const struct lexicon *lex, size_t i)
{
	struct span best = { .first = (uint16_t)i, .len = 1, .part = PART_OTHER };
	char first = l->pool[l->words[i].at];

	if (!is_upper(first))
		return best;
	for (size_t row = lex->first[first - 'A']; row > 0; row = lex->next[row - 1]) {
		const struct phrase *p = &marking_lexicon[row - 1];
		size_t n = phrase_match(l, i, p->text);

		if (n > best.len || (n == best.len && !best.phrase)) {
			best.len = (uint16_t)n;
			best.part = p->part;
			best.phrase = p;
		}
	}
	return best;
}

static bool word_has_digit(const struct line *l, size_t word)
{
	for (size_t i = 0; i < l->words[word].len; i++)
		if (is_digit(l->pool[l->words[word].at + i]))
			return true;
	return false;
}

/** Numbers, V2, MG11, 3RD: a digit and at most three letters. */
static bool is_number(const struct line *l, size_t word)
{
	const struct word *w = &l->words[word];
	size_t letters = 0;

	if (w->form == FORM_DIGITS)
		return true;
	if (!word_has_digit(l, word))
		return false;
	for (size_t i = 0; i < w->len; i++)
		letters += is_letter(l->pool[w->at + i]);
	return letters <= 3 && w->len <= 12;
}

bool gap_parts(uint16_t gap)
{
	if ((gap & GAP_HYPHEN) && (gap & GAP_SPACE))
		return true;
	return gap & (GAP_COLON | GAP_DSLASH | GAP_CELL | GAP_OPEN | GAP_CLOSE | GAP_MARK |
		      GAP_TIGHT | GAP_BREAK);
}

/** The words `[FOR] CAPS ... [USE|EYES] ONLY` from `i` on; 0: something else. */
static size_t only_words(const struct line *l, size_t i, bool *ret_eyes)
{
	bool for_first = word_is(l, i, "FOR", 3);

	for (size_t n = 1; n < 8 && i + n < l->words_len; n++) {
		const struct word *w = &l->words[i + n];

		if (w->form != FORM_CAPS || gap_parts(w->gap) ||
		    (w->gap & ~(GAP_SPACE | GAP_HYPHEN | GAP_SLASH | GAP_COMMA)))
			return 0;
		if (!word_is(l, i + n, "ONLY", 4))
			continue;
		*ret_eyes = word_is(l, i + n - 1, "EYES", 4);
		return *ret_eyes || word_is(l, i + n - 1, "USE", 3) || for_first ? n + 1 : 0;
	}
	return 0;
}

/** `REL [TO] USA, GBR`, `RELEASABLE TO SWEDEN`, `FGI GBR`: words from `i` on, or 0. */
static size_t release_words(const struct line *l, size_t i)
{
	size_t n = 1, nations = 0;
	bool named = word_is(l, i, "RELEASABLE", 10);

	if (word_is(l, i, "FGI", 3) && (l->words[i].gap & GAP_DSLASH))
		nations++; /* it may be none */
	else if (!named && !word_is(l, i, "REL", 3))
		return 0;
	if (i + n < l->words_len && word_is(l, i + n, "TO", 2))
		n++;
	for (; i + n < l->words_len && nations < 30; n++, nations++) {
		const struct word *w = &l->words[i + n];

		if (w->form != FORM_CAPS || w->len < 2 || (!named && w->len > 4) ||
		    (w->gap & ~(GAP_SPACE | GAP_SLASH | GAP_COMMA | GAP_TIGHT | GAP_HYPHEN)))
			break;
	}
	return nations > 0 ? n : 0;
}

/** What of the words from `i` on has a marking's form but no fixed text. */
static void name_by_form(const struct line *l, size_t i, bool after_tier, struct span *s)
{
	bool eyes = false;
	size_t n;

	if (is_number(l, i)) {
		s->part = PART_NOISE;
		return;
	}
	if (!after_tier || l->words[i].form != FORM_CAPS)
		return;
	n = release_words(l, i);
	if (n > 0) {
		s->len = (uint16_t)n;
		s->part = PART_HANDLING;
		return;
	}
	n = only_words(l, i, &eyes);
	if (n > 0) {
		s->len = (uint16_t)n;
		s->part = eyes ? PART_CAVEAT : PART_HANDLING;
	}
}

bool span_is_caps(const struct line *l, const struct span *s)
{
	for (size_t i = 0; i < s->len; i++) {
		size_t word = s->first + i;
		uint8_t form = l->words[word].form;

		if (form == FORM_CAPS || form == FORM_DIGITS || word_is(l, word, "PFP", 3))
			continue;
		/* OFFICIAL-Sensitive */
		if (i == 0 || form != FORM_TITLE || !word_is(l, word, "SENSITIVE", 9))
			return false;
	}
	return true;
}

static bool is_addition(uint8_t part)
{
	return part == PART_HANDLING || part == PART_DESCRIPTOR || part == PART_CAVEAT ||
	       part == PART_CONTROL_US || part == PART_CONTROL_AU || part == PART_CODEWORD;
}

/** An addition is written like its tier: SECRET policy is no descriptor. */
static bool addition_fits(const struct line *l, const struct span *s, const struct span *tier)
{
	uint16_t gap = l->words[s->first].gap;

	if (!tier)
		return s->len > 1 || s->part == PART_CAVEAT;
	if (s->part == PART_CONTROL_AU)
		return gap & (GAP_DSLASH | GAP_COMMA);
	if (s->part == PART_CONTROL_US)
		return gap & (GAP_DSLASH | GAP_SLASH | GAP_COMMA);
	if (span_is_caps(l, tier) != span_is_caps(l, s))
		return false;
	/* SECRET POLICE, but OFFICIAL-SENSITIVE COMMERCIAL and SECRET - POLICE */
	if (s->part == PART_DESCRIPTOR && s->len == 1 && (gap & ~GAP_SPACE) == 0)
		return tier->phrase->flags & PHRASE_CLEAR;
	return true;
}

static void read_spans(struct line *l, const struct lexicon *lex)
{
	const struct span *tier = NULL;

	for (size_t i = 0; i < l->words_len;) {
		struct span *s = &l->spans[l->spans_len];

		if (i > 0 && (l->words[i].gap & GAP_BREAK))
			tier = NULL;
		*s = longest_phrase(l, lex, i);
		/* RESTRICTED - FOR POLICE USE ONLY is one marking. */
		if (s->part == PART_HEAD && tier && s[-1].part != PART_OTHER)
			s->part = PART_HANDLING;
		if (is_addition(s->part) && s->part == PART_CONTROL_AU && tier &&
		    !addition_fits(l, s, tier) && word_is(l, i, "CABINET", 7))
			s->part = PART_DESCRIPTOR;
		if (is_addition(s->part) && !addition_fits(l, s, tier)) {
			s->part = PART_OTHER;
			s->phrase = NULL;
			s->len = 1;
		}
		if (s->part == PART_OTHER)
			name_by_form(l, i, tier != NULL, s);
		if (s->part == PART_TIER)
			tier = s;
		i += s->len;
		l->spans_len++;
	}
}

uint16_t span_gap(const struct line *l, size_t span)
{
	return l->words[l->spans[span].first].gap;
}

uint16_t span_gap_after(const struct line *l, size_t span)
{
	return span + 1 < l->spans_len ? span_gap(l, span + 1) : l->gap_end;
}

static bool is_noise(const struct line *l, size_t span)
{
	return span < l->spans_len && l->spans[span].part == PART_NOISE;
}

/** `Page` and `of` are noise beside a number. */
static void settle_numbers(struct line *l)
{
	for (size_t i = 0; i < l->spans_len; i++)
		if (l->spans[i].part == PART_NUMBER && i > 0 && is_noise(l, i - 1))
			l->spans[i].part = PART_NOISE;
	for (size_t i = l->spans_len; i-- > 0;)
		if (l->spans[i].part == PART_NUMBER)
			l->spans[i].part = is_noise(l, i + 1) ? PART_NOISE : PART_OTHER;
}

static bool is_letters(const struct line *l, const struct word *w)
{
	for (size_t i = 0; i < w->len; i++)
		if (!is_upper(l->pool[w->at + i]))
			return false;
	return true;
}

/** SECRET - CODEWORD - UK EYES ONLY; TOP SECRET//CODEWORD//NOFORN */
static bool is_codeword(const struct line *l, size_t i)
{
	const struct span *s = &l->spans[i];
	const struct word *w = &l->words[s->first];
	uint16_t gap = w->gap, after = span_gap_after(l, i);
	uint8_t before = i > 0 ? l->spans[i - 1].part : PART_OTHER;

	if (s->part != PART_OTHER || s->len != 1 || w->form != FORM_CAPS || !is_letters(l, w))
		return false;
	if (before == PART_CODEWORD || before == PART_CONTROL_US)
		return gap & (GAP_DSLASH | GAP_SLASH | GAP_HYPHEN);
	if (before != PART_TIER || l->spans[i - 1].phrase->tier < 2)
		return false;
	if (gap & GAP_DSLASH)
		return true;
	return l->spans[i - 1].phrase->tier >= 3 && (gap & GAP_HYPHEN) && (gap & GAP_SPACE) &&
	       w->len >= 4 && w->len <= 14 &&
	       (i + 1 == l->spans_len || ((after & GAP_HYPHEN) && (after & GAP_SPACE)) ||
		(after & GAP_CELL));
}

/** A nation, or several of them, before the tier: `//GBR`, `//JOINT`. */
static bool is_foreign(const struct line *l, size_t i)
{
	const struct word *w = &l->words[l->spans[i].first];

	return (w->gap & GAP_DSLASH) && l->spans[i].part == PART_OTHER &&
	       l->spans[i + 1].part == PART_TIER && w->form == FORM_CAPS &&
	       (w->len == 3 || word_is(l, l->spans[i].first, "JOINT", 5)) &&
	       (i == 0 || l->spans[i - 1].part == PART_LABEL || l->spans[i - 1].part == PART_ITEM ||
		(w->gap & GAP_CELL));
}

/** //GBR SECRET, //JOINT SECRET GBR USA */
static void name_foreign(struct line *l)
{
	size_t at = 0;

	while (at + 1 < l->spans_len && !is_foreign(l, at))
		at++;
	if (at + 1 >= l->spans_len)
		return;
	l->spans[at].part = PART_PREFIX;
	for (size_t i = at + 2; i < l->spans_len; i++) {
		const struct word *nation = &l->words[l->spans[i].first];

		if (l->spans[i].part != PART_OTHER || nation->form != FORM_CAPS || nation->len != 3)
			break;
		l->spans[i].part = PART_CODEWORD;
	}
}

void line_read(struct line *l, const struct lexicon *lex, const char *text, size_t len,
	       enum line_kind kind)
{
	l->words_len = l->spans_len = l->pool_len = 0;
	l->gap_end = 0;
	l->cut = len > MARKING_LINE_MAX;
	read_words(l, text, MIN(len, MARKING_LINE_MAX), kind);
	join_spaced(l);
	read_spans(l, lex);
	settle_numbers(l);
	name_foreign(l);
	for (size_t i = 0; i < l->spans_len; i++)
		if (is_codeword(l, i))
			l->spans[i].part = PART_CODEWORD;
}

/* --- expressions --- */

/** Append to `list`, `; ` between its members, each once. */
static void list_add(char *list, size_t cap, const char *text)
{
	size_t len = strlen(list), more = strlen(text);
	const char *found = strstr(list, text);

	if (found && (found == list || found[-1] == ' ') &&
	    (found[more] == '\0' || found[more] == ';'))
		return;
	if (more == 0 || len + more + 3 > cap)
		return;
	snprintf(list + len, cap - len, "%s%s", len ? "; " : "", text);
}

/** The span's words in capitals, joined as they were. */
static void span_text(const struct line *l, const struct span *s, char *ret, size_t cap)
{
	size_t len = 0;

	for (size_t i = 0; i < s->len; i++) {
		const struct word *w = &l->words[s->first + i];

		if (len + w->len + 3 > cap)
			break;
		if (i > 0 && (w->gap & GAP_COMMA))
			ret[len++] = ',';
		if (i > 0)
			ret[len++] = w->gap & GAP_SLASH ? '/' : w->gap == GAP_HYPHEN ? '-' : ' ';
		memcpy(ret + len, l->pool + w->at, w->len);
		len += w->len;
	}
	ret[len] = '\0';
}

void expression_add(const struct line *l, size_t span, struct expression *e)
{
	const struct span *s = &l->spans[span];
	char text[96];

	span_text(l, s, text, sizeof(text));
	if (s->part == PART_HANDLING)
		list_add(e->handling, sizeof(e->handling), text);
	else
		list_add(e->descriptors, sizeof(e->descriptors), text);
}

/** What of this addition does not go with that tier: WRONG_ bits. */
static uint8_t addition_is_wrong(const struct expression *e, const struct span *s)
{
	uint8_t flags = s->phrase ? s->phrase->flags : 0;

	if (s->part == PART_CAVEAT && e->tier < 3 && e->scheme == SCHEME_GSCP)
		return WRONG_CAVEAT;
	return (flags & PHRASE_PUBLIC) && e->tier != 1 ? WRONG_PUBLIC : 0;
}

/** A banner's controls tell whose SECRET it is. */
static void take_scheme(const struct line *l, const struct span *s, struct expression *e)
{
	const struct word *w = &l->words[s->first];

	if (!(w->gap & GAP_DSLASH) || e->scheme > SCHEME_GPMS)
		return;
	if (s->part == PART_CONTROL_AU)
		e->scheme = SCHEME_AU;
	else if (s->part == PART_CONTROL_US || s->part == PART_CODEWORD)
		e->scheme = SCHEME_US;
	else if (word_is(l, s->first, "REL", 3) && s->len > 1)
		e->scheme = word_is(l, s->first + 1, "AUS", 3) ? SCHEME_AU : SCHEME_US;
	else if (word_is(l, s->first, "FGI", 3) || word_is(l, s->first, "LAW", 3))
		e->scheme = SCHEME_US;
}

static void take_additions(const struct line *l, struct expression *e)
{
	size_t i;

	for (i = e->head + 1; i < l->spans_len; i++) {
		const struct span *s = &l->spans[i];
		uint16_t gap = span_gap(l, i);

		if (!is_addition(s->part) || (gap & (GAP_ODD | GAP_STOP | GAP_BREAK | GAP_TIGHT)))
			break;
		take_scheme(l, s, e);
		e->wrong |= addition_is_wrong(e, s);
		e->valid = !e->wrong;
		e->clear = true;
		expression_add(l, i, e);
	}
	e->len = i - e->first;
	if (i < l->spans_len && l->spans[i].part == PART_NOISE && l->spans[i].phrase &&
	    strstr(l->spans[i].phrase->text, "COMPLETE"))
		e->clear = true;
}

static void take_prefix(const struct line *l, struct expression *e)
{
	size_t before = e->head - 1;

	if (e->head == 0 || l->spans[before].part != PART_PREFIX ||
	    (span_gap(l, e->head) & ~(GAP_SPACE | GAP_HYPHEN)) ||
	    !span_is_caps(l, &l->spans[before]))
		return;
	e->first = before;
	if (!l->spans[before].phrase)
		e->scheme = SCHEME_US;
	e->clear = true;
	expression_add(l, before, e);
}

/** OFFICIAL: Sensitive is how Australia writes it. */
static bool is_australian(const struct line *l, const struct span *s)
{
	const struct word *second = &l->words[s->first + 1];

	return s->len == 2 && (second->gap & GAP_COLON) && second->form == FORM_TITLE &&
	       l->words[s->first].form == FORM_CAPS;
}

void expression_read(const struct line *l, size_t head, struct expression *ret)
{
	const struct span *s = &l->spans[head];
	const struct phrase *p = s->phrase;

	*ret = (struct expression){
		.first = head,
		.head = head,
		.scheme = p->scheme,
		.tier = p->tier,
		.valid = true,
		.clear = p->flags & PHRASE_CLEAR,
		.tiered = s->part == PART_TIER,
		.label = p->label ? p->label : p->text,
	};
	if (ret->tiered && p->scheme == SCHEME_GSCP && p->tier == 2 && is_australian(l, s)) {
		ret->scheme = SCHEME_AU;
		ret->label = "OFFICIAL: SENSITIVE";
	}
	take_prefix(l, ret);
	take_additions(l, ret);
	/* Bare CONFIDENTIAL is GPMS; in a banner it is one of the higher tiers. */
	if (ret->scheme == SCHEME_US && strcmp(ret->label, "CONFIDENTIAL") == 0)
		ret->tier = 3;
}
