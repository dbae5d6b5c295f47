/**
 * label_read.h - a value of a label's property, and what it says
 *
 * Private to detect.  label.c assembles values and knows the names; the products'
 * ways of saying a label are in label_read.c.
 */
#ifndef LABEL_READ_H
#define LABEL_READ_H

#include "buf.h"
#include "label.h"

/** Longest value that is looked at; what follows is not. */
#define VALUE_MAX (16 * KiB)
/** Labels of different tenants in one object. */
#define GROUPS_MAX ((size_t)16)

struct text {
	const char *at;
	size_t len;
};

/** All that is said of one MSIP label. */
struct group {
	char guid[37];
	char name[LABEL_NAME_MAX];
	char part[LABEL_NAME_MAX], header[LABEL_NAME_MAX];
	enum assay_vis vis;
	bool is_off;      /**< Enabled is there, and not true; or it was removed */
	bool has_enabled; /**< Enabled is there */
	bool is_on;       /**< a part before this one said so */
	bool from_info;   /**< of LabelInfo.xml, which counts before all else */
};

struct labels {
	const struct assay_label_name *names;
	size_t names_len;
	struct label_place at; /**< of the value at hand; strings in the three below */
	char field[LABEL_NAME_MAX], part[LABEL_NAME_MAX], header[LABEL_NAME_MAX];
	struct buf value;
	struct buf sisl; /**< pieces of a Boldon James label, joined */
	char sisl_part[LABEL_NAME_MAX];
	struct group groups[GROUPS_MAX];
	size_t groups_len;
	struct group *info; /**< the one that LabelInfo.xml's attributes speak of */
	char policy[32];    /**< the PolicyIdentifier before a Classification */
	struct label found[LABELS_MAX];
	size_t found_len;
	bool concluded;
};

/** Copy a name, cut to LABEL_NAME_MAX with its NUL; NULL is an empty one. */
void label_copy_name(char *to, const char *from);

/** Reads the value of the property at hand. */
typedef void label_read_fn(struct labels *l, struct text value);

label_read_fn label_read_msip, label_read_msip_list, label_read_info, label_read_sisl,
    label_read_titus, label_read_value, label_read_words, label_read_header, label_read_sio,
    label_read_policy, label_read_classification;

/** What was spread over many properties. */
void label_conclude_groups(struct labels *l);
void label_conclude_sisl(struct labels *l);

#endif
