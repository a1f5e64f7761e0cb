// SPDX-License-Identifier: BSD-3-Clause
// Dense products for tall, thin matrices. A block of threads works on a strip of rows, tile by tile, and walks the columns
// of x in steps of 64 bytes a row. What a step needs is loaded to registers while the threads multiply what the
// step before left in shared memory; this goes on across tiles, so that the memory is never idle between them. Every element
// of y is one chain of fused multiply-adds as on the host, whatever tile it falls into.
#include <kernels/device/activate.hpp>
#include <kernels/device/this_device.hpp>
#include <kernels/device/tile_product.hpp>
#include <kernels/launch/launch.hpp>
#include <kernels/register.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {
namespace {

/// A view as a kernel wants it.
template <class T>
struct Quads {
  const T* data = nullptr;
  std::int64_t stride = 0;
  bool aligned = false;
  Quads() = default;
  explicit Quads(const In& view) : data(static_cast<const T*>(view.data)), stride(view.stride), aligned(rows_aligned(view)) {}
  HALOGRAPH_FN Pack<T, 4> load(std::int64_t row, std::int64_t column, std::int64_t count) const {
    return load_quad(data + row * stride + column, count, aligned, T(0));
  }
};

template <class T, class Tile>
struct LinearOnBlocks {
  struct Input {
    Quads<T> x;
    int cols = 0, first = 0;  ///< first: its columns in the weights
  };
  Input input[LinearTask::max_inputs];
  int n_inputs = 0;  ///< those that have columns
  Quads<T> weight, bias, target, source, ghost;
  const std::int32_t* target_row;
  const std::int32_t* source_row;
  std::int64_t source_rows, rows;
  int cols;
  bool transposed;
  Unary activation;
  T* y;
  std::int64_t y_stride;
  bool y_aligned;
  const std::int32_t* blocks;
  int strip, across;  ///< rows of a strip, tiles side by side

  using Sums = typename Tile::Sums;
  static constexpr int depth = tile_depth<T>;
  static constexpr int x_numbers = depth * Tile::x_stride, w_numbers = depth * Tile::w_stride;
  static constexpr int buffer_bytes = (x_numbers + w_numbers) * int(sizeof(T));
  static constexpr int shared_bytes = 2 * buffer_bytes;

  struct Carry {
    Carried<T, Tile::rows, Tile::threads> x;
    Carried<T, Tile::cols, Tile::threads> w;
  };
  /// As many threads as have registers for what they hold: 512 with 128 each, or more with fewer. (For hipcc the number
  /// means something else.)
  static constexpr int held = int(sizeof(Sums) + sizeof(Carry));
  static constexpr int threads_beside = held > 336 ? 384 : held > 224 ? 512 : held > 160 ? 640 : 768;
  static constexpr int blocks_beside = this_device() == Device::hip() ? 1 : threads_beside / Tile::threads;

  /// Columns [k, k + depth) of an input, for the rows of a tile from `row` on.
  struct Step {
    int row, k, input;
  };
  /// The part of y that a block makes.
  struct Area {
    std::int64_t first_row;
    int rows, column;
  };

  HALOGRAPH_FN bool is_first(const Step& step) const { return step.input == 0 && step.k == 0; }
  HALOGRAPH_FN bool ends_input(const Step& step) const { return n_inputs == 0 || step.k + depth >= input[step.input].cols; }
  HALOGRAPH_FN bool is_last(const Step& step) const { return step.input + 1 >= n_inputs && ends_input(step); }
  HALOGRAPH_FN int columns(const Step& step) const {
    if (n_inputs == 0) return 0;
    const int left = input[step.input].cols - step.k;
    return left < depth ? left : depth;
  }
  HALOGRAPH_FN Step after(const Step& step) const {
    if (is_last(step)) return {step.row + Tile::rows, 0, 0};
    if (ends_input(step)) return {step.row, 0, step.input + 1};
    return {step.row, step.k + depth, step.input};
  }

  HALOGRAPH_FN Area area(std::int64_t index) const {
    const std::int64_t down = index / across;
    const std::int64_t first = blocks ? blocks[2 * down] : down * strip;
    const std::int64_t wanted = blocks ? blocks[2 * down + 1] : first + strip, end = wanted < rows ? wanted : rows;
    return {first, int(end - first), int(index - down * across) * Tile::cols};
  }

