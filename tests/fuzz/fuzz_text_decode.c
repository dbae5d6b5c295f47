/* fuzz_text_decode.c - charsets, conversion, folding and the test for tables */
#include <stdint.h>
#include <stdlib.h>

#include "base.h"
#include "decode.h"
#include "delimited.h"
#include "fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void convert(const uint8_t *data, size_t size, size_t cap)
{
	char *out = malloc(cap + 1);
	size_t took, n;
	bool ascii;

	for (int big = 0; big < 2; big++) {
		n = utf16_to_utf8(data, size, big, out, cap, &took, &ascii);
		if (n > cap || took > size || (ascii && took != 2 * n))
			abort();
		n = utf32_to_utf8(data, size, big, out, cap, &took);
		if (n > cap || took > size)
			abort();
	}
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = malloc(size + 1);
	struct delimited d;
	size_t lines = 0, len;

	if (encoding_of(data, size).bom > size)
		abort();
	convert(data, size, 3 * size);
	convert(data, size, size / 3);
	if (delimited_sniff((const char *)data, size, true, false, &d) &&
	    (d.columns < 2 || d.first + d.first_len > size))
		abort();
	if (size)
		memcpy(copy, data, size);
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	if (fold_count_lines(copy, size) != lines)
		abort();
	len = fold(copy, size, NULL, NULL);
	if (len > size)
		abort();
	free(copy);
	return 0;
}
