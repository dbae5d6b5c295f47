/* scanlog.c - the run log of a scan: where it is written, how it begins, its name at the end */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "fail.h"
#include "scanjob.h"

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

enum assay_status scan_job_open_log(struct scan_job *j, struct assay_error *err)
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

enum assay_status scan_job_begin_log(struct scan_job *j, struct assay_error *err)
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

enum assay_status scan_job_keep_log(struct scan_job *j, struct assay_error *err)
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
