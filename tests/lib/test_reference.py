"""What a process remembers is never older than the number it trusts."""

from typing import Any

import pytest

from inventory.catalog import queries as catalog
from inventory.catalog.models import Price
from omni.lib import reference, sql
from omni.staff.models import User


def loader(*answers: Any):
    """Return a loader that gives one answer after the other, and the list of what it was asked."""
    asked: list[list[int]] = []
    rest = list(answers)

    def load(keys: list[int]) -> dict[int, Any]:
        asked.append(keys)
        return dict.fromkeys(keys, rest.pop(0))

    return load, asked


def test_what_was_loaded_is_not_loaded_again():
    load, asked = loader("first")
    assert reference.remember("test", [1, 2], load) == {1: "first", 2: "first"}
    assert reference.remember("test", [2, 1], load) == {1: "first", 2: "first"}
    assert asked == [[1, 2]]


def test_only_what_is_missing_is_loaded():
    load, asked = loader("first", "second")
    reference.remember("test", [1], load)
    assert reference.remember("test", [1, 2], load) == {1: "first", 2: "second"}
    assert asked == [[1], [2]]


def test_a_key_that_nobody_knows_is_left_out_and_asked_again():
    assert reference.remember("test", [1], lambda keys: {}) == {}
    assert reference.remember("test", [1], lambda keys: {1: "now"}) == {1: "now"}


def test_kinds_are_kept_apart():
    reference.remember("test", [1], lambda keys: {1: "one"})
    assert reference.remember("other", [1], lambda keys: {1: "another"}) == {1: "another"}


def test_the_same_number_keeps_and_another_forgets():
    load, _asked = loader("old", "new")
    reference.expect(7)
    reference.remember("test", [1], load)
    reference.expect(7)
    assert reference.remember("test", [1], load) == {1: "old"}
    reference.expect(8)
    assert reference.remember("test", [1], load) == {1: "new"}


def test_what_was_loaded_while_the_number_changed_is_given_but_not_kept():
    reference.expect(7)

    def load_slowly(keys: list[int]) -> dict[int, str]:
        reference.expect(8)  # another thread learns of the change after our SELECT ran
        return dict.fromkeys(keys, "old")

    assert reference.remember("test", [1], load_slowly) == {1: "old"}
    assert reference.remember("test", [1], lambda keys: {1: "new"}) == {1: "new"}


def test_a_reader_survives_that_another_thread_forgets(monkeypatch):
    class ForgetfulDict(dict):
        """Another thread forgets between somebody's look and their reach."""

        def __contains__(self, key: object) -> bool:
            known = super().__contains__(key)
            self.clear()
            return known

    reference.remember("test", [1], lambda keys: {1: "first"})
    monkeypatch.setattr(reference, "_remembered", ForgetfulDict(reference._remembered))
    assert reference.remember("test", [1], lambda keys: {1: "second"})[1] in {"first", "second"}


@pytest.mark.django_db(transaction=True)
def test_a_changed_price_is_seen_as_soon_as_the_number_is_asked(house):
    reference.refresh_if_due()
    codes = [("sku", "SKU-1")]
    assert [price.amount for price in catalog.offers(codes)["sku", "SKU-1"].prices] == [1000]
    Price.objects.filter(variant__sku="SKU-1").update(amount=1234)
    assert [price.amount for price in catalog.offers(codes)["sku", "SKU-1"].prices] == [1000]
    reference.refresh_if_due()
    assert [price.amount for price in catalog.offers(codes)["sku", "SKU-1"].prices] == [1234]


@pytest.mark.django_db
def test_a_sign_in_changes_no_number_and_a_change_of_role_does(clerk, manager):
    def number() -> int:
        return sql.row(f"SELECT {reference.VERSION} AS version").version

    sql.run("UPDATE reference_version SET version = 0")
    User.objects.filter(pk=clerk.pk).update(last_login="2026-01-01T00:00:00Z")
    assert number() == 0
    User.objects.filter(pk=clerk.pk).update(role=manager.role)
    assert number() != 0


@pytest.mark.django_db
def test_the_number_is_asked_at_most_once_in_a_while(settings, statements):
    settings.REFERENCE_SECONDS = 60
    reference.expect(None)
    with statements() as seen:
        reference.refresh_if_due()
    assert len(seen) == 0
    settings.REFERENCE_SECONDS = 0
    with statements() as seen:
        reference.refresh_if_due()
    assert len(seen) == 1
