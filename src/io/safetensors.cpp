// SPDX-License-Identifier: BSD-3-Clause
#include "safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "archive_bytes.hpp"
#include "io/file_kind.hpp"
#include "posix_file.hpp"

namespace halograph {
namespace {

using nlohmann::json;

constexpr std::int64_t longest_header = 100'000'000;  // the limit of the reference implementation

struct Entry {
  std::string name, dtype;
  std::vector<std::int64_t> shape;
  std::int64_t begin = 0, end = 0;
};

// Exact widening of the 16-bit formats to f32.
float widen_bf16(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t(bits) << 16); }

float widen_f16(std::uint16_t bits) {
  const std::uint32_t sign = std::uint32_t(bits >> 15) << 31, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent == 0) {
    const float magnitude = float(fraction) * 0x1p-24f;
    return sign ? -magnitude : magnitude;
  }
  const std::uint32_t wide = exponent == 31 ? 255 : exponent + 112;
  return std::bit_cast<float>(sign | wide << 23 | fraction << 13);
}

/// Bytes of a number, 0 if the type is not known.
std::int64_t width_of(const std::string& dtype) {
  if (dtype == "F64" || dtype == "I64") return 8;
  if (dtype == "F32" || dtype == "I32") return 4;
  if (dtype == "F16" || dtype == "BF16" || dtype == "I16") return 2;
  return dtype == "I8" || dtype == "U8" || dtype == "BOOL" ? 1 : 0;
}

template <class From, class To, class Convert>
std::vector<To> converted(const std::vector<char>& bytes, const Convert& convert) {
  std::vector<To> values(bytes.size() / sizeof(From));
  for (std::size_t i = 0; i < values.size(); ++i) {
    From value;
    std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
    values[i] = convert(value);
  }
  return values;
}

std::vector<std::int64_t> integers_of(const std::string& dtype, const std::vector<char>& bytes) {
  const auto widen = [](auto value) { return std::int64_t(value); };
  if (dtype == "I64") return converted<std::int64_t, std::int64_t>(bytes, widen);
  if (dtype == "I32") return converted<std::int32_t, std::int64_t>(bytes, widen);
  if (dtype == "I16") return converted<std::int16_t, std::int64_t>(bytes, widen);
  if (dtype == "I8") return converted<std::int8_t, std::int64_t>(bytes, widen);
  return converted<std::uint8_t, std::int64_t>(bytes, widen);
}

std::string place_of(const std::string& path, const std::string& name) { return cat(path, ": tensor '", name, "'"); }

std::int64_t size_from(const json& value, const std::string& place) {
  require<FileError>(value.is_number_unsigned() && value.get<std::uint64_t>() <= std::uint64_t(INT64_MAX), place, ": ",
                     value.dump(), " is not a size");
  return value.get<std::int64_t>();
}

Entry parse(const std::string& name, const json& item, const std::string& path, std::int64_t data_bytes) {
  const std::string place = place_of(path, name);
  require<FileError>(item.is_object() && item.contains("dtype") && item["dtype"].is_string() &&
                         item.contains("shape") && item["shape"].is_array() && item.contains("data_offsets") &&
                         item["data_offsets"].is_array() && item["data_offsets"].size() == 2,
                     place, " needs dtype, shape and two data_offsets");
  Entry entry;
  entry.name = name;
  entry.dtype = item["dtype"].get<std::string>();
  std::int64_t bytes = width_of(entry.dtype);
  require<FileError>(bytes > 0, place, " has dtype ", entry.dtype,
                     "; F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL are known");
  for (const json& extent : item["shape"]) {
    entry.shape.push_back(size_from(extent, place));
    require<FileError>(!__builtin_mul_overflow(bytes, entry.shape.back(), &bytes), place, " has an absurd shape ",
                       item["shape"].dump());
  }
  entry.begin = size_from(item["data_offsets"][0], place);
  entry.end = size_from(item["data_offsets"][1], place);
  require<FileError>(entry.begin <= entry.end && entry.end <= data_bytes, place, " lies at [", entry.begin, ", ",
                     entry.end, ") but the file has ", data_bytes, " bytes of values");
  require<FileError>(entry.end - entry.begin == bytes, place, " of shape ", item["shape"].dump(), " takes ", bytes,
                     " bytes but its data_offsets span ", entry.end - entry.begin);
  return entry;
}

