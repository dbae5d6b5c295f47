/*
 * mask.c - what may be shown of a value
 *
 * A mask goes to terminals and logs: it is valid UTF-8 and has no control
 * characters, whatever the value held.
 */
#include "mask.h"

#include <stdio.h>

#include "utf8.h"

/** Runs of a class longer than this are written as `a*12`. */
#define RUN_MAX 8

#define REVEAL_MAX ((size_t)4)

/** Where a mask ends if more is to come. */
#define CUT "..."

static const struct range {
	uint32_t first, last;
} controls[] = {
	{ 0, 0x1F },         { 0x7F, 0x9F },       { 0xAD, 0xAD },     { 0x200B, 0x200F },
	{ 0x2028, 0x202E },  { 0x2060, 0x206F },   { 0xFEFF, 0xFEFF }, { 0xFFF0, 0xFFFB },
	{ 0xE0000, 0xE0FFF },
},
  signs[] = {
	  { 0xA0, 0xBF },     { 0xD7, 0xD7 },     { 0xF7, 0xF7 },
	  { 0x2010, 0x2027 }, { 0x2030, 0x205E }, { 0x20A0, 0x20CF },
	  { 0x3000, 0x3003 },
  };

static bool among(uint32_t code, const struct range *ranges, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

/** a, A or 9 for a character of a class, ? for what is not shown, 0: as it is. */
static char class_of(uint32_t code)
{
	if (code < 0x80) {
		char c = (char)code;

		if (is_digit(c))
			return '9';
		if (is_letter(c))
			return is_upper(c) ? 'A' : 'a';
	}
	if (code == UINT32_MAX || among(code, controls, ARRAY_SIZE(controls)))
		return '?';
	return code < 0x80 || among(code, signs, ARRAY_SIZE(signs)) ? 0 : 'a';
}

/** A mask in the making, never longer than MASK_MAX. */
struct mask {
	char text[MASK_MAX];
	size_t len;
	bool cut;
};

static void mask_add(struct mask *m, const char *text, size_t len)
{
	if (m->cut || m->len + len > MASK_MAX - strlen(CUT)) {
		m->cut = true;
		return;
	}
	memcpy(m->text + m->len, text, len);
	m->len += len;
}

static void mask_run(struct mask *m, char class, size_t times)
{
	char text[32];
	int len;

	if (times > RUN_MAX) {
		len = snprintf(text, sizeof(text), "%c*%zu", class, times);
		mask_add(m, text, (size_t)len);
		return;
	}
	while (times-- > 0)
		mask_add(m, &class, 1);
}

static void mask_shape(struct mask *m, const char *value, size_t len)
{
	char run = 0;
	size_t times = 0, took;

	for (size_t i = 0; i < len && !m->cut; i += took) {
		uint32_t code;
		char class;

		took = utf8_decode(value + i, len - i, &code);
		class = class_of(code);
		if (class != run) {
			mask_run(m, run, times);
			times = 0;
		}
		run = class;
		if (class)
			times++;
		else
			mask_add(m, value + i, took);
	}
	mask_run(m, run, times);
}

/** Show characters as they are, but for what is not fit to be shown. */
static void mask_show(struct mask *m, const char *value, size_t len)
{
	size_t took;

	for (size_t i = 0; i < len; i += took) {
		uint32_t code;

		took = utf8_decode(value + i, len - i, &code);
		if (class_of(code) == '?')
			mask_add(m, "?", 1);
		else
			mask_add(m, value + i, took);
	}
}

/** Separators are neither counted nor starred: `************1234`. */
static bool is_separator(uint32_t code)
{
	return code == ' ' || code == '-';
}

/** Stars for all characters but the first or last `shown`. */
static void mask_ends(struct mask *m, const struct rule *rule, const char *value, size_t len)
{
	size_t chars = 0, took, shown, nth = 0;
	bool last = rule->reveal == REVEAL_LAST;
	uint32_t code;

	for (size_t i = 0; i < len; i += took) {
		took = utf8_decode(value + i, len - i, &code);
		chars += !is_separator(code);
	}
	shown = MIN(MIN((size_t)rule->reveal_len, REVEAL_MAX), chars / 3);
	for (size_t i = 0; i < len; i += took) {
		took = utf8_decode(value + i, len - i, &code);
		if (is_separator(code))
			continue;
		if (last ? nth >= chars - shown : nth < shown)
			mask_show(m, value + i, took);
		/* Of a long run of stars the shown end must not be pushed out. */
		else if (m->len < MASK_MAX / 2)
			mask_add(m, "*", 1);
		nth++;
	}
}

static void mask_domain(struct mask *m, const char *value, size_t len)
{
	const char *at = memrchr(value, '@', len);

	if (!at || at == value) {
		mask_shape(m, value, len);
		return;
	}
	mask_add(m, "*", 1);
	mask_show(m, at, len - (size_t)(at - value));
}

static void mask_partial(struct mask *m, const struct rule *rule, const char *value, size_t len)
{
	switch (rule->reveal) {
	case REVEAL_FIRST:
	case REVEAL_LAST:
		mask_ends(m, rule, value, len);
		break;
	case REVEAL_DOMAIN:
		mask_domain(m, value, len);
		break;
	case REVEAL_NONE:
		mask_shape(m, value, len);
		break;
	}
}

void mask_value(const struct rule *rule, enum assay_mask how, const char *value, size_t len,
		struct buf *out)
{
	struct mask m = { .len = 0 };

	switch (how) {
	case ASSAY_MASK_SHAPE:
		mask_shape(&m, value, len);
		break;
	case ASSAY_MASK_PARTIAL:
		mask_partial(&m, rule, value, len);
		break;
	case ASSAY_MASK_FULL:
		mask_add(&m, "[", 1);
		mask_add(&m, rule->id, strlen(rule->id));
		mask_add(&m, "]", 1);
		break;
	}
	buf_add(out, m.text, m.len);
	if (m.cut)
		buf_add_str(out, CUT);
}
