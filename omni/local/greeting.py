"""What the newcomer is told when the demo is open, and `var/demo.json`, which tells scripts the same."""

from __future__ import annotations

import json
from typing import Any

from omni.local import folders, preflight
from omni.local.language import say

FILE = folders.VAR / "demo.json"


def base_url(port: int) -> str:
    """Return the address without a closing slash, as settings and scripts join paths to it."""
    return f"http://{preflight.HOST}:{port}"


def facts() -> dict[str, Any]:
    """Return what `load_demo` wrote: people with login and password, the integrator's key, SKUs to try."""
    try:
        found = json.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def note_base_url(port: int) -> None:
    """Write this run's address into the file and keep the rest; it holds passwords and a key, hence mode 0600."""
    folders.write_private(
        FILE, json.dumps({**facts(), "base_url": base_url(port)}, indent=2, ensure_ascii=False) + "\n"
    )


def welcome(port: int, seconds: float) -> str:
    """Return the text printed once the first page answers."""
    known = facts()
    url, key = f"{base_url(port)}/", known.get("api_key", "")
    lines = [
        "",
        say(f"  Omni is open after {seconds:.0f} s:  {url}", f"  Omni est ouvert après {seconds:.0f} s :  {url}"),
        "",
        *people(known),
        "",
        say(f"    API key  {key}", f"    Clé d'API  {key}"),
        "",
        *try_first(port, known),
        "",
        say(f"  Logs: {folders.LOGS}", f"  Journaux : {folders.LOGS}"),
        say(f"  For scripts: {FILE}", f"  Pour vos scripts : {FILE}"),
        say(
            "  Ctrl-C stops everything; `make demo` opens it again as you left it; `make demo-reset` starts over.",
            "  Ctrl-C arrête tout ; `make demo` rouvre en l'état ; `make demo-reset` repart de zéro.",
        ),
        "",
    ]
    return "\n".join(lines)


def people(known: dict[str, Any]) -> list[str]:
    """Return the table of who may sign in, as wide as its words."""
    heads = say("role login password name", "rôle identifiant secret nom").split()
    rows = [
        [str(one.get(name, "")) for name in ("role", "login", "password", "name")] for one in known.get("people", [])
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    return [
        "    " + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()
        for row in [heads, *rows]
    ]


def try_first(port: int, known: dict[str, Any]) -> list[str]:
    """Return the first things worth doing."""
    sku = next(iter(known.get("sample_skus", [])), "SKU")
    call = (
        f"curl -H 'Authorization: Bearer {known.get('api_key', '')}' '{base_url(port)}/api/v1/availability/?sku={sku}'"
    )
    return [
        say("  Try first:", "  À essayer d'abord :"),
        say(
            "    1. As the clerk: take the most urgent order of the queue, pick its lines, mark it ready.",
            "    1. Employé de magasin : prenez la commande la plus urgente, préparez ses lignes, déclarez-la prête.",
        ),
        say(
            "    2. In Messages: open the mail the customer got; its six digits hand the order over.",
            "    2. Dans Messages : ouvrez le message reçu par le client ; ses six chiffres servent à la remise.",
        ),
        say(
            "    3. As the agent: find that customer by phone, name or order number.",
            "    3. Agent : retrouvez ce client par téléphone, nom ou numéro de commande.",
        ),
        say(
            "    4. As the manager: today's figures, each with the rows behind it.",
            "    4. Responsable : les chiffres du jour, chacun avec les lignes qui le composent.",
        ),
        say("    5. As a web shop:", "    5. Boutique en ligne :"),
        f"       {call}",
    ]
