"""The clerk's day of appointments, on the tablet both ways up: booked in three taps, received, taken back; by keys."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from omni.staff.models import User
from orders.appointments.models import Appointment
from orders.appointments.services import serving
from orders.appointments.services.booking import Wish
from tests import factories, visits
from tests.browser.conftest import PICTURES
from tests.browser.sitting import seat
from tests.browser.walk import Walk
from tests.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)


def fits(walk: Walk, name: str) -> None:
    """Nothing stands beyond the edge, and nothing is wrong with the page."""
    width = walk.page.viewport_size["width"]
    assert walk.page.evaluate("document.documentElement.scrollWidth") <= width, name
    walk.check(name, PICTURES)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 1280)])
def test_a_customer_is_booked_in_three_taps_and_received(
    chromium: Any, live_server: Any, house: House, clerk: User, width: int, height: int
) -> None:
    visits.offered(house.lille)
    customer = factories.CustomerFactory(given_name="Élise", family_name="Vasseur")
    path = reverse("customer", args=[customer.code])
    here = seat(chromium, live_server.url, clerk, path, width=width, height=height)
    page = here.page
    page.get_by_role("link", name="Appointment", exact=True).click()
    expect(page.get_by_role("heading", name="Book an appointment")).to_be_visible()
    fits(here, "appointment-booking")
    page.get_by_label("Articles to try").fill("SKU-1 SKU-2")
    page.locator(".appt-slot").first.click()
    page.get_by_role("button", name="Book").click()
    expect(page.get_by_text("Booked. Who has an e-mail address gets a confirmation.")).to_be_visible()
    made = Appointment.objects.get()
    assert (made.customer_id, made.status, made.brought.count()) == (customer.pk, "expected", 2)

    if page.get_by_role("button", name="Is here").count() == 0:  # the next slot is tomorrow's
        here.finish()
        return
    page.get_by_role("button", name="Is here").click()
    receive = page.locator(".appt-main").get_by_role("button", name="Receive Élise Vasseur")
    expect(receive).to_be_visible()
    fits(here, "appointment-waiting")
    receive.click()
    expect(page.get_by_role("button", name="Served, the customer leaves")).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("button", name="Take it back")).to_be_hidden()
    made.refresh_from_db()
    assert (made.status, made.served_by) == ("waiting", None)
    fits(here, "appointment-taken-back")
    here.finish()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 1280)])
def test_who_comes_without_an_appointment_takes_a_number(
    chromium: Any, live_server: Any, house: House, clerk: User, width: int, height: int
) -> None:
    visits.offered(house.lille)
    here = seat(chromium, live_server.url, clerk, "/appointments/", width=width, height=height)
    page = here.page
    expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    fits(here, "appointments-none")
    page.get_by_role("link", name="Add to the queue").click()
    page.get_by_label("Name").fill("Malik")
    page.get_by_label("Note").fill("Costume, taille 50")
    fits(here, "walk-in")
    page.get_by_role("button", name="Give a number").click()
    expect(page.get_by_text("Malik waits.")).to_be_visible()
    expect(page.get_by_text("Who comes now waits about 15 minutes.")).to_be_visible()
    fits(here, "appointments-queue")
    page.get_by_role("button", name="Receive Malik").locator("visible=true").first.click()
    expect(page.get_by_role("button", name="Served, the customer leaves")).to_be_visible()
    page.get_by_role("button", name="Served, the customer leaves").click()
    expect(page.get_by_role("button", name="Served, the customer leaves")).to_be_hidden()
    assert Appointment.objects.get().status == "served"
    here.finish()


def test_the_day_is_worked_by_keys_and_stays_fresh(
    chromium: Any, live_server: Any, house: House, clerk: User, manager: User
) -> None:
    offer = visits.offered(house.lille)
    one = visits.booked(offer, by=clerk, at=visits.coming(offer, after=timedelta(minutes=1)))
    number = serving.take_number(location_id=house.lille.pk, wish=Wish(name="Jeanne"), actor_id=clerk.pk)
    here = seat(chromium, live_server.url, clerk, number.get_absolute_url())
    page = here.page
    expect(page.get_by_role("button", name="Receive Jeanne").last).to_be_visible()
    page.wait_for_timeout(200)
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Served, the customer leaves")).to_be_visible()
    page.wait_for_timeout(200)
    page.keyboard.press("u")
    expect(page.get_by_role("button", name="Receive Jeanne").last).to_be_visible()
    serving.call(appointment_id=number.pk, actor_id=manager.pk)
    page.wait_for_timeout(4_100)  # the hand has rested
    page.evaluate("document.dispatchEvent(new CustomEvent('omni:refresh'))")
    expect(page.get_by_text("Mira serves Jeanne")).to_be_visible()
    page.wait_for_timeout(200)
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Book an appointment")).to_be_visible()
    here.finish()
    assert Appointment.objects.get(pk=one.pk).status == "expected"
