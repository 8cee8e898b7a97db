#!/usr/bin/env python3
"""Makes a SQLite database shaped like a Moodle site: the tables and columns that the queries beside this file read.

    python3 generate.py site.sqlite --learners 1200 --seed 1

The same arguments give the same rows. The people are invented. Every row of a report is one that the formats take,
unless --broken asks for some that they refuse.
"""

import argparse
import os
import random
import sqlite3

# Tables, columns and types as on a Moodle 4.3 site, less the columns that no report needs.
SCHEMA = """
CREATE TABLE mdl_user (id INTEGER PRIMARY KEY, deleted INTEGER NOT NULL, suspended INTEGER NOT NULL, username TEXT NOT NULL,
  firstname TEXT NOT NULL, lastname TEXT NOT NULL, middlename TEXT, email TEXT NOT NULL, department TEXT NOT NULL,
  city TEXT NOT NULL, timecreated INTEGER NOT NULL);
CREATE TABLE mdl_user_info_field (id INTEGER PRIMARY KEY, shortname TEXT NOT NULL, name TEXT NOT NULL, datatype TEXT NOT NULL,
  sortorder INTEGER NOT NULL);
CREATE TABLE mdl_user_info_data (id INTEGER PRIMARY KEY, userid INTEGER NOT NULL, fieldid INTEGER NOT NULL, data TEXT NOT NULL,
  dataformat INTEGER NOT NULL);
CREATE TABLE mdl_user_lastaccess (id INTEGER PRIMARY KEY, userid INTEGER NOT NULL, courseid INTEGER NOT NULL,
  timeaccess INTEGER NOT NULL);
CREATE TABLE mdl_course (id INTEGER PRIMARY KEY, fullname TEXT NOT NULL, shortname TEXT NOT NULL, visible INTEGER NOT NULL,
  enablecompletion INTEGER NOT NULL);
CREATE TABLE mdl_enrol (id INTEGER PRIMARY KEY, enrol TEXT NOT NULL, status INTEGER NOT NULL, courseid INTEGER NOT NULL);
CREATE TABLE mdl_user_enrolments (id INTEGER PRIMARY KEY, status INTEGER NOT NULL, enrolid INTEGER NOT NULL,
  userid INTEGER NOT NULL, timestart INTEGER NOT NULL, timeend INTEGER NOT NULL, timecreated INTEGER NOT NULL);
CREATE TABLE mdl_course_completions (id INTEGER PRIMARY KEY, userid INTEGER NOT NULL, course INTEGER NOT NULL,
  timeenrolled INTEGER NOT NULL, timestarted INTEGER NOT NULL, timecompleted INTEGER);
CREATE TABLE mdl_modules (id INTEGER PRIMARY KEY, name TEXT NOT NULL, visible INTEGER NOT NULL);
CREATE TABLE mdl_course_modules (id INTEGER PRIMARY KEY, course INTEGER NOT NULL, module INTEGER NOT NULL,
  instance INTEGER NOT NULL, visible INTEGER NOT NULL, completion INTEGER NOT NULL, deletioninprogress INTEGER NOT NULL);
CREATE TABLE mdl_course_modules_viewed (id INTEGER PRIMARY KEY, coursemoduleid INTEGER NOT NULL, userid INTEGER NOT NULL,
  timecreated INTEGER NOT NULL);
CREATE TABLE mdl_course_modules_completion (id INTEGER PRIMARY KEY, coursemoduleid INTEGER NOT NULL, userid INTEGER NOT NULL,
  completionstate INTEGER NOT NULL, timemodified INTEGER NOT NULL);
CREATE TABLE mdl_context (id INTEGER PRIMARY KEY, contextlevel INTEGER NOT NULL, instanceid INTEGER NOT NULL);
CREATE TABLE mdl_files (id INTEGER PRIMARY KEY, contextid INTEGER NOT NULL, component TEXT NOT NULL, filearea TEXT NOT NULL,
  itemid INTEGER NOT NULL, filepath TEXT NOT NULL, filename TEXT NOT NULL, mimetype TEXT, sortorder INTEGER NOT NULL);
CREATE TABLE mdl_scorm (id INTEGER PRIMARY KEY, course INTEGER NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL);
CREATE TABLE mdl_scorm_scoes (id INTEGER PRIMARY KEY, scorm INTEGER NOT NULL, identifier TEXT NOT NULL,
  scormtype TEXT NOT NULL, sortorder INTEGER NOT NULL);
CREATE TABLE mdl_scorm_attempt (id INTEGER PRIMARY KEY, userid INTEGER NOT NULL, scormid INTEGER NOT NULL,
  attempt INTEGER NOT NULL);
CREATE TABLE mdl_scorm_element (id INTEGER PRIMARY KEY, element TEXT NOT NULL);
CREATE TABLE mdl_scorm_scoes_value (id INTEGER PRIMARY KEY, scoid INTEGER NOT NULL, attemptid INTEGER NOT NULL,
  elementid INTEGER NOT NULL, value TEXT NOT NULL, timemodified INTEGER NOT NULL);
CREATE TABLE mdl_quiz (id INTEGER PRIMARY KEY, course INTEGER NOT NULL, name TEXT NOT NULL, attempts INTEGER NOT NULL,
  grade NUMERIC NOT NULL);
CREATE TABLE mdl_quiz_attempts (id INTEGER PRIMARY KEY, quiz INTEGER NOT NULL, userid INTEGER NOT NULL,
  attempt INTEGER NOT NULL, preview INTEGER NOT NULL, state TEXT NOT NULL, timestart INTEGER NOT NULL,
  timefinish INTEGER NOT NULL);
CREATE TABLE mdl_quiz_grades (id INTEGER PRIMARY KEY, quiz INTEGER NOT NULL, userid INTEGER NOT NULL, grade NUMERIC NOT NULL);
CREATE TABLE mdl_grade_items (id INTEGER PRIMARY KEY, courseid INTEGER, itemtype TEXT NOT NULL, itemmodule TEXT,
  iteminstance INTEGER, grademax NUMERIC NOT NULL);
CREATE TABLE mdl_grade_grades (id INTEGER PRIMARY KEY, itemid INTEGER NOT NULL, userid INTEGER NOT NULL, finalgrade NUMERIC);
"""

