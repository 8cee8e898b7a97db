-- The answer to one questionnaire field, as a result column of ekvio.trainings_statistic.sql. The host puts the number
-- of the profile field in place of the word in capitals. MAX, because a subquery may yield one row only.
(SELECT MAX(CASE WHEN LENGTH(d.data) > 0 THEN d.data END)
 FROM   {user_info_data} d
 WHERE  d.userid = p.userid
   AND  d.fieldid = FIELD_ID)
