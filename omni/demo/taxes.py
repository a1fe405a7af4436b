"""VAT inside the amounts of an imported basket: derived, because the panel publishes none."""

from omni.lib.money import allot, tax_included


def taxes(totals: list[int], rates: list[int], coupon: int) -> list[int]:
    """The VAT cents inside each line, after the basket's coupons.

    A coupon reduces the whole basket, so it is spread over the lines in proportion; each rate is rounded once per
    basket and its cents are handed to its lines by largest remainder. Where a coupon eats the whole basket, there is no
    VAT.
    """
    if sum(totals) <= coupon:
        return [0] * len(totals)
    nets = [total - part for total, part in zip(totals, allot(coupon, totals), strict=True)] if coupon else totals
    inside = [0] * len(totals)
    for rate in set(rates):
        places = [place for place, own in enumerate(rates) if own == rate]
        base = [nets[place] for place in places]
        for place, cents in zip(places, allot(tax_included(sum(base), rate), base), strict=True):
            inside[place] = cents
    return inside
