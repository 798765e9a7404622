-- What another row stands for is moved away, so that `events` has each event once; `events_all` has them all.
CREATE TABLE left_out AS SELECT * FROM events WHERE superseded_by IS NOT NULL OR duplicate_of IS NOT NULL;
DELETE FROM events WHERE superseded_by IS NOT NULL OR duplicate_of IS NOT NULL;
ALTER TABLE events DROP COLUMN superseded_by;
ALTER TABLE events DROP COLUMN duplicate_of;
CREATE VIEW events_all AS SELECT * FROM events UNION ALL BY NAME SELECT * FROM left_out
