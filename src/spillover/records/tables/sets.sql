-- What the case has, one row a set.
CREATE TABLE sets (
    set_id VARCHAR, dataset VARCHAR, name VARCHAR, what VARCHAR, family VARCHAR, release VARCHAR, rows INTEGER,
    countries VARCHAR[], worldwide BOOLEAN, first_day DATE, last_day DATE, fatal_only BOOLEAN, provisional BOOLEAN,
    licence VARCHAR
)
