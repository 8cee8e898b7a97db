"""One pointer of the library's: called by one thread at a time, closed exactly once."""

from __future__ import annotations

import ctypes
import os
import threading
import weakref
from collections.abc import Callable
from ctypes import byref, c_size_t, c_void_p
from types import TracebackType
from typing import Any, TypeVar

from ._signatures import Error
from .errors import TrainstatError, failure

# ctypes.string_at takes a C int: 2 GiB is too much for it.
_bytes_of = ctypes.PYFUNCTYPE(ctypes.py_object, c_void_p, ctypes.c_ssize_t)(("PyBytes_FromStringAndSize", ctypes.pythonapi))
_view_of = ctypes.PYFUNCTYPE(ctypes.py_object, c_void_p, ctypes.c_ssize_t, ctypes.c_int)(("PyMemoryView_FromMemory", ctypes.pythonapi))
_READ = 0x100  # PyBUF_READ
_LONG = 1 << 17
_Owner = TypeVar("_Owner", bound="Owner")


def copied(address: c_void_p, length: c_size_t) -> bytes:
    """The library's borrowed text as bytes of our own. A long one is copied while other threads run, into bytes that nobody has yet."""
    text: bytes
    if length.value < _LONG:
        text = _bytes_of(address.value, length.value) if length.value else b""
    else:
        text = _bytes_of(None, length.value)
        ctypes.memmove(ctypes.c_char_p(text), address, length.value)
    return text


class Handle:
    """Guards the pointer: ctypes releases the GIL during a call, and the library wants one thread at a time.

    Threads wait for each other. A signal handler that interrupts a call of its own thread is refused: it would wait for itself, or
    take the text away that is being copied.
    """

    def __init__(self, noun: str, close: Any) -> None:
        self.noun = noun
        self._close = close
        self._pointer = c_void_p()  # null until it is opened, and again when it is closed
        self._turn = threading.RLock()
        self._inside = False
        self._process = os.getpid()

    @property
    def place(self) -> Any:
        """Where a function that opens puts the pointer: it is closed from that moment on, whatever interrupts."""
        return byref(self._pointer)

    def open(self, function: Any, name: bytes, options: bytes) -> None:
        """Opens it by a function of (name, length, options, length, pointer out, error)."""
        error = Error()
        if function(name, len(name), options, len(options), self.place, byref(error)):
            raise failure(error)

    def attempt(self, function: Any, *arguments: Any) -> Error | None:
        """Calls it with the pointer, the arguments and an error: None, or the error filled."""
        return self._call(function, arguments)[0]

    def call(self, function: Any, *arguments: Any) -> None:
        """As ``attempt``, but raises the error."""
        error = self.attempt(function, *arguments)
        if error is not None:
            raise failure(error)

    def text(self, function: Any, *arguments: Any) -> bytes:
        """What a function of (pointer, arguments, text out, length out, error) hands out."""
        text, length = c_void_p(), c_size_t()
        error, found = self._call(function, (*arguments, byref(text), byref(length)), lambda: copied(text, length))
        if error is not None:
            raise failure(error)
        read: bytes = found
        return read

    def pour(self, function: Any, write: Callable[[memoryview], object]) -> None:
        """The same, into what writes it before it returns: no copy of our own."""
        text, length = c_void_p(), c_size_t()
        error, _ = self._call(
            function, (byref(text), byref(length)), lambda: length.value and write(_view_of(text, length.value, _READ))
        )
        if error is not None:
            raise failure(error)

    def read(self, function: Any, buffer: ctypes.Array[ctypes.c_char], size: int) -> bytes:
        """Up to so many bytes, by a function that fills a buffer; the buffer belongs to one call at a time."""
        length = c_size_t()
        address = c_void_p(ctypes.addressof(buffer))
        error, found = self._call(function, (buffer, size, byref(length)), lambda: copied(address, length))
        if error is not None:
            raise failure(error)
        read: bytes = found
        return read

    def _call(self, function: Any, arguments: tuple[Any, ...], take: Callable[[], Any] | None = None) -> tuple[Error | None, Any]:
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
                    return error, None
                return None, take() if take else None
            finally:
                self._inside = False

    @property
    def closed(self) -> bool:
        return not self._pointer

    def check_open(self) -> None:
        """Refuses after the close."""
        if not self._pointer:
            raise TrainstatError(f"the {self.noun} is closed")

    def _check_idle(self) -> None:
        """Refuses in the middle of a call of the same thread."""
        if self._inside:
            raise TrainstatError(f"the {self.noun} is in the middle of another call")

    def close(self) -> None:
        """Hands the pointer back; again: nothing."""
        self._settle_in_child()
        with self._turn:
            if self._pointer:
                self._check_idle()
                nothing = c_void_p()
                pointer, self._pointer = self._pointer, nothing
                self._close(pointer)

    def _settle_in_child(self) -> None:
        """After a fork: what another thread was calling at that moment is lost to the child."""
        process = os.getpid()
        if self._process == process:
            return
        if self._turn.acquire(blocking=False):
            self._turn.release()
        else:
            self._pointer = c_void_p()
            self._turn = threading.RLock()
            self._inside = False
        self._process = process


class Owner:
    """Has a handle, and closes it: at the end of a ``with``, by ``close``, when it is collected, or when the interpreter ends."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._finalizer = weakref.finalize(self, handle.close)

    def close(self) -> None:
        """Ends it and frees what it holds; again: nothing. Afterwards every method raises TrainstatError."""
        self._handle.close()
        self._finalizer.detach()

    def __enter__(self: _Owner) -> _Owner:
        self._handle.check_open()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError(f"a {self._handle.noun} cannot be copied or pickled")
