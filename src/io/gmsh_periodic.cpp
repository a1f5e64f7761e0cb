// SPDX-License-Identifier: BSD-3-Clause
#include "io/gmsh_periodic.hpp"
#include "core/sort_unique.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <halograph/core/error.hpp>

namespace halograph::io {
namespace {

/// Files are written with 16 digits, a few of which get lost when one side is made from the other.
constexpr double relative_tolerance = 1e-6;

std::size_t place_of(const std::vector<std::int64_t>& rows, std::int64_t row) {
  return std::size_t(std::lower_bound(rows.begin(), rows.end(), row) - rows.begin());
}

std::array<double, 3> difference(const std::array<double, 3>& a, const std::array<double, 3>& b) {
  return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

}  // namespace

void JoinedRows::seal() {
  for (const Pair& pair : pairs_) rows_.insert(rows_.end(), {pair.row, pair.master});
  sort_unique(rows_);
  std::vector<std::size_t> parent(rows_.size());
  std::iota(parent.begin(), parent.end(), std::size_t(0));
  const auto root = [&](std::int64_t row) {
    std::size_t at = place_of(rows_, row);
    while (parent[at] != at) at = parent[at] = parent[parent[at]];
    return at;
  };
  for (const Pair& pair : pairs_) {
    const std::size_t a = root(pair.row), b = root(pair.master);
    parent[std::max(a, b)] = std::min(a, b);
  }
  for (const std::int64_t row : rows_) first_.push_back(rows_[root(row)]);
}

std::int64_t JoinedRows::find(std::int64_t row) const {
  const std::size_t at = place_of(rows_, row);
  return at < rows_.size() && rows_[at] == row ? first_[at] : row;
}

RowPositions::RowPositions(std::vector<std::int64_t> rows) : rows_(std::move(rows)) { sort_unique(rows_); }

void RowPositions::pass(std::int64_t row, const std::array<double, 3>& position) {
  if (positions_.size() < rows_.size() && rows_[positions_.size()] == row) positions_.push_back(position);
}

const std::array<double, 3>& RowPositions::at(std::int64_t row) const { return positions_[place_of(rows_, row)]; }

std::array<double, 3> period_of(const std::string& path, const JoinedRows& joined, const RowPositions& positions) {
  double longest = 0;
  for (const auto& [row, master] : joined.pairs())
    for (const double x : difference(positions.at(row), positions.at(master))) longest = std::max(longest, std::abs(x));
  const double tolerance = relative_tolerance * longest;
  std::array<double, 3> period{};
  for (const auto& [row, master] : joined.pairs()) {
    const std::array<double, 3>&a = positions.at(row), &b = positions.at(master), d = difference(a, b);
    for (std::size_t k = 0; k < 3; ++k) {
      const double shift = std::abs(d[k]);
      if (shift <= tolerance) continue;
      if (period[k] == 0) period[k] = shift;
      require<FileError>(std::abs(shift - period[k]) <= tolerance, path, ": the periodic nodes at (", a[0], ", ", a[1],
                         ", ", a[2], ") and (", b[0], ", ", b[1], ", ", b[2], ") are ", shift, " apart along ",
                         "xyz"[k], ", others ", period[k],
                         ": only sides that are shifted along the axes, all of them by the same length, can be joined");
    }
  }
  // Sides that are joined in a row lie further apart than one period.
  std::vector<std::array<double, 3>> low, high;
  for (const std::int64_t row : joined.rows()) low.push_back(positions.at(joined.find(row)));
  high = low;
  for (const std::int64_t row : joined.rows()) {
    const std::size_t first = place_of(joined.rows(), joined.find(row));
    const std::array<double, 3>& at = positions.at(row);
    for (std::size_t k = 0; k < 3; ++k) {
      low[first][k] = std::min(low[first][k], at[k]);
      high[first][k] = std::max(high[first][k], at[k]);
      require<FileError>(high[first][k] - low[first][k] <= period[k] + tolerance, path, ": nodes ",
                         high[first][k] - low[first][k], " apart along ", "xyz"[k],
                         " would become one, further than the period ", period[k],
                         ": a side inside the domain cannot be joined");
    }
  }
  return period;
}

void check_spans(const std::string& path, const MeshSlab& mesh, const std::vector<std::int64_t>& corner_row,
                 const RowPositions& positions) {
  constexpr double half = 0.5 * (1 - 1e-9);
  for (std::size_t e = 0; e < mesh.shape.size(); ++e) {
    const std::int64_t* row = corner_row.data() + mesh.corner_offset[e];
    for (const auto& [a, b] : edges_of(mesh.shape[e])) {
      const auto d = difference(positions.at(row[a]), positions.at(row[b]));
      for (std::size_t k = 0; k < 3; ++k)
        require<FileError>(mesh.period[k] == 0 || std::abs(d[k]) < half * mesh.period[k], path, ": an element spans ",
                           std::abs(d[k]), " along ", "xyz"[k], ", where the period is ", mesh.period[k],
                           ": to be joined, a mesh must have at least three elements from side to side");
    }
  }
}

}  // namespace halograph::io
