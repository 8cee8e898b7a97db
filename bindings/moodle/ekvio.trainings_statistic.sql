-- Training statistics of a Moodle site (4.3 to 5.x), one row per account and course it is enrolled in,
-- ordered by course and account. The result columns carry the names of the format ekvio.trainings_statistic.
--
-- Written to run unchanged on SQLite 3.40, PostgreSQL and MariaDB (sql_mode ANSI). The host puts the table prefix in place of
-- the braces. It may put a condition on the alias c in place of the marker in the first query, such as
--   AND c.id IN (2, 3)
-- and more result columns, each with its comma, in place of the marker at the end of the last list. The answer of a
-- questionnaire field is such a column, see ekvio.form_question.sql, and belongs to the alias p.
--
-- Why it looks as it does. Site copies without indexes are common, so everything is aggregated once and then joined.
-- ROUND(x + 1000, 0) - 1000 rounds half up below zero too, where ROUND alone rounds away from zero. LENGTH finds the
-- empty text, because MariaDB holds a text of blanks to be equal to it. MAX(x * 10000000000 + id) finds the id beside
-- the highest x in one grouping. Servers guess well how many rows that yields, and badly behind a window function.
-- The factor is that large to make PostgreSQL reckon with 64 bits. The sums in the last line make it sort at the end,
-- where a cursor would choose nested loops for the sake of an early first row.

WITH RECURSIVE

-- The population is the courses, then the accounts enrolled in them.

courses AS (
  SELECT c.id,
         c.fullname
  FROM   {course} c
  WHERE  c.id <> 1/*courses*/
),
pairs AS (
  SELECT e.courseid,
         ue.userid,
         SUM(CASE WHEN ue.status = 1 THEN 0 ELSE 1 END) AS open_enrolments
  FROM   {user_enrolments} ue
  JOIN   {enrol} e ON e.id = ue.enrolid
  JOIN   courses c ON c.id = e.courseid
  JOIN   {user} u ON u.id = ue.userid
  WHERE  u.deleted = 0
  GROUP  BY e.courseid, ue.userid
),

-- Start, completion and last access.

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
visits AS (
  SELECT la.courseid,
         la.userid,
         MAX(NULLIF(la.timeaccess, 0)) AS last_time
  FROM   {user_lastaccess} la
  GROUP  BY la.courseid, la.userid
),

