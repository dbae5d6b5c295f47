/*
 * tally.c - settled candidates to findings: counts, distinct values, the first few
 *
 * Distinct values are a set of keyed hashes by open addressing.  When it grows past
 * what is kept, the greatest hashes go and none above them comes in again: what
 * stays are the smallest TALLY_UNIQUE_MAX of all, whatever the order of additions,
 * and how densely they lie tells how many there were.
 */
#include "tally.h"

#include "checksum.h"

/** Beyond it a set drops its greatest; a table is never fuller than three quarters. */
#define SET_SLOTS_MAX (2 * TALLY_UNIQUE_MAX)
#define SET_SLOTS_MIN ((size_t)32)

/** Larger tables are given back when the tally is cleared. */
#define SET_SLOTS_KEPT ((size_t)4096)

/** Buckets that sorting spreads keys over, by their first bits. */
#define BUCKETS 4096
#define BUCKET_SHIFT 52
/** A bucket of more keys is no accident. */
#define BUCKET_MANY 64

/** First block of an arena; larger strings get blocks of their own size. */
#define ARENA_BLOCK ((size_t)4096)

/** A hash as a number: order is that of its bytes. */
struct key {
	uint64_t hi, lo;
};

struct set {
	struct key *slots; /**< all zero: free */
	size_t slots_len;  /**< a power of two, or 0 */
	size_t len;        /**< without the zero key */
	bool has_zero;
	bool overflowed; /**< some were left out: all of them above `top` */
	struct key top;
};

struct block {
	struct block *next;
	size_t used, size;
	char data[];
};

struct entry {
	struct assay_finding finding;
	struct set set;
	struct vec(struct assay_occurrence) list;
	bool used;
};

struct tally {
	size_t rules, max;
	uint64_t seed; /**< where a hash goes is not for a sender of hashes to know */
	struct entry *entries;
	struct vec(unsigned) used; /**< rules with findings */
	struct block *arena;
	struct vec(struct assay_finding) findings;
	struct vec(struct key) sorted;
	uint8_t (*hashes)[ASSAY_FP_BYTES];
	size_t hashes_cap;
	bool is_part;
};

static uint64_t load_be(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return __builtin_bswap64(v);
}

static void store_be(uint8_t *p, uint64_t v)
{
	v = __builtin_bswap64(v);
	memcpy(p, &v, sizeof(v));
}

static int key_compare(const struct key *a, const struct key *b)
{
	if (a->hi != b->hi)
		return a->hi < b->hi ? -1 : 1;
	return a->lo < b->lo ? -1 : a->lo > b->lo;
}

static int key_compare_at(const void *a, const void *b)
{
	return key_compare(a, b);
}

static bool key_is_zero(const struct key *k)
{
	return (k->hi | k->lo) == 0;
}

/** The slot that holds `k`, or the free one where it belongs. */
static struct key *set_slot(const struct set *s, uint64_t seed, struct key k)
{
	uint64_t mixed = (k.hi ^ seed) * UINT64_C(0x9E3779B97F4A7C15) ^ (k.lo + seed);
	size_t mask = s->slots_len - 1, i;

	mixed *= UINT64_C(0xD6E8FEB86659FD93);
	for (i = (size_t)(mixed >> 32) & mask;; i = (i + 1) & mask) {
		struct key *slot = &s->slots[i];

		if ((slot->lo == k.lo && slot->hi == k.hi) || key_is_zero(slot))
			return slot;
	}
}

