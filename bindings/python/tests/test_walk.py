"""The walk over rows of dicts: the same answers as the packed batches give."""

from __future__ import annotations

import collections
import gc
import itertools
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
import trainstat
from conftest import without_the_walk
from odd_rows import ERROR, FORMAT, OPTIONS, Bad, Row, Text, both, columns_of, fit, random_row, run


@pytest.mark.parametrize("name", ["ekvio.trainings_statistic", "ekvio.errors", "eloomi.participants"])
@pytest.mark.parametrize("seed", range(3))
def test_random_rows_are_answered_as_by_the_packed_batches(name: str, seed: int) -> None:
    r = random.Random(seed)
    options = OPTIONS if name == FORMAT else {}
    columns = columns_of(name)
    for _ in range(10):
        rows = [random_row(columns, r) for _ in range(r.choice([1, 20, 900]))]

        both(lambda: rows, name, on_refused="skip", **options)
        both(lambda: iter(rows), name, **options)


def test_every_refused_row_alone_is_answered_as_by_the_packed_batches() -> None:
    r = random.Random(11)
    columns = columns_of(FORMAT)
    with trainstat.Report(FORMAT, **OPTIONS) as walked, without_the_walk(trainstat.Report(FORMAT, **OPTIONS)) as packed:
        for _ in range(3000):
            row = random_row(columns, r)
            said = []
            for report in (walked, packed):
                try:
                    report.extend([row])
                    said.append(None)
                except trainstat.RowError as error:
                    said.append((error.args, error.row, error.column))
            assert said[0] == said[1]
        assert walked.build() == packed.build()


@pytest.mark.parametrize("key", ["codee", Text("codee"), "\udc80", 5, None, ("code",), object()], ids=repr)
def test_names_a_key_that_no_column_has(key: Any) -> None:
    said = both(lambda: [ERROR, ERROR | {key: 1}])

    assert said[0] is trainstat.RowError
    assert said[2] == 1


def test_keys_are_known_by_what_they_say() -> None:
    rows = [
        ERROR,
        {Text("code"): 2, "field": "f", Text("message"): "m"},
        {"".join(list(key)): value for key, value in ERROR.items()},
        dict(reversed(ERROR.items())),
        *({key: ERROR[key] for key in keys} for keys in itertools.permutations(ERROR)),
    ]

    assert both(lambda: rows)[0] == {"accepted": 10, "refused": 0, "problems": []}


def test_a_dict_is_taken_by_its_contents_and_gets_no_defaults() -> None:
    rows = [Row(ERROR), collections.defaultdict(int, code=1, field="f"), collections.OrderedDict(ERROR)]

    both(lambda: rows, on_refused="skip")
    assert list(rows[1]) == ["code", "field"]


def test_a_row_that_is_used_again_counts_as_it_was_when_it_was_yielded() -> None:
    def rows() -> Iterator[dict[str, Any]]:
        row = dict(ERROR)
        for code in range(1000):
            row["code"] = code
            yield row
            row["message"] = "\u0434" * (code % 40)

    document = both(rows)[-1]
    assert b'"code":999' in document and document.count(b'"code":0,') == 1  # type: ignore[operator, attr-defined]


