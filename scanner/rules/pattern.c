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

/** Line ends and limits do not depend on the library's build. */
static pcre2_compile_context *context_new(void)
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

/** @param is_cell  anchored at both ends */
static enum assay_status compile(const struct rule *rule, bool is_cell,
				 pcre2_compile_context *context, pcre2_code **ret_code,
				 struct assay_error *err)
{
	uint32_t options = PCRE2_DOTALL | PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_UTF |
			   PCRE2_NEVER_UCP | PCRE2_NEVER_BACKSLASH_C |
			   (is_cell ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);
	const char *text = is_cell ? rule->cell : rule->pattern;
	const char *key = is_cell ? "cell" : "pattern";
	PCRE2_UCHAR message[120] = "";
	uint32_t behind;
	PCRE2_SIZE where;
	int error;

	*ret_code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, options, &error, &where,
				  context);
	if (!*ret_code) {
		pcre2_get_error_message(error, message, sizeof(message));
		return rule_fail(err, rule, "%s, at byte %zu: %s", key, (size_t)where,
				 (const char *)message);
	}
	pcre2_pattern_info(*ret_code, PCRE2_INFO_MAXLOOKBEHIND, &behind);
	if (behind > BEHIND_MAX)
		return rule_fail(err, rule, "looks behind %u bytes; %u is the most", behind,
				 BEHIND_MAX);
	return ASSAY_OK;
}

size_t patterns_of(const struct rule_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->len; i++)
		n += list->rules[i]->terms ? 0 : list->rules[i]->cell ? 2 : 1;
	return n;
}

void patterns_free(pcre2_code **codes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		pcre2_code_free(codes[i]);
		codes[i] = NULL;
	}
}

enum assay_status patterns_compile(const struct rule_list *list, pcre2_code **ret_codes,
				   size_t *ret_len, struct assay_error *err)
{
	pcre2_compile_context *context = context_new();
	enum assay_status st = context ? ASSAY_OK : assay_fail_memory(err, "patterns");
	size_t n = 0;

	for (size_t i = 0; i < list->len && st == ASSAY_OK; i++) {
		const struct rule *rule = list->rules[i];

		if (rule->terms)
			continue;
		st = compile(rule, false, context, &ret_codes[n++], err);
		if (st == ASSAY_OK && rule->cell)
			st = compile(rule, true, context, &ret_codes[n++], err);
	}
	pcre2_compile_context_free(context);
	if (st < 0)
		patterns_free(ret_codes, n);
	*ret_len = st < 0 ? 0 : n;
	return st;
}

bool patterns_pack(pcre2_code *const *codes, size_t len, struct image_bytes *ret_bytes)
{
	uint8_t *bytes;
	PCRE2_SIZE size;
	void *copy;

	*ret_bytes = (struct image_bytes){ 0 };
	if (len == 0)
		return true;
	if (pcre2_serialize_encode((const pcre2_code **)codes, (int32_t)len, &bytes, &size, NULL) <
	    0)
		return false;
	/* What PCRE2 gave is not free()'s. */
	copy = malloc(size);
	if (copy)
		memcpy(copy, bytes, size);
	pcre2_serialize_free(bytes);
	*ret_bytes = (struct image_bytes){ copy, copy ? size : 0 };
	return copy;
}

bool patterns_unpack(const struct image_bytes *bytes, pcre2_code **ret_codes, size_t len)
{
	if (len == 0)
		return true;
	if (!bytes->data ||
	    pcre2_serialize_get_number_of_codes((const uint8_t *)bytes->data) != (int32_t)len)
		return false;
	return pcre2_serialize_decode(ret_codes, (int32_t)len, bytes->data, NULL) == (int32_t)len;
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
