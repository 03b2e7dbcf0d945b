"""Runs one process at a time, and watches what else the machine was doing meanwhile."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

MOST_FOREIGN = 0.05  # share of all cores
MOST_REPEATS = 3
TIMEOUT = 900
TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """A process that gave no result, and the last that it said."""


def busy_seconds():
    """Processor time since the machine started, what a hypervisor took for other guests included."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, interrupts, soft, steal = map(int, file.readline().split()[1:9])
    return (user + nice + system + interrupts + soft + steal) / TICKS


def run_once(command, environment):
    """The JSON that a command prints, and the share of the cores that others used meanwhile."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        busy, start = busy_seconds(), time.monotonic()
        child = subprocess.Popen(command, env=os.environ | environment, stdout=output, stderr=errors)
        usage = None
        while usage is None:
            pid, status, found = os.wait4(child.pid, os.WNOHANG)
            if pid:
                usage, child.returncode = found, os.waitstatus_to_exitcode(status)
            elif time.monotonic() - start > TIMEOUT:
                child.kill()
                child.wait()
                raise Failure(f"no result after {TIMEOUT} seconds")
            else:
                time.sleep(0.02)
        elapsed = time.monotonic() - start
        foreign = busy_seconds() - busy - usage.ru_utime - usage.ru_stime
        output.seek(0)
        errors.seek(0)
        if child.returncode != 0:
            said = errors.read().decode(errors="replace").strip().splitlines()
            raise Failure(said[-1][:200] if said else f"exit code {child.returncode}")
        result = json.loads(output.read())
    result["foreign"] = round(max(0, foreign / elapsed / os.cpu_count()), 3)
    return result


def run(command, environment=None):
    """Like `run_once`, again while others disturb it; a result that stays disturbed is the least so and says it."""
    best = None
    for repeat in range(1 + MOST_REPEATS):
        result = run_once(command, environment or {})
        if best is None or result["foreign"] < best["foreign"]:
            best = result
        if best["foreign"] <= MOST_FOREIGN:
            break
        print(f"  others used {result['foreign']:.0%} of the cores", file=sys.stderr)
        if repeat < MOST_REPEATS:
            time.sleep(1)
    best["disturbed"] = best["foreign"] > MOST_FOREIGN
    return best


class Series:
    """The runs of one thing."""

    def __init__(self):
        self.runs = []

    def add(self, result):
        """Keeps a run. Returns its median in milliseconds."""
        time_of_step = statistics.median(result["milliseconds"])
        self.runs.append({"milliseconds": time_of_step, "peak": result["peak"], "foreign": result["foreign"],
                          "disturbed": result["disturbed"]})
        return time_of_step

    @property
    def undisturbed(self):
        """The runs that count: disturbed ones only where there are no others."""
        return [run for run in self.runs if not run["disturbed"]] or self.runs

    @property
    def median(self):
        return statistics.median(run["milliseconds"] for run in self.undisturbed)

    def record(self):
        return {"milliseconds": round(self.median, 2), "peak": max(run["peak"] for run in self.runs),
                "disturbed": all(run["disturbed"] for run in self.runs), "runs": self.runs}
