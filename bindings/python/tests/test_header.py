"""The table of C signatures says what include/trainstat.h declares."""

from __future__ import annotations

import ctypes
import re
from ctypes import POINTER, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint64, c_void_p
from pathlib import Path

import pytest
from trainstat import _signatures
from trainstat._signatures import SIGNATURES, Error, Kind, Outcome, Status, Value

HEADER = Path(__file__).resolve().parents[3] / "include" / "trainstat.h"
TEXT = re.sub(r"/\*.*?\*/", "", HEADER.read_text("utf-8"), flags=re.S)
TYPES = {
    "void": None,
    "int32_t": c_int32,
    "int64_t": c_int64,
    "int64_t *": POINTER(c_int64),
    "uint64_t": c_uint64,
    "double": c_double,
    "size_t": c_size_t,
    "size_t *": POINTER(c_size_t),
    "uint64_t *": POINTER(c_uint64),
    "const char *": c_char_p,
    "const char **": POINTER(c_void_p),
    "char *": c_void_p,
    "const void *": c_void_p,
    "const ts_value *": POINTER(Value),
    "ts_report *": c_void_p,
    "ts_report **": POINTER(c_void_p),
    "struct ArrowArrayStream *": c_void_p,
    "const struct ArrowSchema *": c_void_p,
    "const struct ArrowArray *": c_void_p,
    "ts_tasks *": c_void_p,
    "ts_tasks **": POINTER(c_void_p),
    "ts_task *": c_void_p,
    "ts_task **": POINTER(c_void_p),
    "ts_error *": POINTER(Error),
}


def declared_functions() -> dict[str, tuple[object, tuple[object, ...]]]:
    found = re.findall(r"^([a-z_0-9 ]+?[ *]+)(ts_\w+)\(([^)]*)\);", TEXT, flags=re.M)
    return {name: (TYPES[result.strip()], tuple(map(type_of, parameters_of(taken)))) for result, name, taken in found}


def parameters_of(text: str) -> list[str]:
    parameters = [" ".join(one.split()) for one in text.split(",")]
    return [] if parameters == ["void"] else parameters


def type_of(parameter: str) -> object:
    return TYPES[re.sub(r"\w+$", "", parameter).strip()]


def declared_constants() -> dict[str, int]:
    return {name: int(value) for name, value in re.findall(r"\bTS_(\w+) = (\d+)", TEXT)}


def members_of(name: str) -> list[str]:
    body = re.search(rf"typedef struct {name} \{{(.*?)\}} {name};", TEXT, flags=re.S)[1]
    return re.findall(r"(\w+)(?:\[\d+\])?;", re.sub(r"union \{.*?\}", "union", body, flags=re.S))


def test_table_is_what_the_header_declares() -> None:
    assert SIGNATURES == declared_functions()


def test_header_was_read() -> None:
    assert len(declared_functions()) == len(re.findall(r"\bts_\w+\(", TEXT))


def test_constants_are_those_of_the_header() -> None:
    ours = {member.name: member.value for kind in (Status, Kind, Outcome) for member in kind}

    assert ours == declared_constants()


@pytest.mark.parametrize(("structure", "name", "size"), [(Value, "ts_value", 24), (Error, "ts_error", 256)])
def test_structures_have_the_members_and_the_frozen_size(structure: type[ctypes.Structure], name: str, size: int) -> None:
    assert [field[0] for field in structure._fields_] == members_of(name)
    assert ctypes.sizeof(structure) == size


def test_asks_for_no_later_interface_than_the_library_has() -> None:
    from trainstat._library import library

    assert _signatures.ABI_VERSION <= library().ts_abi_version()
