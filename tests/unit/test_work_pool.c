/*
 * test_work_pool.c - units over workers that crash, hang, lie and are killed
 *
 * The engine is a fake one, defined here: it reads its file, obeys the first word in it and
 * reports what it saw.  Everything around it - zygote, lockdown, frames, pool - is real.
 */
#include "unit.h"

#include "channel.h"
#include "library.h"
#include "pool.h"

#include <errno.h>
#include <math.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

/* The pool's memory as workers have inherited it: their page is in there. */
static const struct work *inherited;

/* The fake engine */

#define RULES 30
#define MASK "##################################################"

struct assay_scanner {
	uint8_t hashes[4][ASSAY_FP_BYTES];
	char text[4097]; /* the first bytes of the file */
	uint64_t bytes;
};

static assay_ruleset rules; /* never looked into */
static bool selftest_fails, start_fails, dies_at_start, warming_fails;
static bool is_warm; /* in the zygote, and so in workers */

enum assay_status engine_new(const assay_ruleset *set, const struct assay_scan_options *options,
			     enum match_isa isa, assay_scanner **ret_scanner,
			     struct assay_error *err)
{
	(void)set, (void)isa;
	inherited = (const void *)((const char *)options - offsetof(struct work, config.scan));
	if (start_fails)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE, "no such engine");
	*ret_scanner = calloc(1, sizeof(**ret_scanner));
	return *ret_scanner ? ASSAY_OK : assay_fail_memory(err, "scanner");
}

void assay_scanner_free(assay_scanner *s)
{
	free(s);
}

size_t assay_ruleset_count(const assay_ruleset *set)
{
	(void)set;
	return RULES;
}

enum assay_status ruleset_machine_code(const assay_ruleset *set, struct assay_error *err)
{
	(void)set;
	is_warm = true;
	return warming_fails ? assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE, "no machine code")
			     : ASSAY_OK;
}

#define MATHS(X) X(cos)

static LIBRARY_CALLS(maths, MATHS) maths;
static struct library there = LIBRARY("libm.so.6", MATHS, maths);
static struct library missing = LIBRARY("libassay-test-none.so.1", MATHS, maths);

void engine_warm(assay_scanner *s)
{
	(void)s;
	library_try(&there);
	library_try(&missing);
}

const char *engine_isa(const assay_scanner *s)
{
	(void)s;
	return "fake";
}

enum assay_status engine_selftest(assay_scanner *s, struct assay_error *err)
{
	(void)s;
	if (dies_at_start)
		raise(SIGSEGV);
	return selftest_fails ? assay_fail(err, ASSAY_FATAL, ASSAY_ENGINE_UNAVAILABLE,
					   "the sample of text gave nothing")
			      : ASSAY_OK;
}

const uint8_t (*engine_hashes(assay_scanner *s, unsigned rule, size_t *ret_len))[ASSAY_FP_BYTES]
{
	s->hashes[0][0] = (uint8_t)rule;
	*ret_len = 4;
	return (const void *)s->hashes;
}

struct call {
	assay_scanner *s;
	const struct engine_job *job;
	const struct assay_sink *sink;
	struct engine_result *result;
	struct assay_error *err;
};

/* An object with one finding; its size is the bytes read, its mime the name given. */
static int emit(struct call *c, const struct assay_inner *inner, size_t inner_len,
		size_t occurrences_len)
{
	struct assay_occurrence *list = calloc(occurrences_len + 1, sizeof(*list));
	char name[256] = "";
	struct assay_finding finding = {
		.rule = 7,
		.counts = { 0, occurrences_len, 0 },
		.occurrences = list,
		.occurrences_len = occurrences_len,
	};
	struct assay_object o = {
		.inner = inner,
		.inner_len = inner_len,
		.size = c->s->bytes,
		.bytes = c->s->bytes,
		.mime = name,
		.mime_by = "magic",
		.findings = &finding,
		.findings_len = 1,
	};
	int rc;

	if (c->job->name_len)
		memcpy(name, c->job->name, MIN(c->job->name_len, sizeof(name) - 1));
	for (size_t i = 0; i < occurrences_len; i++)
		list[i] = (struct assay_occurrence){ .off = i, .len = 1, .mask = MASK };
	rc = c->sink->object(c->sink->ctx, &o);
	free(list);
	return rc;
}

static enum assay_status plain(struct call *c)
{
	emit(c, NULL, 0, 3);
	return ASSAY_OK;
}

static enum assay_status members(struct call *c)
{
	for (uint32_t i = 0; i < 50; i++)
		emit(c, &(struct assay_inner){ "member", 6, i }, 1, 1);
	return plain(c);
}

static enum assay_status big(struct call *c)
{
	emit(c, NULL, 0, 20000); /* 1.6 MB: many messages */
	return ASSAY_OK;
}

static enum assay_status too_much(struct call *c)
{
	for (uint32_t i = 0; i < 100; i++)
		if (emit(c, &(struct assay_inner){ "member", 6, i }, 1, 20000) != 0)
			return ASSAY_FAILED;
	return plain(c);
}

static enum assay_status lost(struct call *c)
{
	emit(c, &(struct assay_inner){ "member", 6, 0 }, 1, 1);
	return assay_fail(c->err, ASSAY_FAILED, ASSAY_ENCRYPTED, "a lock");
}

static enum assay_status no_memory(struct call *c)
{
	emit(c, &(struct assay_inner){ "member", 6, 0 }, 1, 1);
	return assay_fail_memory(c->err, "a parser");
}

static enum assay_status no_answer(struct call *c)
{
	(void)c;
	return ASSAY_OK;
}

static enum assay_status two_answers(struct call *c)
{
	plain(c);
	return plain(c);
}

static enum assay_status parser(struct call *c)
{
	c->result->retire = true;
	return plain(c);
}

static enum assay_status grow(struct call *c)
{
	static void *volatile kept;

