// SPDX-License-Identifier: BSD-3-Clause
// Counter-based random numbers (Philox4x32-10). A value depends on the seed, a named stream, the
// global id of its row and its column, never on ranks, threads or the order of calls.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph {

class Random {
 public:
  explicit Random(std::uint64_t seed) : seed_(seed) {}

  std::uint64_t seed() const { return seed_; }

  /// Fills a replicated tensor with numbers uniform in [low, high); row ids are the row numbers.
  void fill_uniform(const Tensor& tensor, std::string_view stream, double low, double high) const;
  /// Fills the rows of a tensor by their global ids, [rows] of them.
  void fill_uniform(const Tensor& tensor, std::string_view stream, double low, double high,
                    const std::vector<std::int64_t>& row_id) const;
  void fill_normal(const Tensor& tensor, std::string_view stream, double mean, double deviation,
                   const std::vector<std::int64_t>& row_id) const;

 private:
  std::uint64_t seed_;
};

}  // namespace halograph
