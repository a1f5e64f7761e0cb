// SPDX-License-Identifier: BSD-3-Clause
// One rank and many, and every device, give the same bits in every layer: each rank also computes the whole by itself
// on the host and compares its own rows of outputs, gradients by inputs and parameters, gradients of gradients, and
// buffers.
#include <gtest/gtest.h>

#include <halograph/core/threads.hpp>
#include <halograph/graph/dist/exchange.hpp>

#include "tests/support/digests/case_results.hpp"
#include "tests/support/digests/same_rows.hpp"
#include "tests/support/on_device.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{120, 700, 7};

class LayerRanks : public ::testing::TestWithParam<LayerCase> {
 protected:
  static void check(DType dtype) {
    const LayerCase& layer_case = GetParam();
    const Tensors whole = [&] {
      const OnDevice host(Device::host());
      return case_results(make_layer_bed(Communicator(MPI_COMM_SELF), size, Device::host()), layer_case, dtype);
    }();
    const SpreadLayerBed shared = make_layer_bed(Communicator(MPI_COMM_WORLD), size, Device::preferred());
    for (const bool overlap : {true, false}) {
      SCOPED_TRACE(overlap ? "one thread" : "two threads, no overlap");
      set_overlap(overlap);
      set_threads(overlap ? 1 : 2);
      const Tensors mine = case_results(shared, layer_case, dtype);
      set_overlap(true);
      set_threads(1);
      ASSERT_EQ(mine.size(), whole.size());
      for (std::size_t i = 0; i < mine.size(); ++i) expect_rows_of(mine[i], whole[i], i);
    }
  }
};
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(LayerRanks);
INSTANTIATE_TEST_SUITE_P(Layers, LayerRanks, ::testing::ValuesIn(layer_cases()),
                         [](const auto& layer) { return test_name(layer.param.name); });

TEST_P(LayerRanks, SameBitsInSingle) { check(DType::f32); }
TEST_P(LayerRanks, SameBitsInDouble) { check(DType::f64); }

}  // namespace
}  // namespace halograph::testing
