"""export: reports from a Moodle database."""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
import trainstat
from test_command_line import command, environment, run
from trainstat.moodle import Moodle, MoodleError, as_it_is, exportable, queries

pytest.importorskip("sqlalchemy")

GENERATE = Path(__file__).resolve().parents[2] / "moodle" / "generate.py"
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "moodle-4.3.sqlite"
STATISTIC, PARTICIPANTS = "ekvio.trainings_statistic", "eloomi.participants"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated(tmp_path_factory.mktemp("site") / "site.sqlite")


@pytest.fixture
def site(made: Path, tmp_path: Path) -> Path:
    """A site in a folder of its own."""
    (tmp_path / "site").mkdir()
    return Path(shutil.copy(made, tmp_path / "site" / "site.sqlite"))


def generated(path: Path, *more: str) -> Path:
    subprocess.run([sys.executable, GENERATE, path, "--learners", "80", *more], check=True, capture_output=True)
    return path


def export(site: Path, *more: object, name: str = STATISTIC) -> subprocess.CompletedProcess[bytes]:
    return run("export", "--format", name, "--moodle", f"sqlite:///{site}", *more)


def change(site: Path, statement: str) -> None:
    connection = sqlite3.connect(site)
    connection.executescript(statement)
    connection.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_finds_a_query_for_both_reports() -> None:
    assert exportable(trainstat.formats()) == [STATISTIC, PARTICIPANTS]


@pytest.mark.parametrize("name", [STATISTIC, PARTICIPANTS])
def test_writes_the_same_to_a_file_and_to_standard_output(name: str, site: Path, tmp_path: Path) -> None:
    to_file = export(site, "-o", tmp_path / "report.json", name=name)
    to_output = export(site, name=name)

    rows = json.loads(to_output.stdout)["data"]
    assert (to_file.returncode, to_output.returncode) == (0, 0)
    assert (tmp_path / "report.json").read_bytes() == to_output.stdout
    assert len(rows) > 50
    assert to_output.stderr.decode().startswith(f"{len(rows)} rows, 0 refused, ")


@pytest.mark.skipif(not REAL.exists(), reason="the real site's tables are not here")
@pytest.mark.parametrize("name", [STATISTIC, PARTICIPANTS])
def test_writes_the_report_of_a_real_site(name: str) -> None:
    done = export(REAL, name=name)

    assert done.returncode == 0
    assert len(json.loads(done.stdout)["data"]) == 2116


def test_writes_only_the_courses_asked_for(site: Path) -> None:
    every = json.loads(export(site).stdout)["data"]
    wanted = sorted({row["material_id"] for row in every})[:2]

    some = json.loads(export(site, "--courses", ",".join(map(str, wanted))).stdout)["data"]

    assert some == [row for row in every if row["material_id"] in wanted]


def test_writes_questionnaire_fields_in_the_order_given(site: Path) -> None:
    with Moodle(f"sqlite:///{site}") as opened:
        fields = opened.form_fields()
    assert len(fields) > 1

    every = json.loads(export(site, "--forms", "all").stdout)["data"]
    some = json.loads(export(site, "--forms", f"{fields[1]},{fields[0]}").stdout)["data"]

    assert [key for key in every[0] if key.startswith("form_")] == [f"form_question_{field}" for field in fields]
    assert [key for key in some[0] if key.startswith("form_")] == [f"form_question_{field}" for field in reversed(fields[:2])]
    assert {row[f"form_question_{fields[0]}"] for row in some} == {row[f"form_question_{fields[0]}"] for row in every}
    assert len({row[f"form_question_{fields[0]}"] for row in some}) > 1


def test_hands_options_over(site: Path) -> None:
    done = export(site, "--extended-mode", "--timezone", "Asia/Tokyo", "--message", "m", name=PARTICIPANTS)

    written = json.loads(done.stdout)
    assert written["message"] == "m"
    assert "status" in written["data"][0]


def test_leaves_refused_rows_out_by_default(tmp_path: Path) -> None:
    site = generated(tmp_path / "site.sqlite", "--broken", "3")

    skipped = export(site, "-o", tmp_path / "skipped.json")
    stopped = export(site, "-o", tmp_path / "stopped.json", "--on-refused", "stop")

    assert (skipped.returncode, stopped.returncode) == (3, 1)
    assert b" refused, " in skipped.stderr
    assert re.match(rb"trainstat: row \d+: \w+ must ", stopped.stderr)
    assert (tmp_path / "skipped.json").exists()
    assert not (tmp_path / "stopped.json").exists()


