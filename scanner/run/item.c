/* item.c - files, and ranges of files put together */
#include "item.h"

#include <stdio.h>

#define LINES_UNKNOWN UINT64_MAX

/** Larger files are not split: a size may be a lie, and each range costs memory. */
#define SPLIT_MOST_BYTES ((uint64_t)4 << 40)

struct item *item_new(const struct walk_entry *entry_take)
{
	struct item *item = calloc(1, sizeof(*item));

	if (item)
		item->entry = *entry_take;
	return item;
}

void item_free(struct item *item, struct walk *walk)
{
	if (!item)
		return;
	walk_close(walk, &item->entry);
	free(item->entry.path);
	free(item->blob);
	free(item->range_lines);
	tally_free(item->tally);
	free(item);
}

void item_check(struct item *item, struct walk *walk)
{
	enum walk_check check = walk_recheck(walk, &item->entry);

	item->changed = check != WALK_SAME;
	item->no_answer = check == WALK_NO_ANSWER;
}

struct assay_gap item_change_gap(const struct item *item)
{
	return (struct assay_gap){
		.reason = item->no_answer ? ASSAY_ROOT_UNAVAILABLE : ASSAY_CHANGED,
		.blocking = true,
		.detail = item->no_answer
			      ? "storage does not say whether it changed while it was read"
			      : "the file changed while it was read",
	};
}

struct work_unit item_unit(struct item *item)
{
	const struct walk_entry *e = &item->entry;
	size_t len = strlen(e->name);
	struct work_unit unit = {
		.item = item,
		.fd = e->fd,
		.size = (uint64_t)e->st.st_size,
		.data_bytes = (uint64_t)e->st.st_blocks * 512,
		.may_split = (uint64_t)e->st.st_size <= SPLIT_MOST_BYTES,
	};

	unit.name_len = (uint8_t)MIN(len, WORK_NAME_MAX);
	/* The end of a long name holds its extension. */
	memcpy(unit.name, e->name + len - unit.name_len, unit.name_len);
	return unit;
}

bool item_split(struct item *item, const uint8_t *blob, size_t blob_len, size_t rules,
		size_t max_occurrences)
{
	uint64_t size = (uint64_t)item->entry.st.st_size;

	item->ranges = (size_t)((size + RANGE_BYTES - 1) / RANGE_BYTES);
	item->blob = malloc(blob_len ? blob_len : 1);
	item->range_lines = calloc(item->ranges, sizeof(*item->range_lines));
	item->tally = tally_new(rules, max_occurrences);
	if (!item->blob || !item->range_lines || !item->tally)
		return false;
	for (size_t i = 0; i < item->ranges; i++)
		item->range_lines[i] = LINES_UNKNOWN;
	memcpy(item->blob, blob, blob_len);
	item->blob_len = blob_len;
	return true;
}

struct work_unit item_next_range(struct item *item)
{
	struct work_unit unit = item_unit(item);

	unit.may_split = false;
	unit.blob = item->blob;
	unit.blob_len = item->blob_len;
	unit.begin = item->ranges_sent * (uint64_t)RANGE_BYTES;
	unit.end = MIN(unit.begin + RANGE_BYTES, unit.size);
	item->ranges_sent++;
	return unit;
}

void item_range_done(struct item *item, uint64_t begin, uint64_t lines)
{
	item->range_lines[begin / RANGE_BYTES] = lines;
	item->ranges_done++;
}

void item_gap(struct item *item, enum assay_reason reason, const char *detail)
{
	for (size_t i = 0; i < item->gaps_len; i++)
		if (item->gaps[i].reason == reason)
			return;
	if (item->gaps_len == ITEM_GAPS_MAX)
		return;
	snprintf(item->gap_details[item->gaps_len], sizeof(item->gap_details[0]), "%s", detail);
	item->gaps[item->gaps_len] = (struct assay_gap){
		.reason = reason,
		.blocking = assay_reason_blocks(reason),
		.detail = item->gap_details[item->gaps_len],
		.bytes_total = (uint64_t)item->entry.st.st_size,
	};
	item->gaps_len++;
}

