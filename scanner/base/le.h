/** le.h - numbers as most formats store them: the low byte first, at any address */
#ifndef LE_H
#define LE_H

#include "base.h"

static inline uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t le32(const uint8_t *p)
{
	return le16(p) | (uint32_t)le16(p + 2) << 16;
}

static inline uint64_t le64(const uint8_t *p)
{
	return le32(p) | (uint64_t)le32(p + 4) << 32;
}

static inline void put_le64(uint8_t ret[8], uint64_t n)
{
	for (unsigned i = 0; i < 8; i++)
		ret[i] = (uint8_t)(n >> (8 * i));
}

#endif
