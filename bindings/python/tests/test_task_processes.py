"""Kills, forks, exec, interrupts, the end of the interpreter: what happens around a task."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trainstat

HERE = Path(__file__).resolve().parents[1]
START = "import trainstat, os, signal, subprocess, sys, threading, time\nfolder = sys.argv[1]\ntasks = trainstat.Tasks(folder)\n"
CLAIM = "task = tasks.claim('trainings')\nprint(task.id, flush=True)\n"


def started(code: str, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-X", "dev", "-c", START + code, str(folder)]
    environment, pipe = os.environ | {"PYTHONPATH": str(HERE)}, subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    with started(code, folder) as process:
        try:
            out, problems = process.communicate(timeout=60)
        finally:
            process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, out, problems)


@contextmanager
def holder(folder: Path, then: str = "sys.stdin.read()") -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that has claimed a task, and the task's id."""
    with started(CLAIM + then, folder) as process:
        try:
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def claimed_within(tasks: trainstat.Tasks, seconds: float) -> int:
    """The id of the next task."""
    end = time.monotonic() + seconds
    while True:
        try:
            with tasks.claim("trainings") as task:
                return task.id
        except trainstat.TaskRunning:
            if time.monotonic() > end:
                raise
            time.sleep(0.001)


def test_a_killed_holder_is_fail_and_the_next_claim_succeeds(folder: Path) -> None:
    with trainstat.Tasks(folder) as tasks:
        for _ in range(3):
            with holder(folder) as (process, held):
                with pytest.raises(trainstat.TaskRunning) as raised:
                    tasks.claim("trainings")
                assert raised.value.id == held
                assert tasks.state(held)["status"] == "progress"

                process.kill()
                process.wait()

                assert claimed_within(tasks, 0.05) > held
                assert tasks.state(held)["status"] == "fail"
                assert tasks.state(held)["finished"] is not None


def test_a_killed_holder_is_fail_before_anybody_claims(folder: Path) -> None:
    with trainstat.Tasks(folder) as tasks, holder(folder) as (process, held):
        process.kill()
        process.wait()

        assert tasks.answer(held) == b'{"data":{"status":"fail"}}'


def test_a_stopped_holder_keeps_its_task(folder: Path) -> None:
    with trainstat.Tasks(folder) as tasks, holder(folder) as (process, held):
        process.send_signal(signal.SIGSTOP)
        with pytest.raises(trainstat.TaskRunning) as raised:
            tasks.claim("trainings")

        assert raised.value.id == held
        assert tasks.state(held)["status"] == "progress"


@pytest.mark.parametrize(
    "end",
    [
        "",
        "sys.exit(3)",
        "raise ValueError",
        "os._exit(0)",
        "os.kill(os.getpid(), signal.SIGINT)",
        "os.execv('/bin/sleep', ['sleep', '60'])",
    ],
)
def test_however_a_process_ends_its_open_task_is_fail(folder: Path, end: str) -> None:
    with trainstat.Tasks(folder) as tasks, holder(folder, end) as (process, held):
        claimed_within(tasks, 10)  # the interpreter takes its time

        assert tasks.state(held)["status"] == "fail"
        if "exec" in end:
            assert process.poll() is None  # still there, and without the task


def test_the_end_of_the_interpreter_records_fail_itself(folder: Path) -> None:
    done = run(CLAIM, folder)

    assert (done.returncode, done.stderr) == (0, "")
    assert '"status":"fail"' in next(folder.glob(f"{done.stdout.strip()}.*")).read_text()


def test_a_forked_child_is_refused_and_its_end_changes_nothing(folder: Path) -> None:
    done = run(
        """
task = tasks.claim('trainings')
child = os.fork()
if not child:
    for call in (lambda: task.progress(1), task.finish, task.fail, lambda: tasks.claim('trainings'), lambda: tasks.claim('other'),
                 lambda: tasks.state(task.id), tasks.list, lambda: tasks.answer(task.id)):
        try:
            call()
        except trainstat.TrainstatError as error:
            print(error.status.name, flush=True)
    with trainstat.Tasks(folder) as mine:
        try:
            mine.claim('trainings')
        except trainstat.TaskRunning as running:
            print(running.id == task.id, mine.state(task.id)['status'], flush=True)
    sys.exit()
print(os.waitpid(child, 0)[1], tasks.state(task.id)['status'])
try:
    trainstat.Tasks(folder).claim('trainings')
except trainstat.TaskRunning as running:
    print(running.id == task.id)
task.progress(5)
task.finish('x')
print(tasks.state(task.id)['status'])
""",
        folder,
    )

    assert done.stdout.split() == ["FORKED"] * 8 + ["True", "progress", "0", "progress", "True", "completed"]
    assert done.stderr == ""


@pytest.mark.parametrize("end", ["task.close(); tasks.close()", "del task, tasks", "task.__exit__(None, None, None)"])
def test_a_forked_child_that_closes_never_frees_the_lock_of_its_parent(folder: Path, end: str) -> None:
    done = run(
        f"""
task = tasks.claim('trainings')
child = os.fork()
if not child:
    {end}
    os._exit(0)
print(os.waitpid(child, 0)[1], tasks.state(task.id)['status'])
try:
    trainstat.Tasks(folder).claim('trainings')
except trainstat.TaskRunning as running:
    print(running.id == task.id)
task.finish()
""",
        folder,
    )

    assert (done.stdout.split(), done.stderr) == (["0", "progress", "True"], "")


