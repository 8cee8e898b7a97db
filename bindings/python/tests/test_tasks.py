"""What the tasks promise to their host, within one process."""

from __future__ import annotations

import copy
import json
import pickle
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import trainstat
from conftest import refusal
from trainstat._signatures import Error, Status
from trainstat.errors import failure


def fill_record(folder: Path, task_id: int, text: bytes) -> None:
    """Writes over the record of a task."""
    (record,) = (path for path in folder.iterdir() if path.name.startswith(f"{task_id}."))
    record.write_bytes(text)


def test_a_task_goes_from_progress_to_completed(tasks: trainstat.Tasks) -> None:
    before = int(time.time())
    with tasks.claim("trainings", scope="company-7") as task:
        task.progress(5, 10)
        running = tasks.state(task.id)
        task.finish(file="/srv/15.json")
        completed = tasks.state(task.id)

    assert before <= running["started"] <= time.time()
    assert running == {
        "id": task.id,
        "type": "trainings",
        "scope": "company-7",
        "status": "progress",
        "file": None,
        "done": 5,
        "total": 10,
        "started": running["started"],
        "finished": None,
    }
    assert running["started"] <= completed["finished"] <= time.time()
    assert completed == running | {"status": "completed", "file": "/srv/15.json", "finished": completed["finished"]}
    assert tasks.state(task.id) == completed


def test_states_have_the_keys_that_their_type_names(tasks: trainstat.Tasks) -> None:
    with tasks.claim("trainings") as task:
        assert list(tasks.state(task.id)) == list(trainstat.TaskState.__annotations__)


def test_a_scope_is_optional(tasks: trainstat.Tasks) -> None:
    with tasks.claim("trainings") as task:
        assert tasks.state(task.id)["scope"] == ""


def test_leaving_without_finish_is_fail(tasks: trainstat.Tasks) -> None:
    with tasks.claim("trainings") as task:
        pass

    assert tasks.state(task.id)["status"] == "fail"
    assert tasks.state(task.id)["finished"] is not None


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_an_exception_is_fail_and_goes_on(tasks: trainstat.Tasks, kind: type[BaseException]) -> None:
    with pytest.raises(kind), tasks.claim("trainings") as task:
        raise kind

    assert tasks.state(task.id)["status"] == "fail"
    tasks.claim("trainings").close()


def test_an_exception_after_finish_leaves_it_completed(tasks: trainstat.Tasks) -> None:
    with pytest.raises(ValueError), tasks.claim("trainings") as task:
        task.finish()
        raise ValueError

    assert tasks.state(task.id)["status"] == "completed"


def test_a_failure_records_its_log(tasks: trainstat.Tasks, tmp_path: Path) -> None:
    with tasks.claim("trainings") as task:
        task.fail(file=tmp_path / "log.txt")

    assert (tasks.state(task.id)["status"], tasks.state(task.id)["file"]) == ("fail", str(tmp_path / "log.txt"))


@pytest.mark.parametrize("use", [lambda task: task.progress(1), lambda task: task.finish(), lambda task: task.fail()])
def test_refuses_calls_of_a_finished_task(tasks: trainstat.Tasks, use: Any) -> None:
    with tasks.claim("trainings") as task:
        task.finish("x")

        assert refusal(lambda: use(task)).status is Status.TASK_FINISHED
    assert tasks.state(task.id)["file"] == "x"


def test_the_next_one_is_let_in_by_finish_and_not_by_close_alone(tasks: trainstat.Tasks) -> None:
    first = tasks.claim("trainings")
    first.finish()
    with tasks.claim("trainings") as second:
        first.close()

        assert tasks.state(second.id)["status"] == "progress"
        assert second.id > first.id
        assert refusal(lambda: tasks.claim("trainings")).status is Status.TASK_RUNNING


