"""Finding products by what somebody remembers of their names: words in any order, as far as they were typed, accents
forgiven; and, when nothing is called so, words that differ by a small error.

One or two statements that indexes answer, as for customers (`customers.queries.finding`).
"""

from omni.lib import sql

CANDIDATES = 200
"""Products that are looked at when more match."""
SHORTEST = 3
"""Letters that have to be typed."""

BEGUN = """
SELECT string_agg(part || ':*', ' & ')::tsquery FROM unnest((omni_words(%(text)s::text))[1:6]) AS part
"""
ALIKE = """
SELECT string_agg('(' || coalesce(near.words, wanted.word || ':*') || ')', ' & ')::tsquery
FROM unnest((omni_words(%(text)s::text))[1:6]) AS wanted(word)
CROSS JOIN LATERAL (
    SELECT string_agg(word, ' | ') AS words FROM (
        SELECT known.word FROM catalog_productword known WHERE known.word %% wanted.word
        ORDER BY similarity(known.word, wanted.word) DESC, known.word LIMIT 8
    ) nearest
) near
"""
FIND = """
SELECT id FROM catalog_product
WHERE array_to_tsvector(omni_words(name || ' ' || brand || ' ' || replace(name, '-', ''))) @@ ({words})
LIMIT %(limit)s::int
"""


def products_called(text: str, *, limit: int = CANDIDATES) -> list[int]:
    """Return ids of products whose name or brand holds every word, or else words like them; none for less than three
    letters."""
    if sum(map(str.isalnum, text)) < SHORTEST:
        return []
    values = {"text": text, "limit": limit}
    found = sql.rows(FIND.format(words=BEGUN), values) or sql.rows(FIND.format(words=ALIKE), values)
    return [row.id for row in found]
