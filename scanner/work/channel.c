/* channel.c - sendmsg and recvmsg, once */
#include "channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(CHANNEL_FDS_MAX * sizeof(int))];
};

int channel_pair(int ret_pair[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_pair) < 0 ? -errno : 0;
}

int channel_send(int sock, const void *data, size_t len, const int *fds, size_t fds_len, int flags)
{
	union control control;
	struct iovec vec = { .iov_base = (void *)(uintptr_t)data, .iov_len = len };
	struct msghdr msg = { .msg_iov = &vec, .msg_iovlen = 1 };
	ssize_t sent;

	if (fds_len > CHANNEL_FDS_MAX)
		return -EINVAL;
	if (fds_len > 0) {
		struct cmsghdr *head = &control.align;

		memset(&control, 0, sizeof(control));
		head->cmsg_level = SOL_SOCKET;
		head->cmsg_type = SCM_RIGHTS;
		head->cmsg_len = CMSG_LEN(fds_len * sizeof(int));
		memcpy(CMSG_DATA(head), fds, fds_len * sizeof(int));
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE(fds_len * sizeof(int));
	}
	do
		sent = sendmsg(sock, &msg, flags | MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

static size_t take_fds(struct msghdr *msg, int ret_fds[CHANNEL_FDS_MAX])
{
	size_t count = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		size_t bytes = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(ret_fds + count, CMSG_DATA(c), bytes);
		count += bytes / sizeof(int);
	}
	return count;
}

ssize_t channel_recv(int sock, void *data, size_t cap, int ret_fds[CHANNEL_FDS_MAX],
		     size_t *ret_fds_len)
{
	union control control;
	struct iovec vec = { .iov_base = data, .iov_len = cap };
	struct msghdr msg = {
		.msg_iov = &vec,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t got;

	do
		got = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	*ret_fds_len = take_fds(&msg, ret_fds);
	if (msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		for (size_t i = 0; i < *ret_fds_len; i++)
			close(ret_fds[i]);
		*ret_fds_len = 0;
		return -EMSGSIZE;
	}
	return got;
}

ssize_t channel_recv_plain(int sock, void *data, size_t cap, int flags)
{
	ssize_t got;

	do
		got = recv(sock, data, cap, flags | MSG_TRUNC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	return (size_t)got > cap ? -EMSGSIZE : got;
}
