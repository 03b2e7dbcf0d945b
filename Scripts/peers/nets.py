"""The networks of Zhang et al. 2020 in PyTorch: the peers of Scripts/bench and Scripts/reference.

Written after the paper and the settings in Sources/Passports/README.md. A passport layer has a passport-free affine and,
with `aware`, one computed from two passports through its own weights and an FC block; statistics are kept apart.
"""
import torch
from torch import nn
from torch.nn import functional as F


class Branches(nn.Module):
    """Normalisation of one layer's output: learned affine (free) or one made from passports (aware)."""

    def __init__(self, weighted, channels, passport_shape, norm=nn.BatchNorm2d, passport=True):
        super().__init__()
        self.weighted = [weighted]  # in a list: its parameters belong to the layer, not to the normalisation
        self.passport = passport
        self.scale = nn.Parameter(torch.ones(channels))
        self.shift = nn.Parameter(torch.zeros(channels))
        self.norm = nn.ModuleList([norm(channels, affine=False) for _ in range(2 if passport else 1)])
        if passport:
            self.fc = nn.Sequential(nn.Linear(channels, channels // 4, bias=False), nn.LeakyReLU(),
                                    nn.Linear(channels // 4, channels, bias=False))
            self.register_buffer("passports", torch.rand(2, *passport_shape) * 2 - 1)
            self.register_buffer("signs", torch.rand(channels).sub(0.5).sign())

    def forward(self, x, aware, losses):
        scale, shift, norm = self.scale, self.shift, self.norm[0]
        if aware and self.passport:
            reading = self.weighted[0](self.passports).flatten(2).mean(2) if self.passports.dim() > 2 \
                else self.weighted[0](self.passports)
            losses.append(0.1 * F.relu(0.1 - self.signs * reading[0]).sum() + 1e-5 * (reading[0] ** 2).sum())
            scale, shift = self.fc(reading)
            norm = self.norm[1]
        shape = [1, -1] + [1] * (x.dim() - 2)
        return norm(x) * scale.view(shape) + shift.view(shape)


class Block(nn.Module):
    """Convolution, normalisation, and ReLU unless it is plain and told otherwise."""

    def __init__(self, inputs, outputs, kernel, size, stride=1, passport=True, relu=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out", nonlinearity="relu")
        self.norm = Branches(self.conv, outputs, (inputs, size, size), passport=passport)
        self.relu = relu

    def forward(self, x, aware, losses):
        x = self.norm(self.conv(x), aware, losses)
        return F.relu(x) if self.relu else x


class AlexNet(nn.Module):
    """For 32 x 32 images: five normalised convolutions and one dense layer."""

    SHAPES = [(3, 64, 5, 32, True), (64, 192, 5, 16, True), (192, 384, 3, 8, False), (384, 256, 3, 8, False),
              (256, 256, 3, 8, True)]
    INPUT = (3, 32, 32)

    def __init__(self, passports):
        super().__init__()
        first = {"all": 0, "last": 2, "none": 5}[passports]
        self.blocks = nn.ModuleList(
            [Block(i, o, k, size, passport=index >= first) for index, (i, o, k, size, _) in enumerate(self.SHAPES)])
        self.head = nn.Linear(4096, 10)

    def forward(self, x, aware=False, losses=None):
        for block, shape in zip(self.blocks, self.SHAPES):
            x = block(x, aware, losses)
            x = F.max_pool2d(x, 2) if shape[4] else x
        return self.head(x.flatten(1)), 0


class BasicBlock(nn.Module):
    """Two 3 x 3 blocks and a shortcut. The released passport net has a ReLU after each block and after the sum."""

    def __init__(self, inputs, outputs, size, stride, passport, relu):
        super().__init__()
        self.first = Block(inputs, outputs, 3, size, stride, passport)
        self.second = Block(outputs, outputs, 3, size // stride, 1, passport, relu)
        self.shortcut = Block(inputs, outputs, 1, size, stride, passport, relu) if stride > 1 else None

    def forward(self, x, aware, losses):
        y = self.second(self.first(x, aware, losses), aware, losses)
        return F.relu(y + (self.shortcut(x, aware, losses) if self.shortcut else x))


class ResNet18(nn.Module):
    """For 32 x 32 images: no pooling after the stem; stages of 64, 128, 256, 512 channels."""

    INPUT = (3, 32, 32)

    def __init__(self, passports):
        super().__init__()
        relu = passports != "none"
        self.stem = Block(3, 64, 3, 32, passport=passports == "all")
        blocks, inputs, size = [], 64, 32
        for stage, outputs in enumerate([64, 128, 256, 512]):
            for index in range(2):
                stride = 2 if stage and not index else 1
                passport = passports == "all" or passports == "last" and stage == 3
                blocks.append(BasicBlock(inputs, outputs, size, stride, passport, relu))
                inputs, size = outputs, size // stride
        self.blocks = nn.ModuleList(blocks)
        self.head = nn.Linear(512, 10)

    def forward(self, x, aware=False, losses=None):
        x = self.stem(x, aware, losses)
        for block in self.blocks:
            x = block(x, aware, losses)
        return self.head(x.mean((2, 3))), 0


class TransformNet(nn.Module):
    """A T-Net: a square matrix from a cloud, with normalisations of its own for each branch."""

    def __init__(self, size, branches):
        super().__init__()
        self.size = size
        widths = [(size, 64), (64, 128), (128, 1024)]
        self.convs = nn.ModuleList([nn.Conv1d(i, o, 1) for i, o in widths])
        self.dense = nn.ModuleList([nn.Linear(1024, 512), nn.Linear(512, 256)])
        self.out = nn.Linear(256, size * size)
        self.norms = nn.ModuleList(
            [nn.ModuleList([nn.BatchNorm1d(c) for c in (64, 128, 1024, 512, 256)]) for _ in range(branches)])

    def forward(self, x, aware):
        norms = self.norms[int(aware and len(self.norms) > 1)]
        for conv, norm in zip(self.convs, norms):
            x = F.relu(norm(conv(x)))
        x = x.max(2)[0]
        for dense, norm in zip(self.dense, norms[3:]):
            x = F.relu(norm(dense(x)))
        return self.out(x).view(-1, self.size, self.size) + torch.eye(self.size)


class PointNet(nn.Module):
    """Classification of clouds [batch, 3, points]; six passport layers, two T-Nets without."""

    INPUT = (3, 1024)

    def __init__(self, passports, classes=40, dropout=0.4):
        super().__init__()
        self.dropout = dropout
        self.transforms = nn.ModuleList([TransformNet(size, 1 if passports == "none" else 2) for size in (3, 64)])
        self.convs = nn.ModuleList([nn.Conv1d(i, o, 1, bias=False) for i, o in [(3, 64), (64, 128), (128, 1024)]])
        self.dense = nn.ModuleList([nn.Linear(1024, 512), nn.Linear(512, 256), nn.Linear(256, classes)])
        for layer in [*self.convs, *self.dense]:
            nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
        passport = passports != "none"
        shapes = [(3, 1024), (64, 1024), (128, 1024), (1024,), (512,), (256,)]
        kinds = [nn.BatchNorm1d] * 5 + [lambda *_, **__: nn.Identity()]
        self.norms = nn.ModuleList(
            [Branches(layer, layer.weight.shape[0], shape, kind, passport)
             for layer, shape, kind in zip([*self.convs, *self.dense], shapes, kinds)])

    def forward(self, x, aware=False, losses=None):
        norms = self.norms
        x = torch.bmm(x.transpose(1, 2), self.transforms[0](x, aware)).transpose(1, 2)
        x = F.relu(norms[0](self.convs[0](x), aware, losses))
        transform = self.transforms[1](x, aware)
        x = torch.bmm(x.transpose(1, 2), transform).transpose(1, 2)
        x = F.relu(norms[1](self.convs[1](x), aware, losses))
        x = norms[2](self.convs[2](x), aware, losses).max(2)[0]
        x = F.relu(norms[3](self.dense[0](x), aware, losses))
        x = F.relu(norms[4](F.dropout(self.dense[1](x), self.dropout, self.training), aware, losses))
        x = norms[5](self.dense[2](x), aware, losses)
        product = torch.bmm(transform, transform.transpose(1, 2)) - torch.eye(64)
        return x, 0.001 * product.flatten(1).norm(dim=1).mean()


NETS = {"alexnet": AlexNet, "resnet18": ResNet18, "pointnet": PointNet}


def optimizer(name, net):
    if name == "pointnet":
        return torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4)
    return torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)


def step_loss(net, batch, labels, passports):
    """Both branches' losses and the sign losses of one step; the passport-free branch alone for a plain net."""
    loss = 0
    for aware in [False] if passports == "none" else [False, True]:
        losses = []
        logits, regulariser = net(batch, aware, losses)
        loss = loss + F.cross_entropy(logits, labels) + regulariser + sum(losses)
    return loss
