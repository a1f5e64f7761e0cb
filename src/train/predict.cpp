// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/predict.hpp>

#include <algorithm>
#include <array>
#include <cmath>

#include <halograph/autograd/tape.hpp>
#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>
#include <halograph/ops/reduce.hpp>
#include <halograph/ops/shape.hpp>
#include <halograph/train/baseline.hpp>
#include <halograph/train/graph_input.hpp>

#include "graph/mesh/point_numbers.hpp"
#include "train/data_warnings.hpp"
#include "train/naming.hpp"

namespace halograph::train {
namespace {

VtkMesh mesh_of(const Communicator& comm, const GraphSlab& slab, const std::string& source) {
  VtkMesh mesh;
  mesh.dimension = std::max(1, comm.max(slab.dimension));
  mesh.position = slab.position;
  if (comm.max(slab.dimension) == 0) mesh.position.assign(slab.node_id.size(), 0.0);
  mesh.cell_type = slab.cell_type;
  mesh.cell_offset = slab.cell_offset;
  mesh.cell_point = point_numbers(comm, slab.node_id, slab.cell_node, source);
  mesh.numbers = {{"node_id", slab.node_id}};
  return mesh;
}

/// In units of the data.
Tensor physical(const Tensor& values, const data::Statistics& statistics, const Config& config) {
  return config.normalise ? data::restore(values, statistics) : ops::cast(values, DType::f64);
}

/// The output of the network in units of the data. A channel that was constant in training stays so: what the network
/// says there is noise, and its scale of 1 may be large beside the data.
Tensor prediction_of(const Tensor& output, const data::Statistics& statistics, const Config& config) {
  if (!config.normalise) return ops::cast(output, DType::f64);
  std::vector<double> varies;
  for (const double deviation : statistics.deviation) varies.push_back(deviation == 0 ? 0 : 1);
  const Tensor mask = Tensor::from(varies, 1, output.cols(), DType::f64, nullptr, output.device());
  return data::restore(ops::multiply(ops::cast(output, DType::f64), mask), statistics);
}

/// Appends the columns of `values`, a frame in row order, to one field a target.
void append(const Case& data, const Tensor& values, std::vector<SlabField>& fields,
            const std::vector<std::size_t>& where) {
  std::int64_t column = 0;
  for (const std::size_t index : where) {
    SlabField& field = fields[index];
    const Tensor part = ops::slice_columns(values, column, field.channels);
    const auto rows = data.distributed.nodes.backward(part.to_vector<double>(), field.channels);
    field.values.insert(field.values.end(), rows.begin(), rows.end());
    ++field.frames;
    column += field.channels;
  }
}

/// Sums of squares and largest values of errors, channel by channel.
class ErrorSums {
 public:
  void add(const Tensor& error, const Tensor& truth) {
    accumulate(square_, ops::sum_rows(ops::square(error)), std::plus<>());
    accumulate(largest_, ops::max_rows(ops::absolute(error)), [](double a, double b) { return std::max(a, b); });
    // About the mean of the first frame, or the digits of a small deviation from a large mean would be lost.
    if (!shift_.defined()) shift_ = ops::scale_shift(ops::sum_rows(truth), 1 / double(ops::global_rows(truth)));
    const Tensor centred = ops::subtract(truth, shift_);
    accumulate(sum_, ops::sum_rows(centred), std::plus<>());
    accumulate(truth_square_, ops::sum_rows(ops::square(centred)), std::plus<>());
    rows_ += double(ops::global_rows(error));
  }
  bool empty() const { return square_.empty(); }
  double root_mean_square(std::size_t c) const { return std::sqrt(square_[c] / rows_); }
  ChannelError channel(std::string name, std::size_t c) const {
    const double mean = sum_[c] / rows_;
    return {std::move(name),
            root_mean_square(c),
            largest_[c],
            std::sqrt(std::max(0.0, truth_square_[c] / rows_ - mean * mean)),
            {}};
  }

 private:
  template <class Join>
  static void accumulate(std::vector<double>& total, const Tensor& row, Join join) {
    const std::vector<double> values = row.to_vector<double>();
    if (total.empty()) total = values;
    else std::transform(total.begin(), total.end(), values.begin(), total.begin(), join);
  }
  std::vector<double> square_, largest_, sum_, truth_square_;
  Tensor shift_;
  double rows_ = 0;
};

struct Output {
  std::string field;
  std::int64_t channels;
};

std::vector<Output> outputs_of(const Model& model) {
  std::vector<Output> outputs;
  for (const std::string& name : model.config.target)
    outputs.push_back({name, std::int64_t(joined(model.scaling.statistics, {name}).mean.size())});
  return outputs;
}

/// The errors of the network and, field by field where it is known, of no change.
class Scores {
 public:
  explicit Scores(std::size_t fields) : unchanged_(fields) {}

