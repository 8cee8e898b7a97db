"""Where libtrainstat is found, and its loading at first use."""

from __future__ import annotations

import ctypes
import os
import threading
from pathlib import Path

from ._signatures import ABI_VERSION, SIGNATURES, SONAME
from .errors import TrainstatError

_PACKAGE = Path(__file__).resolve().parent
_loading = threading.Lock()
_loaded: ctypes.CDLL | None = None


def library() -> ctypes.CDLL:
    """The library with every signature declared, loaded once."""
    global _loaded
    if _loaded is None:
        with _loading:
            if _loaded is None:
                _loaded = _load()
    return _loaded


def places() -> list[str]:
    """What is tried, in order: TRAINSTAT_LIBRARY alone where it is set, else the package, its checkout's build, the soname."""
    named = os.environ.get("TRAINSTAT_LIBRARY")
    if named:
        if not os.path.isabs(named):
            raise TrainstatError("TRAINSTAT_LIBRARY must be an absolute path")
        return [named]
    inside = [_PACKAGE / "libtrainstat.so"]
    checkout = (_PACKAGE / "../../..").resolve()
    if (checkout / "include" / "trainstat.h").is_file():
        inside.append(checkout / "build" / "release" / "libtrainstat.so")
    return [str(path) for path in inside] + [SONAME]


def _load() -> ctypes.CDLL:
    tried = []
    for place in places():
        if os.path.isabs(place) and not os.path.exists(place):
            tried.append(f"{place}: no such file")
            continue
        try:
            return _declared(ctypes.CDLL(place))
        except (OSError, AttributeError) as failure:
            tried.append(str(failure) if place in str(failure) else f"{place}: {failure}")
    raise TrainstatError("libtrainstat was not found; tried " + "; ".join(tried))


def _declared(loaded: ctypes.CDLL) -> ctypes.CDLL:
    for name, (result, arguments) in SIGNATURES.items():
        function = getattr(loaded, name)
        function.restype = result
        function.argtypes = arguments
    version = loaded.ts_abi_version()
    if version < ABI_VERSION:
        raise OSError(f"its interface has version {version}, {ABI_VERSION} is needed")
    return loaded
