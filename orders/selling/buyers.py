"""Who buys at the counter: found by a card, a phone number or an e-mail address, or written down for the first time."""

from dataclasses import dataclass

from customers.models import Address, Customer
from customers.queries import finding
from customers.services import identifying
from customers.services.identifying import GivenCustomer


@dataclass(frozen=True)
class Buyer:
    """A known person: code, name, by what they are identified, where they live if it is known."""

    code: str
    given_name: str
    family_name: str
    kind: str
    value: str
    address: Address | None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or self.code

    def given(self) -> GivenCustomer:
        """Return the person as a placement is told of them."""
        return GivenCustomer({self.kind: self.value}, self.given_name, self.family_name)


def known(code: str) -> Buyer | None:
    """Return the person of a code with the identity that is trusted most; None for nobody, or for somebody whom nothing
    identifies any more. Three statements."""
    person = Customer.objects.filter(code=code).first() if code else None
    if person is None:
        return None
    identities = {one.kind: one.value for one in person.identities.order_by("-pk")}
    kind = next((one for one in identifying.TRUST if one in identities), None)
    if kind is None:
        return None
    address = person.addresses.order_by("pk").first()
    return Buyer(person.code, person.given_name, person.family_name, kind, identities[kind], address)


def found_by(text: str) -> str:
    """Return the code of the one person that a whole card number, phone number or e-mail address leads to; "" for
    nobody, or for several."""
    whole = {one.customer_id for one in finding.by_identity(text, 5) if one.whole}
    if len(whole) != 1:
        return ""
    return Customer.objects.filter(pk__in=whole).values_list("code", flat=True).first() or ""
