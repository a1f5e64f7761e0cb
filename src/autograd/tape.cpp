// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/autograd/tape.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <halograph/core/error.hpp>
#include <halograph/graph/dist/sum_batch.hpp>

#include "autograd/basic.hpp"
#include "autograd/node.hpp"
#include "core/views.hpp"

namespace halograph::autograd {
namespace {

thread_local bool is_recording = true;
thread_local std::int64_t next_sequence = 0;

/// The gradient of one tensor while it is being collected. Contributions whose values are still on
/// their way (an exchange, a sum over ranks) are kept apart and added when the total is needed; the
/// order of additions is that of arrival on the tape, hence the same everywhere.
class Collected {
 public:
  void add(Tensor part) {
    if (parts_.empty() || parts_.back().handle()->pending || part.handle()->pending) parts_.push_back(std::move(part));
    else parts_.back() = sum(std::move(parts_.back()), part);
  }
  bool empty() const { return parts_.empty(); }
  bool waits_for(Pending::Kind kind) const {
    return std::any_of(parts_.begin(), parts_.end(), [&](const Tensor& part) {
      return part.handle()->pending && part.handle()->pending->kind() == kind;
    });
  }
  Tensor take() {
    Tensor total = std::move(parts_.front());
    for (std::size_t i = 1; i < parts_.size(); ++i) total = sum(std::move(total), parts_[i]);
    parts_.clear();
    return total;
  }

 private:
  static Tensor sum(Tensor left, const Tensor& right) {
    const bool ours = left.handle().use_count() == 1 && left.handle()->buffer.use_count() == 1;
    if (recording() || !ours || left.cols() != left.stride()) return plus(left, right);
    kernels::table(left.device()).binary(kernels::Binary::add, in(left), in(right), out(left));
    return left;
  }
  std::vector<Tensor> parts_;
};

/// The part of the tape between `of` and `by`, walked so that every node comes after all its users.
class Walk {
 public:
  Walk(std::span<const Tensor> of, std::span<const Tensor> by, bool release) : release_(release) {
    for (const Tensor& target : by) targets_.insert(target.handle().get());
    for (const Tensor& result : of)
      if (result.handle()->node) discover(result.handle()->node);
    mark_needed();
  }

  void run(std::span<const Tensor> of, std::span<const Tensor> seeds) {
    for (std::size_t i = 0; i < of.size(); ++i)
      if (seeds[i].defined()) collected_[of[i].handle().get()].add(seeds[i]);
    for (const Node* node : needed_)
      if (users_[node] == 0) ready_.insert({-node->sequence, node});
    while (!ready_.empty()) visit(*take_next());
  }

  Tensor result(const Tensor& target) {
    const auto found = collected_.find(target.handle().get());
    if (found == collected_.end() || found->second.empty())
      return Tensor::zeros(target.rows(), target.cols(), target.dtype(), target.row_space(), target.device());
    Tensor total = found->second.take();
    found->second.add(total);
    return total;
  }

 private:
  void discover(const std::shared_ptr<Node>& start) {
    std::vector<Node*> stack;
    const auto meet = [&](const std::shared_ptr<Node>& node) {
      if (by_sequence_.emplace(node->sequence, node).second) stack.push_back(node.get());
    };
    meet(start);
    while (!stack.empty()) {
      const Node* node = stack.back();
      stack.pop_back();
      for (const Tensor& input : node->inputs)
        if (input.defined() && input.handle()->node) meet(input.handle()->node);
      for (const Source& source : node->released)
        if (source.node) meet(source.node);
    }
  }

  void mark_needed() {
    for (const auto& [sequence, node] : by_sequence_) {
      require(std::none_of(node->released.begin(), node->released.end(),
                           [&](const Source& source) { return wants(source); }),
              "grad: the tape of '", node->name, "' was released by an earlier pass; use retain_graph there");
      if (std::none_of(node->inputs.begin(), node->inputs.end(), [&](const Tensor& input) { return wants(input); }))
        continue;
      needed_.insert(node.get());
      auto& outputs = outputs_[node.get()];
      for (const auto& output : node->outputs) outputs.push_back(Tensor(output.lock()));
    }
    for (const Node* node : needed_)
      for (const Node* from : sources(*node)) ++users_[from];
  }

