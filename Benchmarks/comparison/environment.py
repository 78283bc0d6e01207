"""The interpreter with the other systems, and what there is to say about the machine."""

import json
import os
import platform
import subprocess
import sys

PEERS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "peers")
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
PACKAGES = ["torch", "torchdiffeq", "jax", "jaxlib", "diffrax", "numpy", "scipy", "numba", "revtorch"]


def prepared(root):
    """The interpreter of a virtual environment with all requirements, made now if there is none."""
    folder = os.path.join(root, ".build", "bench-venv")
    python = os.path.join(folder, "bin", "python")
    wanted = os.path.join(PEERS, "requirements.txt")
    with open(wanted) as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    mark = os.path.join(folder, "installed.txt")
    if os.path.exists(mark) and open(mark).read() == "\n".join(lines):
        return python
    print(f"installing the other systems in {os.path.relpath(folder)} ...", flush=True)
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    torch = [line for line in lines if line.startswith("torch==")]
    others = [line for line in lines if line not in torch]
    install(python, others)
    try:
        install(python, torch, quiet=True)
    except subprocess.CalledProcessError:
        # The build for processors alone is not on the common index.
        install(python, ["--extra-index-url", TORCH_INDEX, *torch])
    with open(mark, "w") as file:
        file.write("\n".join(lines))
    return python


def install(python, what, quiet=False):
    command = [python, "-m", "pip", "install", "--quiet", "--no-deps", *what]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL if quiet else None)


def machine(python):
    """The machine and the versions of everything that is compared."""
    with open("/proc/cpuinfo") as file:
        lines = dict(line.split(":", 1) for line in file if ":" in line)
    info = {key.strip(): value.strip() for key, value in lines.items()}
    flags = info.get("flags", "").split()
    with open("/etc/os-release") as file:
        system = dict(line.rstrip().split("=", 1) for line in file if "=" in line)
    return {
        "cpu": info.get("model name", platform.machine()),
        "cores": len(os.sched_getaffinity(0)),
        "vectors": next((name for name in ("avx512f", "avx2") if name in flags), "baseline"),
        "system": system.get("PRETTY_NAME", platform.system()).strip('"'),
        "versions": versions(python),
    }


def versions(python):
    code = f"""
import json, platform
from importlib import metadata
found = {{"Python": platform.python_version()}}
for name in {PACKAGES!r}:
    try:
        found[name] = metadata.version(name)
    except metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""
    peers = json.loads(output([python, "-c", code]) or "{}")
    swift = output(["swift", "--version"]).split("version ")[-1].split(" ")[0]
    blas = output(["pkg-config", "--modversion", "openblas"]).strip()
    own = {name: value for name, value in (("Swift", swift), ("OpenBLAS", blas)) if value}
    return own | peers


def output(command):
    """What a command prints; nothing where it fails or is not there."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
