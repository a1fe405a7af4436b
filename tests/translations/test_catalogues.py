"""Every sentence has its French: found, translated, set as French is set, and compiled."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from omni import catalogues
from omni.catalogues import Language

NARROW = "\u202f"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
CODE = ("Authorization: Bearer", "Mo-Fr 09:00-19:00; Sa 10:00-12:00,14:00-18:00; Su off")
"""What is written as a machine wants it, also inside a French sentence."""


@pytest.fixture(scope="module")
def found() -> Catalog:
    return catalogues.extracted()


@pytest.fixture(params=catalogues.languages())
def language(request: pytest.FixtureRequest) -> Language:
    return Language(request.param)


def _pairs(language: Language) -> Iterator[tuple[str, str]]:
    """Yield each sentence's English with its translation; of a plural one with many, the last."""
    for message in catalogues.sentences(language.catalog).values():
        english = message.id if isinstance(message.id, str) else message.id[-1]
        translated = catalogues.strings(message)[-1]
        if translated:
            yield english, translated


def _french() -> list[str]:
    messages = catalogues.sentences(Language("fr").catalog).values()
    return [form for message in messages for form in catalogues.strings(message)]


def test_french_is_one_of_the_languages() -> None:
    assert catalogues.languages() == ["fr"]


def test_hundreds_of_sentences_are_found(found: Catalog) -> None:
    assert len(catalogues.sentences(found)) > 500


def test_every_sentence_of_code_and_templates_is_translated_and_compiled(language: Language, found: Catalog) -> None:
    assert language.problems(found) == []


def test_placeholders_are_the_same_on_both_sides(language: Language) -> None:
    for english, translated in _pairs(language):
        assert set(PLACEHOLDER.findall(translated)) == set(PLACEHOLDER.findall(english)), (english, translated)


def test_the_form_for_one_may_write_its_number_out_and_nothing_else(language: Language) -> None:
    for message in catalogues.sentences(language.catalog).values():
        if message.pluralizable:
            one, *_between, many = (set(PLACEHOLDER.findall(form)) for form in catalogues.strings(message))
            assert one <= many, message.string
            assert len(many - one) <= 1, message.string


def test_no_percent_sign_breaks_a_format(language: Language) -> None:
    for english, translated in _pairs(language):
        if "%(" in english:
            assert "%" not in PLACEHOLDER.sub("", translated).replace("%%", ""), translated


def test_a_sentence_begins_as_the_english_one_does(language: Language) -> None:
    for english, translated in _pairs(language):
        if english[0].isalpha() and translated[0].isalpha():
            assert english[0].isupper() == translated[0].isupper(), (english, translated)


def test_a_sentence_ends_as_the_english_one_does(language: Language) -> None:
    for english, translated in _pairs(language):
        if len(english.split()) > 1:
            for mark in ".?:":
                assert english.endswith(mark) == translated.endswith(mark), (english, translated)


def _typeset_problems(sentence: str) -> list[str]:
    for literal in CODE:
        sentence = sentence.replace(literal, "x")
    bare = PLACEHOLDER.sub("x", sentence).replace("%%", "%")
    rules = {
        "a typewriter's apostrophe": "'" in bare,
        "English or typewriter's quotes": bool(re.search('["“”]', bare)),
        "three points": "..." in bare,
        "no narrow space before ; ! ? % »": bool(re.search(f"(?<!{NARROW})[;!?%»]", bare)),
        "no narrow space before a colon": bool(re.search(f"(?<![{NARROW}0-9]):|(?<=[0-9]):(?![0-9])", bare)),
        "no narrow space after «": bool(re.search(f"«(?!{NARROW})", bare)),
        "two spaces": bool(re.search(r"\s\s", bare)),
        "a space at an end": bare != bare.strip(),
    }
    return [name for name, broken in rules.items() if broken]


def test_french_is_set_as_french_is() -> None:
    assert {sentence: _typeset_problems(sentence) for sentence in _french() if _typeset_problems(sentence)} == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "l'article",
        "Attention !",
        "Prêt: oui",
        "« Prêt »",
        "10 %",
        "Qui est-ce?",
        "“Prêt”",
        "Et puis...",
        "Un  deux",
        "x ",
    ],
)
def test_what_is_not_set_as_french_is_noticed(sentence: str) -> None:
    assert _typeset_problems(sentence)


def test_an_empty_translation_and_a_stale_mo_are_noticed(tmp_path, settings) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    said = Catalog()
    said.add("Sign in", locations=[("a.py", 0)])
    Language("fr").update(said)
    assert Language("fr").problems(said) == ["not translated: 'Sign in'", "django.mo does not say what django.po says"]
    Language("fr").compile()
    assert Language("fr").problems(said) == ["not translated: 'Sign in'"]
    Language("fr").po.write_text(Language("fr").po.read_text().replace('msgstr ""\n\n', 'msgstr "Entrer"\n\n'))
    assert Language("fr").catalog["Sign in"].string == "Entrer"
    assert Language("fr").problems(said) == ["django.mo does not say what django.po says"]


def test_a_new_sentence_is_asked_for_and_an_old_one_goes(tmp_path, settings) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    first, second = Catalog(), Catalog()
    for catalog, sentences in (
        (first, ["Good morning", "Cash"]),
        (second, ["Good morning", "Something else entirely"]),
    ):
        for sentence in sentences:
            catalog.add(sentence, locations=[("a.py", 0)])
    Language("fr").update(first)
    begun = Language("fr")
    for sentence, french in (("Good morning", "Bonjour"), ("Cash", "Espèces")):
        begun.catalog[sentence].string = french
    begun.update(second)
    begun.compile()
    after = Language("fr")
    kept = {message.id: message.string for message in after.catalog if message.id}
    assert kept == {"Good morning": "Bonjour", "Something else entirely": ""}
    assert after.problems(second) == ["not translated: 'Something else entirely'"]


def test_a_changed_sentence_keeps_its_translation_as_a_guess(tmp_path, settings) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    before, after = Catalog(), Catalog()
    before.add("Choose where the bag waits.", locations=[("a.py", 0)])
    after.add("Choose where this bag waits.", locations=[("a.py", 0)])
    language = Language("fr")
    language.update(before)
    language.catalog["Choose where the bag waits."].string = "Choisissez où le sac attend."
    language.update(after)
    language.compile()
    guessed: Message = Language("fr").catalog["Choose where this bag waits."]
    assert guessed.string == "Choisissez où le sac attend."
    assert guessed.fuzzy
    assert Language("fr").problems(after) == ["fuzzy: 'Choose where this bag waits.'"]
