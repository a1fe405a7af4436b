"""A sheet of paper in millimetres: pure black, lines of one and two pixels, no fills, Inter embedded.

The fonts are Inter cut down to Latin, Greek and Cyrillic letters, with figures of one width; U+202F is in them.
"""

from pathlib import Path

import segno
from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
THIN, THICK = 25.4 / 96, 2 * 25.4 / 96
"""One and two CSS pixels in millimetres."""
POINT = 25.4 / 72
QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""


class Paper(FPDF):
    """A document of one paper size. Every position is in millimetres from the upper left corner."""

    def __init__(self, width: float, height: float, *, title: str, language: str) -> None:
        super().__init__(unit="mm", format=(width, height))
        self.set_auto_page_break(auto=False)
        self.set_margin(0)
        self.c_margin = 0
        self.add_font("Inter", "", FONTS / "Inter-Regular.ttf")
        self.add_font("Inter", "B", FONTS / "Inter-Bold.ttf")
        self.set_title(title)
        self.set_lang(language)

    def words(self, x: float, y: float, text: str, size: float, *, bold: bool = False, width: float = 0) -> None:
        """Write one line whose capitals begin at `y`; what is wider than `width` ends in an ellipsis."""
        self.set_font("Inter", "B" if bold else "", size)
        self.text(x, y + size * POINT * 0.73, self.fitted(text, width) if width else text)

    def words_right(self, right: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Write one line that ends at `right`."""
        self.set_font("Inter", "B" if bold else "", size)
        self.words(right - self.get_string_width(text), y, text, size, bold=bold)

    def words_centred(self, middle: float, y: float, text: str, size: float, *, bold: bool = False) -> None:
        """Write one line around `middle`."""
        self.set_font("Inter", "B" if bold else "", size)
        self.words(middle - self.get_string_width(text) / 2, y, text, size, bold=bold)

    def fitted(self, text: str, width: float) -> str:
        """Return the text, cut with an ellipsis where it is wider than `width` in the font that is set."""
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(f"{text}…") > width:
            text = text[:-1]
        return f"{text.rstrip()}…"

    def wrapped(self, text: str, width: float, size: float) -> list[str]:
        """Return the text in lines no wider than `width`, broken between words."""
        self.set_font("Inter", "", size)
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.get_string_width(longer) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def stroke(self, x1: float, y1: float, x2: float, y2: float, width: float = THIN) -> None:
        """Draw a line."""
        self.set_line_width(width)
        self.line(x1, y1, x2, y2)

    def frame(self, x: float, y: float, width: float, height: float, line: float = THIN) -> None:
        """Draw an empty box."""
        self.set_line_width(line)
        self.rect(x, y, width, height)

    def qr(self, text: str, x: float, y: float, side: float) -> None:
        """Draw a QR code, its quiet zone within `side`: one bar for each run of dark modules of a row."""
        matrix = qr_matrix(text)
        module = side / (len(matrix) + 2 * QUIET)
        self.set_fill_color(0)
        for row, modules in enumerate(matrix):
            for begin, end in runs(modules):
                left, top = x + (QUIET + begin) * module, y + (QUIET + row) * module
                self.rect(left, top, (end - begin) * module, module, style="F")

    def bytes(self) -> bytes:
        """Return the document."""
        return bytes(self.output())


def qr_matrix(text: str) -> list[list[int]]:
    """Return the modules of a QR code, level M, 1 for dark."""
    return [list(row) for row in segno.make(text, error="m", micro=False).matrix]


def runs(modules: list[int]) -> list[tuple[int, int]]:
    """Return where dark modules that touch begin and end."""
    found: list[tuple[int, int]] = []
    for column, dark in enumerate(modules):
        if dark and found and found[-1][1] == column:
            found[-1] = (found[-1][0], column + 1)
        elif dark:
            found.append((column, column + 1))
    return found
