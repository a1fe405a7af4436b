"""Which event wakes which follower: the whole list, on one screen. Followers take an event's id and may run twice."""

from omni.lib.outbox import Follower
from orders.appointments import events as appointment_events
from orders.appointments import notices as appointment_notices
from orders.fulfilment import notices, parcel_notices, promise_notices
from orders.fulfilment.substitutes import notices as substitute_notices
from orders.sales import events, parcel_events, substitute_events

FOLLOWERS: dict[str, list[Follower]] = {
    events.PROMISE_LOWERED: [promise_notices.tell_lowered],
    events.READY: [notices.tell_ready],
    events.DISPATCHED: [notices.tell_dispatched],
    substitute_events.ASKED: [substitute_notices.tell_asked],
    parcel_events.AT_RELAY: [parcel_notices.tell_at_relay],
    events.REROUTED: [notices.tell_rerouted],
    events.PART_CANCELLED: [notices.tell_given_up],
    events.CANCELLED: [notices.tell_given_up],
    events.EXPIRED: [notices.tell_given_up],
    appointment_events.BOOKED: [appointment_notices.tell_booked],
    appointment_events.MOVED: [appointment_notices.tell_moved],
    appointment_events.CANCELLED: [appointment_notices.tell_cancelled],
}
