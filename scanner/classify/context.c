/*
 * context.c - words around a hit that raise or lower it
 *
 * The words of all rules are one Vectorscan database.  Their occurrences near the
 * hits are filed by group - the words of one rule that move it the same way from
 * the same distance - so that a hit asks each group of its rule for the nearest
 * word before and after it, and nothing depends on how dense the words stand.
 */
#include "context.h"

#include "fail.h"

/** Where a word stands: indexes into the window. */
struct place {
	uint32_t begin, end;
};

/** Words of one rule with one effect and one distance. */
struct group {
	uint16_t within;
	bool raises;
	size_t near;                     /**< where the last search ended: the next is close by */
	struct vec(struct place) places; /**< sorted by end */
};

/** Groups of a rule are neighbours in the list of groups. */
struct rule_groups {
	uint32_t first, len;
	uint32_t around; /**< bytes beside a hit in which all of its words lie, whole */
	bool active;     /**< the rule has hits in this window */
};

struct context {
	const assay_ruleset *set;
	hs_scratch_t *scratch;
	struct group *groups; /**< by rule */
	size_t groups_len;
	struct rule_groups *of_rule;
	uint32_t **word_groups; /**< by word id: indexes of groups, ended by UINT32_MAX */
	uint32_t *word_len;
	uint32_t word_len_max;
	uint16_t *active; /**< rules with hits in this window */
	size_t active_len;
	/** The interval being scanned. */
	const char *data;
	size_t len;
	uint32_t from;
	uint32_t done; /**< words that end by here are known */
};

/** Places kept per group and window; a window of nothing but words has no more. */
#define PLACES_MAX ((size_t)1 << 18)

/**
 * A word must lie within the bytes that every window has around a hit, whole and
 * with its neighbours, or the answer would depend on where windows are cut.
 */
static uint16_t visible_within(const struct word_use *use, size_t word_len)
{
	size_t most = word_len + 1 < RULE_WITHIN_MAX ? RULE_WITHIN_MAX - 1 - word_len : 0;

	return (uint16_t)MIN((size_t)use->within, most);
}

/** The group of a use among those made so far for its rule, or a new one. */
static uint32_t group_for(struct context *c, const struct word_use *use, uint16_t within)
{
	struct rule_groups *of = &c->of_rule[use->rule];

	for (uint32_t i = of->first; i < of->first + of->len; i++)
		if (c->groups[i].within == within && c->groups[i].raises == (use->step > 0))
			return i;
	c->groups[of->first + of->len] = (struct group){
		.within = within,
		.raises = use->step > 0,
	};
	return of->first + of->len++;
}

static size_t uses_of(const struct word_use *uses)
{
	size_t n = 0;

	while (uses[n].rule != UINT16_MAX)
		n++;
	return n;
}

/** Every rule gets as many groups as it has uses: more than it needs, never too few. */
static size_t lay_out(struct context *c)
{
	const assay_ruleset *set = c->set;
	uint32_t sum = 0;

	for (size_t w = 0; w < set->words_len; w++)
		for (const struct word_use *u = set->word_uses[w]; u->rule != UINT16_MAX; u++)
			if (u->rule < set->list->len)
				c->of_rule[u->rule].first++;
	for (size_t r = 0; r < set->list->len; r++) {
		uint32_t uses = c->of_rule[r].first;

		c->of_rule[r].first = sum;
		sum += uses;
	}
	return sum;
}

static bool file_words(struct context *c)
{
	const assay_ruleset *set = c->set;

	for (size_t w = 0; w < set->words_len; w++) {
		const struct word_use *uses = set->word_uses[w];
		size_t word_len = strlen(set->word_text[w]), n = 0;
		uint32_t *list = calloc(uses_of(uses) + 1, sizeof(*list));

		if (!list)
			return false;
		c->word_groups[w] = list;
		c->word_len[w] = (uint32_t)word_len;
		c->word_len_max = MAX(c->word_len_max, (uint32_t)word_len);
		for (; uses->rule != UINT16_MAX; uses++) {
			uint16_t within = visible_within(uses, word_len);
			uint32_t *around;

			if (uses->rule >= set->list->len || uses->step == 0)
				continue;
			list[n++] = group_for(c, uses, within);
			around = &c->of_rule[uses->rule].around;
			*around = MAX(*around, within + (uint32_t)word_len);
		}
		list[n] = UINT32_MAX;
	}
	return true;
}

