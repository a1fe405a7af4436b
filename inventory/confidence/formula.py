"""How sure it is that pieces are really there: the one formula, as SQL, that screens, API, sourcing, the nightly list
and the bench share.

A figure was right when somebody last looked: at a count, at a short pick that found none, when it began; or when the
last piece in it was sold, which proves that none was missing. Since then pieces get lost unseen. How many, L, is what
is asked: the figure n misses none when L = 0, and k pieces are there when L <= n - k.

1. **Loss.** Each piece gets lost with the same chance per day, the rate of its article in its store. That rate is Gamma
   distributed around the rate r of its family (shape 1: articles of a family differ much) and moved by what the article
   itself lost (l pieces in u piece-days of the year before somebody last looked):
   shape a = 1 + l, weight b = 1/r + u. With e piece-days since somebody looked, L is negative binomial:
   P(L = 0) = (b/(b+e))^a, P(L = i) = P(L = i-1) · (a+i-1)/i · e/(b+e). Pieces that come or go count from or until
   their day.
2. **Silence.** While one piece is there it sells at the article's own pace: s sales in t days before the last one. With
   d days of silence since, P(silence | some there) = w = (t/(t+d))^s. Were all lost on some day of the silence, the
   rest of it proves nothing: z = mean of w over the days of the silence.
3. **A sale** proves that a piece was there: losses before it are no more than the figure after it.

4. **Missing** (for the list of what to count): pieces that will be asked for until the next count and are not there.
   Asked for are x = s' / t · 30, from the pieces s' sold in those t days. While some are there it is what they lack of
   the smaller of n and x; once all are lost it is x, as no delivery comes where the figures say that there are some.

P(k there) = w · P(L <= n-k) / (w · P(L < n) + z · P(L >= n)), by Bayes.

Sources: the record as a belief that unseen losses widen and silence corrects is DeHoratius, Mersereau and Schrage,
"Retail Inventory Management When Records Are Inaccurate", M&SOM 10(2), 2008; frozen stock by unseen losses is Kang and
Gershwin, "Information inaccuracy in inventory systems", IIE Transactions 37(9), 2005. Gamma and Poisson in one: Gelman
and others, "Bayesian Data Analysis", 3rd edition, section 2.6.

Above 200 pieces a figure counts in lots, so that no sum has more than 200 terms. What is weighed or measured has no
confidence. Instants are the database's; days are 86,400 s.
"""

from inventory.stock.explaining import SIGNED
from inventory.stock.services.correcting import EMPTIES

USUAL = 200
"""Losses per million pieces and day of a house that knows nothing yet: 1.6 % of sales are lost (National Retail
Federation, National Retail Security Survey 2023) where stock turns 4.5 times a year."""
HORIZON = 30
"""Days until the next count that the nightly list reckons with."""
WINDOW = 180
"""Days over which an article's pace of sale is looked at; a fortnight without a sale is added to them."""
MOST_LOTS = 200

MISSED = f"""(moved.kind = 'counted_less' AND moved.reason IN ({", ".join(f"'{one}'" for one in sorted(EMPTIES))})
              AND moved.reference NOT LIKE 'count:%%')"""
"""A short pick at which somebody saw none."""
CAME = "('opened', 'received', 'returned', 'transferred_in')"
FAMILY = "coalesce(nullif(product.category, ''), product.department)"


def days(length: str) -> str:
    """Return an interval as days."""
    return f"(extract(epoch FROM {length})::float8 / 86400)"


def power(base: str, exponent: str) -> str:
    """Return base ^ exponent for a base from 0 to 1, never so small that PostgreSQL refuses to go on."""
    return f"exp(greatest(-200, ({exponent}) * ln(greatest({base}, 1e-30::float8))))"


