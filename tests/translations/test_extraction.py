"""What the extractor reads out of Python and templates."""

from pathlib import Path

import pytest

from omni import catalogues


@pytest.fixture
def read(tmp_path: Path, settings):
    """Return a function: the sentences (context, English) of one file."""
    settings.BASE_DIR = tmp_path

    def reader(name: str, text: str) -> list[tuple[str | None, object]]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return [(message.context, message.id) for message in catalogues.extracted() if message.id]

    return reader


def test_python_s_calls_are_read(read) -> None:
    text = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy, gettext_lazy
a = _("One")
b = gettext_lazy("Two " "halves")
c = ngettext("%(n)s bag", "%(n)s bags", 2)
d = pgettext_lazy("button", "Open")
e = print("Not this")
"""
    assert read("orders/words.py", text) == [
        (None, "One"),
        (None, "Two halves"),
        (None, ("%(n)s bag", "%(n)s bags")),
        ("button", "Open"),
    ]


def test_templates_are_read_whatever_their_indentation(read) -> None:
    text = """
        <p title="{% translate 'In an attribute' %}">it's {{ quoted|default:"no sentence" }}
    {% blocktranslate with name=person.name trimmed %}
        Hello
        {{ name }}
    {% endblocktranslate %}
            {% blocktranslate count n=2 context "shelf" %}{{ n }} bag{% plural %}{{ n }} bags{% endblocktranslate %}
  {% translate "Open" context "button" %}{# {% translate "Not this" %} #}
"""
    assert read("templates/page.html", text) == [
        (None, "In an attribute"),
        (None, "Hello %(name)s"),
        ("shelf", ("%(n)s bag", "%(n)s bags")),
        ("button", "Open"),
    ]


def test_mails_in_plain_text_are_read(read) -> None:
    assert read("templates/mail/a.txt", '{% translate "Your code" %}') == [(None, "Your code")]


def test_the_embedded_servers_and_the_tests_are_left_out(read) -> None:
    assert read("omni/local/words.py", '_("Elsewhere")') == []
    assert read("tests/words.py", '_("A test")') == []


def test_what_explains_a_sentence_to_its_translator_is_kept(tmp_path: Path, settings) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "omni").mkdir()
    (tmp_path / "omni" / "a.py").write_text('# Translators: on a bag.\n_("Bag")\n')
    assert catalogues.extracted()["Bag"].auto_comments == ["on a bag."]
