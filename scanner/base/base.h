/**
 * base.h - the few things every file needs
 */
#ifndef BASE_H
#define BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <assay/error.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/** Release by scope: CLEANUP(fd_closep) int fd = open(...); */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

#define KiB ((size_t)1024)
#define MiB (1024 * KiB)

#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/** Close and forget; a negative descriptor is left alone. */
static inline void fd_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/**
 * Write all of it, also where signals arrive; a pipe that is not to block is waited for.
 *
 * @return  0 or negative errno: then some of it may have been written
 */
MUST_USE int fd_write_all(int fd, const void *data, size_t len);

/** Take a descriptor out of its holder, so that scope does not close it. */
static inline int fd_steal(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

/** For CLEANUP on a pointer from malloc(). */
static inline void mem_freep(void *holder)
{
	void **p = holder;

	free(*p);
	*p = NULL;
}

/** Take a pointer out of its holder: return steal(&p); */
#define steal(holder) \
	__extension__({ \
		__typeof__(*(holder)) taken_ = *(holder); \
		*(holder) = NULL; \
		taken_; \
	})

/** Monotonic time in nanoseconds. */
static inline uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* ASCII only, whatever the locale. */
static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

static inline bool is_upper(char c)
{
	return (unsigned char)(c - 'A') < 26;
}

static inline bool is_lower(char c)
{
	return (unsigned char)(c - 'a') < 26;
}

static inline bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

static inline bool is_alnum(char c)
{
	return is_digit(c) || is_letter(c);
}

/** Space, tab, line ends, form feed. */
static inline bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/** Two line feeds with nothing but space between them. */
static inline bool has_blank_line(const char *p, const char *end)
{
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		for (p++; p < end && (*p == ' ' || *p == '\t' || *p == '\r'); p++)
			;
		if (p < end && *p == '\n')
			return true;
	}
	return false;
}

static inline char to_lower(char c)
{
	return is_upper(c) ? (char)(c | 0x20) : c;
}

static inline char to_upper(char c)
{
	return is_lower(c) ? (char)(c & ~0x20) : c;
}

#endif
