"""What appointments promise, added up again."""

from django.utils.translation import gettext_lazy as _

from omni.lib.invariants import Invariant

NO_SLOT_OVER_CAPACITY = """
SELECT one.public_id AS appointment, one.starts_at, one.of_seats AS seats, beside.people,
       beside.people <= greatest(one.of_seats, beside.seats) AS holds
FROM appointments_appointment one
CROSS JOIN LATERAL (
    SELECT count(*) AS people, max(other.of_seats) AS seats FROM appointments_appointment other
    WHERE other.offer_id = one.offer_id AND other.kind = 'booked' AND other.status <> 'cancelled'
      AND other.starts_at <= one.starts_at AND other.ends_at > one.starts_at
) beside
WHERE one.kind = 'booked' AND one.status <> 'cancelled'
"""

ONE_TO_A_SEAT = """
SELECT one.public_id AS appointment, one.starts_at, one.seat,
       one.seat BETWEEN 1 AND one.of_seats AND NOT EXISTS (
           SELECT FROM appointments_appointment other
           WHERE other.offer_id = one.offer_id AND other.seat = one.seat AND other.id <> one.id
             AND other.kind = 'booked' AND other.status <> 'cancelled'
             AND other.starts_at < one.ends_at AND other.ends_at > one.starts_at
       ) AS holds
FROM appointments_appointment one WHERE one.kind = 'booked' AND one.status <> 'cancelled'
"""

STORY_IS_TOLD = """
SELECT one.public_id AS appointment, one.status, told.first, told.last, told.starts_at,
       coalesce(
           told.first = CASE one.kind WHEN 'booked' THEN 'appointment_booked' ELSE 'came_without_appointment' END
           AND told.beginnings = 1
           AND one.status = CASE told.last
               WHEN 'appointment_booked' THEN 'expected' WHEN 'appointment_moved' THEN 'expected'
               WHEN 'appointment_cancelled' THEN 'cancelled' WHEN 'came_without_appointment' THEN 'waiting'
               WHEN 'customer_arrived' THEN 'waiting' WHEN 'customer_called' THEN 'with_us'
               WHEN 'customer_served' THEN 'served' WHEN 'customer_did_not_come' THEN 'no_show'
               WHEN 'step_undone' THEN told.undone_to END
           AND (one.kind = 'walk_in' OR told.starts_at::timestamptz = date_trunc('second', one.starts_at)), false
       ) AS holds
FROM appointments_appointment one
LEFT JOIN LATERAL (
    SELECT (array_agg(event.kind ORDER BY event.id))[1] AS first,
           (array_agg(event.kind ORDER BY event.id DESC))[1] AS last,
           count(*) FILTER (WHERE event.kind IN ('appointment_booked', 'came_without_appointment')) AS beginnings,
           (array_agg(step.data->>'before' ORDER BY event.id DESC))[1] AS undone_to,
           (array_agg(event.data->>'starts_at' ORDER BY event.id DESC)
            FILTER (WHERE event.kind IN ('appointment_booked', 'appointment_moved')))[1] AS starts_at
    FROM appointments_appointmentevent event
    LEFT JOIN appointments_appointmentevent step
           ON step.id = (event.data->>'event')::bigint AND step.appointment_id = event.appointment_id
    WHERE event.appointment_id = one.id
) told ON true
"""

INVARIANTS = [
    Invariant("A1", _("No slot holds more people than it has seats."), NO_SLOT_OVER_CAPACITY),
    Invariant("A2", _("No two appointments have the same seat at the same time."), ONE_TO_A_SEAT),
    Invariant("A3", _("Every appointment stands where its story ends."), STORY_IS_TOLD),
]
