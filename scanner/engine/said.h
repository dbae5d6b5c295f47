/**
 * said.h - is a sentence about somebody: you, she, Mrs Barlow?
 *
 * Letters to a named person speak of him, and of the world.  `You told us that you suffer
 * from epilepsy` is his; `how many officers suffer from epilepsy` is not, though he asked.
 */
#ifndef SAID_H
#define SAID_H

#include "base.h"

enum said {
	SAID_OF_NOBODY, /**< or of people at large */
	SAID_NEAR,      /**< the sentence is about one person */
	SAID_HIS,       /**< it is that person's: your epilepsy */
};

/** Of whom is data[at] said? */
enum said said_of(const char *data, size_t at, size_t len);

#endif
