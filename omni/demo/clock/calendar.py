"""The days that follow an instant which has moved, each by the wall of its store."""

MIGRATIONS = """
UPDATE django_migrations SET applied = greatest(applied - %(by)s::interval, %(past)s::timestamptz)
WHERE applied > %(past)s::timestamptz
"""
"""An invariant of the audit holds for what ended since its table is there."""

PLACED_ON = """
UPDATE sales_order bought SET placed_on = (bought.placed_at AT TIME ZONE store.time_zone)::date
FROM places_location store
WHERE store.id = bought.location_id AND bought.placed_at > %(past)s::timestamptz
  AND bought.placed_on <> (bought.placed_at AT TIME ZONE store.time_zone)::date
"""

LISTED_ON = "UPDATE confidence_countlist SET listed_on = listed_on - %(days)s::int WHERE %(days)s::int > 0"
"""A list of what to count knows its day alone: it is of yesterday once the clock has passed a whole day in all."""

EXPECTED_ON = """
UPDATE appointments_appointment one SET "on" = (one.starts_at AT TIME ZONE store.time_zone)::date
FROM places_location store
WHERE store.id = one.location_id AND one.kind = 'booked'
  AND one."on" <> (one.starts_at AT TIME ZONE store.time_zone)::date
"""

OUT_OF_THE_WAY = """
UPDATE appointments_appointment SET "on" = "on" - 400000 WHERE kind = 'walk_in'
"""
"""No two people have one number on a day, also while they are moved to another."""

CAME_ON = """
WITH moved AS (
    SELECT one.id, one.location_id, one.number, one.arrived_at,
           (one.arrived_at AT TIME ZONE store.time_zone)::date AS "on"
    FROM appointments_appointment one JOIN places_location store ON store.id = one.location_id
    WHERE one.kind = 'walk_in'
), met AS (
    SELECT moved.*, count(*) OVER (PARTITION BY location_id, "on", number) > 1 AS taken FROM moved
), numbered AS (
    SELECT id, "on", CASE WHEN bool_or(taken) OVER day THEN row_number() OVER came ELSE number END AS number
    FROM met
    WINDOW day AS (PARTITION BY location_id, "on"), came AS (PARTITION BY location_id, "on" ORDER BY arrived_at, id)
)
UPDATE appointments_appointment one SET "on" = numbered."on", number = numbered.number
FROM numbered WHERE numbered.id = one.id
"""
"""Two of one number who meet on a day that has become the same for both: that day's people are numbered anew, as they
came."""

NUMBER_TOLD = """
UPDATE appointments_appointmentevent told SET data = told.data || jsonb_build_object('number', one.number)
FROM appointments_appointment one
WHERE one.id = told.appointment_id AND told.kind = 'came_without_appointment'
  AND (told.data ->> 'number')::int <> one.number
"""

NO_COUNTERS = "DELETE FROM appointments_numbercounter"

COUNTERS = """
INSERT INTO appointments_numbercounter (location_id, "on", last)
SELECT location_id, "on", max(number) FROM appointments_appointment WHERE kind = 'walk_in' GROUP BY location_id, "on"
"""

STATEMENTS = (
    *(MIGRATIONS, PLACED_ON, LISTED_ON, EXPECTED_ON),
    *(OUT_OF_THE_WAY, CAME_ON, NUMBER_TOLD, NO_COUNTERS, COUNTERS),
)

PAST_ORDERS = """
UPDATE sales_order SET placed_at = {placed_at}, placed_on = placed_on - %(days)s::int
WHERE placed_at <= %(past)s::timestamptz
"""
