// SPDX-License-Identifier: BSD-3-Clause
// The updates of all parameters in one launch against plain loops over one parameter after the other, bit for bit.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include <halograph/core/error.hpp>
#include <halograph/core/threads.hpp>
#include <halograph/optim/clip.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/support/test_graph.hpp"

namespace halograph::testing {
namespace {

struct Shape {
  std::int64_t rows, cols;
};

/// More than one launch holds, empty ones first, last and in between, one longer than a task of the host.
std::vector<Shape> shapes() {
  std::vector<Shape> all{{0, 5}};
  for (std::int64_t i = 0; i < 170; ++i) all.push_back({1 + i % 5, i % 23});
  all.push_back({300, 111});
  all.push_back({1, 1});
  all.push_back({4, 0});
  return all;
}

template <class T>
std::vector<T> values(Shape shape, std::uint64_t salt) {
  std::vector<T> v(static_cast<std::size_t>(shape.rows * shape.cols));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = T(double(mix(salt * 1000003 + i) >> 40) / double(1 << 23) - 1);
  return v;
}

template <class T>
constexpr DType type_of = sizeof(T) == 4 ? DType::f32 : DType::f64;

template <class T>
Tensor tensor(Shape shape, std::uint64_t salt, Device device) {
  return Tensor::from(values<T>(shape, salt), shape.rows, shape.cols, type_of<T>, nullptr, device);
}

template <class T>
std::vector<NamedTensor> parameters(Device device) {
  std::vector<NamedTensor> all;
  for (const Shape shape : shapes())
    all.push_back({cat("p", all.size()), tensor<T>(shape, all.size(), device)});
  return all;
}

/// Gradients of step `step`; every third one is a part of a wider tensor, with gaps between its rows.
template <class T>
std::vector<Tensor> gradients(std::uint64_t step, Device device) {
  std::vector<Tensor> all;
  for (const Shape shape : shapes()) {
    const std::uint64_t salt = 1000 * step + all.size();
    if (all.size() % 3 == 0) all.push_back(tensor<T>({shape.rows, shape.cols + 3}, salt, device).column_view(2, shape.cols));
    else all.push_back(tensor<T>(shape, salt, device));
  }
  return all;
}

template <class T>
void expect_bits(const Tensor& found, const std::vector<T>& expected) {
  const std::vector<T> host = found.to_vector<T>();
  ASSERT_EQ(host.size(), expected.size());
  if (!host.empty()) {
    EXPECT_EQ(std::memcmp(host.data(), expected.data(), host.size() * sizeof(T)), 0);
  }
}

template <class T>
class PlainAdam {
 public:
  explicit PlainAdam(const optim::AdamOptions& options) : o_(options) {}
  void step(std::vector<T>& p, std::vector<T>& m, std::vector<T>& v, const std::vector<T>& gradient, int step, double rate) {
    double power1 = 1, power2 = 1;
    for (int i = 0; i < step; ++i) power1 *= o_.beta1, power2 *= o_.beta2;
    const T shrink = T(1 - rate * (o_.decoupled ? o_.weight_decay : 0)), decay = T(o_.decoupled ? 0 : o_.weight_decay);
    for (std::size_t i = 0; i < p.size(); ++i) {
      const T g = std::fma(decay, p[i], gradient[i]);
      m[i] = std::fma(g - m[i], T(1 - o_.beta1), m[i]);
      v[i] = std::fma(g * g, T(1 - o_.beta2), v[i] * T(o_.beta2));
      p[i] = p[i] * shrink - T(rate / (1 - power1)) * (m[i] / (std::sqrt(v[i]) / T(std::sqrt(1 - power2)) + T(o_.epsilon)));
    }
  }

