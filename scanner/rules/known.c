/* known.c - lists of known values: made, read, asked */
#include "known.h"

#include "arena.h"
#include "fail.h"
#include "rulefile.h"
#include "ruleset.h"

#include <sys/random.h>

#define AT_NORMALISE 8
#define AT_ZERO 12
#define AT_ID 16
#define AT_SALT 24
#define AT_COUNT 40
#define AT_SEAL 48

static const char magic[8] = { 'A', 'S', 'S', 'A', 'Y', 'K', 'V', '1' };

static void put_number(uint8_t *at, uint64_t n, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		at[i] = (uint8_t)(n >> (8 * i));
}

static uint64_t number_at(const uint8_t *at, size_t bytes)
{
	uint64_t n = 0;

	for (size_t i = bytes; i-- > 0;)
		n = n << 8 | at[i];
	return n;
}

void known_key(const uint8_t master[KEY_BYTES], uint8_t ret_key[KEY_BYTES])
{
	keyed_derive(master, "known values", ret_key);
}

static void id_of(struct keyed *mac, uint8_t ret_id[FP_BYTES])
{
	const struct keyed_part part = { "key id", 6 };

	keyed_mac(mac, &part, 1, ret_id);
}

static void seal_of(struct keyed *mac, const uint8_t *head, const void *hashes, size_t len,
		    uint8_t ret_seal[FP_BYTES])
{
	const struct keyed_part parts[] = { { "seal", 4 },
					    { head, AT_SEAL },
					    { hashes, len * FP_BYTES } };

	keyed_mac(mac, parts, ARRAY_SIZE(parts), ret_seal);
}

static void hash_of(struct keyed *mac, const uint8_t *head, const char *value, size_t len,
		    uint8_t ret_hash[FP_BYTES])
{
	const struct keyed_part parts[] = { { "value", 5 },
					    { head + AT_SALT, KNOWN_SALT_BYTES },
					    { value, len } };

	keyed_mac(mac, parts, ARRAY_SIZE(parts), ret_hash);
}

/* ---- reading ---- */

const char *known_parse(const void *data, size_t len, struct known_list *ret_list)
{
	const uint8_t *head = data;
	const uint8_t(*hashes)[FP_BYTES];
	uint64_t count, normalise;

	if (len < KNOWN_HEAD_BYTES || memcmp(head, magic, sizeof(magic)) != 0)
		return "not a list that `assay rules make-list` made";
	count = number_at(head + AT_COUNT, 8);
	normalise = number_at(head + AT_NORMALISE, 4);
	if (count > KNOWN_VALUES_MAX || len != KNOWN_HEAD_BYTES + count * FP_BYTES)
		return "cut, or longer than it says: make it again";
	if (normalise > NORMALISE_EMAIL || number_at(head + AT_ZERO, 4) != 0)
		return "made by a later assay than this one";
	if (count == 0)
		return "has no values: make it again";
	hashes = (const void *)(head + KNOWN_HEAD_BYTES);
	for (size_t i = 1; i < count; i++)
		if (memcmp(hashes[i - 1], hashes[i], FP_BYTES) >= 0)
			return "damaged: its values are out of order; make it again";
	*ret_list = (struct known_list){
		.head = head,
		.hashes = hashes,
		.len = (size_t)count,
		.normalise = (enum normalise)normalise,
	};
	return NULL;
}

enum assay_status known_read(struct arena *arena, const char *name, const char *path,
			     const struct known_list **ret_list, struct assay_error *err)
{
	CLEANUP(buf_done) struct buf content = BUF_INIT(KNOWN_FILE_MAX + 32 * KiB);
	CLEANUP(fd_closep) int fd = -1;
	struct known_list *list = arena_take(arena, sizeof(*list));
	const char *data, *wrong;
	enum assay_status st;
	struct stat info;

	st = rulefile_open(path, false, &fd, &info, err);
	if (st == ASSAY_OK)
		st = rulefile_read(fd, path, KNOWN_FILE_MAX, &content, err);
	if (st < 0)
		return st;
	data = arena_copy(arena, content.data ? content.data : "", content.len);
	if (!list || !data)
		return assay_fail_memory(err, "known values");
	wrong = known_parse(data, content.len, list);
	if (wrong)
		return rulefile_fail(err, path, wrong);
	list->file = name;
	*ret_list = list;
	return ASSAY_OK;
}

