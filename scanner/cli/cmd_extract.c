/*
 * cmd_extract.c - assay extract: the text of one file as the rules see it
 *
 * The file is as hostile here as in a scan, so a confined child reads it and sends
 * lines through a socket; this side prints them, escaped.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "commands.h"
#include "confine.h"
#include "engine.h"
#include "fail.h"
#include "library.h"
#include "report.h"
#include "texts.h"

#define MESSAGE_MAX (60 * KiB)

/** The child's end: a line is collected until its segment or the line ends. */
struct speaker {
	int sock;
	char head[1024]; /**< of the line at hand */
	struct buf text;
};

/** A confined worker may sendmsg(), not send(). */
static bool send_line(int sock, const struct buf *line)
{
	struct iovec iov = { line->data, line->len };
	const struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };

	return sendmsg(sock, &message, MSG_NOSIGNAL) >= 0;
}

static void say(struct speaker *s)
{
	CLEANUP(buf_done) struct buf line = BUF_INIT(2 * MESSAGE_MAX);
	size_t len = s->text.len;

	while (len > 0 && is_space(s->text.data[len - 1]))
		len--;
	if (len == 0) {
		buf_clear(&s->text);
		return;
	}
	buf_add_str(&line, s->head);
	buf_add(&line, s->text.data, len);
	if (!send_line(s->sock, &line))
		_exit(1);
	buf_clear(&s->text);
}

static void make_head(char *ret, size_t cap, const char *inner, const struct segment *seg,
		      struct source source)
{
	const struct assay_locator *l = &seg->loc;
	size_t used = (size_t)snprintf(ret, cap, "%.300s\t", inner);

	if (l->sheet)
		used += (size_t)snprintf(ret + used, cap - used, "%.60s %s", l->sheet,
					 l->cell ? l->cell : "");
	else if (l->slide)
		used += (size_t)snprintf(ret + used, cap - used, "slide %u", l->slide);
	else if (l->line)
		used += (size_t)snprintf(ret + used, cap - used, "line %" PRIu64, l->line);
	else if (l->part)
		used += (size_t)snprintf(ret + used, cap - used, "%.80s", l->part);
	else if (source.kind != SOURCE_DERIVED)
		used += (size_t)snprintf(ret + used, cap - used, "byte %" PRIu64, source.off);
	snprintf(ret + used, cap - used, "\t%s\t%.120s\t%s\t", assay_region_name(seg->region),
		 seg->field ? seg->field : "", assay_vis_name(seg->vis));
}

static enum assay_status on_text(void *ctx, const char *inner, const struct segment *seg,
				 const char *text, size_t len, struct source source,
				 struct assay_error *err)
{
	struct speaker *s = ctx;
	char head[sizeof(s->head)];
	uint64_t feeds = 0;

	(void)err;
	for (size_t i = 0; i < len; i++) {
		if (s->text.len == 0) {
			struct segment here = *seg;

			here.loc.line += here.loc.line ? feeds : 0;
			make_head(s->head, sizeof(s->head), inner, &here, source);
		} else if (i == 0) {
			make_head(head, sizeof(head), inner, seg, source);
			/* Another run of the same segment goes on; lines may differ. */
			if (strcmp(strchr(head, '\t') + 1, strchr(s->head, '\t') + 1) != 0 &&
			    (seg->loc.line == 0 || seg->field)) {
				say(s);
				i--;
				continue;
			}
		}
		if (text[i] == '\n') {
			say(s);
			feeds++;
		} else if (!buf_add_byte(&s->text, text[i])) {
			say(s);
		}
	}
	return ASSAY_OK;
}

static enum assay_status on_gap(void *ctx, const char *inner, enum assay_reason reason,
				const char *detail, struct assay_error *err)
{
	struct speaker *s = ctx;

	(void)err;
	say(s);
	snprintf(s->head, sizeof(s->head), "%.300s\t\tgap\t%s\t\t", inner,
		 assay_reason_name(reason));
	buf_add_str(&s->text, *detail ? detail : "-");
	say(s);
	return ASSAY_OK;
}

static void __attribute__((noreturn))
child(int sock, int fd, uint64_t size, const char *name, assay_scanner *scanner,
      struct confine_plan *plan, pid_t parent)
{
	struct speaker s = { .sock = sock, .text = BUF_INIT(MESSAGE_MAX - 2 * KiB) };
	const struct texts_sink sink = { &s, on_text, on_gap };
	struct assay_error err = { 0 };
	unsigned levels;

	engine_warm(scanner);
	library_seal(NULL, NULL);
	if (confine_prepare(plan, &err) < 0 || confine_enter(plan, parent, &levels, &err) < 0) {
		snprintf(s.head, sizeof(s.head), "\t\tgap\tinternal\t\t");
		buf_add_str(&s.text, err.detail);
		say(&s);
		_exit(1);
	}
	if (engine_texts(scanner, fd, size, name, &sink, &err) < 0)
		on_gap(&s, "", err.reason, err.detail, &err);
	say(&s);
	_exit(0);
}

static int print_lines(int sock)
{
	CLEANUP(mem_freep) char *message = malloc(2 * MESSAGE_MAX);
	ssize_t got;

	puts("member\tplace\tregion\tfield\tvisibility\ttext");
	while (message && (got = recv(sock, message, 2 * MESSAGE_MAX, 0)) > 0) {
		const char *at = message, *end = message + got;

		for (const char *tab; at < end; at = tab + 1) {
			tab = memchr(at, '\t', (size_t)(end - at));
			report_escape(stdout, at, (size_t)((tab ? tab : end) - at));
			if (!tab)
				break;
			putchar('\t');
		}
		putchar('\n');
	}
	return message ? 0 : -1;
}

static int extract(const char *path, int fd, uint64_t size)
{
	const struct assay_scan_options options = { .limits = ASSAY_LIMITS_DEFAULT };
	struct confine_plan plan = { .mode = CONFINE_MODE_REQUIRE, .address_space = 1024 * MiB };
	const char *slash = strrchr(path, '/');
	assay_ruleset *rules = NULL;
	assay_scanner *scanner = NULL;
	struct assay_error err;
	int pair[2], status = 1;
	pid_t parent = getpid(), pid;

	if (assay_ruleset_builtin(&rules, &err) < 0 ||
	    engine_new(rules, &options, MATCH_ISA_AUTO, &scanner, &err) < 0)
		return complain(&err);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return complain_text("socket: %s", strerror(errno));
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		child(pair[1], fd, size, slash ? slash + 1 : path, scanner, &plan, parent);
	close(pair[1]);
	if (pid < 0 || print_lines(pair[0]) < 0)
		return complain_text("fork: %s", strerror(errno));
	close(pair[0]);
	waitpid(pid, &status, 0);
	assay_scanner_free(scanner);
	assay_ruleset_free(rules);
	if (WIFSIGNALED(status))
		return complain_text("%s: the reader died of signal %d on it", path,
				     WTERMSIG(status));
	return status == 0 ? EXIT_SUCCESS : 4;
}

int cmd_extract(const struct args *a)
{
	CLEANUP(fd_closep) int fd = -1;
	struct stat st;

	if (a->operands_len != 1)
		return complain_text("extract which file? assay extract FILE");
	fd = open(a->operands[0], O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0)
		return complain_text("%s: %s", a->operands[0], strerror(errno));
	if (!S_ISREG(st.st_mode))
		return complain_text("%s: not a regular file", a->operands[0]);
	return extract(a->operands[0], fd, (uint64_t)st.st_size);
}
