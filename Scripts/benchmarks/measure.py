"""The measurements: this side and PyTorch in turn, in one run."""
import os
import statistics
import sys
import tempfile
from pathlib import Path

import plan
from runs import Failure, Series, run

PEERS = Path(__file__).resolve().parent.parent / "peers"


class Bench:
    """Both sides, and how long they are measured."""

    def __init__(self, tool, python, threads, rounds, is_quick, compiles):
        self.tool = str(tool)
        self.python = python  # none where there is no PyTorch
        self.threads = threads
        self.rounds = 1 if is_quick else rounds
        self.is_quick = is_quick
        self.compiles = compiles
        self.warmup, self.steps = (1, 2) if is_quick else (2, 5)

    def here(self, net, task, threads=None, environment=None):
        return run([self.tool, "bench", "step", net, task, "--threads", str(threads or self.threads),
                    "--warmup", str(self.warmup), "--steps", str(self.steps)], environment)

    def there(self, net, task, configuration, threads=None, environment=None):
        words, settings = plan.CONFIGURATIONS[configuration]
        command = [self.python, str(PEERS / "step.py"), net, task, str(threads or self.threads), str(self.warmup),
                   str(self.steps), *words]
        return run(command, settings | (environment or {}))

    def duel(self, net, task, names, rounds, threads=None, limits=({}, {})):
        """Runs this side before each of PyTorch's configurations, `rounds` times.

        After the first round only PyTorch's default and its fastest configuration go on. A ratio is PyTorch's time by
        that of this side's run right before.
        """
        here, there = Series(), {name: Series() for name in names}
        ratios = {name: [] for name in names}
        failures = {}
        for turn in range(rounds):
            for name in (names if self.python else []) or [None]:
                result = self.here(net, task, threads, limits[0])
                ours = here.add(result)
                if name is None:
                    continue
                try:
                    other = self.there(net, task, name, threads, limits[1])
                except Failure as failure:
                    failures[name] = str(failure)
                    print(f"  {net} {task}, PyTorch, {name}: {failure}", file=sys.stderr)
                    continue
                theirs = there[name].add(other)
                if not result["disturbed"] and not other["disturbed"]:
                    ratios[name].append(theirs / ours)
                print(f"  {net} {task}: {ours:.1f} ms here, {theirs:.1f} ms there ({name})", file=sys.stderr)
            there = {name: series for name, series in there.items() if name not in failures}
            if turn == 0 and there:
                fastest = min(there, key=lambda name: there[name].median)
                names = [name for name in names if name in there and name in ("default", fastest)]
        record = {"here": here.record(), "there": {name: series.record() for name, series in there.items()}}
        if there:
            for name, series in there.items():
                paired = statistics.median(ratios[name]) if ratios[name] else series.median / here.median
                record["there"][name]["ratio"] = round(paired, 3)
            record["best"] = min(there, key=lambda name: there[name].median)
        if failures:
            record["failures"] = failures
        return record

    def network(self, net, with_levels):
        """Everything about one network."""
        names = plan.configurations(net, self.is_quick, self.compiles)
        tasks = {task: self.duel(net, task, names, self.rounds) for task in plan.TASKS[net]}
        record = {"tasks": tasks}
        if not self.is_quick:
            record["avx2"] = {task: self.duel(net, task, self.finalists(tasks[task]), max(1, self.rounds - 1),
                                              limits=(plan.AVX2_HERE, plan.AVX2_THERE)) for task in ["all", "predict"]}
            best = [tasks["all"]["best"]] if "best" in tasks["all"] else []
            record["single"] = self.duel(net, "all", best, max(1, self.rounds - 1), threads=1)
        if with_levels:
            record["levels"] = {level: {task: self.level(net, task, limits) for task in plan.TASKS[net]}
                                for level, limits in plan.LEVELS.items()}
        return record

    def finalists(self, record):
        """What is tried with AVX2 alone: the fastest, and what is not compiled, since the compiler may fail there."""
        return [name for name in record["there"] if "compiled" not in name or name == record["best"]]

    def level(self, net, task, limits):
        series = Series()
        series.add(self.here(net, task, environment=limits))
        return series.record()

    def kernels(self):
        return run([self.tool, "bench", "kernels", "--threads", str(self.threads), "--json"])

    def losses(self, net):
        """The losses of the first steps on both sides, from the same weights, passports and batches."""
        with tempfile.TemporaryDirectory() as folder:
            start = os.path.join(folder, "start.safetensors")
            here = run([self.tool, "bench", "losses", net, "--threads", str(self.threads), "--export", start])
            there = run([self.python, str(PEERS / "losses.py"), net, start, str(self.threads)]) if self.python else None
        return {"here": here["losses"], "there": there["losses"] if there else None}