	kept = malloc(8 * MiB);
	if (kept)
		memset(kept, 1, 1);
	return plain(c);
}

static enum assay_status burn(struct call *c)
{
	uint64_t until = clock_ns() + NS_PER_MS / 5;

	while (clock_ns() < until)
		continue;
	return plain(c);
}

/* Half a minute's work but for a worker at full speed. */
static enum assay_status wants_speed(struct call *c)
{
	uint64_t until = clock_ns() + 30 * NS_PER_S;

	while (!is_warm && clock_ns() < until)
		continue;
	return plain(c);
}

/* Both are late: first a worker without libraries, then one that is not fast. */
static enum assay_status wants_both(struct call *c)
{
	return library_open(&there) ? wants_speed(c) : lost(c);
}

/* A member is on its way when a library is wanted. */
static enum assay_status wants_library(struct call *c)
{
	emit(c, &(struct assay_inner){ "member", 6, 0 }, 1, 1);
	big(c);
	return library_open(&there) && maths.cos(0) > 0.5 ? ASSAY_OK : lost(c);
}

static enum assay_status misses_library(struct call *c)
{
	return library_need(&missing, ASSAY_FAILED, ASSAY_UNSUPPORTED_TYPE, c->err);
}

/* Half the object is on its way when it crashes. */
static enum assay_status crash_late(struct call *c)
{
	members(c);
	big(c);
	raise(SIGSEGV);
	return ASSAY_OK;
}

/* Blocks on a pipe that nobody writes to. */
static enum assay_status wait_for_pipe(struct call *c)
{
	char byte;

	return read(c->job->fd, &byte, 1) == 1 ? ASSAY_OK : plain(c);
}

/* Frames no honest worker sends; `serial` is the unit's own. */

static void send_frame(enum frame_type type, const void *payload, size_t len)
{
	struct frame_head head = { .type = type, .length = (uint32_t)len };
	char message[sizeof(head) + 512];

	memcpy(message, &head, sizeof(head));
	memcpy(message + sizeof(head), payload, len);
	if (channel_send(CHILD_SOCK, message, sizeof(head) + len, NULL, 0, 0) < 0)
		_exit(0);
}

static void forge_done(uint64_t serial, uint32_t reason, uint32_t flags)
{
	struct frame_done done = { .serial = serial, .lost = reason, .flags = flags };

	send_frame(FRAME_DONE, &done, sizeof(done));
}

static void forge_objects(uint64_t serial, uint32_t length)
{
	struct {
		struct frame_objects objects;
		struct stream_head head;
		char junk[64];
	} forged = { { serial }, { length }, "junk" };

	send_frame(FRAME_OBJECTS, &forged, offsetof(__typeof__(forged), junk) + 64);
	forge_done(serial, 0, 0);
}

static void forge(unsigned kind, uint64_t serial)
{
	struct frame_ready ready = { .levels = ~0u };

	switch (kind) {
	case 0: /* twice ready */
		send_frame(FRAME_READY, &ready, sizeof(ready));
		break;
	case 1: /* of no unit at all */
		forge_done(0, ASSAY_ENCRYPTED, 0);
		break;
	case 2: /* of a later unit */
		forge_done(serial + 1, ASSAY_ENCRYPTED, 0);
		break;
	case 3: /* a reason there is not */
		forge_done(serial, ASSAY_GAP_REASONS, 0);
		break;
	case 4: /* a flag there is not */
		forge_done(serial, ASSAY_ENCRYPTED, 1u << 31);
		break;
	case 5: /* a split that nobody may make */
		forge_done(serial, 0, DONE_SPLIT);
		break;
	case 6: /* objects without end */
		forge_objects(serial, UINT32_MAX);
		break;
	case 7: /* an object of junk */
		forge_objects(serial, 64);
		break;
	case 8: /* done, with nothing to show */
		forge_done(serial, 0, 0);
		break;
	case 9: /* a frame of an unknown type */
		send_frame((enum frame_type)99, "x", 1);
		break;
	case 10: /* an empty message looks like the end */
		if (channel_send(CHILD_SOCK, "", 0, NULL, 0, 0) < 0)
			_exit(0);
		break;
	case 11: /* to be relieved, when nothing is missing */
		send_frame(FRAME_RELIEVE, "", 0);
		break;
	case 12: /* the same, with more to say */
		send_frame(FRAME_RELIEVE, "x", 1);
		break;
	default: /* silence */
		close(CHILD_SOCK);
		break;
	}
}

#define FORGERIES 14

/** The page that is not given up: the kernel can write into it, past what it holds. */
static struct progress *own_page(void)
{
	for (unsigned i = 0; i < inherited->slots_len; i++) {
		struct progress *page = progress_at(inherited->progress, i);

		if (syscall(SYS_clock_gettime, CLOCK_MONOTONIC, page + 64) == 0)
			return page;
	}
	abort();
}

static enum assay_status wants_relief(struct call *c)
{
	(void)c;
	send_frame(FRAME_RELIEVE, "", 0);
	for (volatile bool turning = true; turning;)
		continue;
	return ASSAY_OK;
}

/* Forged right away, when the unit is alone and its serial known from the page. */
static enum assay_status forger(struct call *c)
{
	uint64_t serial = atomic_load(&own_page()->started);

	forge((unsigned)atoi(c->s->text + strlen("FORGE-")), serial);
	for (volatile bool turning = true; turning;)
		continue; /* and never an honest word again */
	return ASSAY_OK;
}

/* Buys time by announcing ever new units. */
static enum assay_status move_on(struct call *c)
{
	struct progress *page = own_page();

	(void)c;
	for (volatile uint64_t serial = 0; serial < UINT64_MAX; serial++)
		atomic_store(&page->started, serial % 200);
	return ASSAY_OK;
}

