// SPDX-License-Identifier: BSD-3-Clause
// Uses a little of every layer, so that a missing header or library shows when it is linked.
#include <mpi.h>

#include <cstdio>
#include <vector>

#include <halograph/core/tensor.hpp>
#include <halograph/io/weights.hpp>
#include <halograph/mpi/communicator.hpp>
#include <halograph/nn/mesh_graph_net.hpp>

int main(int argc, char** argv) {
  MPI_Init(&argc, &argv);
  int failed = 0;
  {
    const halograph::Communicator comm(MPI_COMM_WORLD);
    const halograph::nn::MeshGraphNet net({.node_in = 3, .edge_in = 4, .node_out = 3, .hidden = 8},
                                          halograph::DType::f64, halograph::Random(1));
    const auto ones = halograph::Tensor::full(2, 3, comm.rank() + 1, halograph::DType::f64);
    const std::vector<double> values = ones.to_vector<double>();
    const int sum = comm.sum(static_cast<int>(values[5]));
    failed = net.parameters().empty() || sum != comm.size() * (comm.size() + 1) / 2;
    if (comm.rank() == 0) std::printf("%d ranks, sum %d\n", comm.size(), sum);
  }
  MPI_Finalize();
  return failed;
}
