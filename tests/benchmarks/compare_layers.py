#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Joins the reports of run.sh --layers: compare_layers.py DIR reads DIR/layers-{ours,pyg}-<cores>-<round>.json, prints a
table in markdown and writes it to DIR/layers.md. Ratios are taken round by round; above 1 halograph is ahead. Reports of
a device have 0 cores; the memory is that of tensors beyond those of inputs and parameters."""
import json
import pathlib
import statistics
import sys

from compare import grid, limits, short


def read(folder, who):
    reports = {}
    for path in sorted(folder.glob(f"layers-{who}-*-*.json")):
        cores, turn = map(int, path.stem.split("-")[2:])
        report = json.loads(path.read_text())
        reports[cores, turn] = report | {"layers": {one["name"]: one for one in report["layers"]}}
    return reports


def memory_ratio(ours, theirs):
    """Of a layer's training, round by round, where both were on a device."""
    pairs = [(a["training"]["memory_per_node"] * a["nodes"], b["memory"]) for a, b in zip(ours, theirs)]
    return statistics.median(b / a for a, b in pairs)


def main():
    folder = pathlib.Path(sys.argv[1])
    ours, theirs = read(folder, "ours"), read(folder, "pyg")
    rows = []
    for cores in sorted({key[0] for key in ours}):
        turns = [key for key in ours if key[0] == cores and key in theirs]
        if not turns:
            continue
        for name in ours[turns[0]]["layers"]:
            layers, rivals = [ours[t]["layers"][name] for t in turns], [theirs[t]["layers"].get(name, {}) for t in turns]
            for mode in ("forward", "training"):
                mine, rival = [one[mode] for one in layers if mode in one], [one.get(mode) for one in rivals]
                if not mine:
                    continue
                seconds = statistics.median(m["seconds"] for m in mine)
                share = statistics.median(m["bound_share"] for m in mine)
                row = [name, mode, str(cores or ""), short(1e3 * seconds), f"{100 * share:.0f} % {mine[0]['bound']}"]
                if all(rival):
                    ratios = [r["seconds"] / m["seconds"] for r, m in zip(rival, mine)]
                    by_cpu = statistics.median(r["cpu_seconds"] / m["cpu_seconds"] for r, m in zip(rival, mine))
                    row += [short(1e3 * statistics.median(r["seconds"] for r in rival)), " ".join(map(short, ratios)),
                            f"**{short(statistics.median(ratios))}**", short(by_cpu) if cores else ""]
                else:
                    row += ["", "", "", ""]
                on_device = mode == "training" and all("memory" in one for one in rivals)
                row.append(short(memory_ratio(layers, rivals)) if on_device else "")
                rows.append(row)
    head = ["layer", "", "cores", "ms", "of larger bound", "PyG, ms", "ratio, round by round", "median", "by CPU time",
            "PyG's memory / ours"]
    machines = [report["machine"] for (cores, _), report in ours.items() if cores == 0]
    rival = next(iter(theirs.values()), {})
    text = grid(head, rows)
    if machines:
        text = (f"- Device {machines[0]['description']}: {limits(machines)}\n"
                f"- Rival on {rival.get('device')}, neighbours by {rival.get('search')}\n\n{text}")
    print(text)
    (folder / "layers.md").write_text(text)


if __name__ == "__main__":
    main()
