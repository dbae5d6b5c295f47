/* standalone.c - replay files through a fuzz target, without libFuzzer */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");
		uint8_t *data = malloc(1 << 22);
		size_t len;

		if (!f || !data) {
			fprintf(stderr, "%s: cannot be read\n", argv[i]);
			return EXIT_FAILURE;
		}
		len = fread(data, 1, 1 << 22, f);
		fclose(f);
		LLVMFuzzerTestOneInput(data, len);
		free(data);
	}
	return EXIT_SUCCESS;
}
