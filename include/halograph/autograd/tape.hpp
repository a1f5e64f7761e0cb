// SPDX-License-Identifier: BSD-3-Clause
// The tape: reverse-mode differentiation of eager operations. Each operation that touches a
// variable records a node with its inputs and its vector-Jacobian product (VJP). VJPs are written
// with operations only, so a gradient can be differentiated again. Nodes carry rising sequence
// numbers and are visited by them, so all ranks meet the collectives of a backward pass in the same
// order; for that, which operations run may depend on global facts only, never on local row counts.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include <halograph/core/state.hpp>
#include <halograph/core/tensor.hpp>

namespace halograph::autograd {

/// What a VJP works with. A cotangent is undefined where an output took no part in the result.
struct VjpArguments {
  const std::vector<Tensor>& inputs;
  const std::vector<Tensor>& outputs;
  const std::vector<Tensor>& cotangents;
  const std::vector<char>& wanted;  ///< per input: whether its gradient is needed
};

/// Returns one gradient per input; undefined means zero, and is required where not wanted.
using Vjp = std::function<std::vector<Tensor>(const VjpArguments&)>;

/// Whether operations are being recorded on this thread.
bool recording();

/// Turns recording off (or on) for a scope.
class RecordingScope {
 public:
  explicit RecordingScope(bool on);
  ~RecordingScope();
  RecordingScope(const RecordingScope&) = delete;
  RecordingScope& operator=(const RecordingScope&) = delete;

 private:
  bool before_;
};

/// Turns recording off for a scope: operations inside cost no memory for a backward pass and have no gradient. It
/// counts for the calling thread.
class NoGrad {
 private:
  RecordingScope off_{false};
};

/// Enters `outputs` on the tape if recording is on and some input requires a gradient.
void record(const char* name, std::vector<Tensor> inputs, const std::vector<Tensor>& outputs, Vjp vjp);

/// record() for one output, which it returns; the VJP takes (inputs, output, cotangent, wanted).
using SimpleVjp = std::function<std::vector<Tensor>(const std::vector<Tensor>& inputs, const Tensor& output,
                                                    const Tensor& cotangent, const std::vector<char>& wanted)>;
Tensor record(const char* name, std::vector<Tensor> inputs, Tensor output, SimpleVjp vjp);

struct GradOptions {
  /// Record the backward pass, so that the gradients can be differentiated.
  bool create_graph = false;
  /// Keep the tape for another pass. Without it the tape of `of` is released on the way, which frees
  /// memory early; with create_graph it is always kept.
  bool retain_graph = false;
};

/// Gradients of a replicated [1, 1] tensor by each of `by`, zeros where it does not depend on one. UsageError for a
/// tensor in `by` that does not require a gradient, whose zeros would mean nothing.
/// Sums over ranks are contained in the calculus: the gradient of a replicated tensor is replicated
/// and complete. Collective if the tape holds partitioned tensors.
std::vector<Tensor> grad(const Tensor& of, std::span<const Tensor> by, const GradOptions& options = {});

/// Gradients by the parameters of a model, in the order of parameters(model).
template <HasState Model>
std::vector<Tensor> grad(const Tensor& of, const Model& model, const GradOptions& options = {}) {
  return grad(of, values(parameters(model)), options);
}

/// The same for several results of any shape, each with its cotangent (undefined: takes no part).
std::vector<Tensor> grad(std::span<const Tensor> of, std::span<const Tensor> seeds, std::span<const Tensor> by,
                         const GradOptions& options = {});

}  // namespace halograph::autograd

namespace halograph {
using autograd::grad;
using autograd::NoGrad;
}  // namespace halograph
