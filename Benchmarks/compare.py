#!/usr/bin/env python3
"""Measures Thalweg and other systems side by side and writes docs/benchmarks.md.

Each configuration of each system runs in a process of its own, the systems taking turns at every
question. Losses and gradients are compared; the exit code is 1 where they do not agree. Results are
kept as JSON lines, so that tables and picture can be drawn again without measuring.
"""

import argparse
import os
import sys

from comparison import environment, page, picture, plan, precision, results, runner, tables

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLES = """examples:
  compare.py                             everything; an hour and a half on a quiet machine
  compare.py W3 W6                       two workloads; the others stay in the tables as they are
  compare.py W2 --filter 'N=4,'          the questions of a workload that contain a text
  compare.py W1 --quick                  a trial in a few minutes, which leaves the page alone
  compare.py --resume                    goes on where a run was interrupted
  compare.py --tables                    tables and picture from the results that there are
"""


def parsed():
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", help=", ".join(plan.WORKLOADS))
    parser.add_argument("--filter", help="only questions or systems whose name contains this text")
    parser.add_argument("--quick", action="store_true", help="short bursts, no waiting, no page")
    parser.add_argument("--resume", action="store_true", help="skip what the last run has measured")
    parser.add_argument("--rounds", type=int, default=1, help="how often the systems take turns")
    parser.add_argument("--tables", action="store_true", help="only draw tables and picture again")
    parser.add_argument("--list", action="store_true", help="print what would be measured and stop")
    parser.add_argument("--timeout", type=float, default=900, help="seconds for one configuration")
    parser.add_argument("--python", help="an interpreter that has the other systems")
    parser.add_argument("--thalweg", default=os.path.join(ROOT, ".build", "release", "thalweg"))
    parser.add_argument("--results", help="the file of JSON lines")
    arguments = parser.parse_args()
    for name in arguments.workloads:
        if name not in plan.WORKLOADS:
            parser.error(f"no workload is called '{name}'; there are {', '.join(plan.WORKLOADS)}")
    if not os.access(arguments.thalweg, os.X_OK):
        parser.error(f"'{arguments.thalweg}' is not there; 'make build' makes it")
    return arguments


def main():
    arguments = parsed()
    folder = [".build", "bench"] if arguments.quick else ["Benchmarks", "results"]
    path = arguments.results or os.path.join(ROOT, *folder, "results.jsonl")
    store = results.Store(path)
    interrupted = False
    if not arguments.tables:
        python = arguments.python or environment.prepared(ROOT)
        cases = plan.cases(arguments.workloads or plan.WORKLOADS, arguments.thalweg, python)
        cases = [case for case in cases if not arguments.filter or arguments.filter in case.label]
        if arguments.list:
            for case in cases:
                print(case.label)
            return 0
        store.begin(environment.machine(python), resumes=arguments.resume)
        interrupted = runner.run(cases, store, arguments)
    if not store.records:
        print(f"nothing was measured; {path} is empty", file=sys.stderr)
        return 1
    text = tables.section(store)
    if arguments.quick:
        print(f"\n{text}")
    else:
        page.write(os.path.join(ROOT, "docs", "benchmarks.md"), text)
        picture.write(os.path.join(ROOT, "docs", "pictures", "benchmarks.svg"), store)
        precision.write(os.path.join(ROOT, "docs", "pictures", "work-precision.svg"), store)
        print("wrote docs/benchmarks.md, docs/pictures/benchmarks.svg and work-precision.svg")
    wrong = store.disagreements()
    for line in wrong:
        print(f"DISAGREES: {line}", file=sys.stderr)
    return 130 if interrupted else 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