static const struct {
	const char *word;
	enum assay_status (*obey)(struct call *c);
} words[] = {
	{ "FORGE-", forger },
	{ "MOVE-ON", move_on },

	{ "MEMBERS", members },
	{ "BIG", big },
	{ "TOO-MUCH", too_much },
	{ "LOST", lost },
	{ "NO-MEMORY", no_memory },
	{ "NO-ANSWER", no_answer },
	{ "TWO-ANSWERS", two_answers },
	{ "PARSER", parser },
	{ "GROW", grow },
	{ "BURN", burn },
	{ "WANTS-SPEED", wants_speed },
	{ "LATE", crash_late },
	{ "WANTS-RELIEF", wants_relief },
	{ "WANTS-BOTH", wants_both },
	{ "WANTS-LIBRARY", wants_library },
	{ "MISSES-LIBRARY", misses_library },
};

static enum assay_status range(struct call *c)
{
	char *byte = c->s->text;

	c->result->lines = 0;
	for (uint64_t at = c->job->begin; at < c->job->end; at++)
		if (pread(c->job->fd, byte, 1, (off_t)at) == 1 && *byte == '\n')
			c->result->lines++;
	c->s->bytes = c->job->blob_len == SPLIT_BLOB_MAX ? c->job->blob[SPLIT_BLOB_MAX - 1] : 0;
	return plain(c);
}

enum assay_status engine_run(assay_scanner *s, const struct engine_job *job,
			     const struct assay_sink *sink, struct engine_result *ret_result,
			     struct assay_error *err)
{
	struct call c = { s, job, sink, ret_result, err };
	ssize_t got;

	s->bytes = 0;
	if (job->blob_len)
		return range(&c);
	got = pread(job->fd, s->text, sizeof(s->text) - 1, 0);
	if (got < 0)
		return wait_for_pipe(&c);
	s->text[got] = '\0';
	s->bytes = ret_result->bytes = (uint64_t)got;
	if (job->may_split && strncmp(s->text, "SPLIT", 5) == 0) {
		ret_result->split = true;
		ret_result->blob_len = SPLIT_BLOB_MAX;
		memset(ret_result->blob, 42, SPLIT_BLOB_MAX);
		return ASSAY_OK;
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strncmp(s->text, words[i].word, strlen(words[i].word)) == 0)
			return words[i].obey(&c);
	return plain(&c);
}

/* The caller's side */

#define UNITS_MAX 4096

struct tally {
	const char *content;
	int fd;
	unsigned objects, outer, done;
	size_t occurrences;
	struct work_result result;
	char detail[256];
};

static struct tally units[UNITS_MAX];
static size_t units_len, units_next;
static struct work *work;
static struct work_config config;
static struct assay_error err;

/* Words with a `!` are obeyed by workers of test builds alone. */
static bool has_hooks(void)
{
#ifdef ASSAY_TEST_HOOKS
	return true;
#else
	return false;
#endif
}

static int file_of(const char *content)
{
	static struct {
		const char *content;
		int fd;
	} files[64];

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (!files[i].content) {
			int fd = memfd_create("unit", MFD_CLOEXEC);

			ck_assert(write(fd, content, strlen(content)) == (ssize_t)strlen(content));
			files[i].content = content;
			files[i].fd = fd;
		}
		if (strcmp(files[i].content, content) == 0)
			return files[i].fd;
	}
	ck_abort();
}

static void add(const char *content, unsigned count)
{
	for (; count; count--)
		units[units_len++] = (struct tally){ .content = content, .fd = file_of(content) };
}

static void shuffle(void)
{
	uint32_t state = 12345;

	for (size_t i = units_len - 1; i > 0; i--) {
		struct tally t = units[i];
		size_t j;

		state = state * 1664525 + 1013904223;
		j = (state >> 8) % (i + 1);
		units[i] = units[j];
		units[j] = t;
	}
}

static int next(void *ctx, struct work_unit *ret_unit, struct assay_error *e)
{
	struct tally *t = &units[units_next];

	(void)ctx, (void)e;
	if (units_next == units_len)
		return 0;
	*ret_unit = (struct work_unit){
		.item = t,
		.fd = t->fd,
		.size = strlen(t->content),
		.data_bytes = 4096,
	};
	ret_unit->name_len =
	    (uint8_t)snprintf(ret_unit->name, sizeof(ret_unit->name), "name-%zu.txt", units_next);
	units_next++;
	return 1;
}

static enum assay_status on_object(void *ctx, const struct work_unit *unit,
				   const struct assay_object *o, const struct work_hashes *hashes,
				   struct assay_error *e)
{
	struct tally *t = unit->item;
	char name[32];

	(void)ctx, (void)e;
	ck_assert_uint_eq(t->done, 0);
	ck_assert_ptr_null(hashes);
	snprintf(name, sizeof(name), "name-%zu.txt", (size_t)(t - units));
	ck_assert_str_eq(o->mime, name);
	ck_assert_uint_eq(o->size, t->fd < 0 ? 0 : strlen(t->content));
	ck_assert_uint_eq(o->findings_len, 1);
	ck_assert_uint_eq(o->findings[0].counts[ASSAY_MEDIUM], o->findings[0].occurrences_len);
	t->objects++;
	t->outer += o->inner_len == 0;
	t->occurrences += o->findings[0].occurrences_len;
	return ASSAY_OK;
}

static enum assay_status on_done(void *ctx, const struct work_unit *unit,
				 const struct work_result *result, struct assay_error *e)
{
	struct tally *t = unit->item;

	(void)ctx, (void)e;
	t->done++;
	t->result = *result;
	if (result->lost)
		ck_assert_uint_eq(t->objects, 0);
	snprintf(t->detail, sizeof(t->detail), "%s", result->detail ? result->detail : "");
	return ASSAY_OK;
}

static bool tick(void *ctx)
{
	(void)ctx;
	return true;
}

static const struct work_source source = { .fd = -1, .next = next };
static const struct work_sink sink = { .object = on_object, .unit_done = on_done, .tick = tick };

