/** dict.h - how much memory a compressed stream will ask for, by its head; private */
#ifndef DICT_H
#define DICT_H

#include "base.h"

/** A decoder that wants more is not started: a worker's memory is bounded. */
#define DICT_MAX (UINT64_C(192) << 20)

/* Each 0 if the head does not tell. */
uint64_t dict_of_lzma(const uint8_t *head, size_t len);
uint64_t dict_of_lzip(const uint8_t *head, size_t len);
/** Of the first block; a later one may lie, and meets the worker's limit. */
uint64_t dict_of_xz(const uint8_t *head, size_t len);
/** Of the first frame.  libzstd refuses what is larger than its own ceiling. */
uint64_t dict_of_zstd(const uint8_t *head, size_t len);
/** LZMA and PPMd as they lie in a zip. */
uint64_t dict_of_zip_lzma(const uint8_t *head, size_t len);
uint64_t dict_of_zip_ppmd(const uint8_t *head, size_t len);

#endif
