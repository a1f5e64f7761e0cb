// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/core/random.hpp>

#include <halograph/core/error.hpp>
#include <kernels/kernels.hpp>

#include "core/transfer.hpp"
#include "core/views.hpp"

namespace halograph {
namespace {

using kernels::RandomTask;

/// FNV-1a: streams are told apart by name.
std::uint64_t stream_number(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) hash = (hash ^ std::uint64_t(static_cast<unsigned char>(c))) * 0x100000001b3u;
  return hash;
}

void fill(RandomTask task, const Tensor& tensor, std::string_view stream, const std::vector<std::int64_t>& row_id) {
  require(row_id.empty() || std::int64_t(row_id.size()) == tensor.rows(), "Random: ", row_id.size(), " row ids for ",
          tensor.describe());
  task.stream = stream_number(stream);
  task.values = out(tensor);
  const Buffer ids(std::int64_t(row_id.size() * sizeof(std::int64_t)), tensor.device());
  if (!row_id.empty()) {
    upload(ids, row_id.data(), std::int64_t(row_id.size() * sizeof(std::int64_t)));
    task.row_id = static_cast<const std::int64_t*>(ids.data());
  }
  kernels::table(tensor.device()).random(task);
}

}  // namespace

void Random::fill_uniform(const Tensor& tensor, std::string_view stream, double low, double high) const {
  fill_uniform(tensor, stream, low, high, {});
}

void Random::fill_uniform(const Tensor& tensor, std::string_view stream, double low, double high,
                          const std::vector<std::int64_t>& row_id) const {
  RandomTask task;
  task.seed = seed_;
  task.low = low;
  task.high = high;
  fill(task, tensor, stream, row_id);
}

void Random::fill_normal(const Tensor& tensor, std::string_view stream, double mean, double deviation,
                         const std::vector<std::int64_t>& row_id) const {
  RandomTask task;
  task.law = RandomTask::Law::normal;
  task.seed = seed_;
  task.low = mean;
  task.high = deviation;
  fill(task, tensor, stream, row_id);
}

}  // namespace halograph
