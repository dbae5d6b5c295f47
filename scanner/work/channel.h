/** channel.h - messages with descriptors over a SEQPACKET socket */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "base.h"

/** Descriptors one message may carry here. */
#define CHANNEL_FDS_MAX 32

/** A connected pair, close-on-exec.  @return 0 or negative errno */
MUST_USE int channel_pair(int ret_pair[2]);

/**
 * Send one message, whole or not at all.
 *
 * @param fds    borrowed: the receiver gets copies
 * @param flags  of sendmsg(2); MSG_NOSIGNAL is added
 * @return       0 or negative errno
 */
MUST_USE int channel_send(int sock, const void *data, size_t len, const int *fds, size_t fds_len,
			  int flags);

/**
 * Receive one message with at most CHANNEL_FDS_MAX descriptors.
 *
 * @param ret_fds  now the caller's to close
 * @return         bytes, 0 at the end of the stream, -EMSGSIZE if anything was
 *                 cut off (no descriptor is left open then)
 */
MUST_USE ssize_t channel_recv(int sock, void *data, size_t cap, int ret_fds[CHANNEL_FDS_MAX],
			      size_t *ret_fds_len);

/** The same from a peer that has no business sending descriptors: none is taken. */
MUST_USE ssize_t channel_recv_plain(int sock, void *data, size_t cap, int flags);

#endif
