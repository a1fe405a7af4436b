"""What a list was narrowed down by, told in words: a chip for each filter, and how to take it away."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omni.lib import lists

FEW = 2


@dataclass(frozen=True)
class Chip:
    """One filter that is set: what it is called, what it says, and the question without it."""

    name: str
    label: str
    words: str
    query: str
    wrong: bool = False


def chips(asked: Any, question: QueryDict) -> list[Chip]:
    """Return a chip for each filter that is set, also for those whose value makes no sense."""
    found = []
    for name, bound in asked.form.fields.items():
        given = [value for value in question.getlist(name) if value]
        if not given:
            continue
        wrong = name in asked.form.errors
        words = _given(given) if wrong else _words(bound, asked.form.cleaned_data.get(name))
        if words:
            found.append(Chip(name, str(bound.label), words, lists.without(question, name), wrong))
    return found


def _given(values: list[str]) -> str:
    return ", ".join(values)[:80]


def _words(bound: Any, value: Any) -> str:
    choices = dict(_flat(getattr(bound, "choices", [])))
    if isinstance(value, list | tuple):
        if len(value) > FEW:
            return ngettext("%(number)s chosen", "%(number)s chosen", len(value)) % {"number": len(value)}
        return ", ".join(str(choices.get(one, one)) for one in value)
    if isinstance(value, date):
        from omni.templatetags.omni import day

        return day(value)
    return str(choices.get(value, value)) if value not in (None, "") else ""


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    return [(value, label) for value, label in choices if value not in (None, "")]


def sentence(asked: Any) -> str:
    """Return, for a filter that makes no sense, what to do about it; "" when all do."""
    wrong = [str(asked.form.fields[name].label) for name in asked.form.errors if name in asked.form.fields]
    if not wrong:
        return ""
    return _("This list cannot be narrowed down so: %(filters)s. Nothing is shown until that is changed.") % {
        "filters": ", ".join(wrong)
    }
