/**
 * words.h - is a word one of a short list?
 */
#ifndef WORDS_H
#define WORDS_H

#include "base.h"

/** In any case of ASCII. */
static inline bool word_is_among(const char *word, size_t len, const char *const *list,
				 size_t list_len)
{
	for (size_t i = 0; i < list_len; i++)
		if (strlen(list[i]) == len && strncasecmp(list[i], word, len) == 0)
			return true;
	return false;
}

/** The same of an array. */
#define WORD_IS_AMONG(word, len, list) word_is_among(word, len, list, ARRAY_SIZE(list))

#endif
