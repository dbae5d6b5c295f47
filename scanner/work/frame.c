/* frame.c - batches down, frames up; the latter from a peer that may lie */
#include "frame.h"

void batch_begin(struct buf *msg)
{
	struct batch_head head = { 0 };

	buf_clear(msg);
	buf_add(msg, &head, sizeof(head));
}

bool batch_add(struct buf *msg, const struct work_unit *unit, uint64_t serial)
{
	struct batch_unit head = {
		.serial = serial,
		.begin = unit->begin,
		.end = unit->end,
		.size = unit->size,
		.data_bytes = unit->data_bytes,
		.blob_len = (uint32_t)unit->blob_len,
		.name_len = unit->name_len,
		.may_split = unit->may_split,
	};
	struct batch_head batch;

	if (!buf_reserve(msg, sizeof(head) + head.name_len + head.blob_len))
		return false;
	buf_add(msg, &head, sizeof(head));
	buf_add(msg, unit->name, head.name_len);
	buf_add(msg, unit->blob, head.blob_len);
	memcpy(&batch, msg->data, sizeof(batch));
	batch.count++;
	memcpy(msg->data, &batch, sizeof(batch));
	return true;
}

static const uint8_t *take(const uint8_t **next, size_t *left, size_t len)
{
	const uint8_t *at = *next;

	if (*left < len)
		return NULL;
	*next += len;
	*left -= len;
	return at;
}

bool batch_open(struct batch_reader *r, const void *data, size_t len)
{
	struct batch_head head;
	const uint8_t *at;

	*r = (struct batch_reader){ .next = data, .left = len };
	at = take(&r->next, &r->left, sizeof(head));
	if (!at)
		return false;
	memcpy(&head, at, sizeof(head));
	r->count = head.count;
	return r->count <= BATCH_MAX;
}

bool batch_next(struct batch_reader *r, uint64_t *ret_serial, struct engine_job *ret_job)
{
	const uint8_t *at = take(&r->next, &r->left, sizeof(struct batch_unit));
	struct batch_unit unit;

	if (!at || r->count == 0)
		return false;
	memcpy(&unit, at, sizeof(unit));
	*ret_serial = unit.serial;
	*ret_job = (struct engine_job){
		.fd = -1,
		.size = unit.size,
		.data_bytes = unit.data_bytes,
		.name_len = unit.name_len,
		.may_split = unit.may_split,
		.begin = unit.begin,
		.end = unit.end,
		.blob_len = unit.blob_len,
	};
	at = take(&r->next, &r->left, unit.name_len);
	ret_job->name = unit.name_len ? (const char *)at : NULL;
	ret_job->blob = at ? take(&r->next, &r->left, unit.blob_len) : NULL;
	r->count--;
	return ret_job->blob != NULL;
}

/** The fixed part of each type. */
static const size_t fixed[] = {
	[FRAME_READY] = sizeof(struct frame_ready),
	[FRAME_OBJECTS] = sizeof(struct frame_objects),
	[FRAME_DONE] = sizeof(struct frame_done),
	[FRAME_RELIEVE] = 0,
};

/** Are both strings of a READY ended? */
static bool is_ended(const struct frame_ready *ready)
{
	return memchr(ready->isa, '\0', sizeof(ready->isa)) &&
	       memchr(ready->detail, '\0', sizeof(ready->detail));
}

enum frame_got frame_next(struct frame_reader *reader, struct frame *ret_frame)
{
	struct frame_head head;
	const uint8_t *at;

	if (reader->left == 0)
		return FRAME_END;
	at = take(&reader->next, &reader->left, sizeof(head));
	if (!at)
		return FRAME_MALFORMED;
	memcpy(&head, at, sizeof(head));
	at = take(&reader->next, &reader->left, head.length);
	if (!at || head.type < FRAME_READY || head.type >= ARRAY_SIZE(fixed) ||
	    head.length < fixed[head.type])
		return FRAME_MALFORMED;
	ret_frame->type = head.type;
	memcpy(&ret_frame->ready, at, fixed[head.type]);
	ret_frame->tail = at + fixed[head.type];
	ret_frame->tail_len = head.length - fixed[head.type];
	if (head.type == FRAME_RELIEVE && ret_frame->tail_len)
		return FRAME_MALFORMED;
	if (head.type == FRAME_READY && (ret_frame->tail_len || !is_ended(&ret_frame->ready)))
		return FRAME_MALFORMED;
	return FRAME_GOT;
}
