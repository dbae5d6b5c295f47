/* cmd_scan.c - assay scan: options to a run, the run's log to an answer */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>

#include "ask.h"
#include "commands.h"
#include "fail.h"
#include "keyed.h"
#include "keyfile.h"
#include "mounts.h"
#include "report.h"
#include "ruleset.h"
#include "scan.h"

/** Everything a scan holds; released in one place. */
struct scan_job {
	const struct args *args;
	struct work_config work_config;
	assay_ruleset *rules;
	bool *rules_off;
	struct work *work;
	struct vec(const char *) excludes;
	struct vec(char *) lines; /**< of --exclude-from; owned */
	struct walk *walk;
	int list_fd; /**< of --files-from */
	int stdin_fd;
	int log_fd;
	const char *log_path; /**< NULL: not kept */
	char *part_path;
	int copy_fd; /**< a device or pipe that gets the log at the end; -1: none */
	struct log *log;
	uint8_t *master; /**< KEY_BYTES in a page that forked processes see as zeros */
	uint8_t key_id[4];
	struct log_options log_options;
	uint64_t max_gaps;
	struct roots_look *look; /**< NULL: nothing could be learnt of the roots in time */
};

static void job_done(struct scan_job *j)
{
	log_free(j->log);
	walk_free(j->walk);
	work_free(j->work);
	assay_ruleset_free(j->rules);
	free(j->rules_off);
	for (size_t i = 0; i < j->lines.len; i++)
		free(j->lines.items[i]);
	vec_done(&j->lines);
	vec_done(&j->excludes);
	fd_closep(&j->list_fd);
	fd_closep(&j->stdin_fd);
	fd_closep(&j->log_fd);
	free(j->part_path);
	free(j->look);
	if (j->master)
		munmap(j->master, KEY_BYTES);
}

/* Options. */

static enum assay_status read_limits(const struct args *a, struct work_config *c,
				     struct assay_error *err)
{
	struct assay_limits *l = &c->scan.limits;
	uint64_t depth = l->depth, members = l->members, occurrences = c->scan.max_occurrences;
	const struct {
		enum option_id id;
		uint64_t *value;
	} sizes[] = { { OPT_MAX_OUT, &l->out_bytes },
		      { OPT_MAX_TEXT, &l->text_bytes },
		      { OPT_MAX_MEMBER, &l->member_bytes },
		      { OPT_WORKER_MEMORY, &c->memory_bytes } };
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < ARRAY_SIZE(sizes) && st == ASSAY_OK; i++)
		st = args_size(a, sizes[i].id, sizes[i].value, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_RATIO, UINT32_MAX, &l->ratio, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_DEPTH, ASSAY_DEPTH_MAX, &depth, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_MEMBERS, UINT32_MAX, &members, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_OCCURRENCES, UINT32_MAX, &occurrences, err);
	if (st == ASSAY_OK)
		st = args_ms(a, OPT_STALL_TIMEOUT, &c->stall_ms, err);
	if (st == ASSAY_OK && args_has(a, OPT_FILE_TIMEOUT)) {
		st = args_ms(a, OPT_FILE_TIMEOUT, &c->cpu_ms, err);
		c->cpu_ms_per_mib = 0;
		c->cpu_ms_max = c->cpu_ms;
	}
	if (l->ratio == 0)
		l->ratio = 1;
	l->depth = (uint32_t)depth;
	l->members = (uint32_t)members;
	c->scan.max_occurrences = (uint32_t)occurrences;
	return st;
}

static enum assay_status read_work_options(struct scan_job *j, struct assay_error *err)
{
	const struct args *a = j->args;
	struct work_config *c = &j->work_config;
	unsigned min_confidence = ASSAY_MEDIUM, mask = ASSAY_MASK_SHAPE, sandbox = 0, engine = 0,
		 isa = 0;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t workers = cores > 0 ? (uint64_t)cores : 1;
	enum assay_status st;

