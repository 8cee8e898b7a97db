-- The course of a number, if the site has it; its front page, number 1, is no course. The host puts the number in place
-- of the word in capitals.
SELECT c.id
FROM   {course} c
WHERE  c.id = COURSE_ID
  AND  c.id <> 1
