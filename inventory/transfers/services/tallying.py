"""Piece by piece: what a draft asks for, and what a reception finds. One statement a scan."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inventory.transfers.errors import NotADraft, NothingScanned, NotOnItsWay
from inventory.transfers.models import Transfer
from omni.lib import sql

MOST = 99_999
"""Units that one line may say: more is a mistake of typing."""

STILL = """
    SELECT id FROM transfers_transfer
    WHERE id = %(transfer)s::bigint AND status = ANY(%(while)s::text[]) FOR SHARE
"""
"""The transfer, if it is still there: it goes nowhere before this transaction ends."""

ADD = """
WITH still AS MATERIALIZED ({still}), written AS (
    INSERT INTO transfers_transferline AS line (transfer_id, variant_id, {tally})
    SELECT id, %(variant)s::bigint, %(pieces)s::int FROM still WHERE %(pieces)s::int > 0
    ON CONFLICT (transfer_id, variant_id) DO UPDATE SET {tally} = line.{tally} + excluded.{tally}
    WHERE line.{tally} + excluded.{tally} <= %(most)s::int RETURNING {tally} AS units
), fewer AS (
    UPDATE transfers_transferline line SET {tally} = line.{tally} + %(pieces)s::int FROM still
    WHERE %(pieces)s::int < 0 AND line.transfer_id = still.id AND line.variant_id = %(variant)s::bigint
      AND line.{tally} + %(pieces)s::int >= 0 RETURNING line.{tally} AS units
)
SELECT (SELECT count(*) FROM still) AS still, (SELECT units FROM (TABLE written UNION ALL TABLE fewer) done) AS units
"""

SET = """
WITH still AS MATERIALIZED ({still}), written AS (
    INSERT INTO transfers_transferline AS line (transfer_id, variant_id, {tally})
    SELECT id, %(variant)s::bigint, %(pieces)s::int FROM still
    ON CONFLICT (transfer_id, variant_id) DO UPDATE SET {tally} = excluded.{tally} RETURNING {tally} AS units
)
SELECT (SELECT count(*) FROM still) AS still, (SELECT units FROM written) AS units
"""

LEAVE_OUT = f"""
WITH still AS MATERIALIZED ({STILL}), gone AS (
    DELETE FROM transfers_transferline line USING still
    WHERE line.transfer_id = still.id AND line.variant_id = %(variant)s::bigint RETURNING line.asked
)
SELECT (SELECT count(*) FROM still) AS still, (SELECT asked FROM gone) AS units
"""  # noqa: S608  (a constant of ours)

PARK = f"""
WITH still AS MATERIALIZED ({STILL}), written AS (
    INSERT INTO transfers_unknownpiece AS parked (transfer_id, code, times) SELECT id, %(code)s::text, 1 FROM still
    ON CONFLICT (transfer_id, code) DO UPDATE SET times = parked.times + 1 RETURNING times
)
SELECT (SELECT count(*) FROM still) AS still, (SELECT times FROM written) AS units
"""  # noqa: S608  (a constant of ours)

ASK, ASK_FOR = (text.format(still=STILL, tally="asked") for text in (ADD, SET))
SCAN, SCANNED = (text.format(still=STILL, tally="scanned") for text in (ADD, SET))
DRAFT = {"while": [Transfer.Status.DRAFT.value], "most": MOST}
RECEPTION = {"while": sorted(Transfer.ON_ITS_WAY), "most": MOST}


@transaction.atomic
def ask(*, transfer_id: int, variant_id: int, pieces: int = 1) -> int:
    """Put `pieces` more (negative: fewer) of an article on a draft; return how many its line has now. Raises
    `NotADraft`; `NothingScanned` below none."""
    return _drafted(sql.row(ASK, DRAFT | {"transfer": transfer_id, "variant": variant_id, "pieces": pieces}))


@transaction.atomic
def ask_for(*, transfer_id: int, variant_id: int, pieces: int) -> int:
    """Say how many of an article a draft asks for. Raises `NotADraft`, `NothingScanned`."""
    _require_possible(pieces)
    return _drafted(sql.row(ASK_FOR, DRAFT | {"transfer": transfer_id, "variant": variant_id, "pieces": pieces}))


@transaction.atomic
def leave_out(*, transfer_id: int, variant_id: int) -> None:
    """Take an article off a draft. Raises `NotADraft`, `NothingScanned`."""
    _drafted(sql.row(LEAVE_OUT, DRAFT | {"transfer": transfer_id, "variant": variant_id}))


@transaction.atomic
def scan(*, transfer_id: int, variant_id: int, pieces: int = 1) -> int:
    """Find `pieces` more (negative: fewer) of an article at the reception that goes on; return how many there are.
    Raises `NotOnItsWay`; `NothingScanned` below none."""
    return _received(sql.row(SCAN, RECEPTION | {"transfer": transfer_id, "variant": variant_id, "pieces": pieces}))


@transaction.atomic
def set_scanned(*, transfer_id: int, variant_id: int, pieces: int) -> int:
    """Say how many of an article the reception that goes on has found. Raises `NotOnItsWay`, `NothingScanned`."""
    _require_possible(pieces)
    return _received(sql.row(SCANNED, RECEPTION | {"transfer": transfer_id, "variant": variant_id, "pieces": pieces}))


@transaction.atomic
def park(*, transfer_id: int, code: str) -> int:
    """Keep a code that nobody knows; return how often it was scanned. Raises `NotOnItsWay`."""
    return _received(sql.row(PARK, RECEPTION | {"transfer": transfer_id, "code": code}))


def _require_possible(pieces: int) -> None:
    if not 0 <= pieces <= MOST:
        raise NothingScanned(_("This must be from %(least)s to %(most)s.") % {"least": 0, "most": MOST})


def _drafted(answer: Any) -> int:
    if not answer.still:
        raise NotADraft(_("This transfer is no draft any more: put it back first."))
    return _units(answer)


def _received(answer: Any) -> int:
    if not answer.still:
        raise NotOnItsWay(_("This transfer is not on its way: nothing can be received."))
    return _units(answer)


def _units(answer: Any) -> int:
    if answer.units is None:
        raise NothingScanned(_("None of this article is on the list, or more than one line can hold."))
    return int(answer.units)