const char *known_wrong(const struct known_list *list, const uint8_t key[KEY_BYTES])
{
	uint8_t id[FP_BYTES], seal[FP_BYTES];
	struct keyed mac;

	keyed_init(&mac, key);
	id_of(&mac, id);
	seal_of(&mac, list->head, list->hashes, list->len, seal);
	if (memcmp(id, list->head + AT_ID, KNOWN_ID_BYTES) != 0)
		return "its known values were listed with another key than --key-file has";
	if (memcmp(seal, list->head + AT_SEAL, FP_BYTES) != 0)
		return "its known values were altered or damaged: make the list again";
	return NULL;
}

bool known_has(const struct known_list *list, struct keyed *mac, const char *value, size_t len)
{
	size_t from = 0, to = list->len;
	uint8_t hash[FP_BYTES];

	if (len == 0)
		return false;
	hash_of(mac, list->head, value, len, hash);
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int order = memcmp(list->hashes[mid], hash, FP_BYTES);

		if (order == 0)
			return true;
		if (order < 0)
			from = mid + 1;
		else
			to = mid;
	}
	return false;
}

/* ---- making ---- */

bool known_maker_init(struct known_maker *m, const uint8_t key[KEY_BYTES], enum normalise normalise)
{
	uint8_t id[FP_BYTES];

	*m = (struct known_maker){ .normalise = normalise };
	keyed_init(&m->mac, key);
	memcpy(m->head, magic, sizeof(magic));
	put_number(m->head + AT_NORMALISE, normalise, 4);
	id_of(&m->mac, id);
	if (getrandom(m->head + AT_SALT, KNOWN_SALT_BYTES, 0) != KNOWN_SALT_BYTES)
		return false;
	memcpy(m->head + AT_ID, id, KNOWN_ID_BYTES);
	return true;
}

void known_maker_done(struct known_maker *m)
{
	free(m->hashes);
	explicit_bzero(&m->mac, sizeof(m->mac));
	*m = (struct known_maker){ 0 };
}

enum known_added known_maker_add(struct known_maker *m, const char *value, size_t len)
{
	char normal[KNOWN_VALUE_MAX];

	len = rule_normalise(m->normalise, value, len, normal, sizeof(normal));
	if (len == 0)
		return KNOWN_NOTHING_LEFT;
	if (m->len == m->cap &&
	    !vec_grow((void **)&m->hashes, &m->cap, m->len, KNOWN_VALUES_MAX, sizeof(*m->hashes)))
		return KNOWN_FULL;
	hash_of(&m->mac, m->head, normal, len, m->hashes[m->len].bytes);
	explicit_bzero(normal, len);
	m->len++;
	return KNOWN_ADDED;
}

static int by_hash(const void *a, const void *b)
{
	return memcmp(a, b, FP_BYTES);
}

bool known_maker_write(struct known_maker *m, struct buf *ret_file)
{
	size_t kept = 0;

	if (m->len > 0)
		qsort(m->hashes, m->len, sizeof(*m->hashes), by_hash);
	for (size_t i = 0; i < m->len; i++)
		if (kept == 0 || by_hash(&m->hashes[kept - 1], &m->hashes[i]) != 0)
			m->hashes[kept++] = m->hashes[i];
	m->len = kept;
	put_number(m->head + AT_COUNT, m->len, 8);
	seal_of(&m->mac, m->head, m->hashes, m->len, m->head + AT_SEAL);
	return buf_add(ret_file, m->head, sizeof(m->head)) &&
	       buf_add(ret_file, m->hashes, m->len * FP_BYTES);
}
