// SPDX-License-Identifier: BSD-3-Clause
// The transcendental functions of the kernels, on packs of float and double. No libm: each function is one
// fixed sequence of IEEE operations, hence the same bits for every pack width, instruction set, compiler and
// device (a NaN is a NaN; its sign and payload are not promised). Polynomials are minimax fits (Remez in
// 50 digits). The stated bounds are in units in the last place of the result, and tested.
// Where a result would be denormal exp gives 0; what fades out (sigmoid, softplus, fading_exp) gives 0 below
// faint (math_support.hpp). From normal arguments no step makes a denormal number, which costs some processors
// 100 times the time of another; tests/ops/denormals_test.cpp sees to it. Denormal arguments are taken as they are, NaN
// arguments give NaN.
#pragma once

#include "kernels/launch/math_erf.hpp"
#include "kernels/launch/math_exp.hpp"
#include "kernels/launch/math_log.hpp"
#include "kernels/launch/math_trig.hpp"
