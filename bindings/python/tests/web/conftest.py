"""A site, and a server of it that tests share as long as they leave it as it was."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from web.process import Server, serving

GENERATE = Path(__file__).resolve().parents[3] / "moodle" / "generate.py"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that nobody changes."""
    path = tmp_path_factory.mktemp("site") / "site.sqlite"
    subprocess.run([sys.executable, GENERATE, path, "--learners", "60"], check=True, capture_output=True)
    return path


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    """A site of one's own."""
    return Path(shutil.copy(made, tmp_path / "site.sqlite"))


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture(scope="session")
def server(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(made, tmp_path_factory.mktemp("shared") / "state", "--timezone", "Europe/Moscow", "--forms", "all") as running:
        yield running


@pytest.fixture(scope="session")
def finished(server: Server) -> int:
    """A finished task of the shared server."""
    task = server.start()
    assert server.ended(task)["status"] == "completed"
    return task
