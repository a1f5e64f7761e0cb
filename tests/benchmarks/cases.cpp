// SPDX-License-Identifier: BSD-3-Clause
#include "tests/benchmarks/cases.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/capture.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/ops/loss.hpp>
#include <halograph/optim/optimizer.hpp>

#include "tests/benchmarks/problem.hpp"
#include "tests/benchmarks/resident.hpp"
#include "tests/benchmarks/timing.hpp"

namespace halograph::bench {
namespace {

struct NamedCase {
  std::string name;
  std::int64_t hidden;
  int mlp_hidden_layers, steps;
  std::int64_t side, gpu_side;  ///< elements along each axis by default
};

/// "small" and "large" of arXiv:2410.01657; "wide" has the size of MeshGraphNets (arXiv:2010.03409): 15 steps, MLPs of
/// three linear layers. A GPU gets as much as leaves an unfused rival room in 40 GB.
std::vector<NamedCase> named_cases() {
  return {{"small", 8, 2, 4, 12, 32}, {"large", 32, 5, 4, 8, 22}, {"wide", 128, 1, 15, 4, 12}};
}

NamedCase find_case(const std::string& name) {
  for (NamedCase& one : named_cases())
    if (one.name == name) return one;
  throw UsageError(cat("no case '", name, "'"));
}

nn::MeshGraphNetOptions network_of(const NamedCase& named, const train::Case& data, bool checkpoint) {
  nn::MeshGraphNetOptions net;
  net.node_in = data.node_in;
  net.edge_in = data.edge_in;
  net.node_out = data.node_out;
  net.hidden = named.hidden;
  net.mlp_hidden_layers = named.mlp_hidden_layers;
  net.steps = named.steps;
  net.checkpoint = checkpoint;
  return net;
}

/// A case under measurement.
class Run {
 public:
  Run(const Communicator& comm, const NamedCase& named, std::shared_ptr<const Problem> problem, bool checkpoint)
      : comm_(comm),
        problem_(std::move(problem)),
        live_before_(memory_use().live),
        options_(network_of(named, problem_->data, checkpoint)),
        net_(Scope(Random(1), problem_->data.edges.dtype()), options_),
        adam_(parameters(net_), {}),
        own_bytes_(memory_use().live - live_before_) {
    for (const NamedTensor& parameter : net_.state()) parameters_.push_back(parameter.value);
    result_.name = named.name;
    result_.net = options_;
    result_.elements = problem_->elements;
    result_.nodes = problem_->nodes();
    result_.edges = problem_->edges();
    result_.setup_seconds = problem_->setup_seconds;
    for (const Tensor& parameter : parameters_) result_.parameters += double(parameter.rows() * parameter.cols());
  }

  void sample(bool warm_up) {
    take(result_.training, warm_up, [this] { train(); });
    take(result_.inference, warm_up, [this] { infer(); });
  }

  void set_resident(double bytes) { result_.resident_per_node = bytes / result_.nodes; }

  CaseResult result(const Machine& machine, DType dtype) {
    const double word = double(size_of(dtype));
    result_.training.needs = training_needs(options_, result_.nodes, result_.edges, word);
    result_.inference.needs = inference_needs(options_, result_.nodes, result_.edges, word);
    for (ModeResult* mode : {&result_.training, &result_.inference}) {
      mode->seconds = median(mode->samples.wall);
      mode->cpu_seconds = median(mode->samples.cpu);
      mode->bound = bound_of(machine, dtype, mode->needs.flops, mode->needs.bytes);
      mode->wait_share = median(waits_[mode]);
      mode->system_allocations = median(allocations_[mode]);
    }
    return result_;
  }

 private:
  void differentiate() {
    const train::Case& data = problem_->data;
    loss_ = ops::mean_square_error(net_(data.graph(), data.input[0], data.edges), data.target[0]);
    gradients_ = grad(loss_, parameters_);
    loss_.complete();
    for (const Tensor& gradient : gradients_) gradient.complete();
  }

