/**
 * stringrun.h - runs of characters among bytes of any kind
 *
 * A run begins with printable ASCII.  Between two such characters it may have others: in
 * UTF-8 any number of them; of Windows-1252 a letter beside a letter, a quotation mark or dash
 * beside a letter or a space, a pound sign before a digit.  More would make text of noise: of
 * random bytes, or of what is packed, every third one.
 */
#ifndef STRINGRUN_H
#define STRINGRUN_H

#include "base.h"

struct string_run {
	size_t len;
	size_t ascii; /**< how many of it are ASCII */
	bool is_cut;  /**< it goes on */
};

/**
 * The run that data[0] begins.
 *
 * @param max      bytes after which it is cut; a character may end up to three later
 * @param goes_on  it is the rest of a run: other characters may begin it
 */
struct string_run string_run(const uint8_t *data, size_t len, size_t max, bool goes_on);

/**
 * Printable ASCII in UTF-16 at data[0], in characters.
 *
 * @param low  which of the two bytes has it: 0 or 1
 */
size_t string_units(const uint8_t *data, size_t len, size_t max, size_t low);

/**
 * Where the next run may begin that has three printable bytes in a row, or two units of UTF-16.
 *
 * @param ended  nothing follows data[len)
 * @return       `len` if there is none; if not `ended`, where to look again when there is more
 */
size_t string_next(const uint8_t *data, size_t at, size_t len, bool ended);

/** Bytes that are judged as one: noise, or not. */
#define NOISE_BYTES ((size_t)4 * KiB)

/** What stands in a block of an object, as far as it was seen. */
struct noise {
	uint32_t seen, printable, high, zero;
};

void noise_add(struct noise *n, const uint8_t *data, size_t len);

/**
 * Are its bytes as random ones are: packed, encrypted, a picture's?  A block that was seen in
 * part is not.
 */
bool is_noise(const struct noise *n);

/**
 * Amid noise: is it no accident?  Six random bytes in a row are printable once in 360 times; six
 * letters (or spaces, or hyphens), six digits, or sixteen bytes of any kind are seldom.
 */
bool string_is_meant(const uint8_t *data, const struct string_run *run);

#endif
