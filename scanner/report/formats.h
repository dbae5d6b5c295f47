/** formats.h - one function a format; rows of table.c */
#ifndef FORMATS_H
#define FORMATS_H

#include "report.h"

enum assay_status report_text(int log_fd, FILE *out, const struct report_options *options,
			      struct assay_error *err);
enum assay_status report_jsonl(int log_fd, FILE *out, const struct report_options *options,
			       struct assay_error *err);

#endif
