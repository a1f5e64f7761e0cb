// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/nn/model.hpp>
#include <halograph/nn/models/dgcnn.hpp>

#include <gtest/gtest.h>

namespace halograph::testing {
namespace {

template <class Model>
std::int64_t n_parameters(const Model& model) {
  std::int64_t n = 0;
  for (const NamedTensor& named : parameters(model)) n += named.value.rows() * named.value.cols();
  return n;
}

TEST(Dgcnn, HasAsManyParametersAsTheAuthors) {
  EXPECT_EQ(n_parameters(nn::make<nn::DGCNN>(Scope(Random(1), DType::f32) / "net", {})), 1809576);
  // 9 channels a point and 13 classes: convolutions 18-64-64, 128-64-64, 128-64, then 192-1024, 1216-512-256-13.
  const std::int64_t norms = 2 * (5 * 64 + 1024 + 512 + 256);
  EXPECT_EQ(n_parameters(nn::make<nn::DGCNNSegmentation>(Scope(Random(1), DType::f32) / "net", {})),
            18 * 64 + 64 * 64 + 128 * 64 + 64 * 64 + 128 * 64 + 192 * 1024 + 1216 * 512 + 512 * 256 + 256 * 13 + norms);
}

TEST(Dgcnn, RefusesWhatMakesNoNetwork) {
  EXPECT_THROW(nn::DGCNN(Scope(Random(1), DType::f32) / "net", {.k = 0}), UsageError);
  EXPECT_THROW(nn::DGCNN(Scope(Random(1), DType::f32) / "net", {.convs = {}}), UsageError);
  EXPECT_THROW(nn::DGCNN(Scope(Random(1), DType::f32) / "net", {.convs = {{64}, {}}}), UsageError);
  EXPECT_THROW(nn::DGCNNSegmentation(Scope(Random(1), DType::f32) / "net", {.out_channels = 0}), UsageError);
}

}  // namespace
}  // namespace halograph::testing