static void defaults(void)
{
	config = (struct work_config){
		.workers = 2,
		.sandbox = CONFINE_MODE_REQUIRE,
		.memory_bytes = WORK_MEMORY_BYTES,
		.member_bytes = 128 * MiB,
		.cpu_ms = 5000,
		.cpu_ms_max = 10000,
		.stall_ms = 10000,
		.rules = &rules,
		.scan = { .test_hooks = true },
	};
}

static void start(void)
{
	ck_assert_int_eq(work_new(&config, &work, &err), ASSAY_OK);
}

static void run(void)
{
	enum assay_status st;

	if (!work)
		start();
	st = work_run(work, &source, &sink, &err);
	ck_assert_msg(st == ASSAY_OK, "%d %s", err.reason, err.detail);
	for (size_t i = 0; i < units_len; i++)
		ck_assert_msg(units[i].done == 1, "unit %zu (%s): %u answers", i, units[i].content,
			      units[i].done);
}

static void end(void)
{
	work_free(work);
	work = NULL;
}

/* Units with this content, and whether all came to this end. */
static unsigned ended(const char *content, enum assay_reason lost_by, int signal)
{
	unsigned count = 0;

	for (size_t i = 0; i < units_len; i++) {
		const struct tally *t = &units[i];

		if (strcmp(t->content, content) != 0)
			continue;
		ck_assert_msg(t->result.lost == lost_by && t->result.signal == signal,
			      "%s: %s, signal %d, %s", content, assay_reason_name(t->result.lost),
			      t->result.signal, t->detail);
		ck_assert_uint_eq(t->outer, lost_by == ASSAY_REASON_NONE);
		count++;
	}
	return count;
}

START_TEST(plain_files)
{
	add("hello", 1000);
	add("", 10);
	run();
	ck_assert_uint_eq(ended("hello", ASSAY_REASON_NONE, 0), 1000);
	ck_assert_uint_eq(ended("", ASSAY_REASON_NONE, 0), 10);
	ck_assert_uint_eq(units[0].occurrences, 3);
	ck_assert_uint_eq(units[0].result.bytes, 5);
	ck_assert_uint_eq(work_stats(work)->confinement & CONFINE_REQUIRED, CONFINE_REQUIRED);
	ck_assert_uint_le(work_stats(work)->started, 2);
	ck_assert_uint_eq(work_stats(work)->died, 0);
}
END_TEST

START_TEST(nothing_to_do)
{
	run();
	ck_assert_uint_eq(work_stats(work)->started, 0);
}
END_TEST

/* CPU time that tells a hang from eating memory, which sanitizers make slow. */
#ifdef ASSAY_SANITIZED
#define HANG_MS 3000
#else
#define HANG_MS 300
#endif

/* The accounts of DESIGN 1.3: one bad file costs one error. */
START_TEST(bad_files_among_good)
{
	if (!has_hooks())
		return;
	config.cpu_ms = config.cpu_ms_max = HANG_MS;
	add("hello", 3970);
	add("!CRASH", 20);
	add("!HANG", 6);
	add("!EAT-MEMORY", 4);
	shuffle();
	run();
	ck_assert_uint_eq(ended("hello", ASSAY_REASON_NONE, 0), 3970);
	ck_assert_uint_eq(ended("!CRASH", ASSAY_CRASH_QUARANTINED, SIGSEGV), 20);
	ck_assert_uint_eq(ended("!HANG", ASSAY_LIMIT_TIME, 0), 6);
	ck_assert_uint_eq(ended("!EAT-MEMORY", ASSAY_LIMIT_MEMORY, 0), 4);
	ck_assert_uint_eq(work_stats(work)->died, 20);
	ck_assert_uint_eq(work_stats(work)->timed_out, 6);
	ck_assert_uint_eq(work_stats(work)->recycled, 4);
}
END_TEST

/* What happens to a worker that does what none must. */
static const struct {
	const char *content;
	enum assay_reason lost;
	int signal;
} deeds[] = {
	{ "!EXEC-MEMORY", ASSAY_CRASH_QUARANTINED, SIGSYS },
	{ "!FORBIDDEN-CALL", ASSAY_CRASH_QUARANTINED, SIGSYS },
	{ "!FORK", ASSAY_CRASH_QUARANTINED, SIGSYS },
	{ "!OPEN-FILE", ASSAY_REASON_NONE, 0 }, /* refused: it scans on */
	{ "!CONNECT", ASSAY_REASON_NONE, 0 },
	{ "!LIE", ASSAY_CRASH_QUARANTINED, 0 },
	{ "TWO-ANSWERS", ASSAY_CRASH_QUARANTINED, 0 },
	{ "NO-ANSWER", ASSAY_CRASH_QUARANTINED, 0 },
	{ "LATE", ASSAY_CRASH_QUARANTINED, SIGSEGV },
	{ "LOST", ASSAY_ENCRYPTED, 0 },
	{ "NO-MEMORY", ASSAY_LIMIT_MEMORY, 0 },
	{ "TOO-MUCH", ASSAY_LIMIT_HITS, 0 },
	{ "MEMBERS", ASSAY_REASON_NONE, 0 },
	{ "BIG", ASSAY_REASON_NONE, 0 },
};

START_TEST(deed_among_good)
{
	if (deeds[_i].content[0] == '!' && !has_hooks())
		return;
	add("hello", 300);
	add(deeds[_i].content, 3);
	shuffle();
	run();
	ck_assert_uint_eq(ended("hello", ASSAY_REASON_NONE, 0), 300);
	ck_assert_uint_eq(ended(deeds[_i].content, deeds[_i].lost, deeds[_i].signal), 3);
}
END_TEST

/*
 * Whatever is forged, other files come out whole and the forger's is lost.  One worker, so
 * that its page is known.
 */
