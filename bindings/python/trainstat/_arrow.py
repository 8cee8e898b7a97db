"""Rows of any object with __arrow_c_stream__: the stream is driven from here, so that a report can be read between its arrays.

Nothing is looked at but the length of an array: what is in it, the library reads where it lies.
"""

from __future__ import annotations

import ctypes
from collections.abc import Container, Iterator
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_int64, c_void_p
from typing import Any, Protocol, runtime_checkable

from ._signatures import Status
from .errors import TrainstatError

_ARRAY_ROWS = 1024  # appended at once: about a megabyte of document, which stays in a cache until it is read

_pointer_of = ctypes.PYFUNCTYPE(c_void_p, ctypes.py_object, c_char_p)(("PyCapsule_GetPointer", ctypes.pythonapi))


# The structures of Arrow's C interface. A function type of ctypes lets other threads run during a call, as the producers expect.
class ArrowSchema(ctypes.Structure):
    pass


class ArrowArray(ctypes.Structure):
    pass


class ArrowArrayStream(ctypes.Structure):
    pass


ArrowSchema._fields_ = [
    ("format", c_char_p),
    ("name", c_char_p),
    ("metadata", c_void_p),
    ("flags", c_int64),
    ("n_children", c_int64),
    ("children", POINTER(POINTER(ArrowSchema))),
    ("dictionary", c_void_p),
    ("release", CFUNCTYPE(None, POINTER(ArrowSchema))),
    ("private_data", c_void_p),
]
ArrowArray._fields_ = [
    ("length", c_int64),
    ("null_count", c_int64),
    ("offset", c_int64),
    ("n_buffers", c_int64),
    ("n_children", c_int64),
    ("buffers", c_void_p),
    ("children", c_void_p),
    ("dictionary", c_void_p),
    ("release", CFUNCTYPE(None, POINTER(ArrowArray))),
    ("private_data", c_void_p),
]
ArrowArrayStream._fields_ = [
    ("get_schema", CFUNCTYPE(c_int, POINTER(ArrowArrayStream), POINTER(ArrowSchema))),
    ("get_next", CFUNCTYPE(c_int, POINTER(ArrowArrayStream), POINTER(ArrowArray))),
    ("get_last_error", CFUNCTYPE(c_char_p, POINTER(ArrowArrayStream))),
    ("release", CFUNCTYPE(None, POINTER(ArrowArrayStream))),
    ("private_data", c_void_p),
]


@runtime_checkable
class ArrowRows(Protocol):
    """What has columns that cross as they lie."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


class Stream:
    """One stream: (schema, array, first row, number of rows) again and again, where the first array is None.

    What was taken from the producer is given back at the end of each step, or of the iteration.
    """

    def __init__(self, rows: ArrowRows) -> None:
        self._capsule = rows.__arrow_c_stream__()  # owns the stream, and releases it
        self._stream = ArrowArrayStream.from_address(_pointer_of(self._capsule, b"arrow_array_stream"))
        if not (self._stream.release and self._stream.get_schema and self._stream.get_next):
            raise TrainstatError("the Arrow stream is released", Status.INVALID_ARGUMENT)
        self._schema = ArrowSchema()

    def stranger(self, keys: Container[str]) -> str | None:
        """The first name of the schema that is none of the keys."""
        schema = self._schema
        for child in range(schema.n_children if schema.release else 0):
            name = (schema.children[child].contents.name or b"").decode("utf-8", "replace")
            if name not in keys:
                return name
        return None

    def __iter__(self) -> Iterator[tuple[Any, Any, int, int]]:
        schema = self._schema
        try:
            self._ask(self._stream.get_schema, schema)
            yield byref(schema), None, 0, 0
            while True:
                array = ArrowArray()
                try:
                    self._ask(self._stream.get_next, array)
                    if not array.release:
                        return
                    for first in range(0, max(array.length, 1), _ARRAY_ROWS):  # one of no rows, or of fewer, is looked at, too
                        yield byref(schema), byref(array), first, min(_ARRAY_ROWS, array.length - first)
                finally:
                    _release(array)
        finally:
            _release(schema)

    def _ask(self, function: Any, result: ctypes.Structure) -> None:
        number = function(byref(self._stream), byref(result))
        if number:
            message = f"the producer of the Arrow stream failed with error {number}"
            raise TrainstatError(message, Status.STREAM_FAILED, number) from self._cause(number)

    def _cause(self, number: int) -> OSError | None:
        said = self._stream.get_last_error(byref(self._stream)) if self._stream.get_last_error else None
        return OSError(number, said.decode("utf-8", "replace")) if said else None


def _release(structure: ArrowSchema | ArrowArray) -> None:
    if structure.release:
        structure.release(byref(structure))
