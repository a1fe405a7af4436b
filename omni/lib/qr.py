"""QR codes, drawn here: as SVG for screens and paper, as PNG for mail."""

import io
import re

import segno


def svg(text: str) -> str:
    """Return a QR code (ISO/IEC 18004, level M) as an SVG without inline style, black on white."""
    buffer = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(
        buffer, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass="qr", lineclass="qr-line"
    )
    return re.sub(r"\s+style=\"[^\"]*\"", "", buffer.getvalue().decode())


def png(text: str) -> bytes:
    """Return the same code as a PNG of about 300 pixels."""
    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="png", scale=8, border=3)
    return buffer.getvalue()
