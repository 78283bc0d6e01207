"""Results as JSON lines: first the machine, then one line a figure."""

import datetime
import json
import math
import os
import sys

KEY = ("workload", "config", "peer", "variant", "metric")
# How far losses and norms of gradients of two systems may differ, relative to their size.
SAME = {"W1": (1e-5, 1e-4), "W2": (1e-5, 1e-3), "W3": (1e-10, 1e-8)}


class Store:
    """A file of results.

    Every run has a name, the time of its begin. Of a figure the newest run counts, and of its rounds
    the best one.
    """

    def __init__(self, path):
        self.path, self.machine, self.lines, self.run = path, {}, [], None
        if os.path.exists(path):
            with open(path) as file:
                for number, line in enumerate(file, 1):
                    self.read(line, number)

    def read(self, line, number):
        try:
            value = json.loads(line)
        except json.JSONDecodeError:
            print(f"{self.path}:{number}: no JSON, left out", file=sys.stderr)
            return
        if "machine" in value:
            self.machine = value["machine"]
        elif {"run", "name", *KEY} <= value.keys():
            self.lines.append(value)
        else:
            print(f"{self.path}:{number}: no result, left out", file=sys.stderr)

    def begin(self, machine, resumes):
        """Begins a run, or goes on with the last one."""
        if self.lines and self.machine.get("cpu") != machine["cpu"]:
            old = self.path.replace(".jsonl", "-elsewhere.jsonl")
            os.replace(self.path, old)
            print(f"results of another machine moved to {old}")
            self.lines = []
        runs = sorted(line["run"] for line in self.lines)
        now = datetime.datetime.now().isoformat(timespec="seconds")
        self.run = runs[-1] if resumes and runs else now
        self.machine = machine
        self.save()

    def has(self, case, turn):
        """Whether the run at hand has measured a case without an error."""
        key = (self.run, case.name, case.workload, turn)
        return any(
            (line["run"], line["name"], line["workload"], line["round"]) == key
            and line.get("value") is not None
            for line in self.lines
        )

    def took(self, case):
        """The seconds that a case took the last time; none if it is new."""
        known = [line for line in self.lines if line["name"] == case.name]
        return known[-1]["took_s"] if known else None

    def add(self, case, turn, seconds, records, is_quick):
        """Keeps what a case printed; whatever happens next, it is in the file."""
        common = {"run": self.run, "name": case.name, "round": turn, "took_s": round(seconds, 1)}
        common["quick"] = is_quick
        lines = [common | record for record in records]
        self.lines += lines
        with open(self.path, "a") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)

    def save(self):
        """Writes the file anew, with what counts."""
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self.lines = self.current()
        with open(self.path + ".new", "w") as file:
            file.write(json.dumps({"machine": self.machine}) + "\n")
            file.writelines(json.dumps(line) + "\n" for line in self.lines)
        os.replace(self.path + ".new", self.path)

    def current(self):
        """The lines of the newest run of each figure."""
        newest = {}
        for line in self.lines:
            key = tuple(line.get(part) for part in KEY)
            newest[key] = max(newest.get(key, ""), line["run"])
        return [line for line in self.lines if line["run"] == newest[tuple(map(line.get, KEY))]]

    @property
    def records(self):
        """One record for each figure: the best of its rounds."""
        best = {}
        for line in self.current():
            key = tuple(line.get(part) for part in KEY)
            if line.get("value") is None or math.isnan(line["value"]):
                continue
            known = best.get(key)
            if known is None or is_better(line, known):
                best[key] = line
        return list(best.values())

    @property
    def failures(self):
        """What was tried without a result, and not with one later on."""
        done = {(line["workload"], line["name"]): line["run"] for line in self.records}
        return [
            line
            for line in self.current()
            if line.get("value") is None
            and done.get((line["workload"], line["name"]), "") < line["run"]
        ]

    def disagreements(self):
        """What does not agree with the reference, and losses and gradients that differ."""
        wrong = []
        for record in self.records:
            if record.get("agrees") is False:
                wrong.append(f"{title(record)} with the reference: {record['errors']}")
        for record in self.records:
            if record["peer"] != "thalweg":
                wrong += self.differences(record)
        return wrong + [f"{line['workload']} {line['name']}: {line['error']}" for line in self.failures]

    def differences(self, other):
        limits = SAME.get(other["workload"])
        question = (other["workload"], other["config"])
        found = []
        for own in self.records:
            if limits is None or own["peer"] != "thalweg":
                continue
            if (own["workload"], own["config"]) != question:
                continue
            for name, limit in zip(("loss", "grad_norm"), limits):
                if name in own and name in other:
                    difference = abs(own[name] - other[name]) / abs(other[name])
                    if not difference <= limit:
                        found.append(f"{title(own)} and {title(other)}: {name} by {difference:.1e}")
        return found


def is_better(a, b):
    """Less time, or a higher rate."""
    return a["value"] > b["value"] if a["unit"].endswith("/s") else a["value"] < b["value"]


def title(record):
    return f"{record['workload']} {record['config']}, {record['peer']} {record['variant']}".strip()