NOW = 1767225600  # 2026-01-01 in UTC: a site made today and one made next year are the same
DAY = 86400

FIRST_NAMES = ["\u0410\u043d\u043d\u0430", "\u041f\u0451\u0442\u0440", "Jos\u00e9", "Zo\u00eb", "\u674e", "Anna", "\u0130pek",
               "Nguy\u1ec5n", "Robert \"Bob\"", "Tab\there", "\U0001f600 Smile", "<script>alert(1)</script>",
               "\u05d3\u05d5\u05d3"]
LAST_NAMES = ["\u0418\u0432\u0430\u043d\u043e\u0432\u0430", "O'Neil", "M\u00fcller", "Back\\slash", "\u5c71\u7530",
              "Smith & Sons", "D'\u00c9toile", "\u0429\u0435\u0440\u0431\u0430\u043a\u043e\u0432", "Sm\u00f8rrebr\u00f8d", "de la \"Cruz\""]
MIDDLE_NAMES = [None, "", "\u0418\u0432\u0430\u043d\u043e\u0432\u0438\u0447", "J.", "\u200dM."]
CITIES = ["", "\u041c\u043e\u0441\u043a\u0432\u0430", "S\u00e3o Paulo", "\u6771\u4eac", "Krak\u00f3w", "L\u2028ine"]
DEPARTMENTS = ["", "R&D \\ lab", "\u041f\u0440\u043e\u0434\u0430\u0436\u0438", "IT \"Ops\"", "</b>Support"]

# Field, then the answers given; None leaves the field out for that account.
PROFILE = [
    ("region", [None, "", "\u0421\u0438\u0431\u0438\u0440\u044c", "Baden-W\u00fcrttemberg", "\u95a2\u6771"]),
    ("city", [None, ""] + CITIES),
    ("role", [None, "\u0421\u0442\u0430\u0436\u0451\u0440", "Manager", ""]),
    ("position", [None, "Verk\u00e4ufer/in", "\u0418\u043d\u0436\u0435\u043d\u0435\u0440"]),
    ("team", [None, "Team \U0001f680", "\u041a\u043e\u043c\u0430\u043d\u0434\u0430 1", "A/B"]),
    ("department", [None, ""] + DEPARTMENTS),
    ("function", [None, "\u041e\u0431\u0443\u0447\u0435\u043d\u0438\u0435", ""]),
    ("tshirt", [None, "S", "M", "L", "XL", ""]),
    ("question_why", [None, "Because I \u2665 it", "line one\r\nline two", "100\u0025, \u00abreally\u00bb?"]),
]

ELEMENTS = ["cmi.core.lesson_status", "cmi.core.score.raw", "cmi.core.total_time", "cmi.core.session_time",
            "cmi.completion_status", "cmi.success_status", "cmi.score.scaled", "cmi.total_time", "cmi.suspend_data"]
