/** assay.h - the whole public interface of libassay */
#ifndef ASSAY_ASSAY_H
#define ASSAY_ASSAY_H

#include <assay/error.h>
#include <assay/ruleset.h>
#include <assay/scan.h>
#include <assay/types.h>

#endif
