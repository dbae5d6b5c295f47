/* fuzz_work_wire.c - the coordinator's readers of frames and objects, fed by a hostile worker */
#include "frame.h"
#include "wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_frames(const uint8_t *data, size_t size)
{
	struct frame_reader reader = { .next = data, .left = size };
	struct frame frame;

	while (frame_next(&reader, &frame) == FRAME_GOT)
		if (frame.tail < data || frame.tail_len > (size_t)(data + size - frame.tail) ||
		    (frame.type == FRAME_RELIEVE && frame.tail_len))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_arena arena;
	CLEANUP(buf_done) struct buf again = BUF_INIT(64 * MiB);
	struct wire_object w;

	read_frames(data, size);
	if (wire_decode(data, size, 40, &arena, &w) == WIRE_OK) {
		/* Every number has one encoding, so nothing else can come back. */
		if (!wire_encode(&w.object, w.hashes, &again) || again.len != size ||
		    memcmp(again.data, data, size) != 0)
			abort();
	}
	wire_arena_clear(&arena);
	return 0;
}
