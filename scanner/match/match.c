/* match.c - a matcher's life, and the order of its stages */
#include "match.h"

#include <stdio.h>

#include "fail.h"
#include "keyed.h"
#include "matcher.h"

/* Enough for patterns of this kind; reaching either is reported, not hidden. */
#define JIT_STACK_MIN (32 * KiB)
#define JIT_STACK_MAX (256 * KiB)
#define MATCH_LIMIT 1000000

/** Validators that reject every value that fails a check: gates may test it first. */
static const struct {
	const char *validator;
	enum check check;
} checks[] = {
	{ "nhs", CHECK_MOD11 },   { "chi", CHECK_MOD11 },       { "hc-number", CHECK_MOD11 },
	{ "card", CHECK_LUHN },   { "card-track", CHECK_LUHN }, { "luhn", CHECK_LUHN },
	{ "phone", CHECK_PHONE },
};

static enum check check_of(const struct rule *rule)
{
	for (size_t i = 0; rule->validator && i < ARRAY_SIZE(checks); i++)
		if (strcmp(rule->validator->name, checks[i].validator) == 0)
			return checks[i].check;
	return CHECK_NONE;
}

/** Insert into by_digits; few rules are of this kind. */
static void lead_by_digits(struct matcher *m, uint16_t rule)
{
	const struct compiled_rule *rules = m->set->rules;
	size_t len = 0, at;

	while (m->by_digits[len] != UINT16_MAX)
		len++;
	for (at = len; at > 0 && rules[m->by_digits[at - 1]].digits > rules[rule].digits; at--)
		m->by_digits[at] = m->by_digits[at - 1];
	m->by_digits[at] = rule;
	m->by_digits[len + 1] = UINT16_MAX;
}

/** May any text that begins with `begin` match here?  PCRE2's partial match knows. */
static bool may_begin(struct matcher *m, const pcre2_code *code, const char *begin)
{
	return pcre2_match(code, (PCRE2_SPTR)begin, strlen(begin), 0,
			   PCRE2_ANCHORED | PCRE2_PARTIAL_HARD, m->match_data,
			   NULL) != PCRE2_ERROR_NOMATCH;
}

/**
 * Addresses in hex groups share a shape with dotted quads, and need not be
 * asked about each of them.  All beginnings of a quad are tried; a pattern that
 * asks for something before its start cannot be judged so.
 */
static bool may_start_quad(struct matcher *m, const struct compiled_rule *r)
{
	char begin[16];

	if (strstr(r->rule->pattern, "(?<=") || strstr(r->rule->pattern, "\\B"))
		return true;
	for (unsigned width = 1, count = 10; width <= 3; width++, count *= 10)
		for (unsigned i = 0; i < count; i++) {
			snprintf(begin, sizeof(begin), "%0*u.", (int)width, i);
			if (may_begin(m, r->code, begin))
				return true;
		}
	return false;
}

static void learn_rules(struct matcher *m)
{
	m->by_digits[0] = UINT16_MAX;
	m->run_min = UINT32_MAX;
	memset(m->checked, true, sizeof(m->checked));
	for (size_t i = 0; i < m->set->list->len; i++) {
		const struct compiled_rule *r = &m->set->rules[i];

		m->check[i] = (uint8_t)check_of(r->rule);
		m->checked[r->rule->shape] &= m->check[i] != CHECK_NONE;
		if (r->rule->shape == SHAPE_IP)
			m->starts_quad[i] = may_start_quad(m, r);
		if (r->rule->shape == SHAPE_LITERAL)
			m->literals_back = MAX(m->literals_back, r->back);
		if (r->rule->shape == SHAPE_BESIDE)
			m->besides_back = MAX(m->besides_back, r->back);
		if (r->rule->shape != SHAPE_OTHER)
			continue;
		m->others_back = MAX(m->others_back, r->back);
		if (r->digits < DIGIT_RUN_MIN)
			continue;
		lead_by_digits(m, (uint16_t)i);
		m->run_min = MIN(m->run_min, r->digits);
	}
}

static bool alloc_scratch(struct matcher *m, const hs_database_t *db)
{
	return !db || hs_alloc_scratch(db, &m->scratch) == HS_SUCCESS;
}

static bool alloc(struct matcher *m)
{
	m->match_data = pcre2_match_data_create(2, NULL);
	m->context = pcre2_match_context_create(NULL);
	m->jit_stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	m->found = m->match_data ? pcre2_get_ovector_pointer(m->match_data) : NULL;
	m->merge = malloc(MERGE_HITS * sizeof(*m->merge));
	keyed_init(&m->known, m->set->known_key);
	return m->match_data && m->context && m->jit_stack && m->merge &&
	       alloc_scratch(m, m->set->literals) && alloc_scratch(m, m->set->besides) &&
	       alloc_scratch(m, m->set->others);
}

