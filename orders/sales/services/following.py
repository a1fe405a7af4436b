"""What the sale of things tells those who keep them in stock."""

from inventory.places.queries import all_places
from inventory.transfers.services import rating
from inventory.transfers.suggesting import DAYS
from orders.sales import rates


def learn_sales_rates() -> int:
    """Tell the stores how fast they sold what in the last days, each in a transaction of its own; return how many
    rates changed. Killed half way, the next run finishes."""
    return sum(
        rating.learn(location_id=place_id, sold=rates.sold_in(location_id=place_id, days=DAYS))
        for place_id in sorted(all_places())
    )
