-- Assignments of a Moodle site (4.3 to 5.x), one row per account and course it is enrolled in, ordered by course and
-- account. The result columns carry the names of the format eloomi.participants. Moodle knows no renewal_at.
--
-- Written to run unchanged on SQLite 3.40, PostgreSQL and MariaDB (sql_mode ANSI). The host puts the table prefix in place of
-- the braces. It may put a condition on the alias c in place of the marker in the first query, such as
--   AND c.id IN (2, 3)
--
-- Site copies without indexes are common, so everything is aggregated once and then joined. What this query and
-- ekvio.trainings_statistic.sql both need is written alike in both, and explained there.

WITH RECURSIVE

-- The population is the courses, then the accounts enrolled in them.

courses AS (
  SELECT c.id
  FROM   {course} c
  WHERE  c.id <> 1/*courses*/
),
pairs AS (
  SELECT e.courseid,
         ue.userid,
         MIN(COALESCE(NULLIF(ue.timestart, 0), NULLIF(ue.timecreated, 0))) AS assigned,
         MAX(CASE WHEN ue.timeend NOT IN (0, 2147483647) THEN ue.timeend END) AS deadline
  FROM   {user_enrolments} ue
  JOIN   {enrol} e ON e.id = ue.enrolid
  JOIN   courses c ON c.id = e.courseid
  JOIN   {user} u ON u.id = ue.userid
  WHERE  u.deleted = 0
  GROUP  BY e.courseid, ue.userid
),

-- Start and completion.

completions AS (
  SELECT cc.course AS courseid,
         cc.userid,
         MIN(NULLIF(cc.timestarted, 0)) AS started,
         MIN(NULLIF(cc.timecompleted, 0)) AS completed
  FROM   {course_completions} cc
  JOIN   courses c ON c.id = cc.course
  GROUP  BY cc.course, cc.userid
),
quiz_work AS (
  SELECT q.course AS courseid,
         qa.userid,
         MIN(NULLIF(qa.timestart, 0)) AS first_time,
         SUM(CASE WHEN qa.state = 'finished' AND qa.timestart <> 0 AND qa.timefinish > qa.timestart
                  THEN qa.timefinish - qa.timestart ELSE 0 END) AS seconds
  FROM   {quiz_attempts} qa
  JOIN   {quiz} q ON q.id = qa.quiz
  JOIN   courses c ON c.id = q.course
  WHERE  qa.preview = 0
  GROUP  BY q.course, qa.userid
),
traces AS (
  SELECT cm.course AS courseid,
         v.userid,
         MIN(v.timecreated) AS first_time
  FROM   {course_modules_viewed} v
  JOIN   {course_modules} cm ON cm.id = v.coursemoduleid
  JOIN   courses c ON c.id = cm.course
  WHERE  v.timecreated <> 0
  GROUP  BY cm.course, v.userid
  UNION ALL
  SELECT w.courseid,
         w.userid,
         w.first_time
  FROM   quiz_work w
  UNION ALL
  SELECT s.course AS courseid,
         sa.userid,
         MIN(sv.timemodified) AS first_time
  FROM   {scorm_scoes_value} sv
  JOIN   {scorm_attempt} sa ON sa.id = sv.attemptid
  JOIN   {scorm} s ON s.id = sa.scormid
  JOIN   courses c ON c.id = s.course
  WHERE  sv.timemodified <> 0
  GROUP  BY s.course, sa.userid
),
starts AS (
  SELECT t.courseid,
         t.userid,
         MIN(t.first_time) AS first_time
  FROM   traces t
  GROUP  BY t.courseid, t.userid
),

-- The first SCORM package of a course, the last attempt of an account in it, the times of its SCOs.

packages AS (
  SELECT cm.course AS courseid,
         MIN(cm.id * 10000000000 + cm.instance) - MIN(cm.id) * 10000000000 AS scormid
  FROM   {course_modules} cm
  JOIN   {modules} m ON m.id = cm.module
  JOIN   courses c ON c.id = cm.course
  WHERE  m.name = 'scorm'
  GROUP  BY cm.course
),
tries AS (
  SELECT k.courseid,
         sa.userid,
         MAX(sa.attempt * 10000000000 + sa.id) - MAX(sa.attempt) * 10000000000 AS attemptid
  FROM   packages k
  JOIN   {scorm_attempt} sa ON sa.scormid = k.scormid
  GROUP  BY k.courseid, sa.userid
),
tracks AS (
  SELECT sv.attemptid,
         sv.scoid,
         MIN(so.sortorder) AS sortorder,
         MAX(CASE WHEN el.element = 'cmi.core.total_time' THEN sv.value END) AS old_time,
         MAX(CASE WHEN el.element = 'cmi.total_time' THEN sv.value END) AS new_time
  FROM   tries y
  JOIN   {scorm_scoes_value} sv ON sv.attemptid = y.attemptid
  JOIN   {scorm_element} el ON el.id = sv.elementid
  JOIN   {scorm_scoes} so ON so.id = sv.scoid
  WHERE  LENGTH(sv.value) > 0
    AND  el.element IN ('cmi.core.total_time', 'cmi.total_time')
  GROUP  BY sv.attemptid, sv.scoid
),
spans AS (
  SELECT t.attemptid,
         COALESCE(t.old_time, t.new_time) AS span,
         ROW_NUMBER() OVER (PARTITION BY t.attemptid ORDER BY t.sortorder, t.scoid) AS place,
         COUNT(*) OVER (PARTITION BY t.attemptid) AS places
  FROM   tracks t
),
chains AS (
  SELECT s.attemptid,
         s.place,
         s.places,
         s.span || '' AS spans
  FROM   spans s
  WHERE  s.place = 1
  UNION ALL
  SELECT h.attemptid,
         s.place,
         h.places,
         h.spans || '+' || s.span
  FROM   chains h
  JOIN   spans s ON s.attemptid = h.attemptid AND s.place = h.place + 1
),
times AS (
  SELECT h.attemptid,
         MAX(CASE WHEN h.place = h.places THEN h.spans END) AS spans
  FROM   chains h
  GROUP  BY h.attemptid
),

