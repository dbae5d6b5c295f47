#!/bin/bash
# test_quality.sh ASSAY SOURCE - precision and recall of every rule on a generated corpus.
# ASSAY_TEST_FULL=1: at full size, from a seed that is new every time and printed.
set -euo pipefail
size=(--seed 1)
[ -z "${ASSAY_TEST_FULL:-}" ] || size=(--seed new --positives 400 --near 1000)
export PYTHONDONTWRITEBYTECODE=1
exec python3 "$2/tests/quality/quality.py" "$1" "${size[@]}"