  HALOGRAPH_FN void load(Carry& carry, int thread, const Area& area, const Step& step) const {
    const int count = columns(step);
    if (count == 0) return;
    const Input& in = input[step.input];
    const int column = in.first + step.k, lines = cols - area.column;
    carry.x.load_rows(thread, in.x.data + (area.first_row + step.row) * in.x.stride + step.k, in.x.stride,
                      area.rows - step.row, count, in.x.aligned, T(0));
    if (transposed)
      carry.w.load_columns(thread, weight.data + column * weight.stride + area.column, weight.stride, lines, count,
                           weight.aligned, -T(0));
    else
      carry.w.load_rows(thread, weight.data + area.column * weight.stride + column, weight.stride, lines, count,
                        weight.aligned && in.first % 4 == 0, -T(0));
  }
  HALOGRAPH_FN void store(const Carry& carry, int thread, T* buffer) const {
    carry.x.store_rows(thread, buffer, Tile::x_stride);
    if (transposed) carry.w.store_columns(thread, buffer + x_numbers, Tile::w_stride);
    else carry.w.store_rows(thread, buffer + x_numbers, Tile::w_stride);
  }

  /// What the chains of a row start at, four columns of it.
  HALOGRAPH_FN Pack<T, 4> start(std::int64_t row, int column) const {
    const int count = cols - column;
    if (target_row) {
      const std::int64_t from = source_row[row];
      const Pack<T, 4> s = from < source_rows ? source.load(from, column, count) : ghost.load(from - source_rows, column, count);
      return target.load(target_row[row], column, count) + s;
    }
    return bias.data ? bias.load(0, column, count) : Pack<T, 4>(T(0));
  }
  HALOGRAPH_FN void begin(Sums& sums, int thread, const Area& area, const Step& step) const {
    HALOGRAPH_UNROLL
    for (int r = 0; r < Tile::R; ++r) {
      const int row = step.row + Tile::row(thread, r);
      HALOGRAPH_UNROLL
      for (int c = 0; c < Tile::C; c += 4)
        if (row < area.rows)
          unpack(sums.at[r] + c, start(area.first_row + row, area.column + Tile::col(thread, c)));
    }
  }

  HALOGRAPH_FN void put(const T* values, int row, int thread, const Area& area) const {
    if (row >= area.rows) return;
    T* to = y + (area.first_row + row) * y_stride;
    HALOGRAPH_UNROLL
    for (int c = 0; c < Tile::C; c += 4) {
      const int column = area.column + Tile::col(thread, c);
      store_quad(to + column, pack_up<4>(values + c), cols - column, y_aligned);
    }
  }
  HALOGRAPH_FN void finish(Sums& sums, int thread, const Area& area, const Step& step) const {
    if (activation == Unary::identity || activation == Unary::relu) {
      HALOGRAPH_UNROLL
      for (int r = 0; r < Tile::R; ++r) {
        if (activation == Unary::relu) evaluate_each<Unary::relu, Tile::C>(sums.at[r]);
        put(sums.at[r], step.row + Tile::row(thread, r), thread, area);
      }
      return;
    }
    // Long functions are in the program once: the rows of the thread move up to the first one by one.
    HALOGRAPH_KEEP_LOOP
    for (int r = 0; r < Tile::R; ++r) {
      activate_by_value<Tile::C>(activation, sums.at[0]);
      put(sums.at[0], step.row + Tile::row(thread, r), thread, area);
      HALOGRAPH_UNROLL
      for (int next = 1; next < Tile::R; ++next) {
        HALOGRAPH_UNROLL
        for (int c = 0; c < Tile::C; ++c) sums.at[next - 1][c] = sums.at[next][c];
      }
    }
  }