ELEMENT_ID = {element: number for number, element in enumerate(ELEMENTS, 1)}
LESSON_STATUSES = ["passed", "completed", "failed", "incomplete", "browsed", "not attempted"]
COMPLETION_STATUSES = ["completed", "incomplete", "not attempted", "unknown"]
SUCCESS_STATUSES = ["passed", "failed", "unknown"]
BROKEN_VALUES = [("cmi.core.score.raw", "101"), ("cmi.core.total_time", "-00:01:00"), ("cmi.core.lesson_status", "finished")]

MODULES = ["assign", "forum", "h5pactivity", "lesson", "page", "quiz", "resource", "scorm", "url"]
MODULE_ID = {name: number for number, name in enumerate(MODULES, 1)}

# Files of a resource: (name, type, sort order). The main file decides whether it counts as a PDF.
FOLDER = (".", None, 0)
ONE_PDF = [FOLDER, ("book.pdf", "application/pdf", 1)]
PDF_AMONG_OTHERS = [("cover.png", "image/png", 0), FOLDER, ("\u043a\u043d\u0438\u0433\u0430.pdf", "application/pdf", 1)]
PDF_BESIDE_MAIN_FILE = [("annex.pdf", "application/pdf", 0), ("index.htm", "text/html", 1)]
PDF_UPLOADED_FIRST = [("a.pdf", "application/pdf", 0), ("b.txt", "text/plain", 0)]

# Courses: (full name, activities). Activity: (module, what makes it special). Hidden and deleted ones never count as
# reading matter; the first SCORM and the last quiz of a course are the ones reported.
COURSES = [
    ("\u041e\u0445\u0440\u0430\u043d\u0430 \u0442\u0440\u0443\u0434\u0430 \"2026\"", [
        ("resource", {"files": ONE_PDF}), ("resource", {"files": PDF_AMONG_OTHERS}), ("url", {}), ("page", {}),
        ("scorm", {"scos": 1}), ("quiz", {"attempts": 3, "grade": 10})]),
    ("SCORM 2004 \\ several parts", [
        ("scorm", {"scos": 3, "new": True}), ("page", {}), ("page", {"hidden": True}),
        ("quiz", {"attempts": 0, "grade": 100})]),
    ("Two packages, two quizzes \U0001f4da", [
        ("scorm", {"scos": 2}), ("scorm", {"scos": 1, "new": True}), ("quiz", {"attempts": 1, "grade": 5}),
        ("quiz", {"attempts": 2, "grade": 33.33333}), ("assign", {})]),
    ("Reading <b>only</b>", [
        ("resource", {"files": ONE_PDF}), ("resource", {"files": ONE_PDF, "hidden": True}),
        ("resource", {"files": ONE_PDF, "deleting": True}), ("resource", {"files": PDF_BESIDE_MAIN_FILE}),
        ("resource", {"files": PDF_UPLOADED_FIRST}), ("resource", {"files": [FOLDER]}), ("url", {}), ("url", {"hidden": True}),
        ("page", {}), ("page", {"deleting": True}), ("page", {"untracked": True})]),
    ("Interactive", [
        ("h5pactivity", {"points": 10}), ("h5pactivity", {"points": 2.5}), ("lesson", {"points": 33.33333}), ("forum", {})]),
    ("A course of nothing", []),
    ("Quiz for nothing", [("quiz", {"attempts": 0, "grade": 0}), ("page", {})]),
]


class Site:
    """Rows on their way into the database; ids count from 1 in each table."""

    def __init__(self, database, seed, broken):
        self.database = database
        self.pick = random.Random(seed)
        self.broken = broken
        self.last_id = {}
        self.waiting = {}

    def add(self, table, *cells):
        number = self.last_id[table] = self.last_id.get(table, 0) + 1
        self.waiting.setdefault(table, []).append((number, *cells))
        return number

    def write(self):
        for table, rows in self.waiting.items():
            marks = ",".join("?" * len(rows[0]))
            self.database.executemany(f"INSERT INTO mdl_{table} VALUES ({marks})", rows)
        self.waiting.clear()

    def chance(self, share):
        return self.pick.random() < share


