"""Tiny Moodle sites where every rule is likely to matter: few ids, so that rows collide, and values at every edge."""

import sqlite3

import generate

TEXTS = ["", "", " ", "a", "O'Neil \"x\" \\", "\u0416", "\U0001f600", "Region", "  a"]
TIMES = [0, 0, 1, 5, 9, 1700000000, 1700000100, 1700003600]
GRADES = [None, 0, 0.5, 1, 2.5, 2.49999, 3.33333, 0.285, 10, 99.5, -0.5, -1.5, 33.33333]
LIMITS = [0, 0.5, 1, 2.5, 3, 10, 30, 33.33333, 100, 1000]
SHORTNAMES = ["region", "city", "role", "position", "team", "department", "function", "Region", "region2", "reg", "shoe",
              "citycity"]
VALUES = {
    "cmi.core.lesson_status": ["passed", "", "completed", "incomplete", "nonsense", "not attempted"],
    "cmi.completion_status": ["completed", "incomplete", "", "unknown"],
    "cmi.success_status": ["passed", "failed", "unknown", "", "Passed"],
    "cmi.core.score.raw": ["0", "100", "85", "84.5", "84.4999999999999999999", "85.", ".5", "-0.5", "-0.50001", "-1", "101",
                           "1e2", "abc", " 85", "85 ", "", "-", ".", "1.2.3", "0085", "+5", "1234567.5", "8,5", "\uff15",
                           "99999999999999999999"],
    "cmi.score.scaled": ["0", "1", "0.285", "0.284999999999999999999999", "1.0", "-0.005", "-0.0050001", "0.1", ".995", "x",
                         "0.999", "1.004", "1.005", "", "--1", "1-"],
    "cmi.core.total_time": ["00:01:02.50", "12:00:00", "", "7", "nonsense", "-1"],
    "cmi.total_time": ["PT1H2M3.5S", "P1D", "", "PT"],
    "cmi.suspend_data": ["", "anything"],
}
MODULES = ["resource", "url", "page", "quiz", "scorm", "lesson"]
FILES = [(".", None), (".", "application/pdf"), ("a.pdf", "application/pdf"), ("b.pdf", "application/pdf"),
         ("c.txt", "text/plain"), ("d", None)]
USERS, COURSES = range(1, 5), range(1, 5)


