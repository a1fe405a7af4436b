"""Rows for tests. What a service makes is made by that service: no test lives in a state the house cannot reach."""

from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from stdnum import ean

from customers.models import Address, Customer, Identity, Message
from inventory.catalog.models import Price, Product, Variant
from inventory.places.models import HoldPlace, Location
from loyalty.models import Programme
from loyalty.services.earning import found_programme
from omni.staff.models import User
from omni.staff.services import people
from orders.pricing.models import VatRate

PASSWORD = "a-long-password-42"


def gtin(number: int) -> str:
    """Return a GTIN-13 with its check digit, of a range that GS1 keeps for use inside a house (prefix 200)."""
    stem = f"200{number:09d}"
    return stem + ean.calc_check_digit(stem)


class LocationFactory(DjangoModelFactory[Location]):
    """A store that is always open, so that a promise does not depend on when the tests run."""

    class Meta:
        model = Location
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"store-{n}")
    short_code = factory.Sequence(lambda n: f"{chr(65 + n // 100 % 26)}{n % 100}")
    name = factory.Sequence(lambda n: f"Store {n}")
    town = "Lille"
    latitude = 50.6365
    longitude = 3.0635
    opening_hours = "24/7"


class HoldPlaceFactory(DjangoModelFactory[HoldPlace]):
    class Meta:
        model = HoldPlace

    location = factory.SubFactory(LocationFactory)
    name = factory.Sequence(lambda n: f"Locker {n}")
    position = factory.Sequence(lambda n: n)


class ProductFactory(DjangoModelFactory[Product]):
    class Meta:
        model = Product

    code = factory.Sequence(lambda n: f"article-{n}")
    name = factory.Sequence(lambda n: f"Article {n}")


class VariantFactory(DjangoModelFactory[Variant]):
    class Meta:
        model = Variant

    product = factory.SubFactory(ProductFactory)
    sku = factory.Sequence(lambda n: f"ART-{n}")
    gtin = factory.Sequence(lambda n: gtin(1000 + n))


class PriceFactory(DjangoModelFactory[Price]):
    """A price for every channel, since yesterday."""

    class Meta:
        model = Price

    variant = factory.SubFactory(VariantFactory)
    amount = 1000
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))


class VatRateFactory(DjangoModelFactory[VatRate]):
    class Meta:
        model = VatRate

    territory = "FR"
    vat_class = "standard"
    rate = 2000
    starts_on = date(2014, 1, 1)


class PersonFactory(factory.Factory[User]):
    """A person of the house: `PersonFactory(role="clerk", stores=[store])`; signs in with `PASSWORD`."""

    class Meta:
        model = User

    login = factory.Sequence(lambda n: f"person-{n}")
    name = factory.Sequence(lambda n: f"Person {n}")
    password: Any = PASSWORD
    role = "clerk"
    language = "en"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        stores = kwargs.pop("stores", [])
        return people.engage(store_ids=[store.pk for store in stores], **kwargs)


class CustomerFactory(DjangoModelFactory[Customer]):
    class Meta:
        model = Customer

    given_name = "Camille"
    family_name = factory.Sequence(lambda n: f"Martin-{n}")
    first_channel = "store"


class IdentityFactory(DjangoModelFactory[Identity]):
    class Meta:
        model = Identity

    customer = factory.SubFactory(CustomerFactory)
    kind = "email"
    value = factory.Sequence(lambda n: f"customer-{n}@example.org")


class AddressFactory(DjangoModelFactory[Address]):
    class Meta:
        model = Address

    customer = factory.SubFactory(CustomerFactory)
    line = "12 rue de Béthune"
    postal_code = "59800"
    town = "Lille"


class MessageFactory(DjangoModelFactory[Message]):
    """A message that waits to be sent."""

    class Meta:
        model = Message

    customer = factory.SubFactory(CustomerFactory)
    template = "pickup_ready"
    language = "en"
    recipient = "camille@example.org"
    subject = "Your order is ready"
    reference = factory.Sequence(lambda n: f"message-{n}")


def programme(**rule: Any) -> Programme:
    """The house's loyalty programme: one point per euro, posted at the hand-over, unless `rule` says otherwise."""
    return found_programme(code="points", name="Points", **rule)
