/* network.c - IP and hardware addresses */
#include "scheme.h"

#include "hex.h"

#define PARTS 4

/** Dotted quad, no part above 255 or with a leading zero.  @return  false: it is not */
static bool read_quad(const char *text, size_t len, unsigned ret[PARTS])
{
	size_t at = 0;

	for (unsigned part = 0; part < PARTS; part++) {
		size_t first = at;
		unsigned value = 0;

		for (; at < len && is_digit(text[at]) && at - first < 4; at++)
			value = value * 10 + (unsigned)(text[at] - '0');
		if (at == first || at - first > 3 || (at - first > 1 && text[first] == '0') ||
		    value > 255)
			return false;
		ret[part] = value;
		if (part < PARTS - 1 && (at == len || text[at++] != '.'))
			return false;
	}
	return at == len;
}

/* What names no machine: 0/8, loopback, multicast, and 240/4 with every netmask. */
static enum verdict quad_verdict(const unsigned *quad)
{
	return quad[0] == 0 || quad[0] == 127 || quad[0] >= 224 ? VERDICT_REJECT
								: VERDICT_UNDECIDED;
}

/** Groups of up to four hex digits; one `::` for the missing; perhaps a quad at the end. */
static enum verdict ip6_verdict(const char *text, size_t len)
{
	unsigned groups = 0, quad[PARTS];
	bool gap = false, any = false;
	size_t at = 0;

	while (at < len) {
		size_t first = at;

		while (at < len && is_hex(text[at]))
			at++;
		if (at < len && text[at] == '.') {
			if (!read_quad(text + first, len - first, quad))
				return VERDICT_REJECT;
			groups += 2;
			any = true;
			break;
		}
		if (at - first > 4)
			return VERDICT_REJECT;
		groups += at > first;
		/* ::1 and :: are this very machine, whichever it is */
		any |= at - first > 1 || (at > first && text[first] > '1');
		if (at == len)
			break;
		if (text[at++] != ':')
			return VERDICT_REJECT;
		if (at < len && text[at] == ':') {
			if (gap)
				return VERDICT_REJECT;
			gap = true;
			at++;
			if (at < len && text[at] == ':')
				return VERDICT_REJECT;
		} else if (at == len || first + 1 == at) {
			return VERDICT_REJECT; /* a lone colon at an end */
		}
	}
	return any && (gap ? groups < 8 : groups == 8) ? VERDICT_UNDECIDED : VERDICT_REJECT;
}

enum verdict validate_ip(const char *value, size_t len)
{
	unsigned quad[PARTS];

	if (memchr(value, ':', len))
		return ip6_verdict(value, len);
	return read_quad(value, len, quad) ? quad_verdict(quad) : VERDICT_REJECT;
}

/* Six octets with one kind of separator, or Cisco's three groups. */
/** 52:54:00: what virtual machines are given. */
static bool is_virtual(const char *value)
{
	return memcmp(value, "52", 2) == 0 && memcmp(value + 3, "54", 2) == 0 &&
	       memcmp(value + 6, "00", 2) == 0;
}

enum verdict validate_mac(const char *value, size_t len)
{
	size_t group = len == 17 ? 2 : 4;
	char separator = len == 17 ? value[2] : '.';
	unsigned seen = 0;

	/* The second digit's lowest bit is set in addresses of groups: no machine's own. */
	if (len > 1 && strchr("13579bBdDfF", value[1]))
		return VERDICT_REJECT;
	if ((len != 17 && len != 14) || (len == 17 && separator != ':' && separator != '-'))
		return VERDICT_REJECT;
	for (size_t i = 0; i < len; i++) {
		if (i % (group + 1) == group) {
			if (value[i] != separator)
				return VERDICT_REJECT;
			continue;
		}
		if (!is_hex(value[i]))
			return VERDICT_REJECT;
		seen |= 1U << hex_value(value[i]);
	}
	/* Zeros, ones, 02:00:00:00:00:01: made up by hand. */
	return __builtin_popcount(seen) < 5 || is_virtual(value) ? VERDICT_REJECT
								 : VERDICT_UNDECIDED;
}
