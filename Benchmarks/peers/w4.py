"""W4: the Brusselator on lines of 128, 1,024 and 8,192 cells, stiff by diffusion.

CVODES is compiled from w4_cvodes.c and needs SUNDIALS 6 (Debian: libsundials-dev); where it is not
installed for all, SUNDIALS names the folder with its include and lib.
"""

import ctypes
import glob
import os
import subprocess
import tempfile
import time

import numpy as np

import harness
from harness import Case, Memory, compared, scaled

SIZES = (128, 1024, 8192)
TARGETS = {"to 1e-4": 1e-4, "to 1e-6": 1e-6, "gradient": 1e-6}
TOLERANCES = [10 ** (-k / 2) for k in range(4, 21)]
DIFFUSION = np.array([0.02, 0.02])
END = 10.0
# Derivatives of a solution have larger errors than the solution.
GRADIENT = 1e-3


def start(n):
    """u and v of every cell, [2, n]."""
    x = np.arange(1, n + 1) / (n + 1)
    return np.stack([1 + np.sin(2 * np.pi * x), np.full(n, 3.0)])


def reaction(y, library):
    u, v = y[0], y[1]
    growth = u * u * v
    return library.stack([1 + growth - 4 * u, 3 * u - growth])


def spread(y, diffusion, library, edges=(1.0, 3.0)):
    """Diffusion by second differences, with fixed values beyond the ends."""
    scale = (y.shape[1] + 1) ** 2
    rows = [library.concatenate([library.array([e]), r, library.array([e])]) for e, r in zip(edges, y)]
    return library.stack([a * scale * (r[:-2] - 2 * r[1:-1] + r[2:]) for a, r in zip(diffusion, rows)])


def slope(y, diffusion, library):
    """The right-hand side, of [2, n]."""
    return reaction(y, library) + spread(y, diffusion, library)


def bands(y, diffusion):
    """The Jacobian of interleaved unknowns, as five diagonals."""
    u, v = y[0::2], y[1::2]
    n = u.size
    rates = diffusion * (n + 1) ** 2
    result = np.zeros((5, 2 * n))
    result[0, 2:] = np.tile(rates, n - 1)
    result[4, :-2] = np.tile(rates, n - 1)
    result[1, 1::2] = u * u
    result[3, 0::2] = 3 - 2 * u * v
    result[2, 0::2] = 2 * u * v - 4 - 2 * rates[0]
    result[2, 1::2] = -u * u - 2 * rates[1]
    return result


def interleaved(y):
    return np.ascontiguousarray(y.T).ravel()


# ------------------------------------------------------------------------------- systems


def cvodes(case):
    """tolerance -> final state, gradient, counts."""
    folder = tempfile.mkdtemp()
    library, source = os.path.join(folder, "w4.so"), os.path.join(harness.HERE, "w4_cvodes.c")
    places, root = [], os.environ.get("SUNDIALS")
    if root:
        found = glob.glob(os.path.join(root, "lib*", "**", "libsundials_cvodes.so"), recursive=True)
        lib = os.path.dirname(found[0]) if found else os.path.join(root, "lib")
        places = ["-I" + os.path.join(root, "include"), "-L" + lib, "-Wl,-rpath," + lib]
    parts = ["cvodes", "nvecserial", "sunlinsolband", "sunlinsolspgmr", "sunmatrixband"]
    command = ["cc", "-O3", "-march=native", "-shared", "-fPIC", source, "-o", library, *places]
    subprocess.run([*command, *("-lsundials_" + part for part in parts), "-lm"], check=True)
    follow = ctypes.CDLL(library).follow
    pointer = ctypes.POINTER(ctypes.c_double)
    n, way = case.options["cells"], case.options["way"]

    def solve(tolerance, differentiates=False):
        end, gradient, counts = np.zeros(2 * n), np.zeros(2), np.zeros(3, dtype=np.int64)
        status = follow(
            ctypes.c_long(n), ctypes.c_double(tolerance), way, end.ctypes.data_as(pointer),
            gradient.ctypes.data_as(pointer) if differentiates else None,
            counts.ctypes.data_as(ctypes.POINTER(ctypes.c_long)),
        )  # fmt: skip
        if status != 0:
            raise RuntimeError(f"CVODES returned {status}")
        return end.reshape(n, 2).T, gradient, {"steps": int(counts[0]), "evaluations": int(counts[1])}

    return solve, {}


