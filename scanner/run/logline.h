/**
 * logline.h - the values of one line of the run log
 *
 * A line must be quick to write and must stay under the log's 64 KiB whatever the names
 * in it: keys come with their punctuation as literals, text comes with a ceiling.
 */
#ifndef LOGLINE_H
#define LOGLINE_H

#include "buf.h"

/** Bytes of a line, its line feed included. */
#define LOG_LINE_MAX (64 * KiB)

/** Add a literal: punctuation, keys and values that need no escape. */
#define line_lit(l, text) buf_add((l), (text), sizeof(text) - 1)

/**
 * Add a JSON string with its quotes.
 *
 * @param max  bytes of the escaped text at most; what is beyond it becomes U+2026
 * @return     false if the text was cut or was not UTF-8
 */
bool line_text(struct buf *l, const char *text, size_t len, size_t max);

/** The same for C strings; `null` for NULL. */
void line_str(struct buf *l, const char *text, size_t max);
void line_int(struct buf *l, uint64_t value);
void line_bool(struct buf *l, bool value);
/** Any number of bytes in hex, quoted. */
void line_hex(struct buf *l, const uint8_t *bytes, size_t len);
void line_base64(struct buf *l, const char *bytes, size_t len);
/** `"a; b"` as an array of strings. */
void line_list(struct buf *l, const char *joined, size_t max);
/** RFC 3339 in UTC, quoted; milliseconds when `ms` is below 1000. */
void line_time(struct buf *l, time_t seconds, unsigned ms);

#endif
