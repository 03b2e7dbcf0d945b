"""Tables from the records: how fast both sides are, what was asked for, and the losses of both."""
import plan


def ordered(record):
    return [net for net in plan.NAMES if net in record["networks"]]


def table(head, rows):
    """A Markdown table: the first column is text, the others are figures."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def label(net, task):
    return f"{plan.NAMES[net]}, {plan.TASK_NAMES[task]}"


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
            row = [label(net, name), milliseconds(task["here"])]
            if task["there"]:
                default = task["there"].get("default")
                row += [milliseconds(default) if default else "fails", milliseconds(best(task)), task["best"],
                        f"{best(task)['ratio']:.2f}"]
            else:
                row += ["", "", "", ""]
            rows.append(row)
    return table(["ms", "here", "PyTorch, default", "PyTorch, best", "the best is", "best / here"], rows)


def configurations(record, part="tasks"):
    """Every configuration of PyTorch that was tried."""
    rows = []
    for net in ordered(record):
        for name, task in record["networks"][net].get(part, {}).items():
            cells = [milliseconds(task["there"][each]) if each in task["there"] else
                     "fails" if each in task.get("failures", {}) else "" for each in plan.CONFIGURATIONS]
            rows.append([label(net, name), milliseconds(task["here"]), *cells])
    return table(["ms", "here", *plan.CONFIGURATIONS], rows) if rows else None


def limited(record):
    return configurations(record, "avx2")


def uncompiled(record):
    """The networks whose record has no attempt with torch.compile."""
    def attempts(net):
        tasks = record["networks"][net]["tasks"].values()
        return {name for task in tasks for name in [*task["there"], *task.get("failures", {})]}
    return [net for net in ordered(record) if not any("compiled" in name for name in attempts(net))]


def memory(record):
    rows = [[name, str(task["here"]["peak"]), str(least_peak(task)), str(best(task)["peak"]),
             f"{least_peak(task) / task['here']['peak']:.2f}"] for _, _, name, task in compared(record)]
    return table(["MiB", "here", "PyTorch, leanest", "PyTorch, fastest", "leanest / here"], rows)


def levels(record):
    nets = [net for net in ordered(record) if "levels" in record["networks"][net]]
    if not nets:
        return None
    rows = [[label(net, task),
             *(milliseconds(record["networks"][net]["levels"][level][task]) for level in plan.LEVELS)]
            for net in nets for task in plan.TASKS[net]]
    return table(["ms, here", *plan.LEVELS], rows)


def verdict(ratio, required, aimed):
    return "as aimed" if ratio >= aimed else "as required" if ratio >= required else "**falls short**"


def compared(record, part="tasks"):
    """Network, task, its name for readers, and record, of each task that PyTorch has done too."""
    for net in ordered(record):
        for name, task in record["networks"][net].get(part, {}).items():
            if task["there"]:
                yield net, name, label(net, name), task


def goals(record):
    """Each ratio that was asked for: name, measured, required, aimed."""
    tasks = {(net, name): task for net, name, _, task in compared(record)}
    for (net, name), goal in plan.STEP_GOALS.items():
        if (net, name) in tasks:
            yield label(net, name), best(tasks[net, name])["ratio"], *goal
    for net in ordered(record):
        if (net, "all") in tasks and (net, "none") in tasks:
            plain = best(tasks[net, "none"])["milliseconds"] / tasks[net, "all"]["here"]["milliseconds"]
            yield f"{plan.NAMES[net]}, two branches here against plain there", plain, *plan.AGAINST_PLAIN_GOAL
    for _, _, name, task in compared(record, "avx2"):
        yield f"{name}, AVX2", best(task)["ratio"], *plan.AVX2_GOAL
    for _, _, name, task in compared(record):
        yield f"{name}, peak memory", least_peak(task) / task["here"]["peak"], *plan.MEMORY_GOAL


def goal_table(record):
    """The table, and what PyTorch's best does not cover."""
    rows = [[name, f"{ratio:.2f}", f"{required:.1f}", f"{aimed:.1f}", verdict(ratio, required, aimed)]
            for name, ratio, required, aimed in goals(record)]
    text = table(["PyTorch's best / here", "measured", "required", "aimed", ""], rows)
    left_out = " and ".join(plan.NAMES[net] for net in uncompiled(record))
    return text + (f"\n\nPyTorch ran {left_out} without torch.compile, which might be faster." if left_out else "")


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
        rows.append([each["name"].replace("->", "→"), f"{each['milliseconds']:.2f}",
                     f"{each['rate']:.1f} {each['unit']}", share])
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

Written by `PYTHON=... Scripts/bench --levels --losses`; every run's figures are in [Benchmarks.json](Benchmarks.json).

A step is 64 samples and 2 triggers (PointNet: 16 clouds and 16 triggers), forward, backward and update: of two branches
with passports on all layers, of two with passports on the last stage only, or of a plain network. PyTorch runs
[Scripts/peers](peers/nets.py), the same networks with the same objective. This side and each of PyTorch's configurations
run in turn, a process each; a ratio is that of two runs one after the other, and a figure the median over rounds of
medians over steps. A run during which others took over 5 % of the cores is repeated, three times at most. All
configurations of PyTorch take part in the first round, its default and the fastest in all rounds."""

# Title, text above, and the function that makes the rest.
SECTIONS = [
    ("What was asked for",
     "PyTorch's best is the fastest configuration of each row; of memory, the leanest of all.", goal_table),
    ("Times", "![PyTorch's best time by the time here](Benchmarks.svg)", times),
    ("PyTorch's configurations", None, configurations),
    ("Limited to AVX2", "Both sides. Where the compiled network fails, the fastest of the others counts.", limited),
    ("Peak memory", "Of the whole process, libraries included.", memory),
    ("Levels of kernels",
     "One run each. OpenBLAS is limited too; updates and element-wise loops are not.", levels),
    ("Threads",
     "Predictions follow Amdahl's law from the two measured times. They are no measurements, and know nothing of memory\n"
     "bandwidth.", scaling),
    ("Kernels",
     "Against multiply-adds in registers and STREAM's triad. Rates count the operations of the definition, so that\n"
     "Winograd's transforms can come above the peak; what stays in a cache can come above the triad.", kernels),
    ("Losses of the first steps",
     "Both sides from the same weights, passports and batches, no dropout, both in float32. Rounding grows from step to\n"
     "step, most of all in PointNet, where this side's own reference path (--exact) parts by a similar amount.", losses),
    ("Machine", None, machine),
]


def sections(record):
    for title, text, body in SECTIONS:
        content = body(record)
        if content:
            yield "\n\n".join(part for part in [f"## {title}", text, content] if part)


def markdown(record):
    return "\n\n".join([INTRODUCTION, *sections(record)]) + "\n"