enum assay_status matcher_new(const assay_ruleset *set, enum match_engine engine,
			      enum match_isa isa, struct matcher **ret_matcher,
			      struct assay_error *err)
{
	struct matcher *m = calloc(1, sizeof(*m));

	if (!m)
		return assay_fail_memory(err, "matcher");
	m->set = set;
	m->engine = engine;
	m->fill = bytemask_for(isa, &m->isa);
	if (!m->fill) {
		matcher_free(m);
		return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_USAGE,
				  "this CPU lacks the instructions asked for");
	}
	m->has_bmi = isa != MATCH_ISA_SCALAR && bytemask_has_bmi();
	if (!alloc(m)) {
		matcher_free(m);
		return assay_fail_memory(err, "matcher");
	}
	learn_rules(m);
	pcre2_set_match_limit(m->context, MATCH_LIMIT);
	pcre2_jit_stack_assign(m->context, NULL, m->jit_stack);
	*ret_matcher = m;
	return ASSAY_OK;
}

void matcher_free(struct matcher *m)
{
	if (!m)
		return;
	pcre2_match_data_free(m->match_data);
	pcre2_match_context_free(m->context);
	pcre2_jit_stack_free(m->jit_stack);
	hs_free_scratch(m->scratch);
	free(m->merge);
	free(m);
}

const char *matcher_isa(const struct matcher *m)
{
	return m->isa;
}

/** The reference: every rule, every start, PCRE2 alone. */
static void reference_stage(struct matcher *m)
{
	for (unsigned i = 0; i < m->set->list->len; i++)
		if (m->set->rules[i].rule->shape != SHAPE_BESIDE)
			confirm_between(m, i, m->win->own_begin, m->win->own_end - 1);
}

/** Make ready for a window.  @return  false: it owns nothing */
static bool start_window(struct matcher *m, struct window *own, struct hits *out)
{
	own->own_end = MIN(own->own_end, own->len);
	if (own->own_begin >= own->own_end || own->len >= UINT32_MAX) {
		out->gave_up += own->len >= UINT32_MAX;
		return false;
	}
	m->win = own;
	m->out = out;
	memset(m->tried, 0, m->set->list->len * sizeof(m->tried[0]));
	memset(m->gave_up, 0, m->set->list->len * sizeof(m->gave_up[0]));
	return true;
}

void match_window(struct matcher *m, const struct window *win, struct hits *out)
{
	struct window own = *win;
	size_t from = out->list.len, middle = from;

	if (!start_window(m, &own, out))
		return;
	m->mrz_done = 0;
	if (m->engine == MATCH_REFERENCE) {
		reference_stage(m);
	} else {
		shape_stage(m);
		middle = out->list.len;
		literal_stage(m);
		others_stage(m);
	}
	hits_settle(m, out, from, middle);
	m->win = NULL;
}

/** Where what stands beside others is sought next: [from, to). */
struct beside {
	struct matcher *m;
	struct window *own;
	size_t from, to;
};

static void seek(struct beside *b)
{
	if (b->from >= b->to)
		return;
	b->own->own_begin = b->from;
	b->own->own_end = b->to;
	if (b->m->engine != MATCH_REFERENCE) {
		beside_stage(b->m);
		return;
	}
	for (const uint16_t *r = b->m->set->by_shape[SHAPE_BESIDE]; *r != UINT16_MAX; r++)
		confirm_between(b->m, *r, b->from, b->to - 1);
}

/** Seek in [from, to), too; stretches come in order of `from` and may overlap. */
static void seek_in(struct beside *b, size_t from, size_t to)
{
	if (to <= b->to)
		return;
	if (from > b->to) {
		seek(b);
		b->from = from;
	}
	b->to = to;
}

void match_beside(struct matcher *m, const struct window *win, const struct rule_bits *leads,
		  struct hits *hits)
{
	size_t found = hits->list.len;
	struct window own = *win;
	struct beside b = { m, &own, own.own_begin, own.own_begin };
	size_t begin = own.own_begin, end;

	if (!m->set->besides || !start_window(m, &own, hits))
		return;
	end = own.own_end;
	if (!leads || begin > 0)
		seek_in(&b, begin, leads ? MIN(end, begin + BESIDE_BYTES) : end);
	for (size_t i = 0; leads && i < found; i++) {
		const struct hit *h = &hits->list.items[i];

		if (rule_bit(leads, h->rule))
			seek_in(&b,
				h->start > begin + BESIDE_BYTES ? h->start - BESIDE_BYTES : begin,
				MIN(end, h->begin + BESIDE_BYTES));
	}
	if (end < win->len)
		seek_in(&b, MAX(begin, end - MIN(end, BESIDE_BYTES)), end);
	seek(&b);
	hits_settle(m, hits, found, found);
	hits_join(m, hits, found);
	m->win = NULL;
}
