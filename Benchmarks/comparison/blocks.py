"""The tables of W2: time, the fraction of the machine's limit, and memory."""

from comparison import tables

WAYS = ["direct", "reversible", "checkpointed", "reversible, Winograd"]
KEEPING = {"torch": ["eager", "eager, channels last", "compile"], "jax": ["unrolled"]}
RECOMPUTING = {"torch": ["checkpoint", "checkpoint √N"], "jax": ["checkpoint"]}
REVERSIBLE = {"revtorch": ["revtorch"]}


def section(records):
    """All of them."""
    parts = [times(records), ratios(records), memory(records), tables.costs(records)]
    return "\n\n".join(parts)


def fastest(records, config, ways):
    """The fastest of several ways of several systems."""
    found = [tables.best(records, config, peer, names) for peer, names in ways.items()]
    return min((f for f in found if f), key=lambda record: record["value"], default=None)


def own(records, config, way):
    return tables.best(records, config, "thalweg", [way])


def configs(records):
    return dict.fromkeys(record["config"] for record in records)


def name(record):
    """As `torch compile`."""
    variant = record["variant"]
    return record["peer"] if variant == record["peer"] else f"{record['peer']} {variant}"


def times(records):
    """Milliseconds of each way, with the fraction of the peak at which it computes."""
    heads = ["", *WAYS, "fastest that keeps activations", "fastest with checkpoints", "revtorch"]
    rows = [heads]
    for config in configs(records):
        row = [config]
        for way in WAYS:
            record = own(records, config, way)
            share = record and record.get("fraction_of_peak")
            text = tables.figure(record) if record else ""
            row.append(text + (f" ({100 * share:.0f} %)" if share else ""))
        for ways in (KEEPING, RECOMPUTING, REVERSIBLE):
            record = fastest(records, config, ways)
            label = "" if record is None or ways is REVERSIBLE else f" ({name(record)})"
            row.append(f"{tables.figure(record)}{label}" if record else "")
        rows.append(row)
    text = (
        "Milliseconds for loss and gradient, and of Thalweg the fraction of the peak of"
        " multiply-adds at which its convolutions run, everything else in the step included. Winograd is"
        " fast arithmetic, which saves products: its operations are counted as those of the others,"
        " and it is left out of all ratios."
    )
    return f"{text}\n\n{tables.table(rows)}"


def ratios(records):
    heads = [
        "how many times as fast", "direct : fastest that keeps", "reversible : fastest that keeps",
        "reversible : fastest with checkpoints", "reversible : revtorch",
    ]  # fmt: skip
    rows = [heads]
    pairs = [
        ("direct", KEEPING), ("reversible", KEEPING), ("reversible", RECOMPUTING),
        ("reversible", REVERSIBLE),
    ]  # fmt: skip
    for config in configs(records):
        row = [config]
        for way, ways in pairs:
            record, other = own(records, config, way), fastest(records, config, ways)
            row.append(tables.times(tables.ratio(record, other)) if record and other else "")
        rows.append(row)
    return tables.table(rows)


def memory(records):
    """Growth of the resident set over one step, without the gradients of the kernels."""
    columns = [("thalweg", way) for way in WAYS]
    columns += [("torch", "eager"), ("torch", "compile"), ("torch", "checkpoint √N")]
    columns += [("jax", "unrolled"), ("jax", "checkpoint"), ("revtorch", "revtorch")]
    have = {(r["peer"], r["variant"]) for r in records if r.get("peak_rss_mib") is not None}
    columns = [column for column in columns if column in have]
    rows = [[""] + [v if p in ("thalweg", v) else f"{p} {v}" for p, v in columns]]
    for config in configs(records):
        row = [config]
        for peer, variant in columns:
            record = tables.best(records, config, peer, [variant])
            value = record.get("peak_rss_mib") if record else None
            row.append(f"{value - gradients(config):,.0f}" if value is not None else "")
        rows.append(row)
    text = "Memory in MiB, without the gradients of the kernels, which are the same for all:"
    return f"{text}\n\n{tables.table(rows)}"


def gradients(config):
    """MiB of the gradients of all kernels of a question, as `leapfrog 32x32x32 N=4`."""
    kind, size, steps = config.split(" ")
    layers = 2 if kind == "hamiltonian" else 1
    channels = int(size.split("x")[0]) // layers
    return 4 * 9 * channels**2 * layers * int(steps.removeprefix("N=")) / 2**20
