"""Where the library is looked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from trainstat import _library

PACKAGE = Path(_library.__file__).parent
FIND = "import trainstat; print(len(trainstat.formats()))"


def run(code: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("TRAINSTAT_LIBRARY", "PYTHONPATH")}
    return subprocess.run([sys.executable, "-c", code], cwd=folder, env=kept | environment, capture_output=True, text=True)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the package alone, outside of any checkout."""
    shutil.copytree(PACKAGE, tmp_path / "deep" / "er" / "trainstat")
    return tmp_path / "deep" / "er"


@pytest.fixture
def built() -> str:
    """The library that these tests run with."""
    return _library.library()._name


def test_refuses_a_relative_path(installed: Path) -> None:
    done = run(FIND, installed, TRAINSTAT_LIBRARY="libtrainstat.so")

    assert "TRAINSTAT_LIBRARY must be an absolute path" in done.stderr


def test_takes_the_named_library(installed: Path, built: str) -> None:
    assert run(FIND, installed, TRAINSTAT_LIBRARY=built).stdout == "9\n"


def test_tries_nothing_but_the_named_library(installed: Path, built: str) -> None:
    shutil.copy(built, installed / "trainstat" / "libtrainstat.so")

    done = run(FIND, installed, TRAINSTAT_LIBRARY="/nowhere/libtrainstat.so")

    assert "tried /nowhere/libtrainstat.so: no such file" in done.stderr


def test_takes_the_library_inside_the_package(installed: Path, built: str) -> None:
    shutil.copy(built, installed / "trainstat" / "libtrainstat.so")

    assert run(FIND, installed).stdout == "9\n"


def test_takes_the_library_by_its_soname(installed: Path, built: str, tmp_path: Path) -> None:
    shutil.copy(built, tmp_path / "libtrainstat.so.1")

    assert run(FIND, installed, LD_LIBRARY_PATH=str(tmp_path)).stdout == "9\n"


def test_says_what_was_tried(installed: Path) -> None:
    done = run(FIND, installed)
    if done.returncode == 0:
        pytest.skip("the library is installed on this machine")

    assert f"tried {installed}/trainstat/libtrainstat.so: no such file; libtrainstat.so.1" in done.stderr
    assert "TrainstatError" in done.stderr


def test_refuses_another_library(installed: Path, tmp_path: Path) -> None:
    import _ctypes

    done = run(FIND, installed, TRAINSTAT_LIBRARY=_ctypes.__file__)

    assert "ts_abi_version" in done.stderr
    assert "TrainstatError" in done.stderr


def test_says_what_was_tried_even_at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRAINSTAT_LIBRARY", raising=False)
    monkeypatch.setattr(_library, "_PACKAGE", Path("/trainstat"))

    assert _library.places() == ["/trainstat/libtrainstat.so", "libtrainstat.so.1"]


def test_is_imported_without_the_library(installed: Path) -> None:
    assert run("import trainstat; print(trainstat.RowError.__name__)", installed).stdout == "RowError\n"


def test_looks_into_the_build_of_its_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRAINSTAT_LIBRARY", raising=False)

    assert str(PACKAGE.parents[2] / "build" / "release" / "libtrainstat.so") in _library.places()
