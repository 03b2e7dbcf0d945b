#!/usr/bin/env python3
"""Rewrites golden numbers of pruning for Tests/OwnershipTests/Golden, in the manner of golden.py.

    golden_pruning.py FOLDER TARGET

FOLDER holds attacks/ and tolerances.json as measured on the released PyTorch code. The networks that are pruned are those
of Tests/PassportsTests/Golden. Kept are, for each rate, `out.rateR.threshold`, `.signature_per_layer`, `.eval0.out`,
`.eval1.out` with their bounds, and `.zeros`: how many entries of each parameter are zero, in the order of their names.
"""

import json
import sys
from pathlib import Path

import numpy as np

from golden import bounds, read, write

FILES = ["prune_alexnet_narrow_bn", "prune_pointnet_narrow_official"]
KEPT = ("threshold", "signature_per_layer", "eval0.out", "eval1.out")
RATES = (10, 50, 90)


def tensor_order(path):
    data = path.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return json.loads(header["__metadata__"]["config"])["tensor_order"]


def main():
    folder, target = map(Path, sys.argv[1:3])
    tolerances = json.loads((folder / "tolerances.json").read_text())
    target.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        path = folder / "attacks" / f"{name}.safetensors"
        values, allowed = read(path), dict(bounds(tolerances[f"attacks/{name}"]))
        by_name = np.argsort(tensor_order(path))
        kept = {}
        for rate in RATES:
            for output in (f"out.rate{rate}.{kind}" for kind in KEPT):
                kept[output], kept[f"bound.{output}"] = values[output], allowed[output]
            zeros = values[f"out.rate{rate}.zeros_per_tensor"]
            kept[f"out.rate{rate}.zeros"] = zeros[by_name].astype(np.int32)
        write(target / f"{name}.safetensors", kept)


if __name__ == "__main__":
    main()
