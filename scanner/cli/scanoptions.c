/* scanoptions.c - options of a scan: limits, what workers do, rules that are off, keys */
#include <errno.h>
#include <fnmatch.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "fail.h"
#include "keyed.h"
#include "keyfile.h"
#include "ruleset.h"
#include "scanjob.h"

static enum assay_status read_limits(const struct args *a, struct work_config *c,
				     struct assay_error *err)
{
	struct assay_limits *l = &c->scan.limits;
	uint64_t depth = l->depth, members = l->members, occurrences = c->scan.max_occurrences;
	const struct {
		enum option_id id;
		uint64_t *value;
	} sizes[] = { { OPT_MAX_OUT, &l->out_bytes },
		      { OPT_MAX_TEXT, &l->text_bytes },
		      { OPT_MAX_MEMBER, &l->member_bytes },
		      { OPT_WORKER_MEMORY, &c->memory_bytes } };
	enum assay_status st = ASSAY_OK;

	for (size_t i = 0; i < ARRAY_SIZE(sizes) && st == ASSAY_OK; i++)
		st = args_size(a, sizes[i].id, sizes[i].value, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_RATIO, UINT32_MAX, &l->ratio, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_DEPTH, ASSAY_DEPTH_MAX, &depth, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_MEMBERS, UINT32_MAX, &members, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_OCCURRENCES, UINT32_MAX, &occurrences, err);
	if (st == ASSAY_OK)
		st = args_ms(a, OPT_STALL_TIMEOUT, &c->stall_ms, err);
	if (st == ASSAY_OK && args_has(a, OPT_FILE_TIMEOUT)) {
		st = args_ms(a, OPT_FILE_TIMEOUT, &c->cpu_ms, err);
		c->cpu_ms_per_mib = 0;
		c->cpu_ms_max = c->cpu_ms;
	}
	if (l->ratio == 0)
		l->ratio = 1;
	l->depth = (uint32_t)depth;
	l->members = (uint32_t)members;
	c->scan.max_occurrences = (uint32_t)occurrences;
	return st;
}

enum assay_status scan_job_read_options(struct scan_job *j, struct assay_error *err)
{
	const struct args *a = j->args;
	struct work_config *c = &j->work_config;
	unsigned min_confidence = ASSAY_MEDIUM, mask = ASSAY_MASK_SHAPE, sandbox = 0, engine = 0,
		 isa = 0;
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t workers = cores > 0 ? (uint64_t)cores : 1;
	enum assay_status st;

	args_choice(a, OPT_MIN_CONFIDENCE, &min_confidence);
	args_choice(a, OPT_MASK, &mask);
	args_choice(a, OPT_SANDBOX, &sandbox);
	args_choice(a, OPT_ENGINE, &engine);
	args_choice(a, OPT_ISA, &isa);
	*c = (struct work_config){
		.sandbox = (enum confine_mode)sandbox,
		.cpu_ms = 10000,
		.cpu_ms_per_mib = 100,
		.cpu_ms_max = 120000,
		.stall_ms = 120000,
		.memory_bytes = WORK_MEMORY_BYTES,
		.spare_after_ms = 200,
		.recycle_after = 2000,
		.recycle_growth = 256 * MiB,
		.isa = (enum match_isa)isa,
		.scan = {
			.limits = ASSAY_LIMITS_DEFAULT,
			.engine = (enum assay_engine)engine,
			.mask = (enum assay_mask)mask,
			.min_confidence = (enum assay_confidence)min_confidence,
			.show_values = args_has(a, OPT_SHOW_VALUES),
			.max_occurrences = 20,
			.test_hooks = args_has(a, OPT_TEST_HOOKS),
		},
	};
	st = read_limits(a, c, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_WORKERS, 512, &workers, err);
	if (st == ASSAY_OK)
		st = args_number(a, OPT_MAX_GAPS, UINT32_MAX, &j->max_gaps, err);
	c->workers = (unsigned)MAX(workers, 1);
	c->member_bytes = c->scan.limits.member_bytes;
	j->log_options.min_confidence = c->scan.min_confidence;
	unsigned emit = 0;
	args_choice(a, OPT_EMIT, &emit);
	j->log_options.emit_all = emit == 1;
	return st;
}

static bool matches_rule(const char *glob, const struct rule *rule)
{
	return fnmatch(glob, rule->id, 0) == 0 || fnmatch(glob, rule->category, 0) == 0;
}

enum assay_status scan_job_choose_rules(struct scan_job *j, struct assay_error *err)
{
	const struct args *a = j->args;
	size_t count = assay_ruleset_count(j->rules);
	bool only = args_has(a, OPT_ENABLE);

	if (!only && !args_has(a, OPT_DISABLE))
		return ASSAY_OK;
	j->rules_off = calloc(count + 1, sizeof(*j->rules_off));
	if (!j->rules_off)
		return assay_fail_memory(err, "rules");
	memset(j->rules_off, only, count);
	for (size_t i = 0; i < a->values.len; i++) {
		const struct option_value *v = &a->values.items[i];
		bool used = false;

		if (v->row->id != OPT_ENABLE && v->row->id != OPT_DISABLE)
			continue;
		for (size_t r = 0; r < count; r++)
			if (matches_rule(v->text, j->rules->rules[r].rule)) {
				j->rules_off[r] = v->row->id == OPT_DISABLE;
				used = true;
			}
		if (!used)
			return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
					  "--%s: no rule or category is called `%.60s'; see "
					  "`assay rules list'",
					  v->row->name, v->text);
	}
	j->work_config.scan.rules_off = j->rules_off;
	return ASSAY_OK;
}

FILE *progress_stream(const struct args *a)
{
	const char *term = getenv("TERM");
	unsigned when = 0;

	args_choice(a, OPT_PROGRESS, &when);
	if (when == 2 || args_has(a, OPT_QUIET))
		return NULL;
	return when == 1 || (isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0) ? stderr
											 : NULL;
}

/** Workers must not have the master key: the kernel wipes its page when they are forked. */
static enum assay_status make_key_page(struct scan_job *j, struct assay_error *err)
{
	void *page =
	    mmap(NULL, KEY_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return assay_fail_memory(err, "the key");
	j->master = page;
	if (madvise(page, KEY_BYTES, MADV_WIPEONFORK) < 0 ||
	    madvise(page, KEY_BYTES, MADV_DONTDUMP) < 0)
		return assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, errno,
				      "the key's page cannot be kept from workers");
	return ASSAY_OK;
}

void scan_job_derive_own_keys(struct scan_job *j)
{
	uint8_t id[FP_BYTES];
	const struct keyed_part part = { "assay key id", 12 };

	keyed_derive(j->master, "path", j->log_options.path_key);
	keyed_hmac(j->master, &part, 1, id);
	memcpy(j->key_id, id, sizeof(j->key_id));
}

enum assay_status scan_job_read_key(struct scan_job *j, struct assay_error *err)
{
	const char *path = args_last(j->args, OPT_KEY_FILE);
	enum assay_status st = make_key_page(j, err);

	if (st == ASSAY_OK && path)
		st = key_file_read(path, j->master, err);
	else if (st == ASSAY_OK && getrandom(j->master, KEY_BYTES, 0) != KEY_BYTES)
		st = assay_fail_sys(err, ASSAY_FATAL, ASSAY_INTERNAL, errno, "a random key");
	if (st == ASSAY_OK)
		keyed_derive(j->master, "value", j->work_config.scan.value_key);
	return st;
}
