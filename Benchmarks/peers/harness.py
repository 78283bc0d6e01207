"""What the workloads in this folder share: data in closed form, timing, memory, the command line.

A workload is a list of cases. A case answers a question (`config`, the same for all systems) with one
library (`peer`) in one way (`variant`), and is measured in a process of its own.
"""

import argparse
import ctypes
import dataclasses
import json
import math
import os
import resource
import subprocess
import sys
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
CORES = len(os.sched_getaffinity(0))
QUIET = 0.1  # less than this many cores in use by other processes do not disturb a measurement


def chirp(shape, phase, amplitude=1.0):
    """amplitude sin(1.7 i + 0.61 (i² mod 1013) + phase) for i = 0, 1, ... in row-major order."""
    i = np.arange(math.prod(shape), dtype=np.int64)
    return (amplitude * np.sin(1.7 * i + 0.61 * (i * i % 1013) + phase)).reshape(shape)


def reference(workload):
    """The reference values of a workload."""
    with open(os.path.join(HERE, "..", "reference", workload.lower() + ".json")) as file:
        return json.load(file)


# ------------------------------------------------------------------------------- results


def fingerprint(array):
    """The norm of an array, and its product with a chirp."""
    flat = np.asarray(array, dtype=np.float64).ravel()
    return {"norm": float(np.linalg.norm(flat)), "probe": float(flat @ chirp(flat.shape, 0.5))}


def distance(array, expected):
    """How far an array is from one of which the fingerprint is known, relative to its norm."""
    found = fingerprint(array)
    probe = math.sqrt(2) * abs(found["probe"] - expected["probe"])
    return max(abs(found["norm"] - expected["norm"]), probe) / expected["norm"]


def described(gradient):
    """Norm and probe of a gradient."""
    found = fingerprint(gradient)
    return {"grad_norm": found["norm"], "grad_probe": found["probe"]}


def flat(arrays):
    """Several arrays as one vector of doubles."""
    return np.concatenate([np.asarray(array, dtype=np.float64).ravel() for array in arrays])


def compared(errors, limits):
    """Errors with whether each of them is within its limit; what is no number is not."""
    return {"errors": errors, "agrees": all(errors[name] <= limits[name] for name in errors)}


# ------------------------------------------------------------------------------- timing


def busy_seconds():
    """Seconds that the processors were busy with anything."""
    with open("/proc/stat") as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    return sum(ticks[i] for i in (0, 1, 2, 5, 6)) / os.sysconf("SC_CLK_TCK")


class Moment:
    """A point in time, to tell what other processes did since then."""

    def __init__(self):
        self.time, self.own, self.all = time.perf_counter(), time.process_time(), busy_seconds()

    def others(self):
        """Cores that other processes have used since."""
        now = Moment()
        share = (now.all - self.all) - (now.own - self.own)
        return max(0.0, share / max(now.time - self.time, 1e-9))


