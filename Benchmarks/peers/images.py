"""Training of image classifiers by torch, eager: images.py NETWORK DIR [--epochs 30] ...

NETWORK is `resnet`, a plain residual network with about as many weights as the parabolic one, 492,401 beside
502,570, or `hamiltonian`, `parabolic`, `second-order`: the networks of Ruthotto and Haber, differentiated by
autograd. All four have as many weights as those of `thalweg train --preset paper`. DIR holds CIFAR-10 in its binary form. Prints a JSON object
for each epoch.
"""

import argparse
import glob
import gzip
import json
import os
import time

import numpy as np
import torch
from torch import nn
from torch.nn.functional import avg_pool2d, conv2d, conv_transpose2d, cross_entropy


def records(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        rows = np.frombuffer(file.read(), np.uint8).reshape(-1, 3073)
    return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0]


def load(folder, pattern):
    parts = [records(path) for path in sorted(glob.glob(os.path.join(folder, pattern)))]
    images = np.concatenate([part[0] for part in parts]).astype(np.float32) / 255
    # Each image by itself: mean 0 and deviation 1, where the deviation is at least 1 / √numbers of the image.
    flat = images.reshape(len(images), -1)
    deviation = np.maximum(flat.std(1), flat.shape[1] ** -0.5)
    images = (images - flat.mean(1)[:, None, None, None]) / deviation[:, None, None, None]
    return torch.from_numpy(images), torch.from_numpy(np.concatenate([p[1] for p in parts]).astype(np.int64))


def augmented(images, generator, crop=2):
    """Mirrors half of the images, and shifts all by up to `crop` pixels with zeros from outside."""
    result = torch.empty_like(images)
    padded = nn.functional.pad(images, (crop,) * 4)
    mirrored = torch.rand(len(images), generator=generator) < 0.5
    shifts = torch.randint(0, 2 * crop + 1, (len(images), 2), generator=generator)
    for i, (dy, dx) in enumerate(shifts.tolist()):
        piece = padded[i, :, dy : dy + 32, dx : dx + 32]
        result[i] = piece.flip(2) if mirrored[i] else piece
    return result


class Connected(nn.Sequential):
    """Convolution, batch normalisation, relu."""

    def __init__(self, c, d, size):
        super().__init__(
            nn.Conv2d(c, d, size, padding=size // 2, bias=False),
            nn.BatchNorm2d(d, eps=1e-4), nn.ReLU())


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.inner = Connected(c, c, 3)
        self.outer = nn.Sequential(nn.Conv2d(c, c, 3, padding=1, bias=False), nn.BatchNorm2d(c, eps=1e-4))

    def forward(self, y):
        return torch.relu(y + self.outer(self.inner(y)))


class Symmetric(nn.Module):
    """F(y) = -Kᵀ relu(s N(K y) + b), N dividing by the length over the channels."""

    def __init__(self, c):
        super().__init__()
        self.kernel = nn.Parameter(torch.randn(c, c, 3, 3).clamp(-2, 2) * (2 / (3 * c)) ** 0.5)
        self.scale = nn.Parameter(torch.ones(c, 1, 1))
        self.bias = nn.Parameter(torch.zeros(c, 1, 1))

    def forward(self, y):
        z = conv2d(y, self.kernel, padding=1)
        z = z / torch.sqrt((z * z).sum(1, keepdim=True) + 1e-3)
        return -conv_transpose2d(torch.relu(self.scale * z + self.bias), self.kernel, padding=1)


class Block(nn.Module):
    def __init__(self, kind, c, steps):
        super().__init__()
        self.kind = kind
        parts = 2 if kind == "hamiltonian" else 1
        self.layers = nn.ModuleList(
            nn.ModuleList(Symmetric(c // parts) for _ in range(parts)) for _ in range(steps))

    def forward(self, y):
        if self.kind == "hamiltonian":
            y, z = y.chunk(2, 1)
            for first, second in self.layers:
                y = y + first(z)
                z = z - second(y)
            return torch.cat((y, z), 1)
        before = y
        for (layer,) in self.layers:
            after = y + layer(y) if self.kind == "parabolic" else 2 * y - before + layer(y)
            y, before = after, y
        return y


class Network(nn.Module):
    def __init__(self, kind, channels, last, steps, classes=10):
        super().__init__()
        self.opening = Connected(3, channels[0], 3)
        self.blocks = nn.ModuleList(
            nn.Sequential(*(Residual(c) for _ in range(steps))) if kind == "resnet" else Block(kind, c, steps)
            for c in channels)
        self.connectors = nn.ModuleList(
            Connected(c, d, 1) for c, d in zip(channels, list(channels[1:]) + [last]))
        self.classifier = nn.Linear(last, classes)

    def forward(self, y):
        y = self.opening(y)
        for index, (block, connector) in enumerate(zip(self.blocks, self.connectors)):
            y = connector(block(y))
            y = avg_pool2d(y, 2) if index + 1 < len(self.blocks) else y.mean((2, 3))
        return self.classifier(y)


def accuracy(network, images, labels):
    network.eval()
    with torch.no_grad():
        right = sum((network(x).argmax(1) == y).sum().item() for x, y in zip(images.split(250), labels.split(250)))
    network.train()
    return right / len(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", choices=["resnet", "hamiltonian", "parabolic", "second-order"])
    parser.add_argument("data")
    parser.add_argument("--training", default="data_batch_*", help="files with training images")
    parser.add_argument("--test", default="test*", help="files with test images")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--batch", type=int, default=125)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--decay", type=float, default=2e-4)
    parser.add_argument("--drops", default="18,24", help="epochs after which the rate is divided by 5")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--updates", type=int, help="stop after so many updates, to measure their time")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    images, labels = load(options.data, options.training)
    test_images, test_labels = load(options.data, options.test)
    # Narrower, since a residual block has two convolutions where a symmetric layer has one.
    channels, last = ((23, 45, 79), 112) if options.network == "resnet" else ((32, 64, 112), 112)
    network = Network(options.network, channels, last, 3)
    optimizer = torch.optim.SGD(
        network.parameters(), lr=options.rate, momentum=0.9, weight_decay=options.decay)
    drops = [int(d) for d in options.drops.split(",") if d]
    parameters = sum(p.numel() for p in network.parameters())
    begun, updates = time.perf_counter(), 0
    for epoch in range(options.epochs):
        for group in optimizer.param_groups:
            group["lr"] = options.rate * 0.2 ** sum(epoch >= drop for drop in drops)
        order, total = torch.randperm(len(images), generator=generator), 0.0
        for indices in order.split(options.batch):
            optimizer.zero_grad(set_to_none=True)
            loss = cross_entropy(network(augmented(images[indices], generator)), labels[indices])
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                for parameter in network.parameters():
                    parameter.clamp_(-1, 1)
            total += loss.item() * len(indices)
            updates += 1
            if updates == 1:
                first = time.perf_counter()
            if updates == options.updates:
                seconds = (time.perf_counter() - first) / (updates - 1)
                print(json.dumps({"network": options.network, "parameters": parameters, "seconds_per_update": seconds}))
                return
        print(json.dumps({
            "network": options.network, "parameters": parameters, "epoch": epoch + 1,
            "loss": total / len(images), "test_accuracy": accuracy(network, test_images, test_labels),
            "seconds": time.perf_counter() - begun}), flush=True)


if __name__ == "__main__":
    main()
