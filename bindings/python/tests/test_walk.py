"""The walk over rows of dicts: the same answers as the packed batches give, and nothing of the host's kept or lost."""

from __future__ import annotations

import collections
import contextlib
import enum
import gc
import itertools
import json
import os
import random
import subprocess
import sys
import threading
import tracemalloc
import types
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import trainstat
from conftest import without_the_walk
from trainstat import _batches, _walking
from trainstat._packing import Batch
from trainstat._walking import Walk

ERROR = {"code": 1, "field": "f", "message": "m"}
FORMAT = "ekvio.trainings_statistic"
OPTIONS: dict[str, Any] = {"forms": [8], "timezone": "Europe/Moscow"}


class Text(str):
    def __hash__(self) -> int:
        return str.__hash__(self)

    def encode(self, *_: object) -> bytes:
        raise AssertionError("the host's method is not asked")


class Whole(int):
    def __index__(self) -> int:
        raise AssertionError("the host's method is not asked")


class Real(float):
    def __float__(self) -> float:
        raise AssertionError("the host's method is not asked")


class Level(enum.IntEnum):
    HIGH = 1


class Index:
    def __index__(self) -> int:
        return 7


class Bad:
    def __index__(self) -> int:
        raise ZeroDivisionError("bad")


class Row(dict):  # type: ignore[type-arg]
    """May answer as it likes: its contents count."""

    def __getitem__(self, key: object) -> Any:
        raise AssertionError("the host's method is not asked")


def answer(report: trainstat.Report, rows: Any) -> tuple[object, ...]:
    """All that a report says of these rows."""
    said: list[object] = []
    with report:
        try:
            report.extend(rows)
        except Exception as error:
            said += [type(error), error.args, getattr(error, "row", None), getattr(error, "column", None)]
        said.append(report.problems())
        try:
            said.append(report.build())
        except trainstat.TrainstatError as error:  # too few rows
            said.append(str(error))
        return tuple(said)


def both(rows: Callable[[], Any], name: str = "ekvio.errors", **options: Any) -> tuple[object, ...]:
    """What both ways say, which must be the same."""
    walked = answer(trainstat.Report(name, **options), rows())
    packed = answer(without_the_walk(trainstat.Report(name, **options)), rows())
    assert walked == packed
    return walked


def columns_of(name: str) -> list[dict[str, Any]]:
    """Of a report with the options that fit it."""
    with trainstat.Report(name, **(OPTIONS if name == FORMAT else {})) as report:
        columns: list[dict[str, Any]] = report.columns
        return columns


def a_walk(report: trainstat.Report) -> Walk:
    batch = report._batches.take()
    assert isinstance(batch, Walk)
    return batch


def test_is_what_reports_use() -> None:
    with trainstat.Report("ekvio.errors") as report:
        assert isinstance(report._batches.take(), Walk)


# Values of every kind, fit and unfit, for any column.
VALUES: list[Callable[[random.Random], Any]] = [
    lambda r: None,
    lambda r: r.choice([True, False]),
    lambda r: r.randrange(-5, 200),
    lambda r: r.choice([2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 10**40]),
    lambda r: r.choice([0.5, 1.0, -0.0, 1e300, float("nan"), float("inf")]),
    lambda r: "".join(r.choices("abc \u0434\u0436\u0439\xe9\u20ac\U0001f600\0\"\\<\u2028", k=r.randrange(30))),
    lambda r: r.choice(["active", "blocked", "completed", "5", "007", "33.335", "PT1H", "2024-02-29", "2024-02-29 10:00:00"]),
    lambda r: r.choice(["", "\ud800", "a\udfff", "\u0434" * r.choice([7, 8, 9, 1023, 1024, 1025, 5000]), "x" * 3000 + "\udc80"]),
    lambda r: Text(r.choice(["active", "\u0434", "\ud800"])),
    lambda r: r.choice([Whole(3), Level.HIGH, Index(), Real(0.5)]),
    lambda r: r.choice([Decimal("1.5"), Decimal("NaN"), Decimal(7)]),
    lambda r: r.choice([date(2024, 2, 29), datetime(2024, 2, 29, 1), datetime(2024, 2, 29, tzinfo=timezone.utc), timedelta(1)]),
    lambda r: r.choice([b"x", [1], {}, object, 5j, (1,)]),
]
DEFAULTS = {"integer": 1, "text": "\u0438\u043c\u044f", "choice": None, "duration": 60}