  /// As train::Trainer does it: on a device, one rank launches forward and backward as a whole from the second step on.
  void train() {
    const Device device = problem_->data.edges.device();
    if (!Capture::supported(device) || comm_.size() > 1 || !loss_.defined()) {
      differentiate();
    } else {
      if (!recorded_) {
        recorded_ = std::make_unique<Capture>(device);
        recorded_->record([this] { differentiate(); });
      }
      recorded_->replay();
    }
    adam_.step(gradients_, 1e-4);
    result_.loss = loss_.item();
    require<Error>(std::isfinite(result_.loss), "case '", result_.name, "': the loss is ", result_.loss);
  }

  void infer() {
    const autograd::RecordingScope off(false);
    net_(problem_->graph(), problem_->data.input[0], problem_->data.edges).complete();
  }

  void take(ModeResult& mode, bool warm_up, const std::function<void()>& body) {
    const auto& exchange = problem_->graph().exchange();
    exchange->reset_traffic();
    reset_memory_peak();
    const MemoryUse before = memory_use();
    const Sample sample = measure(comm_, body);
    const MemoryUse after = memory_use();
    const ExchangeTraffic traffic = exchange->traffic();
    const double wait_share = comm_.max(traffic.seconds_waiting) / sample.wall;
    const double allocations = double(comm_.max(after.system_allocations - before.system_allocations));
    const double peak = sum_over_ranks(comm_, double(own_bytes_ + after.peak - before.live));
    if (warm_up) return;
    mode.samples.add(sample);
    waits_[&mode].push_back(wait_share);
    allocations_[&mode].push_back(allocations);
    mode.memory_per_node = std::max(mode.memory_per_node, peak / result_.nodes);
    mode.exchanges = double(traffic.exchanges);
    mode.messages = double(comm_.sum(traffic.messages_sent));
    mode.exchange_bytes = double(comm_.sum(traffic.bytes_sent));
  }

  Communicator comm_;
  std::shared_ptr<const Problem> problem_;
  std::int64_t live_before_;
  nn::MeshGraphNetOptions options_;
  nn::Model<nn::MeshGraphNet> net_;
  optim::Adam adam_;
  std::int64_t own_bytes_;
  std::vector<Tensor> parameters_;
  Tensor loss_;
  std::vector<Tensor> gradients_;
  std::unique_ptr<Capture> recorded_;
  CaseResult result_;
  std::map<const ModeResult*, std::vector<double>> waits_, allocations_;
};

}  // namespace

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const NamedCase& one : named_cases()) names.push_back(one.name);
  return names;
}

std::vector<CaseResult> measure_cases(const Communicator& comm, const Machine& machine, const Options& options) {
  constexpr int warm_up = 2;  // the first step takes memory, the second one finds it
  std::map<std::array<std::int64_t, 3>, std::shared_ptr<const Problem>> problems;
  std::vector<std::unique_ptr<Run>> runs;
  for (const std::string& name : options.cases) {
    const NamedCase named = find_case(name);
    const auto elements = options.box(is_gpu(machine.device) ? named.gpu_side : named.side, comm.size());
    auto& problem = problems[elements];
    if (!problem) problem = make_problem(comm, elements, options.patches(), options.dtype);
    release_cached_memory();
    reset_resident_peak();
    const double resident = resident_bytes("VmRSS");
    Run& run = *runs.emplace_back(std::make_unique<Run>(comm, named, problem, options.checkpoint));
    for (int i = 0; i < warm_up; ++i) run.sample(true);
    const double growth = sum_over_ranks(comm, resident_bytes("VmHWM") - resident);
    if (options.cases.size() == 1 && growth > 0 && !has_own_kernels(machine.device)) run.set_resident(growth);
  }
  for (int i = 0; i < options.samples; ++i)
    for (const auto& run : runs) run->sample(false);
  std::vector<CaseResult> results;
  for (const auto& run : runs) results.push_back(run->result(machine, options.dtype));
  return results;
}

}  // namespace halograph::bench