static bool set_grow(struct set *s, uint64_t seed)
{
	struct set bigger = *s;

	bigger.slots_len = MAX(s->slots_len * 2, SET_SLOTS_MIN);
	bigger.slots = calloc(bigger.slots_len, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	for (size_t i = 0; i < s->slots_len; i++)
		if (!key_is_zero(&s->slots[i]))
			*set_slot(&bigger, seed, s->slots[i]) = s->slots[i];
	free(s->slots);
	*s = bigger;
	return true;
}

/** Make the scratch empty, with room for `len` keys. */
static bool sorted_room(struct tally *t, size_t len)
{
	t->sorted.len = 0;
	t->sorted.limit = SET_SLOTS_MAX;
	while (t->sorted.cap < len)
		if (!vec_grow((void **)&t->sorted.items, &t->sorted.cap, t->sorted.cap,
			      t->sorted.limit, sizeof(*t->sorted.items)))
			return false;
	return true;
}

/** Insertion sort for the few keys of a bucket; many are a hostile peer's doing. */
static void sort_bucket(struct key *keys, size_t len)
{
	if (len > BUCKET_MANY) {
		qsort(keys, len, sizeof(*keys), key_compare_at);
		return;
	}
	for (size_t i = 1; i < len; i++) {
		struct key k = keys[i];
		size_t at = i;

		for (; at > 0 && key_compare(&keys[at - 1], &k) > 0; at--)
			keys[at] = keys[at - 1];
		keys[at] = k;
	}
}

/** The set's keys in no order, in the tally's scratch. */
static bool set_list(struct tally *t, const struct set *s)
{
	size_t len = s->len + s->has_zero, at = 0;

	if (!sorted_room(t, len))
		return false;
	if (s->has_zero)
		t->sorted.items[at++] = (struct key){ 0 };
	for (size_t i = 0; i < s->slots_len; i++)
		if (!key_is_zero(&s->slots[i]))
			t->sorted.items[at++] = s->slots[i];
	t->sorted.len = len;
	return true;
}

/**
 * The set's keys in order, in the tally's scratch.  Keys are keyed hashes, so their
 * first bits spread them evenly over buckets that need little more sorting.
 */
static bool set_sort(struct tally *t, const struct set *s)
{
	uint32_t ends[BUCKETS + 1];
	size_t len = s->len + s->has_zero, begin = 0;

	if (len <= BUCKET_MANY) {
		if (!set_list(t, s))
			return false;
		sort_bucket(t->sorted.items, len);
		return true;
	}
	if (!sorted_room(t, len))
		return false;
	memset(ends, 0, sizeof(ends));
	for (size_t i = 0; i < s->slots_len; i++)
		if (!key_is_zero(&s->slots[i]))
			ends[(s->slots[i].hi >> BUCKET_SHIFT) + 1]++;
	ends[0] = s->has_zero;
	for (size_t i = 1; i <= BUCKETS; i++)
		ends[i] += ends[i - 1];
	if (s->has_zero)
		t->sorted.items[0] = (struct key){ 0 };
	/* ends[b] is where bucket b begins, until its last key is in place. */
	for (size_t i = 0; i < s->slots_len; i++)
		if (!key_is_zero(&s->slots[i]))
			t->sorted.items[ends[s->slots[i].hi >> BUCKET_SHIFT]++] = s->slots[i];
	t->sorted.len = len;
	for (size_t b = 0; b < BUCKETS; b++) {
		sort_bucket(t->sorted.items + begin, ends[b] - begin);
		begin = ends[b];
	}
	return true;
}

/** Keep the smallest TALLY_UNIQUE_MAX. */
static bool set_compact(struct tally *t, struct set *s)
{
	if (s->len + s->has_zero <= TALLY_UNIQUE_MAX)
		return true;
	if (!set_sort(t, s))
		return false;
	memset(s->slots, 0, s->slots_len * sizeof(*s->slots));
	s->len = 0;
	s->overflowed = true;
	s->top = t->sorted.items[TALLY_UNIQUE_MAX - 1];
	for (size_t i = 0; i < TALLY_UNIQUE_MAX; i++) {
		if (key_is_zero(&t->sorted.items[i]))
			continue;
		*set_slot(s, t->seed, t->sorted.items[i]) = t->sorted.items[i];
		s->len++;
	}
	return true;
}

static bool set_room(struct tally *t, struct set *s)
{
	if (s->len < s->slots_len / 4 * 3)
		return true;
	return s->slots_len < SET_SLOTS_MAX ? set_grow(s, t->seed) : set_compact(t, s);
}

static bool set_add(struct tally *t, struct set *s, const uint8_t hash[ASSAY_FP_BYTES])
{
	struct key k = { load_be(hash), load_be(hash + 8) };
	struct key *slot;

	if (key_is_zero(&k)) {
		s->has_zero = true;
		return true;
	}
	if (s->overflowed && key_compare(&k, &s->top) > 0)
		return true;
	if (!set_room(t, s))
		return false;
	slot = set_slot(s, t->seed, k);
	if (key_is_zero(slot)) {
		*slot = k;
		s->len++;
	}
	return true;
}

/**
 * How many distinct values there were.  If some were left out: k smallest of n
 * evenly spread numbers reach as far as k/n of the range.
 */
static uint64_t set_count(const struct set *s)
{
	uint64_t kept = s->len + s->has_zero, estimate;
	double part;

	if (!s->overflowed)
		return kept;
	part = ((double)s->top.hi + 1) / 0x1p64;
	estimate = (uint64_t)MIN((double)(TALLY_UNIQUE_MAX - 1) / part, 0x1p63);
	return MAX(estimate, (uint64_t)TALLY_UNIQUE_MAX + 1);
}

static void *arena_get(struct tally *t, size_t len)
{
	struct block *b = t->arena;

	if (!b || b->size - b->used < len) {
		size_t size = MAX(len, ARENA_BLOCK);

		b = malloc(sizeof(*b) + size);
		if (!b)
			return NULL;
		*b = (struct block){ .next = t->arena, .size = size };
		t->arena = b;
	}
	b->used += len;
	return b->data + b->used - len;
}

/** Keep one block of ordinary size: most objects need no more. */
static void arena_clear(struct tally *t, bool keep)
{
	struct block *kept = NULL;

	while (t->arena) {
		struct block *next = t->arena->next;

		if (keep && !kept && t->arena->size == ARENA_BLOCK) {
			kept = t->arena;
			kept->next = NULL;
			kept->used = 0;
		} else {
			free(t->arena);
		}
		t->arena = next;
	}
	t->arena = kept;
}

static bool copy_text(struct tally *t, const char **text)
{
	size_t size;
	char *copy;

	if (!*text)
		return true;
	size = strlen(*text) + 1;
	copy = arena_get(t, size);
	if (!copy)
		return false;
	memcpy(copy, *text, size);
	*text = copy;
	return true;
}

/** Make an occurrence's strings our own. */
static bool copy_strings(struct tally *t, struct assay_occurrence *o)
{
	return copy_text(t, &o->loc.sheet) && copy_text(t, &o->loc.cell) &&
	       copy_text(t, &o->loc.part) && copy_text(t, &o->loc.header) &&
	       copy_text(t, &o->field) && copy_text(t, &o->mask) && copy_text(t, &o->value);
}

struct tally *tally_new(size_t rules, size_t max_occurrences)
{
	struct tally *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->rules = rules;
	t->max = max_occurrences ? max_occurrences : SIZE_MAX;
	t->seed = clock_ns() * UINT64_C(0x9E3779B97F4A7C15) ^ (uintptr_t)t;
	t->used.limit = t->findings.limit = rules;
	t->entries = calloc(rules + 1, sizeof(*t->entries));
	if (!t->entries) {
		tally_free(t);
		return NULL;
	}
	for (size_t i = 0; i < rules; i++)
		t->entries[i].list.limit = SIZE_MAX / sizeof(struct assay_occurrence);
	return t;
}

void tally_free(struct tally *t)
{
	if (!t)
		return;
	for (size_t i = 0; t->entries && i < t->rules; i++) {
		free(t->entries[i].set.slots);
		vec_done(&t->entries[i].list);
	}
	arena_clear(t, false);
	free(t->entries);
	free(t->hashes);
	vec_done(&t->used);
	vec_done(&t->findings);
	vec_done(&t->sorted);
	free(t);
}

static void set_clear(struct set *s)
{
	struct key *slots = s->slots;
	size_t slots_len = s->slots_len;

	if (slots_len > SET_SLOTS_KEPT) {
		free(slots);
		slots = NULL;
		slots_len = 0;
	} else if (s->len > 0) {
		memset(slots, 0, slots_len * sizeof(*slots));
	}
	*s = (struct set){ .slots = slots, .slots_len = slots_len };
}

void tally_clear(struct tally *t)
{
	for (size_t i = 0; i < t->used.len; i++) {
		struct entry *e = &t->entries[t->used.items[i]];

		set_clear(&e->set);
		e->finding = (struct assay_finding){ 0 };
		e->list.len = 0;
		e->used = false;
	}
	t->used.len = 0;
	arena_clear(t, true);
}

bool tally_wants_occurrence(const struct tally *t, unsigned rule)
{
	return rule < t->rules && t->entries[rule].list.len < t->max;
}

static struct entry *entry_for(struct tally *t, unsigned rule)
{
	struct entry *e = &t->entries[rule];
	unsigned *used;

	if (e->used)
		return e;
	used = vec_push(&t->used);
	if (!used)
		return NULL;
	*used = rule;
	e->used = true;
	e->finding.rule = rule;
	return e;
}

bool tally_add(struct tally *t, const struct candidate *c)
{
	struct entry *e = c->rule < t->rules ? entry_for(t, c->rule) : NULL;

	if (!e || (!c->only_counted && !set_add(t, &e->set, c->hash)))
		return false;
	e->finding.counts[MIN(c->confidence, ASSAY_CONFIDENCES - 1)]++;
	e->finding.hidden += c->hidden != 0;
	if (c->occurrence && e->list.len < t->max) {
		struct assay_occurrence copy = *c->occurrence, *o;

		if (!copy_strings(t, &copy))
			return false;
		o = vec_push(&e->list);
		if (!o)
			return false;
		*o = copy;
	}
	return true;
}

void tally_is_part(struct tally *t, bool is_part)
{
	t->is_part = is_part;
}

/** Does `a` stand before `b`?  Text without offsets goes by its place. */
static bool comes_before(const struct assay_occurrence *a, const struct assay_occurrence *b)
{
	const uint64_t ka[] = { a->off,      a->loc.page, a->loc.slide,
				a->loc.line, a->loc.row,  a->loc.col };
	const uint64_t kb[] = { b->off,      b->loc.page, b->loc.slide,
				b->loc.line, b->loc.row,  b->loc.col };

	for (size_t i = 0; i < ARRAY_SIZE(ka); i++)
		if (ka[i] != kb[i])
			return ka[i] < kb[i];
	return false;
}

/** Put an occurrence where it belongs; the last one falls off a full list. */
static bool insert(struct tally *t, struct entry *e, const struct assay_occurrence *occurrence,
		   uint64_t add_lines)
{
	struct assay_occurrence copy = *occurrence, *end;
	size_t i = e->list.len;

	if (copy.loc.line)
		copy.loc.line += add_lines;
	if (i >= t->max && !comes_before(&copy, &e->list.items[i - 1]))
		return true;
	if (!copy_strings(t, &copy))
		return false;
	if (i >= t->max)
		i--;
	else if (!(end = vec_push(&e->list)))
		return false;
	for (; i > 0 && comes_before(&copy, &e->list.items[i - 1]); i--)
		e->list.items[i] = e->list.items[i - 1];
	e->list.items[i] = copy;
	return true;
}

/** Of hashes in any order, as a part sends them. */
static struct key greatest(const uint8_t (*hashes)[ASSAY_FP_BYTES], size_t len)
{
	struct key most = { 0 };

	for (size_t i = 0; i < len; i++) {
		struct key k = { load_be(hashes[i]), load_be(hashes[i] + 8) };

		if (key_compare(&k, &most) > 0)
			most = k;
	}
	return most;
}

bool tally_merge(struct tally *t, const struct assay_finding *finding,
		 const uint8_t (*hashes)[ASSAY_FP_BYTES], size_t hashes_len, uint64_t add_lines)
{
	struct entry *e = finding->rule < t->rules ? entry_for(t, finding->rule) : NULL;

	if (!e)
		return false;
	for (int i = 0; i < ASSAY_CONFIDENCES; i++)
		e->finding.counts[i] += finding->counts[i];
	e->finding.hidden += finding->hidden;
	for (size_t i = 0; i < hashes_len; i++)
		if (!set_add(t, &e->set, hashes[i]))
			return false;
	/* The part had more than it sent: what it left out lies above what it sent. */
	if (hashes_len >= TALLY_UNIQUE_MAX && finding->unique > hashes_len) {
		if (!set_compact(t, &e->set))
			return false;
		if (!e->set.overflowed) {
			e->set.overflowed = true;
			e->set.top = greatest(hashes, hashes_len);
		}
	}
	for (size_t i = 0; i < finding->occurrences_len; i++)
		if (!insert(t, e, &finding->occurrences[i], add_lines))
			return false;
	return true;
}

const uint8_t (*tally_hashes(struct tally *t, unsigned rule, size_t *ret_len))[ASSAY_FP_BYTES]
{
	*ret_len = 0;
	if (rule >= t->rules || !set_compact(t, &t->entries[rule].set) ||
	    !(t->is_part ? set_list(t, &t->entries[rule].set) : set_sort(t, &t->entries[rule].set)))
		return NULL;
	if (t->hashes_cap < t->sorted.len) {
		void *p = realloc(t->hashes, t->sorted.cap * sizeof(*t->hashes));

		if (!p)
			return NULL;
		t->hashes = p;
		t->hashes_cap = t->sorted.cap;
	}
	for (size_t i = 0; i < t->sorted.len; i++) {
		store_be(t->hashes[i], t->sorted.items[i].hi);
		store_be(t->hashes[i] + 8, t->sorted.items[i].lo);
	}
	*ret_len = t->sorted.len;
	return (const uint8_t(*)[ASSAY_FP_BYTES])t->hashes;
}

/** What is made of a rule's additions when somebody asks. */
static void complete(struct tally *t, unsigned rule)
{
	struct entry *e = &t->entries[rule];
	uint8_t digest[CHECKSUM_BYTES];
	struct checksum d;
	const uint8_t(*hashes)[ASSAY_FP_BYTES] = NULL;
	size_t len;

	memset(e->finding.values_fp, 0, sizeof(e->finding.values_fp));
	if (!t->is_part)
		hashes = tally_hashes(t, rule, &len);
	if (hashes) {
		checksum_begin(&d);
		checksum_bytes(&d, hashes, len * sizeof(*hashes));
		checksum_end(&d, digest);
		memcpy(e->finding.values_fp, digest, sizeof(e->finding.values_fp));
	}
	e->finding.unique = set_count(&e->set);
	e->finding.occurrences = e->list.items;
	e->finding.occurrences_len = e->list.len;
}

static int compare_rules(const void *a, const void *b)
{
	unsigned ra = *(const unsigned *)a, rb = *(const unsigned *)b;

	return ra < rb ? -1 : ra > rb;
}

const struct assay_finding *tally_findings(struct tally *t, size_t *ret_len)
{
	t->findings.len = 0;
	*ret_len = 0;
	if (t->used.len > 1)
		qsort(t->used.items, t->used.len, sizeof(*t->used.items), compare_rules);
	for (size_t i = 0; i < t->used.len; i++) {
		struct assay_finding *f = vec_push(&t->findings);

		if (!f)
			return NULL;
		complete(t, t->used.items[i]);
		*f = t->entries[t->used.items[i]].finding;
	}
	*ret_len = t->findings.len;
	return t->findings.items;
}
