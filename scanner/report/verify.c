/* verify.c - is a run log what its writer wrote? */
#include <stdio.h>

#include "checksum.h"
#include "fail.h"
#include "hex.h"
#include "logread.h"
#include "report.h"

struct check {
	struct logread *reader;
	struct checksum sha;
	uint64_t bytes; /* before the line at hand */
	uint64_t seq;   /* the line's own, if none is missing */
	char run[64];
	uint64_t objects, findings, gaps;
	bool emit_all;
	bool ended;
};

static void reader_freep(struct logread **r)
{
	logread_free(*r);
}

static enum assay_status altered(const struct check *c, struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_FAILED, ASSAY_MALFORMED, "line %llu: %s",
			  (unsigned long long)logread_line(c->reader), what);
}

/** Does the log so far hash to what the line says? */
static enum assay_status check_hash(struct check *c, const char *want, struct assay_error *err)
{
	struct checksum so_far = c->sha;
	uint8_t sha[CHECKSUM_BYTES];
	char hex[2 * CHECKSUM_BYTES + 1];

	checksum_end(&so_far, sha);
	hex_text(sha, 2 * sizeof(sha), hex);
	if (!want || strcmp(hex, want) != 0)
		return altered(c, err,
			       "something before this line was changed since it was written");
	return ASSAY_OK;
}

static enum assay_status on_begin(struct check *c, const struct event *e, struct assay_error *err)
{
	const char *run = event_str(e, "run"), *emit = event_str(e, "emit");

	if (c->seq != 0)
		return altered(c, err, "a second run_begin");
	if (!run || strlen(run) >= sizeof(c->run))
		return altered(c, err, "no run");
	memcpy(c->run, run, strlen(run) + 1);
	c->emit_all = emit && strcmp(emit, "all") == 0;
	return ASSAY_OK;
}

static enum assay_status on_object(struct check *c, const struct event *e, struct assay_error *err)
{
	(void)e, (void)err;
	c->objects++;
	return ASSAY_OK;
}

static enum assay_status on_finding(struct check *c, const struct event *e, struct assay_error *err)
{
	(void)err;
	c->findings += event_int(e, "part") == 0;
	return ASSAY_OK;
}

static enum assay_status on_gap(struct check *c, const struct event *e, struct assay_error *err)
{
	(void)e, (void)err;
	c->gaps++;
	return ASSAY_OK;
}

static enum assay_status on_checkpoint(struct check *c, const struct event *e,
				       struct assay_error *err)
{
	if (event_int(e, "bytes") != c->bytes)
		return altered(c, err,
			       "lines before this one were added, removed or changed in length");
	return check_hash(c, event_str(e, "sha256"), err);
}

/** The counters: sums of their own, and what the log itself holds. */
static enum assay_status on_end(struct check *c, const struct event *e, struct assay_error *err)
{
	uint64_t all = event_int(e, "counters.enumerated"),
		 findings = event_int(e, "counters.findings");
	enum assay_status st = check_hash(c, event_str(e, "log_sha256"), err);

	if (st < 0)
		return st;
	c->ended = true;
	if (all != event_int(e, "counters.complete") + event_int(e, "counters.partial") +
		       event_int(e, "counters.none") + event_int(e, "counters.excluded"))
		return altered(c, err, "coverage does not add up to what was enumerated");
	if (findings != event_int(e, "counters.new") + event_int(e, "counters.unchanged") +
			    event_int(e, "counters.updated"))
		return altered(c, err, "findings do not add up");
	if (event_int(e, "counters.suppressed") > findings)
		return altered(c, err, "more suppressed than found");
	if (findings != c->findings)
		return altered(c, err, "the log holds another number of findings than it counts");
	if (event_int(e, "counters.gaps") != c->gaps)
		return altered(c, err, "the log holds another number of gaps than it counts");
	if (c->objects != (c->emit_all ? all + event_int(e, "counters.members")
				       : event_int(e, "counters.notable")))
		return altered(c, err, "the log holds another number of objects than it counts");
	return ASSAY_OK;
}

static enum assay_status check_event(struct check *c, const struct event *e,
				     struct assay_error *err)
{
	static const struct {
		const char *type;
		enum assay_status (*check)(struct check *, const struct event *,
					   struct assay_error *);
	} rows[] = {
		{ "run_begin", on_begin }, { "object", on_object }, { "finding", on_finding },
		{ "gap", on_gap },         { "run_end", on_end },   { "checkpoint", on_checkpoint },
	};
	const char *type = event_str(e, "type"), *run;
	enum assay_status st = ASSAY_OK;

	if (c->ended)
		return altered(c, err, "something follows run_end");
	if (event_int(e, "seq") != c->seq)
		return altered(c, err, "lines are missing or out of order before this one");
	if (c->seq == 0 && strcmp(type, "run_begin") != 0)
		return altered(c, err, "the log does not start with run_begin");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(type, rows[i].type) == 0)
			st = rows[i].check(c, e, err);
	if (st < 0)
		return st;
	run = event_str(e, "run");
	return run && strcmp(run, c->run) == 0 ? ASSAY_OK
					       : altered(c, err, "a line of another run");
}

static enum assay_status check_all(struct check *c, struct assay_error *err)
{
	for (;;) {
		const struct event *e;
		const char *line;
		enum assay_status st;
		size_t len;

		st = logread_next(c->reader, &e, err);
		if (st < 0)
			return st;
		if (!e)
			break;
		st = check_event(c, e, err);
		if (st < 0)
			return st;
		line = event_line(e, &len);
		checksum_bytes(&c->sha, line, len);
		checksum_bytes(&c->sha, "\n", 1);
		c->bytes += len + 1;
		c->seq++;
	}
	if (!c->ended)
		return altered(
		    c, err, "the log ends here, without its run_end: it was cut, or the scan died");
	return ASSAY_OK;
}

enum assay_status report_verify(int log_fd, struct assay_error *err)
{
	CLEANUP(reader_freep) struct logread *reader = NULL;
	enum assay_status st = logread_new(log_fd, &reader, err);
	struct check c = { .reader = reader };

	if (st < 0)
		return st;
	checksum_begin(&c.sha);
	return check_all(&c, err);
}