	args_choice(a, OPT_MIN_CONFIDENCE, &min_confidence);
	args_choice(a, OPT_MASK, &mask);
	args_choice(a, OPT_SANDBOX, &sandbox);
	args_choice(a, OPT_ENGINE, &engine);
	args_choice(a, OPT_ISA, &isa);
	*c = (struct work_config){
		.sandbox = (enum confine_mode)sandbox,
		.cpu_ms = 10000,
		.cpu_ms_per_mib = 100,
		.cpu_ms_max = 120000,
		.stall_ms = 120000,
		.memory_bytes = WORK_MEMORY_BYTES,
		.recycle_after = 2000,
		.recycle_growth = 256 * MiB,
		.isa = (enum match_isa)isa,
		.scan = {
			.limits = ASSAY_LIMITS_DEFAULT,
			.engine = (enum assay_engine)engine,
			.mask = (enum assay_mask)mask,
			.min_confidence = (enum assay_confidence)min_confidence,
			.show_values = args_has(a, OPT_SHOW_VALUES),
			.max_occurrences = 20,
			.test_hooks = args_has(a, OPT_TEST_HOOKS),
		},
	};
	st = read_limits(a, c, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_WORKERS, 512, &workers, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_GAPS, UINT32_MAX, &j->max_gaps, err);
	c->workers = (unsigned)MAX(workers, 1);
	c->member_bytes = c->scan.limits.member_bytes;
	j->log_options.min_confidence = c->scan.min_confidence;
	unsigned emit = 0;
	args_choice(a, OPT_EMIT, &emit);
	j->log_options.emit_all = emit == 1;
	return st;
}

static bool matches_rule(const char *glob, const struct rule *rule)
{
	return fnmatch(glob, rule->id, 0) == 0 || fnmatch(glob, rule->category, 0) == 0;
}

/** Which rules are off, by --enable and --disable. */
static enum assay_status choose_rules(struct scan_job *j, struct assay_error *err)
{
	const struct args *a = j->args;
	size_t count = assay_ruleset_count(j->rules);
	bool only = args_has(a, OPT_ENABLE);

	if (!only && !args_has(a, OPT_DISABLE))
		return ASSAY_OK;
	j->rules_off = calloc(count + 1, sizeof(*j->rules_off));
	if (!j->rules_off)
		return assay_fail_memory(err, "rules");
	memset(j->rules_off, only, count);
	for (size_t i = 0; i < a->values.len; i++) {
		const struct option_value *v = &a->values.items[i];
		bool used = false;

		if (v->row->id != OPT_ENABLE && v->row->id != OPT_DISABLE)
			continue;
		for (size_t r = 0; r < count; r++)
			if (matches_rule(v->text, j->rules->rules[r].rule)) {
				j->rules_off[r] = v->row->id == OPT_DISABLE;
				used = true;
			}
		if (!used)
			return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
					  "--%s: no rule or category is called `%.60s'; see "
					  "`assay rules list'",
					  v->row->name, v->text);
	}
	j->work_config.scan.rules_off = j->rules_off;
	return ASSAY_OK;
}

/** Workers must not have the master key: the kernel wipes its page when they are forked. */
static enum assay_status make_key_page(struct scan_job *j, struct assay_error *err)
{
	void *page =
	    mmap(NULL, KEY_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return assay_fail_memory(err, "the key");
	j->master = page;
	if (madvise(page, KEY_BYTES, MADV_WIPEONFORK) < 0 ||
	    madvise(page, KEY_BYTES, MADV_DONTDUMP) < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, errno,
				      "the key's page cannot be kept from workers");
	return ASSAY_OK;
}

/** What names and logs need; called when the zygote is forked, so that it has none of it. */
static void derive_own_keys(struct scan_job *j)
{
	uint8_t id[FP_BYTES];
	const struct keyed_part part = { "assay key id", 12 };

	keyed_derive(j->master, "path", j->log_options.path_key);
	keyed_hmac(j->master, &part, 1, id);
	memcpy(j->key_id, id, sizeof(j->key_id));
}

static enum assay_status read_key(struct scan_job *j, struct assay_error *err)
{
	const char *path = args_last(j->args, OPT_KEY_FILE);
	enum assay_status st = make_key_page(j, err);

