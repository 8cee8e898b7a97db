"""What a report promises to its host."""

from __future__ import annotations

import collections
import copy
import gc
import json
import pickle
import sqlite3
import types
from pathlib import Path
from typing import Any

import pytest
import trainstat
from conftest import smallest
from trainstat._signatures import Status

ERROR = {"code": 1, "field": "f", "message": "m"}
WRITTEN = b'{"code":1,"field":"f","message":"m"}'


def test_append_takes_keywords_and_mappings_alike() -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.append(**ERROR)
        report.append(ERROR)

        assert report.build() == b'{"errors":[' + WRITTEN + b"," + WRITTEN + b"]}"


def test_append_refuses_a_mapping_with_keywords() -> None:
    with trainstat.Report("ekvio.errors") as report, pytest.raises(TypeError):
        report.append(ERROR, code=2)


@pytest.mark.parametrize("row", [None, 5, "text", [("code", 1)], [1, 2], object()], ids=repr)
def test_append_refuses_what_is_no_mapping(row: Any) -> None:
    with trainstat.Report("ekvio.errors", on_refused="skip") as report:
        with pytest.raises(TypeError, match="not a mapping"):
            report.append(row)
        assert report.problems() == {"accepted": 0, "refused": 0, "problems": []}


def test_takes_keys_that_are_words_of_python() -> None:
    with pytest.raises(trainstat.RowError) as raised, trainstat.Report("ekvio.errors") as report:
        report.append(self=1, row=2, **ERROR)

    assert raised.value.column == "self"


def test_error_of_append_is_about_its_own_row() -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.append(ERROR)
        with pytest.raises(trainstat.RowError) as raised:
            report.append(ERROR | {"code": "x"})
        report.append(ERROR)

        assert (raised.value.row, raised.value.column) == (1, "code")
        assert raised.value.message == "code must be an integer"
        assert str(raised.value) == "row 1: code must be an integer"
        assert report.problems()["accepted"] == 2


def test_error_names_no_value() -> None:
    with pytest.raises(trainstat.RowError) as raised:
        trainstat.document("ekvio.errors", [ERROR | {"code": "Petrov"}])

    assert "Petrov" not in str(raised.value) + repr(raised.value)


@pytest.mark.parametrize("key", ["codee", "", "\u043a\u043b\u044e\u0447", "\udc80", "a\0b", "x" * 10_000])
def test_refuses_an_unknown_key_by_its_name(key: str) -> None:
    with trainstat.Report("ekvio.errors") as report:
        with pytest.raises(trainstat.RowError) as raised:
            report.extend([ERROR, ERROR | {key: None}])

        assert (raised.value.row, raised.value.column) == (1, key)
        assert report.problems()["accepted"] == 1


@pytest.mark.parametrize("key", [5, None, b"code", ("code",), 1.5], ids=repr)
def test_refuses_a_key_that_is_no_text(key: Any) -> None:
    with pytest.raises(trainstat.RowError) as raised:
        trainstat.document("ekvio.errors", [{**ERROR, key: 1}])

    assert (raised.value.row, raised.value.column) == (0, None)


def test_skips_and_counts_rows_with_unknown_keys() -> None:
    with trainstat.Report("ekvio.errors", on_refused="skip") as report:
        report.extend([ERROR | {"codee": 1}, ERROR, ERROR | {"code": None}, {}])

        assert report.problems() == {
            "accepted": 1,
            "refused": 3,
            "problems": [
                {"row": 0, "column": None, "message": "no column is named codee; did you mean code?"},
                {"row": 2, "column": "code", "message": "code must not be null"},
                {"row": 3, "column": "code", "message": "code is required"},
            ],
        }


@pytest.mark.parametrize(
    "make",
    [types.MappingProxyType, collections.OrderedDict, collections.ChainMap, collections.UserDict, collections.Counter],
)
def test_takes_any_mapping(make: Any) -> None:
    assert trainstat.document("ekvio.errors", [make(ERROR)]) == b'{"errors":[' + WRITTEN + b"]}"


