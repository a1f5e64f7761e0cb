// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/autograd/checkpoint.hpp>

#include "autograd/basic.hpp"
#include "autograd/replay.hpp"

namespace halograph::autograd {

std::vector<Tensor> replay(const Segment& segment, const VjpArguments& arguments) {
  const bool again = recording();
  const RecordingScope on(true);
  // The segment runs on stand-ins, so that a dependence of one input on another stays outside.
  std::vector<Tensor> stand_ins, wanted;
  for (std::size_t i = 0; i < arguments.inputs.size(); ++i) {
    const Tensor& input = arguments.inputs[i];
    if (!input.defined()) {
      stand_ins.push_back(input);
      continue;
    }
    Tensor stand_in = again && input.requires_grad() ? identity(input) : input.detach();
    if (arguments.wanted[i] && !stand_in.requires_grad()) stand_in.set_requires_grad();
    stand_ins.push_back(stand_in);
    if (arguments.wanted[i]) wanted.push_back(stand_in);
  }
  const std::vector<Tensor> outputs = segment(stand_ins);
  std::vector<Tensor> found = grad(outputs, arguments.cotangents, wanted, {.create_graph = again});
  std::vector<Tensor> gradients(arguments.inputs.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < gradients.size(); ++i)
    if (arguments.inputs[i].defined() && arguments.wanted[i]) gradients[i] = found[next++];
  return gradients;
}

std::vector<Tensor> checkpoint(const Segment& segment, const std::vector<Tensor>& inputs) {
  std::vector<Tensor> outputs;
  {
    const RecordingScope off(false);
    for (const Tensor& output : segment(inputs)) outputs.push_back(output.detach());
  }
  record("checkpoint", inputs, outputs,
         [segment](const VjpArguments& arguments) { return replay(segment, arguments); });
  return outputs;
}

}  // namespace halograph::autograd
