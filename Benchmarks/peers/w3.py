"""W3: 1,000 steps of RK4 on small systems in double precision, with and without the gradient."""

import time

import numpy as np

import harness
from harness import CORES, Case, Memory, chirp, compared, distance, flat, scaled

STEPS, H = 1000, 1e-3
# torchdiffeq has the 3/8 rule, whose loss differs from the twelfth digit on.
LIMITS = {"loss": 1e-11, "gradient": 1e-9}


def data(system, batch):
    """The initial states, and the parameters."""
    if system == "lorenz":
        return 1 + 0.01 * chirp((batch, 3), 0.5), [np.array([10, 28, 8 / 3])]
    parameters = []
    for i, (outputs, inputs) in enumerate(((16, 10), (16, 16), (10, 16))):
        parameters += [chirp((outputs, inputs), 0.3 + i, 0.5), chirp((outputs,), 0.9 + i, 0.1)]
    return chirp((batch, 10), 0.5), parameters


def slope(system, library):
    """The right-hand side, of states and parameters."""

    def lorenz(y, p):
        s, r, b = p[0][0], p[0][1], p[0][2]
        u, v, w = y[..., 0], y[..., 1], y[..., 2]
        return library.stack((s * (v - u), u * (r - w) - v, u * v - b * w), -1)

    def network(y, p):
        y = library.tanh(y @ p[0].T + p[1])
        return library.tanh(y @ p[2].T + p[3]) @ p[4].T + p[5]

    return lorenz if system == "lorenz" else network


def step(f, y, p):
    """One step of classical RK4."""
    k1 = f(y, p)
    k2 = f(y + H / 2 * k1, p)
    k3 = f(y + H / 2 * k2, p)
    k4 = f(y + H * k3, p)
    return y + H / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def finish(case, times, memory, loss, gradient, **more):
    system = case.config.rsplit(" ", 1)[0]
    expected = harness.reference("W3")[system]
    errors = {"loss": abs(loss / expected["loss"] - 1)}
    if gradient is not None:
        errors["gradient"] = distance(gradient, expected["gradient"])
        more |= harness.described(gradient)
    return (
        {"metric": "ms per solve" if gradient is None else "ms per gradient", "unit": "ms"}
        | scaled(times, 1e3)
        | {"loss": loss, "peak_rss_mib": memory.mebibytes}
        | compared(errors, LIMITS)
        | more
    )


