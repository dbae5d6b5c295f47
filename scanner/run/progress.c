/* progress.c - the line */
#include "progress.h"

#include <inttypes.h>

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

void progress_done(struct progress *p, uint64_t bytes)
{
	p->done++;
	p->bytes += bytes;
}

static void print_count(FILE *out, uint64_t n)
{
	if (n >= 10000000)
		fprintf(out, "%.1fM", (double)n / 1e6);
	else if (n >= 100000)
		fprintf(out, "%.0fk", (double)n / 1e3);
	else
		fprintf(out, "%" PRIu64, n);
}

void progress_show(struct progress *p, const struct log_counters *c)
{
	uint64_t now;
	double seconds;

	if (!p->out)
		return;
	now = clock_ns();
	if (now - p->shown < INTERVAL_NS)
		return;
	p->shown = now;
	seconds = (double)(now - p->begun) / (double)NS_PER_S;
	fputs("\r\033[K  ", p->out);
	print_count(p->out, p->done);
	fputs(" files  ", p->out);
	print_count(p->out, p->bytes >> 20);
	fprintf(p->out, " MiB  %.0f files/s  %.0f MiB/s  ", (double)p->done / seconds,
		(double)(p->bytes >> 20) / seconds);
	print_count(p->out, c->objects_notable);
	fprintf(p->out, " notable  %" PRIu64 " gaps  %.32s", c->gaps, p->place);
	fflush(p->out);
}

void progress_end(struct progress *p)
{
	if (p->out && p->shown != p->begun)
		fputs("\r\033[K", p->out);
	if (p->out)
		fflush(p->out);
}
