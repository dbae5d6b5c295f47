/* progress.c - shared pages, one per worker */
#include "progress.h"

#include <sys/mman.h>

#define PAGE_BYTES (4 * KiB)

struct progress *progress_map(unsigned count)
{
	void *p = mmap(NULL, count * PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

struct progress *progress_at(struct progress *first, unsigned i)
{
	return (struct progress *)(void *)((char *)first + i * PAGE_BYTES);
}

void progress_keep_one(struct progress *first, unsigned count, unsigned keep)
{
	if (keep > 0)
		munmap(first, keep * PAGE_BYTES);
	if (keep + 1 < count)
		munmap(progress_at(first, keep + 1), (count - keep - 1) * PAGE_BYTES);
}

void progress_unmap(struct progress *first, unsigned count)
{
	if (first)
		munmap(first, count * PAGE_BYTES);
}
