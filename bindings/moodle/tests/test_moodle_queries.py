"""The queries yield, row by row, what an independent telling of the same rules yields."""

import pathlib
import random
import re
import sqlite3
import sys
from decimal import ROUND_HALF_UP, Decimal

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import generate  # noqa: E402
import oracle  # noqa: E402
from nasty import NastySite  # noqa: E402

REAL_SITE = HERE.parents[3] / "shared" / "data" / "moodle-4.3.sqlite"
REPORTS = {"ekvio.trainings_statistic": oracle.trainings_statistic, "eloomi.participants": oracle.participants}

FIXED_COLUMNS = {
    "ekvio.trainings_statistic": """
        user_id material_id fio user_status login start_time complete_date total_time name is_required
        user_scores max_interaction_scores pdf_viewed pdf_total link_viewed link_total html_viewed html_total
        scorm_total_time scorm_status scorm_percent user_final_scores max_final_scores percent_final_scores
        last_activity current_turn turns_count
        group_region group_city group_role group_position group_team group_department group_function""".split(),
    "eloomi.participants": """
        assigned_at attempts completed_at course_id deadline progress required score started_at status time_spent
        user_id""".split(),
}
TEXTS = {"fio", "user_status", "login", "name", "scorm_status", "status"}
DECIMALS = {"progress", "score"}
DURATIONS = {"total_time", "scorm_total_time", "time_spent"}


def file(name):
    return (HERE.parent / name).read_text(encoding="ascii")


def query(name, courses=None, forms=()):
    """The text of a query the way a host prepares it."""
    text = file(name + ".sql")
    if courses is not None:
        text = text.replace("/*courses*/", f" AND c.id IN ({','.join(map(str, courses))})")
    question = file("ekvio.form_question.sql")
    questions = [f", {question.replace('FIELD_ID', str(field))} AS form_question_{field}" for field in forms]
    text = text.replace("/*forms*/", "".join(questions))
    return re.sub(r"\{([a-z_0-9]+)\}", r"mdl_\1", text)


def rows(database, name, **options):
    cursor = database.execute(query(name, **options))
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, cells)) for cells in cursor]


def reading(column, value):
    """A value the way the library takes it: one number has many faces, a text has one."""
    if value is None or column in TEXTS or column.startswith(("group_", "form_question_")):
        return value
    if column in DECIMALS:
        return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if column in DURATIONS:
        parts = str(value).split("+")
        return [part for part in parts if not part.isdigit()], sum(int(part) for part in parts if part.isdigit())
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch("-?(0|[1-9][0-9]*)", value):
        value = int(value)
    if column == "scorm_percent" and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", str(value)) and not 0 <= Decimal(value) <= 100:
        return "refused"  # however it is written
    return value


def assert_agrees(database):
    site = oracle.Site(database)
    fields = oracle.question_fields(site)
    for name, expected_row in REPORTS.items():
        forms = fields if name.startswith("ekvio") else ()
        found = rows(database, name, forms=forms)
        keys = [(row.get("material_id", row.get("course_id")), row["user_id"]) for row in found]
        assert keys == oracle.population(site)
        for key, row in zip(keys, found):
            expected = expected_row(site, *key, *([forms] if forms else []))
            assert {column: reading(column, value) for column, value in row.items()} == \
                   {column: reading(column, value) for column, value in expected.items()}
    assert [row["id"] for row in rows(database, "form_fields")] == fields


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    path = tmp_path_factory.mktemp("demo") / "site.sqlite"
    generate.generate(path)
    with sqlite3.connect(path) as database:
        yield database


def test_reports_the_demo_site_as_the_rules_say(demo):
    assert_agrees(demo)


@pytest.mark.parametrize("seed", range(100))
def test_reports_a_nasty_site_as_the_rules_say(seed):
    assert_agrees(NastySite(random.Random(seed)).database)


