"""The whole engine: judge every place, choose the best set, deal the units out. Nothing is read and nothing written."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from inventory.sourcing.choosing import Option, Units
from inventory.sourcing.facts import Candidate, Parcel, Plan, Rules
from inventory.sourcing.judging import judge
from inventory.sourcing.searching import LOOKS, choose


def plan(wanted: Mapping[int, int], candidates: Sequence[Candidate], rules: Rules, *, looks: int = LOOKS) -> Plan:
    """Return who serves the wanted units (variant id → units), why, and who was ruled out by what.

    Aims in this order: fewest units unserved, fewest parcels, most points, least metres. The same question has the same
    answer, in whatever order the candidates come. With one parcel at most, a place that serves everything alone wins.
    """
    variants = sorted(wanted)
    needs: Units = tuple(wanted[pk] for pk in variants)
    judged = [judge(one, wanted, rules) for one in sorted(candidates, key=lambda one: one.place_id)]
    options = [
        Option(why.candidate.place_id, tuple([gives.get(pk, 0) for pk in variants]), why.total, why.candidate.metres)
        for why, gives in judged
        if not why.ruled_out
    ]
    choice = choose(options, needs, rules.most_parcels, looks=looks)
    dealt, left = deal(needs, choice.places)
    parcels = tuple(
        Parcel(place.place_id, place.metres, place.points, _lines(variants, units))
        for place, units in zip(choice.places, dealt, strict=True)
        if any(units)
    )
    chosen = {parcel.place_id for parcel in parcels}
    explanations = [replace(why, chosen=True) if why.candidate.place_id in chosen else why for why, _gives in judged]
    explanations.sort(key=lambda why: (not why.chosen, why.ruled_out is not None, -why.total, why.candidate.metres))
    return Plan(parcels, _lines(variants, left), tuple(explanations), choice.proven)


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
