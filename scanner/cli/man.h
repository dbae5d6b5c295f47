/** man.h - the manual page and the shell's completions, from the option table */
#ifndef MAN_H
#define MAN_H

#include "options.h"

/** docs/assay.1, whole. */
void man_page(FILE *out);

/** A script for bash to source. */
void completion_bash(FILE *out);

#endif
