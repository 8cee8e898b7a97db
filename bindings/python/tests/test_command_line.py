"""python -m trainstat, as a process: what it writes, says and answers."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import Any

import pytest
import trainstat
from conftest import smallest

HERE = Path(__file__).resolve().parents[1]
ERROR = {"code": 1, "field": "f", "message": "m"}
LINE = json.dumps(ERROR).encode() + b"\n"
WRITTEN = b'{"code":1,"field":"f","message":"m"}'


def run(*arguments: object, input: bytes = b"", **more: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command(*arguments), input=input, env=environment(), capture_output=True, timeout=60, **more)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "trainstat", *map(str, arguments)]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(HERE)}


def test_lists_the_formats() -> None:
    assert run("formats").stdout.decode().splitlines() == trainstat.formats()


def test_describes_a_format() -> None:
    assert json.loads(run("describe", "eloomi.participants").stdout) == trainstat.describe("eloomi.participants")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "usage"),
        (("frmats",), "invalid choice"),
        (("describe",), "NAME"),
        (("describe", "ekvio.error"), "unknown format ekvio.error; did you mean ekvio.errors?"),
        (("rows",), "--format"),
        (("rows", "--format"), "--format"),
        (("rows", "--format", "ekvio.error"), "unknown format ekvio.error; did you mean ekvio.errors?"),
        (("rows", "--format", "ekvio.errors", "--forms", "8"), "unrecognized arguments: --forms 8"),
        (("rows", "--format", "ekvio.errors", "--html"), "unrecognized arguments: --html"),
        (("rows", "--format", "ekvio.errors", "--on-refused", "go"), "option on_refused must be one of stop, skip"),
        (("rows", "--format", "ekvio.trainings_statistic", "--forms", "all"), "--forms: must be integers"),
        (("rows", "--format", "ekvio.trainings_statistic", "--forms", "8,8"), "option forms must be"),
        (("rows", "--format", "ekvio.trainings_statistic", "--timezone", "Nowhere"), "option timezone must be"),
        (("rows", "--format", "eloomi.error", "--status-code", "x"), "--status-code"),
        (("rows", "--format", "eloomi.error", "--status-code", "99"), "option status_code must be an integer in 100..599"),
        (("rows", "--format", "ekvio.errors", "-o", "/nowhere/report.json"), "No such file"),
        (("rows", "--format", "ekvio.errors"), "ekvio.errors needs at least one row"),
    ],
    ids=str,
)
def test_bad_usage_is_one_message_and_status_2(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert said in done.stderr.decode()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("name", trainstat.formats())
def test_every_option_of_a_format_is_a_flag(name: str) -> None:
    help_text = run("rows", "--format", name, "--help").stdout.decode()

    for option in trainstat.describe(name)["options"]:
        assert "--" + option["name"].replace("_", "-") in help_text
    assert "-o FILE" in help_text


def test_hands_every_option_over() -> None:
    done = run(
        "rows", "--format", "eloomi.participant", "--extended-mode", "--timezone", "+03:00", "--message", "<b>", "--html-safe",
        "--extended-message", "x", "--status", "Fine", "--status-code", "201",
        input=b'{"course_id": 1, "user_id": 2, "status": "started", "started_at": 0}',
    )  # fmt: skip

    written = json.loads(done.stdout)
    assert written["data"]["started_at"] == "1970-01-01 03:00:00"
    assert (written["message"], written["extended_message"], written["status"], written["status_code"]) == ("<b>", "x", "Fine", 201)
    assert b"\\u003C" in done.stdout


def test_writes_rows_to_standard_output() -> None:
    done = run("rows", "--format", "ekvio.errors", input=LINE + b"\n  \n" + LINE.strip())

    assert (done.returncode, done.stdout) == (0, b'{"errors":[' + WRITTEN + b"," + WRITTEN + b"]}")
    assert done.stderr.startswith(b"2 rows, 0 refused, ")


def test_writes_rows_to_a_file(tmp_path: Path) -> None:
    done = run("rows", "--format", "ekvio.errors", "-o", tmp_path / "report.json", input=LINE)

    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "report.json").read_bytes() == b'{"errors":[' + WRITTEN + b"]}"


def test_a_format_without_rows_needs_no_input() -> None:
    assert run("rows", "--format", "eloomi.error").stdout == trainstat.document("eloomi.error", [])


def test_leaves_refused_rows_out_and_tells_their_reasons() -> None:
    lines = LINE + b'{"code": "Petrov"}\n' + LINE + b'{"codee": 5}\n' + b"{}\n" * 20

    done = run("rows", "--format", "ekvio.errors", input=lines)

    assert (done.returncode, done.stdout) == (3, b'{"errors":[' + WRITTEN + b"," + WRITTEN + b"]}")
    said = done.stderr.decode().splitlines()
    assert said[0].startswith("2 rows, 22 refused, ")
    assert said[1:3] == ["  row 1: code must be an integer", "  row 3: no column is named codee; did you mean code?"]
    assert said[-1] == "  and 12 more"
    assert b"Petrov" not in done.stderr


def test_stops_at_a_refused_row_and_writes_nothing(tmp_path: Path) -> None:
    lines = LINE * 700 + b"{}\n" + LINE

    done = run("rows", "--format", "ekvio.errors", "--on-refused", "stop", "-o", tmp_path / "report.json", input=lines)

    assert (done.returncode, done.stderr) == (1, b"trainstat: row 700: code is required\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"[1]", "a row must be a JSON object"),
        (b'"Petrov"', "a row must be a JSON object"),
        (b"null", "a row must be a JSON object"),
        (b"{", "a row must be a JSON object in UTF-8"),
        (b"{} {}", "a row must be a JSON object in UTF-8"),
        (b'{"code": NaN}', "NaN is no JSON"),
        (b'{"code": -Infinity}', "-Infinity is no JSON"),
        (b'{"code": 1, "code": 1}', "a key stands twice"),
        (b'{"code": {"a": 1, "a": 2}}', "a key stands twice"),
        (b'{"\\ud800": 1, "\\ud800": 1}', "a key stands twice"),
        (b'{"code": "\xff"}', "a row must be a JSON object in UTF-8"),
        (b"[" * 100_000, "a row must be a JSON object in UTF-8"),
        (b'{"code": ' + b"1" * 5000 + b"}", "a row must be a JSON object in UTF-8"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_line_that_holds_no_row_is_a_refused_row(line: bytes, why: str) -> None:
    skipped = run("rows", "--format", "ekvio.errors", input=LINE + b"\n" + line + b"\n" + LINE)
    stopped = run("rows", "--format", "ekvio.errors", "--on-refused", "stop", input=LINE + b"\n" + line + b"\n" + LINE)

    assert (skipped.returncode, skipped.stdout) == (3, b'{"errors":[' + WRITTEN + b"," + WRITTEN + b"]}")
    assert f"line 3: {why}" in skipped.stderr.decode()
    assert (stopped.returncode, stopped.stderr.decode()) == (1, f"trainstat: line 3: {why}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["export", "--format", "mysql://root:s3cret@host/db", "--moodle", "sqlite:///x"],
        ["export", "--format", "ekvio.errors", "--moodle", "sqlite:///mysql://root:s3cret@host/db"],
        ["describe", "mysql://root:s3cret@host/db"],
        ["mysql://root:s3 s3cret@host/db"],
    ],
)
def test_tells_no_password_wherever_its_url_was_typed(arguments: list[str]) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert b"s3cret" not in done.stderr


def test_a_report_that_lacks_its_refused_row_is_not_written(tmp_path: Path) -> None:
    done = run("rows", "--format", "ekvio.integration", "-o", tmp_path / "report.json", input=b'{"id": 0}')

    assert done.returncode == 1
    assert b"row 0: id must be at least 1" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_numbers_of_lines_arrive_exactly() -> None:
    row = smallest("eloomi.participant") | {"attempts": 9223372036854775807, "progress": 33.335, "score": 0.005}

    done = run("rows", "--format", "eloomi.participant", input=json.dumps(row).encode())

    assert b'"attempts":9223372036854775807' in done.stdout
    assert b'"progress":33.34' in done.stdout
    assert b'"score":"0.01"' in done.stdout


def test_interrupt_leaves_no_half_file(tmp_path: Path) -> None:
    started = subprocess.Popen(
        command("rows", "--format", "ekvio.errors", "-o", tmp_path / "report.json"),
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert started.stdin
    started.stdin.write(LINE * 5000)
    started.stdin.flush()
    time.sleep(1)
    started.send_signal(signal.SIGINT)
    said = started.communicate(timeout=20)[1]

    assert (started.returncode, said) == (130, b"trainstat: interrupted\n")
    assert list(tmp_path.iterdir()) == []


def test_ends_quietly_when_nobody_reads_its_output() -> None:
    started = subprocess.Popen(
        command("rows", "--format", "ekvio.errors"),
        env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert started.stdin and started.stdout and started.stderr
    started.stdout.close()
    try:
        started.stdin.write(LINE * 100_000)
        started.stdin.close()
    except BrokenPipeError:
        pass
    said = started.stderr.read()

    assert (started.wait(20), said) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no full device")
def test_tells_that_standard_output_is_full() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(command("rows", "--format", "ekvio.errors"), input=LINE, env=environment(), stdout=full, stderr=-1)

    assert (done.returncode, done.stderr) == (2, b"trainstat: standard output cannot be written: No space left on device\n")


@pytest.mark.parametrize("tqdm", [True, False], ids=["with tqdm", "without tqdm"])
def test_shows_progress_on_a_terminal_only(tqdm: bool, tmp_path: Path) -> None:
    if tqdm:
        pytest.importorskip("tqdm")
    else:
        (tmp_path / "tqdm.py").write_text("raise ImportError")
    terminal, said_to = os.openpty()
    fcntl.ioctl(said_to, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
    slow = f"import time; [print({LINE.decode().strip()!r}, flush=True) or time.sleep(0.02) for _ in range(50)]"
    rows = subprocess.Popen([sys.executable, "-c", slow], stdout=subprocess.PIPE)
    done = subprocess.Popen(
        command("rows", "--format", "ekvio.errors", "-o", tmp_path / "report.json"),
        env=environment() | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{HERE}"}, stdin=rows.stdout, stdout=said_to, stderr=said_to,
    )  # fmt: skip
    os.close(said_to)
    said = b""
    try:
        while piece := os.read(terminal, 4096):
            said += piece
    except OSError:  # how a terminal ends
        pass
    rows.wait()

    assert done.wait() == 0
    assert b"\r" in said.replace(b"\r\n", b"")
    assert said.endswith(b"seconds\r\n")