def test_an_ill_formed_text_refuses_its_rows_only(site: Path) -> None:
    every = json.loads(export(site).stdout)["data"]
    learner = every[0]["user_id"]
    change(site, f"UPDATE mdl_user SET username = CAST(x'50ff' AS TEXT) WHERE id = {learner}")

    done = export(site)

    assert done.returncode == 3
    assert json.loads(done.stdout)["data"] == [row for row in every if row["user_id"] != learner]
    assert b"login must be well-formed UTF-8" in done.stderr


def test_a_blob_is_the_text_that_it_holds(site: Path) -> None:
    as_text = export(site).stdout
    change(site, "UPDATE mdl_user SET username = CAST(username AS BLOB)")

    assert export(site).stdout == as_text


def test_the_word_all_means_fields_to_the_option_forms_only(site: Path) -> None:
    done = export(site, "--message", "all", name="eloomi.participants")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["message"] == "all"


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_never_writes_to_the_source(mode: str, site: Path) -> None:
    change(site, f"PRAGMA journal_mode = {mode}")
    before, folder = digest(site), sorted(os.listdir(site.parent))

    assert export(site).returncode == 0
    assert digest(site) == before
    assert sorted(os.listdir(site.parent)) == folder


def test_reads_what_a_writer_has_not_checkpointed_yet(site: Path) -> None:
    writer = sqlite3.connect(site)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("UPDATE mdl_user SET username = 'changed'")
    writer.commit()

    found = json.loads(export(site).stdout)["data"]
    writer.close()

    assert {row["login"] for row in found} == {"changed"}


def test_cannot_write_through_its_connection(site: Path) -> None:
    with Moodle(f"sqlite:///{site}") as opened, pytest.raises(MoodleError, match="readonly"):
        opened._rows("DELETE FROM mdl_user")


def test_reads_one_moment_of_a_site_that_changes(site: Path) -> None:
    change(site, "PRAGMA journal_mode = WAL")
    writer = sqlite3.connect(site)
    writer.execute("SELECT COUNT(*) FROM mdl_user").fetchone()
    with Moodle(f"sqlite:///{site}") as opened:
        before = opened.form_fields()
        writer.execute("DELETE FROM mdl_user_info_field")
        writer.commit()
        assert opened.form_fields() == before
    writer.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:////nowhere/site.sqlite", "there is no database file /nowhere/site.sqlite"),
        ("sqlite:///", "the URL names no database file"),
        ("sqlite://", "the URL names no database file"),
        ("sqlite:////", "there is no database file /"),
        ("site.sqlite", "the database is given as a URL"),
        ("mysql://u:secret@[::1/db", "the database is given as a URL"),
        ("mysql://u:p@ss:secret@h:po/db", "the database is given as a URL"),
        ("oddbase://u:secret@h/db", "the database cannot be read"),
    ],
)
def test_says_in_one_sentence_why_a_database_cannot_be_read(url: str, said: str, tmp_path: Path) -> None:
    done = run("export", "--format", STATISTIC, "--moodle", url, "-o", tmp_path / "report.json", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"trainstat: {said}")
    assert done.stderr.count(b"\n") == 1
    assert b"secret" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_repeats_no_password_of_a_url_in_the_wrong_place() -> None:
    done = run("export", "--format", STATISTIC, "--moodle", "sqlite:///x", "mysql://u:secret@h/db")

    assert done.returncode == 2
    assert b"secret" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("", "no Moodle database with the table prefix 'mdl_': it has no table mdl_"),
        ("DROP TABLE mdl_quiz", "it has no table mdl_quiz\n"),
        ("ALTER TABLE mdl_quiz DROP COLUMN grade", "the database cannot be read: no such column: "),
    ],
    ids=["empty", "a table missing", "a column missing"],
)
@pytest.mark.parametrize("to_file", [True, False], ids=["file", "output"])
def test_refuses_half_a_schema_and_writes_nothing(harm: str, said: str, to_file: bool, site: Path, tmp_path: Path) -> None:
    if not harm:
        site.write_bytes(b"")
    else:
        change(site, harm)

    done = export(site, *(["-o", tmp_path / "report.json"] if to_file else []))

    assert (done.returncode, done.stdout) == (2, b"")
    assert said in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
    assert not (tmp_path / "report.json").exists()


