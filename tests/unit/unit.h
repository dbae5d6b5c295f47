/** unit.h - what a unit test file defines, and unit_main.c runs */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>
#include <stdint.h>

/** A sanitizer takes its time: what a time that is measured may be longer by. */
#ifdef ASSAY_SANITIZED
#define PATIENCE 10
#else
#define PATIENCE 1
#endif

/** Random, and the same each time: 31 bits.  The constants are Knuth's, of MMIX. */
static inline uint64_t unit_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

/** The file's suite. */
Suite *unit_suite(void);

#endif
