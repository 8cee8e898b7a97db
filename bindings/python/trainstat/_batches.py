"""How rows get into a report: by batches, which the walk fills where it is there."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from ._packing import Batch, Packer
from ._walking import Walk, walk_module

_REMEMBERED = 64  # descriptions
_KEPT = 2  # batches for each, of up to half a MiB


class Batches:
    """The batches of all reports with these columns. What was learned from rows stays with them."""

    def __init__(self, columns: list[dict[str, Any]]) -> None:
        self.keys = [column["key"] for column in columns]
        self._packer = Packer(self.keys, [column["type"] for column in columns])
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
def batches_of(description: bytes) -> Batches:
    """Of the reports that are described so."""
    return Batches(json.loads(description)["columns"])
