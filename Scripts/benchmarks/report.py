"""Tables from the records: how fast both sides are, what was asked for, and the losses of both."""
import plan


def ordered(record):
    return [net for net in plan.NAMES if net in record["networks"]]


def table(head, rows):
    """A Markdown table: the first column is text, the others are figures."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def best(task):
    return task["there"][task["best"]]


def milliseconds(series):
    return f"{series['milliseconds']:.1f}" + (" (disturbed)" if series["disturbed"] else "")


def least_peak(task):
    return min(series["peak"] for series in task["there"].values())


def times(record):
    rows = []
    for net in ordered(record):
        for name, task in record["networks"][net]["tasks"].items():
            row = [f"{plan.NAMES[net]}, {plan.TASK_NAMES[name]}", milliseconds(task["here"])]
            if task["there"]:
                default = task["there"].get("default")
                row += [milliseconds(default) if default else "fails", milliseconds(best(task)), task["best"],
                        f"{best(task)['ratio']:.2f}"]
            else:
                row += ["", "", "", ""]
            rows.append(row)
    return table(["ms", "here", "PyTorch, default", "PyTorch, best", "the best is", "best / here"], rows)


def configurations(record):
    """Every configuration of PyTorch that was tried."""
    rows = []
    for net in ordered(record):
        for name, task in record["networks"][net]["tasks"].items():
            cells = [milliseconds(task["there"][each]) if each in task["there"] else
                     "fails" if each in task.get("failures", {}) else "" for each in plan.CONFIGURATIONS]
            rows.append([f"{plan.NAMES[net]}, {plan.TASK_NAMES[name]}", *cells])
    return table(["ms", *plan.CONFIGURATIONS], rows)


def memory(record):
    rows = [[f"{plan.NAMES[net]}, {plan.TASK_NAMES[name]}", str(task["here"]["peak"]), str(least_peak(task)),
             str(best(task)["peak"]), f"{least_peak(task) / task['here']['peak']:.2f}"]
            for net in ordered(record) for name, task in record["networks"][net]["tasks"].items() if task["there"]]
    return table(["MiB", "here", "PyTorch, leanest", "PyTorch, fastest", "leanest / here"], rows)


def levels(record):
    nets = [net for net in ordered(record) if "levels" in record["networks"][net]]
    if not nets:
        return None
    rows = [[f"{plan.NAMES[net]}, {plan.TASK_NAMES[task]}",
             *(milliseconds(record["networks"][net]["levels"][level][task]) for level in plan.LEVELS)]
            for net in nets for task in plan.TASKS[net]]
    return table(["ms, here", *plan.LEVELS], rows)


def verdict(ratio, required, aimed):
    return "as aimed" if ratio >= aimed else "as required" if ratio >= required else "**falls short**"


def goals(record):
    """Each ratio that was asked for: name, measured, required, aimed."""
    found = []
    networks = {net: record["networks"][net] for net in ordered(record)}
    for (net, name), goal in plan.STEP_GOALS.items():
        if net in networks and networks[net]["tasks"][name]["there"]:
            found.append((f"{plan.NAMES[net]}, {plan.TASK_NAMES[name]}", best(networks[net]["tasks"][name])["ratio"], *goal))
    for net, each in networks.items():
        tasks = each["tasks"]
        if not tasks["all"]["there"]:
            continue
        plain = best(tasks["none"])["milliseconds"] / tasks["all"]["here"]["milliseconds"]
        found.append((f"{plan.NAMES[net]}, two branches here against plain there", plain, *plan.AGAINST_PLAIN_GOAL))
    for net, each in networks.items():
        for name, task in each.get("avx2", {}).items():
            if task["there"]:
                found.append((f"{plan.NAMES[net]}, {plan.TASK_NAMES[name]}, AVX2", best(task)["ratio"], *plan.AVX2_GOAL))
    for net, each in networks.items():
        for name, task in each["tasks"].items():
            if task["there"]:
                ratio = least_peak(task) / task["here"]["peak"]
                found.append((f"{plan.NAMES[net]}, {plan.TASK_NAMES[name]}, peak memory", ratio, *plan.MEMORY_GOAL))
    return found


def goal_table(record):
    rows = [[name, f"{ratio:.2f}", f"{required:.1f}", f"{aimed:.1f}", verdict(ratio, required, aimed)]
            for name, ratio, required, aimed in goals(record)]
    return table(["PyTorch's best / here", "measured", "required", "aimed", ""], rows)


def amdahl(one, several, threads, wanted):
    """Milliseconds with `wanted` threads, by Amdahl's law through the times of one thread and of several."""
    parallel = min(max(0, one - several) / (1 - 1 / threads), one)
    return one - parallel + parallel / wanted


