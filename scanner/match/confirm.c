/* confirm.c - the exact pattern, tried where a stage saw reason to */
#include "matcher.h"

#include "known.h"
#include "terms.h"

/** A rule that gave up this often in one window is not asked again there. */
#define GIVE_UPS_MAX 16

static void add_hit(struct matcher *m, struct hit hit)
{
	struct hit *h = vec_push(&m->out->list);

	if (h)
		*h = hit;
	else
		m->out->dropped++;
}

static enum verdict look_up(struct matcher *m, const struct rule *rule, const char *value,
			    size_t len)
{
	char normal[KNOWN_VALUE_MAX];

	len = rule_normalise(rule->normalise, value, len, normal, sizeof(normal));
	return known_has(rule->known, &m->known, normal, len) ? VERDICT_KNOWN : VERDICT_REJECT;
}

/** The evidence of a match, judged.  @return  false if there is none */
static bool judge(struct matcher *m, const struct rule *rule, const char *data,
		  const PCRE2_SIZE *found, bool has_group, struct hit *ret_hit)
{
	size_t begin = found[0], end = found[1];
	enum verdict verdict = VERDICT_UNDECIDED;

	if (has_group && found[2] != PCRE2_UNSET) {
		begin = found[2];
		end = found[3];
	}
	if (begin >= end)
		return false;
	if (rule->validator && rule->validator->run)
		verdict = rule->validator->run(data + begin, end - begin);
	if (verdict != VERDICT_REJECT && rule->known)
		verdict = look_up(m, rule, data + begin, end - begin);
	if (verdict == VERDICT_REJECT)
		return false;
	ret_hit->start = (uint32_t)found[0];
	ret_hit->begin = (uint32_t)begin;
	ret_hit->end = (uint32_t)end;
	ret_hit->verdict = (uint8_t)verdict;
	return true;
}

/** A dictionary's starts: the longest term at each. */
static void each_term(struct matcher *m, unsigned rule, size_t first, size_t last)
{
	const struct rule *r = m->set->rules[rule].rule;

	for (; first <= last; first++) {
		PCRE2_SIZE found[2] = { first };
		struct hit hit = { .rule = (uint16_t)rule };

		found[1] = first + terms_match(r->terms, m->win->data, m->win->len, first);
		if (judge(m, r, m->win->data, found, false, &hit))
			add_hit(m, hit);
	}
}

/** Machine code is called at once, where there is some: pcre2_match() looks at much before. */
static int match(struct matcher *m, const pcre2_code *code, const char *data, size_t len,
		 size_t first)
{
	int rc = pcre2_jit_match(code, (PCRE2_SPTR)data, len, first, 0, m->match_data, m->context);

	if (rc != PCRE2_ERROR_JIT_BADOPTION)
		return rc;
	return pcre2_match(code, (PCRE2_SPTR)data, len, first, 0, m->match_data, m->context);
}

/**
 * PCRE2 over the starts [first, last]: a hit for each that matches.  Every
 * start counts, not every first one: where the search begins then has no
 * influence on what is found, and windows may be cut anywhere.
 *
 * @return  false if the pattern gave up at a limit
 */
static bool each_start(struct matcher *m, unsigned rule, size_t first, size_t last)
{
	const struct compiled_rule *r = &m->set->rules[rule];
	const PCRE2_SIZE *found = m->found;
	/* PCRE2 looks for a required last byte far ahead of the start; a short
	 * subject keeps that bounded.  `reach` says that nothing is cut off. */
	size_t subject = MIN(last + r->reach, m->win->len);

	pcre2_set_offset_limit(m->context, last);
	while (first <= last) {
		struct hit hit = { .rule = (uint16_t)rule };
		int rc = match(m, r->code, m->win->data, subject, first);

		if (rc == PCRE2_ERROR_NOMATCH)
			return true;
		if (rc < 0)
			return false;
		if (judge(m, r->rule, m->win->data, found, r->has_group, &hit))
			add_hit(m, hit);
		first = found[0] + 1;
	}
	return true;
}

void confirm_between(struct matcher *m, unsigned rule, size_t first, size_t last)
{
	if (first < m->win->own_begin)
		first = m->win->own_begin;
	if (last >= m->win->own_end)
		last = m->win->own_end - 1;
	if (first > last || m->gave_up[rule] >= GIVE_UPS_MAX)
		return;
	if (m->set->rules[rule].rule->terms) {
		each_term(m, rule, first, last);
		return;
	}
	if (each_start(m, rule, first, last))
		return;
	/* Only the starts that give up are lost, not their neighbours; those
	 * found above are found again, and settled as doubles. */
	for (; first <= last && m->gave_up[rule] < GIVE_UPS_MAX; first++) {
		if (each_start(m, rule, first, first))
			continue;
		m->gave_up[rule]++;
		m->out->gave_up++;
	}
}

void confirm_once(struct matcher *m, unsigned rule, size_t first, size_t last)
{
	struct tried *t = &m->tried[rule];

	if (t->begin == t->end || first < t->begin || first > t->end) {
		*t = (struct tried){ (uint32_t)first, (uint32_t)last + 1 };
	} else {
		first = t->end;
		if (last < first)
			return;
		t->end = (uint32_t)last + 1;
	}
	confirm_between(m, rule, first, last);
}

bool match_cell(struct matcher *m, unsigned rule, const char *data, size_t len, struct hit *ret_hit)
{
	const struct compiled_rule *r = &m->set->rules[rule];
	struct hit hit = { .rule = (uint16_t)rule, .by_cell = true };

	if (!r->cell || len == 0 || len > UINT32_MAX)
		return false;
	pcre2_set_offset_limit(m->context, PCRE2_UNSET);
	if (match(m, r->cell, data, len, 0) < 0)
		return false;
	if (!judge(m, r->rule, data, m->found, r->cell_has_group, &hit))
		return false;
	*ret_hit = hit;
	return true;
}