def wait_for_quiet(patience):
    """Waits until other processes rest, at most so many seconds; returns the seconds it took."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < patience:
        moment = Moment()
        time.sleep(0.2)
        if moment.others() < 1.5 * QUIET:
            break
    return time.perf_counter() - begin


def wanted_bursts(seconds):
    """How many undisturbed bursts to ask for: fewer where one takes long."""
    return 7 if seconds < 1 else 5 if seconds < 4 else 3


def timed(work, quick=False, warm=False):
    """Times work() in bursts of a quarter of a second; seconds for one call.

    The value is the median of the undisturbed bursts if there are three, else the least of all.
    """
    budget, burst, patience = (1.0, 0.02, 0.0) if quick else (60.0, 0.25, 15.0)
    begin = time.perf_counter()
    if not warm:
        work()
    once = time.perf_counter()
    work()
    once = time.perf_counter() - once
    calls = max(1, math.ceil(burst / max(once, 1e-7))) if once < burst else 1
    wanted, most = (2, 2) if quick else (wanted_bursts(once), 15)
    rows, left = [], 3 * patience
    while True:
        waited = wait_for_quiet(min(patience, left))
        left -= max(0.0, waited - 0.3)
        if waited > 0.1 and once < 4:
            work()  # caches and threads have gone cold meanwhile
        moment = Moment()
        start = time.perf_counter()
        for _ in range(calls):
            work()
        rows.append(((time.perf_counter() - start) / calls, moment.others()))
        quiet = sorted(seconds for seconds, others in rows if others < QUIET)
        if len(quiet) >= wanted or len(rows) >= most:
            break
        if len(rows) >= 3 and time.perf_counter() - begin > budget:
            break
    every = sorted(seconds for seconds, _ in rows)
    return {
        "value": quiet[len(quiet) // 2] if len(quiet) >= 3 else every[0],
        "min": every[0],
        "median": every[len(every) // 2],
        "bursts": len(rows),
        "others": sorted(others for _, others in rows)[len(rows) // 2],
    }


def scaled(times, factor):
    """Times in another unit."""
    return {key: times[key] * (factor if key in ("value", "min", "median") else 1) for key in times}


def rates(times, work):
    """Work a second instead of seconds for so much work."""
    return {key: work / times[key] if key in ("value", "min", "median") else times[key] for key in times}


class Memory:
    """The growth of the resident set over a piece of work: `with Memory() as memory: ...`.

    The high-water mark is set back first, so that imports and compilation do not count.
    """

    def __enter__(self):
        ctypes.CDLL(None).malloc_trim(0)
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
        with open("/proc/self/statm") as file:
            self.before = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        return self

    def __exit__(self, *_):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.mebibytes = round(peak - self.before, 2)


# ------------------------------------------------------------------------------- command line


@dataclasses.dataclass
class Case:
    """A question, and a way to answer it with a library."""

    workload: str
    config: str
    peer: str
    variant: str
    run: callable  # (case) -> dict of results
    options: dict = dataclasses.field(default_factory=dict)
    threads: int = CORES
    quick: bool = False

    @property
    def name(self):
        return f"{self.config}, {self.peer} {self.variant}"

    def environment(self):
        """The variables that the libraries read before anything else."""
        result = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
        for name in ("OMP", "MKL", "OPENBLAS", "NUMBA"):
            result[f"{name}_NUM_THREADS"] = str(self.threads)
        result.update(PYTHONWARNINGS="ignore", JAX_PLATFORMS="cpu", TF_CPP_MIN_LOG_LEVEL="3")
        return result

    def measure(self):
        """Measures in this process and prints one JSON object."""
        if self.threads == 1:
            # JAX has no variable for it; it takes the processors that it may run on.
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        record = {key: getattr(self, key) for key in ("workload", "peer", "config", "variant")}
        record |= {"threads": self.threads} | self.run(self)
        print(json.dumps(record), flush=True)


def main(cases):
    """The command line of a workload."""
    parser = argparse.ArgumentParser(
        description=sys.modules["__main__"].__doc__,
        epilog=f"example: {os.path.basename(sys.argv[0])} --filter jax --quick",
    )
    parser.add_argument("--filter", help="cases whose name contains this, or the one of this name")
    parser.add_argument("--list", action="store_true", help="print the names of the cases and stop")
    parser.add_argument("--quick", action="store_true", help="a trial: two short bursts, no waiting")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    exact = [case for case in cases if case.name == arguments.filter]
    chosen = exact or [case for case in cases if (arguments.filter or "") in case.name]
    if not chosen:
        parser.error(f"no case is called '{arguments.filter}'; --list prints all of them")
    failed = False
    for case in chosen:
        case.quick = arguments.quick
        if arguments.list:
            print(case.name)
        elif arguments.here:
            case.measure()
        else:
            command = [sys.executable, sys.argv[0], "--here", "--filter", case.name]
            command += ["--quick"] * case.quick
            run = subprocess.run(command, env=case.environment(), check=False)
            failed = failed or run.returncode != 0
    sys.exit(1 if failed else 0)


def load_torch(case):
    """torch with the threads of a case."""
    import torch

    torch.set_num_threads(case.threads)
    return torch


def load_jax(double=False):
    """jax in single or double precision."""
    import jax

    jax.config.update("jax_enable_x64", double)
    return jax


def compiled(jax, function, *arguments):
    """A function compiled for its arguments, and the seconds that it took."""
    start = time.perf_counter()
    result = jax.jit(function).lower(*arguments).compile()
    return result, time.perf_counter() - start
