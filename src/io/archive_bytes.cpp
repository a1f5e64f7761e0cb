// SPDX-License-Identifier: BSD-3-Clause
#include "archive_bytes.hpp"

#include <cstring>
#include <set>

namespace halograph {
namespace {

// How the axes of a tensor are told; other ones are listed.
constexpr std::int64_t matrix = 0, vector = 1, other_axes = 2;

class Packer {
 public:
  template <class T>
  void put(T value) {
    const char* first = reinterpret_cast<const char*>(&value);
    bytes.insert(bytes.end(), first, first + sizeof value);
  }
  void put(const std::string& text) {
    put(std::int64_t(text.size()));
    bytes.insert(bytes.end(), text.begin(), text.end());
  }
  template <class Value>
  void put(const std::map<std::string, Value>& map) {
    put(std::int64_t(map.size()));
    for (const auto& [name, value] : map) {
      put(name);
      put(value);
    }
  }
  std::vector<char> bytes;
};

class Unpacker {
 public:
  explicit Unpacker(const char* at) : at_(at) {}
  const char* skip(std::int64_t bytes) {
    const char* from = at_;
    at_ += bytes;
    return from;
  }
  template <class T>
  T get() {
    if constexpr (std::is_same_v<T, std::string>) {
      const std::int64_t length = get<std::int64_t>();
      return std::string(skip(length), std::size_t(length));
    } else {
      T value;
      std::memcpy(&value, skip(sizeof value), sizeof value);
      return value;
    }
  }
  template <class Value>
  std::map<std::string, Value> map() {
    std::map<std::string, Value> out;
    for (std::int64_t left = get<std::int64_t>(); left > 0; --left) {
      std::string name = get<std::string>();
      out.emplace(std::move(name), get<Value>());
    }
    return out;
  }
  Axes axes() {
    const std::int64_t kind = get<std::int64_t>();
    if (kind != other_axes) return kind == vector;
    std::vector<std::int64_t> extents(static_cast<std::size_t>(get<std::int64_t>()));
    for (std::int64_t& extent : extents) extent = get<std::int64_t>();
    return Axes(std::move(extents));
  }

 private:
  const char* at_;
};

}  // namespace

std::vector<char> bytes_of(const Tensor& tensor) {
  return with_dtype(tensor.dtype(), [&](auto zero) {
    const std::vector<decltype(zero)> values = tensor.to_vector<decltype(zero)>();
    const char* first = reinterpret_cast<const char*>(values.data());
    return std::vector<char>(first, first + values.size() * sizeof zero);
  });
}

Tensor tensor_from(const char* bytes, std::int64_t rows, std::int64_t cols, DType dtype) {
  return with_dtype(dtype, [&](auto zero) {
    std::vector<decltype(zero)> values(static_cast<std::size_t>(rows * cols));
    if (!values.empty()) std::memcpy(values.data(), bytes, values.size() * sizeof zero);
    return Tensor::from(values, rows, cols, dtype);
  });
}

Tensor tensor_from(const std::vector<std::int64_t>& integers, std::int64_t rows, std::int64_t cols,
                   const std::string& place) {
  constexpr std::int64_t largest = std::int64_t(1) << 53;
  for (const std::int64_t value : integers)
    require<FileError>(-largest <= value && value <= largest, place, ": the integer ", value,
                       " is beyond 2^53 and not exact as a real number");
  return Tensor::from(std::vector<double>(integers.begin(), integers.end()), rows, cols, DType::f64);
}

std::vector<char> pack(const Archive& archive) {
  Packer packer;
  packer.put(std::int64_t(archive.tensors.size()));
  for (const NamedTensor& tensor : archive.tensors) {
    packer.put(tensor.name);
    packer.put(std::int64_t(size_of(tensor.value.dtype())));
    packer.put(tensor.value.rows());
    packer.put(tensor.value.cols());
    const std::vector<std::int64_t> extents = tensor.axes.of(tensor.value);
    packer.put(extents.size() == 2 ? matrix : extents.size() == 1 ? vector : other_axes);
    if (extents.size() != 1 && extents.size() != 2) {
      packer.put(std::int64_t(extents.size()));
      for (const std::int64_t extent : extents) packer.put(extent);
    }
    const std::vector<char> values = bytes_of(tensor.value);
    packer.bytes.insert(packer.bytes.end(), values.begin(), values.end());
  }
  packer.put(archive.integers);
  packer.put(archive.reals);
  packer.put(archive.texts);
  return std::move(packer.bytes);
}

Archive unpack(const std::vector<char>& bytes) {
  Unpacker from(bytes.data());
  Archive archive;
  archive.tensors.resize(std::size_t(from.get<std::int64_t>()));
  for (NamedTensor& tensor : archive.tensors) {
    tensor.name = from.get<std::string>();
    const DType dtype = from.get<std::int64_t>() == 4 ? DType::f32 : DType::f64;
    const std::int64_t rows = from.get<std::int64_t>();
    const std::int64_t cols = from.get<std::int64_t>();
    tensor.axes = from.axes();
    tensor.value = tensor_from(from.skip(rows * cols * std::int64_t(size_of(dtype))), rows, cols, dtype);
  }
  archive.integers = from.map<std::int64_t>();
  archive.reals = from.map<double>();
  archive.texts = from.map<std::string>();
  return archive;
}

void check_names(const std::string& path, const std::vector<NamedTensor>& tensors) {
  std::set<std::string> names;
  for (const NamedTensor& tensor : tensors) {
    const std::string& name = tensor.name;
    require<FileError>(!name.empty() && name != "." && name.find('/') == std::string::npos, path, ": '", name,
                       "' cannot be the name of a tensor");
    require<FileError>(names.insert(name).second, path, ": two tensors are named '", name, "'");
    require<FileError>(tensor.value.defined() && !tensor.value.partitioned(), path, ": tensor '", name,
                       "' is not a replicated tensor");
    const std::vector<std::int64_t> extents = tensor.axes.of(tensor.value);
    require<FileError>(folded(extents) == std::pair(tensor.value.rows(), tensor.value.cols()), path, ": tensor '", name,
                       "' of axes ", text_of(extents), " is ", tensor.value.describe(),
                       "; its leading axes are its rows");
  }
}

void broadcast(const Communicator& comm, Archive& archive) {
  if (comm.size() == 1) return;
  std::vector<char> bytes;
  if (comm.rank() == 0) bytes = pack(archive);
  comm.broadcast(bytes, 0);
  if (comm.rank() != 0) archive = unpack(bytes);
}

}  // namespace halograph
