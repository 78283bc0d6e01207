"""W1: a training step of the spiral neural ODE, by nine steps of the 3/8 rule."""

import time

import numpy as np

import harness
from harness import Case, Memory, chirp, compared, distance, flat, scaled

HIDDEN, BATCH, TIMES, STEPS = 50, 20, 10, 100
INTERVAL = 25.0 / 999
TOLERANCE = {"f32": (1e-3, 1e-4), "f64": (1e-7, 1e-9)}  # of the adaptive ones
LIMITS = {
    "f32": {"loss": 1e-5, "loss_last": 2e-2, "gradient": 1e-4},
    "f64": {"loss": 1e-6, "loss_last": 2e-2, "gradient": 1e-4},
}


def truth():
    """The spiral at 1,000 points, by classical RK4 with 20 steps between two of them."""
    matrix = np.array([[-0.1, 2.0], [-2.0, -0.1]])
    slope = lambda y: y**3 @ matrix
    h, y = INTERVAL / 20, np.array([2.0, 0.0])
    points = [y]
    for _ in range(999):
        for _ in range(20):
            k1 = slope(y)
            k2 = slope(y + h / 2 * k1)
            k3 = slope(y + h / 2 * k2)
            k4 = slope(y + h * k3)
            y = y + h / 6 * (k1 + 2 * (k2 + k3) + k4)
        points.append(y)
    return np.stack(points)


def batches(dtype):
    """Start `[20, 2]` and target `[10, 20, 2]` of every training step."""
    points = truth()
    starts = [[(49 * k + 37 * n + 11) % 990 for k in range(BATCH)] for n in range(STEPS)]
    rows = [np.stack([points[np.array(row) + i] for i in range(TIMES)]) for row in starts]
    return [(row[0].astype(dtype), row.astype(dtype)) for row in rows]


def weights(dtype):
    """W1, b1, W2, b2."""
    amplitude = 0.1 * 2**0.5
    first, second = chirp((HIDDEN, 2), 0.3, amplitude), chirp((2, HIDDEN), 1.3, amplitude)
    return [w.astype(dtype) for w in (first, np.zeros(HIDDEN), second, np.zeros(2))]


def step(f, y, h):
    """One step of the 3/8 rule."""
    k1 = f(y)
    k2 = f(y + h / 3 * k1)
    k3 = f(y + h * (k2 - k1 / 3))
    k4 = f(y + h * (k1 - k2 + k3))
    return y + h / 8 * (k1 + 3 * (k2 + k3) + k4)


def finish(case, times, memory, losses, gradient, **more):
    expected = harness.reference("W1")
    errors = {
        "loss": abs(losses[0] / expected["loss_first"] - 1),
        "loss_last": abs(losses[1] / expected["loss_last"] - 1),
        "gradient": distance(gradient, expected["gradient"]),
    }
    return (
        {"metric": "ms per training step", "unit": "ms"}
        | scaled(times, 1e3 / STEPS)
        | {"loss": losses[0], "loss_last": losses[1], "peak_rss_mib": memory.mebibytes}
        | harness.described(gradient)
        | compared(errors, LIMITS[case.options["dtype"]])
        | more
    )


# ------------------------------------------------------------------------------- torch


