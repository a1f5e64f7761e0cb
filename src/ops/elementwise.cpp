// SPDX-License-Identifier: BSD-3-Clause
#include <halograph/ops/elementwise.hpp>

#include <halograph/autograd/tape.hpp>
#include <halograph/ops/fading.hpp>
#include <halograph/ops/reduce.hpp>

#include "autograd/basic.hpp"
#include "core/views.hpp"
#include "ops/check.hpp"

namespace halograph::ops {
namespace {

using autograd::record;
using kernels::Binary;
using kernels::Unary;
using Tensors = std::vector<Tensor>;
using Wanted = std::vector<char>;

/// The gradient of an operand that was repeated to the shape of `gradient`.
Tensor sum_to(const Tensor& gradient, const Tensor& operand) {
  Tensor sum = gradient;
  if (operand.cols() == 1 && sum.cols() != 1) sum = sum_columns(sum);
  if (operand.partitioned() != sum.partitioned() || operand.rows() != sum.rows()) sum = sum_rows(sum);
  return sum;
}

bool fits(const Tensor& b, const Tensor& a) {
  const bool rows = b.row_space() == a.row_space() ? (b.rows() == a.rows() || (!a.partitioned() && b.rows() == 1))
                                                   : (!b.partitioned() && b.rows() == 1);
  return rows && (b.cols() == a.cols() || b.cols() == 1);
}

bool only_first_repeats(const Tensor& a, const Tensor& b) {
  return a.defined() && b.defined() && !fits(b, a) && fits(a, b);
}

Tensor binary(const char* name, Binary f, const Tensor& a, const Tensor& b, autograd::SimpleVjp vjp) {
  require_alike(name, a, b);
  require(fits(b, a), name, ": ", b, " cannot be repeated to ", a);
  Tensor y = with_rows_of(a, a.cols());
  kernels::table(a.device()).binary(f, in(a), in(b), out(y));
  return record(name, {a, b}, y, std::move(vjp));
}

Tensor unary(const char* name, Unary f, const Tensor& x, autograd::SimpleVjp vjp) {
  require_defined(name, x);
  Tensor y = with_rows_of(x, x.cols());
  kernels::table(x.device()).unary(f, in(x), out(y));
  return record(name, {x}, y, std::move(vjp));
}

Tensors no_gradient(const Tensors&, const Tensor&, const Tensor&, const Wanted&) { return {Tensor()}; }

/// A unary operation whose derivative is an expression in its input.
template <class Derivative>
Tensor with_derivative(const char* name, Unary f, const Tensor& x, Derivative derivative) {
  return unary(name, f, x, [derivative](const Tensors& inputs, const Tensor& y, const Tensor& dy, const Wanted&) {
    return Tensors{multiply(dy, derivative(inputs[0], y))};
  });
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b) {
  if (only_first_repeats(a, b)) return add(b, a);
  return binary("add", Binary::add, a, b,
                [](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  return Tensors{dy, wanted[1] ? sum_to(dy, inputs[1]) : Tensor()};
                });
}

Tensor subtract(const Tensor& a, const Tensor& b) {
  if (only_first_repeats(a, b)) return add(negate(b), a);
  return binary("subtract", Binary::subtract, a, b,
                [](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  return Tensors{dy, wanted[1] ? negate(sum_to(dy, inputs[1])) : Tensor()};
                });
}

Tensor multiply(const Tensor& a, const Tensor& b) {
  if (only_first_repeats(a, b)) return multiply(b, a);
  return binary("multiply", Binary::multiply, a, b,
                [](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted& wanted) {
                  return Tensors{wanted[0] ? multiply(dy, inputs[1]) : Tensor(),
                                 wanted[1] ? sum_to(multiply(dy, inputs[0]), inputs[1]) : Tensor()};
                });
}

Tensor divide(const Tensor& a, const Tensor& b) {
  if (only_first_repeats(a, b)) return multiply(reciprocal(b), a);
  return binary("divide", Binary::divide, a, b,
                [](const Tensors& inputs, const Tensor& y, const Tensor& dy, const Wanted& wanted) {
                  const Tensor da = divide(dy, inputs[1]);
                  return Tensors{da, wanted[1] ? negate(sum_to(multiply(da, y), inputs[1])) : Tensor()};
                });
}

Tensor scale_shift(const Tensor& x, double scale, double shift) {
  require_defined("scale_shift", x);
  Tensor y = with_rows_of(x, x.cols());
  kernels::table(x.device()).scale_shift(in(x), scale, shift, out(y));
  return record("scale_shift", {x}, y, [scale](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{scale_shift(dy, scale)};
  });
}

Tensor identity(const Tensor& x) {
  require_defined("identity", x);
  return autograd::identity(x);
}

Tensor negate(const Tensor& x) {
  return unary("negate", Unary::negate, x,
               [](const Tensors&, const Tensor&, const Tensor& dy, const Wanted&) { return Tensors{negate(dy)}; });
}

Tensor absolute(const Tensor& x) {
  return with_derivative("absolute", Unary::absolute, x, [](const Tensor& in, const Tensor&) { return sign(in); });
}

Tensor square(const Tensor& x) {
  return with_derivative("square", Unary::square, x,
                         [](const Tensor& in, const Tensor&) { return scale_shift(in, 2); });
}

Tensor square_root(const Tensor& x) {
  return unary("square_root", Unary::square_root, x,
               [](const Tensors&, const Tensor& y, const Tensor& dy, const Wanted&) {
                 return Tensors{divide(scale_shift(dy, 0.5), y)};
               });
}

Tensor reciprocal(const Tensor& x) {
  return with_derivative("reciprocal", Unary::reciprocal, x,
                         [](const Tensor&, const Tensor& y) { return negate(square(y)); });
}

Tensor exponential(const Tensor& x) {
  return with_derivative("exponential", Unary::exponential, x, [](const Tensor&, const Tensor& y) { return y; });
}

Tensor fading_exponential(const Tensor& x) {
  return with_derivative("fading_exponential", Unary::fading_exponential, x,
                         [](const Tensor&, const Tensor& y) { return y; });
}

Tensor logarithm(const Tensor& x) {
  return unary("logarithm", Unary::logarithm, x,
               [](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
                 return Tensors{divide(dy, inputs[0])};
               });
}

Tensor sine(const Tensor& x) {
  return with_derivative("sine", Unary::sine, x, [](const Tensor& in, const Tensor&) { return cosine(in); });
}

Tensor cosine(const Tensor& x) {
  return with_derivative("cosine", Unary::cosine, x, [](const Tensor& in, const Tensor&) { return negate(sine(in)); });
}

Tensor error_function(const Tensor& x) {
  constexpr double two_over_root_pi = 1.1283791670955126;
  return with_derivative("error_function", Unary::error_function, x, [](const Tensor& in, const Tensor&) {
    return scale_shift(fading_exponential(negate(square(in))), two_over_root_pi);
  });
}

Tensor step(const Tensor& x) { return unary("step", Unary::step, x, no_gradient); }
Tensor sign(const Tensor& x) { return unary("sign", Unary::sign, x, no_gradient); }

Tensor cast(const Tensor& x, DType dtype) {
  require_defined("cast", x);
  if (x.dtype() == dtype) return x;
  Tensor y = Tensor::empty(x.rows(), x.cols(), dtype, x.row_space(), x.device());
  kernels::table(x.device()).copy(in(x), out(y));
  return record("cast", {x}, y, [](const Tensors& inputs, const Tensor&, const Tensor& dy, const Wanted&) {
    return Tensors{cast(dy, inputs[0].dtype())};
  });
}

}  // namespace halograph::ops