START_TEST(forgeries)
{
	char word[32];

	config.workers = 1;
	config.cpu_ms = config.cpu_ms_max = 200;
	snprintf(word, sizeof(word), "FORGE-%d", _i);
	add("hello", 100);
	add(word, 2);
	add("hello", 100);
	run();
	ck_assert_uint_eq(ended("hello", ASSAY_REASON_NONE, 0), 200);
	ck_assert_uint_eq(units[100].objects + units[101].objects, 0);
	ck_assert_int_ne(units[100].result.lost, ASSAY_REASON_NONE);
	ck_assert_int_ne(units[101].result.lost, ASSAY_REASON_NONE);
}
END_TEST

START_TEST(deadline_cannot_be_moved)
{
	config.workers = 1;
	config.cpu_ms = config.cpu_ms_max = 100;
	add("MOVE-ON", 1);
	run();
	ck_assert_uint_eq(ended("MOVE-ON", ASSAY_LIMIT_TIME, 0), 1);
	ck_assert_uint_lt(work_stats(work)->worker_cpu_ms, 1000);
}
END_TEST

/* The last unit of all, and all of them. */
START_TEST(only_bad_files)
{
	if (!has_hooks())
		return;
	config.workers = 1;
	add("!CRASH", 40);
	add("!LIE", 5);
	run();
	ck_assert_uint_eq(ended("!CRASH", ASSAY_CRASH_QUARANTINED, SIGSEGV), 40);
	ck_assert_uint_eq(ended("!LIE", ASSAY_CRASH_QUARANTINED, 0), 5);
}
END_TEST

START_TEST(details_say_what)
{
	if (!has_hooks())
		return;
	add("LOST", 1);
	add("MEMBERS", 1);
	add("BIG", 1);
	add("!LIE", 1);
	add("TOO-MUCH", 1);
	run();
	ck_assert_str_eq(units[0].detail, "a lock");
	ck_assert_uint_eq(units[1].objects, 51);
	ck_assert_uint_eq(units[2].occurrences, 20000);
	ck_assert(strncmp(units[3].detail, "protocol", 8) == 0);
	ck_assert_ptr_nonnull(strstr(units[4].detail, "more results"));
}
END_TEST

/* Kills from outside, at random. */
static unsigned kills, answers;

static enum assay_status done_and_kill(void *ctx, const struct work_unit *unit,
				       const struct work_result *result, struct assay_error *e)
{
	if (++answers % 60 == 0) {
		const struct slot *s = &work->slots[answers / 60 % work->slots_len];

		kills += s->pid > 0 && kill(s->pid, SIGKILL) == 0;
	}
	return on_done(ctx, unit, result, e);
}

START_TEST(killed_workers_lose_nothing)
{
	const struct work_sink killing = { .object = on_object,
					   .unit_done = done_and_kill,
					   .tick = tick };

	add("BURN", 1500);
	add("MEMBERS", 500);
	shuffle();
	start();
	ck_assert_int_eq(work_run(work, &source, &killing, &err), ASSAY_OK);
	for (size_t i = 0; i < units_len; i++)
		ck_assert_uint_eq(units[i].done, 1);
	ck_assert_uint_eq(ended("BURN", ASSAY_REASON_NONE, 0), 1500);
	ck_assert_uint_eq(ended("MEMBERS", ASSAY_REASON_NONE, 0), 500);
	for (size_t i = 0; i < units_len; i++)
		ck_assert_uint_eq(units[i].objects, strcmp(units[i].content, "MEMBERS") ? 1 : 51);
	ck_assert_uint_gt(kills, 20);
	ck_assert_uint_ge(work_stats(work)->died, kills / 2);
}
END_TEST

/* A unit whose workers are killed each time is given up at last. */
static bool kill_all(void *ctx)
{
	(void)ctx;
	for (unsigned i = 0; i < work->slots_len; i++)
		if (work->slots[i].ready && work->slots[i].len > 0)
			kill(work->slots[i].pid, SIGKILL);
	return true;
}

START_TEST(killed_every_time)
{
	const struct work_sink killing = { .object = on_object,
					   .unit_done = on_done,
					   .tick = kill_all };

	if (!has_hooks())
		return;
	add("!HANG", 1);
	start();
	ck_assert_int_eq(work_run(work, &source, &killing, &err), ASSAY_OK);
	ck_assert_uint_eq(ended("!HANG", ASSAY_CRASH_QUARANTINED, SIGKILL), 1);
	ck_assert_uint_eq(work_stats(work)->died, 3);
	ck_assert_uint_eq(work_stats(work)->units_retried, 2);
}
END_TEST

/* Storage that does not answer: wall time without CPU time. */
START_TEST(stalled_unit)
{
	int pipe_fds[2];

	config.stall_ms = 300;
	ck_assert(pipe(pipe_fds) == 0);
	add("hello", 200);
	for (int i = 0; i < 3; i++)
		units[units_len++] = (struct tally){ .content = "pipe", .fd = pipe_fds[0] };
	shuffle();
	run();
	ck_assert_uint_eq(ended("hello", ASSAY_REASON_NONE, 0), 200);
	ck_assert_uint_eq(ended("pipe", ASSAY_LIMIT_TIME, 0), 3);
}
END_TEST

START_TEST(deadline_grows_with_size)
{
	if (!has_hooks())
		return;
	config.cpu_ms = 50;
	config.cpu_ms_per_mib = 100;
	config.cpu_ms_max = 250;
	add("!HANG", 1);
	start();
	ck_assert_int_eq(work_probe(work, &err), ASSAY_OK);
	run();
	ck_assert_uint_eq(ended("!HANG", ASSAY_LIMIT_TIME, 0), 1);
	ck_assert_uint_lt(work_stats(work)->worker_cpu_ms, 200);
}
END_TEST

/* Ranges */

#define SPLIT_LINES 30000

static struct {
	unsigned ranges, done;
	uint64_t lines;
	bool asked;
} split;
static uint8_t kept_blob[SPLIT_BLOB_MAX];
static int split_fd;

