/*
 * context.c - words around a hit that raise or lower it
 *
 * The words of all rules are in one table, by the longest run of letters in each:
 * where a word stands, the text has that run, whole.  Their occurrences near the
 * hits are filed by group - the words of one rule that move it the same way from
 * the same distance - so that a hit asks each group of its rule for the nearest
 * word before and after it, and nothing depends on how dense the words stand.
 */
#include "context.h"

#include "bytemask.h"
#include "fail.h"

/** What leads to a word: its longest run of letters. */
struct lead {
	uint64_t hash;
	uint32_t word; /**< its id, plus one; 0: the slot is empty */
	uint32_t at;   /**< bytes of the word before the run */
};

/** Bytes of a run that are its key. */
#define KEY_BYTES 8U

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
	letters_fn *letters;
	uint64_t *field;      /**< a bit for each hash of a lead, by its upper bits: most say no */
	struct lead *leads;   /**< open addressing, by the same bits; a hash may have several */
	unsigned shift;       /**< of a hash to its bit */
	uint32_t *bare;       /**< ids of words without letters, ended by UINT32_MAX */
	struct group *groups; /**< by rule */
	size_t groups_len;
	struct rule_groups *of_rule;
	uint32_t **word_groups; /**< by word id: indexes of groups, ended by UINT32_MAX */
	uint32_t *word_len;
	uint32_t word_len_max;
	uint16_t *active; /**< rules with hits in this window */
	size_t active_len;
	/** The window at hand. */
	const char *data;
	size_t len;
	size_t done; /**< leads that begin before are known */
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

/** The first bytes of a run of letters, without case; KEY_BYTES of them can be read. */
static uint64_t key_hash(const char *run, unsigned len)
{
	uint64_t key;

	memcpy(&key, run, sizeof(key));
	return term_word_hash((key | UINT64_C(0x2020202020202020)) &
			      UINT64_MAX >> (64 - 8 * MIN(len, KEY_BYTES)));
}

/** The longest run of letters.  @return  its length; 0: there is none */
static size_t longest_run(const char *word, size_t *ret_at)
{
	size_t best = 0, run = 0;

	for (size_t i = 0; word[i]; i++) {
		run = is_letter(word[i]) ? run + 1 : 0;
		if (run > best) {
			best = run;
			*ret_at = i + 1 - run;
		}
	}
	return best;
}

/* There are twice as many slots as words, and 8 bits to a slot: the bit of a hash also tells
 * where its slot is. */
#define BITS_PER_SLOT_LOG2 3U

static size_t slot_of(const struct context *c, uint64_t hash)
{
	return (size_t)(hash >> c->shift >> BITS_PER_SLOT_LOG2);
}

static size_t next_slot(const struct context *c, size_t slot)
{
	return (slot + 1) & (((size_t)1 << (64 - c->shift - BITS_PER_SLOT_LOG2)) - 1);
}

static void file_lead(struct context *c, size_t id, const char *run, size_t len, size_t at)
{
	char key[KEY_BYTES] = { 0 };
	uint64_t hash, bit;
	size_t slot;

	memcpy(key, run, MIN(len, sizeof(key)));
	hash = key_hash(key, (unsigned)len);
	bit = hash >> c->shift;
	c->field[bit / 64] |= UINT64_C(1) << (bit % 64);
	for (slot = slot_of(c, hash); c->leads[slot].word; slot = next_slot(c, slot))
		;
	c->leads[slot] = (struct lead){ hash, (uint32_t)(id + 1), (uint32_t)at };
}