  bool wants(const Tensor& input) const {
    if (!input.defined()) return false;
    return targets_.count(input.handle().get()) || needed_.count(input.handle()->node.get());
  }

  bool wants(const Source& source) const {
    return targets_.count(source.tensor.lock().get()) || needed_.count(source.node.get());
  }

  /// The distinct needed nodes that feed `node`.
  std::vector<const Node*> sources(const Node& node) const {
    std::vector<const Node*> found;
    for (const Tensor& input : node.inputs) {
      const Node* from = input.defined() ? input.handle()->node.get() : nullptr;
      if (from && needed_.count(from) && std::find(found.begin(), found.end(), from) == found.end())
        found.push_back(from);
    }
    return found;
  }

  bool waits_for(const Node& node, Pending::Kind kind) {
    for (const Tensor& output : outputs_[&node]) {
      const auto found = collected_.find(output.handle().get());
      if (found != collected_.end() && found->second.waits_for(kind)) return true;
    }
    return false;
  }

  /// The latest ready node; those whose gradients are still under way come last, so that exchanges
  /// overlap with other work and sums over ranks are done together.
  const Node* take_next() {
    auto choice = ready_.end();
    int least_wait = 3;
    for (auto it = ready_.begin(); it != ready_.end() && least_wait > 0; ++it) {
      const int wait = waits_for(*it->second, Pending::Kind::sum) ? 2 : waits_for(*it->second, Pending::Kind::exchange);
      if (wait < least_wait) least_wait = wait, choice = it;
    }
    const Node* node = choice->second;
    ready_.erase(choice);
    return node;
  }

  void visit(const Node& node) {
    {
      const std::vector<Tensor>& outputs = outputs_[&node];
      std::vector<Tensor> cotangents;
      bool any = false;
      for (const Tensor& output : outputs) {
        cotangents.push_back(take_cotangent(output));
        any = any || cotangents.back().defined();
      }
      if (any) propagate(node, outputs, cotangents);
    }
    for (const Node* from : sources(node))
      if (--users_[from] == 0) ready_.insert({-from->sequence, from});
    outputs_.erase(&node);
    if (release_) by_sequence_.at(node.sequence)->release();
  }

  Tensor take_cotangent(const Tensor& output) {
    const auto found = collected_.find(output.handle().get());
    if (!output.defined() || found == collected_.end() || found->second.empty()) return {};
    Tensor cotangent = found->second.take();
    if (targets_.count(output.handle().get())) found->second.add(cotangent);
    else collected_.erase(found);
    return cotangent;
  }

  void propagate(const Node& node, const std::vector<Tensor>& outputs, const std::vector<Tensor>& cotangents) {
    std::vector<char> wanted;
    for (const Tensor& input : node.inputs) wanted.push_back(wants(input));
    std::vector<Tensor> gradients = node.vjp({node.inputs, outputs, cotangents, wanted});
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (wanted[i] && gradients[i].defined()) collected_[node.inputs[i].handle().get()].add(std::move(gradients[i]));
  }

