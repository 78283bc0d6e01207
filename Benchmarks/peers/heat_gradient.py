"""The gradient of a heat equation by steps of controlled size: heat_gradient.py.

y' = L y, L = (n + 1)² tridiag(1, -2, 1), n = 32, to t = 0.05 from sin(πx) + sin(7πx) / 10; the loss is
Σ cos(1.3 i) yᵢ. Its gradient by y(0) is exp(tL) w, which is known in closed form. Prints a JSON object for
each system: the error of the solution, the error of the gradient, and what the system says of itself.
"""

import json

import jax
import jax.numpy as jnp
import numpy as np
import torch

jax.config.update("jax_enable_x64", True)

import diffrax  # noqa: E402  (after the precision is set)
from torchdiffeq import odeint  # noqa: E402

N, END = 32, 0.05
L = (N + 1) ** 2 * (np.diag(-2 * np.ones(N)) + np.diag(np.ones(N - 1), 1) + np.diag(np.ones(N - 1), -1))
x = np.arange(1, N + 1) / (N + 1)
START = np.sin(np.pi * x) + 0.1 * np.sin(7 * np.pi * x)
WEIGHTS = np.cos(1.3 * np.arange(1, N + 1))
values, vectors = np.linalg.eigh(L)
PROPAGATOR = vectors * np.exp(values * END) @ vectors.T


def errors(end, gradient):
    exact, slope = PROPAGATOR @ START, PROPAGATOR @ WEIGHTS
    return {
        "solution_error": float(np.linalg.norm(end - exact) / np.linalg.norm(exact)),
        "gradient_error": float(np.linalg.norm(gradient - slope) / np.linalg.norm(slope)),
    }


def by_diffrax(tolerance):
    def loss(y):
        solution = diffrax.diffeqsolve(
            diffrax.ODETerm(lambda t, y, _: jnp.asarray(L) @ y), diffrax.Tsit5(), 0.0, END, None, y,
            stepsize_controller=diffrax.PIDController(rtol=tolerance, atol=tolerance / 100))
        end = solution.ys[0]
        return jnp.asarray(WEIGHTS) @ end, (end, solution.stats["num_accepted_steps"], solution.result)

    gradient, (end, steps, result) = jax.grad(loss, has_aux=True)(jnp.asarray(START))
    said = "successful" if bool(result == diffrax.RESULTS.successful) else "failed"
    return {"system": "diffrax Tsit5", "steps": int(steps), "says": said, **errors(np.array(end), np.array(gradient))}


def by_torchdiffeq(tolerance):
    matrix, y = torch.from_numpy(L), torch.from_numpy(START).requires_grad_()
    times = torch.tensor([0.0, END], dtype=torch.float64)
    end = odeint(lambda t, y: matrix @ y, y, times, rtol=tolerance, atol=tolerance / 100, method="dopri5")[-1]
    (torch.from_numpy(WEIGHTS) @ end).backward()
    return {"system": "torchdiffeq dopri5", "says": "nothing", **errors(end.detach().numpy(), y.grad.numpy())}


for system in (by_diffrax, by_torchdiffeq):
    for tolerance in (1e-3, 1e-6):
        print(json.dumps({"tolerance": tolerance, **system(tolerance)}), flush=True)
