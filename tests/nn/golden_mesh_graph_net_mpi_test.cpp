// SPDX-License-Identifier: BSD-3-Clause
// The consistent network of nekRS-ML on its Taylor-Green case, against numbers of an independent
// implementation. Tolerances are those that come with the file.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <halograph/autograd/tape.hpp>
#include <halograph/graph/setup/distribute.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/mesh_graph_net.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/support/digests/bits.hpp"
#include "tests/support/hdf5_read.hpp"
#include "tests/support/shared_data.hpp"

namespace halograph::testing {
namespace {

constexpr std::int64_t n_nodes = 1728, n_edges = 10368;

const ReferenceFile& golden() {
  // Never closed: HDF5 shuts down before statics are destroyed.
  static const ReferenceFile& file = *new ReferenceFile(shared_path("golden/nekrs_tgv/tgv_a.h5").string());
  return file;
}

double largest(const std::vector<double>& values) {
  double most = 0;
  for (double value : values) most = std::max(most, std::abs(value));
  return most;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double d = std::abs(a[i] - b[i]);
    most = d <= most ? most : d;  // NaN is kept
  }
  return most;
}

/// The training problem on a communicator: graph in 8 patches of 216 nodes, one rank's rows of it.
struct Problem {
  Problem(const Communicator& comm, DType type, const std::string& target)
      : dtype(type), distributed(distribute(comm, slab(comm))), graph(distributed.graph) {
    const std::int64_t first = n_nodes * comm.rank() / comm.size(), last = n_nodes * (comm.rank() + 1) / comm.size();
    const auto rows = [&](const std::string& name, std::int64_t cols) {
      const std::vector<double> all = golden().reals(name);
      const std::vector<double> mine(all.begin() + first * cols, all.begin() + last * cols);
      return Tensor::from(distributed.nodes.forward(mine, cols), graph.n_nodes(), cols, dtype, graph.nodes());
    };
    x = rows("fields/x", 3);
    y = rows(target, 1);
    const std::int64_t first_edge = n_edges * comm.rank() / comm.size(),
                       last_edge = n_edges * (comm.rank() + 1) / comm.size();
    const std::vector<double> all = golden().reals("graph/edge_attr");
    const std::vector<double> mine(all.begin() + first_edge * 4, all.begin() + last_edge * 4);
    edges = Tensor::from(distributed.edges.forward(mine, 4), graph.n_edges(), 4, dtype, graph.edges());
  }

  static GraphSlab slab(const Communicator& comm) {
    const std::vector<std::int64_t> edge_index = golden().integers("graph/edge_index");
    GraphSlab slab;
    slab.n_patches = 8;
    for (std::int64_t i = n_nodes * comm.rank() / comm.size(); i < n_nodes * (comm.rank() + 1) / comm.size(); ++i) {
      slab.node_id.push_back(i);
      // Octants of the 12 x 12 x 12 lattice.
      slab.patch.push_back(std::int32_t(i % 12 / 6 + 2 * (i / 12 % 12 / 6) + 4 * (i / 144 / 6)));
    }
    for (std::int64_t e = n_edges * comm.rank() / comm.size(); e < n_edges * (comm.rank() + 1) / comm.size(); ++e) {
      slab.edge_source.push_back(edge_index[std::size_t(e)]);
      slab.edge_target.push_back(edge_index[std::size_t(n_edges + e)]);
      slab.edge_id.push_back(e);
    }
    return slab;
  }

  /// All rows of a node tensor in id order, on every rank.
  std::vector<double> gathered(const Tensor& nodes) const {
    const std::vector<double> local = nodes.to_vector<double>();
    const auto ids = graph.comm().all_gather_v(std::span<const std::int64_t>(graph.node_id()));
    const auto values = graph.comm().all_gather_v(std::span<const double>(local));
    const std::size_t cols = std::size_t(nodes.cols());
    std::vector<double> ordered(values.size());
    for (std::size_t row = 0; row < ids.size(); ++row)
      std::copy_n(values.begin() + std::ptrdiff_t(row * cols), cols, ordered.begin() + ids[row] * std::ptrdiff_t(cols));
    return ordered;
  }

