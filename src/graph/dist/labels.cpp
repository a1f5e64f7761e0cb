// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/labels.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

std::string problem_of(const std::vector<std::int32_t>& label, std::int64_t n_classes, std::int64_t rows) {
  if (n_classes < 1) return cat("Labels: ", n_classes, " classes; there is at least 1");
  if (std::int64_t(label.size()) != rows) return cat("Labels: ", label.size(), " labels for ", rows, " rows");
  for (std::size_t i = 0; i < label.size(); ++i)
    if (label[i] != Labels::none && (label[i] < 0 || label[i] >= n_classes))
      return cat("Labels: label ", label[i], " of row ", i, " is not in 0..", n_classes - 1, " or ", Labels::none,
                 " for none");
  return {};
}

std::int64_t count_labelled(const std::vector<std::int32_t>& label) {
  return std::int64_t(label.size()) - std::count(label.begin(), label.end(), Labels::none);
}

}  // namespace

Labels::Labels(RowSpacePtr rows, std::vector<std::int32_t> label, std::int64_t n_classes, Device device)
    : rows_(std::move(rows)), n_classes_(n_classes), device_(device) {
  const Communicator& comm = rows_->comm();
  const std::int64_t least = comm.min(n_classes), most = comm.max(n_classes);
  require(least == most, "Labels: the ranks name between ", least, " and ", most, " classes");
  agree<UsageError>(comm, problem_of(label, n_classes, rows_->local_rows()));
  n_labelled_ = comm.sum(count_labelled(label));
  values_ = std::make_shared<const std::vector<std::int32_t>>(std::move(label));
}

Labels::Labels(std::vector<std::int32_t> label, std::int64_t n_classes, Device device)
    : n_classes_(n_classes), n_labelled_(count_labelled(label)), device_(device) {
  const std::string problem = problem_of(label, n_classes, std::int64_t(label.size()));
  require(problem.empty(), problem);
  values_ = std::make_shared<const std::vector<std::int32_t>>(std::move(label));
}

Tensor Labels::one_hot(DType dtype) const {
  const std::vector<std::int32_t>& label = *values_;
  std::vector<float> hot(label.size() * std::size_t(n_classes_), 0.0F);
  for (std::size_t i = 0; i < label.size(); ++i)
    if (label[i] != none) hot[i * std::size_t(n_classes_) + std::size_t(label[i])] = 1;
  return Tensor::from(hot, std::int64_t(label.size()), n_classes_, dtype, rows_, device_);
}

Tensor Labels::labelled(DType dtype) const {
  std::vector<float> mark;
  mark.reserve(values_->size());
  for (const std::int32_t label : *values_) mark.push_back(label == none ? 0.0F : 1.0F);
  return Tensor::from(mark, std::int64_t(mark.size()), 1, dtype, rows_, device_);
}

}  // namespace halograph
