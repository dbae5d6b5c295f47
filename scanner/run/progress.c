/* progress.c - the line */
#include "progress.h"

#include <inttypes.h>
#include <sys/ioctl.h>

#include "buf.h"

#define INTERVAL_NS (250 * NS_PER_MS)

void progress_start(struct progress *p, FILE *out)
{
	*p = (struct progress){ .out = out, .begun = clock_ns() };
	p->shown = p->begun; /* a scan that is over at once shows nothing */
}

/** Printable ASCII stays, all else becomes `?`: a name must not drive the terminal. */
static void keep_place(struct progress *p, const char *path, size_t len)
{
	size_t n = MIN(len, sizeof(p->place) - 1);

	for (size_t i = 0; i < n; i++)
		p->place[i] = path[i] >= ' ' && path[i] < 0x7F ? path[i] : '?';
	p->place[n] = '\0';
}

void progress_found(struct progress *p, const struct walk_entry *e)
{
	const char *slash;

	p->found++;
	if (e->has_stat)
		p->bytes_found += (uint64_t)e->st.st_size;
	if (!p->out || p->found % 64 != 1)
		return;
	slash = strrchr(e->path, '/');
	keep_place(p, e->path, slash ? (size_t)(slash - e->path) : 0);
}

void progress_read(struct progress *p, uint64_t bytes)
{
	p->bytes += bytes;
}

void progress_done(struct progress *p, double weight)
{
	p->done++;
	p->weight += weight;
}

static void add_count(struct buf *line, uint64_t n)
{
	if (n >= 10000000)
		buf_printf(line, "%.1fM", (double)n / 1e6);
	else if (n >= 100000)
		buf_printf(line, "%.0fk", (double)n / 1e3);
	else
		buf_printf(line, "%" PRIu64, n);
}

/** Columns there are for the line; a longer one would wrap and stay. */
static size_t room_of(FILE *out)
{
	struct winsize size;

	return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col - 1u
									      : 79;
}

void progress_show(struct progress *p, const struct log_counters *c, double credit)
{
	CLEANUP(buf_done) struct buf line = BUF_INIT(1 * KiB);
	uint64_t now;
	char left[40];
	double seconds;

	if (!p->out)
		return;
	now = clock_ns();
	if (now - p->shown < INTERVAL_NS)
		return;
	p->shown = now;
	seconds = (double)(now - p->begun) / (double)NS_PER_S;
	add_count(&line, p->done);
	buf_add_str(&line, " files  ");
	add_count(&line, p->bytes >> 20);
	buf_printf(&line, " MiB  %.0f files/s  %.0f MiB/s  ", (double)p->done / seconds,
		   (double)(p->bytes >> 20) / seconds);
	add_count(&line, c->objects_notable);
	buf_printf(&line, " notable  %" PRIu64 " gaps  ", c->gaps);
	eta_update(&p->eta, seconds, p->weight + credit);
	eta_text(eta_left(&p->eta, seconds), left);
	buf_printf(&line, "%s%s%s", left, *left ? "  " : "", p->place);
	fprintf(p->out, "\r\033[K%.*s", (int)MIN(line.len, room_of(p->out)), line.data);
	fflush(p->out);
}

void progress_end(struct progress *p)
{
	if (p->out && p->shown != p->begun)
		fputs("\r\033[K", p->out);
	if (p->out)
		fflush(p->out);
}
