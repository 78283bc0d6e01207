"""W2: loss and gradient of deep convolutional blocks whose layers have weights of their own."""

import math
import time

import numpy as np

import harness
from harness import Case, Memory, chirp, compared, distance, scaled

BATCH, EPSILON = 64, 1e-5
HORIZON = {"leapfrog": 1.0, "parabolic": 0.5, "hamiltonian": 1.0}
LIMITS = {"loss": 1e-5, "gradient": 1e-3, "gradient_input": 3e-3}


def data(kind, channels, side, steps, dtype=np.float32):
    """The images, and the kernels of all steps: of each step one, or two on half the channels."""
    images = chirp((BATCH, channels, side, side), 0.7).astype(dtype)
    c = channels // 2 if kind == "hamiltonian" else channels
    shape = (steps, 2, c, c, 3, 3) if kind == "hamiltonian" else (steps, c, c, 3, 3)
    return images, chirp(shape, 0.3, math.sqrt(2 / (9 * c))).astype(dtype)


def stepper(kind, layer, h):
    """state, kernel -> next state; `layer` is Kᵀ relu(N(K y))."""
    if kind == "leapfrog":
        return lambda s, k: (2 * s[0] - s[1] - h * h * layer(s[0], k), s[0])
    if kind == "parabolic":
        return lambda s, k: (s[0] - h * layer(s[0], k),)

    def hamiltonian(s, k):
        y = s[0] + h * layer(s[1], k[0])
        return y, s[1] - h * layer(y, k[1])

    return hamiltonian


def begin(kind, images, halves):
    """The first state."""
    return {"leapfrog": (images, images), "parabolic": (images,)}.get(kind) or halves(images)


def loss_of(kind, state):
    """Half the squares of the final state, a sample; of a leapfrog, of its last state alone."""
    parts = state if kind == "hamiltonian" else state[:1]
    return 0.5 / BATCH * sum((part * part).sum() for part in parts)


def finish(case, times, memory, loss, kernels, images, **more):
    expected = harness.reference("W2")[case.config]
    errors = {
        "loss": abs(loss / expected["loss"] - 1),
        "gradient": distance(kernels, expected["gradient"]),
        "gradient_input": distance(images, expected["gradient_input"]),
    }
    return (
        {"metric": "ms per gradient", "unit": "ms"}
        | scaled(times, 1e3)
        | {"loss": loss, "peak_rss_mib": memory.mebibytes}
        | harness.described(kernels)
        | {"grad_input_norm": float(np.linalg.norm(images))}
        | compared(errors, LIMITS)
        | more
    )


# ------------------------------------------------------------------------------- torch


def torch_loss(torch, case, kernels):
    """images -> loss, by the variant of a case; and the parameters in the order of the kernels."""
    F = torch.nn.functional
    kind, steps, way = (case.options[name] for name in ("kind", "steps", "way"))
    h = HORIZON[kind] / steps

    def layer(y, k):
        z = F.relu(F.instance_norm(F.conv2d(y, k, padding=1), eps=EPSILON))
        return F.conv_transpose2d(z, k, padding=1)

    if way == "revtorch":
        return reversible(torch, layer, kernels, h)
    step = stepper(kind, layer, h)
    if way == "compile":
        step = torch.compile(step, dynamic=False)
    kernels = [k.requires_grad_() for k in kernels]
    from torch.utils.checkpoint import checkpoint

    def several(state, *part):
        for k in part:
            state = step(state, k)
        return state

    def loss(images):
        state = begin(kind, images, lambda y: tuple(y.chunk(2, 1)))
        if way.startswith("checkpoint"):
            length = round(math.sqrt(steps)) if way == "checkpoint √N" else 1
            for i in range(0, steps, length):
                state = checkpoint(several, state, *kernels[i : i + length], use_reentrant=False)
        else:
            state = several(state, *kernels)
        return loss_of(kind, state)

    return loss, kernels


def reversible(torch, layer, kernels, h):
    """The Hamiltonian block as additive coupling, which revtorch undoes on the way back."""
    import revtorch

    class Half(torch.nn.Module):
        def __init__(self, kernel, factor):
            super().__init__()
            self.kernel, self.factor = torch.nn.Parameter(kernel), factor

        def forward(self, x):
            return self.factor * layer(x, self.kernel)

    blocks = [revtorch.ReversibleBlock(Half(k[0], h), Half(k[1], -h)) for k in kernels]
    network = revtorch.ReversibleSequence(torch.nn.ModuleList(blocks))
    parameters = [half.kernel for block in blocks for half in (block.f_block, block.g_block)]
    return (lambda images: 0.5 / BATCH * (network(images) ** 2).sum()), parameters


