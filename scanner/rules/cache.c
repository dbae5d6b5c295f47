/* cache.c - compiled images in files of one's own */
#include "cache.h"

#include "hex.h"
#include "imagefile.h"
#include "savefile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <sys/stat.h>

#define SUFFIX ".image"
#define NAME_BYTES (2 * CHECKSUM_BYTES + sizeof(SUFFIX))

/** An unfinished file this old was left by a process that died. */
#define UNFINISHED_SECONDS 3600

/* ---- the key ---- */

/** The note that the linker gave this program, which stands for all its code and tables. */
static int find_build(struct dl_phdr_info *info, size_t size, void *ctx)
{
	struct image_bytes *build = ctx;

	(void)size;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		const char *at = (const char *)info->dlpi_addr + p->p_vaddr, *end = at + p->p_memsz;

		if (p->p_type != PT_NOTE)
			continue;
		while ((size_t)(end - at) >= sizeof(ElfW(Nhdr))) {
			const ElfW(Nhdr) *note = (const void *)at;
			size_t name = (note->n_namesz + 3U) & ~3U,
			       desc = (note->n_descsz + 3U) & ~3U;

			at += sizeof(*note);
			if (name > (size_t)(end - at) || desc > (size_t)(end - at) - name)
				break;
			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
			    memcmp(at, "GNU", 4) == 0)
				*build = (struct image_bytes){ at + name, note->n_descsz };
			at += name + desc;
		}
	}
	return 1; /* the program itself comes first; no library is asked */
}

/** @return  false: this build has no name, so nothing can be kept for it */
static bool key_of(const struct rule_list *list, uint8_t ret_key[CHECKSUM_BYTES])
{
	struct image_bytes build = { 0 };
	struct checksum d;

	dl_iterate_phdr(find_build, &build);
	if (build.len == 0)
		return false;
	checksum_begin(&d);
	checksum_text(&d, "assay rules");
	checksum_number(&d, build.len);
	checksum_bytes(&d, build.data, build.len);
	checksum_text(&d, hs_version());
	checksum_text(&d, list->version);
	checksum_end(&d, ret_key);
	return true;
}

/* ---- the directory ---- */

