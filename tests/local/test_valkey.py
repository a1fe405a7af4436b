"""A real Valkey out of the wheel."""

import os
import signal
import socket
import time

import pytest
import redis

from omni.local import folders
from omni.local.valkey import Broker


@pytest.fixture
def broker(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "LOGS", tmp_path / "log")
    made = Broker(tmp_path)
    made.start()
    yield made
    made.stop()


def connect(broker):
    return redis.Redis.from_url(broker.url)


def test_a_message_survives_kill_9(broker):
    connect(broker).rpush("celery", "message")
    time.sleep(1.2)  # appendfsync everysec
    os.kill(broker.pid, signal.SIGKILL)
    while broker.is_alive:
        time.sleep(0.01)

    broker.restart()

    assert connect(broker).lrange("celery", 0, -1) == [b"message"]


def test_nobody_comes_in_without_the_password(broker):
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(broker.url.replace(":", "://:wrong-", 1).replace("://:wrong-//:", "://:wrong-")).ping()


def test_a_port_that_was_taken_meanwhile_is_left_to_its_taker(broker):
    url = broker.url
    broker.stop()
    with socket.socket() as taker:
        taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taker.bind(("127.0.0.1", int(url.rpartition(":")[2].removesuffix("/0"))))
        taker.listen()
        broker.start()

        assert broker.url != url
        assert connect(broker).ping()


def test_the_port_is_kept_while_it_is_free(broker):
    url = broker.url
    broker.stop()
    broker.start()

    assert broker.url == url


def test_files_that_cannot_be_read_are_thrown_away(broker):
    broker.stop()
    (manifest,) = (broker.home / "appendonlydir").glob("*.manifest")
    manifest.write_text("nonsense\n")

    broker.start()

    assert connect(broker).ping()
