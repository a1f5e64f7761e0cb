// SPDX-License-Identifier: BSD-3-Clause
// Every operation and layer has the bits of the version that recorded them: outputs, gradients, gradients of gradients.
#include <gtest/gtest.h>

#include "tests/support/digests/case_results.hpp"
#include "tests/support/digests/recorded_digests.hpp"

namespace halograph::testing {
namespace {

std::string full_name(const char* kind, DType dtype, const std::string& name) {
  return std::string(kind) + " " + std::string(name_of(dtype)) + " " + name;
}

class RecordedDigests : public ::testing::TestWithParam<DType> {};

TEST_P(RecordedDigests, OfOperations) {
  const Graph graph = make_graph({}, {40, 200, 7}, Device::preferred());
  for (const OpCase& op_case : op_cases())
    expect_recorded(full_name("op", GetParam(), op_case.name), digest_of(case_results(graph, op_case, GetParam())));
}

TEST_P(RecordedDigests, OfLayers) {
  const SpreadLayerBed spread = make_layer_bed({}, {120, 700, 7}, Device::preferred());
  for (const LayerCase& layer_case : layer_cases())
    expect_recorded(full_name("layer", GetParam(), layer_case.name),
                    digest_of(case_results(spread, layer_case, GetParam())));
}

INSTANTIATE_TEST_SUITE_P(Types, RecordedDigests, ::testing::Values(DType::f32, DType::f64),
                         [](const auto& info) { return std::string(name_of(info.param)); });

}  // namespace
}  // namespace halograph::testing
