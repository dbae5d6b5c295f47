/* fd.c - what write() leaves to its callers */
#include "base.h"

#include <errno.h>
#include <poll.h>

/** Somebody's pipe may be non-blocking: wait rather than spin. */
static bool wait_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

int fd_write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n >= 0) {
			at += n;
			len -= (size_t)n;
		} else if (errno != EINTR && !(errno == EAGAIN && wait_writable(fd))) {
			return -errno;
		}
	}
	return 0;
}
