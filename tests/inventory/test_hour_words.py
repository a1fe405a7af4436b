"""Opening hours are read in words."""

import pytest
from django.utils import translation

from inventory.places.hour_words import in_words

FRENCH = {
    "Mo-Sa 08:30-20:30": "lun.–sam. 08:30–20:30",
    "Mo-Sa 08:30-20:30; Su 09:00-13:00": "lun.–sam. 08:30–20:30 · dim. 09:00–13:00",
    "Mo,We 09:00-12:00,14:00-19:00; PH off": "lun., mer. 09:00–12:00, 14:00–19:00 · jours fériés fermé",
    "24/7": "tous les jours, jour et nuit",
}


@pytest.mark.parametrize("hours", FRENCH)
def test_in_french(hours: str) -> None:
    with translation.override("fr"):
        assert in_words(hours) == FRENCH[hours]


def test_in_english() -> None:
    with translation.override("en"):
        assert in_words("Mo-Sa 08:30-20:30; Su 09:00-13:00") == "Mon–Sat 08:30–20:30 · Sun 09:00–13:00"
