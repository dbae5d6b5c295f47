/* verify.c - the log's hashes and sums, worked out again */
#include <inttypes.h>
#include <openssl/evp.h>

#include "fail.h"
#include "logread.h"
#include "report.h"

struct check {
	EVP_MD_CTX *sha; /**< of the lines so far */
	uint64_t bytes, seq, lines;
	uint64_t findings, gaps, blocking;
	bool begun, ended;
};

static void sha_hex(const struct check *c, char ret[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *copy = EVP_MD_CTX_new();
	unsigned len = 0;

	ret[0] = '\0';
	if (copy && EVP_MD_CTX_copy_ex(copy, c->sha) > 0)
		EVP_DigestFinal_ex(copy, digest, &len);
	EVP_MD_CTX_free(copy);
	for (unsigned i = 0; i < len; i++)
		snprintf(ret + (size_t)2 * i, 3, "%02x", digest[i]);
}

static enum assay_status altered(const struct check *c, const char *what, struct assay_error *err)
{
	return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED, "line %" PRIu64 ": %s", c->lines,
			  what);
}

static bool is_hash(const struct check *c, const char *claimed)
{
	char hex[65];

	sha_hex(c, hex);
	return claimed && hex[0] && strcmp(claimed, hex) == 0;
}

static enum assay_status check_end(struct check *c, const struct event *e, struct assay_error *err)
{
	uint64_t sum = event_int(e, "counters.complete") + event_int(e, "counters.partial") +
		       event_int(e, "counters.none") + event_int(e, "counters.excluded");

	c->ended = true;
	if (!is_hash(c, event_str(e, "log_sha256")))
		return altered(c, "the final hash is not that of the lines before it", err);
	if (sum != event_int(e, "counters.enumerated"))
		return altered(c, "the counters do not add up", err);
	if (event_int(e, "counters.findings") != c->findings ||
	    event_int(e, "counters.gaps") != c->gaps ||
	    event_int(e, "counters.blocking_gaps") != c->blocking)
		return altered(c, "the counters are not those of the events", err);
	return ASSAY_OK;
}

static enum assay_status check_event(struct check *c, const struct event *e,
				     struct assay_error *err)
{
	const char *type = event_str(e, "type");

	if (c->ended)
		return altered(c, "something follows the end of the run", err);
	if (event_int(e, "seq") != c->seq)
		return altered(c, "a line is missing or out of order", err);
	c->seq++;
	if (!c->begun && strcmp(type, "run_begin") != 0)
		return altered(c, "the log does not begin with run_begin", err);
	c->begun = true;
	if (strcmp(type, "checkpoint") == 0 &&
	    (event_int(e, "bytes") != c->bytes || !is_hash(c, event_str(e, "sha256"))))
		return altered(c, "what stands before this checkpoint was altered", err);
	if (strcmp(type, "finding") == 0 && !event_has(e, "part"))
		c->findings++;
	if (strcmp(type, "gap") == 0) {
		c->gaps++;
		c->blocking += event_bool(e, "blocking");
	}
	return strcmp(type, "run_end") == 0 ? check_end(c, e, err) : ASSAY_OK;
}

static enum assay_status check_all(struct check *c, struct logread *r, struct assay_error *err)
{
	for (;;) {
		const struct event *e;
		const char *line;
		size_t len;
		enum assay_status st = logread_next(r, &e, err);

		c->lines++;
		if (st < 0)
			return st;
		if (!e)
			return c->ended ? ASSAY_OK : altered(c, "the log is cut: no run_end", err);
		st = check_event(c, e, err);
		if (st < 0)
			return st;
		line = event_line(e, &len);
		EVP_DigestUpdate(c->sha, line, len);
		EVP_DigestUpdate(c->sha, "\n", 1);
		c->bytes += len + 1;
	}
}

enum assay_status report_verify(int log_fd, struct assay_error *err)
{
	struct check c = { .sha = EVP_MD_CTX_new() };
	struct logread *r = NULL;
	enum assay_status st = logread_new(log_fd, &r, err);

	if (st == ASSAY_OK && (!c.sha || EVP_DigestInit_ex(c.sha, EVP_sha256(), NULL) <= 0))
		st = assay_fail(err, ASSAY_FATAL, ASSAY_INTERNAL, "libcrypto has no SHA-256");
	if (st == ASSAY_OK)
		st = check_all(&c, r, err);
	EVP_MD_CTX_free(c.sha);
	logread_free(r);
	return st;
}