COUNTED = """
counted AS (
    SELECT DISTINCT ON (asked.number) asked.number, count.ended_at, line.spared
    FROM (SELECT DISTINCT location_id FROM asked) there
    JOIN stock_stockcount count ON count.location_id = there.location_id AND count.status = 'closed'
    JOIN stock_countline line ON line.count_id = count.id
    JOIN asked ON asked.variant_id = line.variant_id AND asked.location_id = count.location_id
               AND asked.at > count.ended_at
    ORDER BY asked.number, count.ended_at DESC
)
"""
"""The last count of each article that is asked about, and what it left in the figures though it was missing."""

FACTS = f"""
{COUNTED}, facts AS (
    SELECT asked.*, greatest(0, asked.units - left_in.pieces) AS n, seen.at AS seen_at, clock.at AS clock_at,
           CASE WHEN seen.at = counted.ended_at THEN 'counted' WHEN seen.at = ledger.missed_at THEN 'missed'
                WHEN seen.at = ledger.sold_out_at THEN 'sold_out' ELSE 'opened' END AS seen_by,
           since.hits, since.sales, since.sold,
           (1 + since.lost_before)::float8 AS a,
           greatest(0, (asked.units - since.net) * {days("seen.at - year.began")} - since.before_shift) AS u,
           greatest(0, (asked.units - left_in.pieces) * {days("asked.at - seen.at")} - since.shift) AS e,
           greatest(0, asked.units - left_in.pieces) * {days("asked.at - clock.at")} AS e_silent,
           clock.at = ledger.sold_at AND clock.at > seen.at AND clock.at IS DISTINCT FROM ledger.came_at AS by_sale,
           14 + {days(f"clock.at - greatest(ledger.began_at, clock.at - interval '{WINDOW} days')")} AS t,
           {days("asked.at - clock.at")} AS d
    FROM asked
    LEFT JOIN counted USING (number)
    CROSS JOIN LATERAL (
        SELECT coalesce(min(created_at), asked.at) AS began_at, max(created_at) FILTER (WHERE kind = 'sold') AS sold_at,
               max(created_at) FILTER (WHERE kind IN {CAME}) AS came_at,
               max(created_at) FILTER (WHERE {MISSED}) AS missed_at,
               max(created_at) FILTER (WHERE kind = 'sold' AND after = 0) AS sold_out_at
        FROM (
            SELECT kind, reason, reference, created_at, sum(({SIGNED} END) * quantity) OVER (ORDER BY id) AS after
            FROM stock_stockmovement
            WHERE variant_id = asked.variant_id AND location_id = asked.location_id AND created_at < asked.at
        ) moved
    ) ledger
    CROSS JOIN LATERAL (
        SELECT greatest(ledger.began_at, ledger.missed_at, ledger.sold_out_at, counted.ended_at) AS at
    ) seen
    CROSS JOIN LATERAL (SELECT greatest(seen.at, ledger.sold_at, ledger.came_at) AS at) clock
    CROSS JOIN LATERAL (SELECT greatest(ledger.began_at, seen.at - interval '365 days') AS began) year
    CROSS JOIN LATERAL (SELECT CASE WHEN seen.at = counted.ended_at THEN counted.spared ELSE 0 END AS pieces) left_in
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(signed) FILTER (WHERE later), 0) AS net,
               coalesce(sum(signed * {days("created_at - seen.at")}) FILTER (WHERE later), 0) AS shift,
               coalesce(sum(signed * {days("created_at - year.began")})
                        FILTER (WHERE NOT later AND created_at > year.began), 0) AS before_shift,
               coalesce(sum(quantity) FILTER (WHERE kind = 'counted_less' AND NOT later AND created_at > year.began), 0)
                   AS lost_before,
               count(*) FILTER (WHERE kind = 'sold' AND later) AS hits,
               count(*) FILTER (WHERE paced) AS sales, coalesce(sum(quantity) FILTER (WHERE paced), 0) AS sold
        FROM (
            SELECT kind, quantity, created_at, ({SIGNED} END) * quantity AS signed, created_at > seen.at AS later,
                   kind = 'sold' AND created_at BETWEEN clock.at - interval '{WINDOW} days' AND clock.at AS paced
            FROM stock_stockmovement
            WHERE variant_id = asked.variant_id AND location_id = asked.location_id AND created_at < asked.at
        ) moved
    ) since
)
"""  # noqa: S608  (constants of ours)
"""What is known of each article that is asked about: `asked` has number, location_id, variant_id, at, units (the figure
on hand) and need (pieces that must be there)."""

