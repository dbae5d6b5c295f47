/* fuzz_report_logread.c - any bytes as a run log: reader, verifier, every format */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "logread.h"
#include "report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *null;
	const struct report_options options = { .color = true, .show_values = true };
	struct assay_error err;
	int fd = memfd_create("log", MFD_CLOEXEC);

	if (!null)
		null = fopen("/dev/null", "w");
	if (fd < 0 || !null || write(fd, data, size) != (ssize_t)size)
		abort();
	for (const struct reporter *r = reporters; r->format; r++) {
		lseek(fd, 0, SEEK_SET);
		(void)r->run(fd, null, &options, &err);
	}
	lseek(fd, 0, SEEK_SET);
	if (report_verify(fd, &err) > ASSAY_OK)
		abort();
	close(fd);
	return 0;
}
