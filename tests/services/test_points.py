"""Points: pending when bought, counting by the programme's rule, void when nothing was handed over, once each."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from customers.models import Customer
from loyalty import queries
from loyalty.models import Account, Entry, Programme
from loyalty.queries import Wallet
from loyalty.services import earning, settling
from omni.lib import reference
from omni.lib.retry import constraint_name
from tests import factories

pytestmark = pytest.mark.django_db

LATER = timedelta(days=14, minutes=1)


@pytest.fixture
def customer(house) -> Customer:
    return factories.CustomerFactory()


@pytest.fixture
def store(house) -> int:
    return house.lille.pk


def count_after(days: int) -> None:
    Programme.objects.update(posts_after_days=days)
    reference.forget()


def earn(customer: Customer, store: int, paid: int, cause: str = "W-1") -> int:
    return earning.earn_pending(customer_id=customer.pk, paid=paid, cause=cause, location_id=store, actor_id=None)


def confirm(paid: int, cause: str = "W-1", reference: str = "W-1/hand-over/1") -> int:
    return settling.confirm(cause=cause, paid=paid, reference=reference, actor_id=None)


def undo(cause: str = "W-1", done: str = "W-1/hand-over/1", undo: str = "W-1/undo/1") -> None:
    settling.reopen(cause=cause, reference=undo, undone=done, actor_id=None)


def written() -> list[tuple[str, str, int]]:
    return list(Entry.objects.order_by("pk").values_list("kind", "stage", "points"))


@pytest.mark.parametrize(
    ("paid", "points"), [(0, 0), (99, 0), (100, 1), (199, 1), (7000, 70), (123_456_789, 1_234_567), (-500, 0)]
)
def test_a_point_for_each_whole_euro(customer, store, paid, points):
    assert earn(customer, store, paid) == points
    assert queries.wallet(customer.pk) == Wallet(posted=0, pending=points)
    assert Account.objects.filter(kind="wallet").exists() == bool(points), "no point, no wallet"


def test_the_same_cause_earns_once(customer, store):
    earn(customer, store, 7000)
    with pytest.raises(IntegrityError) as clash, transaction.atomic():
        earn(customer, store, 7000)
    assert constraint_name(clash.value) == "entry_once_per_event"
    assert queries.wallet(customer.pk) == Wallet(0, 70)


def test_two_orders_fill_one_wallet(customer, store):
    earn(customer, store, 7000)
    earn(customer, store, 3000, "W-2")
    assert queries.wallet(customer.pk) == Wallet(0, 100)
    confirm(7000)
    assert queries.wallet(customer.pk) == Wallet(70, 30)


def test_without_a_programme_nothing_is_earned(customer, store):
    Account.objects.all().delete()
    Programme.objects.all().delete()
    reference.forget()
    assert earn(customer, store, 7000) == 0
    assert confirm(7000) == 0
    assert not Entry.objects.exists()


def test_at_once_the_points_count_with_the_hand_over(customer, store):
    earn(customer, store, 7000)
    assert confirm(7000) == 70
    assert queries.wallet(customer.pk) == Wallet(70, 0)
    assert written() == [("earn", "pending", 70), ("earn", "posts", 70)]


def test_points_for_missing_pieces_are_void(customer, store):
    earn(customer, store, 7000)
    assert confirm(4050) == 40
    assert queries.wallet(customer.pk) == Wallet(40, 0)
    assert written() == [("earn", "pending", 70), ("earn", "posts", 40), ("earn", "voids", 30)]


def test_never_more_points_count_than_were_pending(customer, store):
    earn(customer, store, 7000)
    assert confirm(9000) == 70


def test_a_second_confirmation_finds_nothing_pending(customer, store):
    earn(customer, store, 7000)
    confirm(7000)
    assert confirm(7000, reference="W-1/hand-over/2") == 0
    assert queries.wallet(customer.pk) == Wallet(70, 0)


def test_what_is_not_handed_over_earns_nothing(customer, store):
    earn(customer, store, 7000)
    assert settling.void(cause="W-1", reference="W-1/cancelled", actor_id=None) == 70
    assert settling.void(cause="W-1", reference="W-1/cancelled", actor_id=None) == 0
    assert queries.wallet(customer.pk) == Wallet(0, 0)
    assert confirm(7000) == 0


def test_an_undone_hand_over_makes_all_points_pending_again(customer, store):
    earn(customer, store, 7000)
    confirm(4000)
    undo()
    assert queries.wallet(customer.pk) == Wallet(0, 70)
    assert written()[-2:] == [("reverse", "posted", 40), ("earn", "pending", 70)]
    assert confirm(7000, reference="W-1/hand-over/2") == 70
    assert queries.wallet(customer.pk) == Wallet(70, 0)


def test_an_undo_without_points_writes_nothing(customer, store):
    undo()
    assert not Entry.objects.exists()


# --- counting after fourteen days -------------------------------------------------------------------------------------


@pytest.fixture
def _fourteen_days(house) -> None:
    count_after(14)


@pytest.mark.usefixtures("_fourteen_days")
def test_points_wait_fourteen_days_after_the_hand_over(customer, store):
    earn(customer, store, 7000)
    assert confirm(4000) == 40
    assert queries.wallet(customer.pk) == Wallet(0, 40)
    waiting = Entry.objects.get(due_at__isnull=False)
    assert timedelta(days=13, hours=23) < waiting.due_at - timezone.now() <= timedelta(days=14)
    assert settling.post_due(timezone.now() + timedelta(days=13)) == 0
    assert queries.wallet(customer.pk) == Wallet(0, 40)
    assert settling.post_due(timezone.now() + LATER) == 1
    assert queries.wallet(customer.pk) == Wallet(40, 0)


@pytest.mark.usefixtures("_fourteen_days")
def test_points_are_posted_once_however_often_they_are_due(customer, store):
    earn(customer, store, 7000)
    earn(customer, store, 3000, "W-2")
    confirm(7000)
    confirm(3000, "W-2", "W-2/hand-over/2")
    assert settling.post_due(timezone.now() + LATER) == 2
    assert settling.post_due(timezone.now() + LATER) == 0
    assert queries.wallet(customer.pk) == Wallet(100, 0)


@pytest.mark.usefixtures("_fourteen_days")
def test_an_undone_hand_over_is_not_due_any_more(customer, store):
    earn(customer, store, 7000)
    confirm(4000)
    undo()
    assert queries.wallet(customer.pk) == Wallet(0, 70)
    assert settling.post_due(timezone.now() + LATER) == 0
    confirm(7000, reference="W-1/hand-over/2")
    assert settling.post_due(timezone.now() + LATER) == 1
    assert queries.wallet(customer.pk) == Wallet(70, 0)


@pytest.mark.usefixtures("_fourteen_days")
def test_points_that_an_undo_took_back_after_they_were_listed_as_due_do_not_count(customer, store, monkeypatch):
    earn(customer, store, 7000)
    confirm(4000)
    lock = settling.locks.lock_open_pending

    def undone_before(cause: str):
        monkeypatch.undo()
        undo()
        return lock(cause)

    monkeypatch.setattr(settling.locks, "lock_open_pending", undone_before)
    assert settling.post_due(timezone.now() + LATER) == 0
    assert queries.wallet(customer.pk) == Wallet(0, 70)


@pytest.mark.usefixtures("_fourteen_days")
def test_an_order_of_which_no_point_is_left_leaves_nothing_pending(customer, store):
    earn(customer, store, 7000)
    assert confirm(99) == 0
    assert queries.wallet(customer.pk) == Wallet(0, 0)
    undo()
    assert queries.wallet(customer.pk) == Wallet(0, 70)


def test_an_undo_takes_back_what_the_rule_of_the_hand_over_wrote(customer, store):
    earn(customer, store, 7000)
    confirm(7000)
    count_after(14)
    undo()
    assert queries.wallet(customer.pk) == Wallet(0, 70)
    confirm(7000, reference="W-1/hand-over/2")
    assert queries.wallet(customer.pk) == Wallet(0, 70)
    count_after(0)
    undo(done="W-1/hand-over/2", undo="W-1/undo/2")
    assert queries.wallet(customer.pk) == Wallet(0, 70)
    confirm(7000, reference="W-1/hand-over/3")
    assert queries.wallet(customer.pk) == Wallet(70, 0)


@pytest.mark.usefixtures("_fourteen_days")
def test_one_wallet_that_breaks_does_not_keep_the_points_of_others(customer, store):
    other = factories.CustomerFactory()
    earn(customer, store, 7000)
    earn(other, store, 3000, "W-2")
    confirm(7000)
    confirm(3000, "W-2", "W-2/hand-over/2")
    Account.objects.filter(customer=customer).update(pending=0)  # somebody meddled: posting would overdraw it
    assert settling.post_due(timezone.now() + LATER) == 1
    assert queries.wallet(other.pk) == Wallet(30, 0)
    assert queries.wallet(customer.pk) == Wallet(0, 0)
