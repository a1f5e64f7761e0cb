// SPDX-License-Identifier: BSD-3-Clause
// Joins the two sides of a periodic mesh: which nodes are one, and whether the sides are copies of each other, shifted
// along an axis. Holds the nodes of these sides and of one slab's elements, nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <halograph/graph/mesh/mesh_slab.hpp>

namespace halograph::io {

/// Rows of nodes that are one node, from pairs of them.
class JoinedRows {
 public:
  struct Pair {
    std::int64_t row, master;
  };

  void add(Pair pair) { pairs_.push_back(pair); }
  /// Ends adding: follows the masters of masters.
  void seal();

  bool empty() const { return pairs_.empty(); }
  const std::vector<Pair>& pairs() const { return pairs_; }
  /// All rows of the pairs, ascending. Valid after seal().
  const std::vector<std::int64_t>& rows() const { return rows_; }
  /// The row that stands for `row`: the first in the file of those that are one, `row` itself if it is in no pair.
  std::int64_t find(std::int64_t row) const;

 private:
  std::vector<Pair> pairs_;
  std::vector<std::int64_t> rows_, first_;
};

/// Positions of some rows, taken from all of them as they pass in the order of the file.
class RowPositions {
 public:
  explicit RowPositions(std::vector<std::int64_t> rows);

  void pass(std::int64_t row, const std::array<double, 3>& position);
  const std::array<double, 3>& at(std::int64_t row) const;

 private:
  std::vector<std::int64_t> rows_;
  std::vector<std::array<double, 3>> positions_;
};

/// Length of the domain along each axis, 0 where nothing is joined along it. Throws FileError unless each pair is a
/// shift along axes by the same lengths.
std::array<double, 3> period_of(const std::string& path, const JoinedRows& joined, const RowPositions& positions);

/// Throws FileError if an edge of the slab's elements spans half a period or more, so that the nearest image of its
/// source would not be the one that it leads to. `corner_row`: rows of the corners, as long as mesh.corner.
void check_spans(const std::string& path, const MeshSlab& mesh, const std::vector<std::int64_t>& corner_row,
                 const RowPositions& positions);

}  // namespace halograph::io
