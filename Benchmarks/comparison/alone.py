"""The tables of what only Thalweg is measured by, and of the machine."""

from comparison import tables


def machine(store):
    """The machine, its limits, and the versions."""
    about = store.machine
    if not about:
        return ""
    versions = ", ".join(f"{name} {version}" for name, version in about["versions"].items())
    text = (
        f"{about['cores']} cores of {about['cpu']} ({about['vectors']}), {about['system']}."
        f" {versions}."
    )
    records = [record for record in store.records if record["workload"] == "machine"]
    rows = [["limit", "1 thread", "all threads"]]
    for config in dict.fromkeys(record["config"] for record in records):
        cells = [tables.best(records, config, "thalweg", [v]) for v in ("1 thread", "all threads")]
        rows.append([config] + [f"{c['value']:.3g} {c['unit']}" if c else "" for c in cells])
    limits = f"\n\n{tables.dates(records)}\n\n{tables.table(rows)}" if records else ""
    return f"### The machine\n\n{text}{limits}"


def tables_of(records):
    """The tables of all workloads that have no other systems."""
    makers = {
        "convolution": convolution, "elementwise": elementwise, "overhead": overhead,
        "memory": memory,
    }  # fmt: skip
    parts = []
    for workload, make in makers.items():
        chosen = [record for record in records if record["workload"] == workload]
        if chosen:
            parts.append(make(chosen))
    return parts


def convolution(records):
    rows = [["batch 64", "1 thread", "of the peak", "all threads", "times as fast"]]
    for config in dict.fromkeys(record["config"] for record in records):
        one = tables.best(records, config, "thalweg", ["1 thread"])
        all_threads = tables.best(records, config, "thalweg", ["all threads"])
        row = [config, "", "", "", ""]
        if one:
            row[1] = f"{one['gigaflops']:.0f} GFLOP/s"
            row[2] = f"{100 * one.get('fraction_of_peak', 0):.0f} %"
        if all_threads:
            row[3] = f"{all_threads['gigaflops']:.0f} GFLOP/s"
        if one and all_threads:
            row[4] = f"{one['value'] / all_threads['value']:.2f}"
        rows.append(row)
    head = "### Passes of a 3×3 convolution\n\n" + tables.dates(records)
    return f"{head} Channels × height × width.\n\n{tables.table(rows)}"


def elementwise(records):
    rows = [["", "1 thread, ns", "times a copy", "all threads, ns", "times a copy"]]
    for config in dict.fromkeys(record["config"] for record in records):
        row = [config]
        for variant in ("1 thread", "all threads"):
            record = tables.best(records, config, "thalweg", [variant])
            row += [f"{record['value']:.3g}", f"{record['times_copy']:.1f}"] if record else ["", ""]
        rows.append(row)
    head = "### Functions of a million floats\n\n" + tables.dates(records)
    return f"{head} Nanoseconds an element.\n\n{tables.table(rows)}"


def overhead(records):
    rows = [["RK4 step of a 2-50-2 tanh network", "µs"]]
    rows += [[record["metric"].removeprefix("µs "), f"{record['value']:.2f}"] for record in records]
    return f"### A step's overhead\n\n{tables.dates(records)}\n\n{tables.table(rows)}"


def memory(records):
    ways = list(dict.fromkeys(record["variant"] for record in records))
    rows = [["steps", *(way.replace(":", ", budget ") for way in ways)]]
    for config in dict.fromkeys(record["config"] for record in records):
        row = [config.removeprefix("verlet ").removesuffix(" steps")]
        for way in ways:
            record = tables.best(records, config, "thalweg", [way])
            row.append(f"{record['value']:.3g} MiB" if record else "")
        rows.append(row)
    return (
        f"### Memory against depth\n\n{tables.dates(records)} High-water mark of the resident set of"
        " a fresh process after one training step of a Hamiltonian convolutional network, a state"
        " of 8 × 16 × 32 × 32 single-precision numbers, Verlet, weights shared by all steps."
        f"\n\n{tables.table(rows)}"
    )
