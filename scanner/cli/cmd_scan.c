/* cmd_scan.c - assay scan: options to a run, the run's log to an answer */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "fail.h"
#include "keyed.h"
#include "report.h"
#include "scanjob.h"

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
	enum assay_status st = scan_job_read_options(j, err);

	if (st == ASSAY_OK)
		st = load_rules(j->args, &j->rules, err);
	if (st == ASSAY_OK)
		st = scan_job_choose_rules(j, err);
	if (st == ASSAY_OK)
		st = scan_job_read_key(j, err);
	j->work_config.rules = j->rules;
	if (st == ASSAY_OK)
		st = work_new(&j->work_config, &j->work, err);
	if (st == ASSAY_OK)
		st = scan_job_learn_roots(j, err);
	if (st == ASSAY_OK)
		st = work_start(j->work, scan_job_is_small(j), err);
	/* While the first worker makes ready: */
	if (st == ASSAY_OK)
		scan_job_derive_own_keys(j);
	if (st == ASSAY_OK)
		st = work_probe(j->work, err);
	if (st == ASSAY_OK)
		st = scan_job_open_log(j, err);
	if (st == ASSAY_OK)
		st = scan_job_start_walk(j, err);
	return st == ASSAY_OK ? scan_job_begin_log(j, err) : st;
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
	if (log_end(j->log, &end, err) < 0 || scan_job_keep_log(j, err) < 0)
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
