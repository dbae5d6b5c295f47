/* plain.c - text as it stands: prose, source, logs, mail as a last resort */
#include "plain.h"

#include "decode.h"
#include "fail.h"
#include "feed.h"
#include "fold.h"
#include "table.h"

#define CHAR_MAX_BYTES 4
#define WINDOW (64 * KiB)

/* Bytes at the end that may be the first of a character cut in two. */
static size_t cut_char(const char *data, size_t len)
{
	for (size_t back = 1; back < CHAR_MAX_BYTES && back <= len; back++) {
		unsigned char c = (unsigned char)data[len - back];

		if (c >= 0xC0)
			return (c >= 0xF0 ? 4u : c >= 0xE0 ? 3u : 2u) > back ? back : 0;
		if (c < 0x80)
			break;
	}
	return 0;
}

static enum assay_status skip_bom(struct input *in, size_t bom, struct assay_error *err)
{
	char skipped[CHAR_MAX_BYTES];
	size_t got;

	return input_read(in, skipped, bom, &got, err);
}

/* Read straight into the sink's room. */
static enum assay_status send_kin(struct input *in, const struct extract_sink *sink,
				  struct assay_error *err)
{
	struct segment seg = { .loc.line = 1 };
	char cut[CHAR_MAX_BYTES];
	size_t cut_len = 0;
	bool ended = false;

	while (!ended) {
		uint64_t off;
		size_t cap = 0, got = 0, len, lines;
		char *room = sink_reserve(sink, &cap);
		enum assay_status st, read;
		struct assay_error why;

		if (!cut_len)
			input_skip_hole(in);
		off = in->next - cut_len;
		if (!room)
			return sink_commit(sink, &seg, 0, (struct source){ 0 }, err);
		memcpy(room, cut, cut_len);
		read = input_read(in, room + cut_len, cap - cut_len, &got, &why);
		len = cut_len + got;
		ended = len < cap || read != ASSAY_OK;
		cut_len = ended ? 0 : cut_char(room, len);
		len -= cut_len;
		memcpy(cut, room + len, cut_len);
		lines = fold_count_lines(room, len); /* the room is the sink's, once committed */
		st = sink_commit(sink, &seg, len, (struct source){ off, SOURCE_SAME }, err);
		if (st != ASSAY_OK)
			return st;
		seg.loc.line += lines;
		if (read != ASSAY_OK) {
			if (err)
				*err = why;
			return read;
		}
	}
	return ASSAY_OK;
}

/* Copy the window's first run into the sink's room. */
static enum assay_status send_run(struct feed *f, const struct extract_sink *sink,
				  struct assay_error *err)
{
	struct segment seg = { .loc.line = f->line };
	struct source source = { 0 };
	size_t cap = 0, len;
	char *room = sink_reserve(sink, &cap);
	enum assay_status st;

	if (!room)
		return sink_commit(sink, &seg, 0, source, err);
	len = feed_run(f, 0, MIN(f->len, cap), &source);
	len -= len < f->len ? cut_char(f->data, len) : 0;
	memcpy(room, f->data, len);
	st = sink_commit(sink, &seg, len, source, err);
	feed_skip(f, len);
	return st;
}

static enum assay_status send_wide(struct input *in, const struct extract_sink *sink,
				   struct assay_error *err)
{
	CLEANUP(feed_done) struct feed f;
	enum assay_status st = feed_init(&f, in, WINDOW, err);

	f.count_lines = true;
	while (st == ASSAY_OK) {
		st = feed_more(&f, WINDOW / 2, err);
		if (st == ASSAY_OK && !f.len)
			return feed_end(&f, err);
		while (st == ASSAY_OK && f.len && (f.ended || f.len >= CHAR_MAX_BYTES))
			st = send_run(&f, sink, err);
	}
	return st;
}

enum assay_status plain_send(struct input *in, const struct extract_sink *sink,
			     struct assay_error *err)
{
	struct encoding e;
	enum assay_status st = input_encoding(in, &e, err);

	if (st != ASSAY_OK)
		return st;
	if (e.charset != CHARSET_ASCII_KIN && e.charset != CHARSET_BINARY)
		return send_wide(in, sink, err);
	if (e.bom)
		st = skip_bom(in, e.bom, err);
	return st == ASSAY_OK ? send_kin(in, sink, err) : st;
}

static const char *const types[] = {
	"text/plain",
	"text/x-c",
	"text/x-c++",
	"text/x-python",
	"text/x-java",
	"text/javascript",
	"text/x-shellscript",
	"text/x-perl",
	"text/x-ruby",
	"text/x-php",
	"text/x-go",
	"text/x-rust",
	"text/x-ini",
	"text/x-log",
	"text/css",
	"text/x-tex",
	"text/x-powershell",
	"text/x-msdos-batch",
	"text/x-csharp",
	"text/x-ada",
	"text/x-asm",
	"text/x-awk",
	"text/x-basic",
	"text/x-clojure",
	"text/x-cmake",
	"text/x-cobol",
	"text/x-dart",
	"text/x-dockerfile",
	"text/x-elixir",
	"text/x-erlang",
	"text/x-fortran",
	"text/x-groovy",
	"text/x-haskell",
	"text/x-julia",
	"text/x-kotlin",
	"text/x-lisp",
	"text/x-lua",
	"text/x-m4",
	"text/x-matlab",
	"text/x-objc",
	"text/x-ocaml",
	"text/x-pascal",
	"text/x-protobuf",
	"text/x-r",
	"text/x-sas",
	"text/x-scala",
	"text/x-swift",
	"text/x-tcl",
	"text/x-terraform",
	"text/x-vb",
	"text/x-verilog",
	"text/x-vhdl",
	"text/x-diff",
	"text/x-yaml",
	"application/toml",
	"application/postscript",
	NULL,
};

const struct extractor plain_extractor = {
	.name = "plain",
	.types = types,
	.run = plain_send,
};
