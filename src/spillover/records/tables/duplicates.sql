-- Events of two houses that were taken for one, with the score and its parts.
CREATE TABLE duplicates (
    family_a VARCHAR, id_a VARCHAR, family_b VARCHAR, id_b VARCHAR, score DOUBLE, time DOUBLE, place DOUBLE, actors DOUBLE,
    deaths DOUBLE
)
