/* fail.c - errors and their names */
#include "fail.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum assay_status assay_fail(struct assay_error *err, enum assay_status reach,
			     enum assay_reason reason, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return reach;
	err->reason = reason;
	err->sys = 0;
	va_start(args, fmt);
	vsnprintf(err->detail, sizeof(err->detail), fmt, args);
	va_end(args);
	return reach;
}

enum assay_status assay_fail_sys(struct assay_error *err, enum assay_status reach,
				 enum assay_reason reason, int sys, const char *fmt, ...)
{
	va_list args;
	int used;

	if (!err)
		return reach;
	err->reason = reason;
	err->sys = sys;
	va_start(args, fmt);
	used = vsnprintf(err->detail, sizeof(err->detail), fmt, args);
	va_end(args);
	if (used >= 0 && (size_t)used < sizeof(err->detail))
		snprintf(err->detail + used, sizeof(err->detail) - (size_t)used, ": %s",
			 strerror(sys));
	return reach;
}

enum assay_status assay_fail_memory(struct assay_error *err, const char *what)
{
	return assay_fail(err, ASSAY_FATAL, ASSAY_NO_MEMORY, "out of memory: %s", what);
}

enum assay_reason reason_of_errno(int sys)
{
	switch (sys) {
	case EACCES:
	case EPERM:
		return ASSAY_PERMISSION;
	case ENOENT:
	case ESTALE:
		return ASSAY_VANISHED;
	case ENOMEM:
		return ASSAY_LIMIT_MEMORY;
	default:
		return ASSAY_IO_ERROR;
	}
}
