/**
 * match.h - one window of text in, raw hits out
 *
 * A window owns the matches that *start* in [own_begin, own_end).  It carries
 * bytes before (for look-behind) and up to RULE_REACH_MAX and more after (for
 * the rest of a match and its look-ahead).  A hit is a pure function of the
 * bytes around its start, so neighbouring windows, and ranges of one file in
 * different workers, never report the same start twice and never miss one.
 */
#ifndef MATCH_H
#define MATCH_H

#include "ruleset.h"
#include "vec.h"

#define WINDOW_BYTES (256 * KiB)
/** Look-behind of patterns never needs more. */
#define WINDOW_BEHIND ((size_t)64)

/** Bytes past `len` that must be readable (any content): SIMD reads whole blocks. */
#define WINDOW_PAD ((size_t)64)

struct window {
	const char *data; /**< borrowed for the call */
	size_t len;
	size_t own_begin; /**< index into data */
	size_t own_end;   /**< index into data, excluded */
};

/** Rules of SHAPE_BESIDE are sought this far on either side of what leads to them, bytes. */
#define BESIDE_BYTES ((size_t)1024)

/** A match the validator did not reject.  Indexes into the window's data. */
struct hit {
	uint32_t start; /**< of the match: decides who owns it */
	uint32_t begin; /**< of the evidence */
	uint32_t end;   /**< of the evidence, excluded */
	uint16_t rule;
	uint8_t verdict; /**< enum verdict: UNDECIDED or CONFIRM */
	uint8_t by_cell; /**< found by match_cell */
};

/** Hits one window may bring home; beyond it they are counted in `dropped`. */
#define HITS_PER_WINDOW ((size_t)100000)

struct hits {
	struct vec(struct hit) list;
	uint64_t dropped; /**< did not fit */
	uint64_t gave_up; /**< times a pattern reached its match limit */
};

#define HITS_INIT \
	{ \
		.list = VEC_INIT(HITS_PER_WINDOW) \
	}

/** Which implementation of the shape stage; AUTO is the best the CPU has. */
enum match_isa { MATCH_ISA_AUTO, MATCH_ISA_SCALAR, MATCH_ISA_AVX2, MATCH_ISA_AVX512 };

enum match_engine {
	MATCH_STAGED,    /**< shapes and literals lead */
	MATCH_REFERENCE, /**< PCRE2 tries every start: slow, obviously right */
};

/** Match data, scratch and JIT stack of one thread.  Opaque. */
struct matcher;

/**
 * @param set  borrowed; must outlive the matcher
 * @param isa  one the CPU does not have is an error, never a silent fallback
 */
MUST_USE enum assay_status matcher_new(const assay_ruleset *set, enum match_engine engine,
				       enum match_isa isa, struct matcher **ret_matcher,
				       struct assay_error *err);
void matcher_free(struct matcher *m);

/**
 * Add every hit the window owns, but for rules of SHAPE_BESIDE, to `out`, sorted by start
 * and then rule, each once.  Hits of different rules and starts may overlap (classify settles
 * that).
 */
void match_window(struct matcher *m, const struct window *win, struct hits *out);

/**
 * Add the hits of the rules of SHAPE_BESIDE: those that start near one of the hits that
 * `leads` names.  What leads to the first and the last of what the window owns may stand
 * outside, so that hits come from there whether or not: what has nothing beside it must be
 * left out by whoever sees the whole.
 *
 * @param leads  NULL: everywhere
 * @param hits   of the window, sorted by start; those of its cells may be among them
 */
void match_beside(struct matcher *m, const struct window *win, const struct rule_bits *leads,
		  struct hits *hits);

/**
 * Does the whole of a cell match the rule's `cell` pattern, and validate?
 *
 * @param data  the cell without surrounding space
 * @param ret_hit  indexes are into data; `start` is 0
 */
bool match_cell(struct matcher *m, unsigned rule, const char *data, size_t len,
		struct hit *ret_hit);

/** Name of the implementation in use: avx512, avx2 or scalar. */
const char *matcher_isa(const struct matcher *m);

#endif