def test_children_that_live_on_do_not_keep_the_task_of_a_killed_holder(folder: Path) -> None:
    with trainstat.Tasks(folder) as tasks:
        code = """
child = os.fork()
if not child:
    sys.stdin.read()
    os._exit(0)
spawned = subprocess.Popen(['sleep', '60'], close_fds=False)
print(child, spawned.pid, flush=True)
sys.stdin.read()
"""
        with holder(folder, code) as (process, held):
            children = [int(child) for child in process.stdout.readline().split()]
            process.kill()
            process.wait()

            claimed_within(tasks, 0.05)
            for child in children:
                os.kill(child, signal.SIGKILL)  # which raises where it is not there
        assert tasks.state(held)["status"] == "fail"


def test_a_fork_in_the_middle_of_another_threads_calls_does_not_hang(folder: Path) -> None:
    done = run(
        """
import warnings; warnings.simplefilter('ignore')
stop = False
held = tasks.claim('held')
def claim():
    while not stop:
        with tasks.claim('trainings') as task:
            task.progress(1)
            held.progress(1)
            task.finish()
thread = threading.Thread(target=claim); thread.start()
for turn in range(20):
    child = os.fork()
    if not child:
        signal.alarm(5)
        for call in (tasks.list, lambda: held.progress(2)):
            try:
                call()
                os._exit(9)
            except trainstat.TrainstatError as error:
                if 'in the middle' in str(error): os._exit(7)
        with trainstat.Tasks(folder) as mine:
            try:
                mine.claim('held')
                os._exit(8)
            except trainstat.TaskRunning:
                pass
        held.close()
        tasks.close()
        sys.exit() if turn % 2 else os._exit(0)
    assert os.waitpid(child, 0)[1] == 0, turn
stop = True
thread.join()
print({state['status'] for state in tasks.list() if state['type'] == 'trainings'}, tasks.state(held.id)['status'])
held.finish()
""",
        folder,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "{'completed'} progress\n", "")


def test_an_interrupt_never_leaves_a_task_behind(folder: Path) -> None:
    done = run(
        """
import gc, random, traceback
gc.disable()
kept = []
def stop(*_): raise KeyboardInterrupt
signal.signal(signal.SIGALRM, stop)
interrupted = 0
for number in range(80):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0001 + random.random() / (200, 2000)[number % 2])
        with tasks.claim('trainings') as task:
            while True: task.progress(number)
    except KeyboardInterrupt as interrupt:
        interrupted += 1
        if 'claim' in [frame.f_code.co_name for frame, _ in traceback.walk_tb(interrupt.__traceback__)]:
            kept.append(interrupt)  # and with it whatever the claim had at hand
    signal.setitimer(signal.ITIMER_REAL, 0)
    tasks.claim('trainings').close()
print(interrupted, {state['status'] for state in tasks.list(1000)})
""",
        folder,
    )

    assert (done.stdout, done.stderr) == ("80 {'fail'}\n", "")


def test_a_signal_handler_may_do_anything_to_a_task_and_its_tasks(folder: Path) -> None:
    done = run(
        """
import random
class Stop(Exception): pass
for number in range(60):
    mine = trainstat.Tasks(folder)
    task = mine.claim('trainings')
    def handle(*_):
        try:
            random.choice([task.close, task.finish, mine.list, mine.close, lambda: task.progress(1), lambda: mine.claim('other')])()
        except trainstat.TrainstatError:
            pass
        if number % 2:
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise Stop
    signal.signal(signal.SIGALRM, handle)
    try:
        signal.setitimer(signal.ITIMER_REAL, random.random() / 500, 0.0006)
        while True:
            task.progress(5)
            mine.state(task.id)
    except (trainstat.TrainstatError, Stop):
        pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    task.close()
    mine.close()
tasks.claim('trainings').finish()
print('fine')
""",
        folder,
    )

    assert done.stdout == "fine\n", done.stderr


def test_processes_racing_have_one_winner_each_time(folder: Path) -> None:
    code = """
answered = 0
while answered < 60:
    try:
        with tasks.claim('trainings') as task:
            # A second holder would find the file there.
            os.close(os.open(folder + '.mark', os.O_CREAT | os.O_EXCL))
            os.unlink(folder + '.mark')
            task.finish()
            print('won', task.id)
    except trainstat.TaskRunning as running:
        print('told', running.id)
    except trainstat.TrainstatError as error:
        if error.status.name != 'BUSY': raise
        continue  # a slow machine: asked again
    answered += 1
"""
    racing = [started(code, folder) for _ in range(4)]
    answers = [process.communicate(timeout=60) for process in racing]
    said = [line.split() for out, _ in answers for line in out.splitlines()]
    won = [task for verdict, task in said if verdict == "won"]

    assert [problems for _, problems in answers] == [""] * 4
    assert len(said) == 240
    assert len(won) == len(set(won))
    assert {task for verdict, task in said if verdict == "told"} <= set(won)
