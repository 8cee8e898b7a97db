"""Generators as processes: what they are told, and what they say."""

from __future__ import annotations

import asyncio
import json
import os
import site
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

_SAFE_PATH = ("-P",) if sys.version_info >= (3, 11) else ()  # else the current directory is looked into first
_COMMAND = (*_SAFE_PATH, "-m", "trainstat.web.generator")
_FIRST_WORD_SECONDS = 20.0
_PACKAGES = str(Path(__file__).resolve().parents[2])


class Participants(NamedTuple):
    """What a generator of participants left: the document, and what it said ({"refused": 0, "problems": []} or {"error": ...})."""

    file: IO[bytes]
    said: dict[str, Any]


def start(job: Mapping[str, Any]) -> dict[str, Any]:
    """Starts a generator that outlives this process: {"id": 15} once it runs, {"running": 15}, {"busy": "..."} or {"error": "..."}.

    One that stays silent for 20 seconds is killed.
    """
    process = subprocess.Popen(
        [sys.executable, *_COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=_environment(),
    )
    assert process.stdin is not None and process.stdout is not None
    threading.Thread(target=process.wait, daemon=True).start()  # leaves no zombie
    limit = threading.Timer(_FIRST_WORD_SECONDS, process.kill)
    limit.start()
    try:
        with process.stdin, process.stdout:
            try:
                process.stdin.write(_line(job))
                process.stdin.close()
            except BrokenPipeError:
                pass
            return _said(process.stdout.readline())
    finally:
        limit.cancel()


async def participants(job: Mapping[str, Any]) -> Participants:
    """Waits for a generator that writes into a file without a name; cancelled, it ends the process."""
    file = tempfile.TemporaryFile(dir=Path(job["directory"]) / "reports")
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *_COMMAND,
            stdin=subprocess.PIPE,
            stdout=file,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=_environment(),
        )
        try:
            _, told = await process.communicate(_line(job))
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        file.seek(0)  # the process shares the place where it wrote last
        return Participants(file, _said(b"".join(told.splitlines()[-1:])))  # others, such as the loader, speak before it
    except BaseException:
        file.close()
        raise


def _line(job: Mapping[str, Any]) -> bytes:
    return json.dumps(job).encode("ascii") + b"\n"


def _said(line: bytes) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(line)
    except ValueError:
        return {"error": "the generator ended, or was ended after a while, without a word"}
    return said


def _environment() -> dict[str, str]:
    """This process's, so that the package is found, and without the token, which a generator has no need of."""
    kept = {name: value for name, value in os.environ.items() if name != "TRAINSTAT_TOKEN"}
    if _PACKAGES in (*site.getsitepackages(), site.getusersitepackages()):  # found by itself, and behind the standard library
        return kept
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, (_PACKAGES, kept.get("PYTHONPATH"))))}