def test_refuses_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "site.sqlite").write_text("no database" * 100)

    done = export(tmp_path / "site.sqlite")

    assert (done.returncode, done.stderr) == (2, b"trainstat: the database cannot be read: file is not a database\n")


@pytest.mark.parametrize("arguments", [("--prefix", "x'; DROP"), ("--prefix", "m-"), ("--courses", "1;2"), ("--courses", "")])
def test_refuses_what_is_no_prefix_and_no_course(arguments: tuple[str, str], site: Path) -> None:
    assert export(site, *arguments).returncode == 2


def test_takes_another_prefix(site: Path) -> None:
    connection = sqlite3.connect(site)
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'mdl%'").fetchall():
        connection.execute(f"ALTER TABLE {table} RENAME TO {table.replace('mdl_', 'lms2_', 1)}")
    connection.commit()
    connection.close()

    assert export(site).returncode == 2
    assert export(site, "--prefix", "lms2_").returncode == 0


def test_a_format_without_a_query_is_bad_usage(site: Path) -> None:
    done = export(site, name="ekvio.errors")

    assert done.returncode == 2
    assert f"export writes {STATISTIC}, {PARTICIPANTS}".encode() in done.stderr


def test_needs_sqlalchemy_and_says_so(site: Path, tmp_path: Path) -> None:
    (tmp_path / "sqlalchemy.py").write_text("raise ImportError")
    path = os.pathsep.join([str(tmp_path), environment()["PYTHONPATH"]])

    done = subprocess.run(
        command("export", "--format", STATISTIC, "--moodle", f"sqlite:///{site}"),
        env=environment() | {"PYTHONPATH": path}, capture_output=True,
    )  # fmt: skip

    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b'the extra "moodle"' in done.stderr


def test_interrupt_in_the_middle_of_a_query_leaves_nothing(site: Path, tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) AS id FROM n"
    code = f"""
import sys, trainstat.moodle, trainstat.__main__ as command
trainstat.moodle.Moodle._sql = lambda *_: {endless!r}
sys.exit(command.main(sys.argv[1:]))
"""
    arguments = ["export", "--format", STATISTIC, "--moodle", f"sqlite:///{site}", "-o", str(tmp_path / "report.json")]
    started = subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment(), stderr=subprocess.PIPE)
    time.sleep(2)
    assert started.poll() is None
    started.send_signal(signal.SIGINT)
    said = started.communicate(timeout=20)[1]

    assert (started.returncode, said) == (130, b"trainstat: interrupted\n")
    assert sorted(os.listdir(tmp_path)) == ["site"]


@pytest.mark.parametrize("database", ["postgresql", "mysql", "sqlite"])
@pytest.mark.parametrize("query", sorted(queries().glob("*.sql")), ids=lambda query: query.stem)
def test_queries_reach_every_database_as_they_are(query: Path, database: str) -> None:
    dialect = importlib.import_module(f"sqlalchemy.dialects.{database}").dialect()
    sql = query.read_text("ascii") + "SELECT '%s %% :name ::int \\:x'"

    compiled = as_it_is(sql).compile(dialect=dialect)

    assert compiled.params == {}
    assert str(compiled) == (sql if database == "sqlite" else sql.replace("%", "%%"))


def test_queries_are_found_in_a_checkout_and_in_a_package(tmp_path: Path) -> None:
    import trainstat.moodle

    package = tmp_path / "somewhere" / "trainstat"
    shutil.copytree(Path(trainstat.moodle.__file__).parent, package)
    shutil.copytree(queries(), package / "queries", ignore=shutil.ignore_patterns("*.py", "tests"))

    found = subprocess.run(
        [sys.executable, "-c", "from trainstat.moodle import queries; print(queries())"],
        env=os.environ | {"PYTHONPATH": str(package.parent)}, capture_output=True, text=True, cwd=tmp_path,
    )  # fmt: skip

    assert queries() == GENERATE.parent
    assert found.stdout == f"{package / 'queries'}\n"
