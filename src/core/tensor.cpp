// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/tensor.hpp>

#include <limits>

#include <halograph/core/error.hpp>
#include <kernels/kernels.hpp>

#include "core/recycled.hpp"
#include "core/row_check.hpp"
#include "core/transfer.hpp"
#include "core/views.hpp"

namespace halograph {
namespace {

/// Everything but the memory of a contiguous tensor.
std::shared_ptr<TensorData> shaped(std::int64_t rows, std::int64_t cols, DType dtype,
                                   std::shared_ptr<const RowSpace> space) {
  require(rows >= 0 && cols >= 0, "Tensor: shape [", rows, ", ", cols, "] is negative");
  const std::int64_t most = std::numeric_limits<std::int64_t>::max() / std::int64_t(size_of(dtype));
  require(rows == 0 || cols <= most / rows, "Tensor: shape [", rows, ", ", cols, "] has too many elements");
  if (space) require_rows_of(*space, rows);
  auto data = make_recycled<TensorData>();
  data->rows = rows;
  data->cols = data->stride = cols;
  data->dtype = dtype;
  data->row_space = std::move(space);
  return data;
}

}  // namespace

Tensor Tensor::empty(std::int64_t rows, std::int64_t cols, DType dtype, std::shared_ptr<const RowSpace> space,
                     Device device) {
  auto data = shaped(rows, cols, dtype, std::move(space));
  data->buffer = make_recycled<Buffer>(rows * cols * std::int64_t(size_of(dtype)), device);
  return Tensor(std::move(data));
}

Tensor Tensor::full(std::int64_t rows, std::int64_t cols, double value, DType dtype,
                    std::shared_ptr<const RowSpace> space, Device device) {
  Tensor result = empty(rows, cols, dtype, std::move(space), device);
  kernels::table(device).fill(value, out(result));
  return result;
}

template <class T>
Tensor Tensor::from(const std::vector<T>& values, std::int64_t rows, std::int64_t cols, DType dtype,
                    std::shared_ptr<const RowSpace> space, Device device) {
  require(std::int64_t(values.size()) == rows * cols, "Tensor: ", values.size(), " values for the shape [", rows, ", ",
          cols, "]");
  Tensor result = empty(rows, cols, dtype, std::move(space), device);
  result.assign(values);
  return result;
}

Tensor Tensor::borrow(void* memory, std::int64_t rows, std::int64_t cols, DType dtype,
                      std::shared_ptr<const RowSpace> space, Device device) {
  auto data = shaped(rows, cols, dtype, std::move(space));
  require(memory || rows * cols == 0, "Tensor: null memory borrowed for the shape [", rows, ", ", cols, "]");
  data->buffer = Buffer::borrow(memory, rows * cols * std::int64_t(size_of(dtype)), device);
  return Tensor(std::move(data));
}

std::string Tensor::describe() const {
  if (!defined()) return "undefined";
  return cat("[", rows(), ", ", cols(), "] ", name_of(dtype()), partitioned() ? " partitioned" : " replicated");
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) { return out << tensor.describe(); }

void* Tensor::data() const {
  complete();
  return raw_data();
}

void* Tensor::raw_data() const {
  return static_cast<char*>(data_->buffer->data()) + data_->offset * std::int64_t(size_of(data_->dtype));
}

void Tensor::complete() const {
  if (const auto pending = data_->pending) {
    data_->pending.reset();
    pending->finish();
  }
}

template <class T>
std::vector<T> Tensor::to_vector() const {
  std::vector<T> host(std::size_t(rows() * cols()));
  download(in(*this), device(), {host.data(), dtype_of<T>(), rows(), cols(), cols()});
  return host;
}

double Tensor::item() const {
  require(rows() == 1 && cols() == 1 && !partitioned(), "item: needs a replicated [1, 1] tensor, not ", *this);
  return to_vector<double>().front();
}

template <class T>
void Tensor::assign(const std::vector<T>& values) {
  require(std::int64_t(values.size()) == rows() * cols(), "assign: ", values.size(), " values for ", *this);
  upload(kernels::In{values.data(), dtype_of<T>(), rows(), cols(), cols()}, out(*this), device());
}

Tensor Tensor::column_view(std::int64_t first, std::int64_t count) const {
  require(first >= 0 && count >= 0 && first + count <= cols(), "columns [", first, ", ", first + count, ") of ", *this);
  complete();
  auto view = make_recycled<TensorData>(*data_);
  view->offset += first;
  view->cols = count;
  view->requires_grad = false;
  view->node.reset();
  return Tensor(std::move(view));
}

Tensor Tensor::row_view(std::int64_t first, std::int64_t count) const {
  require(first >= 0 && count >= 0 && first + count <= rows(), "rows [", first, ", ", first + count, ") of ", *this);
  complete();
  auto view = make_recycled<TensorData>(*data_);
  view->offset += first * stride();
  view->rows = count;
  view->row_space.reset();
  view->requires_grad = false;
  view->node.reset();
  return Tensor(std::move(view));
}

bool Tensor::requires_grad() const { return data_ && (data_->requires_grad || data_->node); }

Tensor& Tensor::set_requires_grad(bool wanted) {
  require(!data_->node, "set_requires_grad: only leaves can be marked, not results of recorded operations");
  data_->requires_grad = wanted;
  return *this;
}

Tensor Tensor::detach() const {
  complete();
  auto copy = make_recycled<TensorData>(*data_);
  copy->requires_grad = false;
  copy->node.reset();
  return Tensor(std::move(copy));
}

template Tensor Tensor::from(const std::vector<float>&, std::int64_t, std::int64_t, DType,
                             std::shared_ptr<const RowSpace>, Device);
template Tensor Tensor::from(const std::vector<double>&, std::int64_t, std::int64_t, DType,
                             std::shared_ptr<const RowSpace>, Device);
template std::vector<float> Tensor::to_vector() const;
template std::vector<double> Tensor::to_vector() const;
template void Tensor::assign(const std::vector<float>&);
template void Tensor::assign(const std::vector<double>&);

}  // namespace halograph
