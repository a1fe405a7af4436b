"""The sentences for everything that can be wrong with a machine: each says what to do. No traceback reaches a newcomer.

Also read by Pythons that are too old for the rest of the project (to tell them so): keep to the syntax of Python 3.7.
"""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

from omni.local.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path


class Refusal(Exception):
    """Why we stop, in one sentence for the person at the terminal."""


def answer(main: Callable[[], int]) -> None:
    """Run `main` and leave with its exit code; a refusal becomes its sentence and exit code 1, Ctrl-C 130."""
    try:
        code = main()
    except KeyboardInterrupt:
        code = 130
    except Refusal as refusal:
        code = tell(refusal)
    except OSError as error:
        known = from_os_error(error)
        if known is None:
            raise
        code = tell(known)
    sys.exit(code)


def tell(refusal: Refusal) -> int:
    """Print the sentence below whatever was printed before it; return the exit code."""
    sys.stdout.flush()
    print(f"\n  {refusal}\n", file=sys.stderr, flush=True)
    return 1


def from_os_error(error: OSError) -> Refusal | None:
    """Return the sentence for a full disk or a folder that may not be written; None for every other error."""
    where = str(error.filename or "")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(where)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return not_writable(where)
    return None


def python_too_old(found: str) -> Refusal:
    return Refusal(
        say(
            f"Omni needs Python 3.11 or newer; this is {found}. Install a newer one and name it: make PYTHON=python3.12 …",
            f"Omni demande Python 3.11 ou plus récent ; celui-ci est {found}. Installez-en un et nommez-le : make PYTHON=python3.12 …",
        )
    )


def not_posix() -> Refusal:
    return Refusal(
        say(
            "Omni's demo and tests run on Linux and macOS. On Windows, use WSL.",
            "La démo et les tests d'Omni tournent sous Linux et macOS. Sous Windows, utilisez WSL.",
        )
    )


def venv_missing() -> Refusal:
    version = "{}.{}".format(*sys.version_info)
    return Refusal(
        say(
            f"This Python has no venv module. On Debian or Ubuntu: sudo apt install python{version}-venv (or python3-venv), then try again.",
            f"Ce Python n'a pas le module venv. Sous Debian ou Ubuntu : sudo apt install python{version}-venv (ou python3-venv), puis réessayez.",
        )
    )


def disk_full(where: str) -> Refusal:
    return Refusal(
        say(
            f"The disk is full{_at(where)}. Free some space (a demo takes about 800 MB) and run the same command again; it goes on where it stopped.",
            f"Le disque est plein{_at(where)}. Libérez de la place (une démo occupe environ 800 Mo) et relancez la même commande ; elle reprend.",
        )
    )


def disk_too_small(where: Path, free_mb: int, needed_mb: int) -> Refusal:
    return Refusal(
        say(
            f"Only {free_mb} MB are free at {where}; this needs about {needed_mb} MB. Free some space and run the same command again.",
            f"Il ne reste que {free_mb} Mo à {where} ; il en faut environ {needed_mb}. Libérez de la place et relancez la même commande.",
        )
    )


def not_writable(where: str) -> Refusal:
    owner_hint = say(
        "Run it as the owner of the checkout, make the folder writable, or put the data elsewhere with OMNI_VAR=/some/folder.",
        "Lancez la commande avec le compte propriétaire, rendez le dossier inscriptible, ou placez les données ailleurs : OMNI_VAR=/un/dossier.",
    )
    return Refusal(say(f"Cannot write{_at(where)}. ", f"Écriture impossible{_at(where)}. ") + owner_hint)


def packages_failed(log: Path, last_lines: Sequence[str]) -> Refusal:
    return Refusal(
        say(
            f"pip could not install the packages: is the package index reachable from here? The whole story is in {log}; its end:",
            f"pip n'a pas pu installer les paquets : l'index est-il joignable d'ici ? Le journal complet est {log} ; sa fin :",
        )
        + _quoted(last_lines)
    )


def venv_failed(last_lines: Sequence[str]) -> Refusal:
    return Refusal(
        say("Python could not make the environment .venv:", "Python n'a pas pu créer l'environnement .venv :")
        + _quoted(last_lines)
    )


def port_not_a_number(value: str) -> Refusal:
    return Refusal(
        say(
            f"PORT must be a number from 1 to 65535, not {value!r}: make demo PORT=8001",
            f"PORT doit être un nombre de 1 à 65535, pas {value!r} : make demo PORT=8001",
        )
    )


def port_taken(port: int, free: int) -> Refusal:
    return Refusal(
        say(
            f"Port {port} is in use by another program. Take a free one: make demo PORT={free}",
            f"Le port {port} est occupé par un autre programme. Prenez-en un libre : make demo PORT={free}",
        )
    )


