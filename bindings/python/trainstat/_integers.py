"""Integers that ctypes would cut without a word."""

from __future__ import annotations

import operator
from typing import SupportsIndex

INT64 = (-(2**63), 2**63 - 1)
UINT64 = (0, 2**64 - 1)


def integer(value: SupportsIndex, what: str, limits: tuple[int, int]) -> int:
    """The integer, within its limits."""
    if isinstance(value, bool):
        raise TypeError(f"{what} must be an integer")
    number = operator.index(value)
    if not limits[0] <= number <= limits[1]:
        raise ValueError(f"{what} must be an integer in {limits[0]}..{limits[1]}")
    return number
