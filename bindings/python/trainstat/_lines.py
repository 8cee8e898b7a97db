"""Rows from lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any


class Lines:
    """The rows of ndjson lines, empty ones left out; a line that holds no row goes to ``on_unreadable`` with its number from 1.

    >>> unreadable = []
    >>> list(Lines([b'{"id": 15}', b'[15]', b'{"id": 1, "id": 2}'], lambda number, why: unreadable.append((number, why))))
    [{'id': 15}]
    >>> unreadable
    [(2, 'a row must be a JSON object'), (3, 'a key stands twice')]
    """

    def __init__(self, lines: Iterable[bytes], on_unreadable: Callable[[int, str], None]) -> None:
        self._lines = lines
        self._on_unreadable = on_unreadable

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for number, line in enumerate(self._lines, 1):
            if line.isspace():
                continue
            try:
                row = _decoder.decode(line.decode("utf-8"))
            except _Refused as refused:
                self._on_unreadable(number, str(refused))
            except (ValueError, RecursionError):
                self._on_unreadable(number, "a row must be a JSON object in UTF-8")
            else:
                if isinstance(row, dict):
                    yield row
                else:
                    self._on_unreadable(number, "a row must be a JSON object")


class _Refused(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise _Refused("a key stands twice")  # which one is not told: it may stand inside a cell
    return row


def _constant(name: str) -> Any:
    raise _Refused(f"{name} is no JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
