// SPDX-License-Identifier: BSD-3-Clause
#include "tensor_datasets.hpp"

#include <cmath>

#include "archive_bytes.hpp"

namespace halograph {

void plan_tensors(h5::FilePlan& plan, std::deque<std::vector<char>>& storage, const std::string& group,
                  const std::vector<NamedTensor>& tensors) {
  plan.groups.push_back(group);
  for (const NamedTensor& tensor : tensors) {
    const h5::Element type = tensor.value.dtype() == DType::f32 ? h5::Element::f32 : h5::Element::f64;
    h5::Shape shape = {tensor.value.cols()};
    if (!tensor.vector) shape.insert(shape.begin(), tensor.value.rows());
    storage.push_back(bytes_of(tensor.value));
    plan.datasets.push_back({group + "/" + tensor.name, type, std::move(shape), {{0, h5::bytes_of(storage.back())}}});
  }
}

std::vector<NamedTensor> read_tensors(const h5::InputFile& file, const std::string& group) {
  std::vector<NamedTensor> tensors;
  require<FileError>(file.has(group), file.path(), ": group '", group, "' is missing");
  for (const std::string& name : file.children(group)) {
    const h5::InputDataset dataset(file, group + "/" + name, h5::Numbers::reals);
    const h5::Shape& shape = dataset.shape();
    require<FileError>(shape.size() == 1 || shape.size() == 2, dataset.place(), " has ", shape.size(),
                       " axes; a tensor has one or two");
    NamedTensor tensor{name, {}, shape.size() == 1};
    const std::int64_t rows = tensor.vector ? 1 : shape[0];
    tensor.value = with_dtype(dataset.width() <= 4 ? DType::f32 : DType::f64, [&](auto zero) {
      return Tensor::from(dataset.read<decltype(zero)>(), rows, shape.back(), dtype_of<decltype(zero)>());
    });
    tensors.push_back(std::move(tensor));
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
