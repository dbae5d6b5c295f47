/**
 * known.h - known values: a list that says whether it has a value, and nothing else
 *
 * A site makes one of the values it holds (staff numbers, warrant cards, case references),
 * and a rule's candidates are then confirmed by being on it.  The file has no values: it has
 * the first 16 bytes of an HMAC of each, under a key of the site's, with a salt of the
 * list's own.  Without the key it can neither be read nor be asked.  With it all values of a
 * small space can be tried: the key is what has to be kept (docs/SECURITY.md).
 *
 *     0   8  "ASSAYKV1"
 *     8   4  how values were normalised: 0 none, 1 digits, 2 alnum-upper, 3 email
 *    12   4  zero
 *    16   8  which key: an HMAC under it
 *    24  16  salt
 *    40   8  how many values
 *    48  16  seal: an HMAC over all the rest
 *    64      the values' HMACs, 16 bytes each, sorted, each once
 *
 * Numbers are little-endian.
 */
#ifndef KNOWN_H
#define KNOWN_H

#include "buf.h"
#include "keyed.h"
#include "rule.h"
#include "vec.h"

struct arena;

#define KNOWN_HEAD_BYTES ((size_t)64)
#define KNOWN_VALUES_MAX ((size_t)4 << 20)
#define KNOWN_FILE_MAX (KNOWN_HEAD_BYTES + KNOWN_VALUES_MAX * FP_BYTES)
#define KNOWN_SALT_BYTES 16
#define KNOWN_ID_BYTES 8

/** Values are compared up to here; no evidence is longer. */
#define KNOWN_VALUE_MAX ((size_t)4096)

struct known_list {
	const char *file;    /**< as the pack names it */
	const uint8_t *head; /**< the file; hashes follow */
	const uint8_t (*hashes)[FP_BYTES];
	size_t len;
	enum normalise normalise;
};

/** The key of all lists of a site, from its master key. */
void known_key(const uint8_t master[KEY_BYTES], uint8_t ret_key[KEY_BYTES]);

/**
 * @param data  borrowed by the list
 * @return      NULL, or what is wrong, as a phrase; a static string
 */
MUST_USE const char *known_parse(const void *data, size_t len, struct known_list *ret_list);

/** Read a list file whole; see terms_read() for the parameters. */
MUST_USE enum assay_status known_read(struct arena *arena, const char *name, const char *path,
				      const struct known_list **ret_list, struct assay_error *err);

/** Is it of this key, and as it was made?  Fails with a phrase for after "rule ID: ". */
MUST_USE const char *known_wrong(const struct known_list *list, const uint8_t key[KEY_BYTES]);

/**
 * @param mac    of the lists' key
 * @param value  normalised as the list says
 */
MUST_USE bool known_has(const struct known_list *list, struct keyed *mac, const char *value,
			size_t len);

/** Making one. */
struct known_maker {
	struct keyed mac;
	enum normalise normalise;
	uint8_t head[KNOWN_HEAD_BYTES];
	struct known_hash {
		uint8_t bytes[FP_BYTES];
	} * hashes;
	size_t len, cap;
};

enum known_added {
	KNOWN_ADDED,
	KNOWN_NOTHING_LEFT, /**< after it was normalised */
	KNOWN_FULL,         /**< or no memory */
};

MUST_USE bool known_maker_init(struct known_maker *m, const uint8_t key[KEY_BYTES],
			       enum normalise normalise);
void known_maker_done(struct known_maker *m);
MUST_USE enum known_added known_maker_add(struct known_maker *m, const char *value, size_t len);

/** Sort, count, seal.  @return  false without memory */
MUST_USE bool known_maker_write(struct known_maker *m, struct buf *ret_file);

#endif
