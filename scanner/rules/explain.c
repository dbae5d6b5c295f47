/* explain.c - what a rule means, for somebody who keeps records and reads no patterns */
#include "describe.h"

#include "duties.h"
#include "fail.h"
#include "known.h"
#include "proofs.h"
#include "terms.h"
#include "write.h"

#define INDENT ((size_t)2)
#define BULLET ((size_t)4)

static void heading(FILE *out, const char *text)
{
	fprintf(out, "\n%s\n", text);
}

static void paragraph(FILE *out, const char *text)
{
	fprintf(out, "%*s", (int)INDENT, "");
	write_wrapped(out, text, INDENT, INDENT);
}

static void bullet(FILE *out, const char *text)
{
	fprintf(out, "%*s- ", (int)INDENT, "");
	write_wrapped(out, text, BULLET, BULLET);
}

/** A bullet that ends in a list: "a test value: " and the values. */
static void bullet_list(FILE *out, const char *what, const char *const *items, size_t len)
{
	if (!len)
		return;
	bullet(out, what);
	fprintf(out, "%*s", (int)(BULLET + INDENT), "");
	write_list(out, items, len, BULLET + INDENT, BULLET + INDENT);
}

static void explain_proof(const struct rule *r, FILE *out)
{
	const char *name = r->validator ? r->validator->name : "none";
	const char *words = proof_in_words(name);
	char text[120];

	heading(out, "How it is proved");
	if (r->terms) {
		snprintf(text, sizeof(text),
			 "It is one of %zu terms of a dictionary, as whole words%s.", r->terms->len,
			 r->terms->fold ? "; case is ignored"
					: ", in the case they are written in");
		paragraph(out, text);
	}
	if (r->detector) {
		paragraph(out,
			  "Words alone prove nothing here.  A detector judges the place: a line or "
			  "cell of its own, header or footer, capitals, a label before it, "
			  "repetition; prose, code and policy texts stay quiet.");
		return;
	}
	if (r->known) {
		snprintf(text, sizeof(text),
			 "It is one of %zu values that the site has listed; nothing else counts.",
			 r->known->len);
		paragraph(out, text);
	}
	if ((r->terms || r->known) && strcmp(name, "none") == 0)
		return;
	snprintf(text, sizeof(text), "The validator %s checks it.", name);
	paragraph(out, words ? words : text);
}

static void explain_duty(const struct rule *r, FILE *out)
{
	const char *words = duty_in_words(r->category);

	if (!words && !r->duty)
		return;
	heading(out, "Which duty it touches");
	if (r->duty)
		paragraph(out, r->duty);
	if (words)
		paragraph(out, words);
}

static void explain_words(const struct context_words *groups, size_t len, FILE *out)
{
	for (size_t i = 0; i < len; i++) {
		char what[80];

		snprintf(what, sizeof(what),
			 "one of these words within %u bytes:", groups[i].within);
		bullet_list(out, what, groups[i].words, groups[i].words_len);
	}
}

/** The two ends of what the steps can add up to. */
static void explain_range(const struct rule *r, FILE *out)
{
	int base = (int)r->confidence;
	/* A column and a neighbour may speak for any rule. */
	int up = 2 + (r->raise_len > 0) + (r->fields_len > 0);
	int down = (r->lower_len > 0) + (r->test_values_len > 0) + rule_is_number(r);
	int top = MIN(base + up, (int)ASSAY_HIGH), bottom = MAX(base - down, (int)ASSAY_LOW);
	char sum[120] = "", text[400];

	if (base < (int)ASSAY_HIGH)
		snprintf(sum, sizeof(sum), "  %s, a word near and a heading make %s.",
			 base == (int)ASSAY_LOW ? "Low" : "Medium",
			 assay_confidence_name(ASSAY_HIGH));
	snprintf(text, sizeof(text),
		 "The sum stays between low and high: for this rule from %s to %s.%s  On its own "
		 "it is %s, which is %s.",
		 assay_confidence_name((enum assay_confidence)bottom),
		 assay_confidence_name((enum assay_confidence)top),
		 r->raise_len && r->fields_len && !rule_needs_person(r) ? sum : "",
		 assay_confidence_name(r->confidence),
		 r->shape == SHAPE_BESIDE    ? "not counted"
		 : base >= (int)ASSAY_MEDIUM ? "reported"
					     : "counted, and reported with --min-confidence=low");
	fputc('\n', out);
	paragraph(out, text);
}

