// SPDX-License-Identifier: BSD-3-Clause
// The numbers that stand behind what a reader of SU2's meshes needs: the index of a node or an element, a second index,
// the z of a plane mesh. SU2 does not look at them, so they decide nothing here. But their count is the same in all
// lines of a section: where it is not, a coordinate or a node has been lost and an index would stand in for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/text_scanner.hpp"

namespace halograph::io {

/// Reads the rest of the lines of one section.
class RestOfLine {
 public:
  /// `what` stands before the rest, and `one` of it may be missing.
  RestOfLine(const char* what, const char* one) : what_(what), one_(one) {}

  /// Reads what is left of the line of item `i` and checks that it is as much as in the first one.
  void read(const TextScanner& scan, LineParser& line, std::int64_t i);

  std::int64_t count() const { return count_; }
  double first() const { return first_; }  ///< number of the line read last
  double last() const { return last_; }

 private:
  const char *what_, *one_;
  std::int64_t count_ = 0, line_ = 0;
  double first_ = 0, last_ = 0;
};

/// Whether a column of integers counts the items, from any number on.
class Counting {
 public:
  void see(double value, std::int64_t i) {
    if (i == 0) start_ = value;
    holds_ = holds_ && value == start_ + double(i);
  }
  bool holds() const { return holds_; }

 private:
  double start_ = 0;
  bool holds_ = true;
};

/// What the columns of the nodes say besides the coordinates.
class NodeColumns {
 public:
  /// Looks at the last coordinate of node `i` before it is read.
  void see_last_coordinate(LineParser line, std::int64_t i);
  void read_rest(const TextScanner& scan, LineParser& line, std::int64_t i);
  /// Fails if the last coordinates are the numbers of the nodes.
  void finish(const TextScanner& scan, std::int64_t n) const;
  void add_notes(std::vector<std::string>& notes, std::int64_t dimension) const;

 private:
  RestOfLine rest_{"coordinates", "a coordinate"};
  Counting first_, last_;
  bool coordinate_counts_ = true;
  bool fractions_ = false;  // in the first column of the rest
  double low_ = 0, high_ = 0;
};

}  // namespace halograph::io