@pytest.mark.skipif(not REAL_SITE.exists(), reason="the data of the real site is not beside this checkout")
def test_reports_a_real_site_as_the_rules_say():
    database = sqlite3.connect(f"{REAL_SITE.as_uri()}?mode=ro&immutable=1", uri=True)
    assert_agrees(database)


def test_reports_an_empty_site_without_a_row():
    database = sqlite3.connect(":memory:")
    database.executescript(generate.SCHEMA)
    for name in REPORTS:
        assert rows(database, name) == []


@pytest.mark.parametrize("name", REPORTS)
def test_names_its_columns_as_the_format_does(demo, name):
    assert [column[0] for column in demo.execute(query(name)).description] == FIXED_COLUMNS[name]


@pytest.mark.parametrize("name", REPORTS)
def test_reports_only_the_courses_asked_for_and_nothing_else_of_them_changes(demo, name):
    course = next(column for column in ("material_id", "course_id") if column in FIXED_COLUMNS[name])
    assert rows(demo, name, courses=[3, 5]) == [row for row in rows(demo, name) if row[course] in (3, 5)]
    assert rows(demo, name, courses=[999]) == []


def test_puts_the_questions_last_in_the_order_asked_for(demo):
    names = [column[0] for column in demo.execute(query("ekvio.trainings_statistic", forms=[9, 8])).description]
    assert names[-3:] == ["group_function", "form_question_9", "form_question_8"]


@pytest.mark.parametrize("name", REPORTS)
def test_joins_by_index_only_so_that_no_site_takes_quadratic_time(demo, name):
    forms = [8, 9] if name.startswith("ekvio") else []
    steps = [step[3] for step in demo.execute("EXPLAIN QUERY PLAN " + query(name, forms=forms))]
    joins = [step for step in steps if step.endswith("LEFT-JOIN")]
    assert len(joins) >= 9 and all(step.startswith("SEARCH") for step in joins)
    assert len([step for step in steps if step.startswith("CORRELATED")]) == len(forms)
    assert len([step for step in steps if step.startswith("SEARCH a USING AUTOMATIC")]) == len(forms)


@pytest.mark.parametrize("name", ["ekvio.trainings_statistic", "ekvio.form_question", "eloomi.participants", "form_fields"])
def test_is_plain_to_every_driver(name):
    text = file(name + ".sql")
    assert not re.search(r"[?:%;\"`\\]", text)
    assert text.count("/*courses*/") == (name in REPORTS)
    assert text.count("/*forms*/") == (name == "ekvio.trainings_statistic")
    assert re.sub(r"\{[a-z_]+\}", "", text).count("{") == 0


def test_the_same_seed_makes_the_same_site(tmp_path):
    for name in ("one", "two"):
        generate.generate(tmp_path / name, learners=50, seed=7)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def refused(row):
    """Whether a format refuses what SCORM content wrote; the rest of the demo cannot be wrong."""
    span = r"[0-9]+|[0-9]+:[0-5]?[0-9]:[0-5]?[0-9](\.[0-9]+)?|P([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?"
    words = {None, "", "completed", "not completed", "not started", "Unknown", "passed", "failed", "incomplete", "browsed",
             "not attempted", "unknown"}
    percent = row["scorm_percent"]
    return (row["scorm_status"] not in words
            or not all(re.fullmatch(span, part) for part in row["total_time"].split("+"))
            or not (percent is None or re.fullmatch("0|[1-9][0-9]?|100", percent)))


def test_the_demo_site_has_no_row_that_a_format_refuses(demo):
    found = rows(demo, "ekvio.trainings_statistic")
    assert len({row["user_id"] for row in found}) >= 1000
    assert not any(map(refused, found))


def test_the_demo_site_has_as_many_refused_rows_as_asked_for(tmp_path):
    generate.generate(tmp_path / "site", learners=100, broken=7)
    with sqlite3.connect(tmp_path / "site") as database:
        assert sum(map(refused, rows(database, "ekvio.trainings_statistic"))) == 7