CHANCES = f"""
{FACTS}, judged AS (
    SELECT facts.*, product.name, {FAMILY} AS family,
           w * pieces.kept / evidence.total AS chance, w * pieces.none_lost / evidence.total AS exact,
           lot * (w * pieces.short + evidence.gone * asks) / evidence.total AS missing
    FROM facts
    JOIN catalog_variant variant ON variant.id = facts.variant_id AND variant.measure = 'piece'
    JOIN catalog_product product ON product.id = variant.product_id
    LEFT JOIN confidence_lossrate known ON known.family = {FAMILY}
    LEFT JOIN confidence_lossrate house ON house.family = ''
    CROSS JOIN LATERAL (
        SELECT 1 + (facts.n - 1) / {MOST_LOTS} AS lot,
               coalesce(known.per_million, house.per_million, {USUAL}) / 1e6::float8 AS r
    ) scale
    CROSS JOIN LATERAL (
        SELECT (facts.n / lot)::int AS m, -(-facts.need / lot)::int AS k, 1 / r + facts.u AS b,
               greatest(facts.e / lot, 1e-6) AS e_lots,
               facts.sold / facts.t * {HORIZON} / lot AS asks,
               CASE WHEN facts.by_sale AND facts.e > 0 THEN greatest(0, 1 - facts.e_silent / facts.e) ELSE 0 END
                   AS before_sale
    ) lots
    CROSS JOIN LATERAL (
        SELECT CASE WHEN facts.d < 0.01 THEN 1 ELSE {power("facts.t / (facts.t + facts.d)", "facts.sales")} END AS w,
               CASE WHEN facts.d < 0.01 OR facts.sales = 0 THEN 1
                    WHEN facts.sales = 1 THEN facts.t / facts.d * ln(1 + facts.d / facts.t)
                    ELSE facts.t / (facts.d * (facts.sales - 1))
                         * (1 - {power("facts.t / (facts.t + facts.d)", "facts.sales - 1")}) END AS mean_w
    ) silence
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(p) FILTER (WHERE i <= m - k), 0) AS kept, sum(p) FILTER (WHERE i = 0) AS none_lost,
               sum(p) FILTER (WHERE i < m) AS some, sum(p) FILTER (WHERE i = m) AS all_lost,
               coalesce(sum(p * greatest(0, least(m, asks) - (m - i))) FILTER (WHERE i < m), 0) AS short
        FROM (
            SELECT i, exp(greatest(-200, sum(CASE WHEN i = 0 THEN a * ln(b / (b + e_lots))
                                                  ELSE ln((a + i - 1) / i * e_lots / (b + e_lots)) END)
                                         OVER (ORDER BY i))) AS p
            FROM generate_series(0, m) i
        ) losses
    ) pieces
    CROSS JOIN LATERAL (SELECT {power("before_sale", "m")} AS all_before) sold_out
    CROSS JOIN LATERAL (
        SELECT (pieces.all_lost
                + greatest(0, 1 - pieces.some - pieces.all_lost) * (1 - {power("before_sale", "m + 1")}))
               * (all_before + (1 - all_before) * mean_w) AS gone
    ) at_zero
    CROSS JOIN LATERAL (SELECT at_zero.gone, w * pieces.some + at_zero.gone AS total) evidence
    WHERE facts.n > 0
)
"""  # noqa: S608  (constants of ours)
"""The chance that `need` pieces are there, that the figure is exact, and the pieces among those that will be asked for
until the next count that are expected not to be there."""
