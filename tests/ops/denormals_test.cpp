// SPDX-License-Identifier: BSD-3-Clause
// No operation makes denormal numbers of ordinary ones: every case of the list with operands of usual and of large
// size, and functions that fade over their whole range; forward, backward and twice.
#include <gtest/gtest.h>

#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/ops/aggregate.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/fading.hpp>
#include <halograph/ops/gravnet.hpp>
#include <halograph/ops/gru.hpp>
#include <halograph/ops/maximum.hpp>
#include <halograph/ops/message.hpp>
#include <halograph/ops/norm.hpp>
#include <halograph/ops/pool.hpp>
#include <halograph/ops/radial.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/denormals.hpp"
#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};

Tensors random_like_all(const Tensors& like, std::uint64_t salt) {
  Tensors all;
  for (std::size_t i = 0; i < like.size(); ++i) all.push_back(random_like(like[i], salt + i));
  return all;
}

/// Runs `op` on x, its gradient, and, if `differentiable`, the gradient of that.
template <class Op>
void expect_none(const std::string& what, const Op& op, const Tensors& x, bool differentiable = true) {
  Tensors y;
  EXPECT_EQ(denormals_of([&] { y = op(x); }), "") << what << ", forward";
  if (!differentiable) return;
  const Tensors seeds = random_like_all(y, 400), second_seeds = random_like_all(x, 500);
  EXPECT_EQ(denormals_of([&] { grad(y, seeds, x); }), "") << what << ", backward";
  Tensors first;
  EXPECT_EQ(denormals_of([&] { first = grad(op(x), seeds, x, {.create_graph = true}); }), "") << what << ", recorded";
  EXPECT_EQ(denormals_of([&] { grad(first, second_seeds, x); }), "") << what << ", of the gradient";
}

class Denormals : public ::testing::TestWithParam<DType> {
 protected:
  void SetUp() override {
    if (!denormals_are_visible) GTEST_SKIP() << "this processor has no flag for them";
    set_threads(1);  // flags belong to a thread
  }

  Tensor column(const std::vector<double>& values) const {
    return Tensor::from(values, std::int64_t(values.size()), 1, GetParam()).set_requires_grad();
  }
};
INSTANTIATE_TEST_SUITE_P(Types, Denormals, ::testing::Values(DType::f32, DType::f64),
                         [](const auto& type) { return std::string(name_of(type.param)); });

TEST_P(Denormals, DoNotComeOutOfOperations) {
  const Graph graph = make_graph(Communicator(), size, Device::host());
  for (const OpCase& c : op_cases())
    for (const double scale : {1., 40., 300.}) {
      if (c.name == "exponential" && scale > 1) continue;  // its results are kept to the end of the range
      Tensors x;
      for (const Tensor& operand : random_operands(graph, c, GetParam())) {
        std::vector<double> values = operand.to_vector<double>();
        for (double& value : values) value *= scale;
        x.push_back(operand.detach());
        x.back().assign(values);
        x.back().set_requires_grad();
      }
      expect_none(
          cat(c.name, " times ", scale), [&](const Tensors& at) { return c.op(graph, at); }, x, c.differentiable);
    }
}

/// Numbers of both signs: evenly over -reach..reach, and by powers of two towards 0, and 0.
std::vector<double> sweep(double reach) {
  std::vector<double> values{0};
  for (int k = -4000; k <= 4000; ++k) values.push_back(reach * k / 4000);
  for (int k = 0; k <= 40; ++k)
    for (const double sign : {-1, 1}) values.push_back(sign * std::ldexp(1.1, -k));
  return values;
}

