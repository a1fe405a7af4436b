"""Pictures that people send: looked at before they are opened, drawn anew, and nothing of the file itself kept."""

import io
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from inventory.catalog.errors import PhotoRefused
from inventory.catalog.models import PhotoContent

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
"""What cameras make; a JPEG is unpacked smaller than it is, the others whole. A file of a few kilobytes can claim more
than any memory holds: its head is read, and it is refused before a pixel is."""
SIDES = {PhotoContent.Size.LARGE: 1600, PhotoContent.Size.SMALL: 320}
"""Pixels of the longer side."""
QUALITY = 80


@dataclass(frozen=True)
class Picture:
    """A picture drawn anew: WebP in each size, and the pixels of the large one."""

    contents: dict[str, bytes]
    width: int
    height: int


def read(file: BinaryIO) -> Picture:
    """Read a JPEG, PNG or WebP by what is in it, whatever it is called. Of an animation only the first picture is kept.

    Nothing that the camera or a program wrote beside the pixels is kept (place, time, name, thumbnails). Raises
    `PhotoRefused` with a sentence.
    """
    try:
        with Image.open(file, formats=FORMATS) as opened:
            most = MOST_PIXELS[str(opened.format)]
            if opened.width * opened.height > most:
                raise _too_many_pixels(most)
            large = _upright(opened, SIDES[PhotoContent.Size.LARGE])
    except UnidentifiedImageError:
        raise PhotoRefused(_("This is no JPEG, PNG or WebP picture.")) from None
    except Image.DecompressionBombError:
        raise _too_many_pixels(max(MOST_PIXELS.values())) from None
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, KeyError, IndexError, TypeError):
        raise PhotoRefused(_("This picture is damaged. Save it anew and send it again.")) from None
    small = large.copy()
    small.thumbnail((SIDES[PhotoContent.Size.SMALL],) * 2)
    drawn = {PhotoContent.Size.LARGE.value: large, PhotoContent.Size.SMALL.value: small}
    return Picture({size: _webp(one) for size, one in drawn.items()}, large.width, large.height)


def _too_many_pixels(most: int) -> PhotoRefused:
    return PhotoRefused(_("This picture has more than %(most)s million pixels.") % {"most": most // 1_000_000})


def _upright(opened: Any, side: int) -> Any:
    """Return the pixels alone: as large as they are shown, the right way up, in the usual colours, on white."""
    opened.draft("RGB", (side, side))  # a JPEG is unpacked no larger than is needed
    turned = opened.getexif().get(0x0112, 1)
    see_through = opened.has_transparency_data
    as_it_is = opened.mode in {"RGBA", "CMYK"} or (opened.mode == "RGB" and not see_through)
    image = opened if as_it_is else opened.convert("RGBA" if see_through else "RGB")
    image.thumbnail((side, side), reducing_gap=3.0)
    image = _in_usual_colours(image, opened.info.get("icc_profile"))
    clean = Image.new("RGB", image.size, "white")
    clean.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    clean.getexif()[0x0112] = turned
    return ImageOps.exif_transpose(clean)


def _in_usual_colours(image: Any, profile: bytes | None) -> Any:
    """Return the picture in sRGB; as it is, when its profile cannot be read."""
    if profile and image.mode in {"RGB", "CMYK"}:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, theirs, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image if image.mode in {"RGB", "RGBA"} else image.convert("RGB")


def _webp(image: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"")
    return written.getvalue()
