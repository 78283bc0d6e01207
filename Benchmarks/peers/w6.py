"""W6: explicit nonlinear diffusion of an image of 512 x 512 and of 262,144 points on a line."""

import time

import numpy as np

import harness
from harness import Case, Memory, chirp, compared, rates

TAU = {"2d": 0.2, "1d": 0.4}
STEEPNESS = 100.0  # 1 / 0.1²
# On a line the errors have the pattern of the data, which the probe sees √n times as large.
LIMITS = {"2d": {"result": 5e-6}, "1d": {"result": 1e-4}}


def data(dimension, dtype=np.float32):
    if dimension == "2d":
        u = chirp((512, 512), 0.4, 0.1)
        u[128:384, 128:384] += 1
    else:
        u = chirp((262144,), 0.4, 0.1)
        u[65536:196608] += 1
    return u.astype(dtype)


def parts(u, axis):
    """All but the first, and all but the last, along an axis."""
    return (u[1:], u[:-1]) if axis == 0 else (u[:, 1:], u[:, :-1])


def finish(case, times, memory, u, **more):
    u = np.asarray(u, dtype=np.float64).ravel()
    expected = harness.reference("W6")[case.config]
    scale = expected["result"]["norm"] / np.sqrt(u.size)
    samples = [u[k * u.size // 8 + 1000] for k in range(8)]
    errors = [harness.distance(u, expected["result"]), abs(u.mean() - expected["mean"]) / scale]
    errors += [abs(a - b) / scale for a, b in zip(samples, expected["samples"])]
    return (
        {"metric": "steps per second", "unit": "1/s", "peak_rss_mib": memory.mebibytes}
        | rates(times, case.options["steps"])
        | compared({"result": float(max(errors))}, LIMITS[case.options["dimension"]])
        | more
    )


def in_place(u, law, dimension, steps, square_root):
    """The plain formulas with as few temporaries as there can be, for arrays of NumPy or torch."""
    tau, axes = TAU[dimension], range(u.ndim)
    for _ in range(steps):
        differences = [upper - lower for upper, lower in (parts(u, axis) for axis in axes)]
        for axis, d in zip(axes, differences):
            s = d * d
            s *= STEEPNESS
            s += 1
            if law == "charbonnier":
                s = square_root(s, out=s)
            d /= s
            d *= tau
            upper, lower = parts(u, axis)
            lower += d
            upper -= d
    return u


def next_image(u, law, dimension, library, pad):
    """One step as a formula; nothing crosses the boundary."""
    change = 0
    for axis in range(u.ndim):
        upper, lower = parts(u, axis)
        d = upper - lower
        s = 1 + d * d * STEEPNESS
        flow = pad(d / (s if law == "perona-malik" else library.sqrt(s)), axis)
        after, before = parts(flow, axis)
        change = change + (after - before)
    return u + TAU[dimension] * change


def run_numpy(case):
    start = data(case.options["dimension"])
    law, dimension, steps = (case.options[name] for name in ("law", "dimension", "steps"))
    return measured(case, lambda: in_place(start.copy(), law, dimension, steps, np.sqrt))


def run_torch(case):
    torch = harness.load_torch(case)
    law, dimension, steps = (case.options[name] for name in ("law", "dimension", "steps"))
    start = torch.from_numpy(data(dimension))
    pad = lambda f, axis: torch.nn.functional.pad(f, (1, 1) if axis == f.ndim - 1 else (0, 0, 1, 1))
    step = lambda u: next_image(u, law, dimension, torch, pad)
    more = {}
    if case.variant == "compile":
        step = torch.compile(step, dynamic=False)

    def solve():
        with torch.no_grad():
            u = start.clone()
            if case.variant == "in place":
                return in_place(u, law, dimension, steps, torch.sqrt)
            for _ in range(steps):
                u = step(u)
            return u

    if case.variant == "compile":
        begin = time.perf_counter()
        solve()
        more["compile_s"] = time.perf_counter() - begin
    return measured(case, solve, **more)


def run_jax(case):
    jax = harness.load_jax()
    import jax.numpy as jnp

    law, dimension, steps = (case.options[name] for name in ("law", "dimension", "steps"))
    start = jnp.asarray(data(dimension))
    pad = lambda f, axis: jnp.pad(f, [(1, 1) if a == axis else (0, 0) for a in range(f.ndim)])
    step = lambda _, u: next_image(u, law, dimension, jnp, pad)
    solve = lambda u: jax.lax.fori_loop(0, steps, step, u)
    compiled, compile_s = harness.compiled(jax, solve, start)
    return measured(case, lambda: jax.block_until_ready(compiled(start)), compile_s=compile_s)


def run_numba(case):
    import numba

    law, dimension, steps = (case.options[name] for name in ("law", "dimension", "steps"))
    one, steepness, tau = np.float32(1), np.float32(STEEPNESS), np.float32(TAU[dimension])
    is_rational = law == "perona-malik"

    @numba.njit(fastmath=True, inline="always")
    def flux(d):
        s = one + d * d * steepness
        return d / s if is_rational else d / np.sqrt(s)

    @numba.njit(parallel=True, fastmath=True)
    def image(u, steps):
        rows, columns = u.shape
        v = np.empty_like(u)
        last = columns - 1
        for _ in range(steps):
            for i in numba.prange(rows):
                up, down = max(i - 1, 0), min(i + 1, rows - 1)
                c = u[i, 0]
                v[i, 0] = c + tau * (flux(u[i, 1] - c) + flux(u[down, 0] - c) - flux(c - u[up, 0]))
                for j in range(1, last):
                    c = u[i, j]
                    across = flux(u[i, j + 1] - c) - flux(c - u[i, j - 1])
                    v[i, j] = c + tau * (across + flux(u[down, j] - c) - flux(c - u[up, j]))
                c = u[i, last]
                along = flux(u[down, last] - c) - flux(c - u[up, last])
                v[i, last] = c + tau * (along - flux(c - u[i, last - 1]))
            u, v = v, u
        return u

    @numba.njit(parallel=True, fastmath=True)
    def line(u, steps):
        last = u.size - 1
        v = np.empty_like(u)
        for _ in range(steps):
            for i in numba.prange(1, last):
                v[i] = u[i] + tau * (flux(u[i + 1] - u[i]) - flux(u[i] - u[i - 1]))
            v[0] = u[0] + tau * flux(u[1] - u[0])
            v[last] = u[last] - tau * flux(u[last] - u[last - 1])
            u, v = v, u
        return u

    loop, start = (image if dimension == "2d" else line), data(dimension)
    begin = time.perf_counter()
    loop(start.copy(), 1)
    compile_s = time.perf_counter() - begin
    return measured(case, lambda: loop(start.copy(), steps), compile_s=compile_s)


def measured(case, solve, **more):
    with Memory() as memory:
        u = solve()
    return finish(case, harness.timed(solve, case.quick), memory, u, **more)


def cases():
    ways = [
        ("numpy", "in place", run_numpy),
        ("torch", "in place", run_torch),
        ("torch", "compile", run_torch),
        ("jax", "fori_loop", run_jax),
        ("numba", "parallel", run_numba),
    ]
    for dimension in ("2d", "1d"):
        for law in ("perona-malik", "charbonnier"):
            for steps in (100, 1000):
                config = f"{law} {dimension} {steps} steps"
                options = {"law": law, "dimension": dimension, "steps": steps}
                for peer, variant, run in ways:
                    yield Case("W6", config, peer, variant, run, options)


if __name__ == "__main__":
    harness.main(list(cases()))
