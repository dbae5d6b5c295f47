/**
 * bytemask.h - which bytes of a block of 64 are digits, letters, ...
 *
 * Bit i of a mask speaks of byte i.  Three implementations, AVX-512BW, AVX2 and
 * scalar, give the same masks; the best one the CPU has is chosen once.
 */
#ifndef BYTEMASK_H
#define BYTEMASK_H

#include "match.h"

#define BLOCK_BYTES ((size_t)64)

struct bytemask {
	uint64_t digit;
	uint64_t letter;
	uint64_t hex_letter; /**< a to f */
	uint64_t zero;
	uint64_t separator; /**< space, hyphen, dot */
	uint64_t hyphen;
	uint64_t dot;
	uint64_t colon;
	uint64_t special; /**< @ + < : rare, and each leads a shape */
};

/** @param data  blocks * BLOCK_BYTES readable bytes, any alignment */
typedef void bytemask_fn(const char *data, size_t blocks, struct bytemask *ret_masks);

/**
 * @param isa       AUTO: the best this CPU has
 * @param ret_name  its name; a static string
 * @return          NULL if the CPU lacks it
 */
bytemask_fn *bytemask_for(enum match_isa isa, const char **ret_name);

/** Which bytes of a block are letters?  For what asks nothing else of its text. */
typedef uint64_t letters_fn(const char *block);

/** The one that goes with bytemask_for(). */
letters_fn *letters_for(enum match_isa isa);

/** BMI, BMI2 and LZCNT: they came with AVX2, but may be hidden apart from it. */
bool bytemask_has_bmi(void);

#endif
