/* logout.c - lines to a descriptor, hashed in large pieces on the way */
#include "logout.h"

#include "fail.h"

/** Pending bytes that make a write worth it. */
#define FLUSH_AT (128 * KiB)

void logout_init(struct logout *o, int fd)
{
	*o = (struct logout){
		.fd = fd,
		.pending = BUF_INIT(FLUSH_AT + 128 * KiB),
	};
	checksum_begin(&o->sha);
}

void logout_done(struct logout *o)
{
	buf_done(&o->pending);
}

static void hash_pending(struct logout *o)
{
	size_t from = o->hashed;

	o->hashed = o->pending.len;
	if (o->hashed > from)
		checksum_bytes(&o->sha, o->pending.data + from, o->hashed - from);
}

void logout_hash(struct logout *o, uint8_t ret_sha[CHECKSUM_BYTES])
{
	struct checksum so_far;

	hash_pending(o);
	so_far = o->sha;
	checksum_end(&so_far, ret_sha);
}

enum assay_status logout_flush(struct logout *o, struct assay_error *err)
{
	int rc;

	hash_pending(o);
	rc = fd_write_all(o->fd, o->pending.data, o->pending.len);
	if (rc < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, -rc,
				      "the run log cannot be written");
	buf_clear(&o->pending);
	o->hashed = 0;
	return ASSAY_OK;
}

enum assay_status logout_line(struct logout *o, const struct buf *line, struct assay_error *err)
{
	buf_add(&o->pending, line->data, line->len);
	buf_add_byte(&o->pending, '\n');
	if (o->pending.failed)
		return assay_fail_memory(err, "run log");
	o->bytes += line->len + 1;
	return o->pending.len < FLUSH_AT ? ASSAY_OK : logout_flush(o, err);
}
