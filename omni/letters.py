"""Which room writes which letter: what a message shows, what is attached, whether it is still true."""

from typing import Any

from customers.models import Message
from orders.appointments import notices as appointments
from orders.fulfilment import notices as fulfilment


def compose(message: Message) -> dict[str, Any]:
    """Return what a message's template shows."""
    room = appointments if message.template in appointments.TEMPLATES else fulfilment
    return room.compose(message)


def attach(message: Message) -> list[tuple[str, bytes, str]]:
    """Return the pictures of a message: content id, bytes, kind."""
    return [] if message.template in appointments.TEMPLATES else fulfilment.attach(message)


def outdated(message: Message) -> str:
    """Return why a message is no longer true; nothing while it is."""
    room = appointments if message.template in appointments.TEMPLATES else fulfilment
    return room.outdated(message)