def test_takes_rows_of_sqlite() -> None:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row

    rows = connection.execute("SELECT 1 AS code, 'f' AS field, 'm' AS message")

    assert trainstat.document("ekvio.errors", rows) == b'{"errors":[' + WRITTEN + b"]}"


def test_adds_no_keys_to_a_mapping_with_defaults() -> None:
    row = collections.defaultdict(int, code=1, field="f")

    with pytest.raises(trainstat.RowError, match="message is required"):
        trainstat.document("ekvio.errors", [ERROR, row])
    assert list(row) == ["code", "field"]


def test_a_missing_key_takes_the_default_and_none_is_null(row: dict[str, Any]) -> None:
    document = trainstat.document("ekvio.trainings_statistic", [row, row | {"filled_type": None, "total_time": 5}])

    first, second = json.loads(document)["data"]
    assert (first["total_time"], first["scorm_status"]) == (0, None)
    assert first["filled_type"]
    assert second["filled_type"] is None


def test_build_again_gives_the_same_and_problems_stay() -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.append(ERROR)
        before = report.problems()

        assert report.build() == report.build()
        assert report.problems() == before


def test_refuses_rows_after_the_build() -> None:
    with trainstat.Report("ekvio.trainings_statistic") as report:
        report.build()
        with pytest.raises(trainstat.TrainstatError) as raised:
            report.append(smallest("ekvio.trainings_statistic"))

    assert raised.value.status is Status.REPORT_FINISHED


def test_build_without_its_row_leaves_the_report_open() -> None:
    with trainstat.Report("ekvio.integration") as report:
        with pytest.raises(trainstat.TrainstatError, match="needs one row") as raised:
            report.build()
        report.append(id=15)

        assert raised.value.status is Status.ROW_COUNT
        assert report.build() == b'{"data":{"integration":15}}'


@pytest.mark.parametrize(
    "use",
    [
        lambda report: report.append(ERROR),
        lambda report: report.append(),
        lambda report: report.extend([]),
        lambda report: report.extend([ERROR]),
        lambda report: report.append_part(b"", 0),
        lambda report: list(report.stream([ERROR])),
        lambda report: report.read(),
        lambda report: report.build(),
        lambda report: report.problems(),
        lambda report: report.__enter__(),
    ],
)
def test_refuses_every_call_after_the_close(use: Any) -> None:
    report = trainstat.Report("ekvio.errors")
    report.close()

    with pytest.raises(trainstat.TrainstatError, match="the report is closed"):
        use(report)


def test_closes_twice() -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.close()
        report.close()

    assert repr(report) == "<trainstat.Report 'ekvio.errors', closed>"


def test_cannot_be_pickled_or_copied() -> None:
    with trainstat.Report("ekvio.errors") as report:
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                attempt(report)


def test_errors_can_be_pickled() -> None:
    with pytest.raises(trainstat.RowError) as raised:
        trainstat.document("ekvio.errors", [{}])

    again = pickle.loads(pickle.dumps(raised.value))
    assert vars(again) == vars(raised.value)
    assert str(again) == "row 0: code is required"


