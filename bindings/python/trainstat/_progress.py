"""A count of rows on the terminal while they pass."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

_Row = TypeVar("_Row")
_SECONDS = 0.2  # between two lines


def counted(rows: Iterable[_Row], shown: bool) -> Iterator[_Row]:
    """The same rows; on standard error their count where it is shown, by tqdm where it is installed."""
    if not shown:
        return iter(rows)
    try:
        from tqdm import tqdm
    except ImportError:
        return _counted_plainly(rows)
    return iter(tqdm(rows, unit=" rows", unit_scale=True, dynamic_ncols=True, leave=False, file=sys.stderr))


def _counted_plainly(rows: Iterable[_Row]) -> Iterator[_Row]:
    start = shown = time.monotonic()
    try:
        for count, row in enumerate(rows, 1):
            yield row
            now = time.monotonic()
            if now - shown >= _SECONDS:
                shown = now
                sys.stderr.write(f"\r{count} rows, {count / (now - start):.0f} a second ")
                sys.stderr.flush()
    finally:
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