static bool is_own(const struct stat *st)
{
	return st->st_uid == geteuid() && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

/** Is the directory, or one above it, among those? */
static bool lies_below(int dir, const char *const *paths, size_t paths_len)
{
	int at = fcntl(dir, F_DUPFD_CLOEXEC, 3);
	struct stat here, above = { 0 }, path;
	bool found = false;

	while (!found && at >= 0 && fstat(at, &here) == 0 &&
	       (here.st_ino != above.st_ino || here.st_dev != above.st_dev)) {
		int up;

		for (size_t i = 0; i < paths_len && !found; i++)
			found = stat(paths[i], &path) == 0 && path.st_ino == here.st_ino &&
				path.st_dev == here.st_dev;
		above = here;
		up = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
		close(at);
		at = up;
	}
	/* What cannot be climbed is not proved to lie elsewhere. */
	found = found || at < 0;
	fd_closep(&at);
	return found;
}

/** $XDG_CACHE_HOME or ~/.cache, made if need be.  @return  -1: neither */
static int open_home(void)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	CLEANUP(fd_closep) int at = -1;

	if (xdg && *xdg == '/') {
		mkdir(xdg, 0700);
		return open(xdg, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	at = home && *home == '/' ? open(home, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	if (at < 0)
		return -1;
	mkdirat(at, ".cache", 0700);
	return openat(at, ".cache", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/** @return  a directory that may be trusted, or -1 */
static int open_dir(const struct rule_cache *cache)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	CLEANUP(fd_closep) int home = -1, dir = -1;
	struct stat st;

	if (cache->dir) {
		mkdir(cache->dir, 0700);
		dir = open(cache->dir, flags);
	} else {
		home = open_home();
		if (home >= 0)
			mkdirat(home, "assay", 0700);
		dir = home < 0 ? -1 : openat(home, "assay", flags);
	}
	if (dir < 0 || fstat(dir, &st) < 0 || !is_own(&st) ||
	    lies_below(dir, cache->avoid, cache->avoid_len))
		return -1;
	return fd_steal(&dir);
}

static void name_of(const uint8_t key[CHECKSUM_BYTES], char ret_name[NAME_BYTES])
{
	hex_text(key, 2 * CHECKSUM_BYTES, ret_name);
	memcpy(ret_name + 2 * CHECKSUM_BYTES, SUFFIX, sizeof(SUFFIX));
}

/* ---- reading ---- */

static bool read_whole(int fd, char *data, size_t len)
{
	while (len > 0) {
		ssize_t got = read(fd, data, len);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		data += got;
		len -= (size_t)got;
	}
	return true;
}

bool rule_cache_load(const struct rule_cache *cache, const struct rule_list *list,
		     struct ruleset_image *ret_image)
{
	CLEANUP(fd_closep) int dir = -1, fd = -1;
	CLEANUP(mem_freep) char *data = NULL;
	uint8_t key[CHECKSUM_BYTES];
	char name[NAME_BYTES];
	struct stat st;

	dir = open_dir(cache);
	if (dir < 0 || !key_of(list, key))
		return false;
	name_of(key, name);
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !is_own(&st) ||
	    st.st_size > (off_t)IMAGE_FILE_MAX)
		return false;
	data = malloc((size_t)st.st_size + 1);
	if (!data || !read_whole(fd, data, (size_t)st.st_size) ||
	    !image_unpack(data, (size_t)st.st_size, key, ret_image))
		return false;
	futimens(fd, NULL); /* it is of use: see purge() */
	return true;
}

/* ---- writing ---- */

struct entry {
	char name[NAME_BYTES];
	struct timespec used;
};

static bool older(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

static bool ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && strcmp(name + len - end_len, end) == 0;
}

/** Among the newest so far, or the one that has to go for it; names have NAME_BYTES. */
static void keep_newest(int dir, struct entry *newest, size_t *len, const char *name,
			const struct timespec *used)
{
	size_t oldest = 0;

	if (*len < CACHE_ENTRIES) {
		newest[*len].used = *used;
		memcpy(newest[(*len)++].name, name, NAME_BYTES);
		return;
	}
	for (size_t i = 1; i < *len; i++)
		if (older(&newest[i].used, &newest[oldest].used))
			oldest = i;
	if (!older(&newest[oldest].used, used)) {
		unlinkat(dir, name, 0);
		return;
	}
	unlinkat(dir, newest[oldest].name, 0);
	newest[oldest].used = *used;
	memcpy(newest[oldest].name, name, NAME_BYTES);
}

/** Entries of rules and builds that are no more would pile up. */
static void purge(int dir)
{
	struct entry newest[CACHE_ENTRIES];
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	time_t now = time(NULL);
	struct dirent *e;
	size_t len = 0;
	struct stat st;

	if (!list) {
		fd_closep(&fd);
		return;
	}
	while ((e = readdir(list))) {
		if (fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (ends_with(e->d_name, SUFFIX) && strlen(e->d_name) + 1 == NAME_BYTES)
			keep_newest(dir, newest, &len, e->d_name, &st.st_mtim);
		else if (ends_with(e->d_name, UNFINISHED_SUFFIX) && strstr(e->d_name, SUFFIX ".") &&
			 st.st_mtim.tv_sec + UNFINISHED_SECONDS < now)
			unlinkat(dir, e->d_name, 0);
	}
	closedir(list);
}

void rule_cache_store(const struct rule_cache *cache, const struct rule_list *list,
		      const struct ruleset_image *image)
{
	CLEANUP(buf_done) struct buf file = BUF_INIT(IMAGE_FILE_MAX);
	CLEANUP(fd_closep) int dir = -1;
	uint8_t key[CHECKSUM_BYTES];
	char name[NAME_BYTES];

	dir = open_dir(cache);
	if (dir < 0 || !key_of(list, key) || !image_pack(image, key, &file))
		return;
	name_of(key, name);
	if (file_save(dir, name, file.data, file.len))
		purge(dir);
}
