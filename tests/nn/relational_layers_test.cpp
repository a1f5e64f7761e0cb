// SPDX-License-Identifier: BSD-3-Clause
// Layers that have no reference files against their formulas, in plain loops over the edges of the whole graph.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include <halograph/core/error.hpp>
#include <halograph/graph/rewire/typed_graphs.hpp>
#include <halograph/nn/conv/rgcn_conv.hpp>
#include <halograph/nn/conv/transformer_conv.hpp>
#include <halograph/nn/model.hpp>
#include <halograph/ops/elementwise.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};
constexpr std::int32_t n_types = 3;
constexpr double tolerance = 1e-12;

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Row = Eigen::RowVectorXd;

Matrix values(const Tensor& x) { return to_array(x).matrix(); }

/// The graph, its edges, and inputs, whole.
struct Bed {
  Graph graph = make_graph(Communicator(), size, Device::preferred());
  Topology edges = topology(size);
  Tensor x = random_operand(graph, {Where::nodes, 6}, DType::f64, 1);
  Tensor attr = random_operand(graph, {Where::edges, 3}, DType::f64, 3);

  /// Calls each(edge, target, source) for the edges in order.
  template <class Each>
  void for_edges(const Each& each) const {
    for (Eigen::Index e = 0; e < Eigen::Index(edges.edges()); ++e)
      each(e, Eigen::Index(edges.target[std::size_t(e)]), Eigen::Index(edges.source[std::size_t(e)]));
  }
};

/// Parameters by name.
class State {
 public:
  template <class Layer>
  explicit State(const Layer& layer) {
    for (NamedTensor named : layer.state()) {
      named.value.assign(random_like(named.value, 40).to_vector<double>());  // biases may start at 0
      parameters_[named.name] = values(named.value);
    }
  }
  bool has(const std::string& name) const { return parameters_.count(name) > 0; }
  const Matrix& operator[](const std::string& name) const { return parameters_.at(name); }
  /// x W^T + b, b 0 if there is none.
  Matrix linear(const std::string& name, const Matrix& x) const {
    Matrix y = x * parameters_.at(name + ".weight").transpose();
    if (has(name + ".bias")) y.rowwise() += Row(parameters_.at(name + ".bias").row(0));
    return y;
  }

 private:
  std::map<std::string, Matrix> parameters_;
};

void expect_close(const Tensor& found, const Matrix& expected, double allowed = tolerance) {
  const Matrix y = values(found);
  ASSERT_EQ(y.rows(), expected.rows());
  ASSERT_EQ(y.cols(), expected.cols());
  EXPECT_LE((y - expected).cwiseAbs().maxCoeff(), allowed);
}

TEST(RGCNConv, is_its_formula) {
  const Bed bed;
  std::vector<std::int32_t> type;
  for (std::int64_t e = 0; e < bed.edges.edges(); ++e) type.push_back(std::int32_t(mix(std::uint64_t(e)) % n_types));
  const auto graphs = typed_graphs(bed.graph, type, n_types);
  for (const std::int64_t out : {4, 9})
    for (const std::int64_t bases : {0, 2})
      for (const auto aggr : {ops::Aggregation::sum, ops::Aggregation::mean, ops::Aggregation::max}) {
        const nn::RGCNConvOptions options{
            .in_channels = 6, .out_channels = out, .num_relations = n_types, .num_bases = bases, .aggr = aggr};
        const auto layer = nn::make<nn::RGCNConv>(Scope(Random(4), DType::f64), options);
        const State state(layer);
        const Matrix x = values(bed.x);
        Matrix y = x * state["root"];
        y.rowwise() += Row(state["bias"].row(0));
        for (std::int32_t r = 0; r < n_types; ++r) {
          Matrix sum = Matrix::Zero(x.rows(), x.cols());
          std::vector<int> count(std::size_t(x.rows()), 0);
          bed.for_edges([&](auto e, auto i, auto j) {
            if (type[std::size_t(e)] != r) return;
            const bool first = count[std::size_t(i)]++ == 0;
            if (aggr == ops::Aggregation::max && !first) sum.row(i) = sum.row(i).cwiseMax(x.row(j));
            else sum.row(i) += x.row(j);
          });
          for (Eigen::Index i = 0; i < x.rows(); ++i)
            if (aggr == ops::Aggregation::mean && count[std::size_t(i)] > 0) sum.row(i) /= count[std::size_t(i)];
          Matrix weight = Matrix::Zero(6, out);
          if (bases == 0) weight = state["weight"].middleRows(6 * r, 6);
          for (Eigen::Index b = 0; b < bases; ++b) weight += state["comp"](r, b) * state["weight"].middleRows(6 * b, 6);
          y += sum * weight;
        }
        expect_close(layer(graphs, bed.x), y);
      }
}

