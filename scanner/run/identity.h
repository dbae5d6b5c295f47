/**
 * identity.h - what an object and a finding are called in every run
 *
 * obj is the HMAC of keyed.h over root name, raw path, then each inner name with
 * its ordinal; finding_id over the rule's id and the same.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <assay/types.h>

#include "keyed.h"

/** @param rule  NULL: of the object itself */
void identity_hash(struct keyed *key, const char *rule, const char *root, const char *path,
		   const struct assay_object *object, uint8_t ret_id[FP_BYTES]);

#endif
