/**
 * name_lists.h - lists of names
 */
#ifndef NAME_LISTS_H
#define NAME_LISTS_H

#include "base.h"

/** Is a word, in capitals and without apostrophes, a common name? */
bool name_is_forename(const char *word, size_t len);
bool name_is_surname(const char *word, size_t len);

#endif
