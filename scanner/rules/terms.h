/**
 * terms.h - a dictionary: thousands of words and names as one rule
 *
 * A term is found as it stands, as whole words: letters and digits do not go on before or
 * after it.  Between its words one to four of space, tab, line end, `_` and `-` may stand
 * (file names, wrapped lines), with one line end at most.  Case is ignored unless asked for;
 * beyond ASCII for the letters of Latin script up to U+017F.
 *
 * A dictionary may be secret.  Its terms are in no message, list or log; even its version
 * is taken from when the file changed and not from what is in it, as a hash of
 * guessable words gives them away.
 */
#ifndef TERMS_H
#define TERMS_H

#include "base.h"

struct arena;

#define TERMS_MAX ((size_t)100000)
#define TERM_BYTES_MAX ((size_t)256)
#define TERMS_FILE_MAX (4 * MiB)

/** A term needs so many letters or digits in a row to be found by them. */
#define TERM_LEAD_MIN 3U

/** Bytes that may stand for one space of a term. */
#define TERM_GAP_MAX 4U

/** Farthest its lead may be from where a match begins: what the shape stage allows, less a key. */
#define TERM_BACK_MAX 240U

/** Bytes of a term's lead that are looked up. */
#define TERM_KEY_BYTES 8U

struct term {
	const char *text; /**< normal form: one space between words, lower case if `fold` */
	uint32_t len;
};

struct term_list {
	const char *file; /**< as the pack names it */
	bool fold;        /**< case is ignored */
	const struct term *terms;
	size_t len;
	uint32_t width; /**< bytes of the widest match */
	/** What tells one state of the file from another. */
	uint64_t stamp[4];
};

/**
 * Read a file of terms, one a line; blank lines and those that begin with `#` are passed over.
 *
 * @param arena     where the list lives
 * @param name      as the pack names the file; in the arena
 * @param path      where it is
 * @param ret_list  untouched on failure
 * @return          ASSAY_FATAL with "PATH:LINE: what", never with a term
 */
MUST_USE enum assay_status terms_read(struct arena *arena, const char *name, const char *path,
				      bool fold, const struct term_list **ret_list,
				      struct assay_error *err);

/** The same of bytes in memory, which are changed. */
MUST_USE enum assay_status terms_parse(struct arena *arena, const char *path, char *text,
				       size_t len, struct term_list *list, struct assay_error *err);

/**
 * The longest term that begins at `at`.
 *
 * @return  how many bytes of data it takes, or 0: none begins here
 */
size_t terms_match(const struct term_list *list, const char *data, size_t len, size_t at);

/** Bytes from a match's start that it may look at. */
static inline uint32_t terms_reach(const struct term_list *list)
{
	return list->width + 4; /* a character behind the end: does the word go on? */
}

/** A run of letters and digits in a term, as the scanner sees words. */
struct term_run {
	uint64_t key;  /**< its first TERM_KEY_BYTES bytes in lower case, the first one lowest */
	uint32_t back; /**< most bytes of a match before it */
};

/**
 * The first two runs of `least` bytes or more that are within reach of a match's start.
 *
 * @return  how many there are, at most 2
 */
size_t term_runs(const struct term *term, uint32_t least, struct term_run ret_runs[2]);

/** Bytes of its longest run within reach. */
uint32_t term_longest_run(const struct term *term);

#endif
