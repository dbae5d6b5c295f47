/* test_detect_label.c - labels of metadata, spread over properties as products write them */
#include "unit.h"

#include <stdio.h>

#include "label.h"

#define A "2096f6a2-d2f7-48be-b329-b73aaa526e5d"
#define B "cb46c030-1825-4e81-a295-151c039dbf02"
#define INFO "docMetadata/LabelInfo.xml"

/** What a site might call its labels. */
static const struct assay_label_name site[] = {
	{ B, "OFFICIAL-SENSITIVE" },
	{ "id_classification_secret", "SECRET" },
	{ "CTP_TS", "TOP SECRET" },
};

struct property {
	const char *field, *value, *part;
};

/** Labels in their order, `; ` between; `?` before one that nobody can explain. */
static const struct {
	struct property properties[8];
	const char *want;
} cases[] = {
	{ { { "MSIP_Label_" A "_Enabled", "true" }, { "MSIP_Label_" A "_Name", "OFFICIAL" } },
	  "OFFICIAL" },
	{ { { "msip_label_" A "_enabled", "True" },
	    { "msip_label_" A "_name", "Official Sensitive" } },
	  "OFFICIAL-SENSITIVE" },
	/* the name first; parent and child */
	{ { { "MSIP_Label_" A "_Name", "OFFICIAL_SENSITIVE" },
	    { "MSIP_Label_" A "_Enabled", "true" } },
	  "OFFICIAL-SENSITIVE" },
	/* taken away */
	{ { { "MSIP_Label_" A "_Enabled", "false" }, { "MSIP_Label_" A "_Name", "SECRET" } }, "" },
	/* taken away in one part, and left in another that was not written anew */
	{ { { "MSIP_Label_" A "_Enabled", "true", "Info" },
	    { "MSIP_Label_" A "_Name", "SECRET", "Info" },
	    { "MSIP_Label_" A "_Enabled", "false", "XMP" },
	    { "MSIP_Label_" A "_Name", "SECRET", "XMP" } },
	  "SECRET" },
	{ { { "MSIP_Label_" A "_Enabled", "false", "Info" },
	    { "MSIP_Label_" A "_Name", "SECRET", "Info" },
	    { "MSIP_Label_" A "_Enabled", "true", "XMP" } },
	  "SECRET" },
	{ { { "MSIP_Label_" A "_Name", "SECRET", "Info" },
	    { "MSIP_Label_" A "_Enabled", "false", "Info" },
	    { "MSIP_Label_" A "_Enabled", "false", "XMP" } },
	  "" },
	/* the same part says it twice: the last one counts */
	{ { { "MSIP_Label_" A "_Enabled", "true", "Info" },
	    { "MSIP_Label_" A "_Name", "SECRET", "Info" },
	    { "MSIP_Label_" A "_Enabled", "false", "Info" } },
	  "" },
	/* known by its number alone: to nobody, to the site */
	{ { { "MSIP_Label_" A "_Enabled", "true" } }, "?" A },
	{ { { "MSIP_Label_" A "_Enabled", "true" }, { "MSIP_Label_" A "_Name", "General" } },
	  "?General" },
	{ { { "MSIP_Label_" B "_Enabled", "true" }, { "MSIP_Label_" B "_Name", "Blue" } },
	  "OFFICIAL-SENSITIVE" },
	/* two tenants' */
	{ { { "MSIP_Label_" A "_Enabled", "true" },
	    { "MSIP_Label_" A "_Name", "OFFICIAL" },
	    { "MSIP_Label_" B "_Enabled", "true" } },
	  "OFFICIAL; OFFICIAL-SENSITIVE" },
	/* LabelInfo.xml has no name, and counts before the properties */
	{ { { "id", "{" B "}", INFO }, { "enabled", "1", INFO }, { "removed", "0", INFO } },
	  "OFFICIAL-SENSITIVE" },
	{ { { "id", "{" B "}", INFO }, { "enabled", "1", INFO }, { "removed", "1", INFO } }, "" },
	{ { { "id", "{" A "}", INFO }, { "enabled", "0", INFO } }, "" },
	{ { { "MSIP_Label_" A "_Enabled", "true", "docProps/custom.xml" },
	    { "MSIP_Label_" A "_Name", "SECRET", "docProps/custom.xml" },
	    { "id", "{" B "}", INFO },
	    { "enabled", "1", INFO } },
	  "OFFICIAL-SENSITIVE" },
	{ { { "MSIP_Label_" A "_Name", "SECRET", "docProps/custom.xml" },
	    { "id", "{" A "}", INFO },
	    { "enabled", "1", INFO } },
	  "SECRET" },
	{ { { "id", "42", "word/people.xml" } }, "" },
	/* a header with all attributes */
	{ { { "MSIP_Labels", "MSIP_Label_" A "_Enabled=true; MSIP_Label_" A "_SiteId=" B
			     ";\r\n MSIP_Label_" A "_Name=OFFICIAL-SENSITIVE;" } },
	  "OFFICIAL-SENSITIVE" },

	/* Boldon James */
	{ { { "bjDocumentSecurityLabel", "This item's classification is OFFICIAL" } }, "OFFICIAL" },
	{ { { "bjDocumentSecurityLabel", "OFFICIAL-SENSITIVE [PERSONAL]" } },
	  "OFFICIAL-SENSITIVE" },
	{ { { "bjDocumentSecurityLabel", "Guildford Borough Council UNCLASSIFIED INTERNAL" } },
	  "UNCLASSIFIED INTERNAL" },
	{ { { "bjDocumentSecurityLabel", "This information is Classified | Internal" } }, "" },
	{ { { "bjDocumentLabelXML-0", "<sisl policy=\"x\"><element uid=\"id_classif" },
	    { "bjDocumentLabelXML-1", "ication_secret\" value=\"\"/></sisl>" } },
	  "SECRET" },
	{ { { "bjDocumentLabelXML", "<sisl><element uid=\"id_other\" value=\"\"/></sisl>" } },
	  "?id_other" },
	{ { { "bjLabelHistoryID", "SECRET" } }, "" },
	{ { { "bjHeaderBothDocProperty", "OFFICIAL" } }, "OFFICIAL" },

	/* Titus: {"Metadata":{"props":[{"n":"C","vals":[{"value":"OFFICIAL"}]}]}}, folded */
	{ { { "x-titus-metadata-40", "eyJNZXRhZGF0YSI6eyJwcm9wcyI6W3sibiI6IkMiLCJ2YWxz\r\n "
				     "IjpbeyJ2YWx1ZSI6Ik9GRklDSUFMIn1dfV19fQ==" } },
	  "OFFICIAL" },
	{ { { "TITUSMetadata", "{\"props\":[{\"vals\":[{\"value\":\"CTP_TS\"}]}]}" } },
	  "TOP SECRET" },
	{ { { "TITUSMetadata", "{\"props\":[{\"vals\":[{\"value\":\"CTP_NT\"}]}]}" } }, "?CTP_NT" },
	{ { { "TITUSMetadata", "!!!!" } }, "" },
	{ { { "TitusGUID", A } }, "" },
	{ { { "InterpolClassification", "Unclassified" } }, "UNCLASSIFIED" },

	/* headers and the rest */
	{ { { "X-Protective-Marking", "VER=2024.1, NS=gov.au, SEC=PROTECTED,\r\n "
				      "ORIGIN=a@entity.gov.au" } },
	  "PROTECTED" },
	{ { { "X-Protective-Marking", "OFFICIAL-SENSITIVE" } }, "OFFICIAL-SENSITIVE" },
	{ { { "SIO-Label", "marking=\"OFFICIAL\"; fgcolor=black; type=\":ess\"" } }, "OFFICIAL" },
	{ { { "X-Microsoft-Classification", "OFFICIAL" } }, "OFFICIAL" },
	{ { { "PM_ProtectiveMarkingValue_Header", "OFFICIAL: Sensitive" } },
	  "OFFICIAL: SENSITIVE" },
	{ { { "PM_Hash_Version", "SECRET" } }, "" },
	{ { { "Classification", "Official" } }, "OFFICIAL" },
	{ { { "Sensitivity", "Company-Confidential" } }, "" },
	{ { { "Sensitivity", "Personal" } }, "" },
	{ { { "PolicyIdentifier", "NATO" }, { "Classification", "SECRET" } }, "NATO SECRET" },
	{ { { "PolicyIdentifier", "UK" }, { "Classification", "SECRET" } }, "SECRET" },
	/* names that anybody may use: small words say nothing */
	{ { { "SecurityLevel", "restricted" } }, "" },
	{ { { "DocSecurity", "0" } }, "" },
	{ { { "label", "secret" } }, "" },
	{ { { "Keywords", "SECRET" } }, "" }, /* not a label: the text's rules see it */
	{ { { "protective-marking", "official" } }, "OFFICIAL" },
};

