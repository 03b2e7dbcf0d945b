"""Times training steps or predictions of a peer: step.py NET TASK THREADS WARMUP STEPS [channels_last] [compile]

NET: alexnet, resnet18, pointnet. TASK: all, last or none (which layers carry passports), or predict.
Prints a JSON object: milliseconds of each step, and the peak memory of the process in MiB.
"""
import json
import resource
import sys
import time

import torch

from nets import NETS, optimizer, step_loss


def main():
    name, task = sys.argv[1:3]
    threads, warmup, steps = (int(word) for word in sys.argv[3:6])
    options = sys.argv[6:]
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    predicts = task == "predict"
    net = NETS[name]("none" if predicts else task)
    layout = torch.channels_last if "channels_last" in options else torch.contiguous_format
    count = 100 if predicts else 32 if name == "pointnet" else 66
    batch = torch.randn(count, *NETS[name].INPUT)
    if name != "pointnet":
        net, batch = net.to(memory_format=layout), batch.to(memory_format=layout)
    labels = torch.randint(0, 10, (count,))
    update = optimizer(name, net)
    if predicts:
        net.eval()
    run = torch.compile(net) if "compile" in options else net

    def step():
        if predicts:
            with torch.inference_mode():
                run(batch)
            return
        update.zero_grad()
        step_loss(run, batch, labels, task).backward()
        update.step()

    times = []
    for index in range(warmup + steps):
        start = time.perf_counter()
        step()
        if index >= warmup:
            times.append(round((time.perf_counter() - start) * 1000, 2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"milliseconds": times, "peak": round(peak)}))


main()