	if (st == ASSAY_OK && path)
		st = key_file_read(path, j->master, err);
	else if (st == ASSAY_OK && getrandom(j->master, KEY_BYTES, 0) != KEY_BYTES)
		st = assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, errno, "a random key");
	if (st == ASSAY_OK)
		keyed_derive(j->master, "value", j->work_config.scan.value_key);
	return st;
}

/* What is scanned. */

static enum assay_status add_glob(struct scan_job *j, char *glob_take, struct assay_error *err)
{
	char **line = vec_push(&j->lines);
	const char **slot = vec_push(&j->excludes);

	if (!line || !slot || !glob_take) {
		free(line ? NULL : glob_take);
		if (line)
			*line = glob_take;
		return assay_fail_memory(err, "globs");
	}
	*line = glob_take;
	*slot = glob_take;
	return ASSAY_OK;
}

static enum assay_status add_globs_from(struct scan_job *j, const char *path,
					struct assay_error *err)
{
	FILE *f = fopen(path, "re");
	CLEANUP(mem_freep) char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	enum assay_status st = ASSAY_OK;

	if (!f)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_BAD_USAGE, errno,
				      "--exclude-from: %.100s", path);
	while (st == ASSAY_OK && (len = getline(&line, &cap, f)) >= 0) {
		while (len > 0 && is_space(line[len - 1]))
			line[--len] = '\0';
		if (len > 0 && line[0] != '#')
			st = add_glob(j, strdup(line), err);
	}
	fclose(f);
	return st;
}

static enum assay_status read_globs(struct scan_job *j, struct assay_error *err)
{
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < j->args->values.len && st == ASSAY_OK; i++) {
		const struct option_value *v = &j->args->values.items[i];
		char *glob;

		if (v->row->id == OPT_EXCLUDE)
			st = add_glob(j, strdup(v->text), err);
		else if (v->row->id == OPT_EXCLUDE_FROM)
			st = add_globs_from(j, v->text, err);
		else if (v->row->id == OPT_INCLUDE)
			st = asprintf(&glob, "!%s", v->text) < 0 ? assay_fail_memory(err, "globs")
								 : add_glob(j, glob, err);
	}
	return st;
}

/** Standard input in something a worker can read at any place; no more than `limit`
 * bytes of it, for they are memory. */
static int spool_stdin(uint64_t limit)
{
	struct stat st;
	char block[64 * 1024];
	uint64_t len = 0;
	int fd;
	ssize_t got;

	if (fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode))
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	fd = memfd_create("standard input", MFD_CLOEXEC);
	while (fd >= 0 && (got = read(STDIN_FILENO, block, sizeof(block))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		len += got > 0 ? (uint64_t)got : 0;
		if (len > limit)
			errno = EFBIG;
		if (got < 0 || len > limit || write(fd, block, (size_t)got) != got) {
			fd_closep(&fd);
			return -1;
		}
	}
	return fd;
}

static bool names_stdin(const struct args *a)
{
	for (size_t i = 0; i < a->operands_len; i++)
		if (strcmp(a->operands[i], "-") == 0)
			return true;
	return false;
}

static FILE *progress_stream(const struct args *a)
{
	const char *term = getenv("TERM");
	unsigned when = 0;

	args_choice(a, OPT_PROGRESS, &when);
	if (when == 2 || args_has(a, OPT_QUIET))
		return NULL;
	return when == 1 || (isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0) ? stderr
											 : NULL;
}

/** What there is to know of the roots before the scan.  A root's server may hang: this is
 * asked by a thread that can be left behind. */
