"""Keyword options as the JSON text that the library reads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from .errors import TrainstatError


def options_text(options: Mapping[str, Any]) -> bytes:
    r"""UTF-8; a lone surrogate goes over as it is and is refused there.

    >>> from pathlib import Path
    >>> options_text({"forms": range(8, 10), "file": Path("report.json"), "timezone": None})
    b'{"forms": [8, 9], "file": "report.json", "timezone": null}'
    """
    try:
        return _encode(options).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError, RecursionError):
        raise TrainstatError("options must be text, integers, booleans, paths or iterables of integers") from None


def _spelled(value: object) -> object:
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    if hasattr(type(value), "__index__"):
        return value.__index__()  # type: ignore[attr-defined]
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray, memoryview, Mapping)):
        return list(value)
    raise TypeError


_encode = json.JSONEncoder(ensure_ascii=False, default=_spelled).encode  # json.dumps would make one for each report
