// SPDX-License-Identifier: BSD-3-Clause
#include "graph/slab/fingerprint.hpp"

#include <bit>
#include <iomanip>
#include <span>
#include <sstream>

#include "core/mixed.hpp"

namespace halograph {
namespace {

/// Mixes words one after the other.
class RowHash {
 public:
  explicit RowHash(std::uint64_t kind) : state_(kind) {}
  RowHash& operator<<(std::uint64_t word) {
    state_ = mixed(state_ + word);
    return *this;
  }
  RowHash& operator<<(std::int64_t word) { return *this << std::uint64_t(word); }
  RowHash& operator<<(double value) { return *this << std::bit_cast<std::uint64_t>(value); }
  RowHash& operator<<(std::span<const double> values) {
    for (const double value : values) *this << value;
    return *this;
  }
  std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_;
};

std::span<const double> row(const std::vector<double>& values, std::size_t index, std::size_t cols) {
  return std::span(values).subspan(index * cols, cols);
}

std::uint64_t hash_rows(const GraphSlab& slab) {
  const std::size_t n = slab.node_id.size(), d = std::size_t(slab.dimension);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    sum += (RowHash(1) << slab.node_id[i] << std::int64_t(slab.patch.empty() ? 0 : slab.patch[i])
                       << row(slab.position, i, d))
               .value();
  const std::size_t channels = std::size_t(slab.edge_channels);
  for (std::size_t e = 0; e < slab.edge_id.size(); ++e)
    sum += (RowHash(2) << slab.edge_target[e] << slab.edge_source[e] << slab.edge_id[e]
                       << row(slab.edge_feature, e, channels))
               .value();
  for (std::size_t f = 0; f < slab.fields.size(); ++f) {
    const SlabField& field = slab.fields[f];
    for (std::size_t k = 0; k < std::size_t(field.frames); ++k)
      for (std::size_t i = 0; i < n; ++i)
        sum += (RowHash(3) << std::int64_t(f) << std::int64_t(k) << slab.node_id[i]
                           << row(field.values, k * n + i, std::size_t(field.channels)))
                   .value();
  }
  return sum;
}

}  // namespace

std::string fingerprint(const Communicator& comm, const GraphSlab& slab) {
  const std::int64_t nodes = comm.sum(std::int64_t(slab.node_id.size()));
  const std::int64_t edges = comm.sum(std::int64_t(slab.edge_id.size()));
  std::uint64_t hash = comm.sum(hash_rows(slab));
  hash += (RowHash(4) << std::span<const double>(slab.period)).value();
  std::ostringstream text;
  text << nodes << " nodes, " << edges << " edges, " << comm.max(slab.n_patches) << " patches, " << std::hex
       << std::setfill('0') << std::setw(16) << hash;
  return text.str();
}

}  // namespace halograph