class Activity:
    """One activity of a course, with what the learners' rows refer to."""

    def __init__(self, site, course, module, traits):
        self.module, self.traits = module, traits
        self.scos, self.item = [], None
        self.instance = getattr(self, "make_" + module, self.make_other)(site, course)
        self.tracked = not traits.get("untracked")
        self.id = site.add("course_modules", course, MODULE_ID[module], self.instance, int(not traits.get("hidden")),
                           2 if self.tracked else 0, int(bool(traits.get("deleting"))))
        context = site.add("context", 70, self.id)
        for name, kind, order in traits.get("files", []):
            site.add("files", context, "mod_resource", "content", 0, "/", name, kind, order)
        site.add("files", context, "mod_" + module, "intro", 0, "/", "intro.pdf", "application/pdf", 9)
        if "points" in traits:
            self.item = site.add("grade_items", course, "mod", module, self.instance, traits["points"])

    def make_other(self, site, course):
        return site.last_id.get("course_modules", 0) + 1

    def make_scorm(self, site, course):
        new = self.traits.get("new")
        scorm = site.add("scorm", course, "Package", "SCORM_1.3" if new else "SCORM_1.2")
        site.add("scorm_scoes", scorm, "organization", "", 1)
        # The order of the parts is not the order of their ids.
        self.scos = [site.add("scorm_scoes", scorm, f"item_{place}", "sco", place + 1)
                     for place in reversed(range(1, self.traits["scos"] + 1))][::-1]
        return scorm

    def make_quiz(self, site, course):
        return site.add("quiz", course, "Final test", self.traits["attempts"], self.traits["grade"])


class Course:
    def __init__(self, site, name, activities):
        self.id = site.add("course", name, f"course{site.last_id['course']}", 1, 1)
        self.manual = site.add("enrol", "manual", 0, self.id)
        self.selfmade = site.add("enrol", "self", 0, self.id)
        self.total = site.add("grade_items", self.id, "course", None, None, 100)
        self.activities = [Activity(site, self.id, module, traits) for module, traits in activities]
        self.scorm = next((each for each in self.activities if each.module == "scorm"), None)


def make_courses(site):
    for name in MODULES:
        site.add("modules", name, 1)
    for element in ELEMENTS:
        site.add("scorm_element", element)
    for place, (shortname, _) in enumerate(PROFILE, 1):
        site.add("user_info_field", shortname, shortname.title(), "text", place)
    front_page = site.add("course", "The site itself", "site", 1, 0)
    site.add("enrol", "manual", 0, front_page)
    return [Course(site, *each) for each in COURSES]


def make_learner(site, courses, place):
    pick = site.pick
    deleted = int(site.chance(0.02))
    user = site.add("user", deleted, int(site.chance(0.05)), f"learner{place}", pick.choice(FIRST_NAMES),
                    pick.choice(LAST_NAMES) + f"-{place}", pick.choice(MIDDLE_NAMES), f"learner{place}@example.com",
                    pick.choice(DEPARTMENTS), pick.choice(CITIES), NOW - 900 * DAY)
    for field, (_, answers) in enumerate(PROFILE, 1):
        answer = pick.choice(answers)
        if answer is not None:
            site.add("user_info_data", user, field, answer, 0)
    if site.chance(0.01):
        site.add("user_enrolments", 0, 1, user, 0, 0, NOW)  # the front page is no course
    for course in pick.sample(courses, pick.randint(2, 4)):
        enrolled = NOW - pick.randint(30, 700) * DAY - pick.randrange(DAY)
        enrol(site, course, user, enrolled)
        if site.chance(0.8):
            Learning(site, course, user, enrolled, counts=not deleted)


def enrol(site, course, user, enrolled):
    pick = site.pick
    for method in [course.manual, course.selfmade][:1 + site.chance(0.1)]:
        starts = pick.choice([0, enrolled + 3600])
        ends = pick.choice([0, 0, 2147483647, enrolled + 365 * DAY])
        site.add("user_enrolments", int(site.chance(0.15)), method, user, starts, ends, enrolled + method)


