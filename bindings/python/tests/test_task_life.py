"""How tasks and their directory end in their host: closed, collected, never copied."""

from __future__ import annotations

import copy
import gc
import itertools
import pickle
from pathlib import Path
from typing import Any

import pytest
import trainstat
from conftest import refusal


def test_a_task_may_outlive_its_tasks(folder: Path) -> None:
    tasks = trainstat.Tasks(folder)
    task = tasks.claim("trainings")
    tasks.close()
    task.progress(1)
    task.finish("x")
    task.close()

    with trainstat.Tasks(folder) as again:
        assert (again.state(task.id)["status"], again.state(task.id)["file"]) == ("completed", "x")


@pytest.mark.parametrize("order", list(itertools.permutations(["tasks", "one", "two"])), ids="-".join)
def test_is_collected_in_any_order(folder: Path, order: tuple[str, ...]) -> None:
    tasks = trainstat.Tasks(folder)
    held: dict[str, Any] = {"one": tasks.claim("one"), "two": tasks.claim("two"), "tasks": tasks}
    ids = held["one"].id, held["two"].id
    del tasks

    for name in order:
        del held[name]

    with trainstat.Tasks(folder) as again:
        assert [again.state(task_id)["status"] for task_id in ids] == ["fail", "fail"]
        again.claim("one").close()


def test_is_collected_in_a_cycle(folder: Path) -> None:
    class Job:
        pass

    job, tasks = Job(), trainstat.Tasks(folder)
    job.task, job.tasks, job.itself = tasks.claim("trainings"), tasks, job
    number = job.task.id
    del job, tasks
    gc.collect()

    with trainstat.Tasks(folder) as again:
        assert again.state(number)["status"] == "fail"


def test_a_refused_claim_leaves_nothing_to_collect(tasks: trainstat.Tasks) -> None:
    def alive() -> int:
        return sum(isinstance(found, trainstat.Task) for found in gc.get_objects())

    with tasks.claim("trainings"):
        gc.collect()
        gc.disable()
        try:
            before = alive()
            for _ in range(5):
                with pytest.raises(trainstat.TaskRunning):
                    tasks.claim("trainings")
            assert alive() == before
        finally:
            gc.enable()


@pytest.mark.parametrize(
    "use",
    [
        lambda tasks: tasks.claim("trainings"),
        lambda tasks: tasks.state(1),
        lambda tasks: tasks.list(),
        lambda tasks: tasks.answer(1),
        lambda tasks: tasks.__enter__(),
    ],
)
def test_refuses_every_call_after_the_close(folder: Path, use: Any) -> None:
    tasks = trainstat.Tasks(folder)
    tasks.close()
    tasks.close()

    assert str(refusal(lambda: use(tasks))) == "the directory of tasks is closed"


@pytest.mark.parametrize(
    "use",
    [lambda task: task.progress(1), lambda task: task.finish(), lambda task: task.fail(), lambda task: task.__enter__()],
)
def test_refuses_every_call_of_a_closed_task(tasks: trainstat.Tasks, use: Any) -> None:
    task = tasks.claim("trainings")
    task.close()
    task.close()

    assert str(refusal(lambda: use(task))) == "the task is closed"
    assert task.id == tasks.list()[0]["id"]


def test_tells_in_its_repr_what_it_is(tasks: trainstat.Tasks, folder: Path) -> None:
    with tasks.claim("trainings") as task:
        assert repr(task) == f"<trainstat.Task {task.id}>"
    assert repr(task) == f"<trainstat.Task {task.id}, closed>"
    assert repr(tasks) == f"<trainstat.Tasks {str(folder)!r}>"


def test_cannot_be_pickled_or_copied(tasks: trainstat.Tasks) -> None:
    with tasks.claim("trainings") as task:
        for held in (tasks, task):
            for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
                with pytest.raises(TypeError, match="cannot be copied or pickled"):
                    attempt(held)
        assert tasks.state(task.id)["status"] == "progress"
