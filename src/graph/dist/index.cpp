// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/graph/dist/index.hpp>

#include "core/transfer.hpp"

namespace halograph {
namespace {

constexpr std::int64_t element = sizeof(std::int32_t);

}  // namespace

Index::Index(const std::vector<std::int32_t>& values, Device device) : Index(std::int64_t(values.size()), device) {
  upload(*buffer_, values.data(), size_ * element);
}

Index::Index(std::int64_t size, Device device)
    : buffer_(std::make_shared<Buffer>(size * element, device)), size_(size) {}

std::vector<std::int32_t> Index::to_vector() const {
  std::vector<std::int32_t> values(static_cast<std::size_t>(size_));
  if (size_ > 0) download(values.data(), *buffer_, size_ * element);
  return values;
}

}  // namespace halograph
