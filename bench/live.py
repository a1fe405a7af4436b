"""`python -m bench.live`: a hundred tablets that keep today's queue fresh, once by asking every 20 s, once by a stream.

Prints, for each way: requests and transactions a second (each statement of a poll is one), CPU of the web server,
and how long a change takes to be on the screen. The stream is a prototype that lives only here: one process, one
LISTEN, a hundred open answers; whoever is rung asks for the queue as a poll does. Wants `DATABASE_URL` with the demo.
"""

import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

import django
import psycopg

TABLETS, SECONDS, EVERY, CHANGE_EVERY = 100, 60, 20.0, 5.0
PORT, STREAM_PORT = 8190, 8191
SERVER = ["-m", "granian", "--interface", "wsgi", "omni.wsgi:application", "--workers", "2", "--blocking-threads", "2"]
TOUCH = """
UPDATE fulfilment_fulfilment SET promised_at = promised_at
WHERE id = (SELECT id FROM fulfilment_fulfilment WHERE location_id = %s AND ended_at IS NULL ORDER BY random() LIMIT 1)
"""


def sessions(count: int) -> list[tuple[str, int]]:
    """Return cookies of people of the demo, spread over its stores, and the store each works in."""
    from django.conf import settings
    from django.test import Client

    from omni.staff.models import StoreAccess, User

    made = []
    person = User.objects.get(login="sophie")
    stores = sorted(StoreAccess.objects.filter(user=person).values_list("location_id", flat=True))
    for number in range(count):
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["store"] = stores[number % len(stores)]
        session.save()
        made.append((client.cookies[settings.SESSION_COOKIE_NAME].value, session["store"]))
    return made


