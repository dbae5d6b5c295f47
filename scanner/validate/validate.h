/**
 * validate.h - the proof behind a pattern: check digits, ranges, calendars
 *
 * Validators read the evidence as it stands in the text (separators and all),
 * allocate nothing and know nothing of context.
 */
#ifndef VALIDATE_H
#define VALIDATE_H

#include "base.h"

enum verdict {
	VERDICT_REJECT,    /**< cannot be one */
	VERDICT_UNDECIDED, /**< the form is right and carries no proof */
	VERDICT_CONFIRM,   /**< a check digit or its like agrees */
	VERDICT_KNOWN,     /**< it is on a site's list; no validator says so */
};

/** @param value  evidence; not NUL-terminated */
typedef enum verdict validate_fn(const char *value, size_t len);

struct validator {
	const char *name; /**< as in a rule's `validator:` */
	validate_fn *run;
};

/** Every validator, `none` included, by name.  @return  a static row, or NULL */
const struct validator *validator_find(const char *name);

/** Does some telephone number begin with a 0 and these two digits?  Others are rejected. */
bool phone_has_range(char first, char second);

/** The rows, for `rules check` suggestions and for tests; ends with a NULL name. */
extern const struct validator validators[];

#endif