class NastySite:
    def __init__(self, pick):
        self.pick = pick
        self.database = sqlite3.connect(":memory:")
        self.database.executescript(generate.SCHEMA)
        self.people()
        self.courses()
        self.activities()
        self.packages()
        self.quizzes()
        self.grades()

    def add(self, table, **cells):
        """The columns left out hold something that no report reads."""
        for _, name, kind, needed, default, key in self.database.execute(f"PRAGMA table_info(mdl_{table})").fetchall():
            if needed and not key and name not in cells:
                cells[name] = 0 if kind == "INTEGER" else "?"
        names, marks = ",".join(cells), ",".join("?" * len(cells))
        return self.database.execute(f"INSERT INTO mdl_{table} ({names}) VALUES ({marks})", tuple(cells.values())).lastrowid

    def some(self, *ranges, share=0.6):
        """Some of the combinations, each at most once, in any order."""
        found = [()]
        for each in ranges:
            found = [(*before, value) for before in found for value in each]
        found = [combination for combination in found if self.pick.random() < share]
        self.pick.shuffle(found)
        return found

    def people(self):
        pick = self.pick.choice
        for user in USERS:
            self.add("user", id=user, deleted=int(pick(range(6)) == 0), suspended=int(pick(range(4)) == 0), username=f"u{user}",
                     firstname=pick(TEXTS), lastname=pick(TEXTS), middlename=pick(TEXTS + [None]), department=pick(TEXTS),
                     city=pick(TEXTS))
        for field, shortname in enumerate(self.pick.sample(SHORTNAMES, 9), 1):
            self.add("user_info_field", id=field, shortname=shortname)
        for user, field in self.some(USERS, range(1, 11)):
            self.add("user_info_data", userid=user, fieldid=field, data=pick(TEXTS))

    def courses(self):
        pick = self.pick.choice
        for course in COURSES:
            self.add("course", id=course, fullname=pick(TEXTS))
        for enrol in range(1, 8):
            self.add("enrol", id=enrol, courseid=pick(COURSES), status=pick([0, 1]))
        for enrol, user in self.some(range(1, 9), [*USERS, 99]):
            self.add("user_enrolments", enrolid=enrol, userid=user, status=pick([0, 0, 1]), timestart=pick(TIMES),
                     timeend=pick([0, 2147483647, 1700000000, 1800000000]), timecreated=pick(TIMES))
        for course, user in self.some(COURSES, USERS):
            self.add("course_completions", userid=user, course=course, timestarted=pick(TIMES),
                     timecompleted=pick(TIMES + [None] * 6))
        for course, user in self.some(COURSES, USERS):
            self.add("user_lastaccess", userid=user, courseid=course, timeaccess=pick(TIMES))

    def activities(self):
        pick = self.pick.choice
        for number, name in enumerate(MODULES, 1):
            self.add("modules", id=number, name=name)
        free = {"scorm": [1, 2, 3, 4], "quiz": [1, 2, 3, 4]}
        self.home = {}
        for cm in range(1, 21):
            module, course = pick(MODULES), pick(COURSES)
            instance = cm
            if module in free:
                if not free[module]:
                    continue
                instance = free[module].pop(pick(range(len(free[module]))))
                self.home[module, instance] = course
            self.add("course_modules", id=cm, course=course, module=MODULES.index(module) + 1, instance=instance,
                     visible=pick([0, 1, 1, 1]), deletioninprogress=pick([0, 0, 0, 1]), completion=pick([0, 1, 2]))
            context = self.add("context", contextlevel=70, instanceid=cm)
            self.add("context", contextlevel=50, instanceid=cm)
            for _ in range(pick([0, 1, 2, 3])):
                name, kind = pick(FILES)
                self.add("files", contextid=pick([context, context, context + 1]),
                         component=pick(["mod_resource"] * 4 + ["mod_page"]),
                         filearea=pick(["content"] * 4 + ["intro"]), filename=name, mimetype=kind, sortorder=pick([0, 0, 1]))
        for cm, user in self.some(range(1, 22), USERS, share=0.3):
            self.add("course_modules_viewed", coursemoduleid=cm, userid=user, timecreated=pick(TIMES))
        for cm, user in self.some(range(1, 22), USERS, share=0.3):
            self.add("course_modules_completion", coursemoduleid=cm, userid=user, completionstate=pick([0, 1, 2, 3]))

    def packages(self):
        pick = self.pick.choice
        for number, element in enumerate(VALUES, 1):
            self.add("scorm_element", id=number, element=element)
        for scorm in range(1, 5):
            self.add("scorm", id=scorm, course=self.home.get(("scorm", scorm), 4))
        for sco in range(1, 13):
            self.add("scorm_scoes", id=sco, scorm=(sco - 1) // 3 + 1, sortorder=pick([0, 1, 1, 2]))
        for scorm, user, turn in self.some(range(1, 5), USERS, range(1, 4), share=0.4):
            attempt = self.add("scorm_attempt", userid=user, scormid=scorm, attempt=turn)
            density = pick([0, 0.1, 0.4])
            for sco, element in self.some(range(scorm * 3 - 2, scorm * 3 + 1), range(1, len(VALUES) + 1), share=density):
                self.add("scorm_scoes_value", attemptid=attempt, scoid=sco, elementid=element,
                         value=pick([*VALUES.values()][element - 1]), timemodified=pick(TIMES))

    def quizzes(self):
        pick = self.pick.choice
        for quiz in range(1, 5):
            self.add("quiz", id=quiz, course=self.home.get(("quiz", quiz), 4), attempts=pick([0, 1, 3]), grade=pick(LIMITS))
        for quiz, user, turn in self.some(range(1, 5), USERS, range(1, 4), share=0.5):
            self.add("quiz_attempts", quiz=quiz, userid=user, attempt=turn, preview=pick([0, 0, 0, 1]),
                     state=pick(["finished", "finished", "inprogress", "abandoned"]), timestart=pick(TIMES),
                     timefinish=pick(TIMES))
        for quiz, user in self.some(range(1, 5), USERS):
            self.add("quiz_grades", quiz=quiz, userid=user, grade=pick(GRADES[1:]))

    def grades(self):
        pick = self.pick.choice
        items = [self.add("grade_items", courseid=course, itemtype="course", grademax=100)
                 for (course,) in self.some(COURSES, share=0.8)]
        for _ in range(6):
            items.append(self.add("grade_items", courseid=pick(COURSES), itemtype="mod", grademax=pick(LIMITS),
                                  itemmodule=pick(["h5pactivity", "lesson", "quiz"])))
        for item, user in self.some(items, USERS):
            self.add("grade_grades", itemid=item, userid=user, finalgrade=pick(GRADES))