static bool file_leads(struct context *c)
{
	const assay_ruleset *set = c->set;
	unsigned slots = 3;
	size_t bare = 0;

	while ((size_t)1 << slots < 2 * set->words_len)
		slots++;
	c->shift = 64 - slots - BITS_PER_SLOT_LOG2;
	c->leads = calloc((size_t)1 << slots, sizeof(*c->leads));
	c->field = calloc((size_t)1 << slots << BITS_PER_SLOT_LOG2 >> 6, sizeof(*c->field));
	c->bare = calloc(set->words_len + 1, sizeof(*c->bare));
	if (!c->leads || !c->field || !c->bare)
		return false;
	for (size_t w = 0; w < set->words_len; w++) {
		size_t at = 0, len = longest_run(set->word_text[w], &at);

		if (len > 0)
			file_lead(c, w, set->word_text[w] + at, len, at);
		else
			c->bare[bare++] = (uint32_t)w;
	}
	c->bare[bare] = UINT32_MAX;
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
	c->letters = letters_for(MATCH_ISA_AUTO);
	c->groups_len = lay_out(c);
	c->groups = calloc(c->groups_len + 1, sizeof(*c->groups));
	c->word_groups = calloc(set->words_len + 1, sizeof(*c->word_groups));
	c->word_len = calloc(set->words_len + 1, sizeof(*c->word_len));
	return c->groups && c->word_groups && c->word_len && file_words(c) && file_leads(c);
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
	free(c->field);
	free(c->leads);
	free(c->bare);
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

/** Words mostly come by their end; one that does not is put where it belongs. */
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

/** Only groups of rules with hits were given room: see start_rule(). */
static bool is_wanted(const struct context *c, size_t id)
{
	for (const uint32_t *g = c->word_groups[id]; *g != UINT32_MAX; g++)
		if (c->groups[*g].places.limit > 0)
			return true;
	return false;
}

static bool stands_at(const struct context *c, size_t id, size_t begin)
{
	const char *word = c->set->word_text[id], *text = c->data + begin;

	if (begin > c->len || c->len - begin < c->word_len[id])
		return false;
	for (size_t i = 0; i < c->word_len[id]; i++)
		if (to_lower(text[i]) != word[i])
			return false;
	return borders(c, begin) && borders(c, begin + c->word_len[id]);
}

static void add_word(struct context *c, size_t id, size_t begin)
{
	if (!stands_at(c, id, begin))
		return;
	for (const uint32_t *g = c->word_groups[id]; *g != UINT32_MAX; g++)
		if (c->groups[*g].places.limit > 0)
			add_place(&c->groups[*g], (uint32_t)begin,
				  (uint32_t)(begin + c->word_len[id]));
}

/** A run of letters at `at` may be the lead of some words. */
static void look_up(struct context *c, uint64_t hash, size_t at)
{
	for (size_t s = slot_of(c, hash); c->leads[s].word; s = next_slot(c, s)) {
		const struct lead *l = &c->leads[s];

		if (l->hash == hash && l->at <= at && is_wanted(c, l->word - 1U))
			add_word(c, l->word - 1U, at - l->at);
	}
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

/** The letters of a block; there is no text behind `len`. */
static uint64_t letters_at(const struct context *c, size_t at)
{
	if (at >= c->len)
		return 0;
	return c->letters(c->data + at) &
	       (c->len - at < BLOCK_BYTES ? ~(UINT64_MAX << (c->len - at)) : UINT64_MAX);
}

/** Leads that begin in [from, to). */
static void scan_leads(struct context *c, size_t from, size_t to)
{
	uint64_t next = letters_at(c, from), before = from > 0 && is_letter(c->data[from - 1]);

	for (; from < to; from += BLOCK_BYTES) {
		uint64_t here = next, starts = here & ~(here << 1 | before);

		next = letters_at(c, from + BLOCK_BYTES);
		before = here >> 63;
		if (to - from < BLOCK_BYTES)
			starts &= ~(UINT64_MAX << (to - from));
		for (; starts; starts &= starts - 1) {
			unsigned at = (unsigned)__builtin_ctzll(starts);
			uint64_t run = here >> at | (at ? next << (64 - at) : 0);
			unsigned len = (unsigned)__builtin_ctzll(~run | UINT64_C(1) << KEY_BYTES);
			uint64_t hash = key_hash(c->data + from + at, len);
			uint64_t bit = hash >> c->shift;

			if (c->field[bit / 64] >> (bit % 64) & 1)
				look_up(c, hash, from + at);
		}
	}
}

/** Words without letters that begin in [from, to): few rules have any. */
static void scan_bare(struct context *c, size_t from, size_t to)
{
	for (const uint32_t *id = c->bare; *id != UINT32_MAX; id++) {
		const char *word = c->set->word_text[*id], *at = c->data + from;
		const char *end = c->data + MIN(to + c->word_len[*id], c->len);

		if (!is_wanted(c, *id))
			continue;
		for (; (at = memmem(at, (size_t)(end - at), word, c->word_len[*id])); at++)
			add_word(c, *id, (size_t)(at - c->data));
	}
}

/** Find the words of an interval; what begins before `done` is known. */
static void scan(struct context *c, size_t from, size_t to)
{
	from = MAX(from, c->done);
	if (from >= to)
		return;
	scan_leads(c, from, to);
	scan_bare(c, from, to);
	c->done = to;
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

/** One object of JSON ends here, and the next one begins. */
static bool next_object(const char *p, const char *end)
{
	while (p < end && (p = memchr(p, '}', (size_t)(end - p)))) {
		for (p++; p < end && (is_space(*p) || *p == ','); p++)
			;
		if (p < end && *p == '{')
			return true;
	}
	return false;
}

static bool are_apart(const struct context *c, size_t from, size_t to)
{
	const char *begin = c->data + from, *end = c->data + to;

	return has_blank_line(begin, end) || next_object(begin, end);
}

static bool word_before(const struct context *c, struct group *g, const struct hit *h)
{
	size_t past = first_past(g, h->begin);
	const struct place *p = g->places.items + past - 1;

	return past > 0 && h->begin - p->end <= g->within && !are_apart(c, p->end, h->begin);
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
			return !are_apart(c, h->end, p->begin);
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
