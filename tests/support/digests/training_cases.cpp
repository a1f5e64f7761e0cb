// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/digests/training_cases.hpp"

#include <halograph/graph/mesh/box.hpp>
#include <halograph/graph/mesh/mesh_graph.hpp>
#include <halograph/io/su2.hpp>

#include "tests/support/problems/whole_graph.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::testing {

GraphSlab box_problem(const Communicator& comm, std::int64_t elements, int order) {
  BoxOptions box;
  box.elements = {elements, elements, elements};
  box.order = order;
  GraphSlab slab = spectral_box(box, comm.rank(), comm.size());
  const std::vector<double> times{0, 0.5};
  add_taylor_green(slab, times);
  return slab;
}

GraphSlab airfoil_problem(const Communicator& comm) {
  const auto folder = shared_path("data/meshes/su2_naca0012_euler");
  MeshSlab mesh;
  on_all_ranks(comm, [&] {
    mesh = io::read_su2((folder / "mesh_NACA0012_inv.su2").string(), comm.rank(), comm.size());
    io::read_su2_csv((folder / "solution_flow.csv").string(), mesh);
  });
  return mesh_graph(comm, std::move(mesh));
}

GraphSlab random_problem(const Communicator& comm) {
  const WholeGraph whole = random_graph(7, 900, 4000, 13);
  GraphSlab slab = slab_of(whole, comm.rank(), comm.size(), 3);
  slab.edge_channels = 2;
  slab.edge_feature = noise_rows(slab.edge_id, 2);
  slab.fields = {{"in", 3, 1, noise_rows(slab.node_id, 3)}, {"out", 3, 1, noise_rows(slab.node_id, 3)}};
  slab.times = {0};
  return slab;
}

train::Config config_for(const std::string& size, DType dtype, std::int64_t steps) {
  train::Config config;
  config.model.hidden = size == "small" ? 8 : 32;
  config.model.mlp_hidden_layers = size == "small" ? 2 : 5;
  config.model.steps = 4;
  config.dtype = dtype;
  config.steps = steps;
  config.optimizer.type = train::OptimizerType::adamw;
  config.optimizer.weight_decay = 0.01;
  config.schedule.type = train::ScheduleType::cosine;
  config.schedule.warmup_steps = 1;
  config.clip.norm = 1;
  return config;
}

}  // namespace halograph::testing
