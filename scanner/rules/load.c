/* load.c - files and directories of packs to a set of rules */
#include "packset.h"

#include "buf.h"
#include "fail.h"
#include "rulefile.h"

#include <dirent.h>
#include <errno.h>

enum assay_status pack_set_new(struct pack_set **ret_set, struct assay_error *err)
{
	struct pack_set *set = calloc(1, sizeof(*set));

	if (!set)
		return assay_fail_memory(err, "rules");
	set->rules.limit = RULES_MAX;
	set->labels.limit = LABELS_OF_SITE_MAX;
	list_version(&set->list, set->version);
	set->list.version = set->version;
	*ret_set = set;
	return ASSAY_OK;
}

void pack_set_free(struct pack_set *set)
{
	if (!set)
		return;
	vec_done(&set->rules);
	vec_done(&set->labels);
	arena_done(&set->arena);
	free(set);
}

void pack_set_want_shapes(struct pack_set *set)
{
	set->wants_shapes = true;
}

const struct rule_list *pack_set_rules(const struct pack_set *set)
{
	return &set->list;
}

const struct rule *pack_set_find(const struct pack_set *set, const char *id)
{
	for (size_t i = 0; i < set->rules.len; i++)
		if (strcmp(set->rules.items[i]->id, id) == 0)
			return set->rules.items[i];
	return NULL;
}

enum assay_status pack_set_push(struct pack_set *set, const struct rule *rule,
				struct assay_error *err)
{
	const struct rule **slot;

	if (set->rules.len == RULES_MAX)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
				  "%s:%u: more than %d rules: load fewer packs", rule->file,
				  rule->line, RULES_MAX);
	slot = vec_push(&set->rules);
	if (!slot)
		return assay_fail_memory(err, "rules");
	*slot = rule;
	return ASSAY_OK;
}

/** Bring the view up to date, or take back what was added past `len`. */
static enum assay_status conclude(struct pack_set *set, struct rule_list before,
				  enum assay_status st)
{
	if (st < 0) {
		set->rules.len = before.len;
		set->labels.len = before.labels_len;
	}
	set->list.rules = set->rules.items;
	set->list.len = set->rules.len;
	set->list.labels = set->labels.items;
	set->list.labels_len = set->labels.len;
	if (st == ASSAY_OK)
		list_version(&set->list, set->version);
	return st;
}

enum assay_status pack_set_add(struct pack_set *set, const struct rule *const *rules, size_t len,
			       struct assay_error *err)
{
	struct rule_list before = set->list;
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < len && st == ASSAY_OK; i++) {
		if (pack_set_find(set, rules[i]->id))
			st = assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE,
					"%s:%u: rule %s is there already", rules[i]->file,
					rules[i]->line, rules[i]->id);
		else
			st = pack_set_push(set, rules[i], err);
	}
	return conclude(set, before, st);
}

enum assay_status pack_set_parse(struct pack_set *set, const char *name, const char *yaml,
				 size_t len, struct assay_error *err)
{
	CLEANUP(arena_done) struct arena nodes = { 0 };
	struct rule_list before = set->list;
	const char *file = arena_copy(&set->arena, name, strlen(name));
	const struct node *root;
	enum assay_status st;

	if (!file)
		return assay_fail_memory(err, "rules");
	st = yamldoc_parse(&nodes, file, yaml, len, &root, err);
	if (st == ASSAY_OK)
		st = pack_bind(set, file, root, err);
	return conclude(set, before, st);
}

static enum assay_status read_file(struct pack_set *set, int fd, const char *path,
				   struct assay_error *err)
{
	CLEANUP(buf_done) struct buf content = BUF_INIT(YAML_BYTES_MAX + 32 * KiB);
	enum assay_status st = rulefile_read(fd, path, YAML_BYTES_MAX, &content, err);

	if (st < 0)
		return st;
	return pack_set_parse(set, path, content.data ? content.data : "", content.len, err);
}

static enum assay_status read_path(struct pack_set *set, const char *path, bool may_be_directory,
				   struct assay_error *err);

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && strcmp(name + len - end_len, end) == 0;
}

static int is_pack(const struct dirent *entry)
{
	/* Editors leave .NAME.yaml behind. */
	return entry->d_name[0] != '.' &&
	       (ends_with(entry->d_name, ".yaml") || ends_with(entry->d_name, ".yml"));
}

/** Byte order, whatever the locale: the order of rules decides overlaps. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static enum assay_status read_entry(struct pack_set *set, const char *dir, const char *name,
				    struct assay_error *err)
{
	CLEANUP(buf_done) struct buf path = BUF_INIT(64 * KiB);

	buf_printf(&path, "%s%s%s", dir, ends_with(dir, "/") ? "" : "/", name);
	if (path.failed)
		return assay_fail_memory(err, "rules");
	if (ends_with(name, ".yml"))
		return rulefile_fail(err, path.data, "would not be read: name it .yaml");
	return read_path(set, path.data, false, err);
}

static enum assay_status read_directory(struct pack_set *set, int fd, const char *path,
					struct assay_error *err)
{
	struct dirent **entries;
	enum assay_status st = ASSAY_OK;
	int count = scandirat(fd, ".", &entries, is_pack, by_name);

	if (count < 0)
		return assay_fail_sys(err, ASSAY_FATAL, reason_of_errno(errno), errno, "%s",
				      rulefile_shown(path));
	for (int i = 0; i < count; i++) {
		if (st == ASSAY_OK)
			st = read_entry(set, path, entries[i]->d_name, err);
		free(entries[i]);
	}
	free(entries);
	return st;
}

static enum assay_status read_path(struct pack_set *set, const char *path, bool may_be_directory,
				   struct assay_error *err)
{
	CLEANUP(fd_closep) int fd = -1;
	struct stat info;
	enum assay_status st = rulefile_open(path, may_be_directory, &fd, &info, err);

	if (st < 0)
		return st;
	return S_ISDIR(info.st_mode) ? read_directory(set, fd, path, err)
				     : read_file(set, fd, path, err);
}

enum assay_status pack_set_read(struct pack_set *set, const char *path, struct assay_error *err)
{
	return read_path(set, path, true, err);
}
