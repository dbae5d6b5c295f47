/* fuzz_work_wire.c - the coordinator's reader of objects, fed by a hostile worker */
#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_arena arena;
	CLEANUP(buf_done) struct buf again = BUF_INIT(64 * MiB);
	struct wire_object w;

	if (wire_decode(data, size, 40, &arena, &w) == WIRE_OK) {
		/* Every number has one encoding, so nothing else can come back. */
		if (!wire_encode(&w.object, w.hashes, &again) || again.len != size ||
		    memcmp(again.data, data, size) != 0)
			abort();
	}
	wire_arena_clear(&arena);
	return 0;
}