struct roots_look {
	const char *const *paths; /**< the command line's */
	size_t len;
	uint64_t file_bytes; /**< of all roots; UINT64_MAX if one is not a plain file */
	struct root_look {
		int error; /**< errno: it is not there */
		const char *type;
		char type_text[24];
	} roots[];
};

/** Roots of no more bytes are scanned before patterns would be machine code. */
#define SMALL_BYTES (64 * KiB)

/** How long to wait for it, ms. */
#define ROOTS_LOOK_MS 5000

static void look_at_roots(void *ctx)
{
	struct roots_look *look = ctx;

	for (size_t i = 0; i < look->len; i++) {
		struct root_look *r = &look->roots[i];
		bool is_stdin = strcmp(look->paths[i], "-") == 0;
		struct stat st = { 0 };

		if (!is_stdin && stat(look->paths[i], &st) < 0)
			r->error = errno;
		if (S_ISREG(st.st_mode) && look->file_bytes != UINT64_MAX)
			look->file_bytes += (uint64_t)st.st_size;
		else
			look->file_bytes = UINT64_MAX;
		r->type = mount_name(look->paths[i], r->type_text);
	}
}

static enum assay_status learn_roots(struct scan_job *j, struct assay_error *err)
{
	static const char *const here[] = { "." };
	const struct args *a = j->args;
	size_t len = MAX(a->operands_len, (size_t)1);
	struct roots_look *look = calloc(1, sizeof(*look) + len * sizeof(look->roots[0]));
	struct asker asker = { 0 };

	if (!look)
		return assay_fail_memory(err, "roots");
	look->paths = a->operands_len ? a->operands : here;
	look->len = len;
	if (ask(&asker, 0, look_at_roots, look, ROOTS_LOOK_MS))
		j->look = look;
	asker_done(&asker);
	return ASSAY_OK;
}

static bool roots_are_local(const struct roots_look *look)
{
	for (size_t i = 0; look && i < look->len; i++)
		if (!mount_is_local(look->roots[i].type))
			return false;
	return look;
}

/** Is there so little to do that starting is most of it? */
static bool is_small(const struct scan_job *j)
{
	return j->look && !args_has(j->args, OPT_FILES_FROM) && j->look->file_bytes <= SMALL_BYTES;
}

static size_t descriptors_for_walk(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
		   ? (size_t)limit.rlim_cur / 3
		   : 0;
}

static enum assay_status start_walk(struct scan_job *j, struct assay_error *err)
{
	const struct args *a = j->args;
	const char *list = args_last(a, OPT_FILES_FROM);
	struct walk_options o = {
		.cross_mounts = args_has(a, OPT_CROSS_MOUNTS),
		.recall_offline = args_has(a, OPT_RECALL),
		.default_excludes = true,
		.stdin_fd = -1,
		.stall_ms = j->work_config.stall_ms,
		.descriptors = descriptors_for_walk(),
		.local = roots_are_local(j->look),
		.weigh = progress_stream(a) != NULL,
		.test_hooks = args_has(a, OPT_TEST_HOOKS),
	};
	uint64_t threads = 0;
	enum assay_status st = read_globs(j, err);
	struct stat log;

