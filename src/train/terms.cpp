// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/train/terms.hpp>

#include <halograph/core/error.hpp>
#include <halograph/ops/elementwise.hpp>

namespace halograph::train {
namespace {

void check(const Terms& terms) {
  require(!terms.empty(), "the loss has no term");
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const Term& t = terms[i];
    require(!t.name.empty() && t.name.find_first_of(",/\"\n\r") == std::string::npos, "the name of the loss term '",
            t.name, "' is empty or has a comma, a slash, a quotation mark or a line's end");
    require(t.value.defined() && t.value.rows() == 1 && t.value.cols() == 1 && !t.value.partitioned(),
            "the loss term '", t.name, "' is ", t.value, ", expected a replicated [1, 1]");
    for (std::size_t k = 0; k < i; ++k) require(terms[k].name != t.name, "two loss terms are named '", t.name, "'");
  }
}

}  // namespace

Tensor total(const Terms& terms) {
  check(terms);
  Tensor sum;
  for (const Term& t : terms) {
    const Tensor part = t.weight == 1 ? t.value : ops::scale_shift(t.value, t.weight);
    sum = sum.defined() ? ops::add(sum, part) : part;
  }
  return sum;
}

}  // namespace halograph::train
