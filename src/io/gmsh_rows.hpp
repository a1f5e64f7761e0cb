// SPDX-License-Identifier: BSD-3-Clause
// From node tags to rows: a file numbers its nodes as it likes, and not all of them belong to the mesh.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace halograph::io {

/// Tags in file order -> row 0, 1, ...; stored as runs of consecutive tags.
class TagRows {
 public:
  /// Gives `tag` the next row.
  void add(std::int64_t tag);
  /// Ends adding. Returns a tag that was added twice, or -1.
  std::int64_t seal();
  /// Row of `tag`, or -1.
  std::int64_t find(std::int64_t tag) const;
  std::int64_t size() const { return size_; }

 private:
  struct Run {
    std::int64_t tag, row, count;
  };
  std::vector<Run> runs_;
  std::int64_t size_ = 0;
  mutable std::size_t last_ = 0;  // neighbours in the file are neighbours in the map
};

/// A set of rows and the position of each row among those of the set.
class RowSet {
 public:
  explicit RowSet(std::int64_t rows) : words_(std::size_t(rows / 64 + 1)) {}

  void clear() { words_.assign(words_.size(), 0); }
  void insert(std::int64_t row) { words_[std::size_t(row / 64)] |= bit(row); }
  void erase(std::int64_t row) { words_[std::size_t(row / 64)] &= ~bit(row); }
  bool contains(std::int64_t row) const { return words_[std::size_t(row / 64)] & bit(row); }

  /// Ends inserting; returns the size of the set.
  std::int64_t seal();
  /// Number of smaller rows in the set. Valid after seal().
  std::int64_t rank(std::int64_t row) const {
    return before_[std::size_t(row / 64)] + std::popcount(words_[std::size_t(row / 64)] & (bit(row) - 1));
  }

 private:
  static std::uint64_t bit(std::int64_t row) { return std::uint64_t(1) << (row % 64); }

  std::vector<std::uint64_t> words_;
  std::vector<std::int64_t> before_;  // members in lower words
};

}  // namespace halograph::io
