"""The promise clock beside a naive one that looks at the wall every minute; and the edges at which clocks go wrong."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from opening_hours import OpeningHours

from inventory.places import hours, workload
from inventory.places.openings import Openings
from inventory.places.special_days import with_days
from inventory.places.workload import Workload

DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
ZONES = ["Europe/Paris", "America/Martinique", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
CHANGES = [date(2026, 3, 29), date(2026, 10, 25), date(2026, 3, 8), date(2026, 11, 1), date(2026, 4, 5)]
"""Days on which the clocks of these zones change."""
LUNCH = "Mo-Sa 09:00-12:30,14:00-19:00"
Stretches = list[tuple[int, int]]
"""Opening times of a day in minutes after midnight."""


def shop(week: dict[int, Stretches], special: dict[date, Stretches], zone: str = "Europe/Paris", **figures: Any) -> Any:
    """A store with these hours from Monday (0) to Sunday, and other ones on special days."""
    rules = [f"{DAYS[day]} {_times(week[day])}" for day in range(7) if week.get(day)]
    days = [
        SimpleNamespace(
            on=on,
            opens_at=time(*divmod(times[0][0], 60)) if times else None,
            closes_at=time(*divmod(times[0][1], 60)) if times else None,
        )
        for on, times in special.items()
    ]
    text = with_days("; ".join(rules) or "off", days)  # type: ignore[arg-type]
    return shop_of(text, zone, **figures)


def shop_of(text: str, zone: str = "Europe/Paris", **figures: Any) -> Any:
    where = ZoneInfo(zone)
    known = {"minutes_per_order": 4, "minutes_per_piece": 1, "pickup_minutes": 60, "people_by_day": (1,) * 7, **figures}
    local = lambda instant: instant.astimezone(where)  # noqa: E731
    openings = Openings(OpeningHours(text, timezone=where), where)
    return SimpleNamespace(id=1, zone=where, openings=openings, local=local, **known)


def _times(stretches: Stretches) -> str:
    return ",".join(f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in stretches)


def naive(week: dict[int, Stretches], special: dict[date, Stretches], zone: str, start: datetime, minutes: int) -> Any:
    """Look at the wall every minute; None when the store has not been open for long enough after forty days."""
    at, left, where = start, minutes, ZoneInfo(zone)
    while left:
        if at - start > timedelta(days=40):
            return None
        wall = at.astimezone(where)
        now = wall.hour * 60 + wall.minute
        times = special.get(wall.date(), week.get(wall.weekday(), []))
        left -= any(begin <= now < end for begin, end in times)
        at += timedelta(minutes=1)
    return at


# No edge lies in the hours that clocks skip or show twice: which pass of 02:15 is meant, nobody says.
edges = st.one_of(st.integers(0, 11), st.integers(48, 287)).map(lambda number: number * 5)


@st.composite
def stretches(draw: Any, most: int = 2) -> Stretches:
    found = sorted(draw(st.lists(edges, min_size=0, max_size=2 * most, unique=True)))
    return [(found[n], found[n + 1]) for n in range(0, len(found) - 1, 2)]


weeks = st.dictionaries(st.integers(0, 6), stretches(), max_size=7)
starts = st.one_of(
    st.sampled_from(CHANGES).flatmap(
        lambda day: st.integers(-3000, 1500).map(
            lambda minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
        )
    ),
    st.integers(0, 365 * 1440).map(lambda minutes: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
)


hours_away = st.integers(-30, 30)


@settings(max_examples=150)
@given(week=weeks, zone=st.sampled_from(ZONES), start=starts, minutes=st.integers(1, 700), data=st.data())
@example(week={day: [(540, 750), (840, 1140)] for day in range(6)}, zone="Europe/Paris",
         start=datetime(2026, 12, 31, 17, 30, tzinfo=UTC), minutes=90, data=None)  # fmt: skip
def test_the_clock_counts_like_somebody_who_looks_at_the_wall_every_minute(week, zone, start, minutes, data):
    begins = start.astimezone(ZoneInfo(zone)).date()
    near = st.integers(0, 12).map(lambda number: begins + timedelta(days=number))
    special = data.draw(st.dictionaries(near, stretches(most=1), max_size=3)) if data else {}
    expected = naive(week, special, zone, start, minutes)
    store = shop(week, special, zone)
    if expected is not None:
        assert hours.after_open_minutes(store, start, minutes) == expected
        assert hours.open_minutes_between(store, start, expected) == minutes


@settings(max_examples=60)
@given(week=weeks, start=starts, minutes=st.integers(1, 300), more=st.integers(1, 300))
def test_more_work_is_never_ready_earlier(week, start, minutes, more):
    store = shop(week, {})
    if naive(week, {}, "Europe/Paris", start, minutes + more) is not None:
        first = hours.after_open_minutes(store, start, minutes)
        assert first < hours.after_open_minutes(store, start, minutes + more)
        assert hours.is_open(store, first - timedelta(minutes=1))


@settings(max_examples=60)
@given(
    week=weeks, zone=st.sampled_from(ZONES), asked=st.lists(starts, min_size=2, max_size=6), hour=st.integers(-30, 30)
)
def test_what_was_asked_before_changes_no_answer(week, zone, asked, hour):
    known = shop(week, {}, zone)
    for start in [*asked, *[one + timedelta(hours=hour) for one in asked]]:
        fresh = shop(week, {}, zone)
        for question in (hours.is_open, hours.opens_today, hours.next_opening, hours.next_closing):
            assert question(known, start) == question(fresh, start)
        assert hours.after_open_minutes(known, start, 6000) == hours.after_open_minutes(fresh, start, 6000)
        assert hours.closing_of_opening(known, start, 9) == hours.closing_of_opening(fresh, start, 9)


@pytest.mark.parametrize(
    ("text", "at", "opens", "closes", "today"),
    [
        (LUNCH, "2026-11-24 10:00", None, "2026-11-24 12:30", True),
        (LUNCH, "2026-11-24 13:00", "2026-11-24 14:00", None, True),
        (LUNCH, "2026-11-24 19:00", "2026-11-25 09:00", None, False),
        ('Mo-Fr 09:00-12:00 "a", Mo-Fr 12:00-18:00 "b"', "2026-11-24 10:00", None, "2026-11-24 18:00", True),
        ("24/7", "2026-11-24 10:00", None, None, True),
        ("off", "2026-11-24 10:00", None, None, False),
        ("2020 Mo-Su 09:00-19:00", "2026-11-24 10:00", None, None, False),
        ("2027 Aug Mo-Su 09:00-19:00", "2026-11-24 10:00", "2027-08-01 09:00", None, False),
    ],
)
def test_a_store_tells_when_it_opens_and_closes(text, at, opens, closes, today):
    store, paris = shop_of(text), ZoneInfo("Europe/Paris")
    start, opens, closes = (datetime.fromisoformat(one).replace(tzinfo=paris) if one else None
                            for one in (at, opens, closes))  # fmt: skip
    assert (hours.next_opening(store, start), hours.next_closing(store, start)) == (opens, closes)
    assert (hours.is_open(store, start), hours.opens_today(store, start)) == (opens is None and today, today)


def ready(text: str, ordered: str, zone: str = "Europe/Paris", minutes: int = 60) -> str:
    """What the wall shows when the minutes have passed; `ordered` is what it showed before."""
    store = shop_of(text, zone)
    start = datetime.fromisoformat(ordered).replace(tzinfo=ZoneInfo(zone))
    return f"{store.local(hours.after_open_minutes(store, start, minutes)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "ordered", "told"),
    [
        (LUNCH, "2026-11-24 02:00", "2026-11-24 10:00"),  # at two in the morning
        (LUNCH, "2026-11-24 18:59", "2026-11-25 09:59"),  # the last minute of a day
        (LUNCH, "2026-11-24 18:00", "2026-11-24 19:00"),  # to the last minute of a day
        (LUNCH, "2026-11-24 12:29", "2026-11-24 14:59"),  # a minute before lunch
        (LUNCH, "2026-12-31 18:30", "2027-01-01 09:30"),  # over the year's end
        (f"{LUNCH}; 2027 Jan 01 off", "2026-12-31 18:30", "2027-01-02 09:30"),
        (f"{LUNCH}; 2026 Dec 24 09:00-12:00", "2026-12-24 11:30", "2026-12-25 09:30"),
        ("Mo-Su 09:00-24:00", "2026-11-24 23:30", "2026-11-25 09:30"),  # closes at midnight
        ("Mo-Sa 20:00-02:00", "2026-11-24 01:30", "2026-11-24 20:30"),  # opens over midnight
        ("24/7", "2026-03-29 01:30", "2026-03-29 03:30"),  # the hour that is missing
        ("24/7", "2026-10-25 02:30", "2026-10-25 02:30"),  # the hour that comes twice
        (f"{LUNCH}; 2026 Jul 01-2026 Aug 31 off", "2026-06-30 18:30", "2026-09-01 09:30"),  # two months of works
        (f"{LUNCH}; Dec-Mar off", "2026-11-30 18:30", "2027-04-01 09:30"),  # a store of the season
    ],
)
def test_the_clock_at_its_edges(text, ordered, told):
    assert ready(text, ordered) == told


def test_two_in_the_morning_here_is_the_evening_before_there():
    store = shop_of(LUNCH, "America/Martinique")
    paris = datetime(2026, 11, 24, 2, 0, tzinfo=ZoneInfo("Europe/Paris"))
    assert f"{store.local(hours.after_open_minutes(store, paris, 60)):%Y-%m-%d %H:%M}" == "2026-11-24 10:00"
    afternoon = datetime(2026, 11, 24, 23, 30, tzinfo=ZoneInfo("Europe/Paris"))  # half past six there
    assert f"{store.local(hours.after_open_minutes(store, afternoon, 60)):%Y-%m-%d %H:%M}" == "2026-11-25 09:30"


@pytest.mark.parametrize(
    ("begins", "ends", "minutes"),
    [
        ("2026-11-24 09:00", "2026-11-24 19:00", 510),
        ("2026-11-24 12:30", "2026-11-24 14:00", 0),
        ("2026-11-24 18:30", "2026-11-25 09:30", 60),
        ("2026-11-24 10:00", "2026-11-24 09:00", 0),
        ("2026-11-24 10:00", "2026-11-24 10:00", 0),
    ],
)
def test_only_opening_time_lies_between_two_instants(begins, ends, minutes):
    zone = ZoneInfo("Europe/Paris")
    first, last = (datetime.fromisoformat(text).replace(tzinfo=zone) for text in (begins, ends))
    assert hours.open_minutes_between(shop_of(LUNCH), first, last) == minutes


@pytest.mark.parametrize(("day", "minutes"), [("2026-03-29", 23 * 60), ("2026-10-25", 25 * 60)])
def test_a_day_on_which_the_clock_changes_is_as_long_as_it_is(day, minutes):
    zone = ZoneInfo("Europe/Paris")
    midnight = datetime.fromisoformat(day).replace(tzinfo=zone)
    next_one = datetime.combine(midnight.date() + timedelta(days=1), time(), tzinfo=zone)
    assert hours.open_minutes_between(shop_of("24/7"), midnight, next_one) == minutes


TUESDAY_TEN = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""Ten o'clock in Paris."""


