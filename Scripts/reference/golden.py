#!/usr/bin/env python3
"""Rewrites golden numbers for the tests: what they read, with the bound of each output.

    golden.py FOLDER TARGET [ATTACKS]

FOLDER holds layers/, steps/, pointnet/, attacks/ and tolerances.json as measured on the released PyTorch code. TARGET is
Tests/PassportsTests/Golden, and ATTACKS Tests/OwnershipTests/Golden, for the attacks. Inputs (`in.*`)
and outputs (`out.*`) keep their names; sampled outputs keep `NAME@idx` and `NAME@val`. Beside each output stands
`bound.NAME`: the largest deviation that two correct float32 programs may have,

    5 * max(deviation from float64, from another back end, under perturbation) + 3e-6 * largest value.

Outputs flagged as ill-conditioned, or as zero in exact arithmetic, are left out.
"""

import json
import sys
from pathlib import Path

import numpy as np

LAYERS = [f"conv2d_{norm}_{geometry}" for norm in ("bn", "gn") for geometry in ("k3s1p1", "k3s2p1", "k1s2p0")]
LAYERS += [f"conv2d_{norm}_{geometry}" for norm in ("in", "sbn", "nose_bn") for geometry in ("k3s2p1", "k1s2p0")]
LAYERS += ["conv2d_none_k1s2p0", "conv2d_sbn_se_k3s2p1", "v1_conv2d_bn_k3s1p1", "v1_conv2d_gn_k1s2p0"]
LAYERS += [f"baseline_conv2d_{name}" for name in ("bn_k1s2p0", "gn_k1s2p0", "gn_k3s1p1")]
LAYERS += ["p3d_fc1_bn_official", "p3d_fc2_bn_official", "p3d_conv1d_bn_official"]
LAYERS += [f"p3d_{layer}_{norm}" for layer in ("conv1d", "fc1", "fc2") for norm in ("bn_separate", "gn")]
LAYERS += ["p3d_fc3"] + [f"p3d_baseline_{name}" for name in ("conv1d_gn", "fc1_gn", "fc2_gn", "fc3")]
STEPS = [
    "alexnet_narrow_bn", "alexnet_narrow_gn", "alexnet_narrow_bn_partial", "resnet18_narrow_bn",
    "resnet18_narrow_gn_partial", "alexnet_narrow_baseline_gn",
]
POINTNETS = [f"pointnet_narrow_bn_{name}" for name in ("separate_sgd", "official_sgd", "separate_init_adam")]
# They start from the state of steps/alexnet_narrow_bn, which is not repeated.
ATTACKS = ["attack1_alexnet_narrow_bn", "attack2_alexnet_narrow_bn", "flip_alexnet_narrow_baseline_gn"]
# Too large to be kept: only its bounds are, and the test reads the original.
LARGE = ["alexnet_full_bn"]
TYPES = {"F32": np.float32, "I64": np.int64, "I32": np.int32}
UNREAD = ("num_batches_tracked", "@shape", "@stat", ".trans", ".trans_feat")
# What would only repeat what another file of the same network shows.
REDUNDANT = {
    "resnet18_narrow_bn": ("in.step2", "out.step2", "out.final"),
    "pointnet_narrow_bn_separate_sgd": ("out.step2.state",),
    # The same network and batches with other statistics: its inputs are those of `separate_sgd`.
    "pointnet_narrow_bn_official_sgd": ("in.", "out.step1.grad", "out.step1.state", "out.step2.state"),
    # Adam makes whole steps of rounding errors, so only what comes before the first one can be compared.
    "pointnet_narrow_bn_separate_init_adam": ("in.step2", "out.step1.state", "out.step2", "out.final"),
    "resnet18_narrow_gn_partial": ("out.step1.state", "in.step2", "out.step2", "out.final"),
}


def read(path):
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(
            data[start + entry["data_offsets"][0] : start + entry["data_offsets"][1]], TYPES[entry["dtype"]]
        ).reshape(entry["shape"])
        for name, entry in header.items()
    }


def write(path, tensors):
    header, body = {}, b""
    names = {np.dtype(kind): name for name, kind in TYPES.items()}
    for name in sorted(tensors):
        data = tensors[name].tobytes()
        header[name] = {
            "dtype": names[tensors[name].dtype],
            "shape": list(tensors[name].shape),
            "data_offsets": [len(body), len(body) + len(data)],
        }
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


def bounds(tolerances):
    for name, measured in tolerances.items():
        if measured.get("ill_conditioned") or measured.get("zero_in_exact_arithmetic"):
            continue
        deviation = max(measured[kind] for kind in ("absdev_f64", "absdev_alt32", "absdev_pert"))
        yield name, np.array([5 * deviation + 3e-6 * measured["max_abs_value"]], np.float32)


def rewrite(folder, target, kind, name, tolerances):
    allowed = dict(bounds(tolerances[f"{kind}/{name}"]))
    def is_unread(tensor):
        return tensor.endswith(UNREAD) or tensor.startswith(REDUNDANT.get(name, ()))

    kept = {f"bound.{output}": bound for output, bound in allowed.items() if not is_unread(output)}
    if name in LARGE:
        write(target / f"{name}.bounds.safetensors", kept)
        return
    for tensor, values in read(folder / kind / f"{name}.safetensors").items():
        if is_unread(tensor) or (tensor.startswith("out.") and tensor.split("@")[0] not in allowed):
            continue
        kept[tensor] = values.astype(np.int32) if values.dtype == np.int64 else values
    write(target / f"{name}.safetensors", kept)


def main():
    folder, target = map(Path, sys.argv[1:3])
    tolerances = json.loads((folder / "tolerances.json").read_text())
    target.mkdir(parents=True, exist_ok=True)
    for name in LAYERS:
        rewrite(folder, target, "layers", name, tolerances)
    for name in STEPS + LARGE:
        rewrite(folder, target, "steps", name, tolerances)
    for name in POINTNETS:
        rewrite(folder, target, "pointnet", name, tolerances)
    if len(sys.argv) > 3:
        attacks = Path(sys.argv[3])
        attacks.mkdir(parents=True, exist_ok=True)
        for name in ATTACKS:
            rewrite(folder, attacks, "attacks", name, tolerances)


if __name__ == "__main__":
    main()
