/*
 * cms.c - signed messages (S/MIME, .p7m and .p7s): the security label of RFC 2634
 *
 * The label is an attribute that is signed with the message: a policy, a number, words.
 * It is found by its own identifier, whatever is around it; what was signed is left to
 * the strings, and what is encrypted is a gap.
 */
#include "carrier.h"
#include "fail.h"
#include "table.h"

#include <stdio.h>

#define LABELS_FOUND_MAX 64
#define LABEL_BYTES_MAX (16 * KiB)

enum { DER_INTEGER = 2, DER_OID = 6, DER_UTF8 = 0x0C, DER_PRINTABLE = 0x13, DER_SET = 0x31 };

struct der {
	unsigned tag;
	const uint8_t *data;
	size_t len;
};

/* The next element of *at, and past it; false if it is not whole. */
static bool der_next(const uint8_t **at, const uint8_t *end, struct der *ret)
{
	const uint8_t *p = *at;
	size_t len, bytes;

	if (end - p < 2)
		return false;
	ret->tag = p[0];
	len = p[1];
	p += 2;
	if (len & 0x80) {
		bytes = len & 0x7F;
		if (!bytes || bytes > 3 || (size_t)(end - p) < bytes)
			return false;
		for (len = 0; bytes--; p++)
			len = len << 8 | *p;
	}
	if (len > (size_t)(end - p))
		return false;
	ret->data = p;
	ret->len = len;
	*at = p + len;
	return true;
}

/* 1.2.826.0.1: two numbers in the first, seven bits a byte. */
static void oid_text(const struct der *d, struct buf *out)
{
	uint64_t n = 0;
	bool first = true;

	for (size_t i = 0; i < d->len; i++) {
		n = (n & (UINT64_MAX >> 8)) << 7 | (d->data[i] & 0x7F);
		if (d->data[i] & 0x80)
			continue;
		if (first)
			buf_printf(out, "%u.%u", (unsigned)MIN(n / 40, 2),
				   (unsigned)(n - 40 * MIN(n / 40, 2)));
		else
			buf_printf(out, ".%llu", (unsigned long long)n);
		first = false;
		n = 0;
	}
}

/* What the standard calls them; a policy may have more. */
static void classification_text(const struct der *d, struct buf *out)
{
	static const char *const names[] = { "UNMARKED",     "UNCLASSIFIED", "RESTRICTED",
					     "CONFIDENTIAL", "SECRET",       "TOP SECRET" };
	unsigned n = 0;

	if (!d->len || d->len > 2)
		return;
	for (size_t i = 0; i < d->len; i++)
		n = n << 8 | d->data[i];
	if (n < ARRAY_SIZE(names))
		buf_add_str(out, names[n]);
	else
		buf_printf(out, "%u", n);
}

static void words_text(const struct der *d, struct buf *out)
{
	buf_add(out, d->data, d->len);
}

static const struct {
	unsigned tag;
	const char *field;
	void (*text)(const struct der *d, struct buf *out);
} elements[] = {
	{ DER_OID, "ESSSecurityLabel policy", oid_text },
	{ DER_INTEGER, "ESSSecurityLabel", classification_text },
	{ DER_UTF8, "ESSSecurityLabel privacy mark", words_text },
	{ DER_PRINTABLE, "ESSSecurityLabel privacy mark", words_text },
};

/* @param at  where its content lies */
static enum assay_status send_element(struct carrier *c, const struct der *d, uint64_t at,
				      struct assay_error *err)
{
	CLEANUP(buf_done) struct buf text = BUF_INIT(LABEL_BYTES_MAX);
	struct segment seg = { .region = ASSAY_METADATA, .loc.part = "S/MIME" };

	for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
		if (elements[i].tag != d->tag)
			continue;
		seg.field = elements[i].field;
		elements[i].text(d, &text);
		carrier_sent(c, at, d->len);
		return carrier_text(c, &seg, text.data, text.len, err);
	}
	return ASSAY_OK;
}

/* Behind the identifier: a set of values, each a set of what a label is made of. */
static enum assay_status read_label(struct carrier *c, uint64_t at, struct assay_error *err)
{
	uint8_t copy[LABEL_BYTES_MAX];
	const uint8_t *view, *p = copy, *end;
	size_t got = carrier_view(c, at, sizeof(copy), &view);
	struct der values, label, element;
	enum assay_status st = ASSAY_OK;

	got = MIN(got, sizeof(copy));
	memcpy(copy, view, got);
	if (!der_next(&p, copy + got, &values) || values.tag != DER_SET)
		return ASSAY_OK;
	p = values.data;
	if (!der_next(&p, values.data + values.len, &label) || label.tag != DER_SET)
		return ASSAY_OK;
	p = label.data;
	end = label.data + label.len;
	while (st == ASSAY_OK && der_next(&p, end, &element))
		st = send_element(c, &element, at + (uint64_t)(element.data - copy), err);
	return st;
}

static bool is_encrypted(struct carrier *c)
{
	static const char enveloped[] = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03";
	const uint8_t *head;
	size_t len = carrier_view(c, 0, 32, &head);

	return memmem(head, MIN(len, 32), enveloped, sizeof(enveloped) - 1) != NULL;
}

static enum assay_status read_labels(struct carrier *c, struct assay_error *err)
{
	static const char mark[] = "\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x02";
	uint64_t at = 0;
	enum assay_status st = ASSAY_OK;

	for (unsigned n = 0; n < LABELS_FOUND_MAX && st == ASSAY_OK; n++) {
		at = carrier_find(c, at, mark, sizeof(mark) - 1);
		if (at == CARRIER_NOWHERE)
			break;
		at += sizeof(mark) - 1;
		st = read_label(c, at, err);
	}
	return st;
}

static enum assay_status cms_run(struct input *in, const struct extract_sink *sink,
				 struct assay_error *err)
{
	struct carrier c;
	enum assay_status st;

	carrier_init(&c, in, sink);
	st = read_labels(&c, err);
	if (st == ASSAY_OK && is_encrypted(&c))
		st = sink_gap(sink, ASSAY_ENCRYPTED, "the message is encrypted", err);
	if (st == ASSAY_OK)
		st = carrier_finish(&c, err);
	carrier_done(&c);
	return st;
}

static const char *const types[] = { "application/pkcs7-mime", NULL };

const struct extractor cms_extractor = {
	.name = "cms",
	.types = types,
	.wants_seek = true,
	.metadata_only = true,
	.run = cms_run,
};
