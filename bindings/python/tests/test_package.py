"""What an installed package holds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import trainstat._library
from trainstat.moodle import queries

pytest.importorskip("setuptools")

HERE = Path(__file__).resolve().parents[1]
LIBRARY = Path(trainstat._library.library()._name)
BUILT = {"libtrainstat.so": LIBRARY, "_walk.abi3.so": LIBRARY.with_name("_walk.abi3.so")}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel would hold it, made from a copy of the checkout's parts."""
    checkout = tmp_path_factory.mktemp("checkout")
    source = checkout / "bindings" / "python"
    ignored = shutil.ignore_patterns("__pycache__", "tests", "*.egg-info", "build")
    shutil.copytree(HERE, source, ignore=ignored)
    shutil.copytree(HERE.parent / "moodle", checkout / "bindings" / "moodle", ignore=ignored)
    (checkout / "build" / "release").mkdir(parents=True)
    for name, file in BUILT.items():
        shutil.copy(file, checkout / "build" / "release" / name)
    subprocess.run([sys.executable, "setup.py", "-q", "build_py", "--build-lib", "../../lib"], cwd=source, check=True, capture_output=True)
    return checkout / "lib"


def test_holds_the_types_the_library_and_the_queries(built: Path) -> None:
    found = {str(path.relative_to(built / "trainstat")) for path in built.rglob("*") if path.is_file()}

    assert {"py.typed", "__init__.pyi", *BUILT} <= found
    assert {name for name in found if name.startswith("queries")} == {f"queries/{query.name}" for query in queries().glob("*.sql")}
    assert {name for name in found if name.endswith(".py")} == {str(path.relative_to(HERE / "trainstat")) for path in (HERE / "trainstat").rglob("*.py")}


def test_works_outside_of_the_checkout_with_the_standard_library_alone(built: Path, tmp_path: Path) -> None:
    code = """
import trainstat, trainstat._walking, trainstat.moodle
print(trainstat.document('eloomi.error', [])[:2], trainstat.moodle.exportable(trainstat.formats()))
print(trainstat._walking.walk_module().__file__)
"""
    kept = {key: value for key, value in os.environ.items() if key != "TRAINSTAT_LIBRARY"}
    installed = shutil.copytree(built / "trainstat", tmp_path / "trainstat").parent

    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=installed, env=kept, capture_output=True, text=True
    )

    document, walk = done.stdout.splitlines()
    assert document == "b'{\"' ['ekvio.trainings_statistic', 'eloomi.participants']", done.stderr
    assert walk == str(installed / "trainstat" / "_walk.abi3.so")
