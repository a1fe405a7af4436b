"""Labels and receipts as PDF. 62 × 29 mm is the tape of common label printers, 80 mm that of receipt printers."""

from omni.lib.paper import POINT, THIN, Paper
from orders.fulfilment.printing.papers import Label, Receipt

LABEL_WIDTH, LABEL_HEIGHT = 62.0, 29.0
RECEIPT_WIDTH, EDGE = 80.0, 5.0


def label(one: Label, *, title: str, language: str) -> bytes:
    """Return a bag's label: the short ID 6 mm high, its place 3 mm, then who and until when."""
    paper = Paper(LABEL_WIDTH, LABEL_HEIGHT, title=title, language=language)
    paper.add_page()
    paper.qr(one.code, 0.5, 2.0, 25.0)
    _label_words(paper, 27.0, LABEL_WIDTH - 29.0, one.short_id, one.place, one.lines)
    return paper.bytes()


def hold_label(one: Label, *, title: str, language: str) -> bytes:
    """Return the label of a place: what is loud is the place, so that it is read from two metres."""
    paper = Paper(LABEL_WIDTH, LABEL_HEIGHT, title=title, language=language)
    paper.add_page()
    paper.qr(one.code, 0.5, 2.0, 25.0)
    _label_words(paper, 27.0, LABEL_WIDTH - 29.0, one.place, one.short_id, one.lines)
    return paper.bytes()


def _label_words(paper: Paper, x: float, width: float, loud: str, second: str, lines: list[str]) -> None:
    size = 23.5
    paper.set_font("Inter", "B", size)
    while size > 11 and paper.get_string_width(loud) > width:
        size -= 0.5
        paper.set_font_size(size)
    y = 3.2
    paper.words(x, y, loud, size, bold=True, width=width)
    y += size * POINT * 0.73 + 1.8
    if second:
        paper.words(x, y, second, 11.5, bold=True, width=width)
        y += 11.5 * POINT * 0.73 + 1.7
    for line in lines:
        paper.words(x, y, line, 7.2, width=width)
        y += 3.3


def receipt(one: Receipt, *, house: str, language: str) -> bytes:
    """Return the receipt; the paper is as long as what stands on it."""
    draft = Paper(RECEIPT_WIDTH, 2000.0, title=one.number, language=language)
    height = _receipt(draft, one, house)
    paper = Paper(RECEIPT_WIDTH, height, title=one.number, language=language)
    _receipt(paper, one, house)
    return paper.bytes()


def _receipt(paper: Paper, one: Receipt, house: str) -> float:
    """Draw it; return where it ends."""
    paper.add_page()
    right = RECEIPT_WIDTH - EDGE
    paper.words(EDGE, 6, house, 13, bold=True, width=right - EDGE)
    paper.words(EDGE, 12, one.store.name, 9, width=right - EDGE)
    paper.words(EDGE, 16, one.address, 8, width=right - EDGE)
    paper.words(EDGE, 22.5, one.short_id, 16, bold=True)
    paper.words_right(right, 23.2, one.number, 9)
    paper.words(EDGE, 29.5, one.who, 9, width=right - EDGE)
    paper.words(EDGE, 33.5, one.handed, 8, width=right - EDGE)
    y = 38.5
    paper.stroke(EDGE, y, right, y)
    for line in one.lines:
        y = _receipt_line(paper, y + 1.9, line.quantity, line.name, line.amount or line.note, right)
    paper.stroke(EDGE, y + 1, right, y + 1, 2 * THIN)
    y += 4
    paper.words(EDGE, y, one.total_label, 11, bold=True)
    paper.words_right(right, y, one.total, 11, bold=True)
    y += 6
    for label_words, amount in one.sums:
        paper.words(EDGE, y, label_words, 9, width=right - EDGE - 24)
        paper.words_right(right, y, amount, 9)
        y += 4.6
    paper.words(EDGE, y, one.tax, 8)
    return y + 10


def _receipt_line(paper: Paper, y: float, quantity: int, name: str, aside: str, right: float) -> float:
    paper.words(EDGE, y, f"{quantity} ×", 9)
    for part in paper.wrapped(name, right - EDGE - 28, 9):
        paper.words(EDGE + 9, y, part, 9)
        y += 4.2
    paper.words_right(right, y - 4.2, aside, 9)
    return y
