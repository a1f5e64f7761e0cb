// SPDX-License-Identifier: BSD-3-Clause
// The images of points under a lattice.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace halograph {

/// How often each lattice vector is added.
using Image = std::array<std::int32_t, 3>;

/// Images are counted to 2^20 either way.
inline constexpr std::int32_t most_cells = (1 << 20) - 1;

class Lattice {
 public:
  /// `vectors` [m, dims]; none: open space. Throws UsageError unless m <= 3 and they are finite and independent.
  Lattice(std::int64_t dims, std::vector<double> vectors);

  bool open() const { return vectors_.empty(); }
  std::int64_t n_vectors() const { return std::int64_t(vectors_.size()) / dims_; }

  /// The cell that a point lies in: the image to subtract.
  Image cell_of(const double* point) const;
  /// Component c of the sum of lattice vectors; of the opposite image it is the opposite.
  double shift(const Image& image, std::int64_t c) const;
  /// Images that can bring points of the cell at the origin within `reach` of others there.
  std::vector<Image> images_within(double reach) const;
  /// How much larger than a point its parts along the vectors can be.
  double skew() const;

 private:
  std::int64_t dims_;
  std::vector<double> vectors_, reciprocal_;  ///< [m, dims]; reciprocal a times vector b is 1 if a == b, else 0
};

/// Images in lexicographic order as numbers.
std::int64_t number_of(const Image& image);

}  // namespace halograph
