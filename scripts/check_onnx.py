"""Compares what onnxruntime and thalweg make of the same images.

    pip install onnxruntime numpy
    python scripts/check_onnx.py .build/release/thalweg runs/optdigits-hamiltonian ...

For each run it exports the network, draws random images of its size as PNG files, and compares the
results of `thalweg predict` with those of onnxruntime. It fails where they differ by more than
1e-5 of the largest.
"""

import json
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
import onnxruntime

COUNT = 16


def write_png(path, image):
    """Writes samples [channels, height, width] of 8 bits."""
    channels, height, width = image.shape

    def chunk(kind, data):
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    colour = {1: 0, 3: 2}[channels]
    rows = b"".join(b"\0" + row.tobytes() for row in image.transpose(1, 2, 0))
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def check(tool, run, folder):
    model = folder / "model.onnx"
    subprocess.run([tool, "export", run, "--output", model], check=True, stdout=subprocess.DEVNULL)
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    _, channels, height, width = session.get_inputs()[0].shape
    metadata = session.get_modelmeta().custom_metadata_map
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (COUNT, channels, height, width), dtype=np.uint8)
    paths = [folder / f"{index}.png" for index in range(COUNT)]
    for path, image in zip(paths, images):
        write_png(path, image)
    lines = subprocess.run(
        [tool, "predict", run, *paths, "--json"], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    ours = np.array([json.loads(line)["outputs"] for line in lines])
    numbers = images / 255
    if metadata["standardized"] == "true":
        axes = (1, 2, 3)
        numbers = numbers - numbers.mean(axes, keepdims=True)
        size = channels * height * width
        numbers = numbers / np.maximum(numbers.std(axes, keepdims=True), size**-0.5)
    theirs = np.concatenate(
        [session.run(None, {"input": x[None].astype(np.float32)})[0] for x in numbers]
    )
    difference = np.abs(ours - theirs).max() / np.abs(theirs).max()
    print(f"{run}: {difference:.2e} of the largest output, over {COUNT} images")
    return difference <= 1e-5


def main():
    tool = str(Path(sys.argv[1]).resolve())
    results = []
    for run in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            results.append(check(tool, run, Path(folder)))
    sys.exit(0 if results and all(results) else 1)


if __name__ == "__main__":
    main()
