"""Where a Moodle site keeps each field, told a second time in plain Python, so that the queries can be held against it.

Reads whole tables and loops. Nothing here is taken from the SQL.
"""

import re
from decimal import ROUND_FLOOR, Decimal

GROUPS = ["region", "city", "role", "position", "team", "department", "function"]


class Site:
    """The tables of a site as lists of rows, each row a dict."""

    def __init__(self, database):
        self.database = database
        self.tables = {}
        self.sorted = {}

    def rows(self, table):
        if table not in self.tables:
            cursor = self.database.execute(f"SELECT * FROM mdl_{table}")
            names = [column[0] for column in cursor.description]
            self.tables[table] = [dict(zip(names, cells)) for cells in cursor]
        return self.tables[table]

    def find(self, table, **wanted):
        """The rows whose columns hold the values wanted."""
        (first, value), *others = wanted.items()
        if (table, first) not in self.sorted:
            shelf = self.sorted[table, first] = {}
            for row in self.rows(table):
                shelf.setdefault(row[first], []).append(row)
        found = self.sorted[table, first].get(value, [])
        return [row for row in found if all(row[name] == other for name, other in others)]

    def one(self, table, **wanted):
        found = self.find(table, **wanted)
        return found[0] if found else None


def population(site):
    pairs = set()
    for enrolment in site.rows("user_enrolments"):
        method = site.one("enrol", id=enrolment["enrolid"])
        user = site.one("user", id=enrolment["userid"])
        if method and user and not user["deleted"] and method["courseid"] != 1:
            pairs.add((method["courseid"], user["id"]))
    return sorted(pairs)


def enrolments(site, course, user):
    methods = [method["id"] for method in site.find("enrol", courseid=course)]
    return [row for row in site.find("user_enrolments", userid=user) if row["enrolid"] in methods]


def modules(site, course, name):
    """The course modules of one kind, by id."""
    kinds = [module["id"] for module in site.find("modules", name=name)]
    return sorted((row for row in site.find("course_modules", course=course) if row["module"] in kinds),
                  key=lambda row: row["id"])


def can_be_seen(module):
    return module["visible"] == 1 and module["deletioninprogress"] == 0


def half_up(number):
    return int((Decimal(str(number)) + Decimal("0.5")).to_integral_value(ROUND_FLOOR))


def earliest(times):
    return min((time for time in times if time), default=None)


def completion(site, course, user):
    return site.one("course_completions", userid=user, course=course) or {"timestarted": 0, "timecompleted": None}


def start_time(site, course, user):
    started = completion(site, course, user)["timestarted"]
    if started:
        return started
    times = []
    for view in site.find("course_modules_viewed", userid=user):
        if site.one("course_modules", id=view["coursemoduleid"], course=course):
            times.append(view["timecreated"])
    for attempt in site.find("quiz_attempts", userid=user, preview=0):
        if site.one("quiz", id=attempt["quiz"], course=course):
            times.append(attempt["timestart"])
    for attempt in site.find("scorm_attempt", userid=user):
        if site.one("scorm", id=attempt["scormid"], course=course):
            times += [value["timemodified"] for value in site.find("scorm_scoes_value", attemptid=attempt["id"])]
    return earliest(times)


def complete_date(site, course, user):
    return completion(site, course, user)["timecompleted"] or None


def percent(text, factor):
    """Text that is no decimal number stays as it is."""
    if not re.fullmatch(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)", text):
        return text
    return half_up(Decimal(text) * factor)


def scorm(site, course, user):
    """Time, status and percent of the course's first SCORM."""
    packages = modules(site, course, "scorm")
    if not packages:
        return None, None, None
    attempts = site.find("scorm_attempt", userid=user, scormid=packages[0]["instance"])
    if not attempts:
        return None, "not started", None
    attempt = max(attempts, key=lambda row: row["attempt"])

    parts = {}
    for row in site.find("scorm_scoes_value", attemptid=attempt["id"]):
        if row["value"] != "":
            parts.setdefault(row["scoid"], {})[site.one("scorm_element", id=row["elementid"])["element"]] = row["value"]
    in_order = sorted(parts, key=lambda sco: (site.one("scorm_scoes", id=sco)["sortorder"], sco))

    statuses, percents, times = [], [], []
    for part in (parts[sco] for sco in in_order):
        if "cmi.core.lesson_status" in part:
            statuses.append(part["cmi.core.lesson_status"])
        elif part.get("cmi.success_status") in ("passed", "failed"):
            statuses.append(part["cmi.success_status"])
        elif "cmi.completion_status" in part:
            statuses.append(part["cmi.completion_status"])
        if "cmi.core.score.raw" in part:
            percents.append(percent(part["cmi.core.score.raw"], 1))
        elif "cmi.score.scaled" in part:
            percents.append(percent(part["cmi.score.scaled"], 100))
        if "cmi.core.total_time" in part:
            times.append(part["cmi.core.total_time"])
        elif "cmi.total_time" in part:
            times.append(part["cmi.total_time"])
    return "+".join(times) or None, (statuses + [""])[0], (percents + [None])[0]


def total_time(site, course, user):
    spans = []
    scorm_time, _, _ = scorm(site, course, user)
    if scorm_time:
        spans.append(scorm_time)
    for attempt in site.find("quiz_attempts", userid=user, state="finished", preview=0):
        if site.one("quiz", id=attempt["quiz"], course=course) and attempt["timestart"]:
            spans.append(str(max(0, attempt["timefinish"] - attempt["timestart"])))
    return "+".join(spans) or "0"