	if (st < 0)
		return st;
	st = args_number(a, OPT_WALKERS, WALK_THREADS_MAX, &threads, err);
	if (st < 0)
		return st;
	o.threads = (unsigned)threads;
	o.excludes = j->excludes.items;
	o.excludes_len = j->excludes.len;
	if (list) {
		j->list_fd = strcmp(list, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
						    : open(list, O_RDONLY | O_CLOEXEC);
		if (j->list_fd < 0)
			return assay_fail_sys(err, ASSAY_FATAL, ASSAY_BAD_USAGE, errno,
					      "--files-from: %.100s", list);
		st = walk_files_from(j->list_fd, args_has(a, OPT_NULL) ? '\0' : '\n', &o, &j->walk,
				     err);
	} else {
		if (names_stdin(a)) {
			j->stdin_fd = o.stdin_fd =
			    spool_stdin(j->work_config.scan.limits.out_bytes);
			if (j->stdin_fd < 0)
				return assay_fail_sys(
				    err, ASSAY_FATAL, ASSAY_IO_ERROR, errno,
				    "standard input (a pipe is kept in memory, up to "
				    "--max-out: write longer ones to a file)");
		}
		st = walk_new(a->operands, a->operands_len, &o, &j->walk, err);
	}
	if (st == ASSAY_OK && fstat(j->log_fd, &log) == 0)
		walk_forbid(j->walk, log.st_dev, log.st_ino);
	/* The log of an earlier run, which this one is about to replace. */
	if (st == ASSAY_OK && j->part_path && stat(j->log_path, &log) == 0)
		walk_forbid(j->walk, log.st_dev, log.st_ino);
	if (st == ASSAY_OK && fstat(STDOUT_FILENO, &log) == 0 && S_ISREG(log.st_mode))
		walk_forbid(j->walk, log.st_dev, log.st_ino);
	return st;
}

/* The log. */

/** A file, or memory, that leaves nothing behind. */
static int open_temporary(void)
{
	const char *tmp = getenv("TMPDIR");
	int fd = open(tmp && *tmp ? tmp : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	return fd < 0 ? memfd_create("run log", MFD_CLOEXEC) : fd;
}

static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

/** -o FILE is written beside its name and renamed when it is whole; a device or a pipe gets
 * a copy at the end; without -o the log is kept for the answer alone. */
static enum assay_status open_log(struct scan_job *j, struct assay_error *err)
{
	const char *path = args_has(j->args, OPT_JSON) ? "-" : args_last(j->args, OPT_OUTPUT);

	j->log_path = path;
	if (path && strcmp(path, "-") == 0) {
		j->log_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	} else if (path && is_special(path)) {
		/* A name in /dev must not become a file's, and the answer is read from the log. */
		j->copy_fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		j->log_fd = j->copy_fd < 0 ? -1 : open_temporary();
	} else if (path) {
		if (asprintf(&j->part_path, "%s.part", path) < 0)
			return assay_fail_memory(err, "the log's name");
		unlink(j->part_path);
		j->log_fd =
		    open(j->part_path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	} else {
		j->log_fd = open_temporary();
	}
	if (j->log_fd < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno,
				      "cannot write the log %.150s", path ? path : "");
	return ASSAY_OK;
}

static enum assay_status begin_log(struct scan_job *j, struct assay_error *err)
{
	const struct args *a = j->args;
	const struct work_config *c = &j->work_config;
	const struct assay_limits *l = &c->scan.limits;
	const struct assay_limits_pair limits[] = {
		{ "max-out", l->out_bytes },
		{ "max-text", l->text_bytes },
		{ "max-member", l->member_bytes },
		{ "max-ratio", l->ratio },
		{ "max-depth", l->depth },
		{ "max-members", l->members },
		{ "worker-memory", c->memory_bytes },
		{ "file-timeout-ms", c->cpu_ms },
		{ "file-timeout-ms-per-mib", c->cpu_ms_per_mib },
		{ "file-timeout-ms-max", c->cpu_ms_max },
		{ "stall-timeout-ms", c->stall_ms },
		{ "max-occurrences", c->scan.max_occurrences },
	};
	static const char *const masks[] = { "shape", "partial", "full" };
	size_t roots_len = a->operands_len ? a->operands_len : 1;
	CLEANUP(mem_freep) struct log_root *roots = calloc(roots_len, sizeof(*roots));
	struct log_begin begin = {
		.rules = j->rules,
		.rules_name = rules_name(a),
		.roots = roots,
		.roots_len = roots_len,
		.mask = c->scan.show_values ? "values" : masks[c->scan.mask],
		.sandbox = confine_names(work_stats(j->work)->confinement),
		.isa = work_stats(j->work)->isa,
		.engine = c->scan.engine == ASSAY_ENGINE_REFERENCE ? "reference" : "staged",
		.workers = c->workers,
		.limits = limits,
		.limits_len = ARRAY_SIZE(limits),
		.default_excludes = args_has(a, OPT_FILES_FROM) ? NULL : walk_default_excludes(),
		.excludes = j->excludes.items,
		.excludes_len = j->excludes.len,
	};
	enum assay_status st;

	if (!roots)
		return assay_fail_memory(err, "roots");
	for (size_t i = 0; i < roots_len; i++) {
		const char *path = i < a->operands_len ? a->operands[i] : ".";

		roots[i] = (struct log_root){ path, path, j->look ? j->look->roots[i].type : NULL };
	}
	memcpy(begin.key_id, j->key_id, sizeof(begin.key_id));
	st = log_new(j->log_fd, &j->log_options, &j->log, err);
	if (st == ASSAY_OK)
		st = log_begin(j->log, &begin, err);
	if (st == ASSAY_OK && work_stats(j->work)->confinement !=
				  (work_stats(j->work)->confinement | CONFINE_REQUIRED))
		st = log_notice(j->log, "warning", "sandbox",
				"workers are not confined as they should be", err);
	return st;
}

/* The run. */

static void on_signal(int signal)
{
	static volatile sig_atomic_t seen;

	/* The second time the user means it: what is in the log so far stays valid. */
	if (seen && signal == SIGINT)
		_exit(128 + SIGINT);
	seen = 1;
	scan_stop();
}

static void catch_signals(void)
{
	const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &action, NULL);
}

/** Descriptors are kept until an item has its status: 64 for each worker and more. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static uint64_t own_cpu_ms(void)
{
	struct rusage self, children;
	uint64_t ms = 0;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	ms += (uint64_t)(self.ru_utime.tv_sec + self.ru_stime.tv_sec) * 1000;
	ms += (uint64_t)(self.ru_utime.tv_usec + self.ru_stime.tv_usec) / 1000;
	return ms;
}

static enum assay_status prepare(struct scan_job *j, struct assay_error *err)
{
	enum assay_status st = read_work_options(j, err);

	if (st == ASSAY_OK)
		st = load_rules(j->args, &j->rules, err);
	if (st == ASSAY_OK)
		st = choose_rules(j, err);
	if (st == ASSAY_OK)
		st = read_key(j, err);
	j->work_config.rules = j->rules;
	if (st == ASSAY_OK)
		st = work_new(&j->work_config, &j->work, err);
	if (st == ASSAY_OK)
		st = learn_roots(j, err);
	if (st == ASSAY_OK)
		st = work_start(j->work, is_small(j), err);
	/* While the first worker makes ready: */
	if (st == ASSAY_OK)
		derive_own_keys(j);
	if (st == ASSAY_OK)
		st = work_probe(j->work, err);
	if (st == ASSAY_OK)
		st = open_log(j, err);
	if (st == ASSAY_OK)
		st = start_walk(j, err);
	return st == ASSAY_OK ? begin_log(j, err) : st;
}

/** @return  0 or negative errno */
static int copy_log(int from, int to)
{
	char block[64 * KiB];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(from, block, sizeof(block), at)) > 0) {
		int rc = fd_write_all(to, block, (size_t)got);

		if (rc < 0)
			return rc;
		at += got;
	}
	return got < 0 ? -errno : 0;
}

