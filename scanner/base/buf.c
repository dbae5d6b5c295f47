/* buf.c - growing bytes */
#include "buf.h"

#include <stdarg.h>
#include <stdio.h>

void buf_done(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ .limit = b->limit };
}

char *buf_reserve(struct buf *b, size_t more)
{
	size_t cap = b->cap ? b->cap : 64;
	char *data;

	if (more > b->limit || b->len > b->limit - more) {
		b->failed = true;
		return NULL;
	}
	if (b->len + more < b->cap)
		return b->data + b->len;
	while (cap <= b->len + more)
		cap *= 2;
	data = realloc(b->data, cap);
	if (!data) {
		b->failed = true;
		return NULL;
	}
	b->data = data;
	b->cap = cap;
	return data + b->len;
}

bool buf_add(struct buf *b, const void *data, size_t len)
{
	char *at = buf_reserve(b, len);

	if (!at)
		return false;
	if (len)
		memcpy(at, data, len);
	b->len += len;
	b->data[b->len] = '\0';
	return true;
}

bool buf_add_byte(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

bool buf_add_str(struct buf *b, const char *text)
{
	return buf_add(b, text, strlen(text));
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	char *at;
	int need;

	va_start(args, fmt);
	need = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	at = need < 0 ? NULL : buf_reserve(b, (size_t)need);
	if (!at)
		return false;
	va_start(args, fmt);
	vsnprintf(at, (size_t)need + 1, fmt, args);
	va_end(args);
	b->len += (size_t)need;
	return true;
}
