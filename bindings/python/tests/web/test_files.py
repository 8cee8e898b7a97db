"""The files: who gets them, for how long, and what else the server does meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import stat
import time
from pathlib import Path

import pytest
from trainstat.errors import TrainstatError
from trainstat.tasks import Task, Tasks
from trainstat.web.results import LOG, REPORT, Results
from web.process import PATIENCE, TOKEN, Server, run, serving


ELSEWHERE = "What came of this task is kept elsewhere, where the host that ran it put it, and cannot be fetched here.\n"
_REST = b" HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"


def raw(server: Server, target: bytes, *, size: int | None = None, rest: bytes = _REST) -> bytes:
    """The whole answer, or so many bytes of it, to a target that no client library would send."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(b"GET " + target + rest)
        answer = b""
        while size is None or len(answer) < size:
            piece = connection.recv(65536)
            if not piece:
                break
            answer += piece
        return answer


def test_needs_no_token_and_is_plain(server: Server, finished: int) -> None:
    url = server.status(finished)["file"]

    answer = server.get(url, None, **{"Accept-Encoding": "gzip, deflate, br"})

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.json["data"]


def test_the_url_is_the_listening_address_whatever_host_was_asked_for(server: Server, finished: int) -> None:
    file = server.get(f"/v2/integration/{finished}", Host="evil.example", **{"X-Forwarded-Host": "evil.example"}).json["data"]["file"]

    assert file.startswith(f"http://127.0.0.1:{server.port}/files/{finished}-")


def test_the_url_begins_with_the_public_one(made: Path, directory: Path) -> None:
    with serving(made, directory, "--public-url", "https://lms.example.org/statistics/") as server:
        file = server.ended(server.start())["file"]

        assert file.startswith("https://lms.example.org/statistics/files/1-")
        assert server.get(file.removeprefix("https://lms.example.org/statistics"), None).status == 200


@pytest.fixture
def name(server: Server, finished: int) -> str:
    """The name of a file that is there."""
    found: str = server.status(finished)["file"].rpartition("/")[2]
    return found


def changed(text: str, place: int) -> str:
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


def test_a_name_cannot_be_guessed_from_another_one(name: str, server: Server) -> None:
    task, mac = name.removesuffix(".json").split("-", 1)
    other = str(int(task) + 1)
    guesses = [changed(name, place) for place in range(len(task) + 1, len(name) - len(".json"))]
    guesses += [f"{other}-{mac}.json", f"{task}-{mac}.log", f"{task}-{mac}.summary.json", f"0{task}-{mac}.json", f"{task}-{mac}=.json"]
    guesses += [f"{task}-.json", f"{task}.json", f"{task}-{mac}", f"{task}-{mac}.JSON", f"-{task}-{mac}.json", f"{task}-{mac}.json.json"]

    assert len(mac) == 43
    assert {server.get(f"/files/{guess}", None).status for guess in guesses} == {404}


@pytest.mark.parametrize(
    "trick",
    [
        b"/files/../secret",
        b"/files/../../etc/passwd",
        b"/files/%2e%2e/secret",
        b"/files/%2e%2e%2fsecret",
        b"/files/..%2fsecret",
        b"/files/..%252fsecret",
        b"/files/..%5csecret",
        b"/files/%c0%ae%c0%ae/secret",
        b"/files//etc/passwd",
        b"/files/%2fetc%2fpasswd",
        b"/files/./NAME",
        b"/files/../files/NAME",
        b"/files/x/../NAME",
        b"/files//NAME",
        b"/files/NAME/",
        b"/files/NAME%00",
        b"/files/NAME%00.json",
        b"/files/NAME%0a",
        b"/files/NAME%20",
        b"/files/%EF%BC%91NAME",
        b"/files/" + b"A" * 15000,
        b"/files/" + b"%2e%2e%2f" * 1500,
        b"/%66iles/%2e%2e/secret",
        b"/static/../service.py",
        b"/static/%2e%2e%2fservice.py",
        b"/static/..%2f..%2f__init__.py",
    ],
)
def test_no_trick_with_the_path_gets_anything(trick: bytes, name: str, server: Server) -> None:
    answer = raw(server, trick.replace(b"NAME", name.encode()))

    assert answer.startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 400 "))
    assert b"secret" not in answer and b"root:" not in answer and b'{"data"' not in answer
    assert str(server.directory).encode() not in answer


