// SPDX-License-Identifier: BSD-3-Clause
// Wraps a network and the list of its tensors into one value. make<Net>(scope, ...) builds the network under the scope:
//   const auto net = nn::make<nn::MeshGraphNet>(run.scope(), {.node_in = 3, .edge_in = 4, .node_out = 1});
//   optim::AdamW adam(net, {.rate = 1e-4});
//   adam.step(grad(loss(net(graph, x, e)), net));
// The network is any class that has a constructor from a Scope and a call.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <halograph/core/scope.hpp>
#include <halograph/core/state.hpp>

namespace halograph::nn {

/// A network with its state. Copies share network and parameters. The call is the network's: several threads may not
/// call at once.
template <class Net>
class Model {
 public:
  /// Builds Net(scope, arguments...) with a list of tensors of its own.
  template <class... Arguments>
  explicit Model(const Scope& scope, Arguments&&... arguments)
      : scope_(scope.detached()), net_(std::make_shared<const Net>(scope_, std::forward<Arguments>(arguments)...)) {}

  template <class... Arguments>
  decltype(auto) operator()(Arguments&&... arguments) const {
    return (*net_)(std::forward<Arguments>(arguments)...);
  }

  const Net& operator*() const { return *net_; }
  const Net* operator->() const { return net_.get(); }
  const std::vector<NamedTensor>& state() const { return scope_.all(); }
  const Scope& scope() const { return scope_; }

 private:
  Scope scope_;
  std::shared_ptr<const Net> net_;
};

/// Builds a network under a scope: Net(scope, arguments...).
template <class Net, class... Arguments>
Model<Net> make(const Scope& scope, Arguments&&... arguments) {
  return Model<Net>(scope, std::forward<Arguments>(arguments)...);
}
/// The same with options in braces, for networks that name theirs `Options`. Either order will do.
template <class Net>
Model<Net> make(const Scope& scope, const typename Net::Options& options) {
  return Model<Net>(scope, options);
}
template <class Net>
Model<Net> make(const typename Net::Options& options, const Scope& scope) {
  return Model<Net>(scope, options);
}

}  // namespace halograph::nn