-- The first SCORM package of a course, the last attempt of an account in it, what its SCOs say.

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
         MAX(CASE WHEN el.element = 'cmi.core.lesson_status' THEN sv.value END) AS lesson_status,
         MAX(CASE WHEN el.element = 'cmi.success_status'
                   AND (REPLACE('passed', sv.value, '') = '' OR REPLACE('failed', sv.value, '') = '')
                  THEN sv.value END) AS success_status,
         MAX(CASE WHEN el.element = 'cmi.completion_status' THEN sv.value END) AS completion_status,
         MAX(CASE WHEN el.element = 'cmi.core.score.raw' THEN sv.value END) AS raw_score,
         MAX(CASE WHEN el.element = 'cmi.score.scaled' THEN sv.value END) AS scaled_score,
         MAX(CASE WHEN el.element = 'cmi.core.total_time' THEN sv.value END) AS old_time,
         MAX(CASE WHEN el.element = 'cmi.total_time' THEN sv.value END) AS new_time
  FROM   tries y
  JOIN   {scorm_scoes_value} sv ON sv.attemptid = y.attemptid
  JOIN   {scorm_element} el ON el.id = sv.elementid
  JOIN   {scorm_scoes} so ON so.id = sv.scoid
  WHERE  LENGTH(sv.value) > 0
    AND  el.element IN ('cmi.core.lesson_status', 'cmi.core.score.raw', 'cmi.core.total_time', 'cmi.completion_status',
                        'cmi.success_status', 'cmi.score.scaled', 'cmi.total_time')
  GROUP  BY sv.attemptid, sv.scoid
),
scos AS (
  SELECT t.attemptid,
         t.scoid,
         t.sortorder,
         COALESCE(t.lesson_status, t.success_status, t.completion_status) AS status,
         COALESCE(t.raw_score, t.scaled_score) AS score,
         CASE WHEN t.raw_score IS NULL THEN 2 ELSE 0 END AS shift,
         COALESCE(t.old_time, t.new_time) AS span
  FROM   tracks t
),
ranked AS (
  SELECT s.attemptid,
         s.status,
         s.score,
         s.shift,
         ROW_NUMBER() OVER (PARTITION BY s.attemptid
                            ORDER BY CASE WHEN s.status IS NULL THEN 1 ELSE 0 END, s.sortorder, s.scoid) AS status_place,
         ROW_NUMBER() OVER (PARTITION BY s.attemptid
                            ORDER BY CASE WHEN s.score IS NULL THEN 1 ELSE 0 END, s.sortorder, s.scoid) AS score_place
  FROM   scos s
),
firsts AS (
  SELECT r.attemptid,
         MAX(CASE WHEN r.status_place = 1 THEN r.status END) AS status,
         MAX(CASE WHEN r.score_place = 1 THEN r.score END) AS score,
         MAX(CASE WHEN r.score_place = 1 THEN r.shift END) AS shift
  FROM   ranked r
  GROUP  BY r.attemptid
),
spans AS (
  SELECT s.attemptid,
         s.span,
         ROW_NUMBER() OVER (PARTITION BY s.attemptid ORDER BY s.sortorder, s.scoid) AS place,
         COUNT(*) OVER (PARTITION BY s.attemptid) AS places
  FROM   scos s
  WHERE  s.span IS NOT NULL
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

-- A score is text. Decimal text is rounded figure by figure, which is exact, and no cast ever meets a
-- text that is no number. Blanks in place of the point put the whole part into the first 20 characters and the
-- fraction behind them.

scores AS (
  SELECT f.attemptid,
         f.status,
         f.score,
         f.shift,
         CASE WHEN SUBSTR(f.score, 1, 1) = '-' THEN 1 ELSE 0 END AS below_zero,
         CASE WHEN SUBSTR(f.score, 1, 1) = '-' THEN SUBSTR(f.score, 2) ELSE f.score END AS body
  FROM   firsts f
),
score_parts AS (
  SELECT s.attemptid,
         s.status,
         s.score,
         s.shift,
         s.below_zero,
         s.body,
         REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(s.body,
           '0', ''), '1', ''), '2', ''), '3', ''), '4', ''), '5', ''), '6', ''), '7', ''), '8', ''), '9', '') AS marks,
         TRIM(SUBSTR(REPLACE(s.body, '.', '                    '), 1, 20)) AS whole,
         TRIM(SUBSTR(REPLACE(s.body, '.', '                    '), 21)) AS fraction
  FROM   scores s
),
score_digits AS (
  SELECT s.attemptid,
         s.status,
         s.score,
         s.below_zero,
         CASE WHEN (LENGTH(s.marks) = 0 OR (LENGTH(s.marks) = 1 AND s.marks = '.'))
               AND LENGTH(s.body) > LENGTH(s.marks)
               AND LENGTH(s.whole) <= 6
              THEN '0' || s.whole || SUBSTR(s.fraction || '00', 1, s.shift) END AS digits,
         SUBSTR(s.fraction, s.shift + 1, 1) AS next_digit,
         LENGTH(REPLACE(SUBSTR(s.fraction, s.shift + 2), '0', '')) AS more_digits
  FROM   score_parts s
),
results AS (
  SELECT s.attemptid,
         s.status,
         CASE WHEN s.digits IS NULL
              THEN s.score
              WHEN s.below_zero = 0
              THEN (CAST(s.digits AS DECIMAL(10, 0))
                    + CASE WHEN s.next_digit IN ('5', '6', '7', '8', '9') THEN 1 ELSE 0 END) || ''
              ELSE (0 - CAST(s.digits AS DECIMAL(10, 0))
                    - CASE WHEN s.next_digit IN ('6', '7', '8', '9')
                             OR (s.next_digit = '5' AND s.more_digits > 0) THEN 1 ELSE 0 END) || ''
         END AS percent
  FROM   score_digits s
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
quiz_results AS (
  SELECT z.courseid,
         qg.userid,
         MAX(qg.grade) AS grade
  FROM   quizzes z
  JOIN   {quiz_grades} qg ON qg.quiz = z.quizid
  GROUP  BY z.courseid, qg.userid
),

-- Points in interactive activities.

interactions AS (
  SELECT gi.id,
         gi.courseid,
         gi.grademax
  FROM   {grade_items} gi
  JOIN   courses c ON c.id = gi.courseid
  WHERE  gi.itemmodule IN ('h5pactivity', 'lesson')
),
interaction_limits AS (
  SELECT i.courseid,
         SUM(i.grademax) AS points
  FROM   interactions i
  GROUP  BY i.courseid
),
interaction_points AS (
  SELECT i.courseid,
         gg.userid,
         SUM(gg.finalgrade) AS points
  FROM   interactions i
  JOIN   {grade_grades} gg ON gg.itemid = i.id
  GROUP  BY i.courseid, gg.userid
),

-- Reading matter is the PDF files, links and pages that learners can see.

main_files AS (
  SELECT x.instanceid AS cmid,
         MAX(f.sortorder) * 10000000000 - MAX(f.sortorder * 10000000000 - f.id) AS fileid
  FROM   {files} f
  JOIN   {context} x ON x.id = f.contextid
  WHERE  f.component = 'mod_resource'
    AND  f.filearea = 'content'
    AND  f.filename <> '.'
    AND  x.contextlevel = 70
  GROUP  BY x.instanceid
),
pdf_files AS (
  SELECT mf.cmid
  FROM   main_files mf
  JOIN   {files} f ON f.id = mf.fileid
  WHERE  f.mimetype = 'application/pdf'
),
materials AS (
  SELECT cm.id AS cmid,
         cm.course AS courseid,
         CASE WHEN m.name = 'resource' THEN 1 ELSE 0 END AS pdf,
         CASE WHEN m.name = 'url' THEN 1 ELSE 0 END AS link,
         CASE WHEN m.name = 'page' THEN 1 ELSE 0 END AS html
  FROM   {course_modules} cm
  JOIN   {modules} m ON m.id = cm.module
  JOIN   courses c ON c.id = cm.course
  LEFT   JOIN pdf_files f ON f.cmid = cm.id
  WHERE  cm.visible = 1
    AND  cm.deletioninprogress = 0
    AND  (m.name IN ('url', 'page') OR (m.name = 'resource' AND f.cmid IS NOT NULL))
),
material_totals AS (
  SELECT t.courseid,
         SUM(t.pdf) AS pdf,
         SUM(t.link) AS link,
         SUM(t.html) AS html
  FROM   materials t
  GROUP  BY t.courseid
),
seen AS (
  SELECT v.coursemoduleid AS cmid,
         v.userid
  FROM   {course_modules_viewed} v
  UNION
  SELECT mc.coursemoduleid AS cmid,
         mc.userid
  FROM   {course_modules_completion} mc
  WHERE  mc.completionstate IN (1, 2)
),
materials_seen AS (
  SELECT t.courseid,
         s.userid,
         SUM(t.pdf) AS pdf,
         SUM(t.link) AS link,
         SUM(t.html) AS html
  FROM   seen s
  JOIN   materials t ON t.cmid = s.cmid
  GROUP  BY t.courseid, s.userid
),

-- Profile fields. REPLACE leaves nothing only of the very same word. MariaDB would take Region for region.

group_fields AS (
  SELECT MAX(CASE WHEN REPLACE('region', f.shortname, '') = '' THEN f.id END) AS region_id,
         MAX(CASE WHEN REPLACE('city', f.shortname, '') = '' THEN f.id END) AS city_id,
         MAX(CASE WHEN REPLACE('role', f.shortname, '') = '' THEN f.id END) AS role_id,
         MAX(CASE WHEN REPLACE('position', f.shortname, '') = '' THEN f.id END) AS position_id,
         MAX(CASE WHEN REPLACE('team', f.shortname, '') = '' THEN f.id END) AS team_id,
         MAX(CASE WHEN REPLACE('department', f.shortname, '') = '' THEN f.id END) AS department_id,
         MAX(CASE WHEN REPLACE('function', f.shortname, '') = '' THEN f.id END) AS function_id
  FROM   {user_info_field} f
),
profiles AS (
  SELECT d.userid,
         MAX(CASE WHEN d.fieldid = g.region_id THEN d.data END) AS group_region,
         MAX(CASE WHEN d.fieldid = g.city_id THEN d.data END) AS group_city,
         MAX(CASE WHEN d.fieldid = g.role_id THEN d.data END) AS group_role,
         MAX(CASE WHEN d.fieldid = g.position_id THEN d.data END) AS group_position,
         MAX(CASE WHEN d.fieldid = g.team_id THEN d.data END) AS group_team,
         MAX(CASE WHEN d.fieldid = g.department_id THEN d.data END) AS group_department,
         MAX(CASE WHEN d.fieldid = g.function_id THEN d.data END) AS group_function
  FROM   {user_info_data} d
  CROSS  JOIN group_fields g
  WHERE  LENGTH(d.data) > 0
  GROUP  BY d.userid
)

SELECT u.id AS user_id,
       c.id AS material_id,
       SUBSTR(CASE WHEN LENGTH(u.lastname) > 0 THEN ' ' || u.lastname ELSE '' END
           || CASE WHEN LENGTH(u.firstname) > 0 THEN ' ' || u.firstname ELSE '' END
           || CASE WHEN LENGTH(u.middlename) > 0 THEN ' ' || u.middlename ELSE '' END, 2) AS fio,
       CASE WHEN u.suspended = 1 OR p.open_enrolments = 0 THEN 'blocked' ELSE 'active' END AS user_status,
       u.username AS login,
       COALESCE(cc.started, st.first_time) AS start_time,
       cc.completed AS complete_date,
       COALESCE(h.spans || '+', '') || COALESCE(w.seconds, 0) AS total_time,
       c.fullname AS name,
       0 AS is_required,
       COALESCE(ROUND(ROUND(ip.points, 5) + 1000, 0) - 1000, 0) AS user_scores,
       COALESCE(ROUND(ROUND(il.points, 5) + 1000, 0) - 1000, 0) AS max_interaction_scores,
       COALESCE(ms.pdf, 0) AS pdf_viewed,
       COALESCE(mt.pdf, 0) AS pdf_total,
       COALESCE(ms.link, 0) AS link_viewed,
       COALESCE(mt.link, 0) AS link_total,
       COALESCE(ms.html, 0) AS html_viewed,
       COALESCE(mt.html, 0) AS html_total,
       h.spans AS scorm_total_time,
       CASE WHEN k.scormid IS NULL THEN NULL
            WHEN y.attemptid IS NULL THEN 'not started'
            ELSE COALESCE(r.status, '') END AS scorm_status,
       r.percent AS scorm_percent,
       COALESCE(ROUND(qr.grade + 1000, 0) - 1000, 0) AS user_final_scores,
       COALESCE(ROUND(q.grade + 1000, 0) - 1000, 0) AS max_final_scores,
       ROUND(ROUND(100.00000 * qr.grade / NULLIF(q.grade, 0), 10) + 1000, 0) - 1000 AS percent_final_scores,
       la.last_time AS last_activity,
       CASE WHEN z.quizid IS NOT NULL THEN COALESCE(qt.turn, 0) END AS current_turn,
       NULLIF(q.attempts, 0) AS turns_count,
       COALESCE(g.group_region, '') AS group_region,
       COALESCE(g.group_city, CASE WHEN LENGTH(u.city) > 0 THEN u.city END) AS group_city,
       g.group_role,
       g.group_position,
       g.group_team,
       COALESCE(g.group_department, CASE WHEN LENGTH(u.department) > 0 THEN u.department END) AS group_department,
       g.group_function/*forms*/
FROM   pairs p
JOIN   {user} u ON u.id = p.userid
JOIN   courses c ON c.id = p.courseid
LEFT   JOIN completions cc ON cc.courseid = p.courseid AND cc.userid = p.userid
LEFT   JOIN starts st ON st.courseid = p.courseid AND st.userid = p.userid
LEFT   JOIN visits la ON la.courseid = p.courseid AND la.userid = p.userid
LEFT   JOIN packages k ON k.courseid = p.courseid
LEFT   JOIN tries y ON y.courseid = p.courseid AND y.userid = p.userid
LEFT   JOIN results r ON r.attemptid = y.attemptid
LEFT   JOIN times h ON h.attemptid = y.attemptid
LEFT   JOIN quizzes z ON z.courseid = p.courseid
LEFT   JOIN {quiz} q ON q.id = z.quizid
LEFT   JOIN quiz_turns qt ON qt.courseid = p.courseid AND qt.userid = p.userid
LEFT   JOIN quiz_results qr ON qr.courseid = p.courseid AND qr.userid = p.userid
LEFT   JOIN quiz_work w ON w.courseid = p.courseid AND w.userid = p.userid
LEFT   JOIN interaction_limits il ON il.courseid = p.courseid
LEFT   JOIN interaction_points ip ON ip.courseid = p.courseid AND ip.userid = p.userid
LEFT   JOIN material_totals mt ON mt.courseid = p.courseid
LEFT   JOIN materials_seen ms ON ms.courseid = p.courseid AND ms.userid = p.userid
LEFT   JOIN profiles g ON g.userid = p.userid
ORDER  BY p.courseid + 0, p.userid + 0
