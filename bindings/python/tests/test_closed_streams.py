"""The command line where a standard stream is closed, full or no input."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
ROW = b'{"code": 1007, "field": "f", "message": "m"}\n'


def run(redirection: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["sh", "-c", f'exec "$0" -m trainstat "$@" {redirection}', sys.executable, *arguments]
    return subprocess.run(command, input=ROW, capture_output=True, cwd=PACKAGE, timeout=60, check=False)


@pytest.mark.parametrize(
    ("redirection", "why"),
    [
        ("<&-", b"standard input is closed"),
        ("0>/dev/null", b"standard input cannot be read"),
        (">&-", b"standard output is closed"),
        (">/dev/full", b"standard output cannot be written"),
    ],
)
def test_says_which_stream_is_of_no_use(redirection: str, why: bytes) -> None:
    done = run(redirection, "rows", "--format", "ekvio.errors")
    assert done.returncode == 2
    assert done.stderr.startswith(b"trainstat: " + why), done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", ">&-", ">/dev/full", ">&- 2>&-"])
def test_writes_the_file_whoever_listens(redirection: str, tmp_path: Path) -> None:
    file = tmp_path / "errors.json"
    done = run(redirection, "rows", "--format", "ekvio.errors", "-o", str(file))
    assert done.returncode == 0, done.stderr
    assert file.read_bytes() == b'{"errors":[{"code":1007,"field":"f","message":"m"}]}'


def test_names_that_do_not_fit_their_stream_end_as_documented() -> None:
    assert run(">/dev/full", "formats").returncode == 2
