// SPDX-License-Identifier: BSD-3-Clause
// Streams of steps: what a trainer trains on. A stream is any class that can tell
//   comm()                the ranks that take part,
//   steps_per_epoch()     how many steps it has, at least one,
//   step(epoch, index)    the data of a step, both numbers from 0, and
//   identity()            a text that another stream does not have: sizes, a hash of the data, a seed.
// A step is a function of its two numbers. So a run goes on from a checkpoint that holds nothing but their count, and
// whoever shuffles takes epoch and index as the key of random numbers.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <halograph/core/device.hpp>
#include <halograph/mpi/communicator.hpp>
#include <halograph/nn/mode.hpp>
#include <halograph/train/terms.hpp>

namespace halograph::train {

template <class T>
concept StepStream = requires(const T& stream, std::int64_t number) {
  { stream.comm() } -> std::convertible_to<Communicator>;
  { stream.steps_per_epoch() } -> std::convertible_to<std::int64_t>;
  { stream.identity() } -> std::convertible_to<std::string>;
  stream.step(number, number);
};

/// Calls a loss, which may ask for the mode (layers with dropout, batch norms) or not.
template <class Loss, class Model, class Step>
Terms evaluate(const Loss& loss, const Model& model, const Step& step, const nn::Mode& mode) {
  if constexpr (std::invocable<const Loss&, const Model&, const Step&, const nn::Mode&>) return loss(model, step, mode);
  else return loss(model, step);
}

/// The loss of one set of tensors, which steps are copied into: device work that repeats is recorded once and replayed.
struct FixedStep {
  Device device;
  std::function<void(std::int64_t epoch, std::int64_t index)> place;
  std::function<Terms()> loss;
};

/// A stream together with a model and a loss, without their types.
struct Losses {
  Communicator comm;
  std::int64_t steps_per_epoch = 0;
  /// What must be the same where a run goes on, by name.
  std::vector<std::pair<std::string, std::string>> identity;
  std::function<Terms(std::int64_t epoch, std::int64_t index, const nn::Mode& mode)> loss;
  std::shared_ptr<const FixedStep> fixed = nullptr;  ///< for streams that can be replayed
};

/// Puts a stream, a model and a loss together. They must outlive the result.
template <StepStream Stream, class Model, class Loss>
Losses losses_of(const Stream& stream, const Model& model, const Loss& loss) {
  return {stream.comm(),
          stream.steps_per_epoch(),
          {{"steps", stream.identity()}},
          [&](std::int64_t epoch, std::int64_t index, const nn::Mode& mode) {
            return evaluate(loss, model, stream.step(epoch, index), mode);
          }};
}

}  // namespace halograph::train
