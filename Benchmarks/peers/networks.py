"""Blocks and networks of partial differential equations, and residual ones, by torch in double precision: networks.py.

An independent implementation of what docs/networks.md says, differentiated by autograd. It writes
Benchmarks/reference/networks.json, which the tests compare with.
"""

import json
import os

import torch
from torch.nn.functional import avg_pool2d, conv2d, cross_entropy, pad

from harness import HERE, chirp, fingerprint, flat

EPSILON_TV, EPSILON_BATCH, TAU = 1e-3, 1e-4, 1e-3
PUBLISHED = {"parabolic": "euler", "hamiltonian": "symplectic-euler", "second-order": "leapfrog"}


class Weights:
    """Hands out weights that are chirps whose phase grows by 0.7 from one to the next."""

    def __init__(self):
        self.all = []

    def take(self, *shape, amplitude, offset=0.0):
        values = chirp(shape, 0.3 + 0.7 * len(self.all), amplitude) + offset
        self.all.append(torch.from_numpy(values).requires_grad_())
        return self.all[-1]

    def affine(self, channels):
        return self.take(channels, amplitude=0.2, offset=1.0), self.take(channels, amplitude=0.1)

    def layer(self, channels):
        return (self.take(channels, channels, 3, 3, amplitude=0.3), *self.affine(channels))


def per_channel(v):
    return v[None, :, None, None]


def convolved(y, kernel, boundary):
    mode = "circular" if boundary == "periodic" else "constant"
    return conv2d(pad(y, (1, 1, 1, 1), mode=mode), kernel)


def transposed(y, kernel, boundary):
    return convolved(y, kernel.transpose(0, 1).flip(2, 3), boundary)


def total_variation(z):
    return z / torch.sqrt((z * z).sum(1, keepdim=True) + EPSILON_TV)


def force(y, layer, options):
    """F(y) = -Kᵀ σ(s N(K y) + b), or with the normalisation behind the activation."""
    kernel, scale, bias = layer
    sigma = {"relu": torch.relu, "tanh": torch.tanh}[options["activation"]]
    z = convolved(y, kernel, options["boundary"])
    if options["normalization"] == "tv":
        response = sigma(per_channel(scale) * total_variation(z) + per_channel(bias))
    else:
        response = sigma(per_channel(scale) * z + per_channel(bias))
        response = per_channel(scale) * total_variation(response)
    return -transposed(response, kernel, options["boundary"])


def parabolic(y, steps, h, options):
    for (layer,) in steps:
        f = lambda y: force(y, layer, options)
        if options["integrator"] == "euler":
            y = y + h * f(y)
        else:
            k1 = f(y)
            k2 = f(y + h / 2 * k1)
            k3 = f(y + h / 2 * k2)
            k4 = f(y + h * k3)
            y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return y


def hamiltonian(x, steps, h, options):
    y, z = x.chunk(2, dim=1)
    for first, second in steps:
        if options["integrator"] == "symplectic-euler":
            y = y + h * force(z, first, options)
            z = z - h * force(y, second, options)
        else:
            z = z - h / 2 * force(y, second, options)
            y = y + h * force(z, first, options)
            z = z - h / 2 * force(y, second, options)
    return torch.cat((y, z), dim=1)


def second_order(y, steps, h, options):
    before = y
    for (layer,) in steps:
        y, before = 2 * y - before + h * h * force(y, layer, options), y
    return y


BLOCKS = {"parabolic": parabolic, "hamiltonian": hamiltonian, "second-order": second_order}