def port_reserved(port: int) -> Refusal:
    return Refusal(
        say(
            f"This account may not open port {port}; ports below 1024 are reserved. Try: make demo PORT=8000",
            f"Ce compte ne peut pas ouvrir le port {port} ; ceux au-dessous de 1024 sont réservés. Essayez : make demo PORT=8000",
        )
    )


def already_running(folder: Path, pid: str) -> Refusal:
    return Refusal(
        say(
            f"This checkout already runs it (process {pid}, files in {folder}). Stop it with Ctrl-C in its terminal, or: kill {pid}",
            f"Il tourne déjà dans ce dossier (processus {pid}, fichiers dans {folder}). Arrêtez-le par Ctrl-C dans son terminal, ou : kill {pid}",
        )
    )


def data_incomplete(folder: Path, reset: str) -> Refusal:
    return Refusal(
        say(
            f"{folder} is not a complete PostgreSQL data folder (something interrupted or emptied it). Start over with: {reset}",
            f"{folder} n'est pas un dossier de données PostgreSQL complet (interrompu ou vidé). Repartez de zéro avec : {reset}",
        )
    )


def data_of_other_version(folder: Path, found: str, wanted: str, reset: str) -> Refusal:
    return Refusal(
        say(
            f"{folder} was made by PostgreSQL {found}; this is {wanted}. Start over with: {reset}",
            f"{folder} vient de PostgreSQL {found} ; celui-ci est {wanted}. Repartez de zéro avec : {reset}",
        )
    )


def server_failed(name: str, log: Path, last_lines: Sequence[str], reset: str = "") -> Refusal:
    way_out = say(f"\n  Or start over with: {reset}", f"\n  Ou repartez de zéro avec : {reset}") if reset else ""
    return Refusal(
        say(
            f"{name} did not start. Its log is {log}; its end:",
            f"{name} n'a pas démarré. Son journal est {log} ; sa fin :",
        )
        + _quoted(last_lines)
        + way_out
    )


def no_other_account(reason: str) -> Refusal:
    return Refusal(
        say(
            f"PostgreSQL refuses to run as root, and no other account of this machine could be used ({reason}). Run make as an ordinary user.",
            f"PostgreSQL refuse de tourner en root, et aucun autre compte n'a pu être utilisé ({reason}). Lancez make avec un compte ordinaire.",
        )
    )


def not_ours(folder: Path) -> Refusal:
    return Refusal(
        say(
            f"{folder} belongs to somebody else, or is a link; Omni does not put a server's files there. Remove it and try again.",
            f"{folder} appartient à quelqu'un d'autre ou est un lien ; Omni n'y met pas les fichiers d'un serveur. Supprimez-le et réessayez.",
        )
    )


def command_failed(command: str, last_lines: Sequence[str]) -> Refusal:
    return Refusal(
        say(
            f"`{command}` failed. Run the same command again once this is mended:",
            f"`{command}` a échoué. Relancez la même commande une fois ceci réparé :",
        )
        + _quoted(last_lines)
    )


def page_not_answering(url: str, log: Path, last_lines: Sequence[str]) -> Refusal:
    return Refusal(
        say(
            f"{url} does not answer. The log of the web server is {log}; its end:",
            f"{url} ne répond pas. Le journal du serveur web est {log} ; sa fin :",
        )
        + _quoted(last_lines)
    )


def database_unreachable(url: str, last_lines: Sequence[str]) -> Refusal:
    return Refusal(
        say(
            f"DATABASE_URL names a server that cannot be used ({url}). Mend it, or unset DATABASE_URL to use the demo's own server:",
            f"DATABASE_URL désigne un serveur inutilisable ({url}). Corrigez-la, ou retirez-la pour utiliser celui de la démo :",
        )
        + _quoted(last_lines)
    )


def foreign_database(url: str) -> Refusal:
    return Refusal(
        say(
            f"DATABASE_URL names a server of your own ({url}); Omni does not empty it. Unset DATABASE_URL to reset the demo's own server.",
            f"DATABASE_URL désigne votre propre serveur ({url}) ; Omni ne le vide pas. Retirez DATABASE_URL pour réinitialiser celui de la démo.",
        )
    )


def unknown_target(target: str, known: Iterable[str]) -> Refusal:
    names = ", ".join(known)
    return Refusal(
        say(f"There is no target {target!r}; there are {names}.", f"Pas de cible {target!r} ; il y a {names}.")
    )


def missing(what: str) -> Refusal:
    return Refusal(
        say(
            f"{what} is missing in this checkout. Is it complete? git status tells.",
            f"{what} manque dans ce dossier. Est-il complet ? git status le dira.",
        )
    )


def _at(where: str) -> str:
    return f" ({os.path.abspath(where)})" if where else ""


def _quoted(lines: Sequence[str]) -> str:
    return "".join(f"\n    {line}" for line in lines)
