-- The answer to one questionnaire field, as a result column of ekvio.trainings_statistic.sql. The host puts the number
-- of the profile field in place of the word in capitals. The grouping lets SQLite gather the answers once and index
-- them, where it would read the whole table for each row.
(SELECT a.answer
 FROM   (SELECT d.userid,
                MAX(d.data) AS answer
         FROM   {user_info_data} d
         WHERE  d.fieldid = FIELD_ID
           AND  LENGTH(d.data) > 0
         GROUP  BY d.userid) a
 WHERE  a.userid = p.userid)
