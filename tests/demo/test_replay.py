"""The replay's own reckoning: the plan of a day, what counts as promised, the plot. Without a house."""

from collections import Counter
from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest

from bench.replay import drawing, figures
from bench.replay.browser import Timed, rows_to_prepare
from bench.replay.figures import Findings, Kept, Sample
from bench.replay.plan import Fate, busiest_day, of_panel, plan
from bench.replay.story import Day
from omni.demo.extract import ExtractPanel
from omni.demo.wishes import Wish

DAY = date(2017, 12, 9)


def bought(*times: str, store: str = "lille-centre") -> list[tuple[datetime, Wish]]:
    return [
        (datetime.fromisoformat(f"{DAY} {time}"), Wish(number, number + 1, store, (("CJ-1", 2),), 500))
        for number, time in enumerate(times)
    ]


def test_the_busiest_day_is_the_first_of_the_month_with_the_most_baskets():
    days = ["2017-11-03"] * 5 + ["2017-12-09"] * 2 + ["2017-12-02"] * 2 + ["2017-12-04"]
    assert busiest_day(map(datetime.fromisoformat, days)) == date(2017, 12, 2)


def test_the_extracts_day_is_the_one_that_the_documents_name():
    found = of_panel(ExtractPanel())
    assert (found.day, len(found.errands), found.left_out) == (date(2017, 12, 10), 84, 3)
    assert len({one.wish.store for one in found.errands}) == 9
    assert found == of_panel(ExtractPanel())


def test_a_whole_day_begins_with_what_was_bought_before_the_shops_open_and_leaves_the_night_out():
    found = plan(bought("03:10", "08:00", "12:30", "20:59:59", "21:00", "23:55"), DAY)
    assert (found.begins, found.seconds, found.left_out) == (timedelta(hours=8), 13 * 3600, 2)
    assert 0 <= min(one.at for one in found.errands) < 600
    assert sorted(one.at for one in found.errands)[-2:] == [4.5 * 3600, 13 * 3600 - 1]


def test_a_short_replay_takes_the_busiest_stretch():
    found = plan(bought("08:30", "12:00", "12:10", "12:29", "17:00", "17:10"), DAY, hours=0.5)
    assert found.begins == timedelta(hours=12)
    assert [one.at for one in found.errands] == [0, 600, 1740]
    assert found.left_out == 3


def test_a_fuller_replay_has_the_same_baskets_again_by_other_households():
    found = plan(bought("12:00", "13:00"), DAY, fold=3)
    assert Counter(one.wish.basket_id for one in found.errands) == {0: 3, 1: 3}
    assert len({one.reference for one in found.errands}) == 6
    assert len({one.wish.household_id for one in found.errands if one.wish.basket_id == 0}) == 3
    assert all(abs(one.at - 4 * 3600) <= 900 for one in found.errands if one.wish.basket_id == 0)


def test_some_never_come_some_cancel_and_some_come_early():
    found = plan(bought(*["12:00"] * 2_000), DAY)
    fates = Counter(one.fate for one in found.errands)
    assert 0.02 < fates[Fate.NEVER] / 2_000 < 0.06
    assert 0.02 < fates[Fate.CANCELS] / 2_000 < 0.06
    assert all(one.after < 600 for one in found.errands if one.is_early)
    assert not any(one.is_early for one in found.errands if one.fate is not Fate.COMES)


def test_a_row_that_somebody_has_in_hand_is_not_taken():
    row = (
        '<li class="job row-link state-new" data-row="{short}" data-promise-state="{state}">'
        '<form action="/pickups/{public}/picking/"></form></li>'
    )
    free, taken = "0" * 8 + "-aaaa-bbbb-cccc-" + "0" * 12, "1" * 8 + "-aaaa-bbbb-cccc-" + "0" * 12
    page = row.format(short="K4-1", state="fixed", public=taken) + row.format(short="K4-2", state="new", public=free)
    assert rows_to_prepare(page) == [("K4-2", free)]


def timed(action: str, *milliseconds: float) -> list[Timed]:
    return [Timed(action, one, 200) for one in milliseconds]


def findings(**more: object) -> Findings:
    kept: dict[str, object] = {"ends": {"collected": 3, "expired": 1, "cancelled": 1}} | more
    return Findings(**kept)  # type: ignore[arg-type]


def test_percentiles_are_those_of_each_action():
    found = figures.actions(timed("scan a piece", *range(1, 101)) + timed("order (API)", 900))
    assert list(found) == ["order (API)", "scan a piece"]
    scan = found["scan a piece"]
    assert (scan.count, scan.p50_ms, scan.p95_ms, scan.p99_ms, scan.worst_ms) == (100, 50, 95, 99, 100)
    assert (scan.is_clerks, found["order (API)"].is_clerks) == (True, False)
    assert figures.of_clerks(timed("order (API)", 900)) is None
    assert figures.of_clerks(timed(figures.BY_ITSELF, 900)) is None


def test_a_day_that_ended_as_promised_has_no_shortfall():
    assert figures.shortfalls(findings(clerks=figures.of_clerks(timed("scan a piece", 250)))) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"ends": {"collected": 3, "ready": 1}}, "1 orders ended as ready"),
        ({"ends": {}}, "no order was placed"),
        ({"differences": ["S2"]}, "the audit differs: S2"),
        (
            {"clerks": figures.of_clerks(timed("hand over", 250.1))},
            "the slowest hundredth of what clerks did took 250 ms",
        ),
        ({"wrong": {"hand over 500": 2}}, "answered wrongly: hand over 500, 2 times"),
    ],
)
def test_whatever_is_not_as_promised_is_said(more: dict[str, object], told: str):
    [sentence] = figures.shortfalls(findings(**more))
    assert sentence.startswith(told)


def test_the_plot_is_whole_and_shows_every_store_and_action():
    samples = [Sample(at, store, at // 900, 2) for at in range(0, 3600, 900) for store in ("Lille & Co", "Lyon")]
    found = findings(
        samples=samples,
        actions=figures.actions(timed("hand over", 20, 300) + timed("order (API)", 40)),
        kept={"Lyon": Kept(3, 4)},
    )
    drawn = drawing.plot(found, title="A day", begins=timedelta(hours=8), seconds=3600)
    root = ElementTree.fromstring(drawn)  # noqa: S314  (drawn by us)
    words = [part.text or "" for part in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Lille & Co", "Lyon", "hand over", "08:00", "08:30", "09:00", "250 ms promised"} <= set(words)
    assert "3 of 4 promises kept; longest queue 3" in words
    assert "3 collected" not in words
    assert any("75.0 % of 4 promises kept; audit clean" in one for one in words)
    assert not any("order (API)" in one for one in words)


def test_the_house_is_moved_after_the_day_by_whole_seconds_and_never_twice():
    moves: list[timedelta] = []
    day = Day(20.0, moves.append)
    day.began -= 10  # ten seconds of the wall ago: 200 of the day, 190 behind
    day.catch_up()
    day.catch_up()
    assert sum(moves, timedelta()) == timedelta(seconds=190)
    day.began -= 5
    day.catch_up()
    assert timedelta(seconds=285) <= sum(moves, timedelta()) <= timedelta(seconds=286)