def block_weights(weights, options, channels):
    parts = 2 if options["dynamics"] == "hamiltonian" else 1
    return [[weights.layer(channels // parts) for _ in range(parts)] for _ in range(options["steps"])]


def block(options):
    """A block alone: its result, and the gradient of its product with a chirp."""
    weights = Weights()
    steps = block_weights(weights, options, 4)
    x = torch.from_numpy(chirp((2, 4, 5, 7), 0.1)).requires_grad_()
    y = BLOCKS[options["dynamics"]](x, steps, options["h"], options)
    (y * torch.from_numpy(chirp(y.shape, 0.9))).sum().backward()
    return {
        "value": fingerprint(y.detach()),
        "gradient": fingerprint(flat([w.grad for w in weights.all])),
        "gradient_input": fingerprint(x.grad),
    }


def batch_normalized(x, scale, bias):
    mean = x.mean((0, 2, 3), keepdim=True)
    variance = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)
    return per_channel(scale) * (x - mean) / torch.sqrt(variance + EPSILON_BATCH) + per_channel(bias)


def residual_weights(weights, channels, depth):
    """Two convolutions with a normalisation each, so often."""
    return [
        [(weights.take(channels, channels, 3, 3, amplitude=0.3), *weights.affine(channels)) for _ in range(2)]
        for _ in range(depth)]


def residual(y, layers, boundary):
    for inner, outer in layers:
        z = torch.relu(batch_normalized(convolved(y, inner[0], boundary), *inner[1:]))
        y = torch.relu(y + batch_normalized(convolved(z, outer[0], boundary), *outer[1:]))
    return y


def residual_block(boundary):
    """Residual layers alone: their result, and the gradient of its product with a chirp."""
    weights = Weights()
    layers = residual_weights(weights, 4, 3)
    x = torch.from_numpy(chirp((2, 4, 5, 7), 0.1)).requires_grad_()
    y = residual(x, layers, boundary)
    (y * torch.from_numpy(chirp(y.shape, 0.9))).sum().backward()
    return {
        "value": fingerprint(y.detach()),
        "gradient": fingerprint(flat([w.grad for w in weights.all])),
        "gradient_input": fingerprint(x.grad),
    }


def block_penalty(steps, h, smoothness, decay):
    """Smoothed total variation in time, and squares of filters."""
    total = sum(h * decay / 2 * layer[0].square().sum() for step in steps for layer in step)
    for one, other in zip(steps, steps[1:]):
        for layer, successor in zip(one, other):
            for a, b in zip(layer, successor):
                total = total + h * smoothness * torch.sqrt(((b - a) / h) ** 2 + TAU).sum()
    return total


def residual_penalty(layers, decay):
    return sum(decay / 2 * convolution[0].square().sum() for layer in layers for convolution in layer)


def network(options):
    """A network in training: logits, loss with penalty, and their gradient."""
    weights = Weights()
    is_plain = options["dynamics"] == "residual"
    # The plain one is narrower by a root of 2, for as many weights.
    channels, features, h = [3, 4] if is_plain else [4, 6], 8, 1.0
    opening = (weights.take(channels[0], 3, 3, 3, amplitude=0.3), *weights.affine(channels[0]))
    units = []
    for c, behind in zip(channels, channels[1:] + [features]):
        block = residual_weights(weights, c, options["steps"]) if is_plain else block_weights(weights, options, c)
        connector = (weights.take(behind, c, 1, 1, amplitude=0.3), *weights.affine(behind))
        units.append((block, connector))
    classifier = (weights.take(features, 5, amplitude=0.3), weights.take(5, amplitude=0.1))

    x = torch.from_numpy(chirp((5, 3, 8, 12), 0.1))
    y = torch.relu(batch_normalized(convolved(x, opening[0], options["boundary"]), *opening[1:]))
    for index, (block, connector) in enumerate(units):
        if is_plain:
            y = residual(y, block, options["boundary"])
        else:
            y = BLOCKS[options["dynamics"]](y, block, h, options)
        y = torch.relu(batch_normalized(conv2d(y, connector[0]), *connector[1:]))
        y = avg_pool2d(y, 2) if index + 1 < len(units) else y.mean((2, 3))
    logits = y @ classifier[0] + classifier[1]
    loss = cross_entropy(logits, torch.tensor([0, 3, 1, 4, 3]))
    total = loss + 0.02 / 2 * (opening[0].square().sum() + sum(c[0].square().sum() for _, c in units))
    total = total + 0.01 / 2 * sum(w.square().sum() for w in classifier)
    for block, _ in units:
        total = total + (residual_penalty(block, 0.02) if is_plain else block_penalty(block, h, 0.03, 0.02))
    total.backward()
    return {
        "loss": float(loss.detach()),
        "total": float(total.detach()),
        "logits": fingerprint(logits.detach()),
        "gradient": fingerprint(flat([w.grad for w in weights.all])),
    }


def main():
    shared = {"activation": "relu", "boundary": "zero", "normalization": "tv", "steps": 3, "h": 0.7}
    blocks, networks = [], []
    for dynamics, integrator in PUBLISHED.items():
        published = shared | {"dynamics": dynamics, "integrator": integrator}
        changes = [
            {}, {"boundary": "periodic"}, {"activation": "tanh"}, {"normalization": "tv:provable"},
        ]
        other = {"parabolic": "rk4", "hamiltonian": "verlet"}.get(dynamics)
        if other:
            changes.append({"integrator": other, "activation": "tanh"})
        for change in changes:
            options = published | change
            blocks.append(options | block(options))
        networks.append(published | {"h": 1.0} | network(published))
    residual_blocks = [
        {"dynamics": "residual", "boundary": b} | residual_block(b) for b in ("zero", "periodic")]
    plain = shared | {"dynamics": "residual", "h": 1.0, "normalization": "batch"}
    contents = {
        "blocks": blocks, "networks": networks, "residual_blocks": residual_blocks,
        "residual_networks": [plain | network(plain)],
    }
    path = os.path.join(HERE, "..", "reference", "networks.json")
    with open(path, "w") as file:
        json.dump(contents, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    main()