  DType dtype;
  DistributedGraph distributed;
  const Graph& graph;
  Tensor x, y, edges;
};

nn::Model<nn::MeshGraphNet> make_net(DType dtype, bool carried, bool checkpoint = false) {
  nn::MeshGraphNetOptions options;
  options.node_in = 3;
  options.edge_in = 4;
  options.node_out = 1;
  options.carry_edges = carried;
  options.checkpoint = checkpoint;
  const auto net = nn::make<nn::MeshGraphNet>(Scope(Random(1), dtype), options);
  const std::string folder = dtype == DType::f64 ? "params/init/float64/" : "params/init/float32/";
  for (NamedTensor parameter : parameters(net)) parameter.value.assign(golden().reals(folder + parameter.name));
  return net;
}

struct History {
  std::vector<double> loss;
  std::vector<double> final_parameters;
};

History train(const Problem& problem, const nn::Model<nn::MeshGraphNet>& net, const std::vector<double>& rates,
              std::size_t steps) {
  optim::Adam adam(parameters(net),
                   {.beta1 = 0.9, .beta2 = 0.95, .epsilon = 1e-8, .weight_decay = 0.1, .decoupled = true});
  History history;
  for (std::size_t k = 0; k < steps; ++k) {
    const Tensor loss = ops::mean_square_error(net(problem.graph, problem.x, problem.edges), problem.y);
    history.loss.push_back(loss.item());
    adam.step(grad(loss, net), rates[k]);
  }
  for (const Tensor& parameter : values(parameters(net))) {
    const auto values = parameter.to_vector<double>();
    history.final_parameters.insert(history.final_parameters.end(), values.begin(), values.end());
  }
  return history;
}

struct Case {
  std::string name, target, rates;
  bool carried;
};

Case read_case(const std::string& name) {
  const std::string object = "expected/" + name;
  return {name, golden().text_attribute(object, "target"), golden().text_attribute(object, "learning_rate"),
          golden().real_attribute(object, "carried") != 0};
}

class GoldenProblem : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = shared_missing("golden/nekrs_tgv/tgv_a.h5"); !why.empty()) GTEST_SKIP() << why;
    world = Communicator(MPI_COMM_WORLD);
  }
  /// The whole history on one and two ranks, its beginning on more.
  std::size_t steps() const { return world.size() <= 2 ? 100 : 5; }
  Communicator world;
};

class GoldenMeshGraphNet : public GoldenProblem, public ::testing::WithParamInterface<const char*> {};

TEST_P(GoldenMeshGraphNet, FirstStepInDoublePrecision) {
  const Case c = read_case(GetParam());
  const std::string expected = "expected/" + c.name + "/";
  const Problem problem(world, DType::f64, c.target);
  const auto net = make_net(DType::f64, c.carried);

  std::int64_t count = 0;
  for (const NamedTensor& parameter : parameters(net)) count += parameter.value.rows() * parameter.value.cols();
  EXPECT_EQ(count, 91393);

  const Tensor output = net(problem.graph, problem.x, problem.edges);
  const std::vector<double> reference = golden().reals(expected + "output_step0");
  EXPECT_LE(largest_difference(problem.gathered(output), reference), 1e-13 * largest(reference));

  const auto trace_nodes = golden().integers(expected + "trace_nodes");
  const std::vector<double> trace = golden().reals(expected + "trace");
  const std::vector<Tensor> states = net->trace(problem.graph, problem.x, problem.edges);
  ASSERT_EQ(states.size(), 5u);
  std::vector<double> ours;
  for (const Tensor& state : states) {
    const std::vector<double> all = problem.gathered(state);
    for (const std::int64_t node : trace_nodes)
      ours.insert(ours.end(), all.begin() + node * 32, all.begin() + (node + 1) * 32);
  }
  EXPECT_LE(largest_difference(ours, trace), 1e-13 * largest(trace));

  if (!golden().has(expected + "grad_step0")) return;
  const Tensor loss = ops::mean_square_error(output, problem.y);
  const std::vector<NamedTensor> all = parameters(net);
  const std::vector<Tensor> gradients = grad(loss, net);
  double square_sum = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<double> want = golden().reals(expected + "grad_step0/" + all[i].name);
    const std::vector<double> have = gradients[i].to_vector<double>();
    EXPECT_LE(largest_difference(have, want), 1e-12 * largest(want)) << all[i].name;
    for (double value : have) square_sum += value * value;
  }
  EXPECT_NEAR(std::sqrt(square_sum), golden().real_attribute("expected/" + c.name, "grad_norm_step0"), 1e-12);
}

