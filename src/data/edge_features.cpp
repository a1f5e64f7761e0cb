// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/data/edge_features.hpp>

#include <algorithm>
#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/message.hpp>

namespace halograph::data {
namespace {

// Of f64 after some hundred operations; see normalise.cpp.
constexpr double rounding = 0x1p-44;

/// Offsets of edges from the positions of nodes and ghosts, in host memory.
class Offsets {
 public:
  Offsets(const Graph& graph, const std::vector<double>& position, int dimension, const std::array<double, 3>& period)
      : d_(dimension),
        period_(period),
        x_(position),
        source_(graph.source_row().to_vector()),
        target_(graph.target_row().to_vector()) {
    const Tensor nodes = Tensor::from(position, graph.n_nodes(), d_, DType::f64, graph.nodes(), graph.device());
    const std::vector<double> ghosts = ops::halo(graph, nodes).to_vector<double>();
    x_.insert(x_.end(), ghosts.begin(), ghosts.end());  // source rows: nodes, then ghosts
    for (const double x : x_) magnitude_ = std::max(magnitude_, std::abs(x));
  }

  std::int64_t size() const { return std::int64_t(source_.size()); }

  /// See length_scale(). Collective.
  double scale(const Communicator& comm) const {
    double longest = 0;
    for (std::int64_t edge = 0; edge < size(); ++edge) longest = std::max(longest, (*this)(edge)[std::size_t(d_)]);
    const std::vector<double> most = comm.max(std::span<const double>(std::array{longest, magnitude_}));
    return most[0] <= rounding * most[1] ? 1 : most[0];
  }

  /// Offset and length of an edge.
  std::array<double, 4> operator()(std::int64_t edge) const {
    std::array<double, 4> result{};
    double square = 0;
    for (int k = 0; k < d_; ++k) {
      double offset = x_[at(source_[std::size_t(edge)], k)] - x_[at(target_[std::size_t(edge)], k)];
      if (period_[std::size_t(k)] > 0) offset -= period_[std::size_t(k)] * std::round(offset / period_[std::size_t(k)]);
      result[std::size_t(k)] = offset;
      square += offset * offset;
    }
    result[std::size_t(d_)] = std::sqrt(square);
    return result;
  }

 private:
  std::size_t at(std::int32_t row, int k) const { return std::size_t(row) * std::size_t(d_) + std::size_t(k); }

  int d_;
  std::array<double, 3> period_;
  std::vector<double> x_;
  double magnitude_ = 0;  ///< largest coordinate here
  std::vector<std::int32_t> source_, target_;
};

void require_dimension(int dimension) {
  require(dimension >= 1 && dimension <= 3, "edge_features: positions have ", dimension, " axes, expected 1 to 3");
}

}  // namespace

double length_scale(const Graph& graph, const std::vector<double>& position, int dimension,
                    const std::array<double, 3>& period) {
  require_dimension(dimension);
  const autograd::RecordingScope off(false);
  return Offsets(graph, position, dimension, period).scale(graph.comm());
}

Tensor edge_features(const Graph& graph, const std::vector<double>& position, int dimension,
                     const std::array<double, 3>& period, DType dtype, double scale) {
  require_dimension(dimension);
  require(scale >= 0 && std::isfinite(scale), "edge_features: the scale is ", scale,
          ", expected a length, or 0 for the graph's own");
  const autograd::RecordingScope off(false);
  const Offsets offsets(graph, position, dimension, period);
  const double divisor = scale > 0 ? scale : offsets.scale(graph.comm());
  std::vector<double> features;
  features.reserve(static_cast<std::size_t>(offsets.size() * (dimension + 1)));
  for (std::int64_t edge = 0; edge < offsets.size(); ++edge) {
    const auto feature = offsets(edge);
    for (int k = 0; k <= dimension; ++k) features.push_back(feature[std::size_t(k)] / divisor);
  }
  return Tensor::from(features, offsets.size(), dimension + 1, dtype, graph.edges(), graph.device());
}

}  // namespace halograph::data
