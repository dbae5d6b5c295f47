/** unit.h - what a unit test file defines, and unit_main.c runs */
#ifndef UNIT_H
#define UNIT_H

#include <check.h>

/** The file's suite. */
Suite *unit_suite(void);

#endif
