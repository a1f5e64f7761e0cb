// SPDX-License-Identifier: BSD-3-Clause
// The fused network on devices has the bits of the host's, whatever its widths, its rows and what is asked of it: on
// the emulated device always, on GPUs where there are any.
#include <gtest/gtest.h>

#include "tests/support/device_arrays.hpp"
#include "tests/support/digests/bits.hpp"
#include "tests/support/problems/mlp_problem.hpp"

namespace halograph::testing {
namespace {

using kernels::Unary;
using Widths = std::vector<std::int64_t>;

constexpr Unary every_activation[] = {Unary::identity, Unary::relu,       Unary::elu,  Unary::tanh,
                                      Unary::sigmoid,  Unary::leaky_relu, Unary::selu, Unary::silu,
                                      Unary::gelu,     Unary::softplus,   Unary::ssp};

template <class T>
void check(const MlpProblem& problem, decltype(mlp_results<T>)& results) {
  SCOPED_TRACE(problem.describe());
  const auto expected = results(problem, Device::host());
  for (const Device device : block_devices()) {
    const auto found = results(problem, device);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
      EXPECT_TRUE(same_bits(found[i], expected[i])) << device.name() << ", result " << i << " of " << found.size();
  }
}

template <class T>
class DeviceMlp : public ::testing::Test {
 protected:
  static void forward(const MlpProblem& problem) { check<T>(problem, mlp_results<T>); }
  static void gradient(const MlpProblem& problem) { check<T>(problem, mlp_gradient_results<T>); }
  static void both(const MlpProblem& problem) {
    forward(problem);
    gradient(problem);
  }
};

using Numbers = ::testing::Types<float, double>;
TYPED_TEST_SUITE(DeviceMlp, Numbers);

TYPED_TEST(DeviceMlp, EveryWidth) {
  for (const std::int64_t width : {1, 3, 4, 8, 17, 32, 33, 64, 65, 128, 130, 200, 300}) {
    this->both({.inputs = {width}, .widths = {width, width}, .norm = 2, .residual = 0, .rows = 131});
    this->both({.inputs = {5}, .widths = {width, 3}, .rows = 70});
    this->both({.inputs = {width}, .widths = {2, width}, .rows = 33});
  }
}

TYPED_TEST(DeviceMlp, EveryActivation) {
  for (const Unary activation : every_activation)
    for (const bool last : {false, true})
      this->both({.inputs = {7},
                  .widths = {12, 7},
                  .activation = activation,
                  .activate_last = last,
                  .residual = 0,
                  .rows = 45});
}

TYPED_TEST(DeviceMlp, EveryPart) {
  for (const Widths& inputs : {Widths{7}, Widths{7, 2}, Widths{7, 16, 1}, Widths{7, 1, 2, 3}})
    for (const unsigned biases : {~0u, 0u, 2u})
      for (const int norm : {0, 1, 2})
        for (const int residual : {-1, 0})
          for (const std::int64_t gap : {0, 3})
            this->both({.inputs = inputs,
                        .widths = {9, 12, 7},
                        .biases = biases,
                        .norm = norm,
                        .scale = norm == 0,
                        .residual = residual,
                        .rows = 40,
                        .gap = gap});
}

TYPED_TEST(DeviceMlp, EveryDepth) {
  for (std::size_t depth = 1; depth <= 16; ++depth) {
    Widths widths(depth, 6);
    for (std::size_t k = 0; k + 1 < depth; k += 2) widths[k] = std::int64_t(3 + 4 * k);
    this->both({.inputs = {6}, .widths = widths, .activation = Unary::tanh, .norm = 2, .residual = 0, .rows = 35});
  }
}

TYPED_TEST(DeviceMlp, EveryNumberOfRows) {
  for (const std::int64_t rows : {0, 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 129, 1000})
    this->both({.inputs = {5, 1}, .widths = {17, 5}, .norm = 1, .residual = 0, .rows = rows});
  // Tiles grow with the rows.
  for (const std::int64_t width : {4, 30, 60})
    this->both({.inputs = {3}, .widths = {width, 3}, .norm = 1, .residual = 0, .rows = 1700});
}

TYPED_TEST(DeviceMlp, OnEdges) {
  for (const bool sum : {false, true})
    for (const bool listed : {false, true})
      for (const std::int64_t most_edges : {3, 40})
        for (const std::int64_t width : {1, 6, 64, 200})
          this->both({.inputs = {5, width},
                      .widths = {width, 12, width},
                      .norm = sum ? 2 : 0,
                      .residual = listed ? 1 : -1,
                      .start = true,
                      .sum = sum,
                      .listed = listed,
                      .rows = 400,
                      .gap = width % 3,
                      .most_edges = most_edges,
                      .dy = !sum || listed});
}

// Chains that stay at -0, and the kinks of activations.
TYPED_TEST(DeviceMlp, ZerosOfEitherSign) {
  for (const Unary activation : every_activation)
    for (const bool start : {false, true})
      for (const Widths& widths : {Widths{5}, Widths{5, 9, 3}})
        this->both({.inputs = {3, 2},
                    .widths = widths,
                    .activation = activation,
                    .activate_last = start,
                    .residual = start && widths.size() > 1 ? 0 : -1,
                    .start = start,
                    .sum = start,
                    .rows = 90,
                    .sparse = true});
}

TYPED_TEST(DeviceMlp, WhatIsNotFiniteStaysInItsRow) {
  for (const Unary activation : {Unary::identity, Unary::relu, Unary::tanh})
    for (const int norm : {0, 2})
      this->both({.inputs = {3, 2},
                  .widths = {5, 9, 3},
                  .activation = activation,
                  .norm = norm,
                  .residual = 0,
                  .rows = 90,
                  .infinite = true,
                  .parameters = false});
}

TYPED_TEST(DeviceMlp, EdgesWithoutColumns) {
  this->both({.inputs = {0}, .widths = {9, 5}, .start = true, .sum = true});
  this->both({.inputs = {}, .widths = {5}, .start = true, .sum = true, .gap = 1});
  this->both({.inputs = {4}, .widths = {9, 5}, .sum = true});
}

TYPED_TEST(DeviceMlp, WhatIsNotWantedDoesNotMatter) {
  for (const bool start : {false, true})
    for (const bool parameters : {false, true})
      for (const bool inputs : {false, true})
        for (const bool target : {false, true})
          for (const bool sources : {false, true})
            for (const bool dy : {false, true})
              for (const int norm : {0, 2})
                this->gradient({.inputs = {6, 2},
                                .widths = {9, 6},
                                .activation = dy ? Unary::elu : Unary::silu,
                                .norm = norm,
                                .scale = norm == 0 && inputs,
                                .residual = dy ? 0 : -1,
                                .start = start,
                                .sum = start,
                                .rows = 90,
                                .parameters = parameters,
                                .inputs_wanted = inputs,
                                .target_wanted = target,
                                .sources_wanted = sources,
                                .dy = dy || !start});
}

TYPED_TEST(DeviceMlp, GradientsOfInputsInTheMemoryOfThoseOfResults) {
  for (const int residual : {-1, 0, 1})
    for (const int norm : {0, 2})
      this->gradient(
          {.inputs = {7, 7}, .widths = {20, 7}, .norm = norm, .residual = residual, .rows = 150, .in_place = true});
}

}  // namespace
}  // namespace halograph::testing
