// SPDX-License-Identifier: BSD-3-Clause
// Dense products of rounded factors on tensor cores. The blocks, steps and ways of memory are those of the exact
// product (kernels/device/linear.cpp); factors are rounded on their way to shared memory, and a warp multiplies its
// part of a tile in fragments of 16 x 16. Sums pass through shared memory at both ends of a tile, between the
// fragments, whose layout is not known, and the threads that fetch starts and write results. The sums of a warp concern
// no other one.
#include <cuda_bf16.h>
#include <mma.h>

#include <kernels/device/linear_strips.hpp>
#include <kernels/device/tensor_linear.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// What factors are in shared memory, the type of their fragments, and how many columns of the sum go into one
/// operation.
struct Tf32 {
  using Number = float;
  using Fragment = nvcuda::wmma::precision::tf32;
  static constexpr int depth = 8;
  static __device__ __forceinline__ Number round(float x) { return nvcuda::wmma::__float_to_tf32(x); }
};
struct Bf16 {
  using Number = __nv_bfloat16;
  using Fragment = __nv_bfloat16;
  static constexpr int depth = 16;
  static __device__ __forceinline__ Number round(float x) { return __float2bfloat16_rn(x); }
};

template <class Tile, class Factor>
struct TensorLinear {
  using Strips = LinearStrips<float, Tile>;
  using Number = typename Factor::Number;
  Strips strips;

  static constexpr int part_cols = Tile::cols / (Tile::threads / 32 / (Tile::rows / 32)), across = part_cols / 16;
  static constexpr int parts_across = Tile::cols / part_cols;
  // Rows of shared memory are multiples of 16 bytes and of different banks one after the other.
  static constexpr int x_stride = Tile::rows + 8, w_stride = Tile::cols + 8, sum_stride = Tile::cols + 4;
  static constexpr int w_place = tile_depth<float> * x_stride, buffer = w_place + tile_depth<float> * w_stride;
  static constexpr int sums_place = 2 * buffer * int(sizeof(Number));
  static constexpr int shared_bytes = sums_place + Tile::rows * sum_stride * int(sizeof(float));
  static constexpr int blocks_beside = 512 / Tile::threads;
  // Fragments are read and written at multiples of 32 bytes.
  static_assert(w_place * sizeof(Number) % 32 == 0 && buffer * sizeof(Number) % 32 == 0 && part_cols % 16 == 0 &&
                Factor::depth * x_stride * sizeof(Number) % 32 == 0 &&
                Factor::depth * w_stride * sizeof(Number) % 32 == 0 && 16 * sum_stride * sizeof(float) % 32 == 0);

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
#if HALOGRAPH_DEVICE_CODE
    using namespace nvcuda;
    typename Strips::Carry carry;
    wmma::fragment<wmma::accumulator, 16, 16, Factor::depth, float> sums[2][across];
    const auto here = strips.area(block.index());
    if (here.rows <= 0) return;
    const auto store = [&](int thread, Number* to) {
      strips.store(carry, thread, to, x_stride, to + w_place, w_stride, [](float x) { return Factor::round(x); });
    };
    typename Strips::Step next{0, 0, 0};
    Number* staged = block.template shared<Number>(0);
    Number* following = staged + buffer;
    float* const tile_sums = block.template shared<float>(sums_place);
    block.phase([&](int thread) {
      strips.load(carry, thread, here, next);
      store(thread, staged);
    });
    while (next.row < here.rows) {
      const auto step = next;
      next = strips.after(step);
      block.phase([&](int thread) {
        const int part = thread / 32, row = 32 * (part / parts_across), col = part_cols * (part % parts_across);
        float* const mine = tile_sums + row * sum_stride + col;
        if (strips.is_first(step)) {
          typename Tile::Sums own{};
          strips.begin(own, thread, here, step);
          exchange(own, thread, tile_sums, [](float& of_thread, float& of_tile) { of_tile = of_thread; });
          __syncwarp();
          for_each_fragment(mine, [&](int i, int j, float* at) {
            wmma::load_matrix_sync(sums[i][j], at, sum_stride, wmma::mem_row_major);
          });
        }
        if (next.row < here.rows) strips.load(carry, thread, here, next);
        const int columns = strips.columns(step);
        HALOGRAPH_UNROLL
        for (int k = 0; k < tile_depth<float>; k += Factor::depth) {
          if (k >= columns) break;
          wmma::fragment<wmma::matrix_a, 16, 16, Factor::depth, typename Factor::Fragment, wmma::col_major> x[2];
          HALOGRAPH_UNROLL
          for (int i = 0; i < 2; ++i) wmma::load_matrix_sync(x[i], staged + k * x_stride + row + 16 * i, x_stride);
          HALOGRAPH_UNROLL
          for (int j = 0; j < across; ++j) {
            wmma::fragment<wmma::matrix_b, 16, 16, Factor::depth, typename Factor::Fragment, wmma::row_major> w;
            wmma::load_matrix_sync(w, staged + w_place + k * w_stride + col + 16 * j, w_stride);
            HALOGRAPH_UNROLL
            for (int i = 0; i < 2; ++i) wmma::mma_sync(sums[i][j], x[i], w, sums[i][j]);
          }
        }
        if (next.row < here.rows) store(thread, following);
        if (strips.is_last(step)) {
          for_each_fragment(mine, [&](int i, int j, float* at) {
            wmma::store_matrix_sync(at, sums[i][j], sum_stride, wmma::mem_row_major);
          });
          __syncwarp();
          typename Tile::Sums own;
          exchange(own, thread, tile_sums, [](float& of_thread, float& of_tile) { of_thread = of_tile; });
          __syncwarp();
          strips.finish(own, thread, here, step);
        }
      });
      Number* const free = staged;
      staged = following;
      following = free;
    }
#else
    (void)block;
#endif
  }

 private:
  /// Calls body(sum of the thread, its place in the tile).
  template <class Body>
  static HALOGRAPH_FN void exchange(typename Tile::Sums& own, int thread, float* tile_sums, const Body& body) {
    HALOGRAPH_UNROLL
    for (int r = 0; r < Tile::R; ++r) {
      HALOGRAPH_UNROLL
      for (int c = 0; c < Tile::C; ++c)
        body(own.at[r][c], tile_sums[Tile::row(thread, r) * sum_stride + Tile::col(thread, c)]);
    }
  }
  template <class Body>
  static HALOGRAPH_FN void for_each_fragment(float* mine, const Body& body) {
    HALOGRAPH_UNROLL
    for (int i = 0; i < 2; ++i) {
      HALOGRAPH_UNROLL
      for (int j = 0; j < across; ++j) body(i, j, mine + 16 * i * sum_stride + 16 * j);
    }
  }
};

template <class Tile, class Factor>
void launch(const LinearTask& task, ProductMode mode) {
  using Body = TensorLinear<Tile, Factor>;
  const Body body{LinearStrips<float, Tile>(task, mode)};
  for_each_block<Tile::threads>(body.strips.n_blocks(task), Body::shared_bytes, body);
}

/// Wider tiles have more sums than registers.
template <class Factor>
void multiply(const LinearTask& task, ProductMode mode) {
  if (task.y.cols <= 32) launch<Tile<float, 8, 4, 4, 1>, Factor>(task, mode);
  else launch<Tile<float, 8, 4, 4, 2>, Factor>(task, mode);
}

}  // namespace

void linear_on_tensor_cores(const LinearTask& task, ProductMode mode) {
  if (mode == ProductMode::tf32) multiply<Tf32>(task, mode);
  else multiply<Bf16>(task, mode);
}

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
