/** unit.h - what a unit test file defines, and unit_main.c runs */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>

/** A sanitizer takes its time: what a time that is measured may be longer by. */
#ifdef ASSAY_SANITIZED
#define PATIENCE 10
#else
#define PATIENCE 1
#endif

/** The file's suite. */
Suite *unit_suite(void);

#endif