  void add(const Case& data, const Config& config, const std::vector<Output>& outputs, const Tensor& input,
           const Tensor& error, const Tensor& truth) {
    network_.add(error, truth);
    std::int64_t column = 0;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const Tensor before = unchanged(data, config, input, outputs[i].field);
      const Tensor now = ops::slice_columns(truth, column, outputs[i].channels);
      column += outputs[i].channels;
      if (!before.defined()) continue;
      const data::Statistics statistics = joined(data.scaling.statistics, {outputs[i].field});
      unchanged_[i].add(ops::subtract(physical(before, statistics, config), now), now);
    }
  }

  std::vector<ChannelError> errors(const std::vector<Output>& outputs) const {
    std::vector<ChannelError> all;
    for (std::size_t i = 0; i < outputs.size() && !network_.empty(); ++i)
      for (std::int64_t c = 0; c < outputs[i].channels; ++c) {
        const std::string& field = outputs[i].field;
        all.push_back(network_.channel(outputs[i].channels == 1 ? field : cat(field, ".", c), all.size()));
        if (!unchanged_[i].empty()) all.back().no_change = unchanged_[i].root_mean_square(std::size_t(c));
      }
    return all;
  }

 private:
  ErrorSums network_;
  std::vector<ErrorSums> unchanged_;
};

}  // namespace

Prediction predict(const Communicator& comm, const Model& model, GraphSlab&& slab, std::optional<std::int64_t> frame,
                   const std::string& source) {
  const autograd::RecordingScope off(false);
  Prediction result;
  result.mesh = mesh_of(comm, slab, source);
  const std::vector<Output> outputs = outputs_of(model);
  const std::vector<double> times = slab.times;
  partition_input(comm, slab, model.config.partition, source);
  CaseOptions options;
  options.scaling = model.scaling;
  options.need_target = false;
  const Case data = naming(source, [&] { return make_case(comm, model.config, std::move(slab), options); });
  require(data.node_in == model.config.model.node_in, source, ": the inputs have ", data.node_in,
          " channels, but the network takes ", model.config.model.node_in);
  require(data.edge_in == model.config.model.edge_in, source, ": the edges have ", data.edge_in,
          " features, but the network takes ", model.config.model.edge_in);
  const std::int64_t n_frames = std::int64_t(data.input.size());
  require(!frame || (*frame >= 0 && *frame < n_frames), source, ": frame ", frame.value_or(0), " of ", n_frames);
  const bool with_truth = data.node_out == model.config.model.node_out &&
                          (frame ? *frame < std::int64_t(data.target.size()) : !data.target.empty());

  std::array<std::vector<std::size_t>, 3> where;
  const std::array<const char*, 3> suffix{"_predicted", "_true", "_error"};
  for (const Output& output : outputs)
    for (std::size_t k = 0; k < (with_truth ? 3 : 1); ++k) {
      where[k].push_back(result.fields.size());
      result.fields.push_back({output.field + suffix[k], output.channels, 0, {}});
    }
  const data::Statistics target = joined(data.scaling.statistics, model.config.target);
  const std::int64_t first = frame.value_or(0);
  const std::int64_t last = frame ? first + 1 : (with_truth ? std::int64_t(data.target.size()) : n_frames);
  warn_of_other_ranges(data, model.config, std::size_t(first), std::size_t(last), source);
  Scores scores(outputs.size());
  for (std::int64_t k = first; k < last; ++k) {
    const Tensor& input = data.input[std::size_t(k)];
    const Tensor predicted = prediction_of(model.net(data.graph(), input, data.edges), target, model.config);
    append(data, predicted, result.fields, where[0]);
    if (with_truth) {
      const Tensor truth = physical(data.target[std::size_t(k)], target, model.config);
      const Tensor error = ops::subtract(predicted, truth);
      append(data, truth, result.fields, where[1]);
      append(data, error, result.fields, where[2]);
      scores.add(data, model.config, outputs, input, error, truth);
    }
    const std::size_t at = std::size_t(k + model.config.target_shift);
    if (at < times.size()) result.times.push_back(times[at]);
  }
  if (std::int64_t(result.times.size()) != last - first) result.times.clear();
  result.errors = scores.errors(outputs);
  return result;
}

}  // namespace halograph::train
