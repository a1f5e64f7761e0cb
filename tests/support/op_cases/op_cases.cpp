// SPDX-License-Identifier: BSD-3-Clause
#include "tests/support/op_cases/op_cases.hpp"

#include <cmath>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

std::uint64_t bits_at(std::uint64_t salt, std::int64_t row, std::int64_t col) {
  return mix(mix(salt) ^ (std::uint64_t(row) << 20) ^ std::uint64_t(col));
}

double value_at(std::uint64_t salt, std::int64_t row, std::int64_t col, Values values, bool integers) {
  return integers ? double(bits_at(salt, row, col) % 7) - 3 : random_value(salt, row, col, values);
}

Tensor random_rows(std::int64_t rows, std::int64_t cols, DType dtype, const RowSpacePtr& space, Device device,
                   std::uint64_t salt, Values values, bool integers) {
  const std::int64_t first = space ? space->first_row() : 0;
  std::vector<double> host;
  host.reserve(std::size_t(rows * cols));
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < cols; ++c) host.push_back(value_at(salt, first + r, c, values, integers));
  return Tensor::from(host, rows, cols, dtype, space, device);
}

Tensor make_operand(const Graph& graph, const Operand& operand, DType dtype, std::uint64_t salt, bool integers) {
  RowSpacePtr space;
  if (operand.where == Where::nodes) space = graph.nodes();
  if (operand.where == Where::edges) space = graph.edges();
  if (operand.where == Where::ghosts) space = graph.ghosts();
  return random_rows(space ? space->local_rows() : operand.rows, operand.cols, dtype, space, graph.device(), salt,
                     operand.values, integers);
}

}  // namespace

const std::vector<OpCase>& op_cases() {
  static const std::vector<OpCase> cases = [] {
    std::vector<OpCase> all;
    add_elementwise_cases(all);
    add_row_cases(all);
    add_dense_cases(all);
    add_message_cases(all);
    add_mlp_cases(all);
    add_geometry_cases(all);
    add_aggregate_cases(all);
    add_pool_cases(all);
    add_composed_cases(all);
    add_weighted_cases(all);
    add_vector_cases(all);
    add_rearrange_cases(all);
    add_rewire_cases(all);
    add_recurrent_cases(all);
    add_loss_cases(all);
    return all;
  }();
  return cases;
}

double random_value(std::uint64_t salt, std::int64_t row, std::int64_t col, Values values) {
  const double u = double(bits_at(salt, row, col) >> 11) * 0x1p-52 - 1;
  if (values == Values::positive) return 0.5 + std::abs(u);
  if (values == Values::off_zero) return (u < 0 ? -0.3 : 0.3) + u;
  return u;
}

Tensor random_operand(const Graph& graph, const Operand& operand, DType dtype, std::uint64_t salt) {
  return make_operand(graph, operand, dtype, salt, false);
}

Tensor random_like(const Tensor& like, std::uint64_t salt, bool integers) {
  return random_rows(like.rows(), like.cols(), like.dtype(), like.row_space(), like.device(), salt, Values::any,
                     integers);
}

Tensors random_operands(const Graph& graph, const OpCase& op_case, DType dtype, bool integers) {
  Tensors operands;
  for (const Operand& operand : op_case.operands) {
    operands.push_back(make_operand(graph, operand, dtype, 17 + operands.size(), integers));
    operands.back().set_requires_grad();
  }
  return operands;
}

Array to_array(const Tensor& x) {
  const std::vector<double> values = x.to_vector<double>();
  return Eigen::Map<const Array>(values.data(), x.rows(), x.cols());
}

}  // namespace halograph::testing