def test_a_second_task_of_the_type_and_scope_is_refused_by_the_id_of_the_first(tasks: trainstat.Tasks) -> None:
    with tasks.claim("trainings", "a") as task:
        with pytest.raises(trainstat.TaskRunning) as raised:
            tasks.claim("trainings", scope="a")

    assert (raised.value.id, raised.value.status, raised.value.errno) == (task.id, Status.TASK_RUNNING, 0)
    assert str(task.id) in str(raised.value)


def test_other_types_and_scopes_run_beside_it(tasks: trainstat.Tasks) -> None:
    with tasks.claim("trainings", "a") as one, tasks.claim("trainings", "b") as two, tasks.claim("participants", "a") as three:
        assert one.id < two.id < three.id


def test_the_document_of_the_running_one_is_the_catalogues(tasks: trainstat.Tasks) -> None:
    with tasks.claim("trainings") as task, pytest.raises(trainstat.TaskRunning) as raised:
        tasks.claim("trainings")

    assert raised.value.document == trainstat.document("ekvio.task_running", [{"id": task.id}])
    assert raised.value.document.endswith(b'Running task ID: %d"}]}' % task.id)


def test_an_id_in_the_detail_is_no_errno() -> None:
    assert failure(Error(status=Status.TASK_RUNNING, row=-1, detail=15)).errno == 0


def test_the_refusal_can_be_pickled_and_copied(tasks: trainstat.Tasks) -> None:
    with tasks.claim("trainings"), pytest.raises(trainstat.TaskRunning) as raised:
        tasks.claim("trainings")

    for again in (pickle.loads(pickle.dumps(raised.value)), copy.copy(raised.value)):
        assert (again.args, vars(again)) == (raised.value.args, vars(raised.value))
        assert (type(again), str(again), again.document) == (trainstat.TaskRunning, str(raised.value), raised.value.document)


def test_two_openings_of_one_process_exclude_each_other(tasks: trainstat.Tasks, folder: Path) -> None:
    with trainstat.Tasks(folder) as others, tasks.claim("trainings") as task:
        with pytest.raises(trainstat.TaskRunning) as raised:
            others.claim("trainings")
        task.progress(7)

        assert raised.value.id == task.id
        assert others.state(task.id)["done"] == 7
        assert others.list() == tasks.list()


def test_a_list_has_the_newest_first_and_so_many_at_most(tasks: trainstat.Tasks) -> None:
    ids = []
    for _ in range(4):
        with tasks.claim("trainings") as task:
            ids.append(task.id)

    assert [state["id"] for state in tasks.list()] == ids[::-1]
    assert [state["id"] for state in tasks.list(most=2)] == ids[:1:-1]
    assert tasks.list(0) == []
    assert tasks.list()[0] == tasks.state(ids[-1])


def test_a_list_has_a_hundred_where_nothing_is_said(tasks: trainstat.Tasks) -> None:
    for _ in range(101):
        tasks.claim("trainings").close()

    assert len(tasks.list()) == 100
    assert len(tasks.list(2**64 - 1)) == 101


def test_answers_as_the_catalogue_does(tasks: trainstat.Tasks) -> None:
    url = "https://lms.example/reports/15.json"
    with tasks.claim("trainings") as running, tasks.claim("a") as completed, tasks.claim("b") as failed, tasks.claim("c") as died:
        completed.finish("/srv/15.json")
        failed.fail("/srv/15.log")
        died.close()

        for task, given, wanted in [
            (running, None, {"status": "progress"}),
            (running, url, {"status": "progress"}),
            (completed, None, {"status": "completed", "file": "/srv/15.json"}),
            (completed, url, {"status": "completed", "file": url}),
            (failed, None, {"status": "fail", "file": "/srv/15.log"}),
            (failed, url, {"status": "fail", "file": url}),
            (died, None, {"status": "fail"}),
            (died, url, {"status": "fail", "file": url}),
        ]:
            answer = tasks.answer(task.id, file_url=given)
            assert json.loads(answer) == {"data": wanted}
            assert answer == trainstat.document("ekvio.integration_status", [wanted])


