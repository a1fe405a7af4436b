"""Reading the cells of one row: what each says, or every reason why it says nothing that the house could believe."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import list_currencies
from django.conf import settings

from inventory.catalog.columns import ATTRIBUTE, LENGTHS, PRODUCT_FIELDS, plain
from inventory.catalog.csv_files import Wrong
from inventory.catalog.models import VatClass
from inventory.catalog.queries import valid_gtin
from omni.staff.models import Channel

MOST_CENTS = 99_999_999
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet computes."""
NEGATIVE = re.compile(r"^[-\u2212]\s*[\d\s\u00a0\u202f]*[.,]?\d+\s*(€|EUR)?$")
AMOUNT = re.compile(r"^(\d+)(?:[.,](\d*))?$")
WHEN = (
    (re.compile(r"^(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)(?:[ T](?P<hour>\d\d?)[:h](?P<minute>\d\d)(?::00)?)?$")),
    (re.compile(r"^(?P<d>\d\d?)[/.](?P<m>\d\d?)[/.](?P<y>\d{4})(?: (?P<hour>\d\d?)[:h](?P<minute>\d\d)(?::00)?)?$")),
)
VAT_WORDS = {
    "standard": "standard|normal|normale|taux normal|plein|taux plein",
    "intermediate": "intermediate|intermediaire|taux intermediaire",
    "reduced": "reduced|reduit|reduite|taux reduit",
    "super_reduced": "super reduced|super reduit|taux super reduit|particulier|taux particulier",
    "zero": "zero|exempt|exonere|exoneree|none|sans tva",
}
CHANNEL_WORDS = {
    "": "all|every|tous|toutes|tous les canaux",
    "store": "magasin|boutique|point de vente",
    "web": "web shop|site|site web|internet|e commerce",
    "phone": "telephone",
}


class Refused(Exception):
    """A cell that cannot be read; its text is the code of the reason."""


@dataclass
class Read:
    """What one row says. Fields that it leaves empty are not there; `problems` is empty when it can be believed."""

    row: int
    sku: str = ""
    code: str = ""
    product: dict[str, Any] = field(default_factory=dict)
    variant: dict[str, Any] = field(default_factory=dict)
    amount: int | None = None
    currency: str = ""
    channel: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    problems: list[Wrong] = field(default_factory=list)


def read(row: int, cells: list[str], mapping: Mapping[str, str], header: list[str]) -> Read:
    """Return what a row says by a mapping (position → field); every cell that is wrong is named."""
    said = Read(row)
    for position, name in mapping.items():
        cell, title = cells[int(position)], header[int(position)]
        try:
            text = _text(cell)
            if text:
                _take(said, name, title, text)
        except Refused as refused:
            said.problems.append(Wrong(row, title, str(refused), cell[:120]))
    _complete(said, mapping, header)
    return said


def _text(cell: str) -> str:
    if cell.startswith(FORMULA):
        raise Refused("negative" if NEGATIVE.match(cell.strip()) else "formula")
    text = cell.strip()
    if text.startswith(FORMULA) or text.startswith("\u2212"):
        raise Refused("negative" if NEGATIVE.match(text) else "formula")
    if not text.isprintable() and any(ord(sign) < 32 or 127 <= ord(sign) < 160 for sign in text):
        raise Refused("control")
    return text


def _take(said: Read, name: str, title: str, text: str) -> None:
    """Put what a cell says where it belongs."""
    if len(text) > LENGTHS.get(name, 80):
        raise Refused("too_long")
    if name == ATTRIBUTE:
        said.variant.setdefault("attributes", {})[title] = text
    elif name in {"sku", "code", "amount", "currency", "channel"}:
        setattr(said, name, READERS[name](text))
    elif name == "starts":
        said.starts_at = moment(text)
    elif name == "ends":
        said.ends_at = moment(text, ending=True)
    else:
        part = said.product if name in PRODUCT_FIELDS else said.variant
        part[name] = READERS[name](text) if name in READERS else text


