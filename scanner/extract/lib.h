/**
 * lib.h - an input as libarchive reads it
 *
 * Private to the readers that use libarchive.  One format or one filter is enabled
 * per open, never what chooses by itself.  What libarchive left unread at the end of
 * an archive can be read on: it may hold more than padding.
 */
#ifndef LIB_H
#define LIB_H

#include <archive.h>
#include <archive_entry.h>

#include "extract.h"
#include "library.h"

#define ARCHIVE_CALLS(X) \
	X(archive_entry_filetype) \
	X(archive_entry_hardlink) \
	X(archive_entry_is_encrypted) \
	X(archive_entry_pathname) \
	X(archive_entry_pathname_utf8) \
	X(archive_entry_size) \
	X(archive_entry_size_is_set) \
	X(archive_entry_symlink) \
	X(archive_errno) \
	X(archive_error_string) \
	X(archive_filter_bytes) \
	X(archive_format) \
	X(archive_read_append_filter) \
	X(archive_read_data_block) \
	X(archive_read_free) \
	X(archive_read_has_encrypted_entries) \
	X(archive_read_new) \
	X(archive_read_next_header) \
	X(archive_read_open) \
	X(archive_read_open1) \
	X(archive_read_set_callback_data) \
	X(archive_read_set_format) \
	X(archive_read_set_read_callback) \
	X(archive_read_set_seek_callback) \
	X(archive_read_set_skip_callback) \
	X(archive_read_support_filter_compress) \
	X(archive_read_support_format_7zip) \
	X(archive_read_support_format_ar) \
	X(archive_read_support_format_cab) \
	X(archive_read_support_format_cpio) \
	X(archive_read_support_format_iso9660) \
	X(archive_read_support_format_lha) \
	X(archive_read_support_format_rar) \
	X(archive_read_support_format_rar5) \
	X(archive_read_support_format_raw) \
	X(archive_read_support_format_tar) \
	X(archive_read_support_format_warc) \
	X(archive_read_support_format_xar) \
	X(archive_read_support_format_zip_streamable) \
	X(archive_set_error)

/** libarchive's functions, once library_open() says that it is there. */
extern LIBRARY_CALLS(archive_calls, ARCHIVE_CALLS) la;
extern struct library libarchive;

#define LIB_BLOCK (64 * KiB)
#define LIB_VOLUME "one of several volumes: the rest is in other files"

struct lib {
	struct input *in;
	const struct extract_sink *sink;
	struct archive *a;

	uint64_t stop;        /* if not 0: the input ends here */
	uint64_t base;        /* where in the input this archive begins */
	uint64_t next;        /* of the input, to be handed to libarchive */
	const uint8_t *block; /* last handed over, at ... */
	uint64_t block_at;    /* ... this offset */
	size_t block_len;
	size_t fresh;         /* in the block: what libarchive has not had before */
	uint8_t *own;         /* room for a block; owned */
	const uint8_t *piece; /* of the entry's data, not handed on yet */
	size_t piece_len;
	uint64_t piece_at; /* its offset in the entry */
	uint64_t entry_at; /* bytes of the entry handed on, holes whole */
	bool entry_ended;  /* ... and there are no more */
	enum assay_status io;
	struct assay_error why; /* of `io` */
};

MUST_USE enum assay_status lib_init(struct lib *ret_l, struct input *in,
				    const struct extract_sink *sink, struct assay_error *err);
void lib_done(struct lib *l);

/** A new reader, with nothing enabled, that begins at `at`: the old one is gone. */
MUST_USE enum assay_status lib_new(struct lib *l, uint64_t at, struct assay_error *err);

/** Open what was enabled; libarchive's status. */
int lib_open(struct lib *l);

/** Offset in the input up to which libarchive used the bytes. */
uint64_t lib_used(const struct lib *l);

/**
 * The bytes at `at`, of the block last read or further on; never backwards.
 *
 * @return  ASSAY_OK with *ret_len 0 at the end
 */
MUST_USE enum assay_status lib_rest(struct lib *l, uint64_t at, const uint8_t **ret_data,
				    size_t *ret_len, struct assay_error *err);

/** Everything from `at` on as raw text, but for leading NULs, and a gap that says so. */
MUST_USE enum assay_status lib_slack(struct lib *l, uint64_t at, struct assay_error *err);

/** The reason behind libarchive's last failure. */
enum assay_reason lib_reason(const struct lib *l);

/** What to say of it: a fixed text that knows more, or `otherwise`. */
const char *lib_detail(const struct lib *l, const char *otherwise);

/** Before lib_read() of another entry. */
void lib_entry(struct lib *l);

/** An input_read_fn: data of the entry at hand. */
enum assay_status lib_read(void *l, void *data, size_t cap, size_t *ret_got,
			   struct assay_error *err);

#endif
