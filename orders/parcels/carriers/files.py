"""The carrier that is a folder: each consignment one JSON file, its label beside it, tracking in files put there.

    consignments/<reference>.json   what is to be sent, with the number that it got
    labels/<reference>.pdf          the label that was drawn for it
    cancelled/<reference>.json      what will not come
    tracking/                       files of events for us to read (`orders.parcels.services.reading`)

Whoever takes parcels away reads the first and writes the last; nothing else is needed for a courier of the town, and
nothing else is what a real carrier's adapter does over HTTP.
"""

import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings

from orders.parcels.carriers import label
from orders.parcels.carriers.port import HOME, RELAY, Booking, CarrierFailed, Consignment

PDF = "application/pdf"
DIGITS = 14


class FileCarrier:
    """Complete without a network: what it answers once it answers for ever, for it is read from its own files."""

    code = "file"
    offers = frozenset({HOME, RELAY})

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name

    def book(self, consignment: Consignment) -> Booking:
        """Write the label, then the consignment: only the second makes it booked, so that a kill between them leaves
        nothing that counts."""
        paper = self.folder / "labels" / f"{consignment.reference}.pdf"
        written = self._file("consignments", consignment.reference)
        if self._file("cancelled", consignment.reference).exists():
            raise CarrierFailed("the consignment was cancelled")
        try:
            if not written.exists():
                number = number_of(consignment.reference)
                _write(paper, label.draw(consignment, number, carrier=self.name, house=settings.HOUSE_NAME))
                _write(written, _json({**asdict(consignment), "tracking_number": number}))
            known: dict[str, Any] = json.loads(written.read_text(encoding="utf-8"))
            return Booking(known["tracking_number"], paper.read_bytes(), PDF)
        except (OSError, ValueError, KeyError) as error:
            raise CarrierFailed(f"the folder of the carrier: {type(error).__name__}") from error

    def cancel(self, reference: str, tracking_number: str) -> None:
        try:
            _write(self._file("cancelled", reference), _json({"tracking_number": tracking_number}))
        except OSError as error:
            raise CarrierFailed(f"the folder of the carrier: {type(error).__name__}") from error

    def tracking_url(self, tracking_number: str) -> str:
        pattern: str = settings.CARRIER_TRACKING_URL
        return pattern.replace("{number}", quote(tracking_number)) if pattern else ""

    def _file(self, kind: str, reference: str) -> Path:
        return self.folder / kind / f"{reference}.json"


def number_of(reference: str) -> str:
    """Return the tracking number of a reference: the same each time, with a check digit (ISO 7064, mod 97-10)."""
    stem = str(int(hashlib.sha256(reference.encode()).hexdigest(), 16))[-DIGITS:].zfill(DIGITS)
    return f"OM{stem}{98 - int(stem) * 100 % 97:02d}"


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place first, then moved there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
