/* fuzz_rules_known.c - any bytes as a list of known values: refused, or asked within bounds */
#include "known.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t key[KEY_BYTES] = { 0 };
	struct known_list list;
	struct keyed mac;

	if (known_parse(data, size, &list))
		return 0;
	if (KNOWN_HEAD_BYTES + list.len * FP_BYTES != size || list.normalise > NORMALISE_EMAIL)
		abort();
	keyed_init(&mac, key);
	/* What they say is not looked at: the fuzzer reads over memcmp's shoulder. */
	if (!known_wrong(&list, key) || known_has(&list, &mac, "value", 5))
		return 0;
	return 0;
}
