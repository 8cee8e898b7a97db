"""What the tests start from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trainstat
from trainstat._batches import Batches
from trainstat._packing import Batch


@pytest.fixture
def row() -> dict[str, Any]:
    """The smallest row of ekvio.trainings_statistic: its required columns."""
    return smallest("ekvio.trainings_statistic")


def smallest(name: str) -> dict[str, Any]:
    """A row of the required columns, from the catalogue."""
    columns = [column for column in trainstat.describe(name)["columns"] if column["presence"] == "required"]
    return {column["key"]: column["choices"][0] if "choices" in column else {"integer": 1}.get(column["type"], "x") for column in columns}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a directory of tasks can be made."""
    return tmp_path / "tasks"


@pytest.fixture
def tasks(folder: Path) -> Iterator[trainstat.Tasks]:
    """The directory, opened."""
    with trainstat.Tasks(folder) as opened:
        yield opened


def without_the_walk(report: trainstat.Report) -> trainstat.Report:
    """The report, its rows crossing as where the walk is not there."""
    report._batches = PackedBatches(report._batches.description)
    return report


class PackedBatches(Batches):
    def take(self) -> Batch:
        return Batch(self._packer)


def refusal(call: Callable[[], object]) -> trainstat.TrainstatError:
    """The error that it raises."""
    with pytest.raises(trainstat.TrainstatError) as raised:
        call()
    return raised.value
