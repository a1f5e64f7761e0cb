// SPDX-License-Identifier: BSD-3-Clause
// Trains a network on one mesh, on any number of ranks: train MESH FRAMES.
#include <halograph/halograph.hpp>
namespace hg = halograph;

int main(int argc, char** argv) {
  hg::Runtime run(argc, argv);                                  // MPI, one device a rank, log on rank 0
  const auto mesh = hg::io::read_mesh(run.comm(), run.arg(1));  // each rank reads its slab
  const auto graph = hg::distribute(run.comm(), mesh, hg::metis({.patches = 256}));
  const auto net =
      hg::nn::make<hg::nn::MeshGraphNet>({.node_in = 3, .edge_in = 4, .node_out = 1, .hidden = 32}, run.scope());
  hg::optim::AdamW adam(net, {.rate = 1e-4});
  for (const auto& frame : hg::io::frames(graph, run.arg(2))) {
    const auto loss = hg::mean_square_error(net(graph, frame.input, frame.edges), frame.target);  // over all ranks
    adam.step(hg::grad(loss, net));  // gradients arrive summed, the same bits everywhere
    run.log("loss ", loss.item());
  }
  hg::io::save(run.comm(), "model.h5", net);  // readable on any number of ranks
}
