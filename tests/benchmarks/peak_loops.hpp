// SPDX-License-Identifier: BSD-3-Clause
// Loops that show what one core can do at most. They are compiled for each instruction set with the flags of the
// kernels, so that a kernel is compared with what its own instructions allow.
#pragma once

#include <cstdint>
#include <string_view>

namespace halograph::kernels {

struct PeakLoops {
  /// Fused multiply-adds on registers alone; returns the floating-point operations done.
  double (*fma_f32)(std::int64_t rounds);
  double (*fma_f64)(std::int64_t rounds);
  /// a = b + factor * c with ordinary stores.
  void (*triad)(double* a, const double* b, const double* c, double factor, std::int64_t n);
};

/// The loops of an instruction set that instruction_set() can name. Throws UsageError for any other.
const PeakLoops& peak_loops_of(std::string_view name);

}  // namespace halograph::kernels
