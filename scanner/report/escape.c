/* escape.c - text of unknown origin on a terminal */
#include "json.h"
#include "report.h"

/** Control characters, and the marks that turn the direction of writing. */
static bool is_dangerous(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C ||
	       (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
	       (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
	       (code >= 0xFFF9 && code <= 0xFFFB);
}

void report_escape(FILE *out, const char *text, size_t len)
{
	while (len > 0) {
		uint32_t code;
		size_t took = utf8_decode(text, len, &code);

		if (code == UINT32_MAX)
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else if (is_dangerous(code) && code < 0x100)
			fprintf(out, "\\x%02x", (unsigned)code);
		else if (is_dangerous(code))
			fprintf(out, "\\u%04x", (unsigned)code);
		else
			fwrite(text, 1, took, out);
		text += took;
		len -= took;
	}
}
