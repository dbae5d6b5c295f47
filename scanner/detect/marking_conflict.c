/*
 * marking_conflict.c - several markings in one object, and those that cannot all be right
 *
 * Places are compared, not single words: a header against a footer, the metadata and
 * the name against the text.  What one expression says against its own scheme was noted
 * when it was read.
 */
#include "marking_judge.h"

#include <stdio.h>

const char *where_of(const struct mark *mark)
{
	unsigned r = (unsigned)mark->occurrence.region;
	static const char *const names[ASSAY_REGIONS] = {
		[ASSAY_HEADER] = "header",     [ASSAY_FOOTER] = "footer",
		[ASSAY_WATERMARK] = "header",  [ASSAY_SUBJECT] = "subject",
		[ASSAY_METADATA] = "metadata", [ASSAY_NAME] = "name",
	};

	if (mark->is_label)
		return "metadata";
	if (mark->subject)
		return "subject";
	return r < ASSAY_REGIONS && names[r] ? names[r] : "body";
}

void merge_list(char *to, size_t cap, const char *from)
{
	while (*from) {
		size_t len = strcspn(from, ";"), have = strlen(to);
		bool known = false;

		for (const char *p = to; (p = strstr(p, "; ")); p += 2)
			known |=
			    strncmp(p + 2, from, len) == 0 && (p[2 + len] == ';' || !p[2 + len]);
		known |= strncmp(to, from, len) == 0 && (to[len] == ';' || !to[len]);
		if (!known && have + len + 3 <= cap) {
			memcpy(to + have, "; ", have ? 2 : 0);
			have += have ? 2 : 0;
			memcpy(to + have, from, len);
			to[have + len] = '\0';
		}
		from += len + strspn(from + len, "; ");
	}
}

/* --- places --- */

/** What disagrees with what; a mark is of one of them. */
enum place { IN_HEADER, IN_FOOTER, IN_TEXT, IN_METADATA, IN_NAME, PLACES };

static enum place place_of(const struct mark *mark)
{
	if (mark->is_label || mark->occurrence.region == ASSAY_METADATA)
		return IN_METADATA;
	switch (mark->occurrence.region) {
	case ASSAY_HEADER:
		return IN_HEADER;
	case ASSAY_FOOTER:
		return IN_FOOTER;
	case ASSAY_NAME:
		return IN_NAME;
	default:
		return IN_TEXT;
	}
}

/** Do labels in the metadata differ among themselves? */
static bool metadata_differs(const struct markings *m)
{
	int tier = -1;

	for (size_t i = 0; i < m->marks.len; i++) {
		const struct mark *mark = &m->marks.items[i];

		if (!mark->accepted || !mark->is_label)
			continue;
		if (tier >= 0 && tier != mark->tier)
			return true;
		tier = mark->tier;
	}
	return false;
}

/** Highest tier by place; -1: the place bears none. */
static void highest_tiers(const struct markings *m, int tiers[PLACES])
{
	for (int p = 0; p < PLACES; p++)
		tiers[p] = -1;
	for (size_t i = 0; i < m->marks.len; i++) {
		const struct mark *mark = &m->marks.items[i];
		int *tier = &tiers[place_of(mark)];

		if (mark->accepted && mark->tiered && mark->scheme != SCHEME_TLP)
			*tier = MAX(*tier, (int)mark->tier);
	}
}

static bool disagree(int a, int b)
{
	return a >= 0 && b >= 0 && a != b;
}

static void compare_places(struct markings *m, const struct mark *best)
{
	int tiers[PLACES], text;

	highest_tiers(m, tiers);
	text = MAX(tiers[IN_TEXT], MAX(tiers[IN_HEADER], tiers[IN_FOOTER]));
	if (disagree(tiers[IN_HEADER], tiers[IN_FOOTER]))
		merge_list(m->conflicts, sizeof(m->conflicts), "header-footer");
	if (tiers[IN_TEXT] > MAX(tiers[IN_HEADER], tiers[IN_FOOTER]) &&
	    MAX(tiers[IN_HEADER], tiers[IN_FOOTER]) >= 0)
		merge_list(m->conflicts, sizeof(m->conflicts), "body-above");
	if (metadata_differs(m))
		merge_list(m->conflicts, sizeof(m->conflicts), "metadata");
	if (disagree(tiers[IN_METADATA], text))
		merge_list(m->conflicts, sizeof(m->conflicts), "metadata-text");
	if (place_of(best) != IN_NAME && disagree(tiers[IN_NAME], best->tier))
		merge_list(m->conflicts, sizeof(m->conflicts), "name");
}

