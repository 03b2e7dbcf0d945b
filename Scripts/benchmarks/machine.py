"""What the machine is, as far as it matters for how fast it computes."""
import glob
import json
import os
import platform
import subprocess


def read(path, fallback="unknown"):
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return fallback


def cpu_field(name):
    for line in read("/proc/cpuinfo").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def caches():
    """Caches of the first core: level and kind, and size."""
    found = {}
    for folder in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index*")):
        kind = {"Data": "d", "Instruction": "i"}.get(read(folder + "/type"), "")
        found[f"L{read(folder + '/level')}{kind}"] = read(folder + "/size")
    return found


def description():
    memory = int(read("/proc/meminfo").split()[1]) / 2**20
    flags = cpu_field("flags").split()
    levels = [name for name in ["avx2", "avx512f", "amx_tile"] if name in flags]
    return {
        "processor": cpu_field("model name"),
        "family, model, stepping": ", ".join(cpu_field(name) for name in ["cpu family", "model", "stepping"]),
        "vectors": ", ".join(levels) or "neither avx2 nor avx512",
        "cores": os.cpu_count(),
        "virtual": "hypervisor" in flags,
        "caches": caches(),
        "memory": f"{memory:.1f} GiB",
        "kernel": f"{platform.system()} {platform.release()}",
        "huge pages": read("/sys/kernel/mm/transparent_hugepage/enabled"),
    }


def torch_versions(python):
    """Versions of Python and PyTorch, or nothing where there is no PyTorch."""
    code = ("import json, sys, torch; print(json.dumps({'python': sys.version.split()[0], 'torch': torch.__version__,"
            "'vectors': torch.backends.cpu.get_cpu_capability()}))")
    try:
        output = subprocess.run([python, "-c", code], capture_output=True, check=True).stdout
        return json.loads(output)
    except (OSError, subprocess.CalledProcessError, json.JSONDecodeError):
        return None
