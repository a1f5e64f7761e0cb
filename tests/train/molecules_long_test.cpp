// SPDX-License-Identifier: BSD-3-Clause
// SchNet on the molecules of QM7, 2,000 steps of batches none of which is like another: the memory that the process
// holds after the first hundred steps is what it holds at the end.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/device.hpp>
#include <halograph/core/state.hpp>
#include <halograph/graph/setup/small_graphs.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/schnet.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/support/hdf5_read.hpp"
#include "tests/support/problems/test_graph.hpp"
#include "tests/support/resident.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::testing {
namespace {

constexpr double cutoff = 5;
constexpr std::int64_t max_z = 20;

double distance(const double* a, const double* b) { return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]); }

std::vector<SmallGraph> read_molecules(const std::string& path) {
  const ReferenceFile file(path);
  const std::vector<double> pos = file.reals("pos"), energy = file.reals("energy_pbe0");
  const std::vector<std::int64_t> z = file.integers("z"), first = file.integers("node_ptr");
  std::vector<SmallGraph> molecules;
  for (std::size_t m = 0; m + 1 < first.size(); ++m) {
    SmallGraph& molecule = molecules.emplace_back();
    const std::size_t begin = std::size_t(first[m]), end = std::size_t(first[m + 1]);
    molecule.n_nodes = std::int64_t(end - begin);
    molecule.nodes["pos"].assign(pos.begin() + std::ptrdiff_t(3 * begin), pos.begin() + std::ptrdiff_t(3 * end));
    molecule.nodes["z"].assign(z.begin() + std::ptrdiff_t(begin), z.begin() + std::ptrdiff_t(end));
    molecule.whole["energy"] = {energy[m] / 1000};
    for (std::size_t i = begin; i < end; ++i)
      for (std::size_t j = begin; j < end; ++j)
        if (i != j && distance(&pos[3 * i], &pos[3 * j]) < cutoff) {
          molecule.source.push_back(std::int32_t(j - begin));
          molecule.target.push_back(std::int32_t(i - begin));
        }
  }
  return molecules;
}

TEST(Molecules, AreTrainedOnInBoundedMemory) {
  if (const auto why = shared_missing("data/atomistic/qm7/qm7.h5"); !why.empty()) GTEST_SKIP() << why;
  const std::vector<SmallGraph> molecules = read_molecules(shared_path("data/atomistic/qm7/qm7.h5").string());
  const auto net = nn::make<nn::SchNet>(Scope(Random(1), DType::f32), {.hidden_channels = 32,
                                                                       .num_filters = 32,
                                                                       .num_interactions = 2,
                                                                       .num_gaussians = 20,
                                                                       .cutoff = cutoff,
                                                                       .max_z = max_z});
  optim::Adam adam(parameters(net), {});
  std::int64_t early = 0, late = 0;
  double first_loss = 0, last_loss = 0;
  for (std::uint64_t step = 0; step < 2000; ++step) {
    std::vector<SmallGraph> list;
    for (std::uint64_t g = 0; g < 24; ++g) list.push_back(molecules[mix(24 * step + g) % molecules.size()]);
    const GraphBatch batch = batch_graphs(Communicator(), list, {.device = Device::host()});
    const Tensor energy = net(batch.graph(), batch.batch(), batch.kinds("z", max_z), batch.nodes("pos", DType::f32));
    const Tensor loss = ops::mean_square_error(energy, batch.whole("energy", DType::f32));
    adam.step(grad(loss, adam.variables()), 1e-3);
    (step < 100 ? first_loss : last_loss) += loss.item();
    std::int64_t& most = step < 100 ? early : late;
    most = std::max(most, resident_bytes());
  }
  EXPECT_LE(double(late), 1.05 * double(early)) << "bytes resident";
  EXPECT_LT(last_loss / 1900, 0.2 * first_loss / 100) << "nothing was learnt";
}

}  // namespace
}  // namespace halograph::testing
