CREATE TABLE superseded (set_id VARCHAR, id VARCHAR, superseded_by VARCHAR)
