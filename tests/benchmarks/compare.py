#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Joins the reports of run.sh: compare.py DIR reads DIR/<who>-<case>-<cores>-<round>.json, prints tables in markdown
and writes them to DIR/comparison.md and, with all figures, to DIR/comparison.json. Ratios are taken pair by pair, ours
and the rival's run that followed it; above 1 halograph is ahead. Reports of a device have 0 cores; DIR/kernels.json has
what its kernels reach of what it can do."""
import json
import pathlib
import platform
import statistics
import sys


RIVALS = ("plain", "pyg", "compiled", "tf32")


def read_reports(folder):
    """{(who, case, cores): [report of round 1, 2, ...]}, by cores, rival and size of the network"""
    reports = {}
    for path in sorted(folder.glob("*-*-*-*.json"), key=lambda path: int(path.stem.split("-")[3])):
        who, case, cores, _ = path.stem.split("-")
        reports.setdefault((who, case, int(cores)), []).append(json.loads(path.read_text()))
    order = ("ours", *RIVALS, "scaling")
    return dict(sorted(reports.items(), key=lambda item: (item[0][2], order.index(item[0][0]),
                                                          figures(item[1], "parameters")[0])))


def figures(reports, *path):
    """One figure of the only case of each report."""
    values = []
    for report in reports:
        value = report["cases"][0]
        for key in path:
            value = value[key]
        values.append(value)
    return values


def short(value, digits=3):
    return f"{value:.{digits}g}" if abs(value) < 1000 else f"{value:.0f}"


def grid(head, rows):
    """A table in markdown without the columns that are empty from top to bottom"""
    used = [any(row[i] for row in rows) for i in range(len(head))]
    head, *rows = ([cell for cell, keep in zip(row, used) if keep] for row in (head, *rows))
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def table(title, head, rows):
    return f"**{title}**\n\n" + grid(head, rows)


def compare(ours, theirs, mode, key, more_is_better):
    """Ratios pair by pair, where 2 says that ours is twice as good."""
    pairs = zip(figures(ours, *mode, key), figures(theirs, *mode, key))
    return [a / b if more_is_better else b / a for a, b in pairs]


def speed_table(reports, mode, title, result):
    rows = []
    for (who, case, cores), theirs in reports.items():
        if who not in RIVALS:
            continue
        ours = reports["ours", case, cores]
        ratios = compare(ours, theirs, (mode,), "nodes_per_second", True)
        row = {"case": case, "mode": mode, "cores": cores, "rival": who, "nodes": figures(ours, "nodes")[0],
               "ours": statistics.median(figures(ours, mode, "nodes_per_second")),
               "theirs": statistics.median(figures(theirs, mode, "nodes_per_second")),
               "fma_share": statistics.median(figures(ours, mode, "fma_share")),
               "bound_share": statistics.median(figures(ours, mode, "bound_share")),
               "bound": figures(ours, mode, "bound")[0], "ratios": ratios, "ratio": statistics.median(ratios)}
        by_cpu = ""
        if cores == 1:  # the processor's time: what others took of the core does not count
            row["cpu_ratio"] = statistics.median(compare(ours, theirs, (mode,), "cpu_seconds", False))
            by_cpu = short(row["cpu_ratio"])
        result.append(row)
        rows.append([case, short(row["nodes"]), str(cores or ""), who, short(row["ours"] / 1000),
                     short(row["theirs"] / 1000), f"{100 * row['fma_share']:.0f} %", f"{100 * row['bound_share']:.0f} % {row['bound']}",
                     " ".join(map(short, ratios)), f"**{short(row['ratio'])}**", by_cpu])
    head = ["case", "nodes", "cores", "rival", "knodes/s", "rival's", "of FMA peak", "of larger bound",
            "ratio, pair by pair", "median", "by CPU time"]
    return table(title, head, rows)


def memory_table(reports, result):
    rows = []
    for (who, case, cores), theirs in reports.items():
        if who not in RIVALS:
            continue
        ours = reports["ours", case, cores]
        tensors = figures(ours, "training", "memory_per_node")
        resident = "resident_per_node" in ours[0]["cases"][0]
        key = "resident_per_node" if resident else "memory_per_node"
        if key not in theirs[0]["cases"][0]:  # the system does not tell, or the rival was not on the device
            continue
        mine, rivals = figures(ours, key) if resident else tensors, figures(theirs, key)
        row = {"case": case, "cores": cores, "rival": who, "tensors": statistics.median(tensors),
               "theirs": statistics.median(rivals), "ratio": statistics.median(b / a for a, b in zip(mine, rivals))}
        if resident:
            row["ours"] = statistics.median(mine)
        result.append(row)
        rows.append([case, str(cores or ""), who]
                    + [short(row[key]) if key in row else "" for key in ("tensors", "ours", "theirs")]
                    + [f"**{short(row['ratio'])}**"])
    head = ["case", "cores", "rival", "tensors, bytes a node", "resident, bytes a node", "rival's", "rival's / ours"]
    return table("Peak memory of training", head, rows) if rows else ""


def kernel_table(report, result):
    rows = []
    for kernel in report["kernels"]:
        result.append(kernel)
        gflops = short(1e-9 * kernel["flops_per_second"]) if "flops" in kernel else "-"
        rows.append([kernel["name"], kernel["shape"], short(kernel["rows"]), short(1e3 * kernel["seconds"]), gflops,
                     short(1e-9 * kernel["bytes_per_second"]), f"{100 * kernel['bound_share']:.0f} % {kernel['bound']}"])
    head = ["kernel", "shape", "rows", "ms", "GFLOP/s", "GB/s", "of larger bound"]
    return table("Kernels", head, rows)


def scaling_table(reports, result):
    rows = []
    for (who, case, cores), two in reports.items():
        if who != "scaling" or cores != 2:
            continue
        one = reports["scaling", case, 1]
        for mode in ("training", "inference"):
            ratios = compare(two, one, (mode,), "nodes_per_second", True)
            wait = statistics.median(figures(two, mode, "wait_share"))
            row = {"case": case, "mode": mode, "nodes_per_rank": figures(one, "nodes")[0], "ratios": ratios,
                   "ratio": statistics.median(ratios), "wait_share": wait,
                   "exchanges": figures(two, mode, "exchanges")[0], "messages": figures(two, mode, "messages")[0],
                   "exchange_bytes": figures(two, mode, "exchange_bytes")[0]}
            result.append(row)
            rows.append([case, mode, short(row["nodes_per_rank"]), " ".join(map(short, ratios)),
                         f"**{short(row['ratio'])}**", f"{100 * wait:.1f} %", short(row["exchanges"]),
                         short(row["messages"]), short(row["exchange_bytes"] / 1000)])
    head = ["case", "", "nodes a rank", "throughput, pair by pair", "median", "waiting", "exchanges", "messages",
            "kB sent"]
    return table("Two ranks against one, the same nodes a rank", head, rows)


def processor():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def limits(machines):
    """What the machine can do, from all reports that measured it."""
    fma, triad = (statistics.median(m[key] for m in machines) for key in ("fma_f32", "triad"))
    counts = "triad (write allocation counted)" if "fma_f32_core" in machines[0] else "read and written"
    return f"{1e-9 * fma:.0f} GFLOP/s f32 of FMA on registers, {1e-9 * triad:.1f} GB/s {counts}"


def conditions(reports, kernels):
    """What was measured on and with."""
    lines = [f"- Processor: {processor()}"]
    ours = {key: group for key, group in reports.items() if key[0] in ("ours", "scaling")}
    for cores in sorted({key[2] for key in ours}):
        machines = [r["machine"] for key, group in ours.items() if key[2] == cores for r in group]
        first = machines[0]
        if cores == 0:
            machines += [kernels["machine"]] if kernels else []
            lines.append(f"- Device {first['description']}: {limits(machines)}")
        else:
            lines.append(f"- {cores} rank{'s' * (cores > 1)} x {first['threads']} thread, {first['instruction_set']}: "
                         f"{limits(machines)}")
    for form in RIVALS:
        group = next((group for key, group in reports.items() if key[0] == form), None)
        if group:
            facts = {key: value for key, value in group[0].items() if key not in ("cases", "threads")}
            lines.append(f"- Rival {form}: " + ", ".join(f"{key} {value}" for key, value in facts.items()))
    ours = next((group[0] for key, group in reports.items() if key[0] == "ours"), None)
    if ours:
        lines.append(f"- {ours['dtype']}, {ours['products']} products; every turn is the median of {ours['samples']} steps"
                     f"{', trained with checkpoints' * ours['cases'][0]['checkpoint']}")
    return "\n".join(lines) + "\n"


def main():
    folder = pathlib.Path(sys.argv[1])
    reports = read_reports(folder)
    path = folder / "kernels.json"
    kernels = json.loads(path.read_text()) if path.exists() else None
    joined = {"speed": [], "memory": [], "scaling": [], "kernels": []}
    parts = [conditions(reports, kernels)]
    if kernels:
        parts.append(kernel_table(kernels, joined["kernels"]))
    if any(key[0] == "ours" for key in reports):
        parts += [speed_table(reports, mode, mode.capitalize(), joined["speed"]) for mode in ("training", "inference")]
        parts.append(memory_table(reports, joined["memory"]))
    if any(key[0] == "scaling" for key in reports):
        parts.append(scaling_table(reports, joined["scaling"]))
    text = "\n".join(parts)
    print(text)
    (folder / "comparison.md").write_text(text)
    joined["reports"] = {"-".join(map(str, key)): group for key, group in reports.items()}
    (folder / "comparison.json").write_text(json.dumps(joined, indent=2))


if __name__ == "__main__":
    main()
