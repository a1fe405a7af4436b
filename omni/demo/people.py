"""Made-up people, one for each household of the panel, the same in every run: Faker with a fixed seed, plus the
household.

Nothing of a person is published; the panel knows a household by its number alone. Phones come from the ranges that
ARCEP keeps for works of fiction, e-mail addresses from example.org (RFC 2606), so nobody real can be reached.
"""

import unicodedata
from typing import NamedTuple

from faker import Faker

from omni.demo.names import with_check_digit
from omni.demo.published import LARGEST_HOUSEHOLD

SEED = 84_51
LANDLINE, MOBILE = "+33199", "+33639"
"""Prefixes of 01 99 00 xx xx and 06 39 98 xx xx, kept for fiction (ARCEP, numbering plan 2018-0881)."""

_faker = Faker("fr_FR")


class Person(NamedTuple):
    given_name: str
    family_name: str
    email: str
    phone: str
    card: str
    street: str


def person(household_id: int) -> Person:
    """The person who stands for a household. Identities of two households never meet."""
    _faker.seed_instance(SEED * 1_000_000 + household_id)
    given_name, family_name = _faker.first_name(), _faker.last_name()
    return Person(
        given_name=given_name,
        family_name=family_name,
        email=f"{plain(given_name)}.{plain(family_name)}.{household_id}@example.org",
        phone=phone(household_id),
        card=card(household_id),
        street=_faker.street_address(),
    )


def phone(household_id: int) -> str:
    """A mobile for two of three households, a landline for the others, in E.164, with scattered digits."""
    digits = household_id * 7_919 % (LARGEST_HOUSEHOLD + 1)
    return f"{MOBILE}98{digits:04d}" if household_id % 3 else f"{LANDLINE}00{digits:04d}"


def card(household_id: int) -> str:
    """A loyalty card's number with the check digit of an EAN-13, from the range 29, which no product of ours uses."""
    return with_check_digit(f"29{household_id:010d}")


def plain(name: str) -> str:
    """A name as it stands in an e-mail address: small letters without accents, hyphens instead of anything else."""
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in letters).split())
