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
  hg::Tensor operator()(const hg::Graph& graph, const hg::Tensor& x) const {
    const auto message = [&](const nn::Ends& e) {
      const hg::Tensor open = gate(ops::subtract(e.source(), e.target()), ops::Activation::sigmoid);
      return ops::multiply(open, e.source());
    };
    const hg::Tensor arrived = nn::propagate(graph, x, message, {ops::Aggregation::mean, ops::Aggregation::max});
    return ops::linear(std::vector{x, arrived}, lin.weight, lin.bias);
  }
  nn::Linear gate, lin;
};

GatedDifference make_layer(const std::string& name, std::int64_t in, std::int64_t out, const hg::Random& random) {
  return {nn::Linear(nn::join(name, "gate"), in, in, hg::DType::f32, random),
          nn::Linear(nn::join(name, "lin"), 3 * in, out, hg::DType::f32, random)};
}

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

  const hg::Random random(1);
  const GatedDifference first = make_layer("first", 3, 16, random), second = make_layer("second", 16, 1, random);
  std::vector<hg::NamedTensor> parameters;
  for (const nn::Linear* linear : {&first.gate, &first.lin, &second.gate, &second.lin}) linear->collect(parameters);
  std::vector<hg::Tensor> variables;
  for (const hg::NamedTensor& parameter : parameters) variables.push_back(parameter.value);

  hg::optim::Adam adam(parameters, {});
  double before = 0, after = 0;
  for (int step = 0; step < 40; ++step) {
    const hg::Tensor hidden = ops::elu(first(graph, velocity));
    const hg::Tensor loss = ops::mean_square_error(second(graph, hidden), pressure);
    adam.step(hg::grad(loss, variables), 1e-2);
    after = loss.item();
    if (step == 0) before = after;
  }

  hg::Digest digest;
  for (const hg::Tensor& variable : variables) digest.update(variable.to_vector<float>());
  if (runtime.is_root()) std::printf("loss %.6f -> %.6f\ndigest %s\n", before, after, digest.hex().c_str());
  hg::require(after < 0.5 * before, "the loss went from ", before, " to ", after, " only");
}

}  // namespace

int main(int argc, char** argv) {
  hg::Runtime runtime(argc, argv);
  run(runtime);
}
