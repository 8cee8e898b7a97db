"""python -m trainstat serve: its start, its end, and being mounted instead."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import trainstat
import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from trainstat import web
from trainstat.web import listener
from trainstat.web import server as web_server
from trainstat.web.service import Service
from web.page_site import served
from web.process import HERE, TOKEN, Server, run, serving


ARGUMENTS = {"moodle": "sqlite:////nowhere.sqlite", "token": TOKEN, "public_url": "https://lms.example.org/s"}


def refused(*arguments: object, **environment: str) -> str:
    """What a server says that does not start."""
    done = subprocess.run(
        [sys.executable, "-m", "trainstat", "serve", *map(str, arguments)],
        env={"PATH": "", "TRAINSTAT_LIBRARY": os.environ.get("TRAINSTAT_LIBRARY", ""), "PYTHONPATH": str(HERE)} | environment,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--timezone", "Mars/Olympus"], "timezone"),
        (["--port", "65536"], "--port"),
        (["--host", "nowhere.invalid"], "cannot listen on nowhere.invalid"),
        (["--public-url", "lms.example.org"], "the public URL"),
        (["--host", "0.0.0.0"], "--public-url is missing"),
        (["--module", "trainings=maybe"], "--module"),
        (["--company", "x" * 300], "scope"),
        (["--moodle", "nonsense:a-password"], "given as a URL"),
        (["--moodle", "sqlite:////nowhere.sqlite"], "there is no database file"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_refuses_a_wrong_option_with_one_sentence(arguments: list[str], said: str, directory: Path) -> None:
    told = refused("--moodle", "sqlite:///x", "--port", "0", "--directory", directory, *arguments, TRAINSTAT_TOKEN=TOKEN)

    assert said in told.splitlines()[-1]
    assert "a-password" not in told
    assert TOKEN not in told


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
def test_needs_a_public_url_for_all_addresses_of_ipv6(directory: Path) -> None:
    arguments = ["--moodle", "sqlite:///x", "--port", "0", "--directory", directory, "--host", "::"]

    assert "--public-url is missing" in refused(*arguments, TRAINSTAT_TOKEN=TOKEN).splitlines()[-1]


def test_listens_on_all_addresses_with_a_public_url(made: Path, directory: Path) -> None:
    with serving(made, directory, "--host", "0.0.0.0", "--public-url", "https://lms.example.org") as server:
        assert server.ended(server.start())["file"].startswith("https://lms.example.org/files/")


@pytest.mark.parametrize(
    ("token", "said"), [("", "missing"), ("fifteen-letters", "16 characters"), ("with a blank in it", "blanks"), ("\u00e9" * 16, "ASCII")]
)
def test_refuses_a_token_that_is_none(token: str, said: str, directory: Path) -> None:
    assert said in refused("--moodle", "sqlite:///x", "--port", "0", "--directory", directory, TRAINSTAT_TOKEN=token)


def test_takes_the_token_from_a_file_that_not_everybody_can_read(made: Path, directory: Path, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("one-of-the-file-itself\nsecond line\n")
    file.chmod(0o640)
    with serving(made, directory, "--token-file", file) as server:
        assert server.get("/v2/integration/1", "one-of-the-file-itself").status == 404
        assert server.get("/v2/integration/1", TOKEN).status == 401
    arguments = ["--moodle", "sqlite:///x", "--port", "0", "--directory", directory, "--token-file", file]
    file.chmod(0o644)
    assert "read by everybody" in refused(*arguments, TRAINSTAT_TOKEN=TOKEN)
    file.chmod(0o600)
    file.write_text("\n" + TOKEN)
    assert "16 characters" in refused(*arguments, TRAINSTAT_TOKEN=TOKEN)
    file.unlink()
    assert "cannot be read" in refused(*arguments, TRAINSTAT_TOKEN=TOKEN)


def test_refuses_a_port_that_is_taken(server: Server, directory: Path) -> None:
    arguments = ["--moodle", "sqlite:///x", "--directory", directory, "--port", server.port]

    assert f"cannot listen on 127.0.0.1, port {server.port}" in refused(*arguments, TRAINSTAT_TOKEN=TOKEN)


@pytest.mark.parametrize("harm", ["file", "link", "writable"])
def test_refuses_an_unsafe_directory(harm: str, directory: Path) -> None:
    if harm == "file":
        directory.write_text("x")
    elif harm == "link":
        directory.with_name("elsewhere").mkdir()
        directory.symlink_to("elsewhere")
    else:
        directory.mkdir()
        directory.chmod(0o777)

    told = refused("--moodle", "sqlite:///x", "--port", "0", "--directory", directory, TRAINSTAT_TOKEN=TOKEN)
    assert str(directory) in told


def test_keeps_its_state_in_the_users_own_folder(made: Path, tmp_path: Path, directory: Path) -> None:
    for environment, place in (({"XDG_STATE_HOME": str(tmp_path / "x")}, tmp_path / "x"), ({"HOME": str(tmp_path)}, tmp_path / ".local/state")):
        arguments = [sys.executable, "-m", "trainstat", "serve", "--moodle", f"sqlite:///{made}", "--port", "0"]
        kept = {name: value for name, value in os.environ.items() if name != "XDG_STATE_HOME"}
        process = subprocess.Popen(
            arguments, env=kept | {"PYTHONPATH": str(HERE), "TRAINSTAT_TOKEN": TOKEN} | environment, stderr=subprocess.PIPE, text=True
        )
        assert process.stderr is not None
        assert process.stderr.readline().startswith("listening on http://127.0.0.1:")
        process.kill()
        process.communicate()
        assert stat.S_IMODE((place / "trainstat").stat().st_mode) == 0o700
        assert (place / "trainstat" / "tasks").is_dir()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_ends_at_once_even_while_somebody_reads_slowly(how: signal.Signals, site: Path, directory: Path) -> None:
    run(site, "UPDATE mdl_user_info_data SET data = hex(zeroblob(100000)) WHERE fieldid = 2")  # a report of several megabytes
    with serving(site, directory) as server:
        file = server.ended(server.start())["file"].removeprefix(server.url)
        with socket.socket() as slow, socket.create_connection(("127.0.0.1", server.port)):
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", server.port))
            slow.sendall(f"GET {file} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            begun = time.monotonic()
            status = server.end(how)

        assert time.monotonic() - begun < 5
        assert status in (-signal.SIGTERM, 130)
        assert server.said.read_text().splitlines()[1:] in ([], ["trainstat: interrupted"])


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\nx",
    ],
)
def test_cuts_a_connection_that_does_not_say_what_it_asks_for(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "_REQUEST_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(PlainTextResponse("here"), http=listener.Listener, lifespan="off", log_level="error")
        server = listener.Server(config, farewell_seconds=0)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            with socket.create_connection(listening.getsockname(), timeout=10) as silent:
                silent.sendall(sent)
                asking = http.client.HTTPConnection(*listening.getsockname(), timeout=10)
                asking.request("GET", "/")
                assert asking.getresponse().read() == b"here"
                kept = asking.sock
                while silent.recv(1000):
                    pass
                asking.request("GET", "/")
                assert asking.getresponse().read() == b"here"
                assert asking.sock is kept
                asking.close()
        finally:
            server.should_exit = True
            thread.join()


def test_has_room_for_others_beside_any_number_of_idle_connections(made: Path, directory: Path) -> None:
    with serving(made, directory) as server, contextlib.ExitStack() as idle:
        for _ in range(listener.CONNECTIONS + 50):
            idle.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        until = time.monotonic() + 10
        while (opened := len(os.listdir(f"/proc/{server.process.pid}/fd"))) > listener.CONNECTIONS + 30 and time.monotonic() < until:
            time.sleep(0.05)
        idle.close()

        assert opened <= listener.CONNECTIONS + 30
        assert server.get("/v2/integration/1").status == 404
        assert server.said.read_text() == f"listening on {server.url}\n"


def test_sends_small_answers_at_once() -> None:
    """Else each answer on a kept connection waits for the acknowledgement that its peer delays."""
    with web_server._listening("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted = listening.accept()[0]
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_answers_in_the_vendors_form_where_its_own_folder_is_broken(made: Path, directory: Path) -> None:
    with serving(made, directory) as server:
        (directory / "reports").rmdir()
        (directory / "reports").write_text("")
        trainings = server.get("/v2/trainings/statistic")
        participants = server.get("/v3/courses/2/participants")
        server.end()
        said = server.said.read_text()

    assert (trainings.status, trainings.json["errors"][0]["code"]) == (500, 500)
    assert participants.status == participants.json["status_code"] == 500
    assert participants.json["message"] == "Something went wrong here"
    assert "NotADirectoryError: Not a directory at launch.py" in said
    assert "Traceback" not in said


def test_says_only_where_it_listens(made: Path, directory: Path) -> None:
    with serving(made, directory) as server:
        server.report()
        for path in ("/", "/login", "/nothing", "/files/x", "/v2/integration/7", "/v3/courses/2/participants"):
            server.get(path)
        server.end()

        assert server.said.read_text() == f"listening on {server.url}\n"


def mounted(directory: Path, **more: object) -> Starlette:
    return web.application(**ARGUMENTS | {"directory": directory} | more)  # type: ignore[arg-type]


def test_is_mounted_in_a_host_application(directory: Path) -> None:
    with served(directory, below="/statistics", token=TOKEN) as site:
        task = site.completed([])
        asked = urllib.request.Request(f"{site.url}v2/integration/{task}", headers={"Authorization": f"Bearer {TOKEN}"})
        with urllib.request.urlopen(asked) as answer:
            file = json.load(answer)["data"]["file"]
        with urllib.request.urlopen(file) as answer:
            report = answer.read()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(site.url + "v2/integration/1")

    assert file.startswith(site.url + "files/")
    assert report == b'{"data":[]}'
    assert refused.value.code == 401


def test_tells_the_newest_tasks_of_its_own_company(directory: Path) -> None:
    service = Service(**ARGUMENTS, directory=directory, company="own", prefix="mdl_", forms=(), timezone=None, modules={}, keep_seconds=60)
    own = []
    for number in range(40):
        with service.tasks.claim("trainings", scope="own" if number % 10 == 0 else "other") as task:
            own += [task.id] if number % 10 == 0 else []

    assert [state["id"] for state in service.recent(3)] == own[:0:-1]
    assert [state["id"] for state in service.recent(5)] == own[::-1]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"token": "short"}, "16 characters"),
        ({"public_url": "//x"}, "public URL"),
        ({"modules": {"x": True}}, "no module x"),
        ({"keep_seconds": 0}, "1 second"),
        ({"timezone": "Mars"}, "timezone"),
        ({"forms": [0]}, "forms"),
        ({"prefix": "mdl-"}, "prefix"),
        ({"company": "x" * 300}, "scope"),
        ({"public_url": "https://lms.example.org/?x=1"}, "public URL"),
    ],
)
def test_an_application_is_refused_when_it_is_made(more: dict[str, object], said: str, directory: Path) -> None:
    with pytest.raises(trainstat.TrainstatError, match=said):
        mounted(directory, **more)
