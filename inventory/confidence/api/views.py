"""`/api/v1/availability/` with, when it is asked for, how sure each figure is."""

from collections.abc import Collection

from rest_framework.request import Request

from inventory.confidence.queries import Chance, chances
from inventory.places.queries import all_places
from inventory.stock.api.views import Availability, Figures


class SureAvailability(Availability):
    """Availability; with `confidence=1` whole percent that one piece is there for whoever comes, for one statement
    more. Who does not ask pays nothing."""

    flags = Availability.flags | {"confidence"}

    def figures(self, request: Request, variant_ids: Collection[int], places: Collection[int] | None) -> Figures:
        """Return the figures, each with its `confidence`; null where nothing is said (`queries.chances`)."""
        found = super().figures(request, variant_ids, places)
        if "confidence" not in request.query_params:
            return found
        sure = chances(dict.fromkeys(variant_ids, 1), all_places() if places is None else places)
        return {
            pk: {place: f'{told},"confidence":{_percent(sure, int(place), pk)}' for place, told in figures.items()}
            for pk, figures in found.items()
        }


def _percent(sure: dict[int, dict[int, Chance]], place_id: int, variant_id: int) -> str:
    chance = sure.get(place_id, {}).get(variant_id)
    return str(chance.percent) if chance else "null"
