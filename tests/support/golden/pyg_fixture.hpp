// SPDX-License-Identifier: BSD-3-Clause
// A model that PyTorch Geometric trained, as tests/data/pyg_models.py saved it: its weights, and graph, inputs and
// outputs in the order of the file, which are spread over ranks in three patches.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <halograph/core/named_tensor.hpp>
#include <halograph/graph/dist/batch.hpp>
#include <halograph/graph/setup/distribute.hpp>

namespace halograph::testing {

class PygFixture {
 public:
  /// Reads pyg_<name>.safetensors and pyg_<name>_data.safetensors. Collective.
  PygFixture(const Communicator& comm, const std::string& name, DType dtype);

  const Graph& graph() const { return distributed_.graph; }
  DType dtype() const { return dtype_; }

  /// The data of this name, a row for each node or edge. Collective.
  Tensor nodes(const std::string& data) const;
  Tensor edges(const std::string& data) const;
  /// Integers of nodes below `count` as the parts of a batch. Collective.
  Batch parts(const std::string& data, std::int64_t count) const;
  /// The number of nodes with each in-degree.
  std::vector<std::int64_t> degrees() const;

  /// Puts the weights into a model's state, which must have their axes. Throws otherwise.
  void load(const std::vector<NamedTensor>& state) const;
  /// max |result - data| / max(1, max |data|), the same on all ranks; infinite for another number of elements.
  /// Collective.
  double error(const Tensor& result, const std::string& data) const;

 private:
  std::vector<double> numbers(const std::string& data) const;
  GraphSlab slab(const Communicator& comm) const;
  Tensor rows(const std::string& data, const Migration& way, const RowSpacePtr& space) const;

  DType dtype_;
  std::string path_;  ///< of the weights
  std::vector<NamedTensor> weights_;
  std::map<std::string, Tensor> data_;
  std::int64_t n_nodes_ = 0;
  DistributedGraph distributed_;
};

}  // namespace halograph::testing
