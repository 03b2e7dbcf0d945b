#!/usr/bin/env python3
"""Writes Tests/OwnershipTests/BinomialReference.swift: exact binomial tails from Python's integers.

Needs mpmath. The probability is the double nearest to the number shown, taken exactly as a fraction.
"""
from fractions import Fraction

import mpmath

mpmath.mp.dps = 60


def log10_large(matches, trials, probability):
    """The tail above the mean for very many trials: 60 digits instead of integers."""
    p = mpmath.mpf(probability)
    term = mpmath.binomial(trials, matches) * p**matches * (1 - p) ** (trials - matches)
    total = term
    while matches < trials and term > total * mpmath.mpf(10) ** -40:
        term *= (trials - matches) * p / ((matches + 1) * (1 - p))
        matches += 1
        total += term
    return mpmath.log10(total)


def log10_tail(matches, trials, probability):
    if trials > 10_000:
        return log10_large(matches, trials, probability)
    share = Fraction(probability)
    p, d = share.numerator, share.denominator
    q = d - p
    term = p**matches * q ** (trials - matches)
    for k in range(1, matches + 1):
        term = term * (trials - k + 1) // k
    total = 0
    for k in range(matches, trials + 1):
        total += term
        if k < trials:
            term = term * (trials - k) * p // ((k + 1) * q)
    value = mpmath.mpf(total) / mpmath.mpf(d) ** trials
    gap = d**trials - total
    if value > 0.5:
        return mpmath.log1p(-mpmath.mpf(gap) / mpmath.mpf(d) ** trials) / mpmath.log(10)
    return mpmath.log10(value)


cases = []
for trials in (1, 2, 3, 10, 64, 100, 256):
    for probability in (0.5, 0.1, 0.9, 0.01):
        marks = {1, trials // 4, trials // 2, trials // 2 + 1, 3 * trials // 4, trials - 1, trials}
        cases += [(m, trials, probability) for m in sorted(marks) if 1 <= m <= trials]
cases += [(m, 1152, 0.5) for m in (1, 100, 400, 500, 560, 575, 576, 577, 600, 700, 900, 1100, 1151, 1152)]
cases += [(m, 5000, 0.5) for m in (1, 2000, 2400, 2500, 2501, 2600, 3000, 4000, 4999, 5000)]
cases += [(58, 64, 0.5), (192, 256, 0.5), (384, 512, 0.5), (960, 1600, 0.5), (1, 1, 0.9999999999), (2, 3, 0.999999)]
cases += [(m, 1_000_000, 0.5) for m in (500_001, 500_500, 501_000, 510_000, 540_000)]
cases += [(m, 1_000_000, 0.1) for m in (100_001, 100_300, 101_000)]

lines = [f"  ({m}, {n}, {p!r}, {mpmath.nstr(log10_tail(m, n, p), 18, min_fixed=1, max_fixed=0)})," for m, n, p in cases]
with open("Tests/OwnershipTests/BinomialReference.swift", "w") as out:
    out.write("/// Matches, trials, probability, log10 of the tail; written by Scripts/reference/binomial.py.\n")
    out.write("let binomialReference: [(Int, Int, Double, Double)] = [\n" + "\n".join(lines) + "\n]\n")