  bool release_;
  std::unordered_set<const TensorData*> targets_;
  std::map<std::int64_t, std::shared_ptr<Node>> by_sequence_;
  std::unordered_set<const Node*> needed_;
  // The outputs of nodes yet to be visited: they stay alive although released users drop them.
  std::unordered_map<const Node*, std::vector<Tensor>> outputs_;
  std::unordered_map<const Node*, int> users_;
  std::unordered_map<const TensorData*, Collected> collected_;
  std::set<std::pair<std::int64_t, const Node*>> ready_;
};

}  // namespace

// A long tape must not be released by recursion: inputs are taken apart here one by one. Each is let go
// before the next is looked at, so that the last of several handles on one tensor is seen as such.
Node::~Node() {
  std::vector<std::shared_ptr<Node>> doomed;
  const auto keep_last = [&](std::shared_ptr<Node>& node) {
    if (node && node.use_count() == 1) doomed.push_back(std::move(node));
  };
  const auto take_apart = [&](Node& node) {
    for (Tensor& input : node.inputs) {
      if (input.defined() && input.handle().use_count() == 1) keep_last(input.handle()->node);
      input = Tensor();
    }
    for (Source& source : node.released) {
      keep_last(source.node);
      source.node.reset();
    }
  };
  take_apart(*this);
  while (!doomed.empty()) {
    const std::shared_ptr<Node> node = std::move(doomed.back());
    doomed.pop_back();
    take_apart(*node);
  }
}

void Node::release() {
  for (const Tensor& input : inputs)
    if (input.defined()) released.push_back({input.handle(), input.handle()->node});
  inputs.clear();
  vjp = nullptr;
}

bool recording() { return is_recording; }

RecordingScope::RecordingScope(bool on) : before_(std::exchange(is_recording, on)) {}
RecordingScope::~RecordingScope() { is_recording = before_; }

void record(const char* name, std::vector<Tensor> inputs, const std::vector<Tensor>& outputs, Vjp vjp) {
  if (!is_recording) return;
  if (std::none_of(inputs.begin(), inputs.end(), [](const Tensor& input) { return input.requires_grad(); })) return;
  auto node = std::make_shared<Node>();
  node->sequence = next_sequence++;
  node->name = name;
  node->inputs = std::move(inputs);
  for (const Tensor& output : outputs) {
    node->outputs.push_back(output.handle());
    output.handle()->node = node;
  }
  node->vjp = std::move(vjp);
}

Tensor record(const char* name, std::vector<Tensor> inputs, Tensor output, SimpleVjp vjp) {
  if (!is_recording) return output;
  record(name, std::move(inputs), std::vector<Tensor>{output}, [vjp = std::move(vjp)](const VjpArguments& arguments) {
    return vjp(arguments.inputs, arguments.outputs[0], arguments.cotangents[0], arguments.wanted);
  });
  return output;
}

std::vector<Tensor> grad(std::span<const Tensor> of, std::span<const Tensor> seeds, std::span<const Tensor> by,
                         const GradOptions& options) {
  require(of.size() == seeds.size(), "grad: ", of.size(), " results and ", seeds.size(), " seeds");
  const auto defined = [](const Tensor& t) { return t.defined(); };
  require(std::all_of(of.begin(), of.end(), defined) && std::all_of(by.begin(), by.end(), defined),
          "grad: a result or a tensor to differentiate by is undefined");
  for (const Tensor& target : by)
    require(target.requires_grad(), "grad: the tensor to differentiate by, ", target,
            ", does not require a gradient: it is a buffer or was not marked with set_requires_grad() before its use");
  for (std::size_t i = 0; i < of.size(); ++i)
    require(!seeds[i].defined() || (seeds[i].rows() == of[i].rows() && seeds[i].cols() == of[i].cols() &&
                                    seeds[i].dtype() == of[i].dtype() && seeds[i].row_space() == of[i].row_space()),
            "grad: the seed is ", seeds[i], ", the result ", of[i]);
  const RecordingScope scope(options.create_graph);
  // A pass inside another one (a recomputed segment) leaves its sums to the batch of the outer pass.
  std::unique_ptr<SumBatch> batch;
  if (!options.create_graph && !SumBatch::open()) batch = std::make_unique<SumBatch>();
  Walk walk(of, by, !options.create_graph && !options.retain_graph);
  walk.run(of, seeds);
  if (batch) batch->flush();
  std::vector<Tensor> gradients;
  for (const Tensor& target : by) gradients.push_back(walk.result(target));
  return gradients;
}

std::vector<Tensor> grad(const Tensor& of, std::span<const Tensor> by, const GradOptions& options) {
  require(of.defined() && of.rows() == 1 && of.cols() == 1 && !of.partitioned(),
          "grad: needs a replicated [1, 1] tensor or seeds, not ", of);
  const Tensor one = Tensor::full(1, 1, 1.0, of.dtype(), nullptr, of.device());
  return grad(std::span(&of, 1), std::span(&one, 1), by, options);
}

}  // namespace halograph::autograd
