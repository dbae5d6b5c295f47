/** keyfile.h - the master key of --key-file */
#ifndef KEYFILE_H
#define KEYFILE_H

#include "keyed.h"

/** @return  ASSAY_FATAL if the file does not hold KEY_BYTES bytes, with the way out */
MUST_USE enum assay_status key_file_read(const char *path, uint8_t ret_key[KEY_BYTES],
					 struct assay_error *err);

/** From its master key, that of lists of known values (known.h). */
MUST_USE enum assay_status key_file_known(const char *path, uint8_t ret_key[KEY_BYTES],
					  struct assay_error *err);

#endif
