/**
 * label.h - labels that a program put into a document's metadata
 *
 * Microsoft Purview (MSIP), Boldon James Classifier, Titus, janusSEAL, Exchange,
 * X-Protective-Marking and its kin, STANAG 4774.  Properties and headers are handed in
 * as they come; what they say is known once all are there, for a label may be spread
 * over many.
 */
#ifndef LABEL_H
#define LABEL_H

#include "marking.h"

#define LABEL_NAME_MAX ((size_t)128)
/** Labels kept of one object. */
#define LABELS_MAX ((size_t)64)

/** Where a run of metadata stands. */
struct label_place {
	const char *field;  /**< the property's or header's name */
	const char *part;   /**< file inside a document, or NULL */
	const char *header; /**< of a message, or NULL */
	enum assay_vis vis;
};

/** One label. */
struct label {
	char field[LABEL_NAME_MAX], part[LABEL_NAME_MAX], header[LABEL_NAME_MAX];
	enum assay_vis vis;
	char value[LABEL_NAME_MAX]; /**< what it says, or its number if it has no name */
	bool is_known;              /**< `says` holds what it means */
	struct marking_value says;
};

struct labels;

/** @param names  the site's; borrowed */
MUST_USE struct labels *labels_new(const struct assay_label_name *names, size_t names_len);
void labels_free(struct labels *l);
void labels_clear(struct labels *l);

/** Is a property of this name read here, and nowhere else? */
bool labels_own(const char *field);

/** A run of a value's text; a value may come in several. */
void labels_text(struct labels *l, const struct label_place *at, const char *text, size_t len);

/** What all of it says; valid until more is handed in or the labels are cleared. */
const struct label *labels_conclude(struct labels *l, size_t *ret_len);

#endif