static int next_range(void *ctx, struct work_unit *ret_unit, struct assay_error *e)
{
	uint64_t size = 7 * SPLIT_LINES;

	(void)ctx, (void)e;
	*ret_unit = (struct work_unit){ .fd = split_fd, .size = size, .data_bytes = size };
	if (!split.asked) {
		split.asked = true;
		ret_unit->may_split = true;
		return 1;
	}
	if (kept_blob[0] == 0)
		return 2; /* not now: the blob comes with the first answer */
	if (split.ranges == 10)
		return 0;
	ret_unit->begin = split.ranges * size / 10;
	ret_unit->end = ++split.ranges * size / 10;
	ret_unit->blob = kept_blob;
	ret_unit->blob_len = sizeof(kept_blob);
	return 1;
}

static enum assay_status range_object(void *ctx, const struct work_unit *unit,
				      const struct assay_object *o,
				      const struct work_hashes *hashes, struct assay_error *e)
{
	(void)ctx, (void)e;
	ck_assert_uint_gt(unit->blob_len, 0);
	ck_assert_ptr_nonnull(hashes);
	ck_assert_uint_eq(o->findings_len, 1);
	ck_assert_uint_eq(hashes[0].len, 4);
	ck_assert_uint_eq(hashes[0].hashes[0][0], o->findings[0].rule);
	ck_assert_uint_eq(o->size, 42); /* the last byte of the blob as it arrived */
	return ASSAY_OK;
}

static enum assay_status range_done(void *ctx, const struct work_unit *unit,
				    const struct work_result *result, struct assay_error *e)
{
	(void)ctx, (void)e;
	ck_assert_int_eq(result->lost, ASSAY_REASON_NONE);
	ck_assert(result->split == unit->may_split);
	split.done++;
	split.lines += result->lines;
	if (result->split) {
		ck_assert_uint_eq(result->blob_len, SPLIT_BLOB_MAX);
		memcpy(kept_blob, result->blob, result->blob_len);
	}
	return ASSAY_OK;
}

START_TEST(ranges)
{
	const struct work_source s = { .fd = -1, .next = next_range };
	const struct work_sink k = { .object = range_object, .unit_done = range_done };

	split_fd = memfd_create("split", MFD_CLOEXEC);
	for (int i = 0; i < SPLIT_LINES; i++)
		ck_assert(write(split_fd, "SPLIT.\n", 7) == 7);
	start();
	ck_assert_int_eq(work_run(work, &s, &k, &err), ASSAY_OK);
	ck_assert_uint_eq(split.done, 11);
	ck_assert_uint_eq(split.lines, SPLIT_LINES);
}
END_TEST

/* A spare */

static unsigned busy_most, alive_most;

static bool count_workers(void *ctx)
{
	unsigned busy = 0, alive = 0;

	(void)ctx;
	for (unsigned i = 0; i < work->slots_len; i++) {
		busy += work->slots[i].len > 0;
		alive += work->slots[i].ready;
	}
	busy_most = MAX(busy_most, busy);
	alive_most = MAX(alive_most, alive);
	return true;
}

START_TEST(spare_stands_ready)
{
	const struct work_sink counting = { .object = on_object,
					    .unit_done = on_done,
					    .tick = count_workers };

	config.workers = 1;
	config.spare_after_ms = 200;
	config.recycle_after = 500;
	add("BURN", 2500); /* half a second */
	add("PARSER", 1000);
	start();
	ck_assert_int_eq(work_run(work, &source, &counting, &err), ASSAY_OK);
	ck_assert_uint_eq(ended("PARSER", ASSAY_REASON_NONE, 0), 1000);
	ck_assert_uint_eq(busy_most, 1);
	ck_assert_uint_eq(alive_most, 2);
	ck_assert_uint_ge(work_stats(work)->recycled, 1);
	ck_assert_uint_ge(work_stats(work)->started, 3);
}
END_TEST

/* Recycling */

START_TEST(recycles_after_parsers)
{
	config.workers = 1;
	config.recycle_after = 10;
	add("PARSER", 500);
	run();
	ck_assert_uint_eq(ended("PARSER", ASSAY_REASON_NONE, 0), 500);
	ck_assert_uint_ge(work_stats(work)->recycled, 5);
	ck_assert_uint_eq(work_stats(work)->died, 0);
	ck_assert_uint_eq(work_stats(work)->units_retried, 0);
}
END_TEST

#ifndef ASSAY_SANITIZED /* their malloc keeps no statistics */
START_TEST(recycles_after_growth)
{
	config.workers = 1;
	config.recycle_growth = 16 * MiB;
	add("GROW", 200);
	run();
	ck_assert_uint_eq(ended("GROW", ASSAY_REASON_NONE, 0), 200);
	ck_assert_uint_ge(work_stats(work)->recycled, 3);
	ck_assert_uint_eq(work_stats(work)->died, 0);
}
END_TEST
#endif

/* Starting */

START_TEST(probe)
{
	start();
	ck_assert_int_eq(work_probe(work, &err), ASSAY_OK);
	ck_assert_uint_eq(work_stats(work)->started, 1);
	ck_assert_uint_eq(work_stats(work)->confinement & CONFINE_REQUIRED, CONFINE_REQUIRED);
	ck_assert(work_stats(work)->isa[0]);
	add("hello", 10);
	run();
	ck_assert_uint_eq(work_stats(work)->started, 1);
}
END_TEST

START_TEST(at_once)
{
	add("WANTS-SPEED", 1);
	start();
	ck_assert_int_eq(work_start(work, true, &err), ASSAY_OK);
	ck_assert_int_eq(work_probe(work, &err), ASSAY_OK);
	run();
	ck_assert_uint_eq(ended("WANTS-SPEED", ASSAY_REASON_NONE, 0), 1);
	ck_assert_uint_eq(work_stats(work)->started, 2);
	ck_assert_uint_eq(work_stats(work)->died, 0);
	ck_assert_uint_eq(work_stats(work)->recycled, 1);
}
END_TEST

