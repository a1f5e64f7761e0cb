// SPDX-License-Identifier: BSD-3-Clause
// A loss as a sum of named terms, so that a history shows each of them:
//   return term("energy", energy_loss) + 10 * term("forces", force_loss);
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <halograph/core/tensor.hpp>

namespace halograph::train {

struct Term {
  std::string name;
  Tensor value;  ///< replicated [1, 1]
  double weight = 1;
};

using Terms = std::vector<Term>;

/// Makes a loss of one term.
inline Terms term(std::string name, const Tensor& value, double weight = 1) {
  return {{std::move(name), value, weight}};
}

inline Terms operator+(Terms left, const Terms& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

/// Multiplies the weights of all terms.
inline Terms operator*(double factor, Terms terms) {
  for (Term& t : terms) t.weight *= factor;
  return terms;
}

/// Adds weight * value over the terms, in order. Throws UsageError for no term, for two of one name, for a name that a
/// column of a table cannot have (a comma, '/', a line's end, nothing) and for values that are not replicated [1, 1].
Tensor total(const Terms& terms);

}  // namespace halograph::train
