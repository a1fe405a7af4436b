"""What a page offers to ask further: its search forms, filters, sorts, exports and pages, read from its own HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit


@dataclass
class Field:
    """A field of a form; `options` of a select or of radio buttons."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)

    @property
    def takes_text(self) -> bool:
        """Whether a person may write anything into it."""
        return self.kind in {"text", "search", "email", "tel", "url", "textarea", "password", ""}


@dataclass
class Form:
    """A form: where it goes, how, and with which fields."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)

    def filled(self, **differently: str) -> dict[str, str]:
        """Return what is sent when nothing is touched, with some fields otherwise."""
        values = {one.name: one.value for one in self.fields if one.name}
        return {**values, **differently}


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.inside: Form | None = None
        self.select: Field | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        for name in ("href", "hx-get"):
            if name in named and tag != "link":
                self.links.append(urljoin(self.address, named[name]))
        if tag == "form":
            action = urljoin(self.address, named.get("action", ""))
            self.inside = Form(action, named.get("method", "get").lower())
            self.forms.append(self.inside)
        if self.inside is None or "name" not in named:
            if tag == "option" and self.select is not None:
                self._option(named)
            return
        if tag in {"input", "select", "textarea", "button"}:
            self._field(tag, named)

    def _field(self, tag: str, named: dict[str, str]) -> None:
        assert self.inside is not None
        kind = named.get("type", "text") if tag == "input" else tag
        known = next((one for one in self.inside.fields if one.name == named["name"]), None)
        if known and kind in {"radio", "checkbox", "button"}:
            known.options.append(named.get("value", "on"))
            known.value = known.options[-1] if "checked" in named else known.value
            return
        made = Field(named["name"], kind, named.get("value", ""), [])
        if kind in {"radio", "checkbox", "button"}:
            made.options.append(made.value or "on")
            made.value = made.value if "checked" in named else ""
        self.inside.fields.append(made)
        self.select = made if tag == "select" else None

    def _option(self, named: dict[str, str]) -> None:
        assert self.select is not None
        self.select.options.append(named.get("value", ""))
        if "selected" in named:
            self.select.value = named.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        if tag == "select":
            self.select = None


@dataclass(frozen=True)
class Offers:
    """The forms of a page, and its links."""

    forms: list[Form]
    links: list[str]

    def narrower(self, address: str) -> list[str]:
        """Return the links that ask the same page otherwise: sorts, chips, pages, exports."""
        here = urlsplit(address).path
        return sorted({link for link in self.links if urlsplit(link).path.startswith(here) and urlsplit(link).query})

    def questions(self, words: list[str], *, choices: bool = False) -> list[str]:
        """Return each GET form's addresses: every word in every field of text, and every option of every choice.

        Without `choices` only the last option of each.
        """
        asked = []
        for form in self.forms:
            if form.method != "get":
                continue
            target, _mark, query = form.action.partition("?")
            kept = dict(parse_qsl(query))
            for one in form.fields:
                for value in words if one.takes_text else one.options[0 if choices else -1 :]:
                    asked.append(f"{target}?{urlencode({**kept, **form.filled(**{one.name: value})})}")
        return sorted(set(asked))


def offers(html: str, address: str) -> Offers:
    """Read a page."""
    reader = _Reader(address)
    reader.feed(html)
    return Offers(reader.forms, [link for link in reader.links if link.startswith("/")])
