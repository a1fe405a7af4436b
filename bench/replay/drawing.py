"""The plot, drawn by hand as SVG: each store's queues over the day, and how long each action took."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from html import escape

from bench.replay.figures import LIMIT_MS, Action, Findings, Sample

WIDTH, LEFT = 1120, 24
PANEL_WIDTH, PANEL_HEIGHT, GAP = 524, 92, 24
ROW, LABEL = 22, 190
STYLE = """
text { font: 12px system-ui, sans-serif; fill: #1d2026 } .head { font-size: 20px; font-weight: 600 }
.name { font-weight: 600 } .quiet { fill: #62676f } .frame { fill: none; stroke: #d9d7cf } .ground { fill: #fbfaf7 }
.prepare { fill: #2f5fd0; fill-opacity: .28; stroke: #2f5fd0; stroke-width: 1.2 }
.ready { fill: none; stroke: #23804a; stroke-width: 1.6; stroke-dasharray: 5 3 }
.limit { stroke: #b3261e; stroke-dasharray: 2 3 }
.fifty { fill: #2f5fd0 } .slow { fill: #2f5fd0; fill-opacity: .45 } .slowest { fill: #2f5fd0; fill-opacity: .2 }
@media (prefers-color-scheme: dark) {
  text { fill: #ecebe7 } .quiet { fill: #a3a7ae } .ground { fill: #16181c } .frame { stroke: #3a3d44 }
  .prepare, .fifty, .slow, .slowest { fill: #86a8ff } .prepare { stroke: #86a8ff }
  .ready { stroke: #6fcf97 } .limit { stroke: #ff8a80 }
}
"""


def plot(found: Findings, *, title: str, begins: timedelta, seconds: float) -> str:
    """Return the SVG. `begins` is the time of day at which the samples' second 0 stands."""
    stores = sorted({one.store for one in found.samples})
    panels_height = -(-len(stores) // 2) * (PANEL_HEIGHT + 52)
    shown = {name: one for name, one in found.actions.items() if one.is_clerks}
    height = 116 + panels_height + 64 + ROW * len(shown) + 48
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
        f'<text class="head" x="{LEFT}" y="40">{escape(title)}</text>',
        f'<text class="quiet" x="{LEFT}" y="62">{escape(summary(found))}</text>',
        legend(LEFT, 82),
    ]
    by_store: dict[str, list[Sample]] = defaultdict(list)
    for one in found.samples:
        by_store[one.store].append(one)
    most = max((max(one.to_prepare, one.ready) for one in found.samples), default=1) or 1
    for number, store in enumerate(stores):
        x = LEFT + (number % 2) * (PANEL_WIDTH + GAP)
        y = 136 + (number // 2) * (PANEL_HEIGHT + 52)
        parts += panel(found, store, by_store[store], x=x, y=y, most=most, begins=begins, seconds=seconds)
    parts += bars(shown, y=136 + panels_height + 20)
    return "\n".join([*parts, "</svg>\n"])


def summary(found: Findings) -> str:
    """Return the day in one line."""
    given, kept = sum(one.given for one in found.kept.values()), sum(one.kept for one in found.kept.values())
    ends = ", ".join(f"{count} {status}" for status, count in sorted(found.ends.items()))
    share = f"{100 * kept / given:.1f} % of {given} promises kept" if given else "no promise given"
    return f"{ends}; {share}; audit {'differs' if found.differences else 'clean'}"


def legend(x: float, y: float) -> str:
    """Return what area and line mean."""
    area = f'<rect class="prepare" x="{x}" y="{y}" width="18" height="10"/>'
    line = f'<path class="ready" d="M{x + 190} {y + 5}h22"/>'
    words = ((26, "to prepare or in hand"), (220, "ready, waits for its owner"))
    return area + line + "".join(f'<text x="{x + right}" y="{y + 9}">{word}</text>' for right, word in words)


def panel(
    found: Findings,
    store: str,
    samples: Sequence[Sample],
    *,
    x: float,
    y: float,
    most: int,
    begins: timedelta,
    seconds: float,
) -> list[str]:
    """Return one store: its queues on the scale of all, its promises, and hours below."""
    kept = found.kept.get(store)
    share = f"{kept.kept} of {kept.given} promises kept" if kept and kept.given else "no promise"
    told = f"{share}; longest queue {max((one.to_prepare for one in samples), default=0)}"
    at = [(x + PANEL_WIDTH * min(1.0, one.at / seconds), one) for one in samples]

    def height(count: int) -> float:
        return y + PANEL_HEIGHT * (1 - count / most)

    area = "".join(f"L{px:.1f} {height(one.to_prepare):.1f}" for px, one in at)
    line = "".join(f"{'L' if number else 'M'}{px:.1f} {height(one.ready):.1f}" for number, (px, one) in enumerate(at))
    parts = [
        f'<text class="name" x="{x}" y="{y - 8}">{escape(store)}</text>',
        f'<text class="quiet" x="{x + PANEL_WIDTH}" y="{y - 8}" text-anchor="end">{told}</text>',
        f'<rect class="frame" x="{x}" y="{y}" width="{PANEL_WIDTH}" height="{PANEL_HEIGHT}"/>',
        f'<text class="quiet" x="{x + 4}" y="{y + 14}">{most}</text>',
    ]
    if at:
        parts.append(
            f'<path class="prepare" d="M{at[0][0]:.1f} {y + PANEL_HEIGHT}{area}L{at[-1][0]:.1f} {y + PANEL_HEIGHT}Z"/>'
        )
        parts.append(f'<path class="ready" d="{line}"/>')
    return parts + list(_hours(x, y + PANEL_HEIGHT + 16, begins, seconds))


def _hours(x: float, y: float, begins: timedelta, seconds: float) -> Iterable[str]:
    for part in (0.0, 0.5, 1.0):
        minutes = int((begins + timedelta(seconds=seconds * part)).total_seconds() // 60)
        anchor = {0.0: "start", 0.5: "middle", 1.0: "end"}[part]
        words = f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
        yield f'<text class="quiet" x="{x + PANEL_WIDTH * part:.1f}" y="{y}" text-anchor="{anchor}">{words}</text>'


def bars(actions: dict[str, Action], *, y: float) -> list[str]:
    """Return a bar for each action of a clerk: half, nineteen twentieths, and ninety-nine hundredths of the times."""
    longest = max([one.p99_ms for one in actions.values()] + [LIMIT_MS * 1.1])
    room = WIDTH - 2 * LEFT - LABEL - 130
    scale = room / longest
    x = LEFT + LABEL
    limit = x + LIMIT_MS * scale
    parts = [f'<text class="name" x="{LEFT}" y="{y}">What clerks wait for: p50, p95, p99 in milliseconds</text>']
    for number, (name, one) in enumerate(actions.items()):
        top = y + 24 + number * ROW
        parts.append(f'<text x="{LEFT}" y="{top + 11}">{escape(name)}</text>')
        for style, value in (("slowest", one.p99_ms), ("slow", one.p95_ms), ("fifty", one.p50_ms)):
            parts.append(f'<rect class="{style}" x="{x}" y="{top}" width="{value * scale:.1f}" height="13"/>')
        words = f"{one.p50_ms:.0f} · {one.p95_ms:.0f} · {one.p99_ms:.0f}   ×{one.count}"
        parts.append(f'<text class="quiet" x="{x + room + 8}" y="{top + 11}">{words}</text>')
    end = y + 24 + len(actions) * ROW
    parts.append(f'<path class="limit" d="M{limit:.1f} {y + 12}V{end}"/>')
    parts.append(
        f'<text class="quiet" x="{limit:.1f}" y="{end + 14}" text-anchor="middle">{LIMIT_MS:.0f} ms promised</text>'
    )
    return parts
