"""Bytes of Python's objects, lent to the library without a copy."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_int, c_ssize_t, c_void_p
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer


class _View(ctypes.Structure):
    """Py_buffer, of the stable ABI."""

    _fields_ = [
        ("bytes", c_void_p),
        ("owner", c_void_p),
        ("length", c_ssize_t),
        ("item_size", c_ssize_t),
        ("is_readonly", c_int),
        ("dimensions", c_int),
        ("format", c_void_p),
        ("shape", c_void_p),
        ("strides", c_void_p),
        ("suboffsets", c_void_p),
        ("internal", c_void_p),
    ]


_SIMPLE = 0  # one run of bytes, for reading
_get = ctypes.PYFUNCTYPE(c_int, ctypes.py_object, POINTER(_View), c_int)(("PyObject_GetBuffer", ctypes.pythonapi))
_release = ctypes.PYFUNCTYPE(None, POINTER(_View))(("PyBuffer_Release", ctypes.pythonapi))


@contextmanager
def borrowed(data: Buffer) -> Iterator[tuple[c_char_p, int]]:
    """Address and length of what bytes, a bytearray, a memoryview or the like hold; none of them moves meanwhile.

    >>> with borrowed(memoryview(b"abc")[1:]) as (address, length):
    ...     address.value[:length]
    b'bc'
    """
    view = _View()
    _get(data, byref(view), _SIMPLE)
    try:
        yield c_char_p(view.bytes), view.length
    finally:
        _release(byref(view))
