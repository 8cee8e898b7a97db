"""Rows that the tests start from."""

from __future__ import annotations

from typing import Any

import pytest
import trainstat


@pytest.fixture
def row() -> dict[str, Any]:
    """The smallest row of ekvio.trainings_statistic: its required columns."""
    return smallest("ekvio.trainings_statistic")


def smallest(name: str) -> dict[str, Any]:
    """A row of the required columns, from the catalogue."""
    columns = [column for column in trainstat.describe(name)["columns"] if column["presence"] == "required"]
    return {column["key"]: column["choices"][0] if "choices" in column else {"integer": 1}.get(column["type"], "x") for column in columns}
