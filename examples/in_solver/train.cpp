// SPDX-License-Identifier: BSD-3-Clause
// Trains the closure that solve.cpp runs, as a configuration says, on a graph file with fields `u` and `tau`.
#include <halograph/halograph.hpp>

#include "grid.hpp"

namespace hg = halograph;

namespace {

hg::GraphSlab grid_slab(const hg::Communicator& comm) {
  hg::GraphSlab slab;
  slab.dimension = 3;
  slab.period = {0, 0, length};
  hg::SlabField u{.name = "u", .channels = 5, .frames = 1, .values = {}},
      tau{.name = "tau", .channels = 6, .frames = 1, .values = {}};
  const Layers mine = layers_of(comm.rank(), comm.size());
  for (std::int64_t node = mine.first * per_layer; node < mine.last * per_layer; ++node) {
    slab.node_id.push_back(node);
    const auto x = position_of(node);
    slab.position.insert(slab.position.end(), x.begin(), x.end());
    std::int64_t number = 6 * node;
    for (const std::int64_t other : neighbours_of(node)) {
      slab.edge_source.push_back(other);
      slab.edge_target.push_back(node);
      slab.edge_id.push_back(number++);
    }
    const auto flow = flow_at(node, 0);
    u.values.insert(u.values.end(), flow.begin(), flow.end());
    for (const int i : {0, 1, 2})
      for (const int j : {0, 1, 2})
        if (j >= i) tau.values.push_back(flow[std::size_t(i)] * flow[std::size_t(j)]);
  }
  slab.fields = {u, tau};
  return slab;
}

}  // namespace

int main(int argc, char** argv) {
  hg::Runtime run(argc, argv);
  hg::write_graph(run.comm(), "closure_data.h5", grid_slab(run.comm()));
  hg::train::run(run.comm(), hg::train::parse_config(R"({
    "graph": "closure_data.h5", "input": "u", "target": "tau", "steps": 30, "schedule": {"rate": 3e-3},
    "partition": {"method": "coordinates", "patches": 8},
    "model": {"hidden": 8, "mlp_hidden_layers": 1, "steps": 2}, "model_output": "closure.h5"})",
                                                     "the closure"));
}
