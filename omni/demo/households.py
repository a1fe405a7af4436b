"""The households of the panel as customers: the number is published, the person is made up and marked as such."""

import uuid
from collections.abc import Iterable
from typing import NamedTuple

from customers.models import Customer, Identity
from loyalty.models import Account, Programme
from omni.demo.people import Person, card, person
from omni.lib.copying import copy_rows, history_in_bulk, reserve_ids
from omni.staff.models import Channel

CUSTOMER_FIELDS = ("id", "code", "given_name", "family_name", "language", "first_channel", "invented")
IDENTITY_FIELDS = ("customer", "kind", "value")
WALLET_FIELDS = ("id", "programme", "kind", "customer", "posted", "pending")
NAMESPACE = uuid.UUID("5e2f0d0c-6d0a-4f43-9d53-5a1c84510000")


class Shopper(NamedTuple):
    """What an order of the history needs to know of its customer."""

    customer_id: int
    wallet_id: int


def ensure_shoppers(households: Iterable[int], programme: Programme) -> dict[int, Shopper]:
    """A customer with e-mail, phone, card and wallet for each household, found again by the card's number."""
    wanted = sorted(set(households))
    found = _found(wanted, programme)
    new = [household for household in wanted if household not in found]
    if not new:
        return found
    customers, wallets = reserve_ids(Customer, len(new)), reserve_ids(Account, len(new))
    people = [person(household) for household in new]
    with history_in_bulk(Customer):
        copy_rows(Customer, CUSTOMER_FIELDS, map(_customer_row, customers, new, people))
    with history_in_bulk(Identity):
        copy_rows(
            Identity,
            IDENTITY_FIELDS,
            (row for pair in zip(customers, people, strict=True) for row in _identities(*pair)),
        )
    wallet = Account.Kind.WALLET.value
    copy_rows(
        Account,
        WALLET_FIELDS,
        ((key, programme.pk, wallet, customer, 0, 0) for key, customer in zip(wallets, customers, strict=True)),
    )
    return found | dict(zip(new, map(Shopper, customers, wallets), strict=True))


def _found(households: list[int], programme: Programme) -> dict[int, Shopper]:
    cards = {card(household): household for household in households}
    rows = Identity.objects.filter(
        kind=Identity.Kind.CARD, value__in=cards, customer__wallets__programme=programme
    ).values_list("value", "customer_id", "customer__wallets")
    return {cards[value]: Shopper(customer, wallet) for value, customer, wallet in rows}


def code(household_id: int) -> str:
    """The customer's public code: the same in every run, and nobody can read the household out of it."""
    return uuid.uuid5(NAMESPACE, str(household_id)).hex[:12]


def _customer_row(key: int, household_id: int, somebody: Person) -> tuple[object, ...]:
    return (key, code(household_id), somebody.given_name, somebody.family_name, "fr", Channel.STORE.value, True)


def _identities(customer_id: int, somebody: Person) -> list[tuple[int, str, str]]:
    return [
        (customer_id, Identity.Kind.EMAIL.value, somebody.email),
        (customer_id, Identity.Kind.PHONE.value, somebody.phone),
        (customer_id, Identity.Kind.CARD.value, somebody.card),
    ]
