"""A plan and its candidates in sentences of the reader's language."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.places.queries import place
from inventory.sourcing.facts import POINT, Explanation, Plan, RuledOut
from inventory.sourcing.models import Way
from omni.templatetags.omni import figure


def kilometres(metres: int) -> str:
    """Return a distance for people: one decimal below ten kilometres, none above."""
    return figure(round(metres / 1000, 1) if metres < 10_000 else round(metres / 1000))


def points(millionths: int) -> str:
    """Return points as a whole number."""
    return figure(round(millionths / POINT))


def of_plan(plan: Plan) -> str:
    """Say who serves, and whether something finds no place."""
    names = [place(parcel.place_id).name for parcel in plan.parcels]
    if not names:
        return _("No place can serve any of it.")
    if len(names) == 1:
        who = _("%(store)s serves it.") % {"store": names[0]}
    else:
        listed = {"stores": ", ".join(names[:-1]), "last": names[-1], "parcels": len(names)}
        who = _("%(stores)s and %(last)s serve it in %(parcels)s parcels.") % listed
    lacking = sum(plan.unserved.values())
    if not lacking:
        return who
    return (
        who
        + " "
        + ngettext("One piece finds no place.", "%(units)s pieces find no place.", lacking) % {"units": figure(lacking)}
    )


def of_candidate(why: Explanation, way: str) -> str:
    """Say what a place could serve and how far it is, or which rule ruled it out with its figures."""
    named = {"store": place(why.candidate.place_id).name}
    if why.ruled_out:
        return _out(why.ruled_out, way) % {**named, **_figures(why.ruled_out)}
    return _("%(store)s: %(serves)s of %(wanted)s, %(km)s km, %(points)s points") % {
        **named,
        "serves": figure(why.serves),
        "wanted": figure(why.wanted),
        "km": kilometres(why.candidate.metres),
        "points": points(why.total),
    }


def _figures(out: RuledOut) -> dict[str, str]:
    return {"figure": figure(out.rule.figure), "found": figure(out.found)}


def _out(out: RuledOut, way: str) -> str:
    sentences = {
        "stock": _("%(store)s: %(found)s available, below the threshold of %(figure)s"),
        "keep_last": _("%(store)s: %(found)s available, keeps the last %(figure)s"),
        "open": _("%(store)s: closed today"),
        "distance": _("%(store)s: %(found)s km away, beyond %(figure)s km"),
        "load": _("%(store)s: %(found)s orders waiting, more than %(figure)s"),
        "confidence": _("%(store)s: only %(found)s %% sure that the piece is there, less than %(figure)s %%"),
    }
    if out.rule.kind == "offers":
        return _("%(store)s: offers no pickup") if way == Way.PICKUP else _("%(store)s: does not deliver")
    return sentences[out.rule.kind]
