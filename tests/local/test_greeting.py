"""What the newcomer is told, and the file that tells scripts the same."""

import json
import stat

import pytest

from omni.local import greeting

FACTS = {
    "base_url": "http://127.0.0.1:1",
    "api_key": "omni_key",
    "people": [{"login": "lea", "password": "secret-word", "role": "clerk", "name": "Léa"}],
    "sample_skus": ["A1", "B2"],
}


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setattr(greeting, "FILE", tmp_path / "demo.json")
    return tmp_path / "demo.json"


def test_the_address_is_written_and_the_rest_is_kept(file):
    file.write_text(json.dumps(FACTS))

    greeting.note_base_url(8123)

    assert json.loads(file.read_text()) == {**FACTS, "base_url": "http://127.0.0.1:8123"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_newcomer_gets_address_logins_key_and_a_call_to_try(file):
    file.write_text(json.dumps(FACTS))

    text = greeting.welcome(8123, 41.6)

    assert "Omni is open after 42 s:  http://127.0.0.1:8123/" in text
    assert "    clerk  lea    secret-word  Léa" in text
    assert "curl -H 'Authorization: Bearer omni_key' 'http://127.0.0.1:8123/api/v1/availability/?sku=A1'" in text


@pytest.mark.parametrize("content", [None, "", "[]", "{half"])
def test_a_lost_or_broken_file_is_begun_anew(file, content):
    if content is not None:
        file.write_text(content)

    greeting.note_base_url(8123)

    assert json.loads(file.read_text()) == {"base_url": "http://127.0.0.1:8123"}
    assert "http://127.0.0.1:8123/" in greeting.welcome(8123, 1)
