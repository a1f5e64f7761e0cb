// SPDX-License-Identifier: BSD-3-Clause
// All instruction sets that this processor has give the same bits, kernel by kernel, for widths that
// fill vectors and widths that leave tails.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <kernels/host/candidates.hpp>

#include "tests/support/problems/test_graph.hpp"

namespace halograph::testing {
namespace {

using kernels::In;
using kernels::Out;
using kernels::Unary;

constexpr std::int64_t rows = 23;

/// Runs kernels of one table on fixed values and keeps the bytes of every result by name.
template <class T>
class Results {
 public:
  Results(const kernels::Table& table, std::int64_t cols) : table_(table), cols_(cols) {
    x_ = values(rows * cols, 1, 4);
    dy_ = values(rows * cols, 2, 1);
    weight_ = values(cols, 3, 1);
    bias_ = values(cols, 4, 1);
    elementwise();
    row_sums();
    norms();
    segments();
    for (const std::int64_t n : {1, 7, 23, 50, 101}) perceptron(n, n % 2 ? Unary::tanh : Unary::elu, true);
    for (const Unary f : {Unary::leaky_relu, Unary::selu, Unary::softplus, Unary::silu, Unary::gelu, Unary::ssp})
      perceptron(29 + std::int64_t(f), f, false);
  }
  const std::map<std::string, std::vector<T>>& by_name() const { return results_; }

 private:
  static std::vector<T> values(std::int64_t n, std::uint64_t salt, double range) {
    std::vector<T> result;
    for (std::int64_t i = 0; i < n; ++i)
      result.push_back(T((double(mix(1000 * salt + std::uint64_t(i)) >> 11) * 0x1p-52 - 1) * range));
    return result;
  }
  In in(const std::vector<T>& v, std::int64_t n_rows = rows) const {
    const std::int64_t cols = std::int64_t(v.size()) / n_rows;
    return {v.data(), dtype_of<T>(), n_rows, cols, cols};
  }
  Out out(const std::string& name, std::int64_t n_rows, std::int64_t cols) {
    auto& result = results_[name];
    result.assign(std::size_t(n_rows * cols), T(-7));
    return {result.data(), dtype_of<T>(), n_rows, cols, cols};
  }
  Out out(const std::string& name) { return out(name, rows, cols_); }

  void elementwise() {
    for (int f = 0; f <= int(Unary::elu_curve); ++f) {
      const std::string name = "unary " + std::to_string(f);
      table_.unary(Unary(f), in(x_), out(name));
      table_.slope_product(Unary(f), in(x_), in(dy_), out("slope " + name));
    }
    for (int f = 0; f <= int(kernels::Binary::minimum); ++f) {
      const std::string name = "binary " + std::to_string(f);
      table_.binary(kernels::Binary(f), in(x_), in(dy_), out(name));
      table_.binary(kernels::Binary(f), in(x_), in(weight_, 1), out(name + " row"));
    }
    table_.scale_shift(in(x_), 0.3, 0.7, out("scale_shift"));
    table_.copy(in(x_), out("copy"));
    for (const auto law : {kernels::RandomTask::Law::uniform, kernels::RandomTask::Law::normal})
      table_.random({law, 5, 6, nullptr, -1, 2, out("random " + std::to_string(int(law)))});
  }
  void row_sums() {
    const std::vector<std::int64_t> offset{0, 3, 3, 12, rows};
    const kernels::Subtree all{2, 0};
    const kernels::PatchTree tree{offset.data(), nullptr, 0, 4, 4, &all, 1};
    table_.sum_columns(in(x_), out("sum_columns", rows, 1));
    table_.sum_rows(in(x_), tree, out("sum_rows", 1, cols_));
    table_.max_rows(in(x_), out("max_rows", 1, cols_));
    table_.weight_gradient({in(x_), in(dy_), tree, cols_, 0, out("weight_gradient", 1, cols_ * cols_)});
    for (const Unary f :
         {Unary::identity, Unary::relu, Unary::elu, Unary::tanh, Unary::sigmoid, Unary::leaky_relu, Unary::selu}) {
      const std::vector<T> w = values(cols_ * cols_, 7, 1);
      kernels::LinearTask task;
      task.input[0] = in(x_);
      task.n_inputs = 1;
      task.weight = in(w, cols_);
      task.bias = in(bias_, 1);
      task.activation = f;
      task.y = out("linear " + std::to_string(int(f)));
      table_.linear(task);
    }
  }
  void norms() {
    const Out y = out("norm"), statistics = out("statistics", rows, 2);
    table_.layer_norm({in(x_), in(weight_, 1), in(bias_, 1), 1e-5, statistics, y});
    table_.layer_norm_gradient({in(x_), statistics, in(weight_, 1), in(dy_), out("norm gradient")});
    const std::vector<std::int64_t> offset{0, 10, rows};
    const kernels::Subtree all{1, 0};
    table_.layer_norm_weight_gradient({in(x_),
                                       statistics,
                                       in(dy_),
                                       {offset.data(), nullptr, 0, 2, 2, &all, 1},
                                       out("norm weight gradient", 1, 2 * cols_)});
  }
  void segments() {
    const std::vector<std::int32_t> offset{0, 0, 5, 6, 23}, index{4, 4, 2, 9, 0, 22, 21};
    table_.segment_sum(in(x_), offset.data(), nullptr, out("segment_sum", 4, cols_));
    table_.gather_rows(in(x_), {}, index.data(), out("gather_rows", 7, cols_));
    std::vector<std::int32_t> where(std::size_t(4 * cols_));
    table_.segment_extreme(true, in(x_), offset.data(), out("segment_max", 4, cols_), where.data());
    std::vector<T>& positions = results_["segment_max where"];
    positions.assign(where.begin(), where.end());
  }

