"""The label of a parcel as the house draws it: A6, pure black, what the driver reads largest, what the customer needs
never on it."""

from babel.numbers import format_decimal
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from omni.lib.paper import THICK, Paper
from orders.parcels.carriers.port import Consignment, Party

WIDTH, HEIGHT = 105.0, 148.0
LEFT, RIGHT = 7.0, 98.0
CODE = 46.0
SMALLEST = 8.5


def draw(one: Consignment, tracking_number: str, *, carrier: str, house: str) -> bytes:
    """Return the label: sender small, recipient large, the relay point when it goes to one, and the number as QR and in
    digits."""
    paper = Paper(WIDTH, HEIGHT, title=tracking_number, language=get_language() or "en")
    paper.add_page()
    paper.frame(4, 4, WIDTH - 8, HEIGHT - 8, THICK)
    paper.words(LEFT, 8, carrier, 13, bold=True, width=60)
    paper.words_right(RIGHT, 8.4, f"{one.short_id} / {one.number}", 12, bold=True)
    paper.stroke(4, 16, WIDTH - 4, 16)
    _from(paper, one.sender, house)
    paper.stroke(4, 34, WIDTH - 4, 34, THICK)
    y = _relay(paper, one) if one.relay else _home(paper, one)
    paper.stroke(4, y, WIDTH - 4, y, THICK)
    _code(paper, one, tracking_number, y)
    return paper.bytes()


def _from(paper: Paper, sender: Party, house: str) -> None:
    paper.words(LEFT, 18.5, pgettext("address label", "From"), 7)
    paper.words(LEFT + 16, 18.5, f"{house}, {sender.name}", 8.5, bold=True, width=RIGHT - LEFT - 16)
    paper.words(LEFT + 16, 23, sender.line, 8.5, width=RIGHT - LEFT - 16)
    paper.words(LEFT + 16, 27.5, _town(sender), 8.5, width=RIGHT - LEFT - 16)


def _home(paper: Paper, one: Consignment) -> float:
    paper.words(LEFT, 37.5, pgettext("address label", "To"), 7)
    _address(paper, one.recipient, 37, loud=15)
    return 74.0


def _relay(paper: Paper, one: Consignment) -> float:
    assert one.relay is not None  # noqa: S101  (asked by the caller)
    paper.words(LEFT, 37.5, pgettext("address label", "Relay"), 7)
    paper.words(LEFT + 16, 37, one.relay_code, 13, bold=True, width=RIGHT - LEFT - 16)
    _address(paper, one.relay, 44, loud=11)
    paper.words(LEFT, 66.5, pgettext("address label", "For"), 7)
    paper.words(LEFT + 16, 66, one.recipient.name, 11, bold=True, width=RIGHT - LEFT - 16)
    return 74.0


def _address(paper: Paper, party: Party, y: float, *, loud: float) -> None:
    x, width = LEFT + 16, RIGHT - LEFT - 16
    paper.words(x, y, party.name, _fitting(paper, party.name, loud, width), bold=True, width=width)
    y += loud * 0.46
    for line in paper.wrapped(party.line, width, 11)[:2]:
        paper.words(x, y, line, 11, width=width)
        y += 5.2
    paper.words(x, y + 0.6, _town(party), loud, bold=True, width=width)


def _fitting(paper: Paper, text: str, size: float, width: float) -> float:
    """Return the size in points at which a name is not cut, down to what is still read at arm's length."""
    paper.set_font("Inter", "B", size)
    while size > SMALLEST and paper.get_string_width(text) > width:
        size -= 0.5
        paper.set_font_size(size)
    return size


def _town(party: Party) -> str:
    return " ".join(part for part in (party.postal_code, party.town, party.country) if part)


def _code(paper: Paper, one: Consignment, tracking_number: str, y: float) -> None:
    paper.qr(tracking_number, LEFT - 2, y + 3, CODE)
    x = LEFT + CODE
    pieces = ngettext("%(count)s item", "%(count)s items", one.pieces) % {"count": one.pieces}
    paper.words(x, y + 9, _("Parcel %(number)s") % {"number": one.number}, 13, bold=True)
    paper.words(x, y + 16, pieces, 10)
    if one.weight_grams:
        kilograms = format_decimal(one.weight_grams / 1000, format="0.00", locale=get_language() or "en")
        paper.words(x, y + 21.5, f"{kilograms} kg", 10)
    shown = " ".join(tracking_number[at : at + 4] for at in range(0, len(tracking_number), 4))
    paper.words_centred(WIDTH / 2, y + CODE + 8, shown, 16, bold=True)
