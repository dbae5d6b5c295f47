/* fuzz_rules_terms.c - a dictionary and a text, a NUL between: matches stay within both */
#include "arena.h"
#include "terms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct term_list *list, const char *text, size_t len)
{
	for (size_t at = 0; at < len; at++) {
		size_t got = terms_match(list, text, len, at);

		if (got > list->width || got > len - at)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, 0, size);
	size_t len = end ? (size_t)(end - data) : size;
	struct arena arena = { 0 };
	struct assay_error err = { 0 };

	for (int is_folded = 0; is_folded < 2; is_folded++) {
		struct term_list list = { .fold = is_folded };
		char *copy = arena_copy(&arena, (const char *)data, len);

		if (!copy)
			break;
		if (terms_parse(&arena, "fuzz.txt", copy, len, &list, &err) < 0) {
			if (strchr(err.detail, '\n'))
				abort();
			continue;
		}
		for (size_t i = 0; i < list.len; i++)
			if (terms_match(&list, list.terms[i].text, list.terms[i].len, 0) !=
			    list.terms[i].len)
				abort();
		if (end)
			look(&list, (const char *)end + 1, size - len - 1);
	}
	arena_done(&arena);
	return 0;
}
