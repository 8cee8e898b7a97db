"""The walk and its host: nothing of the host's is kept or lost, whatever runs meanwhile, and the module is where it may be."""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
import random
import sys
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trainstat
from odd_rows import ERROR, FORMAT, OPTIONS, Bad, answer, both, columns_of, fit, random_row, run
from trainstat import _batches, _walking
from trainstat._packing import Batch
from trainstat._walking import Walk


def a_walk(report: trainstat.Report) -> Walk:
    batch = report._batches.take()
    assert isinstance(batch, Walk)
    return batch


def test_is_what_reports_use() -> None:
    with trainstat.Report("ekvio.errors") as report:
        assert isinstance(report._batches.take(), Walk)


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
    for arguments in [(), ({}, (), {}, 1, 2), ([], (), {}, 1, 2, 3), ({}, [], {}, 1, 2, 3), ({}, (), [], 1, 2, 3)]:
        with pytest.raises(TypeError):
            module.Walk(*arguments)
    with pytest.raises(ValueError, match="a type for each column"):
        module.Walk({"a": 0}, ("text",), {}, None, None, None)
    assert walk.count == 0


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