static bool context_init(struct context *c)
{
	const assay_ruleset *set = c->set;
	size_t rules = set->list->len;

	c->of_rule = calloc(rules + 1, sizeof(*c->of_rule));
	c->active = calloc(rules + 1, sizeof(*c->active));
	if (!c->of_rule || !c->active)
		return false;
	if (!set->words)
		return true;
	c->groups_len = lay_out(c);
	c->groups = calloc(c->groups_len + 1, sizeof(*c->groups));
	c->word_groups = calloc(set->words_len + 1, sizeof(*c->word_groups));
	c->word_len = calloc(set->words_len + 1, sizeof(*c->word_len));
	return c->groups && c->word_groups && c->word_len && file_words(c) &&
	       hs_alloc_scratch(set->words, &c->scratch) == HS_SUCCESS;
}

enum assay_status context_new(const assay_ruleset *set, struct context **ret_context,
			      struct assay_error *err)
{
	struct context *c = calloc(1, sizeof(*c));

	if (!c)
		return assay_fail_memory(err, "context");
	c->set = set;
	if (!context_init(c)) {
		context_free(c);
		return assay_fail_memory(err, "context words");
	}
	*ret_context = c;
	return ASSAY_OK;
}

void context_free(struct context *c)
{
	if (!c)
		return;
	for (size_t i = 0; c->groups && i < c->groups_len; i++)
		vec_done(&c->groups[i].places);
	for (size_t i = 0; c->word_groups && i < c->set->words_len; i++)
		free(c->word_groups[i]);
	hs_free_scratch(c->scratch);
	free(c->word_groups);
	free(c->word_len);
	free(c->groups);
	free(c->of_rule);
	free(c->active);
	free(c);
}

/** Does a word end, or begin, at the border between these two bytes? */
static bool borders(const struct context *c, size_t at)
{
	return at == 0 || at >= c->len || !is_alnum(c->data[at - 1]) || !is_alnum(c->data[at]);
}

/** Matches come by their end; should one not, it is put where it belongs. */
static void add_place(struct group *g, uint32_t begin, uint32_t end)
{
	size_t i = g->places.len;
	struct place *p = vec_push(&g->places);

	if (!p)
		return;
	for (; i > 0 && g->places.items[i - 1].end > end; i--)
		g->places.items[i] = g->places.items[i - 1];
	g->places.items[i] = (struct place){ begin, end };
}

static int on_word(unsigned id, unsigned long long from, unsigned long long to, unsigned flags,
		   void *ctx)
{
	struct context *c = ctx;
	uint32_t end = c->from + (uint32_t)to;
	uint32_t begin = end - c->word_len[id];

	(void)from;
	(void)flags;
	if (end <= c->done || !borders(c, begin) || !borders(c, end))
		return 0;
	for (const uint32_t *g = c->word_groups[id]; *g != UINT32_MAX; g++) {
		/* Only groups of rules with hits were given room: see start_rule(). */
		if (c->groups[*g].places.limit > 0)
			add_place(&c->groups[*g], begin, end);
	}
	return 0;
}

static void start_rule(struct context *c, uint16_t rule)
{
	struct rule_groups *of = &c->of_rule[rule];

	if (of->active || of->len == 0)
		return;
	of->active = true;
	c->active[c->active_len++] = rule;
	for (uint32_t i = of->first; i < of->first + of->len; i++) {
		c->groups[i].near = 0;
		c->groups[i].places.len = 0;
		c->groups[i].places.limit = PLACES_MAX;
	}
}

static void stop_rules(struct context *c)
{
	for (size_t r = 0; r < c->active_len; r++) {
		struct rule_groups *of = &c->of_rule[c->active[r]];

		of->active = false;
		for (uint32_t i = of->first; i < of->first + of->len; i++) {
			c->groups[i].places.len = 0;
			c->groups[i].places.limit = 0;
		}
	}
	c->active_len = 0;
}

