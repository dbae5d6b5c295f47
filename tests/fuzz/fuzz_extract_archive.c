/*
 * fuzz_extract_archive.c - our side of libarchive: feeding it, and what it leaves
 *
 * Only the formats that are trusted most and the streams: the others crash in
 * libarchive itself, which is why they run in a worker.
 */
#include "fuzz_container.h"

extern const struct extractor archive_extractor, stream_extractor;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const trusted[] = { "070701", "!<arch>\n" };
	bool good = size >= 512 && !memcmp(data + 257, "ustar", 5);

	for (size_t i = 0; i < ARRAY_SIZE(trusted); i++)
		good |= size > 8 && !memcmp(data, trusted[i], strlen(trusted[i]));
	for (int way = 0; way < 2; way++) {
		if (good)
			fuzz_container(&archive_extractor, data, size, way);
		fuzz_container(&stream_extractor, data, size, way);
	}
	return 0;
}
