// SPDX-License-Identifier: BSD-3-Clause
// A layer sees a graph, not its numbering: with other node ids, other patches and edges in another order every node and
// edge gets the same values, up to the order of sums.
#include <gtest/gtest.h>

#include "tests/support/layer_cases/layer_bed.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};

/// Rows of an output in the order of the test graph's lists.
Array listed(const SpreadLayerBed& spread, const Tensor& y) {
  if (!y.partitioned()) return to_array(y);
  const bool nodes = y.row_space() == spread.bed.graph.nodes();
  EXPECT_TRUE(nodes || y.row_space() == spread.bed.graph.edges());
  const std::vector<double> values = (nodes ? spread.nodes : spread.edges).backward(y.to_vector<double>(), y.cols());
  return Eigen::Map<const Array>(values.data(), y.rows(), y.cols());
}

std::vector<Array> outputs(const LayerCase& layer_case, std::uint64_t renumber) {
  const SpreadLayerBed spread = make_layer_bed(Communicator(), size, Device::preferred(), renumber);
  const BuiltLayer layer = layer_case.build(spread.bed, DType::f64, Random(7));
  std::vector<Array> result;
  for (const Tensor& y : layer.forward(layer_inputs(spread, layer_case, DType::f64)))
    result.push_back(listed(spread, y));
  return result;
}

class LayerPermutation : public ::testing::TestWithParam<LayerCase> {};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LayerPermutation);
INSTANTIATE_TEST_SUITE_P(Layers, LayerPermutation, ::testing::ValuesIn(layer_cases()),
                         [](const auto& layer) { return test_name(layer.param.name); });

TEST_P(LayerPermutation, OfNodesAndEdgesPermutesTheOutputs) {
  if (!GetParam().equivariant) GTEST_SKIP() << "depends on ids";
  const std::vector<Array> before = outputs(GetParam(), 0), after = outputs(GetParam(), 4711);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_GT(before[i].abs().maxCoeff(), 0) << "output " << i << " is zero and shows nothing";
    EXPECT_LE((before[i] - after[i]).abs().maxCoeff(), 1e-12 * (1 + before[i].abs().maxCoeff())) << "output " << i;
  }
}

}  // namespace
}  // namespace halograph::testing
