"""Hours as seven rows: what rows can say is read and written back to the same week; what they cannot, they refuse."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opening_hours import OpeningHours, State

from inventory.places.hour_rows import MIDNIGHT, Row, rows_of, text_of

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 3, 2, tzinfo=PARIS)
NINE, NOON, TWO, SIX = 540, 720, 840, 1080

SAID = {
    "Mo-Sa 09:00-18:00": [((NINE, SIX),)] * 6 + [()],
    "Mo-Fr 09:00-12:00,14:00-18:00; Su off": [((NINE, NOON), (TWO, SIX))] * 5 + [(), ()],
    "Mo,We 9:00-12:00,14:00-18:00; Sa-Mo 14:00-18:00": [
        ((TWO, SIX),), (), ((NINE, NOON), (TWO, SIX)), (), (), ((TWO, SIX),), ((TWO, SIX),),
    ],
    "09:00-24:00": [((NINE, MIDNIGHT),)] * 7,
    "Mo-Su 09:00-18:00; We closed": [((NINE, SIX),)] * 2 + [()] + [((NINE, SIX),)] * 4,
    "24/7": [((0, MIDNIGHT),)] * 7,
    "off": [()] * 7,
}  # fmt: skip
UNSAID = [
    "Mo-Fr 09:00-18:00; PH off",
    "week 1-53/2 Mo-Fr 09:00-18:00",
    "Jun-Aug Mo-Sa 09:00-20:00",
    "Fr 22:00-02:00",
    "Mo 08:00-10:00,11:00-13:00,14:00-16:00",
    "Mo 09:00-12:00,12:00-18:00",
    "Mo 09:00-12:00,11:00-18:00",
    "Mo[1] 09:00-12:00",
    'Mo-Fr 09:00-18:00 "by appointment"',
    "Mo-Fr sunrise-sunset",
    "Mo 09:00-12:00, Tu 10:00-12:00",
    "Mo, We 09:00-12:00",
    "Mo 09:00-12:00 , 14:00-18:00",
    "Mo 09:60-12:00",
    "Mo 09:00-25:00",
    "nonsense",
    "",
]


@pytest.mark.parametrize("text", SAID)
def test_a_plain_week_is_seven_rows(text: str) -> None:
    assert rows_of(text) == SAID[text]
    assert week_of(text) == week_of(text_of(SAID[text]))


@pytest.mark.parametrize("text", UNSAID)
def test_what_seven_rows_cannot_say_stays_text(text: str) -> None:
    assert rows_of(text) is None


@pytest.mark.parametrize("text", ["Mo-Sa 09:00-19:00", "Mo-Fr 09:00-12:00,14:00-18:00; Sa 10:00-16:00", "24/7", "off"])
def test_a_week_is_written_as_people_write_it(text: str) -> None:
    rows = rows_of(text)
    assert rows is not None
    assert text_of(rows) == text


def row(edges: list[int]) -> Row:
    edges = sorted(edges)[: len(edges) // 2 * 2]
    return tuple(zip(edges[::2], edges[1::2], strict=True))


ROWS = st.lists(st.lists(st.integers(0, MIDNIGHT), max_size=4, unique=True).map(row), min_size=7, max_size=7)


@given(ROWS)
def test_every_week_of_rows_comes_back_as_it_was(rows: list[Row]) -> None:
    text = text_of(rows)
    assert rows_of(text) == rows
    assert len(text) <= 255
    opened = [
        (number * MIDNIGHT + begin, number * MIDNIGHT + end) for number, one in enumerate(rows) for begin, end in one
    ]
    assert week_of(text) == joined(opened)


def week_of(text: str) -> list[tuple[int, int]]:
    """Return when the hours are open in the week, in minutes from Monday on: as the library counts them."""
    found = []
    for begin, end, state, _comment in OpeningHours(text, timezone=PARIS).intervals(MONDAY, MONDAY + timedelta(days=7)):
        if state == State.OPEN:
            last = 7 * MIDNIGHT if end is None else (end - MONDAY) // timedelta(minutes=1)
            found.append(((begin - MONDAY) // timedelta(minutes=1), last))
    return joined(found)


def joined(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Put together what ends where the next begins: midnight between two days."""
    whole: list[tuple[int, int]] = []
    for begin, end in stretches:
        if whole and whole[-1][1] == begin:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((begin, end))
    return whole
