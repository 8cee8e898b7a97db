"""What the methods of tasks take and what they refuse."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
import trainstat
from conftest import refusal
from trainstat._signatures import Status


@pytest.mark.parametrize("file", ["https://lms.example/\u043e?a=%20", Path("\u043e\u0442\u0447\u0451\u0442.json"), None], ids=ascii)
def test_takes_a_file_as_url_path_or_not_at_all(tasks: trainstat.Tasks, file: Any) -> None:
    with tasks.claim("trainings") as task:
        task.finish(file=file)

    assert tasks.state(task.id)["file"] == (None if file is None else str(file))


@pytest.mark.parametrize("file", ["a\0b", "x" * 4097, "\ud800", os.fsdecode(b"\xff.json")], ids=ascii)
def test_a_refused_file_leaves_the_task_running(tasks: trainstat.Tasks, file: str) -> None:
    with tasks.claim("trainings") as task:
        assert refusal(lambda: task.finish(file=file)).status is Status.INVALID_ARGUMENT
        assert tasks.state(task.id)["status"] == "progress"
        task.finish()

    assert tasks.state(task.id)["status"] == "completed"


@pytest.mark.parametrize("end", ["finish", "fail"])
def test_takes_nothing_else_as_a_file(tasks: trainstat.Tasks, end: str) -> None:
    with tasks.claim("trainings") as task:
        for file in (5, True, ["x"], object()):
            with pytest.raises(TypeError):
                getattr(task, end)(file=file)


@pytest.mark.parametrize("task_id", [0, -1, 1, 2**62, 2**63 - 1, -(2**63)])
def test_refuses_an_id_that_was_never_given(tasks: trainstat.Tasks, task_id: int) -> None:
    for ask in (tasks.state, tasks.answer):
        assert refusal(lambda ask=ask: ask(task_id)).status is Status.UNKNOWN_TASK


@pytest.mark.parametrize("task_id", [2**63, -(2**63) - 1, 2**64 + 1, 10**30])
def test_refuses_an_id_beyond_64_bits(tasks: trainstat.Tasks, task_id: int) -> None:
    tasks.claim("trainings").close()
    for ask in (tasks.state, tasks.answer):
        with pytest.raises(ValueError, match="the id of a task must be an integer in "):
            ask(task_id)


@pytest.mark.parametrize("value", [True, False, 1.0, "1", None, b"1"], ids=repr)
def test_refuses_what_is_no_integer(tasks: trainstat.Tasks, value: Any) -> None:
    with tasks.claim("trainings") as task:
        for call in (tasks.state, tasks.answer, tasks.list, task.progress, lambda value: task.progress(0, value)):
            with pytest.raises(TypeError):
                call(value)
        assert (tasks.state(task.id)["done"], tasks.state(task.id)["total"]) == (0, 0)


@pytest.mark.parametrize("value", [-1, 2**63, 2**64 - 1, 2**64, 2**64 + 5, -(2**64) + 5])
def test_refuses_counts_that_no_record_can_hold(tasks: trainstat.Tasks, value: int) -> None:
    with tasks.claim("trainings") as task:
        for counts in ((value, 0), (0, value)):
            with pytest.raises((ValueError, trainstat.TrainstatError)):
                task.progress(*counts)
        assert (tasks.state(task.id)["done"], tasks.state(task.id)["total"]) == (0, 0)


@pytest.mark.parametrize("most", [-1, 2**64, 2**64 + 1])
def test_refuses_a_list_of_no_length(tasks: trainstat.Tasks, most: int) -> None:
    tasks.claim("trainings").close()
    with pytest.raises(ValueError, match="the number of tasks must be an integer in "):
        tasks.list(most)


def test_takes_the_greatest_counts_and_integers_of_any_class(tasks: trainstat.Tasks) -> None:
    class Count(int):
        pass

    with tasks.claim("trainings") as task:
        task.progress(Count(2**63 - 1), total=2**63 - 1)
        assert tasks.state(Count(task.id))["done"] == tasks.state(task.id)["total"] == 2**63 - 1


@pytest.mark.parametrize("names", [(None,), (b"trainings",), (5,), ("trainings", None), ("trainings", b"a")], ids=repr)
def test_refuses_a_type_or_scope_that_is_no_text(tasks: trainstat.Tasks, names: Any) -> None:
    with pytest.raises(TypeError, match="of a task must be str"):
        tasks.claim(*names)


@pytest.mark.parametrize("names", [("",), ("", "a"), ("a\0b",), ("\ud800",), ("x" * 201,), ("x", "\u044f" * 40)], ids=ascii)
def test_refuses_a_type_or_scope_that_names_no_task(tasks: trainstat.Tasks, folder: Path, names: Any) -> None:
    assert refusal(lambda: tasks.claim(*names)).status is Status.INVALID_ARGUMENT
    assert tasks.list() == []


@pytest.mark.parametrize("name", ["../../etc", "a/b", ".", "\u043a\u0443\u0440\u0441\u044b", "a b\n\"'<script>"], ids=ascii)
def test_takes_any_text_as_a_name_and_keeps_it_in_the_directory(tasks: trainstat.Tasks, tmp_path: Path, name: str) -> None:
    with tasks.claim(name, scope=name) as task:
        assert (tasks.state(task.id)["type"], tasks.state(task.id)["scope"]) == (name, name)
    assert list(tmp_path.iterdir()) == [tmp_path / "tasks"]


@pytest.mark.parametrize("kind", [str, Path])
def test_takes_a_directory_of_any_kind_and_makes_it_private(tmp_path: Path, kind: Any) -> None:
    path = tmp_path / "\u0437\u0430\u0434\u0430\u0447\u0438"
    with trainstat.Tasks(kind(path)) as tasks, tasks.claim("trainings"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()} == {0o600}


@pytest.mark.parametrize("path", [None, 5, object()], ids=str)
def test_refuses_a_directory_that_is_no_path(path: Any) -> None:
    with pytest.raises(TypeError):
        trainstat.Tasks(path)


@pytest.mark.parametrize("path", ["", "a\0b"], ids=repr)
def test_refuses_a_directory_without_a_name(path: str) -> None:
    assert refusal(lambda: trainstat.Tasks(path)).status is Status.INVALID_ARGUMENT


@pytest.mark.parametrize("mode", [0o770, 0o702])
def test_refuses_a_directory_that_others_can_write_to(folder: Path, mode: int) -> None:
    folder.mkdir()
    folder.chmod(mode)

    assert refusal(lambda: trainstat.Tasks(folder)).status is Status.UNSAFE_DIRECTORY
    assert list(folder.iterdir()) == []


def test_refuses_a_symbolic_link_for_a_directory(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    folder.with_name("link").symlink_to(folder)

    assert refusal(lambda: trainstat.Tasks(folder.with_name("link"))).status is Status.UNSAFE_DIRECTORY


def test_tells_why_a_directory_cannot_be_made(folder: Path) -> None:
    error = refusal(lambda: trainstat.Tasks(folder / "deep"))

    assert (error.status, error.errno) == (Status.FILE_FAILED, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_agee": 5}, "unknown option max_agee; did you mean max_age?"),
        ({"max_age": "5"}, "option max_age must be"),
        ({"max_age": -1}, "option max_age must be"),
        ({"max_age": 1.5}, "option max_age must be"),
        ({"max_age": 10**30}, "option max_age must be"),
        ({"max_count": True}, "option max_count must be"),
        ({"max_count": 0}, "option max_count must be"),
        ({"max_count": object()}, "options must be"),
    ],
    ids=str,
)
def test_refuses_wrong_options(folder: Path, options: dict[str, Any], message: str) -> None:
    error = refusal(lambda: trainstat.Tasks(folder, **options))

    assert error.message.startswith(message)
    assert not folder.exists()


def test_an_option_of_none_is_not_given(folder: Path) -> None:
    trainstat.Tasks(folder, max_age=None, max_count=None).close()
