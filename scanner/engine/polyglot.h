/**
 * polyglot.h - files that are one thing by their head and another by their tail
 */
#ifndef POLYGLOT_H
#define POLYGLOT_H

#include "input.h"

/**
 * Does the input end in a zip archive (text, a picture or a program with one behind
 * it)?  Looks at its last 64 KiB; of a stream only if all of it has been looked at.
 */
bool ends_in_zip(struct input *in);

#endif
