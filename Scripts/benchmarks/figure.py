"""The figure: a bar for each task, PyTorch's best time by the time here, beside what was asked for."""
import plan
import report

ROW, BAR, LEFT, WIDTH, RIGHT, TOP = 24, 14, 290, 440, 60, 46

STYLE = """<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.quiet { fill: #57606a; font-size: 12px }
.bar { fill: #2f6fb7 } .short { fill: #b5651d }
.grid { stroke: #d0d7de } .one { stroke: #57606a }
.required { stroke: #24292f; stroke-width: 2 } .aimed { stroke: #24292f; stroke-width: 2; stroke-dasharray: 3 2 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 } .quiet { fill: #9198a1 }
.bar { fill: #58a6ff } .short { fill: #e3a25f }
.grid { stroke: #30363d } .one { stroke: #9198a1 }
.required, .aimed { stroke: #e6edf3 }
}
</style>"""


def rows(record):
    """Label, ratio, and required and aimed ratio where there are any."""
    for net in report.ordered(record):
        for name, task in record["networks"][net]["tasks"].items():
            if task["there"]:
                yield (f"{plan.NAMES[net]}, {plan.TASK_NAMES[name]}", report.best(task)["ratio"],
                       plan.STEP_GOALS.get((net, name)))


def svg(record):
    found = list(rows(record))
    most = max([ratio for _, ratio, _ in found] + [goal[1] for _, _, goal in found if goal] + [1])
    ticks = range(int(most) + 2)
    scale = WIDTH / ticks[-1]
    height = TOP + ROW * len(found) + 34
    bottom = TOP + ROW * len(found)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + RIGHT}" height="{height}" '
             f'viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}" role="img">',
             "<title>Times faster than PyTorch's best configuration</title>", STYLE,
             f'<text x="{LEFT}" y="18">Times faster than PyTorch\'s best configuration</text>',
             f'<text class="quiet" x="{LEFT}" y="36">line: required; dashed: aimed; orange: falls short</text>']
    for tick in ticks:
        x = LEFT + tick * scale
        kind = "one" if tick == 1 else "grid"
        lines.append(f'<line class="{kind}" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}"/>')
        lines.append(f'<text class="quiet" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{tick}</text>')
    for index, (label, ratio, goal) in enumerate(found):
        y = TOP + index * ROW + (ROW - BAR) / 2
        kind = "short" if goal and ratio < goal[0] else "bar"
        lines.append(f'<text x="{LEFT - 10}" y="{y + BAR - 3:.1f}" text-anchor="end">{label}</text>')
        lines.append(f'<rect class="{kind}" x="{LEFT}" y="{y:.1f}" width="{ratio * scale:.1f}" height="{BAR}" rx="2"/>')
        marks = zip(["required", "aimed"], goal or [])
        for mark, value in marks:
            x = LEFT + value * scale
            lines.append(f'<line class="{mark}" x1="{x:.1f}" y1="{y - 3:.1f}" x2="{x:.1f}" y2="{y + BAR + 3:.1f}"/>')
        end = LEFT + max([ratio, *(goal or [])]) * scale + 8
        lines.append(f'<text x="{end:.1f}" y="{y + BAR - 3:.1f}">{ratio:.2f}</text>')
    return "\n".join(lines + ["</svg>"]) + "\n"