def run_torch(case):
    torch = harness.load_torch(case)
    kind, way = case.options["dtype"], case.options["way"]
    dtype = np.float32 if kind == "f32" else np.float64
    data = [tuple(map(torch.from_numpy, pair)) for pair in batches(dtype)]
    times = torch.from_numpy((INTERVAL * np.arange(TIMES)).astype(dtype))

    class Network(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.weights = torch.nn.ParameterList(map(torch.from_numpy, weights(dtype)))

        def forward(self, t, y):
            w = self.weights
            return torch.nn.functional.linear(
                torch.tanh(torch.nn.functional.linear(y**3, w[0], w[1])), w[2], w[3]
            )

    def deviation(network, start, target):
        if way == "hand-written":
            states = [start]
            for _ in range(TIMES - 1):
                states.append(step(lambda y: network(None, y), states[-1], INTERVAL))
            return (torch.stack(states) - target).abs().mean()
        from torchdiffeq import odeint

        if way == "adaptive":
            rtol, atol = TOLERANCE[kind]
            states = odeint(network, start, times, method="dopri5", rtol=rtol, atol=atol)
        else:
            states = odeint(network, start, times, method="rk4")  # which is the 3/8 rule
        return (states - target).abs().mean()

    function = torch.compile(deviation, dynamic=False) if way == "hand-written" else deviation

    def train(count=STEPS):
        network = Network()
        optimizer = torch.optim.RMSprop(network.parameters(), lr=1e-3)
        losses = []
        for start, target in data[:count]:
            optimizer.zero_grad()
            loss = function(network, start, target)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        return network, [float(losses[0]), float(losses[-1])]

    begin = time.perf_counter()
    network, _ = train(1)
    compile_s = time.perf_counter() - begin
    gradient = flat([parameter.grad for parameter in network.parameters()])
    with Memory() as memory:
        _, losses = train()
    watch = harness.timed(train, case.quick, warm=True)
    more = {"compile_s": compile_s} if way == "hand-written" else {}
    return finish(case, watch, memory, losses, gradient, **more)


# ------------------------------------------------------------------------------- jax


def diffrax_solver(dfx):
    """The 3/8 rule as a solver of diffrax."""

    class ThreeEighths(dfx.AbstractERK):
        tableau = dfx.ButcherTableau(
            a_lower=(np.array([1 / 3]), np.array([-1 / 3, 1.0]), np.array([1.0, -1.0, 1.0])),
            b_sol=np.array([1, 3, 3, 1]) / 8,
            b_error=np.zeros(4),
            c=np.array([1 / 3, 2 / 3, 1.0]),
        )
        interpolation_cls = dfx.ThirdOrderHermitePolynomialInterpolation.from_k

        def order(self, terms):
            return 4

    return ThreeEighths()


def solver(case, jnp, network, dtype):
    """weights, start -> states at all times."""
    kind, way = case.options["dtype"], case.options["way"]
    if way == "hand-written":
        import jax

        def solve(w, start):
            h = dtype(INTERVAL)
            body = lambda y, _: (step(lambda y: network(None, y, w), y, h),) * 2
            _, states = jax.lax.scan(body, start, None, length=TIMES - 1, unroll=case.options["unroll"])
            return jnp.concatenate([start[None], states])

        return solve
    import diffrax as dfx

    times = jnp.asarray((INTERVAL * np.arange(TIMES)).astype(dtype))
    term, adjoint = dfx.ODETerm(network), getattr(dfx, case.options["adjoint"])()
    common = {"adjoint": adjoint}
    if way == "adaptive":
        rtol, atol = TOLERANCE[kind]
        controller = dfx.PIDController(rtol=rtol, atol=atol)
        return lambda w, start: dfx.diffeqsolve(
            term, dfx.Dopri5(), times[0], times[-1], None, start, args=w, **common,
            saveat=dfx.SaveAt(ts=times), stepsize_controller=controller, max_steps=4096,
        ).ys  # fmt: skip
    return lambda w, start: dfx.diffeqsolve(
        term, diffrax_solver(dfx), times[0], times[-1], times[1], start, args=w, **common,
        saveat=dfx.SaveAt(t0=True, steps=True), stepsize_controller=dfx.ConstantStepSize(),
        max_steps=TIMES - 1,
    ).ys  # fmt: skip


def run_jax(case):
    kind = case.options["dtype"]
    dtype = np.float32 if kind == "f32" else np.float64
    jax = harness.load_jax(double=kind == "f64")
    import jax.numpy as jnp

    def network(t, y, w):
        return jnp.tanh(y**3 @ w[0].T + w[1]) @ w[2].T + w[3]

    solve = solver(case, jnp, network, dtype)
    deviation = lambda w, start, target: jnp.abs(solve(w, start) - target).mean()

    def update(state, batch):
        w, squares = state
        loss, g = jax.value_and_grad(deviation)(w, *batch)
        squares = [0.99 * v + 0.01 * d * d for v, d in zip(squares, g)]
        w = [p - 1e-3 * d / (jnp.sqrt(v) + 1e-8) for p, d, v in zip(w, g, squares)]
        return (w, squares), (loss, g)

    data = [tuple(map(jnp.asarray, pair)) for pair in batches(dtype)]
    first = [jnp.asarray(w) for w in weights(dtype)]
    initial = (first, [jnp.zeros_like(w) for w in first])
    one, compile_s = harness.compiled(jax, update, initial, data[0])
    _, (loss, gradient) = one(initial, data[0])
    if case.options.get("whole"):  # all training steps as one program
        stacked = tuple(jnp.stack(part) for part in zip(*data))

        def losses_only(state, batch):
            state, (loss, _) = update(state, batch)
            return state, loss

        loop = lambda state, data: jax.lax.scan(losses_only, state, data)[1]
        whole, compile_s = harness.compiled(jax, loop, initial, stacked)
        train = lambda: float(whole(initial, stacked)[-1])
    else:

        def train():
            state = initial
            for batch in data:
                state, (last, _) = one(state, batch)
            return float(last)

    with Memory() as memory:
        last = train()
    watch = harness.timed(train, case.quick, warm=True)
    losses = [float(loss), last]
    return finish(case, watch, memory, losses, flat(gradient), compile_s=compile_s)


def cases():
    for dtype in ("f32", "f64"):

        def case(peer, variant, run, threads=1, **options):
            return Case("W1", dtype, peer, variant, run, options | {"dtype": dtype}, threads)

        yield case("torchdiffeq", "rk4", run_torch, way="fixed")
        yield case("torchdiffeq", "dopri5 adaptive", run_torch, way="adaptive")
        yield case("torch", "compile, hand-written", run_torch, way="hand-written")
        for name, adjoint in (("recursive", "RecursiveCheckpointAdjoint"), ("direct", "DirectAdjoint")):
            yield case("diffrax", f"3/8 rule, {name}", run_jax, way="fixed", adjoint=adjoint)
        options = {"adjoint": "RecursiveCheckpointAdjoint"}
        yield case("diffrax", "Dopri5 adaptive, recursive", run_jax, way="adaptive", **options)
        for unroll, name in ((1, "lax.scan, hand-written"), (TIMES, "unrolled, hand-written")):
            yield case("jax", name, run_jax, way="hand-written", unroll=unroll)
        options = {"unroll": TIMES, "whole": True}
        yield case("jax", "all training steps as one program", run_jax, way="hand-written", **options)


if __name__ == "__main__":
    harness.main(list(cases()))
