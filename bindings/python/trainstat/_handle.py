"""One ts_report: opened, called by one thread at a time, closed exactly once."""

from __future__ import annotations

import ctypes
import os
import threading
from ctypes import byref, c_size_t, c_void_p
from typing import Any

from ._library import library
from ._signatures import Error
from .errors import TrainstatError, failure

# ctypes.string_at takes a C int: 2 GiB is too much for it.
_bytes_of = ctypes.PYFUNCTYPE(ctypes.py_object, c_void_p, ctypes.c_ssize_t)(("PyBytes_FromStringAndSize", ctypes.pythonapi))


def copied(address: c_void_p, length: c_size_t) -> bytes:
    """The library's borrowed text as bytes of our own."""
    text: bytes = _bytes_of(address.value, length.value) if length.value else b""
    return text


class Handle:
    """Guards the pointer: ctypes releases the GIL during a call, and the library wants one thread at a time.

    Threads wait for each other. A signal handler that interrupts a call of its own thread is refused: it would wait for itself, or
    take the text away that is being copied.
    """

    def __init__(self, name: bytes, options: bytes) -> None:
        self._pointer: int | None = None
        self._turn = threading.RLock()
        self._inside = False
        self._process = os.getpid()
        self._library = library()
        opened, error = c_void_p(), Error()
        if self._library.ts_report_open(name, len(name), options, len(options), byref(opened), byref(error)):
            raise failure(error)
        self._pointer = opened.value

    def call(self, function: Any, *arguments: Any) -> Error | None:
        """Calls it with the report, the arguments and an error: None, or the error filled."""
        return self._call(function, arguments)[0]

    def text(self, function: Any) -> bytes:
        """What a function of (report, text out, length out, error) hands out."""
        text, length = c_void_p(), c_size_t()
        error, found = self._call(function, (byref(text), byref(length)), (text, length))
        if error is not None:
            raise failure(error)
        return found

    def read(self, buffer: ctypes.Array[ctypes.c_char], size: int) -> bytes:
        """Up to so many bytes of the document, through a buffer that belongs to one call at a time."""
        length = c_size_t()
        error, found = self._call(self._library.ts_report_read, (buffer, size, byref(length)), (c_void_p(ctypes.addressof(buffer)), length))
        if error is not None:
            raise failure(error)
        return found

    def _call(
        self, function: Any, arguments: tuple[Any, ...], out: tuple[c_void_p, c_size_t] | None = None
    ) -> tuple[Error | None, bytes]:
        error = Error()
        reference = byref(error)
        self._settle_in_child()
        with self._turn:
            self._check_idle()
            self.check_open()
            self._inside = True
            try:
                # The pointer is read in the call itself, so that nothing can close it in between.
                if function(self._pointer, *arguments, reference):
                    return error, b""
                return None, copied(*out) if out else b""
            finally:
                self._inside = False

    @property
    def closed(self) -> bool:
        return self._pointer is None

    def check_open(self) -> None:
        """Refuses after the close."""
        if self._pointer is None:
            raise TrainstatError("the report is closed")

    def _check_idle(self) -> None:
        """Refuses in the middle of a call of the same thread."""
        if self._inside:
            raise TrainstatError("the report is in the middle of another call")

    def close(self) -> None:
        """Frees the report; again: nothing."""
        self._settle_in_child()
        with self._turn:
            if self._pointer is not None:
                self._check_idle()
                pointer, self._pointer = self._pointer, None
                self._library.ts_report_close(pointer)

    def _settle_in_child(self) -> None:
        """After a fork: a report that another thread was calling at that moment is lost to the child."""
        process = os.getpid()
        if self._process == process:
            return
        if self._turn.acquire(blocking=False):
            self._turn.release()
        else:
            self._pointer = None
            self._turn = threading.RLock()
            self._inside = False
        self._process = process