def scaling(record):
    rows = []
    for net in ordered(record):
        each = record["networks"][net]
        if "single" not in each:
            continue
        task, threads = each["tasks"]["all"], each["threads"]
        sides = [("here", each["single"]["here"], task["here"])]
        for name, series in each["single"]["there"].items():
            sides.append((f"PyTorch, {name}", series, task["there"][name]))
        for side, one, several in sides:
            first, second = one["milliseconds"], several["milliseconds"]
            many = amdahl(first, second, threads, plan.PREDICTED_THREADS)
            rows.append([f"{plan.NAMES[net]}, {side}", f"{first:.1f}", f"{second:.1f}", f"{first / second:.2f}",
                         f"{many:.0f}"])
    if not rows:
        return None
    threads = record["networks"][ordered(record)[0]]["threads"]
    return table(["ms, step of two branches", "1 thread", f"{threads} threads", "speed-up",
                  f"predicted, {plan.PREDICTED_THREADS} threads"], rows)


def kernels(record):
    found = record.get("kernels")
    if not found:
        return None
    peaks = {each["name"]: each["rate"] for each in found["ceilings"]}
    operations = max(each["rate"] for each in found["ceilings"] if each["unit"] == "GFLOP/s")
    rows = []
    for each in found["ceilings"] + found["kernels"]:
        ceiling = operations if each["unit"] == "GFLOP/s" else peaks["triad"]
        share = "" if each["name"] in peaks else f"{each['rate'] / ceiling:.0%}"
        rows.append([each["name"].replace("->", "→"), f"{each['milliseconds']:.2f}", f"{each['rate']:.1f} {each['unit']}",
                     share])
    return table([f"{found['level']}, {found['threads']} threads", "ms", "rate", "of the ceiling"], rows)


def losses(record):
    nets = [net for net in plan.NAMES if record.get("losses", {}).get(net, {}).get("there")]
    if not nets:
        return None
    head, rows = ["step"], []
    for net in nets:
        head += [f"{plan.NAMES[net]}, here", "PyTorch", "difference"]
    for step in range(len(record["losses"][nets[0]]["here"])):
        row = [str(step + 1)]
        for net in nets:
            here, there = (record["losses"][net][side][step] for side in ["here", "there"])
            row += [f"{here:.6f}", f"{there:.6f}", f"{abs(here - there) / abs(there):.0e}"]
        rows.append(row)
    return table(head, rows)


def machine(record):
    found = record["machine"]
    caches = ", ".join(f"{name} {size}" for name, size in found["caches"].items())
    lines = [f"* Processor: {found['processor']} (family, model, stepping {found['family, model, stepping']}; "
             f"{found['vectors']}), {found['cores']} cores" + (" of a virtual machine" if found["virtual"] else ""),
             f"* Caches: {caches}; memory {found['memory']}",
             f"* {found['kernel']}; transparent huge pages: {found['huge pages']}"]
    for net in ordered(record):
        each = record["networks"][net]
        torch = each["torch"]
        lines.append(f"* {plan.NAMES[net]}: {each['date']}, {each['version']} with {each['threads']} threads"
                     + (f", PyTorch {torch['torch']} ({torch['vectors']}) on Python {torch['python']}" if torch else "")
                     + f"; {each['rounds']} rounds")
    return "\n".join(lines)


INTRODUCTION = """# Benchmarks

Written by `PYTHON=... Scripts/bench --levels --losses`; the figures of every run are in [Benchmarks.json](Benchmarks.json).

A step is 64 samples and 2 triggers (PointNet: 16 clouds and 16 triggers), forward, backward and update: of two
branches with passports on all layers, of two with passports on the last stage only, or of a plain network. PyTorch runs [Scripts/peers](peers/nets.py), the same networks with the same objective. This side and each of PyTorch's configurations run in turn, a process each; a ratio is that of two runs one after the other, and a figure
the median over rounds of medians over steps. A run during which other processes took over 5 % of the cores is repeated, three
times at most. All configurations of PyTorch take part in the first round, its default and the fastest in all rounds."""

SECTIONS = [
    ("What was asked for", "PyTorch's best is the fastest configuration of each row; of memory, the leanest of all.", goal_table),
    ("Times", "![PyTorch's best time by the time here](Benchmarks.svg)", times),
    ("PyTorch's configurations", None, configurations),
    ("Peak memory", "Of the whole process, libraries included.", memory),
    ("Levels of kernels", "One run each. OpenBLAS is limited too; updates and element-wise loops are not.", levels),
    ("Threads", "Predictions follow Amdahl's law from the two measured times; they are no measurements, and know nothing of "
     "memory bandwidth.", scaling),
    ("Kernels", "Against multiply-adds in registers and STREAM's triad. Rates count the operations of the definition, so that "
     "Winograd's transforms can come above the peak.", kernels),
    ("Losses of the first steps", "Both sides from the same weights, passports and batches, no dropout, both in float32.", losses),
    ("Machine", None, machine),
]


def sections(record):
    for title, text, body in SECTIONS:
        content = body(record)
        if content:
            yield "\n\n".join(part for part in [f"## {title}", text, content] if part)


def markdown(record):
    return "\n\n".join([INTRODUCTION, *sections(record)]) + "\n"