static void explain_steps(const struct rule *r, FILE *out)
{
	bool beside = r->shape == SHAPE_BESIDE;
	char text[64];

	snprintf(text, sizeof(text), "It starts at %s.  One step up for each of:",
		 assay_confidence_name(r->confidence));
	paragraph(out, text);
	explain_words(r->raise, r->raise_len, out);
	bullet_list(out, "a heading, key or label above or before it:", r->fields, r->fields_len);
	if (!beside)
		bullet(out, "a column of a table most of whose cells are of this kind");
	bullet(out, rule_needs_person(r) ? "a person's identity in the same record; without one "
					   "it stays low, whatever else there is"
		    : beside             ? "a person's identity in the same record"
					 : "another kind of identity in the same record");
	if (r->lower_len || r->test_values_len || rule_is_number(r))
		paragraph(out, "One step down for each of:");
	explain_words(r->lower, r->lower_len, out);
	bullet_list(out, "a value known from tests and documentation:", r->test_values,
		    r->test_values_len);
	if (rule_is_number(r))
		bullet(out, "bare digits among many numbers of their length, hardly any of which "
			    "could be one");
	explain_range(r, out);
}

static void explain_confidence(const struct rule *r, FILE *out)
{
	heading(out, "How sure assay is");
	if (r->detector) {
		paragraph(out, "The detector weighs those signs: medium from 0.6, high from 0.85.");
		bullet_list(out, "a label or property that counts as one:", r->fields,
			    r->fields_len);
		return;
	}
	explain_steps(r, out);
}

static void explain_confusions(const struct rule *r, FILE *out)
{
	heading(out, "What it is confused with, and why those stay quiet");
	for (size_t i = 0; i < r->counter_examples_len; i++) {
		const struct rule_example *e = &r->counter_examples[i];

		bullet(out, e->why);
		fprintf(out, "%*s", (int)(BULLET + INDENT), "");
		write_escaped(out, e->text);
		fputc('\n', out);
	}
}

/** What --mask=partial may show; at most a third of the value, whatever the rule says. */
static const char *shown_part(const struct rule *r, char ret[48])
{
	bool first = r->reveal == REVEAL_FIRST;

	if (r->reveal == REVEAL_NONE)
		return "nothing more";
	if (r->reveal == REVEAL_DOMAIN)
		return "what follows its @";
	snprintf(ret, 48, "%s %u characters, at most a third of it",
		 first ? "its first" : "its last", r->reveal_len);
	return ret;
}

static void explain_values(const struct rule *r, FILE *out)
{
	static const char *const same[] = {
		[NORMALISE_NONE] = "Two values are the same if they are written the same.",
		[NORMALISE_DIGITS] = "Two values are the same if their digits are.",
		[NORMALISE_ALNUM_UPPER] =
		    "Two values are the same if their letters and digits are, in capitals or not.",
		[NORMALISE_EMAIL] = "Two values are the same if they are, in capitals or not.",
	};
	char text[256], part[48];

	heading(out, "Its value in reports");
	snprintf(
	    text, sizeof(text),
	    "Reports show its shape, letters as a or A and digits as 9; --mask=partial shows %s.",
	    shown_part(r, part));
	paragraph(out, same[r->normalise]);
	paragraph(out, text);
}

enum assay_status rules_explain(const struct rule_list *list, const char *id, FILE *out,
				struct assay_error *err)
{
	const struct rule *r;
	enum assay_status st = rules_need(list, id, &r, err);

	if (st < 0)
		return st;
	fprintf(out, "%s: %s\n", r->id, r->name);
	fprintf(out, "pack %s, category %s, severity %s\n", r->pack, r->category,
		assay_severity_name(r->severity));
	heading(out, "What it is");
	paragraph(out, r->help);
	explain_duty(r, out);
	explain_proof(r, out);
	explain_confidence(r, out);
	explain_confusions(r, out);
	explain_values(r, out);
	if (r->references_len)
		heading(out, "References");
	for (size_t i = 0; i < r->references_len; i++)
		bullet(out, r->references[i]);
	return ASSAY_OK;
}