def run_torch(case):
    torch = harness.load_torch(case)
    options = case.options
    start, kernels = data(*(options[name] for name in ("kind", "channels", "side", "steps")))
    images = torch.from_numpy(start)
    kernels = [torch.from_numpy(kernel) for kernel in kernels]
    if options["way"] == "eager, channels last":
        images = images.contiguous(memory_format=torch.channels_last)
    images.requires_grad_()
    function, parameters = torch_loss(torch, case, kernels)

    def clear():
        for tensor in [images, *parameters]:
            tensor.grad = None

    def step():
        clear()
        loss = function(images)
        loss.backward()
        return float(loss.detach())

    more = {}
    if options["way"] == "compile":
        start = time.perf_counter()
        step()
        more["compile_s"] = time.perf_counter() - start
        clear()
    with Memory() as memory:
        loss = step()
    gradients = harness.flat([parameter.grad for parameter in parameters])
    gradient_input = harness.flat([images.grad])
    watch = harness.timed(step, case.quick, warm=True)
    return finish(case, watch, memory, loss, gradients, gradient_input, **more)


# ------------------------------------------------------------------------------- jax


def run_jax(case):
    jax = harness.load_jax()
    import jax.numpy as jnp

    options = case.options
    kind, steps = options["kind"], options["steps"]
    images, kernels = data(kind, options["channels"], options["side"], steps)
    # Channels last, which XLA's convolutions on a processor prefer: (..., O, I, 3, 3) to (3, 3, I, O).
    images = jnp.asarray(np.moveaxis(images, 1, -1))
    kernels = jnp.asarray(np.moveaxis(kernels, (-2, -1), (-4, -3)).swapaxes(-1, -2))

    def convolution(y, k, form):
        names = ("NHWC", form, "NHWC")
        return jax.lax.conv_general_dilated(y, k, (1, 1), "SAME", dimension_numbers=names)

    def layer(y, k):
        z = convolution(y, k, "HWIO")
        z = z - z.mean((1, 2), keepdims=True)
        z = z * jax.lax.rsqrt((z * z).mean((1, 2), keepdims=True) + EPSILON)
        return convolution(jax.nn.relu(z), k[::-1, ::-1], "HWOI")

    step = stepper(kind, layer, HORIZON[kind] / steps)
    if options["way"] == "checkpoint":
        step = jax.checkpoint(step)

    def loss(images, kernels):
        # A loop would keep XLA from its fast convolutions in the gradient.
        state = begin(kind, images, lambda y: tuple(jnp.split(y, 2, axis=3)))
        for k in kernels:
            state = step(state, k)
        return loss_of(kind, state)

    function = jax.value_and_grad(loss, argnums=(0, 1))
    compiled, compile_s = harness.compiled(jax, function, images, kernels)
    with Memory() as memory:
        value, (by_images, by_kernels) = jax.block_until_ready(compiled(images, kernels))
    by_images = np.moveaxis(np.asarray(by_images), -1, 1)
    by_kernels = np.moveaxis(np.asarray(by_kernels).swapaxes(-1, -2), (-4, -3), (-2, -1))
    work = lambda: jax.block_until_ready(compiled(images, kernels))
    watch = harness.timed(work, case.quick, warm=True)
    arguments = (float(value), harness.flat([by_kernels]), harness.flat([by_images]))
    return finish(case, watch, memory, *arguments, compile_s=compile_s)


def cases():
    sizes = [(32, 32, n) for n in (4, 16, 64, 256)] + [(64, 16, n) for n in (16, 64)]
    for channels, side, steps in sizes:
        for kind in HORIZON:

            def case(peer, run, way):
                config = f"{kind} {channels}x{side}x{side} N={steps}"
                options = {"kind": kind, "channels": channels, "side": side, "steps": steps}
                return Case("W2", config, peer, way, run, options | {"way": way})

            if steps < 256:  # what keeps every activation would need 14 GB
                yield case("torch", run_torch, "eager")
                yield case("torch", run_torch, "eager, channels last")
                yield case("torch", run_torch, "checkpoint")
                yield case("jax", run_jax, "unrolled")
                yield case("jax", run_jax, "checkpoint")
            yield case("torch", run_torch, "compile")
            yield case("torch", run_torch, "checkpoint √N")
            if kind == "hamiltonian" and steps < 256:
                yield case("revtorch", run_torch, "revtorch")


if __name__ == "__main__":
    harness.main(list(cases()))