def fit(columns: list[dict[str, Any]], r: random.Random) -> dict[str, Any]:
    """A row that is taken, in which only some of the optional columns are."""
    row = {}
    for column in columns:
        if column["presence"] == "required" or r.random() < 0.7:
            choices = column.get("choices")
            row[column["key"]] = r.choice(choices) if choices else DEFAULTS.get(column["type"], 5)
    return row


def odd_keys(row: dict[Any, Any], r: random.Random) -> dict[Any, Any]:
    """The same row under keys that are equal, but other objects; or with one too many."""
    kind = r.randrange(6)
    if kind == 0:
        return {Text(key): value for key, value in row.items()}
    if kind == 1:
        return {(key + "x")[:-1]: value for key, value in row.items()}  # equal, but no object that was seen before
    if kind == 2:
        return {**row, r.choice(["userid", "", 5, None, "\udc80", "\u043a", Text("kode"), ("user_id",)]): 1}
    if kind == 3:
        return {"zz": 1, **row, "codee": 2}
    return row


def random_row(columns: list[dict[str, Any]], r: random.Random) -> Any:
    row: dict[Any, Any] = fit(columns, r)
    for _ in range(r.choice([0, 0, 0, 1, 2])):
        row[r.choice(columns)["key"]] = r.choice(VALUES)(r)
    if r.random() < 0.3:
        items = list(row.items())
        r.shuffle(items)
        row = dict(items)
    if r.random() < 0.1:
        row = odd_keys(row, r)
    if r.random() < 0.1:
        row = r.choice([collections.OrderedDict, types.MappingProxyType, Row, collections.ChainMap, collections.UserDict])(row)
    return row


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


def test_threads_change_rows_and_lists_while_they_are_walked() -> None:
    rows: list[Any] = [dict(ERROR, message="\u0434" * 20) for _ in range(3000)]
    stop = False

    def change() -> None:
        r = random.Random(1)
        while not stop:
            row = r.choice(rows)
            row["code"] = r.randrange(10**9)
            row["message"] = "\u0436" * r.randrange(40)
            row.pop("field", None)
            row["field"] = "x" * r.randrange(40)
            rows.append(rows.pop(r.randrange(len(rows))))

    thread = threading.Thread(target=change)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    thread.start()
    try:
        for _ in range(30):
            with trainstat.Report("ekvio.errors", on_refused="skip") as report:
                report.extend(rows)
    finally:
        stop = True
        thread.join()
        sys.setswitchinterval(interval)


def test_threads_walk_with_reports_of_their_own() -> None:
    rows = [dict(ERROR, code=code, message="\u0434" * (code % 50)) for code in range(2000)]
    wanted = trainstat.document("ekvio.errors", rows)
    found: list[bytes] = []

    def write() -> None:
        for _ in range(10):
            found.append(trainstat.document("ekvio.errors", iter(rows)))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [wanted] * 40


def test_an_iterable_may_walk_with_another_report_and_its_own() -> None:
    with trainstat.Report("ekvio.errors") as report:

        def rows(depth: int) -> Iterator[Any]:
            for code in range(40):
                if depth:
                    report.extend(rows(depth - 1))
                    trainstat.document("ekvio.errors", [ERROR] * 40)
                yield ERROR | {"code": code}

        report.extend(rows(2))

        assert report.problems()["accepted"] == 40 + 40 * (40 + 40 * 40)


def test_the_exception_of_a_value_keeps_the_rows_before() -> None:
    said = both(lambda: [ERROR] * 700 + [ERROR | {"code": Bad()}] + [ERROR])

    assert said[0] is ZeroDivisionError
    assert said[4]["accepted"] == 700  # type: ignore[index]


def references(rows: list[dict[Any, Any]]) -> list[int]:
    """How many each row and each value has. Of what is shared with half the interpreter there is no telling."""
    shared = {id(value) for value in (None, True, False, *range(-5, 257))}
    return [sys.getrefcount(thing) for row in rows for thing in (row, *row.values()) if id(thing) not in shared and thing is not object]


