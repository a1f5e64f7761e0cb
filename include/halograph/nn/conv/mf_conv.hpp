// SPDX-License-Identifier: BSD-3-Clause
// The graph convolution of neural fingerprints (Duvenaud et al., arXiv:1509.09292), with weights of its own for each
// in-degree:
//   y_i = lins_l[d](sum over in-edges of x_j) + lins_r[d](x_i),  d = min(in-degree of i, max_degree)
// Rows of equal degree are multiplied together, so the work is that of one linear layer on all nodes. Which rows those
// are is kept for the graph of the last call.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <halograph/graph/dist/graph.hpp>
#include <halograph/graph/dist/row_selection.hpp>
#include <halograph/nn/linear.hpp>

namespace halograph::nn {

struct MFConvOptions {
  std::int64_t in_channels = 0, out_channels = 0;
  int max_degree = 10;
  bool bias = true;
};

/// Throws UsageError for options or tensors that do not fit. One thread may call at a time.
class MFConv {
 public:
  using Options = MFConvOptions;

  /// `<name>.lins_l.d.weight`, `.bias` and `<name>.lins_r.d.weight` for each degree d.
  MFConv(const Scope& scope, const MFConvOptions& options);

  /// x [n_nodes, in_channels] -> [n_nodes, out_channels]. Collective.
  Tensor operator()(const Graph& graph, const Tensor& x) const;

 private:
  struct Degrees {
    std::weak_ptr<const RowSpace> edges;
    std::vector<RowSelection> nodes;
  };
  const std::vector<RowSelection>& nodes_by_degree(const Graph& graph) const;

  std::string name_;
  std::vector<Linear> lins_l_, lins_r_;
  std::shared_ptr<Degrees> degrees_ = std::make_shared<Degrees>();
};

}  // namespace halograph::nn
