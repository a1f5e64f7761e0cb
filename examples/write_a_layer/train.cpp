// SPDX-License-Identifier: BSD-3-Clause
// A layer written as a formula, trained for some steps on a box of spectral elements. The digest of the trained
// parameters is the same for any number of ranks.
#include <cstdio>

#include <halograph/halograph.hpp>

namespace hg = halograph;
namespace nn = halograph::nn;
namespace ops = halograph::ops;

namespace {

/// x'_i = lin([x_i | mean_j m_ji | max_j m_ji]) with m_ji = sigmoid(gate(x_j - x_i)) * x_j
struct GatedDifference {
  GatedDifference(const nn::Scope& s, int in, int out) : gate(s / "gate", in, in), lin(s / "lin", 3 * in, out) {}
  hg::Tensor operator()(const hg::Graph& graph, const hg::Tensor& x) const {
    const auto message = [&](const nn::Ends& e) {
      const hg::Tensor target = e.target(), source = e.source();
      return gate(source - target, ops::Activation::sigmoid) * source;
    };
    const hg::Tensor arrived = nn::propagate(graph, x, message, {ops::Aggregation::mean, ops::Aggregation::max});
    return ops::linear(std::vector{x, arrived}, lin.weight, lin.bias);
  }
  nn::Linear gate, lin;
};

struct Net {
  explicit Net(const nn::Scope& scope) : first(scope / "first", 3, 16), second(scope / "second", 16, 1) {}
  hg::Tensor operator()(const hg::Graph& graph, const hg::Tensor& x) const {
    return second(graph, ops::elu(first(graph, x)));
  }
  GatedDifference first, second;
};

void run(const hg::Runtime& runtime) {
  const hg::Communicator& comm = runtime.comm();
  hg::GraphSlab slab = hg::spectral_box({.elements = {3, 3, 3}, .order = 2}, comm.rank(), comm.size());
  const std::vector<double> start{0};
  hg::add_taylor_green(slab, start);
  hg::partition(comm, slab, hg::coordinate_bisection({.patches = 8}));
  const hg::DistributedGraph distributed = hg::distribute(comm, slab);
  const hg::Graph& graph = distributed.graph;
  const auto field = [&](const hg::SlabField& f) {
    return hg::Tensor::from(distributed.nodes.forward(f.values, f.channels), graph.n_nodes(), f.channels,
                            hg::DType::f32, graph.nodes());
  };
  const hg::Tensor velocity = field(slab.fields[0]), pressure = field(slab.fields[1]);

  const auto net = nn::make<Net>(hg::Scope(hg::Random(1)));
  hg::optim::Adam adam(hg::parameters(net), {});
  double before = 0, after = 0;
  for (int step = 0; step < 40; ++step) {
    const hg::Tensor loss = ops::mean_square_error(net(graph, velocity), pressure);
    adam.step(hg::grad(loss, net), 1e-2);
    after = loss.item();
    if (step == 0) before = after;
  }

  hg::Digest digest;
  for (const hg::NamedTensor& tensor : hg::state(net)) digest.update(tensor.value.to_vector<float>());
  if (runtime.is_root()) std::printf("loss %.6f -> %.6f\ndigest %s\n", before, after, digest.hex().c_str());
  hg::require(after < 0.5 * before, "the loss went from ", before, " to ", after, " only");
}

}  // namespace

int main(int argc, char** argv) {
  hg::Runtime runtime(argc, argv);
  run(runtime);
}
