/** rar.h - what the headers of a rar say and libarchive does not; private to the archive reader */
#ifndef RAR_H
#define RAR_H

#include "input.h"

/** A walk over the headers, in step with whoever reads the members. */
struct rar5 {
	struct input *in; /**< seekable */
	uint64_t at;      /**< of the next header; 0: not begun */
	uint32_t walked;
};

/** Is the content of the next member encrypted?  Once for each, in order. */
bool rar5_next_is_locked(struct rar5 *r);

/** Offset behind the mark of the archive's end; 0: there is none. */
uint64_t rar5_end(struct input *in);
/** The same for the older versions. */
uint64_t rar4_end(struct input *in);

#endif