 private:
  optim::AdamOptions o_;
};

template <class T>
void check_adam(const optim::AdamOptions& options, Device device) {
  const std::vector<NamedTensor> tensors = parameters<T>(device);
  optim::Adam adam(tensors, options);
  PlainAdam<T> plain(options);
  std::vector<std::vector<T>> p, m, v;
  for (const NamedTensor& t : tensors) {
    p.push_back(t.value.template to_vector<T>());
    m.emplace_back(p.back().size(), T(0));
    v.emplace_back(p.back().size(), T(0));
  }
  for (int step = 1; step <= 2; ++step) {
    const std::vector<Tensor> g = gradients<T>(std::uint64_t(step), device);
    adam.step(g, 0.01 * step);
    for (std::size_t i = 0; i < p.size(); ++i) plain.step(p[i], m[i], v[i], g[i].template to_vector<T>(), step, 0.01 * step);
  }
  const std::vector<NamedTensor> state = adam.state();
  ASSERT_EQ(state.size(), 2 * p.size());
  for (std::size_t i = 0; i < p.size(); ++i) {
    SCOPED_TRACE(tensors[i].name);
    expect_bits(tensors[i].value, p[i]);
    expect_bits(state[i].value, m[i]);
    expect_bits(state[p.size() + i].value, v[i]);
    EXPECT_EQ(state[i].name, tensors[i].name + ".first_moment");
    EXPECT_EQ(state[p.size() + i].name, tensors[i].name + ".second_moment");
  }
}

template <class T>
void check_sgd(const optim::SgdOptions& options, Device device) {
  const std::vector<NamedTensor> tensors = parameters<T>(device);
  optim::Sgd sgd(tensors, options);
  std::vector<std::vector<T>> p, velocity;
  for (const NamedTensor& t : tensors) {
    p.push_back(t.value.template to_vector<T>());
    velocity.emplace_back(p.back().size(), T(0));
  }
  const T rate = T(0.1), momentum = T(options.momentum), decay = T(options.weight_decay);
  for (std::uint64_t step = 1; step <= 2; ++step) {
    const std::vector<Tensor> g = gradients<T>(step, device);
    sgd.step(g, 0.1);
    for (std::size_t k = 0; k < p.size(); ++k) {
      const std::vector<T> gradient = g[k].template to_vector<T>();
      for (std::size_t i = 0; i < p[k].size(); ++i) {
        T change = std::fma(decay, p[k][i], gradient[i]);
        if (options.momentum != 0) {
          velocity[k][i] = std::fma(velocity[k][i], momentum, change);
          change = options.nesterov ? std::fma(velocity[k][i], momentum, change) : velocity[k][i];
        }
        p[k][i] -= rate * change;
      }
    }
  }
  const std::vector<NamedTensor> state = sgd.state();
  EXPECT_EQ(state.size(), options.momentum != 0 ? p.size() : 0);
  for (std::size_t k = 0; k < p.size(); ++k) {
    SCOPED_TRACE(tensors[k].name);
    expect_bits(tensors[k].value, p[k]);
    if (!state.empty()) expect_bits(state[k].value, velocity[k]);
  }
}

/// The order that clip.hpp promises: blocks of 1024, in each 16 lanes folded by halves.
template <class T>
double plain_norm(const std::vector<Tensor>& gradients) {
  double sum = 0;
  for (const Tensor& gradient : gradients) {
    const std::vector<T> x = gradient.to_vector<T>();
    for (std::size_t begin = 0; begin < x.size(); begin += 1024) {
      double lane[16] = {};
      for (std::size_t i = begin; i < std::min(begin + 1024, x.size()); ++i) {
        const double square = double(x[i]) * double(x[i]);
        lane[i % 16] += square;
      }
      for (int half = 8; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) lane[i] += lane[i + half];
      sum += lane[0];
    }
  }
  return std::sqrt(sum);
}

template <class T>
class Optimizers : public ::testing::Test {};
using Types = ::testing::Types<float, double>;
TYPED_TEST_SUITE(Optimizers, Types);

TYPED_TEST(Optimizers, AdamIsPlainAdam) {
  for (const Device device : {Device::host(), Device::guarded()}) {
    check_adam<TypeParam>({}, device);
    check_adam<TypeParam>({.beta1 = 0.8, .beta2 = 0.9, .epsilon = 1e-3, .weight_decay = 0.1}, device);
    check_adam<TypeParam>({.weight_decay = 0.1, .decoupled = true}, device);
  }
}

TYPED_TEST(Optimizers, SgdIsPlainSgd) {
  for (const Device device : {Device::host(), Device::guarded()}) {
    check_sgd<TypeParam>({}, device);
    check_sgd<TypeParam>({.momentum = 0.9, .weight_decay = 0.1}, device);
    check_sgd<TypeParam>({.momentum = 0.9, .nesterov = true}, device);
  }
}

TYPED_TEST(Optimizers, ThreadsDoNotShow) {
  set_threads(3);
  check_adam<TypeParam>({.weight_decay = 0.1}, Device::host());
  check_sgd<TypeParam>({.momentum = 0.9}, Device::host());
  set_threads(1);
}

TYPED_TEST(Optimizers, NormAddsInItsOrder) {
  for (const Device device : {Device::host(), Device::guarded()}) {
    const std::vector<Tensor> g = gradients<TypeParam>(1, device);
    EXPECT_EQ(optim::norm(g), plain_norm<TypeParam>(g));
  }
}

TEST(OptimizersOfMixedTypes, UpdateAndMeasureEachInItsOwn) {
  std::vector<NamedTensor> tensors;
  std::vector<Tensor> g;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const bool single = i % 3 == 0;
    tensors.push_back({cat("p", i), single ? tensor<float>({2, 3}, 0, Device::host()) : tensor<double>({2, 3}, 0, Device::host())});
    g.push_back(single ? tensor<float>({2, 3}, 1, Device::host()) : tensor<double>({2, 3}, 1, Device::host()));
  }
  optim::Sgd(tensors, {}).step(g, 0.5);
  for (std::size_t i : {1, 2, 4, 5}) EXPECT_EQ(tensors[i].value.to_vector<double>(), tensors[1].value.to_vector<double>());
  EXPECT_EQ(tensors[3].value.to_vector<float>(), tensors[0].value.to_vector<float>());
  const double one = optim::norm(std::span(g).first(1));
  EXPECT_NEAR(optim::norm(g), one * std::sqrt(6.0), 1e-7);
}

TEST(OptimizersRefuse, GradientsThatDoNotFit) {
  const std::vector<NamedTensor> tensors{{"w", tensor<float>({2, 3}, 0, Device::host())}};
  optim::Sgd sgd(tensors, {});
  const std::vector<float> before = tensors[0].value.to_vector<float>();
  EXPECT_THROW(sgd.step({}, 0.1), UsageError);
  for (const Tensor& bad : {tensor<float>({3, 2}, 1, Device::host()), tensor<double>({2, 3}, 1, Device::host())})
    EXPECT_THROW(sgd.step(std::vector<Tensor>{bad}, 0.1), UsageError);
  EXPECT_EQ(sgd.steps_done(), 0);
  EXPECT_EQ(tensors[0].value.to_vector<float>(), before);
  EXPECT_THROW(optim::Sgd({{"part", tensor<float>({2, 3}, 0, Device::host()).column_view(0, 2)}}, {}), UsageError);
}

}  // namespace
}  // namespace halograph::testing
