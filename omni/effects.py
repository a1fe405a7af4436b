"""Which event wakes which follower: the whole list, on one screen. Followers take an event's id and may run twice."""

from omni.lib.outbox import Follower
from orders.fulfilment import notices
from orders.sales import events

FOLLOWERS: dict[str, list[Follower]] = {
    events.READY: [notices.tell_ready],
    events.DISPATCHED: [notices.tell_dispatched],
    events.CANCELLED: [notices.tell_given_up],
    events.EXPIRED: [notices.tell_given_up],
}