def test_file_appears_at_the_build(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    with trainstat.Report("ekvio.errors", file=path) as report:
        report.append(ERROR)
        assert path.read_text() == "old"
        assert report.build() == b""

    assert path.read_bytes() == b'{"errors":[' + WRITTEN + b"]}"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", [str, Path, lambda path: path.__fspath__().encode()])
def test_takes_a_path_of_any_kind(kind: Any, tmp_path: Path) -> None:
    path = tmp_path / "\u043e\u0442\u0447\u0451\u0442.json"
    given = kind(path)
    if isinstance(given, bytes):
        pytest.skip("bytes are no path of text")

    assert trainstat.document("ekvio.errors", [ERROR], file=given) == b""
    assert path.exists()


def test_leaves_no_file_after_an_exception(tmp_path: Path) -> None:
    with pytest.raises(trainstat.RowError), trainstat.Report("ekvio.errors", file=tmp_path / "report.json") as report:
        report.extend([ERROR, {}])

    assert list(tmp_path.iterdir()) == []


def test_leaves_no_file_without_a_close(tmp_path: Path) -> None:
    report = trainstat.Report("ekvio.errors", file=tmp_path / "report.json")
    report.append(ERROR)
    del report
    gc.collect()

    assert list(tmp_path.iterdir()) == []


def test_a_file_report_has_nothing_to_read(tmp_path: Path) -> None:
    with trainstat.Report("ekvio.errors", file=tmp_path / "report.json") as report, pytest.raises(trainstat.TrainstatError) as raised:
        report.read()

    assert raised.value.status is Status.FILE_REPORT


def test_tells_why_a_file_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(trainstat.TrainstatError) as raised:
        trainstat.Report("ekvio.errors", file=tmp_path / "missing" / "report.json")

    assert raised.value.status is Status.FILE_FAILED
    assert raised.value.errno == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"timezon": "+03:00"}, "unknown option timezon; did you mean timezone?"),
        ({"forms": "8"}, "option forms must be an array of distinct integers in 1..2147483647"),
        ({"forms": {8: "x"}}, "option forms must be an array of distinct integers in 1..2147483647"),
        ({"forms": [8, 8]}, "option forms must be an array of distinct integers in 1..2147483647"),
        ({"forms": [2**31]}, "option forms must be an array of distinct integers in 1..2147483647"),
        ({"forms": [10**30]}, "option forms must be an array of distinct integers in 1..2147483647"),
        ({"html_safe": 1}, "option html_safe must be true or false"),
        ({"timezone": float("nan")}, "options must be one JSON object"),
        ({"timezone": "\ud800"}, "options must be one JSON object"),
        ({"file": "a\0b"}, "option file must be a path, not empty and without NUL"),
        ({"timezone": object()}, "options must be text, integers, booleans, paths or iterables of integers"),
        ({"timezone": b"UTC"}, "options must be text, integers, booleans, paths or iterables of integers"),
    ],
    ids=str,
)
def test_refuses_wrong_options(options: dict[str, Any], message: str) -> None:
    with pytest.raises(trainstat.TrainstatError) as raised:
        trainstat.Report("ekvio.trainings_statistic", **options)

    assert raised.value.message == message
    assert not isinstance(raised.value, trainstat.RowError)


@pytest.mark.parametrize("forms", [[30, 8], (30, 8), iter([30, 8]), {30: "a", 8: "b"}.keys(), (n for n in (30, 8))], ids=repr)
def test_takes_forms_from_any_iterable(forms: Any) -> None:
    with trainstat.Report("ekvio.trainings_statistic", forms=forms, timezone=None) as report:
        assert [column["key"] for column in report.columns[-2:]] == ["form_question_30", "form_question_8"]


@pytest.mark.parametrize("name", ["", "ekvio", "ekvio.errors\0", "\ud800", "x" * 100_000])
def test_refuses_an_unknown_format(name: str) -> None:
    for ask in (trainstat.describe, trainstat.Report):
        with pytest.raises(trainstat.TrainstatError) as raised:
            ask(name)
        assert raised.value.status is Status.UNKNOWN_FORMAT


@pytest.mark.parametrize("name", [None, 5, b"ekvio.errors"])
def test_refuses_a_name_that_is_no_text(name: Any) -> None:
    for ask in (trainstat.describe, trainstat.Report):
        with pytest.raises(TypeError):
            ask(name)


def test_describes_every_format() -> None:
    for name in trainstat.formats():
        assert trainstat.describe(name)["format"] == name
        assert trainstat.describe(name)["options"]


@pytest.mark.parametrize("size", [0, -1])
def test_reads_at_least_one_byte(size: int) -> None:
    with trainstat.Report("ekvio.errors") as report, pytest.raises(ValueError, match="at least 1"):
        report.read(size)


def test_reads_the_document_in_pieces_of_any_size() -> None:
    with trainstat.Report("ekvio.errors") as report:
        report.append(ERROR)
        pieces = [report.read(3), *iter(lambda: report.read(1), b"")]
        rest = report.build()

        assert b"".join(pieces) + rest == b'{"errors":[' + WRITTEN + b"]}"
        assert b"".join(iter(lambda: report.read(2), b"")) == rest
        assert report.read() == b""
