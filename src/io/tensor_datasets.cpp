// SPDX-License-Identifier: BSD-3-Clause
#include "tensor_datasets.hpp"

#include <cmath>

#include "archive_bytes.hpp"

namespace halograph {
namespace {

Tensor value_of(const h5::InputDataset& dataset) {
  const auto [rows, cols] = folded(dataset.shape());
  if (dataset.holds_integers()) return tensor_from(dataset.read<std::int64_t>(), rows, cols, dataset.place());
  return with_dtype(dataset.width() <= 4 ? DType::f32 : DType::f64, [&, rows = rows, cols = cols](auto zero) {
    return Tensor::from(dataset.read<decltype(zero)>(), rows, cols, dtype_of<decltype(zero)>());
  });
}

}  // namespace

void plan_tensors(h5::FilePlan& plan, std::deque<std::vector<char>>& storage, const std::string& group,
                  const std::vector<NamedTensor>& tensors) {
  plan.groups.push_back(group);
  for (const NamedTensor& tensor : tensors) {
    const h5::Element type = tensor.value.dtype() == DType::f32 ? h5::Element::f32 : h5::Element::f64;
    storage.push_back(bytes_of(tensor.value));
    plan.datasets.push_back(
        {group + "/" + tensor.name, type, tensor.axes.of(tensor.value), {{0, h5::bytes_of(storage.back())}}});
  }
}

std::vector<NamedTensor> read_tensors(const h5::InputFile& file, const std::string& group) {
  std::vector<NamedTensor> tensors;
  require<FileError>(file.has(group), file.path(), ": group '", group, "' is missing");
  for (const std::string& name : file.children(group)) {
    const h5::InputDataset dataset(file, group + "/" + name, h5::Numbers::reals);
    tensors.push_back({name, value_of(dataset), Axes(dataset.shape())});
  }
  return tensors;
}

void require_finite(const std::string& path, const NamedTensor& tensor) {
  const std::vector<double> values = tensor.value.to_vector<double>();
  for (std::size_t i = 0; i < values.size(); ++i)
    require<FileError>(std::isfinite(values[i]), path, ": tensor '", tensor.name, "', value ", i, ": ", values[i],
                       " is not finite");
}

}  // namespace halograph
