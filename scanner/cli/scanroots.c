/* scanroots.c - what is scanned: roots, lists and standard input, and what is left out */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "ask.h"
#include "fail.h"
#include "mounts.h"
#include "scanjob.h"

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

enum assay_status scan_job_learn_roots(struct scan_job *j, struct assay_error *err)
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

bool scan_job_is_small(const struct scan_job *j)
{
	return j->look && !args_has(j->args, OPT_FILES_FROM) && j->look->file_bytes <= SMALL_BYTES;
}

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

static size_t descriptors_for_walk(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
		   ? (size_t)limit.rlim_cur / 3
		   : 0;
}

enum assay_status scan_job_start_walk(struct scan_job *j, struct assay_error *err)
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