class Tablet:
    """One tablet: a kept connection, the version it shows, how long its answers took, when it saw each change."""

    def __init__(self, cookie: str, store: int) -> None:
        self.cookie, self.store, self.version = cookie, store, ""
        self.took: list[float] = []
        self.statuses: list[int] = []
        self.fresh_at = 0.0
        self.wire: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self) -> None:
        """Poll once, on the connection that is kept; a server that has hung up meanwhile is called again."""
        try:
            await self._ask()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.wire = None
            await self._ask()

    async def _ask(self) -> None:
        started = time.perf_counter()
        if self.wire is None or self.wire[1].is_closing():
            self.wire = await asyncio.open_connection("127.0.0.1", PORT)
        reader, writer = self.wire
        path = f"/today/?version={self.version}"
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: omni_session={self.cookie}\r\n"
        writer.write(f"{head}HX-Request: true\r\nX-Omni-Poll: 1\r\n\r\n".encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        status = int(answer.split()[1])
        if status != 204:
            body = await self._body(reader, answer)
            if b'data-version="' in body:
                self.version = body.split(b'data-version="')[1].split(b'"')[0].decode()
            self.fresh_at = time.perf_counter()
        self.took.append(time.perf_counter() - started)
        self.statuses.append(status)

    async def _body(self, reader: asyncio.StreamReader, head: str) -> bytes:
        if "content-length:" in head:
            return await reader.readexactly(int(head.split("content-length:")[1].split()[0]))
        body = b""
        while size := int((await reader.readline()).strip(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
        return body


async def polling(tablet: Tablet, until: float) -> None:
    await asyncio.sleep(random.uniform(0, EVERY))
    while time.perf_counter() < until:
        await tablet.ask()
        await asyncio.sleep(EVERY)


async def streaming(tablet: Tablet, until: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", STREAM_PORT)
    writer.write(f"GET /{tablet.store} HTTP/1.1\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    while (left := until - time.perf_counter()) > 0:
        with suppress(TimeoutError):
            if await asyncio.wait_for(reader.readuntil(b"\n\n"), left):
                await tablet.ask()
    writer.close()


async def changing(stores: list[int], until: float, tablets: list[Tablet], seen: list[float]) -> None:
    """Change an order every few seconds; note how long until each tablet of the store shows it."""
    watchers = []
    async with await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], autocommit=True) as base:
        while time.perf_counter() < until - EVERY:
            store = random.choice(stores)
            await base.execute(TOUCH, [store])
            await base.execute("SELECT pg_notify('omni_live', %s)", [str(store)])
            changed = time.perf_counter()
            for tablet in [one for one in tablets if one.store == store]:
                watchers.append(asyncio.create_task(_seen(tablet, changed, until, seen)))
            await asyncio.sleep(CHANGE_EVERY)
    await asyncio.gather(*watchers)


async def _seen(tablet: Tablet, changed: float, until: float, seen: list[float]) -> None:
    while tablet.fresh_at < changed:
        if time.perf_counter() > until:
            return
        await asyncio.sleep(0.02)
    seen.append(tablet.fresh_at - changed)


def stream_server() -> None:
    """The prototype: one process, one LISTEN, an open answer per tablet."""

    async def run() -> None:
        streams: dict[str, list[asyncio.StreamWriter]] = {}

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.read(2000)
            if not head:
                return  # somebody only looked whether we are here
            store = head.split()[1].decode().strip("/")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            streams.setdefault(store, []).append(writer)

        await asyncio.start_server(take, "127.0.0.1", STREAM_PORT)
        async with await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"], autocommit=True) as base:
            await base.execute("LISTEN omni_live")
            async for note in base.notifies():
                for writer in streams.get(note.payload, []):
                    writer.write(b"data: changed\n\n")

    asyncio.run(run())


def cpu_seconds(pids: list[int]) -> float:
    """Return user and system seconds of these processes and their children."""
    ticks = 0
    for pid in pids:
        for task in [pid, *(int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]:
            ticks += sum(int(part) for part in Path(f"/proc/{task}/stat").read_text().rsplit(")", 1)[1].split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK")


def committed() -> int:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as base:
        row = base.execute("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()").fetchone()
        return int(row[0]) if row else 0


async def measure(way: str, cookies: list[tuple[str, int]], pids: list[int]) -> str:
    tablets = [Tablet(*one) for one in cookies]
    for tablet in tablets:
        await tablet.ask()
        tablet.took.clear()
        tablet.statuses.clear()
    await asyncio.sleep(2)
    until, started = time.perf_counter() + SECONDS, time.perf_counter()
    before, base, seen = cpu_seconds(pids), committed(), list[float]()
    one = polling if way == "asking" else streaming
    stores = sorted({tablet.store for tablet in tablets})
    work = [one(tablet, until) for tablet in tablets]
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*work, changing(stores, until, tablets, seen)), SECONDS + 2)
    passed = time.perf_counter() - started
    await asyncio.sleep(1.5)  # PostgreSQL's figures come a moment later
    took = sorted(value for tablet in tablets for value in tablet.took) or [0.0]
    fresh = sorted(seen) or [0.0]
    nothing = sum(tablet.statuses.count(204) for tablet in tablets)
    return (
        f"| {way} | {len(took) / passed:.1f} | {nothing / len(took):.0%} | {(committed() - base) / passed:.1f} "
        f"| {(cpu_seconds(pids) - before) / passed:.1%} | {statistics.median(took) * 1000:.0f} "
        f"| {took[int(len(took) * 0.95)] * 1000:.0f} | {statistics.median(fresh):.2f} | {fresh[-1]:.1f} |"
    )


def wait_for(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit(f"nobody listens on {port}")


def main() -> None:
    if sys.argv[1:] == ["stream-server"]:
        return stream_server()
    django.setup()
    cookies = sessions(TABLETS)
    web = subprocess.Popen([sys.executable, *SERVER, "--host", "127.0.0.1", "--port", str(PORT)])
    stream = subprocess.Popen([sys.executable, "-m", "bench.live", "stream-server"])
    for port in (PORT, STREAM_PORT):
        wait_for(port)
    try:
        print(
            "| way | requests/s | 204 | transactions/s | CPU of one core | p50 ms | p95 ms | seen after s | at most s |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        for way, pids in (("asking", [web.pid]), ("stream", [web.pid, stream.pid])):
            if sys.argv[1:] in ([], [way]):
                print(asyncio.run(measure(way, cookies, pids)), flush=True)
        print(f"load {os.getloadavg()[0]:.1f}")
    finally:
        for process in (web, stream):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()


if __name__ == "__main__":
    main()
