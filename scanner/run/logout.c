/* logout.c - lines to a descriptor, hashed in large pieces on the way */
#include "logout.h"

#include "fail.h"

/** Pending bytes that make a write worth it. */
#define FLUSH_AT (128 * KiB)

enum assay_status logout_init(struct logout *o, int fd, struct assay_error *err)
{
	*o = (struct logout){
		.fd = fd,
		.pending = BUF_INIT(FLUSH_AT + 128 * KiB),
		.sha = EVP_MD_CTX_new(),
		.copy = EVP_MD_CTX_new(),
	};
	if (!o->sha || !o->copy || !EVP_DigestInit_ex(o->sha, EVP_sha256(), NULL))
		return assay_fail_memory(err, "run log");
	return ASSAY_OK;
}

void logout_done(struct logout *o)
{
	EVP_MD_CTX_free(o->sha);
	EVP_MD_CTX_free(o->copy);
	buf_done(&o->pending);
}

static bool hash_pending(struct logout *o)
{
	size_t from = o->hashed;

	o->hashed = o->pending.len;
	return o->hashed == from ||
	       EVP_DigestUpdate(o->sha, o->pending.data + from, o->hashed - from);
}

enum assay_status logout_hash(struct logout *o, uint8_t ret_sha[SHA256_BYTES],
			      struct assay_error *err)
{
	unsigned len = SHA256_BYTES;

	if (!hash_pending(o) || !EVP_MD_CTX_copy_ex(o->copy, o->sha) ||
	    !EVP_DigestFinal_ex(o->copy, ret_sha, &len))
		return assay_fail_memory(err, "hash of the run log");
	return ASSAY_OK;
}

enum assay_status logout_flush(struct logout *o, struct assay_error *err)
{
	int rc;

	if (!hash_pending(o))
		return assay_fail_memory(err, "hash of the run log");
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