def scipy(case):
    from scipy.integrate import solve_ivp
    from scipy.sparse import dia_matrix

    n, way = case.options["cells"], case.options["way"]
    first = interleaved(start(n))
    f = lambda t, y: interleaved(slope(y.reshape(n, 2).T, DIFFUSION, np))
    if way == "LSODA":
        packed = {"jac": lambda t, y: bands(y, DIFFUSION), "lband": 2, "uband": 2}
    else:
        offsets = [2, 1, 0, -1, -2]
        sparse = lambda t, y: dia_matrix((bands(y, DIFFUSION), offsets), shape=(2 * n, 2 * n)).tocsc()
        packed = {"jac": sparse}

    def solve(tolerance, differentiates=False):
        run = solve_ivp(f, (0, END), first, method=way, rtol=tolerance, atol=tolerance, **packed)
        assert run.status == 0, run.message
        return run.y[:, -1].reshape(n, 2).T, None, {"steps": run.t.size - 1, "evaluations": run.nfev}

    return solve, {}


def diffrax(case):
    jax = harness.load_jax(double=True)
    import diffrax as dfx
    import jax.numpy as jnp
    import lineax as lx
    import optimistix as optx

    n, (name, linear) = case.options["cells"], case.options["way"]
    first = jnp.asarray(start(n))
    if name == "KenCarp4":
        explicit = dfx.ODETerm(lambda t, y, p: reaction(y, jnp))
        terms = dfx.MultiTerm(explicit, dfx.ODETerm(lambda t, y, p: spread(y, p, jnp)))
    else:
        terms = dfx.ODETerm(lambda t, y, p: slope(y, p, jnp))
    well = lx.AutoLinearSolver(well_posed=None)
    krylov = lx.GMRES(rtol=1e-3, atol=1e-6, restart=40, stagnation_iters=40)

    def integrate(p, tolerance):
        finder = optx.Newton(
            rtol=tolerance, atol=tolerance, linear_solver=krylov if linear == "GMRES" else well)  # fmt: skip
        control = dfx.PIDController(rtol=tolerance, atol=tolerance)
        solver = getattr(dfx, name)(root_finder=finder)
        return dfx.diffeqsolve(
            terms, solver, 0.0, END, None, first, args=p, stepsize_controller=control,
            max_steps=20_000, throw=False)  # fmt: skip

    def end(p, tolerance):
        run = integrate(p, tolerance)
        return run.ys[-1], run.stats["num_steps"], dfx.is_okay(run.result)

    def loss(p, tolerance):
        y, steps, isOkay = end(p, tolerance)
        return (y * y).sum() / (4 * n), (y, steps, isOkay)

    p = jnp.asarray(DIFFUSION)
    differentiates = case.options["task"] == "gradient"
    function = jax.value_and_grad(loss, has_aux=True) if differentiates else end
    compiled, compile_s = harness.compiled(jax, function, p, jnp.asarray(1e-4))

    def solve(tolerance, _=False):
        result = jax.block_until_ready(compiled(p, jnp.asarray(tolerance)))
        gradient = np.asarray(result[1]) if differentiates else None
        y, steps, is_okay = result[0][1] if differentiates else result
        if not bool(is_okay):
            raise RuntimeError(f"diffrax gave up after {int(steps)} steps")
        return np.asarray(y), gradient, {"steps": int(steps)}

    return solve, {"compile_s": compile_s}


