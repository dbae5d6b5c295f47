/*
 * settle.c - hits in order, each once
 *
 * A stage brings its hits home nearly sorted, so insertion does; the two lists
 * are then merged.  Heap sort stands behind both, for floods: no input makes
 * this quadratic, and nothing is allocated.
 */
#include "matcher.h"

static bool comes_first(const struct hit *a, const struct hit *b)
{
	return a->start != b->start ? a->start < b->start : a->rule < b->rule;
}

/** @return  false if it took too many moves; the list is then partly sorted */
static bool insertion_sort(struct hit *list, size_t len)
{
	size_t moves = 16 * len + 64;

	for (size_t i = 1; i < len; i++) {
		struct hit hit = list[i];
		size_t at = i;

		for (; at > 0 && comes_first(&hit, &list[at - 1]); at--) {
			if (moves-- == 0) {
				list[at] = hit;
				return false;
			}
			list[at] = list[at - 1];
		}
		list[at] = hit;
	}
	return true;
}

static void sift_down(struct hit *list, size_t root, size_t len)
{
	struct hit hit = list[root];

	for (size_t child; (child = 2 * root + 1) < len; root = child) {
		if (child + 1 < len && comes_first(&list[child], &list[child + 1]))
			child++;
		if (!comes_first(&hit, &list[child]))
			break;
		list[root] = list[child];
	}
	list[root] = hit;
}

static void heap_sort(struct hit *list, size_t len)
{
	for (size_t i = len / 2; i-- > 0;)
		sift_down(list, i, len);
	for (size_t end = len; end-- > 1;) {
		struct hit top = list[0];

		list[0] = list[end];
		list[end] = top;
		sift_down(list, 0, end);
	}
}

static void sort(struct hit *list, size_t len)
{
	if (!insertion_sort(list, len))
		heap_sort(list, len);
}

/** Put [0, left) and [left, len), each sorted, together. */
static void merge(struct matcher *m, struct hit *list, size_t left, size_t len)
{
	size_t right = len - left, at = len;

	if (left == 0 || right == 0 || !comes_first(&list[left], &list[left - 1]))
		return;
	if (right > MERGE_HITS) {
		heap_sort(list, len);
		return;
	}
	memcpy(m->merge, list + left, right * sizeof(*list));
	while (right > 0)
		list[--at] = left > 0 && comes_first(&m->merge[right - 1], &list[left - 1])
				 ? list[--left]
				 : m->merge[--right];
}

void hits_settle(struct matcher *m, struct hits *hits, size_t from, size_t middle)
{
	struct hit *list = hits->list.items;
	size_t kept = from;

	if (hits->list.len == from)
		return;
	sort(list + from, middle - from);
	sort(list + middle, hits->list.len - middle);
	merge(m, list + from, middle - from, hits->list.len - from);
	for (size_t i = from; i < hits->list.len; i++)
		if (kept == from || comes_first(&list[kept - 1], &list[i]))
			list[kept++] = list[i];
	hits->list.len = kept;
}

void hits_join(struct matcher *m, struct hits *hits, size_t middle)
{
	merge(m, hits->list.items, middle, hits->list.len);
}
