"""A picture of all ratios: a bar for each question, a dot for each system."""

import math
import os

from comparison import tables

WIDTH, LEFT, RIGHT, ROW, TOP = 900, 270, 76, 18, 92
COLORS = {
    "torch": "#cf222e", "torchdiffeq": "#bc4c00", "revtorch": "#bf3989", "jax": "#8250df",
    "diffrax": "#0550ae", "numba": "#1b7c83", "numpy": "#57606a", "cvodes": "#116329",
    "scipy": "#9a6700",
}  # fmt: skip
AHEAD, BEHIND, GRAY, LINE = "#2da44e", "#d4a72c", "#57606a", "#d0d7de"


def write(path, store):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(drawn(rows(store.records)))


def rows(records):
    """Of each workload its questions, each with the ratio to the fastest way of every system."""
    groups = []
    for workload, heading in tables.HEADINGS.items():
        if workload not in tables.COLUMNS and workload != "W2":
            continue
        mine = [record for record in records if record["workload"] == workload]
        questions = []
        for config in dict.fromkeys(record["config"] for record in mine):
            own = tables.best(mine, config, "thalweg")
            peers = [tables.best(mine, config, peer) for peer in COLORS]
            ratios = {p["peer"]: tables.ratio(own, p) for p in peers if p and own}
            if ratios:
                questions.append((config, ratios))
        if questions:
            groups.append((heading, questions))
    return groups


class Axis:
    """A logarithmic axis that holds all ratios."""

    def __init__(self, ratios):
        self.low = math.floor(math.log10(min(ratios, default=1) * 0.999))
        self.high = math.ceil(math.log10(max(ratios, default=10) * 1.001))
        self.low = min(self.low, -1)
        self.high = max(self.high, 1)

    def place(self, ratio):
        part = (math.log10(ratio) - self.low) / (self.high - self.low)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def ticks(self):
        return [10.0**power for power in range(self.low, self.high + 1)]


def drawn(groups):
    axis = Axis([ratio for _, questions in groups for _, r in questions for ratio in r.values()])
    count = sum(len(questions) + 1.6 for _, questions in groups)
    height = int(TOP + ROW * count + 24)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="system-ui, sans-serif" font-size="12" fill="#24292f">',
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#ffffff"/>',
        text(20, 26, "How many times as fast as other systems Thalweg is", size=15, bold=True),
        text(20, 44, "Bar and number: against the fastest of the others. Dots: the fastest way of each.", color=GRAY),
    ]
    parts += legend(groups) + scale(axis, height)
    y = TOP + ROW * 0.6
    for heading, questions in groups:
        y += ROW * 0.6
        parts.append(text(20, y, heading, bold=True))
        y += ROW
        for config, ratios in questions:
            parts += bar(axis, y, config, ratios)
            y += ROW
    return "\n".join([*parts, "</svg>", ""])


def legend(groups):
    present = {peer for _, questions in groups for _, ratios in questions for peer in ratios}
    parts, x = [], 20
    for peer, color in COLORS.items():
        if peer in present:
            parts.append(f'<circle cx="{x + 4}" cy="60" r="4" fill="{color}"/>')
            parts.append(text(x + 12, 64, peer))
            x += 26 + 7.2 * len(peer)
    return parts


def scale(axis, height):
    parts = []
    for tick in axis.ticks():
        x = axis.place(tick)
        color, width = (GRAY, 1.5) if tick == 1 else (LINE, 1)
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{height - 16}" stroke="{color}"'
            f' stroke-width="{width}"/>'
        )
        label = f"{tick:,.0f}×" if tick >= 1 else f"{tick:g}×"
        parts.append(text(x, TOP - 6, label, anchor="middle", color=GRAY))
    return parts


def bar(axis, y, config, ratios):
    least = min(ratios.values())
    x, one = axis.place(least), axis.place(1)
    left, width = min(x, one), max(abs(x - one), 1)
    parts = [
        text(LEFT - 10, y, config, anchor="end", size=11),
        text(WIDTH - 16, y, tables.times(least), anchor="end", size=11),
        f'<rect x="{left:.1f}" y="{y - 9.5:.1f}" width="{width:.1f}" height="11" rx="2"'
        f' fill="{AHEAD if least >= 1 else BEHIND}" fill-opacity="0.55"/>',
    ]
    for peer, ratio in sorted(ratios.items(), key=lambda pair: -pair[1]):
        parts.append(
            f'<circle cx="{axis.place(ratio):.1f}" cy="{y - 4:.1f}" r="3.6"'
            f' fill="{COLORS[peer]}"><title>{peer} {ratio:.2f}×</title></circle>'
        )
    return parts


def text(x, y, content, anchor="start", color="#24292f", size=12, bold=False):
    weight = ' font-weight="600"' if bold else ""
    escaped = content.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}"'
        f' font-size="{size}"{weight}>{escaped}</text>'
    )
