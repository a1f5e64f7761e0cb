#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The networks of a report of halograph_bench in PyTorch: same sizes, same graph, same kind of step.

rival_torch.py --like ours.json --form plain --threads 1 --json theirs.json

Form "plain" gathers with indexing and sums with index_add; "pyg" is a MessagePassing layer of PyTorch Geometric; either
can be compiled (--compile: forward and backward pass; Adam is one kernel as it is). A training step is forward, mean
square error, backward and Adam; an inference runs under inference_mode. Nodes, edges and parameters are counted and
must be those of the report. On a GPU (--device cuda, also for AMD's) products are exact f32 unless --tf32, clocks wait
for the device, and memory is that of PyTorch's allocator.
"""
import argparse
import ctypes
import json
import re
import statistics
import sys
import time

import torch
from torch import nn


def gauss_lobatto(order):
    """The order + 1 points on [-1, 1], by Newton's method on the derivative of Legendre's polynomial."""
    x = -torch.cos(torch.pi * torch.arange(order + 1, dtype=torch.float64) / order)
    for _ in range(50):
        before, now = torch.ones_like(x), x.clone()
        for k in range(2, order + 1):
            before, now = now, ((2 * k - 1) * x * now - (k - 1) * before) / k
        x = x - (x * now - before) / ((order + 1) * now)
    return x


def box(elements, order):
    """Positions [n, 3] and edges (source, target), sorted by target, of the periodic box (-pi, pi)^3."""
    inside = (gauss_lobatto(order)[:-1] + 1) / 2
    axes = []
    for n in elements:
        cell = torch.arange(n, dtype=torch.float64).repeat_interleave(order)
        axes.append(-torch.pi + 2 * torch.pi * (cell + inside.repeat(n)) / n)
    nx, ny, nz = (len(axis) for axis in axes)
    z, y, x = torch.meshgrid(axes[2], axes[1], axes[0], indexing="ij")
    position = torch.stack([x, y, z], -1).reshape(-1, 3)
    index = torch.arange(nx * ny * nz).reshape(nz, ny, nx)
    target = index.reshape(-1).repeat_interleave(6)
    near = [torch.roll(index, shift, axis).reshape(-1) for axis in range(3) for shift in (1, -1)]
    source = torch.sort(torch.stack(near, 1), dim=1).values.reshape(-1)
    return position, source, target


def edge_features(position, source, target):
    """Nearest image of source - target and its length, over the largest length."""
    d = position[source] - position[target]
    d = d - 2 * torch.pi * torch.round(d / (2 * torch.pi))
    length = d.norm(dim=1, keepdim=True)
    return torch.cat([d, length], 1) / length.max()


def velocity(position, decay):
    x, y, z = position.unbind(1)
    return decay * torch.stack([x.sin() * y.cos() * z.cos(), -x.cos() * y.sin() * z.cos(), torch.zeros_like(x)], 1)


def mlp(inputs, hidden, outputs, hidden_layers, norm):
    sizes = [inputs] + [hidden] * (hidden_layers + 1)
    layers = []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ELU()]
    layers.append(nn.Linear(hidden, outputs))
    if norm:
        layers.append(nn.LayerNorm(outputs))
    return nn.Sequential(*layers)


class PlainStep(nn.Module):
    def __init__(self, hidden, hidden_layers):
        super().__init__()
        self.edge_mlp = mlp(3 * hidden, hidden, hidden, hidden_layers, True)
        self.node_mlp = mlp(2 * hidden, hidden, hidden, hidden_layers, True)

    def forward(self, x, e, source, target):
        e = e + self.edge_mlp(torch.cat([x[source], x[target], e], 1))
        total = torch.zeros_like(x).index_add_(0, target, e)
        return x + self.node_mlp(torch.cat([x, total], 1)), e


def pyg_step(hidden, hidden_layers):
    from torch_geometric.nn import MessagePassing

    class PygStep(MessagePassing):
        def __init__(self):
            super().__init__(aggr="add")
            self.edge_mlp = mlp(3 * hidden, hidden, hidden, hidden_layers, True)
            self.node_mlp = mlp(2 * hidden, hidden, hidden, hidden_layers, True)

        def forward(self, x, e, source, target):
            total, e = self.propagate(torch.stack([source, target]), x=x, e=e)
            return x + self.node_mlp(torch.cat([x, total], 1)), e

        def message(self, x_i, x_j, e):
            return e + self.edge_mlp(torch.cat([x_j, x_i, e], 1))

        def aggregate(self, inputs, index, ptr=None, dim_size=None):
            return super().aggregate(inputs, index, ptr=ptr, dim_size=dim_size), inputs

    return PygStep()


class MeshGraphNet(nn.Module):
    def __init__(self, case, form):
        super().__init__()
        h, layers = case["hidden"], case["mlp_hidden_layers"]
        step = PlainStep if form == "plain" else pyg_step
        self.node_encoder = mlp(case["node_in"], h, h, layers, True)
        self.edge_encoder = mlp(case["edge_in"], h, h, layers, True)
        self.steps = nn.ModuleList(step(h, layers) for _ in range(case["steps"]))
        self.node_decoder = mlp(h, h, case["node_out"], layers, False)

    def forward(self, nodes, edges, source, target):
        x, e = self.node_encoder(nodes), self.edge_encoder(edges)
        for step in self.steps:
            x, e = step(x, e, source, target)
        return self.node_decoder(x)


def resident(key):
    """VmRSS, or VmHWM since the last reset, in bytes; 0 where /proc does not tell."""
    try:
        with open("/proc/self/status") as status:
            return 1024 * int(re.search(key + r":\s*(\d+)", status.read()).group(1))
    except OSError:
        return 0


def reset_resident_peak():
    """What was freed goes back to the system first: its reuse would not count as growth."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass


class Meter:
    """Clocks and memory of the device that PyTorch computes on."""

    def __init__(self, device):
        self.device = torch.device(device)
        self.on_gpu = self.device.type == "cuda"

    def synchronize(self):
        if self.on_gpu:
            torch.cuda.synchronize(self.device)

    def timed(self, body):
        """(seconds of the wall clock, of the processor), from an idle device to an idle device"""
        self.synchronize()
        wall, cpu = time.perf_counter(), time.process_time()
        body()
        self.synchronize()
        return time.perf_counter() - wall, time.process_time() - cpu

    def start_memory(self):
        self.synchronize()
        if self.on_gpu:
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats(self.device)
            self.before = torch.cuda.memory_allocated(self.device)
        else:
            reset_resident_peak()
            self.before = resident("VmRSS")

    def growth(self):
        """Bytes at the peak since start_memory() beyond those there then: on a GPU of tensors, else resident."""
        self.synchronize()
        now = torch.cuda.max_memory_allocated(self.device) if self.on_gpu else resident("VmHWM")
        return now - self.before

    def use(self, tf32):
        """Products of f32 numbers are f32 unless `tf32` lets the device shorten their factors."""
        torch.backends.cuda.matmul.allow_tf32 = tf32
        torch.backends.cudnn.allow_tf32 = tf32

    def information(self):
        if not self.on_gpu:
            return {"device": "cpu"}
        return {"device": torch.cuda.get_device_name(self.device), "cuda": torch.version.cuda or torch.version.hip,
                "tf32": torch.backends.cuda.matmul.allow_tf32}


def adam(parameters):
    try:
        return torch.optim.Adam(parameters, lr=1e-4, fused=True)
    except (TypeError, RuntimeError):  # older versions fuse on a GPU only
        return torch.optim.Adam(parameters, lr=1e-4)


def require_equal(case, what, ours, theirs):
    if ours != theirs:
        sys.exit(f"case '{case}': {theirs} {what} here, but {ours} in the report")


class Run:
    """A network with its optimizer on one graph."""

    def __init__(self, case, form, dtype, compiled, inputs, wanted):
        torch.manual_seed(1)
        self.net = MeshGraphNet(case, form).to(device=wanted.device, dtype=dtype)
        self.optimizer = adam(self.net.parameters())
        self.inputs, self.wanted, self.loss = inputs, wanted, 0.0
        self.loss_of, self.result_of = self.forward, self.net
        if compiled:
            self.loss_of, self.result_of = (torch.compile(f, dynamic=False) for f in (self.forward, self.net))

    def forward(self, wanted, *inputs):
        return nn.functional.mse_loss(self.net(*inputs), wanted)

    def training(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.loss_of(self.wanted, *self.inputs)
        loss.backward()
        self.optimizer.step()
        self.loss = loss.item()

    def inference(self):
        with torch.inference_mode():
            self.result_of(*self.inputs)


def rehearse(case, form, dtype, device):
    """A step on two nodes: what libraries load and allocate at their first use is not the network's memory."""
    tiny = case | {"hidden": 4, "steps": 1}
    nodes, edges, wanted = (torch.ones(2, case[key], dtype=dtype, device=device)
                            for key in ("node_in", "edge_in", "node_out"))
    source, target = torch.tensor([0, 1], device=device), torch.tensor([1, 0], device=device)
    run = Run(tiny, form, dtype, False, (nodes, edges, source, target), wanted)
    run.training()
    run.inference()


def measure_case(case, given, dtype, meter):
    position, source, target = box(case["elements"], case["order"])
    nodes, wanted = (velocity(position, decay).to(dtype) for decay in (1.0, 0.93))
    edges = edge_features(position, source, target).to(dtype)
    require_equal(case["name"], "nodes", case["nodes"], len(nodes))
    require_equal(case["name"], "edges", case["edges"], len(edges))
    inputs, wanted = tuple(x.to(meter.device) for x in (nodes, edges, source, target)), wanted.to(meter.device)

    rehearse(case, given.form, dtype, meter.device)
    meter.start_memory()
    run = Run(case, given.form, dtype, given.compile, inputs, wanted)
    require_equal(case["name"], "parameters", case["parameters"], sum(p.numel() for p in run.net.parameters()))
    if given.compile:  # what the compiler takes and what it tries out is not the network's memory either
        run.training()
        run.inference()
        torch.cuda.reset_peak_memory_stats(meter.device) if meter.on_gpu else reset_resident_peak()
    for _ in range(2):
        run.training()
    growth = meter.growth()
    run.inference()

    times = {"training": [], "inference": []}
    for _ in range(given.samples):
        for mode, pairs in times.items():
            pairs.append(meter.timed(getattr(run, mode)))
    result = {key: case[key] for key in ("name", "nodes", "edges", "parameters")}
    result |= {"memory_per_node" if meter.on_gpu else "resident_per_node": growth / case["nodes"], "loss": run.loss}
    for mode, pairs in times.items():
        wall, cpu = zip(*pairs)
        seconds = statistics.median(wall)
        result[mode] = {"seconds": seconds, "cpu_seconds": statistics.median(cpu), "seconds_samples": wall,
                        "nodes_per_second": case["nodes"] / seconds}
    return result


def build_information():
    """What this PyTorch computes its products with."""
    text = torch.__config__.show()

    def told(pattern):
        found = re.search(pattern, text)
        return found.group(1) if found else "unknown"

    return {"torch": torch.__version__, "blas": told(r"BLAS_INFO=(\w+)"), "mkl": torch.backends.mkl.is_available(),
            "onednn": told(r"(?:MKL-DNN|oneDNN) v([\w.]+)") if torch.backends.mkldnn.is_available() else "absent",
            "cpu_capability": told(r"CPU capability usage: (\w+)")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--like", required=True, help="report of halograph_bench whose cases to run")
    parser.add_argument("--form", choices=("plain", "pyg"), default="plain")
    parser.add_argument("--device", default="cpu", help="as torch.device has it")
    parser.add_argument("--compile", action="store_true", help="let torch.compile fuse what it can")
    parser.add_argument("--tf32", action="store_true", help="allow products of shorter factors on a GPU")
    parser.add_argument("--threads", type=int, help="of the processor; PyTorch's choice without")
    parser.add_argument("--samples", type=int, default=5)
    parser.add_argument("--json", help="file for the figures")
    given = parser.parse_args()

    if given.threads:
        torch.set_num_threads(given.threads)
    meter = Meter(given.device)
    meter.use(given.tf32)
    with open(given.like) as file:
        like = json.load(file)
    dtype = {"f32": torch.float32, "f64": torch.float64}[like["dtype"]]
    report = build_information() | meter.information()
    report |= {"form": given.form, "compiled": given.compile, "threads": torch.get_num_threads(), "dtype": like["dtype"]}
    if given.form == "pyg":
        import torch_geometric
        report["torch_geometric"] = torch_geometric.__version__
    print(" ".join(f"{key}={value}" for key, value in report.items()))
    report["cases"] = []
    for case in like["cases"]:
        result = measure_case(case, given, dtype, meter)
        report["cases"].append(result)
        for mode in ("training", "inference"):
            one = result[mode]
            print(f"{case['name']:6} {mode:9} {1e3 * one['seconds']:10.2f} ms {1e3 * one['cpu_seconds']:10.2f} ms "
                  f"of the processor {1e-3 * one['nodes_per_second']:10.1f} knodes/s")
        memory = result["memory_per_node" if meter.on_gpu else "resident_per_node"]
        print(f"{case['name']:6} {memory:.0f} bytes a node, last loss {result['loss']:.6g}")
    if given.json:
        with open(given.json, "w") as file:
            json.dump(report, file, indent=2)


if __name__ == "__main__":
    main()
