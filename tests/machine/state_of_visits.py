"""Appointments in one shape, read from the model and from the database."""

from typing import Any

from omni.lib import sql
from tests.machine.asking_visits import FIRST_DAY, MIDNIGHT
from tests.machine.model import House

VISITS = """
SELECT visit.name, store.code, visit.kind, service.code AS offer, visit.status, visit."on" - %(first)s::date AS day,
       visit.seat, visit.of_seats, visit.number, visit.served_by_id IS NOT NULL AS served_by,
       (SELECT array_agg(extract(epoch FROM at - %(midnight)s::timestamptz)::int / 60 ORDER BY place)
        FROM unnest(ARRAY[visit.starts_at, visit.ends_at, visit.remind_at, visit.arrived_at, visit.called_at,
                          visit.ended_at]) WITH ORDINALITY AS one(at, place)) AS times,
       (SELECT array_agg(kind ORDER BY id) FROM appointments_appointmentevent
        WHERE appointment_id = visit.id) AS story
FROM appointments_appointment visit JOIN places_location store ON store.id = visit.location_id
LEFT JOIN appointments_offer offer ON offer.id = visit.offer_id
LEFT JOIN appointments_service service ON service.id = offer.service_id
ORDER BY visit.id
"""


def visits_found() -> list[tuple[Any, ...]]:
    rows = sql.rows(VISITS, {"first": FIRST_DAY, "midnight": MIDNIGHT})
    return [(*row[:-2], tuple(row.times), row.story) for row in rows]


def visits_wanted(house: House) -> list[tuple[Any, ...]]:
    return [
        (
            one.who,
            one.store,
            "walk_in" if one.number else "booked",
            f"at-{one.offer.store}" if one.offer else None,
            one.status,
            one.day,
            one.seat,
            one.of_seats,
            one.number,
            one.called is not None,
            (one.starts, one.ends, one.remind, one.arrived, one.called, one.ended),
            one.story,
        )
        for one in house.visits.visits
    ]
