// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/scope.hpp>

#include <numeric>
#include <unordered_set>

#include <halograph/core/error.hpp>

namespace halograph {

struct Scope::Registry {
  std::vector<NamedTensor> tensors;
  std::unordered_set<std::string> names;

  void add(const NamedTensor& named) {
    require(named.value.defined(), "'", named.name, "' is registered without a tensor");
    require(names.insert(named.name).second, "two tensors of the model have the name '", named.name,
            "'; give each layer a part of its own, scope / \"part\"");
    tensors.push_back(named);
  }
};

Scope::Scope(const Random& random, DType dtype, Device device)
    : random_(random), dtype_(dtype), device_(device), registry_(std::make_shared<Registry>()) {}

Scope Scope::operator/(std::string_view part) const {
  Scope scope = *this;
  scope.name_ = name_of(part);
  return scope;
}

Scope Scope::detached() const {
  Scope scope = *this;
  scope.registry_ = std::make_shared<Registry>();
  return scope;
}

std::string Scope::name_of(std::string_view part) const {
  std::string name = name_;
  if (!name.empty() && !part.empty()) name += '.';
  return name.append(part);
}

Tensor Scope::make(std::string_view part, std::int64_t rows, std::int64_t cols, double value) const {
  require(rows > 0 && cols > 0, "'", name_of(part), "' would be [", rows, ", ", cols, "]; both numbers are positive");
  return Tensor::full(rows, cols, value, dtype_, nullptr, device_);
}

Tensor Scope::uniform(std::string_view part, std::int64_t rows, std::int64_t cols, double bound,
                      const Axes& axes) const {
  if (bound == 0) return constant(part, rows, cols, 0, axes);
  Tensor tensor = make(part, rows, cols, 0);
  random_.fill_uniform(tensor, name_of(part), -bound, bound);
  add(part, tensor.set_requires_grad(), axes);
  return tensor;
}

Tensor Scope::normal(std::string_view part, std::int64_t rows, std::int64_t cols, double mean, double deviation,
                     const Axes& axes) const {
  Tensor tensor = make(part, rows, cols, 0);
  std::vector<std::int64_t> row(static_cast<std::size_t>(rows));
  std::iota(row.begin(), row.end(), std::int64_t{0});
  random_.fill_normal(tensor, name_of(part), mean, deviation, row);
  add(part, tensor.set_requires_grad(), axes);
  return tensor;
}

Tensor Scope::constant(std::string_view part, std::int64_t rows, std::int64_t cols, double value,
                       const Axes& axes) const {
  Tensor tensor = buffer(part, rows, cols, value, axes);
  return tensor.set_requires_grad();
}

Tensor Scope::buffer(std::string_view part, std::int64_t rows, std::int64_t cols, double value,
                     const Axes& axes) const {
  const Tensor tensor = make(part, rows, cols, value);
  add(part, tensor, axes);
  return tensor;
}

void Scope::add(std::string_view part, const Tensor& tensor, const Axes& axes) const {
  registry_->add({name_of(part), tensor, axes});
}

void Scope::add(const Scope& other) const {
  for (const NamedTensor& named : other.registry_->tensors) registry_->add(named);
}

const std::vector<NamedTensor>& Scope::all() const { return registry_->tensors; }

std::vector<NamedTensor> Scope::state() const {
  if (name_.empty()) return registry_->tensors;
  std::vector<NamedTensor> list;
  const std::string prefix = name_ + '.';
  for (const NamedTensor& named : registry_->tensors)
    if (named.name == name_ || named.name.starts_with(prefix)) list.push_back(named);
  return list;
}

}  // namespace halograph
