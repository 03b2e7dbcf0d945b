#!/usr/bin/env python3
"""Writes Tests/OwnershipTests/PermutationReference.swift: exact permutation tails from Python's integers.

Needs mpmath. Small cases are counted over all orders of the labels too, so that the formula itself is checked.
"""
import itertools
from math import comb, factorial

import mpmath

mpmath.mp.dps = 50


def reached(matches, labels, predictions):
    """How many of the n! permutations have at least so many matches, by the number that has exactly k of them."""
    rooks = [1]
    for a, b in zip(labels, predictions):
        own = [comb(a, j) * comb(b, j) * factorial(j) for j in range(min(a, b) + 1)]
        product = [0] * (len(rooks) + len(own) - 1)
        for i, left in enumerate(rooks):
            for j, right in enumerate(own):
                product[i + j] += left * right
        rooks = product
    n = sum(labels)
    hits = [rook * factorial(n - j) for j, rook in enumerate(rooks)]
    exact = [
        sum((-1) ** (j - k) * comb(j, k) * hits[j] for j in range(k, len(hits))) for k in range(matches, len(hits))
    ]
    assert all(count >= 0 for count in exact)
    return sum(exact)


def counted(matches, labels, predictions):
    deal = [c for c, count in enumerate(labels) for _ in range(count)]
    calls = [c for c, count in enumerate(predictions) for _ in range(count)]
    return sum(sum(a == b for a, b in zip(order, calls)) >= matches for order in itertools.permutations(deal))


def log10_tail(matches, labels, predictions):
    total = factorial(sum(labels))
    count = reached(matches, labels, predictions)
    if sum(labels) <= 7:
        assert count == counted(matches, labels, predictions)
    if count == 0:
        return "-Double.infinity"
    if 2 * count > total:
        value = mpmath.log1p(-mpmath.mpf(total - count) / total) / mpmath.log(10)
    else:
        value = mpmath.log10(mpmath.mpf(count) / total)
    return mpmath.nstr(value, 18, min_fixed=1, max_fixed=0)


def spread(n, classes, seed):
    """Uneven counts, the same on every machine."""
    counts = [0] * classes
    state = seed
    for _ in range(n):
        state = (state * 1103515245 + 12345) % 2**31
        counts[(state >> 16) % classes] += 1
    return counts


cases = []
for labels, predictions in [([1], [1]), ([2, 1], [1, 2]), ([3, 2, 2], [2, 2, 3]), ([4, 3], [7, 0]), ([1] * 6, [1] * 6),
                            ([2, 2, 2], [0, 3, 3]), ([1, 2, 3], [3, 2, 1])]:
    cases += [(m, labels, predictions) for m in range(1, sum(labels) + 1)]
even = [10] * 10
cases += [(m, even, even) for m in (1, 5, 10, 11, 15, 20, 40, 90, 99, 100)]
cases += [(m, spread(100, 10, 1), spread(100, 10, 2)) for m in (3, 10, 20, 60)]
cases += [(m, even, [100] + [0] * 9) for m in (9, 10, 11)]
cases += [(m, spread(300, 40, 3), spread(300, 40, 4)) for m in (2, 8, 30, 100)]
cases += [(m, [100] * 10, [100] * 10) for m in (60, 100, 101, 130, 500, 1000)]
cases += [(m, [500, 500], [480, 520]) for m in (450, 500, 502, 600, 980)]
cases += [(m, [10] * 100, spread(1000, 100, 5)) for m in (1, 10, 30, 600)]
cases += [(m, spread(1000, 10, 6), spread(1000, 10, 7)) for m in (50, 120, 700)]
cases += [(1000, [1] * 1000, [1] * 1000), (1, [1] * 1000, [1] * 1000), (40, [1] * 1000, [1] * 1000)]

tables = {}
lines = []
for m, labels, predictions in cases:
    names = [tables.setdefault(str(counts), len(tables)) for counts in (labels, predictions)]
    lines.append(f"  ({m}, {names[0]}, {names[1]}, {log10_tail(m, labels, predictions)}),")
with open("Tests/OwnershipTests/PermutationReference.swift", "w") as out:
    out.write("// Written by Scripts/reference/permutation.py.\n\n/// Counts a class, named by their position.\n")
    out.write("let permutationCounts: [[Int]] = [\n")
    for text in tables:
        counts = text[1:-1].split(", ")
        if len(set(counts)) == 1 and len(counts) > 6:
            out.write(f"  [Int](repeating: {counts[0]}, count: {len(counts)}),\n")
        else:
            rows = [", ".join(counts[k:k + 24]) for k in range(0, len(counts), 24)]
            out.write("  [\n    " + ",\n    ".join(rows) + ",\n  ],\n" if len(rows) > 1 else f"  {text},\n")
    out.write("]\n\n/// Matches, counts of labels and of predictions, log10 of the tail.\n")
    out.write("let permutationReference: [(Int, Int, Int, Double)] = [\n" + "\n".join(lines) + "\n]\n")