START_TEST(at_once_is_enough)
{
	warming_fails = true; /* nobody asks */
	add("hello", 1);
	start();
	ck_assert_int_eq(work_start(work, true, &err), ASSAY_OK);
	run();
	ck_assert_uint_eq(ended("hello", ASSAY_REASON_NONE, 0), 1);
	ck_assert_uint_eq(work_stats(work)->started, 1);
}
END_TEST

/* The first worker has no library, and cannot open one any more. */
START_TEST(libraries_come_late)
{
	bool bare = _i;

	add("hello", 3);
	add("WANTS-LIBRARY", 1);
	add("hello", 3);
	config.workers = 1;
	start();
	ck_assert_int_eq(work_start(work, bare, &err), ASSAY_OK);
	run();
	ck_assert_uint_eq(ended("hello", ASSAY_REASON_NONE, 0), 6);
	ck_assert_uint_eq(ended("WANTS-LIBRARY", ASSAY_REASON_NONE, 0), 1);
	ck_assert_uint_eq(units[3].objects, 2);
	ck_assert_uint_eq(work_stats(work)->started, bare ? 2 : 1);
	ck_assert_uint_eq(work_stats(work)->recycled, bare);
	ck_assert_uint_eq(work_stats(work)->died, 0);
}
END_TEST

START_TEST(libraries_and_then_speed)
{
	add("WANTS-BOTH", 1);
	start();
	ck_assert_int_eq(work_start(work, true, &err), ASSAY_OK);
	run();
	ck_assert_uint_eq(ended("WANTS-BOTH", ASSAY_REASON_NONE, 0), 1);
	ck_assert_uint_eq(work_stats(work)->started, 3);
	ck_assert_uint_eq(work_stats(work)->recycled, 2);
	ck_assert_uint_eq(work_stats(work)->died, 0);
}
END_TEST

/* A worker with libraries that need not be fast is made without machine code. */
START_TEST(libraries_are_enough)
{
	warming_fails = true; /* nobody asks */
	add("WANTS-LIBRARY", 1);
	start();
	ck_assert_int_eq(work_start(work, true, &err), ASSAY_OK);
	run();
	ck_assert_uint_eq(ended("WANTS-LIBRARY", ASSAY_REASON_NONE, 0), 1);
	ck_assert_uint_eq(work_stats(work)->started, 2);
}
END_TEST

/* Nor may one that was relieved already ask again. */
START_TEST(relief_is_given_once)
{
	config.workers = 1;
	config.cpu_ms = config.cpu_ms_max = 200;
	add("WANTS-RELIEF", 1);
	add("hello", 1);
	start();
	ck_assert_int_eq(work_start(work, true, &err), ASSAY_OK);
	run();
	ck_assert_uint_eq(ended("hello", ASSAY_REASON_NONE, 0), 1);
	ck_assert_uint_eq(ended("WANTS-RELIEF", ASSAY_CRASH_QUARANTINED, 0), 1);
	ck_assert_uint_eq(work_stats(work)->recycled, 1);
	ck_assert_uint_eq(work_stats(work)->died, 1);
}
END_TEST

START_TEST(libraries_may_be_missing)
{
	add("MISSES-LIBRARY", 1);
	start();
	ck_assert_int_eq(work_start(work, _i, &err), ASSAY_OK);
	run();
	ck_assert_uint_eq(ended("MISSES-LIBRARY", ASSAY_UNSUPPORTED_TYPE, 0), 1);
	ck_assert_str_eq(units[0].detail, "libassay-test-none.so.1 cannot be opened");
	ck_assert_uint_eq(work_stats(work)->died, 0);
}
END_TEST

START_TEST(warming_must_succeed)
{
	warming_fails = true;
	start();
	ck_assert_int_eq(work_probe(work, &err), ASSAY_FATAL);
	ck_assert_int_eq(err.reason, ASSAY_BAD_RULE);
	ck_assert_str_eq(err.detail, "no machine code");
}
END_TEST

START_TEST(selftest_must_pass)
{
	selftest_fails = true;
	start();
	ck_assert_int_eq(work_probe(work, &err), ASSAY_FATAL);
	ck_assert_int_eq(err.reason, ASSAY_ENGINE_UNAVAILABLE);
	ck_assert_str_eq(err.detail, "the sample of text gave nothing");
}
END_TEST

START_TEST(engine_must_start)
{
	start_fails = true;
	start();
	ck_assert_int_eq(work_probe(work, &err), ASSAY_FATAL);
	ck_assert_int_eq(err.reason, ASSAY_BAD_RULE);
	ck_assert_str_eq(err.detail, "no such engine");
}
END_TEST

START_TEST(stillborn_workers)
{
	dies_at_start = true;
	add("hello", 100);
	start();
	ck_assert_int_eq(work_run(work, &source, &sink, &err), ASSAY_FATAL);
	ck_assert_int_eq(err.reason, ASSAY_ENGINE_UNAVAILABLE);
	ck_assert_ptr_nonnull(strstr(err.detail, "before they are ready"));
}
END_TEST

static bool kill_zygote(void *ctx)
{
	(void)ctx;
	kill(work->zygote.pid, SIGKILL);
	return true;
}

START_TEST(zygote_must_live)
{
	const struct work_sink k = { .object = on_object,
				     .unit_done = on_done,
				     .tick = kill_zygote };

	add("BURN", 4000);
	start();
	ck_assert_int_eq(work_run(work, &source, &k, &err), ASSAY_FATAL);
	ck_assert_ptr_nonnull(strstr(err.detail, "starts workers"));
}
END_TEST

START_TEST(without_sandbox)
{
	config.sandbox = CONFINE_MODE_OFF;
	add("hello", 100);
	if (has_hooks())
		add("!OPEN-FILE", 1); /* not refused: it exits, and that is seen */
	run();
	ck_assert_uint_eq(ended("hello", ASSAY_REASON_NONE, 0), 100);
	ck_assert_uint_eq(ended("!OPEN-FILE", ASSAY_CRASH_QUARANTINED, 0), has_hooks());
	ck_assert_uint_eq(work_stats(work)->confinement, 0);
}
END_TEST

