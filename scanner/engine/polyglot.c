/* polyglot.c - looking for the record that a zip archive ends with */
#include "polyglot.h"

#include "le.h"

#define END_BYTES 22
#define TAIL_BYTES (64 * KiB + END_BYTES)

/** Things that look like the record, before the rest is taken for chance. */
#define LOOKALIKES_MAX 64

/** The end of an input: of what is in memory anyway, or read to `heap`. */
struct tail {
	const uint8_t *data;
	size_t len;
	uint64_t at; /**< offset of data[0] */
};

static bool take_tail(struct input *in, uint8_t **heap, struct tail *ret)
{
	bool all_in_head = in->head_read && in->head.len < INPUT_HEAD_BYTES;
	struct assay_error ignored;
	size_t got = 0;

	if (in->mem || all_in_head) {
		size_t len = in->mem ? (size_t)in->size : in->head.len;
		const uint8_t *data = in->mem ? in->mem : (const uint8_t *)in->head.data;

		ret->at = len - MIN(len, TAIL_BYTES);
		ret->data = data + ret->at;
		ret->len = len - (size_t)ret->at;
		return true;
	}
	if (!input_seekable(in) || in->size < INPUT_HEAD_BYTES)
		return false;
	*heap = malloc(TAIL_BYTES);
	ret->at = in->size - MIN(in->size, TAIL_BYTES);
	if (!*heap || input_pread(in, ret->at, *heap, TAIL_BYTES, &got, &ignored) != ASSAY_OK)
		return false;
	ret->data = *heap;
	ret->len = got;
	return true;
}

static bool has_mark(struct input *in, const struct tail *tail, uint64_t at, const char *mark)
{
	struct assay_error ignored;
	uint8_t four[4];
	size_t got = 0;

	if (at >= tail->at && at - tail->at + 4 <= tail->len)
		return memcmp(tail->data + (at - tail->at), mark, 4) == 0;
	return input_seekable(in) && input_pread(in, at, four, 4, &got, &ignored) == ASSAY_OK &&
	       got == 4 && memcmp(four, mark, 4) == 0;
}

/** Is it such a record?  Then the directory is right before it, or what zip64 puts there. */
static bool is_end(struct input *in, const struct tail *tail, const uint8_t *record)
{
	uint64_t at = tail->at + (uint64_t)(record - tail->data), dir = le32(record + 12);

	if (dir == UINT32_MAX || le32(record + 16) == UINT32_MAX)
		return at >= 20 && has_mark(in, tail, at - 20, "PK\6\7");
	return dir > 0 && dir <= at && has_mark(in, tail, at - dir, "PK\1\2");
}

bool ends_in_zip(struct input *in)
{
	CLEANUP(mem_freep) uint8_t *heap = NULL;
	struct tail tail;
	const uint8_t *at, *end;

	if (!take_tail(in, &heap, &tail) || tail.len < END_BYTES)
		return false;
	/* Led by the mark's third byte, which text does not have. */
	end = tail.data + tail.len;
	at = tail.data + 2;
	for (unsigned i = 0; i < LOOKALIKES_MAX; at++) {
		at = memchr(at, 5, (size_t)(end - at));
		if (!at || end - at < END_BYTES - 2)
			return false;
		if (memcmp(at - 2, "PK\5\6", 4) != 0)
			continue;
		if (is_end(in, &tail, at - 2))
			return true;
		i++;
	}
	return false;
}