/// Scores grow with the square of x: exponentials of them overflow for a scale of 30.
void check_transformer(double scale) {
  Bed bed;
  bed.x = ops::scale_shift(bed.x, scale);
  constexpr Eigen::Index heads = 2, out = 5;
  for (const bool concat : {true, false})
    for (const bool beta : {false, true})
      for (const std::int64_t edge_dim : {0, 3}) {
        const nn::TransformerConvOptions options{.in_channels = 6,
                                                 .out_channels = out,
                                                 .heads = heads,
                                                 .concat = concat,
                                                 .beta = beta,
                                                 .edge_dim = edge_dim};
        const auto layer = nn::make<nn::TransformerConv>(Scope(Random(5), DType::f64), options);
        const State state(layer);
        const Matrix x = values(bed.x);
        const Matrix q = state.linear("lin_query", x), k = state.linear("lin_key", x), v = state.linear("lin_value", x);
        const Matrix e = edge_dim > 0 ? state.linear("lin_edge", values(bed.attr))
                                      : Matrix(Matrix::Zero(bed.graph.n_edges(), heads * out));
        Matrix sum = Matrix::Zero(x.rows(), heads * out), norm = Matrix::Zero(x.rows(), heads);
        Matrix largest = Matrix::Constant(x.rows(), heads, -std::numeric_limits<double>::infinity());
        const auto head = [](const Matrix& m, Eigen::Index row, Eigen::Index h) {
          return Row(m.row(row).segment(h * out, +out));
        };
        const auto score = [&](Eigen::Index edge, Eigen::Index i, Eigen::Index j, Eigen::Index h) {
          return head(q, i, h).dot(head(k, j, h) + head(e, edge, h)) / std::sqrt(double(out));
        };
        bed.for_edges([&](auto edge, auto i, auto j) {
          for (Eigen::Index h = 0; h < heads; ++h) largest(i, h) = std::max(largest(i, h), score(edge, i, j, h));
        });
        bed.for_edges([&](auto edge, auto i, auto j) {
          for (Eigen::Index h = 0; h < heads; ++h) {
            const double power = std::exp(score(edge, i, j, h) - largest(i, h));
            norm(i, h) += power;
            sum.row(i).segment(h * out, out) += power * (head(v, j, h) + head(e, edge, h));
          }
        });
        for (Eigen::Index i = 0; i < x.rows(); ++i)
          for (Eigen::Index h = 0; h < heads; ++h)
            if (norm(i, h) > 0) sum.row(i).segment(h * out, out) /= norm(i, h);
        const Matrix a = concat ? sum : Matrix((sum.leftCols(out) + sum.rightCols(out)) / 2);
        const Matrix s = state.linear("lin_skip", x);
        Matrix y = a + s;
        if (beta) {
          Matrix both(x.rows(), 3 * a.cols());
          both << a, s, a - s;
          const Eigen::ArrayXd b = 1 / (1 + (-state.linear("lin_beta", both).col(0).array()).exp());
          y = (s.array().colwise() * b + a.array().colwise() * (1 - b)).matrix();
        }
        expect_close(layer(bed.graph, bed.x, edge_dim > 0 ? bed.attr : Tensor()), y, tolerance * scale * scale);
      }
}

TEST(TransformerConv, is_its_formula) { check_transformer(1); }
TEST(TransformerConv, is_its_formula_with_large_scores) { check_transformer(30); }

TEST(RelationalLayers, refuse_options_and_inputs_that_do_not_fit) {
  const Bed bed;
  EXPECT_THROW(nn::RGCNConv(Scope(Random(1), DType::f64), {.in_channels = 6, .out_channels = 0}), UsageError);
  EXPECT_THROW(nn::TransformerConv(Scope(Random(1), DType::f64), {.in_channels = 6, .out_channels = 4, .heads = 0}),
               UsageError);
  const auto rgcn =
      nn::make<nn::RGCNConv>(Scope(Random(1), DType::f64), {.in_channels = 6, .out_channels = 4, .num_relations = 2});
  EXPECT_THROW((*rgcn)({}, bed.x), UsageError);
  const auto transformer =
      nn::make<nn::TransformerConv>(Scope(Random(1), DType::f64), {.in_channels = 6, .out_channels = 4});
  EXPECT_THROW(transformer(bed.graph, bed.x, bed.attr), UsageError);
  EXPECT_THROW(transformer(bed.graph, bed.attr), UsageError);
  EXPECT_THROW(typed_graphs(bed.graph, std::vector<std::int32_t>(std::size_t(bed.graph.n_edges()), 2), 2), UsageError);
  EXPECT_THROW(typed_graphs(bed.graph, {}, 2), UsageError);
}

}  // namespace
}  // namespace halograph::testing