def test_refuses_to_answer_completed_without_a_file(tasks: trainstat.Tasks) -> None:
    with tasks.claim("trainings") as task:
        task.finish()

    assert "file" in str(refusal(lambda: tasks.answer(task.id)))
    assert b"/15" in tasks.answer(task.id, "https://lms.example/15")


def test_forgets_finished_tasks_beyond_the_count_and_no_running_one(folder: Path) -> None:
    with trainstat.Tasks(folder, max_count=3) as tasks, tasks.claim("trainings") as running:
        for _ in range(6):
            with tasks.claim("participants") as last:
                last.finish()

        states = tasks.list()
        assert (states[0]["id"], states[-1]["id"], states[-1]["status"]) == (last.id, running.id, "progress")
        assert len(states) <= 4
        assert refusal(lambda: tasks.state(running.id + 1)).status is Status.UNKNOWN_TASK


@pytest.mark.parametrize("text", [b"", b"{}", b"\xff" * 100, b'{"id":1,"type":"trainings"}'], ids=repr)
def test_a_damaged_record_is_told_and_in_nobodys_way(tasks: trainstat.Tasks, folder: Path, text: bytes) -> None:
    tasks.claim("participants").close()
    with tasks.claim("trainings") as task:
        task.finish("x")
    fill_record(folder, task.id, text)

    for _ in range(2):
        assert refusal(lambda: tasks.state(task.id)).status is Status.TASK_DAMAGED
        assert refusal(lambda: tasks.answer(task.id)).status is Status.TASK_DAMAGED
    assert [state["id"] for state in tasks.list()] == [task.id - 1]
    with tasks.claim("trainings") as following:
        assert following.id > task.id


def patient_claim(tasks: trainstat.Tasks) -> trainstat.Task:
    """Asks again where a slow machine kept the directory from everybody."""
    while True:
        try:
            return tasks.claim("trainings")
        except trainstat.TrainstatError as error:
            if error.status is not Status.BUSY:
                raise


def test_of_racing_threads_one_wins_and_the_others_learn_its_id(tasks: trainstat.Tasks, folder: Path) -> None:
    threads, rounds = 6, 40
    start, end = threading.Barrier(threads), threading.Barrier(threads)
    won: list[list[int]] = [[] for _ in range(rounds)]
    told: list[list[int]] = [[] for _ in range(rounds)]

    def race(mine: trainstat.Tasks) -> None:
        for turn in range(rounds):
            start.wait(timeout=20)
            try:
                task = patient_claim(mine)
            except trainstat.TaskRunning as running:
                told[turn].append(running.id)
                end.wait(timeout=20)
            else:
                won[turn].append(task.id)
                end.wait(timeout=20)
                task.finish()

    opened = [tasks if number % 2 else trainstat.Tasks(folder) for number in range(threads)]
    racing = [threading.Thread(target=race, args=(mine,)) for mine in opened]
    for thread in racing:
        thread.start()
    for thread in racing:
        thread.join()

    assert [len(winners) for winners in won] == [1] * rounds
    assert told == [winners * (threads - 1) for winners in won]
    assert won == sorted(won)


def test_threads_share_a_task_and_its_tasks(tasks: trainstat.Tasks) -> None:
    errors: list[BaseException] = []

    def work(task: trainstat.Task, number: int) -> None:
        try:
            for done in range(40):
                task.progress(done, number)
                assert tasks.state(task.id)["status"] == "progress"
                assert tasks.list()[0]["id"] == task.id
        except BaseException as error:
            errors.append(error)

    with tasks.claim("trainings") as task:
        working = [threading.Thread(target=work, args=(task, number)) for number in range(4)]
        for thread in working:
            thread.start()
        for thread in working:
            thread.join()

        assert errors == []
        assert tasks.state(task.id)["done"] == 39