def is_pdf(site, module):
    context = site.one("context", instanceid=module["id"], contextlevel=70)
    files = [row for row in site.find("files", contextid=context and context["id"])
             if row["component"] == "mod_resource" and row["filearea"] == "content" and row["filename"] != "."]
    if not files:
        return False
    return min(files, key=lambda row: (-row["sortorder"], row["id"]))["mimetype"] == "application/pdf"


def is_complete(site, module, user):
    marks = site.find("course_modules_completion", userid=user, coursemoduleid=module["id"])
    return any(mark["completionstate"] in (1, 2) for mark in marks)


def is_viewed(site, module, user):
    views = site.find("course_modules_viewed", userid=user, coursemoduleid=module["id"])
    return bool(views) or is_complete(site, module, user)


def materials(site, course):
    return {"pdf": [row for row in modules(site, course, "resource") if can_be_seen(row) and is_pdf(site, row)],
            "link": [row for row in modules(site, course, "url") if can_be_seen(row)],
            "html": [row for row in modules(site, course, "page") if can_be_seen(row)]}


def points(site, course, user):
    items = [row for row in site.find("grade_items", courseid=course) if row["itemmodule"] in ("h5pactivity", "lesson")]
    mine = [grade["finalgrade"] for item in items for grade in site.find("grade_grades", userid=user, itemid=item["id"])]
    return (half_up(sum(Decimal(str(grade)) for grade in mine if grade is not None)),
            half_up(sum(Decimal(str(item["grademax"])) for item in items)))


def last_quiz(site, course):
    found = modules(site, course, "quiz")
    return site.one("quiz", id=found[-1]["instance"]) if found else None


def final_scores(site, course, user):
    quiz = last_quiz(site, course)
    if not quiz:
        return 0, 0, None
    limit = Decimal(str(quiz["grade"]))
    grade = site.one("quiz_grades", userid=user, quiz=quiz["id"])
    if not grade:
        return 0, half_up(limit), None
    reached = Decimal(str(grade["grade"]))
    return half_up(reached), half_up(limit), half_up(100 * reached / limit) if limit else None


def turns(site, course, user):
    quiz = last_quiz(site, course)
    if not quiz:
        return None, None
    used = [attempt["attempt"] for attempt in site.find("quiz_attempts", userid=user, quiz=quiz["id"], preview=0)]
    return max(used, default=0), quiz["attempts"] or None


def last_activity(site, course, user):
    access = site.one("user_lastaccess", userid=user, courseid=course)
    return (access and access["timeaccess"]) or None


def answer(site, user, field):
    row = site.one("user_info_data", userid=user, fieldid=field)
    return (row and row["data"]) or None


def groups(site, account):
    found = {}
    for name in GROUPS:
        field = site.one("user_info_field", shortname=name)
        found["group_" + name] = answer(site, account["id"], field["id"]) if field else None
    found["group_city"] = found["group_city"] or account["city"] or None
    found["group_department"] = found["group_department"] or account["department"] or None
    found["group_region"] = found["group_region"] or ""
    return found


def question_fields(site):
    return sorted(field["id"] for field in site.rows("user_info_field") if field["shortname"] not in GROUPS)


def trainings_statistic(site, course, user, forms=()):
    account = site.one("user", id=user)
    all_suspended = all(row["status"] == 1 for row in enrolments(site, course, user))
    row = {
        "user_id": user,
        "material_id": course,
        "fio": " ".join(part for part in (account["lastname"], account["firstname"], account["middlename"]) if part),
        "user_status": "blocked" if account["suspended"] == 1 or all_suspended else "active",
        "login": account["username"],
        "start_time": start_time(site, course, user),
        "complete_date": complete_date(site, course, user),
        "total_time": total_time(site, course, user),
        "name": site.one("course", id=course)["fullname"],
        "is_required": 0,
    }
    row["user_scores"], row["max_interaction_scores"] = points(site, course, user)
    for kind, found in materials(site, course).items():
        row[kind + "_viewed"] = sum(is_viewed(site, module, user) for module in found)
        row[kind + "_total"] = len(found)
    row["scorm_total_time"], row["scorm_status"], row["scorm_percent"] = scorm(site, course, user)
    row["user_final_scores"], row["max_final_scores"], row["percent_final_scores"] = final_scores(site, course, user)
    row["last_activity"] = last_activity(site, course, user)
    row["current_turn"], row["turns_count"] = turns(site, course, user)
    row.update(groups(site, account))
    row.update((f"form_question_{field}", answer(site, user, field)) for field in forms)
    return row


def progress(site, course, user):
    if complete_date(site, course, user):
        return Decimal(100)
    tracked = [row for row in site.find("course_modules", course=course) if can_be_seen(row) and row["completion"] > 0]
    if not tracked:
        return Decimal(0)
    return Decimal(100) * sum(is_complete(site, module, user) for module in tracked) / len(tracked)


def score(site, course, user):
    total = site.one("grade_items", courseid=course, itemtype="course")
    grade = total and site.one("grade_grades", userid=user, itemid=total["id"])
    return Decimal(str(grade["finalgrade"])) if grade and grade["finalgrade"] is not None else Decimal(0)


def participants(site, course, user):
    mine = enrolments(site, course, user)
    completed, started = complete_date(site, course, user), start_time(site, course, user)
    return {
        "assigned_at": earliest(row["timestart"] or row["timecreated"] for row in mine),
        "attempts": turns(site, course, user)[0] or 0,
        "completed_at": completed,
        "course_id": course,
        "deadline": max((row["timeend"] for row in mine if row["timeend"] not in (0, 2147483647)), default=None),
        "progress": progress(site, course, user),
        "required": 0,
        "score": score(site, course, user),
        "started_at": started,
        "status": "completed" if completed else "started" if started else "not_started",
        "time_spent": total_time(site, course, user),
        "user_id": user,
    }
