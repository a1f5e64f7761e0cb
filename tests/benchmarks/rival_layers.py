#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The layers of a report of halograph_bench in PyTorch Geometric: same points, same edges, same channels.

rival_layers.py --like ours.json --threads 1 --json theirs.json

A forward pass runs under inference_mode; a training step is forward and backward to inputs and parameters. Layers that
search neighbours use pyg-lib or torch_cluster where they are installed, and otherwise SciPy's k-d tree (up to 8
dimensions, not on a GPU) or distances with topk; the report says which.
Points and edges are made here by the same rule as there, with SciPy's k-d tree, and their numbers compared.
On a GPU (--device cuda, also for AMD's) products are exact f32 unless --tf32, clocks wait for the device, and memory is
that of PyTorch's allocator.
"""
import argparse
import json
import statistics
import sys

import numpy
import torch
import torch_geometric
from scipy.spatial import cKDTree
from torch import nn
from torch_geometric import nn as pyg

from rival_torch import Meter, build_information


def points(n):
    """Roberts' additive sequence."""
    g = 1.22074408460575947536
    value = 0.5 + numpy.arange(1, n + 1)[:, None] / g ** numpy.arange(1, 4)[None, :]
    return value - numpy.floor(value)


def nearest(position, k):
    """Edges (source, target) from the k nearest other points, sorted by target and source."""
    near = cKDTree(position).query(position, k + 1)[1]
    keep = near != numpy.arange(len(position))[:, None]
    source = numpy.sort(near[keep].reshape(len(position), k), axis=1).reshape(-1)
    target = numpy.repeat(numpy.arange(len(position)), k)
    return torch.from_numpy(numpy.stack([source, target]))


def search_knn(x, y, k):
    """(query, neighbour) by SciPy's k-d tree up to 8 dimensions, and by distances and topk above and on a GPU."""
    k = min(k, len(x))
    if x.shape[1] <= 8 and not x.is_cuda:
        near = torch.from_numpy(cKDTree(x.detach().numpy()).query(y.detach().numpy(), k)[1]).reshape(len(y), k)
    else:
        blocks = y.detach().split(1024)
        near = torch.cat([torch.cdist(block, x.detach()).topk(k, largest=False).indices for block in blocks])
    return torch.stack([torch.arange(len(y), device=y.device).repeat_interleave(k), near.reshape(-1)])


def searcher(on_gpu):
    """Names what knn runs on. PyTorch Geometric calls pyg-lib; where that is absent it is given another search."""
    if torch_geometric.typing.WITH_KNN:
        return "pyg-lib", lambda x, y, k: torch.ops.pyg.knn(x, y, None, None, k, False, 1)
    try:
        import torch_cluster
        name, search = "torch_cluster " + torch_cluster.__version__, torch_cluster.knn
    except ImportError:
        name, search = "cdist and topk" if on_gpu else "scipy k-d tree, cdist and topk", search_knn
    library = torch.library.Library("pyg", "FRAGMENT")
    library.define("knn(Tensor x, Tensor y, Tensor? ptr_x, Tensor? ptr_y, int k, bool cosine, int num_workers) -> Tensor")
    library.impl("knn", lambda x, y, ptr_x, ptr_y, k, cosine, workers: search(x, y, k), "CompositeExplicitAutograd")
    torch_geometric.typing.WITH_KNN = True
    searcher.library = library  # it unregisters with its last reference
    return name, search


class Problem:
    def __init__(self, n, channels, edge_channels, k, dtype, device):
        position = points(n)
        self.n, self.k, self.channels, self.edge_channels = n, k, channels, edge_channels
        self.device = device
        self.edges = nearest(position, k).to(device)
        generator = torch.Generator().manual_seed(1)

        def random(rows, cols, low):
            values = torch.rand(rows, cols, generator=generator, dtype=torch.float64).mul(1 - low).add(low)
            return values.to(device=device, dtype=dtype)

        self.pos = torch.from_numpy(position).to(device=device, dtype=dtype)
        self.x = random(n, channels, -1)
        self.edge_weight = random(self.edges.shape[1], 1, 0)
        self.edge_attr = random(self.edges.shape[1], edge_channels, -1)
        self.batch = torch.zeros(n, dtype=torch.long, device=device)


def mlp(*channels):
    layers = []
    for a, b in zip(channels, channels[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class SchNetEnergy(nn.Module):
    """SchNet on given edges."""

    def __init__(self, problem, channels):
        super().__init__()
        edges = problem.edges
        self.net = pyg.models.SchNet(
            channels, channels, 3, 50, cutoff=0.1,
            interaction_graph=lambda pos, batch: (edges, (pos[edges[0]] - pos[edges[1]]).norm(dim=1)))
        self.z = torch.arange(problem.n, device=problem.device) % 8 + 1

    def forward(self, pos):
        return self.net(self.z, pos)


def layers_of(p):
    """name: (module, differentiable inputs, call)"""
    c, e = p.channels, p.edges
    degree = torch.bincount(torch.bincount(e[1].cpu()))
    conv = pyg.conv
    table = {
        "GCNConv": (lambda: conv.GCNConv(c, c), [p.x], lambda m, x: m(x, e)),
        "GraphConv": (lambda: conv.GraphConv(c, c, aggr="mean"), [p.x], lambda m, x: m(x, e)),
        "SAGEConv": (lambda: conv.SAGEConv(c, c), [p.x], lambda m, x: m(x, e)),
        "GINConv": (lambda: conv.GINConv(mlp(c, c, c)), [p.x], lambda m, x: m(x, e)),
        "GATConv": (lambda: conv.GATConv(c, c // 4, heads=4), [p.x], lambda m, x: m(x, e)),
        "GATv2Conv": (lambda: conv.GATv2Conv(c, c // 4, heads=4), [p.x], lambda m, x: m(x, e)),
        "EdgeConv": (lambda: conv.EdgeConv(mlp(2 * c, c, c)), [p.x], lambda m, x: m(x, e)),
        "DynamicEdgeConv": (lambda: conv.DynamicEdgeConv(mlp(2 * c, c, c), p.k), [p.x], lambda m, x: m(x)),
        "GravNetConv": (lambda: conv.GravNetConv(c, c, 4, 22, p.k), [p.x], lambda m, x: m(x)),
        "GatedGraphConv": (lambda: conv.GatedGraphConv(c, 2), [p.x], lambda m, x: m(x, e)),
        "NNConv": (lambda: conv.NNConv(16, 16, mlp(p.edge_channels, 32, 256)), [p.x[:, :16].contiguous(), p.edge_attr],
                   lambda m, x, a: m(x, e, a)),
        "CGConv": (lambda: conv.CGConv(c, p.edge_channels), [p.x, p.edge_attr], lambda m, x, a: m(x, e, a)),
        "PNAConv": (lambda: conv.PNAConv(c, c, ["mean", "min", "max", "std"],
                                         ["identity", "amplification", "attenuation"], degree),
                    [p.x], lambda m, x: m(x, e)),
        "SchNet": (lambda: SchNetEnergy(p, c), [p.pos], lambda m, pos: m(pos)),
        "GlobalMeanPool": (lambda: None, [p.x], lambda m, x: pyg.global_mean_pool(x, p.batch, 1)),
    }
    return table


def median_pair(pairs):
    wall, cpu = zip(*pairs)
    return {"seconds": statistics.median(wall), "cpu_seconds": statistics.median(cpu)}


def measure(make, inputs, call, dtype, samples, meter):
    torch.manual_seed(1)
    module = make()
    if module is not None:
        module.to(device=meter.device, dtype=dtype)
    inputs = [x.clone().requires_grad_() for x in inputs]

    def forward():
        with torch.inference_mode():
            call(module, *inputs)

    def training():
        for x in inputs:
            x.grad = None
        if module is not None:
            module.zero_grad(set_to_none=True)
        call(module, *inputs).sum().backward()

    forward()
    if meter.on_gpu:  # a first backward pass takes what its libraries need
        training()
        for tensor in inputs + (list(module.parameters()) if module is not None else []):
            tensor.grad = None
    meter.start_memory()
    training()
    growth = meter.growth()
    pairs = {"forward": [], "training": []}
    for _ in range(samples):
        pairs["forward"].append(meter.timed(forward))
        pairs["training"].append(meter.timed(training))
    return {name: median_pair(values) for name, values in pairs.items()} | {
        "memory" if meter.on_gpu else "resident": growth}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--like", required=True, help="report of halograph_bench whose layers to run")
    parser.add_argument("--device", default="cpu", help="as torch.device has it")
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
    first = like["layers"][0]
    search, knn = searcher(meter.on_gpu)
    problem = Problem(int(first["nodes"]), first["channels"], first["edge_channels"], first["neighbours"], dtype,
                      meter.device)
    if problem.edges.shape[1] != first["edges"]:
        sys.exit(f"{problem.edges.shape[1]} edges here, but {first['edges']:.0f} in the report")
    report = build_information() | meter.information() | {
        "torch_geometric": torch_geometric.__version__, "search": search, "threads": torch.get_num_threads(),
        "dtype": like["dtype"], "layers": []}
    print(" ".join(f"{key}={value}" for key, value in report.items() if key != "layers"))
    table = layers_of(problem)
    for layer in like["layers"]:
        if layer["name"] == "knn_graph":
            pairs = []
            for _ in range(given.samples):
                pairs.append(meter.timed(lambda: knn(problem.pos, problem.pos, problem.k + 1)))
            result = {"forward": median_pair(pairs)}
        elif layer["name"] in table:
            result = measure(*table[layer["name"]], dtype, given.samples, meter)
        else:
            continue
        report["layers"].append({"name": layer["name"]} | result)
        print(f"{layer['name']:20}" + "".join(f" {mode} {1e3 * result[mode]['seconds']:.2f} ms"
                                              for mode in ("forward", "training") if mode in result))
    if given.json:
        with open(given.json, "w") as file:
            json.dump(report, file, indent=2)


if __name__ == "__main__":
    main()
