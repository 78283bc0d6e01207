"""Which configurations are measured, and in which order."""

import dataclasses
import os
import subprocess
import sys

PEERS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "peers")

# Those of Thalweg alone, and those that the other systems share.
ALONE = ["machine", "convolution", "elementwise", "overhead", "memory"]
SHARED = ["W1", "W3", "W6", "W4", "W5", "adaptive", "W2"]
WORKLOADS = ["machine", *SHARED, *ALONE[1:]]


@dataclasses.dataclass
class Case:
    """One configuration of one system."""

    workload: str
    config: str
    name: str  # what its program calls it
    command: list
    is_own: bool

    @property
    def label(self):
        system = "thalweg" if self.is_own else "peer"
        return f"{self.workload} {self.name} [{system}]"


def cases(workloads, thalweg, python):
    """All cases; those of one question stand together, Thalweg and the others taking turns."""
    chosen = []
    for workload in workloads:
        own = listed(workload, [thalweg, "bench", workload], ["--json"], is_own=True)
        others = []
        if workload in SHARED:
            script = os.path.join(PEERS, f"{workload.lower()}.py")
            others = listed(workload, [python, script], [], is_own=False)
        for config in dict.fromkeys(case.config for case in own + others):
            mine = [case for case in own if case.config == config]
            theirs = [case for case in others if case.config == config]
            for turn in range(max(len(mine), len(theirs))):
                chosen += mine[turn : turn + 1] + theirs[turn : turn + 1]
    return chosen


def listed(workload, command, flags, is_own):
    """The cases that a program names; a name is the question, a comma, and the way to answer it."""
    try:
        run = subprocess.run([*command, "--list"], capture_output=True, text=True, check=True)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{' '.join(command)} --list: {error.stderr.strip()}")
    result = []
    for name in run.stdout.splitlines():
        config = name.split(", ")[0] if workload in SHARED else name
        result.append(Case(workload, config, name, [*command, *flags, "--filter", name], is_own))
    return result
