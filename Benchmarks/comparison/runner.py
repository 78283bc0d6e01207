"""Runs cases one after the other, each in a process of its own, and shows how far it is."""

import json
import os
import signal
import subprocess
import sys
import time


def run(cases, store, arguments):
    """Measures all cases; true where somebody interrupted it."""
    turns = [(turn, case) for turn in range(arguments.rounds) for case in cases]
    # The rounds of a question follow each other, so that the machine is the same for all systems.
    turns.sort(key=lambda pair: order(cases, pair[1]))
    left = [(turn, case) for turn, case in turns if not (arguments.resume and store.has(case, turn))]
    progress = Progress(left, store)
    # A polite request to end is an interruption too; nothing that was started may be left behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for index, (turn, case) in enumerate(left):
            progress.begin(index, case)
            begin = time.monotonic()
            records = measured(case, arguments)
            seconds = time.monotonic() - begin
            store.add(case, turn, seconds, records, arguments.quick)
            progress.end(case, records)
    except KeyboardInterrupt:
        print(f"\ninterrupted; {store.path} has what was measured, --resume goes on", file=sys.stderr)
        return True
    finally:
        store.save()
    return False


def order(cases, case):
    """The place of the question of a case."""
    return next(i for i, c in enumerate(cases) if (c.workload, c.config) == (case.workload, case.config))


def environment():
    """The environment without settings of OpenBLAS, which would slow down both sides."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}


def measured(case, arguments):
    """The records that a case prints, or one that says why there are none."""
    command = case.command + ["--quick"] * arguments.quick
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
        start_new_session=True,
    )  # fmt: skip
    try:
        output, errors = process.communicate(timeout=arguments.timeout)
    except subprocess.TimeoutExpired:
        end(process)
        return [failure(case, f"gave up after {arguments.timeout:g} s")]
    except KeyboardInterrupt:
        end(process)
        raise
    records = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    if records or process.returncode == 0:
        return records
    lines = [line for line in errors.splitlines() if line.strip()]
    return [failure(case, lines[-1] if lines else f"ended with status {process.returncode}")]


def end(process):
    """Ends a process with those that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def failure(case, reason):
    # The workloads of Thalweg alone have no peers.
    peer = "thalweg" if case.is_own else case.name.split(", ")[1].split(" ")[0]
    variant = "" if case.is_own else case.name.split(", ", 1)[1].removeprefix(peer + " ")
    return {
        "workload": case.workload, "config": case.config, "peer": peer, "variant": variant,
        "metric": "error", "unit": "", "value": None, "error": reason[:400],
    }  # fmt: skip


class Progress:
    """How many cases are done, and how long the others may take."""

    def __init__(self, turns, store):
        self.turns, self.store = turns, store
        self.start = time.monotonic()
        self.guesses = [store.took(case) for _, case in turns]
        self.spent = {}  # seconds of the cases of a workload, of Thalweg and of the others

    def begin(self, index, case):
        self.began = time.monotonic()
        text = f"[{index + 1}/{len(self.turns)}] {remaining(self.left(index))} left  {case.label}"
        if sys.stdout.isatty():
            print(f"\r\x1b[K{text}", end="", flush=True)
        else:
            print(text, flush=True)

    def left(self, index):
        """Seconds: what each case took the last time, or the mean of those like it."""
        seconds = 0
        for guess, (_, case) in zip(self.guesses[index:], self.turns[index:]):
            known = self.spent.get((case.workload, case.is_own))
            mean = sum(known) / len(known) if known else 3 if case.is_own else 12
            seconds += mean if guess is None else guess
        return seconds

    def end(self, case, records):
        spent = self.spent.setdefault((case.workload, case.is_own), [])
        spent.append(time.monotonic() - self.began)
        if sys.stdout.isatty():
            print("\r\x1b[K", end="")
        for record in records:
            print(f"  {case.workload} {case.name}: {summary(record)}", flush=True)


def summary(record):
    if record["value"] is None:
        return f"FAILED: {record['error']}"
    text = f"{record['value']:.4g} {record['unit']}"
    if record.get("others", 0) > 0.1:
        text += f", beside others that used {record['others']:.1f} cores"
    return text + ("" if record.get("agrees", True) else f", DISAGREES {record['errors']}")


def remaining(seconds):
    """A time as people say it."""
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{max(1, minutes)} min"
