-- Every name of a side, with its id and the country: who it is may differ from country to country.
SELECT DISTINCT family, actor_a, actor_a_code, country FROM arrived
UNION
SELECT DISTINCT family, actor_b, actor_b_code, country FROM arrived
