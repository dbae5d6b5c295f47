/* rulechoice.c - which rules a command works with, and where they are kept compiled */
#include "commands.h"

#include <stdio.h>

#include "buf.h"
#include "builtin.h"
#include "fail.h"
#include "keyfile.h"

#define PATHS_MAX ((size_t)1024)

/** Files and directories of rules, in the order in which they are read. */
struct rule_paths {
	const char *of[PATHS_MAX + 1];
	size_t len;
	struct buf site; /**< name of the site's directory */
};

static void paths_done(struct rule_paths *p)
{
	buf_done(&p->site);
}

/** rules.d beside the site's configuration, which $ASSAY_CONFIG may put elsewhere. */
static bool name_site_dir(struct buf *name)
{
	const char *config = getenv("ASSAY_CONFIG"), *slash;

	if (!config || !*config)
		return buf_add_str(name, ASSAY_SYSCONFDIR "/assay/rules.d");
	slash = strrchr(config, '/');
	if (slash)
		buf_add(name, config, (size_t)(slash + 1 - config));
	return buf_add_str(name, "rules.d");
}

/** @return  false without memory */
static bool add_site_dir(const struct args *a, struct rule_paths *p)
{
	if (args_has(a, OPT_RULES) || args_has(a, OPT_NO_SITE_RULES))
		return true;
	if (!name_site_dir(&p->site))
		return false;
	/* A site need not have rules; but those that cannot be read are not none. */
	if (access(p->site.data, F_OK) == 0)
		p->of[p->len++] = p->site.data;
	return true;
}

static enum assay_status add_named(const struct args *a, struct rule_paths *p,
				   struct assay_error *err)
{
	size_t named = 0;

	for (size_t i = 0; i < a->values.len; i++) {
		enum option_id id = a->values.items[i].row->id;

		if (id != OPT_RULES && id != OPT_RULES_ADD)
			continue;
		if (named++ == PATHS_MAX)
			return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
					  "more than %zu rule files", PATHS_MAX);
		p->of[p->len++] = a->values.items[i].text;
	}
	return ASSAY_OK;
}

/** A cache is never looked for in what is scanned. */
static struct rule_cache cache_of(const struct args *a)
{
	bool scans = a->command == CMD_SCAN;

	return (struct rule_cache){
		.dir = args_last(a, OPT_RULES_CACHE),
		.avoid = scans ? a->operands : NULL,
		.avoid_len = scans ? a->operands_len : 0,
	};
}

/** Are the rules only to be described?  No key is needed for that. */
static bool only_shows(const struct args *a)
{
	const char *what = a->operands_len ? a->operands[0] : "list";

	return a->command == CMD_EXPLAIN ||
	       (a->command == CMD_RULES &&
		(strcmp(what, "list") == 0 || strcmp(what, "show") == 0));
}

static enum assay_status load(const struct args *a, const struct rule_paths *p, bool on_builtin,
			      const uint8_t *known_key, assay_ruleset **ret_set,
			      struct assay_error *err)
{
	const struct rule_cache cache = cache_of(a);
	const struct rule_sources sources = {
		.known_key = known_key,
		.to_show = only_shows(a),
		.base = on_builtin ? builtin_rules() : NULL,
		.paths = p->of,
		.paths_len = p->len,
		.cache = args_has(a, OPT_NO_RULES_CACHE) ? NULL : &cache,
	};
	enum assay_status st;

	if (p->len == 0)
		return assay_ruleset_builtin(ret_set, err);
	st = ruleset_read(&sources, ret_set, err);
	return st == ASSAY_OK && !*ret_set ? assay_ruleset_builtin(ret_set, err) : st;
}

/** load() with the key of --key-file, if there is one. */
static enum assay_status load_with_key(const struct args *a, const struct rule_paths *p,
				       bool on_builtin, assay_ruleset **ret_set,
				       struct assay_error *err)
{
	const char *path = args_last(a, OPT_KEY_FILE);
	uint8_t key[KEY_BYTES];
	enum assay_status st = path ? key_file_known(path, key, err) : ASSAY_OK;

	if (st == ASSAY_OK)
		st = load(a, p, on_builtin, path ? key : NULL, ret_set, err);
	explicit_bzero(key, sizeof(key));
	return st;
}

enum assay_status load_rules(const struct args *a, assay_ruleset **ret_set, struct assay_error *err)
{
	CLEANUP(paths_done) struct rule_paths p = { .site = BUF_INIT(64 * KiB) };
	enum assay_status st;

	if (!add_site_dir(a, &p))
		return assay_fail_memory(err, "rules");
	st = add_named(a, &p, err);
	return st < 0 ? st : load_with_key(a, &p, !args_has(a, OPT_RULES), ret_set, err);
}

enum assay_status load_rule_files(const struct args *a, const char *const *paths, size_t len,
				  assay_ruleset **ret_set, struct assay_error *err)
{
	struct rule_paths p = { 0 };

	if (len > PATHS_MAX)
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE, "more than %zu rule files",
				  PATHS_MAX);
	memcpy(p.of, paths, len * sizeof(*paths));
	p.len = len;
	return load_with_key(a, &p, args_has(a, OPT_RULES_ADD), ret_set, err);
}

const char *rules_name(const struct args *a)
{
	CLEANUP(paths_done) struct rule_paths p = { .site = BUF_INIT(64 * KiB) };
	const char *rules = args_last(a, OPT_RULES);

	if (rules)
		return rules;
	if (add_site_dir(a, &p) && p.len)
		return args_has(a, OPT_RULES_ADD) ? "builtin, site and added" : "builtin and site";
	return args_has(a, OPT_RULES_ADD) ? "builtin and added" : "builtin";
}