-- The last quiz of a course.

quizzes AS (
  SELECT cm.course AS courseid,
         MAX(cm.id * 10000000000 + cm.instance) - MAX(cm.id) * 10000000000 AS quizid
  FROM   {course_modules} cm
  JOIN   {modules} m ON m.id = cm.module
  JOIN   {quiz} q ON q.id = cm.instance
  JOIN   courses c ON c.id = cm.course
  WHERE  m.name = 'quiz'
  GROUP  BY cm.course
),
quiz_turns AS (
  SELECT z.courseid,
         qa.userid,
         MAX(qa.attempt) AS turn
  FROM   quizzes z
  JOIN   {quiz_attempts} qa ON qa.quiz = z.quizid
  WHERE  qa.preview = 0
  GROUP  BY z.courseid, qa.userid
),

-- Tracked activities that learners can see, and the total of the course.

activities AS (
  SELECT cm.id,
         cm.course AS courseid
  FROM   {course_modules} cm
  JOIN   courses c ON c.id = cm.course
  WHERE  cm.visible = 1
    AND  cm.deletioninprogress = 0
    AND  cm.completion > 0
),
activities_tracked AS (
  SELECT a.courseid,
         COUNT(*) AS activities
  FROM   activities a
  GROUP  BY a.courseid
),
activities_done AS (
  SELECT a.courseid,
         mc.userid,
         COUNT(DISTINCT a.id) AS activities
  FROM   activities a
  JOIN   {course_modules_completion} mc ON mc.coursemoduleid = a.id
  WHERE  mc.completionstate IN (1, 2)
  GROUP  BY a.courseid, mc.userid
),
grades AS (
  SELECT gi.courseid,
         gg.userid,
         MAX(gg.finalgrade) AS grade
  FROM   {grade_items} gi
  JOIN   {grade_grades} gg ON gg.itemid = gi.id
  JOIN   courses c ON c.id = gi.courseid
  WHERE  gi.itemtype = 'course'
  GROUP  BY gi.courseid, gg.userid
)

SELECT p.assigned AS assigned_at,
       COALESCE(qt.turn, 0) AS attempts,
       cc.completed AS completed_at,
       p.courseid AS course_id,
       p.deadline,
       CASE WHEN cc.completed IS NOT NULL THEN 100
            WHEN ac.activities IS NULL THEN 0
            ELSE 100.00000 * COALESCE(ad.activities, 0) / ac.activities END AS progress,
       0 AS required,
       COALESCE(gt.grade, 0) AS score,
       COALESCE(cc.started, st.first_time) AS started_at,
       CASE WHEN cc.completed IS NOT NULL THEN 'completed'
            WHEN COALESCE(cc.started, st.first_time) IS NOT NULL THEN 'started'
            ELSE 'not_started' END AS status,
       COALESCE(h.spans || '+', '') || COALESCE(w.seconds, 0) AS time_spent,
       p.userid AS user_id
FROM   pairs p
LEFT   JOIN completions cc ON cc.courseid = p.courseid AND cc.userid = p.userid
LEFT   JOIN starts st ON st.courseid = p.courseid AND st.userid = p.userid
LEFT   JOIN tries y ON y.courseid = p.courseid AND y.userid = p.userid
LEFT   JOIN times h ON h.attemptid = y.attemptid
LEFT   JOIN quiz_turns qt ON qt.courseid = p.courseid AND qt.userid = p.userid
LEFT   JOIN quiz_work w ON w.courseid = p.courseid AND w.userid = p.userid
LEFT   JOIN activities_tracked ac ON ac.courseid = p.courseid
LEFT   JOIN activities_done ad ON ad.courseid = p.courseid AND ad.userid = p.userid
LEFT   JOIN grades gt ON gt.courseid = p.courseid AND gt.userid = p.userid
ORDER  BY p.courseid + 0, p.userid + 0
