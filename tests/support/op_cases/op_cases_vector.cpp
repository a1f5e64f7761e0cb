// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/message.hpp>
#include <halograph/ops/vector_message.hpp>

#include "tests/support/op_cases/op_case_lists.hpp"

namespace halograph::testing {
namespace {

using std::size_t;

Array message(const Topology& t, const Array& nodes, const Array& ghosts, const Array& w, const Array& r) {
  const Eigen::Index f = w.cols() / 3;
  Array y = Array::Zero(t.nodes, 4 * f);
  for (size_t e = 0; e < t.target.size(); ++e) {
    const Array x = t.ghost[e] >= 0 ? ghosts.row(t.ghost[e]) : nodes.row(t.source[e]);
    for (Eigen::Index k = 0; k < f; ++k) {
      const auto edge = Eigen::Index(e);
      y(t.target[e], k) += w(edge, k) * x(0, k);
      for (Eigen::Index a = 0; a < 3; ++a)
        y(t.target[e], (1 + a) * f + k) += w(edge, f + k) * r(edge, a) * x(0, f + k) +
                                           (x.cols() > 2 * f ? w(edge, 2 * f + k) * x(0, (2 + a) * f + k) : 0);
    }
  }
  return y;
}

}  // namespace

void add_vector_cases(std::vector<OpCase>& cases) {
  for (const std::int64_t parts : {2, 5}) {
    OpCase c;
    c.name = parts == 2 ? "vector_message of scalars" : "vector_message";
    c.operands = {{Where::nodes, 3 * parts}, {Where::ghosts, 3 * parts}, {Where::edges, 9}, {Where::edges, 3}};
    c.op = [](const Graph& g, const Tensors& x) { return Tensors{ops::vector_message(g, x[0], x[1], x[2], x[3])}; };
    c.reference = [](const Topology& t, const Arrays& x) { return Arrays{message(t, x[0], x[1], x[2], x[3])}; };
    cases.push_back(c);
  }
}

}  // namespace halograph::testing
