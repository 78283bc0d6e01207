"""W5: eigenvalues of the Jacobian of a layer of convolutions, by ARPACK with products of torch or JAX, and by LAPACK."""

import time

import numpy as np

import harness
from harness import Case, Memory, chirp, compared

EPSILON = 1e-5
# Which eigenvalues of which layer: how many, and what ARPACK calls them.
QUESTIONS = [
    ("parabolic", "1 largest", 1, "LM"),
    ("parabolic", "20 leftmost", 20, "SR"),
    ("parabolic", "20 rightmost", 20, "LR"),
    ("free", "1 largest", 1, "LM"),
    ("free", "20 rightmost", 20, "LR"),
]
# Unknowns as channels and side.
SHAPES = {16384: (16, 32), 2048: (8, 16), 512: (8, 8)}
TOLERANCES = {"f64": 1e-8, "f32": 1e-4}


def data(size, dtype):
    channels, side = SHAPES[size]
    amplitude = np.sqrt(2 / (9 * channels))
    shape = (channels, channels, 3, 3)
    arrays = chirp((1, channels, side, side), 0.7), chirp(shape, 0.3, amplitude), chirp(shape, 1.3, amplitude)
    return [array.astype(dtype) for array in arrays]


def torch_layer(torch, arrays, kind):
    F = torch.nn.functional
    y, first, second = (torch.from_numpy(array) for array in arrays)

    def layer(y):
        response = F.relu(F.instance_norm(F.conv2d(y, first, padding=1), eps=EPSILON))
        if kind == "parabolic":
            return -F.conv_transpose2d(response, first, padding=1)
        return F.conv_transpose2d(response, second, padding=1)

    return y, layer


def jax_layer(jax, arrays, kind):
    """Channels last, which is the faster layout there."""
    import jax.numpy as jnp

    y = jnp.asarray(np.moveaxis(arrays[0], 1, -1))
    kernels = [jnp.asarray(array.transpose(2, 3, 1, 0)) for array in arrays[1:]]
    names = ("NHWC", "HWIO", "NHWC"), ("NHWC", "HWOI", "NHWC")

    def convolution(x, k, form):
        return jax.lax.conv_general_dilated(x, k, (1, 1), "SAME", dimension_numbers=form)

    def layer(y, first, second):
        z = convolution(y, first, names[0])
        z = z - z.mean((1, 2), keepdims=True)
        response = jax.nn.relu(z * jax.lax.rsqrt((z * z).mean((1, 2), keepdims=True) + EPSILON))
        kernel = first if kind == "parabolic" else second
        result = convolution(response, kernel[::-1, ::-1], names[1])
        return -result if kind == "parabolic" else result

    return y, kernels, layer


def product(case, dtype):
    """A function of vectors of NumPy that multiplies by the Jacobian, and the seconds to compile it."""
    arrays = data(case.options["size"], dtype)
    begin = time.perf_counter()
    if case.peer == "torch":
        torch = harness.load_torch(case)
        y, layer = torch_layer(torch, arrays, case.options["kind"])
        _, linear = torch.func.linearize(layer, y)
        apply = lambda v: linear(torch.from_numpy(v).reshape(y.shape)).reshape(-1).numpy()
    else:
        jax = harness.load_jax(dtype == np.float64)
        y, kernels, layer = jax_layer(jax, arrays, case.options["kind"])
        _, linear = jax.linearize(lambda y: layer(y, *kernels), y)
        compiled = jax.jit(lambda v: linear(v.reshape(y.shape)).reshape(-1)).lower(y.reshape(-1)).compile()
        apply = lambda v: np.asarray(compiled(v))
    apply(np.ones(y.size if case.peer != "torch" else y.numel(), dtype))
    return apply, time.perf_counter() - begin