/** The log is whole: give it its name, or to the device that it is for. */
static enum assay_status keep_log(struct scan_job *j, struct assay_error *err)
{
	int rc = j->copy_fd < 0 ? 0 : copy_log(j->log_fd, j->copy_fd);

	if (rc < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, -rc, "%.150s", j->log_path);
	if (!j->part_path)
		return ASSAY_OK;
	if (fsync(j->log_fd) < 0 || rename(j->part_path, j->log_path) < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "%.150s",
				      j->log_path);
	return ASSAY_OK;
}

static enum assay_status answer(struct scan_job *j, struct assay_error *err)
{
	const struct args *a = j->args;
	struct report_options o = {
		.color = wants_color(a, stdout),
		.width = terminal_width(stdout),
		.top = 20,
		.show_values = args_has(a, OPT_SHOW_VALUES),
		.log_name = j->log_path,
	};
	uint64_t top = o.top;
	enum assay_status st = args_number(a, OPT_TOP, 1000000, &top, err);

	o.top = (unsigned)top;
	if (st < 0 || args_has(a, OPT_QUIET) || (j->log_path && strcmp(j->log_path, "-") == 0))
		return st;
	if (lseek(j->log_fd, 0, SEEK_SET) < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_IO_ERROR, errno, "the run log");
	return reporter_find("text")->run(j->log_fd, stdout, &o, err);
}

