"""The shared vectors of tests/vectors, as Python holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[3] / "tests" / "vectors"


@dataclass(frozen=True)
class Case:
    name: str
    format: str
    options: dict[str, Any]
    options_text: bytes | None
    rows: list[dict[str, Any]]
    json: bytes | None
    error: dict[str, Any] | None
    problems: dict[str, Any] | None


def cases(file: Path) -> Iterator[Case]:
    whole = json.loads(file.read_text("utf-8"))
    for case in whole["cases"]:
        raw = case.get("options_text")
        yield Case(
            name=case["name"],
            format=case.get("format", whole.get("format")),
            options=case.get("options", whole.get("options", {})),
            options_text=None if raw is None else text(raw),
            rows=[row(cells) for cells in rows_of(case, whole)],
            json=expected(case, whole),
            error=case.get("error"),
            problems=case.get("problems"),
        )


def rows_of(case: dict[str, Any], whole: dict[str, Any]) -> list[dict[str, Any]]:
    if "cells" in case:
        return [whole["base"]["row"] | case["cells"]]
    return case.get("rows", [])


def expected(case: dict[str, Any], whole: dict[str, Any]) -> bytes | None:
    if "json" in case:
        return text(case["json"])
    if "written" not in case:
        return None
    base = whole["base"]
    members = base["written"] | case["written"]
    written = (b'"%s":%s' % (key.encode(), text(literal)) for key, literal in members.items() if literal is not None)
    return text(base["head"]) + b"{" + b",".join(written) + b"}" + text(base["tail"])


def row(cells: dict[str, Any]) -> dict[str, Any]:
    return {key: cell(value) for key, value in cells.items() if value != {"absent": True}}


def cell(value: Any) -> Any:
    """Ill-formed bytes become lone surrogates, which is how Python holds what is no text."""
    if not isinstance(value, dict):
        return value
    if "number" in value:
        return float(value["number"])
    if "foreign" in value:
        return object()
    return text(value).decode("utf-8", "surrogateescape")


def text(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if "hex" in value:
        return bytes.fromhex(value["hex"])
    return "".join((value.get("before", ""), value["repeat"] * value["times"], value.get("after", ""))).encode()
