"""The house as an app of the device: a manifest, a worker that keeps files and one page, and nothing of anybody."""

import json
import re
import struct
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from omni.desk.live import SHELL
from omni.staff.models import User

pytestmark = pytest.mark.django_db


def test_the_manifest_names_icons_of_the_size_it_says() -> None:
    response = Client().get(reverse("manifest"))
    said = json.loads(response.content)
    assert response["Content-Type"] == "application/manifest+json"
    assert (said["display"], said["start_url"], said["scope"]) == ("standalone", "/", "/")
    assert [icon.get("purpose", "any") for icon in said["icons"]] == ["any", "any", "maskable"]
    for icon in said["icons"]:
        found = finders.find(icon["src"].removeprefix(settings.STATIC_URL))
        assert found, icon
        width, height = struct.unpack(">II", Path(str(found)).read_bytes()[16:24])
        assert icon["sizes"] == f"{width}x{height}"


def test_the_worker_keeps_existing_files_and_the_offline_page_and_no_other() -> None:
    response = Client().get(reverse("service-worker"))
    assert response["Content-Type"].startswith("text/javascript")
    assert "no-cache" in response["Cache-Control"]
    text = response.content.decode()
    files = re.findall(r'"(\\u002Dx|[^"]*static[^"]*)",', text.split("];")[0].replace("\\u002D", "-"))
    assert files == [settings.STATIC_URL + name for name in SHELL]
    assert all(finders.find(name) for name in SHELL)
    assert f'OFFLINE = "{reverse("offline")}"' in text
    assert text.count("cache.add") == 1
    assert "cache.put" not in text


def test_the_offline_page_names_nobody_even_to_a_person(clerk: User, clerk_client: Client) -> None:
    for client in (Client(), clerk_client):
        page = client.get(reverse("offline")).content.decode()
        assert "data-offline-page" in page
        assert "Clara" not in page
    assert 'data-who=""' in Client().get(reverse("offline")).content.decode()


def test_every_page_of_a_person_is_forbidden_to_be_stored(clerk_client: Client) -> None:
    for name in ("today", "orders", "scan", "customers", "scanner-test", "pulse"):
        assert "no-store" in clerk_client.get(reverse(name))["Cache-Control"], name
