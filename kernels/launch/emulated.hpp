// SPDX-License-Identifier: BSD-3-Clause
// Blocks of threads on the host: the same kernels as on a GPU, for tests without one. Threads of a phase run one after
// the other, in an order that changes from phase to phase if the environment's HALOGRAPH_EMULATED_ORDER says so: what a
// GPU may do in any order must not show. Shared memory is filled with NaNs first.
#pragma once

#include <cstdint>

#include <kernels/launch/emulation.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

template <int Threads>
class Block {
 public:
  static constexpr int threads = Threads;
  Block(std::int64_t index, unsigned char* shared, int order) : index_(index), shared_(shared), order_(order) {}

  std::int64_t index() const { return index_; }
  template <class T>
  T* shared(int byte) const {
    return reinterpret_cast<T*>(shared_ + byte);
  }
  template <class F>
  void phase(const F& f) {
    // An odd factor makes a permutation of a power of two.
    const unsigned factor = order_ == 0 ? 1u : order_ == 1 ? unsigned(Threads - 1) : 2u * (phases_++ * 37u + 11u) + 1u;
    const unsigned start = order_ == 0 ? 0u : order_ == 1 ? unsigned(Threads - 1) : 5u * phases_;
    for (unsigned t = 0; t < unsigned(Threads); ++t) f(int((start + t * factor) & unsigned(Threads - 1)));
  }

 private:
  std::int64_t index_;
  unsigned char* shared_;
  int order_;
  unsigned phases_ = 0;
};

template <class S, class Block>
class PerThread {
 public:
  S& operator[](int thread) { return value_[thread]; }

 private:
  S value_[Block::threads];
};

inline std::int64_t shared_memory_limit() { return emulated_shared_bytes; }

template <int Threads, class Body>
void launch_blocks(std::int64_t blocks, std::int64_t shared_bytes, const Body& body) {
  emulate_blocks(
      [](const void* functor, std::int64_t index, unsigned char* shared, int order) {
        Block<Threads> block(index, shared, order);
        (*static_cast<const Body*>(functor))(block);
      },
      &body, std::int64_t(sizeof(Body)), blocks, shared_bytes);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