def test_a_list_may_shrink_and_grow_meanwhile() -> None:
    rows: list[Any] = []

    class Grows:
        def __index__(self) -> int:
            if len(rows) < 2000:
                rows.extend([ERROR] * 7)
            return 5

    class Shrinks:
        def __index__(self) -> int:
            del rows[len(rows) // 2 :]
            return 6

    class Empties:
        def __init__(self, row: dict[str, Any]) -> None:
            self.row = row

        def __index__(self) -> int:
            self.row.clear()
            gc.collect()
            return 7

    def made() -> list[Any]:
        rows[:] = [ERROR | {"code": Grows()}] * 20 + [ERROR | {"code": Shrinks()}] + [ERROR | {"message": "x" * 50}] * 500
        row = {"field": "f" * 100, "code": 0, "message": "m" * 100}
        row["code"] = Empties(row)
        rows.insert(5, row)
        return rows

    document = both(made)[-1]
    assert b'"code":7,"field":"%s","message":"%s"' % (b"f" * 100, b"m" * 100) in document  # type: ignore[operator]


def test_the_exception_of_a_value_keeps_the_rows_before() -> None:
    said = both(lambda: [ERROR] * 700 + [ERROR | {"code": Bad()}] + [ERROR])

    assert said[0] is ZeroDivisionError
    assert said[4]["accepted"] == 700  # type: ignore[index]


@pytest.mark.parametrize("length", [0, 1, 1023, 1024, 1025, 70_000, 3_000_000])
@pytest.mark.parametrize("letter", ["x", "\0", "\xe9", "\u0434", "\u20ac", "\U0001f600"], ids=ascii)
def test_writes_texts_of_any_length_and_alphabet(letter: str, length: int) -> None:
    for message in (letter * length, "a" + letter * length, letter * length + " b"):
        document = trainstat.document("ekvio.errors", [ERROR | {"message": "\u0434"}, ERROR | {"message": message}, ERROR | {"message": message}])

        messages = ["\u0434".encode(), *[message.replace("\0", "\\u0000").encode()] * 2]
        assert document == b'{"errors":[' + b",".join(b'{"code":1,"field":"f","message":"%s"}' % spelled for spelled in messages) + b"]}"


@pytest.mark.parametrize("place", range(20))
def test_refuses_a_lone_surrogate_at_any_place(place: int) -> None:
    for text in ("x" * 19, "\u0434" * 19, "\u0434 x" * 6 + "\U0001f600"):
        broken = text[:place] + "\udc80" + text[place:]
        both(lambda: [ERROR, ERROR | {"message": broken}, ERROR | {"message": "\u0434"}, ERROR | {"message": broken}], on_refused="skip")


LETTERS = ["x", "\x7f", "\x80", "\u07ff", "\u0800", "\ud7ff", "\ue000", "\uffff", "\U00010000", "\U0010ffff"]


@pytest.mark.parametrize("letter", LETTERS, ids=ascii)
@pytest.mark.parametrize("around", ["x", "\u0434", "\u20ac"], ids=ascii)
def test_writes_a_letter_at_any_place(letter: str, around: str) -> None:
    texts = [around * before + letter + around * (length - before) for length in range(40) for before in range(length + 1)]

    document = trainstat.document("ekvio.errors", [ERROR | {"message": message} for message in ["\u0434", *texts]])

    assert [row["message"] for row in json.loads(document)["errors"]] == ["\u0434", *texts]


@pytest.mark.parametrize("length", [100, 1000, 1024, 1025])
@pytest.mark.parametrize("broken", [None, 0, 1, 20, 36])
def test_takes_a_row_of_many_long_texts(length: int, broken: int | None) -> None:
    row = fit(columns_of(FORMAT), random.Random(1)) | {f"form_question_{number}": "\u0434" * length for number in range(1, 41)}
    other = row if broken is None else row | {f"form_question_{broken + 1}": "\u0434" * (length - 1) + "\ud800"}

    said = both(lambda: [row, other, row], FORMAT, forms=list(range(1, 41)))

    assert said[-2]["accepted"] == (3 if broken is None else 1)  # type: ignore[index]


def test_writes_the_same_without_avx512() -> None:
    """As other processors do."""
    code = """
texts = ["\\u0434", *((a * n + b * m) for a in "x\\u0434\\u20ac\\U0001f600" for b in "y\\xe9\\uffff" for n in range(20) for m in range(20))]
sys.stdout.buffer.write(trainstat.document("ekvio.errors", [dict(code=1, field="f", message=text) for text in texts]))
"""

    first = run(code)
    second = run(code, GLIBC_TUNABLES="glibc.cpu.hwcaps=-AVX512BW")

    assert first.stdout.count("code") == 4801, first.stderr
    assert second.stdout == first.stdout, second.stderr


def test_takes_a_format_of_many_columns() -> None:
    forms = list(range(1, 3001))
    row = fit(columns_of(FORMAT), random.Random(1)) | {f"form_question_{number}": "\u0434" for number in forms}

    both(lambda: [row] * 20, FORMAT, forms=forms)


def test_a_format_without_columns_takes_no_row() -> None:
    both(lambda: [{}], "eloomi.error")
    both(lambda: [{"code": 1}], "eloomi.error")