TEST_P(Denormals, DoNotComeOutOfFunctionsThatFade) {
  using F = Tensor (*)(const Tensor&);
  const std::pair<const char*, F> functions[] = {{"fading_exponential", ops::fading_exponential},
                                                 {"sigmoid", ops::sigmoid},
                                                 {"tanh", ops::tanh},
                                                 {"softplus", ops::softplus},
                                                 {"shifted_softplus", ops::shifted_softplus},
                                                 {"silu", ops::silu},
                                                 {"gelu", ops::gelu},
                                                 {"elu", ops::elu},
                                                 {"selu", ops::selu},
                                                 {"error_function", ops::error_function},
                                                 {"sine", ops::sine},
                                                 {"cosine", ops::cosine},
                                                 {"square", ops::square}};
  for (const auto& [name, f] : functions)
    for (const double reach : {1., 8., 60., 120., 1000.})
      expect_none(cat(name, " to ", reach), [&](const Tensors& x) { return Tensors{f(x[0])}; }, {column(sweep(reach))});
}

/// Faint arguments as well, which no function may square or cube; their own products are the caller's.
TEST_P(Denormals, DoNotComeOutOfFunctionsOfFaintNumbers) {
  std::vector<double> values;
  for (int k = 1; k <= (GetParam() == DType::f32 ? 124 : 1020); ++k)
    for (const double sign : {-1, 1}) values.push_back(sign * std::ldexp(1.3, -k));
  const autograd::RecordingScope off(false);
  const Tensor x = column(values);
  const Tensor one = Tensor::full(x.rows(), 1, 1, GetParam());
  for (int k = int(ops::Activation::relu); k <= int(ops::Activation::ssp); ++k) {
    const auto activation = ops::Activation(k);
    if (activation == ops::Activation::leaky_relu) continue;  // x / 100
    Tensor y;
    EXPECT_EQ(denormals_of([&] { y = ops::activate(activation, x); }), "") << ops::name_of(activation);
    if (activation == ops::Activation::sigmoid || activation == ops::Activation::tanh) continue;  // y times dy
    EXPECT_EQ(denormals_of([&] { ops::activation_slope_product(activation, x, one); }), "") << ops::name_of(activation);
  }
  for (const auto f : {ops::exponential, ops::fading_exponential, ops::logarithm, ops::sine, ops::cosine, ops::square,
                       ops::error_function, ops::square_root})
    EXPECT_EQ(denormals_of([&] { f(ops::absolute(x)); }), "");
}

TEST_P(Denormals, DoNotComeOutOfExponential) {
  Tensor y;
  EXPECT_EQ(denormals_of([&] { y = ops::exponential(column(sweep(1000))); }), "");
}

/// Distances from 0 to far beyond all centres and the cutoff, times filters as layers have them.
TEST_P(Denormals, DoNotComeOutOfRadialFunctions) {
  std::vector<double> values;
  for (int k = 0; k <= 3000; ++k) values.push_back(k * 0.01);
  const Tensor distance = column(values);
  std::vector<double> centres, weights;
  for (int k = 0; k < 50; ++k) {
    centres.push_back(10. * k / 49);
    weights.push_back(random_value(3, k, 0) * 0.1);
  }
  const Tensor centre = Tensor::from(centres, 1, 50, GetParam());
  const Tensor weight = Tensor::from(weights, 1, 50, GetParam()).set_requires_grad();
  const double spacing = 10. / 49;
  for (const double width : {0.1, 1., 4.})
    expect_none(cat("gaussians of width ", width),
                [&](const Tensors& x) {
                  const Tensor basis = ops::gaussian_basis(x[0], centre, -0.5 / (width * width * spacing * spacing));
                  const Tensor cutoff = ops::cosine_cutoff(x[0], 10);
                  return Tensors{ops::sum_columns(ops::multiply(ops::multiply(basis, x[1]), cutoff))};
                },
                {distance, weight});
  expect_none("Bessel",
              [&](const Tensors& x) {
                return Tensors{ops::multiply(ops::bessel_basis(x[0], centre), ops::cosine_cutoff(x[0], 10, false))};
              },
              {distance});
}