/** Roots that are not there, told at once. */
static size_t complain_of_missing(const struct scan_job *j)
{
	size_t missing = 0;

	for (size_t i = 0; j->look && i < j->args->operands_len; i++) {
		if (!j->look->roots[i].error)
			continue;
		missing++;
		complain_text("%s: %s", j->args->operands[i], strerror(j->look->roots[i].error));
	}
	return missing;
}

static void complain_of_nothing(const struct log_counters *c, size_t missing)
{
	if (c->excluded > 0)
		complain_text("nothing was scanned: left out were %" PRIu64 " of %" PRIu64
			      " (--exclude, links, special files)",
			      c->excluded, c->enumerated);
	else if (missing == 0)
		complain_text("nothing was scanned: there is no file below the given paths");
}

static int run(struct scan_job *j, struct assay_error *err)
{
	const struct args *a = j->args;
	size_t missing = complain_of_missing(j);
	struct scan_config config = {
		.walk = j->walk,
		.work = j->work,
		.log = j->log,
		.progress = progress_stream(a),
		.rules_len = assay_ruleset_count(j->rules),
		.max_occurrences = j->work_config.scan.max_occurrences,
		.retry_changed = true,
	};
	struct scan_outcome outcome;
	const struct log_counters *c = log_counters(j->log);
	struct scan_exit exit_status;
	struct log_end end;
	enum assay_status st = scan_run(&config, &outcome, err);

	if (st < 0)
		return complain(err);
	exit_status = scan_exit_status(c, outcome.interrupted, j->max_gaps);
	end = (struct log_end){
		.status = exit_status.name,
		.exit = exit_status.status,
		.sentence = exit_status.sentence,
		.wall_ms = outcome.wall_ms,
		.cpu_ms = own_cpu_ms() + work_stats(j->work)->worker_cpu_ms,
	};
	if (log_end(j->log, &end, err) < 0 || keep_log(j, err) < 0)
		return complain(err);
	if (c->enumerated - c->excluded == missing && !outcome.interrupted &&
	    !args_has(a, OPT_ALLOW_EMPTY)) {
		complain_of_nothing(c, missing);
		return EXIT_CANNOT_RUN;
	}
	if (answer(j, err) < 0)
		return complain(err);
	return exit_status.status;
}

int cmd_scan(const struct args *a)
{
	struct scan_job j = {
		.args = a,
		.list_fd = -1,
		.stdin_fd = -1,
		.log_fd = -1,
		.copy_fd = -1,
		.excludes.limit = 1000000,
		.lines.limit = 1000000,
	};
	struct assay_error err;
	int status;

	if (a->operands_len == 0 && !args_has(a, OPT_FILES_FROM))
		return complain_text("scan what? Name files or folders: assay scan PATH...");
	if (args_count(a, OPT_QUIET) > 1 && freopen("/dev/null", "w", stderr) == NULL)
		return EXIT_CANNOT_RUN;
	raise_descriptor_limit();
	catch_signals();
	status = prepare(&j, &err) < 0 ? complain(&err) : run(&j, &err);
	if (status == EXIT_CANNOT_RUN && j.part_path)
		unlink(j.part_path);
	job_done(&j);
	return status;
}
