-- How many rows ekvio.trainings_statistic.sql yields, see there. The host may put a condition on the last access in
-- place of the marker, such as
--   AND v.last_time >= 1606824721
SELECT COUNT(*) AS total
FROM   (SELECT e.courseid,
               ue.userid
        FROM   {user_enrolments} ue
        JOIN   {enrol} e ON e.id = ue.enrolid
        JOIN   {course} c ON c.id = e.courseid
        JOIN   {user} u ON u.id = ue.userid
        LEFT   JOIN (SELECT la.courseid,
                            la.userid,
                            MAX(NULLIF(la.timeaccess, 0)) AS last_time
                     FROM   {user_lastaccess} la
                     GROUP  BY la.courseid, la.userid) v ON v.courseid = e.courseid AND v.userid = ue.userid
        WHERE  u.deleted = 0
          AND  c.id <> 1/*window*/
        GROUP  BY e.courseid, ue.userid) p
