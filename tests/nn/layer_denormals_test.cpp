// SPDX-License-Identifier: BSD-3-Clause
// No layer makes denormal numbers of ordinary ones, with inputs of usual and of large size: forward, backward and
// twice.
#include <gtest/gtest.h>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/threads.hpp>

#include "tests/support/denormals.hpp"
#include "tests/support/layer_cases/layer_bed.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};

class LayerDenormals : public ::testing::TestWithParam<LayerCase> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LayerDenormals);
INSTANTIATE_TEST_SUITE_P(Layers, LayerDenormals, ::testing::ValuesIn(layer_cases()),
                         [](const auto& layer) { return test_name(layer.param.name); });

Tensors seeds_for(const Tensors& y) {
  Tensors seeds;
  for (const Tensor& one : y) seeds.push_back(random_like(one, 400 + seeds.size()));
  return seeds;
}

void check(const LayerCase& layer_case, DType dtype, double scale) {
  SCOPED_TRACE(cat(name_of(dtype), ", inputs times ", scale));
  const SpreadLayerBed spread = make_layer_bed(Communicator(), size, Device::host());
  const BuiltLayer layer = layer_case.build(spread.bed, dtype, Random(7));
  Tensors x = layer_inputs(spread, layer_case, dtype), by = trainable(layer.state);
  for (Tensor& input : x) {
    std::vector<double> values = input.to_vector<double>();
    for (double& value : values) value *= scale;
    input.assign(values);
  }
  by.insert(by.end(), x.begin(), x.end());
  Tensors y, first;
  EXPECT_EQ(denormals_of([&] { y = layer.forward(x); }), "") << "forward";
  const Tensors seeds = seeds_for(y);
  EXPECT_EQ(denormals_of([&] { grad(y, seeds, by); }), "") << "backward";
  if (!layer_case.twice) return;
  EXPECT_EQ(denormals_of([&] { first = grad(layer.forward(x), seeds, by, {.create_graph = true}); }), "") << "recorded";
  const Tensors second_seeds = seeds_for(first);
  EXPECT_EQ(denormals_of([&] { grad(first, second_seeds, by); }), "") << "of the gradient";
}

TEST_P(LayerDenormals, DoNotComeUp) {
  if (!denormals_are_visible) GTEST_SKIP() << "this processor has no flag for them";
  set_threads(1);  // flags belong to a thread
  for (const DType dtype : {DType::f32, DType::f64})
    for (const double scale : {1., 6., 40., 300.}) {
      // GarNet multiplies three of its weights: one in the features, one in the sum, one coming back.
      if (scale > 40 && GetParam().name.starts_with("GarNet")) continue;
      check(GetParam(), dtype, scale);
    }
}

}  // namespace
}  // namespace halograph::testing