def _complete(said: Read, mapping: Mapping[str, str], header: list[str]) -> None:
    """Note what is missing, and fill in what goes without saying."""
    titles = {name: header[int(position)] for position, name in mapping.items()}

    def wrong(name: str, code: str) -> None:
        if titles.get(name) not in {one.column for one in said.problems}:
            said.problems.append(Wrong(said.row, titles.get(name, ""), code))

    if not said.sku:
        wrong("sku", "required")
    if not said.code:
        if "code" in titles:
            wrong("code", "required")
        said.code = said.sku
    if "attributes" in said.variant:
        said.variant["worded"] = " ".join(said.variant["attributes"].values())[: LENGTHS["label"]]
    said.currency = said.currency or settings.CURRENCY
    if said.amount is None and (said.starts_at or said.ends_at or said.channel):
        wrong("amount", "price_missing")
    if said.starts_at and said.ends_at and said.ends_at <= said.starts_at:
        wrong("ends", "ends_before_start")


def amount(text: str) -> int:
    """Return cents of `1 234,50`, `1234.5` or `12 €`; a point and a comma in one figure are refused as unclear."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", text.replace("€", "").replace("EUR", ""))
    found = AMOUNT.match(bare)
    if not (found and bare.isascii()):
        raise Refused("not_amount")
    whole, cents = found[1], found[2] or ""
    if len(cents) > 2:
        raise Refused("decimals")
    total = int(whole[:12]) * 100 + int(cents.ljust(2, "0"))
    if total == 0:
        raise Refused("zero")
    if total > MOST_CENTS or len(whole) > 12:
        raise Refused("too_much")
    return total


def gtin(text: str) -> str:
    """Return the digits of a GTIN-8, -12, -13 or -14 whose check digit is right."""
    digits = re.sub(r"[\s\u00a0\u202f-]", "", text)
    if re.fullmatch(r"\d+([.,]\d+)?[eE]\+?\d+", digits):
        raise Refused("gtin_rounded")
    if not (digits.isascii() and digits.isdigit()):
        raise Refused("gtin_digits")
    if len(digits) not in {8, 12, 13, 14}:
        raise Refused("gtin_length")
    if not valid_gtin(digits):
        raise Refused("gtin_check_digit")
    return digits


def moment(text: str, *, ending: bool = False) -> datetime:
    """Return the instant of `2026-12-01`, `01/12/2026` or either with ` 09:00`, by the clock of the house.

    A day without a time begins at midnight; as an end it is meant to its last minute.
    """
    for pattern in WHEN:
        found = pattern.match(text)
        if found and text.isascii():
            return _instant({name: int(value) for name, value in found.groupdict().items() if value}, ending=ending)
    raise Refused("not_date")


def _instant(parts: dict[str, int], *, ending: bool) -> datetime:
    try:
        day = date(parts["y"], parts["m"], parts["d"])
        at = time(parts.get("hour", 0), parts.get("minute", 0))
    except ValueError:
        raise Refused("not_date") from None
    if not 2000 <= day.year < 2100:
        raise Refused("not_date")
    if ending and "hour" not in parts:
        day += timedelta(days=1)
    return datetime.combine(day, at, tzinfo=ZoneInfo(settings.HOUSE_TIME_ZONE))


def _words(known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for value, words in known.items():
        yield from ((word, value) for word in words.split("|"))


@cache
def _vat_words() -> dict[str, str]:
    return {**{plain(value): value for value in VatClass.values}, **dict(_words(VAT_WORDS))}


@cache
def _channel_words() -> dict[str, str]:
    return {**{plain(value): value for value in Channel.values}, **dict(_words(CHANNEL_WORDS))}


def _vat_class(text: str) -> str:
    try:
        return _vat_words()[plain(text)]
    except KeyError:
        raise Refused("vat_class") from None


def _channel(text: str) -> str:
    try:
        return _channel_words()[plain(text)]
    except KeyError:
        raise Refused("channel") from None


def _currency(text: str) -> str:
    code = "EUR" if text == "€" else text.upper()
    if code not in _currencies():
        raise Refused("currency")
    return code


@cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


def _number(text: str) -> str:
    """Return an article number or product code: it stands in addresses, so it has no sign that ends one."""
    if re.search(r"[/?#\\%\s]", text):
        raise Refused("code_signs")
    return text


READERS = {"sku": _number, "code": _number, "amount": amount, "gtin": gtin, "vat_class": _vat_class,
           "channel": _channel, "currency": _currency}  # fmt: skip
