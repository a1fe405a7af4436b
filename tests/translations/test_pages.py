"""Read in French, no page says a word of English; dates and amounts are written as the French write them."""

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from customers.models import Customer, Message
from omni import tasks
from omni.staff.models import User
from orders.fulfilment.models import Fulfilment, FulfilmentLine
from orders.fulfilment.services import giving_up, handing_over, picking, readying, shorting
from orders.sales.models import Order
from tests import factories, journeys
from tests.conftest import House
from tests.permissions.test_routes import patterns
from tests.translations import reading
from tests.translations.test_every_page import SHOWS_STORED

pytestmark = pytest.mark.django_db

LONG_DAY = r"(?:Lundi|Mardi|Mercredi|Jeudi|Vendredi|Samedi|Dimanche) \d{1,2} (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"  # noqa: E501


@pytest.fixture
def seller(house: House) -> User:
    return factories.PersonFactory(login="boutique", name="Boutique", role="integrator", stores=[house.lille])


@pytest.fixture
def reader(house: House) -> Client:
    """Somebody who may see everything and reads French on this device."""
    person = factories.PersonFactory(
        login="lea", name="Léa Marchand", role="administrator", stores=[house.lille, house.lens], language="en"
    )
    client = Client()
    client.force_login(person)
    client.cookies["omni_language"] = "fr"
    return client


@pytest.fixture
def orders(house: House, seller: User) -> dict[str, Fulfilment]:
    """One order in each state a screen may show, their customers told in French."""

    def placed(email: str, *, paid: int | None = 7000, kind: str = "pickup") -> Any:
        address = {"ship_to": {"street": "1 rue Nationale", "postal_code": "59000", "town": "Lille"}}
        order = journeys.placed(
            house.lille,
            {"SKU-1": 2, "SKU-2": 1, "SKU-3": 1},
            by=seller,
            paid=paid,
            kind=kind,
            email=email,
            **(address if kind == "ship" else {}),
        )
        Customer.objects.update(language="fr")
        return order

    def short(order: Any, reason: str) -> None:
        fulfilment = journeys.fulfilment_of(order)
        line = fulfilment.lines.order_by("pk").first()
        assert line is not None
        shorting.report_short(
            fulfilment_id=fulfilment.pk, line_id=line.pk, quantity=2, reason=reason, actor_id=seller.pk, note="Bac vide"
        )

    waiting = placed("a@example.org")
    begun = placed("b@example.org")
    picking.start_picking(fulfilment_id=journeys.fulfilment_of(begun).pk, actor_id=seller.pk)
    lacking = placed("c@example.org")
    short(lacking, "damaged")
    parcel = placed("d@example.org", kind="ship")
    ready = journeys.ready(placed("e@example.org"), by=seller)
    unpaid = journeys.ready(placed("f@example.org", paid=None), by=seller)
    given = journeys.ready(placed("g@example.org"), by=seller)
    handing_over.hand_over(fulfilment_id=given.pk, proof="code", actor_id=seller.pk, tender="cash")
    cancelled = journeys.fulfilment_of(placed("h@example.org"))
    giving_up.cancel(fulfilment_id=cancelled.pk, actor_id=seller.pk, reason="nothing_found")
    tasks.drain_outbox()
    return {
        "waiting": journeys.fulfilment_of(waiting),
        "begun": journeys.fulfilment_of(begun),
        "lacking": journeys.fulfilment_of(lacking),
        "parcel": journeys.fulfilment_of(parcel),
        "ready": ready,
        "unpaid": unpaid,
        "given": given,
        "cancelled": cancelled,
    }


FIGURES = ("orders", "sales", "promises", "shorts", "points")


def _addresses(fulfilment: Fulfilment) -> dict[str, str]:
    """Return every page's address by its name, with this order in it where it needs one."""
    order = Order.objects.select_related("customer").get(pk=fulfilment.order_id)
    message = Message.objects.filter(facts__order=order.number).first()
    things: dict[str, Any] = {
        "public_id": fulfilment.public_id,
        "position": 1,
        "number": order.number,
        "code": order.customer.code if order.customer else "",
        "pk": message.pk if message else 0,
        "on": order.placed_at.date(),
    }
    found = {}
    for name, pattern in patterns().items():
        needed = set(pattern.pattern.regex.groupindex)
        if not needed <= {*things, "figure"} or name in SHOWS_STORED:
            continue  # not of an order: test_every_page opens it
        for figure in FIGURES if "figure" in needed else [""]:
            values = {one: figure if one == "figure" else things[one] for one in needed}
            found[f"{name} {figure}".strip()] = reverse(name, kwargs=values)
    return {name: address for name, address in found.items() if not address.startswith("/api/")}


STATES = ["waiting", "begun", "lacking", "parcel", "ready", "unpaid", "given", "cancelled"]


def _problems(response: Any) -> list[str]:
    text = response.content.decode()
    assert '<html lang="fr"' in text
    return reading.english(text) + reading.badly_spaced(text)


@pytest.mark.parametrize("state", STATES)
def test_no_page_says_a_word_of_english(
    reader: Client, orders: dict[str, Fulfilment], state: str, settings: Any
) -> None:
    settings.DEMO = True
    shown = {}
    for name, address in _addresses(orders[state]).items():
        response = reader.get(address)
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            shown[name] = _problems(response)
    assert {name: problems for name, problems in shown.items() if problems} == {}
    assert set(shown) >= {
        "today",
        "ready",
        "scan",
        "orders",
        "order",
        "customers",
        "customer",
        "day",
        "outbox",
        "label",
    }
    assert {"waiting": "picking", "parcel": "short-line", "unpaid": "hand-over", "given": "handed-over"}.get(
        state, "today"
    ) in shown
    assert f"day-rows {FIGURES[0]}" in shown


