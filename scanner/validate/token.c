/* token.c - access tokens with a fixed prefix: real ones look random */
#include "scheme.h"

/** Longest run of one byte that a random token may hold. */
#define REPEAT_MAX 5
/** Random tokens have more different bytes than this in their first 64. */
#define DISTINCT_MIN 6
#define DISTINCT_WITHIN ((size_t)64)

/** As sample text writes them: xxxxxxxx, 1234567890..., all one letter. */
static bool looks_random(const char *text, size_t len)
{
	bool seen[256] = { false };
	unsigned distinct = 0;
	size_t repeat = 1;

	for (size_t i = 0; i < MIN(len, DISTINCT_WITHIN); i++) {
		distinct += !seen[(unsigned char)text[i]];
		seen[(unsigned char)text[i]] = true;
		repeat = i && text[i] == text[i - 1] ? repeat + 1 : 1;
		if (repeat > REPEAT_MAX)
			return false;
	}
	return distinct > DISTINCT_MIN;
}

/** What follows the last `_` or `-` of a prefix within the first `within` bytes. */
static size_t prefix_of(const char *value, size_t len, size_t within)
{
	size_t prefix = 0;

	for (size_t i = 0; i < MIN(len, within); i++)
		if (value[i] == '_' || value[i] == '-')
			prefix = i + 1;
	return prefix;
}

enum verdict validate_token(const char *value, size_t len)
{
	size_t prefix = prefix_of(value, len, 8);

	return looks_random(value + prefix, len - prefix) ? VERDICT_UNDECIDED : VERDICT_REJECT;
}

/** TEST_DATA_BASE64: what a program calls a value. */
static bool is_constant(const char *value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_upper(value[i]) && !is_digit(value[i]) && value[i] != '_')
			return false;
	return memchr(value, '_', len);
}

/* Its label alone tells it: then it is neither a filler nor what stands for a password. */
enum verdict validate_labelled_key(const char *value, size_t len)
{
	return looks_random(value, len) && !is_constant(value, len) ? validate_password(value, len)
								    : VERDICT_REJECT;
}

/* Four letters of a kind, then sixteen of base 32. */
enum verdict validate_aws_key(const char *value, size_t len)
{
	static const char *const kinds[] = { "AKIA", "ASIA", "ABIA", "ACCA" };

	if (len != 20 || (!is_listed(value, 4, kinds, ARRAY_SIZE(kinds)) &&
			  (memcmp(value, "A3T", 3) != 0 || !has_form(value + 3, 1, "*"))))
		return VERDICT_REJECT;
	for (size_t i = 4; i < len; i++)
		if (!is_upper(value[i]) && (value[i] < '2' || value[i] > '7'))
			return VERDICT_REJECT;
	return looks_random(value + 4, 16) ? VERDICT_UNDECIDED : VERDICT_REJECT;
}

/** CRC-32 (ISO 3309), bit by bit: tokens are short. */
static uint32_t crc32_of(const char *text, size_t len)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < len; i++) {
		crc ^= (unsigned char)text[i];
		for (unsigned bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xEDB88320U & (0U - (crc & 1)));
	}
	return ~crc;
}

/** Six places of base 62, the highest first. */
static bool is_base62_of(const char *six, uint32_t number)
{
	static const char digits[] =
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	for (size_t i = 6; i-- > 0; number /= 62)
		if (six[i] != digits[number % 62])
			return false;
	return true;
}

/* Classic tokens end in a checksum of what stands before it; a token without it is
 * left open, for servers of one's own may make others. */
enum verdict validate_github_token(const char *value, size_t len)
{
	if (validate_token(value, len) == VERDICT_REJECT)
		return VERDICT_REJECT;
	if (len == 40 && is_base62_of(value + 34, crc32_of(value + 4, 30)))
		return VERDICT_CONFIRM;
	return VERDICT_UNDECIDED;
}
