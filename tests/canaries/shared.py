"""What people of one store rightly see of another, each with its reason. Whatever is not here must never be seen."""

from tests.permissions.things import Things

PEOPLE_ARE_ONE = (
    "a customer is one person in every store and channel: whoever may see customers finds each of them by name, "
    "telephone, e-mail or card, and opens their page; the orders on it are those of the reader's stores alone"
)
STOCK_IS_ONE = "what is available in which store is the promise of a unified stock; it names units, never an order"

CUSTOMERS_SEEN = {"customers": PEOPLE_ARE_ONE, "customer": PEOPLE_ARE_ONE, "appointment-booking": PEOPLE_ARE_ONE}
"""Routes on which a customer of another store may be named."""

CHANGES = {
    "api-availability": STOCK_IS_ONE,
    "stock": STOCK_IS_ONE,
    "product": STOCK_IS_ONE,
    "roles": "a role is the same in every store; administrators see how many people of the house have it",
    "role": "a role is the same in every store; administrators see how many people of the house have it",
    "factor-enrolment": "a new secret for one's own authenticator each time, whatever happens elsewhere",
    "own-factor": "a new secret for one's own authenticator each time, whatever happens elsewhere",
}
"""Routes whose answer may change when something happens in another store."""


def secrets(things: Things) -> dict[str, str]:
    """Return what nobody of another store may ever read: what it is → the words that give it away."""
    words = things.words
    found = {
        "reference": words.reference,
        "street": words.street,
        "note": words.note,
        "locker": words.locker,
        "who collected": words.bearer,
        "payment": words.payment,
        "who works there": words.staff,
    }
    for count in (things.count, things.counted):
        found[f"id of {count.status} count"] = str(count.public_id)
    for visit in (things.expected, things.queueing, things.served):
        found[f"id of {visit.status} appointment"] = str(visit.public_id)
    for one in things.fulfilments:
        found[f"number of {one.status} {one.pk}"] = one.order.number
        found[f"id of {one.status} {one.pk}"] = str(one.public_id)
        found[f"hex of {one.status} {one.pk}"] = one.public_id.hex
        found[f"short id of {one.status} {one.pk}"] = one.short_id
    return found


def personal(things: Things) -> dict[str, str]:
    """Return what names a customer."""
    words = things.words
    end = words.phone[-4:]
    return {
        "given name": words.given_name,
        "family name": words.family_name,
        "e-mail": words.email,
        "masked e-mail": words.email[:1] + "•••@" + words.email.partition("@")[2],
        "telephone": words.phone,
        "written telephone": f"{end[:2]} {end[2:]}",
        "card": words.card,
        "customer": things.customer.code,
    }
