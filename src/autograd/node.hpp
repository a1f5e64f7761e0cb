// SPDX-License-Identifier: BSD-3-Clause
// The entries of the tape. A tensor owns the node that made it, and a node its inputs.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <halograph/autograd/tape.hpp>

namespace halograph::autograd {

/// Where an input of a released operation came from.
struct Source {
  std::weak_ptr<TensorData> tensor;
  std::shared_ptr<Node> node;
};

/// A recorded operation. A pass that does not keep the tape releases the nodes it visits: inputs and
/// VJP go, and their sources stay, by which a later pass knows that it would need them.
struct Node {
  std::int64_t sequence = 0;
  const char* name = "";
  std::vector<Tensor> inputs;
  std::vector<std::weak_ptr<TensorData>> outputs;
  Vjp vjp;
  std::vector<Source> released;
  void release();
  ~Node();
};

}  // namespace halograph::autograd
