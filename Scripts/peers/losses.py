"""Takes the training steps of a file of `passbook bench losses` in PyTorch: losses.py NET FILE THREADS

Prints a JSON object with the loss before each step.
"""
import json
import struct
import sys

import numpy
import torch

from nets import NETS, optimizer, step_loss

TYPES = {"F32": numpy.float32, "I64": numpy.int64}


def read_safetensors(path):
    """Tensors by name: eight bytes with the length of a JSON header, the header, the data."""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = numpy.frombuffer(data[begin:end], TYPES[entry["dtype"]])
            tensors[name] = torch.tensor(values.reshape(entry["shape"]))
    return tensors


def passport_layers(name, net):
    """Path in the file, weighted layer and its name below the path, normalisation: of each passport layer."""
    if name == "alexnet":
        for index, block in zip([0, 2, 4, 5, 6], net.blocks):
            yield f"features.{index}", "conv", block.conv, block.norm
    elif name == "resnet18":
        yield "convbnrelu_1", "conv", net.stem.conv, net.stem.norm
        for index, block in enumerate(net.blocks):
            parts = {"convbnrelu_1": block.first, "convbn_2": block.second, "shortcut": block.shortcut}
            for part, layer in parts.items():
                if layer:
                    yield f"layer{index // 2 + 1}.{index % 2}.{part}", "conv", layer.conv, layer.norm
    else:
        for index in range(6):
            path, kind = (f"convp{index + 1}", "conv") if index < 3 else (f"p{index - 2}", "linear")
            yield path, kind, [*net.convs, *net.dense][index], net.norms[index]


def transform_layers(path, transform):
    """Name in the file and parameter, of each trained tensor of a T-Net."""
    parts = [(f"conv{index + 1}", "conv", layer) for index, layer in enumerate(transform.convs)]
    parts += [(f"fc{index + 1}", "linear", layer) for index, layer in enumerate(transform.dense)]
    for index, (part, kind, layer) in enumerate(parts):
        for tensor in ["weight", "bias"]:
            yield f"{path}.{part}.{kind}.{tensor}", getattr(layer, tensor)
            for branch, norms in enumerate(transform.norms):
                yield f"{path}.{part}.bn{branch}.{tensor}", getattr(norms[index], tensor)
    yield f"{path}.fc3.weight", transform.out.weight
    yield f"{path}.fc3.bias", transform.out.bias


def parameters(name, net):
    """Name in the file and parameter, of each trained tensor."""
    for path, kind, layer, norm in passport_layers(name, net):
        for tensor, parameter in layer.named_parameters():
            yield f"{path}.{kind}.{tensor}", parameter
        yield f"{path}.scale", norm.scale
        yield f"{path}.bias", norm.shift
        for tensor, parameter in norm.fc.named_parameters():
            yield f"{path}.fc.{tensor}", parameter
    if name == "pointnet":
        yield from transform_layers("stn", net.transforms[0])
        yield from transform_layers("fstn", net.transforms[1])
    else:
        for tensor, parameter in net.head.named_parameters():
            yield f"{'classifier' if name == 'alexnet' else 'linear'}.{tensor}", parameter


def load(name, net, tensors):
    """Fills parameters, passports and signs from the file; every parameter must be there."""
    missing = {id(parameter) for parameter in net.parameters()}
    for path, parameter in parameters(name, net):
        parameter.data.copy_(tensors[path].view_as(parameter))
        missing.discard(id(parameter))
    if missing:
        sys.exit(f"{name}: {len(missing)} parameters have no name in the file")
    for path, _, _, norm in passport_layers(name, net):
        pair = torch.cat([tensors[f"passport/{path}/scale"], tensors[f"passport/{path}/shift"]])
        norm.passports.copy_(pair.view_as(norm.passports))
        norm.signs.copy_(tensors[f"passport/{path}/signs"])


def main():
    name, path, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    torch.set_num_threads(threads)
    tensors = read_safetensors(path)
    net = NETS[name]("all", dropout=0) if name == "pointnet" else NETS[name]("all")
    load(name, net, tensors)
    update = optimizer(name, net)
    losses = []
    while f"batch/{len(losses)}/samples" in tensors:
        batch = f"batch/{len(losses)}/"
        update.zero_grad()
        loss = step_loss(net, tensors[batch + "samples"], tensors[batch + "labels"], "all")
        loss.backward()
        update.step()
        losses.append(loss.item())
    print(json.dumps({"losses": losses}))


main()
