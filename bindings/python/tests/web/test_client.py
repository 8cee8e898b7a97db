"""A client written from the vendor's text alone, by the standard library."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import trainstat
from web.process import TOKEN, Server, serving

REAL = Path(__file__).resolve().parents[5] / "shared" / "data" / "moodle-4.3.sqlite"


class Client:
    """GET the statistic endpoint, GET integration/{id} until completed or fail, GET the file."""

    def __init__(self, host: str) -> None:
        self._host = host

    def trainings(self, to_date: str | None = None, after_date: str | None = None) -> list[dict[str, Any]]:
        dates = {"to_date": to_date, "after_date": after_date}
        query = "&".join(f"{name}={date}" for name, date in dates.items() if date)  # not URL-encoded
        integration = self._asked(f"/v2/trainings/statistic?{query}")["integration"]
        while (found := self._asked(f"/v2/integration/{integration}"))["status"] == "progress":
            time.sleep(0.05)
        assert found["status"] == "completed"
        with urllib.request.urlopen(found["file"]) as answer:  # plain: no token, no compression
            document = json.load(answer)
        assert "errors" not in document
        rows: list[dict[str, Any]] = document["data"]
        return rows

    def _asked(self, path: str) -> dict[str, Any]:
        request = urllib.request.Request(self._host + path, headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(request) as answer:
            document = json.load(answer)
        if document.get("errors"):
            raise RuntimeError(document["errors"][0]["message"])
        data: dict[str, Any] = document["data"]
        return data


def test_pulls_a_report(server: Server) -> None:
    rows = Client(server.url).trainings()

    assert len(rows) > 100
    assert list(rows[0])[:35] == [column["key"] for column in trainstat.describe("ekvio.trainings_statistic")["columns"]]
    assert {key for key in rows[0] if key.startswith("form_question_")} == {"form_question_8", "form_question_9"}


def test_pulls_a_window_with_a_plus_that_is_not_encoded(server: Server) -> None:
    rows = Client(server.url).trainings(to_date="2025-06-01T00:00:00+03:00", after_date="2025-01-01T00:00:00+03:00")

    assert 0 < len(rows) < 100
    assert all("2025-01-01T00:00:00+03:00" <= row["last_activity"] < "2025-06-01T00:00:00+03:00" for row in rows)


def test_reads_an_error(server: Server) -> None:
    with pytest.raises(RuntimeError, match="Invalid value format"):
        Client(server.url).trainings(to_date="yesterday")


@pytest.mark.skipif(not REAL.exists(), reason="the real site's tables are not here")
def test_pulls_the_report_of_a_real_site(tmp_path: Path) -> None:
    with serving(REAL, tmp_path / "state") as real:
        assert len(Client(real.url).trainings()) > 0