TEST_P(GoldenMeshGraphNet, TrainingInDoublePrecision) {
  const Case c = read_case(GetParam());
  const std::string expected = "expected/" + c.name + "/";
  const Problem problem(world, DType::f64, c.target);
  const auto net = make_net(DType::f64, c.carried);
  const History history = train(problem, net, golden().reals(c.rates), steps());
  const bool amplifies = c.name == "carried_y2_fast";
  const std::vector<double> want = golden().reals(expected + "loss_fp64");
  double worst = 0;
  for (std::size_t k = 0; k < history.loss.size(); ++k)
    worst = std::max(worst, std::abs(history.loss[k] / want[k] - 1));
  EXPECT_LE(worst, amplifies ? 1e-7 : 1e-12);
  RecordProperty("worst_relative_loss_difference", cat(worst));
  if (world.rank() == 0) std::printf("  %s f64: worst relative loss difference %.2e\n", c.name.c_str(), worst);
  if (history.loss.size() < 100) return;
  if (c.name == "not_carried_y") {
    EXPECT_NEAR(history.loss.back(), 2.7161e-4, 1e-3 * 2.7161e-4);  // the published number
  }
  const std::vector<double> output = problem.gathered(net(problem.graph, problem.x, problem.edges));
  const std::vector<double> want_output = golden().reals(expected + "output_final");
  EXPECT_LE(largest_difference(output, want_output), (amplifies ? 1e-7 : 1e-12) * largest(want_output));
  if (!golden().has(expected + "params_final")) return;
  std::vector<double> want_parameters;
  for (const NamedTensor& parameter : parameters(net)) {
    const auto values = golden().reals(expected + "params_final/" + parameter.name);
    want_parameters.insert(want_parameters.end(), values.begin(), values.end());
  }
  EXPECT_LE(largest_difference(history.final_parameters, want_parameters), amplifies ? 1e-8 : 1e-12);
}

TEST_P(GoldenMeshGraphNet, TrainingInSinglePrecision) {
  const Case c = read_case(GetParam());
  const Problem problem(world, DType::f32, c.target);
  const auto net = make_net(DType::f32, c.carried);
  const std::string expected = "expected/" + c.name + "/";
  const std::vector<double> reference = golden().reals(expected + "output_step0");
  EXPECT_LE(largest_difference(problem.gathered(net(problem.graph, problem.x, problem.edges)), reference), 1e-6);
  const bool zero_target = c.target.ends_with("/y"), fast = c.name == "carried_y2_fast";
  const std::size_t n = std::min<std::size_t>(steps(), fast ? 60 : 100);
  const History history = train(problem, net, golden().reals(c.rates), n);
  const std::vector<double> want = golden().reals(expected + "loss_fp32");
  for (std::size_t k = 0; k < n; ++k) {
    const double tolerance = !zero_target ? 1e-5 * want[k] : k < 60 ? 1e-4 * want[k] : 5e-4 * want[k] + 1e-8;
    EXPECT_NEAR(history.loss[k], want[k], tolerance) << "step " << k + 1;
  }
}

// Two-rank PyTorch leaves one-rank PyTorch by a percent here; ours is one number to the bit.
TEST_F(GoldenProblem, LeavingThePlateauGivesOneNumberForEveryRankCount) {
  const Case c = read_case("carried_y2_fast");
  const std::vector<double> rates = golden().reals(c.rates);
  const auto net = make_net(DType::f32, c.carried);
  const History together = train(Problem(world, DType::f32, c.target), net, rates, steps());
  History alone;
  if (world.rank() == 0) {
    const auto again = make_net(DType::f32, c.carried);
    alone = train(Problem(Communicator(MPI_COMM_SELF), DType::f32, c.target), again, rates, steps());
  }
  world.broadcast(alone.loss, 0);
  world.broadcast(alone.final_parameters, 0);
  EXPECT_TRUE(same_bits(together.loss, alone.loss));
  EXPECT_TRUE(same_bits(together.final_parameters, alone.final_parameters));
  if (world.rank() == 0) std::printf("  loss of step %zu: %.17g\n", steps(), together.loss.back());
}

TEST_F(GoldenProblem, RecomputedStepsGiveTheSameBits) {
  const Case c = read_case("carried_y2");
  const std::vector<double> rates = golden().reals(c.rates);
  const Problem problem(world, DType::f32, c.target);
  const History kept = train(problem, make_net(DType::f32, true, false), rates, 3);
  const History recomputed = train(problem, make_net(DType::f32, true, true), rates, 3);
  EXPECT_TRUE(same_bits(kept.loss, recomputed.loss));
  EXPECT_TRUE(same_bits(kept.final_parameters, recomputed.final_parameters));
}

INSTANTIATE_TEST_SUITE_P(Cases, GoldenMeshGraphNet,
                         ::testing::Values("carried_y", "not_carried_y", "carried_y2", "not_carried_y2",
                                           "carried_y2_fast"));

}  // namespace
}  // namespace halograph::testing
