#!/usr/bin/env python3
"""Writes Tests/OwnershipTests/ShortestPassports.swift: the shortest passports that read as wanted, by numpy.

Needs numpy. A passport is sent through a convolution written as loops, one unit impulse after the other; the matrix that
this gives is solved by its singular values. Weights, biases and wanted readings are small fractions made by a formula
that the test repeats.
"""
import pathlib

import numpy as np


def numbers(count, step, modulus, scale):
    """Exact in a float: multiples of 1/scale."""
    return np.array([((i * i * step + 7 * i) % modulus - modulus // 2) / scale for i in range(count)])


def reading(passport, weight, bias, stride, padding):
    """The mean over output positions of the convolution of one image [C, H, W]."""
    out, channels, kernel, _ = weight.shape
    padded = np.pad(passport, ((0, 0), (padding, padding), (padding, padding)))
    rows = (padded.shape[1] - kernel) // stride + 1
    columns = (padded.shape[2] - kernel) // stride + 1
    result = np.zeros(out)
    for o in range(out):
        total = 0.0
        for i in range(rows):
            for j in range(columns):
                window = padded[:, i * stride : i * stride + kernel, j * stride : j * stride + kernel]
                total += float((window * weight[o]).sum())
        result[o] = total / (rows * columns) + bias[o]
    return result


def shortest(shape, out, kernel, stride, padding, has_bias):
    weight = numbers(out * shape[0] * kernel**2, 37, 101, 64).reshape(out, shape[0], kernel, kernel)
    bias = numbers(out, 5, 13, 32) if has_bias else np.zeros(out)
    wanted = numbers(out, 29, 61, 16)
    count = int(np.prod(shape))
    matrix = np.stack(
        [reading(unit.reshape(shape), weight, 0 * bias, stride, padding) for unit in np.eye(count)], axis=1
    )
    passport, _, rank, _ = np.linalg.lstsq(matrix, wanted - bias, rcond=None)
    error = np.abs(reading(passport.reshape(shape), weight, bias, stride, padding) - wanted).max()
    assert rank == out and error < 1e-10, (shape, rank, error)
    return passport


# Input shape, output channels, kernel, stride, padding, bias. A dense layer is an image of one position; a pointwise
# convolution on a cloud one of one row.
cases = [
    ((2, 5, 6), 8, 3, 1, 1, False),
    ((3, 7, 4), 8, 3, 2, 1, False),
    ((3, 6, 6), 8, 5, 1, 2, True),
    ((12, 1, 1), 8, 1, 1, 0, True),
    ((9, 1, 5), 8, 1, 1, 0, False),
]

lines = [
    "/// A layer's input, kernel, stride, padding, whether it has a bias, and the shortest passport that reads as the test's",
    "/// formula says; written by Scripts/reference/forgery.py.",
    "let shortestPassports: [(shape: [Int], kernel: Int, stride: Int, padding: Int, hasBias: Bool, passport: [Double])] = [",
]
for shape, out, kernel, stride, padding, has_bias in cases:
    passport = shortest(shape, out, kernel, stride, padding, has_bias)
    lines.append("  (")
    lines.append(f"    {list(shape)}, {kernel}, {stride}, {padding}, {'true' if has_bias else 'false'},")
    lines.append("    [")
    text = [f"{value:.12g}" if value else "0" for value in passport]
    row = "     "
    for value in text:
        if len(row) + len(value) + 2 > 118:
            lines.append(row)
            row = "     "
        row += f" {value},"
    lines += [row, "    ]", "  ),"]
lines.append("]")
target = pathlib.Path(__file__).resolve().parents[2] / "Tests/OwnershipTests/ShortestPassports.swift"
target.write_text("\n".join(lines) + "\n")
