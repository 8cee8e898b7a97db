"""How rows get into a report: by batches, which the walk fills where it is there."""

from __future__ import annotations

from functools import lru_cache

from ._packing import Batch, Packer
from ._walking import Walk, walk_module

_REMEMBERED = 64  # reports of different columns: rows that never repeat must not grow the memory
_KEPT = 2  # batches for each, of up to half a MiB


class Batches:
    """The batches of all reports with these columns. What was learned from the rows stays with them."""

    def __init__(self, keys: tuple[str, ...], types: tuple[str, ...]) -> None:
        self._packer = Packer(keys, types)
        self._free: list[Batch | Walk] = []

    def take(self) -> Batch | Walk:
        """One that nobody else has."""
        try:
            return self._free.pop()
        except IndexError:
            module = walk_module()
            return Batch(self._packer) if module is None else Walk(module, self._packer)

    def give_back(self, batch: Batch | Walk) -> None:
        """It is taken again by another call."""
        batch.clear()
        if len(self._free) < _KEPT:
            self._free.append(batch)


@lru_cache(maxsize=_REMEMBERED)
def batches_of(keys: tuple[str, ...], types: tuple[str, ...]) -> Batches:
    """Reports with the same columns share them."""
    return Batches(keys, types)