def test_what_is_asked_and_refused_is_answered_in_french(reader: Client, orders: dict[str, Fulfilment]) -> None:
    waiting, ready = orders["waiting"].public_id, orders["ready"].public_id
    asked = [
        *(f"{reverse('short-line', args=[waiting, 1])}?reason={reason}" for reason in FulfilmentLine.Reason.values),
        reverse("scan") + "?q=rien-de-tel",
        reverse("scan") + "?q=SKU-1",
        reverse("customers") + "?q=personne-de-tel",
        reverse("customers") + "?q=Camille",
        reverse("orders") + "?q=rien-de-tel",
        reverse("day-of", args=[date(2020, 2, 29)]),
        "/rien-de-tel/",
    ]
    answered = {address: reader.get(address) for address in asked}
    sent = {
        "hand-over-code": {"code": "12"},
        "hand-over-identity": {"kind": "other"},
        "hand-over": {},
        "undo": {},
    }
    for name, fields in sent.items():
        route = "hand-over-undo" if name == "undo" else name
        answered[name] = reader.post(reverse(route, args=[ready]), fields, follow=True)
    for name in ("ready-declaration", "cancellation", "dispatch"):
        answered[name] = reader.post(reverse(name, args=[waiting]), follow=True)
    assert {response.status_code for response in answered.values()} <= {200, 404, 405, 409, 422}
    problems = {name: _problems(response) for name, response in answered.items()}
    assert {name: found for name, found in problems.items() if found} == {}


@pytest.mark.parametrize("demo", [False, True])
def test_the_way_in_is_french(house: House, reader: Client, demo: bool, settings: Any) -> None:
    settings.DEMO = demo
    stranger = Client(headers={"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.8"})
    assert _problems(stranger.get(reverse("sign-in"))) == []
    assert _problems(stranger.post(reverse("sign-in"), {"username": "lea", "password": "faux"})) == []
    assert _problems(stranger.post(reverse("sign-in"), {})) == []


def test_days_and_amounts_are_written_as_in_french(reader: Client, orders: dict[str, Fulfilment]) -> None:
    queue = reader.get(reverse("today")).content.decode()
    assert re.search(rf"<h1>{LONG_DAY}</h1>", queue)
    hand_over = reader.get(reverse("hand-over", args=[orders["unpaid"].public_id])).content.decode()
    assert "70,00\xa0€" in hand_over
    assert "€7" not in hand_over
    assert re.search(r"Prête depuis (?:lun|mar|mer|jeu|ven|sam|dim)\. \d{1,2}, \d\d:\d\d", hand_over)


def test_customers_are_written_to_in_their_language(orders: dict[str, Fulfilment]) -> None:
    assert (Message.objects.count(), len(mail.outbox)) == (4, 3), "what was given before its mail left is not told"
    for letter in mail.outbox:
        html = letter.alternatives[0][0]
        assert '<html lang="fr"' in html
        assert reading.english(html) + reading.badly_spaced(html) == []
        assert not [line for line in [letter.subject, *letter.body.splitlines()] if reading.is_english(line)]
    ready = next(letter for letter in mail.outbox if "est prête" in letter.subject)
    assert ready.subject.endswith("est prête à Lille")
    assert re.search(rf"Gardée jusqu’au {LONG_DAY}$", ready.body, re.MULTILINE | re.IGNORECASE)
    assert "tous les jours, jour et nuit" in ready.body
    cancelled = next(letter for letter in mail.outbox if "est annulée" in letter.subject)
    assert "Nous vous remboursons 70,00\xa0€ sur le moyen de paiement utilisé." in cancelled.body


def test_what_is_missing_is_named_and_refunded_in_the_mail(house: House, seller: User) -> None:
    order = journeys.placed(house.lille, {"SKU-1": 2, "SKU-2": 1}, by=seller, paid=4000, email="i@example.org")
    fulfilment = journeys.fulfilment_of(order)
    Customer.objects.update(language="fr")
    lacking, found = fulfilment.lines.order_by("order_line__position")
    given = {"fulfilment_id": fulfilment.pk, "actor_id": seller.pk}
    shorting.report_short(line_id=lacking.pk, quantity=2, reason="not_found", **given)
    picking.pick(line_id=found.pk, pieces=1, **given)
    readying.declare_ready(hold_place_id=house.places(house.lille)[0].pk, **given)
    tasks.drain_outbox()
    [letter] = mail.outbox
    assert "Nous sommes désolés, il manque\u202f:\n- 2 × Article 1\n" in letter.body
    assert "Nous vous remboursons 20,00\xa0€ sur le moyen de paiement utilisé." in letter.body
    assert "1 article\n" in letter.body


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<p>Prête</p><script>let the = "of"</script>', []),
        ("<p>Still <b>Cash</b></p>", ["Cash"]),
        ("<p>2\u202f<span>sur 3</span></p><p>K4-62, promised 10:30</p>", ["K4-62, promised 10:30"]),
        ('<button aria-label="Close"></button>', ["Close"]),
        ("<p>Read the label</p>", ["Read the label"]),
        ('<button lang="en">Sign in</button><button lang="fr">Sign in</button>', ["Sign in"]),
        ('<p data-late="late" data-state="late"><br>en retard</p>', ["late"]),
    ],
)
def test_english_is_noticed(page: str, found: list[str]) -> None:
    assert reading.english(page) == found
