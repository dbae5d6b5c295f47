/** rar5.h - which members of a rar 5 archive are locked; private to the archive reader */
#ifndef RAR5_H
#define RAR5_H

#include "input.h"

/** A walk over the headers, in step with whoever reads the members. */
struct rar5 {
	struct input *in; /**< seekable */
	uint64_t at;      /**< of the next header; 0: not begun */
	uint32_t walked;
};

/** Is the content of the next member encrypted?  Once for each, in order. */
bool rar5_next_is_locked(struct rar5 *r);

#endif
