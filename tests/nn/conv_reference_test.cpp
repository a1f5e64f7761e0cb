// SPDX-License-Identifier: BSD-3-Clause
// Convolutions without reference files against plain loops over the edges, self-loops, repeated edges and nodes without
// in-edges included.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include <halograph/nn/conv/appnp.hpp>
#include <halograph/nn/conv/cg_conv.hpp>
#include <halograph/nn/conv/cheb_conv.hpp>
#include <halograph/nn/conv/gcn_conv.hpp>
#include <halograph/nn/conv/le_conv.hpp>
#include <halograph/nn/conv/nn_conv.hpp>
#include <halograph/nn/conv/sg_conv.hpp>
#include <halograph/nn/conv/tag_conv.hpp>
#include <halograph/nn/model.hpp>

#include "tests/support/op_cases/op_cases.hpp"

namespace halograph::testing {
namespace {

constexpr GraphSize size{40, 200, 7};
constexpr std::int64_t in = 5, out = 3, edge_channels = 2;

using Matrix = Eigen::MatrixXd;

class ConvReference : public ::testing::Test {
 protected:
  ConvReference()
      : graph_(make_graph(Communicator(), size, Device::preferred())),
        topology_(topology(size)),
        x_(random_operand(graph_, {Where::nodes, in}, DType::f64, 1)),
        e_(random_operand(graph_, {Where::edges, edge_channels}, DType::f64, 2)),
        w_(random_operand(graph_, {Where::edges, 1, 1, Values::positive}, DType::f64, 3)),
        x(to_array(x_)),
        e(to_array(e_)),
        w(to_array(w_)) {}

  template <class Layer>
  void keep(const Layer& layer) {
    for (const NamedTensor& named : state(layer)) parameter_[named.name] = to_array(named.value);
  }
  Matrix weight(const std::string& name) const { return parameter_.at(name).matrix(); }
  /// Rows of y plus the parameter.
  Matrix plus(const Matrix& y, const std::string& name) const { return y.rowwise() + weight(name).row(0); }

  /// [target, source], repeated edges added up.
  Matrix adjacency() const {
    Matrix a = Matrix::Zero(topology_.nodes, topology_.nodes);
    for (std::size_t k = 0; k < topology_.target.size(); ++k)
      a(topology_.target[k], topology_.source[k]) += w(Eigen::Index(k), 0);
    return a;
  }
  /// The same with one loop for each node, the last of those it has or one of weight `fill`.
  Matrix with_loops(double fill) const {
    Matrix a = adjacency();
    a.diagonal().setConstant(fill);
    for (std::size_t k = 0; k < topology_.target.size(); ++k)
      if (topology_.target[k] == topology_.source[k])
        a(topology_.target[k], topology_.target[k]) = w(Eigen::Index(k), 0);
    return a;
  }
  static Matrix normalised(const Matrix& a, const Matrix& degree) {
    const Eigen::VectorXd root = degree.reshaped().unaryExpr([](double d) { return d == 0 ? 0 : 1 / std::sqrt(d); });
    return root.asDiagonal() * a * root.asDiagonal();
  }
  static Matrix normalised(const Matrix& a) { return normalised(a, a.rowwise().sum()); }

  void expect_near(const Tensor& y, const Matrix& expected) const {
    EXPECT_LE((to_array(y).matrix() - expected).cwiseAbs().maxCoeff(), 1e-13 * (1 + expected.cwiseAbs().maxCoeff()));
  }

