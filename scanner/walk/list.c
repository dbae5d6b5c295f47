/* list.c - one name a line, or ended by NUL */
#include "list.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

/** Longest name in a list of files, and longest line that is skipped. */
#define LISTED_BYTES_MAX (64 * KiB)
#define LISTED_SKIP_MAX (64 * MiB)

bool list_open(struct list *l, int fd, char separator)
{
	CLEANUP(fd_closep) int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	struct stat st;

	*l = (struct list){ .separator = separator, .line.limit = LISTED_BYTES_MAX };
	l->file = own < 0 ? NULL : fdopen(own, "r");
	if (!l->file)
		return false;
	fd_steal(&own);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		l->bytes = (uint64_t)st.st_size;
	return true;
}

void list_close(struct list *l)
{
	if (l->file)
		fclose(l->file);
	l->file = NULL;
	buf_done(&l->line);
}

/** Read a name into l->line.  @return  its bytes and the separator, 0 at the end, -1 */
static ssize_t read_name(struct list *l, bool *ret_cut)
{
	ssize_t len = 0;
	int c;

	buf_clear(&l->line);
	while ((c = getc_unlocked(l->file)) != EOF && c != l->separator) {
		buf_add_byte(&l->line, (char)c);
		if (++len > (ssize_t)LISTED_SKIP_MAX) {
			errno = EFBIG;
			return -1;
		}
	}
	*ret_cut = l->line.failed || memchr(l->line.data ? l->line.data : "", 0, l->line.len);
	if (c == EOF && ferror(l->file))
		return -1;
	return len + (c != EOF);
}

int list_next(struct list *l, char **ret_path, bool *ret_cut, double *ret_weight)
{
	ssize_t bytes, sum = 0;

	do {
		bytes = read_name(l, ret_cut);
		sum += bytes;
	} while (bytes > 0 && l->line.len == 0); /* an empty line names nothing */
	if (bytes <= 0)
		return bytes < 0 ? -1 : 0;
	*ret_path = strdup(l->line.data);
	*ret_weight = l->bytes ? (double)sum / (double)l->bytes : 0;
	return *ret_path ? 1 : -1;
}
