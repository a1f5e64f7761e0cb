// SPDX-License-Identifier: BSD-3-Clause
// Dense products for tall, thin matrices. A block of threads works on a strip of rows, tile by tile, and walks the
// columns of x in steps of 64 bytes a row. What a step needs is loaded to registers while the threads multiply what the
// step before left in shared memory; this goes on across tiles, so that the memory is never idle between them. Every
// element of y is one chain of fused multiply-adds as on the host, whatever tile it falls into.
#include <kernels/device/linear_strips.hpp>
#include <kernels/device/tensor_linear.hpp>
#include <kernels/device/this_device.hpp>
#include <kernels/register.hpp>
#include <kernels/rounding.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// Whether rounded factors are multiplied elsewhere.
constexpr bool has_tensor_cores = this_device() == Device::cuda();

template <class T, class Tile>
struct LinearOnBlocks {
  using Strips = LinearStrips<T, Tile>;
  using Sums = typename Tile::Sums;
  using Carry = typename Strips::Carry;
  using Step = typename Strips::Step;
  Strips strips;

  static constexpr int x_numbers = tile_depth<T> * Tile::x_stride, w_numbers = tile_depth<T> * Tile::w_stride;
  static constexpr int shared_bytes = 2 * (x_numbers + w_numbers) * int(sizeof(T));

  /// As many threads as have registers for what they hold: 512 with 128 each, or more with fewer. (For hipcc the number
  /// means something else.)
  static constexpr int held = int(sizeof(Sums) + sizeof(Carry));
  static constexpr int threads_beside = held > 336 ? 384 : held > 224 ? 512 : held > 160 ? 640 : 768;
  static constexpr int blocks_beside = this_device() == Device::hip() ? 1 : threads_beside / Tile::threads;

  HALOGRAPH_FN void store(const Carry& carry, int thread, T* x) const {
    strips.store(carry, thread, x, Tile::x_stride, x + x_numbers, Tile::w_stride, [&](T number) {
      if constexpr (has_tensor_cores) return number;
      else return rounded_factor(strips.mode, Pack<T, 1>(number)).value;
    });
  }

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    PerThread<Sums, Block> sums;
    PerThread<Carry, Block> carry;
    const auto here = strips.area(block.index());
    if (here.rows <= 0) return;
    Step next{0, 0, 0};
    T* staged = block.template shared<T>(0);
    T* following = staged + x_numbers + w_numbers;
    block.phase([&](int thread) {
      strips.load(carry[thread], thread, here, next);
      store(carry[thread], thread, staged);
    });
    while (next.row < here.rows) {
      const Step step = next;
      next = strips.after(step);
      block.phase([&](int number) {
        const int thread = forgotten(number);
        // In this order the numbers under way are in registers during the product only.
        if (strips.is_first(step)) strips.begin(sums[thread], thread, here, step);
        if (next.row < here.rows) strips.load(carry[thread], thread, here, next);
        // Columns of the sum come in pairs: the last one may be a filler.
        if (step.row + Tile::row(thread, 0) < here.rows && here.column + Tile::col(thread, 0) < strips.cols)
          Tile::multiply(sums[thread], thread, staged, Tile::x_stride, staged + x_numbers, Tile::w_stride,
                         (strips.columns(step) + 1) & ~1);
        if (next.row < here.rows) store(carry[thread], thread, following);
        if (strips.is_last(step)) strips.finish(sums[thread], thread, here, step);
      });
      T* const free = staged;
      staged = following;
      following = free;
    }
  }
};

template <class T, class Tile>
void launch(const LinearTask& task, ProductMode mode) {
  using Body = LinearOnBlocks<T, Tile>;
  static_assert(Body::shared_bytes <= 48 * 1024);
  const Body body{LinearStrips<T, Tile>(task, mode)};
  for_each_block<Tile::threads>(body.strips.n_blocks(task), Body::shared_bytes, body);
}

/// Tiles of 128 rows, as wide as the result; the wider, the fewer loads from shared memory for a multiply-add.
void multiply(const LinearTask& task, float) {
  const std::int64_t cols = task.y.cols;
  const ProductMode mode = product_mode();
  if constexpr (has_tensor_cores)
    if (mode != ProductMode::exact) return linear_on_tensor_cores(task, mode);
  if (cols <= 8) launch<float, Tile<float, 2, 4, 4, 1>>(task, mode);
  else if (cols <= 16) launch<float, Tile<float, 4, 4, 4, 1>>(task, mode);
  else if (cols <= 32) launch<float, Tile<float, 8, 4, 4, 1>>(task, mode);
  else if (cols <= 64) launch<float, Tile<float, 8, 8, 8, 1>>(task, mode);
  else launch<float, Tile<float, 8, 8, 4, 2>>(task, mode);
}
void multiply(const LinearTask& task, double) {
  const std::int64_t cols = task.y.cols;
  if (cols <= 8) launch<double, Tile<double, 2, 4, 4, 1>>(task, ProductMode::exact);
  else if (cols <= 16) launch<double, Tile<double, 4, 4, 4, 1>>(task, ProductMode::exact);
  else if (cols <= 32) launch<double, Tile<double, 8, 4, 4, 1>>(task, ProductMode::exact);
  else launch<double, Tile<double, 8, 4, 4, 2>>(task, ProductMode::exact);
}

void linear(const LinearTask& task) {
  if (task.y.rows == 0 || task.y.cols == 0) return;
  switch_type(task.y.type, [&](auto t) { multiply(task, t); });
}

}  // namespace

void register_linear(Table& table) { table.linear = linear; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