  Graph graph_;
  Topology topology_;
  Tensor x_, e_, w_;
  Array x, e, w;
  std::map<std::string, Array> parameter_;
};

TEST_F(ConvReference, GCNConvCountsLoopsWithTwo) {
  const auto conv =
      nn::make<nn::GCNConv>(Scope(Random(1), DType::f64), {.in_channels = in, .out_channels = out, .improved = true});
  keep(conv);
  expect_near(conv(graph_, x_, w_),
              plus(normalised(with_loops(2)) * x.matrix() * weight("lin.weight").transpose(), "bias"));
}

TEST_F(ConvReference, TAGConv) {
  const auto conv =
      nn::make<nn::TAGConv>(Scope(Random(1), DType::f64), {.in_channels = in, .out_channels = out, .K = 2});
  keep(conv);
  const Matrix a = normalised(adjacency());
  const Matrix y = x.matrix() * weight("lins.0.weight").transpose() +
                   a * x.matrix() * weight("lins.1.weight").transpose() +
                   a * a * x.matrix() * weight("lins.2.weight").transpose();
  expect_near(conv(graph_, x_, w_), plus(y, "bias"));
}

TEST_F(ConvReference, SGConv) {
  for (const std::int64_t channels : {out, in + 2}) {
    const auto conv =
        nn::make<nn::SGConv>(Scope(Random(1), DType::f64), {.in_channels = in, .out_channels = channels, .K = 2});
    keep(conv);
    const Matrix a = normalised(with_loops(1));
    expect_near(conv(graph_, x_, w_), plus(a * a * x.matrix() * weight("lin.weight").transpose(), "lin.bias"));
  }
}

TEST_F(ConvReference, APPNP) {
  const Matrix a = normalised(with_loops(1));
  Matrix z = x.matrix();
  for (int k = 0; k < 3; ++k) z = 0.9 * a * z + 0.1 * x.matrix();
  expect_near(nn::APPNP({.K = 3, .alpha = 0.1})(graph_, x_, w_), z);
}

TEST_F(ConvReference, ChebConv) {
  const auto conv = nn::make<nn::ChebConv>(Scope(Random(1), DType::f64),
                                           {.in_channels = in, .out_channels = out, .K = 3, .lambda_max = 1.5});
  keep(conv);
  Matrix a = adjacency();
  a.diagonal().setZero();
  const Matrix identity = Matrix::Identity(a.rows(), a.cols());
  const Matrix scaled = 2 / 1.5 * (identity - normalised(a, a.colwise().sum().transpose())) - identity;
  const Matrix t1 = scaled * x.matrix(), t2 = 2 * scaled * t1 - x.matrix();
  const Matrix y = x.matrix() * weight("lins.0.weight").transpose() + t1 * weight("lins.1.weight").transpose() +
                   t2 * weight("lins.2.weight").transpose();
  expect_near(conv(graph_, x_, w_), plus(y, "bias"));
}

TEST_F(ConvReference, LEConv) {
  const auto conv = nn::make<nn::LEConv>(Scope(Random(1), DType::f64), {.in_channels = in, .out_channels = out});
  keep(conv);
  const Matrix a = adjacency();
  const Matrix first = plus(x.matrix() * weight("lin1.weight").transpose(), "lin1.bias");
  const Matrix degree = a.rowwise().sum();
  const Matrix y = a * first - degree.reshaped().asDiagonal() * (x.matrix() * weight("lin2.weight").transpose()) +
                   plus(x.matrix() * weight("lin3.weight").transpose(), "lin3.bias");
  expect_near(conv(graph_, x_, w_), y);
}

TEST_F(ConvReference, CGConv) {
  const auto conv = nn::make<nn::CGConv>(Scope(Random(1), DType::f64), {.channels = in, .dim = edge_channels});
  keep(conv);
  Matrix y = x.matrix();
  for (std::size_t k = 0; k < topology_.target.size(); ++k) {
    Eigen::RowVectorXd z(2 * in + edge_channels);
    z << x.matrix().row(topology_.target[k]), x.matrix().row(topology_.source[k]), e.matrix().row(Eigen::Index(k));
    const Eigen::RowVectorXd f = z * weight("lin_f.weight").transpose() + weight("lin_f.bias");
    const Eigen::RowVectorXd s = z * weight("lin_s.weight").transpose() + weight("lin_s.bias");
    for (Eigen::Index c = 0; c < in; ++c)
      y(topology_.target[k], c) += std::log1p(std::exp(s[c])) / (1 + std::exp(-f[c]));
  }
  expect_near(conv(graph_, x_, e_), y);
}

TEST_F(ConvReference, CGConvNamesItsNormAsPyTorchDoes) {
  const auto state =
      nn::make<nn::CGConv>(Scope(Random(1), DType::f64) / "conv", {.channels = in, .batch_norm = true}).state();
  ASSERT_EQ(state.size(), 9u);
  EXPECT_EQ(state[4].name, "conv.bn.weight");
  EXPECT_EQ(state[6].name, "conv.bn.running_mean");
}

TEST_F(ConvReference, NNConvWithEachWayOfAggregating) {
  for (const ops::Aggregation aggr : {ops::Aggregation::sum, ops::Aggregation::mean, ops::Aggregation::max}) {
    const auto conv =
        nn::make<nn::NNConv>(Scope(Random(1), DType::f64),
                             {.in_channels = in,
                              .out_channels = out,
                              .nn = {.channels = {edge_channels, 4, in * out}, .activation = ops::Activation::tanh},
                              .aggr = aggr});
    keep(conv);
    const Matrix hidden = plus(e.matrix() * weight("nn.0.weight").transpose(), "nn.0.bias").array().tanh().matrix();
    const Matrix theta = plus(hidden * weight("nn.2.weight").transpose(), "nn.2.bias");
    Matrix sum = Matrix::Zero(topology_.nodes, out), most = Matrix::Constant(topology_.nodes, out, -1e300);
    Eigen::VectorXd count = Eigen::VectorXd::Zero(topology_.nodes);
    for (std::size_t k = 0; k < topology_.target.size(); ++k) {
      const std::int64_t t = topology_.target[k];
      Eigen::RowVectorXd message = Eigen::RowVectorXd::Zero(out);
      for (Eigen::Index c = 0; c < in; ++c)
        message += x(topology_.source[k], c) * theta.row(Eigen::Index(k)).segment(c * out, out);
      sum.row(t) += message;
      most.row(t) = most.row(t).cwiseMax(message);
      count[t] += 1;
    }
    Matrix y = sum;
    if (aggr == ops::Aggregation::mean) y = count.cwiseMax(1).cwiseInverse().asDiagonal() * sum;
    if (aggr == ops::Aggregation::max) y = most.unaryExpr([](double v) { return v == -1e300 ? 0 : v; });
    expect_near(conv(graph_, x_, e_), plus(y + x.matrix() * weight("lin.weight").transpose(), "bias"));
  }
}

}  // namespace
}  // namespace halograph::testing
