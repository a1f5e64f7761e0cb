// SPDX-License-Identifier: BSD-3-Clause
// Edges of points in space, functions of their length, and splits of columns. The graph has self-loops: edges of length
// 0.
#include <cmath>
#include <numbers>

#include <halograph/ops/geometry.hpp>
#include <halograph/ops/radial.hpp>
#include <halograph/ops/split.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

OpCase make(const char* name, std::vector<Operand> operands, std::function<Tensors(const Graph&, const Tensors&)> op,
            std::function<Arrays(const Topology&, const Arrays&)> reference, bool linear = false) {
  OpCase c;
  c.name = name;
  c.operands = std::move(operands);
  c.op = std::move(op);
  c.reference = std::move(reference);
  c.linear = linear;
  return c;
}

Array vectors(const Topology& t, const Array& pos) {
  Array y(t.edges(), pos.cols());
  for (std::int64_t e = 0; e < t.edges(); ++e)
    y.row(e) = pos.row(t.source[std::size_t(e)]) - pos.row(t.target[std::size_t(e)]);
  return y;
}

Array lengths(const Array& v) { return v.square().rowwise().sum().sqrt(); }

Array directions(const Array& v) {
  Array y = v;
  for (Eigen::Index r = 0; r < v.rows(); ++r) y.row(r) /= lengths(v)(r, 0) == 0 ? 1 : lengths(v)(r, 0);
  return y;
}

Array gaussian(const Array& d, const Array& centre) {
  Array y(d.rows(), centre.cols());
  for (Eigen::Index r = 0; r < d.rows(); ++r) y.row(r) = (-1.5 * (centre - d(r, 0)).square()).exp();
  return y;
}

Array bessel(const Array& d, const Array& frequency) {
  Array y = Array::Zero(d.rows(), frequency.cols());
  for (Eigen::Index r = 0; r < d.rows(); ++r)
    if (d(r, 0) != 0) y.row(r) = (frequency * d(r, 0)).sin() / d(r, 0);
  return y;
}

Array cutoff(const Array& d, double limit, bool mask) {
  const Array fade = ((d * std::numbers::pi / limit).cos() + 1) / 2;
  return mask ? Array((d < limit).select(fade, 0)) : fade;
}

}  // namespace

void add_geometry_cases(std::vector<OpCase>& cases) {
  const Operand pos{Where::nodes, 3}, shift{Where::edges, 3}, distance{Where::edges, 1, 1, Values::positive};
  cases.push_back(make(
      "displacement", {pos}, [](const Graph& g, const Tensors& x) { return Tensors{ops::displacement(g, x[0])}; },
      [](const Topology& t, const Arrays& x) { return Arrays{vectors(t, x[0])}; }, true));
  cases.push_back(make(
      "displacement with shifts", {pos, shift},
      [](const Graph& g, const Tensors& x) { return Tensors{ops::displacement(g, x[0], x[1])}; },
      [](const Topology& t, const Arrays& x) { return Arrays{vectors(t, x[0]) + x[1]}; }, true));
  cases.push_back(make(
      "lengths and directions of edges", {pos},
      [](const Graph& g, const Tensors& x) {
        const Tensor v = ops::displacement(g, x[0]);
        return Tensors{ops::squared_length(v), ops::length(v), ops::direction(v)};
      },
      [](const Topology& t, const Arrays& x) {
        const Array v = vectors(t, x[0]);
        return Arrays{lengths(v).square(), lengths(v), directions(v)};
      }));
  const Operand few{Where::replicated, 4};
  cases.push_back(make(
      "gaussian_basis", {distance, few},
      [](const Graph&, const Tensors& x) { return Tensors{ops::gaussian_basis(x[0], x[1], -1.5)}; },
      [](const Topology&, const Arrays& x) { return Arrays{gaussian(x[0], x[1])}; }));
  cases.push_back(make(
      "bessel_basis of edges", {pos, few},
      [](const Graph& g, const Tensors& x) {
        return Tensors{ops::bessel_basis(ops::length(ops::displacement(g, x[0])), x[1])};
      },
      [](const Topology& t, const Arrays& x) { return Arrays{bessel(lengths(vectors(t, x[0])), x[1])}; }));
  for (const bool mask : {true, false})
    cases.push_back(make(
        mask ? "cosine_cutoff" : "cosine_cutoff without mask", {distance},
        [mask](const Graph&, const Tensors& x) { return Tensors{ops::cosine_cutoff(x[0], 1.0, mask)}; },
        [mask](const Topology&, const Arrays& x) { return Arrays{cutoff(x[0], 1.0, mask)}; }));
  cases.push_back(make(
      "split_columns", {{Where::edges, 6}},
      [](const Graph&, const Tensors& x) {
        const Tensors parts = ops::split_columns(x[0], 3);
        return Tensors{parts[0], parts[2]};
      },
      [](const Topology&, const Arrays& x) {
        return Arrays{x[0].leftCols(2), x[0].rightCols(2)};
      },
      true));
}

}  // namespace halograph::testing