def test_a_request_beyond_all_limits_is_refused(server: Server) -> None:
    assert raw(server, b"/files/" + b"A" * 20_000, rest=b"").startswith(b"HTTP/1.1 400 ")  # before its end has come
    assert server.get("/v2/integration/0").status == 404


def test_slow_readers_and_cut_connections_do_not_disturb_others(site: Path, directory: Path) -> None:
    run(site, "UPDATE mdl_user_info_data SET data = hex(zeroblob(100000)) WHERE fieldid = 2")  # a report of several megabytes
    with serving(site, directory) as server, contextlib.ExitStack() as open_ones:
        file = server.ended(server.start())["file"]
        whole = server.get(file, None).body
        assert len(whole) > 5_000_000
        target = file.removeprefix(server.url).encode()
        for _ in range(50):
            raw(server, target, size=1000)  # and away
            slow = open_ones.enter_context(socket.socket())
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.connect(("127.0.0.1", server.port))
            slow.sendall(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        begun = time.monotonic()
        for _ in range(20):
            assert server.get("/v2/integration/1").json["data"]["status"] == "completed"
        assert time.monotonic() - begun < 5
        assert server.get(file, None).body == whole
        descriptors = len(os.listdir(f"/proc/{server.process.pid}/fd"))
        assert descriptors < 50 * 2 + 40  # of the slow ones: a connection and a file each; none of those that were cut


def test_an_expired_file_is_gone(made: Path, directory: Path) -> None:
    with serving(made, directory, "--keep-files", "1") as server:
        file = server.ended(server.start())["file"]
        assert server.get(file, None).status == 200
        until = time.monotonic() + PATIENCE
        while server.get(file, None).status == 200 or list((directory / "reports").iterdir()):
            assert time.monotonic() < until
            time.sleep(0.1)

        assert server.get(file, None)[::2] == (410, b"The file has expired.\n")
        assert server.status(1)["status"] == "completed"


def test_what_is_written_belongs_to_the_user_alone(server: Server, finished: int) -> None:
    assert (server.directory / "reports" / f"{finished}.json").exists()
    for path in [server.directory, *server.directory.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_reports_of_other_hosts_are_answered_with_a_url_that_leads_somewhere(server: Server) -> None:
    results = Results(server.directory, 86400)
    url = "HTTPS://lms.example.org/statistics.php?task=15"
    with Tasks(server.directory / "tasks") as tasks:
        for finish in (Task.finish, Task.fail):
            with tasks.claim("trainings") as task:
                finish(task, url)
            assert server.status(task.id) == {"status": tasks.state(task.id)["status"], "file": url}

        with tasks.claim("trainings") as task:
            results.write(task.id, REPORT, '{"data":[]}')
            task.finish("reports/ours.json")
        ours = server.status(task.id)
        assert ours["status"] == "completed"
        assert server.get(ours["file"], None).body == b'{"data":[]}'

        for end in (
            lambda task: task.finish("/srv/php/15.json"),
            lambda task: task.finish(),
            lambda task: task.finish("ftp://lms.example.org/15.json"),
            lambda task: task.fail("/srv/php/15.log"),
        ):
            with tasks.claim("trainings") as task:
                end(task)
            elsewhere = server.status(task.id)
            assert elsewhere["status"] == "fail"
            assert server.get(elsewhere["file"], None)[::2] == (200, ELSEWHERE.encode())
            assert "/srv" not in str(elsewhere)


def test_names_differ_from_directory_to_directory_and_stay_the_same_in_one(tmp_path: Path) -> None:
    one, again, two = Results(tmp_path / "one", 1), Results(tmp_path / "one", 1), Results(tmp_path / "two", 1)

    assert one.name(15, REPORT) == again.name(15, REPORT)
    assert one.name(15, REPORT) != two.name(15, REPORT)
    assert again.named(one.name(15, LOG)) == (15, LOG)
    assert two.named(one.name(15, LOG)) is None


@pytest.mark.parametrize("harm", ["damaged", "readable", "link", "directory"])
def test_refuses_a_secret_that_is_not_one(harm: str, tmp_path: Path) -> None:
    Results(tmp_path, 1)
    secret = tmp_path / "secret"
    if harm == "damaged":
        secret.write_text("short")
    elif harm == "readable":
        secret.chmod(0o644)
    elif harm == "link":
        secret.rename(tmp_path / "elsewhere")
        secret.symlink_to("elsewhere")
    else:
        secret.unlink()
        secret.mkdir()

    with pytest.raises(TrainstatError, match="the secret"):
        Results(tmp_path, 1)


def test_refuses_a_folder_that_others_can_change(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o700)
    (tmp_path / "state" / "reports").mkdir()
    (tmp_path / "state" / "reports").chmod(0o770)

    with pytest.raises(TrainstatError, match="not writable by others"):
        Results(tmp_path / "state", 1)


def test_the_summary_of_a_report_is_beside_it(server: Server, finished: int) -> None:
    rows = server.get(server.status(finished)["file"], None).json["data"]

    noted = json.loads((server.directory / "reports" / f"{finished}.summary.json").read_text())

    assert (noted["rows"], noted["refused"], noted["problems"]) == (len(rows), 0, [])
    assert noted["summary"]["completed"] == sum(row["complete_date"] is not None for row in rows)
    assert noted["summary"]["timezone"] == "Europe/Moscow"


def test_no_log_tells_a_token_or_a_files_name(made: Path, directory: Path) -> None:
    with serving(made, directory) as server:
        file = server.ended(server.start())["file"]
        server.get(file, None)
        server.get(f"/?token={TOKEN}", None)
        server.get("/v2/nothing", TOKEN + "x")
        server.end()
        said = server.said.read_text()

    assert TOKEN not in said
    assert file.rpartition("-")[2] not in said
    assert (directory / "secret").read_text().strip() not in said


@pytest.mark.parametrize("planted", ["link", "pipe", "folder"])
def test_what_is_no_file_is_not_handed_out(planted: str, made: Path, directory: Path) -> None:
    with serving(made, directory) as server:
        task_id = server.start()
        url = server.ended(task_id)["file"]
        report = directory / "reports" / f"{task_id}.json"
        report.unlink()
        if planted == "link":
            report.symlink_to("/etc/hostname")
        elif planted == "pipe":
            os.mkfifo(report)
        else:
            report.mkdir()

        assert server.get(url, None).status == 404


def test_a_directory_that_takes_the_place_of_another_is_not_swept_by_its_tasks(made: Path, directory: Path) -> None:
    with serving(made, directory, "--keep-files", "3600") as before:
        before.report()
        directory.rename(directory.with_name("old"))
        with serving(made, directory) as after:
            kept = [after.ended(after.start())["file"] for _ in range(2)]

            assert [before.status(number)["status"] for number in (1, 2)] == ["completed", "completed"]
            assert before.get("/", None).status in (200, 303)
            assert [after.get(file, None).status for file in kept] == [200, 200]


def test_a_directory_that_is_gone_is_made_anew(made: Path, directory: Path) -> None:
    with serving(made, directory) as server:
        server.report()
        shutil.rmtree(directory)

        assert server.ended(server.start())["status"] == "completed"