START_TEST(reads)
{
	struct labels *l = labels_new(site, ARRAY_SIZE(site));
	const struct label *found;
	char got[256] = "";
	size_t len;

	ck_assert_ptr_nonnull(l);
	for (int twice = 0; twice < 2; twice++) {
		got[0] = '\0';
		for (const struct property *p = cases[_i].properties; p->field; p++) {
			struct label_place at = { .field = p->field, .part = p->part };
			size_t half = strlen(p->value) / 2;

			labels_text(l, &at, p->value, half);
			labels_text(l, &at, p->value + half, strlen(p->value) - half);
		}
		found = labels_conclude(l, &len);
		ck_assert_ptr_eq(found, labels_conclude(l, &len)); /* again: the same */
		for (size_t i = 0; i < len; i++) {
			size_t at = strlen(got);

			snprintf(got + at, sizeof(got) - at, "%s%s%s", i ? "; " : "",
				 found[i].is_known ? "" : "?",
				 found[i].is_known ? found[i].says.label : found[i].value);
		}
		ck_assert_str_eq(got, cases[_i].want);
		labels_clear(l);
	}
	labels_free(l);
}
END_TEST

/* More of everything than is kept. */
START_TEST(is_bounded)
{
	struct labels *l = labels_new(NULL, 0);
	struct label_place at = { .part = "p" };
	char field[300], value[300];
	size_t len;

	ck_assert_ptr_nonnull(l);
	for (int i = 0; i < 400; i++) {
		memset(value, 'S', sizeof(value));
		snprintf(field, sizeof(field), "Classification%0200d", i);
		at.field = field;
		labels_text(l, &at, "OFFICIAL\n", 9);
		labels_text(l, &at, value, sizeof(value));
		snprintf(field, sizeof(field), "MSIP_Label_%08d-0000-0000-0000-000000000000_Name",
			 i);
		labels_text(l, &at, "OFFICIAL", 8);
	}
	for (int i = 0; i < 400; i++) {
		at.field = "bjDocumentLabelXML";
		labels_text(l, &at, value, sizeof(value));
	}
	(void)labels_conclude(l, &len);
	ck_assert_uint_le(len, LABELS_MAX);
	labels_free(l);
}
END_TEST

START_TEST(owns)
{
	ck_assert(labels_own("MSIP_Label_x_Name"));
	ck_assert(labels_own("classification"));
	ck_assert(!labels_own("Keywords"));
	ck_assert(!labels_own("Title"));
	ck_assert(!labels_own(NULL));
}
END_TEST

Suite *unit_suite(void)
{
	Suite *s = suite_create("label");
	TCase *tc = tcase_create("label");

	tcase_add_loop_test(tc, reads, 0, ARRAY_SIZE(cases));
	tcase_add_test(tc, is_bounded);
	tcase_add_test(tc, owns);
	suite_add_tcase(s, tc);
	return s;
}
