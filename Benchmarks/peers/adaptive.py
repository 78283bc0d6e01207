"""adaptive: small problems with steps of controlled size, by the same methods and the same control."""

import numpy as np

import harness
from harness import Case, compared, scaled

EXPLICIT = {"tsitouras5": "Tsit5", "dormand-prince5": "Dopri5", "dormand-prince8": "Dopri8"}
METHODS = EXPLICIT | {"kvaerno5": "Kvaerno5"}
TOLERANCES = {"1e-4": 1e-4, "1e-6": 1e-6, "1e-8": 1e-8}


def lotka_volterra(y):
    meetings = y[0] * y[1]
    return [1.5 * y[0] - meetings, meetings - 3 * y[1]]


def lorenz(y):
    turning = y[0] * (28 - y[2]) - y[1]
    return [10 * (y[1] - y[0]), turning, y[0] * y[1] - 8 / 3 * y[2]]


def brusselator(y):
    reaction = y[0] * y[0] * y[1]
    return [1 + reaction - 4 * y[0], 3 * y[0] - reaction]


def van_der_pol(y):
    return [y[1], (1 - y[0] * y[0]) * y[1] - y[0]]


def hires(y):
    bound = 280 * y[5] * y[7]
    last = bound - 1.81 * y[6]
    return [
        -1.71 * y[0] + 0.43 * y[1] + 8.32 * y[2] + 0.0007,
        1.71 * y[0] - 8.75 * y[1],
        -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4],
        8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3],
        -1.745 * y[4] + 0.43 * y[5] + 0.43 * y[6],
        0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6] - bound,
        last,
        -last,
    ]


PROBLEMS = {
    "lotka-volterra": (lotka_volterra, [1, 1], list(EXPLICIT)),
    "lorenz": (lorenz, [1, 0, 0], list(EXPLICIT)),
    "brusselator": (brusselator, [1.5, 3], list(EXPLICIT)),
    "van-der-pol": (van_der_pol, [2, 0], list(METHODS)),
    "hires": (hires, [1, 0, 0, 0, 0, 0, 0, 0.0057], ["kvaerno5"]),
}


def run(case):
    jax = harness.load_jax(double=True)
    import diffrax as dfx
    import jax.numpy as jnp

    field, start, _ = PROBLEMS[case.options["problem"]]
    expected = harness.reference("adaptive")[case.options["problem"]]
    tolerance, start = case.options["tolerance"], jnp.asarray(start, dtype=float)
    counted = [0]

    def tick():
        counted[0] += 1

    def solve(y0, counts):
        def slope(t, y, _):
            if counts:
                jax.debug.callback(tick)
            return jnp.stack(field(y))

        return dfx.diffeqsolve(
            dfx.ODETerm(slope), getattr(dfx, METHODS[case.options["method"]])(), 0.0,
            expected["end"], None, y0, max_steps=100_000,
            stepsize_controller=dfx.PIDController(rtol=tolerance, atol=tolerance),
        )  # fmt: skip

    outcome = jax.jit(lambda y: solve(y, True))(start)
    jax.effects_barrier()
    compiled, compile_s = harness.compiled(jax, lambda y: solve(y, False).ys[-1], start)
    work = lambda: jax.block_until_ready(compiled(start))
    end, known = np.asarray(work()), np.array(expected["solution"])
    # Those below 1e-15 are zeros in exact arithmetic.
    scales = np.where(abs(known) < 1e-15, abs(known).max(), abs(known))
    times = harness.timed(work, case.quick, warm=True)
    return (
        {"metric": "microseconds per solve", "unit": "µs"}
        | scaled(times, 1e6)
        | {"tolerance": tolerance, "steps": int(outcome.stats["num_steps"])}
        | {"evaluations": counted[0], "compile_s": compile_s}
        | compared({"result": float(max(abs(end - known) / scales))}, {"result": 1e5 * tolerance})
    )


def cases():
    for problem, (_, _, methods) in PROBLEMS.items():
        for method in methods:
            for name, tolerance in TOLERANCES.items():
                options = {"problem": problem, "method": method, "tolerance": tolerance}
                # A process with one processor is the faster one: there is nothing to share.
                yield Case(
                    "adaptive", f"{problem} {method} {name}", "diffrax", METHODS[method], run,
                    options, threads=1)  # fmt: skip


if __name__ == "__main__":
    harness.main(list(cases()))
