/**
 * numbers.h - numbers of one length: is a hit among them luck?
 *
 * One in ten of any long numbers passes a check digit.  Where a text is full of them (ids in
 * a log, amounts in minor units), the few that pass are no cards.  Counted are runs of
 * digits that stand alone, of each length, with counts that later ones outweigh; as with
 * columns, what is said holds for the window at hand, and a range of a split file is judged
 * by its own.
 */
#ifndef NUMBERS_H
#define NUMBERS_H

#include "base.h"

/** Digits of the numbers that are counted. */
#define NUMBER_MIN ((size_t)10)
#define NUMBER_MAX ((size_t)19)

/** By luck: at most so many of a hundred, of so many numbers at least. */
#define NUMBERS_LUCK_PERCENT 20
#define NUMBERS_LUCK_MIN 20

/** Of one object.  Zeros begin. */
struct numbers {
	uint32_t all[NUMBER_MAX + 1]; /**< by length */
	uint32_t hits[NUMBER_MAX + 1];
};

/** A window begins: what was counted long ago counts less. */
void numbers_age(struct numbers *n);

/** Count the numbers that begin in data[from, to); what is past `to`, up to `len`, is looked at. */
void numbers_count(struct numbers *n, const char *data, size_t len, size_t from, size_t to);

/** The length of the number that is the whole of data[begin, end), or 0: something else is there.
 */
size_t number_at(const char *data, size_t len, size_t begin, size_t end);

/** A number of this length is a hit that stands. */
void numbers_hit(struct numbers *n, size_t digits);

MUST_USE bool numbers_luck(const struct numbers *n, size_t digits);

#endif