def test_keeps_no_reference_and_loses_none() -> None:
    r = random.Random(3)
    columns = columns_of(FORMAT)
    rows = [row for row in (random_row(columns, r) for _ in range(1500)) if type(row) is dict]
    rows.append(fit(columns, r) | {"user_id": Bad()})
    gc.collect()
    before = references(rows)

    for options in ({}, {"on_refused": "skip"}):
        for _ in range(3):
            answer(trainstat.Report(FORMAT, **OPTIONS, **options), rows)
            answer(trainstat.Report(FORMAT, **OPTIONS, **options), iter(rows[-5:]))
    with trainstat.Report(FORMAT, on_refused="skip", **OPTIONS) as report:
        for row in rows:
            with contextlib.suppress(ZeroDivisionError):
                report.append(row)

    del row
    gc.collect()
    assert references(rows) == before


def test_keeps_no_more_keys_than_there_are_columns() -> None:
    keys = [[("x" + key)[1:] for key in ERROR] for _ in range(2000)]
    before = sum(sys.getrefcount(key) for of_row in keys for key in of_row)

    for _ in range(3):
        trainstat.document("ekvio.errors", (dict(zip(of_row, ERROR.values())) for of_row in keys))

    gc.collect()
    kept = sum(sys.getrefcount(key) for of_row in keys for key in of_row) - before
    assert 0 <= kept <= _batches._KEPT * (len(ERROR) + 1)


def test_leaves_no_copies_of_texts_with_the_rows() -> None:
    rows = [{"code": number, "field": f"\u043f\u043e\u043b\u0435 {number}", "message": "\u0434" * 1500 + str(number)} for number in range(1000)]
    before = sum(sys.getsizeof(value) for row in rows for value in row.values())

    trainstat.document("ekvio.errors", rows)

    after = sum(sys.getsizeof(value) for row in rows for value in row.values())  # a copy in UTF-8 is counted there
    assert after - before < 100 * _batches._KEPT


def test_memory_stays_flat_over_many_rows() -> None:
    r = random.Random(4)
    columns = columns_of(FORMAT)
    rows = [random_row(columns, r) for _ in range(500)]

    def write(count: int) -> None:
        for _ in trainstat.stream(FORMAT, itertools.islice(itertools.cycle(rows), count), on_refused="skip", **OPTIONS):
            pass

    def resident() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    write(20_000)
    tracemalloc.start()
    write(2_000)
    gc.collect()
    traced = tracemalloc.get_traced_memory()[0]
    write(10_000)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - traced
    tracemalloc.stop()
    before = resident()
    write(100_000)

    assert grown < 50_000
    assert resident() - before < 8_000_000


def test_memory_stays_flat_over_huge_rows_of_a_generator() -> None:
    def rows() -> Iterator[dict[str, Any]]:
        for number in range(60):
            yield {"code": 1, "field": chr(97 + number % 26) * (1 << 20), "message": "\u0434" * (1 << 19)}

    tracemalloc.start()
    with trainstat.Report("ekvio.errors") as report:
        for _ in report.stream(rows()):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 30_000_000


def test_a_collection_may_run_at_any_moment() -> None:
    r = random.Random(6)
    columns = columns_of(FORMAT)
    rows = [random_row(columns, r) for _ in range(300)]
    threshold = gc.get_threshold()
    gc.set_threshold(1)
    try:
        both(lambda: rows, FORMAT, on_refused="skip", **OPTIONS)
    finally:
        gc.set_threshold(*threshold)


def test_a_collection_may_change_the_row_in_hand() -> None:
    """A text that is refused makes an exception, which may start a collection, which may run anything."""

    class Last:
        def __init__(self, row: dict[str, Any]) -> None:
            self.row, self.itself = row, self

        def __del__(self) -> None:
            self.row.clear()

    threshold = gc.get_threshold()
    for _ in range(50):
        row = {"code": 1, "field": "f" * 100, "message": "\ud800" * 100}
        with trainstat.Report("ekvio.errors", on_refused="skip") as report:
            Last(row)
            gc.set_threshold(1)
            try:
                report.extend([row] * 3)
            finally:
                gc.set_threshold(*threshold)
            assert report.problems()["refused"] == 3


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


@pytest.mark.parametrize("act", ["close", "build"])
@pytest.mark.parametrize("number", [0, 5, 2000])
def test_a_value_may_end_its_report(act: str, number: int) -> None:
    report = trainstat.Report("ekvio.errors")
    report.append(ERROR)

    class Ends:
        def __index__(self) -> int:
            getattr(report, act)()
            return 1

    with pytest.raises(trainstat.TrainstatError):
        report.extend([ERROR] * number + [ERROR | {"code": Ends()}] + [ERROR] * 2000)
    report.close()


