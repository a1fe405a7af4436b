"""How values are shown: money, instants in the store's zone, figures, icons."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from omni.lib import money as money_lib
from omni.lib import zones

register = template.Library()


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _local(value: datetime, zone: ZoneInfo | str | None) -> datetime:
    return timezone.localtime(value, _zone(str(zone or zones.frame() or settings.HOUSE_TIME_ZONE)))


def _language() -> str:
    return get_language() or "en"


@register.filter
def money(cents: int | None) -> str:
    """Return cents as `1 240,00 €`, or a dash when there is nothing."""
    return "—" if cents is None else money_lib.format_cents(cents)


@register.filter
def figure(number: float | None) -> str:
    """Return a number with the reader's separators and a real minus."""
    if number is None:
        return "—"
    return format_decimal(number, locale=_language()).replace("-", "\u2212")


@register.filter
def percent(number: float) -> str:
    """Return 5.5 as `5,5 %` or `5.5%`: the French put a narrow space that does not break before the sign."""
    return f"{figure(number)}\u202f%" if _language() == "fr" else f"{figure(number)}%"


@register.filter
def clock(value: datetime | None, zone: ZoneInfo | str | None = None) -> str:
    """Return HH:MM in the given zone, or the reader's; `18:10 (UTC+4)` where the reader's clock says something else."""
    if value is None:
        return "—"
    local = _local(value, zone)
    mark = zones.mark(local)
    return f"{local:%H:%M} ({mark})" if mark else f"{local:%H:%M}"


@register.filter
def day(value: datetime | date | None, zone: ZoneInfo | str | None = None) -> str:
    """Return a short day, `mar. 15` or `Tue 15`; with the month, and the year, when they are not today's."""
    if value is None:
        return "—"
    local = _local(value, zone).date() if isinstance(value, datetime) else value
    today = _local(timezone.now(), zone).date()
    if local.year != today.year:
        pattern = "d MMM y"
    elif local.month != today.month:
        pattern = "d MMM"
    else:
        pattern = "EEE d"
    return str(format_date(local, pattern, locale=_language()))


@register.filter
def long_day(value: datetime | date, zone: ZoneInfo | str | None = None) -> str:
    """Return `samedi 12 décembre` or `Saturday 12 December`, capitalised for a title; with the year of another year."""
    local = _local(value, zone).date() if isinstance(value, datetime) else value
    this_year = local.year == _local(timezone.now(), zone).year
    text = str(format_date(local, "EEEE d MMMM" if this_year else "EEEE d MMMM y", locale=_language()))
    return text[:1].upper() + text[1:]


@register.filter
def moment(value: datetime | None, zone: ZoneInfo | str | None = None) -> str:
    """Return `mar. 15, 16:10`: a day and a time."""
    return f"{day(value, zone)}, {clock(value, zone)}" if value else "—"


@register.filter
def gtin(value: str | None) -> str:
    """Return a GTIN-13 grouped as it is printed, `3 701234 002149`."""
    return f"{value[0]} {value[1:7]} {value[7:]}" if value and len(value) == 13 else (value or "")


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """Return an icon of the sprite; decoration, so that the word beside it is what is read aloud."""
    return _drawn(
        '<svg class="icon {1}" aria-hidden="true" focusable="false"><use href="{0}#{2}"></use></svg>',
        "icons.svg", settings.STATIC_URL, css_class, name,
    )  # fmt: skip


@register.simple_tag
def mark(state: str) -> SafeString:
    """Return the shape of a state; its word stands beside it."""
    drawing = '<svg class="mark" aria-hidden="true"><use href="{0}#state-{1}"></use></svg>'
    return _drawn(drawing, "icons.svg", settings.STATIC_URL, state)


@register.simple_tag
def picture(name: str, size: str = "") -> SafeString:
    """Return what shows an article: its photo (`dairy/<token>`), or the drawing of its kind (`produce`, `dairy` …);
    `size` is large, medium or small. Decoration: the article's name stands beside it."""
    slug, _slash, token = name.partition("/")
    if token:
        return _photo(reverse("photo", args=[token, "small"]), f" picture-{size}" if size else "")
    return _drawn(
        '<span class="picture{1}"><svg aria-hidden="true"><use href="{0}#{2}"></use></svg></span>',
        "pictures.svg", settings.STATIC_URL, f" picture-{size}" if size else "", slug or "general",
    )  # fmt: skip


def _photo(address: str, css_class: str) -> SafeString:
    return format_html(
        '<span class="picture picture-photo{1}"><img src="{0}" alt="" loading="lazy" decoding="async"></span>',
        address, css_class,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _drawn(drawing: str, sheet: str, _address: str, *words: str) -> SafeString:
    """A page draws the same few shapes hundreds of times."""
    return format_html(drawing, static(sheet), *words)
