# SPDX-License-Identifier: BSD-3-Clause
"""Trains small models in PyTorch Geometric and saves them as its users do, for tests/nn/pyg_models_mpi_test.cpp:
pyg_<name>.safetensors holds the weights, pyg_<name>_data.safetensors graph, inputs and PyG's outputs in double
precision with these weights. The files are part of the sources; this is run by hand, in this folder, to make them anew:

    pip install torch torch_geometric safetensors
    python pyg_models.py
"""
import torch
import torch_geometric.typing
from safetensors.torch import save_file, save_model
from torch import nn
from torch_geometric import nn as gnn
from torch_geometric.nn.models import SchNet


def nearest(x, y, ptr_x, ptr_y, k, cosine, num_workers):
    """The search of pyg-lib by brute force, since its binaries are not there for every version of torch. Neighbours
    must be told apart in single precision too."""
    rows = []
    for begin, end in zip(ptr_x[:-1].tolist(), ptr_x[1:].tolist()):
        distance = torch.cdist(y[begin:end], x[begin:end], compute_mode="donot_use_mm_for_euclid_dist")
        order = distance.sort(dim=1)
        if len(x) and not torch.is_grad_enabled():
            assert (order.values[:, k] - order.values[:, k - 1]).min() > 1e-5, "neighbours nearly tie: change the seed"
        target = torch.arange(begin, end).repeat_interleave(k)
        rows.append(torch.stack([target, order.indices[:, :k].reshape(-1) + begin]))
    return torch.cat(rows, dim=1)


torch_geometric.typing.WITH_KNN = True
library = torch.library.Library("pyg", "DEF")
library.define("knn(Tensor x, Tensor y, Tensor? ptr_x, Tensor? ptr_y, int k, bool cosine, int num_workers) -> Tensor")
library.impl("knn", nearest, "CompositeImplicitAutograd")


class Convolution(nn.Module):
    """A number for each of several graphs with weighted edges."""

    def __init__(self):
        super().__init__()
        self.conv1 = gnn.GCNConv(16, 16)
        self.conv2 = gnn.GraphConv(16, 12, aggr="mean")
        self.lin = nn.Linear(12, 2)

    def forward(self, x, edge_index, edge_weight, batch):
        x = self.conv1(x, edge_index, edge_weight).relu()
        x = self.conv2(x, edge_index, edge_weight).relu()
        return self.lin(gnn.global_mean_pool(x, batch))


class Attention(nn.Module):
    """A number for each node of one graph with features on its edges."""

    def __init__(self):
        super().__init__()
        self.conv1 = gnn.GATv2Conv(6, 8, heads=2, edge_dim=3)
        self.conv2 = gnn.EdgeConv(nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 10)), aggr="max")
        self.lin = nn.Linear(10, 1)

    def forward(self, x, edge_index, edge_attr):
        x = self.conv1(x, edge_index, edge_attr)
        return self.lin(self.conv2(nn.functional.elu(x), edge_index))


class Gated(nn.Module):
    """Numbers for each node; trained in double precision."""

    def __init__(self, degrees):
        super().__init__()
        self.conv1 = gnn.GatedGraphConv(12, num_layers=3)
        self.conv2 = gnn.PNAConv(12, 8, aggregators=["mean", "min", "max", "std"],
                                 scalers=["identity", "amplification", "attenuation"], deg=degrees)
        self.norm = gnn.BatchNorm(8)
        self.lin = nn.Linear(8, 2)

    def forward(self, x, edge_index):
        return self.lin(self.norm(self.conv2(self.conv1(x, edge_index), edge_index)).relu())


class Points(nn.Module):
    """A number for each point; the neighbours are found in what the layers have learnt."""

    def __init__(self):
        super().__init__()
        self.conv1 = gnn.GravNetConv(5, 8, space_dimensions=3, propagate_dimensions=4, k=6)
        self.conv2 = gnn.DynamicEdgeConv(nn.Sequential(nn.Linear(16, 16), nn.ReLU(), nn.Linear(16, 8)), k=5, aggr="max")
        self.lin = nn.Linear(8, 1)

    def forward(self, x, batch):
        return self.lin(self.conv2(self.conv1(x, batch).relu(), batch))


def within(cutoff):
    """All ordered pairs of atoms of one molecule that are closer than the cutoff."""

    def pairs(pos, batch):
        difference = pos[:, None] - pos[None, :]
        near = (difference.square().sum(-1) < cutoff**2) & (batch[:, None] == batch[None, :])
        near.fill_diagonal_(False)
        edge_index = near.nonzero().t().contiguous()
        return edge_index, (pos[edge_index[0]] - pos[edge_index[1]]).norm(dim=-1)

    return pairs