def run_krylov(case):
    from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigs

    options = case.options
    dtype = np.float64 if options["dtype"] == "f64" else np.float32
    n, count, tolerance = options["size"], options["count"], TOLERANCES[options["dtype"]]
    apply, compile_s = product(case, dtype)
    products = [0]

    def counted(v):
        products[0] += 1
        return apply(np.ascontiguousarray(v.ravel(), dtype=dtype))

    operator = LinearOperator((n, n), matvec=counted, dtype=dtype)
    start, found = chirp((n,), 0.2).astype(dtype), {}

    def solve():
        products[0] = 0
        try:
            found["values"], found["vectors"] = eigs(
                operator, k=count, which=options["which"], v0=start, tol=tolerance, maxiter=300,
                ncv=max(2 * count + 1, 20),
            )  # fmt: skip
            found["note"] = None
        except ArpackNoConvergence as error:
            found["values"], found["vectors"] = error.eigenvalues, error.eigenvectors
            found["note"] = str(error)
        found["products"] = products[0]

    begin = time.perf_counter()
    with Memory() as memory:
        solve()
    quick = case.quick or time.perf_counter() - begin > 20
    times = harness.timed(solve, quick, warm=True)
    values, vectors = found["values"], found["vectors"]
    residual = 0.0
    for value, vector in zip(values, vectors.T):
        real, imaginary = counted(vector.real.copy()), counted(vector.imag.copy())
        error = np.linalg.norm(real + 1j * imaginary - value * vector)
        residual = max(residual, float(error / np.abs(values).max()))
    result = {"metric": "time", "unit": "s", "peak_rss_mib": memory.mebibytes, "compile_s": compile_s} | times
    result |= {"products": found["products"], "residual": residual}
    if found["note"]:
        result["note"] = found["note"]
    expected = harness.reference("W5").get(case.config.rsplit(" ", 1)[0])
    if expected:
        expected = np.array([complex(*pair) for pair in expected["eigenvalues"]])
        distance = max(np.abs(values - value).min() for value in expected[: max(1, count - 2)])
        error = {"result": float(max(distance / np.abs(expected).max(), residual))}
        # What ARPACK calls a tolerance bounds an estimate of the residual.
        result |= compared(error, {"result": 20 * tolerance})
    return result


def run_dense(case):
    arrays = data(case.options["size"], np.float64)
    if case.peer == "torch":
        torch = harness.load_torch(case)
        y, layer = torch_layer(torch, arrays, "parabolic")
        flat = lambda v: layer(v.reshape(y.shape)).reshape(-1)
        transform = getattr(torch.func, case.variant.split(",")[0])
        jacobian = lambda: transform(flat)(y.reshape(-1)).numpy()
    else:
        jax = harness.load_jax(True)
        y, kernels, layer = jax_layer(jax, arrays, "parabolic")
        flat = lambda v: layer(v.reshape(y.shape), *kernels).reshape(-1)
        compiled, _ = harness.compiled(jax, getattr(jax, case.variant.split(",")[0])(flat), y.reshape(-1))
        jacobian = lambda: np.asarray(compiled(y.reshape(-1)))
    found = {}

    def solve():
        begin = time.perf_counter()
        matrix = jacobian()
        found["jacobian_s"] = time.perf_counter() - begin
        found["values"] = np.linalg.eigvals(matrix)

    with Memory() as memory:
        solve()
    times = harness.timed(solve, case.quick, warm=True)
    values = found["values"]
    expected = harness.reference("W5")[case.config.rsplit(" ", 1)[0]]
    errors = [values.real.min() - expected["leftmost"], values.real.max() - expected["rightmost"]]
    scale = abs(expected["leftmost"])
    return (
        {"metric": "time", "unit": "s", "peak_rss_mib": memory.mebibytes, "jacobian_s": found["jacobian_s"]}
        | times
        | compared({"result": float(max(map(abs, errors)) / scale)}, {"result": 1e-9})
    )


def cases():
    for kind, name, count, which in QUESTIONS:
        for dtype in ("f64", "f32"):
            config = f"{kind} {name} of 16384 {dtype}"
            options = {"kind": kind, "count": count, "which": which, "size": 16384, "dtype": dtype}
            for peer in ("torch", "jax"):
                # With two threads those of ARPACK and of the products are in each other's way.
                yield Case("W5", config, peer, "linearize, eigs", run_krylov, options)
                yield Case("W5", config, peer, "linearize, eigs 1-thread", run_krylov, options, threads=1)
    for size in (512, 2048):
        for peer in ("torch", "jax"):
            for variant in ("jacrev", "jacfwd"):
                config = f"parabolic all of {size} f64"
                yield Case("W5", config, peer, f"{variant}, eigvals", run_dense, {"size": size})


if __name__ == "__main__":
    harness.main(list(cases()))
