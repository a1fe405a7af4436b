"""Without a network: one page that says what can wait. On the device: files and scans, nothing of anybody."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from omni.staff.models import User
from tests import factories, journeys
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.sitting import on_azerty, press, seat
from tests.conftest import House

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = """async () => {
  const files = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const text = request.url.includes("/static/") ? "" : await (await cache.match(request)).text();
      files.push([new URL(request.url).pathname, text]);
    }
  }
  return { files, local: JSON.stringify(localStorage), session: JSON.stringify(sessionStorage) };
}"""


def test_the_offline_page_is_all_that_is_kept_and_nobody_is_named(
    chromium: Any, live_server: Any, house: House, clerk: User
) -> None:
    fulfilment = journeys.ready(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk, paid=1000), by=clerk)
    walk = seat(chromium, live_server.url, clerk, "/today/")
    page = walk.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{live_server.url}/pickups/{fulfilment.public_id}/hand-over/")
    page.wait_for_load_state("networkidle")
    kept = page.evaluate(KEPT)
    pages = [path for path, _text in kept["files"] if not path.startswith("/static/")]
    assert pages == ["/offline/"]
    everything = str(kept)
    for word in ("Camille", "Martin", "Clara", fulfilment.order.number):
        assert word not in everything, word
    walk.context.set_offline(True)
    page.goto(f"{live_server.url}/today/")
    expect(page.locator("h1")).to_have_text("No network")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith(("Inter", '"Inter'))
    walk.context.set_offline(False)
    page.locator("h1", has_text="No network").wait_for(state="detached", timeout=15_000)
    assert page.url.endswith("/today/")
    walk.context.close()


def test_the_device_page_tells_layout_timing_and_ending(
    chromium: Any, live_server: Any, house: House, clerk: User
) -> None:
    walk = seat(chromium, live_server.url, clerk, "/scanner/")
    posted: list[str] = []
    walk.page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    press(walk.page, on_azerty(str(house.variants[0].gtin)), gap=20)
    walk.page.locator("[data-fact=code]", has_text=str(house.variants[0].gtin)).wait_for()
    facts = {name: walk.page.text_content(f"[data-fact={name}]") for name in ("check", "layout", "ending", "raw")}
    assert facts["check"] == "right"
    assert facts["layout"] == "scanner QWERTY, device AZERTY: repaired"
    assert facts["ending"] == "Enter"
    assert "é" in str(facts["raw"])
    assert posted == []
    walk.context.close()


def _video(path: Path, code: str) -> None:
    """Draw an EAN-13 as a film of a few grey frames (YUV4MPEG2)."""
    left = {"L": [f"{bits:07b}" for bits in (13, 25, 19, 61, 35, 49, 47, 59, 55, 11)]}
    left["G"] = ["".join("10"[int(bit)] for bit in one)[::-1] for one in left["L"]]
    parity = f"{(0, 11, 13, 14, 19, 25, 28, 21, 22, 26)[int(code[0])]:06b}".translate({48: "L", 49: "G"})
    first = "".join(left[kind][int(digit)] for kind, digit in zip(parity, code[1:7], strict=True))
    second = "".join("".join("10"[int(bit)] for bit in left["L"][int(digit)]) for digit in code[7:])
    bars = "0" * 12 + f"101{first}01010{second}101" + "0" * 12
    width, height, module = 640, 480, 5
    row = bytearray([235]) * width
    start = (width - len(bars) * module) // 2
    for index, bar in enumerate(bars):
        if bar == "1":
            row[start + index * module : start + (index + 1) * module] = bytes([16]) * module
    white = bytes([235]) * width
    luma = b"".join(bytes(row) if 120 <= line < 360 else white for line in range(height))
    frame = b"FRAME\n" + luma + bytes([128]) * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 10)


def test_the_camera_reads_an_article_and_opens_who_waits_for_it(
    chromium: Any, live_server: Any, house: House, clerk: User, tmp_path: Path
) -> None:
    fulfilment = journeys.fulfilment_of(journeys.placed(house.lille, {house.skus[0]: 1}, by=clerk))
    film = tmp_path / "code.y4m"
    _video(film, factories.gtin(1))
    flags = [*FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=[*flags, f"--use-file-for-fake-video-capture={film}"]
    )
    walk = seat(browser, live_server.url, clerk, "/scan/camera/")
    fetched: list[str] = []
    walk.page.on("request", lambda request: fetched.append(request.url))
    assert not any("barcode-detector" in url for url in fetched)
    walk.page.click("[data-camera-switch]")
    walk.page.wait_for_url(f"**/pickups/{fulfilment.public_id}/picking/", timeout=30_000)
    assert all(url.startswith((live_server.url, "blob:", "data:")) for url in fetched), fetched
    assert walk.errors == []
    walk.context.close()
    browser.close()
