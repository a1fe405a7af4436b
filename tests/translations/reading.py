"""What a page says: its text and the attributes that are shown or read aloud, and what of it is still English."""

import re
from functools import cache
from html.parser import HTMLParser

from omni import catalogues
from omni.catalogues import Language

SPOKEN = {"title", "alt", "aria-label", "placeholder", "content"} | {
    f"data-{word}" for word in ("late", "atrisk", "new", "online", "slow", "offline", "kept", "kept-one")
}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
SILENT = {"script", "style"}
AS_IT_IS = re.compile(r"The Complete Journey|make demo-reset|width=device-width\S*|light dark|“?Locker \d|^Promise$")
"""What is the same in every language: names, commands, what a browser reads; and “promise”, French for “promised”."""

ENGLISH_WORDS = re.compile(
    r"\b(?:the|and|of|is|are|was|were|with|this|that|your|you|from|not|been|has|have|will|by|to|at|it|for|nothing|since"
    r"|orders?|customers?|ready|pickups?|items?|stores?|today|missing|picked|paid|sent|late|waiting|until|about)\b",
    re.IGNORECASE,
)


class _Reader(HTMLParser):
    """Collects what is said in the page's own language; an element that names another one is left out."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[bool] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        silent = tag in SILENT or (named.get("lang") or self.language) != self.language or any(self.open[-1:])
        if tag not in VOID:
            self.open.append(silent)
        if not silent:
            self.said += [value for name, value in attributes if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self.open:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self.open[-1:]):
            self.said.append(data)


def said(html: str, language: str) -> list[str]:
    """Return each text and each spoken attribute of a page, without its outer white space."""
    reader = _Reader(language)
    reader.feed(html)
    return [text for text in (re.sub(r"[ \t\n]+", " ", part).strip() for part in reader.said) if text]


@cache
def _english_sentences() -> list[tuple[str, re.Pattern[str]]]:
    """Return each English sentence whose French is another one: its longest fixed part, and a pattern of the whole."""
    patterns = []
    for message in catalogues.sentences(Language("fr").catalog).values():
        forms = [message.id] if isinstance(message.id, str) else list(message.id)
        for form, french in zip(forms, catalogues.strings(message), strict=False):
            parts = re.split(r"%\(\w+\)[sd]|\{\w+\}", form.replace("%%", "%"))
            longest = max(parts, key=len)
            if form != french and re.search("[A-Za-z]{2}", longest):
                whole = ".+?".join(re.escape(part) for part in parts)
                patterns.append((longest, re.compile(rf"\W*{whole}\W*")))
    return patterns


@cache
def is_english(text: str) -> bool:
    """Return whether a text has an English word, or is a sentence that has a French one."""
    text = AS_IT_IS.sub("", text)
    return bool(ENGLISH_WORDS.search(text)) or any(
        part in text and whole.fullmatch(text) for part, whole in _english_sentences()
    )


def english(html: str) -> list[str]:
    """Return what a French page says in English."""
    return [text for text in said(html, "fr") if is_english(text)]


def badly_spaced(html: str) -> list[str]:
    """Return what a French page sets with a plain space where a narrow one that does not break belongs."""
    return [text for text in said(html, "fr") if re.search(r" [;:!?%»€]|« ", AS_IT_IS.sub("", text))]
