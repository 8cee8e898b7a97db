"""What may be said of an exception where others than its database's keepers read it."""

from __future__ import annotations

import traceback
from pathlib import Path

from ..errors import TrainstatError
from ..moodle import MoodleError

_PACKAGE = str(Path(__file__).resolve().parents[1])


def public(error: BaseException) -> str:
    """One sentence without values of rows and without passwords: our own words, else only the kind and the place.

    >>> try:
    ...     open("/nowhere/Ivanova.json")
    ... except OSError as error:
    ...     public(error)
    'FileNotFoundError: No such file or directory'
    """
    if isinstance(error, MoodleError):
        return error.public
    if isinstance(error, TrainstatError):
        return str(error)
    what = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        what += f": {error.strerror}"
    ours = [place for place in traceback.extract_tb(error.__traceback__) if place.filename.startswith(_PACKAGE)]
    return f"{what} at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else what
