/* slack.c - bytes of a container that belong to no member */
#include "slack.h"

bool slack_is_blank(const uint8_t *data, size_t len)
{
	return !len || (!data[0] && !memcmp(data, data + 1, len - 1));
}

enum assay_status slack_text(const struct extract_sink *sink, uint64_t off, const void *data,
			     size_t len, struct assay_error *err)
{
	const struct segment seg = { .region = ASSAY_BODY };
	const struct source source = { off, SOURCE_SAME };

	return len ? sink_text(sink, &seg, data, len, source, err) : ASSAY_OK;
}

enum assay_status slack_break(const struct extract_sink *sink, struct assay_error *err)
{
	const struct segment seg = { .region = ASSAY_BODY };

	return sink_text(sink, &seg, "\n", 1, (struct source){ 0 }, err);
}
