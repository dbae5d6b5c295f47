/** xar.h - where a xar ends; private to the archive reader */
#ifndef XAR_H
#define XAR_H

#include "input.h"

/** Offset behind the last byte that its table of contents tells of; 0: it cannot be told. */
uint64_t xar_end(struct input *in);

#endif