/** Scan an interval for words; what lies before `done` has been scanned. */
static void scan(struct context *c, size_t from, size_t to)
{
	if (to <= c->done)
		return;
	/* A word may begin in what has been scanned, and end past it. */
	if (from < c->done)
		from = MAX(from, c->done > c->word_len_max ? c->done - c->word_len_max : 0);
	c->from = (uint32_t)from;
	(void)hs_scan(c->set->words, c->data + from, (unsigned)(to - from), 0, c->scratch, on_word,
		      c);
	c->done = (uint32_t)to;
}

/** Find the words near all hits; neighbourhoods that touch are scanned as one. */
static void scan_neighbourhoods(struct context *c, const struct hit *hits, size_t hits_len)
{
	size_t from = 0, to = 0;

	c->done = 0;
	for (size_t i = 0; i < hits_len; i++) {
		const struct hit *h = &hits[i];
		size_t first = MIN(h->start, h->begin), around = c->of_rule[h->rule].around;
		size_t lo = first > around ? first - around : 0;
		size_t hi = MIN((size_t)h->end + around, c->len);

		if (!c->of_rule[h->rule].active)
			continue;
		if (lo > to) {
			scan(c, from, to);
			from = lo;
			to = hi;
		}
		from = MIN(from, lo);
		to = MAX(to, hi);
	}
	scan(c, from, to);
}

/** Index of the first place whose end is past `at`. */
static size_t first_past(struct group *g, uint32_t at)
{
	const struct place *p = g->places.items;
	size_t lo = 0, hi = g->places.len;

	/* Hits come sorted: mostly the answer is where it was, or the next one. */
	for (size_t i = g->near; i <= hi && i < g->near + 2; i++)
		if ((i == hi || p[i].end > at) && (i == 0 || p[i - 1].end <= at))
			return g->near = i;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p[mid].end > at)
			hi = mid;
		else
			lo = mid + 1;
	}
	return g->near = lo;
}

/** Two line ends with nothing but spaces between them. */
static bool blank_line(const char *data, size_t from, size_t to)
{
	const char *p = data + from, *end = data + to;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		for (p++; p < end && (*p == ' ' || *p == '\t' || *p == '\r'); p++)
			;
		if (p < end && *p == '\n')
			return true;
	}
	return false;
}

static bool word_before(const struct context *c, struct group *g, const struct hit *h)
{
	size_t past = first_past(g, h->begin);
	const struct place *p = g->places.items + past - 1;

	return past > 0 && h->begin - p->end <= g->within && !blank_line(c->data, p->end, h->begin);
}

static bool word_after(const struct context *c, struct group *g, const struct hit *h)
{
	size_t farthest = (size_t)h->end + g->within;

	/* Sorted by end, not begin: a longer word may begin nearer and come later. */
	for (size_t i = first_past(g, h->end); i < g->places.len; i++) {
		const struct place *p = &g->places.items[i];

		if (p->end > farthest + c->word_len_max)
			return false;
		if (p->begin >= h->end && p->begin <= farthest)
			return !blank_line(c->data, h->end, p->begin);
	}
	return false;
}

static void look_around(struct context *c, const struct hit *h, struct context_steps *ret)
{
	const struct rule_groups *of = &c->of_rule[h->rule];

	for (uint32_t i = of->first; i < of->first + of->len; i++) {
		struct group *g = &c->groups[i];
		bool *step = g->raises ? &ret->raised : &ret->lowered;

		if (g->places.len > 0 && !*step)
			*step = word_before(c, g, h) || word_after(c, g, h);
	}
}

void context_look(struct context *c, const char *data, size_t len, const struct hit *hits,
		  size_t hits_len, struct context_steps *ret)
{
	memset(ret, 0, hits_len * sizeof(*ret));
	if (!c->set->words)
		return;
	c->data = data;
	c->len = len;
	for (size_t i = 0; i < hits_len; i++)
		start_rule(c, hits[i].rule);
	if (c->active_len == 0)
		return;
	scan_neighbourhoods(c, hits, hits_len);
	for (size_t i = 0; i < hits_len; i++)
		look_around(c, &hits[i], &ret[i]);
	stop_rules(c);
}
