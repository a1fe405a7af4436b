"""The catalogues of sentences: what code and templates say in English, and what `locale/` has for it.

GNU gettext is not needed: Babel reads Python, Django turns templates into Python first, Babel writes `.po` and `.mo`.
The `.mo` files are kept in the repository, so that a fresh clone speaks every language without a build step.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import template

# English is what the sentences are written in; the others need a catalogue.
SOURCE_LANGUAGE = "en"
APPS = ("omni", "customers", "inventory", "loyalty", "orders", "insights")
# The embedded servers speak before anything is installed, and keep their two languages to themselves.
ELSEWHERE = ("omni/local",)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What stands before a sentence to explain it to who translates.
COMMENTS = ("Translators:",)
LINE_WIDTH = 120

Key = tuple[str | None, str]


def languages() -> list[str]:
    """Return the languages that need a catalogue."""
    return [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]


def extracted() -> Catalog:
    """Return every sentence of code and templates, with the files where it stands (without lines: they move)."""
    catalog = Catalog()
    for path in sources():
        name = path.relative_to(settings.BASE_DIR).as_posix()
        for _line, ids, comments, context in _sentences(path):
            catalog.add(ids, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


def sources() -> list[Path]:
    """Return the files that may speak to somebody, in a fixed order."""
    root = settings.BASE_DIR
    python = [path for app in APPS for path in (root / app).rglob("*.py")]
    templates = [path for kind in ("*.html", "*.txt") for path in (root / "templates").rglob(kind)]
    elsewhere = tuple(root / folder for folder in ELSEWHERE)
    return sorted(path for path in python + templates if not any(path.is_relative_to(folder) for folder in elsewhere))


def _sentences(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What is no sentence becomes X; without its indentation what is left is Python.
        blanked = template.templatize(text, origin=str(path))
        text = "\n".join(line.strip() for line in blanked.splitlines())
    found = extract("python", BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=COMMENTS, strip_comment_tags=True)
    yield from found


def key(message: Message) -> Key:
    """Return what gettext looks a sentence up by: its context and its (singular) English."""
    return message.context, message.id[0] if isinstance(message.id, (list, tuple)) else message.id


def sentences(catalog: Catalog) -> dict[Key, Message]:
    """Return a catalogue's sentences, without its header."""
    return {key(message): message for message in catalog if message.id}


@dataclass(frozen=True)
class Language:
    """One language's catalogue on disk."""

    code: str

    @property
    def po(self) -> Path:
        return Path(settings.LOCALE_PATHS[0]) / self.code / "LC_MESSAGES" / "django.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")

    @cached_property
    def catalog(self) -> Catalog:
        if not self.po.exists():
            return Catalog(self.code, project="Omni")
        with self.po.open("rb") as file:
            return read_po(file, locale=self.code)

    def update(self, found: Catalog) -> None:
        """Bring the catalogue to what was found: keep translations, mark likely ones fuzzy, drop what nobody says."""
        self.catalog.update(found, update_creation_date=False)
        self.catalog.obsolete.clear()
        self.po.parent.mkdir(parents=True, exist_ok=True)
        with self.po.open("wb") as file:
            write_po(file, self.catalog, width=LINE_WIDTH, include_lineno=False, sort_by_file=True)

    def compile(self) -> None:
        """Write what Django reads; fuzzy and empty translations stay out, and are said in English."""
        self.mo.write_bytes(self._compiled().getvalue())

    def is_compiled(self) -> bool:
        """Return whether the `.mo` says what the `.po` says (the header names Babel's version and does not count)."""
        if not self.mo.exists():
            return False
        kept = BytesIO(self.mo.read_bytes())
        return _translations(read_mo(kept)) == _translations(read_mo(self._compiled()))

    def _compiled(self) -> BytesIO:
        written = BytesIO()
        write_mo(written, self.catalog)
        written.seek(0)
        return written

    def problems(self, found: Catalog) -> list[str]:
        """Say what keeps this catalogue from being whole; an empty list when it is."""
        wanted, held = sentences(found), sentences(self.catalog)
        obsolete = {key(message) for message in self.catalog.obsolete.values()}
        return [
            *(f"not in the catalogue: {_shown(name)}" for name in wanted if name not in held),
            *(f"said nowhere any more: {_shown(name)}" for name in obsolete | (held.keys() - wanted.keys())),
            *(f"not translated: {_shown(name)}" for name, message in held.items() if not all(strings(message))),
            *(f"fuzzy: {_shown(name)}" for name, message in held.items() if message.fuzzy),
            *([] if self.is_compiled() else [f"{self.mo.name} does not say what {self.po.name} says"]),
        ]


def strings(message: Message) -> tuple[str, ...]:
    """Return a sentence's translations: one, or one for each plural form."""
    forms = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return tuple(form or "" for form in forms)


def _translations(catalog: Catalog) -> dict[Key, tuple[str, ...]]:
    return {name: strings(message) for name, message in sentences(catalog).items()}


def _shown(name: Key) -> str:
    context, sentence = name
    return f"{sentence!r} ({context})" if context else repr(sentence)