  /// Two layers on gathered starts and `n` rows of two inputs, so that the panels of every instruction set end in
  /// their own places. A norm or the activation comes last.
  void perceptron(std::int64_t n, Unary activation, bool norm) {
    constexpr std::int64_t nodes = 4, ghosts = 3, few = 3, hidden = 7;
    const std::string name = "mlp of " + std::to_string(n) + " rows";
    const auto sums = [&](const std::string& what, std::int64_t n_rows, std::int64_t cols) {
      const Out result = out(name + " " + what, n_rows, cols);
      std::fill(results_[name + " " + what].begin(), results_[name + " " + what].end(), T(0));
      return result;
    };
    const auto x0 = values(n * cols_, 11, 2), x1 = values(n * few, 12, 2), dy = values(n * cols_, 13, 1);
    const auto target = values(nodes * hidden, 14, 1), source = values(nodes * hidden, 15, 1);
    const auto ghost = values(ghosts * hidden, 16, 1), dsum = values(nodes * cols_, 17, 1);
    const auto weight0 = values(hidden * (cols_ + few), 18, 1), weight1 = values(cols_ * hidden, 19, 1);
    std::vector<std::int32_t> target_row, source_row;
    for (std::int64_t r = 0; r < n; ++r) {
      target_row.push_back(std::int32_t(r * nodes / n));
      source_row.push_back(std::int32_t(mix(std::uint64_t(r)) % std::uint64_t(nodes + ghosts)));
    }
    const std::int32_t block[2] = {0, std::int32_t(n)};
    kernels::MlpGradientTask task;
    kernels::MlpTask& mlp = task.mlp;
    mlp.rows = n;
    mlp.input[0] = in(x0, n);
    mlp.input[1] = in(x1, n);
    mlp.n_inputs = 2;
    mlp.start = {in(target, nodes), in(source, nodes), in(ghost, ghosts), target_row.data(), source_row.data()};
    mlp.layer[0] = {in(weight0, hidden), {}};
    mlp.layer[1] = {in(weight1, cols_), in(bias_, 1)};
    mlp.n_layers = 2;
    mlp.activation = activation;
    if (norm) {
      mlp.norm = true;
      mlp.norm_weight = in(weight_, 1);
      mlp.norm_bias = in(bias_, 1);
    } else {
      mlp.activate_last = true;
    }
    mlp.residual = 0;
    mlp.blocks = block;
    mlp.n_blocks = 1;
    mlp.y = out(name, n, cols_);
    mlp.sum = sums("sum", nodes, cols_);
    mlp.sum_row = target_row.data();
    table_.mlp(mlp);

    const std::vector<std::int64_t> offset{0, n / 3, n / 3, n};
    const kernels::Subtree all{2, 0};
    task.dy = in(dy, n);
    task.dsum = in(dsum, nodes);
    task.dinput[0] = out(name + " dinput 0", n, cols_);
    task.dinput[1] = out(name + " dinput 1", n, few);
    task.dtarget = sums("dtarget", nodes, hidden);
    task.dsource = sums("dsource", nodes, hidden);
    task.dghost = sums("dghost", ghosts, hidden);
    task.tree = {offset.data(), nullptr, 0, 3, 3, &all, 1};
    task.dweight[0] = out(name + " dweight 0", 1, hidden * (cols_ + few));
    task.dweight[1] = out(name + " dweight 1", 1, cols_ * hidden);
    task.dbias[1] = out(name + " dbias 1", 1, cols_);
    if (norm) {
      task.dnorm_weight = out(name + " dnorm_weight", 1, cols_);
      task.dnorm_bias = out(name + " dnorm_bias", 1, cols_);
    }
    table_.mlp_gradient(task);
  }

  const kernels::Table& table_;
  std::int64_t cols_;
  std::vector<T> x_, dy_, weight_, bias_;
  std::map<std::string, std::vector<T>> results_;
};

template <class T>
void check_instruction_sets() {
  const auto candidates = kernels::host_candidates();
  kernels::Table portable;
  candidates.front().fill(portable);
  for (const std::int64_t cols : {1, 2, 3, 5, 8, 13, 16, 17, 31, 33, 48, 67}) {
    const Results<T> expected(portable, cols);
    for (std::size_t i = 1; i < candidates.size(); ++i) {
      if (!candidates[i].runs_here) continue;
      kernels::Table table;
      candidates[i].fill(table);
      const Results<T> found(table, cols);
      for (const auto& [name, values] : expected.by_name())
        EXPECT_EQ(0, std::memcmp(values.data(), found.by_name().at(name).data(), values.size() * sizeof(T)))
            << name << " of " << candidates[i].name << " with " << cols << " columns";
    }
  }
}

TEST(InstructionSets, SameBitsInSingle) { check_instruction_sets<float>(); }
TEST(InstructionSets, SameBitsInDouble) { check_instruction_sets<double>(); }

}  // namespace
}  // namespace halograph::testing
