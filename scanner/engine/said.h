/**
 * said.h - is a sentence about somebody: you, she, Mrs Barlow?
 *
 * Letters to a named person speak of him, and of the world.  `You told us that you suffer
 * from epilepsy` is his; `how many officers suffer from epilepsy` is not, though he asked, nor
 * is `label your asthma inhaler` in a letter to parents.
 */
#ifndef SAID_H
#define SAID_H

#include "base.h"

enum said {
	SAID_AT_LARGE,  /**< of people, and of no one person */
	SAID_OF_NOBODY, /**< or of what may be */
	SAID_NEAR,      /**< the sentence is about one person */
	SAID_HIS,       /**< it is that person's: your epilepsy */
};

/** Who is `you`? */
enum said_you {
	YOU_ARE_ONE,    /**< Dear Mrs Barlow */
	YOU_ARE_ANYONE, /**< no greeting, or Dear Patient: one, unless it is advice */
	YOU_ARE_MANY,   /**< Dear parents */
};

/** Whom do these lines greet, the last that do? */
enum said_you said_to(const char *data, size_t len);

/** Is this, between a name and its postcode, an organisation: the name is of who works there? */
bool said_is_workplace(const char *data, size_t len);

/** Of whom is data[at] said? */
enum said said_of(const char *data, size_t at, size_t len, enum said_you you);

#endif
