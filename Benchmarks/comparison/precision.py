"""Steps of controlled size: a table of work, and a picture of work against precision."""

import math
import os

from comparison import tables

METHODS = {
    "tsitouras5": "#0550ae", "dormand-prince5": "#cf222e", "dormand-prince8": "#1b7c83",
    "kvaerno5": "#bc4c00",
}  # fmt: skip
PANEL, GAP, HEAD, FOOT = 250, 60, 76, 46
LINE = "#d0d7de"


def section(records):
    """One row for each tolerance, with time, evaluations and error of both systems."""
    heads = ["", "Thalweg", "evaluations", "error", "diffrax", "evaluations", "error"]
    rows = [[*heads, "times as fast", "evaluations saved"]]
    speeds, savings = [], []
    for config in dict.fromkeys(record["config"] for record in records):
        pair = [tables.best(records, config, peer) for peer in ("thalweg", "diffrax")]
        if None in pair:
            continue
        own, other = pair
        cells = [cell for record in pair for cell in figures(record)]
        speeds.append(tables.ratio(own, other))
        savings.append(1 - own["evaluations"] / other["evaluations"])
        rows.append([config, *cells, f"**{tables.times(speeds[-1])}**", f"{round(100 * savings[-1])} %"])
    text = "Microseconds a solve; diffrax has one processor, with which it is the fastest."
    if speeds:
        text += (
            f" Thalweg is {min(speeds):.3g} to {max(speeds):.3g} times as fast, with"
            f" {100 * min(savings):.0f} to {100 * max(savings):.0f} % fewer evaluations."
            " Of an implicit method what is linearised is not counted on either side."
        )
    return f"{text}\n\n{tables.table(rows)}\n\n{tables.costs(records)}"


def figures(record):
    error = record["errors"]["result"]
    return [tables.figure(record), f"{record['evaluations']:,}", f"{error:.1e}"]


# ------------------------------------------------------------------------------- picture


def write(path, store):
    """A panel for each problem: the error over the evaluations, of each method and system."""
    problems = {}
    for record in store.records:
        if record["workload"] != "adaptive" or not record["errors"]["result"] > 0:
            continue
        problem, method, _ = record["config"].split(" ")
        point = (record["evaluations"], record["errors"]["result"])
        problems.setdefault(problem, {}).setdefault((method, record["peer"]), []).append(point)
    if not problems:
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(drawn(problems))


def drawn(problems):
    columns = min(3, len(problems))
    lines = math.ceil(len(problems) / columns)
    width = 20 + columns * (PANEL + GAP)
    height = HEAD + lines * (PANEL + FOOT)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        ' font-family="system-ui, sans-serif" font-size="11" fill="#24292f">',
        f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>',
        text(20, 26, "Error at the end over evaluations of the dynamics", 15),
        text(20, 44, "Full lines: Thalweg. Dashed: diffrax, with the same methods and control.", 12),
    ]
    for index, (method, color) in enumerate(METHODS.items()):
        x = 20 + 130 * index
        parts.append(f'<line x1="{x}" x2="{x + 18}" y1="60" y2="60" stroke="{color}" stroke-width="2"/>')
        parts.append(text(x + 24, 64, method))
    for index, (problem, series) in enumerate(problems.items()):
        left = 20 + (index % columns) * (PANEL + GAP) + 36
        parts += panel(left, HEAD + (index // columns) * (PANEL + FOOT) + 20, problem, series)
    return "\n".join([*parts, "</svg>", ""])


def panel(left, top, problem, series):
    points = [point for line in series.values() for point in line]
    bounds = [
        (math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))))
        for values in zip(*points)
    ]
    side = PANEL - 30

    def place(point):
        parts = [(math.log10(v) - low) / (high - low) for v, (low, high) in zip(point, bounds)]
        return left + side * parts[0], top + side * (1 - parts[1])

    result = [text(left, top - 6, problem, 12)]
    for power in range(bounds[0][0], bounds[0][1] + 1):
        x = place((10.0**power, 10.0 ** bounds[1][0]))[0]
        result.append(rule(x, x, top, top + side))
        result.append(text(x, top + side + 14, f"{10**power:,}", 10, "middle"))
    for power in range(bounds[1][0], bounds[1][1] + 1, 2):
        y = place((10.0 ** bounds[0][0], 10.0**power))[1]
        result.append(rule(left, left + side, y, y))
        result.append(text(left - 5, y + 4, f"1e{power}", 10, "end"))
    for (method, peer), line in series.items():
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, sorted(line)))
        dash = "" if peer == "thalweg" else ' stroke-dasharray="5 4"'
        result.append(
            f'<polyline points="{path}" fill="none" stroke="{METHODS[method]}" stroke-width="2"'
            f"{dash}><title>{method}, {peer}</title></polyline>"
        )
        # A tolerance is a point: full ones are Thalweg's.
        fill = "#ffffff" if dash else METHODS[method]
        for x, y in map(place, line):
            result.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" stroke="{METHODS[method]}"'
                f' stroke-width="1.5" fill="{fill}"/>'
            )
    return result


def rule(x1, x2, y1, y2):
    return f'<line x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}" stroke="{LINE}"/>'


def text(x, y, content, size=11, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}">{content}</text>'
