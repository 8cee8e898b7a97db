"""Waiting for tasks that others keep busy: a vendor's client gives up its import at the first answer that is not 200."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from .._signatures import Status
from ..errors import TrainstatError

_PATIENCE = 3.0  # seconds
_PAUSE = 0.01
_Found = TypeVar("_Found")


def patiently(attempt: Callable[[], _Found]) -> _Found:
    """Tries again for a few seconds where the tasks are busy; then raises what the last attempt raised. Blocks.

    >>> patiently(lambda: 15)
    15
    """
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return attempt()
        except TrainstatError as error:
            if error.status != Status.BUSY or time.monotonic() >= until:
                raise
        time.sleep(_PAUSE)
