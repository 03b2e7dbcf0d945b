"""One training step of the two-branch AlexNet in PyTorch, timed: the peer of Scripts/bench.

Written after Zhang et al. 2020 and the settings in Sources/Passports/README.md: all five convolutions carry passports,
both branches see the batch of 64 samples and 2 triggers, one backward, one SGD step.
Usage: alexnet.py THREADS WARMUP STEPS [channels_last] [plain]; prints milliseconds of each step.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

BLOCKS = [(3, 64, 5, 32, True), (64, 192, 5, 16, True), (192, 384, 3, 8, False), (384, 256, 3, 8, False),
          (256, 256, 3, 8, True)]


class PassportBlock(nn.Module):
    """Convolution, then normalisation with a learned affine (free) or one made from passports (aware)."""

    def __init__(self, inputs, outputs, kernel, size, pools, plain):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False)
        nn.init.kaiming_normal_(self.conv.weight, mode="fan_out", nonlinearity="relu")
        self.scale = nn.Parameter(torch.ones(outputs))
        self.shift = nn.Parameter(torch.zeros(outputs))
        self.norm = nn.ModuleList([nn.BatchNorm2d(outputs, affine=False) for _ in range(1 if plain else 2)])
        self.pools = pools
        if not plain:
            self.fc = nn.Sequential(nn.Linear(outputs, outputs // 4, bias=False), nn.LeakyReLU(),
                                    nn.Linear(outputs // 4, outputs, bias=False))
            self.register_buffer("passports", torch.rand(2, inputs, size, size) * 2 - 1)
            self.register_buffer("signs", torch.rand(outputs).sub(0.5).sign())

    def forward(self, x, aware):
        sign_loss = 0
        scale, shift = self.scale, self.shift
        if aware:
            reading = self.conv(self.passports).mean((2, 3))
            hinge = F.relu(0.1 - self.signs * reading[0]).sum()
            sign_loss = 0.1 * hinge + 1e-5 * (reading[0] ** 2).sum()
            scale, shift = self.fc(reading)
        x = self.norm[int(aware)](self.conv(x))
        x = F.relu(x * scale.view(1, -1, 1, 1) + shift.view(1, -1, 1, 1))
        return (F.max_pool2d(x, 2) if self.pools else x), sign_loss


class AlexNet(nn.Module):
    def __init__(self, plain):
        super().__init__()
        self.blocks = nn.ModuleList([PassportBlock(*block, plain) for block in BLOCKS])
        self.head = nn.Linear(4096, 10)

    def forward(self, x, aware):
        sign_loss = 0
        for block in self.blocks:
            x, loss = block(x, aware)
            sign_loss = sign_loss + loss
        return self.head(x.flatten(1)), sign_loss


def main():
    threads, warmup, steps = (int(word) for word in sys.argv[1:4])
    plain = "plain" in sys.argv
    layout = torch.channels_last if "channels_last" in sys.argv else torch.contiguous_format
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    net = AlexNet(plain).to(memory_format=layout)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    batch = torch.randn(66, 3, 32, 32).to(memory_format=layout)
    labels = torch.randint(0, 10, (66,))
    for step in range(warmup + steps):
        start = time.perf_counter()
        optimizer.zero_grad()
        loss = 0
        for aware in [False] if plain else [False, True]:
            logits, sign_loss = net(batch, aware)
            loss = loss + F.cross_entropy(logits, labels) + sign_loss
        loss.backward()
        optimizer.step()
        if step >= warmup:
            print(f"{(time.perf_counter() - start) * 1000:.1f}")


main()
