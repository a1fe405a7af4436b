"""Databases beside the one that DATABASE_URL names, on the same server. Needs no settings."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql


def beside(name: str) -> str:
    """Return the URL of the database `<this one>_<name>`."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"{parts.path}_{name}"))


def ensure(url: str) -> None:
    """Make the database where it is missing. Refuses, in PostgreSQL's words, who may not."""
    with _server() as server:
        if not _is_there(server, url):
            server.execute(sql.SQL("CREATE DATABASE {}").format(_name(url)))


def is_there(url: str) -> bool:
    """Whether there is such a database."""
    with _server() as server:
        return _is_there(server, url)


def drop(url: str) -> None:
    """Take the database away, and whoever is connected to it."""
    with _server() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_name(url)))


def rename(url: str, other: str) -> None:
    """Give the database another name."""
    with _server() as server:
        server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(_name(url), _name(other)))


def copy(url: str, other: str) -> None:
    """Make the other database anew, as this one is. Nobody may be connected to this one."""
    drop(other)
    with _server() as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(_name(other), _name(url)))


@contextmanager
def _server() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        yield connection


def _is_there(server: "psycopg.Connection[tuple[object, ...]]", url: str) -> bool:
    named = urlsplit(url).path.removeprefix("/")
    return server.execute("SELECT FROM pg_database WHERE datname = %s", [named]).fetchone() is not None


def _name(url: str) -> sql.Identifier:
    return sql.Identifier(urlsplit(url).path.removeprefix("/"))