Tensor tensor_of(const Entry& entry, const std::vector<char>& bytes, const std::string& path) {
  const auto [rows, cols] = folded(entry.shape);
  if (entry.dtype == "F64") return tensor_from(bytes.data(), rows, cols, DType::f64);
  if (entry.dtype == "F32") return tensor_from(bytes.data(), rows, cols, DType::f32);
  if (entry.dtype == "F16")
    return Tensor::from(converted<std::uint16_t, float>(bytes, widen_f16), rows, cols, DType::f32);
  if (entry.dtype == "BF16")
    return Tensor::from(converted<std::uint16_t, float>(bytes, widen_bf16), rows, cols, DType::f32);
  return tensor_from(integers_of(entry.dtype, bytes), rows, cols, place_of(path, entry.name));
}

std::vector<Entry> parse_header(const std::string& path, const std::string& text, std::int64_t data_bytes) {
  const json header = json::parse(text, nullptr, false);
  require<FileError>(header.is_object(), path, ": the header is not a JSON object");
  std::vector<Entry> entries;
  for (const auto& [name, item] : header.items())
    if (name != "__metadata__") entries.push_back(parse(name, item, path, data_bytes));
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  std::int64_t at = 0;
  for (const Entry& entry : entries) {
    require<FileError>(entry.begin == at, path, ": tensor '", entry.name, "' starts at byte ", entry.begin,
                       " of the values but the one before ends at ", at);
    at = entry.end;
  }
  require<FileError>(at == data_bytes, path, ": the tensors end at byte ", at, " of the values but the file has ",
                     data_bytes);
  return entries;
}

}  // namespace

void write_safetensors(const std::string& path, const std::vector<NamedTensor>& tensors) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  std::int64_t at = 0;
  for (const NamedTensor& tensor : tensors) {
    const std::int64_t begin = at;
    at += tensor.value.rows() * tensor.value.cols() * std::int64_t(size_of(tensor.value.dtype()));
    header[tensor.name] = {{"dtype", tensor.value.dtype() == DType::f32 ? "F32" : "F64"},
                           {"shape", tensor.axes.of(tensor.value)},
                           {"data_offsets", {begin, at}}};
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // values start at a multiple of eight
  const std::uint64_t length = text.size();
  Replacement replacement(path);
  replacement.file().reserve(8 + std::int64_t(length) + at);
  replacement.file().write(0, std::as_bytes(std::span(&length, 1)));
  replacement.file().write(8, std::as_bytes(std::span(text)));
  std::int64_t place = 8 + std::int64_t(length);
  for (const NamedTensor& tensor : tensors) {
    const std::vector<char> bytes = bytes_of(tensor.value);
    replacement.file().write(place, std::as_bytes(std::span(bytes)));
    place += std::int64_t(bytes.size());
  }
  replacement.commit();
}

std::vector<NamedTensor> read_safetensors(const std::string& path) {
  io::head_of(path);
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  require<FileError>(!error, path, ": cannot be opened: ", error.message());
  std::ifstream file(path, std::ios::binary);
  std::uint64_t length = 0;
  require<FileError>(bool(file.read(reinterpret_cast<char*>(&length), 8)), path, ": has no header");
  require<FileError>(length <= size - 8 && length <= std::uint64_t(longest_header), path, ": its header is to be ",
                     length, " bytes long; the file has ", size, " and ", longest_header, " are the most allowed");
  std::string text(length, '\0');
  require<FileError>(bool(file.read(text.data(), std::streamsize(length))), path, ": the header cannot be read");
  std::vector<NamedTensor> tensors;
  for (const Entry& entry : parse_header(path, text, std::int64_t(size - 8 - length))) {
    std::vector<char> bytes(std::size_t(entry.end - entry.begin));
    require<FileError>(bool(file.read(bytes.data(), std::streamsize(bytes.size()))), path, ": tensor '", entry.name,
                       "' cannot be read");
    tensors.push_back({entry.name, tensor_of(entry, bytes, path), Axes(entry.shape)});
  }
  return tensors;
}

}  // namespace halograph