/* What a terminal sends to the whole group leaves the workers at work. */
START_TEST(signals_are_the_callers)
{
	start();
	ck_assert_int_eq(work_probe(work, &err), ASSAY_OK);
	kill(work->slots[0].pid, SIGINT);
	kill(work->slots[0].pid, SIGTERM);
	kill(work->zygote.pid, SIGINT);
	add("hello", 100);
	run();
	ck_assert_uint_eq(work_stats(work)->died, 0);
}
END_TEST

static bool stop_soon(void *ctx)
{
	(void)ctx;
	return units_next < 100;
}

/* Told to end: what was taken is answered, and no more is taken. */
START_TEST(ends_when_told)
{
	const struct work_sink k = { .object = on_object, .unit_done = on_done, .tick = stop_soon };

	add("BURN", 4000);
	start();
	ck_assert_int_eq(work_run(work, &source, &k, &err), ASSAY_OK);
	ck_assert_uint_lt(units_next, 4000);
	for (size_t i = 0; i < units_next; i++)
		ck_assert_uint_eq(units[i].done, 1);
}
END_TEST

/* Set ASSAY_TEST_PACE to a number of files: what the crossing costs, by itself. */
static uint64_t pace_left;

static int next_pace(void *ctx, struct work_unit *ret_unit, struct assay_error *e)
{
	struct stat st;
	int fd;

	(void)e;
	if (pace_left == 0)
		return 0;
	pace_left--;
	fd = open(ctx, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	*ret_unit = (struct work_unit){ .fd = fd, .size = (uint64_t)st.st_size, .name_len = 12 };
	memcpy(ret_unit->name, "name-123.txt", 12);
	return 1;
}

static enum assay_status pace_object(void *ctx, const struct work_unit *unit,
				     const struct assay_object *o, const struct work_hashes *hashes,
				     struct assay_error *e)
{
	(void)ctx, (void)unit, (void)o, (void)hashes, (void)e;
	return ASSAY_OK;
}

static enum assay_status pace_done(void *ctx, const struct work_unit *unit,
				   const struct work_result *result, struct assay_error *e)
{
	struct stat st;

	(void)ctx, (void)result, (void)e;
	return fstat(unit->fd, &st) == 0 && close(unit->fd) == 0 ? ASSAY_OK : ASSAY_FATAL;
}

START_TEST(pace)
{
	char path[] = "/tmp/assay-pace-XXXXXX";
	const struct work_source s = { .ctx = path, .fd = -1, .next = next_pace };
	const struct work_sink k = { .object = pace_object, .unit_done = pace_done, .tick = tick };
	const char *files = getenv("ASSAY_TEST_PACE");
	uint64_t many = files ? strtoull(files, NULL, 10) : 2000, began;
	int fd = mkstemp(path);
	char content[4096];

	memset(content, 'x', sizeof(content));
	ck_assert(write(fd, content, sizeof(content)) == sizeof(content));
	close(fd);
	for (config.workers = 1; config.workers <= 4; config.workers *= 2) {
		began = clock_ns();
		start();
		ck_assert_int_eq(work_probe(work, &err), ASSAY_OK);
		if (files)
			printf("ready after %u us\n", (unsigned)((clock_ns() - began) / 1000));
		pace_left = many;
		began = clock_ns();
		ck_assert_int_eq(work_run(work, &s, &k, &err), ASSAY_OK);
		if (files)
			printf("%u workers: %.2f us a file, workers' CPU %.2f us\n", config.workers,
			       (double)(clock_ns() - began) / 1000 / (double)many,
			       (double)work_stats(work)->worker_cpu_ms * 1000 / (double)many);
		end();
	}
	unlink(path);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("work_pool");
	TCase *tc = tcase_create("pool");

	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, defaults, end);
	tcase_add_test(tc, plain_files);
	tcase_add_test(tc, nothing_to_do);
	tcase_add_test(tc, bad_files_among_good);
	tcase_add_loop_test(tc, deed_among_good, 0, ARRAY_SIZE(deeds));
	tcase_add_loop_test(tc, forgeries, 0, FORGERIES);
	tcase_add_test(tc, deadline_cannot_be_moved);
	tcase_add_test(tc, only_bad_files);
	tcase_add_test(tc, details_say_what);
	tcase_add_test(tc, killed_workers_lose_nothing);
	tcase_add_test(tc, killed_every_time);
	tcase_add_test(tc, stalled_unit);
	tcase_add_test(tc, deadline_grows_with_size);
	tcase_add_test(tc, ranges);
	tcase_add_test(tc, spare_stands_ready);
	tcase_add_test(tc, recycles_after_parsers);
#ifndef ASSAY_SANITIZED
	tcase_add_test(tc, recycles_after_growth);
#endif
	tcase_add_test(tc, probe);
	tcase_add_test(tc, at_once);
	tcase_add_test(tc, at_once_is_enough);
	tcase_add_loop_test(tc, libraries_come_late, 0, 2);
	tcase_add_test(tc, libraries_and_then_speed);
	tcase_add_test(tc, libraries_are_enough);
	tcase_add_test(tc, relief_is_given_once);
	tcase_add_loop_test(tc, libraries_may_be_missing, 0, 2);
	tcase_add_test(tc, warming_must_succeed);
	tcase_add_test(tc, selftest_must_pass);
	tcase_add_test(tc, engine_must_start);
	tcase_add_test(tc, stillborn_workers);
	tcase_add_test(tc, zygote_must_live);
	tcase_add_test(tc, without_sandbox);
	tcase_add_test(tc, signals_are_the_callers);
	tcase_add_test(tc, ends_when_told);
	tcase_add_test(tc, pace);
	suite_add_tcase(s, tc);
	return s;
}
