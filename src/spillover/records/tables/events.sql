-- Each event once.
CREATE VIEW events AS SELECT * FROM events_all WHERE superseded_by IS NULL AND duplicate_of IS NULL
