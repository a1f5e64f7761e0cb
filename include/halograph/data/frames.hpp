// SPDX-License-Identifier: BSD-3-Clause
// The frames of a graph file as steps of a training on one mesh:
//   for (const auto& frame : io::frames(graph, "run.h5")) ... net(graph, frame.input, frame.edges), frame.target ...
// They are a stream of steps for a train::Trainer too.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <halograph/graph/setup/distribute.hpp>

namespace halograph::data {

struct FrameOptions {
  /// Names of fields, side by side. If none are given: the field `input`, or the only one of the file.
  std::vector<std::string> input = {};
  /// The same. If none are given: the field `target`, or the only one of the file, one frame later.
  std::vector<std::string> target = {};
  std::int64_t shift = 0;  ///< the target is so many frames after the input
  DType dtype = DType::f32;
};

/// An input with its target, in units of the file, and the features of the edges: those of the file or, where it has
/// none, those of edge_features(), divided by the length of the longest edge.
struct Frame {
  Tensor input;   ///< [n_nodes, channels]
  Tensor target;  ///< [n_nodes, channels]
  Tensor edges;   ///< [n_edges, channels], the same tensor in all frames
};

class Frames {
 public:
  /// Reads the file, whose nodes and edges are those that the graph was made from, in the same order. Each rank keeps
  /// its rows of all frames. Throws the same FileError or UsageError on all ranks. Collective.
  Frames(const DistributedGraph& graph, const std::string& path, const FrameOptions& options = {});

  std::int64_t size() const { return std::int64_t(frames_.size()); }
  const Frame& operator[](std::int64_t k) const { return frames_.at(std::size_t(k)); }
  auto begin() const { return frames_.begin(); }
  auto end() const { return frames_.end(); }

  const Communicator& comm() const { return comm_; }
  std::int64_t steps_per_epoch() const { return size(); }
  const Frame& step(std::int64_t, std::int64_t index) const { return (*this)[index]; }
  const std::string& identity() const { return identity_; }

 private:
  Communicator comm_;
  std::vector<Frame> frames_;
  std::string identity_;
};

/// Collective.
inline Frames frames(const DistributedGraph& graph, const std::string& path, const FrameOptions& options = {}) {
  return {graph, path, options};
}

}  // namespace halograph::data

namespace halograph::io {
using data::Frame;
using data::FrameOptions;
using data::frames;
}  // namespace halograph::io