TEST_P(Denormals, DoNotComeOutOfPotentials) {
  const Graph graph = make_graph(Communicator(), size, Device::host());
  for (const bool quartic : {false, true})
    for (const double scale : {0.3, 1., 3., 10.}) {
      const Tensor space = ops::scale_shift(random_operand(graph, {Where::nodes, 3}, GetParam(), 5), scale);
      const Tensor features = random_operand(graph, {Where::nodes, 4}, GetParam(), 6).set_requires_grad();
      expect_none(cat("gravnet, quartic ", quartic, ", at ", scale),
                  [&](const Tensors& x) {
                    const auto found =
                        ops::gravnet_messages(graph, x[1], ops::gravnet_weights(graph, x[0], {.quartic = quartic}));
                    return Tensors{found.mean, found.max};
                  },
                  {space.detach().set_requires_grad(), features});
    }
}

TEST_P(Denormals, DoNotComeOutOfSoftmax) {
  const Graph graph = make_graph(Communicator(), size, Device::host());
  const Batch batch(graph);
  for (const double scale : {1., 30., 60., 100., 500., 1e4}) {
    const auto scores = [&](Where where) {
      return ops::scale_shift(random_operand(graph, {where, 6}, GetParam(), 8), scale).detach().set_requires_grad();
    };
    const Tensor values = random_operand(graph, {Where::edges, 6}, GetParam(), 9).set_requires_grad();
    expect_none(cat("segment_softmax of ", scale),
                [&](const Tensors& x) {
                  return Tensors{ops::segment_sum(graph, ops::multiply(ops::segment_softmax(graph, x[0]), x[1]))};
                },
                {scores(Where::edges), values});
    expect_none(cat("graph_softmax of ", scale),
                [&](const Tensors& x) { return Tensors{ops::graph_softmax(batch, x[0])}; }, {scores(Where::nodes)});
    expect_none(cat("softmax_columns of ", scale),
                [&](const Tensors& x) { return Tensors{ops::softmax_columns(x[0])}; }, {scores(Where::nodes)});
    expect_none(cat("softmax aggregation of ", scale),
                [&](const Tensors& x) { return Tensors{ops::aggregate(graph, x[0], ops::Aggregation::softmax)}; },
                {scores(Where::edges)});
  }
}

/// Values that differ by little or are faint themselves.
TEST_P(Denormals, DoNotComeOutOfVariances) {
  const Graph graph = make_graph(Communicator(), size, Device::host());
  const double faint = GetParam() == DType::f32 ? 1e-22 : 1e-170;
  for (const double shift : {0., 1.})
    for (const double spread : {0., faint, 1e-7}) {
      const auto values = [&](Where where) {
        const Tensor x = random_operand(graph, {where, 20}, GetParam(), 8);
        return ops::scale_shift(x, spread, shift).detach().set_requires_grad();
      };
      Tensor y;
      EXPECT_EQ(denormals_of([&] { y = ops::layer_norm(values(Where::nodes), {}, {}, 1e-5); }), "")
          << shift << " +- " << spread;
      EXPECT_EQ(denormals_of([&] { ops::aggregate(graph, values(Where::edges), ops::Aggregation::std); }), "")
          << shift << " +- " << spread;
    }
}

TEST_P(Denormals, DoNotComeOutOfGates) {
  const Graph graph = make_graph(Communicator(), size, Device::host());
  for (const double scale : {1., 50., 90., 400.}) {
    Tensors x;
    for (const std::int64_t cols : {15, 15, 5})
      x.push_back(ops::scale_shift(random_operand(graph, {Where::nodes, cols}, GetParam(), 30 + x.size()), scale)
                      .detach()
                      .set_requires_grad());
    expect_none(
        cat("gates of ", scale), [](const Tensors& at) { return Tensors{ops::gru_gates(at[0], at[1], at[2])}; }, x);
  }
}

}  // namespace
}  // namespace halograph::testing
