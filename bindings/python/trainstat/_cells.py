"""Python values as the plain cells of the library: None, bool, int within 64 bits, float, str; anything else becomes foreign.

The library stays the judge. What is decided here is only how a value of Python's is spelled, and which kinds of column such a
spelling means the same for: a date is not a text, although it is spelled as one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from ._signatures import Kind

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_NUMERIC = frozenset({"integer", "number", "decimal text", "duration", "moment", "local moment", "date"})
_MOMENTS = frozenset({"moment", "local moment", "date"})
_FURTHEST_FIGURE = 4096  # places from the point; Decimal("1E+999999999") would be spelled with a gigabyte of zeros


class Foreign:
    """A value that the library has no kind for."""

    kind = Kind.FOREIGN
    text = b""

    def encode(self) -> bytes:
        """As str.encode: the bytes of the cell."""
        return self.text


class UnknownKey(Foreign):
    """A key that the report has no column for, as one more cell behind the last."""

    def __init__(self, key: object) -> None:
        self.key = str.__str__(key) if isinstance(key, str) else None
        self.text = (type(key).__name__ if self.key is None else self.key).encode("utf-8", "surrogatepass")


class IllFormed(Foreign):
    """A text with lone surrogates, handed over as it is: the library refuses it by name."""

    kind = Kind.TEXT

    def __init__(self, text: str) -> None:
        self.text = text.encode("utf-8", "surrogatepass")


FOREIGN = Foreign()


def plain(value: Any, column: str) -> Any:
    """The cell for a value in a column of that type.

    >>> plain(Decimal("33.330"), "number"), plain(timedelta(minutes=1), "duration"), plain(datetime(2024, 2, 29, 9), "local moment")
    ('33.330', 'PT60S', '2024-02-29 09:00:00')
    """
    spell = SPELLED.get(type(value))
    if spell is None:
        for kind, spell in SPELLED.items():  # a subclass
            if isinstance(value, kind):
                break
        else:
            spell = _index
    return spell(value, column)


def plain_dict(row: Any, what: str) -> dict[Any, Any]:
    """The row as a dict that adds no keys of its own when asked for one."""
    if type(row) is dict:
        return row
    if not hasattr(row, "keys"):
        raise TypeError(f"{what} is {type(row).__name__}, not a mapping")
    return dict(row)


def _itself(value: Any, column: str) -> Any:
    return value


def _text(value: str, column: str) -> str | IllFormed:
    text = str.__str__(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return IllFormed(text)
    return text


def _float(value: float, column: str) -> float:
    return float.__float__(value)


def _decimal(value: Decimal, column: str) -> str | Foreign:
    if column not in _NUMERIC or not value.is_finite():
        return FOREIGN
    text = Decimal.__str__(value)
    if "E" not in text and "e" not in text:
        return text
    return FOREIGN if abs(value.adjusted()) > _FURTHEST_FIGURE else format(value, "f")


def _datetime(value: datetime, column: str) -> int | str | Foreign:
    if type(value) is not datetime and value != value:
        return FOREIGN  # pandas.NaT, a moment that is none
    if value.utcoffset() is None:
        return datetime.isoformat(value, " ", "seconds") if column == "local moment" else FOREIGN
    if column not in _MOMENTS:
        return FOREIGN
    since = value - _EPOCH  # its microseconds are never negative, so leaving them out cuts downwards
    return since.days * 86400 + since.seconds


def _date(value: date, column: str) -> str | Foreign:
    return date.isoformat(value) if column == "date" else FOREIGN


def _duration(value: timedelta, column: str) -> str | Foreign:
    """Exact seconds; a negative one is spelled with a sign, which the library refuses."""
    if column != "duration":
        return FOREIGN
    sign, span = ("-", -value) if value < timedelta(0) else ("", value)
    fraction = f".{span.microseconds:06d}" if span.microseconds else ""
    return f"{sign}PT{span.days * 86400 + span.seconds}{fraction}S"


def _index(value: Any, column: str) -> int | Foreign:
    if not hasattr(type(value), "__index__"):
        return FOREIGN
    number = operator.index(value)
    return number if -(2**63) <= number < 2**63 else FOREIGN


# By type, and where a subclass has several of them the first counts: a moment is a date too, and a truth an integer.
SPELLED: dict[type, Callable[[Any, str], Any]] = {
    type(None): _itself,
    bool: _itself,
    Foreign: _itself,
    str: _text,
    float: _float,
    Decimal: _decimal,
    datetime: _datetime,
    date: _date,
    timedelta: _duration,
}
