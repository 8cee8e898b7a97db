"""The walk over rows of dicts: a module in C++ that draws many rows in one call and appends them in another. It is not needed, only fast.

It stands in the package or beside the library, and serves every CPython of the stable ABI.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from ctypes import CFUNCTYPE, POINTER, c_int32, c_uint64, c_void_p, cast
from functools import lru_cache
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from ._cells import SPELLED, UnknownKey, plain, plain_dict
from ._handle import Handle
from ._library import library
from ._packing import Packer
from ._signatures import Error

_SUFFIX = ".abi3.so"
_PACKAGE = Path(__file__).resolve().parent
# Of the report, the block, ts_row_append, the rows reached, the error: like a function of the library, which wants no GIL.
_AppendBlock = CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p, POINTER(c_uint64), POINTER(Error))


@lru_cache(maxsize=1)
def walk_module() -> ModuleType | None:
    """The module; None where it is not there or does not load."""
    if _SUFFIX not in EXTENSION_SUFFIXES:
        return None  # PyPy, and CPython without a GIL: they take no modules of the stable ABI, and must not be given one
    for folder in (_PACKAGE, Path(library()._name).parent):
        file = folder / f"_walk{_SUFFIX}"
        if folder.is_absolute() and file.is_file():  # else the system's loader found the library, who knows where
            try:
                return _loaded(str(file))
            except ImportError:
                continue
    return None


def _loaded(file: str) -> ModuleType:
    loader = ExtensionFileLoader("trainstat._walk", file)
    spec = spec_from_file_location("trainstat._walk", file, loader=loader)
    if spec is None:
        raise ImportError(file)
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


class Walk:
    """As _packing.Batch, by the module."""

    fill: Callable[[Iterator[Any], int], bool]
    clear: Callable[[], None]

    def __init__(self, module: ModuleType, packer: Packer) -> None:
        self._walk = walk = module.Walk(packer.columns, packer.types, SPELLED, plain, plain_dict, packer.spread)
        self.fill, self.clear, self._block = walk.fill, walk.clear, walk.block
        self._append_block = _AppendBlock(module.append_block)
        self._append = cast(library().ts_row_append, c_void_p)

    @property
    def count(self) -> int:
        """The rows in it."""
        count: int = self._walk.count
        return count

    @property
    def unknown(self) -> dict[int, UnknownKey]:
        """By row: a key that no column has."""
        unknown: dict[int, UnknownKey] = self._walk.unknown
        return unknown

    def cross(self, handle: Handle, reached: Any) -> Error | None:
        """Appends them to the report; ``reached`` becomes the number of those before the refused one."""
        return handle.attempt(self._append_block, self._block, self._append, reached)
