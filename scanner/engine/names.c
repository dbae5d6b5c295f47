/* names.c - a hash table of strings */
#include "names.h"

#define BUCKETS_FIRST 64

void names_clear(struct names *n)
{
	if (n->len == 0)
		return;
	for (size_t i = 0; i < n->buckets_len; i++) {
		while (n->buckets[i]) {
			struct field *f = n->buckets[i];

			n->buckets[i] = f->next;
			free(f);
		}
	}
	n->len = n->bytes = 0;
}

void names_done(struct names *n)
{
	names_clear(n);
	free(n->buckets);
	n->buckets = NULL;
	n->buckets_len = 0;
}

static uint32_t hash_of(const char *name, size_t len)
{
	uint32_t h = 2166136261u; /* FNV-1a; the table is one object's, its names bounded */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)name[i]) * 16777619u;
	return h;
}

static bool grow(struct names *n)
{
	size_t len = n->buckets_len ? 4 * n->buckets_len : BUCKETS_FIRST;
	struct field **buckets = calloc(len, sizeof(*buckets));

	if (!buckets)
		return false;
	for (size_t i = 0; i < n->buckets_len; i++) {
		while (n->buckets[i]) {
			struct field *f = n->buckets[i];

			n->buckets[i] = f->next;
			f->next = buckets[f->hash & (len - 1)];
			buckets[f->hash & (len - 1)] = f;
		}
	}
	free(n->buckets);
	n->buckets = buckets;
	n->buckets_len = len;
	return true;
}

struct field *names_keep(struct names *n, const char *name, size_t len)
{
	uint32_t hash = hash_of(name, len);
	size_t bytes = sizeof(struct field) + len + 1;
	struct field *f;

	if (n->buckets_len)
		for (f = n->buckets[hash & (n->buckets_len - 1)]; f; f = f->next)
			if (f->hash == hash && strncmp(f->name, name, len) == 0 && !f->name[len])
				return f;
	if (n->bytes + bytes > NAMES_BYTES_MAX)
		return NULL;
	if (n->len >= n->buckets_len && !grow(n))
		return NULL;
	f = malloc(bytes);
	if (!f)
		return NULL;
	f->hash = hash;
	f->resolved = false;
	f->window = f->cells = 0;
	memcpy(f->name, name, len);
	f->name[len] = '\0';
	f->next = n->buckets[hash & (n->buckets_len - 1)];
	n->buckets[hash & (n->buckets_len - 1)] = f;
	n->len++;
	n->bytes += bytes;
	return f;
}

static void resolve(const assay_ruleset *set, struct field *f)
{
	f->resolved = true;
	f->has_rules = false;
	f->heading = heading_of(f->name);
	f->cell_rules_len = 0;
	ruleset_field_rules(set, f->name, strlen(f->name), &f->rules, &f->against);
	for (unsigned i = 0; i < set->list->len; i++) {
		if (!rule_bit(&f->rules, i))
			continue;
		f->has_rules = true;
		if (set->rules[i].cell && f->cell_rules_len < FIELD_CELL_RULES)
			f->cell_rules[f->cell_rules_len++] = (uint16_t)i;
	}
}

struct field *names_field(struct names *n, const char *name, size_t len)
{
	struct field *f = names_keep(n, name, len);

	if (f && !f->resolved)
		resolve(n->set, f);
	return f;
}
