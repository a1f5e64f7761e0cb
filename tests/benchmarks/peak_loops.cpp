// SPDX-License-Identifier: BSD-3-Clause
// No standard library in here: its inline functions would be compiled for this instruction set and might serve others.
#include "peak_loops.hpp"

#include <kernels/launch/pack.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Independent chains: enough to fill two units of a latency of four to six cycles, few enough for 16 registers.
constexpr int chains = 12;

template <class T>
double fma_chains(std::int64_t rounds) {
  constexpr int width = native_bytes / int(sizeof(T));
  // The compiler must not know the operands. The chains tend to summand / (1 - factor) = 1.
  volatile T given_factor = T(0.5), given_summand = T(0.5);
  const Pack<T, width> factor(given_factor), summand(given_summand);
  Pack<T, width> chain[chains];
  for (int i = 0; i < chains; ++i) chain[i] = Pack<T, width>(T(i) * given_summand);
  for (std::int64_t r = 0; r < rounds; ++r)
    for (int i = 0; i < chains; ++i) chain[i] = fma(chain[i], factor, summand);
  Pack<T, width> sum = chain[0];
  for (int i = 1; i < chains; ++i) sum = sum + chain[i];
  volatile T seen = fold(sum);
  (void)seen;
  return 2.0 * chains * width * double(rounds);
}

void triad(double* __restrict a, const double* __restrict b, const double* __restrict c, double factor,
           std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) a[i] = b[i] + factor * c[i];
}

}  // namespace

extern const PeakLoops peak_loops;
const PeakLoops peak_loops{fma_chains<float>, fma_chains<double>, triad};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
