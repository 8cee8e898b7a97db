-- The questionnaire fields of a Moodle site (4.3 to 5.x), which is every profile field but the seven that name a
-- group, by number. REPLACE leaves nothing only of the very same word, whatever the collation of the database.
SELECT f.id
FROM   {user_info_field} f
WHERE  REPLACE('region', f.shortname, '') <> ''
  AND  REPLACE('city', f.shortname, '') <> ''
  AND  REPLACE('role', f.shortname, '') <> ''
  AND  REPLACE('position', f.shortname, '') <> ''
  AND  REPLACE('team', f.shortname, '') <> ''
  AND  REPLACE('department', f.shortname, '') <> ''
  AND  REPLACE('function', f.shortname, '') <> ''
ORDER  BY f.id