  template <class Block>
  HALOGRAPH_FN void operator()(Block& block) const {
    PerThread<Sums, Block> sums;
    PerThread<Carry, Block> carry;
    const Area here = area(block.index());
    if (here.rows <= 0) return;
    Step next{0, 0, 0};
    block.phase([&](int thread) {
      load(carry[thread], thread, here, next);
      store(carry[thread], thread, block.template shared<T>(0));
    });
    for (int buffer = 0; next.row < here.rows; buffer ^= 1) {
      const Step step = next;
      next = after(step);
      const T* staged = block.template shared<T>(buffer * buffer_bytes);
      T* following = block.template shared<T>((buffer ^ 1) * buffer_bytes);
      block.phase([&](int number) {
        const int thread = forgotten(number);
        // In this order the numbers under way are in registers during the product only.
        if (is_first(step)) begin(sums[thread], thread, here, step);
        if (next.row < here.rows) load(carry[thread], thread, here, next);
        // Columns of the sum come in pairs: the last one may be a filler.
        if (step.row + Tile::row(thread, 0) < here.rows && here.column + Tile::col(thread, 0) < cols)
          Tile::multiply(sums[thread], thread, staged, Tile::x_stride, staged + x_numbers, Tile::w_stride,
                         (columns(step) + 1) & ~1);
        if (next.row < here.rows) store(carry[thread], thread, following);
        if (is_last(step)) finish(sums[thread], thread, here, step);
      });
    }
  }
};

template <class T, class Tile>
void launch(const LinearTask& task) {
  using Body = LinearOnBlocks<T, Tile>;
  static_assert(Body::shared_bytes <= 48 * 1024);
  Body body{};
  std::int64_t first = 0;
  for (int i = 0; i < task.n_inputs; first += task.input[i++].cols)
    if (task.input[i].cols > 0) body.input[body.n_inputs++] = {Quads<T>(task.input[i]), int(task.input[i].cols), int(first)};
  body.weight = Quads<T>(task.weight);
  body.bias = Quads<T>(task.bias);
  body.target = Quads<T>(task.start.target);
  body.source = Quads<T>(task.start.source);
  body.ghost = Quads<T>(task.start.ghost);
  body.target_row = task.start.target_row;
  body.source_row = task.start.source_row;
  body.source_rows = task.start.source.rows;
  body.rows = task.y.rows;
  body.cols = int(task.y.cols);
  body.transposed = task.transposed;
  body.activation = task.activation;
  body.y = static_cast<T*>(task.y.data);
  body.y_stride = task.y.stride;
  body.y_aligned = rows_aligned(task.y);
  body.blocks = task.blocks;
  body.across = (body.cols + Tile::cols - 1) / Tile::cols;
  // Long strips save a start-up per tile, many strips keep all of a GPU busy to the end.
  constexpr std::int64_t many_strips = 8192, longest = 16;
  const std::int64_t tiles = (body.rows + Tile::rows - 1) / Tile::rows, long_strip = tiles * body.across / many_strips;
  body.strip = Tile::rows * int(long_strip < 1 ? 1 : long_strip < longest ? long_strip : longest);
  const std::int64_t strips = task.blocks ? task.n_blocks : (body.rows + body.strip - 1) / body.strip;
  for_each_block<Tile::threads>(strips * body.across, Body::shared_bytes, body);
}

/// Tiles of 128 rows, as wide as the result; the wider, the fewer loads from shared memory for a multiply-add.
void multiply(const LinearTask& task, float) {
  const std::int64_t cols = task.y.cols;
  if (cols <= 8) launch<float, Tile<float, 2, 4, 4, 1>>(task);
  else if (cols <= 16) launch<float, Tile<float, 4, 4, 4, 1>>(task);
  else if (cols <= 32) launch<float, Tile<float, 8, 4, 4, 1>>(task);
  else if (cols <= 64) launch<float, Tile<float, 8, 8, 8, 1>>(task);
  else launch<float, Tile<float, 8, 8, 4, 2>>(task);
}
void multiply(const LinearTask& task, double) {
  const std::int64_t cols = task.y.cols;
  if (cols <= 8) launch<double, Tile<double, 2, 4, 4, 1>>(task);
  else if (cols <= 16) launch<double, Tile<double, 4, 4, 4, 1>>(task);
  else if (cols <= 32) launch<double, Tile<double, 8, 4, 4, 1>>(task);
  else launch<double, Tile<double, 8, 4, 4, 2>>(task);
}

void linear(const LinearTask& task) {
  if (task.y.rows == 0 || task.y.cols == 0) return;
  switch_type(task.y.type, [&](auto t) { multiply(task, t); });
}

}  // namespace

void register_linear(Table& table) { table.linear = linear; }

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
