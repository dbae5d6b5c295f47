/*
 * inflate.c - the floor of reading a zip: libdeflate alone over every member
 *
 *   inflate FILE.zip        members by their local headers, which hold the sizes
 */
#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base.h"

static uint32_t get32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

int main(int argc, char **argv)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	struct stat st;
	uint8_t *data, *out = malloc(64 * MiB);
	size_t len, at = 0, total = 0;

	if (fd < 0 || fstat(fd, &st) < 0 || !out || !d) {
		fprintf(stderr, "usage: inflate FILE.zip\n");
		return 2;
	}
	len = (size_t)st.st_size;
	data = malloc(len);
	if (!data || read(fd, data, len) != (ssize_t)len)
		return 2;
	while (at + 30 <= len && get32(data + at) == 0x04034b50) {
		size_t packed = get32(data + at + 18), size = get32(data + at + 22);
		size_t body = at + 30 + (data[at + 26] | data[at + 27] << 8) +
			      (size_t)(data[at + 28] | data[at + 29] << 8);

		if (libdeflate_deflate_decompress(d, data + body, packed, out, size, NULL))
			return 1;
		total += size;
		at = body + packed;
	}
	printf("%zu\n", total);
	return 0;
}
