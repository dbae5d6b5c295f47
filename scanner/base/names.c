/* names.c - the words of the log for every closed list */
#include <assay/types.h>

#include "base.h"

static const struct {
	const char *name;
	bool blocks;
} reasons[ASSAY_REASON_COUNT] = {
	[ASSAY_REASON_NONE] = { "none", false },
	[ASSAY_PERMISSION] = { "permission", true },
	[ASSAY_VANISHED] = { "vanished", true },
	[ASSAY_IO_ERROR] = { "io-error", true },
	[ASSAY_CHANGED] = { "changed-during-read", true },
	[ASSAY_ENCRYPTED] = { "encrypted", true },
	[ASSAY_PASSWORD_PROTECTED] = { "password-protected", true },
	[ASSAY_RIGHTS_MANAGED] = { "rights-managed", true },
	[ASSAY_UNSUPPORTED_TYPE] = { "unsupported-type", true },
	[ASSAY_MALFORMED] = { "malformed", true },
	[ASSAY_NO_TEXT] = { "no-text", true },
	[ASSAY_LIMIT_SIZE] = { "limit-size", true },
	[ASSAY_LIMIT_DEPTH] = { "limit-depth", true },
	[ASSAY_LIMIT_RATIO] = { "limit-ratio", true },
	[ASSAY_LIMIT_TIME] = { "limit-time", true },
	[ASSAY_LIMIT_MEMORY] = { "limit-memory", true },
	[ASSAY_LIMIT_MEMBERS] = { "limit-members", true },
	[ASSAY_LIMIT_OVERLAP] = { "limit-overlap", true },
	[ASSAY_LIMIT_HITS] = { "limit-hits", true },
	[ASSAY_LIMIT_MATCH] = { "limit-match", true },
	[ASSAY_ENGINE_UNAVAILABLE] = { "engine-unavailable", true },
	[ASSAY_ROOT_UNAVAILABLE] = { "root-unavailable", true },
	[ASSAY_OFFLINE] = { "offline", true },
	[ASSAY_SPECIAL_FILE] = { "special-file", false },
	[ASSAY_SYMLINK] = { "symlink-not-followed", false },
	[ASSAY_NOT_MOUNTED] = { "not-mounted", true },
	[ASSAY_CRASH_QUARANTINED] = { "crash-quarantined", true },
	[ASSAY_CONTAINER_SLACK] = { "container-slack", false },
	[ASSAY_EXCLUDED_BY_RULE] = { "excluded", false },
	[ASSAY_BAD_RULE] = { "bad-rule", false },
	[ASSAY_BAD_USAGE] = { "bad-usage", false },
	[ASSAY_NO_MEMORY] = { "no-memory", false },
	[ASSAY_NOT_SANDBOXED] = { "not-sandboxed", false },
	[ASSAY_INTERNAL] = { "internal", false },
};

/** A name of a closed list; anything outside it is a bug or a hostile peer. */
#define NAME_OF(table, i) ((size_t)(i) < ARRAY_SIZE(table) ? (table)[i] : "unknown")

const char *assay_reason_name(enum assay_reason reason)
{
	return (size_t)reason < ARRAY_SIZE(reasons) ? reasons[reason].name : "unknown";
}

bool assay_reason_blocks(enum assay_reason reason)
{
	return (size_t)reason >= ARRAY_SIZE(reasons) || reasons[reason].blocks;
}

const char *assay_confidence_name(enum assay_confidence c)
{
	static const char *const names[] = { "low", "medium", "high" };

	return NAME_OF(names, c);
}

const char *assay_severity_name(enum assay_severity s)
{
	static const char *const names[] = { "info", "low", "medium", "high", "critical" };

	return NAME_OF(names, s);
}

const char *assay_region_name(enum assay_region r)
{
	static const char *const names[] = { "body",    "header",   "footer", "title",
					     "subject", "metadata", "name",   "watermark",
					     "comment", "note" };

	_Static_assert(ARRAY_SIZE(names) == ASSAY_REGIONS, "one name each");
	return NAME_OF(names, r);
}

const char *assay_vis_name(enum assay_vis v)
{
	static const char *const names[] = {
		"shown",         "hidden-sheet",   "very-hidden-sheet", "hidden-row",
		"hidden-column", "hidden-text",    "white-text",        "deleted",
		"pivot-cache",   "external-cache", "previous-revision", "notes",
		"off-page",
	};

	_Static_assert(ARRAY_SIZE(names) == ASSAY_VISIBILITIES, "one name each");
	return NAME_OF(names, v);
}

const char *assay_coverage_name(enum assay_coverage c)
{
	static const char *const names[] = { "complete", "partial", "none", "excluded" };

	_Static_assert(ARRAY_SIZE(names) == ASSAY_COVERAGES, "one name each");
	return NAME_OF(names, c);
}
