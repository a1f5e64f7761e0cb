// SPDX-License-Identifier: BSD-3-Clause
// A dense product laid out on blocks of threads, whatever multiplies the tiles. A block has a strip of rows and the
// columns of a tile, and goes through its tiles in steps: a step is tile_depth columns of one input. Here is what a
// step loads and stages, what the sums of a tile start at and how they end up in y.
#pragma once

#include <halograph/core/precision.hpp>
#include <kernels/device/activate.hpp>
#include <kernels/device/tile_product.hpp>
#include <kernels/launch/launch.hpp>

namespace halograph::kernels::HALOGRAPH_BACKEND {

/// Whether all quads of a matrix, from columns that are multiples of four, start at multiples of 16 bytes.
template <class T>
HALOGRAPH_FN bool has_round_quads(const T* data, std::int64_t stride) {
  return ((reinterpret_cast<std::uintptr_t>(data) | std::uintptr_t(stride * std::int64_t(sizeof(T)))) & 15) == 0;
}

/// A view as a kernel wants it.
template <class T>
struct Quads {
  const T* data = nullptr;
  std::int64_t stride = 0;
  Quads() = default;
  explicit Quads(const In& view) : data(static_cast<const T*>(view.data)), stride(view.rows > 1 ? view.stride : 0) {}
  HALOGRAPH_FN bool aligned() const { return has_round_quads(data, stride); }
  HALOGRAPH_FN Pack<T, 4> load(std::int64_t row, int column, int count) const {
    return load_quad(data + row * stride + column, count, aligned(), T(0));
  }
};

template <class T, class Tile>
struct LinearStrips {
  struct Input {
    Quads<T> x;
    int cols = 0, first = 0;  ///< first: its columns in the weights
  };
  Input input[LinearTask::max_inputs];
  int n_inputs = 0;  ///< those that have columns
  int cols;
  Quads<T> weight, bias, target, source, ghost;
  const std::int32_t* target_row;
  const std::int32_t* source_row;
  std::int64_t source_rows, rows;
  bool transposed;
  Unary activation;
  ProductMode mode;
  T* y;
  std::int64_t y_stride;
  const std::int32_t* blocks;
  int strip, across;  ///< rows of a strip, tiles side by side

  LinearStrips(const LinearTask& task, ProductMode product_mode)
      : cols(int(task.y.cols)),
        weight(task.weight),
        bias(task.bias),
        target(task.start.target),
        source(task.start.source),
        ghost(task.start.ghost),
        target_row(task.start.target_row),
        source_row(task.start.source_row),
        source_rows(task.start.source.rows),
        rows(task.y.rows),
        transposed(task.transposed),
        activation(task.activation),
        mode(product_mode),
        y(static_cast<T*>(task.y.data)),
        y_stride(task.y.rows > 1 ? task.y.stride : 0),
        blocks(task.blocks),
        across((cols + Tile::cols - 1) / Tile::cols) {
    int first = 0;
    for (int i = 0; i < task.n_inputs; first += int(task.input[i++].cols))
      if (task.input[i].cols > 0) input[n_inputs++] = {Quads<T>(task.input[i]), int(task.input[i].cols), first};
    // Long strips save a start-up per tile, many strips keep all of a GPU busy to the end.
    constexpr std::int64_t many_strips = 8192, longest = 16;
    const std::int64_t tiles = (rows + Tile::rows - 1) / Tile::rows * across / many_strips;
    strip = Tile::rows * int(tiles < 1 ? 1 : tiles < longest ? tiles : longest);
  }
  /// Blocks of threads.
  std::int64_t n_blocks(const LinearTask& task) const {
    return (blocks ? task.n_blocks : (rows + strip - 1) / strip) * across;
  }

  using Sums = typename Tile::Sums;
  static constexpr int depth = tile_depth<T>;

  struct Carry {
    Carried<T, Tile::rows, Tile::threads> x;
    Carried<T, Tile::cols, Tile::threads> w;
  };
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
  HALOGRAPH_FN bool ends_input(const Step& step) const {
    return n_inputs == 0 || step.k + depth >= input[step.input].cols;
  }
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
                      area.rows - step.row, count, in.x.aligned(), T(0));
    if (transposed)
      carry.w.load_columns(thread, weight.data + column * weight.stride + area.column, weight.stride, lines, count,
                           weight.aligned(), -T(0));
    else
      carry.w.load_rows(thread, weight.data + area.column * weight.stride + column, weight.stride, lines, count,
                        weight.aligned() && in.first % 4 == 0, -T(0));
  }
  /// round(number) is what becomes of a factor on its way.
  template <class S, class Round>
  HALOGRAPH_FN void store(const Carry& carry, int thread, S* x, int x_stride, S* w, int w_stride,
                          const Round& round) const {
    carry.x.store_rows(thread, x, x_stride, round);
    if (transposed) carry.w.store_columns(thread, w, w_stride, round);
    else carry.w.store_rows(thread, w, w_stride, round);
  }

  /// What the chains of a row start at, four columns of it.
  HALOGRAPH_FN Pack<T, 4> start(std::int64_t row, int column) const {
    const int count = cols - column;
    if (target_row) {
      const std::int64_t from = source_row[row];
      const Pack<T, 4> at_target = target.load(target_row[row], column, count);
      return at_target +
             (from < source_rows ? source.load(from, column, count) : ghost.load(from - source_rows, column, count));
    }
    return bias.data ? bias.load(0, column, count) : Pack<T, 4>(T(0));
  }
  HALOGRAPH_FN void begin(Sums& sums, int thread, const Area& area, const Step& step) const {
    HALOGRAPH_UNROLL
    for (int r = 0; r < Tile::R; ++r) {
      const int row = step.row + Tile::row(thread, r);
      HALOGRAPH_UNROLL
      for (int c = 0; c < Tile::C; c += 4)
        if (row < area.rows) unpack(sums.at[r] + c, start(area.first_row + row, area.column + Tile::col(thread, c)));
    }
  }

  HALOGRAPH_FN void put(const T* values, int row, int thread, const Area& area) const {
    if (row >= area.rows) return;
    T* to = y + (area.first_row + row) * y_stride;
    HALOGRAPH_UNROLL
    for (int c = 0; c < Tile::C; c += 4) {
      const int column = area.column + Tile::col(thread, c);
      store_quad(to + column, pack_up<4>(values + c), cols - column, has_round_quads(y, y_stride));
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
};

}  // namespace halograph::kernels::HALOGRAPH_BACKEND