def random_graph(sizes, per_node):
    """Edges inside graphs of these sizes, duplicates and self-loops as they come, and the graph of each node."""
    edges, first = [], 0
    for size in sizes:
        edges.append(torch.randint(first, first + size, (2, per_node * size)))
        first += size
    return torch.cat(edges, dim=1), torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))


def train(model, inputs, target, steps=300, rate=1e-2):
    optimizer = torch.optim.Adam(model.parameters(), lr=rate)
    model.train()
    for step in range(steps):
        optimizer.zero_grad()
        loss = (model(*inputs) - target).square().mean()
        if step == 0:
            first = loss.item()
        loss.backward()
        optimizer.step()
    print(f"{type(model).__name__}: loss {first:.3g} before, {loss.item():.3g} after {steps} steps")
    assert loss.item() < 0.5 * first
    model.eval()


def doubled(tensors):
    return [t.double() if t.is_floating_point() else t for t in tensors]


def save(name, model, inputs, outputs):
    state = model.state_dict()
    if len({t.data_ptr() for t in state.values()}) < len(state):
        save_model(model, f"pyg_{name}.safetensors")  # leaves out second names of a tensor, which save_file refuses
    else:
        save_file(state, f"pyg_{name}.safetensors")
    data = {key: t.detach().contiguous() for key, t in {**inputs, **outputs}.items()}
    save_file(data, f"pyg_{name}_data.safetensors")


def finish(name, model, inputs):
    """Saves the model as it is and its outputs in double precision."""
    own = next(model.parameters()).dtype
    with torch.no_grad():
        output = model.double()(*doubled(inputs.values()))
    save(name, model.to(own), inputs, {"y": output})


def convolution():
    torch.manual_seed(1)
    edge_index, batch = random_graph([9, 14, 1, 20, 11], 4)
    inputs = {"x": torch.randn(len(batch), 16), "edge_index": edge_index,
              "edge_weight": torch.rand(edge_index.shape[1]) + 0.1, "batch": batch}
    target = gnn.global_mean_pool(inputs["x"].square()[:, :2], batch)
    model = Convolution()
    train(model, list(inputs.values()), target)
    finish("convolution", model, inputs)


def attention():
    torch.manual_seed(2)
    edge_index, _ = random_graph([60], 5)
    inputs = {"x": torch.randn(60, 6), "edge_index": edge_index, "edge_attr": torch.randn(edge_index.shape[1], 3)}
    target = inputs["x"][:, :1].square() - inputs["x"][:, 1:2]
    model = Attention()
    train(model, list(inputs.values()), target)
    finish("attention", model, inputs)


def gated():
    torch.manual_seed(3)
    edge_index, _ = random_graph([50], 4)
    inputs = {"x": torch.randn(50, 12), "edge_index": edge_index}
    degree = torch.bincount(edge_index[1], minlength=50)
    model = Gated(torch.bincount(degree)).double()
    train(model, doubled(inputs.values()), inputs["x"][:, :2].square().double())
    finish("gated", model, inputs)


def points():
    torch.manual_seed(4)
    batch = torch.repeat_interleave(torch.arange(3), torch.tensor([16, 30, 22]))
    inputs = {"x": torch.randn(68, 5), "batch": batch}
    model = Points()
    train(model, list(inputs.values()), inputs["x"][:, :3].norm(dim=1, keepdim=True))
    finish("points", model, inputs)


def schnet():
    """In double precision from the start: SchNet rounds ln 2 and the width of its Gaussians to the default type."""
    torch.manual_seed(5)
    torch.set_default_dtype(torch.float64)
    batch = torch.repeat_interleave(torch.arange(4), torch.tensor([5, 9, 1, 12]))
    inputs = {"z": torch.tensor([1, 6, 7, 8])[torch.randint(4, (27,))], "pos": 3 * torch.rand(27, 3), "batch": batch}
    model = SchNet(hidden_channels=16, num_filters=12, num_interactions=2, num_gaussians=10, cutoff=2.5,
                   interaction_graph=within(2.5))
    edge_index, distance = within(2.5)(inputs["pos"], batch)
    target = torch.zeros(4, 1).index_add(0, batch[edge_index[1]], torch.exp(-distance)[:, None])
    train(model, list(inputs.values()), target)
    pos = inputs["pos"].clone().requires_grad_()
    energy = model(inputs["z"], pos, batch)
    forces = -torch.autograd.grad(energy.sum(), pos)[0]
    save("schnet", model, {**inputs, "edge_index": edge_index}, {"y": energy, "forces": forces})
    torch.set_default_dtype(torch.float32)


if __name__ == "__main__":
    for make in (convolution, attention, gated, points, schnet):
        make()