def test_refuses_wrong_arguments() -> None:
    module = _walking.walk_module()
    assert module is not None
    with trainstat.Report("ekvio.errors") as report:
        walk = a_walk(report)._walk

    for wrong in ([], {}, 5, None):
        with pytest.raises(TypeError):
            walk.fill(wrong, 0)
    for arguments in [(), ({}, (), 1, 2), ([], (), 1, 2, 3), ({}, [], 1, 2, 3)]:
        with pytest.raises(TypeError):
            module.Walk(*arguments)
    with pytest.raises(ValueError, match="a type for each column"):
        module.Walk({"a": 0}, ("text",), None, None, None)
    assert walk.count == 0


def run(code: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "dev", "-c", "import trainstat, os, signal, sys, threading\n" + code, *map(str, arguments)]
    kept = os.environ | {"PYTHONPATH": str(_walking._PACKAGE.parent)} | environment
    return subprocess.run(command, env=kept, capture_output=True, text=True, timeout=120)


def test_an_interrupt_ends_a_long_walk_and_keeps_its_rows(tmp_path: Path) -> None:
    done = run(
        """
row = dict(code=1, field="f", message="\\u0434" * 50)
rows = [row] * 5_000_000
report = trainstat.Report("ekvio.errors", file=sys.argv[1])
threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    report.extend(rows)
except KeyboardInterrupt:
    taken = report.problems()["accepted"]
    report.append(row)
    print(0 < taken < len(rows), report.problems()["accepted"] - taken)
report.close()
""",
        tmp_path / "report.json",
    )

    assert done.stdout == "True 1\n", done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_forked_child_walks_too() -> None:
    done = run(
        """
rows = [dict(code=code, field="f", message="m") for code in range(1000)]
report = trainstat.Report("ekvio.errors")
def halfway():
    yield from rows
    child = os.fork()
    if not child:
        before = report.problems()["accepted"]
        report.extend(rows)
        right = report.problems()["accepted"] == before + 1000 and trainstat.document("ekvio.errors", rows).count(b"code") == 1000
        os._exit(0 if right else 1)
    print(os.waitpid(child, 0)[1])
    yield from rows
report.extend(halfway())
print(report.problems()["accepted"])
"""
    )

    assert done.stdout == "0\n2000\n", done.stderr


def test_every_interpreter_of_a_process_has_its_own() -> None:
    done = run(
        """
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters
code = f"import sys; sys.path[:] = {sys.path}\\nimport trainstat\\n" + '''
for _ in range(3):
    assert trainstat.document("ekvio.integration", [{"id": 15}]) == b'{"data":{"integration":15}}'
'''
exec(code)
for _ in range(3):
    one = interpreters.create()
    assert interpreters.run_string(one, code) is None
    interpreters.destroy(one)
exec(code)
print("fine")
"""
    )

    assert done.stdout == "fine\n", done.stderr


def test_is_not_loaded_where_the_interpreter_takes_no_stable_abi(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyPy; CPython without a GIL."""
    monkeypatch.setattr(_walking, "EXTENSION_SUFFIXES", [".cpython-314t-x86_64-linux-gnu.so", ".so"])
    monkeypatch.setattr(_walking, "_loaded", lambda file: pytest.fail(file))

    assert _walking.walk_module.__wrapped__() is None


def test_rows_cross_in_packed_batches_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_batches, "walk_module", lambda: None)
    with trainstat.Report("ekvio.errors") as report:
        description = report._batches.description

    assert isinstance(_batches.Batches(description).take(), Batch)


@pytest.mark.parametrize("content", [b"", b"no module"], ids=["empty", "garbage"])
def test_one_that_does_not_load_is_left_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "libtrainstat.so").symlink_to(_walking.library()._name)
    (tmp_path / "_walk.abi3.so").write_bytes(content)

    done = run(
        "from trainstat import _walking\nprint(trainstat.document('ekvio.integration', [{'id': 15}]), _walking.walk_module())",
        TRAINSTAT_LIBRARY=str(tmp_path / "libtrainstat.so"),
    )

    assert done.stdout == "b'{\"data\":{\"integration\":15}}' None\n", done.stderr


def test_nothing_is_loaded_from_the_current_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Found:
        _name = "libtrainstat.so.1"  # by the system's loader

    (tmp_path / "_walk.abi3.so").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(_walking, "library", Found)
    monkeypatch.setattr(_walking, "_loaded", lambda file: pytest.fail(file))

    assert _walking.walk_module.__wrapped__() is None
