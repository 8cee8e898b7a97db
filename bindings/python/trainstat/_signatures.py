"""What include/trainstat.h declares, as ctypes: statuses, structures, and every function in one table.

A test reads the header and compares; nothing here may be guessed, because ctypes cuts an undeclared pointer to 32 bits.
"""

from __future__ import annotations

import ctypes
import enum
from ctypes import POINTER, c_char, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint64, c_void_p
from typing import Any

ABI_VERSION = 3
SONAME = "libtrainstat.so.1"


class Status(enum.IntEnum):
    """What a call answers; the numbers are frozen."""

    OK = 0
    NO_MEMORY = 1
    INTERNAL = 2
    INVALID_ARGUMENT = 3
    UNKNOWN_FORMAT = 4
    BAD_OPTION = 5
    ROW_REFUSED = 6
    BATCH_MALFORMED = 7
    ROW_COUNT = 8
    REPORT_FINISHED = 9
    FILE_FAILED = 10
    FILE_REPORT = 11
    FORKED = 12
    TASK_RUNNING = 13
    BUSY = 14
    UNKNOWN_TASK = 15
    TASK_DAMAGED = 16
    TASK_FINISHED = 17
    UNSAFE_DIRECTORY = 18
    STREAM_FAILED = 19
    PART_REFUSED = 20


class Kind(enum.IntEnum):
    """What a cell holds."""

    ABSENT = 0
    NULL = 1
    INTEGER = 2
    NUMBER = 3
    TEXT = 4
    BOOLEAN = 5
    FOREIGN = 6


class Outcome(enum.IntEnum):
    """How a task ends."""

    COMPLETED = 1
    FAIL = 2


class CellValue(ctypes.Union):
    _fields_ = [("integer", c_int64), ("number", c_double), ("text", c_char_p)]


class Value(ctypes.Structure):
    """ts_value."""

    _fields_ = [("kind", c_int32), ("reserved", c_int32), ("value", CellValue), ("length", c_size_t)]


class Error(ctypes.Structure):
    """ts_error: filled by the library on every status but OK."""

    _fields_ = [
        ("status", c_int32),
        ("column", c_int32),
        ("row", c_int64),
        ("detail", c_int64),
        ("message", c_char * 232),
    ]

    @property
    def text(self) -> str:
        """The message."""
        return bytes(self.message).decode("utf-8", "replace")


_REPORT = _TASKS = _TASK = c_void_p
_TEXT_OUT = POINTER(c_void_p)  # an address, so that the length beside it counts and not a NUL
_SIZE_OUT = POINTER(c_size_t)
_ERROR = POINTER(Error)

# name: (what it returns, what it takes)
SIGNATURES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    # fmt: off
    "ts_abi_version":     (c_int32,  ()),
    "ts_version":         (c_char_p, ()),
    "ts_format_list":     (c_int32,  (_TEXT_OUT, _SIZE_OUT, _ERROR)),
    "ts_format_describe": (c_int32,  (c_char_p, c_size_t, _TEXT_OUT, _SIZE_OUT, _ERROR)),
    "ts_report_open":     (c_int32,  (c_char_p, c_size_t, c_char_p, c_size_t, POINTER(_REPORT), _ERROR)),
    "ts_report_describe": (c_int32,  (_REPORT, _TEXT_OUT, _SIZE_OUT, _ERROR)),
    "ts_row_append":      (c_int32,  (_REPORT, POINTER(Value), c_size_t, _ERROR)),
    "ts_batch_append":    (c_int32,  (_REPORT, c_void_p, c_size_t, POINTER(c_uint64), _ERROR)),
    "ts_stream_append":   (c_int32,  (_REPORT, c_void_p, POINTER(c_uint64), _ERROR)),
    "ts_array_append":    (c_int32,  (_REPORT, c_void_p, c_void_p, c_int64, c_int64, POINTER(c_uint64), _ERROR)),
    "ts_part_append":     (c_int32,  (_REPORT, c_char_p, c_size_t, c_uint64, _ERROR)),
    "ts_report_read":     (c_int32,  (_REPORT, c_void_p, c_size_t, _SIZE_OUT, _ERROR)),
    "ts_report_build":    (c_int32,  (_REPORT, _TEXT_OUT, _SIZE_OUT, _ERROR)),
    "ts_report_problems": (c_int32,  (_REPORT, _TEXT_OUT, _SIZE_OUT, _ERROR)),
    "ts_report_close":    (None,     (_REPORT,)),
    "ts_tasks_open":      (c_int32,  (c_char_p, c_size_t, c_char_p, c_size_t, POINTER(_TASKS), _ERROR)),
    "ts_task_claim":      (c_int32,  (_TASKS, c_char_p, c_size_t, c_char_p, c_size_t, POINTER(_TASK), POINTER(c_int64), _ERROR)),
    "ts_task_progress":   (c_int32,  (_TASK, c_uint64, c_uint64, _ERROR)),
    "ts_task_finish":     (c_int32,  (_TASK, c_int32, c_char_p, c_size_t, _ERROR)),
    "ts_task_close":      (None,     (_TASK,)),
    "ts_task_state":      (c_int32,  (_TASKS, c_int64, _TEXT_OUT, _SIZE_OUT, _ERROR)),
    "ts_tasks_list":      (c_int32,  (_TASKS, c_size_t, _TEXT_OUT, _SIZE_OUT, _ERROR)),
    "ts_tasks_close":     (None,     (_TASKS,)),
    # fmt: on
}
