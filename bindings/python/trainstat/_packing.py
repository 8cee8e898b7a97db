"""Rows into the packed batch of trainstat.h. This is the hot path: a few C-level calls a row, and no loop over its cells.

A report meets few kinds of rows: the same keys, and the same types but for a null here and there. So the keys lead to a Keys
(built once), the types of the values to a Layout (built once), and the rest is picking and struct.pack:

    row -> pick values in cell order -> their types -> Layout: head, kinds, where slots and texts are -> bytes

Values of other types, integers beyond 64 bits and texts with lone surrogates take the slow way through plain() first.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from ._cells import Foreign, IllFormed, UnknownKey, plain
from ._signatures import Kind

_HEAD = struct.Struct("<4sI")
_KIND_OF = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    str: Kind.TEXT,
    IllFormed: Kind.TEXT,
    Foreign: Kind.FOREIGN,
    UnknownKey: Kind.FOREIGN,
}
_WITH_BYTES = (Kind.TEXT, Kind.FOREIGN)
_REMEMBERED = 1024  # layouts and sets of keys; rows that never repeat must not grow the memory

Values = tuple[Any, ...]
Pick = Callable[[Any], Values]
Layout = tuple[Callable[..., bytes], Pick, Pick]


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
        self.layouts: dict[tuple[type, ...], Layout] = {}


class Packer:
    """Packs the rows of reports with these columns."""

    def __init__(self, keys: Sequence[str], types: Sequence[str]) -> None:
        self._columns = {key: index for index, key in enumerate(keys)}
        self._types = [*types, ""]  # one more for an unknown key
        self._keys: dict[tuple[object, ...], Keys] = {}
        self._last = Keys((), self._columns)

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
            pack, pick_texts, pick_slots = layout
            try:
                texts = [text.encode() for text in pick_texts(values)]
                return b"".join((pack(*pick_slots(values + tuple(map(len, texts)))), *texts)), keys.unknown
            except (UnicodeEncodeError, struct.error):
                pass  # lone surrogates, an integer beyond 64 bits
        return self._pack_slowly(keys, values), keys.unknown

    def _pack_slowly(self, keys: Keys, values: Values) -> bytes:
        values = tuple(plain(value, self._types[cell]) for value, cell in zip(values, keys.cells))
        types = tuple(map(type, values))
        layout = keys.layouts.get(types)
        if layout is None:
            layout = layout_of(keys.cells, types)
            if len(keys.layouts) >= _REMEMBERED:
                keys.layouts.clear()
            keys.layouts[types] = layout
        pack, pick_texts, pick_slots = layout
        texts = [text.encode() for text in pick_texts(values)]
        return b"".join((pack(*pick_slots(values + tuple(map(len, texts)))), *texts))

    def _keys_of(self, row: dict[Any, Any]) -> Keys:
        given = tuple(row)
        keys = self._keys.get(given)
        if keys is None:
            keys = Keys(given, self._columns)
            if keys.unknown:
                return keys
            if len(self._keys) >= _REMEMBERED:
                self._keys.clear()
            self._keys[given] = keys
        self._last = keys
        return keys


@lru_cache(maxsize=_REMEMBERED)
def packer_of(keys: tuple[str, ...], types: tuple[str, ...]) -> Packer:
    """Reports with the same columns share what was learned."""
    return Packer(keys, types)


def layout_of(cells: Sequence[int], types: Sequence[type]) -> Layout:
    """How a row whose given cells have these types is packed: struct.pack, where its texts are, where its slots are.

    The slots are picked from the values with the texts' lengths behind them.
    """
    kinds = bytearray(cells[-1] + 1 if cells else 0)
    texts: list[int] = []
    slots: list[int] = []
    form = ""
    for position, (cell, of) in enumerate(zip(cells, types)):
        kind = _KIND_OF[of]
        kinds[cell] = kind
        if kind in _WITH_BYTES:
            slots.append(len(types) + len(texts))
            texts.append(position)
        elif kind is not Kind.NULL:
            slots.append(position)
        else:
            continue
        form += "d" if kind is Kind.NUMBER else "q"
    head = struct.pack("<I", len(kinds)) + kinds
    return partial(struct.Struct(f"<{len(head)}s{form}").pack, head), picker(texts), picker(slots)


def picker(names: Sequence[Any]) -> Pick:
    """itemgetter, but a tuple always."""
    if len(names) > 1:
        return itemgetter(*names)
    if names:
        name = names[0]
        return lambda values: (values[name],)
    return lambda values: ()
