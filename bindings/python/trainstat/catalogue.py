"""The formats that the library knows, in its own words."""

from __future__ import annotations

import json
from ctypes import byref, c_size_t, c_void_p
from typing import Any

from ._handle import copied
from ._library import library
from ._signatures import Error
from .errors import failure


def formats() -> list[str]:
    """The names of all formats.

    >>> "eloomi.participants" in formats()
    True
    """
    names: list[str] = json.loads(_text(library().ts_format_list))
    return names


def describe(name: str, /) -> dict[str, Any]:
    """One format: its columns (key, type, presence, default, limits, choices, meaning), its options and row counts.

    >>> [column["key"] for column in describe("ekvio.errors")["columns"]]
    ['code', 'field', 'message']
    """
    if not isinstance(name, str):
        raise TypeError("the name of a format must be str")
    asked = name.encode("utf-8", "surrogatepass")
    described: dict[str, Any] = json.loads(_text(library().ts_format_describe, asked, len(asked)))
    return described


def _text(function: Any, *arguments: Any) -> bytes:
    text, length, error = c_void_p(), c_size_t(), Error()
    if function(*arguments, byref(text), byref(length), byref(error)):
        raise failure(error)
    return copied(text, length)
