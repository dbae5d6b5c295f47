/** formats.h - the reporters, each in its own file; table.c lists them */
#ifndef FORMATS_H
#define FORMATS_H

#include "report.h"

enum assay_status text_run(int log_fd, FILE *out, const struct report_options *options,
			   struct assay_error *err);
enum assay_status json_run(int log_fd, FILE *out, const struct report_options *options,
			   struct assay_error *err);
enum assay_status jsonl_run(int log_fd, FILE *out, const struct report_options *options,
			    struct assay_error *err);
enum assay_status csv_run(int log_fd, FILE *out, const struct report_options *options,
			  struct assay_error *err);

#endif
