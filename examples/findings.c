/*
 * findings.c - libassay in one page: what is in this file?
 *
 *   findings FILE...       a line a finding: file, rule, confidence, how often, masks
 *
 * Built with nothing but include/assay/ and the static library.  A program that scans
 * files of strangers should do so in a process of its own, locked down: this example is
 * not.
 */
#include <assay/assay.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct teller {
	const assay_ruleset *rules;
	const char *file;
};

static int on_object(void *ctx, const struct assay_object *object)
{
	const struct teller *t = ctx;

	for (size_t i = 0; i < object->findings_len; i++) {
		const struct assay_finding *f = &object->findings[i];

		printf("%s: %s", t->file, assay_ruleset_id(t->rules, f->rule));
		for (int c = ASSAY_HIGH; c >= ASSAY_LOW; c--)
			if (f->counts[c])
				printf(" %s %llu", assay_confidence_name((enum assay_confidence)c),
				       (unsigned long long)f->counts[c]);
		for (size_t k = 0; k < f->occurrences_len; k++)
			printf(" %s", f->occurrences[k].mask);
		putchar('\n');
	}
	for (size_t i = 0; i < object->gaps_len; i++)
		printf("%s: not read: %s\n", t->file, assay_reason_name(object->gaps[i].reason));
	return 0;
}

int main(int argc, char **argv)
{
	/* A key of your own keeps fingerprints comparable; zeros will do for an example. */
	const struct assay_scan_options options = {
		.limits = ASSAY_LIMITS_DEFAULT,
		.min_confidence = ASSAY_MEDIUM,
		.max_occurrences = 3,
	};
	struct teller teller = { 0 };
	const struct assay_sink sink = { .size = sizeof(sink),
					 .ctx = &teller,
					 .object = on_object };
	assay_ruleset *rules = NULL;
	assay_scanner *scanner = NULL;
	struct assay_error err;
	int status = 0;

	if (assay_ruleset_builtin(&rules, &err) < 0 ||
	    assay_scanner_new(rules, &options, &scanner, &err) < 0) {
		fprintf(stderr, "findings: %s\n", err.detail);
		assay_ruleset_free(rules);
		return 2;
	}
	teller.rules = rules;
	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		int fd = open(argv[i], O_RDONLY | O_CLOEXEC);

		teller.file = argv[i];
		err.detail[0] = '\0';
		if (fd < 0 ||
		    assay_scan_fd(scanner, fd, slash ? slash + 1 : argv[i], &sink, &err) < 0) {
			fprintf(stderr, "findings: %s: %s\n", argv[i],
				fd < 0 ? "cannot be opened" : err.detail);
			status = 1;
		}
		if (fd >= 0)
			close(fd);
	}
	assay_scanner_free(scanner);
	assay_ruleset_free(rules);
	return status;
}