# ------------------------------------------------------------------------------- measurement


def run(case):
    """Times the cheapest tolerance that reaches the target."""
    n, task = case.options["cells"], case.options["task"]
    solve, more = case.options["system"](case)
    expected = harness.reference("W4")[f"cells={n}"]
    target, differentiates = TARGETS[task], task == "gradient"
    best, reached, begin = None, 0, time.perf_counter()
    for tolerance in TOLERANCES[:: case.options["stride"]]:
        try:
            clock = time.perf_counter()
            y, gradient, counts = solve(tolerance, differentiates)
            seconds = time.perf_counter() - clock
        except RuntimeError:
            continue
        if seconds < 1:
            clock = time.perf_counter()
            solve(tolerance, differentiates)
            seconds = min(seconds, time.perf_counter() - clock)
        error = distance(y, expected)
        if error <= target:
            reached += 1
            if best is None or seconds < best[0]:
                best = (seconds, tolerance, error, gradient, counts)
        if reached == 2 or differentiates and reached == 1 or time.perf_counter() - begin > 600:
            break
    if best is None:
        raise SystemExit(f"{case.name}: no tolerance reaches an error of {target}")
    _, tolerance, error, gradient, counts = best
    with Memory() as memory:
        solve(tolerance, differentiates)
    times = harness.timed(lambda: solve(tolerance, differentiates), case.quick, warm=True)
    errors, limits = {"result": error}, {"result": target, "gradient": GRADIENT}
    if differentiates:
        known = np.array(expected["gradient"])
        errors["gradient"] = float(np.linalg.norm(gradient - known) / np.linalg.norm(known))
        more |= harness.described(gradient)
    return (
        {"metric": "ms per gradient" if differentiates else "ms per solve", "unit": "ms"}
        | scaled(times, 1e3)
        | {"tolerance": tolerance, "peak_rss_mib": memory.mebibytes}
        | counts
        | compared(errors, limits)
        | more
    )


def distance(y, expected):
    """The error relative to the norm; the reference is a sum of Chebyshev polynomials."""
    x = 2 * np.arange(1, y.shape[1] + 1) / (y.shape[1] + 1) - 1
    known = np.stack([np.polynomial.chebyshev.chebval(x, expected[name]) for name in ("u", "v")])
    return float(np.linalg.norm(y - known) / np.linalg.norm(known))


def cases():
    ways = [
        ("cvodes", "BDF, band", cvodes, 0, SIZES, 1),
        ("cvodes", "BDF, GMRES with band preconditioner", cvodes, 2, SIZES, 1),
        ("cvodes", "BDF, GMRES", cvodes, 1, (128,), 2),
        ("scipy", "BDF, sparse", scipy, "BDF", SIZES, 1),
        ("scipy", "Radau, sparse", scipy, "Radau", SIZES, 1),
        ("scipy", "LSODA, band", scipy, "LSODA", SIZES, 1),
        ("diffrax", "Kvaerno5, dense", diffrax, ("Kvaerno5", "dense"), (128,), 1),
        ("diffrax", "KenCarp4, dense", diffrax, ("KenCarp4", "dense"), (128,), 1),
        ("diffrax", "Kvaerno5, GMRES", diffrax, ("Kvaerno5", "GMRES"), (128, 1024), 2),
    ]
    for n in SIZES:
        for task in TARGETS:
            for peer, variant, system, way, sizes, stride in ways:
                has_gradient = peer == "diffrax" or variant == "BDF, band"
                if n not in sizes or task == "gradient" and not has_gradient:
                    continue
                options = {"cells": n, "task": task, "system": system, "way": way, "stride": stride}
                name = "BDF, band, forward sensitivities" if (peer, task) == ("cvodes", "gradient") else variant
                yield Case("W4", f"cells={n} {task}", peer, name, run, options)


if __name__ == "__main__":
    harness.main(list(cases()))
