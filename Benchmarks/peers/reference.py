"""Computes the reference values anew, in double precision: reference.py [W1] [W2] [W3] [W5] [W6].

W2 takes about a quarter of an hour.
"""

import json
import os
import sys

import numpy as np
import torch

import harness
import w1
import w2
import w3
import w5
import w6
from harness import fingerprint, flat


def spiral():
    """W1 by RK4 with 40 steps an interval."""
    p = [torch.tensor(w, requires_grad=True) for w in w1.weights(np.float64)]
    f = lambda y, p: torch.tanh((y**3) @ p[0].T + p[1]) @ p[2].T + p[3]
    optimizer = torch.optim.RMSprop(p, lr=1e-3)
    losses, h = [], w1.INTERVAL / 40
    for start, target in w1.batches(np.float64):
        y = torch.from_numpy(start)
        states = [y]
        for _ in range(w1.TIMES - 1):
            for _ in range(40):
                y = classical(f, y, p, h)
            states.append(y)
        loss = (torch.stack(states) - torch.from_numpy(target)).abs().mean()
        optimizer.zero_grad()
        loss.backward()
        if not losses:
            gradient = flat([q.grad.clone() for q in p])
        optimizer.step()
        losses.append(float(loss.detach()))
    return {"loss_first": losses[0], "loss_last": losses[-1], "gradient": fingerprint(gradient)}


def classical(f, y, p, h):
    k1 = f(y, p)
    k2 = f(y + h / 2 * k1, p)
    k3 = f(y + h / 2 * k2, p)
    k4 = f(y + h * k3, p)
    return y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)


def blocks():
    """W2 with double precision from the data on."""
    result = {}
    for case in w2.cases():
        if case.peer != "torch" or case.variant != "checkpoint √N":
            continue
        names = ("kind", "channels", "side", "steps")
        images, kernels = w2.data(*(case.options[name] for name in names), dtype=np.float64)
        images = torch.from_numpy(images).requires_grad_()
        function, kernels = w2.torch_loss(torch, case, [torch.from_numpy(k) for k in kernels])
        loss = function(images)
        loss.backward()
        result[case.config] = {
            "loss": float(loss.detach()),
            "gradient": fingerprint(flat([k.grad for k in kernels])),
            "gradient_input": fingerprint(images.grad),
        }
        print(case.config, result[case.config]["loss"], flush=True)
    return result


def small_systems():
    """W3 by torch, one step after the other."""
    result = {}
    for system in ("lorenz", "mlp"):
        for batch in (1, 128):
            start, values = w3.data(system, batch)
            p = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in values]
            f, y = w3.slope(system, torch), torch.from_numpy(start)
            for _ in range(w3.STEPS):
                y = classical(f, y, p, w3.H)
            loss = 0.5 / batch * (y * y).sum()
            loss.backward()
            gradient = fingerprint(flat([q.grad for q in p]))
            result[f"{system} batch={batch}"] = {"loss": float(loss.detach()), "gradient": gradient}
    return result


def diffusion():
    """W6 by NumPy."""
    result = {}
    for case in w6.cases():
        if case.peer != "numpy":
            continue
        law, dimension, steps = (case.options[name] for name in ("law", "dimension", "steps"))
        u = w6.in_place(w6.data(dimension, np.float64), law, dimension, steps, np.sqrt).ravel()
        samples = [float(u[k * u.size // 8 + 1000]) for k in range(8)]
        result[case.config] = {
            "mean": float(u.mean()), "result": fingerprint(u), "samples": samples,
        }  # fmt: skip
    return result


def spectrum():
    """W5 by ARPACK to 1e-12 and by LAPACK, with products of torch."""
    from scipy.sparse.linalg import LinearOperator, eigs

    n, result = 16384, {}
    for kind, name, count, which in w5.QUESTIONS:
        if (kind, which) == ("parabolic", "LR"):
            continue  # half of all eigenvalues are 0
        y, layer = w5.torch_layer(torch, w5.data(n, np.float64), kind)
        _, linear = torch.func.linearize(layer, y)
        product = lambda v: linear(torch.from_numpy(v.ravel()).reshape(y.shape)).reshape(-1).numpy()
        operator = LinearOperator((n, n), matvec=product, dtype=np.float64)
        values = eigs(
            operator, k=count, which=which, v0=harness.chirp((n,), 0.2), tol=1e-12, maxiter=3000,
            ncv=max(3 * count, 40), return_eigenvectors=False,
        )  # fmt: skip
        key = {"LM": -np.abs(values), "SR": values.real, "LR": -values.real}[which]
        values = values[np.argsort(key)]
        pairs = [[float(value.real), float(value.imag)] for value in values]
        result[f"{kind} {name} of {n}"] = {"eigenvalues": pairs}
    for size in (512, 2048):
        y, layer = w5.torch_layer(torch, w5.data(size, np.float64), "parabolic")
        flat = lambda v: layer(v.reshape(y.shape)).reshape(-1)
        matrix = torch.func.jacrev(flat)(y.reshape(-1)).numpy()
        values = np.linalg.eigvals(matrix)
        result[f"parabolic all of {size}"] = {
            "leftmost": float(values.real.min()), "rightmost": float(values.real.max()),
            "zeros": int((np.abs(values) < 1e-8).sum()), "trace": float(np.trace(matrix)),
        }  # fmt: skip
    return result


if __name__ == "__main__":
    makers = {"W1": spiral, "W2": blocks, "W3": small_systems, "W5": spectrum, "W6": diffusion}
    for workload in sys.argv[1:] or makers:
        values = makers[workload]()
        path = os.path.join(harness.HERE, "..", "reference", workload.lower() + ".json")
        with open(path, "w") as file:
            file.write(json.dumps(values, indent=1) + "\n")
