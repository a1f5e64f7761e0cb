// SPDX-License-Identifier: BSD-3-Clause
// First and second derivatives of every layer by its inputs and its parameters against central differences.
#include <gtest/gtest.h>

#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>

#include "tests/support/layer_cases/layer_bed.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};
constexpr int directions = 2;

double tolerance(double expected) { return 2e-7 * (1 + std::abs(expected)); }

double dot(const Tensor& a, const Tensor& b) { return (to_array(a) * to_array(b)).sum(); }

/// A layer on a bed with its variables: inputs, then parameters. Differences move them in place.
class Variables {
 public:
  explicit Variables(const LayerCase& layer_case)
      : spread_(make_layer_bed(Communicator(), size, Device::preferred())),
        layer_(layer_case.build(spread_.bed, DType::f64, Random(7))),
        inputs_(layer_inputs(spread_, layer_case, DType::f64)) {
    all_ = inputs_;
    names_.resize(inputs_.size(), "input");
    for (const NamedTensor& named : layer_.state) {
      if (!named.value.requires_grad()) continue;
      all_.push_back(named.value);
      names_.push_back(named.name);
    }
  }

  const Tensors& all() const { return all_; }
  const std::string& name(std::size_t i) const { return names_[i]; }

  /// Sum of r * (y + y^2) over all outputs, so that the cotangents depend on the outputs.
  Tensor loss() const {
    Tensor total = Tensor::zeros(1, 1, DType::f64);
    const Tensors outputs = layer_.forward(inputs_);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const Tensor weight = random_like(outputs[i], 100 + i);
      total = ops::add(total, ops::sum(ops::multiply(weight, ops::add(outputs[i], ops::square(outputs[i])))));
    }
    return total;
  }

  /// Sum of r * gradient of the loss over all variables.
  Tensor projected_gradient(bool record) const {
    const Tensors gradient = grad(loss(), all_, {.create_graph = record});
    Tensor sum = Tensor::zeros(1, 1, DType::f64);
    for (std::size_t i = 0; i < all_.size(); ++i)
      sum = ops::add(sum, ops::sum(ops::multiply(gradient[i], random_like(all_[i], 300 + i))));
    return sum;
  }

  /// The derivative of `f` along `direction` in variable i, to fourth order in the step.
  template <class F>
  double difference(const F& f, std::size_t i, const std::vector<double>& direction, double step) {
    const std::vector<double> here = all_[i].to_vector<double>();
    const auto at = [&](double distance) {
      std::vector<double> there = here;
      for (std::size_t k = 0; k < there.size(); ++k) there[k] += distance * direction[k];
      all_[i].assign(there);
      return f();
    };
    const double result = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
    all_[i].assign(here);
    return result;
  }

  /// The kink of a relu may lie within a step; hardly within the shortest.
  template <class F>
  void expect_gradients(const F& f, const Tensors& gradient) {
    for (std::size_t i = 0; i < all_.size(); ++i)
      for (int k = 0; k < directions; ++k) {
        const Tensor direction = random_like(all_[i], 200 + std::uint64_t(k));
        const double found = dot(gradient[i], direction);
        double expected = 0;
        for (const double step : {2e-5, 2e-6, 4e-7}) {
          expected = difference(f, i, direction.to_vector<double>(), step);
          if (std::abs(found - expected) <= tolerance(expected)) break;
        }
        EXPECT_NEAR(found, expected, tolerance(expected)) << "variable " << i << " (" << names_[i] << ")";
      }
  }

 private:
  SpreadLayerBed spread_;
  BuiltLayer layer_;
  Tensors inputs_, all_;
  std::vector<std::string> names_;
};

class LayerGradient : public ::testing::TestWithParam<LayerCase> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LayerGradient);
INSTANTIATE_TEST_SUITE_P(Layers, LayerGradient, ::testing::ValuesIn(layer_cases()),
                         [](const auto& layer) { return test_name(layer.param.name); });

TEST_P(LayerGradient, EqualsDifferences) {
  if (!GetParam().smooth) GTEST_SKIP() << "not smooth";
  Variables variables(GetParam());
  variables.expect_gradients([&] { return variables.loss().item(); }, grad(variables.loss(), variables.all()));
}

TEST_P(LayerGradient, IsTheSameWhenItIsRecorded) {
  if (!GetParam().twice) GTEST_SKIP() << "differentiable once";
  const Variables variables(GetParam());
  const Tensors plain = grad(variables.loss(), variables.all());
  const Tensors recorded = grad(variables.loss(), variables.all(), {.create_graph = true});
  for (std::size_t i = 0; i < plain.size(); ++i)
    EXPECT_LE((to_array(plain[i]) - to_array(recorded[i])).abs().maxCoeff(),
              1e-11 * (1 + to_array(plain[i]).abs().maxCoeff()))
        << variables.name(i);
}

TEST_P(LayerGradient, OfAGradientEqualsDifferences) {
  if (!GetParam().smooth || !GetParam().twice) GTEST_SKIP() << "no second derivatives";
  Variables variables(GetParam());
  const Tensors gradient = grad(variables.projected_gradient(true), variables.all());
  variables.expect_gradients([&] { return variables.projected_gradient(false).item(); }, gradient);
}

}  // namespace
}  // namespace halograph::testing
