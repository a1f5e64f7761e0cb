#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Joins the reports of run.sh --layers: compare_layers.py DIR reads DIR/layers-{ours,pyg}-<cores>-<round>.json, prints a
table in markdown and writes it to DIR/layers.md. Ratios are taken round by round; above 1 halograph is ahead."""
import json
import pathlib
import statistics
import sys


def read(folder, who):
    reports = {}
    for path in sorted(folder.glob(f"layers-{who}-*-*.json")):
        cores, turn = map(int, path.stem.split("-")[2:])
        reports[cores, turn] = {one["name"]: one for one in json.loads(path.read_text())["layers"]}
    return reports


def short(value):
    return f"{value:.3g}" if value < 1000 else f"{value:.0f}"


def main():
    folder = pathlib.Path(sys.argv[1])
    ours, theirs = read(folder, "ours"), read(folder, "pyg")
    rows = []
    for cores in sorted({key[0] for key in ours}):
        turns = [key for key in ours if key[0] == cores and key in theirs]
        if not turns:
            continue
        for name in ours[turns[0]]:
            for mode in ("forward", "training"):
                mine = [ours[t][name][mode] for t in turns if mode in ours[t][name]]
                rival = [theirs[t].get(name, {}).get(mode) for t in turns]
                if not mine:
                    continue
                seconds = statistics.median(m["seconds"] for m in mine)
                share = statistics.median(m["bound_share"] for m in mine)
                row = [name, mode, str(cores), short(1e3 * seconds), f"{100 * share:.0f} % {mine[0]['bound']}"]
                if all(rival):
                    ratios = [r["seconds"] / m["seconds"] for r, m in zip(rival, mine)]
                    by_cpu = statistics.median(r["cpu_seconds"] / m["cpu_seconds"] for r, m in zip(rival, mine))
                    row += [short(1e3 * statistics.median(r["seconds"] for r in rival)), " ".join(map(short, ratios)),
                            f"**{short(statistics.median(ratios))}**", short(by_cpu)]
                else:
                    row += ["", "", "", ""]
                rows.append(row)
    head = ["layer", "", "cores", "ms", "of larger bound", "PyG, ms", "ratio, round by round", "median", "by CPU time"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)] + ["| " + " | ".join(row) + " |" for row in rows]
    text = "\n".join(lines) + "\n"
    print(text)
    (folder / "layers.md").write_text(text)


if __name__ == "__main__":
    main()