@pytest.mark.parametrize(
    ("waiting", "pieces", "minutes"),
    [
        (Workload(), 1, 60),
        (Workload(orders=10, pieces=15), 1, 60),  # 11 x 4 + 16 = 60 minutes of work: as long as the preparation
        (Workload(orders=10, pieces=15), 2, 61),
        (Workload(orders=29, pieces=59), 1, 180),
        (Workload(orders=29, pieces=59, people=1), 1, 180),
        (Workload(orders=29, pieces=59, people=2), 1, 90),
        (Workload(orders=29, pieces=60, people=2), 1, 91),  # a begun minute is a minute
        (Workload(orders=29, pieces=59, people=9), 1, 60),
    ],
)
def test_the_later_of_preparation_and_shared_queue_counts(waiting, pieces, minutes):
    assert workload.minutes(shop_of(LUNCH), waiting, pieces, TUESDAY_TEN) == minutes


def test_the_managers_figure_is_the_least_that_is_reckoned_with():
    store = shop_of(LUNCH, people_by_day=(1, 3, 1, 1, 1, 1, 1))
    assert workload.people_at(store, 0, TUESDAY_TEN) == 3
    assert workload.people_at(store, 2, TUESDAY_TEN) == 3
    assert workload.people_at(store, 4, TUESDAY_TEN) == 4


def test_at_night_nobody_at_work_counts_but_the_figure_of_the_day_on_which_the_store_opens():
    store = shop_of(LUNCH, people_by_day=(1, 1, 5, 1, 1, 1, 1))
    tuesday_night = TUESDAY_TEN + timedelta(hours=13)
    assert workload.people_at(store, 9, tuesday_night) == 5
    saturday_night = TUESDAY_TEN + timedelta(days=4, hours=13)
    assert workload.people_at(store, 9, saturday_night) == 1


@given(st.integers(0, 80), st.integers(0, 300), st.integers(0, 9), st.integers(1, 50))
def test_a_longer_queue_never_promises_earlier_and_more_people_never_later(orders, pieces, people, own):
    store = shop_of(LUNCH)
    told = workload.ready_at(store, TUESDAY_TEN, pieces=own, waiting=Workload(orders, pieces, people))
    assert told >= hours.after_open_minutes(store, TUESDAY_TEN, store.pickup_minutes)
    assert workload.ready_at(store, TUESDAY_TEN, pieces=own, waiting=Workload(orders + 1, pieces + 1, people)) >= told
    assert workload.ready_at(store, TUESDAY_TEN, pieces=own, waiting=Workload(orders, pieces, people + 1)) <= told
