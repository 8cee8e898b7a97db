"""Forks, signals, the end of the interpreter: what happens around a report."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[1]
START = "import trainstat, os, signal, sys, threading\nERROR = dict(code=1, field='f', message='m')\n"


def run(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    command = [sys.executable, "-X", "dev", "-c", START + code, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def test_end_of_the_interpreter_closes_reports_and_leaves_no_file(tmp_path: Path) -> None:
    done = run("report = trainstat.Report('ekvio.errors', file=sys.argv[1])\nreport.append(ERROR)", tmp_path / "report.json")

    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_end_of_the_interpreter_survives_a_thread_that_still_appends() -> None:
    done = run(
        """
report = trainstat.Report('ekvio.errors')
def feed():
    while True: report.extend([ERROR] * 100)
for _ in range(3): threading.Thread(target=feed, daemon=True).start()
import time; time.sleep(0.3)
"""
    )

    assert done.returncode == 0


def test_a_forked_child_uses_and_closes_the_report_of_its_parent() -> None:
    done = run(
        """
report = trainstat.Report('ekvio.errors')
report.append(ERROR)
child = os.fork()
if not child:
    report.append(ERROR)
    two = report.problems()['accepted'] == 2
    report.close()
    os._exit(0 if two else 1)
print(os.waitpid(child, 0)[1], report.problems()['accepted'])
report.append(ERROR)
print(len(report.build()))
"""
    )

    assert done.stdout.split() == ["0", "1", str(len('{"errors":[,]}') + 2 * len('{"code":1,"field":"f","message":"m"}'))]


def test_a_forked_child_leaves_the_file_of_its_parent_alone(tmp_path: Path) -> None:
    done = run(
        """
report = trainstat.Report('ekvio.errors', file=sys.argv[1])
report.append(ERROR)
child = os.fork()
if not child:
    try:
        report.build()
    except trainstat.TrainstatError as error:
        print(error.status.name, flush=True)
    sys.exit()
os.waitpid(child, 0)
report.append(ERROR)
report.build()
""",
        tmp_path / "report.json",
    )

    assert (done.stdout, done.stderr) == ("FORKED\n", "")
    assert (tmp_path / "report.json").read_text().count("code") == 2


def test_a_fork_in_the_middle_of_another_threads_call_does_not_hang() -> None:
    done = run(
        """
import warnings; warnings.simplefilter('ignore')
report = trainstat.Report('ekvio.errors')
stop = False
def feed():
    while not stop: report.extend([ERROR] * 200)
thread = threading.Thread(target=feed); thread.start()
for _ in range(30):
    child = os.fork()
    if not child:
        signal.alarm(5)
        try:
            report.problems()
        except trainstat.TrainstatError:
            pass
        report.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
stop = True
thread.join()
"""
    )

    assert (done.returncode, done.stderr) == (0, "")


def test_a_signal_handler_may_do_anything_to_the_report() -> None:
    done = run(
        """
import random, time
class Stop(Exception): pass
refused = 0
for number in range(200):
    report = trainstat.Report('ekvio.errors')
    def handle(*_):
        global refused
        try:
            random.choice([report.close, report.problems, report.build, lambda: report.append(ERROR), report.read])()
        except trainstat.TrainstatError:
            refused += 1
        if number % 2:
            signal.setitimer(signal.ITIMER_REAL, 0)
            raise Stop
    signal.signal(signal.SIGALRM, handle)
    try:
        signal.setitimer(signal.ITIMER_REAL, random.random() / 500, 0.0004)
        while True:
            report.extend([ERROR] * 20)
            report.problems()
    except (trainstat.TrainstatError, Stop):
        pass
    signal.setitimer(signal.ITIMER_REAL, 0)
    report.close()
print('fine')
"""
    )

    assert done.stdout == "fine\n", done.stderr


def test_an_interrupt_leaves_the_report_closable_and_no_file(tmp_path: Path) -> None:
    done = run(
        """
import random
for number in range(100):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0005 + random.random() / 300)
        with trainstat.Report('ekvio.errors', file=sys.argv[1]) as report:
            while True: report.extend([ERROR] * 30); report.problems()
    except KeyboardInterrupt:
        pass
    assert os.listdir(os.path.dirname(sys.argv[1])) == []
print('fine')
""".replace("import random", "import random\ndef stop(*_): raise KeyboardInterrupt\nsignal.signal(signal.SIGALRM, stop)"),
        tmp_path / "report.json",
    )

    assert done.stdout == "fine\n", done.stderr


@pytest.mark.skipif(os.environ.get("TRAINSTAT_LARGE") != "1", reason="takes 5 GiB of memory; TRAINSTAT_LARGE=1 runs it")
def test_builds_a_document_beyond_two_gibibytes() -> None:
    done = run(
        """
text = 'x' * (1 << 20)
with trainstat.Report('ekvio.errors') as report:
    report.extend(dict(code=n, field='', message=text) for n in range(2100))
    document = report.build()
print(len(document) > 2**31, document[:20], document[-3:])
"""
    )

    assert done.stdout == """True b'{"errors":[{"code":0' b'}]}'\n"""
