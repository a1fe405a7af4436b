"""The pick list as PDF: A4, in the order of the walk, one column per order; a further page repeats boxes and head."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omni.lib.paper import THICK, THIN, Paper
from omni.templatetags.omni import clock, gtin, long_day
from orders.fulfilment.printing.papers import Bin, PickList, Stop

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT = 16.0, 194.0
BOTTOM = 270.0
ROW, BOXES, BOX_CODE = 10.0, 23.0, 17.0
ABREAST = 3
COLUMN = 10.5
PLACE_AT, CODE_WIDTH = 8.0, 31.0


def draw(lists: list[PickList], *, house: str, language: str) -> bytes:
    """Return every list, each on pages of its own."""
    paper = Paper(WIDTH, HEIGHT, title=" · ".join(one.title for one in lists), language=language)
    for one in lists:
        y = _page(paper, one, house)
        for stop in one.stops:
            if y + ROW > BOTTOM:
                y = _page(paper, one, house)
            y = _row(paper, one, stop, y)
        _end(paper, one, y)
    return paper.bytes()


def _columns(one: PickList) -> list[float]:
    """Return where each order's column begins."""
    count = len(one.bins)
    return [RIGHT - COLUMN * (count - index) for index in range(count)]


def _page(paper: Paper, one: PickList, house: str) -> float:
    """Begin a page: what it is, the boxes, the heads of the table. Return where the rows begin."""
    paper.add_page()
    paper.words(LEFT, 16, f"{house}, {one.store.name}", 9)
    paper.words(LEFT, 21.5, one.title, 20, bold=True)
    paper.words(LEFT, 31, _under_title(one), 9.5, width=RIGHT - LEFT)
    y = _boxes(paper, one, 39) + 5
    paper.words(LEFT + PLACE_AT, y, _("Where"), 8)
    columns = _columns(one)
    name_at, code_at = _name_at(one), columns[0] - CODE_WIDTH
    paper.words(name_at, y, _("Article"), 8)
    paper.words(code_at, y, _("Code"), 8)
    for column, bin_ in zip(columns, one.bins, strict=True):
        paper.words_centred(column + COLUMN / 2, y, bin_.letter, 9.5, bold=True)
        paper.stroke(column, y - 2.5, column, y + 4.5)
    paper.stroke(LEFT, y + 4.5, RIGHT, y + 4.5)
    return y + 4.5


def _under_title(one: PickList) -> str:
    zone = one.store.zone
    count = ngettext("%(count)s item", "%(count)s items", one.pieces) % {"count": one.pieces}
    when = f"{long_day(one.printed_at, zone)}, {clock(one.printed_at, zone)}"
    return _("%(when)s, by %(who)s. %(count)s, in the order of the walk.") % {
        "when": when,
        "who": one.by,
        "count": count,
    }


def _boxes(paper: Paper, one: PickList, y: float) -> float:
    """Draw the boxes, three in a row, and return where they end."""
    in_row = min(ABREAST, max(2, len(one.bins)))
    width = (RIGHT - LEFT) / in_row
    for index, box in enumerate(one.bins):
        _box(paper, box, LEFT + index % in_row * width, y + index // in_row * BOXES, width)
    return y + -(-len(one.bins) // in_row) * BOXES


def _box(paper: Paper, box: Bin, x: float, y: float, width: float) -> None:
    paper.frame(x, y, width, BOXES)
    paper.qr(box.code, x + width - BOX_CODE - 1, y + (BOXES - BOX_CODE) / 2, BOX_CODE)
    paper.frame(x + 2.5, y + 3, 7, 7)
    paper.words_centred(x + 6, y + 5, box.letter, 11, bold=True)
    words_at, room = x + 12, width - 13 - BOX_CODE
    paper.words(words_at, y + 3.4, box.short_id, 13, bold=True, width=room)
    count = ngettext("%(count)s item", "%(count)s items", box.pieces) % {"count": box.pieces}
    for line, text in enumerate((box.who, box.promise, count)):
        paper.words(words_at, y + 9.6 + line * 4.1, text, 8, width=room)


def _name_at(one: PickList) -> float:
    widest = max((len(stop.place) for stop in one.stops), default=6)
    return LEFT + PLACE_AT + min(38.0, max(16.0, widest * 2.3 + 3))


def _row(paper: Paper, one: PickList, stop: Stop, y: float) -> float:
    columns, name_at = _columns(one), _name_at(one)
    code_at = columns[0] - CODE_WIDTH
    text_y = y + ROW / 2 - 1.3
    paper.frame(LEFT, y + ROW / 2 - 2.1, 4.2, 4.2)
    paper.words(LEFT + PLACE_AT, text_y, stop.place or "—", 9.5, bold=True, width=name_at - LEFT - PLACE_AT - 2)
    name = f"{stop.name}  {stop.detail}" if stop.detail else stop.name
    paper.words(name_at, text_y, name, 9.5, width=code_at - name_at - 3)
    paper.words(code_at, text_y, gtin(stop.gtin), 9, width=CODE_WIDTH - 2)
    for column, quantity in zip(columns, stop.quantities, strict=True):
        paper.stroke(column, y, column, y + ROW)
        if quantity:
            paper.words_centred(column + COLUMN / 2, y + ROW / 2 - 1.6, str(quantity), 11.5, bold=True)
    paper.stroke(LEFT, y + ROW, RIGHT, y + ROW, THICK if stop.zone_ends else THIN)
    return y + ROW


def _end(paper: Paper, one: PickList, y: float) -> None:
    total = ngettext("Total, %(count)s item", "Total, %(count)s items", one.pieces) % {"count": one.pieces}
    paper.words(LEFT + PLACE_AT, y + 3.6, total, 9.5, bold=True)
    for column, box in zip(_columns(one), one.bins, strict=True):
        paper.stroke(column, y, column, y + 9)
        paper.words_centred(column + COLUMN / 2, y + 3.4, str(box.pieces), 11.5, bold=True)
    y += 15
    for line in paper.wrapped(
        _("Is an item missing? Leave its box empty and say so on the tablet: there you choose what follows."), 84, 8
    ):
        paper.words(LEFT, y, line, 8)
        y += 4
    paper.words(116, y - 4, _("Prepared by"), 8)
    paper.stroke(138, y - 1.4, 170, y - 1.4)
    paper.words(172, y - 4, _("at"), 8)
    paper.stroke(177, y - 1.4, RIGHT, y - 1.4)
