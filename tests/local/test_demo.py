"""When the demo loads its retailer, and when it leaves what it finds."""

import pytest

from omni.local import demo, folders, greeting, refusals
from omni.local.progress import Progress


@pytest.fixture
def called(tmp_path, monkeypatch):
    """Return the management commands that are called; `load_demo` writes its file as the real one does."""
    calls = []
    monkeypatch.setattr(folders, "DEMO", folders.make(tmp_path / "demo"))
    monkeypatch.setattr(greeting, "FILE", tmp_path / "demo.json")

    def manage(arguments, environment, progress, *, aloud=False):
        calls.append(arguments[0])
        if arguments[0] == "load_demo":
            if environment.get("CUT"):
                raise refusals.Refusal("cut off")
            greeting.FILE.write_text("{}")

    monkeypatch.setattr(demo, "manage", manage)
    monkeypatch.setattr(demo, "is_empty", lambda url: url == "empty")
    return calls


def prepare(which="own", url="", **environment):
    demo.prepare_database({"DATABASE_URL": url, **environment}, Progress(), which=which)


def test_the_retailer_is_loaded_once(called):
    prepare()
    prepare()

    assert called == ["migrate", "load_demo"]


def test_changed_migrations_are_carried_out(called, monkeypatch):
    prepare()
    monkeypatch.setattr(demo, "state_of_migrations", lambda: "another")
    prepare()

    assert called == ["migrate", "load_demo", "migrate"]


def test_the_state_of_migrations_follows_every_migration_of_the_house(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("django==5.2")
    (tmp_path / "shop" / "stock" / "migrations").mkdir(parents=True)
    (tmp_path / "shop" / "__init__.py").touch()
    states = [demo.state_of_migrations()]
    for text in ("one", "two"):
        (tmp_path / "shop" / "stock" / "migrations" / "0001_first.py").write_text(text)
        states.append(demo.state_of_migrations())

    assert len(set(states)) == 3
    assert states[-1] == demo.state_of_migrations()


def test_a_load_that_was_cut_off_is_begun_again(called):
    with pytest.raises(refusals.Refusal):
        prepare(CUT="1")
    prepare()

    assert called == ["migrate", "load_demo", "load_demo"]


def test_another_database_is_loaded_of_its_own(called):
    prepare()
    prepare(which="postgres://shop@db.example/omni")

    assert called == ["migrate", "load_demo", "migrate", "load_demo"]


def test_a_database_that_was_emptied_is_loaded_again(called):
    prepare()
    prepare(url="empty")

    assert called == ["migrate", "load_demo", "migrate", "load_demo"]


def test_lost_logins_are_made_again(called):
    prepare()
    greeting.FILE.unlink()
    prepare()

    assert called == ["migrate", "load_demo", "load_demo"]
