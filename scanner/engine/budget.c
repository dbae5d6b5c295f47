/* budget.c - counting down */
#include "budget.h"

#include <inttypes.h>

#include "fail.h"

void budget_start(struct budget *b, const struct assay_limits *limits, uint64_t top_bytes)
{
	*b = (struct budget){ .limits = limits, .top_bytes = top_bytes };
}

static enum assay_status too_large(struct budget *b, const char *option, uint64_t limit,
				   const char *what, struct assay_error *err)
{
	b->hit = option;
	b->hit_value = limit;
	return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_SIZE, "more than %" PRIu64 " bytes %s",
			  limit, what);
}

enum assay_status budget_take_out(struct budget *b, uint64_t bytes, struct assay_error *err)
{
	const struct assay_limits *l = b->limits;
	uint64_t total = b->out_bytes + bytes;

	if (total > l->out_bytes + b->top_bytes)
		return too_large(b, "max-out", l->out_bytes, "come out of the file", err);
	if (total > l->ratio_after && total / l->ratio > b->top_bytes)
		return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_RATIO,
				  "expands to more than %" PRIu64 " times its size", l->ratio);
	b->out_bytes = total;
	return ASSAY_OK;
}

enum assay_status budget_take_text(struct budget *b, uint64_t bytes, struct assay_error *err)
{
	b->text_bytes += bytes;
	if (b->text_bytes > b->limits->text_bytes)
		return too_large(b, "max-text", b->limits->text_bytes, "of text in the file", err);
	return ASSAY_OK;
}

enum assay_status budget_check_member(struct budget *b, uint64_t bytes, struct assay_error *err)
{
	if (bytes > b->limits->member_bytes)
		return too_large(b, "max-member", b->limits->member_bytes, "in a member", err);
	return ASSAY_OK;
}

enum assay_status budget_take_member(struct budget *b, struct assay_error *err)
{
	if (++b->members > b->limits->members)
		return assay_fail(err, ASSAY_FAILED, ASSAY_LIMIT_MEMBERS,
				  "more than %" PRIu32 " members in the file", b->limits->members);
	return ASSAY_OK;
}

const char *budget_limit_name(const struct budget *b, enum assay_reason reason, uint64_t *ret_value)
{
	const struct {
		enum assay_reason reason;
		const char *name;
		uint64_t value;
	} rows[] = {
		/* Readers that hold a member in memory are bounded by this one. */
		{ ASSAY_LIMIT_SIZE, b->hit ? b->hit : "max-member",
		  b->hit ? b->hit_value : b->limits->member_bytes },
		{ ASSAY_LIMIT_RATIO, "max-ratio", b->limits->ratio },
		{ ASSAY_LIMIT_DEPTH, "max-depth", b->limits->depth },
		{ ASSAY_LIMIT_MEMBERS, "max-members", b->limits->members },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].reason == reason) {
			*ret_value = rows[i].value;
			return rows[i].name;
		}
	return NULL;
}
