// SPDX-License-Identifier: BSD-3-Clause
// Names, makes and registers the tensors of a model. A layer that is built under `scope / "conv1"` puts its tensors
// into the list of the scope under names that begin with "conv1.", in the order in which they are made:
//   struct Net {
//     explicit Net(const Scope& s) : conv(s / "conv", {.in_channels = 3, .out_channels = 64}), out(s / "out", 64, 1) {}
//     nn::GCNConv conv;
//     nn::Linear out;
//   };
// Initial values are random numbers of the stream that has the tensor's full name. So they depend on the seed and the
// name, and on nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <halograph/core/named_tensor.hpp>
#include <halograph/core/random.hpp>

namespace halograph {

/// A handle: copies share the list. Not for several threads at once. Nothing is collective, and every rank makes the
/// same tensors.
class Scope {
 public:
  /// A new list, whose names have no prefix.
  explicit Scope(const Random& random, DType dtype = DType::f32, Device device = Device::preferred());

  /// The scope of a part: "conv1" and "lin" give "conv1.lin". It shares the list. An empty part is the scope itself.
  Scope operator/(std::string_view part) const;
  /// The same name, type, device and random numbers with an empty list of its own.
  Scope detached() const;

  const std::string& name() const { return name_; }
  /// The full name of a part: "conv1.weight".
  std::string name_of(std::string_view part) const;
  DType dtype() const { return dtype_; }
  Device device() const { return device_; }
  const Random& random() const { return random_; }

  /// Makes a parameter [rows, cols] with values uniform in [-bound, bound), 0 for bound 0.
  Tensor uniform(std::string_view part, std::int64_t rows, std::int64_t cols, double bound,
                 const Axes& axes = {}) const;
  /// Makes a parameter [rows, cols] with values from the normal distribution.
  Tensor normal(std::string_view part, std::int64_t rows, std::int64_t cols, double mean = 0, double deviation = 1,
                const Axes& axes = {}) const;
  /// Makes a parameter [rows, cols] of equal values.
  Tensor constant(std::string_view part, std::int64_t rows, std::int64_t cols, double value,
                  const Axes& axes = {}) const;
  /// Makes a tensor [rows, cols] of equal values that belongs to the state and is not trained.
  Tensor buffer(std::string_view part, std::int64_t rows, std::int64_t cols, double value, const Axes& axes = {}) const;
  /// Registers a tensor that was made elsewhere, or one more name for a registered one. UsageError for an undefined
  /// tensor and for a name that is taken.
  void add(std::string_view part, const Tensor& tensor, const Axes& axes = {}) const;

  /// Registers the tensors of another list under the names that they have there.
  void add(const Scope& other) const;

  /// The tensors of the whole list, under whichever scope they were made.
  const std::vector<NamedTensor>& all() const;
  /// All tensors under this scope, in order of registration.
  std::vector<NamedTensor> state() const;

 private:
  struct Registry;
  Tensor make(std::string_view part, std::int64_t rows, std::int64_t cols, double value) const;

  std::string name_;
  Random random_;
  DType dtype_;
  Device device_;
  std::shared_ptr<Registry> registry_;
};

namespace nn {
using halograph::Scope;
}

}  // namespace halograph