def run_torch(case):
    torch = harness.load_torch(case)
    system, batch, differentiates, way = (
        case.options[name] for name in ("system", "batch", "gradient", "way")
    )
    start, values = data(system, batch)
    start = torch.from_numpy(start)
    parameters = [torch.nn.Parameter(torch.from_numpy(value)) for value in values]
    f = slope(system, torch)
    one = lambda y, p: step(f, y, p)
    one = torch.compile(one, dynamic=False) if way == "compile" else one

    class Field(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.p = torch.nn.ParameterList(parameters)

        def forward(self, t, y):
            return f(y, list(self.p))

    field, span = Field(), torch.tensor([0, STEPS * H], dtype=torch.float64)

    def final():
        if way == "rk4":
            from torchdiffeq import odeint

            return odeint(field, start, span, method="rk4", options={"step_size": H})[-1]
        y = start
        for _ in range(STEPS):
            y = one(y, parameters)
        return y

    def work():
        for parameter in parameters:
            parameter.grad = None
        with torch.set_grad_enabled(differentiates):
            loss = 0.5 / batch * (final() ** 2).sum()
            if differentiates:
                loss.backward()
        return float(loss.detach())

    more = {}
    if way == "compile":
        begin = time.perf_counter()
        work()
        more["compile_s"] = time.perf_counter() - begin
    with Memory() as memory:
        loss = work()
    gradient = flat([p.grad for p in parameters]) if differentiates else None
    return finish(case, harness.timed(work, case.quick, warm=True), memory, loss, gradient, **more)


def run_jax(case):
    jax = harness.load_jax(double=True)
    import jax.numpy as jnp

    system, batch, differentiates, way = (
        case.options[name] for name in ("system", "batch", "gradient", "way")
    )
    start, parameters = data(system, batch)
    start, parameters = jnp.asarray(start), [jnp.asarray(value) for value in parameters]
    f = slope(system, jnp)
    if way in ("RecursiveCheckpointAdjoint", "DirectAdjoint"):
        final = with_diffrax(f, start, way)
    else:
        one = jax.checkpoint(lambda y, p: step(f, y, p), prevent_cse=False)
        one = one if way == "checkpoint" else lambda y, p: step(f, y, p)
        final = lambda p: jax.lax.scan(lambda y, _: (one(y, p), None), start, None, length=STEPS)[0]

    def loss(p):
        return 0.5 / batch * (final(p) ** 2).sum()

    def forward_mode(p):
        directions = [jnp.eye(3)]
        along = lambda d: jax.jvp(loss, (p,), (d,))
        return jax.vmap(along, out_axes=(None, 0))(directions)

    function = loss
    if differentiates:
        function = forward_mode if way == "forward mode" else jax.value_and_grad(loss)
    compiled, compile_s = harness.compiled(jax, function, parameters)
    work = lambda: jax.block_until_ready(compiled(parameters))
    with Memory() as memory:
        result = work()
    value, gradient = (float(result[0]), flat([*result[1]])) if differentiates else (float(result), None)
    watch = harness.timed(work, case.quick, warm=True)
    return finish(case, watch, memory, value, gradient, compile_s=compile_s)


def with_diffrax(f, start, adjoint):
    """parameters -> final state, by classical RK4 as a solver of diffrax."""
    import diffrax as dfx

    class RK4(dfx.AbstractERK):
        tableau = dfx.ButcherTableau(
            a_lower=(np.array([0.5]), np.array([0, 0.5]), np.array([0.0, 0, 1])),
            b_sol=np.array([1 / 6, 1 / 3, 1 / 3, 1 / 6]),
            b_error=np.zeros(4),
            c=np.array([0.5, 0.5, 1]),
        )
        interpolation_cls = dfx.ThirdOrderHermitePolynomialInterpolation.from_k

        def order(self, terms):
            return 4

    return lambda p: dfx.diffeqsolve(
        dfx.ODETerm(lambda t, y, p: f(y, p)), RK4(), 0.0, STEPS * H, H, start, args=p,
        adjoint=getattr(dfx, adjoint)(), max_steps=STEPS + 1,
        stepsize_controller=dfx.ConstantStepSize(),
    ).ys[-1]  # fmt: skip


def cases():
    for system in ("lorenz", "mlp"):
        for batch in (1, 128):
            for task in ("forward", "gradient"):
                options = {"system": system, "batch": batch, "gradient": task == "gradient"}

                def case(peer, variant, run, way, threads=1):
                    config = f"{system} batch={batch} {task}"
                    return Case("W3", config, peer, variant, run, options | {"way": way}, threads)

                yield case("torchdiffeq", "rk4", run_torch, "rk4")
                yield case("torch", "compile, hand-written", run_torch, "compile")
                for threads in {1, CORES}:
                    suffix = ", 1 thread" if threads == 1 else ""
                    more = {"threads": threads}
                    way = "RecursiveCheckpointAdjoint"
                    yield case("diffrax", f"RK4, recursive{suffix}", run_jax, way, **more)
                    yield case("jax", f"lax.scan{suffix}", run_jax, "scan", **more)
                    if task == "gradient":
                        way = "DirectAdjoint"
                        yield case("diffrax", f"RK4, direct{suffix}", run_jax, way, **more)
                        name = f"lax.scan, checkpoint{suffix}"
                        yield case("jax", name, run_jax, "checkpoint", **more)
                if task == "gradient" and system == "lorenz":
                    yield case("jax", "lax.scan, forward mode", run_jax, "forward mode", CORES)


if __name__ == "__main__":
    harness.main(list(cases()))
