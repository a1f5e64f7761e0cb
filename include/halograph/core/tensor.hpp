// SPDX-License-Identifier: BSD-3-Clause
// A matrix of numbers, [rows, cols], row-major: the one class for values and variables. A Tensor
// is a handle; copies share the memory and the place on the tape. Numeric type and device are
// run-time properties. Its layout is one of two:
//   replicated   row_space() is null; every rank holds the same values (parameters, losses);
//   partitioned  row_space() says which rows of which patches live here (node and edge data).
// Whatever makes a partitioned tensor needs as many rows as the row space has on this rank: UsageError otherwise.
// Values do not change after the operation that made them; optimizers and loaders, which own their
// tensors, are the exception.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/core/dtype.hpp>

namespace halograph {

class RowSpace;
namespace autograd {
struct Node;
}

/// Work that must be done before a tensor's values may be read: a halo exchange under way, a sum
/// over ranks put off to the end of a backward pass.
class Pending {
 public:
  enum class Kind : std::uint8_t { exchange, sum };
  virtual ~Pending() = default;
  virtual void finish() = 0;
  virtual Kind kind() const = 0;
};

/// What handles share.
struct TensorData {
  std::shared_ptr<Buffer> buffer;
  std::int64_t offset = 0;  ///< elements from the start of the buffer
  std::int64_t rows = 0, cols = 0, stride = 0;
  DType dtype = DType::f32;
  std::shared_ptr<const RowSpace> row_space;
  std::shared_ptr<Pending> pending;
  bool requires_grad = false;            ///< set on leaves by the user
  std::shared_ptr<autograd::Node> node;  ///< the operation that made it, if recorded
};

class Tensor {
 public:
  /// An undefined tensor.
  Tensor() = default;

  /// Uninitialised memory. Neither number may be negative.
  static Tensor empty(std::int64_t rows, std::int64_t cols, DType dtype,
                      std::shared_ptr<const RowSpace> space = nullptr, Device device = Device::preferred());
  static Tensor full(std::int64_t rows, std::int64_t cols, double value, DType dtype,
                     std::shared_ptr<const RowSpace> space = nullptr, Device device = Device::preferred());
  static Tensor zeros(std::int64_t rows, std::int64_t cols, DType dtype,
                      std::shared_ptr<const RowSpace> space = nullptr, Device device = Device::preferred()) {
    return full(rows, cols, 0, dtype, std::move(space), device);
  }
  /// A copy of host values, [rows, cols] row-major, converted to `dtype`. UsageError for another number of values.
  template <class T>
  static Tensor from(const std::vector<T>& values, std::int64_t rows, std::int64_t cols, DType dtype,
                     std::shared_ptr<const RowSpace> space = nullptr, Device device = Device::preferred());
  /// Refers to memory that the caller owns and keeps alive and unmoved as long as any handle exists. Null only where
  /// the tensor has no values.
  static Tensor borrow(void* data, std::int64_t rows, std::int64_t cols, DType dtype,
                       std::shared_ptr<const RowSpace> space = nullptr, Device device = Device::host());

  bool defined() const { return data_ != nullptr; }
  std::int64_t rows() const { return data_->rows; }
  std::int64_t cols() const { return data_->cols; }
  /// Elements from one row to the next.
  std::int64_t stride() const { return data_->stride; }
  DType dtype() const { return data_->dtype; }
  Device device() const { return data_->buffer->device(); }
  const std::shared_ptr<const RowSpace>& row_space() const { return data_->row_space; }
  bool partitioned() const { return data_->row_space != nullptr; }
  /// "[rows, cols] f32 replicated", for messages.
  std::string describe() const;

  /// First element, on the tensor's device. Completes pending work first.
  void* data() const;
  /// First element without completing pending work: for operations that overlap with it.
  void* raw_data() const;
  void complete() const;

  /// Host copy of the values, converted to T.
  template <class T>
  std::vector<T> to_vector() const;
  /// The value of a replicated [1, 1] tensor.
  double item() const;
  /// Overwrites the values with host values. Only by the owner of the tensor, never of recorded results.
  template <class T>
  void assign(const std::vector<T>& values);

  /// Rows [first, first + count) or columns as a view on the same memory, not recorded.
  Tensor column_view(std::int64_t first, std::int64_t count) const;
  Tensor row_view(std::int64_t first, std::int64_t count) const;

  bool requires_grad() const;
  /// Marks a leaf as a variable to differentiate by. Returns the handle itself.
  Tensor& set_requires_grad(bool wanted = true);
  /// The same memory, off the tape.
  Tensor detach() const;

  const std::shared_ptr<TensorData>& handle() const { return data_; }
  explicit Tensor(std::shared_ptr<TensorData> data) : data_(std::move(data)) {}

 private:
  std::shared_ptr<TensorData> data_;
};

/// describe(), for messages that are put together only if they are needed.
std::ostream& operator<<(std::ostream& out, const Tensor& tensor);

}  // namespace halograph
