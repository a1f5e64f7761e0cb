// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/data/edge_features.hpp>

#include <algorithm>
#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/message.hpp>

namespace halograph::data {
namespace {

/// Offsets of edges from the positions of nodes and ghosts, in host memory.
class Offsets {
 public:
  Offsets(const Graph& graph, const std::vector<double>& position, int dimension, const std::array<double, 3>& period)
      : d_(dimension), period_(period), x_(position), source_(graph.source_row().to_vector()),
        target_(graph.target_row().to_vector()) {
    const Tensor nodes = Tensor::from(position, graph.n_nodes(), d_, DType::f64, graph.nodes(), graph.device());
    const std::vector<double> ghosts = ops::halo(graph, nodes).to_vector<double>();
    x_.insert(x_.end(), ghosts.begin(), ghosts.end());  // source rows: nodes, then ghosts
  }

  std::int64_t size() const { return std::int64_t(source_.size()); }

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
  std::vector<std::int32_t> source_, target_;
};

}  // namespace

Tensor edge_features(const Graph& graph, const std::vector<double>& position, int dimension,
                     const std::array<double, 3>& period, DType dtype) {
  require(dimension >= 1 && dimension <= 3, "edge_features: positions have ", dimension, " axes, expected 1 to 3");
  const autograd::RecordingScope off(false);
  const Offsets offsets(graph, position, dimension, period);
  double longest = 0;
  for (std::int64_t edge = 0; edge < offsets.size(); ++edge)
    longest = std::max(longest, offsets(edge)[std::size_t(dimension)]);
  longest = graph.comm().max(longest);
  if (longest == 0) longest = 1;
  std::vector<double> features;
  features.reserve(static_cast<std::size_t>(offsets.size() * (dimension + 1)));
  for (std::int64_t edge = 0; edge < offsets.size(); ++edge) {
    const auto feature = offsets(edge);
    for (int k = 0; k <= dimension; ++k) features.push_back(feature[std::size_t(k)] / longest);
  }
  return Tensor::from(features, offsets.size(), dimension + 1, dtype, graph.edges(), graph.device());
}

}  // namespace halograph::data
