// SPDX-License-Identifier: BSD-3-Clause
// The transcendental functions of the kernels, on packs of float and double. No libm: each function is one
// fixed sequence of IEEE operations, hence the same bits for every pack width, instruction set, compiler and
// device (a NaN is a NaN; its sign and payload are not promised). Polynomials are minimax fits (Remez in
// 50 digits). The stated bounds are in units in the last place of the result, and tested.
// Denormal arguments and results are handled gradually, NaN arguments give NaN.
#pragma once

#include "kernels/launch/math_erf.hpp"
#include "kernels/launch/math_exp.hpp"
#include "kernels/launch/math_log.hpp"
#include "kernels/launch/math_trig.hpp"
