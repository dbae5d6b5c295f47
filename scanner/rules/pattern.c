/* pattern.c - compile one exact pattern */
#include "pattern.h"

#include <stdarg.h>
#include <stdio.h>

#include "fail.h"

/** Mirrors match.h's WINDOW_BEHIND, which this module may not know. */
#define BEHIND_MAX 64U

/** Stops a pattern that would eat the memory of whoever compiles it. */
#define PATTERN_BYTES_MAX 16384U

enum assay_status rule_fail(struct assay_error *err, const struct rule *rule, const char *fmt, ...)
{
	char what[200];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return assay_fail(err, ASSAY_FATAL, ASSAY_BAD_RULE, "%s:%u: rule %s: %s",
			  rule->file ? rule->file : rule->pack, rule->line, rule->id, what);
}

pcre2_compile_context *pattern_context_new(void)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);

	if (!context)
		return NULL;
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_bsr(context, PCRE2_BSR_ANYCRLF);
	pcre2_set_parens_nest_limit(context, 50);
	pcre2_set_max_pattern_length(context, PATTERN_BYTES_MAX);
	return context;
}

static enum assay_status check(const struct rule *rule, pcre2_code *code, bool *ret_has_group,
			       struct assay_error *err)
{
	uint32_t behind, groups;

	pcre2_pattern_info(code, PCRE2_INFO_MAXLOOKBEHIND, &behind);
	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (behind > BEHIND_MAX)
		return rule_fail(err, rule, "looks behind %u bytes; %u is the most", behind,
				 BEHIND_MAX);
	*ret_has_group = groups > 0;
	return ASSAY_OK;
}

enum assay_status pattern_compile(const struct rule *rule, bool is_cell,
				  pcre2_compile_context *context, pcre2_code **ret_code,
				  bool *ret_has_group, struct assay_error *err)
{
	uint32_t options = PCRE2_DOTALL | PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_UTF |
			   PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C |
			   (is_cell ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);
	const char *text = is_cell ? rule->cell : rule->pattern;
	const char *key = is_cell ? "cell" : "pattern";
	PCRE2_UCHAR message[120] = "";
	PCRE2_SIZE where;
	pcre2_code *code;
	enum assay_status st;
	int error;

	code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &error, &where,
			     context);
	if (!code) {
		pcre2_get_error_message(error, message, sizeof(message));
		return rule_fail(err, rule, "%s, at byte %zu: %s", key, (size_t)where,
				 (const char *)message);
	}
	st = check(rule, code, ret_has_group, err);
	if (st < 0) {
		pcre2_code_free(code);
		return st;
	}
	*ret_code = code;
	return ASSAY_OK;
}

static enum assay_status machine_code(const struct rule *rule, pcre2_code *code, const char *key,
				      struct assay_error *err)
{
	size_t made = 0;

	if (!code || (pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &made) == 0 && made > 0))
		return ASSAY_OK;
	if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0)
		return ASSAY_OK;
	return rule_fail(err, rule,
			 "%s cannot be compiled to machine code: simplify it, or allow this "
			 "program executable memory",
			 key);
}

enum assay_status pattern_machine_code(const struct compiled_rule *compiled,
				       struct assay_error *err)
{
	enum assay_status st = machine_code(compiled->rule, compiled->code, "pattern", err);

	return st == ASSAY_OK ? machine_code(compiled->rule, compiled->cell, "cell", err) : st;
}
