// SPDX-License-Identifier: BSD-3-Clause
// The list of operations that every check of operations walks: forward against a naive reference,
// first and second derivatives against differences, transposes, one against many ranks. A new
// operation gets one line here and is then held to all of them.
#pragma once

#include <Eigen/Core>
#include <functional>
#include <string>
#include <vector>

#include <halograph/graph/dist/graph.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {

using Tensors = std::vector<Tensor>;
using Array = Eigen::Array<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Arrays = std::vector<Array>;

enum class Where { nodes, edges, ghosts, replicated };
enum class Values { any, positive, off_zero };

struct Operand {
  Where where;
  std::int64_t cols;
  std::int64_t rows = 1;  ///< of replicated operands
  Values values = Values::any;
};

struct OpCase {
  std::string name;
  std::vector<Operand> operands;
  std::function<Tensors(const Graph&, const Tensors&)> op;
  /// Plain loops over the whole graph in double; empty where other cases stand for it.
  std::function<Arrays(const Topology&, const Arrays&)> reference;
  bool linear = false;  ///< in all operands together: the transpose is checked by <A x, y> = <x, A^T y>
  bool differentiable = true;
  bool smooth = true;  ///< differences of it mean something
};

const std::vector<OpCase>& op_cases();

/// A number that depends on row, column and `salt` only.
double random_value(std::uint64_t salt, std::int64_t row, std::int64_t col, Values values = Values::any);
/// Values that depend on the global row, the column and `salt` only.
Tensor random_operand(const Graph& graph, const Operand& operand, DType dtype, std::uint64_t salt);
/// The same for the rows of a tensor; integers -3..3 if asked.
Tensor random_like(const Tensor& like, std::uint64_t salt, bool integers = false);
/// Operands of a case, marked as variables.
Tensors random_operands(const Graph& graph, const OpCase& op_case, DType dtype, bool integers = false);

Array to_array(const Tensor& x);

}  // namespace halograph::testing