static const char *copy(char *to, size_t cap, const char *from)
{
	snprintf(to, cap, "%s", from ? from : "");
	return to;
}

static void take_marking(struct item *item, const struct assay_marking *m)
{
	struct assay_marking *best = &item->marking;

	if (!m->label ||
	    (best->label && (m->tier < best->tier ||
			     (m->tier == best->tier && m->confidence <= best->confidence))))
		return;
	*best = *m;
	best->label = copy(item->label, sizeof(item->label), m->label);
	best->scheme = copy(item->scheme, sizeof(item->scheme), m->scheme);
	best->where = copy(item->where, sizeof(item->where), m->where);
	best->handling = copy(item->handling, sizeof(item->handling), m->handling);
	best->descriptors = copy(item->descriptors, sizeof(item->descriptors), m->descriptors);
	best->places = copy(item->places, sizeof(item->places), m->places);
	best->conflicts = copy(item->conflicts, sizeof(item->conflicts), m->conflicts);
}

bool item_absorb(struct item *item, const struct assay_object *object,
		 const struct work_hashes *hashes)
{
	for (size_t i = 0; i < object->findings_len; i++)
		if (!tally_merge(item->tally, &object->findings[i],
				 hashes ? hashes[i].hashes : NULL, hashes ? hashes[i].len : 0, 0))
			return false;
	for (size_t i = 0; i < object->gaps_len; i++)
		item_gap(item, object->gaps[i].reason, object->gaps[i].detail);
	take_marking(item, &object->marking);
	copy(item->mime, sizeof(item->mime), object->mime);
	copy(item->mime_by, sizeof(item->mime_by), object->mime_by);
	item->ext_mismatch = object->ext_mismatch;
	item->bytes += object->bytes;
	item->records += object->records;
	item->any_read = true;
	return true;
}

/** Ranges number their lines from 1: add those of the ranges before.  After a range that
 * was lost no line has a number. */
static void number_lines(const struct item *item, const struct assay_finding *finding)
{
	for (size_t i = 0; i < finding->occurrences_len; i++) {
		/* The occurrences are the item's own tally's: nobody else looks at them. */
		struct assay_occurrence *o =
		    (struct assay_occurrence *)(uintptr_t)&finding->occurrences[i];
		size_t range = (size_t)(o->off / RANGE_BYTES);

		if (o->off == ASSAY_NO_OFFSET || o->loc.line == 0)
			continue;
		for (size_t k = 0; k < range && k < item->ranges && o->loc.line; k++)
			o->loc.line = item->range_lines[k] == LINES_UNKNOWN
					  ? 0
					  : o->loc.line + item->range_lines[k];
	}
}

bool item_object(struct item *item, struct assay_object *ret)
{
	bool complete = true;

	*ret = (struct assay_object){
		.size = (uint64_t)item->entry.st.st_size,
		.mime = item->any_read ? item->mime : "text/plain",
		.mime_by = item->any_read ? item->mime_by : "magic",
		.ext_mismatch = item->ext_mismatch,
		.bytes = item->bytes,
		.marking = item->marking,
		.records = item->records,
		.gaps = item->gaps,
		.gaps_len = item->gaps_len,
	};
	ret->findings = tally_findings(item->tally, &ret->findings_len);
	for (size_t i = 0; i < ret->findings_len; i++)
		number_lines(item, &ret->findings[i]);
	for (size_t i = 0; i < item->gaps_len; i++) {
		complete = complete && !item->gaps[i].blocking;
		item->gaps[i].bytes_examined = item->bytes;
	}
	ret->coverage = complete ? ASSAY_COMPLETE : item->any_read ? ASSAY_PARTLY : ASSAY_NOTHING;
	return true;
}
