"""The whole engine: judge every place, choose the best set, deal the units out. Nothing is read and nothing written."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from inventory.sourcing.choosing import Option, Units
from inventory.sourcing.facts import Candidate, Explanation, Parcel, Plan, Rules
from inventory.sourcing.judging import Judged, judge
from inventory.sourcing.searching import LOOKS, choose


def plan(wanted: Mapping[int, int], candidates: Sequence[Candidate], rules: Rules, *, looks: int = LOOKS) -> Plan:
    """Return who serves the wanted units (variant id → units), why, and who was ruled out by what.

    Aims in this order: fewest units unserved, fewest parcels, most points, least metres. The same question has the same
    answer, in whatever order the candidates come. With one parcel at most, a place that serves everything alone wins.
    """
    return decided(wanted, judged(wanted, candidates, rules), rules, looks=looks)


def judged(wanted: Mapping[int, int], candidates: Sequence[Candidate], rules: Rules) -> dict[int, Judged]:
    """Return, per place id, how each candidate was judged and what it may give."""
    return {one.place_id: judge(one, wanted, rules) for one in candidates}


def decided(wanted: Mapping[int, int], known: Mapping[int, Judged], rules: Rules, *, looks: int = LOOKS) -> Plan:
    """Return the plan of places that have been judged, as `plan` does."""
    variants = sorted(wanted)
    needs: Units = tuple(wanted[pk] for pk in variants)
    options = [
        Option(place_id, tuple([gives.get(pk, 0) for pk in variants]), why.total, why.candidate.metres)
        for place_id, (why, gives) in sorted(known.items())
        if not why.ruled_out
    ]
    choice = choose(options, needs, rules.most_parcels, looks=looks)
    dealt, left = deal(needs, choice.places)
    parcels = tuple(
        Parcel(place.place_id, place.metres, place.points, _lines(variants, units))
        for place, units in zip(choice.places, dealt, strict=True)
        if any(units)
    )
    return Plan(parcels, _lines(variants, left), explained(parcels, known), choice.proven)


def explained(parcels: Sequence[Parcel], known: Mapping[int, Judged]) -> tuple[Explanation, ...]:
    """Return how each place was judged: those that serve first, then the others by their points, then those out."""
    chosen = {parcel.place_id for parcel in parcels}
    found = [
        replace(why, chosen=True) if place_id in chosen else why for place_id, (why, _gives) in sorted(known.items())
    ]
    found.sort(key=lambda why: (not why.chosen, why.ruled_out is not None, -why.total, why.candidate.metres))
    return tuple(found)


def deal(needs: Units, places: Sequence[Option]) -> tuple[list[Units], Units]:
    """Return what each place gives and what is left over. All of an article from the first that has all of it; else
    each gives what it has, best first."""
    dealt = [[0] * len(needs) for _ in places]
    left = list(needs)
    for index, need in enumerate(needs):
        whole = next((number for number, place in enumerate(places) if place.gives[index] >= need), None)
        for number in range(len(places)) if whole is None else [whole]:
            dealt[number][index] = min(left[index], places[number].gives[index])
            left[index] -= dealt[number][index]
    return [tuple(units) for units in dealt], tuple(left)


def _lines(variants: Sequence[int], units: Units) -> dict[int, int]:
    return {pk: count for pk, count in zip(variants, units, strict=True) if count}
