"""A real PostgreSQL out of the wheel: made, started, killed, refused, stopped."""

import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from omni.local import folders, postgres, refusals
from omni.local.postgres import Cluster

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the embedded servers run on Linux and macOS")


@pytest.fixture(scope="module")
def place():
    """Return a folder that an unprivileged account may pass through, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="omni-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@pytest.fixture(scope="module")
def cluster(place):
    """A cluster that keeps its promises, as the demo's does."""
    logs, folders.LOGS = folders.LOGS, place / "log"
    made = Cluster(place / "demo")
    made.start()
    yield made
    made.stop()
    folders.LOGS = logs
    if made.home != made.folder:
        shutil.rmtree(made.home)


def connect(cluster, database="omni"):
    return psycopg.connect(cluster.url(database).replace("postgres://", "postgresql://"), autocommit=True)


def show(cluster, setting):
    with connect(cluster) as connection:
        return connection.execute(f"SHOW {setting}").fetchone()[0]


def test_it_answers_with_the_locale_and_the_promises_of_production(cluster):
    assert show(cluster, "server_encoding") == "UTF8"
    assert show(cluster, "fsync") == "on"
    assert show(cluster, "synchronous_commit") == "on"
    assert show(cluster, "listen_addresses") == ""
    with connect(cluster) as connection:
        row = connection.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'omni'",
        ).fetchone()
    assert row == ("b", "C.UTF-8")


def test_nobody_comes_in_without_the_password(cluster):
    stranger = cluster.url().replace("postgres://omni:", "postgresql://omni:not-")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stranger)


def test_socket_password_and_data_are_for_their_owners_only(cluster):
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (cluster.socket, cluster.data, cluster.password_file)]

    assert modes == [0o700, 0o700, 0o600]


def test_a_database_is_empty_until_django_has_been_there(cluster):
    assert postgres.is_empty(cluster.url())
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE django_migrations (id int)")

    assert not postgres.is_empty(cluster.url())


def test_a_server_that_cannot_be_reached_is_a_sentence_without_the_password(tmp_path):
    with pytest.raises(refusals.Refusal, match="DATABASE_URL") as refusal:
        postgres.is_empty(f"postgres://omni:secret-word@/omni?host={tmp_path}")

    assert "secret-word" not in str(refusal.value)


def test_the_server_never_runs_as_root(cluster):
    assert (cluster.data / "postmaster.pid").stat().st_uid == cluster.account.uid != 0


def test_the_extensions_that_omni_needs_are_there(cluster):
    with connect(cluster) as connection:
        for name in ("pg_trgm", "btree_gist", "unaccent", "citext"):
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")


def test_what_was_committed_survives_kill_9(cluster):
    with connect(cluster) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
        os.kill(cluster.pid, signal.SIGKILL)
        while cluster.is_alive:
            time.sleep(0.01)

    cluster.restart()

    with connect(cluster) as connection:
        assert connection.execute("SELECT n FROM kept").fetchall() == [(7,)]


def test_a_stale_lock_with_a_strangers_number_does_not_keep_it_down(cluster, monkeypatch):
    monkeypatch.setattr(postgres, "OLD_SERVER_SECONDS", 0.0)
    cluster.stop()
    lock = cluster.data / "postmaster.pid"
    with subprocess.Popen(["/bin/sleep", "60"], **cluster.account.for_popen()) as stranger:
        lock.write_text(f"{stranger.pid}\n{cluster.data}\n1700000000\n5432\n{cluster.socket}\n\n  1234567 1\nready\n")
        cluster.start()
        stranger.kill()

    assert show(cluster, "fsync") == "on"


def test_half_a_data_folder_is_refused_with_the_way_out(cluster):
    cluster.stop()
    control = cluster.data / "global" / "pg_control"
    control.rename(control.with_name("hidden"))

    with pytest.raises(refusals.Refusal, match="make demo-reset"):
        cluster.start()

    control.with_name("hidden").rename(control)
    cluster.start()


def test_data_of_another_version_is_refused(cluster):
    cluster.stop()
    version = cluster.data / "PG_VERSION"
    before = version.read_text()
    version.write_text("17\n")

    with pytest.raises(refusals.Refusal, match="PostgreSQL 17"):
        cluster.start()

    version.write_text(before)
    cluster.start()


def test_an_initialisation_that_was_cut_off_is_begun_again(place, cluster):
    folder = folders.make(place / "cut")
    draft = Cluster(folder, lasting=False)
    folders.make(draft.home / "postgres.draft" / "base")
    folders.make(draft.data)

    draft.start()

    assert show(draft, "fsync") == "off"
    draft.stop()
    assert not (draft.home / "postgres.draft").exists()
    if draft.home != draft.folder:
        shutil.rmtree(draft.home)
