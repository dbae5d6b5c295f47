/**
 * scanjob.h - the parts of `assay scan` among themselves
 *
 * cmd_scan.c is the command and its order of things; scanoptions.c reads options and makes keys;
 * scanroots.c tells what is scanned; scanlog.c opens, begins and keeps the run log.
 */
#ifndef SCANJOB_H
#define SCANJOB_H

#include "commands.h"
#include "scan.h"

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

/* scanoptions.c */

/** Limits and what workers do. */
MUST_USE enum assay_status scan_job_read_options(struct scan_job *j, struct assay_error *err);

/** Which rules are off, by --enable and --disable. */
MUST_USE enum assay_status scan_job_choose_rules(struct scan_job *j, struct assay_error *err);

/** The master key, and what workers get of it. */
MUST_USE enum assay_status scan_job_read_key(struct scan_job *j, struct assay_error *err);

/** What names and logs need; called when the zygote is forked, so that it has none of it. */
void scan_job_derive_own_keys(struct scan_job *j);

/** Where progress is shown, or NULL. */
FILE *progress_stream(const struct args *a);

/* scanroots.c */

/** Look at the roots, if that comes to an end in time: j->look. */
MUST_USE enum assay_status scan_job_learn_roots(struct scan_job *j, struct assay_error *err);

/** Is there so little to do that starting is most of it? */
bool scan_job_is_small(const struct scan_job *j);

/** Begin to walk, once the log is open: it is not scanned, nor is what standard output goes to. */
MUST_USE enum assay_status scan_job_start_walk(struct scan_job *j, struct assay_error *err);

/* scanlog.c */

/**
 * -o FILE is written beside its name and renamed when it is whole; a device or a pipe gets
 * a copy at the end; without -o the log is kept for the answer alone.
 */
MUST_USE enum assay_status scan_job_open_log(struct scan_job *j, struct assay_error *err);

MUST_USE enum assay_status scan_job_begin_log(struct scan_job *j, struct assay_error *err);

/** The log is whole: give it its name, or to the device that it is for. */
MUST_USE enum assay_status scan_job_keep_log(struct scan_job *j, struct assay_error *err);

#endif
