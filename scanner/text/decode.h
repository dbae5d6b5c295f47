/**
 * decode.h - which charset, and UTF-16 to UTF-8
 *
 * Bytes of ASCII's kin (UTF-8, cp1252, ISO 8859) need no conversion: patterns look
 * at ASCII, folding knows the odd bytes of cp1252.
 */
#ifndef DECODE_H
#define DECODE_H

#include "base.h"

enum charset {
	CHARSET_ASCII_KIN, /**< ASCII, UTF-8, cp1252 and the like: as it stands */
	CHARSET_UTF16LE,
	CHARSET_UTF16BE,
	CHARSET_UTF32LE,
	CHARSET_UTF32BE,
	CHARSET_BINARY, /**< not text */
};

struct encoding {
	enum charset charset;
	size_t bom; /**< bytes of it to skip */
};

/** Judge the head of something by BOM, then by NUL pattern and control bytes. */
struct encoding encoding_of(const uint8_t *data, size_t len);

/**
 * Convert as many whole characters as fit.  Unpaired surrogates become U+FFFD.
 *
 * @param ret_took   source bytes used
 * @param ret_ascii  every character was ASCII: offsets map by 2 (or 4)
 * @return           bytes written to `ret`, at most `cap`
 */
size_t utf16_to_utf8(const uint8_t *data, size_t len, bool big_endian, char *ret, size_t cap,
		     size_t *ret_took, bool *ret_ascii);
size_t utf32_to_utf8(const uint8_t *data, size_t len, bool big_endian, char *ret, size_t cap,
		     size_t *ret_took);

#endif
