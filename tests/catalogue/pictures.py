"""Pictures as cameras and people make them."""

import io
from typing import Any

from PIL import Image

from inventory.catalog import photo_files
from inventory.catalog.photo_files import Picture


def made(
    kind: str = "JPEG", size: tuple[int, int] = (60, 40), colour: Any = "red", mode: str = "RGB", **how: Any
) -> bytes:
    """A picture of one colour, as a file."""
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **how)
    return written.getvalue()


def picture(**how: Any) -> Picture:
    """A picture as the house keeps it."""
    return photo_files.read(io.BytesIO(made(**how)))


def opened(content: bytes) -> Any:
    return Image.open(io.BytesIO(content))
