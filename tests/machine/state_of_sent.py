"""What is sent, and what its carrier has of it, in one shape: from the model, from the database, from the folder."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings

from omni.lib import sql
from orders.parcels.carriers.files import number_of
from tests.machine.model import House
from tests.machine.sent import Box

BOXES = """
SELECT box.public_id, box.number, box.carrier, box.weight_grams, box.tracking_number, box.label IS NOT NULL AS labelled,
       box.packed_at IS NOT NULL AS packed, box.booked_at IS NOT NULL AS booked, box.cancelled_at IS NOT NULL AS apart,
       (SELECT json_agg(json_build_array(variant.sku, row.quantity))
        FROM parcels_parcelline row
        JOIN fulfilment_fulfilmentline slice ON slice.id = row.line_id
        JOIN sales_orderline line ON line.id = slice.order_line_id
        JOIN catalog_variant variant ON variant.id = line.variant_id
        WHERE row.parcel_id = box.id) AS pieces,
       (SELECT json_agg(json_build_array(event_id, kind) ORDER BY id)
        FROM parcels_trackingevent WHERE parcel_id = box.id) AS told,
       (SELECT count(*) FROM customers_message
        WHERE template = 'parcel_at_relay' AND facts ->> 'parcel' = box.id::text) AS letters
FROM parcels_parcel box ORDER BY box.id
"""
FOLDERS = {"waiting": "tracking", "read": "tracking/read", "refused": "tracking/refused"}


def sent_found() -> dict[str, Any]:
    folder = Path(settings.CARRIER_FOLDER)
    return {
        "boxes": [_box_found(folder, box) for box in sql.rows(BOXES)],
        "files": {lies: sorted(one.name for one in (folder / where).glob("*.json")) for lies, where in FOLDERS.items()},
    }


def _box_found(folder: Path, box: Any) -> dict[str, Any]:
    reference = str(box.public_id)
    return {
        "number": box.number,
        "carrier": box.carrier,
        "weight": box.weight_grams,
        "packed": box.packed,
        "booked": (box.booked, box.labelled, box.tracking_number == number_of(reference)),
        "apart": box.apart,
        "pieces": Counter(map(tuple, box.pieces or [])),
        "told": [tuple(one) for one in box.told or []],
        "letters": box.letters,
        "consigned": _consignment(folder / "consignments" / f"{reference}.json"),
        "off": (folder / "cancelled" / f"{reference}.json").exists(),
    }


def _consignment(path: Path) -> tuple[Any, ...] | None:
    """Read what the carrier was told, and where it brings it."""
    if not path.exists():
        return None
    told = json.loads(path.read_text())
    return told["number"], told["pieces"], told["weight_grams"], (told["relay"] or told["recipient"])["line"]


def sent_wanted(house: House) -> dict[str, Any]:
    return {
        "boxes": [_box_wanted(box) for box in house.boxes],
        "files": {
            lies: [f"{number:03d}.json" for number, file in enumerate(house.files) if file.lies == lies]
            for lies in FOLDERS
        },
    }


def _box_wanted(box: Box) -> dict[str, Any]:
    return {
        "number": box.number,
        "carrier": box.carrier,
        "weight": box.weight,
        "packed": bool(box.carrier),
        "booked": (box.booked,) * 3,
        "apart": box.apart,
        "pieces": Counter((one.sku, pieces) for one, pieces in box.pieces.items()),
        "told": [(one.event_id, one.kind) for one in box.told],
        "letters": box.letters,
        "consigned": box.consigned,
        "off": box.off,
    }
