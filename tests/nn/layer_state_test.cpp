// SPDX-License-Identifier: BSD-3-Clause
// The state of a layer lists all that its results depend on, under names and with axes that go through a file: a layer
// that was drawn from other random numbers gives the same bits after loading.
#include <gtest/gtest.h>

#include <halograph/io/state.hpp>
#include <halograph/io/weights.hpp>

#include "tests/io/scratch.hpp"
#include "tests/support/digests/bits.hpp"
#include "tests/support/layer_cases/layer_bed.hpp"

namespace halograph::testing {
namespace {

class LayerState : public ::testing::TestWithParam<LayerCase> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LayerState);
INSTANTIATE_TEST_SUITE_P(Layers, LayerState, ::testing::ValuesIn(layer_cases()),
                         [](const auto& layer) { return test_name(layer.param.name); });

TEST_P(LayerState, MakesAnotherLayerTheSame) {
  const SpreadLayerBed spread = make_layer_bed({}, {40, 200, 7}, Device::preferred());
  const auto make = [&](std::uint64_t seed) { return GetParam().build(spread.bed, DType::f32, Random(seed)); };
  const Tensors inputs = layer_inputs(spread, GetParam(), DType::f32);
  const test::Scratch scratch;
  for (const std::string& file : {scratch / "w.safetensors", scratch / "w.h5"}) {
    const BuiltLayer first = make(1);
    const BuiltLayer second = make(GetParam().equivariant ? 2 : 1);  // what depends on ids may draw by the seed, too
    for (const NamedTensor& tensor : second.state)
      Tensor(tensor.value).assign(std::vector<float>(std::size_t(tensor.value.rows() * tensor.value.cols()), 0.7f));
    save_weights({}, file, first.state);
    EXPECT_TRUE(io::load_state(second.state, load_weights({}, file), file).empty());
    const Tensors wanted = first.forward(inputs), found = second.forward(inputs);
    ASSERT_EQ(found.size(), wanted.size());
    for (std::size_t i = 0; i < found.size(); ++i) EXPECT_TRUE(same_bits(found[i], wanted[i])) << "output " << i;
  }
}

}  // namespace
}  // namespace halograph::testing