class Learning:
    """What one account did in one course."""

    def __init__(self, site, course, user, enrolled, counts):
        self.site, self.user, self.clock = site, user, enrolled + 7200
        self.breakable = counts
        done = sum([self.act(course, activity) for activity in course.activities])
        if site.chance(0.7):
            complete = bool(done) and done == sum(activity.tracked for activity in course.activities)
            started = site.pick.choice([0, enrolled + 7200])
            site.add("course_completions", user, course.id, enrolled, started, self.later() if complete else None)
        if site.chance(0.8):
            grade = round(site.pick.uniform(0, 100), site.pick.choice([0, 2, 5])) if site.chance(0.8) else None
            site.add("grade_grades", course.total, user, grade)
        site.add("user_lastaccess", user, course.id, self.later() if site.chance(0.95) else 0)

    def later(self):
        self.clock += self.site.pick.randint(1, 5400)
        return self.clock

    def act(self, course, activity):
        """Returns whether the activity is tracked and done."""
        site = self.site
        if site.chance(0.2):
            return False
        if site.chance(0.8):
            site.add("course_modules_viewed", activity.id, self.user, self.later())
        if activity.module == "scorm":
            self.play(course, activity)
        elif activity.module == "quiz":
            self.answer(activity)
        elif activity.item:
            points = round(site.pick.uniform(0, activity.traits["points"]), 5) if site.chance(0.9) else None
            site.add("grade_grades", activity.item, self.user, points)
        if not activity.tracked or site.chance(0.1):
            return False
        state = site.pick.choice([0, 1, 1, 1, 2, 2, 3])
        site.add("course_modules_completion", activity.id, self.user, state, self.later())
        return state in (1, 2)

    def play(self, course, activity):
        site, pick = self.site, self.site.pick
        if site.chance(0.1):
            return
        track = self.new_track if activity.traits.get("new") else self.old_track
        tries = pick.choice([1, 1, 1, 2, 3])
        for turn in range(1, tries + 1):
            attempt = site.add("scorm_attempt", self.user, activity.instance, turn)
            if turn == tries and activity is course.scorm and self.breakable and site.broken > 0:
                site.broken -= 1
                self.store(attempt, activity.scos[0], [BROKEN_VALUES[site.broken % len(BROKEN_VALUES)]])
                continue
            for sco in activity.scos:
                if site.chance(0.85):
                    self.store(attempt, sco, track())

    def store(self, attempt, sco, track):
        now = self.later()
        for element, value in track:
            self.site.add("scorm_scoes_value", sco, attempt, ELEMENT_ID[element], value, now)

    def old_track(self):
        site, pick = self.site, self.site.pick
        yield "cmi.suspend_data", "page=3"
        if site.chance(0.9):
            yield "cmi.core.lesson_status", pick.choice(LESSON_STATUSES)
        if site.chance(0.7):
            yield "cmi.core.score.raw", pick.choice([str(pick.randint(0, 100)), f"{pick.uniform(0, 100):.2f}", "0", "100"])
        if site.chance(0.9):
            hours, minutes, seconds = pick.randint(0, 9999), pick.randint(0, 59), pick.randint(0, 5999) / 100
            yield "cmi.core.total_time", f"{hours:02}:{minutes:02}:{seconds:05.2f}"

    def new_track(self):
        site, pick = self.site, self.site.pick
        if site.chance(0.9):
            yield "cmi.completion_status", pick.choice(COMPLETION_STATUSES)
        if site.chance(0.7):
            yield "cmi.success_status", pick.choice(SUCCESS_STATUSES)
        if site.chance(0.7):
            yield "cmi.score.scaled", pick.choice(["0", "1", "0.285", "0.875", f"{pick.random():.7f}"])
        if site.chance(0.9):
            yield "cmi.total_time", pick.choice(["PT0S", "P1DT2H", f"PT{pick.randint(0, 5)}H{pick.randint(0, 59)}M3.5S",
                                                 f"PT{pick.randint(0, 9000)}.25S"])

    def answer(self, activity):
        site, pick = self.site, self.site.pick
        if site.chance(0.1):
            site.add("quiz_attempts", activity.instance, self.user, 9, 1, "finished", self.later(), self.later())
        limit, best = activity.traits["attempts"] or 4, activity.traits["grade"]
        turns = pick.randint(0, limit)
        for turn in range(1, turns + 1):
            state = pick.choice(["finished", "finished", "finished", "inprogress", "overdue", "abandoned"])
            starts = self.later()
            site.add("quiz_attempts", activity.instance, self.user, turn, 0, state, starts,
                     self.later() if state == "finished" else 0)
        if turns and site.chance(0.9):
            site.add("quiz_grades", activity.instance, self.user, round(pick.uniform(0, best), 5))


def generate(path, learners=1200, seed=1, broken=0):
    """Writes the database anew; a file of that name is replaced."""
    if os.path.exists(path):
        os.remove(path)
    database = sqlite3.connect(path)
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
    site = Site(database, seed, broken)
    courses = make_courses(site)
    for place in range(1, learners + 1):
        make_learner(site, courses, place)
        if place % 1000 == 0:
            site.write()
    site.write()
    database.commit()
    database.close()
    if site.broken:
        raise ValueError(f"too few learners for {broken} broken rows")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file")
    parser.add_argument("--learners", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--broken", type=int, default=0, metavar="N", help="make N rows that the formats refuse")
    arguments = parser.parse_args()
    if os.path.exists(arguments.file):
        parser.error(f"{arguments.file} is there already, and is not replaced")
    generate(arguments.file, arguments.learners, arguments.seed, arguments.broken)


if __name__ == "__main__":
    main()
