// SPDX-License-Identifier: BSD-3-Clause
#include "tests/benchmarks/device_peak.hpp"

#include <kernels/device/quads.hpp>
#include <kernels/launch/blocks.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Independent chains in each thread, and links of each chain between two looks at the loop's counter.
constexpr int chains = 8, links = 16;

/// Operands differ from thread to thread: they have to be in registers. The chains tend to summand / (1 - factor),
/// which is between 1 and 342.
template <class T>
struct FmaChains {
  T* out;
  std::int64_t rounds;
  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    block.phase([&](int thread) {
      const T summand = T(thread + 1), factor = rounded_multiply(summand, T(1.0 / 1024));
      T chain[chains];
      HALOGRAPH_UNROLL
      for (int i = 0; i < chains; ++i) chain[i] = T(i);
      HALOGRAPH_KEEP_LOOP
      for (std::int64_t round = 0; round < rounds; ++round) {
        HALOGRAPH_UNROLL
        for (int link = 0; link < links; ++link) {
          HALOGRAPH_UNROLL
          for (int i = 0; i < chains; ++i) chain[i] = fused(chain[i], factor, summand);
        }
      }
      T sum = chain[0];
      HALOGRAPH_UNROLL
      for (int i = 1; i < chains; ++i) sum = rounded_add(sum, chain[i]);
      out[block.index() * Block::threads + thread] = sum;
    });
  }
};

template <class T>
double fma_chains(void* out, std::int64_t blocks, std::int64_t rounds) {
  for_each_block<threads_of_peak>(blocks, 0, FmaChains<T>{static_cast<T*>(out), rounds});
  return 2.0 * chains * links * double(rounds) * threads_of_peak * double(blocks);
}

/// A thread has four lots of four numbers on their way at a time; those of adjacent threads are adjacent.
struct Copy {
  float* to;
  const float* from;
  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    block.phase([&](int thread) {
      const std::int64_t first = block.index() * floats_of_block + 4 * thread;
      Pack<float, 4> lot[4];
      HALOGRAPH_UNROLL
      for (int i = 0; i < 4; ++i) lot[i] = load_unchanging(from + first + 4 * i * Block::threads);
      HALOGRAPH_UNROLL
      for (int i = 0; i < 4; ++i) store_aligned(to + first + 4 * i * Block::threads, lot[i]);
    });
  }
};

struct Add {
  float* to;
  const float *a, *b;
  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    block.phase([&](int thread) {
      const std::int64_t first = block.index() * floats_of_block + 4 * thread;
      Pack<float, 4> left[4], right[4];
      HALOGRAPH_UNROLL
      for (int i = 0; i < 4; ++i) {
        left[i] = load_unchanging(a + first + 4 * i * Block::threads);
        right[i] = load_unchanging(b + first + 4 * i * Block::threads);
      }
      HALOGRAPH_UNROLL
      for (int i = 0; i < 4; ++i) store_aligned(to + first + 4 * i * Block::threads, left[i] + right[i]);
    });
  }
};

void copy(float* to, const float* from, std::int64_t n) {
  for_each_block<threads_of_peak>(n / floats_of_block, 0, Copy{to, from});
}

void add(float* to, const float* a, const float* b, std::int64_t n) {
  for_each_block<threads_of_peak>(n / floats_of_block, 0, Add{to, a, b});
}

}  // namespace

const DevicePeak& device_peak();
const DevicePeak& device_peak() {
  static const DevicePeak peak{fma_chains<float>, fma_chains<double>, copy, add};
  return peak;
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
