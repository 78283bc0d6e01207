"""The tables of the page, out of the results."""

from comparison import alone, blocks, precision

# The columns of a table: a system, and whether its ways with steps of variable size are meant.
COLUMNS = {
    "W1": ["torchdiffeq", "torchdiffeq adaptive", "torch", "diffrax", "diffrax adaptive", "jax"],
    "W3": ["torchdiffeq", "torch", "diffrax", "jax"],
    "W4": ["cvodes", "scipy", "diffrax"],
    "W5": ["torch", "jax"],
    "W6": ["numpy", "torch", "jax", "numba"],
}
HEADINGS = {
    "W1": "Spiral neural ODE (W1)",
    "W2": "Convolutional blocks (W2)",
    "W3": "Small systems (W3)",
    "W4": "Stiff diffusion with a reaction (W4)",
    "adaptive": "Steps of controlled size",
    "W5": "Eigenvalues of a layer (W5)",
    "W6": "Nonlinear diffusion (W6)",
}
NOTES = {
    "W1": "Milliseconds a training step.",
    "W3": "Milliseconds a solve, or a solve with its gradient.",
    "W4": "Milliseconds a solve, or a solve with its gradient.",
    "W5": "Seconds; the other systems multiply, SciPy and NumPy call ARPACK and LAPACK.",
    "W6": "Steps a second.",
}
BUSY = 0.1  # cores that other processes may use before a figure is marked


def section(store):
    """Everything between the marks of the page."""
    records = store.records
    parts = [alone.machine(store)]
    for workload in HEADINGS:
        own = [record for record in records if record["workload"] == workload]
        if not own:
            continue
        body = SECTIONS.get(workload, comparison)(workload, own)
        parts.append(f"### {HEADINGS[workload]}\n\n{dates(own)}\n\n{body}")
    parts += alone.tables_of(records)
    if store.failures:
        lines = [f"- {f['workload']} {f['name']}: {f['error']}" for f in store.failures]
        parts.append("### Not measured\n\n" + "\n".join(lines))
    return "\n\n".join(part for part in parts if part)


def dates(records):
    """When records were measured, and whether anything disturbed it."""
    days = sorted({record["run"][:10] for record in records})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    trial = " in a short trial" if any(record.get("quick") for record in records) else ""
    busy = any(record.get("others", 0) > BUSY for record in records)
    note = " ° other processes were busy meanwhile." if busy else ""
    return f"Measured {when}{trial}.{note}"


def comparison(workload, records):
    """One row a question: Thalweg, and of each system its fastest way with the ratio."""
    systems = [s for s in COLUMNS[workload] if any(stands_in(r, s) for r in records)]
    rows = [["", "Thalweg", *systems, "ahead of the fastest"]]
    notes = {}
    for config in dict.fromkeys(record["config"] for record in records):
        own = best(records, config, "thalweg")
        cells = [
            best([r for r in records if stands_in(r, system)], config, system.split(" ")[0])
            for system in systems
        ]
        if own is None:
            continue
        for system, cell in zip(systems, cells):
            if cell:
                notes.setdefault(system, {}).setdefault(cell["variant"], []).append(config)
        texts = [f"{figure(cell)} ({times(ratio(own, cell))})" if cell else "" for cell in cells]
        ahead = [ratio(own, cell) for cell in cells if cell]
        rows.append([config, f"**{figure(own)}**", *texts, f"**{times(min(ahead))}**" if ahead else ""])
    return f"{NOTES[workload]} {ways(notes)}\n\n{table(rows)}\n\n{costs(records)}"


def stands_in(record, column):
    """Whether a record belongs in a column."""
    peer, _, adaptive = column.partition(" ")
    return record["peer"] == peer and ("adaptive" in record["variant"]) == bool(adaptive)


def ways(notes):
    """Which way was the fastest of each system."""
    parts = []
    for system, variants in notes.items():
        parts.append(f"{system}: {' or '.join(sorted(variants))}")
    return "Of each system its fastest way stands here (" + "; ".join(parts) + ")." if parts else ""


def costs(records):
    """What compiling takes, and how far the results are from the reference at most."""
    lines = []
    for peer in dict.fromkeys(["thalweg"] + [record["peer"] for record in records]):
        mine = [record for record in records if record["peer"] == peer]
        compile_s = [r["compile_s"] for r in mine if r.get("compile_s") is not None]
        errors = [error for r in mine for error in (r.get("errors") or {}).values()]
        parts = []
        if compile_s:
            extremes = dict.fromkeys([seconds(min(compile_s)), seconds(max(compile_s))])
            parts.append(f"compiled in {' to '.join(extremes)}")
        if errors:
            parts.append(f"errors at most {max(errors):.0e}")
        if parts:
            name = "Thalweg" if peer == "thalweg" else peer
            lines.append(f"{name} {', '.join(parts)}")
    return "; ".join(lines) + "." if lines else ""


def best(records, config, peer, variants=None):
    """The fastest exact record of a system for a question, or the fastest of given ways."""
    found = [
        record
        for record in records
        if record["config"] == config
        and record["peer"] == peer
        and (record["variant"] in variants if variants else "Winograd" not in record["variant"])
    ]
    sign = -1 if found and found[0]["unit"].endswith("/s") else 1
    return min(found, key=lambda record: sign * record["value"], default=None)


def ratio(own, other):
    """How many times faster Thalweg is."""
    quotient = other["value"] / own["value"]
    return 1 / quotient if own["unit"].endswith("/s") else quotient


def times(quotient):
    """A ratio: two digits where systems are close, three elsewhere."""
    if quotient >= 1000:
        return f"{quotient:,.0f}×"
    return f"{quotient:.2f}×" if 0.1 < quotient < 10 else f"{quotient:.3g}×"


def figure(record):
    """A value with the mark of disturbed ones."""
    value = record["value"]
    text = f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
    return text + ("°" if record.get("others", 0) > BUSY else "")


def seconds(value):
    return f"{1000 * value:.2g} ms" if value < 0.1 else f"{value:.2g} s"


SECTIONS = {
    "W2": lambda _, records: blocks.section(records),
    "adaptive": lambda _, records: precision.section(records),
}


def table(rows):
    """A table of Markdown, its first row the headings."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines)
