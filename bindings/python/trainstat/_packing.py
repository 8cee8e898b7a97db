"""Rows into the packed batch of trainstat.h, where the walk over them (see _walking.py) is not there, and what that leaves over.

This is a hot path: a few C-level calls a row, and no loop over its cells.

A report meets few kinds of rows: the same keys, and the same types but for a null here and there. So the keys lead to a Keys
(built once), and the types of the values to a Layout, a function that packs just such values (built once):

    row -> values in cell order -> their types -> Layout -> bytes

Values of other types, integers beyond 64 bits and texts with lone surrogates take the slow way through plain() first.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from ._cells import Foreign, IllFormed, UnknownKey, plain, plain_dict
from ._handle import Handle
from ._library import library
from ._signatures import Error, Kind

_HEAD = struct.Struct("<4sI")
_KIND_OF = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    str: Kind.TEXT,
    IllFormed: IllFormed.kind,
    Foreign: Foreign.kind,
    UnknownKey: UnknownKey.kind,
}
_WITH_BYTES = (Kind.TEXT, Kind.FOREIGN)
_INTEGER, _NUMBER, _COUNT = struct.Struct("<q").pack, struct.Struct("<d").pack, struct.Struct("<I").pack

# How much is remembered: rows that never repeat must not grow the memory. A layout takes about 5 KiB.
_KEYS, _LAYOUTS = 64, 512

# How much a batch holds.
_BATCH_ROWS, _BATCH_BYTES = 512, 1 << 20

Values = tuple[Any, ...]
Pick = Callable[[Any], Values]
Layout = Callable[[Values], bytes]


def batch(rows: Sequence[bytes]) -> bytes:
    """The packed batch of these packed rows."""
    return b"".join((_HEAD.pack(b"TSB1", len(rows)), *rows))


class Keys:
    """Rows with one set of keys."""

    def __init__(self, given: tuple[Any, ...], columns: Mapping[str, int]) -> None:
        known = sorted((key for key in given if key in columns), key=columns.__getitem__)
        self.cells = [columns[key] for key in known]
        self.size = len(given)
        self.pick = picker(known)
        unknown = [key for key in given if key not in columns]
        self.unknown = UnknownKey(unknown[0]) if unknown else None
        if self.unknown:
            self.cells.append(len(columns))
        self.layouts: dict[tuple[type, ...], Layout | None] = {}


class Packer:
    """Packs the rows of reports with these columns."""

    def __init__(self, keys: Sequence[str], types: Sequence[str]) -> None:
        self.columns = {key: index for index, key in enumerate(keys)}
        self.types = (*types, "")  # one more for an unknown key
        self._keys: dict[tuple[object, ...], Keys] = {}
        self._last = Keys((), self.columns)

    def pack(self, row: dict[Any, Any]) -> tuple[bytes, UnknownKey | None]:
        """One row, and the key of it that no column has."""
        keys = self._last
        try:
            if len(row) != keys.size:
                raise KeyError
            values = keys.pick(row)  # as many keys as the last row had, and each of those: the same keys
        except KeyError:
            keys = self._keys_of(row)
            values = keys.pick(row)
        if keys.unknown:
            values += (keys.unknown,)
        layout = keys.layouts.get(tuple(map(type, values)))
        if layout:
            try:
                return layout(values), keys.unknown
            except (UnicodeEncodeError, struct.error):
                pass  # lone surrogates, an integer beyond 64 bits
        return self._pack_slowly(keys, values), keys.unknown

    def spread(self, row: dict[Any, Any]) -> tuple[list[int], Values, UnknownKey | None]:
        """The cells of a row, their values, and the key of it that no column has, whose cell is the one behind the last."""
        keys = self._keys_of(row)
        values = keys.pick(row)
        return keys.cells, (*values, keys.unknown) if keys.unknown else values, keys.unknown

    def _pack_slowly(self, keys: Keys, values: Values) -> bytes:
        values = tuple(plain(value, self.types[cell]) for value, cell in zip(values, keys.cells))
        types = tuple(map(type, values))
        layout = keys.layouts.get(types)
        if layout is None and types in keys.layouts:
            layout = keys.layouts[types] = layout_of(keys.cells, types)
        elif layout is None and len(keys.layouts) < _LAYOUTS:
            keys.layouts[types] = None  # worth compiling when it comes again
        return layout(values) if layout else packed_once(keys.cells, values)

    def _keys_of(self, row: dict[Any, Any]) -> Keys:
        given = tuple(row)
        keys = self._keys.get(given)
        if keys is None:
            keys = Keys(given, self.columns)
            if keys.unknown:
                return keys
            if len(self._keys) >= _KEYS:
                self._keys.clear()
            self._keys[given] = keys
        self._last = keys
        return keys


class Batch:
    """Rows on their way into a report: filled, then crossing."""

    def __init__(self, packer: Packer) -> None:
        self._packer = packer
        self._rows: list[bytes] = []
        self.unknown: dict[int, UnknownKey] = {}  # by row: a key that no column has

    @property
    def count(self) -> int:
        """The rows in it."""
        return len(self._rows)

    def clear(self) -> None:
        """Forgets them."""
        self._rows, self.unknown = [], {}

    def fill(self, rows: Iterator[Any], taken: int) -> bool:
        """Packs rows, of which so many were taken before, until it is full: whether there may be more."""
        self.clear()
        size = 0
        for row in rows:
            packed, key = self._packer.pack(row if type(row) is dict else plain_dict(row, f"element {taken + len(self._rows)}"))
            if key:
                self.unknown[len(self._rows)] = key
            self._rows.append(packed)
            size += len(packed)
            if size >= _BATCH_BYTES or len(self._rows) >= _BATCH_ROWS:
                return True
        return False

    def cross(self, handle: Handle, reached: Any) -> Error | None:
        """Appends them to the report; ``reached`` becomes the number of those before the refused one."""
        packed = batch(self._rows)
        return handle.attempt(library().ts_batch_append, packed, len(packed), reached)


def packed_once(cells: Sequence[int], values: Values) -> bytes:
    """A row of plain values, packed without a layout."""
    kinds = bytearray(cells[-1] + 1 if cells else 0)
    slots, texts = [], []
    for cell, value in zip(cells, values):
        kind = kinds[cell] = _KIND_OF[type(value)]
        if kind in _WITH_BYTES:
            texts.append(value.encode())
            slots.append(_INTEGER(len(texts[-1])))
        elif kind is not Kind.NULL:
            slots.append(_NUMBER(value) if kind is Kind.NUMBER else _INTEGER(value))
    return b"".join((_COUNT(len(kinds)), kinds, *slots, *texts))


def layout_of(cells: Sequence[int], types: Sequence[type]) -> Layout:
    """Packs the values of a row whose given cells have these types.

    It is compiled, as a named tuple's methods are: straight code is a quarter faster than any loop or picking. For an integer, a
    null and a text in the first three columns it reads

        def pack_row(values):
            v0, v1, v2 = values
            v2 = v2.encode()
            return join((pack(head, v0, len(v2)), v2))
    """
    kinds = bytearray(cells[-1] + 1 if cells else 0)
    names = [f"v{position}" for position in range(len(types))]
    texts, slots, form = [], [], ""
    for name, cell, of in zip(names, cells, types):
        kind = _KIND_OF[of]
        kinds[cell] = kind
        if kind in _WITH_BYTES:
            texts.append(name)
            slots.append(f"len({name})")
        elif kind is not Kind.NULL:
            slots.append(name)
        else:
            continue
        form += "d" if kind is Kind.NUMBER else "q"
    head = _COUNT(len(kinds)) + kinds
    lines = [
        "def pack_row(values):",
        f" [{', '.join(names)}] = values",
        *(f" {name} = {name}.encode()" for name in texts),
        f" return join((pack({', '.join(['head', *slots])}), {''.join(f'{name}, ' for name in texts)}))",
    ]
    made: dict[str, Any] = {"join": b"".join, "pack": struct.Struct(f"<{len(head)}s{form}").pack, "head": head}
    exec("\n".join(lines), made)  # nothing in it but positions
    pack_row: Layout = made["pack_row"]
    return pack_row


def picker(names: Sequence[Any]) -> Pick:
    """itemgetter, but a tuple always."""
    if len(names) > 1:
        return itemgetter(*names)
    if names:
        name = names[0]
        return lambda values: (values[name],)
    return lambda values: ()
