"""How rows get into a report: by batches, which the walk fills where it is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ._packing import Batch, Packer
from ._walking import Walk, walk_module

_REMEMBERED = 64  # kinds of reports
_KEPT = 2  # batches for each, of up to half a MiB


class Batches:
    """The batches of all reports with these columns. What was learned from rows stays with them."""

    def __init__(self, description: bytes) -> None:
        self.description = description  # of the report, as the library hands it out
        columns = self.columns()
        self.keys = [column["key"] for column in columns]
        self._packer = Packer(self.keys, [column["type"] for column in columns])
        self._free: list[Batch | Walk] = []

    def columns(self) -> list[dict[str, Any]]:
        """The caller's own."""
        columns: list[dict[str, Any]] = json.loads(self.description)["columns"]
        return columns

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


def batches_of(name: str, options: bytes, describe: Callable[[], bytes]) -> Batches:
    """Of the reports with that name and these options, which are described alike."""
    batches = _known.get((name, options))
    if batches is None:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        batches = _known[name, options] = _described(describe())
    return batches


_known: dict[tuple[str, bytes], Batches] = {}
_described = lru_cache(maxsize=_REMEMBERED)(Batches)
