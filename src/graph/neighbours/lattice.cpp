// SPDX-License-Identifier: BSD-3-Clause
#include "graph/neighbours/lattice.hpp"

#include <Eigen/Dense>
#include <cmath>

#include <halograph/core/error.hpp>

namespace halograph {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

double length(const double* v, std::int64_t n) { return Eigen::Map<const Eigen::VectorXd>(v, n).norm(); }

}  // namespace

Lattice::Lattice(std::int64_t dims, std::vector<double> vectors) : dims_(dims), vectors_(std::move(vectors)) {
  require(std::int64_t(vectors_.size()) % dims == 0 && n_vectors() <= 3 && n_vectors() <= dims,
          "radius_graph: ", vectors_.size(), " numbers for lattice vectors in ", dims,
          " dimensions; there are up to 3 vectors");
  for (const double v : vectors_) require(std::isfinite(v), "radius_graph: a lattice vector has a component ", v);
  if (open()) return;
  const Eigen::Map<const Matrix> rows(vectors_.data(), n_vectors(), dims);
  const Matrix inverse = rows.completeOrthogonalDecomposition().pseudoInverse().transpose();
  reciprocal_.assign(inverse.data(), inverse.data() + inverse.size());
  const Matrix unit = rows * inverse.transpose();
  const double skewed = skew();
  require((unit - Matrix::Identity(n_vectors(), n_vectors())).cwiseAbs().maxCoeff() < 1e-6 && skewed < 1e6,
          "radius_graph: the lattice vectors do not span a cell");
}

Image Lattice::cell_of(const double* point) const {
  Image cell{};
  for (std::int64_t a = 0; a < n_vectors(); ++a) {
    double part = 0;
    for (std::int64_t c = 0; c < dims_; ++c) part += reciprocal_[std::size_t(a * dims_ + c)] * point[c];
    part = std::floor(part);
    require(std::abs(part) < most_cells / 4, "radius_graph: a point is ", part, " cells away from the origin");
    cell[std::size_t(a)] = std::int32_t(part);
  }
  return cell;
}

double Lattice::shift(const Image& image, std::int64_t c) const {
  double sum = 0;
  for (std::int64_t a = 0; a < n_vectors(); ++a)
    sum = std::fma(double(image[std::size_t(a)]), vectors_[std::size_t(a * dims_ + c)], sum);
  return sum;
}

std::vector<Image> Lattice::images_within(double reach) const {
  constexpr double most_images = 1e7;
  Image most{};
  double n_images = 1;
  for (std::int64_t a = 0; a < n_vectors(); ++a) {
    // Parts along a vector differ by up to 1 inside the cell, a little more after rounding.
    const double cells = reach * length(&reciprocal_[std::size_t(a * dims_)], dims_) * (1 + 1e-9) + 1 + 1e-6;
    n_images *= 2 * std::floor(cells) + 1;
    require(n_images < most_images, "radius_graph: a cutoff of ", cells, " cells along lattice vector ", a);
    most[std::size_t(a)] = std::int32_t(cells);
  }
  std::vector<Image> images;
  for (std::int32_t i = -most[0]; i <= most[0]; ++i)
    for (std::int32_t j = -most[1]; j <= most[1]; ++j)
      for (std::int32_t k = -most[2]; k <= most[2]; ++k) images.push_back({i, j, k});
  return images;
}

double Lattice::skew() const {
  double most = 0;
  for (std::int64_t a = 0; a < n_vectors(); ++a)
    most = std::max(
        most, length(&reciprocal_[std::size_t(a * dims_)], dims_) * length(&vectors_[std::size_t(a * dims_)], dims_));
  return most;
}

std::int64_t number_of(const Image& image) {
  std::int64_t number = 0;
  for (const std::int32_t n : image) number = number << 21 | std::int64_t(n + most_cells);
  return number;
}

}  // namespace halograph
