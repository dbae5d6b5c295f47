/* keyfile.c - the master key of --key-file */
#include "keyfile.h"

#include <errno.h>
#include <fcntl.h>

#include "fail.h"
#include "known.h"

enum assay_status key_file_read(const char *path, uint8_t ret_key[KEY_BYTES],
				struct assay_error *err)
{
	CLEANUP(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t got = fd < 0 ? -1 : read(fd, ret_key, KEY_BYTES);

	if (got < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_BAD_USAGE, errno,
				      "--key-file: %.100s", path);
	if (got != KEY_BYTES)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "--key-file: %d bytes are needed; make them with: head -c %d "
				  "/dev/urandom > FILE",
				  KEY_BYTES, KEY_BYTES);
	return ASSAY_OK;
}

enum assay_status key_file_known(const char *path, uint8_t ret_key[KEY_BYTES],
				 struct assay_error *err)
{
	uint8_t master[KEY_BYTES];
	enum assay_status st = key_file_read(path, master, err);

	if (st == ASSAY_OK)
		known_key(master, ret_key);
	explicit_bzero(master, sizeof(master));
	return st;
}
