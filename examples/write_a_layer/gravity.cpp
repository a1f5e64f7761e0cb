// SPDX-License-Identifier: BSD-3-Clause
// A layer without parameters: Newton's law of gravitation between all pairs of bodies, and the same forces as the
// gradient of the potential energy. Both are compared with a plain double loop.
#include <cmath>
#include <cstdio>

#include <halograph/halograph.hpp>

namespace hg = halograph;
namespace nn = halograph::nn;
namespace ops = halograph::ops;

namespace {

constexpr std::int64_t bodies = 60;

/// a_i = sum over all others of m_j (r_j - r_i) / |r_j - r_i|^3
hg::Tensor accelerations(const hg::Graph& graph, const hg::Tensor& position, const hg::Tensor& mass) {
  return nn::propagate(graph, position, [&](const nn::Ends& e) {
    const hg::Tensor to_source = e.source() - e.target(), square = ops::sum_columns(ops::square(to_source));
    return to_source * (e.source(mass) / (square * ops::square_root(square)));
  });
}

/// -1/2 sum over ordered pairs of m_i m_j / |r_j - r_i|
hg::Tensor potential(const hg::Graph& graph, const hg::Tensor& position, const hg::Tensor& mass) {
  const hg::Tensor each = nn::propagate(graph, position, [&](const nn::Ends& e) {
    const hg::Tensor square = ops::sum_columns(ops::square(e.source() - e.target()));
    return e.source(mass) * e.target(mass) / ops::square_root(square);
  });
  return -0.5 * ops::sum(each);
}

hg::Tensor forces(const hg::Graph& graph, const hg::Tensor& position, const hg::Tensor& mass) {
  const hg::Tensor variable = position.detach().set_requires_grad();
  return -hg::grad(potential(graph, variable, mass), std::vector{variable})[0];
}

std::vector<double> place(std::int64_t body) {
  const double turn = 2.4 * double(body), radius = 1 + 0.1 * double(body);
  return {radius * std::cos(turn), radius * std::sin(turn), std::sin(0.7 * double(body))};
}
double mass_of(std::int64_t body) { return 1 + 0.5 * std::cos(double(body)); }

/// Every body is a node, here those of one rank, with an edge from every other.
hg::GraphSlab everybody(const hg::Communicator& comm) {
  hg::GraphSlab slab;
  slab.n_patches = 4;
  for (std::int64_t i = comm.rank(); i < bodies; i += comm.size()) {
    slab.node_id.push_back(i);
    slab.patch.push_back(std::int32_t(i * slab.n_patches / bodies));
    for (std::int64_t j = 0; j < bodies; ++j) {
      if (j == i) continue;
      slab.edge_source.push_back(j);
      slab.edge_target.push_back(i);
      slab.edge_id.push_back(i * bodies + j);
    }
  }
  return slab;
}

/// The largest difference to the double loop, of rows times `factor(body)`.
template <class Factor>
double error(const hg::Graph& graph, const hg::Tensor& found, Factor factor) {
  const std::vector<double> values = found.to_vector<double>();
  double largest = 0;
  for (std::size_t row = 0; row < graph.node_id().size(); ++row) {
    const std::int64_t i = graph.node_id()[row];
    const std::vector<double> here = place(i);
    for (std::size_t k = 0; k < 3; ++k) {
      double expected = 0;
      for (std::int64_t j = 0; j < bodies; ++j) {
        if (j == i) continue;
        const std::vector<double> there = place(j);
        double square = 0;
        for (std::size_t c = 0; c < 3; ++c) square += (there[c] - here[c]) * (there[c] - here[c]);
        expected += mass_of(j) * (there[k] - here[k]) / (square * std::sqrt(square));
      }
      largest = std::max(largest, std::abs(values[row * 3 + k] - factor(i) * expected));
    }
  }
  return graph.comm().max(largest);
}

void run(const hg::Runtime& runtime) {
  const hg::Graph graph = hg::distribute(runtime.comm(), everybody(runtime.comm())).graph;
  std::vector<double> places, masses;
  for (const std::int64_t body : graph.node_id()) {
    const std::vector<double> at = place(body);
    places.insert(places.end(), at.begin(), at.end());
    masses.push_back(mass_of(body));
  }
  const auto position = hg::Tensor::from(places, graph.n_nodes(), 3, hg::DType::f64, graph.nodes());
  const auto mass = hg::Tensor::from(masses, graph.n_nodes(), 1, hg::DType::f64, graph.nodes());

  const hg::Tensor a = accelerations(graph, position, mass), f = forces(graph, position, mass);
  const double error_a = error(graph, a, [](std::int64_t) { return 1.0; }), error_f = error(graph, f, mass_of);
  hg::Digest digest;
  digest.update(ops::sum_rows(ops::square(a)).to_vector<double>())
      .update(ops::sum_rows(ops::square(f)).to_vector<double>());
  if (runtime.is_root())
    std::printf("largest error: accelerations %.1e, forces %.1e\ndigest %s\n", error_a, error_f, digest.hex().c_str());
  hg::require(error_a < 1e-13 && error_f < 1e-13, "accelerations or forces differ from the double loop");
}

}  // namespace

int main(int argc, char** argv) {
  hg::Runtime runtime(argc, argv);
  run(runtime);
}
