// SPDX-License-Identifier: BSD-3-Clause
#include "io/su2_columns.hpp"

#include <algorithm>
#include <cmath>

namespace halograph::io {

void RestOfLine::read(const TextScanner& scan, LineParser& line, std::int64_t i) {
  std::int64_t count = 0;
  for (; !line.done(); ++count) {
    last_ = line.number("a number behind what is needed");
    if (count == 0) first_ = last_;
  }
  if (i == 0) {
    count_ = count;
    line_ = scan.mark().line;
  }
  scan.check(count == count_, count, count == 1 ? " number stands" : " numbers stand", " behind the ", what_, ", but ",
             count_, " in line ", line_, ": ", one_, " seems to be missing");
}

void NodeColumns::see_last_coordinate(LineParser line, std::int64_t i) {
  if (coordinate_counts_) coordinate_counts_ = line.word("a coordinate") == std::to_string(i);
}

void NodeColumns::read_rest(const TextScanner& scan, LineParser& line, std::int64_t i) {
  rest_.read(scan, line, i);
  if (rest_.count() == 0) return;
  first_.see(rest_.first(), i);
  last_.see(rest_.last(), i);
  low_ = i == 0 ? rest_.first() : std::min(low_, rest_.first());
  high_ = i == 0 ? rest_.first() : std::max(high_, rest_.first());
  fractions_ = fractions_ || rest_.first() != std::floor(rest_.first());
}

void NodeColumns::finish(const TextScanner& scan, std::int64_t n) const {
  scan.check(rest_.count() > 0 || !coordinate_counts_ || n < 4, "the last coordinate of each of the ", n,
             " nodes is its index: a coordinate is missing in all of them, or NDIME is too large");
}

void NodeColumns::add_notes(std::vector<std::string>& notes, std::int64_t dimension) const {
  if (rest_.count() == 0 || low_ == high_) return;
  if (fractions_)
    notes.push_back(cat("NDIME is ", dimension, ": the column behind the coordinates is not read, though it varies"));
  else if (!first_.holds() && !last_.holds())
    notes.push_back("nodes are numbered by their order, as in SU2; the index column says otherwise");
}

}  // namespace halograph::io