static void note_wrong(struct markings *m)
{
	static const struct {
		uint8_t wrong;
		const char *word;
	} words[] = {
		{ WRONG_CAVEAT, "caveat" },
		{ WRONG_PUBLIC, "public-release" },
		{ WRONG_EMBARGO, "embargo-past" },
	};
	uint8_t wrong = 0;

	for (size_t i = 0; i < m->marks.len; i++)
		wrong |= m->marks.items[i].accepted ? m->marks.items[i].wrong : 0;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (wrong & words[i].wrong)
			merge_list(m->conflicts, sizeof(m->conflicts), words[i].word);
}

void find_conflicts(struct markings *m, const struct mark *best)
{
	m->places[0] = m->conflicts[0] = '\0';
	for (size_t i = 0; i < m->marks.len; i++) {
		const struct mark *mark = &m->marks.items[i];
		char one[96];

		if (!mark->accepted || !mark->tiered)
			continue;
		snprintf(one, sizeof(one), "%s %s", where_of(mark), mark->label);
		merge_list(m->places, sizeof(m->places), one);
	}
	compare_places(m, best);
	note_wrong(m);
}

/* --- embargoes --- */

static unsigned month_named(const char *text, size_t len)
{
	static const char *const months[] = { "JAN", "FEB", "MAR", "APR", "MAY", "JUN",
					      "JUL", "AUG", "SEP", "OCT", "NOV", "DEC" };

	for (unsigned i = 0; len >= 3 && i < ARRAY_SIZE(months); i++)
		if (strncasecmp(text, months[i], 3) == 0)
			return i + 1;
	return 0;
}

/** Numbers of a day, as they stand: 12/03/2024, 12 March 2024, 2024-03-12. */
static bool read_day(const char *text, size_t len, unsigned part[3])
{
	size_t i = 0;

	for (unsigned n = 0; n < 3; n++) {
		size_t begin = i;

		part[n] = 0;
		while (i < len && is_alnum(text[i])) {
			if (is_digit(text[i]))
				part[n] = MIN(part[n] * 10 + (unsigned)(text[i] - '0'), 99999);
			i++;
		}
		if (i == begin)
			return false;
		if (!is_digit(text[begin])) {
			part[n] = month_named(text + begin, i - begin);
			if (n != 1 || !part[n])
				return false;
		}
		if (n < 2 && (i >= len || !strchr("/-. ", text[i])))
			return false;
		i++;
	}
	return true;
}

bool embargo_is_past(const char *text, size_t len, time_t now)
{
	const char *end = text + len, *at = memmem(text, len, "EMBARGOED", 9);

	for (; at && at < end; at++) {
		unsigned part[3];
		struct tm day = { .tm_hour = 23, .tm_min = 59, .tm_isdst = -1 };

		if (!is_digit(*at) || is_alnum(at[-1]) || !read_day(at, (size_t)(end - at), part))
			continue;
		if (part[0] > 31) { /* the year first */
			unsigned year = part[0];

			part[0] = part[2];
			part[2] = year;
		}
		if (part[2] < 100)
			part[2] += 2000;
		if (part[0] < 1 || part[0] > 31 || part[1] < 1 || part[1] > 12 || part[2] < 1990 ||
		    part[2] > 2200)
			continue;
		day.tm_mday = (int)part[0];
		day.tm_mon = (int)part[1] - 1;
		day.tm_year = (int)part[2] - 1900;
		return timegm(&day) < now;
	}
	return false;
}
